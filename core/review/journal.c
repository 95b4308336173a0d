/* The journal: everything that people decided about a data set, as events in one SQLite file. */
#include "journal-private.h"

#include <glib/gstdio.h>
#include "core/base/database.h"
#include "core/base/error.h"
#include "core/echo/file.h"
#include "journal-file.h"
#include "journal-row.h"

/* ---- Opening ---- */

static gboolean
prepare (RunetJournal *self, GError **error) {
  g_clear_pointer (&self->select, sqlite3_finalize);
  g_clear_pointer (&self->insert, sqlite3_finalize);
  if (runet_database_query (self->db, "PRAGMA user_version", &self->layout) &&
      sqlite3_prepare_v2 (self->db, runet_journal_row_select_sql (self->layout), -1,
                          &self->select, NULL) == SQLITE_OK &&
      (self->mode == RUNET_JOURNAL_READ ||
       sqlite3_prepare_v2 (self->db, runet_journal_row_insert_sql, -1, &self->insert,
                           NULL) == SQLITE_OK))
    return TRUE;
  runet_journal_file_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                            "a record of reviews with all its columns");
  return FALSE;
}

static void
detach (RunetJournal *self) {
  if (self->db == NULL)
    return;
  g_clear_pointer (&self->insert, sqlite3_finalize);
  g_clear_pointer (&self->select, sqlite3_finalize);
  /* The log at the path would be another file's by now, and is not this connection's to delete. */
  if (!runet_journal_is_in_place (self))
    sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close (self->db);
  self->db = NULL;
  runet_journal_file_release (self->device, self->inode);
  g_clear_pointer (&self->path, g_free);
}

gboolean
runet_journal_attach (RunetJournal *self, sqlite3 *db, char *path, GError **error) {
  detach (self);
  self->db = db;
  self->path = path;
  /* Such that the next look finds a change. */
  self->data_version = -1;
  GStatBuf status = {0};
  if (g_stat (path, &status) == 0) {
    self->device = status.st_dev;
    self->inode = status.st_ino;
  }
  runet_journal_file_hold (self->device, self->inode);
  if (!prepare (self, error))
    return FALSE;
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  self->log_inode = g_stat (log, &status) == 0 ? status.st_ino : 0;
  return TRUE;
}

static void
mention_rescued (RunetJournal *self) {
  g_autofree char *rescued = runet_journal_make_rescue_path (self->path, 1);
  if (g_file_test (rescued, G_FILE_TEST_EXISTS))
    runet_journal_add_notice (
        self, g_strdup_printf ("%s: a record that another file had displaced from this "
                               "place is kept in %s",
                               self->path, rescued));
}

RunetJournal *
runet_journal_open (const char *path, RunetJournalMode mode, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);

  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (RunetJournal) self = g_new0 (RunetJournal, 1);
  self->mode = mode;
  sqlite3 *db = runet_journal_file_open (absolute, mode, error);
  if (db == NULL ||
      !runet_journal_attach (self, db, g_steal_pointer (&absolute), error))
    return NULL;
  if (mode == RUNET_JOURNAL_WRITE)
    mention_rescued (self);
  return g_steal_pointer (&self);
}

void
runet_journal_close (RunetJournal *self) {
  detach (self);
  g_free (self->notice);
  g_free (self);
}

const char *
runet_journal_get_path (const RunetJournal *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->path;
}

void
runet_journal_add_notice (RunetJournal *self, char *notice) {
  g_free (self->notice);
  self->notice = notice;
}

char *
runet_journal_take_notice (RunetJournal *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return g_steal_pointer (&self->notice);
}

gboolean
runet_journal_save_copy (RunetJournal *self, const char *path, GError **error) {
  g_return_val_if_fail (self != NULL && path != NULL, FALSE);
  return runet_journal_file_copy (self->db, path, error);
}

/* ---- Appending ---- */

gboolean
runet_journal_lock (RunetJournal *self, GError **error) {
  g_return_val_if_fail (self != NULL && self->mode == RUNET_JOURNAL_WRITE, FALSE);

  if (!runet_journal_keep_place (self, error))
    return FALSE;
  if (sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  runet_journal_file_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                            "to write to the record of reviews");
  return FALSE;
}

void
runet_journal_unlock (RunetJournal *self) {
  g_return_if_fail (self != NULL);
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
runet_journal_append (RunetJournal *self, RunetEvent *event, GError **error) {
  g_return_val_if_fail (self != NULL && event != NULL && event->number == 0, FALSE);
  g_return_val_if_fail ((event->kind == RUNET_EVENT_REJECT) ==
                            (event->rejection != RUNET_REJECTION_NONE),
                        FALSE);
  g_return_val_if_fail ((event->kind == RUNET_EVENT_UNDO) == (event->undoes > 0),
                        FALSE);

  if (sqlite3_get_autocommit (self->db) && !runet_journal_lock (self, error))
    return FALSE;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = runet_journal_row_format_time (now);
  runet_journal_row_bind (self->insert, 0, event, time);
  const gboolean inserted = sqlite3_step (self->insert) == SQLITE_DONE;
  const gint64 number = sqlite3_last_insert_rowid (self->db);
  gboolean ok =
      inserted && sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
  if (!ok)
    runet_journal_file_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                              "to write to the record of reviews");
  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
  /* There as a whole or not at all. */
  runet_journal_unlock (self);
  if (ok) {
    event->number = number;
    event->time = g_steal_pointer (&now);
  }
  return ok;
}

/* ---- Reading ---- */

GPtrArray *
runet_journal_refresh (RunetJournal *self, GError **error) {
  g_return_val_if_fail (self != NULL, NULL);

  if (self->mode == RUNET_JOURNAL_WRITE && sqlite3_get_autocommit (self->db) &&
      !runet_journal_keep_place (self, error))
    return NULL;
  /* Another program may have brought the file to another layout meanwhile. */
  gint64 layout;
  if (self->layout < RUNET_JOURNAL_SCHEMA &&
      runet_database_query (self->db, "PRAGMA user_version", &layout) &&
      layout != self->layout && !prepare (self, error))
    return NULL;
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  sqlite3_bind_int64 (self->select, 1, self->seen);
  int result;
  gboolean known = TRUE;
  while (known && (result = sqlite3_step (self->select)) == SQLITE_ROW) {
    RunetEvent *event = runet_journal_row_read (self->select);
    known = event != NULL;
    if (known)
      g_ptr_array_add (events, event);
    else
      runet_file_error (
          error, RUNET_ERROR_FORMAT, self->path,
          "expected events of a review, found values of event %" G_GINT64_FORMAT
          " that none has" RUNET_JOURNAL_DAMAGED,
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
  const gboolean changed =
      version != self->data_version ||
      (self->mode == RUNET_JOURNAL_WRITE && !runet_journal_is_in_place (self));
  self->data_version = version;
  return changed;
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
    *before = runet_journal_row_read_bytes (statement, 0);
    *after = runet_journal_row_read_bytes (statement, 1);
  } else if (result == SQLITE_DONE)
    runet_file_error (error, RUNET_ERROR_MISSING, self->path,
                      "expected event %" G_GINT64_FORMAT ", found none", number);
  else
    runet_journal_file_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                              "to read an edit");
  sqlite3_finalize (statement);
  return result == SQLITE_ROW;
}
