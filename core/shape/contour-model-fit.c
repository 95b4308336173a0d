/* Fits the contour model to a label map. */
#include "contour-model.h"

#include <math.h>

#include "free-outline.h"
#include "spline-fit.h"

/* Where a fit begins, evenly spaced: with fewer, a hand would move too long a stretch. The endo's count is odd, so
 * that the apex has as many points on either side. */
static const guint least_points[RUNET_STRUCTURES] = {
    [RUNET_STRUCTURE_ENDO] = 9,
    [RUNET_STRUCTURE_EPI] = 9,
    [RUNET_STRUCTURE_LA] = 7,
};
/* The fit looks at samples of the outline, so it aims a little lower than the limit. */
#define AIM 0.9
/* In pixels: what the outline of a mask is good to. */
#define PRECISION 0.5

static double
get_limit_mm (double length_mm, double spacing_x_mm, double spacing_y_mm) {
  return MAX (AIM * RUNET_CONTOUR_RESIDUAL * length_mm,
              PRECISION * MIN (spacing_x_mm, spacing_y_mm));
}

void
runet_contour_model_fit (const guint8 *labels,
                         gsize width,
                         gsize height,
                         double spacing_x_mm,
                         double spacing_y_mm,
                         RunetContourModel *model,
                         RunetContourFit *fit) {
  g_return_if_fail (labels != NULL && width > 0 && height > 0 && model != NULL);
  const gboolean spaced = spacing_x_mm > 0 && spacing_y_mm > 0 &&
                          isfinite (spacing_x_mm) && isfinite (spacing_y_mm);
  const double dx = spaced ? spacing_x_mm : 1, dy = spaced ? spacing_y_mm : 1;
  g_auto (RunetFreeOutlines) outlines = {0};
  runet_free_outlines_init (&outlines, labels, width, height, dx, dy);
  RunetContourFit quality = {.length_mm = outlines.length_mm};
  *model = (RunetContourModel){0};
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    const GArray *line = outlines.line[s];
    quality.residual_mm[s] = quality.bulge_mm[s] = NAN;
    if (line == NULL)
      continue;
    const RunetPoint *points = (const RunetPoint *)(gconstpointer)line->data;
    const gboolean endo = s == RUNET_STRUCTURE_ENDO;
    const RunetSplineWish wish = {.least = least_points[s],
                                  .most = RUNET_CONTOUR_POINTS_MAX,
                                  .corner = endo ? outlines.apex : 0,
                                  .limit_mm = get_limit_mm (outlines.length_mm, dx, dy),
                                  .spacing_x_mm = dx,
                                  .spacing_y_mm = dy};
    model->count[s] = runet_spline_fit (points, line->len, &wish, model->points[s],
                                        endo ? &model->apex : NULL);
    quality.bulge_mm[s] = outlines.bulge_mm[s];
    quality.residual_mm[s] = runet_spline_deviation_mm (
        model->points[s], model->count[s], points, line->len, dx, dy);
  }
  if (fit != NULL)
    *fit = quality;
}
