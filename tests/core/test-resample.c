/* Resampling against naive formulas: identity, no shift, argmax of interpolated probabilities. */
#include "core/segmentation/resample.h"

#include <math.h>

static float *
random_field (GRand *random, gsize count) {
  float *field = g_new (float, count);
  for (gsize i = 0; i < count; i++)
    field[i] = (float)g_rand_double (random);
  return field;
}

/* The definition, one pixel at a time in double. */
static double
sample (const float *from,
        gsize channels,
        gsize c,
        gsize w,
        gsize h,
        double x,
        double y) {
  x = CLAMP (x, 0, (double)(w - 1));
  y = CLAMP (y, 0, (double)(h - 1));
  gsize x0 = (gsize)floor (x), y0 = (gsize)floor (y);
  gsize x1 = MIN (x0 + 1, w - 1), y1 = MIN (y0 + 1, h - 1);
  double u = x - (double)x0, v = y - (double)y0;
  return (1 - v) * ((1 - u) * (double)from[(y0 * w + x0) * channels + c] +
                    u * (double)from[(y0 * w + x1) * channels + c]) +
         v * ((1 - u) * (double)from[(y1 * w + x0) * channels + c] +
              u * (double)from[(y1 * w + x1) * channels + c]);
}

static double
position (gsize i, gsize from, gsize to) {
  return ((double)i + 0.5) * (double)from / (double)to - 0.5;
}

typedef struct {
  const char *name;
  gsize from_width, from_height, to_width, to_height;
} Sizes;

static const Sizes sizes[] = {
    {"identity", 17, 9, 17, 9},     {"up", 16, 16, 61, 83},
    {"down", 61, 83, 16, 16},       {"mixed", 40, 7, 9, 30},
    {"single-pixel", 1, 1, 5, 4},   {"to-single-pixel", 6, 5, 1, 1},
    {"single-column", 1, 9, 13, 4},
};

static void
test_bilinear (gconstpointer data) {
  const Sizes *s = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree float *from = random_field (random, s->from_width * s->from_height);
  g_autofree float *to = g_new (float, s->to_width * s->to_height);
  runet_resample_bilinear (from, s->from_width, s->from_height, to, s->to_width,
                           s->to_height, 0.25f);
  for (gsize y = 0; y < s->to_height; y++)
    for (gsize x = 0; x < s->to_width; x++) {
      double expected = sample (from, 1, 0, s->from_width, s->from_height,
                                position (x, s->from_width, s->to_width),
                                position (y, s->from_height, s->to_height));
      g_assert_cmpfloat_with_epsilon (to[y * s->to_width + x], 0.25 * expected, 1e-6);
    }
}

static void
test_argmax (gconstpointer data) {
  const Sizes *s = data;
  const gsize classes = 4;
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  g_autofree float *from =
      random_field (random, s->from_width * s->from_height * classes);
  gsize area = s->to_width * s->to_height;
  g_autofree guint8 *labels = g_new (guint8, area);
  g_autofree float *planes = g_new (float, classes *area);
  runet_resample_argmax (from, classes, s->from_width, s->from_height, labels,
                         s->to_width, s->to_height);
  runet_resample_planes (from, classes, s->from_width, s->from_height, planes,
                         s->to_width, s->to_height);
  for (gsize i = 0; i < area; i++) {
    double x = position (i % s->to_width, s->from_width, s->to_width);
    double y = position (i / s->to_width, s->from_height, s->to_height);
    double chosen =
        sample (from, classes, labels[i], s->from_width, s->from_height, x, y);
    for (gsize c = 0; c < classes; c++) {
      double value = sample (from, classes, c, s->from_width, s->from_height, x, y);
      g_assert_cmpfloat_with_epsilon (planes[c * area + i], value, 1e-6);
      g_assert_cmpfloat (value, <=, chosen + 1e-6);
      g_assert_cmpfloat (planes[c * area + i], <=, planes[labels[i] * area + i]);
    }
  }
}

static void
test_identity (void) {
  const gsize w = 37, h = 23;
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autofree float *from = random_field (random, w * h);
  g_autofree float *to = g_new (float, w *h);
  runet_resample_bilinear (from, w, h, to, w, h, 1);
  g_assert_cmpmem (from, w * h * sizeof *from, to, w * h * sizeof *to);

  g_autofree guint8 *labels = g_new (guint8, w * h);
  g_autofree guint8 *again = g_new (guint8, w * h);
  g_autofree float *one_hot = g_new0 (float, w *h * 4);
  for (gsize i = 0; i < w * h; i++) {
    labels[i] = (guint8)g_rand_int_range (random, 0, 4);
    one_hot[4 * i + labels[i]] = 1;
  }
  runet_resample_nearest (labels, w, h, again, w, h);
  g_assert_cmpmem (labels, w * h, again, w * h);
  runet_resample_argmax (one_hot, 4, w, h, again, w, h);
  g_assert_cmpmem (labels, w * h, again, w * h);
}

