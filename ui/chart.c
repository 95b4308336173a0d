/* A chart: what it says, independent of where it is drawn. */
#include "chart.h"

#include <math.h>

static void
clear_series (gpointer data) {
  g_free (((RunetSeries *)data)->name);
}

static void
clear_point (gpointer data) {
  g_free (((RunetChartPoint *)data)->text);
}

static void
clear_rule (gpointer data) {
  g_free (((RunetChartRule *)data)->label);
}

static void
clear_box (gpointer data) {
  runet_box_free (((RunetChartBox *)data)->box);
}

static void
clear_bar (gpointer data) {
  g_free (((RunetChartBar *)data)->label);
}

static void
clear_name (gpointer data) {
  g_free (((RunetChartName *)data)->text);
}

static GArray *
make_array (gsize size, GDestroyNotify clear) {
  GArray *array = g_array_new (FALSE, FALSE, (guint)size);
  g_array_set_clear_func (array, clear);
  return array;
}

static void
init_axis (RunetAxis *axis, const char *title) {
  axis->title = g_strdup (title);
  axis->low = axis->high = NAN;
  axis->floor = -INFINITY;
  axis->ceiling = INFINITY;
}

RunetChart *
runet_chart_new (const char *title, const char *x_title, const char *y_title) {
  RunetChart *chart = g_new0 (RunetChart, 1);
  g_atomic_ref_count_init (&chart->references);
  chart->title = g_strdup (title);
  init_axis (&chart->x, x_title);
  init_axis (&chart->y, y_title);
  chart->series = make_array (sizeof (RunetSeries), clear_series);
  chart->points = make_array (sizeof (RunetChartPoint), clear_point);
  chart->rules = make_array (sizeof (RunetChartRule), clear_rule);
  chart->boxes = make_array (sizeof (RunetChartBox), clear_box);
  chart->bars = make_array (sizeof (RunetChartBar), clear_bar);
  chart->names = make_array (sizeof (RunetChartName), clear_name);
  return chart;
}

RunetChart *
runet_chart_ref (RunetChart *chart) {
  g_atomic_ref_count_inc (&chart->references);
  return chart;
}

void
runet_chart_unref (RunetChart *chart) {
  if (!g_atomic_ref_count_dec (&chart->references))
    return;
  g_free (chart->title);
  g_free (chart->note);
  g_free (chart->summary);
  g_free (chart->x.title);
  g_free (chart->y.title);
  g_array_unref (chart->series);
  g_array_unref (chart->points);
  g_array_unref (chart->rules);
  g_array_unref (chart->boxes);
  g_array_unref (chart->bars);
  g_array_unref (chart->names);
  g_free (chart);
}

void
runet_axis_include (RunetAxis *axis, double value) {
  if (!isfinite (value))
    return;
  axis->low = fmin (axis->low, value);
  axis->high = fmax (axis->high, value);
}

guint
runet_chart_add_series (RunetChart *chart, const RunetSeries *series) {
  RunetSeries copy = *series;
  copy.name = g_strdup (series->name);
  g_array_append_val (chart->series, copy);
  return chart->series->len - 1;
}

gboolean
runet_chart_add_point (RunetChart *chart, const RunetChartPoint *point) {
  g_return_val_if_fail (point->series < chart->series->len, FALSE);
  if (!isfinite (point->x) || !isfinite (point->y))
    return FALSE;
  RunetChartPoint copy = *point;
  copy.text = g_strdup (point->text ? point->text : "");
  g_array_append_val (chart->points, copy);
  runet_axis_include (&chart->x, point->x);
  runet_axis_include (&chart->y, point->y);
  return TRUE;
}

static void
add_rule (RunetChart *chart, RunetChartRule rule, const char *label) {
  g_return_if_fail (rule.series < chart->series->len);
  rule.label = g_strdup (label);
  g_array_append_val (chart->rules, rule);
}

void
runet_chart_add_level (RunetChart *chart, double y, guint series, const char *label) {
  if (!isfinite (y))
    return;
  add_rule (chart, (RunetChartRule){{-INFINITY, INFINITY}, {y, y}, series, NULL},
            label);
  runet_axis_include (&chart->y, y);
}

void
runet_chart_add_upright (RunetChart *chart, double x, guint series, const char *label) {
  if (!isfinite (x))
    return;
  add_rule (chart, (RunetChartRule){{x, x}, {-INFINITY, INFINITY}, series, NULL},
            label);
  runet_axis_include (&chart->x, x);
}

void
runet_chart_add_line (RunetChart *chart,
                      double slope,
                      double intercept,
                      double x0,
                      double x1,
                      guint series) {
  const double y0 = intercept + slope * x0, y1 = intercept + slope * x1;
  if (isfinite (y0) && isfinite (y1))
    add_rule (chart, (RunetChartRule){{x0, x1}, {y0, y1}, series, NULL}, NULL);
}

void
runet_chart_add_box (RunetChart *chart,
                     double x,
                     double half_width,
                     guint series,
                     RunetBox *box) {
  g_return_if_fail (series < chart->series->len && box != NULL);
  RunetChartBox one = {x, half_width, series, box};
  g_array_append_val (chart->boxes, one);
  runet_axis_include (&chart->y, box->whisker[0]);
  runet_axis_include (&chart->y, box->whisker[1]);
}

void
runet_chart_add_bar (RunetChart *chart,
                     double x,
                     double half_width,
                     double y,
                     guint series,
                     const char *label) {
  g_return_if_fail (series < chart->series->len);
  RunetChartBar one = {x, half_width, y, series, g_strdup (label)};
  g_array_append_val (chart->bars, one);
  runet_axis_include (&chart->y, y);
}

void
runet_chart_add_name (RunetChart *chart,
                      double low,
                      double high,
                      guint level,
                      const char *text) {
  RunetChartName one = {low, high, level, g_strdup (text)};
  g_array_append_val (chart->names, one);
  chart->x.named = TRUE;
  runet_axis_include (&chart->x, low);
  runet_axis_include (&chart->x, high);
}
