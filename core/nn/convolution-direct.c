/* 3 × 3 convolution without transforms.
 *
 * Some rows of an image are copied with a border of zeros, W + 2 pixels a row. In such a strip each
 * of the nine taps is the same pixels from another start, so that one product of nine factors side
 * by side, (pixels × 9 I) · (9 I × O), does them all; two pixels a row are computed in vain. */
#include "convolution-direct.h"
#include "convolution-kernels.h"
#include "operations.h"

#include <string.h>

#define TAPS 9
/* Floats of a task's strips and product: half a megabyte, an L2 cache. */
#define TASK_FLOATS (128 * 1024)
/* Groups of rows a worker that have a sum of the weight gradients of their own. */
#define GROUPS_A_WORKER 2

typedef struct {
  RunetConvolution base;
  const RunetKernels *kernels;
  gboolean training;
  guint workers;
  gsize pitch; /* pixels of a row of a strip */
  gsize rows; /* of a task */
  gsize tasks_an_image;
  gsize in_pad, out_pad;
  gsize groups;
  float *forward; /* panels of 9 I × padded O */
  float *gradient; /* panels of 9 O × padded I, turned; training only */
  float *bias; /* padded O */
} Direct;

static gsize
get_panel (const Direct *self, gsize columns_pad) {
  return MIN (self->kernels->panel, columns_pad);
}

/* With two pixels to spare: the last tap of the last row's surplus reads them. */
static gsize
count_strip_pixels (const Direct *self) {
  return (self->rows + 2) * self->pitch + 2;
}

static float *
new_panels (gsize rows, gsize columns_pad) {
  /* A panel may be wider than the columns that are left. */
  return g_aligned_alloc0 (TAPS * rows * (columns_pad + RUNET_KERNEL_PAD),
                           sizeof (float), 64);
}

static RunetConvolution *
direct_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Direct *self = g_new0 (Direct, 1);
  self->base = (RunetConvolution){&runet_convolution_direct, *shape};
  self->kernels = runet_kernels_get ();
  self->training = training;
  self->workers = workers;
  self->pitch = shape->w + 2;
  self->in_pad = runet_kernel_pad (shape->in_channels);
  self->out_pad = runet_kernel_pad (shape->out_channels);
  const gsize row = self->pitch * (self->in_pad + 2 * self->out_pad);
  /* Even, so that no 2 × 2 of a doubled part is cut. */
  self->rows = CLAMP (TASK_FLOATS / row / 2 * 2, 2, (shape->h + 1) / 2 * 2);
  self->tasks_an_image = (shape->h + self->rows - 1) / self->rows;
  self->groups = MIN (GROUPS_A_WORKER * workers, shape->n * self->tasks_an_image);
  self->forward = new_panels (shape->in_channels, self->out_pad);
  if (training)
    self->gradient = new_panels (shape->out_channels, self->in_pad);
  self->bias = g_aligned_alloc0 (self->out_pad, sizeof (float), 64);
  return &self->base;
}

static void
direct_free (RunetConvolution *base) {
  Direct *self = (Direct *)base;
  g_aligned_free (self->forward);
  g_aligned_free (self->gradient);
  g_aligned_free (self->bias);
  g_free (self);
}

/* Of a worker: strips of x and of dy, and a product. */
static gsize
count_worker_floats (const Direct *self) {
  const gsize strips = count_strip_pixels (self) * (self->in_pad + self->out_pad);
  return strips + self->rows * self->pitch * MAX (self->in_pad, self->out_pad);
}

/* Of a group: the gradients of 9 × I × padded O weights and of the bias. */
static gsize
count_sum_floats (const Direct *self) {
  return (TAPS * self->base.shape.in_channels + 1) * self->out_pad;
}

static gsize
direct_scratch_floats (const RunetConvolution *base) {
  const Direct *self = (const Direct *)base;
  const gsize sums = self->training ? self->groups * count_sum_floats (self) : 0;
  return self->workers * count_worker_floats (self) + sums;
}

static gsize
direct_weight_bytes (const RunetConvolution *base) {
  const Direct *self = (const Direct *)base;
  const gsize forward = base->shape.in_channels * (self->out_pad + RUNET_KERNEL_PAD);
  const gsize gradient = base->shape.out_channels * (self->in_pad + RUNET_KERNEL_PAD);
  return (TAPS * (forward + (self->training ? gradient : 0)) + self->out_pad) *
         sizeof (float);
}

/* Element (tap, row, column) of a product's operand B. */
static float *
get_packed (const Direct *self,
            float *packed,
            gsize rows,
            gsize columns_pad,
            gsize tap,
            gsize row,
            gsize column) {
  const gsize panel = get_panel (self, columns_pad);
  return packed + column / panel * (TAPS * rows * panel) + (tap * rows + row) * panel +
         column % panel;
}

