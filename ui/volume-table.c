/* The table of a patient's volumes. */
#include "volume-table.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "case-measures.h"
#include "chart-scale.h"
#include "core/shape/reference-range.h"
#include "stage-grid.h"
#include "volume-notes.h"
#include "wording.h"

#define MM2_PER_CM2 100.0
/* Half of the last digit that is shown. */
#define LEAST_CHANGE 0.05

/* Columns: the shown stages, what was corrected, the expert, what the data set says. */
enum {
  COLUMN_CORRECTED = RUNET_STAGE_GRID_CORRECTED,
  COLUMN_EXPERT = RUNET_STAGE_GRID_EXPERT,
  COLUMN_GIVEN = RUNET_STAGE_GRID_COLUMNS,
  COLUMNS
};
#define MEASURED COLUMN_GIVEN

typedef enum {
  ROW_EDV,
  ROW_ESV,
  ROW_EF,
  ROW_PLANES,
  VOLUME_ROWS,
} VolumeRow;

/* Of each view. */
typedef enum {
  ROW_LENGTH_ED,
  ROW_LENGTH_ES,
  ROW_AREA_ED,
  ROW_AREA_ES,
  VIEW_ROWS,
} ViewRow;

struct _RunetVolumeTable {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *mode;
  GtkWidget *grid;
  RunetStageHead head[COLUMNS];
  GtkWidget *volume[VOLUME_ROWS][COLUMNS];
  GtkWidget *length[RUNET_VIEWS][VIEW_ROWS][COLUMNS];
  GtkWidget *view_title[RUNET_VIEWS];
  GtkWidget *view_name[RUNET_VIEWS][VIEW_ROWS];
  GtkWidget *change;
  GtkWidget *reference;
  GtkWidget *notes;

  RunetCase *views[RUNET_VIEWS]; /* (nullable) */
  gulong changed_id[RUNET_VIEWS];
  RunetPatientMeasures experts;
  GCancellable *reading;
  int graded; /* the column that is compared with what is normal */
};

G_DEFINE_FINAL_TYPE (RunetVolumeTable, runet_volume_table, GTK_TYPE_WIDGET)

enum { PROP_MODE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static RunetSimpsonMode
get_mode (RunetVolumeTable *self) {
  return gtk_drop_down_get_selected (GTK_DROP_DOWN (self->mode)) == RUNET_SIMPSON_CAMUS
             ? RUNET_SIMPSON_CAMUS
             : RUNET_SIMPSON_ASE;
}

/* ---- What is shown ---- */

/* An arrow as well as a colour says on which side of normal a value lies. */
static void
show_value (GtkWidget *cell, double value, RunetGrade grade) {
  g_autofree char *text = runet_scale_format (value, 1);
  gboolean normal = grade == RUNET_GRADE_UNKNOWN || grade == RUNET_GRADE_NORMAL;
  const char *arrow = normal ? "" : grade == RUNET_GRADE_ABOVE ? "↑ " : "↓ ";
  g_autofree char *marked = g_strconcat (arrow, text, NULL);
  gtk_label_set_label (GTK_LABEL (cell), marked);
  gtk_widget_set_tooltip_text (
      cell, *runet_grade_name (grade) ? runet_grade_name (grade) : NULL);
  if (normal)
    gtk_widget_remove_css_class (cell, "crossed");
  else
    gtk_widget_add_css_class (cell, "crossed");
}

static char
get_sex (RunetVolumeTable *self) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    if (self->views[v] && runet_case_get_files (self->views[v])->sex)
      return runet_case_get_files (self->views[v])->sex;
  return 0;
}

static void
show_volumes (RunetVolumeTable *self,
              int column,
              double edv_ml,
              double esv_ml,
              double ef_percent) {
  const char sex = get_sex (self);
  show_value (self->volume[ROW_EDV][column], edv_ml,
              runet_grade_volume (sex, RUNET_INSTANT_ED, edv_ml));
  show_value (self->volume[ROW_ESV][column], esv_ml,
              runet_grade_volume (sex, RUNET_INSTANT_ES, esv_ml));
  show_value (self->volume[ROW_EF][column], ef_percent,
              runet_grade_ef (sex, ef_percent));
}

