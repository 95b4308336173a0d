/* The journal: what is acknowledged is there, whatever happens to the program, the disk or the file. */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/review/journal.h"
#include "tests/remove-tree.h"

typedef struct {
  char *folder;
  char *path;
  RunetSubject subject;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("runet-journal-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "new", "record.sqlite", NULL);
  runet_subject_init (&fixture->subject, "training", "patient0001", RUNET_VIEW_A4C);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  runet_subject_clear (&fixture->subject);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static RunetJournal *
open_journal (Fixture *fixture, RunetJournalMode mode) {
  g_autoptr (GError) error = NULL;
  RunetJournal *journal = runet_journal_open (fixture->path, mode, &error);
  g_assert_no_error (error);
  g_assert_nonnull (journal);
  return journal;
}

static void
assert_refused (const char *path, RunetJournalMode mode, int code, const char *words) {
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_journal_open (path, mode, &error));
  g_assert_error (error, RUNET_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static gint64
append_comment (RunetJournal *journal, Fixture *fixture, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_COMMENT, "Ada Lovelace", &fixture->subject);
  event->text = g_strdup (text);
  g_assert_true (runet_journal_append (journal, event, &error));
  g_assert_no_error (error);
  return event->number;
}

static GPtrArray *
read_all (RunetJournal *journal) {
  g_autoptr (GError) error = NULL;
  GPtrArray *events = runet_journal_refresh (journal, &error);
  g_assert_no_error (error);
  return events;
}

static guint
count_in_file (Fixture *fixture) {
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
  g_autoptr (GPtrArray) events = read_all (journal);
  return events->len;
}

/* As another program would; FALSE when SQLite refuses. */
static gboolean
execute (const char *path, const char *sql) {
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  int result = sqlite3_exec (db, sql, NULL, NULL, NULL);
  sqlite3_close (db);
  return result == SQLITE_OK;
}

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

/* ---- What is no journal of ours ---- */

static GBytes *
read_file (const char *path) {
  char *content;
  gsize length;
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}

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

/* Somebody tidied the folder up while the program ran. */
static void
test_deleted (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  g_assert_cmpint (unlink (fixture->path), ==, 0);
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_FLAG, "Ada Lovelace", &fixture->subject);
  g_assert_false (runet_journal_append (journal, event, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
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
  ADD ("/review/journal/newer", test_newer);
  ADD ("/review/journal/migrate", test_migrate);
  ADD ("/review/journal/migrate-at-once", test_migrate_at_once);
  ADD ("/review/journal/migrate-full-disk", test_migrate_full_disk);
  ADD ("/review/journal/other-files", test_other_files);
  ADD ("/review/journal/corrupt", test_corrupt);
  ADD ("/review/journal/random-damage", test_random_damage);
  ADD ("/review/journal/lying-values", test_lying_values);
  ADD ("/review/journal/read-only", test_read_only);
  ADD ("/review/journal/below-a-file", test_below_a_file);
  ADD ("/review/journal/full-disk", test_full_disk);
  ADD ("/review/journal/deleted", test_deleted);
  ADD ("/review/journal/default-path", test_default_path);
#undef ADD
  return g_test_run ();
}
