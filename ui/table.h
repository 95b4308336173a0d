/* A table of words and figures: shown, drawn on paper, copied and written as CSV. */
#pragma once

#include "chart-theme.h"

G_BEGIN_DECLS

typedef struct {
  char *text; /* NULL: a figure */
  double value; /* NaN: none, a dash */
  int decimals;
} RunetCell;

typedef struct {
  char *title;
  GPtrArray *columns; /* (element-type utf8) */
  GArray *cells; /* RunetCell, row by row */
} RunetTable;

/* @columns: %NULL-terminated. */
RunetTable *
runet_table_new (const char *title,
                 const char *const *columns) G_GNUC_WARN_UNUSED_RESULT;
void
runet_table_free (RunetTable *table);
/* Cell after cell, row after row. */
void
runet_table_add_text (RunetTable *table, const char *text);
void
runet_table_add_number (RunetTable *table, double value, int decimals);
guint
runet_table_count_rows (const RunetTable *table);
const RunetCell *
runet_table_get_cell (const RunetTable *table, guint row, guint column);
/* As people read it. (transfer full) */
char *
runet_table_get_text (const RunetTable *table,
                      guint row,
                      guint column) G_GNUC_WARN_UNUSED_RESULT;
/* Columns apart by tabs: what a spreadsheet takes from the clipboard. */
char *
runet_table_to_tabbed (const RunetTable *table) G_GNUC_WARN_UNUSED_RESULT;
/* A line of the columns' names and the rows; numbers with a point, whatever the language. */
void
runet_table_append_csv (const RunetTable *table, GString *csv);
/* With its title, from 0, 0 over @width. Returns the height; draws nothing when @cr is NULL. */
double
runet_table_draw (const RunetTable *table,
                  cairo_t *cr,
                  double width,
                  const RunetChartTheme *theme);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTable, runet_table_free)

G_END_DECLS
