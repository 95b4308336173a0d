/* Contours at the border of the region: which points touch it, and where most of them lie. */
#include "core/shape/touch.h"

#include <math.h>

#define W 60
#define H 50

/* LV in x0 … x1 - 1, y0 … y1 - 1. */
static void
draw_box (guint8 *labels, gsize x0, gsize y0, gsize x1, gsize y1, RunetLabel label) {
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++)
      labels[y * W + x] = (guint8)label;
}

/* m is 1 in columns from @first on, 0 before. */
static float *
make_region (gsize first) {
  float *region = g_new (float, W *H);
  for (gsize i = 0; i < W * H; i++)
    region[i] = i % W >= first ? 1 : 0;
  return region;
}

static RunetTouch
measure (gsize box_left, gsize region_first) {
  g_autofree guint8 *labels = g_malloc0 (W * H);
  draw_box (labels, box_left, 10, 40, 40, RUNET_LABEL_LV);
  g_autofree float *region = make_region (region_first);
  return runet_touch_measure (labels, region, W, H);
}

/* m crosses 0.5 at x = 10. A box from 12 on is two pixels away, one from 10 on is on it, and one from
 * 5 on has been cut. */
static void
test_distance (void) {
  RunetTouch clear = measure (12, 10), on = measure (10, 10), across = measure (5, 10);
  g_assert_cmpuint (clear.touching, ==, 0);
  g_assert_cmpuint (clear.points, >, 100);
  g_assert_true (isnan (clear.x) && isnan (clear.y));
  /* The left side, of 30 pixels: endo and the epi that is no more than the endo here. */
  g_assert_cmpuint (on.touching, >=, 2 * 28);
  g_assert_cmpuint (on.touching, <=, 2 * 34);
  g_assert_cmpfloat_with_epsilon (on.x, 10, 0.5);
  g_assert_cmpfloat_with_epsilon (on.y, 25, 2);
  g_assert_cmpint (on.structure, ==, RUNET_STRUCTURE_ENDO);
  g_assert_cmpuint (across.touching, >, on.touching);
}

/* Where the region goes on to the edge of the image, the edge is not its border. */
static void
test_image_edge (void) {
  g_autofree guint8 *labels = g_malloc0 (W * H);
  draw_box (labels, 0, 0, W, H, RUNET_LABEL_LV);
  g_autofree float *region = make_region (0);
  RunetTouch touch = runet_touch_measure (labels, region, W, H);
  g_assert_cmpuint (touch.points, >, 0);
  g_assert_cmpuint (touch.touching, ==, 0);
}

/* The one with the longest stretch is named. The atrium touches by a side of 16, the ventricle by 6. */
static void
test_structure (void) {
  g_autofree guint8 *labels = g_malloc0 (W * H);
  draw_box (labels, 10, 5, 30, 11, RUNET_LABEL_LV);
  draw_box (labels, 10, 25, 30, 41, RUNET_LABEL_LA);
  g_autofree float *region = make_region (10);
  RunetTouch touch = runet_touch_measure (labels, region, W, H);
  g_assert_cmpint (touch.structure, ==, RUNET_STRUCTURE_LA);
  g_assert_cmpfloat_with_epsilon (touch.y, 33, 2);
}

static void
test_outside (void) {
  g_autofree guint8 *labels = g_malloc0 (W * H);
  draw_box (labels, 10, 10, 20, 20, RUNET_LABEL_LA);
  g_autofree float *region = make_region (W);
  RunetTouch touch = runet_touch_measure (labels, region, W, H);
  g_assert_cmpuint (touch.touching, ==, touch.points);
  g_assert_cmpint (touch.structure, ==, RUNET_STRUCTURE_LA);
  g_assert_true (isfinite (touch.x) && isfinite (touch.y));
}

static void
test_nothing (void) {
  g_autofree guint8 *labels = g_malloc0 (W * H);
  g_autofree float *region = make_region (10);
  RunetTouch touch = runet_touch_measure (labels, region, W, H);
  g_assert_cmpuint (touch.points, ==, 0);
  g_assert_cmpuint (touch.touching, ==, 0);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/touch/distance", test_distance);
  g_test_add_func ("/shape/touch/image-edge", test_image_edge);
  g_test_add_func ("/shape/touch/structure", test_structure);
  g_test_add_func ("/shape/touch/outside", test_outside);
  g_test_add_func ("/shape/touch/nothing", test_nothing);
  return g_test_run ();
}
