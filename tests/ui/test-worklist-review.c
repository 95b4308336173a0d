/* What the worklist shows of people's decisions: icons and words, the filter, the order, and that whoever
 * decides row after row is led to every one. */
#include <gtk/gtk.h>
#include <string.h>

#include "fixture.h"
#include "worklist-fixture.h"
#include "ui/case-words.h"
#include "ui/chips.h"
#include "ui/worklist-cell.h"
#include "ui/worklist-columns.h"

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
assert_icons (WorklistFixture *fixture, RunetCase *item, const char *expected) {
  GtkWidget *cell = find_state_cell (GTK_WIDGET (fixture->list), item);
  g_assert_nonnull (cell);
  g_autofree char *icons = list_icons (cell);
  g_assert_cmpstr (icons, ==, expected);
}

static void
assert_says (WorklistFixture *fixture,
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
test_status (WorklistFixture *fixture, gconstpointer data) {
  RunetCase *item = worklist_get_case (fixture, 0);
  const char *corrected[] = {"~Ada", "+Ada", NULL};
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  assert_icons (fixture, item, "runet-pending-symbolic");
  worklist_decide (item, "+Ada");
  assert_icons (fixture, item, "runet-pending-symbolic");
  runet_case_set_state (item, RUNET_CASE_RUNNING, NULL);
  assert_icons (fixture, item, "spinner");
  worklist_make_outlier (item);
  assert_icons (fixture, item, "runet-accepted-symbolic");
  runet_case_set_review (item, NULL);
  assert_icons (fixture, item, "runet-outlier-symbolic");
  worklist_decide (item, "!Ada");
  assert_icons (fixture, item, "runet-outlier-symbolic runet-flag-symbolic");
  worklist_review (item, corrected);
  assert_icons (fixture, item, "runet-corrected-symbolic");
  worklist_decide (item, "-Ada");
  assert_icons (fixture, item, "runet-rejected-symbolic");
  worklist_review (item, disputed);
  assert_icons (fixture, item, "runet-disagreement-symbolic runet-flag-symbolic");
  runet_case_clear (item);
  runet_case_set_review (item, NULL);
  runet_case_set_state (item, RUNET_CASE_FAILED, "not there");
  assert_icons (fixture, item, "runet-failed-symbolic");
}

/* One case that is flagged takes nothing from the reasons of the others. */
static void
test_flag_width (WorklistFixture *fixture, gconstpointer data) {
  RunetCase *item = worklist_get_case (fixture, 2);
  worklist_make_outlier (item);
  fixture_wait_ms (300);
  GtkWidget *chips =
      worklist_find_widget (GTK_WIDGET (fixture->list), RUNET_TYPE_CHIPS);
  const int width = gtk_widget_get_width (chips);
  worklist_decide (item, "!Ada");
  fixture_wait_ms (300);
  g_assert_cmpint (width, >, 0);
  g_assert_cmpint (gtk_widget_get_width (chips), ==, width);
}

static void
test_status_words (WorklistFixture *fixture, gconstpointer data) {
  RunetCase *item = worklist_get_case (fixture, 0);
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  worklist_make_outlier (item);
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_LABEL, "outlier, Not reviewed");
  assert_says (fixture, item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
               "outlier\nNot reviewed");
  worklist_review (item, disputed);
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
list_shown (WorklistFixture *fixture) {
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < runet_worklist_count_shown (fixture->list); i++) {
    const char *name =
        runet_case_get_name (runet_worklist_get_shown (fixture->list, i));
    g_string_append_c (names, name[strlen (name) - 1]);
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_shown (WorklistFixture *fixture, const char *expected) {
  g_autofree char *shown = list_shown (fixture);
  g_assert_cmpstr (shown, ==, expected);
}

static void
set_filters (WorklistFixture *fixture, const char *first, const char *second) {
  const char *filters[] = {first, second, NULL};
  g_object_set (fixture->list, "filters", filters, NULL);
}

static void
test_review_filter (WorklistFixture *fixture, gconstpointer data) {
  static const char *const expected[][2] = {
      {"review=none", "4"},     {"review=accepted", "1"}, {"review=corrected", "2"},
      {"review=rejected", "3"}, {"review=flagged", "34"}, {"review=disputed", "3"},
  };
  const char *corrected[] = {"~Ada", "+Ada", NULL};
  const char *disputed[] = {"+Ada", "-Bo", "!Bo", NULL};
  worklist_decide (worklist_get_case (fixture, 0), "+Ada");
  worklist_review (worklist_get_case (fixture, 1), corrected);
  worklist_review (worklist_get_case (fixture, 2), disputed);
  worklist_decide (worklist_get_case (fixture, 3), "!Ada");
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
test_review_steps (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  worklist_decide (worklist_get_case (fixture, 1), "+Ada");
  assert_shown (fixture, "134");
  g_assert_null (worklist_get_selected_name (fixture));
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
  /* Another reader is faster with the one that would be next. */
  worklist_decide (worklist_get_case (fixture, 0), "-Ada");
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
  worklist_decide (worklist_get_case (fixture, 2), "+Ada");
  assert_shown (fixture, "4");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  /* What was undone is back where it was, at once. */
  runet_case_set_review (worklist_get_case (fixture, 2), NULL);
  runet_case_set_review (worklist_get_case (fixture, 0), NULL);
  assert_shown (fixture, "134");
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  g_assert_true (runet_worklist_select (fixture->list, worklist_get_case (fixture, 2)));
  worklist_decide (worklist_get_case (fixture, 2), "-Ada");
  worklist_decide (worklist_get_case (fixture, 3), "-Bo");
  assert_shown (fixture, "1");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
}

static void
test_review_steps_back (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 2);
  worklist_decide (worklist_get_case (fixture, 2), "-Ada");
  worklist_decide (worklist_get_case (fixture, 3), "-Bo");
  assert_shown (fixture, "12");
  runet_worklist_step (fixture->list, -1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  /* A decision taken back while its case is still what is looked at. */
  worklist_decide (worklist_get_case (fixture, 1), "-Ada");
  g_assert_null (worklist_get_selected_name (fixture));
  runet_case_set_review (worklist_get_case (fixture, 1), NULL);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
}

/* What the key does that is pressed in the list; TRUE when nobody else is to see it. */
static gboolean
press (WorklistFixture *fixture, guint key) {
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
test_review_arrows (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  set_filters (fixture, "review=none", NULL);
  runet_worklist_step (fixture->list, 1);
  fixture_wait_ms (100);
  GtkWidget *cell =
      find_state_cell (GTK_WIDGET (fixture->list), worklist_get_case (fixture, 1));
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (cell)));
  g_assert_false (press (fixture, GDK_KEY_Down));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  worklist_decide (worklist_get_case (fixture, 1), "-Ada");
  g_assert_null (worklist_get_selected_name (fixture));
  g_assert_true (press (fixture, GDK_KEY_Down));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0003");
  worklist_decide (worklist_get_case (fixture, 2), "-Ada");
  g_assert_true (press (fixture, GDK_KEY_Up));
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0001");
}

/* A second reader sees what he has not read, whoever has. */
static void
test_unread (WorklistFixture *fixture, gconstpointer data) {
  runet_worklist_set_order (fixture->list, RUNET_ORDER_NAME);
  worklist_decide (worklist_get_case (fixture, 0), "+Ada");
  worklist_decide (worklist_get_case (fixture, 2), "+Bo");
  set_filters (fixture, "own=none", NULL);
  assert_shown (fixture, "1234");
  runet_worklist_set_author (fixture->list, "Bo");
  assert_shown (fixture, "124");
  const char *both[] = {"+Ada", "+Bo", NULL};
  worklist_review (worklist_get_case (fixture, 0), both);
  assert_shown (fixture, "24");
  runet_worklist_set_author (fixture->list, "Ada");
  assert_shown (fixture, "234");
  /* Read by others, and not by her. */
  set_filters (fixture, "own=none", "review=accepted");
  assert_shown (fixture, "3");
}

/* Not reviewed before reviewed; the row that was decided on stays in its place until it is left. */
static void
test_review_order (WorklistFixture *fixture, gconstpointer data) {
  const char *disputed[] = {"+Ada", "-Bo", NULL};
  for (guint i = 0; i < 4; i++)
    runet_case_set_state (worklist_get_case (fixture, i), RUNET_CASE_DONE, NULL);
  worklist_decide (worklist_get_case (fixture, 0), "-Ada");
  worklist_review (worklist_get_case (fixture, 2), disputed);
  worklist_sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_ASCENDING);
  assert_shown (fixture, "2431");
  worklist_sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_DESCENDING);
  assert_shown (fixture, "1324");
  worklist_sort_by_header (fixture, RUNET_COLUMN_STATE, GTK_SORT_ASCENDING);
  g_assert_true (runet_worklist_select (fixture->list, worklist_get_case (fixture, 1)));
  worklist_decide (worklist_get_case (fixture, 1), "+Ada");
  fixture_wait_ms (6000);
  assert_shown (fixture, "2431");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
  fixture_wait_ms (6000);
  assert_shown (fixture, "4321");
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0004");
}

