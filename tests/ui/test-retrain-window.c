/* The window of retraining, with a process that says what it is told to. */
#include <glib/gstdio.h>

#include "core/retraining/retraining.h"
#include "retrain-fixture.h"
#include "tests/core/record-fixture.h"
#include "ui/gate-cases.h"
#include "ui/promote-dialog.h"
#include "ui/retrain-place.h"
#include "ui/retrain-window.h"
#include "widget-search.h"

typedef struct {
  RecordFixture record;
  RunetRetrainRun *run;
  RunetRetrainWindow *window;
  GtkWidget *widget; /* the same */
} Fixture;

static void
open_window (Fixture *fixture) {
  fixture->run = runet_retrain_run_new ();
  fixture->window = runet_retrain_window_new (fixture->run);
  fixture->widget = GTK_WIDGET (fixture->window);
  runet_retrain_window_set_author (fixture->window, "Ada");
  runet_retrain_window_set_model (fixture->window, "/no/ru-net.safetensors", "ru-net");
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
close_window (Fixture *fixture) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture_wait_ms (20);
  g_assert_finalize_object (fixture->run);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autofree char *program = fake_get_path ();
  g_setenv ("RUNET_PROGRAM", program, TRUE);
  record_set_up (&fixture->record, 3);
  open_window (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  close_window (fixture);
  record_tear_down (&fixture->record);
}

static void
open_study (Fixture *fixture) {
  runet_retrain_window_set_study (fixture->window, fixture->record.dataset,
                                  fixture->record.record);
}

static gboolean
can_start (Fixture *fixture) {
  return gtk_widget_is_sensitive (find_button (fixture->widget, "Start Retraining"));
}

static void
accept_two (Fixture *fixture) {
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_accept (&fixture->record, "Grace", 1, RUNET_VIEW_A4C, 0);
}

/* ---- What it will learn from ---- */

static void
test_nothing (Fixture *fixture, gconstpointer data) {
  runet_retrain_window_set_study (fixture->window, NULL, NULL);
  g_assert_true (shows_text (fixture->widget, "Open a folder of studies first."));
  g_assert_false (can_start (fixture));
  open_study (fixture);
  g_assert_true (shows_text (fixture->widget, "Reading the record …"));
  wait_for_text (fixture->widget, "Nothing yet");
  g_assert_true (shows_text (
      fixture->widget, "There is nothing to learn from. Accept or correct contours "
                       "first: each of them is a lesson."));
  g_assert_false (can_start (fixture));
}

static void
test_intake (Fixture *fixture, gconstpointer data) {
  accept_two (fixture);
  record_decide (&fixture->record, "Ada", 1, RUNET_VIEW_A2C, RUNET_EVENT_REJECT, NULL);
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A2C, 0);
  record_decide (&fixture->record, "Grace", 0, RUNET_VIEW_A2C, RUNET_EVENT_REJECT,
                 NULL);
  open_study (fixture);
  wait_for_text (fixture->widget, "4 corrected frames");
  g_assert_true (shows_text (fixture->widget, "ru-net"));
  g_assert_true (shows_text (fixture->widget, "2 patients, 2 readers"));
  /* Those of the third patient. */
  g_assert_true (shows_text (
      fixture->widget, "4 images with experts’ contours, 2 for each frame above"));
  g_assert_true (shows_text (fixture->widget, "2 left out, and why"));
  g_assert_true (can_start (fixture));
  gtk_expander_set_expanded (find_type (fixture->widget, GTK_TYPE_EXPANDER), TRUE);
  fixture_wait_ms (20);
  g_assert_true (shows_text (fixture->widget, "Rejected: 1"));
  g_assert_true (shows_text (fixture->widget, "patient0002 2CH"));
  g_assert_true (
      shows_text (fixture->widget, "Readers disagree, and nobody adjudicated: 1"));

  /* Without a model there is nothing to begin with. */
  runet_retrain_window_set_model (fixture->window, NULL, NULL);
  g_assert_false (can_start (fixture));
  g_assert_true (shows_text (fixture->widget, "No model is chosen"));
}

static void
test_warnings (Fixture *fixture, gconstpointer data) {
  record_decide (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture->record, 0, RUNET_VIEW_A4C, 1, 0, FALSE));
  open_study (fixture);
  wait_for_text (fixture->widget, "1 corrected frame");
  g_assert_true (shows_text (fixture->widget,
                             "There is one frame only: the network would learn it by "
                             "heart rather than learn from it."));
  record_accept (&fixture->record, "Ada", 1, RUNET_VIEW_A4C, 0);
  record_accept (&fixture->record, "Ada", 2, RUNET_VIEW_A4C, 0);
  runet_retrain_window_refresh (fixture->window);
  wait_for_text (fixture->widget, "5 corrected frames");
  g_assert_true (shows_text (
      fixture->widget,
      "There are no other images with experts’ contours in this folder: none "
      "can be replayed, so the network may forget what it knew, and none can "
      "show whether it did."));
}

