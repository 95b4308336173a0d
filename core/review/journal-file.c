/* The file of a journal: is it one, of which layout, and how it is made. */
#include "journal-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include "core/base/database.h"
#include "core/echo/file.h"
#include "journal-layout.h"

/* Another process holds the lock for the milliseconds of one event; a person waits no longer. */
#define BUSY_TIMEOUT_MS 2000
/* SQLite's own steps grow to a tenth of a second, in which a busy neighbour writes ten events. */
#define BUSY_STEP_US 1000

/* The header of an SQLite file, https://www.sqlite.org/fileformat2.html section 1.3; big-endian. */
#define HEADER_BYTES 100
#define HEADER_MAGIC "SQLite format 3"
#define HEADER_USER_VERSION 60
#define HEADER_APPLICATION_ID 68

void
runet_journal_file_error (GError **error,
                          RunetError code,
                          const char *path,
                          sqlite3 *db,
                          const char *expected) {
  const int result = sqlite3_errcode (db) & 0xff;
  const char *damaged = result == SQLITE_CORRUPT ? RUNET_JOURNAL_DAMAGED : "";
  g_autofree char *failure = runet_database_get_failure (db, expected, &code);
  runet_file_error (error, code, path, "%s%s", failure, damaged);
}

/* ---- Which files this process has open ---- */

G_LOCK_DEFINE_STATIC (held);
/* "DEVICE:INODE" → how often */
static GHashTable *held;

static char *
make_held_key (dev_t device, ino_t inode) {
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)device,
                          (guint64)inode);
}

static gsize
count_held (const char *key, gssize change) {
  G_LOCK (held);
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const gsize count =
      GPOINTER_TO_SIZE (g_hash_table_lookup (held, key)) + (gsize)change;
  if (count == 0)
    g_hash_table_remove (held, key);
  else if (change != 0)
    g_hash_table_insert (held, g_strdup (key), GSIZE_TO_POINTER (count));
  G_UNLOCK (held);
  return count;
}

void
runet_journal_file_hold (dev_t device, ino_t inode) {
  g_autofree char *key = make_held_key (device, inode);
  count_held (key, 1);
}

void
runet_journal_file_release (dev_t device, ino_t inode) {
  g_autofree char *key = make_held_key (device, inode);
  count_held (key, -1);
}

gboolean
runet_journal_file_is_held (dev_t device, ino_t inode) {
  g_autofree char *key = make_held_key (device, inode);
  return count_held (key, 0) > 0;
}

/* ---- Before SQLite sees the file: opening it there may already change it ---- */

static guint32
read_big_endian (const guint8 *bytes) {
  guint32 value;
  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static gboolean
check_version (const char *path, gint64 version, GError **error) {
  if (version <= RUNET_JOURNAL_SCHEMA)
    return TRUE;
  runet_file_error (
      error, RUNET_ERROR_UNSUPPORTED, path,
      "expected a record of layout %d or older, found layout %" G_GINT64_FORMAT
      ": a newer version of this program wrote it, and can read it",
      RUNET_JOURNAL_SCHEMA, version);
  return FALSE;
}

static gboolean
check_header (const char *path, gsize size, GError **error) {
  if (size < HEADER_BYTES) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected a record of reviews, found a file of %" G_GSIZE_FORMAT
                      " bytes",
                      size);
    return FALSE;
  }
  g_autofree guint8 *header = runet_file_read (path, 0, HEADER_BYTES, NULL, error);
  if (header == NULL)
    return FALSE;
  if (memcmp (header, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected a record of reviews, found no SQLite database");
    return FALSE;
  }
  if (read_big_endian (header + HEADER_APPLICATION_ID) !=
      RUNET_JOURNAL_APPLICATION_ID) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected a record of reviews, found a database of another kind");
    return FALSE;
  }
  return check_version (path, read_big_endian (header + HEADER_USER_VERSION), error);
}

/* An empty file is one that nobody has written to yet. */
static gboolean
check_file (const char *path, RunetJournalMode mode, GError **error) {
  GStatBuf status;
  gsize size;
  const gboolean there = g_stat (path, &status) == 0;
  const gboolean blank = there ? S_ISREG (status.st_mode) && status.st_size == 0
                               : errno == ENOENT || errno == ENOTDIR;
  if (mode == RUNET_JOURNAL_WRITE && blank)
    return TRUE;
  if (there && runet_journal_file_is_held (status.st_dev, status.st_ino))
    return TRUE;
  return runet_file_check (path, &size, error) && check_header (path, size, error);
}

