/* A journal in a folder of its own, for the tests of journals. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>
#include <string.h>

#include "core/base/error.h"
#include "core/review/journal.h"
#include "tests/remove-tree.h"

typedef struct {
  char *folder;
  char *path;
  RunetSubject subject;
} Fixture;

static inline void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("runet-journal-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "new", "record.sqlite", NULL);
  runet_subject_init (&fixture->subject, "training", "patient0001", RUNET_VIEW_A4C);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data) {
  runet_subject_clear (&fixture->subject);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static inline RunetJournal *
open_journal (Fixture *fixture, RunetJournalMode mode) {
  g_autoptr (GError) error = NULL;
  RunetJournal *journal = runet_journal_open (fixture->path, mode, &error);
  g_assert_no_error (error);
  g_assert_nonnull (journal);
  return journal;
}

static inline void
assert_refused (const char *path, RunetJournalMode mode, int code, const char *words) {
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_journal_open (path, mode, &error));
  g_assert_error (error, RUNET_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static inline gint64
append_comment (RunetJournal *journal, Fixture *fixture, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_COMMENT, "Ada Lovelace", &fixture->subject);
  event->text = g_strdup (text);
  g_assert_true (runet_journal_append (journal, event, &error));
  g_assert_no_error (error);
  return event->number;
}

static inline GPtrArray *
read_all (RunetJournal *journal) {
  g_autoptr (GError) error = NULL;
  GPtrArray *events = runet_journal_refresh (journal, &error);
  g_assert_no_error (error);
  return events;
}

static inline guint
count_in_file (Fixture *fixture) {
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_READ);
  g_autoptr (GPtrArray) events = read_all (journal);
  return events->len;
}

/* As another program would; FALSE when SQLite refuses. */
static inline gboolean
execute (const char *path, const char *sql) {
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  int result = sqlite3_exec (db, sql, NULL, NULL, NULL);
  sqlite3_close (db);
  return result == SQLITE_OK;
}

static inline GBytes *
read_file (const char *path) {
  char *content;
  gsize length;
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}
