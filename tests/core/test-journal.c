/* The journal: what is acknowledged is there, whatever happens to the program or the disk. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal-fixture.h"

/* ---- What is written is read ---- */

static void
test_round_trip (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_EDIT, "Grace Hopper", &fixture->subject);
  event->subject.instant = RUNET_INSTANT_ES;
  event->subject.frame = 12;
  event->subject.content = g_strdup ("c0ffee");
  event->text = g_strdup ("annulus");
  event->tool = g_strdup ("drag");
  event->model = g_strdup ("beef");
  event->seconds = 1.75;
  event->before = g_bytes_new_static ("a\0b", 3);
  event->after = g_bytes_new_static ("", 0);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    g_assert_true (runet_journal_append (journal, event, &error));
    g_assert_no_error (error);
    g_assert_cmpint (event->number, ==, 1);
    g_autoptr (RunetEvent) reject =
        runet_event_new (RUNET_EVENT_REJECT, "Grace Hopper", &fixture->subject);
    reject->rejection = RUNET_REJECTION_BEYOND_REPAIR;
    g_assert_true (runet_journal_append (journal, reject, &error));
    g_assert_cmpint (reject->number, ==, 2);
  }
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, 2);
  const RunetEvent *read = events->pdata[0];
  g_assert_cmpint (read->number, ==, 1);
  g_assert_true (g_date_time_equal (read->time, event->time));
  g_assert_cmpstr (read->author, ==, "Grace Hopper");
  g_assert_cmpstr (read->role, ==, RUNET_ROLE_READER);
  g_assert_cmpstr (read->subject.subset, ==, "training");
  g_assert_cmpstr (read->subject.patient, ==, "patient0001");
  g_assert_cmpint (read->subject.view, ==, RUNET_VIEW_A4C);
  g_assert_cmpint (read->subject.instant, ==, RUNET_INSTANT_ES);
  g_assert_cmpint (read->subject.frame, ==, 12);
  g_assert_cmpstr (read->subject.content, ==, "c0ffee");
  g_assert_cmpint (read->kind, ==, RUNET_EVENT_EDIT);
  g_assert_cmpstr (read->text, ==, "annulus");
  g_assert_cmpstr (read->tool, ==, "drag");
  g_assert_cmpstr (read->model, ==, "beef");
  g_assert_cmpfloat (read->seconds, ==, 1.75);
  const RunetEvent *second = events->pdata[1];
  g_assert_cmpint (second->kind, ==, RUNET_EVENT_REJECT);
  g_assert_cmpint (second->rejection, ==, RUNET_REJECTION_BEYOND_REPAIR);
  g_assert_null (second->text);
  g_assert_cmpfloat (second->seconds, ==, 0.0);
  g_assert_cmpint (second->subject.instant, ==, -1);
  g_assert_cmpint (second->subject.frame, ==, 0);

  g_autoptr (GBytes) before = NULL, after = NULL;
  g_assert_true (runet_journal_read_edit (journal, 1, &before, &after, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (before, event->before));
  g_assert_cmpuint (g_bytes_get_size (after), ==, 0);
  g_assert_false (runet_journal_read_edit (journal, 7, &before, &after, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
}

static void
test_hostile (Fixture *fixture, gconstpointer data) {
  static const char *const texts[] = {
      "'); DROP TABLE events; --",
      "\"quotes\" and, commas\r\nand lines",
      "=HYPERLINK(\"http://example.org\")",
      "心臓 ❤ \xf0\x9f\xab\x80 \xe2\x80\xae",
      "",
      "%s%n",
  };
  g_autofree char *long_text = g_strnfill (3 << 20, 'x');
  g_autoptr (GError) error = NULL;
  RunetSubject odd;
  runet_subject_init (&odd, NULL,
                      "pati\xff"
                      "ent'\n",
                      RUNET_VIEW_A2C);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
      append_comment (journal, fixture, texts[i]);
    append_comment (journal, fixture, long_text);
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_FLAG, "Ma\xfflory'", &odd);
    g_assert_true (runet_journal_append (journal, event, &error));
    g_assert_no_error (error);
  }
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, G_N_ELEMENTS (texts) + 2);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpstr (((RunetEvent *)events->pdata[i])->text, ==, texts[i]);
  g_assert_cmpuint (strlen (((RunetEvent *)events->pdata[events->len - 2])->text), ==,
                    3 << 20);
  const RunetEvent *last = events->pdata[events->len - 1];
  g_assert_cmpstr (last->subject.patient, ==, odd.patient);
  g_assert_cmpstr (last->author, ==, "Ma\xef\xbf\xbdlory'");
  g_assert_null (last->subject.subset);
  runet_subject_clear (&odd);
}

/* What is there is neither changed nor deleted, by any program that uses SQLite. */
static void
test_append_only (Fixture *fixture, gconstpointer data) {
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    append_comment (journal, fixture, "one");
  }
  g_assert_false (execute (fixture->path, "UPDATE events SET text = 'two'"));
  g_assert_false (execute (fixture->path, "DELETE FROM events"));
  g_assert_cmpuint (count_in_file (fixture), ==, 1);
}

