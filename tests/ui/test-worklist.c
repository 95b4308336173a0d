/* The worklist: order, search, choice, next outlier. */
#include <gtk/gtk.h>

#include "fixture.h"
#include "many-cases.h"
#include "offscreen.h"
#include "worklist-fixture.h"
#include "ui/case-words.h"
#include "ui/chips.h"
#include "ui/filter-popover.h"
#include "ui/worklist-cell.h"
#include "ui/worklist.h"

static void
count_cb (guint *count) {
  (*count)++;
}

static void
test_step (WorklistFixture *fixture, gconstpointer data) {
  guint changes = 0;
  g_signal_connect_swapped (fixture->list, "notify::selected", G_CALLBACK (count_cb),
                            &changes);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  g_assert_cmpuint (changes, ==, 1);
  runet_worklist_step (fixture->list, -1);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  g_signal_handlers_disconnect_by_data (fixture->list, &changes);
}

static void
test_order (WorklistFixture *fixture, gconstpointer data) {
  worklist_make_outlier (worklist_get_case (fixture, 2));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (1200);
  /* The choice stays with its case; the outlier is now above it. */
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
}

/* Whoever steps through the list finds the next row where it was. */
static void
test_order_waits (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_step (fixture->list, 1);
  worklist_make_outlier (worklist_get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (1500);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  fixture_wait_ms (6000);
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
}

/* Sorting leaves a list at its top there, and rows from its first pixel on. */
static void
test_order_stays_at_top (WorklistFixture *fixture, gconstpointer data) {
  for (guint i = 0; i < 4; i++)
    worklist_make_outlier (worklist_get_case (fixture, 3 - i));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (1500);
  GtkWidget *list =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_LIST_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  GtkWidget *row = gtk_widget_pick (list, 20, 4, GTK_PICK_DEFAULT);
  g_assert_nonnull (row);
  g_assert_true (row != list);
}

static void
test_next_outlier (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  g_assert_false (runet_worklist_next_outlier (fixture->list));
  worklist_make_outlier (worklist_get_case (fixture, 1));
  worklist_make_outlier (worklist_get_case (fixture, 3));
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
}

/* Rows move when results come: one that was looked at and is below again is not offered as the next. */
static void
test_next_unseen (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  for (guint i = 0; i < 3; i++)
    worklist_make_outlier (worklist_get_case (fixture, i));
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
}

/* What was chosen before anything was known of it was not seen as an outlier. */
static void
test_next_pending (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  runet_worklist_step (fixture->list, 1);
  runet_worklist_step (fixture->list, -1);
  worklist_make_outlier (worklist_get_case (fixture, 1));
  worklist_make_outlier (worklist_get_case (fixture, 2));
  g_assert_true (runet_worklist_next_outlier (fixture->list));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
}

/* Whoever has done nothing yet begins with the riskiest. */
static void
test_begin_at_top (WorklistFixture *fixture, gconstpointer data) {
  worklist_make_outlier (worklist_get_case (fixture, 2));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
  runet_worklist_begin_at_top (fixture->list);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
}

static void
assert_summary (WorklistFixture *fixture, const char *words) {
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (1300);
  GtkWidget *label = GTK_WIDGET (gtk_widget_get_template_child (
      GTK_WIDGET (fixture->list), RUNET_TYPE_WORKLIST, "summary"));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, words);
}

/* How many were analysed is said as long as it is not all; outliers are those that are shown. */
static void
test_summary (WorklistFixture *fixture, gconstpointer data) {
  assert_summary (fixture, "4 views");
  worklist_make_outlier (worklist_get_case (fixture, 1));
  runet_case_set_state (worklist_get_case (fixture, 1), RUNET_CASE_DONE, NULL);
  assert_summary (fixture, "4 views · 1 analysed · 1 outlier");
  for (guint i = 0; i < 4; i++)
    runet_case_set_state (worklist_get_case (fixture, i), RUNET_CASE_DONE, NULL);
  assert_summary (fixture, "4 views · 1 outlier");
  GtkWidget *entry =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "0003");
  fixture_wait_ms (400);
  assert_summary (fixture, "1 of 4 views");
}

