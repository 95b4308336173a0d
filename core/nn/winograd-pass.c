/* Activations times packed weights between Winograd's transforms: forward and data gradient. */
#include "winograd.h"

/* Packed weights do not fit the L2 cache where channels are many: with fewer tiles than this they
 * would be read from the L3 cache faster than it gives them. */
#define SMALLEST_BLOCK 24
/* Tiles of one task that only transforms. */
#define TRANSFORM_TILES 8
/* Rows of the weights' matrix that one task packs. */
#define PACKED_ROWS 16

static gsize
count_matrices (const RunetWinogradPass *pass, guint part) {
  return part == 0 && pass->doubled ? RUNET_WINOGRAD_DOUBLED_FREQUENCIES
                                    : RUNET_WINOGRAD_FREQUENCIES;
}

static gsize
count_pass_floats (const RunetWinogradPass *pass, gsize tiles) {
  gsize floats = runet_winograd_count_floats (RUNET_WINOGRAD_FREQUENCIES, tiles,
                                              pass->columns_pad);
  for (guint part = 0; part < pass->parts; part++)
    floats += runet_winograd_count_floats (count_matrices (pass, part), tiles,
                                           runet_kernel_pad (pass->depths[part]));
  return floats;
}

gsize
runet_winograd_count_both (const RunetWinograd *self, gsize tiles) {
  const gsize forward = count_pass_floats (&self->forward, tiles);
  return self->training ? MAX (forward, count_pass_floats (&self->gradient, tiles))
                        : forward;
}

RunetWinogradTransforms
runet_winograd_open (const RunetWinogradPass *pass, gsize tiles, float *data) {
  RunetWinogradTransforms t;
  for (guint part = 0; part < pass->parts; part++) {
    const gsize depth_pad = runet_kernel_pad (pass->depths[part]);
    t.v[part] = runet_winograd_frequencies (data, tiles, depth_pad);
    data += runet_winograd_count_floats (count_matrices (pass, part), tiles, depth_pad);
  }
  t.m = runet_winograd_frequencies (data, tiles, pass->columns_pad);
  return t;
}

/* Of one row of tiles, or all tiles as if they were one row. */
static gsize
get_row_tiles (const RunetWinograd *self) {
  const RunetConvolutionShape *s = &self->base.shape;
  return self->by_rows ? runet_tile_grid (s->h, s->w).columns : self->tiles;
}

gsize
runet_winograd_choose_block (const RunetWinograd *self, gsize bytes) {
  const gsize step = self->kernels->rows;
  const gsize tile = sizeof (float) * count_pass_floats (&self->forward, step);
  const gsize block = MAX (bytes / tile * step, SMALLEST_BLOCK);
  return MIN (block, get_row_tiles (self));
}

void
runet_winograd_pass_init (RunetWinogradPass *pass,
                          const RunetWinograd *self,
                          const RunetKernelMatrix *matrix) {
  pass->matrix = *matrix;
  pass->columns_pad = runet_kernel_pad (matrix->columns);

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
      packing->self->weight, &pass->matrix, pass->points, first,
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
  pass->stale =
      !runet_pool_run (pool, runet_winograd_divide_up (pass->matrix.rows, PACKED_ROWS),
                       pack_cb, &packing);
}

/* ---------------------------------------------------------------- running */

static gsize
count_worker_floats (const RunetWinograd *self) {
  return runet_winograd_count_both (self, self->block) +
         runet_winograd_count_patch_floats (self);
}

gsize
runet_winograd_count_run_floats (const RunetWinograd *self) {
  gsize buffers = self->schedule == RUNET_WINOGRAD_FEW ? 1 : self->workers;
  return buffers * count_worker_floats (self);
}

static RunetWinogradTransforms
open_transforms (const RunetWinogradRun *run, guint buffer) {
  return runet_winograd_open (run->pass, run->self->block,
                              run->scratch + buffer * count_worker_floats (run->self));
}

static float *
get_patch (const RunetWinogradRun *run, guint worker) {
  return run->scratch + (worker + 1) * count_worker_floats (run->self) -
         runet_winograd_count_patch_floats (run->self);
}

void
runet_winograd_transform_input (const RunetWinograd *self,
                                const RunetWinogradPass *pass,
                                const RunetTensor *x,
                                const RunetTensor *gate,
                                gsize first,
                                gsize count,
                                const RunetWinogradTransforms *to) {
  for (guint part = 0; part < pass->parts; part++)
    if (part == 0 && pass->doubled)
      self->kernels->transform_doubled (&x[part], first, count, &to->v[part]);
    else
      self->kernels->transform_input (&x[part], 0, gate, pass->points, first, count,
                                      &to->v[part]);
}

