/* 1 × 1 convolution: products of pixels × I by I × O on OpenBLAS, in blocks of pixels. */
#include "convolution-pointwise.h"
#include "convolution-kernels.h"

#include <cblas.h>
#include <string.h>

/* Pixels of one product: enough for OpenBLAS, few enough to keep all workers busy. */
#define BLOCK_PIXELS 1024
/* Groups of blocks a worker that have a sum of the weight gradients of their own. */
#define GROUPS_A_WORKER 4

typedef struct {
  RunetConvolution base;
  guint workers;
  gsize pixels;
  gsize groups;
  const RunetKernels *kernels;
  float *weight; /* O × I */
  float *classes; /* I × RUNET_KERNEL_CLASSES; %NULL for more than those */
  float *bias; /* O */
} Pointwise;

static RunetConvolution *
pointwise_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Pointwise *self = g_new0 (Pointwise, 1);
  self->base = (RunetConvolution){&runet_convolution_pointwise, *shape};
  self->workers = workers;
  self->pixels = shape->n * shape->h * shape->w;
  self->groups = GROUPS_A_WORKER * workers;
  self->weight = g_new0 (float, shape->out_channels * shape->in_channels);
  self->bias = g_new0 (float, MAX (shape->out_channels, RUNET_KERNEL_CLASSES));
  self->kernels = runet_kernels_get ();
  if (shape->out_channels <= RUNET_KERNEL_CLASSES)
    self->classes = g_aligned_alloc0 (shape->in_channels * RUNET_KERNEL_CLASSES,
                                      sizeof (float), 64);
  return &self->base;
}

static void
pointwise_free (RunetConvolution *base) {
  Pointwise *self = (Pointwise *)base;
  g_free (self->weight);
  g_aligned_free (self->classes);
  g_free (self->bias);
  g_free (self);
}

static gsize
count_weights (const RunetConvolution *base) {
  return base->shape.out_channels * base->shape.in_channels;
}

/* The sums of the gradients of O × I weights and of O biases. */
static gsize
count_sum_floats (const RunetConvolution *base) {
  return count_weights (base) + base->shape.out_channels;
}

/* Per worker a block of gated dy; per group its sums. */
static gsize
pointwise_scratch_floats (const RunetConvolution *base) {
  const Pointwise *self = (const Pointwise *)base;
  return self->workers * BLOCK_PIXELS * base->shape.out_channels +
         self->groups * count_sum_floats (base);
}

static gsize
pointwise_weight_bytes (const RunetConvolution *base) {
  return count_sum_floats (base) * sizeof (float);
}

static void
pointwise_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Pointwise *self = (Pointwise *)base;
  memcpy (self->weight, weight, count_weights (base) * sizeof (float));
  memcpy (self->bias, bias, base->shape.out_channels * sizeof (float));
  if (self->classes == NULL)
    return;
  for (gsize o = 0; o < base->shape.out_channels; o++)
    for (gsize i = 0; i < base->shape.in_channels; i++)
      self->classes[i * RUNET_KERNEL_CLASSES + o] =
          weight[o * base->shape.in_channels + i];
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
get_sum (const Run *run, gsize group) {
  const RunetConvolution *base = &run->self->base;
  return run->scratch + run->self->workers * BLOCK_PIXELS * base->shape.out_channels +
         group * count_sum_floats (base);
}

static void
forward_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Pointwise *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize first = task * BLOCK_PIXELS;
  gsize count = MIN (BLOCK_PIXELS, self->pixels - first);
  float *y = get_pixel (run->y, first);

  for (gsize p = 0; p < count; p++)
    memcpy (y + p * run->y->stride, self->bias, s->out_channels * sizeof (float));
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)count,
               (blasint)s->out_channels, (blasint)s->in_channels, 1,
               get_pixel (run->x, first), (blasint)run->x->stride, self->weight,
               (blasint)s->in_channels, 1, y, (blasint)run->y->stride);
  for (gsize p = 0; s->relu && p < count; p++)
    for (gsize o = 0; o < s->out_channels; o++)
      y[p * run->y->stride + o] = MAX (y[p * run->y->stride + o], 0);
}

static void
pointwise_forward (RunetConvolution *base,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetConvolutionOutputs *outputs,
                   float *scratch) {
  Run run = {.self = (Pointwise *)base, .x = x, .y = &outputs->y, .scratch = scratch};
  gsize blocks = (run.self->pixels + BLOCK_PIXELS - 1) / BLOCK_PIXELS;
  runet_pool_run (pool, blocks, forward_cb, &run);
}