gboolean
runet_journal_file_make_folder (const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname (path);
  /* Who was examined is nobody else's business. */
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, folder,
                    "expected to make this folder, found: %s", g_strerror (errno));
  return FALSE;
}

/* ---- As a database ---- */

/* Returns whether to try again. @tried: how often that was */
static int
wait_cb (void *user_data, int tried) {
  static GPrivate since = G_PRIVATE_INIT (g_free);
  const gint64 now = g_get_monotonic_time ();
  if (tried == 0)
    g_private_replace (&since, g_memdup2 (&now, sizeof now));
  const gint64 *start = g_private_get (&since);
  if (now - *start >= 1000 * BUSY_TIMEOUT_MS)
    return 0;
  g_usleep (BUSY_STEP_US);
  return 1;
}

static sqlite3 *
set_up (sqlite3 *db) {
  sqlite3_busy_handler (db, wait_cb, NULL);
  /* Until it is known to be ours and whole, closing it must not change it. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return db;
}

static sqlite3 *
connect_to (const char *path, int flags) {
  return set_up (runet_database_connect (path, flags));
}

/* Where nothing may be written SQLite cannot share the file, and there is no need: it stands still.
 * But what the last writer left in the log beside it would then not be seen. */
static sqlite3 *
connect_to_read (const char *path) {
  sqlite3 *db = connect_to (path, SQLITE_OPEN_READONLY);
  gint64 version;
  if (runet_database_query (db, "PRAGMA user_version", &version))
    return db;
  const int result = sqlite3_errcode (db) & 0xff;
  if ((result == SQLITE_CANTOPEN || result == SQLITE_READONLY) &&
      !runet_database_has_log (path)) {
    sqlite3_close (db);
    db = set_up (runet_database_connect_immutable (path));
  }
  return db;
}

static gboolean
check_content (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0;
  if (!runet_database_query (db, "PRAGMA user_version", &version)) {
    runet_journal_file_error (error, RUNET_ERROR_WRITE, path, db,
                              "to open this record of reviews");
    return FALSE;
  }
  if (!check_version (path, version, error))
    return FALSE;
  gint64 none;
  if (!runet_database_is_whole (db) ||
      !runet_database_query (db, "SELECT count (number) FROM events WHERE 0", &none)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected a record of reviews that is whole, found it damaged: "
                      "%s" RUNET_JOURNAL_DAMAGED,
                      sqlite3_errcode (db) == SQLITE_OK ? "it fails SQLite's own check"
                                                        : sqlite3_errmsg (db));
    return FALSE;
  }
  return TRUE;
}

static gboolean
prepare_to_write (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0;
  if (sqlite3_db_readonly (db, "main") == 1) {
    runet_file_error (
        error, RUNET_ERROR_WRITE, path,
        "expected a record that may be written, found it write-protected");
    return FALSE;
  }
  if (runet_database_query (db, "PRAGMA user_version", &version) && version == 0 &&
      !runet_journal_layout_make (db, path, error))
    return FALSE;
  if (!check_content (db, path, error) ||
      !runet_journal_layout_migrate (db, path, error))
    return FALSE;
  /* FULL: what was acknowledged is on the disk, not in the system's memory. */
  if (!runet_database_execute (
          db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")) {
    runet_journal_file_error (error, RUNET_ERROR_WRITE, path, db,
                              "to write to this record of reviews");
    return FALSE;
  }
  return TRUE;
}

sqlite3 *
runet_journal_file_open (const char *path, RunetJournalMode mode, GError **error) {
  const gboolean write = mode == RUNET_JOURNAL_WRITE;
  if ((write && !runet_journal_file_make_folder (path, error)) ||
      !check_file (path, mode, error))
    return NULL;
  sqlite3 *db = write ? connect_to (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
                      : connect_to_read (path);
  if (sqlite3_errcode (db) == SQLITE_CANTOPEN) {
    runet_journal_file_error (error, write ? RUNET_ERROR_WRITE : RUNET_ERROR_MISSING,
                              path, db, "to open this record of reviews");
    sqlite3_close (db);
    return NULL;
  }
  if (write ? !prepare_to_write (db, path, error) : !check_content (db, path, error)) {
    sqlite3_close (db);
    return NULL;
  }
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return db;
}