static void
direct_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Direct *self = (Direct *)base;
  const gsize in = base->shape.in_channels, out = base->shape.out_channels;
  memcpy (self->bias, bias, out * sizeof (float));
  for (gsize o = 0; o < out; o++)
    for (gsize i = 0; i < in; i++)
      for (gsize tap = 0; tap < TAPS; tap++) {
        const float value = weight[(o * in + i) * TAPS + tap];
        *get_packed (self, self->forward, in, self->out_pad, tap, i, o) = value;
        if (self->training)
          *get_packed (self, self->gradient, out, self->in_pad, TAPS - 1 - tap, o, i) =
              value;
      }
}

typedef struct {
  const Direct *self;
  const RunetTensor *x, *y, *dy, *dx;
  const gboolean *add_dx;
  float *scratch;
} Run;

/* Some rows of an image, and a worker's memory for them. */
typedef struct {
  gsize n, first, rows;
  float *x, *dy, *product;
} Task;

static Task
open_task (const Run *run, gsize task, guint worker) {
  const Direct *self = run->self;
  const gsize first = task % self->tasks_an_image * self->rows;
  float *data = run->scratch + worker * count_worker_floats (self);
  Task t = {.n = task / self->tasks_an_image,
            .first = first,
            .rows = MIN (self->rows, self->base.shape.h - first)};
  t.x = data;
  t.dy = t.x + count_strip_pixels (self) * self->in_pad;
  t.product = t.dy + count_strip_pixels (self) * self->out_pad;
  return t;
}

/* ---------------------------------------------------------------- strips */

static void
copy_part (const RunetTensor *part,
           gboolean doubled,
           gsize n,
           gsize row,
           gsize pixels,
           float *to,
           gsize stride) {
  const guint shift = doubled ? 1 : 0;
  for (gsize x = 0; x < pixels; x++)
    memcpy (to + x * stride, runet_tensor_pixel (part, n, row >> shift, x >> shift),
            part->c * sizeof (float));
}

/* The rows of x from one above the task's to one below. */
static void
gather_x (const Run *run, const Task *task) {
  const Direct *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  const gsize stride = self->in_pad;
  memset (task->x, 0, count_strip_pixels (self) * stride * sizeof (float));
  for (gsize i = 0; i < task->rows + 2; i++) {
    const gsize row = task->first + i - 1;
    float *to = task->x + (i * self->pitch + 1) * stride;
    if (row >= s->h) /* also above the first row: it wraps */
      continue;
    for (guint part = 0; part < runet_convolution_shape_count_parts (s); part++) {
      copy_part (&run->x[part], part == 0 && s->doubled, task->n, row, s->w, to,
                 stride);
      to += runet_convolution_shape_get_channels (s, part);
    }
  }
}

/* The same of dy through the ReLU. */
static void
gather_dy (const Run *run, const Task *task) {
  const Direct *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  const gsize stride = self->out_pad;
  memset (task->dy, 0, count_strip_pixels (self) * stride * sizeof (float));
  for (gsize i = 0; i < task->rows + 2; i++) {
    const gsize row = task->first + i - 1;
    if (row >= s->h)
      continue;
    self->kernels->copy_pixels (
        runet_tensor_pixel (run->dy, task->n, row, 0), run->dy->stride,
        s->relu ? runet_tensor_pixel (run->y, task->n, row, 0) : NULL, run->y->stride,
        s->w, s->out_channels, task->dy + (i * self->pitch + 1) * stride, stride);
  }
}

/* product = the nine taps of a strip times packed weights. */
static void
multiply_taps (const Direct *self,
               const Task *task,
               const float *strip,
               gsize stride,
               gsize channels,
               const float *packed,
               gsize columns_pad) {
  RunetFactor factors[TAPS];
  const gsize panel = get_panel (self, columns_pad);
  const RunetPanels b = {packed, panel, TAPS * channels * panel};
  for (gsize tap = 0; tap < TAPS; tap++)
    factors[tap] = (RunetFactor){strip + (tap / 3 * self->pitch + tap % 3) * stride,
                                 stride, 1, channels};
  self->kernels->multiply (task->rows * self->pitch, columns_pad, factors, TAPS, &b,
                           task->product, columns_pad, FALSE);
}

/* ---------------------------------------------------------------- forward */

static void
forward_cb (gsize index, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Direct *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  const Task task = open_task (run, index, worker);
  gather_x (run, &task);
  multiply_taps (self, &task, task.x, self->in_pad, s->in_channels, self->forward,
                 self->out_pad);
  for (gsize row = 0; row < task.rows; row++)
    for (gsize x = 0; x < s->w; x++) {
      const float *from = task.product + (row * self->pitch + x) * self->out_pad;
      float *to = runet_tensor_pixel (run->y, task.n, task.first + row, x);
      for (gsize o = 0; o < s->out_channels; o++) {
        const float value = from[o] + self->bias[o];
        to[o] = s->relu && !(value > 0) ? 0 : value;
      }
    }
}

static void
direct_forward (RunetConvolution *base,
                RunetPool *pool,
                const RunetTensor *x,
                const RunetConvolutionOutputs *outputs,
                float *scratch) {
  Run run = {.self = (Direct *)base, .x = x, .y = &outputs->y, .scratch = scratch};
  runet_pool_run (pool, base->shape.n * run.self->tasks_an_image, forward_cb, &run);
  if (outputs->pooled != NULL)
    runet_max_pool_forward (pool, &outputs->y, outputs->pooled);
}

