/* Curves in the imaging plane, and how they become tissue of some thickness or filled
 * pixels. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every curve of the phantom has this many points, so that a point's index is a
 * material coordinate along it: it belongs to the same tissue in every frame. */
#define RUNET_CURVE_POINTS 121

/* mm in the imaging plane; the transducer is the origin, x to the right, y with
 * depth. */
typedef struct {
  double x, y;
} RunetPlanePoint;

/* Tissue between two curves. */
typedef struct {
  RunetPlanePoint inner[RUNET_CURVE_POINTS];
  RunetPlanePoint outer[RUNET_CURVE_POINTS];
} RunetStrip;

/* A grid of square pixels whose top edge is at depth 0 and whose middle is at x = 0. */
typedef struct {
  gsize width, height;
  double spacing_mm;
} RunetPlaneGrid;

RunetPlanePoint
runet_point_along (RunetPlanePoint from, RunetPlanePoint direction, double mm);
RunetPlanePoint
runet_point_mix (RunetPlanePoint a, RunetPlanePoint b, double share_of_b);
double
runet_point_distance (RunetPlanePoint a, RunetPlanePoint b);

/**
 * runet_curve_normals:
 * @normals: (out): unit vectors to the left of somebody who walks along @curve in the
 *   image (up: to the left; to the right: up)
 */
void
runet_curve_normals (const RunetPlanePoint *curve, RunetPlanePoint *normals);

/* @curve moved by @mm[i] (or @mm[0] throughout when @constant) along its normals. */
void
runet_curve_offset (const RunetPlanePoint *curve,
                    const double *mm,
                    gboolean constant,
                    RunetPlanePoint *offset);

/* A cubic Bézier curve of %RUNET_CURVE_POINTS points. */
void
runet_curve_bezier (const RunetPlanePoint control[4], RunetPlanePoint *curve);

/* A strip of even thickness whose middle is @curve. */
void
runet_strip_around (RunetStrip *strip,
                    const RunetPlanePoint *curve,
                    double thickness_mm);

/* Area between the curves, mm². */
double
runet_strip_area (const RunetStrip *strip);

/* The point at @along (0 … 1) and @across (0 inner, 1 outer). */
RunetPlanePoint
runet_strip_point (const RunetStrip *strip, double along, double across);

/**
 * runet_polygon_fill:
 *
 * Sets the pixels whose centre is inside (even-odd rule) to @value. Polygons that share
 * an edge neither overlap nor leave a gap there.
 */
void
runet_polygon_fill (const RunetPlanePoint *corners,
                    gsize count,
                    const RunetPlaneGrid *grid,
                    guint8 value,
                    guint8 *pixels);

/* runet_polygon_fill() of the whole strip. */
void
runet_strip_fill (const RunetStrip *strip,
                  const RunetPlaneGrid *grid,
                  guint8 value,
                  guint8 *pixels);

G_END_DECLS
