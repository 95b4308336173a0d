/* Exact Euclidean distances and the three geometrical metrics of the paper. */
#pragma once

#include "mask.h"

G_BEGIN_DECLS

/* To the nearest set pixel's centre, in mm; O(H W). @distance: H × W; infinite when @mask is empty. */
void
runet_distance_transform (const guint8 *mask,
                          gsize width,
                          gsize height,
                          double spacing_x_mm,
                          double spacing_y_mm,
                          float *distance);

/* Dice 0 and distances NaN when one of the two is empty; Dice 1 and distances 0 never for two
 * empty ones: NaN, and dice 1. */
typedef struct {
  double dice;
  double mad_mm; /* mean of the two directed mean distances of the borders */
  double hd_mm; /* largest of both directions */
} RunetAgreement;

RunetAgreement
runet_agreement (const guint8 *reference,
                 const guint8 *prediction,
                 gsize width,
                 gsize height,
                 double spacing_x_mm,
                 double spacing_y_mm);

G_END_DECLS
