/* Outlines of masks and level lines of fields, for drawing and for measuring. */
#pragma once

#include "mask.h"

G_BEGIN_DECLS

typedef struct {
  double x, y; /* pixel coordinates; pixel (0, 0) covers [0, 1] × [0, 1] */
} RunetPoint;

/* @points: RunetPoint, the last joined to the first when @closed. The inside is on the right hand:
 * outer outlines run clockwise on the screen, those of holes anticlockwise. */
typedef struct {
  GArray *points;
  gboolean closed;
} RunetContour;

void
runet_contour_free (RunetContour *contour);
/* In pixels. */
double
runet_contour_get_length (const RunetContour *contour);

/* Level lines of @field (H × W) at @level by marching squares with linear interpolation, outside
 * the image taken as below the level so that every line is closed. Longest first.
 * Returns: (transfer full) (element-type RunetContour). */
GPtrArray *
runet_contours_of_field (const float *field, gsize width, gsize height, float level)
    G_GNUC_WARN_UNUSED_RESULT;

/* Outline of a mask, smoothed by less than half a pixel: what is drawn on the screen. */
GPtrArray *
runet_contours_of_mask (const guint8 *mask,
                        gsize width,
                        gsize height) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetContour, runet_contour_free)

G_END_DECLS
