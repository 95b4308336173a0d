/* Open cardinal splines of tension 0.5 (Catmull–Rom): smooth curves through given points.
 *
 * A curve through points 0 … n - 1 has the parameter t in 0 … n - 1, and is at point i where t = i. The
 * tangent at an end is that of the chord to its neighbour. Points are pixel coordinates; where a length or a
 * distance is asked for, it is in mm and the spacing is given. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/* @count: at least 1. @t is clamped. */
RunetPoint
runet_spline_at (const RunetPoint *points, gsize count, double t);

/* Returns: (transfer full) (element-type RunetPoint): @per_segment points from each control point on, and the
 * last control point: (@count - 1) · @per_segment + 1 of them. */
GArray *
runet_spline_sample (const RunetPoint *points,
                     gsize count,
                     guint per_segment) G_GNUC_WARN_UNUSED_RESULT;

/* Of the curve from @t0 to @t1. */
double
runet_spline_length_mm (const RunetPoint *points,
                        gsize count,
                        double t0,
                        double t1,
                        double spacing_x_mm,
                        double spacing_y_mm);

/* The parameter up to which the curve from @t0 has @part (0 … 1) of its length between @t0 and @t1. */
double
runet_spline_find (const RunetPoint *points,
                   gsize count,
                   double t0,
                   double t1,
                   double part,
                   double spacing_x_mm,
                   double spacing_y_mm);

/* @distance_mm: (out) (optional). Returns the parameter of the point of the curve that is nearest to @p, in mm. */
double
runet_spline_nearest (const RunetPoint *points,
                      gsize count,
                      RunetPoint p,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      double *distance_mm);

/* Writes to @out @wanted points evenly spaced along the curve between @t0 and @t1, both ends included. */
void
runet_spline_resample (const RunetPoint *points,
                       gsize count,
                       double t0,
                       double t1,
                       double spacing_x_mm,
                       double spacing_y_mm,
                       RunetPoint *out,
                       gsize wanted);

G_END_DECLS
