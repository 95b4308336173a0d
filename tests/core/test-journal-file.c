/* What a journal's file may be: of today, of an older layout, of a newer one, damaged, or none at all. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal-fixture.h"

/* ---- What is no journal of ours ---- */

static void
assert_refused_untouched (const char *path, int code, const char *words) {
  g_autoptr (GBytes) before = read_file (path);
  assert_refused (path, RUNET_JOURNAL_WRITE, code, words);
  assert_refused (path, RUNET_JOURNAL_READ, code, words);
  g_autoptr (GBytes) after = read_file (path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_newer (Fixture *fixture, gconstpointer data) {
  runet_journal_close (open_journal (fixture, RUNET_JOURNAL_WRITE));
  g_assert_true (execute (fixture->path, "PRAGMA user_version = 3"));
  assert_refused_untouched (fixture->path, RUNET_ERROR_UNSUPPORTED, "found layout 3");

  /* As a newer program leaves it when it is killed: the main file does not say it yet. */
  g_assert_true (execute (fixture->path, "PRAGMA user_version = 2"));
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_exec (db, "PRAGMA user_version = 4", NULL, NULL, NULL);
  sqlite3_close (db);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr (GBytes) before = read_file (log);
  assert_refused_untouched (fixture->path, RUNET_ERROR_UNSUPPORTED, "found layout 4");
  g_autoptr (GBytes) after = read_file (log);
  g_assert_true (g_bytes_equal (before, after));
}

/* ---- Records of the first layout ---- */

static const char first_layout[] =
    "CREATE TABLE events ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, author TEXT NOT "
    "NULL,"
    " role TEXT NOT NULL, subset TEXT, patient TEXT NOT NULL,"
    " view TEXT NOT NULL CHECK (view IN ('2CH', '4CH')),"
    " instant TEXT CHECK (instant IN ('ED', 'ES')), frame INTEGER CHECK (frame > 0),"
    " content TEXT, kind TEXT NOT NULL CHECK (kind IN ('accept', 'reject', 'reopen',"
    " 'flag', 'unflag', 'comment', 'edit', 'undo')),"
    " reason TEXT CHECK (reason IN ('poor-image', 'wrong-view', 'beyond-repair', "
    "'other')),"
    " text TEXT, undoes INTEGER REFERENCES events (number), tool TEXT, model TEXT,"
    " contour_before BLOB, contour_after BLOB,"
    " CHECK ((kind = 'reject') = (reason IS NOT NULL)),"
    " CHECK ((kind = 'undo') = (undoes IS NOT NULL)));"
    "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN"
    " SELECT RAISE (ABORT, 'events are only appended'); END;"
    "CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN"
    " SELECT RAISE (ABORT, 'events are only appended'); END;"
    "PRAGMA application_id = 0x52554e52; PRAGMA user_version = 1;"
    "PRAGMA journal_mode = WAL;"
    "INSERT INTO events (time, author, role, subset, patient, view, kind, reason, text)"
    " VALUES ('2026-01-01T10:00:00.000001Z', 'Ada Lovelace', 'reader', 'training',"
    " 'patient0001', '4CH', 'reject', 'other', 'why');"
    "INSERT INTO events (time, author, role, patient, view, kind, tool, contour_before,"
    " contour_after, instant) VALUES ('2026-01-01T10:00:01Z', 'Ada Lovelace', 'reader',"
    " x'7061ff', '2CH', 'edit', 'drag', x'6100', x'', 'ES');"
    "INSERT INTO events (time, author, role, subset, patient, view, kind, undoes)"
    " VALUES ('2026-01-01T10:00:02Z', 'Ada Lovelace', 'reader', 'training',"
    " 'patient0001', '4CH', 'undo', 1);";

static void
make_first_layout (Fixture *fixture) {
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (execute (fixture->path, first_layout));
}

static void
assert_first_events (RunetJournal *journal) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, 3);
  const RunetEvent *reject = events->pdata[0], *edit = events->pdata[1];
  g_autofree char *time = g_date_time_format_iso8601 (reject->time);
  g_assert_cmpstr (time, ==, "2026-01-01T10:00:00.000001Z");
  g_assert_cmpint (reject->rejection, ==, RUNET_REJECTION_OTHER);
  g_assert_cmpstr (reject->text, ==, "why");
  g_assert_cmpfloat (reject->seconds, ==, 0.0);
  g_assert_cmpstr (edit->subject.patient, ==, "pa\xff");
  g_assert_cmpint (edit->subject.instant, ==, RUNET_INSTANT_ES);
  g_assert_cmpint (((RunetEvent *)events->pdata[2])->undoes, ==, 1);
  g_autoptr (GBytes) before = NULL, after = NULL;
  g_assert_true (runet_journal_read_edit (journal, 2, &before, &after, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before), "a", 2);
  g_assert_cmpuint (g_bytes_get_size (after), ==, 0);
}

