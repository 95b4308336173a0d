/* The contour model as a value: comparing, coupling, and the polygons that it stands for. */
#include "contour-model.h"

#include <math.h>
#include <string.h>

/* Points per segment of an outline: a segment that turns by a right angle is off by a thousandth of its length. */
#define PER_SEGMENT 12

gboolean
runet_contour_model_equal (const RunetContourModel *a, const RunetContourModel *b) {
  if (a->apex != b->apex)
    return FALSE;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    if (a->count[s] != b->count[s])
      return FALSE;
    for (guint i = 0; i < a->count[s]; i++)
      if (a->points[s][i].x != b->points[s][i].x ||
          a->points[s][i].y != b->points[s][i].y)
        return FALSE;
  }
  return TRUE;
}

GArray *
runet_contour_model_outline (const RunetContourModel *model, RunetStructure structure) {
  g_return_val_if_fail (structure >= 0 && structure < RUNET_STRUCTURES, NULL);
  const guint count = model->count[structure];
  if (count < RUNET_CONTOUR_POINTS_MIN || count > RUNET_CONTOUR_POINTS_MAX)
    return NULL;
  return runet_spline_sample (model->points[structure], count, PER_SEGMENT);
}

/* Brings @p onto the line through @from in @direction, no nearer to @from than 0. */
static RunetPoint
project (RunetPoint p, RunetPoint from, RunetPoint direction) {
  const double s = MAX ((p.x - from.x) * direction.x + (p.y - from.y) * direction.y, 0);
  return (RunetPoint){from.x + s * direction.x, from.y + s * direction.y};
}

static void
bring_epi_onto_base (RunetContourModel *model, RunetPoint a, RunetPoint b) {
  const double length = hypot (b.x - a.x, b.y - a.y);
  const guint count = model->count[RUNET_STRUCTURE_EPI];
  RunetPoint *epi = model->points[RUNET_STRUCTURE_EPI];
  if (count == 0 || !(length > 0) || !isfinite (length))
    return;
  const RunetPoint u = {(b.x - a.x) / length, (b.y - a.y) / length};
  epi[0] = project (epi[0], a, (RunetPoint){-u.x, -u.y});
  epi[count - 1] = project (epi[count - 1], b, u);
}

void
runet_contour_model_couple (RunetContourModel *model, RunetStructure leader) {
  const RunetStructure first =
      leader == RUNET_STRUCTURE_LA ? RUNET_STRUCTURE_LA : RUNET_STRUCTURE_ENDO;
  const RunetStructure second =
      first == RUNET_STRUCTURE_LA ? RUNET_STRUCTURE_ENDO : RUNET_STRUCTURE_LA;
  const RunetStructure from = model->count[first] > 0 ? first : second;
  const RunetStructure to = from == first ? second : first;
  if (model->count[from] == 0)
    return;
  const RunetPoint a = model->points[from][0];
  const RunetPoint b = model->points[from][model->count[from] - 1];
  if (model->count[to] > 0) {
    model->points[to][0] = a;
    model->points[to][model->count[to] - 1] = b;
  }
  bring_epi_onto_base (model, a, b);
}