/* The window is but hidden when it is closed; what was decided meanwhile counts when it is shown again. */
static void
test_shown_again (Fixture *fixture, gconstpointer data) {
  /* Under a window manager a window that was hidden need not hear that it is active anew. */
  guint heard = g_signal_handlers_disconnect_matched (
      fixture->window, G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_DETAIL | G_SIGNAL_MATCH_DATA,
      g_signal_lookup ("notify", G_TYPE_OBJECT), g_quark_from_string ("is-active"),
      NULL, NULL, NULL);
  g_assert_cmpuint (heard, ==, 1);
  open_study (fixture);
  wait_for_text (fixture->widget, "Nothing yet");
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait_ms (20);
  g_assert_false (gtk_widget_get_visible (fixture->widget));
  accept_two (fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_for_text (fixture->widget, "4 corrected frames");
}

/* A record that is none is a word on the page, and no crash. */
static void
test_damaged (Fixture *fixture, gconstpointer data) {
  g_autofree char *path = g_build_filename (fixture->record.root, "bad.sqlite", NULL);
  g_assert_true (g_file_set_contents (path, "this is no record at all", -1, NULL));
  runet_retrain_window_set_study (fixture->window, fixture->record.dataset, path);
  const gint64 start = g_get_monotonic_time ();
  while (shows_text (fixture->widget, "Reading the record …")) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
  g_assert_false (can_start (fixture));
}

/* ---- On its way ---- */

static void
start (Fixture *fixture, const char *behaviour) {
  fake_set (behaviour);
  accept_two (fixture);
  open_study (fixture);
  wait_for_text (fixture->widget, "4 corrected frames");
  click (fixture->widget, "Start Retraining");
}

static void
case_cb (RunetRetrainWindow *window, const char *name, char **activated) {
  g_free (*activated);
  *activated = g_strdup (name);
}

/* What has the focus has the keys: where it is hidden they are lost. */
static gboolean
has_keys (Fixture *fixture) {
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  for (GtkWidget *widget = focus; widget; widget = gtk_widget_get_parent (widget))
    if (!gtk_widget_get_visible (widget) || !gtk_widget_get_child_visible (widget))
      return FALSE;
  return TRUE;
}

static void
test_passed (Fixture *fixture, gconstpointer data) {
  start (fixture, "passed");
  g_assert_true (has_keys (fixture));
  fake_wait (fixture->run, RUNET_RETRAIN_DONE);
  g_assert_true (has_keys (fixture));
  g_assert_true (shows_text (fixture->widget,
                             "The new model may take its parent’s place: nothing got "
                             "worse beyond its limit."));
  g_assert_true (shows_text (fixture->widget, "+0.013"));
  g_assert_true (shows_text (fixture->widget, "< 0.001"));
  g_assert_true (shows_text (fixture->widget, "Better"));
  g_assert_true (shows_text (fixture->widget, "The same"));
  g_assert_true (shows_text (fixture->widget, "1 image worse"));
  g_assert_true (shows_text (fixture->widget, "patient0001 2CH ED"));
  g_assert_true (shows_text (fixture->widget, "now an outlier"));
  g_assert_true (shows_text (fixture->widget, "no longer an outlier"));
  g_autofree char *activated = NULL;
  g_signal_connect (fixture->window, "case-activated", G_CALLBACK (case_cb),
                    &activated);
  GtkWidget *worse = find_type (fixture->widget, RUNET_TYPE_GATE_CASES);
  GtkListBox *list = find_type (worse, GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (list, 0), "activate");
  g_assert_cmpstr (activated, ==, "patient0001_2CH_ED");

  /* What the registry does not know is refused in words. */
  click (fixture->widget, "Use This Model");
  const gint64 begin = g_get_monotonic_time ();
  while (!gtk_widget_is_sensitive (find_button (fixture->widget, "Use This Model"))) {
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
  click (fixture->widget, "Keep as Candidate");
  g_assert_false (gtk_widget_get_visible (fixture->widget));
}

/* Against the verdict only with a reason, and having seen it. */
static void
test_not_passed (Fixture *fixture, gconstpointer data) {
  start (fixture, "not-passed");
  fake_wait (fixture->run, RUNET_RETRAIN_DONE);
  g_assert_true (shows_text (
      fixture->widget, "Dice, left atrium: worse by 0.022, where no more than 0.010 "
                       "is let through."));
  g_assert_true (shows_text (fixture->widget, "Too much worse"));
  click (fixture->widget, "Use It Anyway…");
  GtkWidget *dialog = find_window (RUNET_TYPE_PROMOTE_DIALOG);
  g_assert_nonnull (dialog);
  GtkWidget *use = find_button (dialog, "Use It Anyway");
  GtkWidget *seen = find_type (dialog, GTK_TYPE_CHECK_BUTTON);
  GtkWidget *reason = find_type (dialog, GTK_TYPE_ENTRY);
  g_assert_false (gtk_widget_is_sensitive (use));
  gtk_editable_set_text (GTK_EDITABLE (reason), "The atrium is not what it is for");
  g_assert_false (gtk_widget_is_sensitive (use));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (seen), TRUE);
  g_assert_true (gtk_widget_is_sensitive (use));
  gtk_editable_set_text (GTK_EDITABLE (reason), "   ");
  g_assert_false (gtk_widget_is_sensitive (use));
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait_ms (20);
  g_assert_null (find_window (RUNET_TYPE_PROMOTE_DIALOG));
}

static void
test_failed (Fixture *fixture, gconstpointer data) {
  start (fixture, "words");
  fake_wait (fixture->run, RUNET_RETRAIN_FAILED);
  g_assert_true (shows_text (fixture->widget, "runet retrain: the disk is full"));
  g_assert_null (find_button (fixture->widget, "Stop"));
  /* Nothing was kept: it begins anew. */
  click (fixture->widget, "Try Again");
  g_assert_nonnull (find_button (fixture->widget, "Start Retraining"));
}

/* Stopped, the program ended, and gone on with the next time, with the parent that it was begun with. */
static void
test_stopped (Fixture *fixture, gconstpointer data) {
  start (fixture, "slow");
  fake_wait_for_steps (fixture->run);
  g_assert_true (shows_text (fixture->widget, "Epoch 1 of 2"));
  g_assert_true (shows_text (fixture->widget, "At most 4 min left"));
  g_assert_true (shows_text (fixture->widget,
                             "Each epoch has 4 images of yours, 4 times each, and 16 "
                             "original ones."));
  g_assert_true (shows_text (fixture->widget, "1 warning"));
  click (fixture->widget, "Stop");
  fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
  g_assert_true (shows_text (fixture->widget, "Stopped; go on later"));
  close_window (fixture);

  open_window (fixture);
  runet_retrain_window_set_model (fixture->window, "/no/other.safetensors", "other");
  g_autofree char *arguments =
      g_build_filename (fixture->record.root, "arguments", NULL);
  g_setenv ("FAKE_RUNET_ARGUMENTS", arguments, TRUE);
  fake_set ("passed");
  open_study (fixture);
  click (fixture->widget, "Go On");
  fake_wait (fixture->run, RUNET_RETRAIN_DONE);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (arguments, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "--parent\n/no/ru-net.safetensors\n"));
  g_assert_nonnull (strstr (text, "--resume\n"));
  g_unsetenv ("FAKE_RUNET_ARGUMENTS");
}

