/* The journal's fields. Private to core/review. */
#pragma once

#include <sqlite3.h>
#include <sys/stat.h>
#include "journal.h"

G_BEGIN_DECLS

struct _RunetJournal {
  char *path; /* absolute */
  RunetJournalMode mode;
  sqlite3 *db;
  sqlite3_stmt *insert; /* NULL when it is only read */
  sqlite3_stmt *select;
  gint64 layout; /* of the file */
  gint64 seen; /* number of the last event that was read */
  gint64 data_version;
  /* The file that was opened, which may not be the one at @path any more. */
  dev_t device;
  ino_t inode;
  ino_t
      log_inode; /* of the log beside it, which SQLite writes first; 0 when there was none */
  char *notice; /* (nullable) */
};

/* Goes on with @db, of the file at @path. (transfer full) both, also on failure. */
gboolean
runet_journal_attach (RunetJournal *self, sqlite3 *db, char *path, GError **error);
/* Whether the file that is open is the one at its path. */
gboolean
runet_journal_is_in_place (const RunetJournal *self);
/* Sees to it that what is open is at a path where it will be found again: see runet_journal_append(). */
gboolean
runet_journal_keep_place (RunetJournal *self, GError **error);
/* (transfer full) */
void
runet_journal_add_notice (RunetJournal *self, char *notice);
/* The @number of a file beside @path that keeps what could not stay there. */
char *
runet_journal_make_rescue_path (const char *path,
                                guint number) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
