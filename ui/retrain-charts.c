/* The curves of a retraining. */
#include "retrain-charts.h"

#include <math.h>
#include <glib/gi18n-lib.h>

/* Of one epoch. */
typedef double (*Value) (const RunetRetrainEpoch *epoch);

static double
get_loss (const RunetRetrainEpoch *epoch) {
  return epoch->loss;
}

static double
get_dice (const RunetRetrainEpoch *epoch) {
  return epoch->dice;
}

static const RunetRetrainEpoch *
get_epoch (const RunetRetrainProgress *progress, guint index) {
  return &g_array_index (progress->history, RunetRetrainEpoch, index);
}

/* The last epoch that was better than all before it: its weights are kept. */
static const RunetRetrainEpoch *
find_best (const RunetRetrainProgress *progress) {
  const RunetRetrainEpoch *best = NULL;
  for (guint i = 0; i < progress->history->len; i++)
    if (get_epoch (progress, i)->best)
      best = get_epoch (progress, i);
  return best;
}

static guint
add_points (RunetChart *chart,
            const RunetRetrainProgress *progress,
            const RunetSeries *look,
            Value value,
            const char *format) {
  const guint series = runet_chart_add_series (chart, look);
  gboolean apart = FALSE;
  guint count = 0;
  for (guint i = 0; i < progress->history->len; i++) {
    const RunetRetrainEpoch *epoch = get_epoch (progress, i);
    g_autofree char *text = g_strdup_printf (_ (format), epoch->number, value (epoch));
    const RunetChartPoint point = {.x = epoch->number,
                                   .y = value (epoch),
                                   .series = series,
                                   .item = epoch->number,
                                   .text = text,
                                   .small = progress->history->len > 40,
                                   .apart = apart};
    apart = !runet_chart_add_point (chart, &point);
    count += !apart;
  }
  return count;
}

static RunetChart *
make_chart (const RunetRetrainProgress *progress,
            const char *title,
            const char *y_title,
            const RunetSeries *look,
            Value value,
            const char *format,
            const char *blank) {
  RunetChart *chart = runet_chart_new (title, _ ("Epoch"), y_title);
  const guint count = add_points (chart, progress, look, value, format);
  if (count == 0)
    chart->blank = g_strdup (blank);
  chart->x.floor = 0;
  chart->x.whole = TRUE;
  runet_axis_include (&chart->x, 0);
  runet_axis_include (&chart->x, MAX (1, progress->history->len));
  const RunetRetrainEpoch *best = find_best (progress);
  if (best && count > 0) {
    const RunetSeries upright = {
        .kind = RUNET_SERIES_RULE, .color = RUNET_CHART_INK, .dash = RUNET_DASH_DOTTED};
    runet_chart_add_upright (chart, best->number,
                             runet_chart_add_series (chart, &upright), _ ("best"));
  }
  const RunetRetrainEpoch *last =
      count > 0 ? get_epoch (progress, progress->history->len - 1) : NULL;
  g_autofree char *latest =
      last ? g_strdup_printf (_ (format), last->number, value (last)) : NULL;
  chart->summary = g_strdup_printf ("%s. %s", title, latest ? latest : blank);
  return chart;
}

RunetChart *
runet_retrain_chart_loss (const RunetRetrainProgress *progress) {
  g_return_val_if_fail (progress != NULL, NULL);
  const RunetSeries look = {.kind = RUNET_SERIES_CURVE,
                            .color = RUNET_CHART_BLUE,
                            .marker = RUNET_MARKER_CIRCLE,
                            .filled = TRUE};
  RunetChart *chart = make_chart (
      progress, _ ("Loss on What It Learns From"), _ ("Loss"), &look, get_loss,
      N_ ("Epoch %u: loss %.4f"), _ ("The first epoch has not ended yet."));
  chart->y.floor = 0;
  return chart;
}

RunetChart *
runet_retrain_chart_dice (const RunetRetrainProgress *progress) {
  g_return_val_if_fail (progress != NULL, NULL);
  const RunetSeries look = {.kind = RUNET_SERIES_CURVE,
                            .color = RUNET_CHART_GREEN,
                            .marker = RUNET_MARKER_SQUARE,
                            .filled = TRUE};
  const char *blank = progress->history->len > 0
                          ? _ ("There are no images to validate on.")
                          : _ ("The first epoch has not ended yet.");
  RunetChart *chart =
      make_chart (progress, _ ("Dice on Images It Does Not Learn From"), _ ("Dice"),
                  &look, get_dice, N_ ("Epoch %u: Dice %.4f"), blank);
  chart->y.floor = 0;
  chart->y.ceiling = 1;
  return chart;
}
