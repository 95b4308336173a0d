/* Departures of one frame from those around it: by hand, against a plain definition, and what is smooth. */
#include "core/shape/temporal.h"

#include <math.h>

static void
assert_deviations (const double *areas, guint count, const double *expected) {
  g_autofree double *found = g_new (double, count);
  runet_temporal_deviations (areas, count, found);
  for (guint i = 0; i < count; i++) {
    if (isnan (expected[i]))
      g_assert_true (isnan (found[i]));
    else
      g_assert_cmpfloat_with_epsilon (found[i], expected[i], 1e-12);
  }
}

static void
test_by_hand (void) {
  /* Frame 2: the median of 10, 9, 7, 6 is 8. Frame 1: of 10, 6, 7 it is 7. */
  const double areas[] = {10, 9, 6, 7, 6};
  const double expected[] = {0.25, 0.2, 0.2, 0.1, 0.05};
  assert_deviations (areas, 5, expected);
}

static void
test_missing (void) {
  const double areas[] = {NAN, 8, NAN, 6, 10};
  /* Frame 1 knows one other alone, frame 3 knows 8 and 10, frame 4 knows 6 alone. */
  const double expected[] = {NAN, NAN, NAN, 0.3, NAN};
  assert_deviations (areas, 5, expected);
  const double nothing[] = {NAN, NAN, NAN}, empty[] = {0, 0, 0};
  const double unknown[] = {NAN, NAN, NAN};
  assert_deviations (nothing, 3, unknown);
  assert_deviations (empty, 3, unknown);
  assert_deviations (expected, 1, unknown);
  runet_temporal_deviations (NULL, 0, NULL);
}

static int
compare_doubles (const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The definition, sorted by the library. */
static double
deviate (const double *areas, int count, int frame, double largest) {
  double around[4];
  guint known = 0;
  for (int k = frame - 2; k <= frame + 2; k++)
    if (k >= 0 && k < count && k != frame && !isnan (areas[k]))
      around[known++] = areas[k];
  if (isnan (areas[frame]) || known < 2)
    return NAN;
  qsort (around, known, sizeof *around, compare_doubles);
  const double median = (around[(known - 1) / 2] + around[known / 2]) / 2;
  return fabs (areas[frame] - median) / largest;
}

static void
test_at_random (void) {
  for (int round = 0; round < 200; round++) {
    const int count = g_test_rand_int_range (1, 12);
    double areas[12], expected[12], largest = 0;
    for (int i = 0; i < count; i++) {
      areas[i] =
          g_test_rand_int_range (0, 4) == 0 ? NAN : g_test_rand_double_range (1, 50);
      largest = fmax (largest, areas[i]);
    }
    for (int i = 0; i < count; i++)
      expected[i] = deviate (areas, count, i, largest);
    assert_deviations (areas, (guint)count, expected);
  }
}

/* A ventricle that closes from 1 to 1 − @fall as half a wave; returns the largest departure. */
static double
close_smoothly (guint frames, double fall, guint moved, double by) {
  g_autofree double *areas = g_new (double, frames);
  g_autofree double *found = g_new (double, frames);
  double most = 0;
  for (guint i = 0; i < frames; i++)
    areas[i] = 1 - fall / 2 * (1 - cos (G_PI * i / (frames - 1)));
  if (moved < frames)
    areas[moved] += by;
  runet_temporal_deviations (areas, frames, found);
  for (guint i = 0; i < frames; i++)
    most = fmax (most, found[i]);
  return most;
}

/* The area in one view falls by half when the ejection fraction is about 70 %: a heart that closes so over
 * ten frames, 200 ms at 50 Hz, is still smooth, and a frame that is off by a tenth is told. */
static void
test_limit (void) {
  g_assert_cmpfloat (close_smoothly (10, 0.5, G_MAXUINT, 0), <, RUNET_TEMPORAL_LIMIT);
  g_assert_cmpfloat (close_smoothly (20, 0.5, G_MAXUINT, 0), <, RUNET_TEMPORAL_LIMIT);
  for (guint moved = 0; moved < 20; moved++) {
    g_assert_cmpfloat (close_smoothly (20, 0.5, moved, 0.1), >, RUNET_TEMPORAL_LIMIT);
    g_assert_cmpfloat (close_smoothly (20, 0.5, moved, -0.1), >, RUNET_TEMPORAL_LIMIT);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/temporal/by-hand", test_by_hand);
  g_test_add_func ("/shape/temporal/missing", test_missing);
  g_test_add_func ("/shape/temporal/random", test_at_random);
  g_test_add_func ("/shape/temporal/limit", test_limit);
  return g_test_run ();
}
