/* SQLite files: how they are opened, asked and what they say when they fail. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "error.h"

G_BEGIN_DECLS

/**
 * runet_database_connect:
 * @name: a path, or a URI with %SQLITE_OPEN_URI among @flags
 *
 * The file may come from anybody: what it defines is not run.
 *
 * Returns: (transfer full): a connection that threads may share. It is there even when it failed: it says why.
 */
sqlite3 *
runet_database_connect (const char *name, int flags) G_GNUC_WARN_UNUSED_RESULT;
/* As runet_database_connect(), to read a file that stands still: without locks, and without a log beside it. */
sqlite3 *
runet_database_connect_immutable (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the log beside the file at @path holds anything, which would not be seen without it. */
gboolean
runet_database_has_log (const char *path);

gboolean
runet_database_execute (sqlite3 *db, const char *sql);
/* The number that @sql yields; FALSE, with the connection's error, when there is none. */
gboolean
runet_database_query (sqlite3 *db, const char *sql, gint64 *value);
/* SQLite's own check. */
gboolean
runet_database_is_whole (sqlite3 *db);

/**
 * runet_database_get_failure:
 * @expected: for the words, such as "to open this record"
 * @code: (inout): changed where SQLite knows better whether the file or the writing is at fault
 *
 * Returns: (transfer full): "expected EXPECTED, found: what SQLite says", with the system's reason.
 */
char *
runet_database_get_failure (sqlite3 *db,
                            const char *expected,
                            RunetError *code) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
