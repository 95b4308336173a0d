/* The file of a journal: is it one, of which layout, and how it is made. Private to core/review. */
#pragma once

#include <sqlite3.h>
#include <sys/types.h>
#include "core/base/error.h"
#include "journal.h"

G_BEGIN_DECLS

/* What everybody is told who meets a damaged record. */
#define RUNET_JOURNAL_DAMAGED \
  "; it was left as it is, and what can be read of it can be saved as a new record"

/* Sets @error to "PATH: expected EXPECTED, found: what SQLite says", with the system's reason. */
void
runet_journal_file_error (GError **error,
                          RunetError code,
                          const char *path,
                          sqlite3 *db,
                          const char *expected);

/* Makes the folder that @path lies in, for nobody else to look into. */
gboolean
runet_journal_file_make_folder (const char *path, GError **error);

/* Which files this process has open as journals. Whoever opens and closes such a file beside SQLite
 * takes SQLite's locks on it away (POSIX), and then another program's may end the log that ours writes
 * to: so such a file is not touched, and need not be, since it was checked before. */
void
runet_journal_file_hold (dev_t device, ino_t inode);
void
runet_journal_file_release (dev_t device, ino_t inode);
gboolean
runet_journal_file_is_held (dev_t device, ino_t inode);

/**
 * runet_journal_file_copy:
 *
 * Writes all that is in @db to a new file @path, as a whole or not at all. Errors:
 * %RUNET_ERROR_MISMATCH when there is something already, which stays; %RUNET_ERROR_WRITE.
 */
gboolean
runet_journal_file_copy (sqlite3 *db, const char *path, GError **error);

/* Appends to @theirs the events of @mine that it lacks, all or none. Returns how many; -1 when neither is the
 * beginning of the other, and on failure. */
int
runet_journal_file_join (sqlite3 *mine, sqlite3 *theirs);

/**
 * runet_journal_file_open:
 *
 * Returns: (transfer full): a connection to a journal, of %RUNET_JOURNAL_SCHEMA when it is opened for
 * writing, else also of an older layout. Errors as of runet_journal_open().
 */
sqlite3 *
runet_journal_file_open (const char *path,
                         RunetJournalMode mode,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
