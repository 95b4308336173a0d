/* A table of words and figures. */
#include "table.h"

#include <math.h>
#include "core/base/csv.h"
#include "chart-layout.h"

/* In sizes of the font. */
#define ROW_PADDING 0.35
#define COLUMN_GAP 0.8

static void
clear_cell (gpointer data) {
  g_free (((RunetCell *)data)->text);
}

RunetTable *
runet_table_new (const char *title, const char *const *columns) {
  RunetTable *table = g_new0 (RunetTable, 1);
  table->title = g_strdup (title);
  table->columns = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; columns[i]; i++)
    g_ptr_array_add (table->columns, g_strdup (columns[i]));
  table->cells = g_array_new (FALSE, FALSE, sizeof (RunetCell));
  g_array_set_clear_func (table->cells, clear_cell);
  return table;
}

void
runet_table_free (RunetTable *table) {
  if (table == NULL)
    return;
  g_free (table->title);
  g_ptr_array_unref (table->columns);
  g_array_unref (table->cells);
  g_free (table);
}

void
runet_table_add_text (RunetTable *table, const char *text) {
  const RunetCell cell = {g_strdup (text ? text : ""), NAN, 0};
  g_array_append_val (table->cells, cell);
}

void
runet_table_add_number (RunetTable *table, double value, int decimals) {
  const RunetCell cell = {NULL, value, decimals};
  g_array_append_val (table->cells, cell);
}

guint
runet_table_count_rows (const RunetTable *table) {
  return table->cells->len / table->columns->len;
}

const RunetCell *
runet_table_get_cell (const RunetTable *table, guint row, guint column) {
  return &g_array_index (table->cells, RunetCell, row * table->columns->len + column);
}

char *
runet_table_get_text (const RunetTable *table, guint row, guint column) {
  const RunetCell *cell = runet_table_get_cell (table, row, column);
  return cell->text ? g_strdup (cell->text)
                    : runet_scale_format (cell->value, cell->decimals);
}

