/* Statistics against figures worked out by hand, and what is said of values that are no numbers. */
#include "core/shape/statistics.h"

#include <math.h>

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-12)

static void
test_spread (void) {
  const double values[] = {2, 4, NAN, 4, 4, 5, 5, 7, 9, INFINITY, -INFINITY};
  const RunetSpread spread = runet_spread_compute (values, G_N_ELEMENTS (values));
  g_assert_cmpuint (spread.count, ==, 8);
  g_assert_cmpuint (spread.left_out, ==, 3);
  assert_near (spread.mean, 5);
  assert_near (spread.sd, sqrt (32.0 / 7));
  assert_near (spread.minimum, 2);
  assert_near (spread.maximum, 9);

  const RunetSpread one = runet_spread_compute (values, 1);
  assert_near (one.mean, 2);
  g_assert_true (isnan (one.sd));
  const RunetSpread none = runet_spread_compute (values + 2, 1);
  g_assert_cmpuint (none.count, ==, 0);
  g_assert_cmpuint (none.left_out, ==, 1);
  g_assert_true (isnan (none.mean) && isnan (none.sd) && isnan (none.minimum));
}

/* A spread that is tiny beside the mean keeps its digits. */
static void
test_spread_far_from_zero (void) {
  const double values[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
  g_assert_cmpfloat_with_epsilon (runet_spread_compute (values, 3).sd, 1, 1e-9);
}

/* Definition 7: what R's quantile() and NumPy give by default. */
static void
test_quantile (void) {
  const double four[] = {1, 2, 3, 4}, five[] = {10, 20, 30, 40, 100};
  assert_near (runet_quantile (four, 4, 0.25), 1.75);
  assert_near (runet_quantile (four, 4, 0.5), 2.5);
  assert_near (runet_quantile (four, 4, 0.75), 3.25);
  assert_near (runet_quantile (five, 5, 0.25), 20);
  assert_near (runet_quantile (five, 5, 0.9), 76);
  assert_near (runet_quantile (five, 5, 0), 10);
  assert_near (runet_quantile (five, 5, 1), 100);
  assert_near (runet_quantile (five, 1, 0.75), 10);
  g_assert_true (isnan (runet_quantile (five, 0, 0.5)));
}

static void
test_box (void) {
  const double values[] = {30, NAN, 1, 2, 3, 4, 5, 6, 7, 8, -20};
  g_autoptr (RunetBox) box = runet_box_new (values, G_N_ELEMENTS (values));
  g_assert_cmpuint (box->count, ==, 10);
  g_assert_cmpuint (box->left_out, ==, 1);
  assert_near (box->q1, 2.25);
  assert_near (box->median, 4.5);
  assert_near (box->q3, 6.75);
  assert_near (box->whisker[0], 1);
  assert_near (box->whisker[1], 8);
  g_assert_cmpuint (box->outliers->len, ==, 2);
  g_assert_cmpuint (g_array_index (box->outliers, gsize, 0), ==, 0);
  g_assert_cmpuint (g_array_index (box->outliers, gsize, 1), ==, 10);
}

/* A value exactly at 1.5 interquartile ranges is no outlier. */
static void
test_box_edges (void) {
  const double values[] = {0, 1, 2, 3, 6};
  g_autoptr (RunetBox) box = runet_box_new (values, 5);
  assert_near (box->q3, 3);
  assert_near (box->whisker[1], 6);
  g_assert_cmpuint (box->outliers->len, ==, 0);
  const double nothing[] = {NAN, NAN};
  g_autoptr (RunetBox) none = runet_box_new (nothing, 2);
  g_assert_cmpuint (none->count, ==, 0);
  g_assert_cmpuint (none->left_out, ==, 2);
  g_assert_true (isnan (none->median) && isnan (none->whisker[0]));
  g_autoptr (RunetBox) one = runet_box_new (values + 4, 1);
  assert_near (one->q1, 6);
  assert_near (one->whisker[0], 6);
  assert_near (one->whisker[1], 6);
}

static void
test_bland_altman (void) {
  const double model[] = {52, 61, NAN, 40, 33, 70};
  const double reference[] = {50, 60, 55, 43, NAN, 66};
  const RunetBlandAltman found = runet_bland_altman_compute (model, reference, 6);
  /* Differences 2, 1, −3, 4: mean 1, sum of squares 26. */
  g_assert_cmpuint (found.count, ==, 4);
  g_assert_cmpuint (found.left_out, ==, 2);
  assert_near (found.bias, 1);
  assert_near (found.sd, sqrt (26.0 / 3));
  assert_near (found.upper, 1 + 1.96 * sqrt (26.0 / 3));
  assert_near (found.lower, 1 - 1.96 * sqrt (26.0 / 3));
  const RunetBlandAltman one = runet_bland_altman_compute (model, reference, 1);
  assert_near (one.bias, 2);
  g_assert_true (isnan (one.lower));
}

static void
test_line (void) {
  const double x[] = {1, 2, NAN, 3, 4, 5}, y[] = {2, 4, 7, 5, 4, 5};
  const RunetLine line = runet_line_fit (x, y, 6);
  g_assert_cmpuint (line.count, ==, 5);
  g_assert_cmpuint (line.left_out, ==, 1);
  assert_near (line.slope, 0.6);
  assert_near (line.intercept, 2.2);
  assert_near (line.r, 6 / sqrt (10 * 6.0));
  const double falling[] = {8, 6, 0, 4, 2, 0};
  assert_near (runet_line_fit (x, falling, 6).r, -1);

  const double flat[] = {3, 3, 3};
  const RunetLine level = runet_line_fit (x, flat, 2);
  assert_near (level.slope, 0);
  g_assert_true (isnan (level.r));
  const RunetLine upright = runet_line_fit (flat, y, 3);
  g_assert_true (isnan (upright.slope) && isnan (upright.intercept) &&
                 isnan (upright.r));
  g_assert_true (isnan (runet_line_fit (x, y, 1).slope));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/statistics/spread", test_spread);
  g_test_add_func ("/shape/statistics/spread/far-from-zero", test_spread_far_from_zero);
  g_test_add_func ("/shape/statistics/quantile", test_quantile);
  g_test_add_func ("/shape/statistics/box", test_box);
  g_test_add_func ("/shape/statistics/box/edges", test_box_edges);
  g_test_add_func ("/shape/statistics/bland-altman", test_bland_altman);
  g_test_add_func ("/shape/statistics/line", test_line);
  return g_test_run ();
}