static void
test_search (WorklistFixture *fixture, gconstpointer data) {
  GtkWidget *entry =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "0003");
  fixture_wait_ms (400);
  /* The chosen row is hidden, so nothing is chosen; the only one left comes next. */
  g_assert_null (runet_worklist_get_selected (fixture->list));
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
  gtk_editable_set_text (GTK_EDITABLE (entry), "no such patient");
  fixture_wait_ms (400);
  runet_worklist_step (fixture->list, 1);
  g_assert_null (runet_worklist_get_selected (fixture->list));
}

/* ---- Orders and filters, on many rows ---- */

static const char *const all_orders[] = {
    "risk", "name", "view", "quality", "state", "disagreement", "uncertainty", "jump"};

/* What a case is compared by, smaller first, written down a second time. */
static double
number_of (RunetCase *item, const char *order) {
  const RunetRisk *risk = runet_case_get_risk (item);
  if (g_str_equal (order, "risk"))
    return -runet_risk_score (risk);
  if (g_str_equal (order, "name"))
    return atoi (runet_case_get_name (item) + strlen ("patient")) * 2 +
           (runet_case_get_view (item) == RUNET_VIEW_A2C);
  if (g_str_equal (order, "view"))
    return runet_case_get_view (item) == RUNET_VIEW_A2C;
  if (g_str_equal (order, "quality"))
    return runet_case_get_files (item)->quality
               ? (double)runet_case_get_files (item)->quality
               : NAN;
  if (g_str_equal (order, "state"))
    return runet_case_get_state (item) == RUNET_CASE_FAILED ? 0
           : runet_case_get_state (item) == RUNET_CASE_DONE ? 1
                                                            : 3;
  return -(g_str_equal (order, "disagreement")  ? risk->disagreement
           : g_str_equal (order, "uncertainty") ? risk->uncertainty
                                                : risk->jump);
}

static void
assert_sorted (RunetWorklist *list, const char *order, int direction) {
  guint count = runet_worklist_count_shown (list), unequal = 0;
  for (guint i = 0; i + 1 < count; i++) {
    RunetCase *a = runet_worklist_get_shown (list, i);
    RunetCase *b = runet_worklist_get_shown (list, i + 1);
    double x = number_of (a, order), y = number_of (b, order);
    if (isnan (x)) {
      g_assert_true (isnan (y)); /* last, in either direction */
      continue;
    }
    g_assert_false (direction * x > direction * y);
    unequal += x != y;
    if (x == y)
      g_assert_cmpfloat (runet_case_get_score (a), >=, runet_case_get_score (b));
  }
  if (count > 100)
    g_assert_cmpuint (unequal, >, 0);
}

static void
test_orders (void) {
  Many many;
  many_init (&many, 10000);
  many_give_results (&many);
  GtkWidget *list = runet_worklist_new ();
  GtkWindow *window = runet_test_window_new (list, 300, 400);
  runet_worklist_set_cases (RUNET_WORKLIST (list), G_LIST_MODEL (many.cases));
  g_assert_cmpuint (runet_worklist_count_shown (RUNET_WORKLIST (list)), ==, 20000);
  RunetCase *chosen = runet_worklist_get_selected (RUNET_WORKLIST (list));
  for (guint i = 0; i < G_N_ELEMENTS (all_orders); i++)
    for (int reversed = 0; reversed < 2; reversed++) {
      g_autofree char *order = g_strconcat (reversed ? "-" : "", all_orders[i], NULL);
      g_autofree char *read = NULL;
      g_object_set (list, "order", order, NULL);
      g_object_get (list, "order", &read, NULL);
      g_assert_cmpstr (read, ==, order);
      assert_sorted (RUNET_WORKLIST (list), all_orders[i], reversed ? -1 : 1);
      g_assert_true (runet_worklist_get_selected (RUNET_WORKLIST (list)) == chosen);
    }
  g_autofree char *read = NULL;
  g_object_set (list, "order", "by weight", NULL);
  g_object_get (list, "order", &read, NULL);
  g_assert_cmpstr (read, ==, "-jump");
  gtk_window_destroy (window);
  many_clear (&many);
}

