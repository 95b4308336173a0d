/* Contours as closed polygons inside the image.
 *
 * What comes from splines is their curve, sampled; what was painted, or nobody touched, is the outline of the mask,
 * to which a spline would only be a fit. */
#include <math.h>

#include "core/shape/contour.h"
#include "export-private.h"

/* A polygon of fewer points has no area. */
#define LEAST_POINTS 3

typedef enum { SIDE_LEFT, SIDE_RIGHT, SIDE_TOP, SIDE_BOTTOM, SIDES } Side;

/* How far inside of a side of the image @p is. */
static double
measure_depth (Side side, RunetPoint p, const RunetGrid *grid) {
  switch (side) {
  case SIDE_LEFT:
    return p.x;
  case SIDE_RIGHT:
    return (double)grid->width - p.x;
  case SIDE_TOP:
    return p.y;
  default:
    return (double)grid->height - p.y;
  }
}

/* Sutherland & Hodgman, "Reentrant polygon clipping", CACM 1974: what of @polygon lies inside of one side. */
static GArray *
clip_side (const GArray *polygon, Side side, const RunetGrid *grid) {
  GArray *inside = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  for (guint i = 0; i < polygon->len; i++) {
    const RunetPoint a = g_array_index (polygon, RunetPoint, i);
    const RunetPoint b = g_array_index (polygon, RunetPoint, (i + 1) % polygon->len);
    const double from = measure_depth (side, a, grid);
    const double to = measure_depth (side, b, grid);
    if (from >= 0)
      g_array_append_val (inside, a);
    if ((from >= 0) != (to >= 0)) {
      const double t = from / (from - to);
      const RunetPoint cut = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
      g_array_append_val (inside, cut);
    }
  }
  return inside;
}

/* Takes @polygon. */
static GArray *
clip (GArray *polygon, const RunetGrid *grid) {
  for (int side = 0; side < SIDES; side++) {
    GArray *inside = clip_side (polygon, (Side)side, grid);
    g_array_unref (polygon);
    polygon = inside;
  }
  return polygon;
}

/* Of points in pixel coordinates; positive where they run clockwise on the screen. */
static double
measure_area (const GArray *points) {
  double twice = 0;
  for (guint i = 0; i < points->len; i++) {
    const RunetPoint a = g_array_index (points, RunetPoint, i);
    const RunetPoint b = g_array_index (points, RunetPoint, (i + 1) % points->len);
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

static void
add_outlines (GPtrArray *polygons, const RunetLabelMap *map, RunetStructure structure) {
  const RunetGrid *grid = map->grid;
  g_autofree guint8 *mask = g_malloc (grid->width * grid->height);
  runet_mask_from_labels (map->labels, grid->width, grid->height, structure, mask);
  g_autoptr (GPtrArray) contours =
      runet_contours_of_mask (mask, grid->width, grid->height);
  for (guint i = 0; i < contours->len; i++) {
    const RunetContour *contour = contours->pdata[i];
    /* Polygons of this format add up: they have no holes. */
    if (contour->points->len >= LEAST_POINTS && measure_area (contour->points) > 0)
      g_ptr_array_add (polygons, g_array_ref (contour->points));
  }
}

GPtrArray *
runet_export_polygons (const RunetExportFrame *frame, RunetStructure structure) {
  const RunetCorrection *correction = frame->frame->correction;
  GPtrArray *polygons = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  GArray *outline = correction->source[structure] == RUNET_SOURCE_SPLINE
                        ? runet_contour_model_outline (&correction->model, structure)
                        : NULL;
  if (outline == NULL) {
    add_outlines (polygons, frame->labels, structure);
    return polygons;
  }
  outline = clip (outline, frame->labels->grid);
  if (outline->len >= LEAST_POINTS && fabs (measure_area (outline)) > 0)
    g_ptr_array_add (polygons, g_array_ref (outline));
  g_array_unref (outline);
  return polygons;
}
