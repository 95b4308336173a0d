/* What result-cache.c and result-cache-open.c share. */
#pragma once

#include <sqlite3.h>
#include "result-cache.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_STATEMENT_FILE,
  RUNET_STATEMENT_REMEMBER,
  RUNET_STATEMENT_FIND,
  RUNET_STATEMENT_ADD,
  RUNET_STATEMENT_AREAS,
  RUNET_STATEMENT_USE,
  RUNET_STATEMENTS
} RunetStatement;

struct _RunetResultCache {
  char *path;
  sqlite3 *database;
  sqlite3_stmt *statements[RUNET_STATEMENTS];
  gint64
      session; /* sessions are numbered; a result carries that of the last one that asked for it */
  GArray *used; /* gint64: rows asked for since the last flush */
  gboolean damaged;
};

/* Statements without values and without an answer, several at once. */
gboolean
runet_result_cache_execute (RunetResultCache *cache, const char *sql, GError **error);
/* Sets @error from SQLite's, and notes when the file is damaged. */
void
runet_result_cache_fail (RunetResultCache *cache, GError **error);

G_END_DECLS
