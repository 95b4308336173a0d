/* What can still be read of a damaged record, as a new one. */
#include "journal-salvage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include "core/echo/file.h"
#include "database-pages.h"
#include "journal-file.h"
#include "journal-layout.h"
#include "journal-row.h"

/* Columns of the events' table in each layout: by them its rows are known. */
#define COLUMNS_NOW 19
#define COLUMNS_FIRST 18
#define COLUMN_KIND 10
#define COLUMN_SECONDS 16

typedef struct {
  sqlite3 *db; /* in memory */
  sqlite3_stmt *insert, *select;
  guint columns; /* of the rows that are wanted now */
  guint saved;
  gint64 last;
} Salvage;

static gboolean
is_kind (const RunetValue *value, RunetEventKind kind) {
  const char *name = runet_event_kind_to_string (kind);
  return value->kind == RUNET_VALUE_TEXT && value->size == strlen (name) &&
         memcmp (value->bytes, name, value->size) == 0;
}

/* An edit without its contours says nothing; a decision without them is still one. */
static gboolean
is_complete (const RunetValue *values, guint count) {
  const gboolean edit = is_kind (&values[COLUMN_KIND], RUNET_EVENT_EDIT);
  for (guint i = 0; i < count; i++)
    if (values[i].kind == RUNET_VALUE_LOST && (edit || i + 2 < count))
      return FALSE;
  return TRUE;
}

static void
bind_value (sqlite3_stmt *statement, int index, const RunetValue *value) {
  switch (value->kind) {
  case RUNET_VALUE_INTEGER:
    sqlite3_bind_int64 (statement, index, value->integer);
    break;
  case RUNET_VALUE_REAL:
    sqlite3_bind_double (statement, index, value->real);
    break;
  case RUNET_VALUE_TEXT:
    sqlite3_bind_text64 (statement, index, (const char *)value->bytes, value->size,
                         SQLITE_STATIC, SQLITE_UTF8);
    break;
  case RUNET_VALUE_BLOB:
    if (value->size == 0)
      sqlite3_bind_zeroblob (statement, index, 0);
    else
      sqlite3_bind_blob64 (statement, index, value->bytes, value->size, SQLITE_STATIC);
    break;
  default:
    sqlite3_bind_null (statement, index);
  }
}

/* The new record must be one that can be read. */
static gboolean
can_be_read (Salvage *self, gint64 number) {
  sqlite3_bind_int64 (self->select, 1, number - 1);
  g_autoptr (RunetEvent) event = sqlite3_step (self->select) == SQLITE_ROW
                                     ? runet_journal_row_read (self->select)
                                     : NULL;
  sqlite3_reset (self->select);
  return event != NULL && event->number == number;
}

static void
take_row_cb (gint64 number, const RunetValue *values, guint count, gpointer user_data) {
  Salvage *self = user_data;
  if (count != self->columns || number < 1 || !is_complete (values, count))
    return;
  /* The first column is the number, which SQLite keeps beside the row. */
  int place = 1;
  for (guint i = 1; i < count; i++) {
    if (count == COLUMNS_FIRST && i == COLUMN_SECONDS)
      sqlite3_bind_null (self->insert, place++);
    bind_value (self->insert, place++, &values[i]);
  }
  sqlite3_bind_int64 (self->insert, place, number);
  sqlite3_exec (self->db, "SAVEPOINT row", NULL, NULL, NULL);
  const gboolean ok = sqlite3_step (self->insert) == SQLITE_DONE &&
                      sqlite3_reset (self->insert) == SQLITE_OK &&
                      can_be_read (self, number);
  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
  if (!ok)
    sqlite3_exec (self->db, "ROLLBACK TO row", NULL, NULL, NULL);
  sqlite3_exec (self->db, "RELEASE row", NULL, NULL, NULL);
  self->saved += ok;
  self->last = ok ? MAX (self->last, number) : self->last;
}

static void
salvage_clear (Salvage *self) {
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->select);
  sqlite3_close (self->db);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Salvage, salvage_clear)

