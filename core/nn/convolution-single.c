/* 3 × 3 convolution of one input channel, by rows.
 *
 * With one channel there is nothing to sum between Winograd's transforms; nine multiplications a
 * value are cheaper than those. */
#include "convolution-single.h"
#include "convolution-kernels.h"

#include <string.h>

/* Rows of a task of the input's gradient; two more are computed. */
#define GRADIENT_ROWS 8
#define GROUPS_A_WORKER 4

typedef struct {
  RunetConvolution base;
  const RunetKernels *kernels;
  guint workers;
  gsize out_pad;
  gsize row_floats; /* a row with its halo */
  float *weight; /* 9 × padded O */
  float *turned; /* O × padded 9 */
  float *bias; /* padded O */
  gsize groups;
} Single;

static gsize
pad (gsize floats) {
  return (floats + RUNET_KERNEL_PAD - 1) / RUNET_KERNEL_PAD * RUNET_KERNEL_PAD;
}

static RunetConvolution *
single_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Single *self = g_new0 (Single, 1);
  self->base = (RunetConvolution){&runet_convolution_single, *shape};
  self->kernels = runet_kernels_get_usable ()[0];
  self->workers = workers;
  self->out_pad = pad (shape->out_channels);
  self->row_floats = pad (shape->w + 2);
  self->weight = g_aligned_alloc0 (9 * self->out_pad, sizeof (float), 64);
  self->turned =
      g_aligned_alloc0 (shape->out_channels * RUNET_KERNEL_PAD, sizeof (float), 64);
  self->bias = g_aligned_alloc0 (self->out_pad, sizeof (float), 64);
  self->groups = GROUPS_A_WORKER * workers;
  return &self->base;
}

static void
single_free (RunetConvolution *base) {
  Single *self = (Single *)base;
  g_aligned_free (self->weight);
  g_aligned_free (self->turned);
  g_aligned_free (self->bias);
  g_free (self);
}

/* Per worker three rows of x, one gated row of dy, and the products of GRADIENT_ROWS + 2 rows with
 * the nine taps; per group the sums of nine taps and the bias. */
static gsize
count_worker_floats (const Single *self) {
  gsize w = self->base.shape.w;
  return 3 * self->row_floats + w * self->out_pad +
         (GRADIENT_ROWS + 2) * w * RUNET_KERNEL_PAD;
}

static gsize
count_sum_floats (const Single *self) {
  return 10 * self->out_pad;
}

static gsize
single_scratch_floats (const RunetConvolution *base) {
  const Single *self = (const Single *)base;
  return self->workers * count_worker_floats (self) +
         self->groups * count_sum_floats (self);
}

static void
single_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Single *self = (Single *)base;
  for (gsize o = 0; o < base->shape.out_channels; o++)
    for (gsize tap = 0; tap < 9; tap++) {
      self->weight[tap * self->out_pad + o] = weight[o * 9 + tap];
      self->turned[o * RUNET_KERNEL_PAD + tap] = weight[o * 9 + tap];
    }
  memcpy (self->bias, bias, base->shape.out_channels * sizeof (float));
}

typedef struct {
  const Single *self;
  const RunetTensor *x, *y, *dy, *dx;
  gboolean add_dx;
  float *scratch;
} Run;

static float *
get_worker_floats (const Run *run, guint worker) {
  return run->scratch + worker * count_worker_floats (run->self);
}

static float *
get_sum (const Run *run, gsize group) {
  return run->scratch + run->self->workers * count_worker_floats (run->self) +
         group * count_sum_floats (run->self);
}

/* Copies the rows of x around @row with a halo of zeros. */
static void
copy_rows (const Run *run, gsize n, gsize row, float *buffer, const float *rows[3]) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  for (gsize i = 0; i < 3; i++) {
    float *to = buffer + i * run->self->row_floats;
    rows[i] = to;
    memset (to, 0, run->self->row_floats * sizeof (float));
    if (row + i - 1 >= s->h) /* also above the first row: it wraps */
      continue;
    const float *from = runet_tensor_pixel (run->x, n, row + i - 1, 0);
    for (gsize x = 0; x < s->w; x++)
      to[1 + x] = from[x * run->x->stride];
  }
}

static void
forward_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Single *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize n = task / s->h, row = task % s->h;
  RunetOutput output = {self->bias, s->relu, FALSE};
  const float *rows[3];
  copy_rows (run, n, row, get_worker_floats (run, worker), rows);
  self->kernels->filter_row (rows, s->w, self->weight, self->out_pad, &output,
                             s->out_channels, runet_tensor_pixel (run->y, n, row, 0),
                             run->y->stride);
}

static void
single_forward (RunetConvolution *base,
                RunetPool *pool,
                const RunetTensor *x,
                const RunetTensor *y,
                float *scratch) {
  Run run = {.self = (Single *)base, .x = x, .y = y, .scratch = scratch};
  runet_pool_run (pool, base->shape.n * base->shape.h, forward_cb, &run);
}

