/* Grids of figures with a column for each shown stage, one for what somebody drew and one for the expert. */
#include "stage-grid.h"

#include <glib/gi18n-lib.h>
#include "canvas.h"

static GtkWidget *
add_label (GtkGrid *grid,
           const char *text,
           const char *css_class,
           float xalign,
           int column,
           int row,
           int columns) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, columns, 1);
  return label;
}

RunetStageHead
runet_stage_grid_add_head (GtkGrid *grid, int column, const char *title) {
  GtkWidget *label = add_label (grid, title, "heading", 1.0F, column + 1, 1, 1);
  gtk_widget_add_css_class (label, "caption");
  return (RunetStageHead){.title = label};
}

void
runet_stage_grid_add_heads (GtkGrid *grid,
                            RunetStageHead heads[RUNET_STAGE_GRID_COLUMNS]) {
  static const RunetOverlay overlays[RUNET_STAGE_GRID_COLUMNS] = {
      RUNET_OVERLAY_STAGE1, RUNET_OVERLAY_STAGE2, RUNET_OVERLAY_CORRECTED,
      RUNET_OVERLAY_EXPERT};
  const char *const titles[RUNET_STAGE_GRID_COLUMNS] = {
      _ ("Stage 1"), _ ("Stage 2"), C_ ("contours", "Corrected"), _ ("Expert")};
  for (int c = 0; c < RUNET_STAGE_GRID_COLUMNS; c++) {
    heads[c] = runet_stage_grid_add_head (grid, c, titles[c]);
    heads[c].swatch = runet_overlay_swatch_new (overlays[c]);
    gtk_widget_set_halign (heads[c].swatch, GTK_ALIGN_END);
    gtk_grid_attach (grid, heads[c].swatch, c + 1, 0, 1, 1);
  }
}

void
runet_stage_head_set_visible (const RunetStageHead *head, gboolean visible) {
  if (head->swatch)
    gtk_widget_set_visible (head->swatch, visible);
  gtk_widget_set_visible (head->title, visible);
}

GtkWidget *
runet_stage_grid_add_title (GtkGrid *grid, const char *title, int row, int columns) {
  GtkWidget *label = add_label (grid, title, "structure", 0.0F, 0, row, 1 + columns);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

/* The name goes on in a second line rather than making the grid wider: columns come and go, and what stands
 * beside the grid is not to move with them. */
GtkWidget *
runet_stage_grid_add_row (GtkGrid *grid,
                          const char *name,
                          const char *tooltip,
                          int row,
                          int columns,
                          GtkWidget *cells[]) {
  GtkWidget *label = add_label (grid, name, "dim-label", 0.0F, 0, row, 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_tooltip_text (label, tooltip);
  for (int c = 0; c < columns; c++)
    cells[c] = add_label (grid, "–", "numeric", 1.0F, c + 1, row, 1);
  return label;
}
