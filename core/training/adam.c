/* The Adam optimiser (Kingma and Ba, ICLR 2015, algorithm 1). */
#include "adam.h"

#include <math.h>

/* Values a task updates. */
#define PIECE_VALUES 16384

/* A part of one parameter. */
typedef struct {
  guint parameter;
  gsize begin, end;
} Piece;

typedef struct {
  const RunetAdam *adam;
  float *const *parameters;
  float *const *gradients;
  float rate; /* learning rate / (1 − β1^t) */
  float scale; /* 1 / sqrt (1 − β2^t) */
} Step;

RunetAdam *
runet_adam_new (const gsize *sizes, guint count) {
  RunetAdam *adam = g_new0 (RunetAdam, 1);
  adam->count = count;
  adam->sizes = g_new (gsize, count);
  adam->moment1 = g_new0 (float *, count);
  adam->moment2 = g_new0 (float *, count);
  adam->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  for (guint i = 0; i < count; i++) {
    adam->sizes[i] = sizes[i];
    adam->moment1[i] = g_new0 (float, sizes[i]);
    adam->moment2[i] = g_new0 (float, sizes[i]);
    for (gsize begin = 0; begin < sizes[i]; begin += PIECE_VALUES) {
      Piece piece = {i, begin, MIN (begin + PIECE_VALUES, sizes[i])};
      g_array_append_val (adam->pieces, piece);
    }
  }
  return adam;
}

void
runet_adam_free (RunetAdam *adam) {
  if (adam == NULL)
    return;
  for (guint i = 0; i < adam->count; i++) {
    g_free (adam->moment1[i]);
    g_free (adam->moment2[i]);
  }
  g_free (adam->moment1);
  g_free (adam->moment2);
  g_free (adam->sizes);
  g_array_unref (adam->pieces);
  g_free (adam);
}

static void
update_piece_cb (gsize task, guint worker, gpointer user_data) {
  const Step *step = user_data;
  const Piece *piece = &g_array_index (step->adam->pieces, Piece, task);
  float *restrict value = step->parameters[piece->parameter];
  float *restrict m = step->adam->moment1[piece->parameter];
  float *restrict v = step->adam->moment2[piece->parameter];
  const float *restrict gradient = step->gradients[piece->parameter];
  const float beta1 = (float)RUNET_ADAM_BETA1, rest1 = (float)(1 - RUNET_ADAM_BETA1);
  const float beta2 = (float)RUNET_ADAM_BETA2, rest2 = (float)(1 - RUNET_ADAM_BETA2);
  const float epsilon = (float)RUNET_ADAM_EPSILON;

  for (gsize i = piece->begin; i < piece->end; i++) {
    float g = gradient[i];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * g * g;
    value[i] -= step->rate * m[i] / (sqrtf (v[i]) * step->scale + epsilon);
  }
}

void
runet_adam_step (RunetAdam *adam,
                 RunetPool *pool,
                 double learning_rate,
                 float *const *parameters,
                 float *const *gradients) {
  adam->step++;
  double t = (double)adam->step;
  Step step = {
      .adam = adam,
      .parameters = parameters,
      .gradients = gradients,
      .rate = (float)(learning_rate / (1 - pow (RUNET_ADAM_BETA1, t))),
      .scale = (float)(1 / sqrt (1 - pow (RUNET_ADAM_BETA2, t))),
  };
  runet_pool_run (pool, adam->pieces->len, update_piece_cb, &step);
}
