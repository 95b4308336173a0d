/* The signed-rank test: published values, and a count of all signs one by one. */
#include "core/shape/wilcoxon.h"

#include <math.h>

/* Hollander & Wolfe, "Nonparametric Statistical Methods", 1973, p. 29: depression before and after a tranquilliser;
 * V = 40 and, one-sided, p = 0.01953. */
static void
test_hollander (void) {
  static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06,
                                 1.29,  1.06,  3.14,  1.29};
  RunetWilcoxon test = runet_wilcoxon_compute (before, after, G_N_ELEMENTS (before));
  g_assert_cmpuint (test.count, ==, 9);
  g_assert_cmpfloat (test.minus, ==, 40);
  g_assert_cmpfloat (test.plus, ==, 5);
  g_assert_true (test.exact);
  g_assert_cmpfloat_with_epsilon (test.p, 2 * 0.01953125, 1e-12);
}

/* Darwin's maize, as in Fisher's "The Design of Experiments", 1935, in eighths of an inch: smaller sum 24, p = 0.0413. */
static void
test_darwin (void) {
  static const double differences[] = {6,  8,   14, 16, 23, 24,  28, 29,
                                       41, -48, 49, 56, 60, -67, 75};
  static const double nothing[G_N_ELEMENTS (differences)] = {0};
  RunetWilcoxon test =
      runet_wilcoxon_compute (nothing, differences, G_N_ELEMENTS (differences));
  g_assert_cmpfloat (test.minus, ==, 24);
  g_assert_cmpfloat_with_epsilon (test.p, 0.041259765625, 1e-12);
}

/* @differences: none is zero. Ranks by counting, and all 2^n signs. */
static double
enumerate (const double *differences, guint count) {
  double ranks[16], plus = 0, total = 0;
  for (guint i = 0; i < count; i++) {
    guint below = 0, equal = 0;
    for (guint j = 0; j < count; j++) {
      below += fabs (differences[j]) < fabs (differences[i]);
      equal += fabs (differences[j]) == fabs (differences[i]);
    }
    ranks[i] = below + (equal + 1) / 2.0;
    total += ranks[i];
    plus += differences[i] > 0 ? ranks[i] : 0;
  }
  guint as_far = 0;
  for (guint signs = 0; signs < 1u << count; signs++) {
    double sum = 0;
    for (guint i = 0; i < count; i++)
      sum += signs >> i & 1 ? ranks[i] : 0;
    as_far += fabs (sum - total / 2) >= fabs (plus - total / 2);
  }
  return as_far / (double)(1u << count);
}

static void
test_enumeration (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  for (guint round = 0; round < 200; round++) {
    guint count = (guint)g_rand_int_range (random, 1, 12);
    double a[16], b[16], differences[16];
    for (guint i = 0; i < count; i++) {
      /* Small whole numbers, for many ties. */
      int size = g_rand_int_range (random, 1, round % 2 == 0 ? 4 : 1000);
      differences[i] = g_rand_boolean (random) ? size : -size;
      a[i] = g_rand_int_range (random, 0, 10);
      b[i] = a[i] + differences[i];
    }
    RunetWilcoxon test = runet_wilcoxon_compute (a, b, count);
    g_assert_cmpuint (test.count, ==, count);
    g_assert_cmpfloat (test.plus + test.minus, ==, count * (count + 1) / 2.0);
    g_assert_cmpfloat_with_epsilon (test.p, enumerate (differences, count), 1e-12);
  }
}

/* Pairs that do not differ, and those that are not numbers, are not there. */
static void
test_zeros (void) {
  const double a[] = {1, 2, 3, NAN, 5, 6, INFINITY}, b[] = {2, 2, 5, 1, 4, 9, 1};
  const double c[] = {1, 3, 5, 6}, d[] = {2, 5, 4, 9};
  RunetWilcoxon with = runet_wilcoxon_compute (a, b, G_N_ELEMENTS (a));
  RunetWilcoxon without = runet_wilcoxon_compute (c, d, G_N_ELEMENTS (c));
  g_assert_cmpuint (with.count, ==, 4);
  g_assert_cmpfloat (with.p, ==, without.p);
  g_assert_true (isnan (runet_wilcoxon_compute (a, a, 3).p));
  g_assert_true (isnan (runet_wilcoxon_compute (NULL, NULL, 0).p));
}

/* At the seam the normal distribution says nearly what counting does; further out, by its formula. */
static void
test_many (void) {
  double zero[60] = {0}, differences[60];
  for (guint i = 0; i < 60; i++)
    differences[i] = (i % 3 == 0 ? -1.0 : 1.0) * (i + 1);
  RunetWilcoxon exact =
      runet_wilcoxon_compute (zero, differences, RUNET_WILCOXON_EXACT);
  g_assert_true (exact.exact);
  double n = RUNET_WILCOXON_EXACT, mean = n * (n + 1) / 4;
  double sd = sqrt (n * (n + 1) * (2 * n + 1) / 24);
  double near = erfc ((fabs (exact.plus - mean) - 0.5) / sd / G_SQRT2);
  g_assert_cmpfloat_with_epsilon (exact.p, near, 0.006);

  RunetWilcoxon normal = runet_wilcoxon_compute (zero, differences, 60);
  g_assert_false (normal.exact);
  sd = sqrt (60 * 61 * 121 / 24.0);
  g_assert_cmpfloat_with_epsilon (
      normal.p, erfc ((fabs (normal.plus - 915) - 0.5) / sd / G_SQRT2), 1e-12);

  /* 60 equal differences, 35 of them positive: a sign test in disguise, with all the ties there can be. */
  for (guint i = 0; i < 60; i++)
    differences[i] = i < 35 ? 2 : -2;
  RunetWilcoxon tied = runet_wilcoxon_compute (zero, differences, 60);
  g_assert_cmpfloat (tied.plus, ==, 35 * 30.5);
  sd = 30.5 * sqrt (60) / 2;
  g_assert_cmpfloat_with_epsilon (tied.p, erfc ((5 * 30.5 - 0.5) / sd / G_SQRT2),
                                  1e-12);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/wilcoxon/hollander", test_hollander);
  g_test_add_func ("/shape/wilcoxon/darwin", test_darwin);
  g_test_add_func ("/shape/wilcoxon/enumeration", test_enumeration);
  g_test_add_func ("/shape/wilcoxon/zeros", test_zeros);
  g_test_add_func ("/shape/wilcoxon/many", test_many);
  return g_test_run ();
}
