/* The worklist: order, search, choice, next outlier. */
#include <gtk/gtk.h>

#include "fixture.h"
#include "many-cases.h"
#include "offscreen.h"
#include "ui/case-words.h"
#include "ui/chips.h"
#include "ui/filter-popover.h"
#include "ui/worklist-cell.h"
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
test_filter_and_choice (Fixture *fixture, gconstpointer data) {
  make_outlier (get_case (fixture, 1));
  make_outlier (get_case (fixture, 2));
  const char *outliers[] = {"outlier=yes", NULL}, *none[] = {NULL};
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 2);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  g_object_set (fixture->list, "filters", none, NULL);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  runet_worklist_step (fixture->list, 9);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_null (selected_name (fixture));
  /* It is still what the viewer shows, so it is chosen again when it comes back. */
  g_object_set (fixture->list, "filters", none, NULL);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
}

/* What is filtered by results follows them, once nobody is at work in the list. */
static void
test_filter_follows (Fixture *fixture, gconstpointer data) {
  const char *outliers[] = {"outlier=yes", NULL};
  g_object_set (fixture->list, "filters", outliers, NULL);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  make_outlier (get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  settle (500);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
  g_assert_null (selected_name (fixture));
  /* A study that opens with nothing to show has its first case chosen when there is one. */
  runet_worklist_set_cases (fixture->list, NULL);
  runet_case_clear (get_case (fixture, 3));
  runet_worklist_set_cases (fixture->list, G_LIST_MODEL (fixture->cases));
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
  make_outlier (get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  settle (500);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  /* A page says why a list is empty, and takes one out of it. */
  const char *poor[] = {"quality=poor", NULL};
  g_object_set (fixture->list, "filters", poor, NULL);
  GtkWidget *stack = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_STACK);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "nothing");
  GtkWidget *page = gtk_stack_get_visible_child (GTK_STACK (stack));
  g_signal_emit_by_name (find_widget (page, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 4);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "list");
}

/* What a click on a header comes to: the button of the mouse that it asks for is only there in a real one. */
static void
sort_by_header (Fixture *fixture, guint column, GtkSortType direction) {
  GtkWidget *view = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_COLUMN_VIEW);
  g_autoptr (GtkColumnViewColumn) one = g_list_model_get_item (
      gtk_column_view_get_columns (GTK_COLUMN_VIEW (view)), column);
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (view), one, direction);
}

/* ---- Review ---- */

/* Gives a case what its readers did: "+Ada" accepts, "~Ada" corrects, "-Ada" rejects, "!Ada" flags. */
static void
review (RunetCase *item, const char *const *deeds) {
  static const struct {
    char sign;
    RunetEventKind kind;
  } kinds[] = {{'+', RUNET_EVENT_ACCEPT},
               {'-', RUNET_EVENT_REJECT},
               {'!', RUNET_EVENT_FLAG},
               {'~', RUNET_EVENT_EDIT}};
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, runet_case_get_name (item),
                      runet_case_get_view (item));
  for (guint i = 0; deeds[i]; i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
      if (deeds[i][0] != kinds[k].sign)
        continue;
      RunetEvent *event = runet_event_new (kinds[k].kind, deeds[i] + 1, &subject);
      if (event->kind == RUNET_EVENT_REJECT)
        event->rejection = RUNET_REJECTION_POOR_IMAGE;
      event->number = events->len + 1;
      event->time = g_date_time_new_utc (2026, 11, 25, 15, 42, 0);
      g_ptr_array_add (events, event);
    }
  g_autoptr (RunetReviewState) state = runet_review_state_new (&subject, events);
  runet_case_set_review (item, state);
}

static void
decide (RunetCase *item, const char *deed) {
  const char *deeds[] = {deed, NULL};
  review (item, deeds);
}

