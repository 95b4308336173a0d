/* The scales of charts: which ticks an axis has, and what they say. */
#include <math.h>

#include "ui/chart-scale.h"

static void
assert_scale (double low,
              double high,
              guint most,
              double first,
              double last,
              double step) {
  const RunetScale scale = runet_scale_fit (low, high, most);
  g_assert_cmpfloat_with_epsilon (scale.low, first, 1e-9 * step);
  g_assert_cmpfloat_with_epsilon (scale.high, last, 1e-9 * step);
  g_assert_cmpfloat_with_epsilon (scale.step, step, 1e-9 * step);
}

static void
test_scale (void) {
  assert_scale (0, 100, 5, 0, 100, 20);
  assert_scale (0, 100, 10, 0, 100, 10);
  assert_scale (3, 97, 5, 0, 100, 20);
  assert_scale (-7.2, 12.9, 5, -10, 15, 5);
  assert_scale (0.82, 0.97, 4, 0.8, 1, 0.05);
  assert_scale (0.1 + 0.2, 0.9, 4, 0.2, 1, 0.2);
  assert_scale (0.3, 0.9, 3, 0, 1, 0.5);
  assert_scale (1e-6, 5e-6, 4, 1e-6, 5e-6, 1e-6);
  assert_scale (5, 0, 5, 0, 5, 1);
}

/* What has no extent, or is no number, still gets an axis. */
static void
test_scale_odd (void) {
  const RunetScale same = runet_scale_fit (50, 50, 5);
  g_assert_cmpfloat (same.low, <, 50);
  g_assert_cmpfloat (same.high, >, 50);
  assert_scale (0, 0, 4, -1, 1, 0.5);
  assert_scale (NAN, NAN, 5, 0, 1, 0.2);
  assert_scale (-INFINITY, INFINITY, 5, 0, 1, 0.2);
  for (guint most = 0; most < 12; most++)
    for (double high = 0.013; high < 1e6; high *= 3.7) {
      const RunetScale scale = runet_scale_fit (-high / 3, high, most);
      g_assert_cmpfloat (scale.low, <=, -high / 3 + 1e-9 * scale.step);
      g_assert_cmpfloat (scale.high, >=, high - 1e-9 * scale.step);
      g_assert_cmpuint (runet_scale_count (&scale), <=, MAX (most, 2) + 1);
    }
}

static void
assert_text (double value, int decimals, const char *expected) {
  g_autofree char *text = runet_scale_format (value, decimals);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_scale_text (void) {
  const RunetScale scale = runet_scale_fit (0.82, 0.97, 4);
  g_assert_cmpint (scale.decimals, ==, 2);
  assert_text (runet_scale_get (&scale, 1), scale.decimals, "0.85");
  assert_text (-12.34, 1, "−12.3");
  assert_text (-0.04, 1, "0.0");
  assert_text (1500, 0, "1500");
  assert_text (NAN, 1, "–");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/chart/scale", test_scale);
  g_test_add_func ("/ui/chart/scale/odd", test_scale_odd);
  g_test_add_func ("/ui/chart/scale/text", test_scale_text);
  return g_test_run ();
}
