/* The inner loops of the blas engine's convolutions, one table an instruction set.
 *
 * Winograd's F(4 × 4, 3 × 3) [Lavin & Gray, "Fast algorithms for convolutional neural networks",
 * CVPR 2016]: the output is cut into tiles of 4 × 4 pixels, each made of 6 × 6 input pixels d and
 * the kernel g by Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. The 36 elements of such a transform are called
 * frequencies here. The sum over input channels happens between the transforms, so that all tiles
 * together need 36 matrix products (tiles × I) · (I × O).
 *
 * Tiles are numbered by image, then row, then column; those at the right and lower border hang
 * over when the size is no multiple of four. */
#pragma once

#include <glib.h>
#include "tensor.h"

G_BEGIN_DECLS

#define RUNET_WINOGRAD_TILE 4
#define RUNET_WINOGRAD_FREQUENCIES 36

/* Channels of internal buffers are rounded up to this: a multiple of every vector length and one
 * cache line. Surplus channels hold zeros. */
#define RUNET_KERNEL_PAD 16

static inline gsize
runet_kernel_pad (gsize channels) {
  return (channels + RUNET_KERNEL_PAD - 1) / RUNET_KERNEL_PAD * RUNET_KERNEL_PAD;
}

/* Classes that the last layer's kernel takes at most. */
#define RUNET_KERNEL_CLASSES 4

/* 36 matrices of tiles × channels. */
typedef struct {
  float *data;
  gsize frequency_stride; /* floats from one matrix to the next */
  gsize row_stride; /* floats from one tile to the next; a multiple of the pad */
} RunetFrequencies;

/* Operand B of a product: column j of row k is data[(j / panel) * panel_stride + k * row_stride +
 * j % panel] with the table's panel. */
typedef struct {
  const float *data;
  gsize row_stride;
  gsize panel_stride;
} RunetPanels;

/* What the output transform does besides. */
typedef struct {
  const float *bias; /* (nullable): padded */
  gboolean relu;
  gboolean add; /* to what the tensor holds; without relu */
  gboolean
      halved; /* the tensor has half the rows and columns and takes the sums over 2 × 2 */
  const RunetTensor
      *pooled; /* (nullable): takes the largest of each 2 × 2; with relu */
  gboolean
      streamed; /* past the caches, where it fills whole lines; with bias, not add */
} RunetOutput;

/* Where the transforms evaluate, besides 0 and ∞. */
typedef enum {
  RUNET_WINOGRAD_ROOTS, /* ±√½, ±√2 */
  RUNET_WINOGRAD_INTEGERS, /* ±1, ±2: for layers with a doubled part */
} RunetWinogradPoints;

/* Frequency (i, j) of a doubled part of the input is matrix 4 a[i] + a[j] of its transform, times
 * a factor that its weights have; -1: it vanishes. */
static const int runet_winograd_doubled[6] = {0, 1, -1, 2, 2, 3};
#define RUNET_WINOGRAD_DOUBLED_FREQUENCIES 16

/* One 3 × 3 kernel of an O × I × 3 × 3 weight as the matrix rows × columns: element (k, j) starts
 * at weight[k * row_stride + j * column_stride]. */
typedef struct {
  gsize rows, columns;
  gsize row_stride, column_stride;
  gboolean turned; /* by 180°, for the gradient of the input */
  gsize doubled_rows; /* the first of the rows, that a doubled part multiplies */
} RunetKernelMatrix;

/* The tiles of one image. */
typedef struct {
  gsize rows, columns;
} RunetTileGrid;

typedef struct {
  gsize n, row, column;
} RunetTilePlace;

static inline RunetTileGrid
runet_tile_grid (gsize h, gsize w) {
  return (RunetTileGrid){(h + RUNET_WINOGRAD_TILE - 1) / RUNET_WINOGRAD_TILE,
                         (w + RUNET_WINOGRAD_TILE - 1) / RUNET_WINOGRAD_TILE};
}

static inline RunetTilePlace
runet_tile_place (const RunetTileGrid *grid, gsize tile) {
  const gsize row = tile / grid->columns;
  return (RunetTilePlace){row / grid->rows, row % grid->rows, tile % grid->columns};
}

/* Some of the columns of operand A of a product: element (r, k) is data[r * row + k * step]; row or
 * step is 1. */
typedef struct {
  const float *data;
  gsize row, step;
  gsize depth; /* columns */
} RunetFactor;

