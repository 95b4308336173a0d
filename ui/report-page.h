/* The report on paper: pages that are printed and written as PDF, and its tables as CSV. */
#pragma once

#include "report-content.h"

G_BEGIN_DECLS

/**
 * RunetReportDocument: borrows everything
 * @study: of which data set; @model: (nullable): what ran
 * @curve, @selected: (nullable): of the selected view
 * @date: when it was made
 */
typedef struct {
  const RunetReport *report;
  const RunetVolumeCurve *curve;
  const char *selected;
  const char *study, *model, *date;
} RunetReportDocument;

/* A4, in points. */
#define RUNET_PAGE_WIDTH 595.28
#define RUNET_PAGE_HEIGHT 841.89

guint
runet_report_count_pages (const RunetReportDocument *document);
/* Margins included. */
void
runet_report_draw_page (const RunetReportDocument *document,
                        cairo_t *cr,
                        double width,
                        double height,
                        guint page);

/* Errors of these: %RUNET_ERROR_WRITE; what was at @path stays then. */
gboolean
runet_report_export_pdf (const RunetReportDocument *document,
                         const char *path,
                         GError **error);
/* The tables that the report shows, one below the other. */
gboolean
runet_report_export_tables (const RunetReportDocument *document,
                            const char *path,
                            GError **error);
/* One table alone, as other programs read it. */
gboolean
runet_report_export_table (const RunetReportDocument *document,
                           RunetReportTable kind,
                           const char *path,
                           GError **error);

G_END_DECLS