static gboolean
is_outlier (RunetCase *item) {
  return runet_case_is_anatomical_outlier (item) ||
         runet_case_is_geometrical_outlier (item);
}

/* One filter at a time, said in another way. */
static gboolean
passes (RunetCase *item, const char *filter) {
  const RunetRisk *risk = runet_case_get_risk (item);
  RunetQuality quality = runet_case_get_files (item)->quality;
  if (g_str_equal (filter, "view=2CH"))
    return runet_case_get_view (item) == RUNET_VIEW_A2C;
  if (g_str_equal (filter, "quality=poor"))
    return quality == RUNET_QUALITY_POOR;
  if (g_str_equal (filter, "quality=unknown"))
    return quality == RUNET_QUALITY_UNKNOWN;
  if (g_str_equal (filter, "state=waiting"))
    return runet_case_get_state (item) == RUNET_CASE_PENDING;
  if (g_str_equal (filter, "state=failed"))
    return runet_case_get_message (item) != NULL;
  if (g_str_equal (filter, "reason=disagreement"))
    return risk->disagreement > RUNET_DISAGREEMENT_LIMIT;
  if (g_str_equal (filter, "reason=uncertainty"))
    return risk->uncertainty > RUNET_UNCERTAINTY_LIMIT;
  if (g_str_equal (filter, "reason=jump"))
    return risk->jump > RUNET_TEMPORAL_LIMIT;
  if (g_str_equal (filter, "outlier=yes"))
    return is_outlier (item);
  g_autoptr (GArray) reasons = runet_case_list_reasons (item);
  for (guint i = 0; i < reasons->len; i++)
    if (g_array_index (reasons, RunetCaseReason, i).reason.kind ==
        RUNET_REASON_CONVEXITY)
      return TRUE;
  return FALSE;
}

static void
assert_filtered (RunetWorklist *list, Many *many, const char *const *filters) {
  guint expected = 0, all = g_list_model_get_n_items (G_LIST_MODEL (many->cases));
  for (guint i = 0; i < all; i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (G_LIST_MODEL (many->cases), i);
    gboolean shown = TRUE;
    for (guint k = 0; filters[k]; k++)
      shown &= passes (item, filters[k]);
    expected += shown;
  }
  g_assert_cmpuint (expected, >, 0);
  g_assert_cmpuint (expected, <, all);
  g_assert_cmpuint (runet_worklist_count_shown (list), ==, expected);
  for (guint i = 0; i < expected; i++)
    for (guint k = 0; filters[k]; k++)
      g_assert_true (passes (runet_worklist_get_shown (list, i), filters[k]));
}

static void
test_filters (void) {
  static const char *const sets[][4] = {
      {"view=2CH"},
      {"quality=poor"},
      {"quality=unknown"},
      {"state=waiting"},
      {"state=failed"},
      {"reason=convexity"},
      {"reason=jump"},
      {"reason=disagreement"},
      {"reason=uncertainty"},
      {"outlier=yes"},
      {"outlier=yes", "view=2CH"},
      {"quality=poor", "reason=jump", "view=2CH"},
  };
  Many many;
  many_init (&many, 1000);
  many_give_results (&many);
  GtkWidget *list = runet_worklist_new ();
  GtkWindow *window = runet_test_window_new (list, 300, 400);
  runet_worklist_set_cases (RUNET_WORKLIST (list), G_LIST_MODEL (many.cases));
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++) {
    g_auto (GStrv) read = NULL;
    g_object_set (list, "filters", sets[i], NULL);
    assert_filtered (RUNET_WORKLIST (list), &many, sets[i]);
    assert_sorted (RUNET_WORKLIST (list), "risk", 1);
    g_object_get (list, "filters", &read, NULL);
    g_assert_cmpuint (g_strv_length (read), ==, g_strv_length ((GStrv)sets[i]));
  }
  /* Options of one criterion add up; words that mean nothing are passed over. */
  const char *both[] = {"view=2CH", "view=4CH", "colour=red", NULL};
  g_object_set (list, "filters", both, NULL);
  g_assert_cmpuint (runet_worklist_count_shown (RUNET_WORKLIST (list)), ==, 2000);
  runet_worklist_show_all (RUNET_WORKLIST (list));
  g_auto (GStrv) none = NULL;
  g_object_get (list, "filters", &none, NULL);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  gtk_window_destroy (window);
  many_clear (&many);
}

