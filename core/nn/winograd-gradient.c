/* Winograd's transform of the output's gradient for that of the weights, A dY Aᵀ, as vector code over the
 * channels; compiled once an instruction set. */
#include "winograd-lines.h"

#define TILE RUNET_WINOGRAD_TILE

/* 4 × 4 pixels of one vector of channels. */
typedef struct {
  const float *data;
  const float *gate; /* (nullable) */
  gsize row, pixel; /* floats */
  gsize gate_row, gate_pixel;
} Window;

/* Copies the part of a tile that exists into @patch; the rest is zero. */
static void
copy_patch (const RunetTensor *t,
            const RunetTensor *gate,
            const RunetTilePlace *place,
            gsize channel,
            float *patch) {
  const gsize channels = channel < t->c ? MIN (t->c - channel, VECTOR_FLOATS) : 0;
  memset (patch, 0, TILE * TILE * VECTOR_FLOATS * sizeof (float));
  for (gsize i = 0; i < TILE; i++)
    for (gsize j = 0; j < TILE; j++) {
      const gsize y = place->row * TILE + i, x = place->column * TILE + j;
      if (y >= t->h || x >= t->w)
        continue;
      const float *from = runet_tensor_pixel (t, place->n, y, x) + channel;
      float *to = patch + (i * TILE + j) * VECTOR_FLOATS;
      memcpy (to, from, channels * sizeof (float));
      if (gate == NULL)
        continue;
      const float *g = runet_tensor_pixel (gate, place->n, y, x) + channel;
      for (gsize c = 0; c < channels; c++)
        to[c] = g[c] > 0.0f ? to[c] : 0.0f;
    }
}

/* The tile straight in the tensor, or a copy in @patch where that would leave the tensor. */
ALWAYS_INLINE Window
open_window (const RunetTensor *t,
             const RunetTensor *gate,
             const RunetTilePlace *place,
             gsize channel,
             float *patch) {
  const gsize y = place->row * TILE, x = place->column * TILE;
  if (y + TILE > t->h || x + TILE > t->w || channel + VECTOR_FLOATS > t->c) {
    copy_patch (t, gate, place, channel, patch);
    return (Window){patch, NULL, TILE * VECTOR_FLOATS, VECTOR_FLOATS, 0, 0};
  }
  Window window = {.data = runet_tensor_pixel (t, place->n, y, x) + channel,
                   .row = t->w * t->stride,
                   .pixel = t->stride};
  if (gate != NULL) {
    window.gate = runet_tensor_pixel (gate, place->n, y, x) + channel;
    window.gate_row = gate->w * gate->stride;
    window.gate_pixel = gate->stride;
  }
  return window;
}

/* Returns the sum of the 16 pixels. */
ALWAYS_INLINE Vector
transform_window (WinogradPair pair,
                  const Window *w,
                  gboolean gated,
                  gsize stride,
                  float *out) {
  Vector t[6][4], sum = {0};
  const float *p = step (w->data, 0), *gate = gated ? step (w->gate, 0) : NULL;
#pragma GCC unroll 4
  for (gsize j = 0; j < 4; j++) {
    Vector d[4], column[6];
#pragma GCC unroll 4
    for (gsize i = 0; i < 4; i++) {
      d[i] = vector_load (p + i * w->row);
      if (gated)
        d[i] = vector_gate (d[i], vector_load (gate + i * w->gate_row));
    }
    p = step (p, w->pixel);
    if (gated)
      gate = step (gate, w->gate_pixel);
    sum += (d[0] + d[1]) + (d[2] + d[3]);
    transform_4_to_6 (pair, d, column);
#pragma GCC unroll 6
    for (gsize i = 0; i < 6; i++)
      t[i][j] = column[i];
  }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++) {
    Vector row[6];
    transform_4_to_6 (pair, t[i], row);
#pragma GCC unroll 6
    for (gsize j = 0; j < 6; j++) {
      vector_store (out, row[j]);
      out = step_out (out, stride);
    }
  }
  return sum;
}

ALWAYS_INLINE void
transform_gradient_as (RunetWinogradPoints points,
                       const RunetTensor *dy,
                       const RunetTensor *gate,
                       gsize first,
                       gsize count,
                       const RunetFrequencies *m,
                       float *sums) {
  float patch[TILE * TILE * VECTOR_FLOATS] __attribute__ ((aligned (64)));
  const RunetTileGrid grid = runet_tile_grid (dy->h, dy->w);
  for (gsize tile = 0; tile < count; tile++) {
    const RunetTilePlace place = runet_tile_place (&grid, first + tile);
    float *row = m->data + tile * m->row_stride;
    for (gsize c = 0; c < m->row_stride; c += VECTOR_FLOATS) {
      const Window w = open_window (dy, gate, &place, c, patch);
      Vector sum;
      if (w.gate != NULL)
        sum = transform_window (get_pair (points), &w, TRUE, m->frequency_stride,
                                row + c);
      else
        sum = transform_window (get_pair (points), &w, FALSE, m->frequency_stride,
                                row + c);
      vector_store (sums + c, vector_load (sums + c) + sum);
    }
  }
}

void
KERNEL (transform_gradient) (const RunetTensor *dy,
                             const RunetTensor *gate,
                             RunetWinogradPoints points,
                             gsize first,
                             gsize count,
                             const RunetFrequencies *m,
                             float *sums) {
  if (points == RUNET_WINOGRAD_INTEGERS)
    transform_gradient_as (RUNET_WINOGRAD_INTEGERS, dy, gate, first, count, m, sums);
  else
    transform_gradient_as (RUNET_WINOGRAD_ROOTS, dy, gate, first, count, m, sums);
}