static GtkWidget *
find_state_cell (GtkWidget *widget, RunetCase *item) {
  if (RUNET_IS_WORKLIST_CELL (widget)) {
    RunetPlace *place = runet_worklist_cell_get_place (RUNET_WORKLIST_CELL (widget));
    GtkWidget *content = gtk_widget_get_first_child (widget);
    return GTK_IS_IMAGE (content) && place && runet_place_get_case (place) == item
               ? widget
               : NULL;
  }
  GtkWidget *child = gtk_widget_get_first_child (widget), *found = NULL;
  for (; child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_state_cell (child, item);
  return found;
}

/* The names of the icons that are seen, "spinner" for one that turns. */
static char *
list_icons (GtkWidget *cell) {
  g_autoptr (GString) names = g_string_new (NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (cell); child;
       child = gtk_widget_get_next_sibling (child)) {
    if (!gtk_widget_get_visible (child))
      continue;
    const char *name = GTK_IS_SPINNER (child)
                           ? "spinner"
                           : gtk_image_get_icon_name (GTK_IMAGE (child));
    g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", name);
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_icons (Fixture *fixture, RunetCase *item, const char *expected) {
  GtkWidget *cell = find_state_cell (GTK_WIDGET (fixture->list), item);
  g_assert_nonnull (cell);
  g_autofree char *icons = list_icons (cell);
  g_assert_cmpstr (icons, ==, expected);
}

static void
assert_says (Fixture *fixture,
             RunetCase *item,
             GtkAccessibleProperty property,
             const char *words) {
  GtkWidget *cell = find_state_cell (GTK_WIDGET (fixture->list), item);
  g_autofree char *problem =
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (cell), property, words);
  g_assert_cmpstr (problem, ==, NULL);
}

/* The state of the run until it is over, then what people decided, as soon as they do. */
static void
test_status (Fixture *fixture, gconstpointer data) {
  RunetCase *item = get_case (fixture, 0);
  const char *corrected[] = {"~Ada", "+Ada", NULL};
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  assert_icons (fixture, item, "runet-pending-symbolic");
  decide (item, "+Ada");
  assert_icons (fixture, item, "runet-pending-symbolic");
  runet_case_set_state (item, RUNET_CASE_RUNNING, NULL);
  assert_icons (fixture, item, "spinner");
  make_outlier (item);
  assert_icons (fixture, item, "runet-accepted-symbolic");
  runet_case_set_review (item, NULL);
  assert_icons (fixture, item, "runet-outlier-symbolic");
  decide (item, "!Ada");
  assert_icons (fixture, item, "runet-outlier-symbolic runet-flag-symbolic");
  review (item, corrected);
  assert_icons (fixture, item, "runet-corrected-symbolic");
  decide (item, "-Ada");
  assert_icons (fixture, item, "runet-rejected-symbolic");
  review (item, disputed);
  assert_icons (fixture, item, "runet-disagreement-symbolic runet-flag-symbolic");
  runet_case_clear (item);
  runet_case_set_review (item, NULL);
  runet_case_set_state (item, RUNET_CASE_FAILED, "not there");
  assert_icons (fixture, item, "runet-failed-symbolic");
}

static void
test_status_words (Fixture *fixture, gconstpointer data) {
  RunetCase *item = get_case (fixture, 0);
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  make_outlier (item);
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_LABEL, "outlier, Not reviewed");
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
               "outlier\nNot reviewed");
  review (item, disputed);
  g_autofree char *words = runet_case_describe_review (item);
  g_autoptr (GDateTime) time = g_date_time_new_utc (2026, 11, 25, 15, 42, 0);
  g_autoptr (GDateTime) local = g_date_time_to_local (time);
  g_autofree char *when = g_date_time_format (local, "%-d %b %Y, %H:%M");
  g_autofree char *expected = g_strdup_printf ("Readers disagree\n"
                                               "Accepted · Ada · %s\n"
                                               "Rejected: Poor image · Bo · %s\n"
                                               "Flagged: Bo · %s",
                                               when, when, when);
  g_autofree char *described = g_strdup_printf ("outlier\n%s", expected);
  g_assert_cmpstr (words, ==, expected);
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_LABEL,
               "outlier, Readers disagree, Flagged");
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, described);
}

