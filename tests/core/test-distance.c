/* Distances against the distance to every pixel, and the metrics of shapes with closed forms. */
#include "core/shape/distance.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  gsize width, height;
  double density;
  double dx, dy;
} Field;

static const Field fields[] = {
    {"sparse", 37, 29, 0.01, 0.308, 0.308},
    {"anisotropic", 45, 33, 0.02, 0.308, 0.154},
    {"stretched", 24, 51, 0.03, 0.1, 2.7},
    {"dense", 20, 20, 0.5, 1, 1},
    {"one-row", 60, 1, 0.1, 0.5, 2},
    {"one-column", 1, 60, 0.1, 0.5, 2},
    {"empty", 6, 8, 0.0, 1, 1},
    {"full", 6, 8, 1.0, 1, 1},
};

static guint8 *
random_mask (GRand *random, gsize pixels, double density) {
  guint8 *mask = g_new (guint8, pixels);
  for (gsize i = 0; i < pixels; i++)
    mask[i] = g_rand_double (random) < density;
  return mask;
}

static double
naive_distance (const guint8 *mask, const Field *field, gsize i) {
  double nearest = INFINITY;
  for (gsize j = 0; j < field->width * field->height; j++) {
    double x = (double)(i % field->width) - (double)(j % field->width);
    double y = (double)(i / field->width) - (double)(j / field->width);
    if (mask[j])
      nearest = MIN (nearest, hypot (x * field->dx, y * field->dy));
  }
  return nearest;
}

static void
test_transform (gconstpointer data) {
  const Field *field = data;
  gsize pixels = field->width * field->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (31);
  g_autofree float *distance = g_new (float, pixels);
  for (int round = 0; round < 4; round++) {
    g_autofree guint8 *mask = random_mask (random, pixels, field->density);
    runet_distance_transform (mask, field->width, field->height, field->dx, field->dy,
                              distance);
    for (gsize i = 0; i < pixels; i++) {
      double expected = naive_distance (mask, field, i);
      if (isinf (expected))
        g_assert_true (isinf (distance[i]));
      else
        g_assert_cmpfloat_with_epsilon (distance[i], expected, 1e-6 * (1 + expected));
    }
  }
}

/* Directed distance of the border of @a to that of @b: mean, and largest in *@largest. */
static double
naive_directed (const guint8 *a, const guint8 *b, const Field *field, double *largest) {
  gsize pixels = field->width * field->height, count = 0;
  g_autofree guint8 *from = g_new (guint8, pixels);
  g_autofree guint8 *to = g_new (guint8, pixels);
  runet_mask_border (a, field->width, field->height, from);
  runet_mask_border (b, field->width, field->height, to);
  double sum = 0;
  *largest = 0;
  for (gsize i = 0; i < pixels; i++)
    if (from[i]) {
      double distance = naive_distance (to, field, i);
      sum += distance;
      *largest = MAX (*largest, distance);
      count++;
    }
  return sum / (double)count;
}

static void
test_agreement (gconstpointer data) {
  const Field *field = data;
  gsize pixels = field->width * field->height, a = 0, b = 0, both = 0;
  g_autoptr (GRand) random = g_rand_new_with_seed (32);
  g_autofree guint8 *one = random_mask (random, pixels, field->density);
  g_autofree guint8 *two = random_mask (random, pixels, field->density);
  for (gsize i = 0; i < pixels; i++) {
    a += one[i];
    b += two[i];
    both += one[i] && two[i];
  }
  RunetAgreement found =
      runet_agreement (one, two, field->width, field->height, field->dx, field->dy);
  if (a == 0 || b == 0) {
    g_assert_cmpfloat (found.dice, ==, a == b);
    g_assert_true (isnan (found.mad_mm) && isnan (found.hd_mm) && isnan (found.hd_x));
    return;
  }
  double there, back;
  double mean = (naive_directed (one, two, field, &there) +
                 naive_directed (two, one, field, &back)) /
                2;
  g_assert_cmpfloat (found.dice, ==, 2.0 * (double)both / (double)(a + b));
  g_assert_cmpfloat_with_epsilon (found.mad_mm, mean, 1e-5);
  g_assert_cmpfloat_with_epsilon (found.hd_mm, MAX (there, back), 1e-5);
  /* The spot is a border pixel that far away. */
  gsize spot = (gsize)found.hd_y * field->width + (gsize)found.hd_x;
  double x = MAX (one[spot] ? naive_distance (two, field, spot) : 0,
                  two[spot] ? naive_distance (one, field, spot) : 0);
  g_assert_true (one[spot] || two[spot]);
  g_assert_cmpfloat (x, <=, found.hd_mm + 1e-5);
}

