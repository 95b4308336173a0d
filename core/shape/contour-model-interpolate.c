/* Spreads what was done to two frames over those between. */
#include "contour-model.h"

#include <math.h>

/* How far the place at @fraction was moved; nothing where that cannot be told. */
static RunetPoint
get_displacement (const RunetContourModel *from,
                  const RunetContourModel *to,
                  RunetStructure structure,
                  double fraction,
                  RunetPoint spacing) {
  const RunetPoint a =
      runet_contour_model_at (from, structure, fraction, spacing.x, spacing.y);
  const RunetPoint b =
      runet_contour_model_at (to, structure, fraction, spacing.x, spacing.y);
  const RunetPoint moved = {b.x - a.x, b.y - a.y};
  return isfinite (moved.x) && isfinite (moved.y) ? moved : (RunetPoint){0, 0};
}

void
runet_contour_model_interpolate (const RunetContourModel *before,
                                 const RunetContourModel *before_original,
                                 const RunetContourModel *after,
                                 const RunetContourModel *after_original,
                                 const RunetContourModel *original,
                                 double weight,
                                 double spacing_x_mm,
                                 double spacing_y_mm,
                                 RunetContourModel *model) {
  const RunetPoint spacing = {spacing_x_mm, spacing_y_mm};
  const double late = weight > 0 ? MIN (weight, 1) : 0;
  RunetContourModel result = *original;
  RunetStructure leader = RUNET_STRUCTURE_LA;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    if (before->count[s] == 0 || before_original->count[s] == 0 ||
        after->count[s] == 0 || after_original->count[s] == 0)
      continue;
    if (s == RUNET_STRUCTURE_ENDO && original->count[s] > 0)
      leader = RUNET_STRUCTURE_ENDO;
    for (guint i = 0; i < original->count[s]; i++) {
      const RunetPoint p = original->points[s][i];
      const double fraction =
          runet_contour_model_fraction_at (original, s, i, spacing_x_mm, spacing_y_mm);
      const RunetPoint first =
          get_displacement (before_original, before, s, fraction, spacing);
      const RunetPoint second =
          get_displacement (after_original, after, s, fraction, spacing);
      result.points[s][i] = (RunetPoint){p.x + (1 - late) * first.x + late * second.x,
                                         p.y + (1 - late) * first.y + late * second.y};
    }
  }
  runet_contour_model_couple (&result, leader);
  *model = result;
}
