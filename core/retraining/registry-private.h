/* What the files of the registry share. */
#pragma once

#include <sqlite3.h>
#include "core/base/error.h"
#include "registry.h"

G_BEGIN_DECLS

struct _RunetRegistry {
  char *folder; /* absolute */
  char *path; /* of registry.sqlite */
  sqlite3 *db;
};

/* A connection to a registry of the newest layout, made where there is none. Errors as of runet_registry_open(). */
sqlite3 *
runet_registry_file_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets @error to "PATH: expected EXPECTED, found: what SQLite says", with the system's reason. */
void
runet_registry_set_error (GError **error,
                          RunetError code,
                          const char *path,
                          sqlite3 *db,
                          const char *expected);

/* NULL with @error. */
sqlite3_stmt *
runet_registry_prepare (RunetRegistry *self, const char *sql, GError **error);
/* NULL is bound as such. */
void
runet_registry_bind (sqlite3_stmt *statement, int index, const char *text);
/* (transfer full) (nullable) */
char *
runet_registry_column (sqlite3_stmt *statement, int index);
/* (transfer full): a time that cannot be read is that of the epoch. */
GDateTime *
runet_registry_column_time (sqlite3_stmt *statement, int index);
/* (transfer full): now, as it is kept. */
char *
runet_registry_now (void) G_GNUC_WARN_UNUSED_RESULT;
/* Whether there is one more row; at the end, or with @error, the statement is done with. */
gboolean
runet_registry_step (RunetRegistry *self,
                     sqlite3_stmt *statement,
                     gboolean *failed,
                     GError **error);
/* Runs it to its end and finalises it. */
gboolean
runet_registry_finish (RunetRegistry *self, sqlite3_stmt *statement, GError **error);
/* Takes the lock of all writers; to be ended by one of the others. */
gboolean
runet_registry_begin (RunetRegistry *self, GError **error);
gboolean
runet_registry_commit (RunetRegistry *self, GError **error);
void
runet_registry_cancel (RunetRegistry *self);

/* @models: gets their states by the history. */
gboolean
runet_registry_set_states (RunetRegistry *self, GPtrArray *models, GError **error);

G_END_DECLS
