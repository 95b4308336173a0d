/* A table of words and figures, for people: aligned on a terminal, or as Markdown. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_TEXT_PLAIN,
  RUNET_TEXT_MARKDOWN,
} RunetTextFormat;

typedef struct _RunetTextTable RunetTextTable;

/* @columns: (array zero-terminated=1): their headings; the first column is words, the others are figures */
RunetTextTable *
runet_text_table_new (const char *const *columns) G_GNUC_WARN_UNUSED_RESULT;
void
runet_text_table_free (RunetTextTable *table);

/* A row begins; cells follow from the left, and those that do not are empty. */
void
runet_text_table_begin_row (RunetTextTable *table);
void
runet_text_table_add (RunetTextTable *table, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

void
runet_text_table_append (const RunetTextTable *table,
                         GString *out,
                         RunetTextFormat format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTextTable, runet_text_table_free)

G_END_DECLS
