/* An event as a row of the journal's table. Private to core/review. */
#pragma once

#include <sqlite3.h>
#include "event.h"

G_BEGIN_DECLS

/* Takes what runet_journal_row_bind() binds. */
extern const char runet_journal_row_insert_sql[];
/* Yields all events, with their columns in the order in which they are inserted. */
extern const char runet_journal_row_copy_sql[];
/* Yields what runet_journal_row_read() reads, of the events after ?1. @layout: of the file */
const char *
runet_journal_row_select_sql (gint64 layout);

/* @number: 0 for the next one. What is bound must live until the statement is reset. */
void
runet_journal_row_bind (sqlite3_stmt *statement,
                        gint64 number,
                        const RunetEvent *event,
                        const char *time);
/* NULL when a value is none that this program writes. */
RunetEvent *
runet_journal_row_read (sqlite3_stmt *row) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
GBytes *
runet_journal_row_read_bytes (sqlite3_stmt *row, int column) G_GNUC_WARN_UNUSED_RESULT;
/* UTC, ISO 8601, to the microsecond. */
char *
runet_journal_row_format_time (GDateTime *time) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
