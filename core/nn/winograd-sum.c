/* The gradient of the weights in Winograd's domain.
 *
 * Sums are made in an order that depends on the number of workers at most, never on who did what:
 * the bits repeat. */
#include "winograd.h"

#include <cblas.h>
#include <string.h>

/* A sum larger than this is not kept once a group. */
#define LARGE_SUM_BYTES (700 * 1024)
/* All groups' sums together, so that adding them up costs little; and groups a worker at most,
 * enough for the last worker to finish soon after the first. */
#define ALL_SUMS_BYTES (4 * 1024 * 1024)
#define GROUPS_A_WORKER 8
/* The transforms of a chunk stay in the L3 cache. */
#define CHUNK_BYTES (4 * 1024 * 1024)
/* Tiles of one task that only transforms. */
#define TRANSFORM_TILES 8
/* Input channels of one task: a cache line of them. */
#define ROWS 16

/* Scratch: the transforms of x and dy, once a worker (groups) or once; then the sums of 36 × I × O
 * once a group, once, or of 36 × ROWS × O once a worker; then the sums of the bias, O, once a group
 * or once a task that transforms. */
typedef struct {
  const RunetWinograd *self;
  const RunetWinogradRun *data_gradient;
  const RunetTensor *x, *gate, *dy;
  float *transforms, *sums, *biases;
  gsize sum_floats;
  float *dweight;
  gsize first, count; /* tiles of this chunk */
} Sum;

static gsize
count_sum_rows (const RunetWinograd *self) {
  return self->summation == RUNET_WINOGRAD_SUM_ROWS ? ROWS
                                                    : self->base.shape.in_channels;
}

static gsize
count_sums (const RunetWinograd *self) {
  return self->summation == RUNET_WINOGRAD_SUM_ROWS ? self->workers : self->groups;
}

static gsize
count_biases (const RunetWinograd *self) {
  return self->summation == RUNET_WINOGRAD_SUM_GROUPS
             ? self->groups
             : runet_winograd_divide_up (self->chunk, TRANSFORM_TILES);
}

static gsize
count_transform_floats (const RunetWinograd *self) {
  gsize buffers = self->summation == RUNET_WINOGRAD_SUM_GROUPS ? self->workers : 1;
  return buffers * runet_winograd_count_both (self, self->chunk);
}

static gsize
count_one_sum (const RunetWinograd *self) {
  return runet_winograd_count_floats (RUNET_WINOGRAD_FREQUENCIES, count_sum_rows (self),
                                      self->forward.columns_pad);
}

gsize
runet_winograd_count_sum_floats (const RunetWinograd *self) {
  return count_transform_floats (self) + count_sums (self) * count_one_sum (self) +
         count_biases (self) * self->forward.columns_pad;
}

void
runet_winograd_sum_init (RunetWinograd *self) {
  gsize sum_bytes = RUNET_WINOGRAD_FREQUENCIES * sizeof (float) *
                    self->base.shape.in_channels * self->forward.columns_pad;
  self->groups = 1;
  self->chunk = self->tiles;
  if (self->schedule == RUNET_WINOGRAD_FEW)
    self->summation = RUNET_WINOGRAD_SUM_ROWS;
  else if (sum_bytes > LARGE_SUM_BYTES) {
    self->summation = RUNET_WINOGRAD_SUM_CHUNKS;
    self->chunk = runet_winograd_choose_block (self, CHUNK_BYTES);
  } else {
    self->summation = RUNET_WINOGRAD_SUM_GROUPS;
    self->chunk = self->block;
    gsize a_worker = ALL_SUMS_BYTES / sum_bytes / self->workers;
    self->groups = CLAMP (a_worker, 1, GROUPS_A_WORKER) * self->workers;
    self->groups = MIN (self->groups, self->tiles);
  }
}

static RunetFrequencies
get_sum (const Sum *sum, gsize i) {
  return runet_winograd_frequencies (sum->sums + i * sum->sum_floats,
                                     count_sum_rows (sum->self),
                                     sum->self->forward.columns_pad);
}

