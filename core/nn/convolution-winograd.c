/* 3 × 3 convolution by Winograd's F(4 × 4, 3 × 3); convolution-kernels.h says what that is.
 *
 * Three passes share the transforms. Forward: x → y. Data gradient: the same on the gated dy with
 * the kernels turned by 180° and the roles of the channels swapped. Weight gradient: 36 products
 * Vᵀ · (A dY Aᵀ) summed over the tiles, transformed once at the end.
 *
 * Where there are many tiles, a task takes a block of them through all 36 products, so that what
 * the transforms write is still in the L2 cache when the products read it. Where there are few and
 * the packed weights are larger than the activations, all tiles are transformed first and a task
 * is one frequency, so that every worker reads its own share of the weights only. */
#include "convolution-winograd.h"
#include "convolution-kernels.h"

#include <string.h>

/* Half of the L2 cache of the processors of today (1 MiB): the other half holds the weights. */
#define BLOCK_BYTES (500 * 1024)
/* Blocks are multiples of this: 6 and 8 rows at a time both divide it. */
#define BLOCK_STEP 24
/* With fewer tiles than this, a task is a frequency. */
#define FEW_TILES 128
/* A sum of weight gradients larger than this is not kept once a group of tiles, but shared. */
#define LARGE_SUM_BYTES (700 * 1024)
/* Tiles whose transforms are multiplied at a time then: about 4 MiB. */
#define SHARED_CHUNK_BYTES (4 * 1024 * 1024)
/* Groups of tiles a worker that have a sum of their own. */
#define GROUPS_A_WORKER 4
/* Tiles of one task that only transforms. */
#define TRANSFORM_TILES 8

/* One product of activations with weights. */
typedef struct {
  RunetKernelMatrix matrix;
  gsize depth_pad, columns_pad;
  gsize block; /* tiles of a task */
  gboolean by_frequency; /* a task is a frequency of all tiles */
  float *packed; /* 36 × panels × depth × panel */
  gsize frequency_stride; /* floats */
  RunetPanels layout;
  gboolean stale; /* packed is older than the weights */
} Pass;

typedef struct {
  RunetConvolution base;
  const RunetKernels *kernels;
  guint workers;
  gsize tiles;
  float *weight; /* O × I × 3 × 3 */
  float *bias; /* padded */
  Pass forward;
  Pass gradient;
  gboolean shared_sum; /* the weight gradient's */
  gsize sum_block; /* tiles multiplied at a time */
  gsize groups;
} Winograd;

static gsize
pad (gsize channels) {
  return (channels + RUNET_KERNEL_PAD - 1) / RUNET_KERNEL_PAD * RUNET_KERNEL_PAD;
}

/* Matrices a whole number of cache lines and an odd one apart: a power of two would put all 36
 * into the same few sets of the cache. */
static gsize
stride_of_frequency (gsize tiles, gsize channels_pad) {
  gsize lines = tiles * channels_pad / RUNET_KERNEL_PAD;
  return (lines | 1) * RUNET_KERNEL_PAD;
}

static RunetFrequencies
make_frequencies (float *data, gsize tiles, gsize channels_pad) {
  return (RunetFrequencies){data, stride_of_frequency (tiles, channels_pad),
                            channels_pad};
}

static gsize
count_frequency_floats (gsize tiles, gsize channels_pad) {
  return RUNET_WINOGRAD_FREQUENCIES * stride_of_frequency (tiles, channels_pad);
}

/* ---------------------------------------------------------------- forward, data gradient */

static gsize
choose_block (gsize bytes, gsize channels_pad, gsize tiles) {
  gsize block = bytes / (RUNET_WINOGRAD_FREQUENCIES * sizeof (float) * channels_pad);
  block = MAX (block / BLOCK_STEP * BLOCK_STEP, BLOCK_STEP);
  return MIN (block, tiles);
}

