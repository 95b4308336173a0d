/* The file of the cache of results: made, recognised, replaced when it is damaged, kept to its size. */
#include "result-cache-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include "core/base/error.h"

/* "RUnR", so that no other program's file is taken for ours. */
#define APPLICATION_ID 0x52556e52
/* Of the tables below. */
#define VERSION 2
/* Another window may be writing. */
#define PATIENCE_MS 3000
/* What is dropped at a time, beyond what is too much: not at every opening again. */
#define KEPT_PERCENT 90

/* The size of the blob is kept beside it so that adding sizes up reads an index alone; the blob comes last
 * so that a look at the columns before it reads no more than they take. */
static const char schema[] =
    "CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, time_ns INTEGER,"
    " inode INTEGER, digest BLOB, companion BLOB) WITHOUT ROWID;"
    "CREATE TABLE results (id INTEGER PRIMARY KEY, model BLOB, measures INTEGER,"
    " precision INTEGER, image BLOB, frame INTEGER, mask BLOB, instant INTEGER,"
    " frames INTEGER, area_mm2 REAL, size INTEGER, used INTEGER, result BLOB);"
    "CREATE UNIQUE INDEX by_key ON results"
    " (image, model, measures, precision, frame, mask, instant);"
    "CREATE INDEX by_use ON results (used, id, size);";

static const char *const statements[RUNET_STATEMENTS] = {
    [RUNET_STATEMENT_FILE] = "SELECT size, time_ns, inode, digest, companion"
                             " FROM files WHERE path = ?1",
    [RUNET_STATEMENT_REMEMBER] = "INSERT OR REPLACE INTO files"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [RUNET_STATEMENT_FIND] =
        "SELECT id, used, result FROM results WHERE image = ?1 AND model = ?2"
        " AND measures = ?3 AND precision = ?4 AND frame = ?5 AND mask = ?6"
        " AND instant = ?7",
    [RUNET_STATEMENT_ADD] =
        "INSERT OR REPLACE INTO results (image, model, measures, precision, frame,"
        " mask, instant, frames, area_mm2, size, used, result)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [RUNET_STATEMENT_AREAS] =
        "SELECT frame, area_mm2, frames FROM results WHERE image = ?1 AND model = ?2"
        " AND measures = ?3 AND precision = ?4 GROUP BY frame ORDER BY frame",
    [RUNET_STATEMENT_USE] = "UPDATE results SET used = ?2 WHERE id = ?1",
};

void
runet_result_cache_fail (RunetResultCache *cache, GError **error) {
  int code = sqlite3_errcode (cache->database) & 0xff;
  cache->damaged |= code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  g_autofree char *name = g_filename_display_name (cache->path);
  g_set_error (error, RUNET_ERROR,
               cache->damaged ? RUNET_ERROR_FORMAT : RUNET_ERROR_WRITE,
               "%s: expected a cache of results that can be written, found: %s", name,
               sqlite3_errmsg (cache->database));
}

