/* Corners of a closed outline, in mm. */
#include "outline-corner.h"

#include <math.h>

static const RunetPoint *
get_points (const RunetContour *outline) {
  return (const RunetPoint *)(gconstpointer)outline->points->data;
}

RunetPoint
runet_outline_get_centroid (const RunetContour *outline) {
  const RunetPoint *p = get_points (outline);
  RunetPoint sum = {0, 0};
  for (guint i = 0; i < outline->points->len; i++) {
    sum.x += p[i].x / outline->points->len;
    sum.y += p[i].y / outline->points->len;
  }
  return sum;
}

guint
runet_outline_find_farthest (const RunetContour *outline,
                             RunetPoint direction,
                             RunetPoint spacing) {
  const RunetPoint *p = get_points (outline);
  guint farthest = 0;
  double most = -G_MAXDOUBLE;
  for (guint i = 0; i < outline->points->len; i++) {
    const double reach =
        p[i].x * spacing.x * direction.x + p[i].y * spacing.y * direction.y;
    if (reach > most) {
      most = reach;
      farthest = i;
    }
  }
  return farthest;
}

RunetCorners
runet_outline_find_corners (const RunetContour *outline,
                            RunetPoint direction,
                            RunetPoint spacing) {
  const RunetPoint d = direction;
  RunetCorners ends = {
      runet_outline_find_farthest (outline, (RunetPoint){d.x - d.y, d.y + d.x},
                                   spacing),
      runet_outline_find_farthest (outline, (RunetPoint){d.x + d.y, d.y - d.x},
                                   spacing),
  };
  if (ends.a == ends.b)
    ends.b = (ends.a + 1) % outline->points->len;
  return ends;
}

/* Along the longer principal axis. */
static RunetPoint
get_principal_axis (const RunetContour *outline, RunetPoint spacing) {
  const RunetPoint *p = get_points (outline);
  const RunetPoint center = runet_outline_get_centroid (outline);
  double xx = 0, xy = 0, yy = 0;
  for (guint i = 0; i < outline->points->len; i++) {
    const double x = (p[i].x - center.x) * spacing.x;
    const double y = (p[i].y - center.y) * spacing.y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const double angle = 0.5 * atan2 (2 * xy, xx - yy);
  return (RunetPoint){cos (angle), sin (angle)};
}

static double
get_width (const RunetPoint *p, RunetCorners corners, RunetPoint spacing) {
  return hypot ((p[corners.b].x - p[corners.a].x) * spacing.x,
                (p[corners.b].y - p[corners.a].y) * spacing.y);
}

RunetCorners
runet_outline_find_flatter_end (const RunetContour *outline, RunetPoint spacing) {
  const RunetPoint *p = get_points (outline);
  const RunetPoint axis = get_principal_axis (outline, spacing);
  const RunetCorners one = runet_outline_find_corners (outline, axis, spacing);
  const RunetCorners two =
      runet_outline_find_corners (outline, (RunetPoint){-axis.x, -axis.y}, spacing);
  return get_width (p, one, spacing) >= get_width (p, two, spacing) ? one : two;
}
