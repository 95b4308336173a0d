/* What widgets do where there is little room: rows wrap, panes give way and come back, nothing is cut to dots. */
#include "offscreen.h"
#include "ui/legend.h"
#include "ui/pane-width.h"
#include "ui/volume-table.h"

/* As in window.ui: what the inspector has at least, without its margins. */
#define INSPECTOR_ROOM (316 - 2 * 16)

static int
measure_least (GtkWidget *widget) {
  int least;
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

/* ---- Legend ---- */

static void
assert_names_are_whole (GtkWidget *widget) {
  if (GTK_IS_LABEL (widget)) {
    PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (widget));
    g_assert_false (pango_layout_is_ellipsized (layout));
    g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (widget)), !=, "");
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    assert_names_are_whole (child);
}

static void
test_legend (void) {
  static const int widths[] = {900, 380, 130};
  int height = 0;
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    GtkWidget *legend = runet_legend_new ();
    gtk_widget_set_valign (legend, GTK_ALIGN_START);
    GtkWindow *window = runet_test_window_new (legend, widths[i], 300);
    runet_test_settle (legend);
    g_assert_cmpint (gtk_widget_get_width (legend), ==, widths[i]);
    g_assert_cmpint (gtk_widget_get_height (legend), >, height);
    height = gtk_widget_get_height (legend);
    assert_names_are_whole (legend);
    for (GtkWidget *toggle = gtk_widget_get_first_child (legend); toggle;
         toggle = gtk_widget_get_next_sibling (toggle)) {
      graphene_rect_t bounds;
      g_assert_true (gtk_widget_compute_bounds (toggle, legend, &bounds));
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, widths[i]);
      g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, height);
    }
    gtk_window_destroy (window);
  }
}

static void
test_legend_finalize (void) {
  GtkWidget *legend = g_object_ref_sink (runet_legend_new ());
  g_assert_finalize_object (legend);
}

/* ---- Panes ---- */

typedef struct {
  GtkWindow *window;
  GtkWidget *spacer; /* what takes room from the panes */
  GtkPaned *paned;
} Panes;

static GtkWidget *
pane_new (int least) {
  GtkWidget *pane = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_size_request (pane, least, -1);
  return pane;
}

static void
panes_init (Panes *panes, GtkPackType side) {
  panes->paned = GTK_PANED (gtk_paned_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_paned_set_start_child (panes->paned, pane_new (100));
  gtk_paned_set_end_child (panes->paned, pane_new (200));
  gtk_paned_set_shrink_start_child (panes->paned, FALSE);
  gtk_paned_set_shrink_end_child (panes->paned, FALSE);
  gtk_paned_set_resize_start_child (panes->paned, side == GTK_PACK_END);
  gtk_paned_set_resize_end_child (panes->paned, side == GTK_PACK_START);
  gtk_widget_set_hexpand (GTK_WIDGET (panes->paned), TRUE);
  panes->spacer = pane_new (0);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (box), panes->spacer);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (panes->paned));
  panes->window = runet_test_window_new (box, 800, 100);
}

/* The width of the pane once @taken pixels of the window are not there. */
static int
take (Panes *panes, int taken, GtkPackType side) {
  gtk_widget_set_size_request (panes->spacer, taken, -1);
  runet_test_settle (GTK_WIDGET (panes->paned));
  return gtk_widget_get_width (side == GTK_PACK_START
                                   ? gtk_paned_get_start_child (panes->paned)
                                   : gtk_paned_get_end_child (panes->paned));
}

static void
test_pane (gconstpointer data) {
  const GtkPackType side = GPOINTER_TO_INT (data);
  Panes panes;
  panes_init (&panes, side);
  RunetPaneWidth *width = runet_pane_width_new (panes.paned, side, 350);
  g_assert_cmpint (take (&panes, 0, side), ==, 350);
  g_assert_cmpint (take (&panes, 450, side), <, 350);
  g_assert_cmpint (runet_pane_width_get (width), ==, 350);
  g_assert_cmpint (take (&panes, 0, side), ==, 350);

  /* Somebody moves the divider by 50. */
  gtk_paned_set_position (panes.paned, gtk_paned_get_position (panes.paned) + 50);
  const int chosen = side == GTK_PACK_START ? 400 : 300;
  g_assert_cmpint (take (&panes, 0, side), ==, chosen);
  g_assert_cmpint (runet_pane_width_get (width), ==, chosen);
  g_assert_cmpint (take (&panes, 450, side), <, chosen);
  g_assert_cmpint (runet_pane_width_get (width), ==, chosen);
  g_assert_cmpint (take (&panes, 0, side), ==, chosen);
  runet_pane_width_free (width);
  gtk_window_destroy (panes.window);
}

/* ---- The inspector ---- */

/* In a grid of figures: stage 1 makes room for what was corrected. */
static gboolean
is_stage1 (GtkWidget *widget) {
  GtkWidget *parent = gtk_widget_get_parent (widget);
  int column, width;
  if (!GTK_IS_GRID (parent))
    return FALSE;
  gtk_grid_query_child (GTK_GRID (parent), widget, &column, NULL, &width, NULL);
  return column == 1 && width == 1;
}

/* Every column that is there at the same time, with figures as wide as they get. */
static void
show_all (GtkWidget *widget) {
  gtk_widget_set_visible (widget, !is_stage1 (widget));
  if (gtk_widget_has_css_class (widget, "numeric"))
    gtk_label_set_label (GTK_LABEL (widget), "↓ 105.0");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child))
      show_all (child);
}

/* Columns of the table come and go; the inspector has room for all of them, and its width stays. */
static void
test_table (void) {
  GtkWidget *table = g_object_ref_sink (runet_volume_table_new ());
  g_assert_cmpint (measure_least (table), <=, INSPECTOR_ROOM);
  show_all (table);
  g_test_message ("with all columns: %d", measure_least (table));
  g_assert_cmpint (measure_least (table), <=, INSPECTOR_ROOM);
  g_object_unref (table);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/narrow/legend", test_legend);
  g_test_add_func ("/ui/narrow/legend-finalize", test_legend_finalize);
  g_test_add_data_func ("/ui/narrow/pane-at-start", GINT_TO_POINTER (GTK_PACK_START),
                        test_pane);
  g_test_add_data_func ("/ui/narrow/pane-at-end", GINT_TO_POINTER (GTK_PACK_END),
                        test_pane);
  g_test_add_func ("/ui/narrow/table", test_table);
  return g_test_run ();
}