static float *
get_bias (const Sum *sum, gsize i) {
  return sum->biases + i * sum->self->forward.columns_pad;
}

static RunetWinogradTransforms
open_transforms (const Sum *sum, guint buffer) {
  const RunetWinograd *self = sum->self;
  return runet_winograd_open (
      &self->forward, self->chunk,
      sum->transforms + buffer * runet_winograd_count_both (self, self->chunk));
}

/* Input channels @channel … of part @part and frequency @f, to row @row of @du. */
static void
add_part (const Sum *sum,
          guint part,
          gsize f,
          gsize channel,
          gsize channels,
          gsize tiles,
          gboolean add,
          const RunetWinogradTransforms *t,
          const RunetFrequencies *du,
          gsize row) {
  const RunetFrequencies *v = &t->v[part], *m = &t->m;
  const int matrix = runet_winograd_find_matrix (&sum->self->forward, part, f);
  if (matrix < 0)
    return;
  /* OpenBLAS copies both operands, which pays here: the sum runs over all tiles, and V would
   * otherwise be read across its rows. */
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)channels,
               (blasint)sum->self->forward.columns_pad, (blasint)tiles, 1,
               v->data + (gsize)matrix * v->frequency_stride + channel,
               (blasint)v->row_stride, m->data + f * m->frequency_stride,
               (blasint)m->row_stride, add ? 1 : 0,
               du->data + f * du->frequency_stride + row * du->row_stride,
               (blasint)du->row_stride);
}

/* Input channels @channel … of frequency @f, whatever parts they are in, to the first rows of @du. */
static void
add_frequency (const Sum *sum,
               gsize f,
               gsize channel,
               gsize channels,
               gsize tiles,
               gboolean add,
               const RunetWinogradTransforms *t,
               const RunetFrequencies *du) {
  const RunetWinogradPass *pass = &sum->self->forward;
  gsize before = 0;
  for (guint part = 0; part < pass->parts; part++) {
    const gsize begin = MAX (channel, before);
    const gsize end = MIN (channel + channels, before + pass->depths[part]);
    if (begin < end)
      add_part (sum, part, f, begin - before, end - begin, tiles, add, t, du,
                begin - channel);
    before += pass->depths[part];
  }
}

/* ---------------------------------------------------------------- groups */

static void
sum_group_cb (gsize group, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const RunetWinograd *self = sum->self;
  gsize begin = group * self->tiles / self->groups;
  gsize end = (group + 1) * self->tiles / self->groups;
  gsize channels = self->base.shape.in_channels;
  const RunetFrequencies du = get_sum (sum, group);
  const RunetWinogradTransforms t = open_transforms (sum, worker);
  float *bias = get_bias (sum, group);

  memset (bias, 0, self->forward.columns_pad * sizeof (float));
  for (gsize first = begin; first < end; first += self->chunk) {
    gsize count = MIN (self->chunk, end - first);
    runet_winograd_transform_input (self, &self->forward, sum->x, NULL, first, count,
                                    &t);
    self->kernels->transform_gradient (sum->dy, sum->gate, self->forward.points, first,
                                       count, &t.m, bias);
    for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
      add_frequency (sum, f, 0, channels, count, first > begin, &t, &du);
    /* In the same scratch: what it held has been summed. */
    if (sum->data_gradient != NULL)
      runet_winograd_run_block (sum->data_gradient, first, count, worker);
  }
}

/* ---------------------------------------------------------------- chunks and rows */

static void
transform_chunk_cb (gsize task, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const RunetWinograd *self = sum->self;
  gsize first = task * TRANSFORM_TILES;
  gsize count = MIN (TRANSFORM_TILES, sum->count - first);
  float *bias = get_bias (sum, task);
  RunetWinogradTransforms t = open_transforms (sum, 0);
  for (guint part = 0; part < self->forward.parts; part++)
    t.v[part] = runet_winograd_skip (&t.v[part], first);
  t.m = runet_winograd_skip (&t.m, first);
  if (sum->first == 0)
    memset (bias, 0, self->forward.columns_pad * sizeof (float));
  first += sum->first;
  runet_winograd_transform_input (self, &self->forward, sum->x, NULL, first, count, &t);
  self->kernels->transform_gradient (sum->dy, sum->gate, self->forward.points, first,
                                     count, &t.m, bias);
}

