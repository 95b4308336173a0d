/* Places along the contours that mean the same in every frame. */
#include "contour-model.h"

#include <math.h>

/* Chords per segment in which the long axis is looked for. */
#define CHORDS 16

static gboolean
is_there (const RunetContourModel *model, RunetStructure structure) {
  return model->count[structure] >= RUNET_CONTOUR_POINTS_MIN &&
         model->count[structure] <= RUNET_CONTOUR_POINTS_MAX;
}

/* Where the ray from the middle of the base through the apex leaves epi; 0 when it does not meet it. */
static double
find_long_axis (const RunetContourModel *model, RunetPoint base, RunetPoint apex) {
  const RunetPoint axis = {apex.x - base.x, apex.y - base.y};
  g_autoptr (GArray) epi = runet_spline_sample (
      model->points[RUNET_STRUCTURE_EPI], model->count[RUNET_STRUCTURE_EPI], CHORDS);
  const RunetPoint *p = (const RunetPoint *)(gconstpointer)epi->data;
  double found = 0, farthest = 0;
  for (guint i = 0; i + 1 < epi->len; i++) {
    const RunetPoint a = {p[i].x - base.x, p[i].y - base.y};
    const RunetPoint b = {p[i + 1].x - base.x, p[i + 1].y - base.y};
    const double from = a.y * axis.x - a.x * axis.y, to = b.y * axis.x - b.x * axis.y;
    if ((from < 0) == (to < 0))
      continue;
    const double t = from / (from - to);
    const double along =
        (a.x + t * (b.x - a.x)) * axis.x + (a.y + t * (b.y - a.y)) * axis.y;
    if (along > farthest) {
      farthest = along;
      found = (i + t) / CHORDS;
    }
  }
  return found;
}

/* The parameter that has the fraction 0.5; 0 when the contour is measured as a whole. */
static double
find_middle (const RunetContourModel *model, RunetStructure structure) {
  const guint endo_count = model->count[RUNET_STRUCTURE_ENDO];
  const gboolean has_apex = is_there (model, RUNET_STRUCTURE_ENDO) && model->apex > 0 &&
                            model->apex + 1 < endo_count;
  if (!has_apex || structure == RUNET_STRUCTURE_LA)
    return 0;
  if (structure == RUNET_STRUCTURE_ENDO)
    return model->apex;
  const RunetPoint *endo = model->points[RUNET_STRUCTURE_ENDO];
  const RunetPoint base = {(endo[0].x + endo[endo_count - 1].x) / 2,
                           (endo[0].y + endo[endo_count - 1].y) / 2};
  return find_long_axis (model, base, endo[model->apex]);
}

RunetPoint
runet_contour_model_at (const RunetContourModel *model,
                        RunetStructure structure,
                        double fraction,
                        double spacing_x_mm,
                        double spacing_y_mm) {
  g_return_val_if_fail (structure >= 0 && structure < RUNET_STRUCTURES,
                        ((RunetPoint){NAN, NAN}));
  if (!is_there (model, structure))
    return (RunetPoint){NAN, NAN};
  const RunetPoint *points = model->points[structure];
  const guint count = model->count[structure];
  const double last = count - 1, middle = find_middle (model, structure);
  double t;
  if (!(middle > 0))
    t = runet_spline_find (points, count, 0, last, fraction, spacing_x_mm,
                           spacing_y_mm);
  else if (fraction > 0.5)
    t = runet_spline_find (points, count, middle, last, 2 * fraction - 1, spacing_x_mm,
                           spacing_y_mm);
  else
    t = runet_spline_find (points, count, 0, middle, 2 * fraction, spacing_x_mm,
                           spacing_y_mm);
  return runet_spline_at (points, count, t);
}

/* How much of the length from @t0 to @t1 lies before @t. */
static double
get_part (const RunetContourModel *model,
          RunetStructure structure,
          double t0,
          double t,
          double t1,
          RunetPoint spacing) {
  const RunetPoint *points = model->points[structure];
  const guint count = model->count[structure];
  const double before =
      runet_spline_length_mm (points, count, t0, t, spacing.x, spacing.y);
  const double after =
      runet_spline_length_mm (points, count, t, t1, spacing.x, spacing.y);
  return before + after > 0 ? before / (before + after) : 0;
}

double
runet_contour_model_fraction_at (const RunetContourModel *model,
                                 RunetStructure structure,
                                 double t,
                                 double spacing_x_mm,
                                 double spacing_y_mm) {
  g_return_val_if_fail (structure >= 0 && structure < RUNET_STRUCTURES, NAN);
  if (!is_there (model, structure))
    return NAN;
  const RunetPoint spacing = {spacing_x_mm, spacing_y_mm};
  const double last = model->count[structure] - 1;
  const double middle = find_middle (model, structure);
  if (!(middle > 0))
    return get_part (model, structure, 0, t, last, spacing);
  if (t > middle)
    return 0.5 + 0.5 * get_part (model, structure, middle, t, last, spacing);
  return 0.5 * get_part (model, structure, 0, t, middle, spacing);
}

double
runet_contour_model_fraction (const RunetContourModel *model,
                              RunetStructure structure,
                              RunetPoint p,
                              double spacing_x_mm,
                              double spacing_y_mm,
                              double *distance_mm) {
  g_return_val_if_fail (structure >= 0 && structure < RUNET_STRUCTURES, NAN);
  if (distance_mm != NULL)
    *distance_mm = NAN;
  if (!is_there (model, structure))
    return NAN;
  const double t =
      runet_spline_nearest (model->points[structure], model->count[structure], p,
                            spacing_x_mm, spacing_y_mm, distance_mm);
  return runet_contour_model_fraction_at (model, structure, t, spacing_x_mm,
                                          spacing_y_mm);
}
