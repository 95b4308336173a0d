/* Open splines: through their points, straight where these are, lengths against circles, nearest points against
 * a naive search. */
#include "core/shape/spline.h"

#include <math.h>

static void
fill_circle (RunetPoint *points, gsize count, double radius, double turn) {
  for (gsize i = 0; i < count; i++) {
    const double angle = turn * (double)i / (double)(count - 1);
    points[i] = (RunetPoint){50 + radius * cos (angle), 40 + radius * sin (angle)};
  }
}

static void
assert_point (RunetPoint a, RunetPoint b, double tolerance) {
  g_assert_cmpfloat (fabs (a.x - b.x), <=, tolerance);
  g_assert_cmpfloat (fabs (a.y - b.y), <=, tolerance);
}

static void
test_through_points (void) {
  RunetPoint points[7];
  fill_circle (points, 7, 10, 4);
  for (gsize i = 0; i < 7; i++)
    assert_point (runet_spline_at (points, 7, (double)i), points[i], 0);
  assert_point (runet_spline_at (points, 7, -3), points[0], 0);
  assert_point (runet_spline_at (points, 7, 99), points[6], 0);
  assert_point (runet_spline_at (points, 7, NAN), points[0], 0);
  assert_point (runet_spline_at (points, 1, 0.5), points[0], 0);
}

/* By the textbook's matrix of Catmull–Rom, with the points beyond the ends mirrored. */
static void
test_formula (void) {
  RunetPoint points[5] = {{0, 0}, {3, 1}, {4, 6}, {9, 5}, {7, -2}};
  for (int k = 0; k <= 400; k++) {
    const double t = k / 100.0;
    const int i = MIN ((int)t, 3);
    const double u = t - i;
    double y[4];
    for (int j = -1; j < 3; j++)
      y[j + 1] = i + j < 0   ? 2 * points[0].y - points[1].y
                 : i + j > 4 ? 2 * points[4].y - points[3].y
                             : points[i + j].y;
    const double expected = 0.5 * (2 * y[1] + (y[2] - y[0]) * u +
                                   (2 * y[0] - 5 * y[1] + 4 * y[2] - y[3]) * u * u +
                                   (3 * y[1] - y[0] - 3 * y[2] + y[3]) * u * u * u);
    g_assert_cmpfloat_with_epsilon (runet_spline_at (points, 5, t).y, expected, 1e-12);
  }
}

static void
test_line (void) {
  const RunetPoint points[4] = {{0, 0}, {10, 5}, {20, 10}, {30, 15}};
  assert_point (runet_spline_at (points, 4, 1.3), (RunetPoint){13, 6.5}, 1e-12);
  /* 3 × 4 mm a pixel: 30 · 3 by 15 · 4. */
  g_assert_cmpfloat_with_epsilon (runet_spline_length_mm (points, 4, 0, 3, 3, 4),
                                  hypot (90, 60), 1e-9);
  g_assert_cmpfloat_with_epsilon (runet_spline_length_mm (points, 4, 2, 1, 3, 4),
                                  hypot (30, 20), 1e-9);
  g_assert_cmpfloat (runet_spline_length_mm (points, 4, 1, 1, 3, 4), ==, 0);
}

static void
test_circle (void) {
  RunetPoint points[25];
  fill_circle (points, 25, 20, G_PI);
  const double length = 20 * G_PI;
  g_assert_cmpfloat_with_epsilon (runet_spline_length_mm (points, 25, 0, 24, 1, 1),
                                  length, 1e-3 * length);
  for (int k = 0; k <= 240; k++) {
    const RunetPoint p = runet_spline_at (points, 25, k / 10.0);
    g_assert_cmpfloat_with_epsilon (hypot (p.x - 50, p.y - 40), 20, 0.03);
  }
  RunetPoint out[11];
  runet_spline_resample (points, 25, 0, 24, 1, 1, out, 11);
  assert_point (out[0], points[0], 0);
  assert_point (out[10], points[24], 0);
  for (int k = 1; k < 11; k++)
    g_assert_cmpfloat_with_epsilon (
        hypot (out[k].x - out[k - 1].x, out[k].y - out[k - 1].y), 40 * sin (G_PI / 20),
        5e-3);
}

