/* How far one outline lies from another, point by point: where two stages disagree, and by how much. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/**
 * runet_contour_separation:
 * @lines: (element-type RunetContour): what the distance is to; between their points they are straight
 * @spacing_x_mm, @spacing_y_mm: positive
 *
 * Returns: (transfer full): for each point of @contour the distance to the nearest point of @lines in
 *   mm, exact but for rounding; NaN when @lines have no points.
 */
double *
runet_contour_separation (const RunetContour *contour,
                          const GPtrArray *lines,
                          double spacing_x_mm,
                          double spacing_y_mm) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
