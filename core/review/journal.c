/* The journal: everything that people decided about a data set, as events in one SQLite file. */
#include "journal.h"

#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "core/base/error.h"
#include "core/echo/file.h"
#include "journal-file.h"

/* File systems take 255 bytes a name; SQLite adds "-wal" and others to ours. */
#define NAME_BYTES 100
#define HASH_DIGITS 12

struct _RunetJournal {
  char *path; /* absolute */
  sqlite3 *db;
  sqlite3_stmt *insert, *select;
  gint64 seen; /* number of the last event that was read */
  gint64 data_version;
  dev_t device;
  ino_t inode;
};

/* ---- Opening ---- */

static const char insert_sql[] =
    "INSERT INTO events (time, author, role, subset, patient, view, instant, frame,"
    " content, kind, reason, text, undoes, tool, model, contour_before, contour_after)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
    "?17)";

static const char select_sql[] =
    "SELECT number, time, author, role, subset, patient, view, instant, frame, content,"
    " kind, reason, text, undoes, tool, model FROM events WHERE number > ?1"
    " ORDER BY number";

RunetJournal *
runet_journal_open (const char *path, RunetJournalMode mode, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);

  g_autoptr (RunetJournal) self = g_new0 (RunetJournal, 1);
  self->path = g_canonicalize_filename (path, NULL);
  self->db = runet_journal_file_open (self->path, mode, error);
  if (self->db == NULL)
    return NULL;
  if (sqlite3_prepare_v2 (self->db, select_sql, -1, &self->select, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2 (self->db, insert_sql, -1, &self->insert, NULL) != SQLITE_OK) {
    runet_journal_file_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                              "a record of reviews with all its columns");
    return NULL;
  }
  GStatBuf status;
  if (g_stat (self->path, &status) == 0) {
    self->device = status.st_dev;
    self->inode = status.st_ino;
  }
  return g_steal_pointer (&self);
}

void
runet_journal_close (RunetJournal *self) {
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->select);
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

const char *
runet_journal_get_path (const RunetJournal *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->path;
}

/* ---- Appending ---- */

static void
bind_text (sqlite3_stmt *statement, int index, const char *text) {
  if (text == NULL)
    sqlite3_bind_null (statement, index);
  else if (g_utf8_validate (text, -1, NULL))
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
  else
    /* The name of a folder, kept byte by byte: it is how the patient is found again. */
    sqlite3_bind_blob (statement, index, text, (int)strlen (text), SQLITE_STATIC);
}

static void
bind_positive (sqlite3_stmt *statement, int index, gint64 value) {
  if (value > 0)
    sqlite3_bind_int64 (statement, index, value);
  else
    sqlite3_bind_null (statement, index);
}

static void
bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes) {
  gsize size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  if (bytes == NULL)
    sqlite3_bind_null (statement, index);
  else if (size == 0)
    sqlite3_bind_zeroblob (statement, index, 0);
  else
    sqlite3_bind_blob64 (statement, index, data, size, SQLITE_STATIC);
}

static char *
format_time (GDateTime *time) {
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%06dZ", seconds, g_date_time_get_microsecond (time));
}

static void
bind_event (sqlite3_stmt *statement, const RunetEvent *event, const char *time) {
  const RunetSubject *subject = &event->subject;
  bind_text (statement, 1, time);
  bind_text (statement, 2, event->author);
  bind_text (statement, 3, event->role);
  bind_text (statement, 4, subject->subset);
  bind_text (statement, 5, subject->patient);
  bind_text (statement, 6, runet_view_to_string (subject->view));
  bind_text (statement, 7,
             subject->instant >= 0
                 ? runet_instant_to_string ((RunetInstant)subject->instant)
                 : NULL);
  bind_positive (statement, 8, subject->frame);
  bind_text (statement, 9, subject->content);
  bind_text (statement, 10, runet_event_kind_to_string (event->kind));
  bind_text (statement, 11, runet_rejection_to_string (event->rejection));
  bind_text (statement, 12, event->text);
  bind_positive (statement, 13, event->undoes);
  bind_text (statement, 14, event->tool);
  bind_text (statement, 15, event->model);
  bind_bytes (statement, 16, event->before);
  bind_bytes (statement, 17, event->after);
}

