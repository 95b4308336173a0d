/* A table of words and figures, for people. */
#include "text-table.h"

/* @rows: (element-type GPtrArray of utf8), the headings first; @columns: of each. */
struct _RunetTextTable {
  guint columns;
  GPtrArray *rows;
};

RunetTextTable *
runet_text_table_new (const char *const *columns) {
  RunetTextTable *table = g_new0 (RunetTextTable, 1);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  table->columns = g_strv_length ((char **)columns);
  runet_text_table_begin_row (table);
  for (guint i = 0; i < table->columns; i++)
    runet_text_table_add (table, "%s", columns[i]);
  return table;
}

void
runet_text_table_free (RunetTextTable *table) {
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
runet_text_table_begin_row (RunetTextTable *table) {
  g_ptr_array_add (table->rows, g_ptr_array_new_with_free_func (g_free));
}

void
runet_text_table_add (RunetTextTable *table, const char *format, ...) {
  GPtrArray *row = table->rows->pdata[table->rows->len - 1];
  g_return_if_fail (row->len < table->columns);
  va_list arguments;
  va_start (arguments, format);
  g_ptr_array_add (row, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static const char *
get_cell (const RunetTextTable *table, guint row, guint column) {
  const GPtrArray *cells = table->rows->pdata[row];
  return column < cells->len ? cells->pdata[column] : "";
}

static glong
measure_column (const RunetTextTable *table, guint column) {
  glong width = 0;
  for (guint r = 0; r < table->rows->len; r++)
    width = MAX (width, g_utf8_strlen (get_cell (table, r, column), -1));
  return width;
}

static void
append_spaces (GString *out, glong count) {
  for (glong i = 0; i < count; i++)
    g_string_append_c (out, ' ');
}

static void
append_plain (const RunetTextTable *table, GString *out, guint row) {
  for (guint c = 0; c < table->columns; c++) {
    const char *cell = get_cell (table, row, c);
    glong spaces = measure_column (table, c) - g_utf8_strlen (cell, -1);
    if (c > 0)
      append_spaces (out, 2 + spaces);
    g_string_append (out, cell);
    if (c == 0)
      append_spaces (out, spaces);
  }
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

static void
append_markdown (const RunetTextTable *table, GString *out, guint row) {
  g_string_append_c (out, '|');
  for (guint c = 0; c < table->columns; c++)
    g_string_append_printf (out, " %s |", get_cell (table, row, c));
  g_string_append_c (out, '\n');
  if (row > 0)
    return;
  g_string_append_c (out, '|');
  for (guint c = 0; c < table->columns; c++)
    g_string_append (out, c == 0 ? "---|" : "---:|");
  g_string_append_c (out, '\n');
}

void
runet_text_table_append (const RunetTextTable *table,
                         GString *out,
                         RunetTextFormat format) {
  for (guint r = 0; r < table->rows->len; r++)
    if (format == RUNET_TEXT_MARKDOWN)
      append_markdown (table, out, r);
    else
      append_plain (table, out, r);
}
