/* Where the contours of a stage touch the border of the region of interest that it was given: what lies
 * beyond was dimmed before the stage saw it, so that the contour may be the region's, not the heart's. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/* A point touches when m < 0.5 somewhere within a pixel of it. The edge of the image is no border.
 * @region: m, H × W. @touching: one byte a point of @contour, overwritten. Returns how many touch. */
guint
runet_contour_find_touching (const RunetContour *contour,
                             const float *region,
                             gsize width,
                             gsize height,
                             guint8 *touching);

/**
 * RunetTouch:
 * @points: of the contours of endo, epi and LA
 * @touching: how many of them touch the border
 * @structure: the one with the longest stretch of points that touch
 * @x, @y: the middle of that stretch, pixel coordinates; NaN when nothing touches
 */
typedef struct {
  guint points, touching;
  RunetStructure structure;
  double x, y;
} RunetTouch;

/* @labels, @region: H × W. */
RunetTouch
runet_touch_measure (const guint8 *labels,
                     const float *region,
                     gsize width,
                     gsize height);

G_END_DECLS
