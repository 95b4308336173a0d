/* A mixture of three maps by trainable non-negative weights that sum to one: the weights are the
 * softmax of three logits.
 *
 * A row below is one (n, y). */
#include "operations.h"

#include <math.h>

typedef struct {
  RunetTensor x[RUNET_NODE_INPUTS], dx[RUNET_NODE_INPUTS];
  RunetTensor y; /* forward: the mixture; backward: its gradient */
  gboolean add[RUNET_NODE_INPUTS];
  float weights[RUNET_NODE_INPUTS];
  double *sums; /* N·H × RUNET_NODE_INPUTS: Σ dy x_i over each row */
} Arguments;

static void
compute_weights (const float logits[RUNET_NODE_INPUTS],
                 float weights[RUNET_NODE_INPUTS]) {
  float largest = logits[0], sum = 0;
  for (guint i = 1; i < RUNET_NODE_INPUTS; i++)
    largest = MAX (largest, logits[i]);
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    sum += weights[i] = expf (logits[i] - largest);
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    weights[i] /= sum;
}

static inline float *
get_pixel (const RunetTensor *t, gsize row, gsize column) {
  return t->data + (row * t->w + column) * t->stride;
}

static void
forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->y.w; column++) {
      float sum = 0;
      for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
        sum += args->weights[i] * *get_pixel (&args->x[i], row, column);
      *get_pixel (&args->y, row, column) = sum;
    }
}

void
runet_mix_forward (RunetPool *pool,
                   const RunetTensor *x[RUNET_NODE_INPUTS],
                   const RunetTensor *y,
                   const float logits[RUNET_NODE_INPUTS]) {
  Arguments args = {.y = *y};
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    args.x[i] = *x[i];
  compute_weights (logits, args.weights);
  runet_for_rows (pool, y->n * y->h, RUNET_NODE_INPUTS * y->w, forward_rows, &args);
}

static void
backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (guint i = 0; i < RUNET_NODE_INPUTS; i++) {
      double sum = 0;
      for (gsize column = 0; column < args->y.w; column++) {
        const float dy = *get_pixel (&args->y, row, column);
        sum += (double)dy * *get_pixel (&args->x[i], row, column);
        if (args->dx[i].data == NULL)
          continue;
        float *dx = get_pixel (&args->dx[i], row, column);
        *dx = (args->add[i] ? *dx : 0) + args->weights[i] * dy;
      }
      args->sums[row * RUNET_NODE_INPUTS + i] = sum;
    }
}

gsize
runet_mix_scratch_floats (gsize n, gsize h) {
  return n * h * RUNET_NODE_INPUTS * (sizeof (double) / sizeof (float));
}

void
runet_mix_backward (RunetPool *pool,
                    const RunetTensor *x[RUNET_NODE_INPUTS],
                    const RunetTensor *dy,
                    const RunetTensor *dx[RUNET_NODE_INPUTS],
                    const gboolean add[RUNET_NODE_INPUTS],
                    const float logits[RUNET_NODE_INPUTS],
                    float dlogits[RUNET_NODE_INPUTS],
                    float *scratch) {
  Arguments args = {.y = *dy, .sums = (double *)scratch};
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++) {
    args.x[i] = *x[i];
    args.dx[i] = *dx[i];
    args.add[i] = add[i];
  }
  compute_weights (logits, args.weights);
  const gsize rows = dy->n * dy->h;
  runet_for_rows (pool, rows, RUNET_NODE_INPUTS * dy->w, backward_rows, &args);

  /* dlogit_i = w_i (g_i - Σ_k w_k g_k), where g_i = Σ dy x_i over all pixels. */
  double g[RUNET_NODE_INPUTS] = {0}, dot = 0;
  for (gsize row = 0; row < rows; row++)
    for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
      g[i] += args.sums[row * RUNET_NODE_INPUTS + i];
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    dot += args.weights[i] * g[i];
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    dlogits[i] += (float)(args.weights[i] * (g[i] - dot));
}
