/* Kernels for the layers that Winograd does not suit, on rows of pixels: 3 × 3 of one input channel,
 * and what 1 × 1 needs around its products; compiled once an instruction set. */
#include "convolution-kernels-private.h"

/* Fewer floats than a vector has; in pieces of known size, which take an instruction each. */
ALWAYS_INLINE void
copy_some (float *to, const float *from, gsize floats) {
#pragma GCC unroll 4
  for (gsize piece = VECTOR_FLOATS / 2; piece > 0; piece /= 2)
    if (floats & piece) {
      memcpy (to, from, piece * sizeof (float));
      to += piece;
      from += piece;
    }
}

/* The first @channels of a vector. */
ALWAYS_INLINE Vector
load_some (const float *p, gsize channels) {
  if (channels >= VECTOR_FLOATS)
    return vector_load (p);
  float part[VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
  copy_some (part, p, channels);
  return vector_load (part);
}

ALWAYS_INLINE void
store_some (float *p, Vector v, gsize channels) {
  if (channels >= VECTOR_FLOATS) {
    vector_store (p, v);
    return;
  }
  float part[VECTOR_FLOATS] __attribute__ ((aligned (64)));
  vector_store (part, v);
  copy_some (p, part, channels);
}

/* Pixels that are filtered at once: each pixel around them is read once, and each sum waits less often
 * for its own last addition. */
#define FILTERED 4

/* @count pixels of one vector of channels: Σ w · x + bias, by row of taps. */
ALWAYS_INLINE void
filter_pixels (const float *const rows[3],
               gsize p,
               gsize count,
               const Vector w[9],
               Vector bias,
               Vector *sums) {
#pragma GCC unroll 4
  for (gsize k = 0; k < count; k++)
    sums[k] = bias;
#pragma GCC unroll 3
  for (gsize i = 0; i < 3; i++)
#pragma GCC unroll 6
    for (gsize j = 0; j < count + 2; j++) {
      const float x = rows[i][p + j];
#pragma GCC unroll 3
      for (gsize tap = 0; tap < 3; tap++)
        if (j >= tap && j - tap < count)
          sums[j - tap] += x * w[3 * i + tap];
    }
}

void
KERNEL (filter_row) (const float *const rows[3],
                     gsize pixels,
                     const float *weight,
                     gsize weight_stride,
                     const RunetOutput *output,
                     gsize channels,
                     float *y,
                     gsize stride) {
  for (gsize c = 0; c < channels; c += VECTOR_FLOATS) {
    Vector w[9], bias = vector_load (output->bias + c);
    for (gsize tap = 0; tap < 9; tap++)
      w[tap] = vector_load (weight + tap * weight_stride + c);
    const gboolean relu = output->relu;
    gsize p = 0;
    for (; p + FILTERED <= pixels && c + VECTOR_FLOATS <= channels; p += FILTERED) {
      Vector sums[FILTERED];
      filter_pixels (rows, p, FILTERED, w, bias, sums);
#pragma GCC unroll 4
      for (gsize k = 0; k < FILTERED; k++)
        vector_store (y + (p + k) * stride + c, relu ? vector_relu (sums[k]) : sums[k]);
    }
    for (; p < pixels; p++) {
      Vector sum;
      filter_pixels (rows, p, 1, w, bias, &sum);
      store_some (y + p * stride + c, relu ? vector_relu (sum) : sum, channels - c);
    }
  }
}

void
KERNEL (filter_row_gradient) (const float *const rows[3],
                              gsize pixels,
                              const float *dy,
                              gsize stride,
                              gsize channels,
                              float *sums,
                              gsize sums_stride) {
  for (gsize c = 0; c < channels; c += VECTOR_FLOATS) {
    Vector sum[10] = {0};
    for (gsize p = 0; p < pixels; p++) {
      Vector d = load_some (dy + p * stride + c, channels - c);
      for (gsize tap = 0; tap < 9; tap++)
        sum[tap] += rows[tap / 3][p + tap % 3] * d;
      sum[9] += d;
    }
    for (gsize tap = 0; tap < 10; tap++) {
      float *to = sums + tap * sums_stride + c;
      vector_store (to, vector_load (to) + sum[tap]);
    }
  }
}

void
KERNEL (copy_pixels) (const float *from,
                      gsize from_stride,
                      const float *gate,
                      gsize gate_stride,
                      gsize pixels,
                      gsize channels,
                      float *to,
                      gsize to_stride) {
  for (gsize p = 0; p < pixels; p++)
    for (gsize c = 0; c < channels; c += VECTOR_FLOATS) {
      Vector v = load_some (from + p * from_stride + c, channels - c);
      if (gate != NULL)
        v = vector_gate (v, load_some (gate + p * gate_stride + c, channels - c));
      vector_store (to + p * to_stride + c, v);
    }
}