/* A filter that hides the chosen row leaves nothing chosen for as long; one that does not keeps it. */
static void
test_filter_and_choice (WorklistFixture *fixture, gconstpointer data) {
  worklist_make_outlier (worklist_get_case (fixture, 1));
  worklist_make_outlier (worklist_get_case (fixture, 2));
  const char *outliers[] = {"outlier=yes", NULL}, *none[] = {NULL};
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 2);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  g_object_set (fixture->list, "filters", none, NULL);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  runet_worklist_step (fixture->list, 9);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_null (worklist_get_selected_name (fixture));
  /* It is still what the viewer shows, so it is chosen again when it comes back. */
  g_object_set (fixture->list, "filters", none, NULL);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
}

/* What is filtered by results follows them, once nobody is at work in the list. */
static void
test_filter_follows (WorklistFixture *fixture, gconstpointer data) {
  const char *outliers[] = {"outlier=yes", NULL};
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  worklist_make_outlier (worklist_get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (500);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
  g_assert_null (worklist_get_selected_name (fixture));
  /* A study that opens with nothing to show has its first case chosen when there is one. */
  runet_worklist_set_cases (fixture->list, NULL);
  runet_case_clear (worklist_get_case (fixture, 3));
  runet_worklist_set_cases (fixture->list, G_LIST_MODEL (fixture->cases));
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  worklist_make_outlier (worklist_get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (500);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  /* A page says why a list is empty, and takes one out of it. */
  const char *poor[] = {"quality=poor", NULL};
  g_object_set (fixture->list, "filters", poor, NULL);
  GtkWidget *stack = worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_STACK);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "nothing");
  GtkWidget *page = gtk_stack_get_visible_child (GTK_STACK (stack));
  g_signal_emit_by_name (worklist_find_widget (page, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 4);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "list");
}

/* ---- Headers and columns ---- */

static GtkWidget *
find_header (WorklistFixture *fixture, guint column) {
  GtkWidget *view =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_COLUMN_VIEW);
  GtkWidget *button = gtk_widget_get_first_child (gtk_widget_get_first_child (view));
  while (column-- > 0)
    button = gtk_widget_get_next_sibling (button);
  return button;
}

static char *
get_order (WorklistFixture *fixture) {
  char *order;
  g_object_get (fixture->list, "order", &order, NULL);
  return order;
}

