/* Winograd's transforms of the weights and of their gradient; compiled once an instruction set. */
#include "convolution-kernels-private.h"

#define HALF_ROOT 0.70710678f /* √½ */
#define ROOT 1.41421356f /* √2 */

/* G of one row or column. */
ALWAYS_INLINE void
transform_3_to_6 (const Vector g[3], Vector u[6]) {
  Vector even1 = (-2.0f / 3.0f) * g[0] - (1.0f / 3.0f) * g[2];
  Vector odd1 = (-2.0f / 3.0f * HALF_ROOT) * g[1];
  Vector even2 = (1.0f / 6.0f) * g[0] + (1.0f / 3.0f) * g[2];
  Vector odd2 = (1.0f / 6.0f * ROOT) * g[1];
  u[0] = g[0];
  u[1] = even1 + odd1;
  u[2] = even1 - odd1;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

/* Gᵀ of one row or column. */
ALWAYS_INLINE void
transform_6_to_3 (const Vector u[6], Vector g[3]) {
  Vector even1 = u[1] + u[2];
  Vector odd1 = u[1] - u[2];
  Vector even2 = u[3] + u[4];
  Vector odd2 = u[3] - u[4];
  g[0] = u[0] - (2.0f / 3.0f) * even1 + (1.0f / 6.0f) * even2;
  g[1] = (1.0f / 6.0f * ROOT) * odd2 - (2.0f / 3.0f * HALF_ROOT) * odd1;
  g[2] = (1.0f / 3.0f) * (even2 - even1) + u[5];
}

void
KERNEL (transform_weights) (const float *weight,
                            const RunetKernelMatrix *matrix,
                            gsize first,
                            gsize end,
                            gsize frequency_stride,
                            const RunetPanels *layout,
                            float *out) {
  gsize columns =
      (matrix->columns + RUNET_KERNEL_PAD - 1) / RUNET_KERNEL_PAD * RUNET_KERNEL_PAD;
  for (gsize k = first; k < end; k++)
    for (gsize column = 0; column < columns; column += VECTOR_FLOATS) {
      float taps[9][VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
      for (gsize j = 0; j < VECTOR_FLOATS && column + j < matrix->columns; j++) {
        const float *g =
            weight + k * matrix->row_stride + (column + j) * matrix->column_stride;
        for (gsize tap = 0; tap < 9; tap++)
          taps[tap][j] = g[matrix->turned ? 8 - tap : tap];
      }
      Vector t[6][3];
      for (gsize x = 0; x < 3; x++) {
        Vector g[3] = {vector_load (taps[x]), vector_load (taps[3 + x]),
                       vector_load (taps[6 + x])};
        Vector u[6];
        transform_3_to_6 (g, u);
        for (gsize y = 0; y < 6; y++)
          t[y][x] = u[y];
      }
      float *to = out + column / PANEL * layout->panel_stride + k * layout->row_stride +
                  column % PANEL;
      for (gsize y = 0; y < 6; y++) {
        Vector u[6];
        transform_3_to_6 (t[y], u);
        for (gsize x = 0; x < 6; x++)
          vector_store (to + (y * 6 + x) * frequency_stride, u[x]);
      }
    }
}

void
KERNEL (transform_weight_gradient) (const RunetFrequencies *du,
                                    gsize parts,
                                    gsize part_stride,
                                    const RunetKernelMatrix *matrix,
                                    gsize first,
                                    gsize end,
                                    float *dweight) {
  for (gsize k = first; k < end; k++)
    for (gsize column = 0; column < matrix->columns; column += VECTOR_FLOATS) {
      const float *from = du->data + k * du->row_stride + column;
      Vector t[3][6];
      for (gsize x = 0; x < 6; x++) {
        Vector u[6], g[3];
        for (gsize y = 0; y < 6; y++) {
          const float *p = from + (y * 6 + x) * du->frequency_stride;
          u[y] = vector_load (p);
          for (gsize part = 1; part < parts; part++)
            u[y] += vector_load (p + part * part_stride);
        }
        transform_6_to_3 (u, g);
        for (gsize y = 0; y < 3; y++)
          t[y][x] = g[y];
      }
      float taps[9][VECTOR_FLOATS] __attribute__ ((aligned (64)));
      for (gsize y = 0; y < 3; y++) {
        Vector g[3];
        transform_6_to_3 (t[y], g);
        for (gsize x = 0; x < 3; x++)
          vector_store (taps[y * 3 + x], g[x]);
      }
      for (gsize j = 0; j < VECTOR_FLOATS && column + j < matrix->columns; j++) {
        float *to =
            dweight + k * matrix->row_stride + (column + j) * matrix->column_stride;
        for (gsize tap = 0; tap < 9; tap++)
          to[tap] += taps[tap][j];
      }
    }
}