static void
multiply_frequency (const RunetWinogradRun *run,
                    gsize f,
                    gsize tiles,
                    const RunetWinogradTransforms *t) {
  const RunetWinogradPass *pass = run->pass;
  RunetFactor factors[RUNET_CONVOLUTION_PARTS];
  guint count = 0;
  RunetPanels b = pass->layout;
  b.data = pass->packed + f * pass->frequency_stride;
  for (guint part = 0; part < pass->parts; part++) {
    const RunetFrequencies *v = &t->v[part];
    const int matrix = runet_winograd_find_matrix (pass, part, f);
    if (matrix >= 0)
      factors[count++] = (RunetFactor){v->data + (gsize)matrix * v->frequency_stride,
                                       v->row_stride, 1, pass->depths[part]};
    else
      b.data += pass->depths[part] * b.row_stride;
  }
  run->self->kernels->multiply (tiles, pass->columns_pad, factors, count, &b,
                                t->m.data + f * t->m.frequency_stride, t->m.row_stride,
                                FALSE);
}

static void
transform_output (const RunetWinogradRun *run,
                  const RunetFrequencies *m,
                  gsize first,
                  gsize count) {
  for (guint i = 0; i < run->count; i++) {
    const RunetWinogradTarget *target = &run->targets[i];
    RunetFrequencies columns = *m;
    columns.data += target->column;
    if (target->y.data != NULL)
      run->self->kernels->transform_output (&columns, run->pass->points, first, count,
                                            &target->how, &target->y);
  }
}

void
runet_winograd_run_block (const RunetWinogradRun *run,
                          gsize first,
                          gsize count,
                          guint worker) {
  const RunetWinogradTransforms t = open_transforms (run, worker);
  if (run->self->base.shape.before != NULL)
    runet_winograd_transform_patch_input (run, first, count, get_patch (run, worker),
                                          &t);
  else
    runet_winograd_transform_input (run->self, run->pass, run->x, run->gate, first,
                                    count, &t);
  for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++)
    multiply_frequency (run, f, count, &t);
  if (run->classification != NULL)
    runet_winograd_classify_patch (run, &t.m, first, count, get_patch (run, worker));
  else
    transform_output (run, &t.m, first, count);
}

/* How the tiles are cut: @rows times the same; of each first @whole blocks, as many for each worker, then the
 * @rest in @parts, so that no worker waits for another that has one more block than it. */
typedef struct {
  gsize rows, row_tiles, whole, rest, parts;
} Cut;

static Cut
cut_tiles (const RunetWinograd *self) {
  const gsize tiles = get_row_tiles (self), block = self->block;
  /* Where there are many rows they share out well enough. */
  const gsize workers = self->by_rows ? 1 : self->workers;
  Cut cut = {self->tiles / tiles, tiles, tiles / (block * workers) * workers, 0, 0};
  cut.rest = tiles - cut.whole * block;
  cut.parts = MIN (cut.rest, workers);
  return cut;
}

static void
run_cut_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  const Cut cut = cut_tiles (run->self);
  const gsize block = run->self->block, blocks = cut.whole + cut.parts;
  const gsize i = task % blocks, part = i - cut.whole;
  gsize first = i * block, count = block;
  if (i >= cut.whole) {
    first = cut.whole * block + part * cut.rest / cut.parts;
    count = cut.whole * block + (part + 1) * cut.rest / cut.parts - first;
  }
  runet_winograd_run_block (run, task / blocks * cut.row_tiles + first, count, worker);
}

static void
transform_input_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  RunetWinogradTransforms t = open_transforms (run, 0);
  for (guint part = 0; part < run->pass->parts; part++)
    t.v[part] = runet_winograd_skip (&t.v[part], first);
  runet_winograd_transform_input (run->self, run->pass, run->x, run->gate, first,
                                  MIN (TRANSFORM_TILES, run->self->tiles - first), &t);
}

static void
multiply_frequency_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  const RunetWinogradTransforms t = open_transforms (run, 0);
  multiply_frequency (run, task, run->self->tiles, &t);
}

static void
transform_output_cb (gsize task, guint worker, gpointer user_data) {
  const RunetWinogradRun *run = user_data;
  gsize first = task * TRANSFORM_TILES;
  const RunetWinogradTransforms t = open_transforms (run, 0);
  const RunetFrequencies m = runet_winograd_skip (&t.m, first);
  transform_output (run, &m, first, MIN (TRANSFORM_TILES, run->self->tiles - first));
}

void
runet_winograd_run (const RunetWinogradRun *run, RunetPool *pool) {
  gsize tiles = run->self->tiles;
  gpointer data = (gpointer)run;
  if (run->self->schedule == RUNET_WINOGRAD_BLOCKS) {
    const Cut cut = cut_tiles (run->self);
    runet_pool_run (pool, cut.rows * (cut.whole + cut.parts), run_cut_cb, data);
    return;
  }
  gsize transforms = runet_winograd_divide_up (tiles, TRANSFORM_TILES);
  runet_pool_run (pool, transforms, transform_input_cb, data);
  runet_pool_run (pool, RUNET_WINOGRAD_FREQUENCIES, multiply_frequency_cb, data);
  runet_pool_run (pool, transforms, transform_output_cb, data);
}
