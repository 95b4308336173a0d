/* Bland–Altman: the difference of two methods against their mean. */
#include "chart-kinds.h"

#include <math.h>
#include <glib/gi18n-lib.h>

static void
add_differences (RunetChart *chart, const RunetPairs *pairs, guint series) {
  for (gsize i = 0; i < pairs->count; i++) {
    const double difference = pairs->values[i] - pairs->references[i];
    g_autofree char *by = runet_scale_format (difference, 1);
    g_autofree char *text = g_strdup_printf (
        _ ("%s: %s %.1f %s, %s %.1f %s, difference %s %s"), pairs->subjects[i].name,
        pairs->method, pairs->values[i], pairs->unit, pairs->reference,
        pairs->references[i], pairs->unit, by, pairs->unit);
    const RunetChartPoint point = {.x = (pairs->values[i] + pairs->references[i]) / 2,
                                   .y = difference,
                                   .series = series,
                                   .item = pairs->subjects[i].item,
                                   .text = text};
    runet_chart_add_point (chart, &point);
  }
}

static void
add_level (RunetChart *chart, double value, guint series, const char *name) {
  g_autofree char *figure = runet_scale_format (value, 1);
  g_autofree char *label = g_strdup_printf ("%s\n%s", name, figure);
  runet_chart_add_level (chart, value, series, label);
}

static void
add_levels (RunetChart *chart, const RunetBlandAltman *found) {
  const RunetSeries zero = {
      .kind = RUNET_SERIES_RULE, .color = RUNET_CHART_INK, .dash = RUNET_DASH_DOTTED};
  const RunetSeries bias = {
      .kind = RUNET_SERIES_RULE, .color = RUNET_CHART_BLUE, .dash = RUNET_DASH_SOLID};
  const RunetSeries limits = {.kind = RUNET_SERIES_RULE,
                              .color = RUNET_CHART_ORANGE,
                              .dash = RUNET_DASH_DASHED};
  runet_chart_add_level (chart, 0, runet_chart_add_series (chart, &zero), NULL);
  add_level (chart, found->bias, runet_chart_add_series (chart, &bias), _ ("Bias"));
  const guint series = runet_chart_add_series (chart, &limits);
  add_level (chart, found->upper, series, _ ("+1.96 SD"));
  add_level (chart, found->lower, series, _ ("−1.96 SD"));
}

/* The labels of the three levels have two lines each and must not meet: about nine lines have to fit. */
static void
make_room (RunetChart *chart, const RunetBlandAltman *found) {
  const double reach = 1.35 * (found->upper - found->lower) / 2;
  if (!isfinite (reach))
    return;
  runet_axis_include (&chart->y, found->bias - reach);
  runet_axis_include (&chart->y, found->bias + reach);
}

static void
describe (RunetChart *chart, const RunetPairs *pairs, const RunetBlandAltman *found) {
  g_autofree char *bias = runet_scale_format (found->bias, 1);
  g_autofree char *lower = runet_scale_format (found->lower, 1);
  g_autofree char *upper = runet_scale_format (found->upper, 1);
  chart->note = g_strdup_printf (
      _ ("n = %zu; left out: %zu; bias %s %s; limits of agreement %s to %s %s"),
      found->count, found->left_out, bias, pairs->unit, lower, upper, pairs->unit);
  chart->summary = g_strdup_printf ("%s. %s", chart->title, chart->note);
}

RunetChart *
runet_chart_bland_altman_new (const RunetPairs *pairs) {
  g_return_val_if_fail (pairs != NULL, NULL);
  g_autofree char *title = g_strdup_printf (_ ("%s: Bland–Altman"), pairs->what);
  g_autofree char *x_title = g_strdup_printf (
      _ ("Mean of %s and %s, %s"), pairs->method, pairs->reference, pairs->unit);
  g_autofree char *y_title =
      g_strdup_printf (_ ("%s − %s, %s"), pairs->method, pairs->reference, pairs->unit);
  RunetChart *chart = runet_chart_new (title, x_title, y_title);
  const RunetSeries points = {NULL,
                              RUNET_SERIES_POINTS,
                              RUNET_CHART_BLUE,
                              RUNET_MARKER_CIRCLE,
                              RUNET_DASH_SOLID,
                              TRUE};
  const RunetBlandAltman found =
      runet_bland_altman_compute (pairs->values, pairs->references, pairs->count);
  chart->x.floor = pairs->floor;
  chart->x.ceiling = pairs->ceiling;
  add_differences (chart, pairs, runet_chart_add_series (chart, &points));
  add_levels (chart, &found);
  make_room (chart, &found);
  describe (chart, pairs, &found);
  return chart;
}