/* A row that somebody works on keeps its place until it is left, so that no other is passed over. */
static void
test_review_held (WorklistFixture *fixture, gconstpointer data) {
  for (guint i = 0; i < 4; i++)
    runet_case_set_state (worklist_get_case (fixture, i), RUNET_CASE_DONE, NULL);
  g_assert_true (runet_worklist_select (fixture->list, worklist_get_case (fixture, 0)));
  fixture_wait_ms (6000);
  assert_shown (fixture, "1234");
  worklist_decide (worklist_get_case (fixture, 0), "!Ada");
  worklist_make_outlier (worklist_get_case (fixture, 3));
  runet_worklist_results_changed (fixture->list);
  fixture_wait_ms (6000);
  assert_shown (fixture, "1234");
  runet_worklist_step (fixture->list, 1);
  g_assert_cmpstr (worklist_get_selected_name (fixture), ==, "patient0002");
  fixture_wait_ms (6000);
  assert_shown (fixture, "4123");
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) \
  g_test_add (path, WorklistFixture, NULL, worklist_set_up, test, worklist_tear_down)
  ADD ("/ui/worklist-review/status", test_status);
  ADD ("/ui/worklist-review/status-words", test_status_words);
  ADD ("/ui/worklist-review/flag-width", test_flag_width);
  ADD ("/ui/worklist-review/filter", test_review_filter);
  ADD ("/ui/worklist-review/steps", test_review_steps);
  ADD ("/ui/worklist-review/steps-back", test_review_steps_back);
  ADD ("/ui/worklist-review/arrows", test_review_arrows);
  ADD ("/ui/worklist-review/order", test_review_order);
  ADD ("/ui/worklist-review/held", test_review_held);
  ADD ("/ui/worklist-review/unread", test_unread);
#undef ADD
  return g_test_run ();
}
