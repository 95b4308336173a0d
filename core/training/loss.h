/* The Dice loss and its gradient.
 *
 * Dimension legend of this folder: N batch, H rows, W columns, C classes; S is the side of the
 * square that a network sees. */
#pragma once

#include "core/nn/plan.h"

G_BEGIN_DECLS

/* Of one class, over batch and pixels: all that the loss has to know of the batch. */
typedef struct {
  double product; /* Σ p g */
  double probability; /* Σ p² */
  double label; /* Σ g² = Σ g */
} RunetDiceSums;

/**
 * runet_dice_sum:
 * @probabilities, @labels, @pixel_weights: as of runet_dice_loss()
 * @sums: (out): C, the first zero
 *
 * Those of a batch in several parts are the sums of its parts'.
 */
void
runet_dice_sum (RunetPool *pool,
                const RunetTensor *probabilities,
                const guint8 *labels,
                const guint8 *pixel_weights,
                RunetDiceSums *sums);
/* The loss that they make. */
double
runet_dice_value (const RunetDiceSums *sums, gsize classes);
/* @sums: of the whole batch, which @probabilities may be a part of; the rest as of runet_dice_loss(). */
void
runet_dice_gradient (RunetPool *pool,
                     const RunetTensor *probabilities,
                     const guint8 *labels,
                     const guint8 *pixel_weights,
                     const RunetDiceSums *sums,
                     double weight,
                     const RunetTensor *gradient);

/**
 * runet_dice_loss:
 * @probabilities: N × H × W × C, the softmax of one stage
 * @labels: N × H × W class numbers below C
 * @pixel_weights: (nullable): N × H × W, 0 for pixels that weigh nothing, as if they were not there; their gradient
 *   is zero
 * @weight: multiplies @gradient (not the value)
 * @gradient: (nullable): N × H × W × C, overwritten with @weight · dLoss/dProbabilities
 *
 * 1 − mean over the structures c ≥ 1 of (2 Σ p g + 1) / (Σ p² + Σ g² + 1), the sums over batch and
 * pixels. The sums are in double over fixed blocks of pixels, so that the result does not depend
 * on the number of workers.
 *
 * Returns: the loss, 0 (perfect) … 1
 */
double
runet_dice_loss (RunetPool *pool,
                 const RunetTensor *probabilities,
                 const guint8 *labels,
                 const guint8 *pixel_weights,
                 double weight,
                 const RunetTensor *gradient);

/**
 * runet_dice_loss_stages:
 * @plan: a training plan after forward; its output gradients are overwritten
 * @stages: number of outputs of @plan
 * @pixel_weights: (nullable): as of runet_dice_loss()
 * @weights: @stages weights
 * @losses: (out): @stages losses, not weighted
 *
 * Returns: the sum of @weights · @losses
 */
double
runet_dice_loss_stages (RunetPool *pool,
                        RunetPlan *plan,
                        guint stages,
                        const guint8 *labels,
                        const guint8 *pixel_weights,
                        const double *weights,
                        double *losses);

G_END_DECLS
