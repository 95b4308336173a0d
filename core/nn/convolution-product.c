/* Products of small matrices held in registers; compiled once an instruction set.
 *
 * OpenBLAS copies its operands before it multiplies, which for matrices of some 64 × 32 × 32 costs
 * as much as the product. Here B is packed already, and A is read where the transform wrote it. */
#include "convolution-kernels-private.h"

/* @rows × (@vectors · VECTOR_FLOATS) elements of C, from row @first of A. The constants decide what
 * stays in registers. @transposed: a row of A is one float from the next, else a column is. */
ALWAYS_INLINE void
multiply_tile (const int rows,
               const int vectors,
               const gboolean transposed,
               const RunetFactor *factors,
               guint count,
               gsize first,
               const float *b,
               gsize b_row,
               float *c,
               gsize c_row,
               gboolean add) {
  Vector sum[TILE_ROWS][2];
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      sum[r][v] =
          add ? vector_load (c + (gsize)r * c_row + v * VECTOR_FLOATS) : (Vector){0};
  for (guint f = 0; f < count; f++) {
    const gsize row = transposed ? 1 : factors[f].row;
    const gsize step = transposed ? factors[f].step : 1;
    const float *a = factors[f].data + first * row;
    for (gsize k = 0; k < factors[f].depth; k++) {
      const Vector b0 = vector_load (b);
      const Vector b1 = vectors > 1 ? vector_load (b + VECTOR_FLOATS) : (Vector){0};
#pragma GCC unroll 8
      for (int r = 0; r < rows; r++) {
        const float s = a[(gsize)r * row];
        sum[r][0] += s * b0;
        if (vectors > 1)
          sum[r][1] += s * b1;
      }
      a += step;
      b += b_row;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      vector_store (c + (gsize)r * c_row + v * VECTOR_FLOATS, sum[r][v]);
}

typedef void (*MultiplyTile) (const RunetFactor *factors,
                              guint count,
                              gsize first,
                              const float *b,
                              gsize b_row,
                              float *c,
                              gsize c_row,
                              gboolean add);

/* Two of a kind: rows of A apart and its depth consecutive (activations), or the other way round
 * (activations transposed, for the gradient of the weights). */
#define DEFINE_TILE(rows, vectors)                                                   \
  static void multiply_##rows##_##vectors (const RunetFactor *factors, guint count,  \
                                           gsize first, const float *b, gsize b_row, \
                                           float *c, gsize c_row, gboolean add) {    \
    multiply_tile (rows, vectors, FALSE, factors, count, first, b, b_row, c, c_row,  \
                   add);                                                             \
  }                                                                                  \
  static void multiply_transposed_##rows##_##vectors (                               \
      const RunetFactor *factors, guint count, gsize first, const float *b,          \
      gsize b_row, float *c, gsize c_row, gboolean add) {                            \
    multiply_tile (rows, vectors, TRUE, factors, count, first, b, b_row, c, c_row,   \
                   add);                                                             \
  }

#define DEFINE_ROWS(rows) \
  DEFINE_TILE (rows, 1)   \
  DEFINE_TILE (rows, 2)

DEFINE_ROWS (1)
DEFINE_ROWS (2)
DEFINE_ROWS (3)
DEFINE_ROWS (4)
DEFINE_ROWS (5)
DEFINE_ROWS (6)
#if TILE_ROWS == 8
DEFINE_ROWS (7)
DEFINE_ROWS (8)
#endif

#define LIST_ROWS(kind)                                                               \
  {                                                                                   \
    {kind##_1_1, kind##_1_2}, {kind##_2_1, kind##_2_2}, {kind##_3_1, kind##_3_2},     \
        {kind##_4_1, kind##_4_2}, {kind##_5_1, kind##_5_2}, {kind##_6_1, kind##_6_2}, \
        LIST_MORE_ROWS (kind)                                                         \
  }
#if TILE_ROWS == 8
#define LIST_MORE_ROWS(kind) {kind##_7_1, kind##_7_2}, {kind##_8_1, kind##_8_2},
#else
#define LIST_MORE_ROWS(kind)
#endif

static const MultiplyTile multiply_tiles[TILE_ROWS][2] = LIST_ROWS (multiply);
static const MultiplyTile multiply_transposed_tiles[TILE_ROWS][2] =
    LIST_ROWS (multiply_transposed);

void
KERNEL (multiply) (gsize rows,
                   gsize columns,
                   const RunetFactor *factors,
                   guint count,
                   const RunetPanels *b,
                   float *c,
                   gsize c_row,
                   gboolean add) {
  const MultiplyTile (*tiles)[2] =
      count == 0 || factors[0].step == 1 ? multiply_tiles : multiply_transposed_tiles;
  for (gsize column = 0; column < columns; column += PANEL) {
    const gsize vectors = MIN (columns - column, PANEL) / VECTOR_FLOATS;
    const float *panel = b->data + column / PANEL * b->panel_stride;
    for (gsize row = 0; row < rows; row += TILE_ROWS)
      tiles[MIN (rows - row, TILE_ROWS) - 1][vectors - 1](
          factors, count, row, panel, b->row_stride, c + row * c_row + column, c_row,
          add);
  }
}
