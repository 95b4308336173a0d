/* A table: its cells on the screen, as text and as CSV, and the wheel over it. */
#include "fixture.h"
#include "offscreen.h"
#include "ui/table-view.h"
#ifdef HAVE_XTEST
#include <X11/extensions/XTest.h>
#include <gdk/x11/gdkx.h>
#endif

static void
test_table_view (void) {
  static const char *const columns[] = {"Name", "Value", NULL};
  g_autoptr (RunetTable) table = runet_table_new ("Figures", columns);
  runet_table_add_text (table, "bias");
  runet_table_add_number (table, -1.26, 1);
  g_autofree char *tabbed = runet_table_to_tabbed (table);
  g_assert_cmpstr (tabbed, ==, "Name\tValue\nbias\t−1.3\n");
  g_autoptr (GString) csv = g_string_new (NULL);
  runet_table_append_csv (table, csv);
  g_assert_cmpstr (csv->str, ==, "Name,Value\r\nbias,-1.3\r\n");

  GtkWidget *view = runet_table_view_new ();
  GtkWindow *window = runet_test_window_new (view, 300, 200);
  runet_table_view_set_table (RUNET_TABLE_VIEW (view), table);
  runet_table_add_text (table, "sd");
  runet_table_add_number (table, 2, 1);
  runet_table_view_set_table (RUNET_TABLE_VIEW (view), table);
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  runet_test_list_widgets (view, GTK_TYPE_LABEL, labels);
  g_assert_cmpuint (labels->len, ==, 1 + 2 + 4);
  GtkLabel *last = labels->pdata[labels->len - 1];
  g_assert_cmpstr (gtk_label_get_label (last), ==, "2.0");
  g_assert_true (gtk_label_get_selectable (last));
  gtk_window_destroy (window);
}

#ifdef HAVE_XTEST
/* One notch of the wheel over the middle of @widget. @button: 5: down, 7: to the right. */
static void
turn_wheel (GtkWidget *widget, guint button, gboolean shift) {
  GtkNative *native = gtk_widget_get_native (widget);
  Display *display = gdk_x11_display_get_xdisplay (gtk_widget_get_display (widget));
  Window child, window = gdk_x11_surface_get_xid (gtk_native_get_surface (native));
  int left, top;
  XTranslateCoordinates (display, window, DefaultRootWindow (display), 0, 0, &left,
                         &top, &child);
  double inset_x, inset_y, x, y;
  gtk_native_get_surface_transform (native, &inset_x, &inset_y);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), 60,
                                    gtk_widget_get_height (widget) / 2.0, &x, &y);
  XTestFakeMotionEvent (display, -1, left + (int)(inset_x + x),
                        top + (int)(inset_y + y), CurrentTime);
  const KeyCode key = XKeysymToKeycode (display, GDK_KEY_Shift_L);
  if (shift)
    XTestFakeKeyEvent (display, key, TRUE, CurrentTime);
  XTestFakeButtonEvent (display, button, TRUE, CurrentTime);
  XTestFakeButtonEvent (display, button, FALSE, CurrentTime);
  if (shift)
    XTestFakeKeyEvent (display, key, FALSE, CurrentTime);
  XSync (display, FALSE);
  fixture_wait_ms (300);
}

/* Down the wheel moves the page, to the side a table that is too wide; one that is not never takes it. */
static void
test_wheel (void) {
  static const char *const columns[] = {"A long name of a column",
                                        "Another long name of a column",
                                        "A third name, as long as the others", NULL};
  g_autoptr (RunetTable) table = runet_table_new ("Figures", columns);
  for (guint i = 0; i < 36; i++)
    runet_table_add_number (table, i, 0);
  GtkWidget *page = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *view = runet_table_view_new (), *below = gtk_label_new ("below");
  runet_table_view_set_table (RUNET_TABLE_VIEW (view), table);
  gtk_widget_set_size_request (below, -1, 600);
  gtk_box_append (GTK_BOX (box), view);
  gtk_box_append (GTK_BOX (box), below);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (page), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), box);
  GtkWindow *window = runet_test_window_new (page, 300, 300);
  fixture_wait_ms (300);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  runet_test_list_widgets (view, GTK_TYPE_SCROLLED_WINDOW, found);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (found->pdata[0]);
  GtkAdjustment *down =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));

  turn_wheel (view, 5, FALSE);
  const double first = gtk_adjustment_get_value (down);
  g_assert_cmpfloat (first, >, 0);
  g_assert_cmpfloat (gtk_adjustment_get_value (across), ==, 0);
  turn_wheel (view, 7, FALSE);
  const double aside = gtk_adjustment_get_value (across);
  g_assert_cmpfloat (aside, >, 0);
  turn_wheel (view, 5, TRUE);
  g_assert_cmpfloat (gtk_adjustment_get_value (across), >, aside);
  g_assert_cmpfloat (gtk_adjustment_get_value (down), ==, first);
  turn_wheel (view, 5, FALSE);
  g_assert_cmpfloat (gtk_adjustment_get_value (down), >, first);
  gtk_window_destroy (window);
}
#endif

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/table-view/cells", test_table_view);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/table-view/wheel", test_wheel);
#endif
  return g_test_run ();
}
