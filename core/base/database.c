/* What all SQLite files of the program have in common. */
#include "database.h"

#include <glib/gstdio.h>
#include <string.h>

sqlite3 *
runet_database_connect (const char *name, int flags) {
  sqlite3 *db = NULL;
  sqlite3_open_v2 (name, &db, flags | SQLITE_OPEN_FULLMUTEX, NULL);
  if (db == NULL)
    g_error ("sqlite3_open_v2: out of memory");
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return db;
}

sqlite3 *
runet_database_connect_immutable (const char *path) {
  g_autofree char *escaped =
      g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/");
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  return runet_database_connect (uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

gboolean
runet_database_has_log (const char *path) {
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf status;
  return g_stat (log, &status) == 0 && status.st_size > 0;
}

gboolean
runet_database_execute (sqlite3 *db, const char *sql) {
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

gboolean
runet_database_query (sqlite3 *db, const char *sql, gint64 *value) {
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW;
  if (ok)
    *value = sqlite3_column_int64 (statement, 0);
  /* Also gives the error of the step back to the connection. */
  return sqlite3_finalize (statement) == SQLITE_OK && ok;
}

gboolean
runet_database_is_whole (sqlite3 *db) {
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, "PRAGMA quick_check (1)", -1, &statement,
                                    NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW &&
                g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "ok") == 0;
  return sqlite3_finalize (statement) == SQLITE_OK && ok;
}

char *
runet_database_get_failure (sqlite3 *db, const char *expected, RunetError *code) {
  const int result = sqlite3_errcode (db) & 0xff;
  if (result == SQLITE_BUSY || result == SQLITE_LOCKED) {
    *code = RUNET_ERROR_WRITE;
    return g_strdup_printf ("expected %s, found that another program keeps it locked",
                            expected);
  }
  if (result == SQLITE_CORRUPT || result == SQLITE_NOTADB)
    *code = RUNET_ERROR_FORMAT;
  const int reason = result == SQLITE_CORRUPT ? 0 : sqlite3_system_errno (db);
  const gboolean room = result == SQLITE_IOERR;
  g_autofree char *why = reason != 0 ? g_strdup_printf (" (%s)", g_strerror (reason))
                                     : g_strdup (room ? " (is the disk full?)" : "");
  return g_strdup_printf ("expected %s, found: %s%s", expected, sqlite3_errmsg (db),
                          why);
}
