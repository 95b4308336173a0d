/* The scale of an axis: from which value to which, with ticks at 1, 2 or 5 times a power of ten. */
#include "chart-scale.h"

#include <math.h>

/* Beyond it ticks would be too many to count, or steps too small to add. */
#define LARGEST 1e15
/* A value this part of a step beyond a tick still lies on it: 0.1 + 0.2 is 0.3. */
#define SLACK 1e-9
#define MOST_DECIMALS 9

static double
choose_step (double span, guint most) {
  static const double nice[] = {1, 2, 5, 10};
  const double least = span / most;
  const double power = pow (10, floor (log10 (least)));
  for (guint i = 0; i < G_N_ELEMENTS (nice) - 1; i++)
    if (nice[i] * power >= least * (1 - SLACK))
      return nice[i] * power;
  return 10 * power;
}

static int
count_decimals (double step) {
  const int decimals = (int)ceil (-log10 (step) - SLACK);
  return CLAMP (decimals, 0, MOST_DECIMALS);
}

RunetScale
runet_scale_fit (double low, double high, guint most) {
  if (!isfinite (low) || !isfinite (high) || fabs (low) > LARGEST ||
      fabs (high) > LARGEST) {
    low = 0;
    high = 1;
  }
  if (low > high) {
    const double swapped = low;
    low = high;
    high = swapped;
  }
  if (high - low < 1e-9 * MAX (1, fabs (high))) {
    const double margin = high == 0 ? 1 : 0.1 * fabs (high);
    low -= margin;
    high += margin;
  }
  most = MAX (most, 1);
  RunetScale scale = {.step = choose_step (high - low, most)};
  /* Both ends go out to a tick, which may take one step more than asked for: then larger ones. */
  for (;;) {
    scale.low = floor (low / scale.step + SLACK) * scale.step;
    scale.high = ceil (high / scale.step - SLACK) * scale.step;
    if (runet_scale_count (&scale) - 1 <= MAX (most, 2))
      break;
    scale.step = choose_step (scale.step * 1.01, 1);
  }
  scale.decimals = count_decimals (scale.step);
  return scale;
}

guint
runet_scale_count (const RunetScale *scale) {
  return (guint)lrint ((scale->high - scale->low) / scale->step) + 1;
}

double
runet_scale_get (const RunetScale *scale, guint tick) {
  const double value = scale->low + tick * scale->step;
  /* No "−0". */
  return fabs (value) < SLACK * scale->step ? 0 : value;
}

char *
runet_scale_format (double value, int decimals) {
  if (!isfinite (value))
    return g_strdup ("–");
  const double rounded = round (value * pow (10, decimals)) / pow (10, decimals);
  g_autofree char *text = g_strdup_printf ("%.*f", decimals, fabs (rounded));
  return rounded < 0 ? g_strconcat ("−", text, NULL) : g_steal_pointer (&text);
}
