/* Two files of one record: what one lacks is taken from the other. */
#include <string.h>
#include "journal-file.h"
#include "journal-row.h"

static gboolean
equal_rows (sqlite3_stmt *a, sqlite3_stmt *b) {
  for (int i = 0; i < sqlite3_column_count (a); i++) {
    if (sqlite3_column_type (a, i) != sqlite3_column_type (b, i))
      return FALSE;
    const void *first = sqlite3_column_blob (a, i),
               *second = sqlite3_column_blob (b, i);
    const int size = sqlite3_column_bytes (a, i);
    if (size != sqlite3_column_bytes (b, i) ||
        (size > 0 && memcmp (first, second, (gsize)size) != 0))
      return FALSE;
  }
  return TRUE;
}

static gboolean
insert_row (sqlite3_stmt *insert, sqlite3_stmt *row) {
  for (int i = 0; i < sqlite3_column_count (row); i++)
    sqlite3_bind_value (insert, i + 1, sqlite3_column_value (row, i));
  const gboolean ok = sqlite3_step (insert) == SQLITE_DONE;
  sqlite3_reset (insert);
  return ok;
}

/* Adds to @theirs what it lacks of @mine; -1 when one is not the beginning of the other, or on failure.
 * Both statements yield events, and @insert takes one. */
static int
add_lacking (sqlite3_stmt *mine, sqlite3_stmt *theirs, sqlite3_stmt *insert) {
  int added = 0;
  int result, other = SQLITE_ROW;
  while ((result = sqlite3_step (mine)) == SQLITE_ROW) {
    other = other == SQLITE_ROW ? sqlite3_step (theirs) : other;
    if (other == SQLITE_ROW ? !equal_rows (mine, theirs)
                            : other != SQLITE_DONE || !insert_row (insert, mine))
      return -1;
    added += other == SQLITE_DONE;
  }
  return result == SQLITE_DONE ? added : -1;
}

int
runet_journal_file_join (sqlite3 *mine, sqlite3 *theirs) {
  sqlite3_stmt *rows = NULL, *their_rows = NULL, *insert = NULL;
  int added = -1;
  if (sqlite3_exec (theirs, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2 (mine, runet_journal_row_copy_sql, -1, &rows, NULL) ==
          SQLITE_OK &&
      sqlite3_prepare_v2 (theirs, runet_journal_row_copy_sql, -1, &their_rows, NULL) ==
          SQLITE_OK &&
      sqlite3_prepare_v2 (theirs, runet_journal_row_insert_sql, -1, &insert, NULL) ==
          SQLITE_OK)
    added = add_lacking (rows, their_rows, insert);
  sqlite3_finalize (rows);
  sqlite3_finalize (their_rows);
  sqlite3_finalize (insert);
  if (added >= 0 && sqlite3_exec (theirs, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    added = -1;
  if (!sqlite3_get_autocommit (theirs))
    sqlite3_exec (theirs, "ROLLBACK", NULL, NULL, NULL);
  return added;
}