static char *
list_shown (Fixture *fixture) {
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < runet_worklist_count_shown (fixture->list); i++) {
    const char *name =
        runet_case_get_name (runet_worklist_get_shown (fixture->list, i));
    g_string_append_c (names, name[strlen (name) - 1]);
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_shown (Fixture *fixture, const char *expected) {
  g_autofree char *shown = list_shown (fixture);
  g_assert_cmpstr (shown, ==, expected);
}

static void
set_filters (Fixture *fixture, const char *first, const char *second) {
  const char *filters[] = {first, second, NULL};
  g_object_set (fixture->list, "filters", filters, NULL);
}

static void
test_review_filter (Fixture *fixture, gconstpointer data) {
  static const char *const expected[][2] = {
      {"review=none", "4"},     {"review=accepted", "1"}, {"review=corrected", "2"},
      {"review=rejected", "3"}, {"review=flagged", "34"}, {"review=disputed", "3"},
  };
  const char *corrected[] = {"~Ada", "+Ada", NULL};
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  decide (get_case (fixture, 0), "+Ada");
  review (get_case (fixture, 1), corrected);
  review (get_case (fixture, 2), disputed);
  decide (get_case (fixture, 3), "!Ada");
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_auto (GStrv) read = NULL;
    set_filters (fixture, expected[i][0], NULL);
    assert_shown (fixture, expected[i][1]);
    g_object_get (fixture->list, "filters", &read, NULL);
    g_assert_cmpuint (g_strv_length (read), ==, 1);
    g_assert_cmpstr (read[0], ==, expected[i][0]);
  }
  set_filters (fixture, "review=accepted", "review=flagged");
  assert_shown (fixture, "134");
}

/* Whoever accepts row after row is led to every one, the one in the place of the hidden row first. */
static void
test_review_steps (Fixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  decide (get_case (fixture, 1), "+Ada");
  assert_shown (fixture, "134");
  g_assert_null (selected_name (fixture));
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0003");
  /* Another reader is faster with the one that would be next. */
  decide (get_case (fixture, 0), "-Ada");
  g_assert_cmpstr (selected_name (fixture), ==, "patient0003");
  decide (get_case (fixture, 2), "+Ada");
  assert_shown (fixture, "4");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  /* What was undone is back where it was, at once. */
  runet_case_set_review (get_case (fixture, 2), NULL);
  runet_case_set_review (get_case (fixture, 0), NULL);
  assert_shown (fixture, "134");
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  g_assert_true (runet_worklist_select (fixture->list, get_case (fixture, 2)));
  decide (get_case (fixture, 2), "-Ada");
  decide (get_case (fixture, 3), "-Bo");
  assert_shown (fixture, "1");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
}

static void
test_review_steps_back (Fixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 2);
  decide (get_case (fixture, 2), "-Ada");
  decide (get_case (fixture, 3), "-Bo");
  assert_shown (fixture, "12");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  /* A decision taken back while its case is still what is looked at. */
  decide (get_case (fixture, 1), "-Ada");
  g_assert_null (selected_name (fixture));
  runet_case_set_review (get_case (fixture, 1), NULL);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
}

/* What the key does that is pressed in the list; TRUE when nobody else is to see it. */
static gboolean
press (Fixture *fixture, guint key) {
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (fixture->list));
  gboolean handled = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) one = g_list_model_get_item (controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_KEY (one))
      g_signal_emit_by_name (one, "key-pressed", key, 0, 0, &handled);
  }
  return handled;
}

/* Arrows would go on from the place of the hidden row, where the next one is by now. */
static void
test_review_arrows (Fixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 1);
  settle (100);
  GtkWidget *cell = find_state_cell (GTK_WIDGET (fixture->list), get_case (fixture, 1));
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (cell)));
  g_assert_false (press (fixture, GDK_KEY_Down));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0002");
  decide (get_case (fixture, 1), "-Ada");
  g_assert_null (selected_name (fixture));
  g_assert_true (press (fixture, GDK_KEY_Down));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0003");
  decide (get_case (fixture, 2), "-Ada");
  g_assert_true (press (fixture, GDK_KEY_Up));
  g_assert_cmpstr (selected_name (fixture), ==, "patient0001");
}

