/* Charts as files: PDF, PNG, CSV. Everything is made in memory first: a file is replaced when it is whole. */
#include "chart-export.h"

#include <math.h>
#include <cairo-pdf.h>
#include "core/base/csv.h"
#include "core/echo/file.h"

#define PNG_SCALE 2
#define PAPER_FONT 10
/* What a chart cannot hold more of. */
#define CSV_DECIMALS 6

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length) {
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
write_bytes (const char *path,
             const GByteArray *bytes,
             cairo_status_t status,
             GError **error) {
  if (status == CAIRO_STATUS_SUCCESS)
    return runet_file_replace (path, bytes->data, bytes->len, error);
  runet_file_error (error, RUNET_ERROR_WRITE, path, "expected a drawing, found: %s",
                    cairo_status_to_string (status));
  return FALSE;
}

gboolean
runet_export_pdf (const char *path,
                  double width,
                  double height,
                  guint pages,
                  RunetDrawPage draw,
                  gpointer user_data,
                  GError **error) {
  g_return_val_if_fail (path != NULL && draw != NULL, FALSE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (append_cb, bytes, width, height);
  cairo_t *cr = cairo_create (surface);
  for (guint page = 0; page < pages; page++) {
    draw (cr, page, user_data);
    cairo_show_page (cr);
  }
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return write_bytes (path, bytes, status, error);
}

typedef struct {
  const RunetChart *chart;
  double width, height;
} Sheet;

static void
draw_sheet (cairo_t *cr, guint page, gpointer user_data) {
  const Sheet *sheet = user_data;
  const RunetChartTheme theme = runet_chart_theme_for_paper (PAPER_FONT);
  runet_chart_draw (sheet->chart, cr, sheet->width, sheet->height, &theme);
}

gboolean
runet_chart_export_pdf (const RunetChart *chart,
                        const char *path,
                        double width,
                        double height,
                        GError **error) {
  g_return_val_if_fail (chart != NULL, FALSE);
  Sheet sheet = {chart, width, height};
  return runet_export_pdf (path, width, height, 1, draw_sheet, &sheet, error);
}

gboolean
runet_chart_export_png (const RunetChart *chart,
                        const char *path,
                        double width,
                        double height,
                        GError **error) {
  g_return_val_if_fail (chart != NULL && path != NULL, FALSE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (PAPER_FONT);
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)ceil (width * PNG_SCALE),
                                  (int)ceil (height * PNG_SCALE));
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, PNG_SCALE, PNG_SCALE);
  runet_chart_draw (chart, cr, ceil (width * PNG_SCALE) / PNG_SCALE,
                    ceil (height * PNG_SCALE) / PNG_SCALE, &theme);
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_destroy (surface);
  return write_bytes (path, bytes, status, error);
}

gboolean
runet_chart_export_csv (const RunetChart *chart, const char *path, GError **error) {
  g_return_val_if_fail (chart != NULL && path != NULL, FALSE);
  g_autoptr (GString) csv = g_string_new ("series,point,x,y\r\n");
  for (guint i = 0; i < chart->points->len; i++) {
    const RunetChartPoint *point = &g_array_index (chart->points, RunetChartPoint, i);
    const RunetSeries *series =
        &g_array_index (chart->series, RunetSeries, point->series);
    runet_csv_append (csv, series->name ? series->name : "", FALSE);
    runet_csv_append (csv, point->text, FALSE);
    runet_csv_append_number (csv, point->x, CSV_DECIMALS, FALSE);
    runet_csv_append_number (csv, point->y, CSV_DECIMALS, TRUE);
  }
  return runet_file_replace (path, (const guint8 *)csv->str, csv->len, error);
}