/* Events appended to a file that was deleted, or to one of another place, would be lost with the
 * program's end. */
static gboolean
check_place (RunetJournal *self, GError **error) {
  GStatBuf status;
  if (g_stat (self->path, &status) == 0 && status.st_dev == self->device &&
      status.st_ino == self->inode)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, self->path,
                    "expected the record that was opened, found it moved, replaced or "
                    "deleted: open the studies again");
  return FALSE;
}

gboolean
runet_journal_append (RunetJournal *self, RunetEvent *event, GError **error) {
  g_return_val_if_fail (self != NULL && event != NULL && event->number == 0, FALSE);
  g_return_val_if_fail ((event->kind == RUNET_EVENT_REJECT) ==
                            (event->rejection != RUNET_REJECTION_NONE),
                        FALSE);
  g_return_val_if_fail ((event->kind == RUNET_EVENT_UNDO) == (event->undoes > 0),
                        FALSE);

  if (!check_place (self, error))
    return FALSE;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = format_time (now);
  bind_event (self->insert, event, time);
  /* One statement is one transaction: it is there as a whole or not at all. */
  const gboolean ok = sqlite3_step (self->insert) == SQLITE_DONE;
  if (!ok)
    runet_journal_file_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                              "to write to the record of reviews");
  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
  if (ok) {
    event->number = sqlite3_last_insert_rowid (self->db);
    event->time = g_steal_pointer (&now);
  }
  return ok;
}

/* ---- Reading ---- */

static char *
copy_text (sqlite3_stmt *statement, int column) {
  return g_strdup ((const char *)sqlite3_column_text (statement, column));
}

static gboolean
read_view (sqlite3_stmt *statement, int column, RunetView *view) {
  const char *name = (const char *)sqlite3_column_text (statement, column);
  for (int i = 0; i < RUNET_VIEWS; i++)
    if (g_strcmp0 (name, runet_view_to_string (i)) == 0) {
      *view = i;
      return TRUE;
    }
  return FALSE;
}

static int
read_instant (sqlite3_stmt *statement, int column) {
  const char *name = (const char *)sqlite3_column_text (statement, column);
  for (int i = 0; name != NULL && i < RUNET_INSTANTS; i++)
    if (g_str_equal (name, runet_instant_to_string (i)))
      return i;
  return -1;
}

/* NULL when a value is none that this program writes. */
static RunetEvent *
read_event (sqlite3_stmt *row) {
  RunetEventKind kind;
  const char *time = (const char *)sqlite3_column_text (row, 1);
  const char *author = (const char *)sqlite3_column_text (row, 2);
  g_auto (RunetSubject) subject = {.subset = copy_text (row, 4),
                                   .patient = copy_text (row, 5),
                                   .instant = read_instant (row, 7),
                                   .frame = sqlite3_column_int (row, 8),
                                   .content = copy_text (row, 9)};
  if (time == NULL || author == NULL || subject.patient == NULL ||
      !read_view (row, 6, &subject.view) ||
      !runet_event_kind_from_string ((const char *)sqlite3_column_text (row, 10),
                                     &kind))
    return NULL;
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, &subject);
  event->number = sqlite3_column_int64 (row, 0);
  event->time = g_date_time_new_from_iso8601 (time, NULL);
  g_free (event->role);
  event->role = copy_text (row, 3);
  const char *reason = (const char *)sqlite3_column_text (row, 11);
  if (event->time == NULL || event->role == NULL ||
      (reason != NULL) != (kind == RUNET_EVENT_REJECT) ||
      (reason != NULL && !runet_rejection_from_string (reason, &event->rejection)))
    return NULL;
  const char *text = (const char *)sqlite3_column_text (row, 12);
  event->text = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  event->undoes = sqlite3_column_int64 (row, 13);
  event->tool = copy_text (row, 14);
  event->model = copy_text (row, 15);
  return g_steal_pointer (&event);
}