static void
init_pass (Pass *pass, const Winograd *self, const RunetKernelMatrix *matrix) {
  pass->matrix = *matrix;
  pass->depth_pad = pad (matrix->rows);
  pass->columns_pad = pad (matrix->columns);
  pass->by_frequency = self->tiles <= FEW_TILES;
  pass->block =
      choose_block (BLOCK_BYTES, pass->depth_pad + pass->columns_pad, self->tiles);
  if (pass->by_frequency)
    pass->block = self->tiles;

  gsize panel = MIN (self->kernels->panel, pass->columns_pad);
  gsize panels = (pass->columns_pad + panel - 1) / panel;
  pass->layout = (RunetPanels){NULL, panel, matrix->rows * panel};
  pass->frequency_stride = panels * pass->layout.panel_stride + RUNET_KERNEL_PAD;
  pass->packed = g_aligned_alloc0 (RUNET_WINOGRAD_FREQUENCIES * pass->frequency_stride,
                                   sizeof (float), 64);
}

static gsize
count_pass_floats (const Pass *pass, guint workers) {
  gsize buffers = pass->by_frequency ? 1 : workers;
  return buffers * (count_frequency_floats (pass->block, pass->depth_pad) +
                    count_frequency_floats (pass->block, pass->columns_pad));
}

typedef struct {
  const Winograd *self;
  const Pass *pass;
  const RunetTensor *x, *gate, *y;
  RunetOutput output;
  float *scratch;
} Run;

static void
open_buffers (const Run *run, guint buffer, RunetFrequencies *v, RunetFrequencies *m) {
  const Pass *pass = run->pass;
  gsize v_floats = count_frequency_floats (pass->block, pass->depth_pad);
  gsize m_floats = count_frequency_floats (pass->block, pass->columns_pad);
  float *data = run->scratch + buffer * (v_floats + m_floats);
  *v = make_frequencies (data, pass->block, pass->depth_pad);
  *m = make_frequencies (data + v_floats, pass->block, pass->columns_pad);
}

static void
multiply_frequency (const Run *run,
                    gsize frequency,
                    gsize tiles,
                    const RunetFrequencies *v,
                    const RunetFrequencies *m) {
  const Pass *pass = run->pass;
  RunetPanels b = pass->layout;
  b.data = pass->packed + frequency * pass->frequency_stride;
  run->self->kernels->multiply (
      tiles, pass->matrix.rows, pass->columns_pad,
      v->data + frequency * v->frequency_stride, v->row_stride, 1, &b,
      m->data + frequency * m->frequency_stride, m->row_stride, FALSE);
}

static void
run_block_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  const RunetKernels *kernels = run->self->kernels;
  gsize first = task * run->pass->block;
  gsize count = MIN (run->pass->block, run->self->tiles - first);
  RunetFrequencies v, m;
  open_buffers (run, worker, &v, &m);

  kernels->transform_input (run->x, run->gate, first, count, &v);
  for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
    multiply_frequency (run, f, count, &v, &m);
  kernels->transform_output (&m, first, count, &run->output, run->y);
}

/* Rows @first … of @all. */
static RunetFrequencies
skip_tiles (const RunetFrequencies *all, gsize first) {
  RunetFrequencies rest = *all;
  rest.data += first * all->row_stride;
  return rest;
}

static void
transform_input_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  v = skip_tiles (&v, first);
  run->self->kernels->transform_input (
      run->x, run->gate, first, MIN (TRANSFORM_TILES, run->self->tiles - first), &v);
}

static void
multiply_frequency_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  multiply_frequency (run, task, run->self->tiles, &v, &m);
}

static void
transform_output_cb (gsize task, guint worker, gpointer user_data) {
  const Run *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  m = skip_tiles (&m, first);
  run->self->kernels->transform_output (
      &m, first, MIN (TRANSFORM_TILES, run->self->tiles - first), &run->output, run->y);
}

static gsize
divide_up (gsize a, gsize b) {
  return (a + b - 1) / b;
}

static void
run_pass (const Run *run, RunetPool *pool) {
  gsize tiles = run->self->tiles;
  if (!run->pass->by_frequency) {
    runet_pool_run (pool, divide_up (tiles, run->pass->block), run_block_cb,
                    (gpointer)run);
    return;
  }
  gsize transforms = divide_up (tiles, TRANSFORM_TILES);
  runet_pool_run (pool, transforms, transform_input_cb, (gpointer)run);
  runet_pool_run (pool, RUNET_WINOGRAD_FREQUENCIES, multiply_frequency_cb,
                  (gpointer)run);
  runet_pool_run (pool, transforms, transform_output_cb, (gpointer)run);
}