static void
test_headers (WorklistFixture *fixture, gconstpointer data) {
  static const struct {
    guint column;
    GtkSortType direction;
    const char *order;
  } clicks[] = {
      {RUNET_COLUMN_NAME, GTK_SORT_ASCENDING, "name"},
      {RUNET_COLUMN_NAME, GTK_SORT_DESCENDING, "-name"},
      {RUNET_COLUMN_VIEW, GTK_SORT_ASCENDING, "view"},
      {RUNET_COLUMN_REASONS, GTK_SORT_DESCENDING, "-risk"},
      {RUNET_COLUMN_REASONS, GTK_SORT_ASCENDING, "risk"},
      {RUNET_COLUMN_STATE, GTK_SORT_ASCENDING, "state"},
      {RUNET_COLUMN_QUALITY, GTK_SORT_DESCENDING, "-quality"},
      {RUNET_COLUMN_DISAGREEMENT, GTK_SORT_ASCENDING, "disagreement"},
      {RUNET_COLUMN_UNCERTAINTY, GTK_SORT_ASCENDING, "uncertainty"},
      {RUNET_COLUMN_JUMP, GTK_SORT_ASCENDING, "jump"},
      {RUNET_COLUMN_TEACHING, GTK_SORT_ASCENDING, "teaching"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (clicks); i++) {
    worklist_sort_by_header (fixture, clicks[i].column, clicks[i].direction);
    g_autofree char *order = get_order (fixture);
    g_assert_cmpstr (order, ==, clicks[i].order);
  }
  /* Set from elsewhere, the order is the headers' too. */
  g_object_set (fixture->list, "order", "-view", NULL);
  g_autofree char *order = get_order (fixture);
  g_assert_cmpstr (order, ==, "-view");
  g_assert_cmpint (runet_worklist_get_order (fixture->list), ==, RUNET_ORDER_VIEW);
}

static gboolean
shows (WorklistFixture *fixture, guint column) {
  return gtk_widget_get_visible (find_header (fixture, column));
}

static void
set_width (WorklistFixture *fixture, int width) {
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, 400);
  fixture_wait_ms (300);
}

static void
test_columns (WorklistFixture *fixture, gconstpointer data) {
  g_auto (GStrv) chosen = NULL;
  fixture_wait_ms (200);
  g_assert_true (shows (fixture, RUNET_COLUMN_REASONS));
  g_assert_false (shows (fixture, RUNET_COLUMN_QUALITY));
  g_assert_false (shows (fixture, RUNET_COLUMN_JUMP));
  set_width (fixture, 800);
  g_assert_true (shows (fixture, RUNET_COLUMN_QUALITY));
  g_assert_true (shows (fixture, RUNET_COLUMN_JUMP));
  gtk_widget_activate_action (GTK_WIDGET (fixture->list), "columns.jump", NULL);
  g_assert_false (shows (fixture, RUNET_COLUMN_JUMP));
  g_object_get (fixture->list, "columns", &chosen, NULL);
  g_assert_cmpuint (g_strv_length (chosen), ==, 1);
  g_assert_cmpstr (chosen[0], ==, "-jump");
  const char *wanted[] = {"uncertainty", NULL};
  g_object_set (fixture->list, "columns", wanted, NULL);
  g_assert_true (shows (fixture, RUNET_COLUMN_JUMP));
  set_width (fixture, 300);
  g_assert_true (shows (fixture, RUNET_COLUMN_UNCERTAINTY));
  g_assert_false (shows (fixture, RUNET_COLUMN_JUMP));
  gtk_widget_activate_action (GTK_WIDGET (fixture->list), "columns.automatic", NULL);
  g_assert_false (shows (fixture, RUNET_COLUMN_UNCERTAINTY));
  /* What the list is sorted by is in sight, as long as it is. */
  runet_worklist_set_order (fixture->list, RUNET_ORDER_QUALITY);
  g_assert_true (shows (fixture, RUNET_COLUMN_QUALITY));
  set_width (fixture, 800);
  set_width (fixture, 300);
  g_assert_true (shows (fixture, RUNET_COLUMN_QUALITY));
  runet_worklist_set_order (fixture->list, RUNET_ORDER_RISK);
  g_assert_false (shows (fixture, RUNET_COLUMN_QUALITY));
}

static void
toggle_check (GtkWidget *popover, const char *label) {
  GQueue queue = G_QUEUE_INIT;
  g_queue_push_tail (&queue, popover);
  while (!g_queue_is_empty (&queue)) {
    GtkWidget *widget = g_queue_pop_head (&queue);
    if (GTK_IS_CHECK_BUTTON (widget) &&
        g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), label) ==
            0) {
      gtk_check_button_set_active (GTK_CHECK_BUTTON (widget), TRUE);
      g_queue_clear (&queue);
      return;
    }
    GtkWidget *child = gtk_widget_get_first_child (widget);
    for (; child; child = gtk_widget_get_next_sibling (child))
      g_queue_push_tail (&queue, child);
  }
  g_assert_not_reached ();
}