static void
show_views (RunetVolumeTable *self, int column, const RunetPatientMeasures *measures) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; i < RUNET_INSTANTS; i++) {
      const RunetDiscs *discs = measures->known[v][i] ? &measures->discs[v][i] : NULL;
      gboolean found = discs && discs->state == RUNET_DISCS_FOUND;
      show_value (self->length[v][ROW_LENGTH_ED + i][column],
                  found ? discs->length_mm : NAN, RUNET_GRADE_UNKNOWN);
      show_value (self->length[v][ROW_AREA_ED + i][column],
                  discs && discs->area_mm2 > 0 ? discs->area_mm2 / MM2_PER_CM2 : NAN,
                  RUNET_GRADE_UNKNOWN);
    }
}

static void
set_column_visible (RunetVolumeTable *self, int column, gboolean visible) {
  runet_stage_head_set_visible (&self->head[column], visible);
  for (int row = 0; row < VOLUME_ROWS; row++)
    if (self->volume[row][column])
      gtk_widget_set_visible (self->volume[row][column], visible);
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int row = 0; row < VIEW_ROWS; row++)
      if (self->length[v][row][column])
        gtk_widget_set_visible (self->length[v][row][column],
                                visible && self->views[v] != NULL);
}

static void
set_view_visible (RunetVolumeTable *self, RunetView view, gboolean visible) {
  gtk_widget_set_visible (self->view_title[view], visible);
  for (int row = 0; row < VIEW_ROWS; row++)
    gtk_widget_set_visible (self->view_name[view][row], visible);
}

static void
show_given (RunetVolumeTable *self) {
  RunetCase *item = self->views[RUNET_VIEW_A4C] ? self->views[RUNET_VIEW_A4C]
                                                : self->views[RUNET_VIEW_A2C];
  if (!item)
    return;
  const RunetGivenVolumes given =
      runet_patient_get_given_volumes (runet_case_get_patient (item));
  show_volumes (self, COLUMN_GIVEN, given.edv_ml, given.esv_ml,
                given.ejection_fraction_percent);
  set_column_visible (self, COLUMN_GIVEN,
                      isfinite (given.edv_ml) || isfinite (given.esv_ml) ||
                          isfinite (given.ejection_fraction_percent));
}

/* Lines of text, hidden when there are none. */
static void
show_lines (GtkWidget *label, const GPtrArray *lines) {
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s%s%s", i > 0 ? "\n" : "",
                            lines->len > 1 ? "• " : "", (const char *)lines->pdata[i]);
  gtk_label_set_label (GTK_LABEL (label), text->str);
  gtk_widget_set_visible (label, lines->len > 0);
}

static guint
count_stages (RunetVolumeTable *self) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; self->views[v] && i < RUNET_INSTANTS; i++) {
      const RunetFrameResult *result =
          runet_case_get_instant_result (self->views[v], i);
      if (result)
        return result->stages;
    }
  return 0;
}

static void
note_views (RunetVolumeTable *self, GPtrArray *notes) {
  if (!self->views[RUNET_VIEW_A4C] && !self->views[RUNET_VIEW_A2C])
    return;
  if (!self->views[RUNET_VIEW_A4C])
    g_ptr_array_add (notes, g_strdup (_ ("There is no four-chamber view of this "
                                         "patient: volumes are single-plane")));
  if (!self->views[RUNET_VIEW_A2C])
    g_ptr_array_add (notes, g_strdup (_ ("There is no two-chamber view of this "
                                         "patient: volumes are single-plane")));
}

/* Appends "EDV +3.1 ml" where both are known. */
static void
append_change (GString *text,
               const char *name,
               const char *unit,
               double now,
               double before) {
  if (!isfinite (now) || !isfinite (before) || fabs (now - before) < LEAST_CHANGE)
    return;
  g_string_append_printf (text, "%s%s %s%.1f %s", text->len > 0 ? ", " : "", name,
                          now >= before ? "+" : "−", fabs (now - before), unit);
}