/* A new one forgets what was stopped. */
static void
test_anew (Fixture *fixture, gconstpointer data) {
  start (fixture, "slow");
  fake_wait_for_steps (fixture->run);
  click (fixture->widget, "Stop");
  fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
  click (fixture->widget, "Back");
  g_assert_nonnull (find_button (fixture->widget, "Go On"));
  fake_set ("words");
  click (fixture->widget, "Start Retraining");
  fake_wait (fixture->run, RUNET_RETRAIN_FAILED);
  g_assert_null (runet_retrain_place_find_stopped (fixture->record.studies));
}

/* Closed while it works, it goes on; shown again, it shows where it is. */
static void
test_closed (Fixture *fixture, gconstpointer data) {
  start (fixture, "slow");
  fake_wait_for_steps (fixture->run);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait_ms (20);
  g_assert_true (runet_retrain_run_is_active (fixture->run));
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (shows_text (fixture->widget, "Epoch 1 of 2"));
  click (fixture->widget, "Stop");
  g_assert_true (shows_text (fixture->widget, "Stopping"));
  fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/ui/retrain-window/nothing", test_nothing);
  ADD ("/ui/retrain-window/intake", test_intake);
  ADD ("/ui/retrain-window/warnings", test_warnings);
  ADD ("/ui/retrain-window/shown-again", test_shown_again);
  ADD ("/ui/retrain-window/damaged", test_damaged);
  ADD ("/ui/retrain-window/passed", test_passed);
  ADD ("/ui/retrain-window/not-passed", test_not_passed);
  ADD ("/ui/retrain-window/failed", test_failed);
  ADD ("/ui/retrain-window/stopped", test_stopped);
  ADD ("/ui/retrain-window/anew", test_anew);
  ADD ("/ui/retrain-window/closed", test_closed);
  return g_test_run ();
}
