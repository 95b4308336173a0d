/* How sure the network is of the contours that it drew. */
#pragma once

#include "core/shape/mask.h"

G_BEGIN_DECLS

/**
 * runet_uncertainty_of_contours:
 * @probabilities: C planes of H × W
 * @labels: H × W
 *
 * The mean, over the border pixels of endo and epi, of the entropy of the classes, -Σ p ln p / ln C: 0 when
 * one class is certain, 1 when all are equally likely. NaN when there is neither structure.
 */
double
runet_uncertainty_of_contours (const float *probabilities,
                               gsize classes,
                               const guint8 *labels,
                               gsize width,
                               gsize height);

G_END_DECLS
