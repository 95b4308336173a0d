/* Distances from outline to outline: known shapes, both spacings, and every segment tried in turn. */
#include "core/shape/separation.h"

#include <math.h>

static void
free_contour (gpointer contour) {
  runet_contour_free (contour);
}

static RunetContour *
make_contour (const RunetPoint *points, guint count, gboolean closed) {
  RunetContour *contour = g_new (RunetContour, 1);
  contour->points = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  g_array_append_vals (contour->points, points, count);
  contour->closed = closed;
  return contour;
}

static RunetContour *
make_circle (double x, double y, double radius, guint count) {
  g_autofree RunetPoint *points = g_new (RunetPoint, count);
  for (guint i = 0; i < count; i++) {
    double angle_rad = 2 * G_PI * i / count;
    points[i] =
        (RunetPoint){x + radius * cos (angle_rad), y + radius * sin (angle_rad)};
  }
  return make_contour (points, count, TRUE);
}

static GPtrArray *
make_lines (RunetContour *first, RunetContour *second) {
  GPtrArray *lines = g_ptr_array_new_with_free_func (free_contour);
  g_ptr_array_add (lines, first);
  if (second != NULL)
    g_ptr_array_add (lines, second);
  return lines;
}

/* A line is nought from itself; a smaller circle is the difference of the radii away. */
static void
test_circles (void) {
  g_autoptr (RunetContour) inner = make_circle (50, 40, 20, 400);
  g_autoptr (GPtrArray) same = make_lines (make_circle (50, 40, 20, 400), NULL);
  g_autoptr (GPtrArray) outer = make_lines (make_circle (50, 40, 26, 400), NULL);
  g_autofree double *nought = runet_contour_separation (inner, same, 0.3, 0.3);
  g_autofree double *six = runet_contour_separation (inner, outer, 0.3, 0.3);
  for (guint i = 0; i < 400; i++) {
    g_assert_cmpfloat_with_epsilon (nought[i], 0, 1e-9);
    g_assert_cmpfloat_with_epsilon (six[i], 6 * 0.3, 1e-3);
  }
}

/* A pixel across is not a pixel down. The nearest point lies between two of the line. */
static void
test_spacing (void) {
  const RunetPoint upright[] = {{10, 0}, {10, 30}}, level[] = {{0, 10}, {30, 10}};
  const RunetPoint points[] = {{14, 11.5}, {7, 3.25}};
  g_autoptr (RunetContour) contour = make_contour (points, 2, FALSE);
  g_autoptr (GPtrArray) a = make_lines (make_contour (upright, 2, FALSE), NULL);
  g_autoptr (GPtrArray) b = make_lines (make_contour (level, 2, FALSE), NULL);
  g_autofree double *across = runet_contour_separation (contour, a, 0.5, 0.2);
  g_autofree double *down = runet_contour_separation (contour, b, 0.5, 0.2);
  g_assert_cmpfloat_with_epsilon (across[0], 4 * 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (across[1], 3 * 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (down[0], 1.5 * 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (down[1], 6.75 * 0.2, 1e-12);
}

/* The last point is joined to the first only where the line is closed. */
static void
test_closing (void) {
  const RunetPoint corner[] = {{0, 0}, {20, 0}, {20, 20}}, point = {5, 10};
  g_autoptr (RunetContour) contour = make_contour (&point, 1, FALSE);
  g_autoptr (GPtrArray) open = make_lines (make_contour (corner, 3, FALSE), NULL);
  g_autoptr (GPtrArray) closed = make_lines (make_contour (corner, 3, TRUE), NULL);
  g_autofree double *far = runet_contour_separation (contour, open, 1, 1);
  g_autofree double *near = runet_contour_separation (contour, closed, 1, 1);
  g_assert_cmpfloat_with_epsilon (far[0], 10, 1e-12);
  g_assert_cmpfloat_with_epsilon (near[0], 5 / sqrt (2), 1e-12);
}

/* The plain definition, one segment after the other. */
static double
measure_plainly (RunetPoint p, const GPtrArray *lines, double dx, double dy) {
  double best = INFINITY;
  for (guint k = 0; k < lines->len; k++) {
    const RunetContour *line = g_ptr_array_index (lines, k);
    for (guint i = 0; i < line->points->len; i++) {
      RunetPoint a = g_array_index (line->points, RunetPoint, i);
      RunetPoint b =
          g_array_index (line->points, RunetPoint, (i + 1) % line->points->len);
      double ux = (b.x - a.x) * dx, uy = (b.y - a.y) * dy;
      double vx = (p.x - a.x) * dx, vy = (p.y - a.y) * dy;
      double t = CLAMP ((ux * vx + uy * vy) / (ux * ux + uy * uy), 0.0, 1.0);
      best = MIN (best, hypot (vx - t * ux, vy - t * uy));
    }
  }
  return best;
}

static void
test_plainly (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (int trial = 0; trial < 20; trial++) {
    RunetContour *drawn[3];
    for (int k = 0; k < 3; k++) {
      drawn[k] = make_circle (g_rand_double_range (random, 0, 100),
                              g_rand_double_range (random, 0, 100),
                              g_rand_double_range (random, 1, 60),
                              (guint)g_rand_int_range (random, 3, 150));
      for (guint i = 0; i < drawn[k]->points->len; i++) {
        g_array_index (drawn[k]->points, RunetPoint, i).x +=
            g_rand_double_range (random, -3, 3);
      }
    }
    g_autoptr (RunetContour) contour = drawn[0];
    g_autoptr (GPtrArray) lines = make_lines (drawn[1], drawn[2]);
    g_autofree double *found = runet_contour_separation (contour, lines, 0.7, 0.4);
    for (guint i = 0; i < contour->points->len; i++) {
      RunetPoint p = g_array_index (contour->points, RunetPoint, i);
      g_assert_cmpfloat_with_epsilon (found[i], measure_plainly (p, lines, 0.7, 0.4),
                                      1e-9);
    }
  }
}

static void
test_nothing (void) {
  g_autoptr (RunetContour) contour = make_circle (10, 10, 5, 12);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) empty = make_lines (make_contour (NULL, 0, TRUE), NULL);
  g_autofree double *a = runet_contour_separation (contour, none, 1, 1);
  g_autofree double *b = runet_contour_separation (contour, empty, 1, 1);
  for (guint i = 0; i < 12; i++)
    g_assert_true (isnan (a[i]) && isnan (b[i]));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/separation/circles", test_circles);
  g_test_add_func ("/shape/separation/spacing", test_spacing);
  g_test_add_func ("/shape/separation/closing", test_closing);
  g_test_add_func ("/shape/separation/plainly", test_plainly);
  g_test_add_func ("/shape/separation/nothing", test_nothing);
  return g_test_run ();
}