/* ---------------------------------------------------------------- packing */

typedef struct {
  const Winograd *self;
  Pass *pass;
} Packing;

/* Rows of the matrix that one task packs. */
#define PACKED_ROWS 16

static void
pack_cb (gsize task, guint worker, gpointer user_data) {
  const Packing *packing = user_data;
  Pass *pass = packing->pass;
  gsize first = task * PACKED_ROWS;
  packing->self->kernels->transform_weights (
      packing->self->weight, &pass->matrix, first,
      MIN (first + PACKED_ROWS, pass->matrix.rows), pass->frequency_stride,
      &pass->layout, pass->packed);
}

static void
pack (const Winograd *self, Pass *pass, RunetPool *pool) {
  if (!pass->stale)
    return;
  Packing packing = {self, pass};
  runet_pool_run (pool, divide_up (pass->matrix.rows, PACKED_ROWS), pack_cb, &packing);
  pass->stale = FALSE;
}

/* ---------------------------------------------------------------- weight gradient */

/* Scratch: per worker (or once, when the sum is shared) the transforms of x and of dy; then per
 * group the sum, 36 × I × O, and the bias's, O; then, when the sum is shared, the bias's of each
 * task. */
typedef struct {
  const Winograd *self;
  const RunetTensor *x, *gate, *dy;
  gsize x_floats, dy_floats, sum_floats;
  float *transforms;
  float *sums;
  gsize first, count; /* tiles of this chunk, when the sum is shared */
} Sum;

static Sum
lay_out_sum (const Winograd *self) {
  gsize in_pad = self->forward.depth_pad, out_pad = self->forward.columns_pad;
  return (Sum){
      .self = self,
      .x_floats = count_frequency_floats (self->sum_block, in_pad),
      .dy_floats = count_frequency_floats (self->sum_block, out_pad),
      .sum_floats =
          count_frequency_floats (self->base.shape.in_channels, out_pad) + out_pad,
  };
}

static gsize
count_sum_buffers (const Winograd *self) {
  return self->shared_sum ? 1 : self->workers;
}

static RunetFrequencies
get_sum (const Sum *sum, gsize group) {
  return make_frequencies (sum->sums + group * sum->sum_floats,
                           sum->self->base.shape.in_channels,
                           sum->self->forward.columns_pad);
}

static float *
get_bias_sum (const Sum *sum, gsize group) {
  return sum->sums + (group + 1) * sum->sum_floats - sum->self->forward.columns_pad;
}

/* Of one task of transform_chunk_cb. */
static float *
get_bias_part (const Sum *sum, gsize task) {
  return sum->sums + sum->sum_floats + task * sum->self->forward.columns_pad;
}

static void
add_bias_parts (const Sum *sum) {
  float *bias = get_bias_sum (sum, 0);
  for (gsize task = 0; task < divide_up (sum->count, TRANSFORM_TILES); task++)
    for (gsize o = 0; o < sum->self->base.shape.out_channels; o++)
      bias[o] += get_bias_part (sum, task)[o];
}

static void
open_transforms (const Sum *sum,
                 guint buffer,
                 RunetFrequencies *v,
                 RunetFrequencies *m) {
  const Winograd *self = sum->self;
  float *data = sum->transforms + buffer * (sum->x_floats + sum->dy_floats);
  *v = make_frequencies (data, self->sum_block, self->forward.depth_pad);
  *m = make_frequencies (data + sum->x_floats, self->sum_block,
                         self->forward.columns_pad);
}

static void
add_frequency (const Sum *sum,
               gsize f,
               gsize tiles,
               gboolean add,
               const RunetFrequencies *v,
               const RunetFrequencies *m,
               const RunetFrequencies *du) {
  const RunetKernels *kernels = sum->self->kernels;
  RunetPanels b = {m->data + f * m->frequency_stride, m->row_stride, kernels->panel};
  kernels->multiply (sum->self->base.shape.in_channels, tiles,
                     sum->self->forward.columns_pad, v->data + f * v->frequency_stride,
                     1, v->row_stride, &b, du->data + f * du->frequency_stride,
                     du->row_stride, add);
}

