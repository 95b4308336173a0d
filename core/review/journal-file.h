/* The file of a journal: is it one, of which layout, and how it is made. Private to core/review. */
#pragma once

#include <sqlite3.h>
#include "core/base/error.h"
#include "journal.h"

G_BEGIN_DECLS

/* Sets @error to "PATH: expected EXPECTED, found: what SQLite says", with the system's reason. */
void
runet_journal_file_error (GError **error,
                          RunetError code,
                          const char *path,
                          sqlite3 *db,
                          const char *expected);

/* The number that @sql yields; FALSE, with the connection's error, when there is none. */
gboolean
runet_journal_file_query (sqlite3 *db, const char *sql, gint64 *value);

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
