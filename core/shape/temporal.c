/* How far the left ventricle of one frame departs from the frames around it. */
#include "temporal.h"

#include <math.h>

/* Frames looked at on either side, and the fewest that say anything. */
#define REACH 2
#define FEWEST 2

/* Sorts @values; @count is at least 1. */
static double
take_median (double *values, guint count) {
  for (guint i = 1; i < count; i++)
    for (guint k = i; k > 0 && values[k - 1] > values[k]; k--) {
      const double swapped = values[k];
      values[k] = values[k - 1];
      values[k - 1] = swapped;
    }
  return count % 2 == 1 ? values[count / 2]
                        : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double
find_largest (const double *areas, guint count) {
  double largest = 0;
  for (guint i = 0; i < count; i++)
    if (isfinite (areas[i]))
      largest = fmax (largest, areas[i]);
  return largest;
}

void
runet_temporal_deviations (const double *areas, guint count, double *deviations) {
  g_return_if_fail (count == 0 || (areas != NULL && deviations != NULL));
  const double largest = find_largest (areas, count);
  for (guint i = 0; i < count; i++) {
    double around[2 * REACH];
    guint known = 0;
    const guint first = i < REACH ? 0 : i - REACH;
    const guint last = MIN (count - 1, i + REACH);
    for (guint k = first; k <= last; k++)
      if (k != i && isfinite (areas[k]))
        around[known++] = areas[k];
    deviations[i] = isfinite (areas[i]) && known >= FEWEST && largest > 0
                        ? fabs (areas[i] - take_median (around, known)) / largest
                        : NAN;
  }
}