static void
centroid (const guint8 *labels, gsize w, gsize h, double *x, double *y, double *area) {
  *x = *y = *area = 0;
  for (gsize i = 0; i < w * h; i++)
    if (labels[i] != 0) {
      *x += (double)(i % w) + 0.5;
      *y += (double)(i / w) + 0.5;
      *area += 1;
    }
  *x /= *area * (double)w;
  *y /= *area * (double)h;
}

/* A disc off the centre keeps its place and its share of the image through both grids. */
static void
test_unbiased (void) {
  const gsize n = 64, w = 301, h = 403;
  g_autofree float *probabilities = g_new0 (float, n *n * 2);
  g_autofree guint8 *small = g_new0 (guint8, n * n);
  g_autofree guint8 *large = g_new0 (guint8, w * h);
  for (gsize i = 0; i < n * n; i++) {
    double x = (double)(i % n) + 0.5 - 28, y = (double)(i / n) + 0.5 - 36;
    small[i] = hypot (x, y) < 15;
    probabilities[2 * i] = small[i] ? 0 : 1;
    probabilities[2 * i + 1] = small[i];
  }
  double x0, y0, a0, x1, y1, a1;
  centroid (small, n, n, &x0, &y0, &a0);
  runet_resample_argmax (probabilities, 2, n, n, large, w, h);
  centroid (large, w, h, &x1, &y1, &a1);
  g_assert_cmpfloat_with_epsilon (x0, x1, 0.1 / 64);
  g_assert_cmpfloat_with_epsilon (y0, y1, 0.1 / 64);
  g_assert_cmpfloat_with_epsilon (a0 / (double)(n * n), a1 / (double)(w * h), 3e-3);

  runet_resample_nearest (large, w, h, small, n, n);
  centroid (small, n, n, &x0, &y0, &a0);
  g_assert_cmpfloat_with_epsilon (x0, x1, 0.1 / 64);
  g_assert_cmpfloat_with_epsilon (y0, y1, 0.1 / 64);
}

/* A mirrored image resamples to the mirrored result: neither side is preferred. */
static void
test_mirror (void) {
  const gsize w = 50, h = 3, n = 21;
  g_autoptr (GRand) random = g_rand_new_with_seed (10);
  g_autofree float *from = random_field (random, w * h);
  g_autofree float *mirrored = g_new (float, w *h);
  g_autofree float *a = g_new (float, n *h);
  g_autofree float *b = g_new (float, n *h);
  for (gsize i = 0; i < w * h; i++)
    mirrored[i / w * w + (w - 1 - i % w)] = from[i];
  runet_resample_bilinear (from, w, h, a, n, h, 1);
  runet_resample_bilinear (mirrored, w, h, b, n, h, 1);
  for (gsize i = 0; i < n * h; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i / n * n + (n - 1 - i % n)], 1e-5);
}

static void
test_nearest (void) {
  const guint8 from[6] = {0, 1, 2, 3, 0, 1};
  guint8 to[24];
  runet_resample_nearest (from, 3, 2, to, 6, 4);
  for (gsize i = 0; i < 24; i++)
    g_assert_cmpuint (to[i], ==, from[i / 6 / 2 * 3 + i % 6 / 2]);
  runet_resample_nearest (from, 6, 1, to, 2, 1);
  g_assert_cmpuint (to[0], ==, from[1]);
  g_assert_cmpuint (to[1], ==, from[4]);
}

/* Equal probabilities: the lowest class. */
static void
test_ties (void) {
  const float from[4] = {0.25f, 0.25f, 0.25f, 0.25f};
  guint8 label = 9;
  runet_resample_argmax (from, 4, 1, 1, &label, 1, 1);
  g_assert_cmpuint (label, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *a = g_strdup_printf ("/resample/bilinear/%s", sizes[i].name);
    g_autofree char *b = g_strdup_printf ("/resample/argmax/%s", sizes[i].name);
    g_test_add_data_func (a, &sizes[i], test_bilinear);
    g_test_add_data_func (b, &sizes[i], test_argmax);
  }
  g_test_add_func ("/resample/identity", test_identity);
  g_test_add_func ("/resample/unbiased", test_unbiased);
  g_test_add_func ("/resample/mirror", test_mirror);
  g_test_add_func ("/resample/nearest/doubling", test_nearest);
  g_test_add_func ("/resample/argmax/ties", test_ties);
  return g_test_run ();
}
