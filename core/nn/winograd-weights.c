/* Winograd's transforms of the weights and of their gradient; compiled once an instruction set. */
#include "winograd-lines.h"

/* What Bᵀ d B of a doubled part lacks at frequency (@y, @x), its weights have. */
ALWAYS_INLINE float
get_factor (gboolean doubled, gsize y, gsize x) {
  return doubled ? get_doubled_factor (y) * get_doubled_factor (x) : 1.0f;
}

static void
transform_taps (RunetWinogradPoints points,
                float taps[9][VECTOR_FLOATS],
                Vector u[6][6]) {
  const WinogradPair pair = points == RUNET_WINOGRAD_INTEGERS
                                ? get_pair (RUNET_WINOGRAD_INTEGERS)
                                : get_pair (RUNET_WINOGRAD_ROOTS);
  Vector t[6][3];
  for (gsize x = 0; x < 3; x++) {
    const Vector g[3] = {vector_load (taps[x]), vector_load (taps[3 + x]),
                         vector_load (taps[6 + x])};
    Vector column[6];
    transform_3_to_6 (pair, g, column);
    for (gsize y = 0; y < 6; y++)
      t[y][x] = column[y];
  }
  for (gsize y = 0; y < 6; y++)
    transform_3_to_6 (pair, t[y], u[y]);
}

void
KERNEL (transform_weights) (const float *weight,
                            const RunetKernelMatrix *matrix,
                            RunetWinogradPoints points,
                            gsize first,
                            gsize end,
                            gsize frequency_stride,
                            const RunetPanels *layout,
                            float *out) {
  const gsize columns = runet_kernel_pad (matrix->columns);
  for (gsize k = first; k < end; k++)
    for (gsize column = 0; column < columns; column += VECTOR_FLOATS) {
      float taps[9][VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
      for (gsize j = 0; j < VECTOR_FLOATS && column + j < matrix->columns; j++) {
        const float *g =
            weight + k * matrix->row_stride + (column + j) * matrix->column_stride;
        for (gsize tap = 0; tap < 9; tap++)
          taps[tap][j] = g[matrix->turned ? 8 - tap : tap];
      }
      Vector u[6][6];
      transform_taps (points, taps, u);
      float *to = out + column / PANEL * layout->panel_stride + k * layout->row_stride +
                  column % PANEL;
      const gboolean doubled = k < matrix->doubled_rows;
      for (gsize y = 0; y < 6; y++)
        for (gsize x = 0; x < 6; x++)
          vector_store (to + (y * 6 + x) * frequency_stride,
                        u[y][x] * get_factor (doubled, y, x));
    }
}

static void
transform_sums (RunetWinogradPoints points,
                Vector u[6][6],
                float taps[9][VECTOR_FLOATS]) {
  const WinogradPair pair = points == RUNET_WINOGRAD_INTEGERS
                                ? get_pair (RUNET_WINOGRAD_INTEGERS)
                                : get_pair (RUNET_WINOGRAD_ROOTS);
  Vector t[3][6];
  for (gsize x = 0; x < 6; x++) {
    const Vector column[6] = {u[0][x], u[1][x], u[2][x], u[3][x], u[4][x], u[5][x]};
    Vector g[3];
    transform_6_to_3 (pair, column, g);
    for (gsize y = 0; y < 3; y++)
      t[y][x] = g[y];
  }
  for (gsize y = 0; y < 3; y++) {
    Vector g[3];
    transform_6_to_3 (pair, t[y], g);
    for (gsize x = 0; x < 3; x++)
      vector_store (taps[y * 3 + x], g[x]);
  }
}

void
KERNEL (transform_weight_gradient) (const RunetFrequencies *du,
                                    gsize parts,
                                    gsize part_stride,
                                    const RunetKernelMatrix *matrix,
                                    RunetWinogradPoints points,
                                    gsize first,
                                    gsize end,
                                    float *dweight) {
  for (gsize k = first; k < end; k++)
    for (gsize column = 0; column < matrix->columns; column += VECTOR_FLOATS) {
      const gboolean doubled = k < matrix->doubled_rows;
      Vector u[6][6];
      for (gsize f = 0; f < RUNET_WINOGRAD_FREQUENCIES; f++) {
        const float *p =
            du->data + f * du->frequency_stride + k * du->row_stride + column;
        const float factor = get_factor (doubled, f / 6, f % 6);
        Vector sum = {0};
        /* Where the factor is zero nothing was summed. */
        for (gsize part = 0; part < parts && factor != 0; part++)
          sum += vector_load (p + part * part_stride);
        u[f / 6][f % 6] = sum * factor;
      }
      float taps[9][VECTOR_FLOATS] __attribute__ ((aligned (64)));
      transform_sums (points, u, taps);
      for (gsize j = 0; j < VECTOR_FLOATS && column + j < matrix->columns; j++) {
        float *to =
            dweight + k * matrix->row_stride + (column + j) * matrix->column_stride;
        for (gsize tap = 0; tap < 9; tap++)
          to[tap] += taps[tap][j];
      }
    }
}