/* What correcting did to the volumes of the last stage. */
static void
show_change (RunetVolumeTable *self,
             const RunetPatientMeasures *corrected,
             const RunetPatientMeasures *model) {
  const RunetVolumes now = runet_patient_measures_compute (corrected, get_mode (self));
  const RunetVolumes before = runet_patient_measures_compute (model, get_mode (self));
  g_autoptr (GString) changes = g_string_new (NULL);
  append_change (changes, _ ("EDV"), _ ("ml"), now.volume_ml[RUNET_INSTANT_ED],
                 before.volume_ml[RUNET_INSTANT_ED]);
  append_change (changes, _ ("ESV"), _ ("ml"), now.volume_ml[RUNET_INSTANT_ES],
                 before.volume_ml[RUNET_INSTANT_ES]);
  append_change (changes, _ ("EF"), _ ("points"), now.ef_percent, before.ef_percent);
  g_autofree char *text =
      g_strdup_printf (_ ("Corrected against the model: %s"), changes->str);
  gtk_label_set_label (GTK_LABEL (self->change), text);
  gtk_widget_set_visible (self->change, changes->len > 0);
}

static void
show_column (RunetVolumeTable *self,
             int column,
             const RunetPatientMeasures *measures,
             const char *who,
             GPtrArray *notes) {
  const RunetVolumes volumes =
      runet_patient_measures_compute (measures, get_mode (self));
  show_volumes (self, column, volumes.volume_ml[RUNET_INSTANT_ED],
                volumes.volume_ml[RUNET_INSTANT_ES], volumes.ef_percent);
  gtk_label_set_label (GTK_LABEL (self->volume[ROW_PLANES][column]),
                       runet_volumes_planes (&volumes));
  show_views (self, column, measures);
  if (notes)
    runet_patient_measures_list_notes (measures, self->views, column == COLUMN_EXPERT,
                                       who, notes);
  if (column != self->graded)
    return;
  g_autofree char *text = runet_volumes_describe_grades (&volumes, who, get_sex (self));
  gtk_label_set_label (GTK_LABEL (self->reference), text);
}

static void
update (RunetVolumeTable *self) {
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  const guint stages = count_stages (self);
  g_autofree char *last =
      stages > 0 ? g_strdup_printf (_ ("Stage %u"), stages) : g_strdup (_ ("Model"));
  note_views (self, notes);
  gboolean corrected = runet_cases_are_corrected (self->views);
  const RunetPatientMeasures shown = runet_cases_take_shown_measures (self->views);
  self->graded = corrected ? COLUMN_CORRECTED : RUNET_SHOWN_LAST;
  for (int s = 0; s < RUNET_SHOWN_STAGES; s++) {
    const RunetPatientMeasures measures = runet_cases_take_measures (self->views, s);
    gboolean is_last = s == RUNET_SHOWN_LAST;
    show_column (self, s, &measures, is_last ? last : _ ("Stage 1"),
                 is_last && !corrected ? notes : NULL);
    /* There is no room for all. */
    set_column_visible (
        self, s, is_last || (!corrected && runet_patient_measures_any (&measures)));
    if (is_last)
      show_change (self, &shown, &measures);
  }
  show_column (self, COLUMN_CORRECTED, &shown, _ ("Corrected"),
               corrected ? notes : NULL);
  set_column_visible (self, COLUMN_CORRECTED, corrected);
  if (!corrected)
    gtk_widget_set_visible (self->change, FALSE);
  gtk_label_set_label (GTK_LABEL (self->head[RUNET_SHOWN_LAST].title), last);
  gboolean experts = runet_patient_measures_any (&self->experts);
  show_column (self, COLUMN_EXPERT, &self->experts, _ ("Expert"),
               experts ? notes : NULL);
  set_column_visible (self, COLUMN_EXPERT, experts);
  show_given (self);
  for (int v = 0; v < RUNET_VIEWS; v++)
    set_view_visible (self, v, self->views[v] != NULL);
  show_lines (self->notes, notes);
}

/* ---- The expert's masks ---- */

typedef struct {
  RunetDataset *dataset; /* owns @patient */
  const RunetPatient *patient;
} Reading;

static void
reading_free (gpointer data) {
  Reading *reading = data;
  runet_dataset_unref (reading->dataset);
  g_free (reading);
}

