/* Exact Euclidean distances and the three geometrical metrics of the paper. */
#pragma once

#include "mask.h"

G_BEGIN_DECLS

/* To the nearest set pixel's centre, in mm; exact but for the rounding to float; O(H W). Spacings
 * are positive. @distance: H × W, overwritten; infinite when @mask is empty. */
void
runet_distance_transform (const guint8 *mask,
                          gsize width,
                          gsize height,
                          double spacing_x_mm,
                          double spacing_y_mm,
                          float *distance);

/* One of the two masks is empty: Dice 0 and distances NaN. Both are: Dice 1, distances NaN too.
 * Distances are also NaN when the spacing is unknown (NaN). */
typedef struct {
  double dice;
  double mad_mm; /* mean of the two directed mean distances of the borders */
  double hd_mm; /* largest of both directions */
  double hd_x,
      hd_y; /* the border pixel that is farthest, pixel coordinates of its centre */
} RunetAgreement;

RunetAgreement
runet_agreement (const guint8 *reference,
                 const guint8 *prediction,
                 gsize width,
                 gsize height,
                 double spacing_x_mm,
                 double spacing_y_mm);

G_END_DECLS