/* dy of a block, zero where the ReLU was, count × O; adds its sum to @bias. */
static void
gate (const Run *run, gsize first, gsize count, float *gated, float *bias) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  for (gsize p = 0; p < count; p++) {
    const float *dy = get_pixel (run->dy, first + p);
    const float *y = get_pixel (run->y, first + p);
    for (gsize o = 0; o < s->out_channels; o++) {
      float value = s->relu && y[o] <= 0 ? 0 : dy[o];
      gated[p * s->out_channels + o] = value;
      bias[o] += value;
    }
  }
}

/* The gradients of one block, dW += dyᵀ x and dx [+]= dy W. */
static void
add_block (const Run *run, gsize first, gsize count, const float *dy, float *sum) {
  const Pointwise *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  const blasint in = (blasint)s->in_channels, out = (blasint)s->out_channels;
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, out, in, (blasint)count, 1, dy,
               out, get_pixel (run->x, first), (blasint)run->x->stride, 1, sum, in);
  if (run->dx != NULL)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)count, in, out, 1,
                 dy, out, self->weight, in, run->add_dx ? 1 : 0,
                 get_pixel (run->dx, first), (blasint)run->dx->stride);
}

/* The pixels of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
backward_cb (gsize group, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Pointwise *self = run->self;
  gsize begin = group * self->pixels / self->groups;
  gsize end = (group + 1) * self->pixels / self->groups;
  float *sum = get_sum (run, group);
  float *dy = run->scratch + worker * BLOCK_PIXELS * self->base.shape.out_channels;

  memset (sum, 0, count_sum_floats (&self->base) * sizeof (float));
  for (gsize first = begin; first < end; first += BLOCK_PIXELS) {
    gsize count = MIN (BLOCK_PIXELS, end - first);
    gate (run, first, count, dy, sum + count_weights (&self->base));
    add_block (run, first, count, dy, sum);
  }
}

static void
pointwise_backward (RunetConvolution *base,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *y,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    const gboolean *add_dx,
                    float *dweight,
                    float *dbias,
                    float *scratch) {
  Run run = {(Pointwise *)base, x, y, dy, dx, dx != NULL && *add_dx, scratch};
  runet_pool_run (pool, run.self->groups, backward_cb, &run);
  for (gsize group = 0; group < run.self->groups; group++) {
    const float *sum = get_sum (&run, group);
    for (gsize i = 0; i < count_weights (base); i++)
      dweight[i] += sum[i];
    for (gsize o = 0; o < base->shape.out_channels; o++)
      dbias[o] += sum[count_weights (base) + o];
  }
}

/* ---------------------------------------------------------------- with the softmax */

void
runet_classification_run_pixels (const RunetClassification *self,
                                 const float *x,
                                 gsize stride,
                                 gsize first,
                                 gsize count) {
  const Pointwise *head = (const Pointwise *)self->head;
  const RunetConvolutionShape *s = &head->base.shape;
  float *foreground =
      self->foreground.data != NULL ? get_pixel (&self->foreground, first) : NULL;
  head->kernels->classify (x, stride, count, s->in_channels, head->classes, head->bias,
                           s->out_channels, get_pixel (&self->y, first), self->y.stride,
                           foreground);
  if (foreground != NULL)
    head->kernels->sigmoid (foreground, count, self->slope, self->shift);
}

typedef struct {
  const RunetClassification *self;
  const RunetTensor *x;
} ClassificationRun;

static void
classify_cb (gsize row, guint worker, gpointer user_data) {
  const ClassificationRun *run = user_data;
  const gsize first = row * run->x->w;
  runet_classification_run_pixels (run->self, get_pixel (run->x, first), run->x->stride,
                                   first, run->x->w);
}

void
runet_classification_run (const RunetClassification *self,
                          RunetPool *pool,
                          const RunetTensor *x) {
  ClassificationRun run = {self, x};
  g_return_if_fail (self->foreground.data == NULL || self->foreground.stride == 1);
  runet_pool_run (pool, x->n * x->h, classify_cb, &run);
}

const RunetConvolutionClass runet_convolution_pointwise = {
    .algorithm = "blas",
    .classes = RUNET_KERNEL_CLASSES,
    .new_ = pointwise_new,
    .free = pointwise_free,
    .scratch_floats = pointwise_scratch_floats,
    .weight_bytes = pointwise_weight_bytes,
    .set_weights = pointwise_set_weights,
    .forward = pointwise_forward,
    .backward = pointwise_backward,
};
