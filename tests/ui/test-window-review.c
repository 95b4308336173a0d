/* The program under an X server, driven by keys alone: what is decided there is in the record, also when the
 * program is killed, and nothing of it in the data set. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "core/review/review.h"
#include "fixture.h"

/* On a loaded machine; as a rule a key is through in a tenth of a second. */
#define PATIENCE_S 60
#define ADA "Ada Lovelace"

typedef struct {
  char *folder;
  char *model;
  char *settings;
  char *title; /* of the window */
  char *record;
  GSubprocess *program;
  char *window; /* as xdotool names it */
} Fixture;

/* What xdotool prints, without the newline; NULL when it failed. */
static char *
xdotool (const char *first, ...) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) "xdotool");
  va_list arguments;
  va_start (arguments, first);
  for (const char *a = first; a; a = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (gpointer)a);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      (const char *const *)argv->pdata,
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  char *out = NULL;
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_clear_pointer (&out, g_free);
  return out ? g_strchomp (out) : NULL;
}

static void
pause_a_moment (gint64 start) {
  g_assert_cmpint (g_get_monotonic_time () - start, <, PATIENCE_S * G_USEC_PER_SEC);
  g_usleep (G_USEC_PER_SEC / 20);
}

static void
focus (const char *title, char **window) {
  gint64 start = g_get_monotonic_time ();
  for (;; pause_a_moment (start)) {
    g_autofree char *found = xdotool ("search", "--onlyvisible", "--name", title, NULL);
    if (!found || !*found)
      continue;
    const char *last = strrchr (found, '\n');
    g_free (*window);
    *window = g_strdup (last ? last + 1 : found);
    g_autofree char *focused = xdotool ("windowfocus", "--sync", *window, NULL);
    if (focused)
      return;
  }
}

static void
press (const char *key) {
  g_autofree char *out = xdotool ("key", key, NULL);
  g_assert_nonnull (out);
}

static void
type (const char *text) {
  g_autofree char *out = xdotool ("type", "--delay", "20", text, NULL);
  g_assert_nonnull (out);
}

/* ---- The record, as another program sees it ---- */

static RunetReview *
open_record (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (fixture->record, RUNET_JOURNAL_READ, &error);
  g_assert_no_error (error);
  return review;
}

static guint
count_events (Fixture *fixture) {
  if (!g_file_test (fixture->record, G_FILE_TEST_EXISTS))
    return 0;
  g_autoptr (RunetReview) review =
      runet_review_open (fixture->record, RUNET_JOURNAL_READ, NULL);
  return review ? runet_review_count_events (review) : 0;
}

/* Presses @key until the record has @count events: what is pressed while a case is being opened is for no
 * case. */
static void
press_until (Fixture *fixture, const char *key, guint count) {
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; count_events (fixture) < count; i++, pause_a_moment (start))
    if (i % 100 == 0)
      press (key);
  g_assert_cmpuint (count_events (fixture), ==, count);
}

static void
wait_for (Fixture *fixture, guint count) {
  gint64 start = g_get_monotonic_time ();
  while (count_events (fixture) < count)
    pause_a_moment (start);
  g_assert_cmpuint (count_events (fixture), ==, count);
}

static char *
status_of (Fixture *fixture, const char *patient) {
  g_autoptr (RunetReview) review = open_record (fixture);
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
launch (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-warnings", TRUE);
  /* The name lasts from start to start. */
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "keyfile", TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", fixture->settings, TRUE);
  g_clear_object (&fixture->program);
  fixture->program =
      g_subprocess_launcher_spawn (launcher, &error, g_getenv ("RUNET_REVIEW"),
                                   fixture->folder, "--model", fixture->model, NULL);
  g_assert_no_error (error);
  focus (fixture->title, &fixture->window);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->folder = fixture_folder ();
  fixture->settings = fixture_folder ();
  fixture->model = g_build_filename (fixture->folder, "model.safetensors", NULL);
  g_autofree char *name = g_path_get_basename (fixture->folder);
  fixture->title = g_strdup_printf ("%s – RU-Net Review", name);
  fixture->record = runet_journal_default_path (fixture->folder);
  fixture_write_model (fixture->model);
  fixture_write_patient (fixture->folder, "patient0001", FIXTURE_PLAIN, FALSE);
  fixture_write_patient (fixture->folder, "patient0002", FIXTURE_PLAIN, FALSE);
  launch (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_clear_object (&fixture->program);
  g_remove (fixture->record);
  g_free (fixture->record);
  g_free (fixture->window);
  g_free (fixture->title);
  g_free (fixture->model);
  fixture_remove (fixture->settings);
  fixture_remove (fixture->folder);
}

static void
quit (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  press ("ctrl+q");
  g_subprocess_wait (fixture->program, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (fixture->program));
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->program), ==, 0);
}

/* The name is asked for once, and then the decision that asked for it is made. */
static void
introduce (Fixture *fixture) {
  g_autofree char *dialog = NULL;
  gint64 start = g_get_monotonic_time ();
  for (;; pause_a_moment (start)) {
    press ("Return");
    g_usleep (G_USEC_PER_SEC / 2);
    g_autofree char *found =
        xdotool ("search", "--onlyvisible", "--name", "Your Name", NULL);
    if (found && *found)
      break;
  }
  focus ("Your Name", &dialog);
  press ("ctrl+a");
  type (ADA);
  press ("Return");
  wait_for (fixture, 1);
  focus (fixture->title, &fixture->window);
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
    g_autoptr (RunetReview) review = open_record (fixture);
    g_autoptr (GPtrArray) states = runet_review_list_states (review);
    const RunetReviewState *state = states->pdata[0];
    /* Of which contours it is said. */
    g_assert_cmpuint (strlen (state->decision->model), ==, 64);
  }
  /* Enter went on to the next view. */
  press_until (fixture, "g", 2);
  assert_status (fixture, "patient0002", "not-reviewed (null) (null) flagged");
  press ("x");
  /* An arrow finds the next reason by its place, which it has once it is drawn. */
  g_usleep (G_USEC_PER_SEC);
  press ("Down");
  press ("Tab");
  type ("apex cut");
  press ("Return");
  wait_for (fixture, 3);
  assert_status (fixture, "patient0002", "rejected wrong-view apex cut flagged");
  press ("shift+c");
  g_usleep (G_USEC_PER_SEC);
  type ("Look");
  press ("ctrl+Return");
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
  quit (fixture);
  g_assert_cmpuint (count_files (fixture->folder), ==, files);
}

/* Killed right after a decision, and started again: it is there, and can be undone. */
static void
test_killed (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  g_subprocess_send_signal (fixture->program, SIGKILL);
  g_subprocess_wait (fixture->program, NULL, NULL);
  assert_status (fixture, "patient0001", "accepted (null) (null)");
  launch (fixture);
  press_until (fixture, "ctrl+z", 2);
  assert_status (fixture, "patient0001", "nothing");
  quit (fixture);
}

/* Keys that are typed into the search decide nothing. */
static void
test_search_types (Fixture *fixture, gconstpointer data) {
  introduce (fixture);
  press ("ctrl+f");
  type ("goxc");
  press ("ctrl+z");
  quit (fixture);
  g_assert_cmpuint (count_events (fixture), ==, 1);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_autofree char *program = g_find_program_in_path ("xdotool");
  if (!program) {
    g_print ("1..0 # SKIP xdotool is needed to drive the window\n");
    return 0;
  }
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/window-review/keys", test_keys);
  ADD ("/ui/window-review/killed", test_killed);
  ADD ("/ui/window-review/search-types", test_search_types);
#undef ADD
  return g_test_run ();
}
