/* Convex hull of a mask, over the corners of its pixels. */
#pragma once

#include "mask.h"

G_BEGIN_DECLS

/* A corner of the pixel grid. */
typedef struct {
  gint64 x, y;
} RunetCorner;

/* Both chains go from the first to the last row of corners, which they share: the hull at height y
 * is what lies between them. */
typedef struct {
  RunetCorner *left, *right;
  gsize left_count, right_count;
} RunetHull;

/* FALSE when the mask is empty. Free with runet_hull_clear(). */
gboolean
runet_hull_init (RunetHull *hull, const guint8 *mask, gsize width, gsize height);
void
runet_hull_clear (RunetHull *hull);
/* In pixels. */
double
runet_hull_get_area (const RunetHull *hull);
/* @to: H × W, overwritten: 1 where the pixel's centre is inside the hull or on it. */
void
runet_hull_fill (const RunetHull *hull, gsize width, gsize height, guint8 *to);

G_END_DECLS
