/* What models said of images, kept from run to run. */
#include "result-cache-private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/error.h"
#include "core/echo/file.h"
#include "frame-result-store.h"

/* Between two looks at the cancellable: some milliseconds. */
#define CHUNK ((gsize)1 << 20)
/* A file written to this lately may be written to again without its time getting another: clocks of file
 * systems tick. */
#define SETTLED_NS ((gint64)1000 * 1000 * 1000)
#define NS_PER_S ((gint64)1000 * 1000 * 1000)

typedef struct {
  gint64 size, time_ns, inode;
} Stamp;

static void
stamp_from_stat (const struct stat *status, Stamp *stamp) {
  *stamp = (Stamp){status->st_size,
                   status->st_mtim.tv_sec * NS_PER_S + status->st_mtim.tv_nsec,
                   (gint64)status->st_ino};
}

static gboolean
stamp_equal (const Stamp *a, const Stamp *b) {
  return a->size == b->size && a->time_ns == b->time_ns && a->inode == b->inode;
}

char *
runet_result_cache_get_default_path (void) {
  return g_build_filename (g_get_user_cache_dir (), "runet-review", "results.sqlite",
                           NULL);
}

/* ---- Statements ---- */

static void
bind_bytes (sqlite3_stmt *statement, int index, const void *data, gsize size) {
  sqlite3_bind_blob64 (statement, index, data, size, SQLITE_TRANSIENT);
}

static void
bind_digest (sqlite3_stmt *statement, int index, const RunetDigest *digest) {
  bind_bytes (statement, index, digest->bytes, sizeof digest->bytes);
}

static gboolean
column_digest (sqlite3_stmt *statement, int index, RunetDigest *digest) {
  const void *data = sqlite3_column_blob (statement, index);
  if (data == NULL ||
      sqlite3_column_bytes (statement, index) != (int)sizeof digest->bytes)
    return FALSE;
  memcpy (digest->bytes, data, sizeof digest->bytes);
  return TRUE;
}

/* TRUE when there is a row. What goes wrong is as if there were none, but noted. */
static gboolean
step (RunetResultCache *cache, sqlite3_stmt *statement) {
  int code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    runet_result_cache_fail (cache, NULL);
  return code == SQLITE_ROW;
}

static void
release (sqlite3_stmt *statement) {
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static gboolean
finish (RunetResultCache *cache, sqlite3_stmt *statement, GError **error) {
  gboolean done = sqlite3_step (statement) == SQLITE_DONE;
  if (!done)
    runet_result_cache_fail (cache, error);
  release (statement);
  return done;
}

/* ---- Files ---- */

static void
take_digest (GChecksum *checksum, RunetDigest *digest) {
  gsize length = sizeof digest->bytes;
  g_checksum_get_digest (checksum, digest->bytes, &length);
}

/* @companion: (out) (nullable): a second file that belongs to @path. */
static gboolean
recall_one (RunetResultCache *cache,
            const char *path,
            RunetDigest *digest,
            char **companion) {
  struct stat status;
  *companion = NULL;
  if (stat (path, &status) != 0)
    return FALSE;
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_FILE];
  bind_bytes (statement, 1, path, strlen (path));
  gboolean found = FALSE;
  if (step (cache, statement)) {
    Stamp now, then = {sqlite3_column_int64 (statement, 0),
                       sqlite3_column_int64 (statement, 1),
                       sqlite3_column_int64 (statement, 2)};
    stamp_from_stat (&status, &now);
    found = stamp_equal (&now, &then) && column_digest (statement, 3, digest);
    int length = sqlite3_column_bytes (statement, 4);
    if (found && length > 0)
      *companion = g_strndup (sqlite3_column_blob (statement, 4), (gsize)length);
  }
  release (statement);
  return found;
}

static void
join (RunetDigest *digest, const RunetDigest *other) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, digest->bytes, sizeof digest->bytes);
  g_checksum_update (checksum, other->bytes, sizeof other->bytes);
  take_digest (checksum, digest);
}

gboolean
runet_result_cache_recall_digest (RunetResultCache *cache,
                                  const char *path,
                                  RunetDigest *digest) {
  g_return_val_if_fail (cache != NULL && path != NULL, FALSE);
  g_autofree char *companion = NULL, *none = NULL;
  RunetDigest other;
  if (!recall_one (cache, path, digest, &companion))
    return FALSE;
  if (companion == NULL)
    return TRUE;
  if (!recall_one (cache, companion, &other, &none))
    return FALSE;
  join (digest, &other);
  return TRUE;
}