static void
test_migrate (Fixture *fixture, gconstpointer data) {
  make_first_layout (fixture);
  g_autoptr (GBytes) first = read_file (fixture->path);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
    assert_first_events (journal);
  }
  g_autoptr (GBytes) still_first = read_file (fixture->path);
  g_assert_true (g_bytes_equal (first, still_first));

  g_autoptr (RunetJournal) reader = open_journal (fixture, RUNET_JOURNAL_READ);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    assert_first_events (journal);
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_EDIT, "Ada Lovelace", &fixture->subject);
    event->seconds = 2.5;
    g_assert_true (runet_journal_append (journal, event, &error));
    g_assert_no_error (error);
    g_assert_cmpint (event->number, ==, 4);
  }
  /* Also who had it open before. */
  g_autoptr (GPtrArray) events = read_all (reader);
  g_assert_cmpuint (events->len, ==, 4);
  g_assert_cmpfloat (((RunetEvent *)events->pdata[3])->seconds, ==, 2.5);
  g_assert_false (execute (fixture->path, "UPDATE events SET text = 'two'"));
  g_assert_false (execute (fixture->path, "DELETE FROM events"));
  g_assert_true (execute (fixture->path, "SELECT * FROM datasets"));
}

/* A record of layout 1 with an event that none may have: the old layout stays, whole. */
static void
test_migrate_lying (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (execute (
      fixture->path,
      "CREATE TABLE events (number INTEGER PRIMARY KEY, time, author, role, subset,"
      " patient, view, instant, frame, content, kind, reason, text, undoes, tool, "
      "model,"
      " contour_before, contour_after);"
      "PRAGMA application_id = 0x52554e52; PRAGMA user_version = 1;"
      "INSERT INTO events (time, author, role, patient, view, kind)"
      " VALUES ('2026-01-01T10:00:00Z', 'a', 'reader', 'p', '4CH', 'flag'),"
      " ('2026-01-01T10:00:00Z', 'a', 'reader', 'p', '4CH', 'bless')"));
  g_autoptr (GBytes) before = read_file (fixture->path);
  assert_refused (fixture->path, RUNET_JOURNAL_WRITE, RUNET_ERROR_WRITE,
                  "layout of today");
  g_autoptr (GBytes) after = read_file (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

#define MIGRATORS 6

/* Several programs of today find the old record at the same moment. */
static void
test_migrate_at_once (Fixture *fixture, gconstpointer data) {
  make_first_layout (fixture);
  pid_t children[MIGRATORS];
  for (int i = 0; i < MIGRATORS; i++) {
    children[i] = fork ();
    if (children[i] != 0)
      continue;
    g_autoptr (RunetEvent) event =
        runet_event_new (RUNET_EVENT_FLAG, "Ben Casey", &fixture->subject);
    RunetJournal *journal =
        runet_journal_open (fixture->path, RUNET_JOURNAL_WRITE, NULL);
    if (!journal || !runet_journal_append (journal, event, NULL))
      _exit (1);
    runet_journal_close (journal);
    _exit (0);
  }
  for (int i = 0; i < MIGRATORS; i++) {
    int status;
    g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  }
  g_assert_cmpuint (count_in_file (fixture), ==, 3 + MIGRATORS);
}

/* No room for the new layout: the old record is as it was. */
static void
test_migrate_full_disk (Fixture *fixture, gconstpointer data) {
  make_first_layout (fixture);
  g_autoptr (GBytes) first = read_file (fixture->path);
  pid_t child = fork ();
  if (child == 0) {
    struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
    signal (SIGXFSZ, SIG_IGN);
    setrlimit (RLIMIT_FSIZE, &limit);
    g_autoptr (GError) error = NULL;
    RunetJournal *journal =
        runet_journal_open (fixture->path, RUNET_JOURNAL_WRITE, &error);
    _exit (journal == NULL && g_error_matches (error, RUNET_ERROR, RUNET_ERROR_WRITE)
               ? 0
               : 1);
  }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
  assert_first_events (journal);
}

static void
test_other_files (Fixture *fixture, gconstpointer data) {
  g_autofree char *text = g_build_filename (fixture->folder, "text", NULL);
  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_assert_true (g_file_set_contents (text, "patient0001", -1, NULL));
  assert_refused_untouched (text, RUNET_ERROR_FORMAT, "found a file of 11 bytes");
  g_assert_true (g_file_set_contents (text, long_text, -1, NULL));
  assert_refused_untouched (text, RUNET_ERROR_FORMAT, "no SQLite database");
  g_autofree char *other = g_build_filename (fixture->folder, "other.sqlite", NULL);
  g_assert_true (execute (other, "CREATE TABLE events (number)"));
  assert_refused_untouched (other, RUNET_ERROR_FORMAT, "database of another kind");
  assert_refused (fixture->folder, RUNET_JOURNAL_WRITE, RUNET_ERROR_FORMAT, "a folder");
  assert_refused (fixture->path, RUNET_JOURNAL_READ, RUNET_ERROR_MISSING, "found none");
}

static void
overwrite (const char *path, gsize offset, gsize length) {
  g_autoptr (GBytes) bytes = read_file (path);
  gsize size;
  g_autofree guint8 *copy =
      g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  g_assert_cmpuint (offset + length, <=, size);
  memset (copy + offset, 0xa5, length);
  g_assert_true (g_file_set_contents (path, (char *)copy, (gssize)size, NULL));
}

static void
test_corrupt (Fixture *fixture, gconstpointer data) {
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    for (int i = 0; i < 200; i++)
      append_comment (journal, fixture, "a comment that is long enough to fill pages");
  }
  g_autoptr (GBytes) whole = read_file (fixture->path);
  gsize size;
  const char *content = g_bytes_get_data (whole, &size);
  g_assert_cmpuint (size, >, 3 * 4096);
  overwrite (fixture->path, 2 * 4096, 4096);
  assert_refused_untouched (fixture->path, RUNET_ERROR_FORMAT, "damaged");
  /* Cut short. */
  g_assert_true (g_file_set_contents (fixture->path, content, 2 * 4096, NULL));
  assert_refused_untouched (fixture->path, RUNET_ERROR_FORMAT, "");
  /* A table of ours that is not ours. */
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize)size, NULL));
  g_assert_true (execute (fixture->path, "ALTER TABLE events RENAME TO acts"));
  assert_refused_untouched (fixture->path, RUNET_ERROR_FORMAT, "no such table");
}

