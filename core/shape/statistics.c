/* Statistics of a column of figures: spread, boxes, agreement of two methods, straight lines. */
#include "statistics.h"

#include <math.h>
#include <stdlib.h>

/* Two passes: the sum of squares minus the square of the sum loses all digits of a small spread. */
RunetSpread
runet_spread_compute (const double *values, gsize count) {
  RunetSpread spread = {.mean = NAN, .sd = NAN, .minimum = NAN, .maximum = NAN};
  double sum = 0, squares = 0;
  for (gsize i = 0; i < count; i++) {
    if (!isfinite (values[i]))
      continue;
    spread.count++;
    sum += values[i];
    spread.minimum = fmin (spread.minimum, values[i]);
    spread.maximum = fmax (spread.maximum, values[i]);
  }
  spread.left_out = count - spread.count;
  if (spread.count == 0)
    return spread;
  spread.mean = sum / (double)spread.count;
  for (gsize i = 0; i < count; i++)
    if (isfinite (values[i]))
      squares += (values[i] - spread.mean) * (values[i] - spread.mean);
  if (spread.count > 1)
    spread.sd = sqrt (squares / (double)(spread.count - 1));
  return spread;
}

double
runet_quantile (const double *sorted, gsize count, double part) {
  g_return_val_if_fail (part >= 0 && part <= 1, NAN);
  if (count == 0)
    return NAN;
  const double place = (double)(count - 1) * part;
  const gsize below = (gsize)floor (place);
  const gsize above = MIN (below + 1, count - 1);
  return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

static int
compare_doubles (const void *a, const void *b) {
  const double first = *(const double *)a, second = *(const double *)b;
  return (first > second) - (first < second);
}

/* The finite ones of @values, in order. Returns: (transfer full) */
static double *
sort_finite (const double *values, gsize count, gsize *finite) {
  double *sorted = g_new (double, MAX (count, 1));
  *finite = 0;
  for (gsize i = 0; i < count; i++)
    if (isfinite (values[i]))
      sorted[(*finite)++] = values[i];
  qsort (sorted, *finite, sizeof *sorted, compare_doubles);
  return sorted;
}

RunetBox *
runet_box_new (const double *values, gsize count) {
  RunetBox *box = g_new0 (RunetBox, 1);
  g_autofree double *sorted = sort_finite (values, count, &box->count);
  box->left_out = count - box->count;
  box->outliers = g_array_new (FALSE, FALSE, sizeof (gsize));
  box->q1 = runet_quantile (sorted, box->count, 0.25);
  box->median = runet_quantile (sorted, box->count, 0.5);
  box->q3 = runet_quantile (sorted, box->count, 0.75);
  box->whisker[0] = box->whisker[1] = NAN;
  const double reach = RUNET_WHISKER_REACH * (box->q3 - box->q1);
  const double low = box->q1 - reach, high = box->q3 + reach;
  for (gsize i = 0; i < count; i++) {
    if (!isfinite (values[i]))
      continue;
    if (values[i] < low || values[i] > high) {
      g_array_append_val (box->outliers, i);
      continue;
    }
    box->whisker[0] = fmin (box->whisker[0], values[i]);
    box->whisker[1] = fmax (box->whisker[1], values[i]);
  }
  return box;
}

void
runet_box_free (RunetBox *box) {
  if (box == NULL)
    return;
  g_array_unref (box->outliers);
  g_free (box);
}

RunetBlandAltman
runet_bland_altman_compute (const double *values,
                            const double *references,
                            gsize count) {
  g_autofree double *differences = g_new (double, MAX (count, 1));
  for (gsize i = 0; i < count; i++)
    differences[i] = values[i] - references[i];
  const RunetSpread spread = runet_spread_compute (differences, count);
  return (RunetBlandAltman){
      .count = spread.count,
      .left_out = spread.left_out,
      .bias = spread.mean,
      .sd = spread.sd,
      .lower = spread.mean - RUNET_AGREEMENT_SDS * spread.sd,
      .upper = spread.mean + RUNET_AGREEMENT_SDS * spread.sd,
  };
}

RunetLine
runet_line_fit (const double *x, const double *y, gsize count) {
  RunetLine line = {.slope = NAN, .intercept = NAN, .r = NAN};
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
  for (gsize i = 0; i < count; i++) {
    if (!isfinite (x[i]) || !isfinite (y[i]))
      continue;
    line.count++;
    mean_x += (x[i] - mean_x) / (double)line.count;
    mean_y += (y[i] - mean_y) / (double)line.count;
  }
  line.left_out = count - line.count;
  for (gsize i = 0; i < count; i++) {
    if (!isfinite (x[i]) || !isfinite (y[i]))
      continue;
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  if (line.count < 2 || xx <= 0)
    return line;
  line.slope = xy / xx;
  line.intercept = mean_y - line.slope * mean_x;
  if (yy > 0)
    line.r = CLAMP (xy / sqrt (xx * yy), -1, 1);
  return line;
}
