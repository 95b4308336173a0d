/* A journal's file written a second time. */
#include "journal-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include "core/echo/file.h"

static gboolean
copy_database (sqlite3 *from, const char *path, GError **error) {
  sqlite3 *to = NULL;
  sqlite3_open_v2 (path, &to, SQLITE_OPEN_READWRITE, NULL);
  if (to == NULL)
    g_error ("sqlite3_open_v2: out of memory");
  /* A file that fails is thrown away: it needs no way back. */
  sqlite3_exec (to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL", NULL, NULL,
                NULL);
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");
  if (backup != NULL) {
    sqlite3_backup_step (backup, -1);
    sqlite3_backup_finish (backup);
  }
  const gboolean ok = backup != NULL && sqlite3_errcode (to) == SQLITE_OK;
  if (!ok)
    runet_journal_file_error (error, RUNET_ERROR_WRITE, path, to,
                              "to write a copy of the record");
  sqlite3_close (to);
  return ok;
}

/* Never over something else, except on file systems that know no links, and there only in the moment
 * between the look and the deed. */
static gboolean
rename_to_new (const char *from, const char *to) {
  GStatBuf status;
  if (link (from, to) == 0) {
    g_unlink (from);
    return TRUE;
  }
  if (errno == EEXIST || g_lstat (to, &status) == 0) {
    errno = EEXIST;
    return FALSE;
  }
  return g_rename (from, to) == 0;
}

gboolean
runet_journal_file_copy (sqlite3 *db, const char *path, GError **error) {
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  const int descriptor = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, path, "expected to write it, found: %s",
                      g_strerror (errno));
    return FALSE;
  }
  close (descriptor);
  if (!copy_database (db, temporary, error)) {
    g_unlink (temporary);
    return FALSE;
  }
  if (!rename_to_new (temporary, path)) {
    const int reason = errno;
    g_unlink (temporary);
    runet_file_error (error,
                      reason == EEXIST ? RUNET_ERROR_MISMATCH : RUNET_ERROR_WRITE, path,
                      "expected to write a new file, found: %s", g_strerror (reason));
    return FALSE;
  }
  g_autofree char *folder = g_path_get_dirname (path);
  runet_folder_sync (folder);
  return TRUE;
}
