/* The report on paper: pages that are printed and written as PDF, and its tables as CSV. */
#include "report-page.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "chart-export.h"
#include "chart-layout.h"
#include "core/base/csv.h"
#include "core/echo/file.h"

/* In points. */
#define MARGIN 48.0
#define FONT 8.0
#define GAP 14.0
#define TALLEST_CHART 300.0
#define SMALLEST_CHART 120.0

#define NONE RUNET_REPORT_CHARTS
#define NO_TABLE RUNET_TABLES

/* What is on a page: charts below each other or side by side, then tables. */
typedef struct {
  const char *heading;
  RunetReportChart charts[2];
  gboolean beside;
  RunetReportTable tables[2];
  char *(*describe) (const RunetReport *report);
} Page;

static const Page pages[] = {
    {N_ ("Outliers"),
     {RUNET_REPORT_OUTLIERS, NONE},
     FALSE,
     {RUNET_TABLE_OUTLIERS, RUNET_TABLE_AGREEMENT},
     runet_report_describe},
    {N_ ("Agreement with the experts"),
     {RUNET_REPORT_DICE, RUNET_REPORT_HD},
     FALSE,
     {RUNET_TABLE_QUALITY, NO_TABLE},
     runet_report_describe_learning},
    {N_ ("Ejection fraction"),
     {RUNET_REPORT_EF_SCATTER, RUNET_REPORT_EF_AGREEMENT},
     TRUE,
     {RUNET_TABLE_EF, NO_TABLE},
     runet_report_describe_ef},
    {N_ ("The selected view"),
     {RUNET_REPORT_VOLUME, RUNET_REPORT_AREA},
     FALSE,
     {RUNET_TABLE_CURVE, NO_TABLE},
     NULL},
};

typedef struct {
  const RunetReportDocument *document;
  const Page *page;
  cairo_t *cr;
  PangoContext *context;
  RunetChartTheme theme;
  double width;
} Drawing;

guint
runet_report_count_pages (const RunetReportDocument *document) {
  return document->curve ? G_N_ELEMENTS (pages) : G_N_ELEMENTS (pages) - 1;
}

