/* Records of data sets that were moved: found by what the data set holds, and taken over. */
#include "moved-record.h"

#include <glib/gstdio.h>
#include <string.h>
#include "core/base/database.h"
#include "core/echo/file.h"
#include "journal-file.h"
#include "journal-private.h"
#include "journal-row.h"

/* ---- What a data set is, wherever it lies ---- */

static void
add_file (GString *list, const char *path) {
  GStatBuf status;
  const gboolean there = path != NULL && g_stat (path, &status) == 0;
  g_string_append_printf (list, " %" G_GINT64_FORMAT,
                          there ? (gint64)status.st_size : -1);
}

/* The images, not the masks: those may come later. A length before each name keeps them apart. */
static void
add_patient (GString *list, const RunetPatient *patient) {
  const char *subset = patient->subset != NULL ? patient->subset : "";
  g_string_append_printf (list, "%zu %s %zu %s", strlen (subset), subset,
                          strlen (patient->id), patient->id);
  for (int v = 0; v < RUNET_VIEWS; v++) {
    for (int i = 0; i < RUNET_INSTANTS; i++)
      add_file (list, patient->views[v].still[i]);
    add_file (list, patient->views[v].sequence);
  }
}

/* Of the sorted list of patients and the sizes of their images. */
static char *
make_identity (const RunetDataset *dataset) {
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < dataset->patients->len; i++)
    add_patient (list, dataset->patients->pdata[i]);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)list->str,
                                      list->len);
}

/* ---- What a record knows of it ---- */

static const char last_sql[] =
    "SELECT path, identity FROM datasets ORDER BY number DESC LIMIT 1";

/* FALSE when it knows nothing. */
static gboolean
read_dataset (RunetJournal *journal, char **path, char **identity) {
  sqlite3_stmt *row = NULL;
  const gboolean ok =
      sqlite3_prepare_v2 (journal->db, last_sql, -1, &row, NULL) == SQLITE_OK &&
      sqlite3_step (row) == SQLITE_ROW && sqlite3_column_type (row, 0) != SQLITE_NULL &&
      sqlite3_column_type (row, 1) != SQLITE_NULL;
  if (ok) {
    *path = g_strdup ((const char *)sqlite3_column_text (row, 0));
    *identity = g_strdup ((const char *)sqlite3_column_text (row, 1));
  }
  sqlite3_finalize (row);
  return ok;
}

char *
runet_journal_read_dataset (RunetJournal *self) {
  g_return_val_if_fail (self != NULL, NULL);
  g_autofree char *path = NULL, *identity = NULL;
  return read_dataset (self, &path, &identity) ? g_steal_pointer (&path) : NULL;
}

static gboolean
write_dataset (sqlite3 *db, const char *path, const char *identity) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = runet_journal_row_format_time (now);
  sqlite3_stmt *statement = NULL;
  gboolean ok =
      sqlite3_prepare_v2 (
          db, "INSERT INTO datasets (time, path, identity) VALUES (?1, ?2, ?3)", -1,
          &statement, NULL) == SQLITE_OK;
  if (ok) {
    sqlite3_bind_text (statement, 1, time, -1, SQLITE_STATIC);
    /* As bytes, whatever they are. */
    sqlite3_bind_blob (statement, 2, path, (int)strlen (path), SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, identity, -1, SQLITE_STATIC);
    ok = sqlite3_step (statement) == SQLITE_DONE;
  }
  return sqlite3_finalize (statement) == SQLITE_OK && ok;
}

gboolean
runet_journal_note_dataset (RunetJournal *self,
                            const char *path,
                            const RunetDataset *dataset,
                            GError **error) {
  g_return_val_if_fail (self != NULL && self->mode == RUNET_JOURNAL_WRITE, FALSE);
  g_return_val_if_fail (path != NULL && dataset != NULL, FALSE);

  g_autofree char *real = runet_path_resolve (path);
  g_autofree char *identity = make_identity (dataset);
  g_autofree char *known_path = NULL, *known = NULL;
  if (read_dataset (self, &known_path, &known) && g_str_equal (known_path, real) &&
      g_str_equal (known, identity))
    return TRUE;
  if (!runet_journal_keep_place (self, error))
    return FALSE;
  if (write_dataset (self->db, real, identity))
    return TRUE;
  runet_journal_file_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                            "to write to the record of reviews");
  return FALSE;
}

