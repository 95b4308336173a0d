/* The program under an X server, driven by keys alone: what is decided there is in the record, also when the
 * program is killed, and nothing of it in the data set. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "core/review/moved-record.h"
#include "driven-study.h"
#include "fixture.h"

#define ADA "Ada Lovelace"

typedef DrivenStudy Fixture;

static char *
status_of (Fixture *fixture, const char *patient) {
  g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, patient, RUNET_VIEW_A4C);
  const RunetReviewState *state = runet_review_get_state (review, &subject);
  const RunetReading *reading =
      state ? runet_review_state_find_reading (state, ADA) : NULL;
  if (!reading)
    return g_strdup ("nothing");
  return g_strdup_printf ("%s %s %s%s", runet_review_status_to_string (reading->status),
                          reading->decision
                              ? runet_rejection_to_string (reading->decision->rejection)
                              : NULL,
                          reading->decision ? reading->decision->text : NULL,
                          state->flagged ? " flagged" : "");
}

static void
assert_status (Fixture *fixture, const char *patient, const char *expected) {
  g_autofree char *found = status_of (fixture, patient);
  g_assert_cmpstr (found, ==, expected);
}

/* ---- The program ---- */

static void
set_up (Fixture *fixture, gconstpointer data) {
  driven_set_up (fixture, FALSE);
  driven_launch (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  driven_tear_down (fixture);
}

/* The name is asked for once, and then the decision that asked for it is made. */
static void
introduce (Fixture *fixture) {
  driven_introduce (fixture, "Return", ADA);
  wait_for (fixture, 1);
  program_focus (fixture->title, &fixture->window);
}

static guint
count_files (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;
  for (const char *name; dir && (name = g_dir_read_name (dir)); count++) {
    g_autofree char *child = g_build_filename (folder, name, NULL);
    count += count_files (child);
  }
  return count;
}

static void
test_keys (Fixture *fixture, gconstpointer data) {
  guint files = count_files (fixture->folder);
  introduce (fixture);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  {
    g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
    g_autoptr (GPtrArray) states = runet_review_list_states (review);
    const RunetReviewState *state = states->pdata[0];
    /* Of which contours it is said. */
    g_assert_cmpuint (strlen (state->decision->model), ==, 64);
  }
  /* Enter went on to the next view. */
  press_until (fixture, "g", 2);
  assert_status (fixture, "patient0002", "not-reviewed (null) (null) flagged");
  /* An arrow finds the next reason by its place, which it has once it is drawn. */
  program_press_and_see ("x");
  program_press ("Down");
  program_press ("Tab");
  program_type ("apex cut");
  program_press ("Return");
  wait_for (fixture, 3);
  assert_status (fixture, "patient0002", "rejected wrong-view apex cut flagged");
  program_press_and_see ("shift+c");
  program_type ("Look");
  program_press ("ctrl+Return");
  wait_for (fixture, 4);
  press_until (fixture, "o", 5);
  assert_status (fixture, "patient0002", "not-reviewed (null) (null) flagged");

  /* Back, one after the other, and on to the other case. */
  for (guint i = 6; i <= 10; i++)
    press_until (fixture, "ctrl+z", i);
  assert_status (fixture, "patient0002", "nothing");
  assert_status (fixture, "patient0001", "nothing");
  press_until (fixture, "ctrl+shift+z", 11);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  program_quit (fixture->program);
  g_assert_cmpuint (count_files (fixture->folder), ==, files);
}

/* After the last row Enter goes on to those above that were passed over. */
static void
test_around (Fixture *fixture, gconstpointer data) {
  program_press_and_see ("ctrl+Down");
  introduce (fixture);
  assert_status (fixture, "patient0002", "accepted (null) (null)");
  assert_status (fixture, "patient0001", "nothing");
  press_until (fixture, "Return", 2);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  program_quit (fixture->program);
}

/* Killed right after a decision, and started again: it is there, and can be undone. */
static void
test_killed (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  g_subprocess_send_signal (fixture->program, SIGKILL);
  g_subprocess_wait (fixture->program, NULL, NULL);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  driven_launch (fixture);
  press_until (fixture, "ctrl+z", 2);
  assert_status (fixture, "patient0001", "nothing");
  program_quit (fixture->program);
}

/* Whoever types at once says why in own words, and chooses none of the reasons there by a letter or a space. */
static void
test_own_words (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  program_press_and_see ("x");
  program_type ("leaks out");
  program_press ("Return");
  wait_for (fixture, 2);
  assert_status (fixture, "patient0002", "rejected other leaks out");
  program_quit (fixture->program);
}

/* Keys that are typed into the search decide nothing. */
static void
test_search_types (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  program_press_and_see ("ctrl+f");
  program_type ("goxc");
  program_press ("ctrl+z");
  program_quit (fixture->program);
  g_assert_cmpuint (count_events (fixture), ==, 1);
}

/* ---- The record and its file ---- */

static void
answer_with_default (Fixture *fixture) {
  g_autofree char *dialog = NULL;
  program_focus ("Record of the Review", &dialog);
  program_press ("Return");
}

static void
append_flag (RunetJournal *journal, const char *patient) {
  g_autoptr (GError) error = NULL;
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, patient, RUNET_VIEW_A4C);
  g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_FLAG, ADA, &subject);
  g_assert_true (runet_journal_append (journal, event, &error));
  g_assert_no_error (error);
}