/* Not reviewed before reviewed; the row that was decided on stays in its place until it is left. */
static void
test_review_order (Fixture *fixture, gconstpointer data) {
  const char *disputed[] = {"+Ada", "-Bo", NULL};
  for (guint i = 0; i < 4; i++)
    runet_case_set_state (get_case (fixture, i), RUNET_CASE_DONE, NULL);
  decide (get_case (fixture, 0), "-Ada");
  review (get_case (fixture, 2), disputed);
  sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_ASCENDING);
  assert_shown (fixture, "2431");
  sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_DESCENDING);
  assert_shown (fixture, "1324");
  sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_ASCENDING);
  g_assert_true (runet_worklist_select (fixture->list, get_case (fixture, 1)));
  decide (get_case (fixture, 1), "+Ada");
  settle (6000);
  assert_shown (fixture, "2431");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
  settle (6000);
  assert_shown (fixture, "4321");
  g_assert_cmpstr (selected_name (fixture), ==, "patient0004");
}

/* ---- Headers and columns ---- */

static GtkWidget *
find_header (Fixture *fixture, guint column) {
  GtkWidget *view = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_COLUMN_VIEW);
  GtkWidget *button = gtk_widget_get_first_child (gtk_widget_get_first_child (view));
  while (column-- > 0)
    button = gtk_widget_get_next_sibling (button);
  return button;
}

static char *
get_order (Fixture *fixture) {
  char *order;
  g_object_get (fixture->list, "order", &order, NULL);
  return order;
}

static void
test_headers (Fixture *fixture, gconstpointer data) {
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
  };
  for (guint i = 0; i < G_N_ELEMENTS (clicks); i++) {
    sort_by_header (fixture, clicks[i].column, clicks[i].direction);
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
shows (Fixture *fixture, guint column) {
  return gtk_widget_get_visible (find_header (fixture, column));
}

static void
set_width (Fixture *fixture, int width) {
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, 400);
  settle (300);
}

static void
test_columns (Fixture *fixture, gconstpointer data) {
  g_auto (GStrv) chosen = NULL;
  settle (200);
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
test_popover (Fixture *fixture, gconstpointer data) {
  GtkWidget *button = find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_MENU_BUTTON);
  GtkWidget *popover =
      GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  make_outlier (get_case (fixture, 2));
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
  decide (get_case (fixture, 2), "!Ada");
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 1);
}

/* ---- Chips ---- */

static void
test_chips (void) {
  static const char *const words[] = {"Endo dented", "Epi HD", "LV jumps", NULL};
  GtkWidget *chips = runet_chips_new ();
  GtkWindow *window = runet_test_window_new (chips, 400, 30);
  int most;
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), 400), ==, 0);
  runet_chips_set_words (RUNET_CHIPS (chips), words);
  gtk_widget_measure (chips, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &most, NULL, NULL);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), most), ==, 3);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), most - 1), ==, 2);
  g_assert_cmpuint (runet_chips_count_shown (RUNET_CHIPS (chips), 20), ==, 1);
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
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/worklist/step", test_step);
  ADD ("/ui/worklist/order", test_order);
  ADD ("/ui/worklist/order-waits", test_order_waits);
  ADD ("/ui/worklist/order-stays-at-top", test_order_stays_at_top);
  ADD ("/ui/worklist/next-outlier", test_next_outlier);
  ADD ("/ui/worklist/search", test_search);
  ADD ("/ui/worklist/filter-and-choice", test_filter_and_choice);
  ADD ("/ui/worklist/filter-follows", test_filter_follows);
  ADD ("/ui/worklist/status", test_status);
  ADD ("/ui/worklist/status-words", test_status_words);
  ADD ("/ui/worklist/review-filter", test_review_filter);
  ADD ("/ui/worklist/review-steps", test_review_steps);
  ADD ("/ui/worklist/review-steps-back", test_review_steps_back);
  ADD ("/ui/worklist/review-arrows", test_review_arrows);
  ADD ("/ui/worklist/review-order", test_review_order);
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