/* ---------------------------------------------------------------- backward */

static void
write_pixel (const float *from, gsize channels, gboolean add, float *to) {
  for (gsize c = 0; c < channels; c++)
    to[c] = add ? to[c] + from[c] : from[c];
}

/* The gradient of one part; of a doubled one the sums over the 2 × 2 that a pixel stood for. */
static void
write_part (const Run *run, const Task *task, guint part, gsize column) {
  const Direct *self = run->self;
  const RunetTensor *dx = &run->dx[part];
  const gboolean doubled = part == 0 && self->base.shape.doubled;
  const guint shift = doubled ? 1 : 0;
  for (gsize row = 0; row < task->rows; row++)
    for (gsize x = 0; x < self->base.shape.w; x++) {
      const gboolean later = doubled && (row % 2 == 1 || x % 2 == 1);
      write_pixel (
          task->product + (row * self->pitch + x) * self->in_pad + column, dx->c,
          later || run->add_dx[part],
          runet_tensor_pixel (dx, task->n, (task->first + row) >> shift, x >> shift));
    }
}

static void
add_input_gradient (const Run *run, const Task *task) {
  const Direct *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  multiply_taps (self, task, task->dy, self->out_pad, s->out_channels, self->gradient,
                 self->in_pad);
  gsize column = 0;
  for (guint part = 0; part < runet_convolution_shape_count_parts (s); part++) {
    if (run->dx[part].data != NULL)
      write_part (run, task, part, column);
    column += runet_convolution_shape_get_channels (s, part);
  }
}

/* Pixels of dy with the border of one row and one pixel are where x has the middle tap. */
static void
add_weight_gradient (const Run *run, const Task *task, float *sum) {
  const Direct *self = run->self;
  const gsize in = self->base.shape.in_channels;
  const float *dy = task->dy + (self->pitch + 1) * self->out_pad;
  const gsize pixels = task->rows * self->pitch - 2;
  const RunetPanels b = {dy, self->out_pad, self->kernels->panel};
  for (gsize tap = 0; tap < TAPS; tap++) {
    const RunetFactor factor = {task->x +
                                    (tap / 3 * self->pitch + tap % 3) * self->in_pad,
                                1, self->in_pad, pixels};
    self->kernels->multiply (in, self->out_pad, &factor, 1, &b,
                             sum + tap * in * self->out_pad, self->out_pad, TRUE);
  }
  float *bias = sum + TAPS * in * self->out_pad;
  for (gsize p = 0; p < pixels; p++)
    for (gsize o = 0; o < self->out_pad; o++)
      bias[o] += dy[p * self->out_pad + o];
}

static float *
get_sum (const Run *run, gsize group) {
  return run->scratch + run->self->workers * count_worker_floats (run->self) +
         group * count_sum_floats (run->self);
}

/* The tasks of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
backward_cb (gsize group, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Direct *self = run->self;
  const gsize tasks = self->base.shape.n * self->tasks_an_image;
  float *sum = get_sum (run, group);
  memset (sum, 0, count_sum_floats (self) * sizeof (float));
  for (gsize i = group * tasks / self->groups; i < (group + 1) * tasks / self->groups;
       i++) {
    const Task task = open_task (run, i, worker);
    gather_x (run, &task);
    gather_dy (run, &task);
    add_weight_gradient (run, &task, sum);
    if (run->dx != NULL)
      add_input_gradient (run, &task);
  }
}

static void
direct_backward (RunetConvolution *base,
                 RunetPool *pool,
                 const RunetTensor *x,
                 const RunetTensor *y,
                 const RunetTensor *dy,
                 const RunetTensor *dx,
                 const gboolean *add_dx,
                 float *dweight,
                 float *dbias,
                 float *scratch) {
  const Run run = {(Direct *)base, x, y, dy, dx, add_dx, scratch};
  const Direct *self = run.self;
  const gsize in = base->shape.in_channels;
  g_return_if_fail (self->training);
  if (!runet_pool_run (pool, self->groups, backward_cb, (gpointer)&run))
    return;
  for (gsize group = 0; group < self->groups; group++) {
    const float *sum = get_sum (&run, group);
    for (gsize o = 0; o < base->shape.out_channels; o++) {
      for (gsize i = 0; i < in; i++)
        for (gsize tap = 0; tap < TAPS; tap++)
          dweight[(o * in + i) * TAPS + tap] += sum[(tap * in + i) * self->out_pad + o];
      dbias[o] += sum[TAPS * in * self->out_pad + o];
    }
  }
}

const RunetConvolutionClass runet_convolution_direct = {
    .algorithm = "direct",
    .reads_parts = TRUE,
    .pools = TRUE,
    .new_ = direct_new,
    .free = direct_free,
    .scratch_floats = direct_scratch_floats,
    .weight_bytes = direct_weight_bytes,
    .set_weights = direct_set_weights,
    .forward = direct_forward,
    .backward = direct_backward,
};
