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
};

G_END_DECLS
