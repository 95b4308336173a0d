/* Contours: closed, of the right length and area, where the level is, and near the pixel edges. */
#include "core/shape/contour.h"

#include <math.h>
#include <string.h>

static const RunetPoint *
get_points (const RunetContour *contour) {
  return (const RunetPoint *)(const void *)contour->points->data;
}

/* Positive when it runs clockwise on the screen. */
static double
get_area (const RunetContour *contour) {
  const RunetPoint *p = get_points (contour);
  guint n = contour->points->len;
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += p[i].x * p[(i + 1) % n].y - p[(i + 1) % n].x * p[i].y;
  return sum / 2;
}

/* Level lines of the distance to a point are circles around it. */
static void
test_circle (void) {
  const gsize w = 90, h = 80;
  const double cx = 41.3, cy = 38.8, radius = 25.2;
  g_autofree float *field = g_new (float, w *h);
  for (gsize i = 0; i < w * h; i++)
    field[i] = (float)-hypot ((double)(i % w) + 0.5 - cx, (double)(i / w) + 0.5 - cy);
  g_autoptr (GPtrArray) contours =
      runet_contours_of_field (field, w, h, (float)-radius);
  g_assert_cmpuint (contours->len, ==, 1);
  const RunetContour *contour = g_ptr_array_index (contours, 0);
  g_assert_true (contour->closed);
  for (guint i = 0; i < contour->points->len; i++) {
    RunetPoint p = get_points (contour)[i];
    g_assert_cmpfloat_with_epsilon (hypot (p.x - cx, p.y - cy), radius, 0.01);
  }
  g_assert_cmpfloat_with_epsilon (runet_contour_get_length (contour), 2 * G_PI * radius,
                                  0.2);
  g_assert_cmpfloat_with_epsilon (get_area (contour), G_PI * radius * radius, 1);
}

/* The longest first; a hole runs the other way round. */
static void
test_order (void) {
  const gsize w = 30, h = 30;
  g_autofree float *field = g_new0 (float, w *h);
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++) {
      gboolean small = x >= 2 && x < 5 && y >= 1 && y < 4;
      gboolean ring = x >= 8 && x < 28 && y >= 6 && y < 26 &&
                      !(x >= 12 && x < 22 && y >= 12 && y < 20);
      field[y * w + x] = small || ring;
    }
  g_autoptr (GPtrArray) contours = runet_contours_of_field (field, w, h, 0.5f);
  g_assert_cmpuint (contours->len, ==, 3);
  double area[3];
  for (guint i = 0; i < 3; i++)
    area[i] = get_area (g_ptr_array_index (contours, i));
  /* Each corner of a rectangle is cut by a triangle of 1/8. */
  g_assert_cmpfloat_with_epsilon (area[0], 400 - 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (area[1], -(80 - 0.5), 1e-9);
  g_assert_cmpfloat_with_epsilon (area[2], 9 - 0.5, 1e-9);
}

/* What reaches the edge of the image is closed along it. */
static void
test_full (void) {
  float field[12];
  for (gsize i = 0; i < 12; i++)
    field[i] = 1;
  g_autoptr (GPtrArray) contours = runet_contours_of_field (field, 4, 3, 0.5f);
  g_assert_cmpuint (contours->len, ==, 1);
  const RunetContour *contour = g_ptr_array_index (contours, 0);
  g_assert_cmpfloat_with_epsilon (get_area (contour), 12 - 0.5, 1e-9);
  for (guint i = 0; i < contour->points->len; i++) {
    RunetPoint p = get_points (contour)[i];
    g_assert_true (p.x == 0 || p.x == 4 || p.y == 0 || p.y == 3);
  }
}

static void
test_empty (void) {
  const float field[4] = {0, NAN, -1, -INFINITY};
  const guint8 mask[4] = {0};
  g_autoptr (GPtrArray) a = runet_contours_of_field (field, 2, 2, 0.5f);
  g_autoptr (GPtrArray) b = runet_contours_of_mask (mask, 2, 2);
  g_assert_cmpuint (a->len, ==, 0);
  g_assert_cmpuint (b->len, ==, 0);
}

/* On noise, saddles and values at the level included: the lines cross the level between a pixel above
 * and one not above, once for each such pair of neighbours. */
static void
test_noise (void) {
  const gsize w = 33, h = 28;
  g_autoptr (GRand) random = g_rand_new_with_seed (41);
  g_autofree float *field = g_new (float, w *h);
  for (int round = 0; round < 10; round++) {
    gsize pairs = 0, crossings = 0;
    for (gsize i = 0; i < w * h; i++)
      field[i] = (float)g_rand_double (random);
    for (gsize y = 0; y <= h; y++)
      for (gsize x = 0; x <= w; x++) {
        gboolean here = x < w && y < h && field[y * w + x] > 0.5f;
        gboolean left = x > 0 && y < h && field[y * w + x - 1] > 0.5f;
        gboolean above = y > 0 && x < w && field[(y - 1) * w + x] > 0.5f;
        pairs += (gsize)(here != left) + (gsize)(here != above);
      }
    g_autoptr (GPtrArray) contours = runet_contours_of_field (field, w, h, 0.5f);
    for (guint k = 0; k < contours->len; k++) {
      const RunetContour *contour = g_ptr_array_index (contours, k);
      g_assert_cmpuint (contour->points->len, >=, 4);
      crossings += contour->points->len;
      if (k > 0)
        g_assert_cmpfloat (
            runet_contour_get_length (contour), <=,
            runet_contour_get_length (g_ptr_array_index (contours, k - 1)));
    }
    g_assert_cmpuint (crossings, ==, pairs);
  }
}

