/* The list of versions and the list of control points: what they say, and what choosing in them does. */
#include <gtk/gtk.h>
#include <string.h>

#include "study.h"
#include "ui/point-list.h"
#include "ui/version-list.h"
#include "widget-search.h"

#define ADA "Ada Lovelace"
#define BEN "Ben Casey"

static void
set_up (Study *study, gconstpointer data) {
  study->folder = fixture_folder ();
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, FALSE);
  study_open (study);
}

static RunetEvent *
event_new (RunetCase *item, const char *author, RunetEventKind kind, gint64 number) {
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, runet_case_get_patient (item)->id,
                      runet_case_get_view (item));
  if (kind == RUNET_EVENT_EDIT)
    subject.instant = RUNET_INSTANT_ED;
  RunetEvent *event = runet_event_new (kind, author, &subject);
  event->number = number;
  event->time = g_date_time_new_utc (2026, 11, 25, 15, 42, 0);
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_POOR_IMAGE;
  return event;
}

static void
review (RunetCase *item, const GPtrArray *events) {
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, runet_case_get_patient (item)->id,
                      runet_case_get_view (item));
  g_autoptr (RunetReviewState) state = runet_review_state_new (&subject, events);
  runet_case_set_review (item, state);
}

/* Visible labels and buttons with @text in them. */
static guint
count_text (GtkWidget *widget, const char *text) {
  if (!gtk_widget_get_visible (widget))
    return 0;
  guint count = GTK_IS_LABEL (widget) &&
                strstr (gtk_label_get_label (GTK_LABEL (widget)), text) != NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    count += count_text (child, text);
  return count;
}

static void
test_versions (Study *study, gconstpointer data) {
  RunetCase *item = study_get_case (study, 0);
  GtkWidget *widget = g_object_ref_sink (runet_version_list_new ());
  RunetVersionList *list = RUNET_VERSION_LIST (widget);
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  runet_version_list_show (list, item, ADA);
  g_assert_false (gtk_widget_get_visible (widget));

  /* The author's own are on the image anyway. */
  g_ptr_array_add (events, event_new (item, ADA, RUNET_EVENT_EDIT, 1));
  review (item, events);
  runet_version_list_show (list, item, ADA);
  g_assert_false (gtk_widget_get_visible (widget));

  /* Somebody else's can be looked at and adopted. */
  runet_version_list_show (list, item, BEN);
  g_assert_true (gtk_widget_get_visible (widget));
  g_assert_cmpuint (count_text (widget, ADA), ==, 1);
  g_assert_cmpuint (count_text (widget, "1 frame corrected"), ==, 1);
  g_assert_cmpuint (count_text (widget, "Adopt"), ==, 1);
  g_assert_cmpuint (count_text (widget, "adjudicator"), ==, 0);

  /* Where two differ there is a last word to be said. */
  g_ptr_array_add (events, event_new (item, ADA, RUNET_EVENT_ACCEPT, 2));
  g_ptr_array_add (events, event_new (item, BEN, RUNET_EVENT_REJECT, 3));
  review (item, events);
  runet_version_list_show (list, item, BEN);
  g_assert_cmpuint (count_text (widget, "Decide as adjudicator"), ==, 1);
  runet_version_list_show (list, NULL, BEN);
  g_assert_false (gtk_widget_get_visible (widget));
  g_assert_finalize_object (widget);
}

static void
count_cb (GtkWidget *widget, guint *count) {
  (*count)++;
}

static void
test_points (void) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (FIXTURE_WIDTH, FIXTURE_HEIGHT, 1, FIXTURE_SPACING_MM,
                      FIXTURE_SPACING_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  guint8 labels[FIXTURE_WIDTH * FIXTURE_HEIGHT];
  fixture_draw (FIXTURE_PLAIN, labels);
  g_autoptr (RunetCorrection) correction = runet_correction_new (grid, labels);
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  GtkWidget *widget = g_object_ref_sink (runet_point_list_new ());
  GtkWidget *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (window), widget);
  runet_point_list_set_editor (RUNET_POINT_LIST (widget), editor);
  gtk_expander_set_expanded (GTK_EXPANDER (find_type (widget, GTK_TYPE_EXPANDER)),
                             TRUE);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  const RunetContourModel *model = &correction->model;
  GtkListBox *list = GTK_LIST_BOX (find_type (widget, GTK_TYPE_LIST_BOX));
  guint rows = 0;
  while (gtk_list_box_get_row_at_index (list, (int)rows))
    rows++;
  g_assert_cmpuint (rows, ==,
                    model->count[RUNET_STRUCTURE_ENDO] +
                        model->count[RUNET_STRUCTURE_EPI] +
                        model->count[RUNET_STRUCTURE_LA]);
  g_assert_cmpuint (count_text (widget, "apex"), ==, 1);
  g_assert_cmpuint (count_text (widget, "mitral annulus"), ==, 4);

  /* From the list to the editor, and back. */
  guint chosen = 0;
  g_signal_connect (widget, "selected", G_CALLBACK (count_cb), &chosen);
  gtk_list_box_select_row (list,
                           gtk_list_box_get_row_at_index (
                               list, (int)model->count[RUNET_STRUCTURE_ENDO] + 2));
  g_assert_cmpuint (chosen, ==, 1);
  RunetHit selected = runet_editor_get_selected (editor);
  g_assert_cmpint (selected.structure, ==, RUNET_STRUCTURE_EPI);
  g_assert_cmpuint (selected.index, ==, 2);
  runet_editor_select (editor, RUNET_STRUCTURE_ENDO, 1);
  runet_point_list_refresh (RUNET_POINT_LIST (widget));
  g_assert_cmpuint (chosen, ==, 1);
  g_assert_cmpint (gtk_list_box_row_get_index (gtk_list_box_get_selected_row (list)),
                   ==, 1);
  runet_editor_insert (editor);
  runet_point_list_refresh (RUNET_POINT_LIST (widget));
  g_assert_nonnull (gtk_list_box_get_row_at_index (list, (int)rows));

  runet_point_list_set_editor (RUNET_POINT_LIST (widget), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (widget);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/versions/list", Study, NULL, set_up, test_versions, study_tear_down);
  g_test_add_func ("/ui/versions/points", test_points);
  return g_test_run ();
}
