/* Rows in the pages of an SQLite file, read without SQLite: also where the file as a whole makes no sense to it.
 * Formats: https://www.sqlite.org/fileformat2.html. Private to core/review. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_VALUE_NULL,
  RUNET_VALUE_INTEGER,
  RUNET_VALUE_REAL,
  RUNET_VALUE_TEXT,
  RUNET_VALUE_BLOB,
  RUNET_VALUE_LOST, /* its pages cannot be read */
} RunetValueKind;

/* @bytes, @size: of text and blobs, within the row. */
typedef struct {
  RunetValueKind kind;
  gint64 integer;
  double real;
  const guint8 *bytes;
  gsize size;
} RunetValue;

/* Called for each row of a table: its number and its values. */
typedef void (*RunetRowFunc) (gint64 number,
                              const RunetValue *values,
                              guint count,
                              gpointer user_data);

typedef struct _RunetDatabasePages RunetDatabasePages;

/* The file at @path, and the log beside it as far as it is sound. Errors: of runet_file_read(). */
RunetDatabasePages *
runet_database_pages_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_database_pages_free (RunetDatabasePages *self);

/* Every row that is found in a leaf of any table; of a page that is in the log, as it is there. */
void
runet_database_pages_foreach (RunetDatabasePages *self,
                              RunetRowFunc func,
                              gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetDatabasePages, runet_database_pages_free)

G_END_DECLS
