/* Curves over time. */
#include "chart-kinds.h"

#include <math.h>
#include <glib/gi18n-lib.h>

static void
add_curve (RunetChart *chart,
           const RunetChartCurve *curve,
           const char *x_title,
           const char *unit) {
  const guint series = runet_chart_add_series (chart, curve->series);
  gboolean apart = FALSE;
  for (gsize i = 0; i < curve->count; i++) {
    g_autofree char *text =
        g_strdup_printf (_ ("Frame %zu, %s %.4g: %s %.1f %s"), i + 1, x_title,
                         curve->x[i], curve->series->name, curve->y[i], unit);
    const RunetChartPoint point = {.x = curve->x[i],
                                   .y = curve->y[i],
                                   .series = series,
                                   .item = (guint)i,
                                   .text = text,
                                   .apart = apart};
    apart = !runet_chart_add_point (chart, &point);
  }
}

static void
describe (RunetChart *chart,
          const RunetChartCurve *curves,
          gsize n_curves,
          const char *unit) {
  g_autoptr (GString) note = g_string_new (NULL);
  for (gsize c = 0; c < n_curves; c++) {
    const RunetSpread spread = runet_spread_compute (curves[c].y, curves[c].count);
    if (note->len > 0)
      g_string_append (note, "; ");
    g_string_append_printf (note, _ ("%s: n = %zu of %zu frames"),
                            curves[c].series->name, spread.count, curves[c].count);
    if (spread.count > 0)
      g_string_append_printf (note, _ (", %.1f to %.1f %s"), spread.minimum,
                              spread.maximum, unit);
  }
  chart->note = g_strdup (note->str);
  chart->summary = g_strdup_printf ("%s. %s", chart->title, chart->note);
}

RunetChart *
runet_chart_curves_new (const char *title,
                        const char *x_title,
                        const char *y_title,
                        const char *unit,
                        const RunetChartCurve *curves,
                        gsize n_curves,
                        const RunetMoment *moments,
                        gsize n_moments) {
  g_return_val_if_fail (n_curves == 0 || curves != NULL, NULL);
  RunetChart *chart = runet_chart_new (title, x_title, y_title);
  for (gsize c = 0; c < n_curves; c++)
    add_curve (chart, &curves[c], x_title, unit);
  const RunetSeries upright = {
      .kind = RUNET_SERIES_RULE, .color = RUNET_CHART_INK, .dash = RUNET_DASH_DOTTED};
  const guint series = runet_chart_add_series (chart, &upright);
  for (gsize i = 0; i < n_moments; i++)
    runet_chart_add_upright (chart, moments[i].x, series, moments[i].label);
  runet_axis_include (&chart->y, 0);
  chart->y.floor = 0;
  if (chart->x.low >= 0)
    chart->x.floor = 0;
  describe (chart, curves, n_curves, unit);
  return chart;
}
