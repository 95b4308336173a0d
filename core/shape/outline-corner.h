/* Corners of a closed outline: where a chamber is cut off by its base. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/* Points of the outline, by their indices, which differ. */
typedef struct {
  guint a, b;
} RunetCorners;

/* The mean of the points. */
RunetPoint
runet_outline_get_centroid (const RunetContour *outline);

/* The point that lies farthest in @direction. @spacing: mm per pixel; @direction is in mm. */
guint
runet_outline_find_farthest (const RunetContour *outline,
                             RunetPoint direction,
                             RunetPoint spacing);

/* Those of the outline's end in @direction, a unit vector: what lies farthest half-way between it and either side. */
RunetCorners
runet_outline_find_corners (const RunetContour *outline,
                            RunetPoint direction,
                            RunetPoint spacing);

/* Those of the flatter one of the two ends of a longish outline. */
RunetCorners
runet_outline_find_flatter_end (const RunetContour *outline, RunetPoint spacing);

G_END_DECLS
