/* The file of a registry: how it is made, opened and spoken with. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/echo/file.h"
#include "registry-private.h"

/* The newest layout that this program knows: PRAGMA user_version. */
#define SCHEMA 1
/* "RUNM". */
#define APPLICATION_ID 0x52554e4d
/* Another program may be entering a model: longer than it ever takes. */
#define BUSY_TIMEOUT_MS 10000

static const char schema[] =
    "CREATE TABLE models ("
    " hash TEXT NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " architecture TEXT NOT NULL,"
    " parent TEXT,"
    " snapshot TEXT,"
    " time TEXT NOT NULL," /* UTC, ISO 8601 */
    " author TEXT NOT NULL,"
    " settings TEXT,"
    " gate TEXT,"
    " verdict TEXT NOT NULL CHECK (verdict IN ('none', 'passed', 'failed')));"
    "CREATE TABLE changes ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time TEXT NOT NULL,"
    " author TEXT NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('promote', 'rollback')),"
    " architecture TEXT NOT NULL,"
    " before TEXT REFERENCES models (hash),"
    " after TEXT NOT NULL REFERENCES models (hash),"
    " forced INTEGER NOT NULL CHECK (forced IN (0, 1)),"
    " reason TEXT);"
    "CREATE TABLE locked ("
    " dataset BLOB NOT NULL," /* bytes of a path, which need not be UTF-8 */
    " patient BLOB NOT NULL,"
    " PRIMARY KEY (dataset, patient));"
    "CREATE TRIGGER models_stay BEFORE UPDATE ON models BEGIN"
    " SELECT RAISE (ABORT, 'models are only added'); END;"
    "CREATE TRIGGER models_remain BEFORE DELETE ON models BEGIN"
    " SELECT RAISE (ABORT, 'models are only added'); END;"
    "CREATE TRIGGER changes_stay BEFORE UPDATE ON changes BEGIN"
    " SELECT RAISE (ABORT, 'changes are only appended'); END;"
    "CREATE TRIGGER changes_remain BEFORE DELETE ON changes BEGIN"
    " SELECT RAISE (ABORT, 'changes are only appended'); END;"
    "PRAGMA application_id = 0x52554e4d;"
    "PRAGMA user_version = 1;";

void
runet_registry_set_error (GError **error,
                          RunetError code,
                          const char *path,
                          sqlite3 *db,
                          const char *expected) {
  const int result = sqlite3_errcode (db) & 0xff;
  if (result == SQLITE_BUSY || result == SQLITE_LOCKED) {
    runet_file_error (error, RUNET_ERROR_WRITE, path,
                      "expected %s, found that another program keeps it locked",
                      expected);
    return;
  }
  if (result == SQLITE_CORRUPT || result == SQLITE_NOTADB)
    code = RUNET_ERROR_FORMAT;
  const int reason = result == SQLITE_CORRUPT ? 0 : sqlite3_system_errno (db);
  const gboolean room = result == SQLITE_FULL || result == SQLITE_IOERR;
  g_autofree char *why = reason != 0 ? g_strdup_printf (" (%s)", g_strerror (reason))
                                     : g_strdup (room ? " (is the disk full?)" : "");
  runet_file_error (error, code, path, "expected %s, found: %s%s", expected,
                    sqlite3_errmsg (db), why);
}

static gboolean
query_number (sqlite3 *db, const char *sql, gint64 *value) {
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW;
  if (ok)
    *value = sqlite3_column_int64 (statement, 0);
  return sqlite3_finalize (statement) == SQLITE_OK && ok;
}

static gboolean
is_whole (sqlite3 *db) {
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, "PRAGMA quick_check (1)", -1, &statement,
                                    NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW &&
                g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "ok") == 0;
  return sqlite3_finalize (statement) == SQLITE_OK && ok;
}

static gboolean
execute (sqlite3 *db, const char *sql) {
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Several processes may come here at once: the first one makes the tables. */
static gboolean
make_schema (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0, tables = 0;
  gboolean ok = execute (db, "BEGIN IMMEDIATE") &&
                query_number (db, "PRAGMA user_version", &version) &&
                query_number (db, "SELECT count (*) FROM sqlite_master", &tables);
  /* Somebody else's database, without a version of its own, is left as it is. */
  if (ok && version == 0 && tables == 0)
    ok = execute (db, schema);
  ok = ok && execute (db, "COMMIT");
  if (!ok) {
    runet_registry_set_error (error, RUNET_ERROR_WRITE, path, db,
                              "to make a registry of models here");
    if (!sqlite3_get_autocommit (db))
      execute (db, "ROLLBACK");
  }
  return ok;
}

/* How many rows no program has written, in a file whose tables do not forbid them. A hash becomes the name of a file. */
static const char strange_rows[] =
    "SELECT (SELECT count (*) FROM models WHERE hash IS NULL OR length (hash) != 64"
    " OR hash GLOB '*[^0-9a-f]*' OR name IS NULL OR architecture IS NULL"
    " OR author IS NULL) + (SELECT count (*) FROM changes WHERE author IS NULL"
    " OR architecture IS NULL OR after IS NULL)";

static gboolean
check_content (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0, application = 0, none = 0;
  if (!query_number (db, "PRAGMA user_version", &version) ||
      !query_number (db, "PRAGMA application_id", &application)) {
    runet_registry_set_error (error, RUNET_ERROR_FORMAT, path, db,
                              "a registry of models");
    return FALSE;
  }
  if (application != APPLICATION_ID) {
    runet_file_error (
        error, RUNET_ERROR_FORMAT, path,
        "expected a registry of models, found a database of another kind");
    return FALSE;
  }
  if (version > SCHEMA) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected a registry of layout %d, found layout %" G_GINT64_FORMAT
                      ": a newer version of this program wrote it, and can read it",
                      SCHEMA, version);
    return FALSE;
  }
  if (is_whole (db) &&
      query_number (db, "SELECT count (patient) FROM locked WHERE 0", &none) &&
      query_number (db, strange_rows, &none) && none == 0)
    return TRUE;
  const char *why = none > 0 ? "a row is not what this program writes"
                             : "it fails SQLite's own check";
  runet_file_error (
      error, RUNET_ERROR_FORMAT, path,
      "expected a registry of models that is whole, found it damaged: %s",
      sqlite3_errcode (db) == SQLITE_OK || none > 0 ? why : sqlite3_errmsg (db));
  return FALSE;
}