/* ---- Killed in the middle ---- */

/* Appends and says so, until it is killed. */
static void
append_for_ever (Fixture *fixture, int acknowledge) {
  g_autoptr (RunetJournal) journal =
      runet_journal_open (fixture->path, RUNET_JOURNAL_WRITE, NULL);
  for (;;) {
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_FLAG, "Ada Lovelace", &fixture->subject);
    if (!journal || !runet_journal_append (journal, event, NULL) ||
        write (acknowledge, &event->number, sizeof event->number) < 0)
      _exit (1);
  }
}

static gint64
read_number (int from) {
  gint64 number = 0;
  return read (from, &number, sizeof number) == sizeof number ? number : 0;
}

static void
test_killed (Fixture *fixture, gconstpointer data) {
  gint64 acknowledged = 0;
  for (int round = 0; round < 5; round++) {
    int ends[2];
    g_assert_cmpint (pipe (ends), ==, 0);
    pid_t child = fork ();
    g_assert_cmpint (child, >=, 0);
    if (child == 0) {
      close (ends[0]);
      append_for_ever (fixture, ends[1]);
    }
    close (ends[1]);
    for (int i = 0; i < 20 + round; i++)
      acknowledged = MAX (acknowledged, read_number (ends[0]));
    kill (child, SIGKILL);
    int status;
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFSIGNALED (status));
    /* What it said between the last look and its end. */
    for (gint64 number; (number = read_number (ends[0])) > 0;)
      acknowledged = number;
    close (ends[0]);

    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    g_autoptr (GPtrArray) events = read_all (journal);
    g_assert_cmpint (acknowledged, >, 20 * round);
    g_assert_cmpint (events->len, >=, acknowledged);
    g_assert_cmpint (events->len, <=, acknowledged + 1);
    for (guint i = 0; i < events->len; i++)
      g_assert_cmpint (((RunetEvent *)events->pdata[i])->number, ==, i + 1);
    acknowledged = events->len;
  }
}

/* ---- Several at once ---- */

#define WRITERS 4
#define EVENTS_EACH 25

static void
test_writers (Fixture *fixture, gconstpointer data) {
  pid_t children[WRITERS];
  for (int w = 0; w < WRITERS; w++) {
    children[w] = fork ();
    if (children[w] != 0)
      continue;
    g_autoptr (RunetJournal) journal =
        runet_journal_open (fixture->path, RUNET_JOURNAL_WRITE, NULL);
    g_autofree char *author = g_strdup_printf ("Reader %d", w);
    for (int i = 0; i < EVENTS_EACH; i++) {
      g_autoptr (RunetEvent) event =
          runet_event_new (RUNET_EVENT_FLAG, author, &fixture->subject);
      if (!journal || !runet_journal_append (journal, event, NULL))
        _exit (1);
    }
    runet_journal_close (g_steal_pointer (&journal));
    _exit (0);
  }
  for (int w = 0; w < WRITERS; w++) {
    int status;
    g_assert_cmpint (waitpid (children[w], &status, 0), ==, children[w]);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  }
  g_assert_cmpuint (count_in_file (fixture), ==, WRITERS * EVENTS_EACH);
}

static void
test_subscribe (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetJournal) mine = open_journal (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (RunetJournal) theirs = open_journal (fixture, RUNET_JOURNAL_WRITE);
  runet_journal_has_changed (mine);
  g_assert_false (runet_journal_has_changed (mine));
  append_comment (theirs, fixture, "theirs");
  g_assert_true (runet_journal_has_changed (mine));
  g_assert_false (runet_journal_has_changed (mine));
  /* An event of ours does not hide one of theirs that came before. */
  append_comment (mine, fixture, "mine");
  g_autoptr (GPtrArray) events = read_all (mine);
  g_assert_cmpuint (events->len, ==, 2);
  g_assert_cmpstr (((RunetEvent *)events->pdata[0])->text, ==, "theirs");
  g_autoptr (GPtrArray) none = read_all (mine);
  g_assert_cmpuint (none->len, ==, 0);
}

/* ---- Places that refuse ---- */