char *
runet_table_to_tabbed (const RunetTable *table) {
  GString *text = g_string_new (NULL);
  for (guint c = 0; c < table->columns->len; c++)
    g_string_append_printf (text, "%s%s", c ? "\t" : "",
                            (char *)table->columns->pdata[c]);
  for (guint r = 0; r < runet_table_count_rows (table); r++)
    for (guint c = 0; c < table->columns->len; c++) {
      g_autofree char *cell = runet_table_get_text (table, r, c);
      g_string_append_printf (text, "%s%s", c ? "\t" : "\n", cell);
    }
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

void
runet_table_append_csv (const RunetTable *table, GString *csv) {
  const guint columns = table->columns->len;
  for (guint c = 0; c < columns; c++)
    runet_csv_append (csv, table->columns->pdata[c], c + 1 == columns);
  for (guint r = 0; r < runet_table_count_rows (table); r++)
    for (guint c = 0; c < columns; c++) {
      const RunetCell *cell = runet_table_get_cell (table, r, c);
      if (cell->text)
        runet_csv_append (csv, cell->text, c + 1 == columns);
      else
        runet_csv_append_number (csv, cell->value, cell->decimals, c + 1 == columns);
    }
}

/* ---- On paper ---- */

typedef struct {
  const RunetTable *table;
  const RunetChartTheme *theme;
  PangoContext *context;
  cairo_t *cr;
  double *rights; /* of each column */
  double line;
} Drawing;

static double
measure (const Drawing *self, const char *text, gboolean bold) {
  g_autoptr (PangoLayout) layout =
      runet_chart_text_new (self->context, self->theme, text, 1, bold);
  double width;
  runet_chart_text_measure (layout, &width, NULL);
  return width;
}

static gboolean
is_text (const RunetTable *table, guint column) {
  return runet_table_count_rows (table) == 0 ||
         runet_table_get_cell (table, 0, column)->text != NULL;
}

/* Columns as wide as they need; what is left goes between them. */
static void
place_columns (Drawing *self, double width) {
  const guint columns = self->table->columns->len;
  double used = 0;
  for (guint c = 0; c < columns; c++) {
    double widest = measure (self, self->table->columns->pdata[c], TRUE);
    for (guint r = 0; r < runet_table_count_rows (self->table); r++) {
      g_autofree char *text = runet_table_get_text (self->table, r, c);
      widest = fmax (widest, measure (self, text, FALSE));
    }
    self->rights[c] = widest;
    used += widest;
  }
  const double most = 2.5 * self->theme->font_size;
  const double gap = columns > 1
                         ? fmin (most, fmax (COLUMN_GAP * self->theme->font_size,
                                             (width - used) / (columns - 1)))
                         : 0;
  double at = 0;
  for (guint c = 0; c < columns; c++) {
    at += self->rights[c];
    self->rights[c] = at;
    at += gap;
  }
}

static void
draw_cell (const Drawing *self,
           const char *text,
           guint column,
           double y,
           gboolean bold) {
  if (!self->cr)
    return;
  g_autoptr (PangoLayout) layout =
      runet_chart_text_new (self->context, self->theme, text, 1, bold);
  double width;
  runet_chart_text_measure (layout, &width, NULL);
  double widest = 0;
  if (is_text (self->table, column)) {
    widest = measure (self, self->table->columns->pdata[column], TRUE);
    for (guint r = 0; r < runet_table_count_rows (self->table); r++) {
      g_autofree char *other = runet_table_get_text (self->table, r, column);
      widest = fmax (widest, measure (self, other, FALSE));
    }
  }
  cairo_move_to (self->cr, self->rights[column] - (widest > 0 ? widest : width), y);
  pango_cairo_show_layout (self->cr, layout);
}

static void
draw_line (const Drawing *self, double y, double part) {
  if (!self->cr)
    return;
  cairo_set_line_width (self->cr, self->theme->line_width * part);
  cairo_move_to (self->cr, 0, y);
  cairo_line_to (self->cr, self->rights[self->table->columns->len - 1], y);
  cairo_stroke (self->cr);
}

/* Three lines, none upright, as good journals have them. */
static double
draw_rows (const Drawing *self) {
  const double padding = ROW_PADDING * self->theme->font_size;
  const guint columns = self->table->columns->len;
  double y = self->line * 1.25;
  draw_line (self, y, 1);
  y += padding;
  for (guint c = 0; c < columns; c++)
    draw_cell (self, self->table->columns->pdata[c], c, y, TRUE);
  y += self->line + padding;
  draw_line (self, y, 0.6);
  y += padding;
  for (guint r = 0; r < runet_table_count_rows (self->table); r++) {
    for (guint c = 0; c < columns; c++) {
      g_autofree char *text = runet_table_get_text (self->table, r, c);
      draw_cell (self, text, c, y, FALSE);
    }
    y += self->line + padding;
  }
  draw_line (self, y, 1);
  return y + padding;
}

double
runet_table_draw (const RunetTable *table,
                  cairo_t *cr,
                  double width,
                  const RunetChartTheme *theme) {
  g_return_val_if_fail (table != NULL && table->columns->len > 0, 0);
  PangoContext *context = runet_chart_context_new ();
  g_autofree double *rights = g_new (double, table->columns->len);
  Drawing self = {table, theme, context, cr, rights, 0};
  g_autoptr (PangoLayout) title =
      runet_chart_text_new (context, theme, table->title, 1, TRUE);
  runet_chart_text_measure (title, NULL, &self.line);
  place_columns (&self, width);
  if (cr) {
    pango_cairo_update_context (cr, context);
    cairo_set_dash (cr, NULL, 0, 0);
    gdk_cairo_set_source_rgba (cr, &theme->ink);
    cairo_move_to (cr, 0, 0);
    pango_cairo_update_layout (cr, title);
    pango_cairo_show_layout (cr, title);
  }
  const double height = draw_rows (&self);
  g_object_unref (context);
  return height;
}
