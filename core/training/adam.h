/* The Adam optimiser (Kingma and Ba, ICLR 2015, algorithm 1). */
#pragma once

#include "core/base/pool.h"

G_BEGIN_DECLS

/* The paper's values; the learning rate is given at each step. */
#define RUNET_ADAM_BETA1 0.9
#define RUNET_ADAM_BETA2 0.999
#define RUNET_ADAM_EPSILON 1e-8

/**
 * RunetAdam:
 * @count: number of parameters (tensors)
 * @sizes: values in each
 * @moment1, @moment2: running means of the gradient and of its square, one block a parameter
 * @step: steps made
 *
 * The fields are open so that a checkpoint can hold and restore them.
 */
typedef struct {
  guint count;
  gsize *sizes;
  float **moment1;
  float **moment2;
  guint64 step;
  GArray *pieces; /* private: how the work is shared out */
} RunetAdam;

/**
 * RunetLossScale: what losses are multiplied by before they are differentiated in float16, whose small gradients would
 * otherwise be lost; Adam divides by it again
 * @scale: 0 before anything was learned in float16; what learns in another precision leaves it as it is
 * @good_steps: steps since it last changed
 */
typedef struct {
  double scale;
  guint good_steps;
} RunetLossScale;

RunetAdam *
runet_adam_new (const gsize *sizes, guint count) G_GNUC_WARN_UNUSED_RESULT;
void
runet_adam_free (RunetAdam *adam);

/* One step of all parameters, in place. Element by element, so that the result does not depend on
 * the number of workers. */
void
runet_adam_step (RunetAdam *adam,
                 RunetPool *pool,
                 double learning_rate,
                 float *const *parameters,
                 float *const *gradients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetAdam, runet_adam_free)

G_END_DECLS