static gboolean
read_all (int file,
          const char *path,
          GChecksum *checksum,
          GCancellable *cancellable,
          GError **error) {
  g_autofree guint8 *bytes = g_malloc (CHUNK);
  for (;;) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    gssize length = read (file, bytes, CHUNK);
    if (length < 0 && errno == EINTR)
      continue;
    if (length < 0)
      runet_file_error (error, RUNET_ERROR_MISSING, path,
                        "expected a readable file, found: %s", g_strerror (errno));
    if (length <= 0)
      return length == 0;
    g_checksum_update (checksum, bytes, length);
  }
}

/* A cache that cannot be written to is slower and nothing worse. */
static void
remember (RunetResultCache *cache,
          const char *path,
          const Stamp *stamp,
          const RunetDigest *digest,
          const char *companion) {
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_REMEMBER];
  bind_bytes (statement, 1, path, strlen (path));
  sqlite3_bind_int64 (statement, 2, stamp->size);
  sqlite3_bind_int64 (statement, 3, stamp->time_ns);
  sqlite3_bind_int64 (statement, 4, stamp->inode);
  bind_digest (statement, 5, digest);
  if (companion != NULL)
    bind_bytes (statement, 6, companion, strlen (companion));
  finish (cache, statement, NULL);
}

/* @path was opened as @file. */
static gboolean
hash_open (RunetResultCache *cache,
           int file,
           const char *path,
           const char *companion,
           GCancellable *cancellable,
           RunetDigest *digest,
           GError **error) {
  struct stat status;
  Stamp before, after;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  if (fstat (file, &status) != 0)
    status = (struct stat){0};
  stamp_from_stat (&status, &before);
  gint64 now_ns = g_get_real_time () * 1000;
  if (!read_all (file, path, checksum, cancellable, error))
    return FALSE;
  take_digest (checksum, digest);
  if (fstat (file, &status) != 0)
    return TRUE;
  stamp_from_stat (&status, &after);
  if (stamp_equal (&before, &after) && after.time_ns + SETTLED_NS < now_ns)
    remember (cache, path, &after, digest, companion);
  return TRUE;
}

static gboolean
hash_one (RunetResultCache *cache,
          const char *path,
          const char *companion,
          GCancellable *cancellable,
          RunetDigest *digest,
          GError **error) {
  gsize size;
  /* A pipe would block. */
  if (!runet_file_check (path, &size, error))
    return FALSE;
  int file = open (path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a readable file, found: %s", g_strerror (errno));
    return FALSE;
  }
  gboolean ok = hash_open (cache, file, path, companion, cancellable, digest, error);
  close (file);
  return ok;
}

static gboolean
find_one (RunetResultCache *cache,
          const char *path,
          const char *companion,
          GCancellable *cancellable,
          RunetDigest *digest,
          GError **error) {
  g_autofree char *known = NULL;
  return (recall_one (cache, path, digest, &known) &&
          g_strcmp0 (known, companion) == 0) ||
         hash_one (cache, path, companion, cancellable, digest, error);
}

gboolean
runet_result_cache_find_digest (RunetResultCache *cache,
                                const char *path,
                                GCancellable *cancellable,
                                RunetDigest *digest,
                                GError **error) {
  g_return_val_if_fail (cache != NULL && path != NULL, FALSE);
  if (runet_result_cache_recall_digest (cache, path, digest))
    return TRUE;
  RunetDigest other;
  g_autofree char *companion = runet_image_find_data_file (path);
  if (!find_one (cache, path, companion, cancellable, digest, error))
    return FALSE;
  if (companion == NULL)
    return TRUE;
  if (!find_one (cache, companion, NULL, cancellable, &other, error))
    return FALSE;
  join (digest, &other);
  return TRUE;
}

/* ---- Results ---- */

/* What the column says: one kind for all whose maps are in float32. */
static int
get_kind (RunetPrecision precision) {
  switch (precision) {
  case RUNET_PRECISION_TF32:
  case RUNET_PRECISION_FLOAT32:
    return 0;
  case RUNET_PRECISION_FLOAT16:
    return 1;
  case RUNET_PRECISION_BFLOAT16:
    return 2;
  }
  g_return_val_if_reached (0);
}

