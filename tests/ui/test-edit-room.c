/* What is spared in a small window while contours are corrected, and what is back afterwards. */
#include "fixture.h"
#include "ui/edit-room.h"

static gboolean
says (GtkWidget *widget, const char *name) {
  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) &&
      g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), name))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, name))
      return TRUE;
  return FALSE;
}

static int
measure_height (GtkWidget *widget) {
  int least;
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, 800, &least, NULL, NULL, NULL);
  return least;
}

static void
check (int width, int height, gboolean low, gboolean narrow) {
  const double areas[] = {30, 25, 20, 15};
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *legend = runet_legend_new (), *timeline = runet_timeline_new ();
  gtk_box_append (GTK_BOX (box), legend);
  gtk_box_append (GTK_BOX (box), timeline);
  runet_timeline_set_sequence (RUNET_TIMELINE (timeline), 4, 0, 3, 50);
  runet_timeline_set_curve (RUNET_TIMELINE (timeline), RUNET_CURVE_AREA, areas);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  RunetEditRoom *room =
      runet_edit_room_new (box, RUNET_LEGEND (legend), RUNET_TIMELINE (timeline));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  const int before = measure_height (timeline);
  g_assert_true (says (legend, "Region"));
  runet_edit_room_set_editing (room, TRUE);
  g_assert_cmpint (measure_height (timeline) < before, ==, low);
  g_assert_cmpint (says (legend, "Region"), !=, narrow);
  runet_edit_room_set_editing (room, FALSE);
  g_assert_cmpint (measure_height (timeline), ==, before);
  g_assert_true (says (legend, "Region"));
  runet_edit_room_free (room);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_sizes (void) {
  check (1000, 650, TRUE, TRUE);
  check (1240, 780, TRUE, FALSE);
  check (1000, 950, FALSE, TRUE);
  check (1260, 950, FALSE, FALSE);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/edit-room/sizes", test_sizes);
  return g_test_run ();
}
