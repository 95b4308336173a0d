/* Scatter of a method against a reference. */
#include "chart-kinds.h"

#include <math.h>
#include <glib/gi18n-lib.h>

static void
add_pairs (RunetChart *chart, const RunetPairs *pairs, guint series) {
  for (gsize i = 0; i < pairs->count; i++) {
    g_autofree char *text =
        g_strdup_printf (_ ("%s: %s %.1f %s, %s %.1f %s"), pairs->subjects[i].name,
                         pairs->method, pairs->values[i], pairs->unit, pairs->reference,
                         pairs->references[i], pairs->unit);
    const RunetChartPoint point = {.x = pairs->references[i],
                                   .y = pairs->values[i],
                                   .series = series,
                                   .item = pairs->subjects[i].item,
                                   .text = text};
    runet_chart_add_point (chart, &point);
  }
}

/* Both axes show the same, so that the line of identity is the diagonal. */
static void
level_axes (RunetChart *chart, const RunetPairs *pairs) {
  runet_axis_include (&chart->x, chart->y.low);
  runet_axis_include (&chart->x, chart->y.high);
  runet_axis_include (&chart->y, chart->x.low);
  runet_axis_include (&chart->y, chart->x.high);
  chart->x.floor = chart->y.floor = pairs->floor;
  chart->x.ceiling = chart->y.ceiling = pairs->ceiling;
}

static void
describe (RunetChart *chart, const RunetPairs *pairs, const RunetLine *line) {
  g_autofree char *fit = NULL;
  if (isfinite (line->slope)) {
    g_autofree char *slope = runet_scale_format (line->slope, 2);
    g_autofree char *intercept = runet_scale_format (fabs (line->intercept), 1);
    g_autofree char *r = runet_scale_format (line->r, 3);
    fit = g_strdup_printf ("; r = %s; y = %s x %s %s", r, slope,
                           line->intercept < 0 ? "−" : "+", intercept);
  }
  chart->note = g_strdup_printf (_ ("n = %zu; left out: %zu%s"), line->count,
                                 line->left_out, fit ? fit : "");
  chart->summary = g_strdup_printf ("%s. %s", chart->title, chart->note);
}

RunetChart *
runet_chart_scatter_new (const RunetPairs *pairs) {
  g_return_val_if_fail (pairs != NULL, NULL);
  g_autofree char *title = g_strdup_printf (_ ("%s: %s against %s"), pairs->what,
                                            pairs->method, pairs->reference);
  g_autofree char *x_title = g_strdup_printf ("%s, %s", pairs->reference, pairs->unit);
  g_autofree char *y_title = g_strdup_printf ("%s, %s", pairs->method, pairs->unit);
  RunetChart *chart = runet_chart_new (title, x_title, y_title);
  const RunetSeries points = {NULL,
                              RUNET_SERIES_POINTS,
                              RUNET_CHART_BLUE,
                              RUNET_MARKER_CIRCLE,
                              RUNET_DASH_SOLID,
                              TRUE};
  const RunetSeries identity = {.name = (char *)_ ("Identity"),
                                .kind = RUNET_SERIES_RULE,
                                .color = RUNET_CHART_INK,
                                .dash = RUNET_DASH_DOTTED};
  const RunetSeries fit = {.name = (char *)_ ("Least squares"),
                           .kind = RUNET_SERIES_RULE,
                           .color = RUNET_CHART_BLUE,
                           .dash = RUNET_DASH_DASHED};
  const RunetLine line =
      runet_line_fit (pairs->references, pairs->values, pairs->count);
  chart->square = TRUE;
  add_pairs (chart, pairs, runet_chart_add_series (chart, &points));
  const double low = chart->x.low, high = chart->x.high;
  level_axes (chart, pairs);
  /* Beyond the plot, where it is cut off. */
  const double reach = chart->x.high - chart->x.low + 1;
  runet_chart_add_line (chart, 1, 0, chart->x.low - reach, chart->x.high + reach,
                        runet_chart_add_series (chart, &identity));
  if (isfinite (line.slope))
    runet_chart_add_line (chart, line.slope, line.intercept, low, high,
                          runet_chart_add_series (chart, &fit));
  describe (chart, pairs, &line);
  return chart;
}