static void
draw_rectangle (guint8 *mask, gsize width, gsize x0, gsize y0, gsize x1, gsize y1) {
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++)
      mask[y * width + x] = 1;
}

/* Two equal rectangles side by side: HD is the shift in mm, whichever axis. */
static void
test_shifted (void) {
  const gsize w = 60, h = 50;
  g_autofree guint8 *a = g_new0 (guint8, w * h);
  g_autofree guint8 *b = g_new0 (guint8, w * h);
  g_autofree guint8 *c = g_new0 (guint8, w * h);
  draw_rectangle (a, w, 10, 10, 30, 25);
  draw_rectangle (b, w, 17, 10, 37, 25);
  draw_rectangle (c, w, 10, 14, 30, 29);
  RunetAgreement x = runet_agreement (a, b, w, h, 0.308, 0.154);
  RunetAgreement y = runet_agreement (a, c, w, h, 0.308, 0.154);
  g_assert_cmpfloat_with_epsilon (x.hd_mm, 7 * 0.308, 1e-6);
  g_assert_cmpfloat_with_epsilon (y.hd_mm, 4 * 0.154, 1e-6);
  g_assert_cmpfloat (x.dice, ==, 2.0 * 13 * 15 / (2 * 20 * 15));
  g_assert_true (x.hd_x == 10.5 || x.hd_x == 36.5);
  RunetAgreement same = runet_agreement (a, a, w, h, 0.308, 0.154);
  g_assert_cmpfloat (same.dice, ==, 1);
  g_assert_cmpfloat (same.mad_mm, ==, 0);
  g_assert_cmpfloat (same.hd_mm, ==, 0);
}

/* MAD is the mean of the two directed means, not of all border pixels together: one pixel against a
 * line of 11. */
static void
test_mean_of_means (void) {
  guint8 a[11] = {1}, b[11];
  memset (b, 1, sizeof b);
  RunetAgreement found = runet_agreement (a, b, 11, 1, 2, 1);
  g_assert_cmpfloat_with_epsilon (found.mad_mm, (0 + 10) / 2.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.hd_mm, 20, 1e-9);
  g_assert_cmpfloat (found.hd_x, ==, 10.5);
}

/* Concentric discs: every border is one ring, so MAD and HD are the difference of the radii. */
static void
test_discs (void) {
  const gsize n = 200;
  g_autofree guint8 *a = g_new (guint8, n * n);
  g_autofree guint8 *b = g_new (guint8, n * n);
  for (gsize i = 0; i < n * n; i++) {
    double r = hypot ((double)(i % n) + 0.5 - 100, (double)(i / n) + 0.5 - 100);
    a[i] = r < 50;
    b[i] = r < 80;
  }
  RunetAgreement found = runet_agreement (a, b, n, n, 0.5, 0.5);
  g_assert_cmpfloat_with_epsilon (found.mad_mm, 15, 0.3);
  g_assert_cmpfloat_with_epsilon (found.hd_mm, 15, 0.6);
  g_assert_cmpfloat_with_epsilon (found.dice, 2.0 * 2500 / (2500 + 6400), 5e-3);
}

/* Masks that fill the image or touch its edge: the edge counts as border. */
static void
test_edge (void) {
  guint8 full[42], part[42] = {0};
  memset (full, 1, sizeof full);
  draw_rectangle (part, 7, 0, 0, 3, 6);
  RunetAgreement found = runet_agreement (full, part, 7, 6, 1, 1);
  g_assert_cmpfloat (found.hd_mm, ==, 4);
  g_assert_cmpfloat (found.dice, ==, 2.0 * 18 / (42 + 18));
}

static void
test_unknown_spacing (void) {
  guint8 one[4] = {1, 1, 0, 0};
  RunetAgreement found = runet_agreement (one, one, 2, 2, NAN, NAN);
  g_assert_cmpfloat (found.dice, ==, 1);
  g_assert_true (isnan (found.mad_mm) && isnan (found.hd_mm));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree char *a = g_strdup_printf ("/distance/transform/%s", fields[i].name);
    g_autofree char *b = g_strdup_printf ("/distance/agreement/%s", fields[i].name);
    g_test_add_data_func (a, &fields[i], test_transform);
    g_test_add_data_func (b, &fields[i], test_agreement);
  }
  g_test_add_func ("/distance/agreement/shifted", test_shifted);
  g_test_add_func ("/distance/agreement/mean-of-means", test_mean_of_means);
  g_test_add_func ("/distance/agreement/discs", test_discs);
  g_test_add_func ("/distance/agreement/edge", test_edge);
  g_test_add_func ("/distance/agreement/unknown-spacing", test_unknown_spacing);
  return g_test_run ();
}