static void
read_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  const Reading *reading = data;
  RunetPatientMeasures *measures = g_new (RunetPatientMeasures, 1);
  runet_patient_measures_read_experts (measures, reading->patient, cancellable);
  g_task_return_pointer (task, measures, g_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetVolumeTable *self = RUNET_VOLUME_TABLE (source);
  g_autofree RunetPatientMeasures *measures =
      g_task_propagate_pointer (G_TASK (result), NULL);
  /* Another patient was chosen meanwhile. */
  if (!measures || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  self->experts = *measures;
  update (self);
}

static void
stop_reading (RunetVolumeTable *self) {
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
read_experts (RunetVolumeTable *self, RunetCase *item) {
  stop_reading (self);
  self->experts = (RunetPatientMeasures){0};
  if (!item)
    return;
  self->reading = g_cancellable_new ();
  Reading *reading = g_new0 (Reading, 1);
  reading->dataset = runet_dataset_ref (runet_case_get_dataset (item));
  reading->patient = runet_case_get_patient (item);
  g_autoptr (GTask) task = g_task_new (self, self->reading, read_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_in_thread);
}

void
runet_volume_table_set_cases (RunetVolumeTable *self,
                              RunetCase *item,
                              RunetCase *other) {
  g_return_if_fail (RUNET_IS_VOLUME_TABLE (self));
  RunetCase *views[RUNET_VIEWS] = {NULL};
  if (item)
    views[runet_case_get_view (item)] = item;
  /* The window may still know the other view of the patient before. */
  if (item && other && runet_case_get_patient (item) == runet_case_get_patient (other))
    views[runet_case_get_view (other)] = other;

  const RunetPatient *before = NULL;
  gboolean same = TRUE;
  for (int v = 0; v < RUNET_VIEWS; v++) {
    if (self->views[v])
      before = runet_case_get_patient (self->views[v]);
    same &= self->views[v] == views[v];
  }
  if (same)
    return;
  for (int v = 0; v < RUNET_VIEWS; v++) {
    g_clear_signal_handler (&self->changed_id[v], self->views[v]);
    g_set_object (&self->views[v], views[v]);
    if (views[v])
      self->changed_id[v] =
          g_signal_connect_swapped (views[v], "changed", G_CALLBACK (update), self);
  }
  if (!item || runet_case_get_patient (item) != before)
    read_experts (self, item);
  update (self);
}

/* ---- Object ---- */

static void
add_heads (RunetVolumeTable *self) {
  GtkGrid *grid = GTK_GRID (self->grid);
  runet_stage_grid_add_heads (grid, self->head);
  self->head[COLUMN_GIVEN] =
      runet_stage_grid_add_head (grid, COLUMN_GIVEN, _ ("Given"));
  gtk_widget_set_tooltip_text (self->head[COLUMN_GIVEN].title,
                               _ ("What the data set itself says of the patient"));
}

static void
add_rows (RunetVolumeTable *self) {
  static const struct {
    const char *name, *tooltip;
  } volumes[VOLUME_ROWS] = {
      {N_ ("EDV, ml"), N_ ("Volume of the left ventricle at end-diastole")},
      {N_ ("ESV, ml"), N_ ("Volume of the left ventricle at end-systole")},
      {N_ ("EF, %"), N_ ("Ejection fraction: (EDV − ESV) / EDV")},
      {N_ ("Views"), N_ ("Which views the volumes are of: both (biplane), or one alone "
                         "(single-plane)")},
  };
  static const struct {
    const char *name, *tooltip;
  } lengths[VIEW_ROWS] = {
      {N_ ("Axis ED, mm"), N_ ("Long axis from the mitral annulus to the apex")},
      {N_ ("Axis ES, mm"), N_ ("Long axis from the mitral annulus to the apex")},
      {N_ ("Area ED, cm²"), N_ ("Area of the left ventricle’s cavity")},
      {N_ ("Area ES, cm²"), N_ ("Area of the left ventricle’s cavity")},
  };
  GtkGrid *grid = GTK_GRID (self->grid);
  int at = RUNET_STAGE_GRID_BODY;
  for (int row = 0; row < VOLUME_ROWS; row++)
    runet_stage_grid_add_row (grid, _ (volumes[row].name), _ (volumes[row].tooltip),
                              at++, row == ROW_PLANES ? MEASURED : COLUMNS,
                              self->volume[row]);
  for (int v = RUNET_VIEWS - 1; v >= 0; v--) {
    self->view_title[v] =
        runet_stage_grid_add_title (grid, runet_view_name (v), at++, COLUMNS);
    for (int row = 0; row < VIEW_ROWS; row++)
      self->view_name[v][row] = runet_stage_grid_add_row (
          grid, _ (lengths[row].name), _ (lengths[row].tooltip), at++, MEASURED,
          self->length[v][row]);
  }
}

static GtkWidget *
note_label_new (void) {
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0F);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static void
mode_cb (RunetVolumeTable *self) {
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODE]);
}

