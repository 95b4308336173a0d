/* A journal whose file was moved, deleted or replaced while it was open: the process still has all of it, and
 * writes it where it will be found. */
#include "journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>
#include "core/echo/file.h"
#include "journal-file.h"

/* Whoever finds that many beside each other has another problem. */
#define RESCUES_MAX 1000

gboolean
runet_journal_is_in_place (const RunetJournal *self) {
  GStatBuf status;
  return g_stat (self->path, &status) == 0 && status.st_dev == self->device &&
         status.st_ino == self->inode;
}

char *
runet_journal_make_rescue_path (const char *path, guint number) {
  return g_strdup_printf ("%s.rescued-%u", path, number);
}

/* A log that is left behind belongs to the file that is gone, and SQLite would read it into whatever lies at the
 * path now. What is in it, this connection still knows. */
static void
remove_own_log (const RunetJournal *self) {
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autofree char *index = g_strconcat (self->path, "-shm", NULL);
  GStatBuf status;
  if (g_stat (log, &status) != 0 || status.st_ino != self->log_inode)
    return;
  g_unlink (log);
  g_unlink (index);
}

/* ---- The same record, from another day or of another program ---- */

static gboolean
go_on_with (RunetJournal *self, const char *path, GError **error) {
  sqlite3 *db = runet_journal_file_open (path, RUNET_JOURNAL_WRITE, error);
  return db != NULL && runet_journal_attach (self, db, g_strdup (path), error);
}

/* FALSE when what is at the path is something else. */
static gboolean
join_at_path (RunetJournal *self) {
  g_autofree char *path = g_strdup (self->path);
  sqlite3 *db = runet_journal_file_open (path, RUNET_JOURNAL_WRITE, NULL);
  const int added = db != NULL ? runet_journal_file_join (self->db, db) : -1;
  if (added < 0) {
    sqlite3_close (db);
    return FALSE;
  }
  g_autofree char *lacking =
      added > 0
          ? g_strdup_printf ("%d events that it lacked were written to it again", added)
          : g_strdup ("it lacks nothing");
  runet_journal_add_notice (
      self, g_strdup_printf ("%s: the record was replaced by another copy "
                             "of it while it was open; %s",
                             path, lacking));
  return runet_journal_attach (self, db, g_steal_pointer (&path), NULL);
}

/* ---- Nothing there, or something else ---- */

static gboolean
write_again (RunetJournal *self, GError **error) {
  g_autofree char *path = g_strdup (self->path);
  if (!runet_journal_file_copy (self->db, path, error) ||
      !go_on_with (self, path, error))
    return FALSE;
  runet_journal_add_notice (
      self,
      g_strdup_printf ("%s: the record was moved or deleted while it was open; all "
                       "of it was written there again",
                       path));
  return TRUE;
}

static gboolean
write_beside (RunetJournal *self, GError **error) {
  g_autofree char *path = g_strdup (self->path);
  for (guint number = 1; number < RESCUES_MAX; number++) {
    g_autoptr (GError) local = NULL;
    g_autofree char *beside = runet_journal_make_rescue_path (path, number);
    if (runet_journal_file_copy (self->db, beside, &local) &&
        go_on_with (self, beside, &local)) {
      runet_journal_add_notice (
          self,
          g_strdup_printf ("%s: another file took the place of the record while it "
                           "was open; all of it is kept in %s, and what is done "
                           "now goes there",
                           path, beside));
      return TRUE;
    }
    if (!g_error_matches (local, RUNET_ERROR, RUNET_ERROR_MISMATCH)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  runet_file_error (error, RUNET_ERROR_WRITE, path,
                    "expected to keep a copy beside it, found %d of them", RESCUES_MAX);
  return FALSE;
}

/* Several programs may find it gone at the same moment: one after the other. The lock ends when the descriptor
 * is closed; -1 on file systems that have none, and then they have to be lucky. */
static int
lock_folder (const char *path) {
  g_autofree char *folder = g_path_get_dirname (path);
  const int descriptor = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0)
    flock (descriptor, LOCK_EX);
  return descriptor;
}

static gboolean
write_where_it_is_found (RunetJournal *self, GError **error) {
  remove_own_log (self);
  GStatBuf status;
  const gboolean gone = g_lstat (self->path, &status) != 0 && errno == ENOENT;
  return gone ? write_again (self, error)
              : join_at_path (self) || write_beside (self, error);
}

gboolean
runet_journal_keep_place (RunetJournal *self, GError **error) {
  if (runet_journal_is_in_place (self))
    return TRUE;
  g_autoptr (GError) local = NULL;
  gboolean ok = runet_journal_file_make_folder (self->path, &local);
  if (ok) {
    const int lock = lock_folder (self->path);
    ok = write_where_it_is_found (self, &local);
    if (lock >= 0)
      close (lock);
  }
  if (!ok)
    runet_file_error (error, RUNET_ERROR_WRITE, self->path,
                      "expected the record that was opened, found it moved, deleted or "
                      "replaced, and it could not be written again (%s)",
                      local->message);
  return ok;
}