static void
sum_frequency_cb (gsize f, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const RunetFrequencies du = get_sum (sum, 0);
  const RunetWinogradTransforms t = open_transforms (sum, 0);
  add_frequency (sum, f, 0, sum->self->base.shape.in_channels, sum->count,
                 sum->first > 0, &t, &du);
}

static void
sum_rows_cb (gsize task, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const RunetWinograd *self = sum->self;
  const RunetWinogradPass *pass = &self->forward;
  gsize first = task * ROWS;
  gsize count = MIN (ROWS, self->base.shape.in_channels - first);
  const RunetFrequencies du = get_sum (sum, worker);
  const RunetWinogradTransforms t = open_transforms (sum, 0);
  for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
    add_frequency (sum, f, first, count, sum->count, FALSE, &t, &du);

  RunetKernelMatrix matrix = pass->matrix;
  matrix.rows = count;
  matrix.doubled_rows -= MIN (first, matrix.doubled_rows);
  self->kernels->transform_weight_gradient (&du, 1, 0, &matrix, pass->points, 0, count,
                                            sum->dweight + first * matrix.row_stride);
}

/* ---------------------------------------------------------------- all */

static void
finish_rows_cb (gsize task, guint worker, gpointer user_data) {
  const Sum *sum = user_data;
  const RunetKernelMatrix *matrix = &sum->self->forward.matrix;
  gsize first = task * ROWS;
  RunetFrequencies du = get_sum (sum, 0);
  sum->self->kernels->transform_weight_gradient (
      &du, sum->self->groups, sum->sum_floats, matrix, sum->self->forward.points, first,
      MIN (first + ROWS, matrix->rows), sum->dweight);
}

static void
sum_chunks (Sum *sum, RunetPool *pool) {
  const RunetWinograd *self = sum->self;
  for (sum->first = 0; sum->first < self->tiles; sum->first += self->chunk) {
    sum->count = MIN (self->chunk, self->tiles - sum->first);
    runet_pool_run (pool, runet_winograd_divide_up (sum->count, TRANSFORM_TILES),
                    transform_chunk_cb, sum);
    if (self->summation == RUNET_WINOGRAD_SUM_CHUNKS)
      runet_pool_run (pool, RUNET_WINOGRAD_FREQUENCIES, sum_frequency_cb, sum);
  }
}

gboolean
runet_winograd_sum (const RunetWinograd *self,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *gate,
                    const RunetTensor *dy,
                    const RunetWinogradRun *data_gradient,
                    float *dweight,
                    float *dbias,
                    float *scratch) {
  Sum sum = {self, data_gradient,        x,      gate, dy, scratch, NULL,
             NULL, count_one_sum (self), dweight};
  sum.sums = scratch + count_transform_floats (self);
  sum.biases = sum.sums + count_sums (self) * sum.sum_floats;

  if (self->summation == RUNET_WINOGRAD_SUM_GROUPS)
    runet_pool_run (pool, self->groups, sum_group_cb, &sum);
  else
    sum_chunks (&sum, pool);
  gboolean rows = self->summation == RUNET_WINOGRAD_SUM_ROWS;
  runet_pool_run (pool, runet_winograd_divide_up (self->base.shape.in_channels, ROWS),
                  rows ? sum_rows_cb : finish_rows_cb, &sum);
  for (gsize i = 0; i < count_biases (self); i++)
    for (gsize o = 0; o < self->base.shape.out_channels; o++)
      dbias[o] += get_bias (&sum, i)[o];
  return self->summation == RUNET_WINOGRAD_SUM_GROUPS;
}