/* A row of dy through the ReLU. */
static void
gate_row (const Run *run, gsize n, gsize row, float *to) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  const float *gate = s->relu ? runet_tensor_pixel (run->y, n, row, 0) : NULL;
  run->self->kernels->copy_pixels (runet_tensor_pixel (run->dy, n, row, 0),
                                   run->dy->stride, gate, run->y->stride, s->w,
                                   s->out_channels, to, run->self->out_pad);
}

/* The rows of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
sum_weights_cb (gsize group, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Single *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize rows_in_all = s->n * s->h;
  float *buffer = get_worker_floats (run, worker);
  float *dy = buffer + 3 * self->row_floats;
  float *sum = get_sum (run, group);

  memset (sum, 0, count_sum_floats (self) * sizeof (float));
  for (gsize r = group * rows_in_all / self->groups;
       r < (group + 1) * rows_in_all / self->groups; r++) {
    const float *rows[3];
    copy_rows (run, r / s->h, r % s->h, buffer, rows);
    gate_row (run, r / s->h, r % s->h, dy);
    self->kernels->filter_row_gradient (rows, s->w, dy, self->out_pad, self->out_pad,
                                        sum, self->out_pad);
  }
}

/* Adds to a row of dx what the products of three rows of dy say: @products[ky] is W × padded 9. */
static void
gather_row (const Run *run, float *const products[3], gsize n, gsize row) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  for (gsize x = 0; x < s->w; x++) {
    float sum = 0;
    for (gsize ky = 0; ky < 3; ky++)
      for (gsize kx = 0; kx < 3 && products[ky] != NULL; kx++)
        if (x + 1 - kx < s->w) /* also left of the first column: it wraps */
          sum += products[ky][(x + 1 - kx) * RUNET_KERNEL_PAD + ky * 3 + kx];
    float *dx = runet_tensor_pixel (run->dx, n, row, x);
    *dx = run->add_dx ? *dx + sum : sum;
  }
}

/* dx (p) = Σ over taps of w (tap) · dy (p + 1 - tap): one product a row of dy with all nine taps,
 * then nine additions a pixel. */
static void
input_gradient_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Single *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  gsize tasks = (s->h + GRADIENT_ROWS - 1) / GRADIENT_ROWS;
  gsize n = task / tasks, first = task % tasks * GRADIENT_ROWS;
  gsize end = MIN (first + GRADIENT_ROWS, s->h);
  float *dy = get_worker_floats (run, worker) + 3 * self->row_floats;
  float *products = dy + s->w * self->out_pad;
  gsize product_floats = s->w * RUNET_KERNEL_PAD;
  RunetPanels w = {self->turned, RUNET_KERNEL_PAD, self->kernels->panel};

  for (gsize i = 0; i < end - first + 2; i++) {
    if (first + i - 1 >= s->h)
      continue;
    gate_row (run, n, first + i - 1, dy);
    self->kernels->multiply (s->w, s->out_channels, RUNET_KERNEL_PAD, dy, self->out_pad,
                             1, &w, products + i * product_floats, RUNET_KERNEL_PAD,
                             FALSE);
  }
  for (gsize row = first; row < end; row++) {
    float *at = products + (row - first) * product_floats;
    /* Tap ky reads the row of dy at row + 1 - ky. */
    float *by_tap[3] = {row + 1 < s->h ? at + 2 * product_floats : NULL,
                        at + product_floats, row > 0 ? at : NULL};
    gather_row (run, by_tap, n, row);
  }
}

static void
single_backward (RunetConvolution *base,
                 RunetPool *pool,
                 const RunetTensor *x,
                 const RunetTensor *y,
                 const RunetTensor *dy,
                 const RunetTensor *dx,
                 gboolean add_dx,
                 float *dweight,
                 float *dbias,
                 float *scratch) {
  Run run = {(Single *)base, x, y, dy, dx, add_dx, scratch};
  const Single *self = run.self;
  const RunetConvolutionShape *s = &base->shape;

  runet_pool_run (pool, self->groups, sum_weights_cb, &run);
  for (gsize group = 0; group < self->groups; group++) {
    const float *sum = get_sum (&run, group);
    for (gsize o = 0; o < s->out_channels; o++) {
      for (gsize tap = 0; tap < 9; tap++)
        dweight[o * 9 + tap] += sum[tap * self->out_pad + o];
      dbias[o] += sum[9 * self->out_pad + o];
    }
  }
  if (dx != NULL)
    runet_pool_run (pool, s->n * ((s->h + GRADIENT_ROWS - 1) / GRADIENT_ROWS),
                    input_gradient_cb, &run);
}

const RunetConvolutionClass runet_convolution_single = {
    .algorithm = "direct",
    .new_ = single_new,
    .free = single_free,
    .scratch_floats = single_scratch_floats,
    .set_weights = single_set_weights,
    .forward = single_forward,
    .backward = single_backward,
};
