/* Curves in the imaging plane: normals, offsets, strips, and the filling of
 * polygons. */
#include "curve.h"

#include <math.h>

#define LAST (RUNET_CURVE_POINTS - 1)
/* No polygon of the phantom crosses a row of pixels more often. */
#define MAX_CROSSINGS 64

RunetPlanePoint
runet_point_along (RunetPlanePoint from, RunetPlanePoint direction, double mm) {
  return (RunetPlanePoint){from.x + direction.x * mm, from.y + direction.y * mm};
}

RunetPlanePoint
runet_point_mix (RunetPlanePoint a, RunetPlanePoint b, double share_of_b) {
  return (RunetPlanePoint){a.x + (b.x - a.x) * share_of_b,
                           a.y + (b.y - a.y) * share_of_b};
}

double
runet_point_distance (RunetPlanePoint a, RunetPlanePoint b) {
  return hypot (a.x - b.x, a.y - b.y);
}

void
runet_curve_normals (const RunetPlanePoint *curve, RunetPlanePoint *normals) {
  for (gsize i = 0; i <= LAST; i++) {
    RunetPlanePoint before = curve[i > 0 ? i - 1 : 0];
    RunetPlanePoint after = curve[i < LAST ? i + 1 : LAST];
    double length = MAX (runet_point_distance (before, after), 1e-9);
    normals[i].x = (after.y - before.y) / length;
    normals[i].y = -(after.x - before.x) / length;
  }
}

void
runet_curve_offset (const RunetPlanePoint *curve,
                    const double *mm,
                    gboolean constant,
                    RunetPlanePoint *offset) {
  RunetPlanePoint normals[RUNET_CURVE_POINTS];
  runet_curve_normals (curve, normals);
  for (gsize i = 0; i <= LAST; i++)
    offset[i] = runet_point_along (curve[i], normals[i], mm[constant ? 0 : i]);
}

void
runet_curve_bezier (const RunetPlanePoint control[4], RunetPlanePoint *curve) {
  for (gsize i = 0; i <= LAST; i++) {
    double t = (double)i / LAST, u = 1 - t;
    double weight[4] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
    curve[i] = (RunetPlanePoint){0, 0};
    for (int k = 0; k < 4; k++)
      curve[i] = runet_point_along (curve[i], control[k], weight[k]);
  }
}

void
runet_strip_around (RunetStrip *strip,
                    const RunetPlanePoint *curve,
                    double thickness_mm) {
  double inwards = -thickness_mm / 2, outwards = thickness_mm / 2;
  runet_curve_offset (curve, &inwards, TRUE, strip->inner);
  runet_curve_offset (curve, &outwards, TRUE, strip->outer);
}

static double
triangle_area (RunetPlanePoint a, RunetPlanePoint b, RunetPlanePoint c) {
  return fabs ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
}

double
runet_strip_area (const RunetStrip *strip) {
  double area = 0;
  for (gsize i = 0; i < LAST; i++)
    area += triangle_area (strip->inner[i], strip->inner[i + 1], strip->outer[i]) +
            triangle_area (strip->outer[i], strip->inner[i + 1], strip->outer[i + 1]);
  return area;
}

RunetPlanePoint
runet_strip_point (const RunetStrip *strip, double along, double across) {
  double position = CLAMP (along, 0, 1) * LAST;
  gsize i = MIN ((gsize)position, LAST - 1);
  double part = position - i;
  RunetPlanePoint inner = runet_point_mix (strip->inner[i], strip->inner[i + 1], part);
  RunetPlanePoint outer = runet_point_mix (strip->outer[i], strip->outer[i + 1], part);
  return runet_point_mix (inner, outer, across);
}

/* Columns, in pixels, where the polygon's edges cross the line y, in ascending order.
 * An edge counts where one end is above and the other on or below the line; the ends
 * are taken in the order of their depth so that both neighbours of a shared edge get
 * the same number. */
static gsize
find_crossings (const RunetPlanePoint *corners,
                gsize count,
                double y,
                double *crossings) {
  gsize found = 0;
  for (gsize i = 0; i < count; i++) {
    RunetPlanePoint a = corners[i], b = corners[(i + 1) % count];
    if ((a.y < y) == (b.y < y))
      continue;
    if (a.y > b.y) {
      RunetPlanePoint swap = a;
      a = b;
      b = swap;
    }
    double x = a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y));
    gsize place = found;
    for (; place > 0 && crossings[place - 1] > x; place--)
      crossings[place] = crossings[place - 1];
    crossings[place] = x;
    if (++found == MAX_CROSSINGS)
      break;
  }
  return found;
}

void
runet_polygon_fill (const RunetPlanePoint *corners,
                    gsize count,
                    const RunetPlaneGrid *grid,
                    guint8 value,
                    guint8 *pixels) {
  double left_mm = -0.5 * grid->width * grid->spacing_mm;
  for (gsize row = 0; row < grid->height; row++) {
    double crossings[MAX_CROSSINGS];
    double y = (row + 0.5) * grid->spacing_mm;
    gsize found = find_crossings (corners, count, y, crossings);
    for (gsize k = 0; k + 1 < found; k += 2) {
      /* A centre at c + 0.5 is inside when start ≤ c + 0.5 < end. */
      double start = (crossings[k] - left_mm) / grid->spacing_mm - 0.5;
      double end = (crossings[k + 1] - left_mm) / grid->spacing_mm - 0.5;
      gsize from = (gsize)CLAMP (ceil (start), 0, (double)grid->width);
      gsize to = (gsize)CLAMP (ceil (end), 0, (double)grid->width);
      for (gsize column = from; column < to; column++)
        pixels[row * grid->width + column] = value;
    }
  }
}

void
runet_strip_fill (const RunetStrip *strip,
                  const RunetPlaneGrid *grid,
                  guint8 value,
                  guint8 *pixels) {
  RunetPlanePoint corners[2 * RUNET_CURVE_POINTS];
  for (gsize i = 0; i <= LAST; i++) {
    corners[i] = strip->inner[i];
    corners[RUNET_CURVE_POINTS + i] = strip->outer[LAST - i];
  }
  runet_polygon_fill (corners, G_N_ELEMENTS (corners), grid, value, pixels);
}
