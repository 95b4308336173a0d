/* What widgets do where there is little room: rows wrap, panes give way and come back, nothing is cut to dots. */
#include "offscreen.h"
#include "ui/legend.h"

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

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/narrow/legend", test_legend);
  g_test_add_func ("/ui/narrow/legend-finalize", test_legend_finalize);
  return g_test_run ();
}