/* The tiles of a group are fixed, whoever works on it: the sum's bits do not depend on it. */
static void
sum_group_cb (gsize group, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const Winograd *self = sum->self;
  gsize begin = group * self->tiles / self->groups;
  gsize end = (group + 1) * self->tiles / self->groups;
  RunetFrequencies du = get_sum (sum, group), v, m;
  float *bias = get_bias_sum (sum, group);

  open_transforms (sum, worker, &v, &m);
  memset (bias, 0, self->forward.columns_pad * sizeof (float));
  for (gsize first = begin; first < end; first += self->sum_block) {
    gsize count = MIN (self->sum_block, end - first);
    self->kernels->transform_input (sum->x, NULL, first, count, &v);
    self->kernels->transform_gradient (sum->dy, sum->gate, first, count, &m, bias);
    for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
      add_frequency (sum, f, count, first > begin, &v, &m, &du);
  }
}

static void
transform_chunk_cb (gsize task, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const Winograd *self = sum->self;
  gsize first = task * TRANSFORM_TILES;
  gsize count = MIN (TRANSFORM_TILES, sum->count - first);
  float *bias = get_bias_part (sum, task);
  RunetFrequencies v, m;
  open_transforms (sum, 0, &v, &m);
  v = skip_tiles (&v, first);
  m = skip_tiles (&m, first);
  memset (bias, 0, self->forward.columns_pad * sizeof (float));
  self->kernels->transform_input (sum->x, NULL, sum->first + first, count, &v);
  self->kernels->transform_gradient (sum->dy, sum->gate, sum->first + first, count, &m,
                                     bias);
}

static void
sum_frequency_cb (gsize f, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  RunetFrequencies du = get_sum (sum, 0), v, m;
  open_transforms (sum, 0, &v, &m);
  add_frequency (sum, f, sum->count, sum->first > 0, &v, &m, &du);
}

typedef struct {
  const Sum *sum;
  float *dweight;
} Finish;

/* Input channels whose gradients one task transforms back. */
#define FINISHED_ROWS 8

static void
finish_cb (gsize task, guint worker, gpointer user_data) {
  const Finish *finish = user_data;
  const Winograd *self = finish->sum->self;
  gsize first = task * FINISHED_ROWS;
  RunetFrequencies du = get_sum (finish->sum, 0);
  self->kernels->transform_weight_gradient (
      &du, self->groups, finish->sum->sum_floats, &self->forward.matrix, first,
      MIN (first + FINISHED_ROWS, self->forward.matrix.rows), finish->dweight);
}

static void
sum_weight_gradient (Sum *sum, RunetPool *pool, float *dweight, float *dbias) {
  const Winograd *self = sum->self;
  if (self->shared_sum) {
    memset (get_bias_sum (sum, 0), 0, self->forward.columns_pad * sizeof (float));
    for (sum->first = 0; sum->first < self->tiles; sum->first += self->sum_block) {
      sum->count = MIN (self->sum_block, self->tiles - sum->first);
      runet_pool_run (pool, divide_up (sum->count, TRANSFORM_TILES), transform_chunk_cb,
                      sum);
      runet_pool_run (pool, RUNET_WINOGRAD_FREQUENCIES, sum_frequency_cb, sum);
      add_bias_parts (sum);
    }
  } else
    runet_pool_run (pool, self->groups, sum_group_cb, sum);

  Finish finish = {sum, dweight};
  runet_pool_run (pool, divide_up (self->base.shape.in_channels, FINISHED_ROWS),
                  finish_cb, &finish);
  for (gsize group = 0; group < self->groups; group++)
    for (gsize o = 0; o < self->base.shape.out_channels; o++)
      dbias[o] += get_bias_sum (sum, group)[o];
}

static void
init_sum (Winograd *self) {
  const Pass *pass = &self->forward;
  gsize channels = pass->depth_pad + pass->columns_pad;
  gsize sum_bytes = RUNET_WINOGRAD_FREQUENCIES * sizeof (float) * pass->matrix.rows *
                    pass->columns_pad;
  self->shared_sum = sum_bytes > LARGE_SUM_BYTES || self->tiles <= FEW_TILES;
  if (self->shared_sum) {
    self->sum_block = choose_block (SHARED_CHUNK_BYTES, channels, self->tiles);
    self->groups = 1;
    return;
  }
  self->sum_block = choose_block (BLOCK_BYTES, channels, self->tiles);
  self->groups = MIN (GROUPS_A_WORKER * self->workers, self->tiles);
}

