/* The file of a registry: how it is made, opened and spoken with. */
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "core/base/database.h"
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
  g_autofree char *failure = runet_database_get_failure (db, expected, &code);
  runet_file_error (error, code, path, "%s", failure);
}

/* Several processes may come here at once: the first one makes the tables. */
static gboolean
make_schema (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0, tables = 0;
  gboolean ok =
      runet_database_execute (db, "BEGIN IMMEDIATE") &&
      runet_database_query (db, "PRAGMA user_version", &version) &&
      runet_database_query (db, "SELECT count (*) FROM sqlite_master", &tables);
  /* Somebody else's database, without a version of its own, is left as it is. */
  if (ok && version == 0 && tables == 0)
    ok = runet_database_execute (db, schema);
  ok = ok && runet_database_execute (db, "COMMIT");
  if (!ok) {
    runet_registry_set_error (error, RUNET_ERROR_WRITE, path, db,
                              "to make a registry of models here");
    if (!sqlite3_get_autocommit (db))
      runet_database_execute (db, "ROLLBACK");
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
  if (!runet_database_query (db, "PRAGMA user_version", &version) ||
      !runet_database_query (db, "PRAGMA application_id", &application)) {
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
  if (runet_database_is_whole (db) &&
      runet_database_query (db, "SELECT count (patient) FROM locked WHERE 0", &none) &&
      runet_database_query (db, strange_rows, &none) && none == 0)
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
  if (runet_database_query (db, "PRAGMA user_version", &version) && version == 0 &&
      !make_schema (db, path, error))
    return FALSE;
  if (!check_content (db, path, error))
    return FALSE;
  if (runet_database_execute (db,
                              "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                              "PRAGMA foreign_keys = ON"))
    return TRUE;
  runet_registry_set_error (error, RUNET_ERROR_WRITE, path, db,
                            "to write to this registry of models");
  return FALSE;
}

/* Without a log beside it, which nobody can make here, the file is all there is. */
static sqlite3 *
connect_to_read (const char *path) {
  return runet_database_has_log (path)
             ? runet_database_connect (path, SQLITE_OPEN_READONLY)
             : runet_database_connect_immutable (path);
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
  sqlite3 *db =
      write_protected
          ? connect_to_read (path)
          : runet_database_connect (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
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
  if (runet_database_execute (self->db, sql))
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
    runet_database_execute (self->db, "ROLLBACK");
}
