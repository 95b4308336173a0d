/* Bars of percentages. */
#include "chart-kinds.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#define GROUP_PART 0.72
#define BAR_PART 0.8
/* So that the label of the tallest bar stays inside, and no bar of 1 % looks like the whole. */
#define HEADROOM 1.18
#define LOWEST_TOP 5

static void
add_share (RunetChart *chart,
           const RunetShare *share,
           guint n_series,
           const char *const *groups,
           GString *summary) {
  if (share->whole == 0)
    return;
  const double percent = 100.0 * (double)share->count / (double)share->whole;
  const double part = GROUP_PART / n_series;
  const double x = share->group + 0.5 - GROUP_PART / 2 + (share->series + 0.5) * part;
  g_autofree char *label = g_strdup_printf (_ ("%zu (%.1f %%)"), share->count, percent);
  const RunetSeries *series =
      &g_array_index (chart->series, RunetSeries, share->series);
  g_autofree char *text =
      g_strdup_printf (_ ("%s, %s: %zu of %zu images (%.1f %%)"), groups[share->group],
                       series->name, share->count, share->whole, percent);
  runet_chart_add_bar (chart, x, part * BAR_PART / 2, percent, share->series, label);
  g_string_append_printf (summary, ". %s", text);
}

RunetChart *
runet_chart_bars_new (const char *title,
                      const char *const *groups,
                      const RunetSeries *series,
                      guint n_series,
                      const RunetShare *shares,
                      gsize n_shares) {
  g_return_val_if_fail (groups != NULL && n_series > 0, NULL);
  RunetChart *chart = runet_chart_new (title, NULL, _ ("Images, %"));
  GString *summary = g_string_new (title);
  for (guint i = 0; i < n_series; i++)
    runet_chart_add_series (chart, &series[i]);
  for (gsize i = 0; i < n_shares; i++)
    add_share (chart, &shares[i], n_series, groups, summary);
  for (guint i = 0; groups[i]; i++)
    runet_chart_add_name (chart, i, i + 1, 0, groups[i]);
  chart->y.low = chart->y.floor = 0;
  chart->y.ceiling = 100 * HEADROOM;
  chart->y.high =
      fmax (LOWEST_TOP, HEADROOM * (isnan (chart->y.high) ? 0 : chart->y.high));
  chart->summary = g_string_free (summary, FALSE);
  return chart;
}
