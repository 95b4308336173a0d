/* 3 × 3 convolution by Winograd's F(4 × 4, 3 × 3); convolution-kernels.h says what that is, winograd.h
 * how the work is shared. */
#include "convolution-winograd.h"
#include "winograd.h"

#include <string.h>

/* A third of the L2 cache of the processors of today (1 MiB): the rest holds the weights and what
 * streams through. */
#define BLOCK_BYTES (350 * 1024)
#define FEW_TILES 128

static RunetConvolution *
winograd_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  RunetWinograd *self = g_new0 (RunetWinograd, 1);
  gsize in = shape->in_channels, out = shape->out_channels;
  self->base = (RunetConvolution){&runet_convolution_winograd, *shape};
  self->kernels = runet_kernels_get ();
  self->training = training;
  self->workers = workers;
  self->tiles = shape->n * runet_winograd_divide_up (shape->h, RUNET_WINOGRAD_TILE) *
                runet_winograd_divide_up (shape->w, RUNET_WINOGRAD_TILE);
  self->weight = g_new0 (float, out *in * 9);
  self->bias = g_aligned_alloc0 (runet_winograd_pad (out), sizeof (float), 64);

  RunetKernelMatrix forward = {in, out, 9, in * 9, FALSE};
  runet_winograd_pass_init (&self->forward, self, &forward);
  self->schedule =
      self->tiles <= FEW_TILES ? RUNET_WINOGRAD_FEW : RUNET_WINOGRAD_BLOCKS;
  self->block = self->tiles;
  if (self->schedule == RUNET_WINOGRAD_BLOCKS)
    self->block = runet_winograd_choose_block (self, BLOCK_BYTES);
  if (training) {
    RunetKernelMatrix gradient = {out, in, in * 9, 9, TRUE};
    runet_winograd_pass_init (&self->gradient, self, &gradient);
    runet_winograd_sum_init (self);
  }
  return &self->base;
}

static void
winograd_free (RunetConvolution *base) {
  RunetWinograd *self = (RunetWinograd *)base;
  g_free (self->weight);
  g_aligned_free (self->bias);
  runet_winograd_pass_clear (&self->forward);
  runet_winograd_pass_clear (&self->gradient);
  g_free (self);
}

static gsize
winograd_scratch_floats (const RunetConvolution *base) {
  const RunetWinograd *self = (const RunetWinograd *)base;
  gsize floats = runet_winograd_count_run_floats (self);
  if (self->training)
    floats = MAX (floats, runet_winograd_count_sum_floats (self));
  return floats;
}

static gsize
winograd_weight_bytes (const RunetConvolution *base) {
  const RunetWinograd *self = (const RunetWinograd *)base;
  gsize plain = base->shape.in_channels * base->shape.out_channels * 9;
  gsize packed = self->forward.frequency_stride + self->gradient.frequency_stride;
  return (plain + self->forward.columns_pad + RUNET_WINOGRAD_FREQUENCIES * packed) *
         sizeof (float);
}

static void
winograd_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  RunetWinograd *self = (RunetWinograd *)base;
  gsize out = base->shape.out_channels;
  memcpy (self->weight, weight, out * base->shape.in_channels * 9 * sizeof (float));
  memcpy (self->bias, bias, out * sizeof (float));
  /* Packed by the pool's workers when next used. */
  self->forward.stale = self->gradient.stale = TRUE;
}

static void
winograd_forward (RunetConvolution *base,
                  RunetPool *pool,
                  const RunetTensor *x,
                  const RunetTensor *y,
                  float *scratch) {
  RunetWinograd *self = (RunetWinograd *)base;
  RunetOutput output = {self->bias, base->shape.relu, FALSE};
  RunetWinogradRun run = {self, &self->forward, x, NULL, y, output, scratch};
  runet_winograd_pass_pack (&self->forward, self, pool);
  runet_winograd_run (&run, pool);
}

static void
winograd_backward (RunetConvolution *base,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetTensor *y,
                   const RunetTensor *dy,
                   const RunetTensor *dx,
                   gboolean add_dx,
                   float *dweight,
                   float *dbias,
                   float *scratch) {
  RunetWinograd *self = (RunetWinograd *)base;
  g_return_if_fail (self->training);
  const RunetTensor *gate = base->shape.relu ? y : NULL;
  RunetOutput output = {NULL, FALSE, add_dx};
  RunetWinogradRun run = {self, &self->gradient, dy, gate, dx, output, scratch};

  if (dx != NULL)
    runet_winograd_pass_pack (&self->gradient, self, pool);
  gboolean done = runet_winograd_sum (self, pool, x, gate, dy, dx != NULL ? &run : NULL,
                                      dweight, dbias, scratch);
  if (dx != NULL && !done)
    runet_winograd_run (&run, pool);
}

const RunetConvolutionClass runet_convolution_winograd = {
    .algorithm = "winograd-4x4",
    .new_ = winograd_new,
    .free = winograd_free,
    .scratch_floats = winograd_scratch_floats,
    .weight_bytes = winograd_weight_bytes,
    .set_weights = winograd_set_weights,
    .forward = winograd_forward,
    .backward = winograd_backward,
};