static GtkWidget *
make_head (RunetVolumeTable *self) {
  const char *const modes[] = {
      [RUNET_SIMPSON_ASE] = _ ("ASE 2015"),
      [RUNET_SIMPSON_CAMUS] = _ ("CAMUS"),
      NULL,
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = gtk_label_new (_ ("Measurements"));
  gtk_label_set_xalign (GTK_LABEL (title), 0.0F);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (box), title);

  self->mode = gtk_drop_down_new_from_strings (modes);
  const char *tooltip = _ (
      "How Simpson’s discs are added up. ASE 2015: as the guideline says, each "
      "instant by its own long axis. CAMUS: as the data set’s script does, both by the "
      "longest axis, which makes ESV larger; for comparing with its figures alone.");
  gtk_widget_set_tooltip_text (self->mode, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mode),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Method of the volumes"), -1);
  g_signal_connect_swapped (self->mode, "notify::selected", G_CALLBACK (mode_cb), self);
  gtk_box_append (GTK_BOX (box), self->mode);
  return box;
}

static void
runet_volume_table_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec) {
  RunetVolumeTable *self = RUNET_VOLUME_TABLE (object);
  RunetSimpsonMode mode = RUNET_SIMPSON_ASE;
  const char *name = g_value_get_string (value);
  if (id != PROP_MODE) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  if (!name || !runet_simpson_mode_from_string (name, &mode))
    mode = RUNET_SIMPSON_ASE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->mode), mode);
}

static void
runet_volume_table_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec) {
  if (id == PROP_MODE)
    g_value_set_string (
        value, runet_simpson_mode_to_string (get_mode (RUNET_VOLUME_TABLE (object))));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_volume_table_dispose (GObject *object) {
  RunetVolumeTable *self = RUNET_VOLUME_TABLE (object);
  stop_reading (self);
  for (int v = 0; v < RUNET_VIEWS; v++) {
    g_clear_signal_handler (&self->changed_id[v], self->views[v]);
    g_clear_object (&self->views[v]);
  }
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_volume_table_parent_class)->dispose (object);
}

static void
runet_volume_table_class_init (RunetVolumeTableClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = runet_volume_table_dispose;
  object_class->get_property = runet_volume_table_get_property;
  object_class->set_property = runet_volume_table_set_property;
  properties[PROP_MODE] = g_param_spec_string (
      "mode", NULL, NULL, "ase",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "measuretable");
}

static void
runet_volume_table_init (RunetVolumeTable *self) {
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  gtk_box_append (GTK_BOX (self->content), make_head (self));
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), RUNET_STAGE_GRID_SPACING);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_box_append (GTK_BOX (self->content), self->grid);
  add_heads (self);
  add_rows (self);
  self->change = note_label_new ();
  gtk_box_append (GTK_BOX (self->content), self->change);
  self->reference = note_label_new ();
  gtk_widget_add_css_class (self->reference, "dim-label");
  self->notes = note_label_new ();
  gtk_box_append (GTK_BOX (self->content), self->reference);
  gtk_box_append (GTK_BOX (self->content), self->notes);
  update (self);
}

GtkWidget *
runet_volume_table_new (void) {
  return g_object_new (RUNET_TYPE_VOLUME_TABLE, NULL);
}