/* A value exactly at the level is not above it; repeated points are dropped. */
static void
test_at_level (void) {
  const float field[9] = {0.5f, 0.5f, 0.5f, 0.5f, 1, 0.5f, 0.5f, 0.5f, 0.5f};
  g_autoptr (GPtrArray) contours = runet_contours_of_field (field, 3, 3, 0.5f);
  g_assert_cmpuint (contours->len, ==, 1);
  g_assert_cmpfloat_with_epsilon (get_area (g_ptr_array_index (contours, 0)), 2, 1e-9);
}

/* Distance of a point to the nearest edge between a pixel of the mask and one that is not. */
static double
distance_to_edges (const guint8 *mask, gsize w, gsize h, RunetPoint p) {
  double nearest = INFINITY;
  for (gsize y = 0; y <= h; y++)
    for (gsize x = 0; x <= w; x++) {
      guint8 here = x < w && y < h && mask[y * w + x];
      guint8 left = x > 0 && y < h && mask[y * w + x - 1];
      guint8 above = y > 0 && x < w && mask[(y - 1) * w + x];
      double dx = p.x - (double)x, dy = p.y - (double)y;
      if (here != left)
        nearest = MIN (nearest, hypot (dx, dy - CLAMP (dy, 0.0, 1.0)));
      if (here != above)
        nearest = MIN (nearest, hypot (dx - CLAMP (dx, 0.0, 1.0), dy));
    }
  return nearest;
}

/* The drawn line, between its points too, is never more than half a pixel from the pixel edges. */
static void
test_mask (void) {
  const gsize w = 40, h = 36;
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  g_autofree guint8 *mask = g_new (guint8, w * h);
  for (int round = 0; round < 3; round++) {
    double cx = g_rand_double_range (random, 10, 30), wave = 0.2 * round;
    for (gsize i = 0; i < w * h; i++) {
      double x = (double)(i % w) + 0.5 - cx, y = (double)(i / w) + 0.5 - 18;
      double r = 11 * (1 + wave * cos (5 * atan2 (y, x)));
      mask[i] = round == 2 ? g_rand_boolean (random) : hypot (x, y) < r;
    }
    g_autoptr (GPtrArray) contours = runet_contours_of_mask (mask, w, h);
    g_assert_cmpuint (contours->len, >=, 1);
    for (guint k = 0; k < contours->len; k++) {
      const RunetContour *contour = g_ptr_array_index (contours, k);
      const RunetPoint *p = get_points (contour);
      guint n = contour->points->len;
      for (guint i = 0; i < 4 * n; i++) {
        const RunetPoint *a = &p[i / 4], *b = &p[(i / 4 + 1) % n];
        double t = (i % 4) / 4.0;
        RunetPoint at = {a->x + t * (b->x - a->x), a->y + t * (b->y - a->y)};
        g_assert_cmpfloat (distance_to_edges (mask, w, h, at), <=, 0.5 + 1e-9);
      }
    }
  }
}

/* Smoothing takes the stairs off a disc: shorter than the raw line, of nearly the same area. */
static void
test_smoothing (void) {
  const gsize n = 100;
  const double radius = 40;
  g_autofree guint8 *mask = g_new (guint8, n * n);
  g_autofree float *field = g_new (float, n *n);
  for (gsize i = 0; i < n * n; i++) {
    double r = hypot ((double)(i % n) + 0.5 - 50, (double)(i / n) + 0.5 - 50);
    field[i] = mask[i] = r < radius;
  }
  g_autoptr (GPtrArray) raw = runet_contours_of_field (field, n, n, 0.5f);
  g_autoptr (GPtrArray) smooth = runet_contours_of_mask (mask, n, n);
  g_assert_cmpuint (smooth->len, ==, 1);
  double before = runet_contour_get_length (g_ptr_array_index (raw, 0));
  double after = runet_contour_get_length (g_ptr_array_index (smooth, 0));
  g_assert_cmpfloat (after, <, before);
  g_assert_cmpfloat_with_epsilon (after, 2 * G_PI * radius, 0.02 * 2 * G_PI * radius);
  g_assert_cmpfloat_with_epsilon (get_area (g_ptr_array_index (smooth, 0)),
                                  G_PI * radius * radius,
                                  0.01 * G_PI * radius * radius);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contour/field/circle", test_circle);
  g_test_add_func ("/contour/field/order", test_order);
  g_test_add_func ("/contour/field/full", test_full);
  g_test_add_func ("/contour/field/noise", test_noise);
  g_test_add_func ("/contour/field/at-level", test_at_level);
  g_test_add_func ("/contour/empty", test_empty);
  g_test_add_func ("/contour/mask/near-pixel-edges", test_mask);
  g_test_add_func ("/contour/mask/smoothing", test_smoothing);
  return g_test_run ();
}