/* ---------------------------------------------------------------- the class */

static RunetConvolution *
winograd_new (const RunetConvolutionShape *shape, gboolean training, guint workers) {
  Winograd *self = g_new0 (Winograd, 1);
  gsize in = shape->in_channels, out = shape->out_channels;
  self->base = (RunetConvolution){&runet_convolution_winograd, *shape};
  self->kernels = runet_kernels_get_usable ()[0];
  self->workers = workers;
  self->tiles = shape->n * divide_up (shape->h, RUNET_WINOGRAD_TILE) *
                divide_up (shape->w, RUNET_WINOGRAD_TILE);
  self->weight = g_new0 (float, out *in * 9);
  self->bias = g_aligned_alloc0 (pad (out), sizeof (float), 64);

  RunetKernelMatrix forward = {in, out, 9, in * 9, FALSE};
  init_pass (&self->forward, self, &forward);
  if (training) {
    RunetKernelMatrix gradient = {out, in, in * 9, 9, TRUE};
    init_pass (&self->gradient, self, &gradient);
    init_sum (self);
  }
  return &self->base;
}

static void
winograd_free (RunetConvolution *base) {
  Winograd *self = (Winograd *)base;
  g_free (self->weight);
  g_aligned_free (self->bias);
  g_aligned_free (self->forward.packed);
  g_aligned_free (self->gradient.packed);
  g_free (self);
}

static gsize
winograd_scratch_floats (const RunetConvolution *base) {
  const Winograd *self = (const Winograd *)base;
  gsize floats = count_pass_floats (&self->forward, self->workers);
  if (self->groups == 0) /* inference */
    return floats;
  Sum sum = lay_out_sum (self);
  gsize sums = count_sum_buffers (self) * (sum.x_floats + sum.dy_floats) +
               self->groups * sum.sum_floats;
  if (self->shared_sum)
    sums += divide_up (self->sum_block, TRANSFORM_TILES) * self->forward.columns_pad;
  return MAX (floats, MAX (sums, count_pass_floats (&self->gradient, self->workers)));
}

static void
winograd_set_weights (RunetConvolution *base, const float *weight, const float *bias) {
  Winograd *self = (Winograd *)base;
  gsize out = base->shape.out_channels;
  memcpy (self->weight, weight, out * base->shape.in_channels * 9 * sizeof (float));
  memcpy (self->bias, bias, out * sizeof (float));
  self->forward.stale = self->gradient.stale = TRUE; /* packed by the pool's workers */
}

static void
winograd_forward (RunetConvolution *base,
                  RunetPool *pool,
                  const RunetTensor *x,
                  const RunetTensor *y,
                  float *scratch) {
  Winograd *self = (Winograd *)base;
  pack (self, &self->forward, pool);
  Run run = {self,   &self->forward, x, NULL, y, {self->bias, base->shape.relu, FALSE},
             scratch};
  run_pass (&run, pool);
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
  Winograd *self = (Winograd *)base;
  const RunetTensor *gate = base->shape.relu ? y : NULL;
  g_return_if_fail (self->groups > 0);

  Sum sum = lay_out_sum (self);
  sum.x = x;
  sum.gate = gate;
  sum.dy = dy;
  sum.transforms = scratch;
  sum.sums = scratch + count_sum_buffers (self) * (sum.x_floats + sum.dy_floats);
  sum_weight_gradient (&sum, pool, dweight, dbias);

  if (dx == NULL)
    return;
  pack (self, &self->gradient, pool);
  Run run = {self, &self->gradient, dy, gate, dx, {NULL, FALSE, add_dx}, scratch};
  run_pass (&run, pool);
}

const RunetConvolutionClass runet_convolution_winograd = {
    .algorithm = "winograd-4x4",
    .new_ = winograd_new,
    .free = winograd_free,
    .scratch_floats = winograd_scratch_floats,
    .set_weights = winograd_set_weights,
    .forward = winograd_forward,
    .backward = winograd_backward,
};
