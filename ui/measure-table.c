/* The table of measures of one frame. */
#include "measure-table.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "stage-grid.h"
#include "wording.h"

typedef enum {
  MEASURE_DICE,
  MEASURE_MAD,
  MEASURE_HD,
  MEASURE_CONVEXITY,
  MEASURE_SIMPLICITY,
  MEASURES
} Measure;

enum {
  COLUMN_CORRECTED = RUNET_STAGE_GRID_CORRECTED,
  COLUMN_EXPERT = RUNET_STAGE_GRID_EXPERT,
  COLUMNS = RUNET_STAGE_GRID_COLUMNS
};

static const char *const measure_names[MEASURES] = {
    N_ ("Dice"), N_ ("MAD, mm"), N_ ("HD, mm"), N_ ("Convexity"), N_ ("Simplicity"),
};

static const char *const measure_tooltips[MEASURES] = {
    N_ ("Overlap with the expert’s structure, 1 is perfect"),
    N_ ("Mean distance to the expert’s contour"),
    N_ ("Largest distance to the expert’s contour (Hausdorff)"),
    N_ ("Area divided by the area of the convex hull, 1 has no dents"),
    N_ ("How round and smooth the outline is, 1 is a disc"),
};

struct _RunetMeasureTable {
  GtkWidget parent;

  GtkWidget *grid;
  RunetStageHead head[COLUMNS];
  GtkWidget *cell[RUNET_STRUCTURES][MEASURES][COLUMNS];
};

G_DEFINE_FINAL_TYPE (RunetMeasureTable, runet_measure_table, GTK_TYPE_WIDGET)

typedef struct {
  double value; /* NaN: not there */
  double limit; /* NaN: none */
  gboolean crossed;
} Figure;

static void
show_figure (GtkWidget *label, Measure measure, const Figure *figure) {
  g_autofree char *text = NULL;
  g_autofree char *tooltip = NULL;
  if (isnan (figure->value))
    text = g_strdup ("–");
  else if (measure == MEASURE_MAD || measure == MEASURE_HD)
    text = g_strdup_printf ("%.1f", figure->value);
  else
    text = g_strdup_printf ("%.3f", figure->value);
  if (figure->crossed) {
    gboolean at_most = measure == MEASURE_MAD || measure == MEASURE_HD;
    tooltip = g_strdup_printf (at_most ? _ ("Beyond the limit: at most %g expected")
                                       : _ ("Beyond the limit: at least %g expected"),
                               figure->limit);
    g_autofree char *marked = g_strconcat ("! ", text, NULL);
    gtk_label_set_label (GTK_LABEL (label), marked);
    gtk_widget_add_css_class (label, "crossed");
  } else {
    gtk_label_set_label (GTK_LABEL (label), text);
    gtk_widget_remove_css_class (label, "crossed");
  }
  gtk_widget_set_tooltip_text (label, tooltip);
}

static const RunetRegularity *
limits_of (RunetStructure structure) {
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return &runet_outlier_limits.endo;
  case RUNET_STRUCTURE_EPI:
    return &runet_outlier_limits.epi;
  default:
    return NULL;
  }
}

static void
fill_regularity (Figure figures[MEASURES],
                 RunetStructure structure,
                 const RunetAnatomy *anatomy) {
  const RunetRegularity *found = &anatomy->regularity[structure];
  const RunetRegularity *limit = limits_of (structure);
  figures[MEASURE_CONVEXITY].value = found->convexity;
  figures[MEASURE_SIMPLICITY].value = found->simplicity;
  if (!limit)
    return;
  figures[MEASURE_CONVEXITY].limit = limit->convexity;
  figures[MEASURE_CONVEXITY].crossed = found->convexity < limit->convexity;
  figures[MEASURE_SIMPLICITY].limit = limit->simplicity;
  figures[MEASURE_SIMPLICITY].crossed = found->simplicity < limit->simplicity;
}