/* Wrapped at the width of the page. Returns its height. */
static double
draw_text (const Drawing *self,
           const char *text,
           double y,
           double scale,
           gboolean bold) {
  g_autoptr (PangoLayout) layout =
      runet_chart_text_new (self->context, &self->theme, text, scale, bold);
  double height;
  pango_layout_set_width (layout, (int)(self->width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  runet_chart_text_measure (layout, NULL, &height);
  cairo_move_to (self->cr, 0, y);
  pango_cairo_update_layout (self->cr, layout);
  pango_cairo_show_layout (self->cr, layout);
  return height;
}

static double
draw_heading (const Drawing *self, guint number) {
  const RunetReportDocument *document = self->document;
  double y = 0;
  gdk_cairo_set_source_rgba (self->cr, &self->theme.ink);
  if (number == 0) {
    g_autofree char *title = g_strdup_printf (_ ("Report on %s"), document->study);
    y += draw_text (self, title, y, 2, TRUE) + 4;
    g_autofree char *made =
        document->model
            ? g_strdup_printf (_ ("%s. Model: %s. RU-Net Review %s."), document->date,
                               document->model, RUNET_VERSION)
            : g_strdup_printf (_ ("%s. RU-Net Review %s."), document->date,
                               RUNET_VERSION);
    y += draw_text (self, made, y, 1, FALSE) + GAP;
  }
  y += draw_text (self, _ (self->page->heading), y, 1.5, TRUE) + 4;
  if (self->page->describe) {
    g_autofree char *text = self->page->describe (document->report);
    y += draw_text (self, text, y, 1, FALSE);
  }
  return y + GAP;
}

static double
draw_tables (const Drawing *self, double y, gboolean measure) {
  for (guint t = 0; t < G_N_ELEMENTS (self->page->tables); t++) {
    if (self->page->tables[t] == NO_TABLE)
      continue;
    g_autoptr (RunetTable) table = runet_report_make_table (
        self->document->report, self->document->curve, self->page->tables[t]);
    cairo_save (self->cr);
    cairo_translate (self->cr, 0, y);
    y +=
        runet_table_draw (table, measure ? NULL : self->cr, self->width, &self->theme) +
        GAP;
    cairo_restore (self->cr);
  }
  return y;
}

static double
draw_charts (const Drawing *self, double y, double room) {
  const guint count = self->page->charts[1] == NONE ? 1 : 2;
  const gboolean beside = self->page->beside;
  const double width = beside ? (self->width - GAP) / 2 : self->width;
  const double height =
      CLAMP ((beside ? room : room / count) - GAP, SMALLEST_CHART, TALLEST_CHART);
  for (guint c = 0; c < count; c++) {
    g_autoptr (RunetChart) chart =
        runet_report_make_chart (self->document->report, self->document->curve,
                                 self->document->selected, self->page->charts[c]);
    cairo_save (self->cr);
    cairo_translate (self->cr, beside ? c * (width + GAP) : 0,
                     beside ? y : y + c * (height + GAP));
    runet_chart_draw (chart, self->cr, width, height, &self->theme);
    cairo_restore (self->cr);
  }
  return y + (beside ? 1 : count) * (height + GAP);
}

static void
draw_foot (const Drawing *self, double y, guint number) {
  g_autofree char *foot = g_strdup_printf (
      _ ("%s · page %u of %u · Research software. Not a medical device."),
      self->document->study, number + 1, runet_report_count_pages (self->document));
  gdk_cairo_set_source_rgba (self->cr, &self->theme.dim);
  draw_text (self, foot, y, 0.9, FALSE);
}

void
runet_report_draw_page (const RunetReportDocument *document,
                        cairo_t *cr,
                        double width,
                        double height,
                        guint page) {
  g_return_if_fail (document != NULL && page < G_N_ELEMENTS (pages));
  Drawing self = {document,
                  &pages[page],
                  cr,
                  runet_chart_context_new (),
                  runet_chart_theme_for_paper (FONT),
                  width - 2 * MARGIN};
  const double bottom = height - 2 * MARGIN;
  cairo_save (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  double y = draw_heading (&self, page);
  const double tables = draw_tables (&self, 0, TRUE);
  y = draw_charts (&self, y, bottom - y - tables);
  draw_tables (&self, y, FALSE);
  draw_foot (&self, bottom + MARGIN / 3, page);
  cairo_restore (cr);
  g_object_unref (self.context);
}

static void
draw_page_cb (cairo_t *cr, guint page, gpointer user_data) {
  runet_report_draw_page (user_data, cr, RUNET_PAGE_WIDTH, RUNET_PAGE_HEIGHT, page);
}

gboolean
runet_report_export_pdf (const RunetReportDocument *document,
                         const char *path,
                         GError **error) {
  return runet_export_pdf (path, RUNET_PAGE_WIDTH, RUNET_PAGE_HEIGHT,
                           runet_report_count_pages (document), draw_page_cb,
                           (gpointer)document, error);
}

gboolean
runet_report_export_tables (const RunetReportDocument *document,
                            const char *path,
                            GError **error) {
  g_autoptr (GString) csv = g_string_new (NULL);
  for (RunetReportTable kind = 0; kind <= RUNET_TABLE_CURVE; kind++) {
    if (kind == RUNET_TABLE_CURVE && !document->curve)
      continue;
    g_autoptr (RunetTable) table =
        runet_report_make_table (document->report, document->curve, kind);
    if (csv->len > 0)
      g_string_append (csv, "\r\n");
    runet_csv_append (csv, table->title, TRUE);
    runet_table_append_csv (table, csv);
  }
  return runet_file_replace (path, (const guint8 *)csv->str, csv->len, error);
}

gboolean
runet_report_export_table (const RunetReportDocument *document,
                           RunetReportTable kind,
                           const char *path,
                           GError **error) {
  g_autoptr (GString) csv = g_string_new (NULL);
  g_autoptr (RunetTable) table =
      runet_report_make_table (document->report, document->curve, kind);
  runet_table_append_csv (table, csv);
  return runet_file_replace (path, (const guint8 *)csv->str, csv->len, error);
}
