/* An open spline of few points that tells what a line of many says. */
#pragma once

#include "spline.h"

G_BEGIN_DECLS

/* What a spline is to be. @least, @most: points, at least 3. @corner: (nullable): index into the line of what
 * has to be a point of the spline; 0 for none. @limit_mm: adds points until it deviates by less. */
typedef struct {
  guint least, most;
  guint corner;
  double limit_mm;
  double spacing_x_mm, spacing_y_mm;
} RunetSplineWish;

/**
 * runet_spline_fit:
 * @line: pixel coordinates, at least 2; its ends are those of the spline
 * @points: (out): @most
 * @corner: (out) (optional): which point is the wish's corner; 0 when it has none
 *
 * Begins with @least points evenly spaced, adds one where the deviation is largest, and each time moves them all
 * to where the sum of the squared distances is least. Returns: the number of points; @most when the limit could
 * not be met.
 */
guint
runet_spline_fit (const RunetPoint *line,
                  gsize count,
                  const RunetSplineWish *wish,
                  RunetPoint *points,
                  guint *corner);

/* The largest distance between the line and the spline, either way, which both run from the same end to the same
 * end. */
double
runet_spline_deviation_mm (const RunetPoint *points,
                           gsize count,
                           const RunetPoint *line,
                           gsize line_count,
                           double spacing_x_mm,
                           double spacing_y_mm);

G_END_DECLS