/* ---- Finding ---- */

static GDateTime *
read_last_time (sqlite3 *db) {
  sqlite3_stmt *row = NULL;
  GDateTime *time = NULL;
  if (sqlite3_prepare_v2 (db, "SELECT time FROM events ORDER BY number DESC LIMIT 1",
                          -1, &row, NULL) == SQLITE_OK &&
      sqlite3_step (row) == SQLITE_ROW && sqlite3_column_type (row, 0) == SQLITE_TEXT)
    time =
        g_date_time_new_from_iso8601 ((const char *)sqlite3_column_text (row, 0), NULL);
  sqlite3_finalize (row);
  return time;
}

static RunetMovedRecord *
look_into (const char *path, const char *identity) {
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_READ, NULL);
  g_autofree char *dataset = NULL, *known = NULL;
  if (journal == NULL || !read_dataset (journal, &dataset, &known) ||
      !g_str_equal (known, identity) || g_file_test (dataset, G_FILE_TEST_EXISTS))
    return NULL;
  g_autoptr (RunetMovedRecord) record = g_new0 (RunetMovedRecord, 1);
  record->path = g_strdup (path);
  record->dataset = g_steal_pointer (&dataset);
  record->last = read_last_time (journal->db);
  /* Nobody misses an empty one. */
  return runet_database_query (journal->db, "SELECT count (*) FROM events",
                               &record->events) &&
                 record->events > 0
             ? g_steal_pointer (&record)
             : NULL;
}

static int
compare_times (gconstpointer a, gconstpointer b) {
  const RunetMovedRecord *first = *(RunetMovedRecord *const *)a;
  const RunetMovedRecord *second = *(RunetMovedRecord *const *)b;
  if (first->last == NULL || second->last == NULL)
    return (first->last == NULL) - (second->last == NULL);
  return g_date_time_compare (second->last, first->last);
}

GPtrArray *
runet_moved_records_find (const char *path, const RunetDataset *dataset) {
  g_return_val_if_fail (path != NULL && dataset != NULL, NULL);

  GPtrArray *records =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_moved_record_free);
  g_autofree char *own = runet_journal_default_path (path);
  g_autofree char *folder = g_path_get_dirname (own);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  if (listing == NULL)
    return records;
  g_autofree char *identity = make_identity (dataset);
  for (const char *name; (name = g_dir_read_name (listing)) != NULL;) {
    g_autofree char *file = g_build_filename (folder, name, NULL);
    RunetMovedRecord *record =
        g_str_has_suffix (name, ".sqlite") && !g_str_equal (file, own)
            ? look_into (file, identity)
            : NULL;
    if (record != NULL)
      g_ptr_array_add (records, record);
  }
  g_ptr_array_sort (records, compare_times);
  return records;
}

gboolean
runet_journal_adopt (RunetJournal *self, const char *record, GError **error) {
  g_return_val_if_fail (self != NULL && self->mode == RUNET_JOURNAL_WRITE, FALSE);
  g_return_val_if_fail (record != NULL, FALSE);

  gint64 count = 0;
  g_autoptr (RunetJournal) other =
      runet_journal_open (record, RUNET_JOURNAL_READ, error);
  if (other == NULL || !runet_journal_keep_place (self, error))
    return FALSE;
  if (runet_database_query (self->db, "SELECT count (*) FROM events", &count) &&
      count > 0) {
    runet_file_error (
        error, RUNET_ERROR_MISMATCH, self->path,
        "expected a record without entries, found %" G_GINT64_FORMAT " of them", count);
    return FALSE;
  }
  if (runet_journal_file_join (other->db, self->db) >= 0)
    return TRUE;
  runet_file_error (
      error, RUNET_ERROR_WRITE, self->path,
      "expected to take over the entries of %s, found that they could not "
      "all be written",
      record);
  return FALSE;
}

void
runet_moved_record_free (RunetMovedRecord *self) {
  g_clear_pointer (&self->last, g_date_time_unref);
  g_free (self->path);
  g_free (self->dataset);
  g_free (self);
}
