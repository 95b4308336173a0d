/* The parts of the Winograd convolution that convolution-winograd.c puts together.
 *
 * Three passes share the transforms. Forward: x → y. Data gradient: the same on the gated dy with
 * the kernels turned by 180° and the roles of the channels swapped. Weight gradient: 36 products
 * Vᵀ · (A dY Aᵀ) summed over the tiles, transformed once at the end. */
#pragma once

#include "convolution-kernels.h"
#include "convolution.h"

G_BEGIN_DECLS

/* How the tiles are shared out. */
typedef enum {
  /* A task takes a block of tiles through all 36 products, so that what the transforms write is
   * still in the L2 cache when the products read it. */
  RUNET_WINOGRAD_BLOCKS,
  /* Few tiles, and packed weights larger than the activations: all tiles are transformed first and
   * a task is one frequency, so that every worker reads its own share of the weights only. */
  RUNET_WINOGRAD_FEW,
} RunetWinogradSchedule;

/* How the gradient of the weights is summed. */
typedef enum {
  /* Each of a fixed number of groups of tiles has a sum of its own, added up at the end. */
  RUNET_WINOGRAD_SUM_GROUPS,
  /* One sum too large for that: chunks of tiles are transformed, then a task is one frequency. */
  RUNET_WINOGRAD_SUM_CHUNKS,
  /* All tiles are one chunk: a task is some input channels, and its sum never leaves the cache. */
  RUNET_WINOGRAD_SUM_ROWS,
} RunetWinogradSummation;

/* One product of activations with packed weights. */
typedef struct {
  RunetKernelMatrix matrix;
  RunetWinogradPoints points;
  guint parts; /* of the activations */
  gsize
      depths[RUNET_CONVOLUTION_PARTS]; /* their channels; together the matrix's rows */
  gboolean doubled; /* the first part */
  gsize columns_pad;
  float *packed; /* 36 × panels × depth × panel */
  gsize frequency_stride; /* floats */
  RunetPanels layout;
  gboolean stale; /* packed is older than the weights */
} RunetWinogradPass;

typedef struct {
  RunetConvolution base;
  const RunetKernels *kernels;
  gboolean training;
  guint workers;
  gsize tiles;
  RunetWinogradSchedule schedule;
  gsize block; /* tiles of a task, or all of them */
  gboolean by_rows; /* no block goes on in the next row of tiles */
  float *weight; /* O × I × 3 × 3; packed once and freed where nothing is trained */
  float *bias; /* padded O */
  RunetWinogradPass forward;
  RunetWinogradPass gradient;
  RunetWinogradSummation summation;
  gsize chunk; /* tiles transformed at a time for the weight gradient */
  gsize groups; /* sums */
} RunetWinograd;

/* The transforms of some tiles on both sides of a product. */
typedef struct {
  RunetFrequencies v[RUNET_CONVOLUTION_PARTS];
  RunetFrequencies m;
} RunetWinogradTransforms;

/* What some of a pass's columns become. */
typedef struct {
  gsize column; /* the first */
  RunetTensor y; /* no data: nobody wants them */
  RunetOutput how;
} RunetWinogradTarget;

/* A pass over given tensors. */
typedef struct {
  const RunetWinograd *self;
  const RunetWinogradPass *pass;
  const RunetTensor *x; /* one a part */
  const RunetTensor *gate; /* (nullable): of the only part */
  guint count;
  RunetWinogradTarget targets[RUNET_CONVOLUTION_PARTS];
  const RunetClassification
      *classification; /* (nullable): instead of the only target */
  float *scratch;
} RunetWinogradRun;

static inline gsize
runet_winograd_divide_up (gsize a, gsize b) {
  return (a + b - 1) / b;
}

/* Matrices an odd number of cache lines apart: a power of two would put all 36 into the same few
 * sets of the cache. */
static inline gsize
runet_winograd_stride (gsize tiles, gsize channels_pad) {
  return (tiles * channels_pad / RUNET_KERNEL_PAD | 1) * RUNET_KERNEL_PAD;
}

