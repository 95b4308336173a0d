/* 1 × 1 convolution: one product of pixels × I by I × O, in blocks of pixels. */
#include "convolution-pointwise.h"
#include "convolution-kernels.h"

#include <string.h>

/* A block of 16 channels and its copies fit the L1 cache. */
#define BLOCK_PIXELS 192
/* Groups of blocks a worker that have a sum of the weight gradients of their own. */
#define GROUPS_A_WORKER 4

typedef struct {
  RunetConvolution base;
  const RunetKernels *kernels;
  guint workers;
  gsize pixels;
  gsize in_pad, out_pad;
  float *weight; /* O × padded I */
  float *turned; /* I × padded O */
  float *bias; /* padded O */
  gsize groups;
} Pointwise;

static gsize
pad (gsize channels) {
  return (channels + RUNET_KERNEL_PAD - 1) / RUNET_KERNEL_PAD * RUNET_KERNEL_PAD;
}

static RunetConvolution *
pointwise_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Pointwise *self = g_new0 (Pointwise, 1);
  self->base = (RunetConvolution){&runet_convolution_pointwise, *shape};
  self->kernels = runet_kernels_get ();
  self->workers = workers;
  self->pixels = shape->n * shape->h * shape->w;
  self->in_pad = pad (shape->in_channels);
  self->out_pad = pad (shape->out_channels);
  self->weight =
      g_aligned_alloc0 (shape->out_channels * self->in_pad, sizeof (float), 64);
  self->turned =
      g_aligned_alloc0 (shape->in_channels * self->out_pad, sizeof (float), 64);
  self->bias = g_aligned_alloc0 (self->out_pad, sizeof (float), 64);
  self->groups = GROUPS_A_WORKER * workers;
  return &self->base;
}

static void
pointwise_free (RunetConvolution *base) {
  Pointwise *self = (Pointwise *)base;
  g_aligned_free (self->weight);
  g_aligned_free (self->turned);
  g_aligned_free (self->bias);
  g_free (self);
}

/* Per worker a block of x and one of y; per group the sums of O × I and of O. */
static gsize
count_block_floats (const Pointwise *self) {
  return BLOCK_PIXELS * (self->in_pad + self->out_pad);
}

static gsize
count_sum_floats (const Pointwise *self) {
  return self->base.shape.out_channels * self->in_pad + self->out_pad;
}

static gsize
pointwise_scratch_floats (const RunetConvolution *base) {
  const Pointwise *self = (const Pointwise *)base;
  return self->workers * count_block_floats (self) +
         self->groups * count_sum_floats (self);
}

static gsize
pointwise_weight_bytes (const RunetConvolution *base) {
  const Pointwise *self = (const Pointwise *)base;
  gsize in = base->shape.in_channels, out = base->shape.out_channels;
  return (out * self->in_pad + (in + 1) * self->out_pad) * sizeof (float);
}

static void
pointwise_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Pointwise *self = (Pointwise *)base;
  gsize in = base->shape.in_channels, out = base->shape.out_channels;
  for (gsize o = 0; o < out; o++)
    for (gsize i = 0; i < in; i++) {
      self->weight[o * self->in_pad + i] = weight[o * in + i];
      self->turned[i * self->out_pad + o] = weight[o * in + i];
    }
  memcpy (self->bias, bias, out * sizeof (float));
}

typedef struct {
  const Pointwise *self;
  const RunetTensor *x, *y, *dy, *dx;
  gboolean add_dx;
  float *scratch;
} Run;

/* Pixels follow each other at the stride also from row to row and from image to image. */
static float *
get_pixel (const RunetTensor *t, gsize pixel) {
  return t->data + pixel * t->stride;
}

static float *
get_block (const Run *run, guint worker) {
  return run->scratch + worker * count_block_floats (run->self);
}

static float *
get_sum (const Run *run, gsize group) {
  return run->scratch + run->self->workers * count_block_floats (run->self) +
         group * count_sum_floats (run->self);
}

