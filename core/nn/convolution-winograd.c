/* 3 × 3 convolution by Winograd's F(4 × 4, 3 × 3); convolution-kernels.h says what that is, winograd.h
 * how the work is shared. */
#include "convolution-winograd.h"
#include "winograd.h"

#include <string.h>

/* A third of the L2 cache of the processors of today (1 MiB): the rest holds the weights and what
 * streams through. */
#define BLOCK_BYTES (350 * 1024)
#define FEW_TILES 128
/* A map of so many is out of the L2 caches before anybody reads it. */
#define STREAMED_BYTES (3 * 1024 * 1024)

/* Activations times weights: the parts of the input, or the gradient of the output. */
static void
init_passes (RunetWinograd *self) {
  const RunetConvolutionShape *s = &self->base.shape;
  const gsize in = s->in_channels, out = s->out_channels;
  const gsize doubled = s->doubled ? runet_convolution_shape_get_channels (s, 0) : 0;
  const RunetKernelMatrix forward = {in, out, 9, in * 9, FALSE, doubled};
  self->forward.points = s->doubled ? RUNET_WINOGRAD_INTEGERS : RUNET_WINOGRAD_ROOTS;
  self->forward.doubled = s->doubled;
  self->forward.parts = runet_convolution_shape_count_parts (s);
  for (guint part = 0; part < self->forward.parts; part++)
    self->forward.depths[part] = runet_convolution_shape_get_channels (s, part);
  runet_winograd_pass_init (&self->forward, self, &forward);
  if (!self->training)
    return;
  const RunetKernelMatrix gradient = {out, in, in * 9, 9, TRUE, 0};
  self->gradient.points = RUNET_WINOGRAD_ROOTS;
  self->gradient.parts = 1;
  self->gradient.depths[0] = out;
  runet_winograd_pass_init (&self->gradient, self, &gradient);
}

/* Beside the rule, blocks of these bytes: larger ones read the weights less often, smaller ones leave
 * more of the L2 cache (512 KiB to 2 MiB today) to them. Last, all tiles at once. */
static const gsize way_bytes[] = {BLOCK_BYTES / 2, BLOCK_BYTES / 3, BLOCK_BYTES / 4,
                                  BLOCK_BYTES * 3 / 2};
/* With more tiles their transforms would take too much memory. */
#define MOST_FEW_TILES 512

static void
take_blocks (RunetWinograd *self, gsize bytes) {
  self->schedule = RUNET_WINOGRAD_BLOCKS;
  self->block = runet_winograd_choose_block (self, bytes);
}

static void
take_few (RunetWinograd *self) {
  self->schedule = RUNET_WINOGRAD_FEW;
  self->block = self->tiles;
}

static guint
winograd_count_ways (const RunetConvolution *base) {
  const RunetWinograd *self = (const RunetWinograd *)base;
  const gboolean few = self->tiles <= MOST_FEW_TILES && !self->by_rows;
  return 1 + G_N_ELEMENTS (way_bytes) + (few ? 1 : 0);
}

static void
winograd_choose_way (RunetConvolution *base, guint way) {
  RunetWinograd *self = (RunetWinograd *)base;
  g_return_if_fail (!self->training);
  if (way == 0)
    return;
  if (way <= G_N_ELEMENTS (way_bytes))
    take_blocks (self, way_bytes[way - 1]);
  else
    take_few (self);
}