/* With a cache line to spare, because vectors are read from any channel on. */
static inline gsize
runet_winograd_count_floats (gsize matrices, gsize tiles, gsize channels_pad) {
  return matrices * runet_winograd_stride (tiles, channels_pad) + RUNET_KERNEL_PAD;
}

static inline RunetFrequencies
runet_winograd_frequencies (float *data, gsize tiles, gsize channels_pad) {
  return (RunetFrequencies){data, runet_winograd_stride (tiles, channels_pad),
                            channels_pad};
}

/* Rows @first … of @all. */
static inline RunetFrequencies
runet_winograd_skip (const RunetFrequencies *all, gsize first) {
  RunetFrequencies rest = *all;
  rest.data += first * all->row_stride;
  return rest;
}

/* Which of the matrices of part @part is frequency @f; -1: it vanishes. */
static inline int
runet_winograd_find_matrix (const RunetWinogradPass *pass, guint part, gsize f) {
  if (part > 0 || !pass->doubled)
    return (int)f;
  const int y = runet_winograd_doubled[f / 6], x = runet_winograd_doubled[f % 6];
  return y < 0 || x < 0 ? -1 : 4 * y + x;
}

/* Patches of a map that is never made: what a block of tiles, all of one row, reads of it, made by the
 * convolution before; and what it writes, for the classification. Floats for one worker: */
gsize
runet_winograd_count_patch_floats (const RunetWinograd *self);
void
runet_winograd_transform_patch_input (const RunetWinogradRun *run,
                                      gsize first,
                                      gsize count,
                                      float *patch,
                                      const RunetWinogradTransforms *to);
void
runet_winograd_classify_patch (const RunetWinogradRun *run,
                               const RunetFrequencies *m,
                               gsize first,
                               gsize count,
                               float *patch);

/* Floats of the transforms of @tiles on both sides of a product, whichever pass it is, and where they
 * lie in @data. */
gsize
runet_winograd_count_both (const RunetWinograd *self, gsize tiles);
RunetWinogradTransforms
runet_winograd_open (const RunetWinogradPass *pass, gsize tiles, float *data);
/* Bᵀ d B of all parts. */
void
runet_winograd_transform_input (const RunetWinograd *self,
                                const RunetWinogradPass *pass,
                                const RunetTensor *x,
                                const RunetTensor *gate,
                                gsize first,
                                gsize count,
                                const RunetWinogradTransforms *to);
/* Tiles whose transforms fit @bytes: at least a few, at most all. */
gsize
runet_winograd_choose_block (const RunetWinograd *self, gsize bytes);

void
runet_winograd_pass_init (RunetWinogradPass *pass,
                          const RunetWinograd *self,
                          const RunetKernelMatrix *matrix);
void
runet_winograd_pass_clear (RunetWinogradPass *pass);
/* Transforms the weights when they are new. */
void
runet_winograd_pass_pack (RunetWinogradPass *pass,
                          const RunetWinograd *self,
                          RunetPool *pool);
/* Floats of scratch: for each worker, or once for few tiles. */
gsize
runet_winograd_count_run_floats (const RunetWinograd *self);
void
runet_winograd_run (const RunetWinogradRun *run, RunetPool *pool);
/* Only the given tiles, at most a block, by one worker. */
void
runet_winograd_run_block (const RunetWinogradRun *run,
                          gsize first,
                          gsize count,
                          guint worker);

void
runet_winograd_sum_init (RunetWinograd *self);
gsize
runet_winograd_count_sum_floats (const RunetWinograd *self);
/* Adds to @dweight and @dbias. Where that spares reading dy twice, @data_gradient (nullable) is
 * run along the way, and TRUE returned; else it is left to the caller. */
gboolean
runet_winograd_sum (const RunetWinograd *self,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *gate,
                    const RunetTensor *dy,
                    const RunetWinogradRun *data_gradient,
                    float *dweight,
                    float *dbias,
                    float *scratch);

G_END_DECLS