static void
fill_agreement (Figure figures[MEASURES],
                RunetStructure structure,
                const RunetComparison *comparison,
                RunetInstant instant) {
  const RunetAgreement *found = &comparison->agreement[structure];
  figures[MEASURE_DICE].value = found->dice;
  figures[MEASURE_MAD].value = found->mad_mm;
  figures[MEASURE_HD].value = found->hd_mm;
  /* Table I has no limits for the atrium. */
  if (structure == RUNET_STRUCTURE_LA)
    return;
  figures[MEASURE_MAD].limit = runet_outlier_limits.mad_mm[instant];
  figures[MEASURE_MAD].crossed = found->mad_mm > runet_outlier_limits.mad_mm[instant];
  figures[MEASURE_HD].limit = runet_outlier_limits.hd_mm[instant];
  figures[MEASURE_HD].crossed = found->hd_mm > runet_outlier_limits.hd_mm[instant];
}

static void
show_column (RunetMeasureTable *self,
             int column,
             const RunetAnatomy *anatomy,
             const RunetComparison *comparison,
             RunetInstant instant) {
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    Figure figures[MEASURES];
    for (int m = 0; m < MEASURES; m++)
      figures[m] = (Figure){NAN, NAN, FALSE};
    if (anatomy)
      fill_regularity (figures, s, anatomy);
    if (comparison)
      fill_agreement (figures, s, comparison, instant);
    for (int m = 0; m < MEASURES; m++)
      if (self->cell[s][m][column])
        show_figure (self->cell[s][m][column], m, &figures[m]);
  }
}

static void
set_column_visible (RunetMeasureTable *self, int column, gboolean visible) {
  runet_stage_head_set_visible (&self->head[column], visible);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (int m = 0; m < MEASURES; m++)
      if (self->cell[s][m][column])
        gtk_widget_set_visible (self->cell[s][m][column], visible);
}

void
runet_measure_table_set_frame (RunetMeasureTable *self,
                               const RunetFrameResult *result,
                               const RunetFrameResult *corrected,
                               const RunetAnatomy *expert,
                               RunetInstant instant) {
  g_return_if_fail (RUNET_IS_MEASURE_TABLE (self));

  for (int i = 0; i < RUNET_SHOWN_STAGES; i++) {
    const RunetStageResult *stage = result ? &result->stage[i] : NULL;
    show_column (self, i, stage ? stage->anatomy : NULL,
                 stage ? stage->comparison : NULL, instant);
  }
  const RunetStageResult *drawn =
      corrected ? &corrected->stage[RUNET_SHOWN_LAST] : NULL;
  show_column (self, COLUMN_CORRECTED, drawn ? drawn->anatomy : NULL,
               drawn ? drawn->comparison : NULL, instant);
  set_column_visible (self, COLUMN_CORRECTED, drawn != NULL);
  show_column (self, COLUMN_EXPERT, expert, NULL, instant);
  /* Between two results nothing jumps: the columns stay as the last one had them. */
  if (!result)
    return;
  guint last = result->stages;
  /* There is no room for all. */
  set_column_visible (self, RUNET_SHOWN_FIRST, last > 1 && !drawn);
  g_autofree char *title = g_strdup_printf (_ ("Stage %u"), last);
  gtk_label_set_label (GTK_LABEL (self->head[RUNET_SHOWN_LAST].title), title);
}

/* The expert is not compared with themselves: those cells do not exist. */
static void
add_structure (RunetMeasureTable *self, RunetStructure structure, int row) {
  GtkGrid *grid = GTK_GRID (self->grid);
  runet_stage_grid_add_title (grid, runet_structure_name (structure), row, COLUMNS);
  for (int m = 0; m < MEASURES; m++)
    runet_stage_grid_add_row (
        grid, _ (measure_names[m]), _ (measure_tooltips[m]), row + 1 + m,
        m < MEASURE_CONVEXITY ? COLUMN_EXPERT : COLUMNS, self->cell[structure][m]);
}

static void
runet_measure_table_dispose (GObject *object) {
  RunetMeasureTable *self = RUNET_MEASURE_TABLE (object);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_measure_table_parent_class)->dispose (object);
}

static void
runet_measure_table_class_init (RunetMeasureTableClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_measure_table_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "measuretable");
}

static void
runet_measure_table_init (RunetMeasureTable *self) {
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), RUNET_STAGE_GRID_SPACING);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  runet_stage_grid_add_heads (GTK_GRID (self->grid), self->head);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    add_structure (self, s, RUNET_STAGE_GRID_BODY + s * (MEASURES + 1));
  set_column_visible (self, COLUMN_CORRECTED, FALSE);
}

GtkWidget *
runet_measure_table_new (void) {
  return g_object_new (RUNET_TYPE_MEASURE_TABLE, NULL);
}
