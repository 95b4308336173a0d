/* The worklist: order, search, choice, next outlier. */
#include <gtk/gtk.h>

#include "fixture.h"
#include "ui/worklist.h"

typedef struct {
  char *folder;
  RunetDataset *dataset;
  GListStore *cases;
  GtkWidget *window;
  RunetWorklist *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = fixture_folder ();
  static const char *const ids[] = {"patient0001", "patient0002", "patient0003",
                                    "patient0004"};
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    fixture_write_patient (fixture->folder, ids[i], FIXTURE_PLAIN, FALSE);
  fixture->dataset = runet_dataset_open (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  fixture->cases = runet_cases_of_dataset (fixture->dataset);
  fixture->list = RUNET_WORKLIST (runet_worklist_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->list));
  runet_worklist_set_cases (fixture->list, G_LIST_MODEL (fixture->cases));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->cases);
  runet_dataset_unref (fixture->dataset);
  fixture_remove (fixture->folder);
}

static const char *
selected_name (Fixture *fixture) {
  RunetCase *item = runet_worklist_get_selected (fixture->list);
  return item ? runet_case_get_name (item) : NULL;
}

static RunetCase *
get_case (Fixture *fixture, guint index) {
  g_autoptr (RunetCase) item =
      g_list_model_get_item (G_LIST_MODEL (fixture->cases), index);
  return item;
}

static void
make_outlier (RunetCase *item) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (FIXTURE_DENTED, labels);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  g_autoptr (RunetFrameResult) result =
      runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  runet_case_set_instant_result (item, RUNET_INSTANT_ED, result);
  runet_case_set_state (item, RUNET_CASE_DONE, NULL);
}

static gboolean
stop_cb (gpointer data) {
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The order follows results within a second, the search within a fraction of one. */
static void
settle (guint milliseconds) {
  gboolean stop = FALSE;
  g_timeout_add (milliseconds, stop_cb, &stop);
  while (!stop)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type) {
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  for (; child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_widget (child, type);
    if (found)
      return found;
  }
  return NULL;
}

static void
count_cb (guint *count) {
  (*count)++;
}

static void
test_step (Fixture *fixture, gconstpointer data) {
  guint changes = 0;
  g_signal_connect_swapped (fixture->list, "notify::selected", G_CALLBACK (count_cb),
                            &changes);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  g_assert_cmpuint (changes, ==, 1);
  runet_worklist_step (fixture->list, -1);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
  g_signal_handlers_disconnect_by_data (fixture->list, &changes);
}

static void
test_order (Fixture *fixture, gconstpointer data) {
  make_outlier (get_case (fixture, 2));
  runet_worklist_results_changed (fixture->list);
  settle (1200);
  /* The choice stays with its case; the outlier is now above it. */
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0003");
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
}

/* Whoever steps through the list finds the next row where it was. */
static void
test_order_waits (Fixture *fixture, gconstpointer data) {
  runet_worklist_step (fixture->list, 1);
  make_outlier (get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  settle (1500);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
  settle (6000);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
}

/* Sorting leaves a list at its top there, and rows from its first pixel on. */
static void
test_order_stays_at_top (Fixture *fixture, gconstpointer data) {
  for (guint i = 0; i < 4; i++)
    make_outlier (get_case (fixture, 3 - i));
  runet_worklist_results_changed (fixture->list);
  settle (1500);
  GtkWidget *list = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_LIST_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  GtkWidget *row = gtk_widget_pick (list, 20, 4, GTK_PICK_DEFAULT);
  g_assert_nonnull (row);
  g_assert_true (row != list);
}

static void
test_next_outlier (Fixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  g_assert_false (runet_worklist_next_outlier (fixture->list));
  make_outlier (get_case (fixture, 1));
  make_outlier (get_case (fixture, 3));
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
}

static void
test_search (Fixture *fixture, gconstpointer data) {
  GtkWidget *entry = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "0003");
  settle (400);
  /* The chosen row is hidden, so nothing is chosen; the only one left comes next. */
  g_assert_null (runet_worklist_get_selected (fixture->list));
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0003");
  gtk_editable_set_text (GTK_EDITABLE (entry), "no such patient");
  settle (400);
  runet_worklist_step (fixture->list, 1);
  g_assert_null (runet_worklist_get_selected (fixture->list));
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/worklist/step", test_step);
  ADD ("/ui/worklist/order", test_order);
  ADD ("/ui/worklist/order-waits", test_order_waits);
  ADD ("/ui/worklist/order-stays-at-top", test_order_stays_at_top);
  ADD ("/ui/worklist/next-outlier", test_next_outlier);
  ADD ("/ui/worklist/search", test_search);
#undef ADD
  return g_test_run ();
}