static RunetConvolution *
winograd_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  RunetWinograd *self = g_new0 (RunetWinograd, 1);
  const RunetTileGrid grid = runet_tile_grid (shape->h, shape->w);
  self->base = (RunetConvolution){&runet_convolution_winograd, *shape};
  self->kernels = runet_kernels_get ();
  self->training = training;
  self->workers = workers;
  self->tiles = shape->n * grid.rows * grid.columns;
  self->bias =
      g_aligned_alloc0 (runet_kernel_pad (shape->out_channels), sizeof (float), 64);
  self->by_rows = shape->before != NULL || shape->classified;
  init_passes (self);
  if (self->tiles <= FEW_TILES && !self->by_rows)
    take_few (self);
  else
    take_blocks (self, BLOCK_BYTES);
  if (training)
    runet_winograd_sum_init (self);
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
  const gsize floats = runet_winograd_count_run_floats (self);
  if (!self->training)
    return floats;
  return MAX (floats, runet_winograd_count_sum_floats (self));
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
  const gsize out = base->shape.out_channels, count = out * base->shape.in_channels * 9;
  if (self->weight == NULL)
    self->weight = g_new (float, count);
  memcpy (self->weight, weight, count * sizeof (float));
  memcpy (self->bias, bias, out * sizeof (float));
  /* Packed by the pool's workers when next used. */
  self->forward.stale = self->gradient.stale = TRUE;
}

static void
winograd_forward (RunetConvolution *base,
                  RunetPool *pool,
                  const RunetTensor *x,
                  const RunetConvolutionOutputs *outputs,
                  float *scratch) {
  RunetWinograd *self = (RunetWinograd *)base;
  const RunetTensor *y = &outputs->y;
  const RunetOutput how = {
      .bias = self->bias,
      .relu = base->shape.relu,
      .pooled = outputs->pooled,
      .streamed = !base->shape.classified &&
                  y->n * y->h * y->w * y->c * sizeof (float) >= STREAMED_BYTES,
  };
  const RunetWinogradRun run = {.self = self,
                                .pass = &self->forward,
                                .x = x,
                                .count = 1,
                                .targets = {{0, *y, how}},
                                .classification = outputs->classification,
                                .scratch = scratch};
  runet_winograd_pass_pack (&self->forward, self, pool);
  if (!self->training && !self->forward.stale)
    g_clear_pointer (&self->weight, g_free);
  runet_winograd_run (&run, pool);
}

/* The gradient of each part of the input is some of the columns; that of a doubled one is summed
 * over the 2 × 2 that a pixel stood for. */
static void
add_targets (const RunetConvolutionShape *shape,
             const RunetTensor *dx,
             const gboolean *add_dx,
             RunetWinogradRun *run) {
  for (gsize column = 0; run->count < runet_convolution_shape_count_parts (shape);) {
    const guint part = run->count++;
    run->targets[part] = (RunetWinogradTarget){
        column, dx[part], {.add = add_dx[part], .halved = part == 0 && shape->doubled}};
    column += runet_convolution_shape_get_channels (shape, part);
  }
}

static void
winograd_backward (RunetConvolution *base,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetTensor *y,
                   const RunetTensor *dy,
                   const RunetTensor *dx,
                   const gboolean *add_dx,
                   float *dweight,
                   float *dbias,
                   float *scratch) {
  RunetWinograd *self = (RunetWinograd *)base;
  g_return_if_fail (self->training);
  const RunetTensor *gate = base->shape.relu ? y : NULL;
  RunetWinogradRun run = {
      .self = self, .pass = &self->gradient, .x = dy, .gate = gate, .scratch = scratch};
  if (dx != NULL) {
    add_targets (&base->shape, dx, add_dx, &run);
    runet_winograd_pass_pack (&self->gradient, self, pool);
  }
  const gboolean done = runet_winograd_sum (
      self, pool, x, gate, dy, dx != NULL ? &run : NULL, dweight, dbias, scratch);
  if (dx != NULL && !done)
    runet_winograd_run (&run, pool);
}

const RunetConvolutionClass runet_convolution_winograd = {
    .algorithm = "winograd-4x4",
    .reads_parts = TRUE,
    .pools = TRUE,
    .carries = TRUE,
    .new_ = winograd_new,
    .free = winograd_free,
    .scratch_floats = winograd_scratch_floats,
    .weight_bytes = winograd_weight_bytes,
    .count_ways = winograd_count_ways,
    .choose_way = winograd_choose_way,
    .set_weights = winograd_set_weights,
    .forward = winograd_forward,
    .backward = winograd_backward,
};