/* Root may write anywhere: the child becomes nobody. */
static void
run_as_nobody (void (*check) (Fixture *fixture), Fixture *fixture) {
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    if (getuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
      _exit (2);
    check (fixture);
    _exit (0);
  }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
check_no_place (Fixture *fixture) {
  assert_refused (fixture->path, RUNET_JOURNAL_WRITE, RUNET_ERROR_WRITE,
                  g_strerror (EACCES));
}

static void
check_read_only_record (Fixture *fixture) {
  assert_refused (fixture->path, RUNET_JOURNAL_WRITE, RUNET_ERROR_WRITE, "expected");
  if (count_in_file (fixture) != 1)
    _exit (3);
}

static void
test_read_only (Fixture *fixture, gconstpointer data) {
  g_assert_cmpint (chmod (fixture->folder, 0555), ==, 0);
  run_as_nobody (check_no_place, fixture);
  g_assert_cmpint (chmod (fixture->folder, 0755), ==, 0);

  g_autofree char *place = g_path_get_dirname (fixture->path);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    append_comment (journal, fixture, "one");
  }
  g_assert_cmpint (chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (chmod (place, 0555), ==, 0);
  run_as_nobody (check_read_only_record, fixture);
  /* The file may be written, but nothing beside it. */
  g_assert_cmpint (chmod (fixture->path, 0666), ==, 0);
  run_as_nobody (check_read_only_record, fixture);
  g_assert_cmpint (chmod (place, 0755), ==, 0);
}

static void
test_below_a_file (Fixture *fixture, gconstpointer data) {
  g_autofree char *file = g_path_get_dirname (fixture->path);
  g_assert_true (g_file_set_contents (file, "no folder", -1, NULL));
  assert_refused (fixture->path, RUNET_JOURNAL_WRITE, RUNET_ERROR_WRITE, "folder");
}

/* A limit on the size of files does what a full disk does: writes fail in the middle. */
static void
test_full_disk (Fixture *fixture, gconstpointer data) {
  struct rlimit before, limit;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 100 << 10;
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  guint acknowledged = 0;
  g_autofree char *text = g_strnfill (3000, 'x');
  while (!error) {
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_COMMENT, "Ada Lovelace", &fixture->subject);
    event->text = g_strdup (text);
    if (runet_journal_append (journal, event, &error))
      acknowledged++;
    else
      g_assert_cmpint (event->number, ==, 0);
  }
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, handler);
  g_test_message ("%u events, then: %s", acknowledged, error->message);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_cmpuint (acknowledged, >, 5);
  g_assert_cmpuint (count_in_file (fixture), ==, acknowledged);
  /* There is room again. */
  append_comment (journal, fixture, "after");
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, acknowledged + 1);
}

#define SMALL_DISK "size=300k"

/* In a process of its own, whose mounts end with it. */
static int
fill_small_disk (Fixture *fixture) {
  if (unshare (CLONE_NEWNS) != 0 ||
      mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("tmpfs", fixture->folder, "tmpfs", 0, SMALL_DISK) != 0)
    return 77;
  g_autoptr (GError) error = NULL;
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.sqlite", NULL);
  g_autofree char *bytes = g_strnfill (60000, 'x');
  g_autofree char *text = g_strnfill (3000, 'x');
  g_assert_true (g_file_set_contents (filler, bytes, 60000, NULL));
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  guint acknowledged = 0;
  while (!error) {
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_COMMENT, "Ada Lovelace", &fixture->subject);
    event->text = g_strdup (text);
    acknowledged += runet_journal_append (journal, event, &error);
  }
  g_printerr ("# %u events, then: %s\n", acknowledged, error->message);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "full"));
  g_assert_cmpuint (count_in_file (fixture), ==, acknowledged);
  g_clear_error (&error);
  /* No half copy either. */
  g_assert_false (runet_journal_save_copy (journal, copy, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_cmpint (unlink (filler), ==, 0);
  append_comment (journal, fixture, "after");
  g_assert_cmpuint (count_in_file (fixture), ==, acknowledged + 1);
  return 0;
}

static void
test_small_disk (Fixture *fixture, gconstpointer data) {
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (fill_small_disk (fixture));
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("no small disk can be mounted here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* ---- Its place ---- */

static void
test_default_path (Fixture *fixture, gconstpointer data) {
  g_autofree char *dataset = g_build_filename (fixture->folder, "CAMUS \xff/", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_assert_cmpint (g_mkdir (dataset, 0700), ==, 0);
  g_assert_cmpint (symlink (dataset, link), ==, 0);
  g_autofree char *path = runet_journal_default_path (dataset);
  g_autofree char *through_link = runet_journal_default_path (link);
  g_autofree char *other = runet_journal_default_path (fixture->folder);
  g_autofree char *reviews =
      g_strconcat (g_get_user_data_dir (), "/runet-review/reviews/", NULL);
  g_assert_true (g_str_has_prefix (path, reviews));
  g_test_message ("%s", path);
  g_assert_true (g_str_has_prefix (path + strlen (reviews), "CAMUS__-"));
  g_assert_true (g_str_has_suffix (path, ".sqlite"));
  g_assert_cmpstr (path, ==, through_link);
  g_assert_cmpstr (path, !=, other);
  g_autofree char *root = runet_journal_default_path ("/");
  g_assert_true (g_str_has_prefix (root + strlen (reviews), "_-"));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/journal/round-trip", test_round_trip);
  ADD ("/review/journal/hostile-strings", test_hostile);
  ADD ("/review/journal/append-only", test_append_only);
  ADD ("/review/journal/killed", test_killed);
  ADD ("/review/journal/writers", test_writers);
  ADD ("/review/journal/subscribe", test_subscribe);
  ADD ("/review/journal/read-only", test_read_only);
  ADD ("/review/journal/below-a-file", test_below_a_file);
  ADD ("/review/journal/full-disk", test_full_disk);
  ADD ("/review/journal/small-disk", test_small_disk);
  ADD ("/review/journal/default-path", test_default_path);
#undef ADD
  return g_test_run ();
}
