/* A worklist of four patients in a window. */
#include "worklist-fixture.h"

#include "fixture.h"
#include "ui/worklist-columns.h"

void
worklist_set_up (WorklistFixture *fixture, gconstpointer data) {
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

void
worklist_tear_down (WorklistFixture *fixture, gconstpointer data) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->cases);
  runet_dataset_unref (fixture->dataset);
  fixture_remove (fixture->folder);
}

const char *
worklist_get_selected_name (WorklistFixture *fixture) {
  RunetCase *item = runet_worklist_get_selected (fixture->list);
  return item ? runet_case_get_name (item) : NULL;
}

RunetCase *
worklist_get_case (WorklistFixture *fixture, guint index) {
  g_autoptr (RunetCase) item =
      g_list_model_get_item (G_LIST_MODEL (fixture->cases), index);
  return item;
}

void
worklist_give_result (RunetCase *item, FixtureKind kind) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (kind, labels);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  g_autoptr (RunetFrameResult) result =
      runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  runet_case_set_instant_result (item, RUNET_INSTANT_ED, result);
  runet_case_set_state (item, RUNET_CASE_DONE, NULL);
}

void
worklist_make_outlier (RunetCase *item) {
  worklist_give_result (item, FIXTURE_DENTED);
}

GtkWidget *
worklist_find_widget (GtkWidget *widget, GType type) {
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  for (; child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = worklist_find_widget (child, type);
    if (found)
      return found;
  }
  return NULL;
}

/* What a click on a header comes to: the button of the mouse that it asks for is only there in a real one. */
void
worklist_sort_by_header (WorklistFixture *fixture,
                         guint column,
                         GtkSortType direction) {
  GtkWidget *view =
      worklist_find_widget (GTK_WIDGET (fixture->list), GTK_TYPE_COLUMN_VIEW);
  g_autoptr (GtkColumnViewColumn) one = g_list_model_get_item (
      gtk_column_view_get_columns (GTK_COLUMN_VIEW (view)), column);
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (view), one, direction);
}

/* Gives a case what its readers did: "+Ada" accepts, "~Ada" corrects, "-Ada" rejects, "!Ada" flags. */
void
worklist_review (RunetCase *item, const char *const *deeds) {
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

void
worklist_decide (RunetCase *item, const char *deed) {
  const char *deeds[] = {deed, NULL};
  worklist_review (item, deeds);
}