static void
forward_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Pointwise *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize first = task * BLOCK_PIXELS;
  gsize count = MIN (BLOCK_PIXELS, self->pixels - first);
  float *block = get_block (run, worker);
  RunetPanels b = {self->turned, self->out_pad, self->kernels->panel};
  RunetOutput output = {self->bias, s->relu, FALSE};

  self->kernels->multiply (count, s->in_channels, self->out_pad,
                           get_pixel (run->x, first), run->x->stride, 1, &b, block,
                           self->out_pad, FALSE);
  self->kernels->finish_pixels (block, self->out_pad, &output, count, s->out_channels,
                                get_pixel (run->y, first), run->y->stride);
}

static void
pointwise_forward (RunetConvolution *base,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetTensor *y,
                   float *scratch) {
  Run run = {.self = (Pointwise *)base, .x = x, .y = y, .scratch = scratch};
  gsize blocks = (run.self->pixels + BLOCK_PIXELS - 1) / BLOCK_PIXELS;
  runet_pool_run (pool, blocks, forward_cb, &run);
}

/* The gradients of one block; @dy: gated, count × padded O; @other: a block of padded I. */
static void
add_block (const Run *run,
           gsize first,
           gsize count,
           const float *dy,
           float *other,
           float *sum) {
  const Pointwise *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  const RunetKernels *kernels = self->kernels;
  float *bias = sum + s->out_channels * self->in_pad;

  kernels->copy_pixels (get_pixel (run->x, first), run->x->stride, NULL, 0, count,
                        s->in_channels, other, self->in_pad);
  RunetPanels x = {other, self->in_pad, kernels->panel};
  kernels->multiply (s->out_channels, count, self->in_pad, dy, 1, self->out_pad, &x,
                     sum, self->in_pad, TRUE);
  for (gsize p = 0; p < count; p++)
    for (gsize o = 0; o < s->out_channels; o++)
      bias[o] += dy[p * self->out_pad + o];
  if (run->dx == NULL)
    return;

  RunetPanels w = {self->weight, self->in_pad, kernels->panel};
  RunetOutput output = {NULL, FALSE, run->add_dx};
  kernels->multiply (count, s->out_channels, self->in_pad, dy, self->out_pad, 1, &w,
                     other, self->in_pad, FALSE);
  kernels->finish_pixels (other, self->in_pad, &output, count, s->in_channels,
                          get_pixel (run->dx, first), run->dx->stride);
}

/* The pixels of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
backward_cb (gsize group, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Pointwise *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize begin = group * self->pixels / self->groups;
  gsize end = (group + 1) * self->pixels / self->groups;
  float *sum = get_sum (run, group);
  float *dy = get_block (run, worker);
  float *other = dy + BLOCK_PIXELS * self->out_pad;

  memset (sum, 0, count_sum_floats (self) * sizeof (float));
  for (gsize first = begin; first < end; first += BLOCK_PIXELS) {
    gsize count = MIN (BLOCK_PIXELS, end - first);
    const float *gate = s->relu ? get_pixel (run->y, first) : NULL;
    self->kernels->copy_pixels (get_pixel (run->dy, first), run->dy->stride, gate,
                                run->y->stride, count, s->out_channels, dy,
                                self->out_pad);
    add_block (run, first, count, dy, other, sum);
  }
}

static void
pointwise_backward (RunetConvolution *base,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *y,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    gboolean add_dx,
                    float *dweight,
                    float *dbias,
                    float *scratch) {
  Run run = {(Pointwise *)base, x, y, dy, dx, add_dx, scratch};
  const Pointwise *self = run.self;
  gsize in = base->shape.in_channels, out = base->shape.out_channels;

  runet_pool_run (pool, self->groups, backward_cb, &run);
  for (gsize group = 0; group < self->groups; group++) {
    const float *sum = get_sum (&run, group);
    for (gsize o = 0; o < out; o++) {
      for (gsize i = 0; i < in; i++)
        dweight[o * in + i] += sum[o * self->in_pad + i];
      dbias[o] += sum[out * self->in_pad + o];
    }
  }
}

const RunetConvolutionClass runet_convolution_pointwise = {
    .algorithm = "pointwise",
    .new_ = pointwise_new,
    .free = pointwise_free,
    .scratch_floats = pointwise_scratch_floats,
    .weight_bytes = pointwise_weight_bytes,
    .set_weights = pointwise_set_weights,
    .forward = pointwise_forward,
    .backward = pointwise_backward,
};