/* Reviewed in a folder that is no more: the record is offered, and taken over. */
static void
test_moved (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  program_quit (fixture->program);
  g_autofree char *records = g_path_get_dirname (fixture->record);
  g_autofree char *old = g_build_filename (records, "old.sqlite", NULL);
  {
    g_autoptr (RunetDataset) dataset =
        runet_dataset_open (fixture->folder, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (RunetJournal) journal =
        runet_journal_open (old, RUNET_JOURNAL_WRITE, &error);
    g_assert_no_error (error);
    g_assert_true (
        runet_journal_note_dataset (journal, "/nowhere/any/more", dataset, &error));
    append_flag (journal, "patient0001");
    append_flag (journal, "patient0002");
  }
  driven_launch (fixture);
  answer_with_default (fixture);
  wait_for (fixture, 2);
  assert_status (fixture, "patient0002", "not-reviewed (null) (null) flagged");
  program_quit (fixture->program);
}

static void
test_damaged (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = g_strconcat (fixture->record, ".damaged-1", NULL);
  char noise[100];
  program_quit (fixture->program);
  {
    g_autoptr (RunetJournal) journal =
        runet_journal_open (fixture->record, RUNET_JOURNAL_WRITE, &error);
    g_assert_no_error (error);
    append_flag (journal, "patient0001");
  }
  /* The schema of the tables, at the end of the first page. */
  memset (noise, 0xa5, sizeof noise);
  FILE *file = g_fopen (fixture->record, "r+b");
  g_assert_true (fseek (file, 4000, SEEK_SET) == 0 &&
                 fwrite (noise, 1, 96, file) == 96 && fclose (file) == 0);
  driven_launch (fixture);
  answer_with_default (fixture);
  wait_for (fixture, 1);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  program_quit (fixture->program);
}

/* Somebody tidies up while the program runs: it writes the record again by itself. */
static void
test_deleted (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  g_assert_cmpint (g_remove (fixture->record), ==, 0);
  wait_for (fixture, 1);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  press_until (fixture, "g", 2);
  program_quit (fixture->program);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!program_can_drive ())
    return 0;
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/window-review/keys", test_keys);
  ADD ("/ui/window-review/own-words", test_own_words);
  ADD ("/ui/window-review/around", test_around);
  ADD ("/ui/window-review/killed", test_killed);
  ADD ("/ui/window-review/search-types", test_search_types);
  ADD ("/ui/window-review/moved", test_moved);
  ADD ("/ui/window-review/damaged", test_damaged);
  ADD ("/ui/window-review/deleted", test_deleted);
#undef ADD
  return g_test_run ();
}
