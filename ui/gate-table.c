/* The table of a verdict. */
#include "gate-table.h"

#include <glib/gi18n-lib.h>
#include "gate-words.h"

enum { MEASURE, PARENT, CANDIDATE, DIFFERENCE, P_VALUE, STANDING, COLUMNS };

static GtkWidget *
make_label (const char *text, float xalign) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
add_headings (GtkGrid *grid) {
  static const char *const headings[COLUMNS] = {
      N_ ("Measure"),    N_ ("Parent"), N_ ("Candidate"),
      N_ ("Difference"), N_ ("p"),      N_ ("Verdict"),
  };
  for (int c = 0; c < COLUMNS; c++) {
    GtkWidget *label =
        make_label (_ (headings[c]), c == MEASURE || c == STANDING ? 0 : 1);
    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "heading");
    gtk_grid_attach (grid, label, c, 0, 1, 1);
  }
}

/* What p means, for who does not know it by heart. */
static GtkWidget *
make_note (void) {
  GtkWidget *note = make_label (
      _ ("p: how likely chance alone makes such a difference (Wilcoxon’s "
         "paired test over the same images). From 0.05 up it may be chance."),
      0);
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  /* As wide as the table, not wider. */
  gtk_label_set_max_width_chars (GTK_LABEL (note), 1);
  gtk_widget_set_hexpand (note, TRUE);
  gtk_widget_set_margin_top (note, 4);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  return note;
}

static GtkWidget *
make_standing (RunetStanding standing) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char *icon = runet_standing_icon (standing);
  const char *css_class = runet_standing_css_class (standing);
  if (icon) {
    GtkWidget *image = gtk_image_new_from_icon_name (icon);
    if (css_class)
      gtk_widget_add_css_class (image, css_class);
    gtk_box_append (GTK_BOX (box), image);
  }
  GtkWidget *name = make_label (runet_standing_name (standing), 0);
  if (standing == RUNET_STANDING_WORSE)
    gtk_widget_add_css_class (name, "heading");
  if (standing == RUNET_STANDING_UNKNOWN)
    gtk_widget_add_css_class (name, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  return box;
}

static void
add_figure (GtkGrid *grid,
            int column,
            int row,
            RunetGateMeasure measure,
            double value) {
  g_autofree char *text =
      column == DIFFERENCE ? runet_gate_measure_format_difference (measure, value, TRUE)
                           : runet_gate_measure_format (measure, value);
  gtk_grid_attach (grid, make_label (text, 1), column, row, 1, 1);
}

static void
add_measure (GtkGrid *grid, int row, const RunetGate *gate, RunetGateMeasure measure) {
  const RunetGateFigure *figure = &gate->figures[measure];
  GtkWidget *name = make_label (runet_gate_measure_name (measure), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_grid_attach (grid, name, MEASURE, row, 1, 1);
  add_figure (grid, PARENT, row, measure, figure->parent);
  add_figure (grid, CANDIDATE, row, measure, figure->candidate);
  add_figure (grid, DIFFERENCE, row, measure, figure->candidate - figure->parent);
  g_autofree char *p_value = runet_p_value_format (figure->p);
  gtk_grid_attach (grid, make_label (p_value, 1), P_VALUE, row, 1, 1);
  gtk_grid_attach (grid, make_standing (runet_gate_get_standing (gate, measure)),
                   STANDING, row, 1, 1);
  g_autofree char *limit = runet_gate_measure_format_difference (
      measure, runet_gate_get_limit (gate, measure), FALSE);
  g_autofree char *tooltip = g_strdup_printf (
      _ ("It may get worse by %s. Known of both for n = %u."), limit, figure->count);
  for (int c = 0; c < COLUMNS; c++)
    gtk_widget_set_tooltip_text (gtk_grid_get_child_at (grid, c, row), tooltip);
}

GtkWidget *
runet_gate_table_new (const RunetGate *gate) {
  g_return_val_if_fail (gate != NULL, NULL);
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 20);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_widget_add_css_class (grid, "gate-table");
  add_headings (GTK_GRID (grid));
  int row = 1;
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    /* A line between Dice, distances, and what clinicians count. */
    if (m == RUNET_GATE_MAD_ENDO || m == RUNET_GATE_HD_ENDO || m == RUNET_GATE_EF_BIAS)
      gtk_grid_attach (GTK_GRID (grid), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL),
                       0, row++, COLUMNS, 1);
    add_measure (GTK_GRID (grid), row++, gate, m);
  }
  gtk_grid_attach (GTK_GRID (grid), make_note (), 0, row, COLUMNS, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The candidate against its parent"), -1);
  return grid;
}