typedef struct {
  const char *name; /* "AVX-512" */
  gsize panel; /* columns that a product keeps in registers */
  gsize rows; /* … and rows: blocks are best multiples of it */

  /* Bᵀ d B of tiles @first … @first + @count - 1, written to rows 0 … @count - 1 of @v.
   * @margin: rows and columns that @x has all around the image that the tiles are of, at most one;
   *   what it has not counts as zero
   * @gate: (nullable): of @x's size; where it is not positive, x counts as zero */
  void (*transform_input) (const RunetTensor *x,
                           gsize margin,
                           const RunetTensor *gate,
                           RunetWinogradPoints points,
                           gsize first,
                           gsize count,
                           const RunetFrequencies *v);
  /* The same of a map that nearest up-sampling would make from @x, at INTEGERS: 16 matrices. */
  void (*transform_doubled) (const RunetTensor *x,
                             gsize first,
                             gsize count,
                             const RunetFrequencies *v);
  /* Aᵀ M A. */
  void (*transform_output) (const RunetFrequencies *m,
                            RunetWinogradPoints points,
                            gsize first,
                            gsize count,
                            const RunetOutput *output,
                            const RunetTensor *y);
  /* A dY Aᵀ: what transform_output's gradient is before the products. Adds to @sums, padded
   * channels, the sums of the pixels. */
  void (*transform_gradient) (const RunetTensor *dy,
                              const RunetTensor *gate,
                              RunetWinogradPoints points,
                              gsize first,
                              gsize count,
                              const RunetFrequencies *m,
                              float *sums);
  /* G g Gᵀ of rows @first … @end - 1 into panels: frequency f starts at
   * out[f * frequency_stride]; surplus columns are zero. */
  void (*transform_weights) (const float *weight,
                             const RunetKernelMatrix *matrix,
                             RunetWinogradPoints points,
                             gsize first,
                             gsize end,
                             gsize frequency_stride,
                             const RunetPanels *layout,
                             float *out);
  /* Adds Gᵀ dU G to the gradient of the weights, dU being the sum of @parts matrices
   * part_stride floats apart. Row i of a frequency is one input channel. */
  void (*transform_weight_gradient) (const RunetFrequencies *du,
                                     gsize parts,
                                     gsize part_stride,
                                     const RunetKernelMatrix *matrix,
                                     RunetWinogradPoints points,
                                     gsize first,
                                     gsize end,
                                     float *dweight);

  /* C [+]= A · B. A is @factors side by side, whose depths are together the rows of @b; C's rows
   * are c_row floats apart. @columns is a multiple of the pad. */
  void (*multiply) (gsize rows,
                    gsize columns,
                    const RunetFactor *factors,
                    guint count,
                    const RunetPanels *b,
                    float *c,
                    gsize c_row,
                    gboolean add);

  /* 3 × 3 of one input channel. @rows: the rows above, of and below the output's, each from one
   * pixel left of it to one right of it. @weight: 9 × padded channels. @output: not add. */
  void (*filter_row) (const float *const rows[3],
                      gsize pixels,
                      const float *weight,
                      gsize weight_stride,
                      const RunetOutput *output,
                      gsize channels,
                      float *y,
                      gsize stride);
  /* Adds to @sums, 10 × padded channels, the gradients of the nine taps and of the bias.
   * @dy: may be read up to its channels only. */
  void (*filter_row_gradient) (const float *const rows[3],
                               gsize pixels,
                               const float *dy,
                               gsize stride,
                               gsize channels,
                               float *sums,
                               gsize sums_stride);

  /* Pixels of @channels to pixels of padded channels, zero where @gate (nullable) is not positive. */
  void (*copy_pixels) (const float *from,
                       gsize from_stride,
                       const float *gate,
                       gsize gate_stride,
                       gsize pixels,
                       gsize channels,
                       float *to,
                       gsize to_stride);

  /* Softmax of a product of pixels × I by I × RUNET_KERNEL_CLASSES. @bias: as many.
   * @foreground: (nullable): the sum of all classes but the first, one float a pixel. */
  void (*classify) (const float *x,
                    gsize x_stride,
                    gsize pixels,
                    gsize channels,
                    const float *weight,
                    const float *bias,
                    gsize classes,
                    float *y,
                    gsize y_stride,
                    float *foreground);
  /* x = 1 / (1 + exp (-slope (x - shift))) */
  void (*sigmoid) (float *x, gsize count, float slope, float shift);
  /* Independent multiply-adds in registers; returns how many operations @rounds of them were.
   * @sum: what came out, so that the compiler may not leave them out. */
  double (*multiply_add) (gsize rounds, float *sum);
} RunetKernels;

/* The tables that this processor can run, fastest first; ends with %NULL. */
const RunetKernels *const *
runet_kernels_get_usable (void);

/* With the vectors of AVX-512 in plain instructions: slow, for tests on processors without it. */
extern const RunetKernels runet_kernels_wide;

/* What new convolutions use: the fastest, */
const RunetKernels *
runet_kernels_get (void);
/* … or another, for tests and measurements. %NULL: the fastest again. */
void
runet_kernels_set (const RunetKernels *kernels);

G_END_DECLS
