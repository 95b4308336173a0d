/* Charts as files: PDF, PNG, CSV, each complete or not there at all. */
#pragma once

#include <gio/gio.h>
#include "chart.h"

G_BEGIN_DECLS

/* One page of a document. */
typedef void (*RunetDrawPage) (cairo_t *cr, guint page, gpointer user_data);

/* Writes @pages pages of @width × @height points. Errors of all of these: %RUNET_ERROR_WRITE; what was at @path
 * stays then. */
gboolean
runet_export_pdf (const char *path,
                  double width,
                  double height,
                  guint pages,
                  RunetDrawPage draw,
                  gpointer user_data,
                  GError **error);
gboolean
runet_chart_export_pdf (const RunetChart *chart,
                        const char *path,
                        double width,
                        double height,
                        GError **error);
/* Of 2 @width × 2 @height pixels. */
gboolean
runet_chart_export_png (const RunetChart *chart,
                        const char *path,
                        double width,
                        double height,
                        GError **error);
/* The points: series, what each is, x, y. */
gboolean
runet_chart_export_csv (const RunetChart *chart, const char *path, GError **error);

G_END_DECLS