/* FULL: what was acknowledged is on the disk, not in the system's memory. */
static gboolean
prepare (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0;
  if (query_number (db, "PRAGMA user_version", &version) && version == 0 &&
      !make_schema (db, path, error))
    return FALSE;
  if (!check_content (db, path, error))
    return FALSE;
  if (execute (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA foreign_keys = ON"))
    return TRUE;
  runet_registry_set_error (error, RUNET_ERROR_WRITE, path, db,
                            "to write to this registry of models");
  return FALSE;
}

static sqlite3 *
connect_to (const char *path, int flags) {
  sqlite3 *db = NULL;
  sqlite3_open_v2 (path, &db, flags | SQLITE_OPEN_FULLMUTEX, NULL);
  if (db == NULL)
    g_error ("sqlite3_open_v2: out of memory");
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return db;
}

/* Without a log beside it, which nobody can make here, the file is all there is. */
static sqlite3 *
connect_to_read (const char *path) {
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf status;
  if (g_stat (log, &status) == 0 && status.st_size > 0)
    return connect_to (path, SQLITE_OPEN_READONLY);
  g_autofree char *escaped =
      g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/");
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  return connect_to (uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

sqlite3 *
runet_registry_file_open (const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, folder,
                      "expected to make this folder, found: %s", g_strerror (errno));
    return NULL;
  }
  /* The model in use stays in use where nothing can be written. */
  const gboolean write_protected =
      g_access (path, R_OK) == 0 &&
      (g_access (path, W_OK) != 0 || g_access (folder, W_OK) != 0);
  sqlite3 *db = write_protected
                    ? connect_to_read (path)
                    : connect_to (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  gboolean ok = sqlite3_errcode (db) == SQLITE_OK;
  if (!ok)
    runet_registry_set_error (error, RUNET_ERROR_WRITE, path, db,
                              "to open this registry of models");
  if (ok &&
      (write_protected ? check_content (db, path, error) : prepare (db, path, error)))
    return db;
  sqlite3_close (db);
  return NULL;
}

/* ---- Statements ---- */

sqlite3_stmt *
runet_registry_prepare (RunetRegistry *self, const char *sql, GError **error) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  runet_registry_set_error (error, RUNET_ERROR_FORMAT, self->path, self->db,
                            "a registry of models with all its columns");
  return NULL;
}

void
runet_registry_bind (sqlite3_stmt *statement, int index, const char *text) {
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null (statement, index);
}

char *
runet_registry_column (sqlite3_stmt *statement, int index) {
  const char *text = (const char *)sqlite3_column_text (statement, index);
  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

GDateTime *
runet_registry_column_time (sqlite3_stmt *statement, int index) {
  const char *text = (const char *)sqlite3_column_text (statement, index);
  GDateTime *time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  return time != NULL ? time : g_date_time_new_from_unix_utc (0);
}

char *
runet_registry_now (void) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

gboolean
runet_registry_step (RunetRegistry *self,
                     sqlite3_stmt *statement,
                     gboolean *failed,
                     GError **error) {
  int code = sqlite3_step (statement);
  *failed = code != SQLITE_ROW && code != SQLITE_DONE;
  if (*failed)
    runet_registry_set_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                              "to read or write this registry of models");
  if (code != SQLITE_ROW)
    sqlite3_finalize (statement);
  return code == SQLITE_ROW;
}

gboolean
runet_registry_finish (RunetRegistry *self, sqlite3_stmt *statement, GError **error) {
  gboolean failed = FALSE;
  while (runet_registry_step (self, statement, &failed, error))
    ;
  return !failed;
}

static gboolean
run (RunetRegistry *self, const char *sql, GError **error) {
  if (execute (self->db, sql))
    return TRUE;
  runet_registry_set_error (error, RUNET_ERROR_WRITE, self->path, self->db,
                            "to write to this registry of models");
  return FALSE;
}

gboolean
runet_registry_begin (RunetRegistry *self, GError **error) {
  return run (self, "BEGIN IMMEDIATE", error);
}

gboolean
runet_registry_commit (RunetRegistry *self, GError **error) {
  if (run (self, "COMMIT", error))
    return TRUE;
  runet_registry_cancel (self);
  return FALSE;
}

void
runet_registry_cancel (RunetRegistry *self) {
  if (!sqlite3_get_autocommit (self->db))
    execute (self->db, "ROLLBACK");
}
