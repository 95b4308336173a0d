/* 3 × 3 convolution of one input channel, by rows.
 *
 * With one channel there is nothing to sum between Winograd's transforms; nine multiplications a
 * value are cheaper than those. */
#include "convolution-single.h"
#include "convolution-kernels.h"

#include <string.h>

/* Rows of a task of the input's gradient; two more are computed. */
#define GRADIENT_ROWS 16
#define GROUPS_A_WORKER 4
/* Pixels of a row at a time, forward. */
#define RUN 64

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

static RunetConvolution *
single_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Single *self = g_new0 (Single, 1);
  self->base = (RunetConvolution){&runet_convolution_single, *shape};
  self->kernels = runet_kernels_get ();
  self->workers = workers;
  self->out_pad = runet_kernel_pad (shape->out_channels);
  self->row_floats = runet_kernel_pad (shape->w + 2);
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

/* A row of products with the nine taps, with a pixel of zeros at each end. */
static gsize
count_product_floats (const Single *self) {
  return (self->base.shape.w + 2) * RUNET_KERNEL_PAD;
}

/* Per worker three rows of x, one gated row of dy, and the products of GRADIENT_ROWS + 2 rows; per
 * group the sums of nine taps and the bias. */
static gsize
count_worker_floats (const Single *self) {
  return 3 * self->row_floats + self->base.shape.w * self->out_pad +
         (GRADIENT_ROWS + 2) * count_product_floats (self);
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

static gsize
single_weight_bytes (const RunetConvolution *base) {
  const Single *self = (const Single *)base;
  gsize turned = base->shape.out_channels * RUNET_KERNEL_PAD;
  return (10 * self->out_pad + turned) * sizeof (float);
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

/* Copies the rows of x around @row with a halo of zeros, for the gradients. */
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

/* @count pixels of x from @left, which may be one left of the first (it wraps) or pass the last by one;
 * zeros where there are none. */
static void
copy_pixels (const RunetTensor *x,
             gsize n,
             gsize row,
             gsize left,
             gsize count,
             float *to) {
  const gsize begin = left < x->w ? 0 : 1;
  const gsize end = MIN (count, x->w - left);
  to[0] = to[count - 1] = 0;
  if (row >= x->h) { /* also above the first row: it wraps */
    memset (to, 0, count * sizeof (float));
    return;
  }
  const float *from = runet_tensor_pixel (x, n, row, left + begin);
  if (x->stride == 1)
    memcpy (to + begin, from, (end - begin) * sizeof (float));
  for (gsize i = begin; x->stride > 1 && i < end; i++)
    to[i] = from[(i - begin) * x->stride];
}

/* Pixels of row @row of the output from @left on, all inside the image. */
static void
filter_pixels (const Single *self,
               const RunetTensor *x,
               gsize n,
               gsize row,
               gsize left,
               gsize count,
               float *y,
               gsize stride) {
  const RunetOutput output = {.bias = self->bias, .relu = self->base.shape.relu};
  for (gsize first = 0; first < count; first += RUN) {
    const gsize run = MIN (RUN, count - first);
    float around[3][RUN + 2];
    for (gsize i = 0; i < 3; i++)
      copy_pixels (x, n, row + i - 1, left + first - 1, run + 2, around[i]);
    const float *const rows[3] = {around[0], around[1], around[2]};
    self->kernels->filter_row (rows, run, self->weight, self->out_pad, &output,
                               self->base.shape.out_channels, y + first * stride,
                               stride);
  }
}

static void
single_forward_patch (const RunetConvolution *base,
                      const RunetTensor *x,
                      gsize n,
                      gsize top,
                      gsize left,
                      const RunetTensor *patch) {
  const gsize h = base->shape.h, w = base->shape.w, pixel = patch->stride;
  /* The columns of the patch that the image has. */
  const gsize skipped = left < w ? 0 : MIN (-left, patch->w);
  const gsize end = left + patch->w <= w ? patch->w : MAX (w - left, skipped);
  for (gsize i = 0; i < patch->h; i++) {
    const gsize row = top + i;
    float *to = runet_tensor_pixel (patch, 0, i, 0);
    if (row >= h) {
      memset (to, 0, patch->w * pixel * sizeof (float));
      continue;
    }
    memset (to, 0, skipped * pixel * sizeof (float));
    filter_pixels ((const Single *)base, x, n, row, left + skipped, end - skipped,
                   to + skipped * pixel, pixel);
    memset (to + end * pixel, 0, (patch->w - end) * pixel * sizeof (float));
  }
}

static void
forward_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const gsize n = task / run->y->h, row = task % run->y->h;
  filter_pixels (run->self, run->x, n, row, 0, run->y->w,
                 runet_tensor_pixel (run->y, n, row, 0), run->y->stride);
}

static void
single_forward (RunetConvolution *base,
                RunetPool *pool,
                const RunetTensor *x,
                const RunetConvolutionOutputs *outputs,
                float *scratch) {
  Run run = {.self = (Single *)base, .x = x, .y = &outputs->y};
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

/* Adds what a gated row of dy says about the weights. */
static void
add_row (const Run *run,
         gsize n,
         gsize row,
         float *buffer,
         const float *dy,
         float *sum) {
  const Single *self = run->self;
  const float *rows[3];
  copy_rows (run, n, row, buffer, rows);
  self->kernels->filter_row_gradient (rows, self->base.shape.w, dy, self->out_pad,
                                      self->out_pad, sum, self->out_pad);
}

/* A gated row of dy times all nine taps, each pixel's in a cache line. */
static void
multiply_row (const Run *run, const float *dy, float *products) {
  const Single *self = run->self;
  const RunetConvolutionShape *s = &self->base.shape;
  RunetPanels w = {self->turned, RUNET_KERNEL_PAD, self->kernels->panel};
  gsize floats = count_product_floats (self);
  memset (products, 0, RUNET_KERNEL_PAD * sizeof (float));
  memset (products + floats - RUNET_KERNEL_PAD, 0, RUNET_KERNEL_PAD * sizeof (float));
  RunetFactor factor = {dy, self->out_pad, 1, s->out_channels};
  self->kernels->multiply (s->w, RUNET_KERNEL_PAD, &factor, 1, &w,
                           products + RUNET_KERNEL_PAD, RUNET_KERNEL_PAD, FALSE);
}

/* dx (p) = Σ over taps of w (tap) · dy (p + 1 - tap). @products: those of the row above, of the
 * row and of the row below. */
static void
gather_row (const Run *run, const float *products, gsize n, gsize row) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  gsize floats = count_product_floats (run->self);
  const float *above = products, *here = products + floats;
  const float *below = products + 2 * floats;
  for (gsize x = 0; x < s->w; x++) {
    gsize left = x * RUNET_KERNEL_PAD, middle = left + RUNET_KERNEL_PAD;
    gsize right = middle + RUNET_KERNEL_PAD;
    float sum = (below[right] + below[middle + 1] + below[left + 2]) +
                (here[right + 3] + here[middle + 4] + here[left + 5]) +
                (above[right + 6] + above[middle + 7] + above[left + 8]);
    float *dx = runet_tensor_pixel (run->dx, n, row, x);
    *dx = run->add_dx ? *dx + sum : sum;
  }
}

/* Both gradients of some rows of an image, reading dy once but for a row above and below. */
static void
work_on_rows (const Run *run,
              gsize n,
              gsize first,
              gsize count,
              guint worker,
              float *sum) {
  const Single *self = run->self;
  gsize floats = count_product_floats (self);
  float *buffer = get_worker_floats (run, worker);
  float *dy = buffer + 3 * self->row_floats;
  float *products = dy + self->base.shape.w * self->out_pad;

  for (gsize i = 0; i < count + 2; i++) {
    gsize row = first + i - 1;
    gboolean own = i > 0 && i <= count;
    if (row >= self->base.shape.h) { /* also above the first row: it wraps */
      memset (products + i * floats, 0, floats * sizeof (float));
      continue;
    }
    if (!own && run->dx == NULL)
      continue;
    gate_row (run, n, row, dy);
    if (own)
      add_row (run, n, row, buffer, dy, sum);
    if (run->dx != NULL)
      multiply_row (run, dy, products + i * floats);
  }
  for (gsize i = 0; i < count && run->dx != NULL; i++)
    gather_row (run, products + i * floats, n, first + i);
}

/* The rows of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
backward_cb (gsize group, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const Single *self = run->self;
  gsize h = self->base.shape.h, rows = self->base.shape.n * h;
  gsize end = (group + 1) * rows / self->groups;
  float *sum = get_sum (run, group);

  memset (sum, 0, count_sum_floats (self) * sizeof (float));
  for (gsize row = group * rows / self->groups, count; row < end; row += count) {
    count = MIN (MIN (GRADIENT_ROWS, end - row), h - row % h);
    work_on_rows (run, row / h, row % h, count, worker, sum);
  }
}

static void
single_backward (RunetConvolution *base,
                 RunetPool *pool,
                 const RunetTensor *x,
                 const RunetTensor *y,
                 const RunetTensor *dy,
                 const RunetTensor *dx,
                 const gboolean *add_dx,
                 float *dweight,
                 float *dbias,
                 float *scratch) {
  Run run = {(Single *)base, x, y, dy, dx, dx != NULL && *add_dx, scratch};
  const Single *self = run.self;
  const RunetConvolutionShape *s = &base->shape;

  runet_pool_run (pool, self->groups, backward_cb, &run);
  for (gsize group = 0; group < self->groups; group++) {
    const float *sum = get_sum (&run, group);
    for (gsize o = 0; o < s->out_channels; o++) {
      for (gsize tap = 0; tap < 9; tap++)
        dweight[o * 9 + tap] += sum[tap * self->out_pad + o];
      dbias[o] += sum[9 * self->out_pad + o];
    }
  }
}

const RunetConvolutionClass runet_convolution_single = {
    .algorithm = "direct",
    .new_ = single_new,
    .free = single_free,
    .scratch_floats = single_scratch_floats,
    .weight_bytes = single_weight_bytes,
    .set_weights = single_set_weights,
    .forward = single_forward,
    .forward_patch = single_forward_patch,
    .backward = single_backward,
};
