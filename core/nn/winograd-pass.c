/* Activations times packed weights between Winograd's transforms: forward and data gradient. */
#include "winograd.h"

/* Blocks are multiples of this: the rows that the fastest product keeps in registers. */
#define BLOCK_STEP 8
/* Packed weights do not fit the L2 cache where channels are many: with fewer tiles than this they
 * would be read from the L3 cache faster than it gives them. */
#define SMALLEST_BLOCK 24
/* Tiles of one task that only transforms. */
#define TRANSFORM_TILES 8
/* Rows of the weights' matrix that one task packs. */
#define PACKED_ROWS 16

gsize
runet_winograd_count_both (const RunetWinograd *self, gsize tiles) {
  return runet_winograd_count_floats (tiles, self->forward.depth_pad) +
         runet_winograd_count_floats (tiles, self->forward.columns_pad);
}

gsize
runet_winograd_choose_block (const RunetWinograd *self, gsize bytes) {
  gsize channels = self->forward.depth_pad + self->forward.columns_pad;
  gsize block = bytes / (RUNET_WINOGRAD_FREQUENCIES * sizeof (float) * channels);
  block = MAX (block / BLOCK_STEP * BLOCK_STEP, SMALLEST_BLOCK);
  return MIN (block, self->tiles);
}

void
runet_winograd_pass_init (RunetWinogradPass *pass,
                          const RunetWinograd *self,
                          const RunetKernelMatrix *matrix) {
  pass->matrix = *matrix;
  pass->depth_pad = runet_winograd_pad (matrix->rows);
  pass->columns_pad = runet_winograd_pad (matrix->columns);

  gsize panel = MIN (self->kernels->panel, pass->columns_pad);
  gsize panels = runet_winograd_divide_up (pass->columns_pad, panel);
  pass->layout = (RunetPanels){NULL, panel, matrix->rows * panel};
  pass->frequency_stride = panels * pass->layout.panel_stride + RUNET_KERNEL_PAD;
  pass->packed = g_aligned_alloc0 (RUNET_WINOGRAD_FREQUENCIES * pass->frequency_stride,
                                   sizeof (float), 64);
}

void
runet_winograd_pass_clear (RunetWinogradPass *pass) {
  g_aligned_free (pass->packed);
}

/* ---------------------------------------------------------------- packing */

typedef struct {
  const RunetWinograd *self;
  RunetWinogradPass *pass;
} Packing;

static void
pack_cb (gsize task, guint worker, gpointer user_data) {
  const Packing *packing = user_data;
  RunetWinogradPass *pass = packing->pass;
  gsize first = task * PACKED_ROWS;
  packing->self->kernels->transform_weights (
      packing->self->weight, &pass->matrix, first,
      MIN (first + PACKED_ROWS, pass->matrix.rows), pass->frequency_stride,
      &pass->layout, pass->packed);
}

void
runet_winograd_pass_pack (RunetWinogradPass *pass,
                          const RunetWinograd *self,
                          RunetPool *pool) {
  if (!pass->stale)
    return;
  Packing packing = {self, pass};
  runet_pool_run (pool, runet_winograd_divide_up (pass->matrix.rows, PACKED_ROWS),
                  pack_cb, &packing);
  pass->stale = FALSE;
}

/* ---------------------------------------------------------------- running */

gsize
runet_winograd_count_run_floats (const RunetWinograd *self) {
  gsize buffers = self->schedule == RUNET_WINOGRAD_FEW ? 1 : self->workers;
  return buffers * runet_winograd_count_both (self, self->block);
}

static void
open_buffers (const RunetWinogradRun *run,
              guint buffer,
              RunetFrequencies *v,
              RunetFrequencies *m) {
  const RunetWinogradPass *pass = run->pass;
  gsize block = run->self->block;
  float *data = run->scratch + buffer * runet_winograd_count_both (run->self, block);
  *v = runet_winograd_frequencies (data, block, pass->depth_pad);
  data += runet_winograd_count_floats (block, pass->depth_pad);
  *m = runet_winograd_frequencies (data, block, pass->columns_pad);
}

static void
multiply_frequency (const RunetWinogradRun *run,
                    gsize f,
                    gsize tiles,
                    const RunetFrequencies *v,
                    const RunetFrequencies *m) {
  const RunetWinogradPass *pass = run->pass;
  RunetPanels b = pass->layout;
  b.data = pass->packed + f * pass->frequency_stride;
  run->self->kernels->multiply (
      tiles, pass->matrix.rows, pass->columns_pad, v->data + f * v->frequency_stride,
      v->row_stride, 1, &b, m->data + f * m->frequency_stride, m->row_stride, FALSE);
}

void
runet_winograd_run_block (const RunetWinogradRun *run,
                          gsize first,
                          gsize count,
                          guint worker) {
  const RunetKernels *kernels = run->self->kernels;
  RunetFrequencies v, m;
  open_buffers (run, worker, &v, &m);
  kernels->transform_input (run->x, run->gate, first, count, &v);
  for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
    multiply_frequency (run, f, count, &v, &m);
  kernels->transform_output (&m, first, count, &run->output, run->y);
}

static void
run_block_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  gsize first = task * run->self->block;
  runet_winograd_run_block (run, first,
                            MIN (run->self->block, run->self->tiles - first), worker);
}

static void
transform_input_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  v = runet_winograd_skip (&v, first);
  run->self->kernels->transform_input (
      run->x, run->gate, first, MIN (TRANSFORM_TILES, run->self->tiles - first), &v);
}

static void
multiply_frequency_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  multiply_frequency (run, task, run->self->tiles, &v, &m);
}

static void
transform_output_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  RunetFrequencies v, m;
  open_buffers (run, 0, &v, &m);
  m = runet_winograd_skip (&m, first);
  run->self->kernels->transform_output (
      &m, first, MIN (TRANSFORM_TILES, run->self->tiles - first), &run->output, run->y);
}

void
runet_winograd_run (const RunetWinogradRun *run, RunetPool *pool) {
  gsize tiles = run->self->tiles;
  gpointer data = (gpointer)run;
  if (run->self->schedule == RUNET_WINOGRAD_BLOCKS) {
    gsize blocks = runet_winograd_divide_up (tiles, run->self->block);
    runet_pool_run (pool, blocks, run_block_cb, data);
    return;
  }
  gsize transforms = runet_winograd_divide_up (tiles, TRANSFORM_TILES);
  runet_pool_run (pool, transforms, transform_input_cb, data);
  runet_pool_run (pool, RUNET_WINOGRAD_FREQUENCIES, multiply_frequency_cb, data);
  runet_pool_run (pool, transforms, transform_output_cb, data);
}