/* A mask that is not there is an empty one: NULL differs from NULL in SQL. */
static void
bind_key (sqlite3_stmt *statement, const RunetResultKey *key) {
  bind_digest (statement, 1, &key->image);
  bind_digest (statement, 2, &key->model);
  sqlite3_bind_int (statement, 3, RUNET_MEASURES_VERSION);
  sqlite3_bind_int (statement, 4, get_kind (key->precision));
  sqlite3_bind_int64 (statement, 5, key->frame);
  bind_bytes (statement, 6, key->mask.bytes, key->masked ? sizeof key->mask.bytes : 0);
  sqlite3_bind_int (statement, 7, key->masked ? (int)key->instant : 0);
}

RunetFrameResult *
runet_result_cache_find (RunetResultCache *cache, const RunetResultKey *key) {
  g_return_val_if_fail (cache != NULL && key != NULL, NULL);
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_FIND];
  RunetFrameResult *result = NULL;
  bind_key (statement, key);
  if (step (cache, statement)) {
    gint64 row = sqlite3_column_int64 (statement, 0);
    int size = sqlite3_column_bytes (statement, 2);
    g_autoptr (GBytes) bytes =
        g_bytes_new (sqlite3_column_blob (statement, 2), (gsize)size);
    result = runet_frame_result_restore (bytes, NULL);
    if (result != NULL && sqlite3_column_int64 (statement, 1) < cache->session)
      g_array_append_val (cache->used, row);
  }
  release (statement);
  return result;
}

gboolean
runet_result_cache_add (RunetResultCache *cache,
                        const RunetResultKey *key,
                        guint frames,
                        const RunetFrameResult *result,
                        GError **error) {
  g_return_val_if_fail (cache != NULL && key != NULL && result != NULL, FALSE);
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_ADD];
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  bind_key (statement, key);
  sqlite3_bind_int64 (statement, 8, frames);
  /* SQLite makes NULL of NaN, which comes back as such. */
  sqlite3_bind_double (
      statement, 9,
      result->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[RUNET_STRUCTURE_ENDO]);
  sqlite3_bind_int64 (statement, 10, (gint64)size);
  sqlite3_bind_int64 (statement, 11, cache->session);
  bind_bytes (statement, 12, data, size);
  return finish (cache, statement, error);
}

GArray *
runet_result_cache_list_areas (RunetResultCache *cache,
                               const RunetDigest *model,
                               RunetPrecision precision,
                               const RunetDigest *image,
                               guint *frames) {
  g_return_val_if_fail (cache != NULL && model != NULL && image != NULL, NULL);
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_AREAS];
  GArray *areas = g_array_new (FALSE, FALSE, sizeof (RunetFrameArea));
  *frames = 0;
  bind_digest (statement, 1, image);
  bind_digest (statement, 2, model);
  sqlite3_bind_int (statement, 3, RUNET_MEASURES_VERSION);
  sqlite3_bind_int (statement, 4, get_kind (precision));
  while (step (cache, statement)) {
    gboolean known = sqlite3_column_type (statement, 1) != SQLITE_NULL;
    RunetFrameArea one = {(guint)sqlite3_column_int64 (statement, 0),
                          known ? sqlite3_column_double (statement, 1) : NAN};
    *frames = MAX (*frames, (guint)sqlite3_column_int64 (statement, 2));
    g_array_append_val (areas, one);
  }
  release (statement);
  return areas;
}

void
runet_result_cache_flush (RunetResultCache *cache) {
  g_return_if_fail (cache != NULL);
  if (cache->used->len == 0 || cache->database == NULL)
    return;
  sqlite3_stmt *statement = cache->statements[RUNET_STATEMENT_USE];
  if (!runet_result_cache_execute (cache, "BEGIN IMMEDIATE", NULL))
    return;
  for (guint i = 0; i < cache->used->len; i++) {
    sqlite3_bind_int64 (statement, 1, g_array_index (cache->used, gint64, i));
    sqlite3_bind_int64 (statement, 2, cache->session);
    finish (cache, statement, NULL);
  }
  runet_result_cache_execute (cache, "COMMIT", NULL);
  g_array_set_size (cache->used, 0);
}
