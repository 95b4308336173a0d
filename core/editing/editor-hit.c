/* What lies under the pointer: the nearest structure, and of it a point before its curve. */
#include <math.h>

#include "editor-private.h"

/* A point takes no more than this part of the way to its neighbours, so that a curve can be taken between them. */
#define SHARE_OF_GAP 0.4

double
runet_editor_nearest (const RunetContourModel *model,
                      RunetStructure structure,
                      RunetPoint at,
                      RunetPoint spacing,
                      double *distance_mm) {
  *distance_mm = G_MAXDOUBLE;
  if (model->count[structure] == 0)
    return -1;
  return runet_spline_nearest (model->points[structure], model->count[structure], at,
                               spacing.x, spacing.y, distance_mm);
}

RunetStructure
runet_editor_find_structure (const RunetEditor *self, RunetPoint at, double most_mm) {
  const RunetContourModel *model = &self->now->model;
  const RunetPoint spacing = runet_editor_spacing (self);
  RunetStructure found = RUNET_STRUCTURES;
  double nearest = most_mm;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    double distance;
    runet_editor_nearest (model, i, at, spacing, &distance);
    if (distance <= most_mm && (RunetStructure)i == self->structure)
      return i;
    /* The annulus points are on two contours: the first of them has them. */
    if (distance <= most_mm && (found == RUNET_STRUCTURES || distance < nearest)) {
      nearest = distance;
      found = i;
    }
  }
  return found;
}

RunetHit
runet_editor_name_point (const RunetContourModel *model,
                         RunetStructure structure,
                         guint index) {
  const gboolean end = index == 0 || index + 1 == model->count[structure];
  RunetHitKind kind = RUNET_HIT_POINT;
  if (end && structure != RUNET_STRUCTURE_EPI)
    kind = RUNET_HIT_ANNULUS;
  else if (structure == RUNET_STRUCTURE_ENDO && index == model->apex)
    kind = RUNET_HIT_APEX;
  return (RunetHit){kind, structure, index, index};
}

static double
get_distance_mm (RunetPoint a, RunetPoint b, RunetPoint spacing) {
  return hypot ((a.x - b.x) * spacing.x, (a.y - b.y) * spacing.y);
}

/* How near the pointer must be to take the point. */
static double
get_point_reach_mm (const RunetPoint *points,
                    guint count,
                    guint index,
                    double reach_mm,
                    RunetPoint spacing) {
  double gap = G_MAXDOUBLE;
  if (index > 0)
    gap = get_distance_mm (points[index], points[index - 1], spacing);
  if (index + 1 < count)
    gap = fmin (gap, get_distance_mm (points[index], points[index + 1], spacing));
  return fmin (reach_mm, SHARE_OF_GAP * gap);
}

RunetHit
runet_editor_hit (RunetEditor *self, RunetPoint at, double reach) {
  const RunetHit nothing = {RUNET_HIT_NOTHING, RUNET_STRUCTURES, 0, 0};
  g_return_val_if_fail (self != NULL, nothing);
  if (!isfinite (at.x) || !isfinite (at.y) || !(reach > 0))
    return nothing;
  const RunetContourModel *model = &self->now->model;
  const RunetPoint spacing = runet_editor_spacing (self);
  const double reach_mm = reach * spacing.x;
  const RunetStructure structure = runet_editor_find_structure (self, at, reach_mm);
  if (structure == RUNET_STRUCTURES)
    return nothing;
  const RunetPoint *points = model->points[structure];
  const guint count = model->count[structure];
  double nearest = G_MAXDOUBLE;
  guint found = 0;
  for (guint i = 0; i < count; i++) {
    const double distance = get_distance_mm (at, points[i], spacing);
    if (distance < nearest &&
        distance <= get_point_reach_mm (points, count, i, reach_mm, spacing)) {
      nearest = distance;
      found = i;
    }
  }
  if (nearest < G_MAXDOUBLE)
    return runet_editor_name_point (model, structure, found);
  double distance;
  const double t = runet_editor_nearest (model, structure, at, spacing, &distance);
  return (RunetHit){RUNET_HIT_CURVE, structure, (guint)CLAMP (floor (t), 0, count - 2),
                    t};
}

double
runet_editor_get_fraction (const RunetEditor *self,
                           RunetStructure structure,
                           RunetPoint at) {
  const RunetPoint spacing = runet_editor_spacing (self);
  double distance;
  const double fraction = runet_contour_model_fraction (
      &self->start, structure, at, spacing.x, spacing.y, &distance);
  return CLAMP (fraction, 0.0, 1.0);
}
