/* Convolution by plain loops with sums in double: what the other engines are tested against. */
#include "convolution.h"

#include <string.h>

/* N batch, H rows, W columns, I and O channels, K × K kernel. */
typedef struct {
  RunetConvolution base;
  float *weight; /* O × I × K × K */
  float *bias; /* O */
} Reference;

static gsize
count_weights (const RunetConvolutionShape *shape) {
  return shape->out_channels * shape->in_channels * shape->kernel * shape->kernel;
}

static RunetConvolution *
reference_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Reference *self = g_new0 (Reference, 1);
  self->base = (RunetConvolution){&runet_convolution_reference, *shape};
  self->weight = g_new0 (float, count_weights (shape));
  self->bias = g_new0 (float, shape->out_channels);
  return &self->base;
}

static void
reference_free (RunetConvolution *base) {
  Reference *self = (Reference *)base;
  g_free (self->weight);
  g_free (self->bias);
  g_free (self);
}

static gsize
reference_scratch_floats (const RunetConvolution *base) {
  return 0;
}

static gsize
reference_weight_bytes (const RunetConvolution *base) {
  return (count_weights (&base->shape) + base->shape.out_channels) * sizeof (float);
}

static void
reference_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Reference *self = (Reference *)base;
  memcpy (self->weight, weight, count_weights (&base->shape) * sizeof (float));
  memcpy (self->bias, bias, base->shape.out_channels * sizeof (float));
}

/* One pass over a layer; a task is one row of one image, or one output channel. */
typedef struct {
  const Reference *self;
  const RunetTensor *x, *y, *dy, *dx;
  gboolean add_dx;
  float *dweight, *dbias;
} Run;

/* The pixel that tap @k reads at @position, or beyond @size where that is padding. */
static gsize
shift (gsize position, guint k, guint kernel) {
  return position + k - kernel / 2;
}

static double
sum_taps (const Reference *self,
          const RunetTensor *x,
          gsize n,
          gsize row,
          gsize column,
          gsize o) {
  const RunetConvolutionShape *s = &self->base.shape;
  const float *w = self->weight + o * s->in_channels * s->kernel * s->kernel;
  double sum = self->bias[o];
  for (guint ky = 0; ky < s->kernel; ky++)
    for (guint kx = 0; kx < s->kernel; kx++) {
      gsize y = shift (row, ky, s->kernel), c = shift (column, kx, s->kernel);
      if (y >= s->h || c >= s->w)
        continue;
      const float *pixel = runet_tensor_pixel (x, n, y, c);
      for (gsize i = 0; i < s->in_channels; i++)
        sum += (double)w[(i * s->kernel + ky) * s->kernel + kx] * pixel[i];
    }
  return sum;
}

static void
forward_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const RunetConvolutionShape *s = &run->self->base.shape;
  gsize n = task / s->h, row = task % s->h;
  for (gsize column = 0; column < s->w; column++)
    for (gsize o = 0; o < s->out_channels; o++) {
      double sum = sum_taps (run->self, run->x, n, row, column, o);
      runet_tensor_pixel (run->y, n, row, column)[o] =
          s->relu && !(sum > 0) ? 0.0f : (float)sum;
    }
}

static void
reference_forward (RunetConvolution *base,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetConvolutionOutputs *outputs,
                   float *scratch) {
  Run run = {.self = (Reference *)base, .x = x, .y = &outputs->y};
  runet_pool_run (pool, base->shape.n * base->shape.h, forward_cb, &run);
}

/* dL/d(output before the ReLU). */
static float
get_gradient (const Run *run, gsize n, gsize row, gsize column, gsize o) {
  gboolean relu = run->self->base.shape.relu;
  if (relu && !(runet_tensor_pixel (run->y, n, row, column)[o] > 0.0f))
    return 0.0f;
  return runet_tensor_pixel (run->dy, n, row, column)[o];
}

static double
sum_weight (const Run *run, gsize o, gsize i, guint ky, guint kx) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  double sum = 0;
  for (gsize n = 0; n < s->n; n++)
    for (gsize row = 0; row < s->h; row++)
      for (gsize column = 0; column < s->w; column++) {
        gsize y = shift (row, ky, s->kernel), x = shift (column, kx, s->kernel);
        if (y < s->h && x < s->w)
          sum += (double)get_gradient (run, n, row, column, o) *
                 runet_tensor_pixel (run->x, n, y, x)[i];
      }
  return sum;
}

static double
sum_bias (const Run *run, gsize o) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  double sum = 0;
  for (gsize n = 0; n < s->n; n++)
    for (gsize row = 0; row < s->h; row++)
      for (gsize column = 0; column < s->w; column++)
        sum += get_gradient (run, n, row, column, o);
  return sum;
}

static void
weight_gradient_cb (gsize o, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const RunetConvolutionShape *s = &run->self->base.shape;
  for (gsize i = 0; i < s->in_channels; i++)
    for (guint ky = 0; ky < s->kernel; ky++)
      for (guint kx = 0; kx < s->kernel; kx++) {
        gsize at = ((o * s->in_channels + i) * s->kernel + ky) * s->kernel + kx;
        run->dweight[at] += (float)sum_weight (run, o, i, ky, kx);
      }
  run->dbias[o] += (float)sum_bias (run, o);
}

/* dx (p) = Σ over taps of w (tap) · dy (p - tap). */
static double
sum_input (const Run *run, gsize n, gsize row, gsize column, gsize i) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  double sum = 0;
  for (guint ky = 0; ky < s->kernel; ky++)
    for (guint kx = 0; kx < s->kernel; kx++) {
      gsize y = shift (row, s->kernel - 1 - ky, s->kernel);
      gsize x = shift (column, s->kernel - 1 - kx, s->kernel);
      if (y >= s->h || x >= s->w)
        continue;
      for (gsize o = 0; o < s->out_channels; o++)
        sum +=
            (double)get_gradient (run, n, y, x, o) *
            run->self
                ->weight[((o * s->in_channels + i) * s->kernel + ky) * s->kernel + kx];
    }
  return sum;
}

static void
input_gradient_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const RunetConvolutionShape *s = &run->self->base.shape;
  gsize n = task / s->h, row = task % s->h;
  for (gsize column = 0; column < s->w; column++)
    for (gsize i = 0; i < s->in_channels; i++) {
      float *dx = runet_tensor_pixel (run->dx, n, row, column) + i;
      float sum = (float)sum_input (run, n, row, column, i);
      *dx = run->add_dx ? *dx + sum : sum;
    }
}

static void
reference_backward (RunetConvolution *base,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *y,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    const gboolean *add_dx,
                    float *dweight,
                    float *dbias,
                    float *scratch) {
  Run run = {(Reference *)base, x, y, dy, dx, dx != NULL && *add_dx, dweight, dbias};
  runet_pool_run (pool, base->shape.out_channels, weight_gradient_cb, &run);
  if (dx != NULL)
    runet_pool_run (pool, base->shape.n * base->shape.h, input_gradient_cb, &run);
}

const RunetConvolutionClass runet_convolution_reference = {
    .algorithm = "loops",
    .new_ = reference_new,
    .free = reference_free,
    .scratch_floats = reference_scratch_floats,
    .weight_bytes = reference_weight_bytes,
    .set_weights = reference_set_weights,
    .forward = reference_forward,
    .backward = reference_backward,
};