gboolean
runet_result_cache_execute (RunetResultCache *cache, const char *sql, GError **error) {
  if (sqlite3_exec (cache->database, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  runet_result_cache_fail (cache, error);
  return FALSE;
}

/* The one number that @sql answers, 0 for none. */
static gboolean
ask (RunetResultCache *cache, const char *sql, gint64 *number, GError **error) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (cache->database, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  *number = code == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    runet_result_cache_fail (cache, error);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static void
remove_files (const char *path) {
  static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *name = g_strconcat (path, endings[i], NULL);
    g_unlink (name);
  }
}

void
runet_result_cache_close (RunetResultCache *cache) {
  if (cache == NULL)
    return;
  runet_result_cache_flush (cache);
  for (guint i = 0; i < RUNET_STATEMENTS; i++)
    sqlite3_finalize (cache->statements[i]);
  sqlite3_close (cache->database);
  if (cache->damaged)
    remove_files (cache->path);
  g_array_unref (cache->used);
  g_free (cache->path);
  g_free (cache);
}

static gboolean
refuse (const char *path, const char *found, GError **error) {
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "%s: expected a cache of results of this program, found %s", name,
               found);
  return FALSE;
}

/* Makes the tables in an empty file. @stale: (out): the file is of an older version, which nothing is lost
 * with. */
static gboolean
recognise (RunetResultCache *cache, gboolean *stale, GError **error) {
  gint64 id, version, objects;
  if (!ask (cache, "PRAGMA application_id", &id, error) ||
      !ask (cache, "PRAGMA user_version", &version, error) ||
      !ask (cache, "SELECT count(*) FROM sqlite_schema", &objects, error))
    return FALSE;
  if (objects == 0) {
    g_autofree char *sql = g_strdup_printf (
        "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;"
        "%s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
        schema, APPLICATION_ID, VERSION);
    return runet_result_cache_execute (cache, sql, error);
  }
  if (id != APPLICATION_ID)
    return refuse (cache->path, "another program’s data", error);
  if (version > VERSION)
    return refuse (cache->path, "one of a newer version", error);
  *stale = version < VERSION;
  return TRUE;
}

static gboolean
prepare (RunetResultCache *cache, GError **error) {
  for (guint i = 0; i < RUNET_STATEMENTS; i++)
    if (sqlite3_prepare_v3 (cache->database, statements[i], -1,
                            SQLITE_PREPARE_PERSISTENT, &cache->statements[i],
                            NULL) != SQLITE_OK) {
      /* Tables that lack a column are not those of our version: as good as damaged. */
      cache->damaged |= sqlite3_errcode (cache->database) == SQLITE_ERROR;
      runet_result_cache_fail (cache, error);
      return FALSE;
    }
  return TRUE;
}

/* Drops results from the one not asked for the longest on, until the others fit. */
static gboolean
evict (RunetResultCache *cache, guint64 limit_bytes, GError **error) {
  gint64 total;
  if (!ask (cache, "SELECT total(size) FROM results", &total, error) ||
      !ask (cache, "SELECT max(used) FROM results", &cache->session, error))
    return FALSE;
  cache->session++;
  if ((guint64)total <= limit_bytes)
    return TRUE;
  g_autofree char *sql = g_strdup_printf (
      "DELETE FROM results WHERE id IN (SELECT id FROM (SELECT id, sum(size) OVER"
      " (ORDER BY used DESC, id DESC) AS total FROM results) WHERE total > "
      "%" G_GUINT64_FORMAT "); PRAGMA incremental_vacuum",
      limit_bytes / 100 * KEPT_PERCENT);
  return runet_result_cache_execute (cache, sql, error);
}

static gboolean
start (RunetResultCache *cache, gboolean *stale, GError **error) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2 (cache->path, &cache->database, flags, NULL) != SQLITE_OK) {
    runet_result_cache_fail (cache, error);
    return FALSE;
  }
  sqlite3_busy_timeout (cache->database, PATIENCE_MS);
  if (!recognise (cache, stale, error) || *stale)
    return FALSE;
  if (sqlite3_db_readonly (cache->database, "main") == 1) {
    g_autofree char *name = g_filename_display_name (cache->path);
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: expected a file that may be written, found it read-only", name);
    return FALSE;
  }
  /* What a crash of the machine loses is computed again. */
  return runet_result_cache_execute (
      cache, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", error);
}

/* @again: (out): the file was of no use and is gone. */
static RunetResultCache *
open_once (const char *path, guint64 limit_bytes, gboolean *again, GError **error) {
  gboolean stale = FALSE;
  g_autoptr (RunetResultCache) cache = g_new0 (RunetResultCache, 1);
  cache->path = g_strdup (path);
  cache->used = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (start (cache, &stale, error) && prepare (cache, error) &&
      evict (cache, limit_bytes, error))
    return g_steal_pointer (&cache);
  cache->damaged |= stale;
  *again = cache->damaged;
  return NULL;
}

RunetResultCache *
runet_result_cache_open (const char *path, guint64 limit_bytes, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    int number = errno;
    g_autofree char *name = g_filename_display_name (folder);
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: expected a folder that can be made, found: %s", name,
                 g_strerror (number));
    return NULL;
  }
  gboolean again = FALSE;
  g_autoptr (GError) local = NULL;
  RunetResultCache *cache = open_once (path, limit_bytes, &again, &local);
  if (cache == NULL && again) {
    g_clear_error (&local);
    cache = open_once (path, limit_bytes, &again, &local);
  }
  if (cache == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return cache;
}