GPtrArray *
runet_journal_refresh (RunetJournal *self, GError **error) {
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  sqlite3_bind_int64 (self->select, 1, self->seen);
  int result;
  gboolean known = TRUE;
  while (known && (result = sqlite3_step (self->select)) == SQLITE_ROW) {
    RunetEvent *event = read_event (self->select);
    known = event != NULL;
    if (known)
      g_ptr_array_add (events, event);
    else
      runet_file_error (
          error, RUNET_ERROR_FORMAT, self->path,
          "expected events of a review, found values of event %" G_GINT64_FORMAT
          " that none has",
          (gint64)sqlite3_column_int64 (self->select, 0));
  }
  if (known && result != SQLITE_DONE)
    runet_journal_file_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                              "to read the record of reviews");
  sqlite3_reset (self->select);
  if (!known || result != SQLITE_DONE)
    return NULL;
  if (events->len > 0)
    self->seen = ((RunetEvent *)events->pdata[events->len - 1])->number;
  return g_steal_pointer (&events);
}

gboolean
runet_journal_has_changed (RunetJournal *self) {
  g_return_val_if_fail (self != NULL, FALSE);

  sqlite3_stmt *statement = NULL;
  gint64 version = self->data_version;
  if (sqlite3_prepare_v2 (self->db, "PRAGMA data_version", -1, &statement, NULL) ==
          SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  const gboolean changed = version != self->data_version;
  self->data_version = version;
  return changed;
}

static GBytes *
read_bytes (sqlite3_stmt *statement, int column) {
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  const void *data = sqlite3_column_blob (statement, column);
  return g_bytes_new (data, (gsize)sqlite3_column_bytes (statement, column));
}

gboolean
runet_journal_read_edit (RunetJournal *self,
                         gint64 number,
                         GBytes **before,
                         GBytes **after,
                         GError **error) {
  g_return_val_if_fail (self != NULL && before != NULL && after != NULL, FALSE);

  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2 (
      self->db, "SELECT contour_before, contour_after FROM events WHERE number = ?1",
      -1, &statement, NULL);
  if (result == SQLITE_OK) {
    sqlite3_bind_int64 (statement, 1, number);
    result = sqlite3_step (statement);
  }
  if (result == SQLITE_ROW) {
    *before = read_bytes (statement, 0);
    *after = read_bytes (statement, 1);
  } else if (result == SQLITE_DONE)
    runet_file_error (error, RUNET_ERROR_MISSING, self->path,
                      "expected event %" G_GINT64_FORMAT ", found none", number);
  else
    runet_journal_file_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                              "to read an edit");
  sqlite3_finalize (statement);
  return result == SQLITE_ROW;
}

/* ---- Its place ---- */

/* Only what no shell, file system or person stumbles over. */
static char *
make_name (const char *path) {
  g_autofree char *base = g_path_get_basename (path);
  char *name = g_strndup (base, NAME_BYTES);
  for (char *c = name; *c != 0; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-_.", *c) == NULL)
      *c = '_';
  if (*name == '.')
    *name = '_';
  return name;
}

char *
runet_journal_default_path (const char *dataset) {
  g_return_val_if_fail (dataset != NULL, NULL);

  g_autofree char *absolute = g_canonicalize_filename (dataset, NULL);
  char *real = realpath (absolute, NULL);
  const char *path = real != NULL ? real : absolute;
  g_autofree char *name = make_name (path);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *file = g_strdup_printf ("%s-%.*s.sqlite", name, HASH_DIGITS, hash);
  free (real);
  return g_build_filename (g_get_user_data_dir (), "runet-review", "reviews", file,
                           NULL);
}