static gboolean
prepare (Salvage *self, const char *path, GError **error) {
  sqlite3_open (":memory:", &self->db);
  if (self->db == NULL)
    g_error ("sqlite3_open: out of memory");
  if (!runet_journal_layout_make (self->db, path, error))
    return FALSE;
  if (sqlite3_prepare_v2 (self->db, runet_journal_row_insert_sql, -1, &self->insert,
                          NULL) == SQLITE_OK &&
      sqlite3_prepare_v2 (self->db, runet_journal_row_select_sql (RUNET_JOURNAL_SCHEMA),
                          -1, &self->select, NULL) == SQLITE_OK)
    return TRUE;
  runet_journal_file_error (error, RUNET_ERROR_MEMORY, path, self->db,
                            "to read events into memory");
  return FALSE;
}

/* Reading it beside SQLite would take the locks away. */
static gboolean
check_closed (const char *path, GError **error) {
  GStatBuf status;
  if (g_stat (path, &status) != 0 ||
      !runet_journal_file_is_held (status.st_dev, status.st_ino))
    return TRUE;
  runet_file_error (
      error, RUNET_ERROR_MISMATCH, path,
      "expected a record that is damaged, found that it is open and whole");
  return FALSE;
}

gboolean
runet_journal_salvage (const char *path,
                       const char *to,
                       guint *saved,
                       guint *lost,
                       GError **error) {
  g_return_val_if_fail (path != NULL && to != NULL, FALSE);

  g_auto (Salvage) self = {0};
  g_autoptr (RunetDatabasePages) pages =
      check_closed (path, error) ? runet_database_pages_read (path, error) : NULL;
  if (pages == NULL || !prepare (&self, path, error))
    return FALSE;
  /* A page that an older layout has left unused comes second. */
  static const guint columns[] = {COLUMNS_NOW, COLUMNS_FIRST};
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    self.columns = columns[i];
    runet_database_pages_foreach (pages, take_row_cb, &self);
  }
  if (self.saved == 0) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected events of a review, found none that can be read");
    return FALSE;
  }
  if (!runet_journal_file_copy (self.db, to, error))
    return FALSE;
  if (saved != NULL)
    *saved = self.saved;
  if (lost != NULL)
    *lost = (guint)CLAMP (self.last - self.saved, 0, G_MAXINT);
  return TRUE;
}

/* ---- In its place ---- */

/* Whoever finds that many beside each other has another problem. */
#define DAMAGED_MAX 1000

static char *
find_free_name (const char *path) {
  for (guint number = 1; number < DAMAGED_MAX; number++) {
    g_autofree char *name = g_strdup_printf ("%s.damaged-%u", path, number);
    GStatBuf status;
    if (g_lstat (name, &status) != 0)
      return g_steal_pointer (&name);
  }
  return NULL;
}

/* With its log, which would else be read into the new record. */
static gboolean
move_aside (const char *path, const char *name) {
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *log_name = g_strconcat (name, "-wal", NULL);
  g_autofree char *index = g_strconcat (path, "-shm", NULL);
  if (g_rename (path, name) != 0)
    return FALSE;
  if (g_rename (log, log_name) != 0 && errno != ENOENT) {
    g_rename (name, path);
    return FALSE;
  }
  g_unlink (index);
  return TRUE;
}

static gboolean
exchange (const char *path, const char *name, const char *salvaged, GError **error) {
  if (name != NULL && move_aside (path, name) && g_rename (salvaged, path) == 0)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, path,
                    "expected to put the new record in the place of the damaged one, "
                    "found: %s; what was saved is in %s",
                    g_strerror (errno), salvaged);
  return FALSE;
}

gboolean
runet_journal_repair (const char *path,
                      char **kept,
                      guint *saved,
                      guint *lost,
                      GError **error) {
  g_return_val_if_fail (path != NULL, FALSE);

  g_autofree char *salvaged = g_strconcat (path, ".salvaged", NULL);
  g_autofree char *name = find_free_name (path);
  g_unlink (salvaged);
  if (!runet_journal_salvage (path, salvaged, saved, lost, error) ||
      !exchange (path, name, salvaged, error))
    return FALSE;
  if (kept != NULL)
    *kept = g_steal_pointer (&name);
  return TRUE;
}