static void
test_sample (void) {
  RunetPoint points[4];
  fill_circle (points, 4, 10, 2);
  g_autoptr (GArray) samples = runet_spline_sample (points, 4, 5);
  g_assert_cmpuint (samples->len, ==, 16);
  for (guint i = 0; i < 16; i++)
    assert_point (g_array_index (samples, RunetPoint, i),
                  runet_spline_at (points, 4, i / 5.0), 1e-9);
  g_autoptr (GArray) one = runet_spline_sample (points, 1, 5);
  g_assert_cmpuint (one->len, ==, 1);
}

static void
test_find (void) {
  RunetPoint points[6] = {{0, 0}, {1, 0}, {9, 3}, {12, 9}, {11, 10}, {4, 14}};
  const double whole = runet_spline_length_mm (points, 6, 0.5, 4.2, 0.5, 0.3);
  for (int k = 0; k <= 20; k++) {
    const double t = runet_spline_find (points, 6, 0.5, 4.2, k / 20.0, 0.5, 0.3);
    g_assert_cmpfloat_with_epsilon (
        runet_spline_length_mm (points, 6, 0.5, t, 0.5, 0.3), whole * k / 20.0,
        1e-3 * whole);
  }
  g_assert_cmpfloat (runet_spline_find (points, 6, 0.5, 4.2, -1, 1, 1), ==, 0.5);
  g_assert_cmpfloat (runet_spline_find (points, 6, 0.5, 4.2, 2, 1, 1), ==, 4.2);
}

static void
test_nearest (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (int round = 0; round < 200; round++) {
    RunetPoint points[9];
    for (int i = 0; i < 9; i++)
      points[i] =
          (RunetPoint){10 * i + g_rand_double (rand) * 8, g_rand_double (rand) * 30};
    const RunetPoint p = {g_rand_double (rand) * 100 - 10,
                          g_rand_double (rand) * 60 - 15};
    double distance, naive = G_MAXDOUBLE;
    const double t = runet_spline_nearest (points, 9, p, 0.4, 0.6, &distance);
    for (int k = 0; k <= 8000; k++) {
      const RunetPoint q = runet_spline_at (points, 9, k / 1000.0);
      naive = MIN (naive, hypot ((q.x - p.x) * 0.4, (q.y - p.y) * 0.6));
    }
    const RunetPoint at = runet_spline_at (points, 9, t);
    g_assert_cmpfloat_with_epsilon (hypot ((at.x - p.x) * 0.4, (at.y - p.y) * 0.6),
                                    distance, 1e-9);
    g_assert_cmpfloat (distance, <, naive + 0.01);
    g_assert_cmpfloat (distance, >, naive - 0.01);
  }
}

/* All points in one place, and a single one: no division by nothing. */
static void
test_degenerate (void) {
  const RunetPoint points[4] = {{3, 3}, {3, 3}, {3, 3}, {3, 3}};
  RunetPoint out[3];
  double distance;
  g_assert_cmpfloat (runet_spline_length_mm (points, 4, 0, 3, 1, 1), ==, 0);
  g_assert_true (isfinite (runet_spline_find (points, 4, 0, 3, 0.5, 1, 1)));
  runet_spline_resample (points, 4, 0, 3, 1, 1, out, 3);
  assert_point (out[1], points[0], 0);
  runet_spline_resample (points, 1, 0, 3, 1, 1, out, 3);
  assert_point (out[2], points[0], 0);
  runet_spline_nearest (points, 4, (RunetPoint){0, 7}, 1, 1, &distance);
  g_assert_cmpfloat (distance, ==, 5);
  g_assert_cmpfloat (
      runet_spline_nearest (points, 1, (RunetPoint){0, 7}, 1, 1, &distance), ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/spline/through-points", test_through_points);
  g_test_add_func ("/shape/spline/formula", test_formula);
  g_test_add_func ("/shape/spline/line", test_line);
  g_test_add_func ("/shape/spline/circle", test_circle);
  g_test_add_func ("/shape/spline/sample", test_sample);
  g_test_add_func ("/shape/spline/find", test_find);
  g_test_add_func ("/shape/spline/nearest", test_nearest);
  g_test_add_func ("/shape/spline/degenerate", test_degenerate);
  return g_test_run ();
}