static void
test_popover (WorklistFixture *fixture, gconstpointer data) {
  GtkWidget *button =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_MENU_BUTTON);
  GtkWidget *popover =
      GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  worklist_make_outlier (worklist_get_case (fixture, 2));
  toggle_check (popover, "Outliers only");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
  toggle_check (popover, "Two-chamber");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  toggle_check (popover, "Four-chamber");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
  g_auto (GStrv) filters = NULL;
  g_object_get (fixture->list, "filters", &filters, NULL);
  g_assert_cmpuint (g_strv_length (filters), ==, 3);
  toggle_check (popover, "Flagged");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  worklist_decide (worklist_get_case (fixture, 2), "!Ada");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
}

/* ---- Chips ---- */

static void
test_chips (void) {
  static const char *const words[] = {"Endo dented", "Epi HD", "LV jumps", NULL};
  GtkWidget *chips = runet_chips_new ();
  GtkWindow *window = runet_test_window_new (chips, 400, 30);
  int least, most;
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), 400), ==, 0);
  runet_chips_set_words (RUNET_CHIPS (chips), words);
  gtk_widget_measure (chips, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &most, NULL, NULL);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), most), ==, 3);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), most - 1), ==, 2);
  /* The count alone rather than a chip of dots; it is never cut. */
  gtk_widget_measure (chips, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, >, 20);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), least), ==, 0);
  runet_test_settle (chips);
  g_assert_false (runet_chips_is_cut (RUNET_CHIPS (chips)));
  gtk_widget_allocate (chips, most - 1, 30, -1, NULL);
  g_assert_true (runet_chips_is_cut (RUNET_CHIPS (chips)));
  runet_chips_set_words (RUNET_CHIPS (chips), NULL);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), 400), ==, 0);
  gtk_window_destroy (window);
}

static void
test_finalize (void) {
  Many many;
  many_init (&many, 30);
  many_give_results (&many);
  GtkWidget *list = g_object_ref_sink (runet_worklist_new ());
  GtkWindow *window = runet_test_window_new (list, 500, 400);
  runet_worklist_set_cases (RUNET_WORKLIST (list), G_LIST_MODEL (many.cases));
  runet_worklist_results_changed (RUNET_WORKLIST (list));
  runet_test_settle (list);
  gtk_window_destroy (window);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (list);
  many_clear (&many);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) \
  g_test_add (path, WorklistFixture, NULL, worklist_set_up, test, worklist_tear_down)
  ADD ("/ui/worklist/step", test_step);
  ADD ("/ui/worklist/order", test_order);
  ADD ("/ui/worklist/order-waits", test_order_waits);
  ADD ("/ui/worklist/order-stays-at-top", test_order_stays_at_top);
  ADD ("/ui/worklist/next-outlier", test_next_outlier);
  ADD ("/ui/worklist/next-unseen", test_next_unseen);
  ADD ("/ui/worklist/next-pending", test_next_pending);
  ADD ("/ui/worklist/begin-at-top", test_begin_at_top);
  ADD ("/ui/worklist/summary", test_summary);
  ADD ("/ui/worklist/search", test_search);
  ADD ("/ui/worklist/filter-and-choice", test_filter_and_choice);
  ADD ("/ui/worklist/filter-follows", test_filter_follows);
  ADD ("/ui/worklist/headers", test_headers);
  ADD ("/ui/worklist/columns", test_columns);
  ADD ("/ui/worklist/popover", test_popover);
#undef ADD
  g_test_add_func ("/ui/worklist/orders", test_orders);
  g_test_add_func ("/ui/worklist/filters", test_filters);
  g_test_add_func ("/ui/worklist/finalize", test_finalize);
  g_test_add_func ("/ui/chips/room", test_chips);
  return g_test_run ();
}