/* Whatever the damage, the file is refused or its events are read: nothing crashes or hangs. */
static void
test_random_damage (Fixture *fixture, gconstpointer data) {
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    for (int i = 0; i < 60; i++)
      append_comment (journal, fixture, "a comment that is long enough to fill pages");
  }
  g_autoptr (GBytes) whole = read_file (fixture->path);
  gsize size;
  const guint8 *content = g_bytes_get_data (whole, &size);
  guint refused = 0;
  for (int round = 0; round < 200; round++) {
    g_autofree guint8 *copy = g_memdup2 (content, size);
    for (int i = 0; i < 1 << (round % 7); i++)
      copy[g_test_rand_int_range (0, (gint32)size)] =
          (guint8)g_test_rand_int_range (0, 256);
    g_assert_true (
        g_file_set_contents (fixture->path, (char *)copy, (gssize)size, NULL));
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetJournal) journal =
        runet_journal_open (fixture->path, RUNET_JOURNAL_READ, &error);
    g_autoptr (GPtrArray) events =
        journal != NULL ? runet_journal_refresh (journal, &error) : NULL;
    g_assert_true ((events == NULL) == (error != NULL));
    refused += events == NULL;
  }
  g_test_message ("%u of 200 refused", refused);
  g_assert_cmpuint (refused, >, 20);
}

/* Values that the table lets through and this program never writes. */
static void
test_lying_values (Fixture *fixture, gconstpointer data) {
  runet_journal_close (open_journal (fixture, RUNET_JOURNAL_WRITE));
  g_assert_false (execute (
      fixture->path, "INSERT INTO events (time, author, role, patient, view, kind)"
                     " VALUES ('2026-01-01T00:00:00Z', 'a', 'reader', 'p', '4CH',"
                     " 'bless')"));
  g_assert_true (execute (fixture->path,
                          "INSERT INTO events (time, author, role, patient, view, kind)"
                          " VALUES ('yesterday', 'a', 'reader', 'p', '4CH', 'flag')"));
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
  g_assert_null (runet_journal_refresh (journal, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "event 1"));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/journal-file/newer", test_newer);
  ADD ("/review/journal-file/migrate", test_migrate);
  ADD ("/review/journal-file/migrate-at-once", test_migrate_at_once);
  ADD ("/review/journal-file/migrate-lying", test_migrate_lying);
  ADD ("/review/journal-file/migrate-full-disk", test_migrate_full_disk);
  ADD ("/review/journal-file/other-files", test_other_files);
  ADD ("/review/journal-file/corrupt", test_corrupt);
  ADD ("/review/journal-file/random-damage", test_random_damage);
  ADD ("/review/journal-file/lying-values", test_lying_values);
#undef ADD
  return g_test_run ();
}
