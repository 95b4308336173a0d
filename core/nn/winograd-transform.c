/* Winograd's transforms as vector code over the channels; compiled once an instruction set.
 *
 * N batch, H rows, W columns, C channels. The points are 0, ±√½, ±√2 and ∞: with ±1 and ±2, which
 * [Lavin & Gray] take, the error is 2.3 times as large on average and 7 times at worst. */
#include "convolution-kernels-private.h"

#define HALF_ROOT 0.70710678f /* √½ */
#define ROOT 1.41421356f /* √2 */

/* Rows 0 and 5, 1 and 2, 3 and 4 of Bᵀ d: each pair shares what it computes. Multiplications by
 * √½ and √2 come before the sums, since processors add beside a fused multiply-add. */
typedef enum { PAIR_OUTER, PAIR_HALF, PAIR_TWO } Pair;

ALWAYS_INLINE void
transform_pair (Pair pair, const Vector d[6], Vector *one, Vector *other) {
  Vector even, odd;
  if (pair == PAIR_OUTER) {
    *one = (d[0] + d[4]) - 2.5f * d[2];
    *other = (d[1] + d[5]) - 2.5f * d[3];
    return;
  }
  if (pair == PAIR_HALF) {
    even = d[4] - 2.0f * d[2];
    odd = HALF_ROOT * d[3] - ROOT * d[1];
  } else {
    even = d[4] - 0.5f * d[2];
    odd = ROOT * d[3] - HALF_ROOT * d[1];
  }
  *one = even + odd;
  *other = even - odd;
}

/* Bᵀ of one row. */
ALWAYS_INLINE void
transform_6 (const Vector d[6], Vector t[6]) {
  transform_pair (PAIR_OUTER, d, &t[0], &t[5]);
  transform_pair (PAIR_HALF, d, &t[1], &t[2]);
  transform_pair (PAIR_TWO, d, &t[3], &t[4]);
}

/* Aᵀ of one row or column. */
ALWAYS_INLINE void
transform_6_to_4 (const Vector m[6], Vector y[4]) {
  Vector even1 = m[1] + m[2];
  Vector odd1 = m[1] - m[2];
  Vector even2 = m[3] + m[4];
  Vector odd2 = m[3] - m[4];
  y[0] = m[0] + (even1 + even2);
  y[1] = HALF_ROOT * odd1 + ROOT * odd2;
  y[2] = 0.5f * even1 + 2.0f * even2;
  y[3] = m[5] + (0.5f * HALF_ROOT) * odd1 + (2.0f * ROOT) * odd2;
}

/* A of one row or column. */
ALWAYS_INLINE void
transform_4_to_6 (const Vector y[4], Vector m[6]) {
  Vector even1 = y[0] + 0.5f * y[2];
  Vector odd1 = HALF_ROOT * y[1] + (0.5f * HALF_ROOT) * y[3];
  Vector even2 = y[0] + 2.0f * y[2];
  Vector odd2 = ROOT * y[1] + (2.0f * ROOT) * y[3];
  m[0] = y[0];
  m[1] = even1 + odd1;
  m[2] = even1 - odd1;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = y[3];
}

/* A window of a tensor: where its pixels are, for one vector of channels. */
typedef struct {
  const float *data;
  const float *gate; /* (nullable) */
  gsize row, pixel; /* floats */
  gsize gate_row, gate_pixel;
} Window;

/* Where a tile lies. */
typedef struct {
  gsize n, y, x; /* the tile's first pixel */
} Place;

static Place
find_tile (const RunetTensor *t, gsize tile) {
  gsize columns = (t->w + RUNET_WINOGRAD_TILE - 1) / RUNET_WINOGRAD_TILE;
  gsize rows = (t->h + RUNET_WINOGRAD_TILE - 1) / RUNET_WINOGRAD_TILE;
  gsize row = tile / columns;
  return (Place){row / rows, row % rows * RUNET_WINOGRAD_TILE,
                 tile % columns * RUNET_WINOGRAD_TILE};
}

/* Copies the part of a window that exists into @patch (size × size vectors); the rest is zero. */
static void
copy_patch (const RunetTensor *t,
            const RunetTensor *gate,
            const Place *place,
            gsize halo,
            gsize size,
            gsize channel,
            float *patch) {
  gsize channels = channel < t->c ? MIN (t->c - channel, VECTOR_FLOATS) : 0;
  memset (patch, 0, size * size * VECTOR_FLOATS * sizeof (float));
  for (gsize i = 0; i < size; i++)
    for (gsize j = 0; j < size; j++) {
      gsize y = place->y + i - halo, x = place->x + j - halo;
      if (y >= t->h || x >= t->w) /* also where the unsigned difference wrapped */
        continue;
      const float *from = runet_tensor_pixel (t, place->n, y, x) + channel;
      float *to = patch + (i * size + j) * VECTOR_FLOATS;
      if (channels == VECTOR_FLOATS)
        vector_store (to, vector_load (from));
      else
        memcpy (to, from, channels * sizeof (float));
      if (gate == NULL)
        continue;
      const float *g = runet_tensor_pixel (gate, place->n, y, x) + channel;
      for (gsize c = 0; c < channels; c++)
        to[c] = g[c] > 0.0f ? to[c] : 0.0f;
    }
}

ALWAYS_INLINE gboolean
is_inside (const RunetTensor *t, const Place *place, gsize halo, gsize size) {
  return place->y >= halo && place->x >= halo && place->y + size - halo <= t->h &&
         place->x + size - halo <= t->w;
}

/* The window straight in the tensor, or a copy in @patch where that would leave the tensor. */
ALWAYS_INLINE Window
open_window (const RunetTensor *t,
             const RunetTensor *gate,
             const Place *place,
             gsize halo,
             gsize size,
             gsize channel,
             gboolean inside,
             float *patch) {
  if (!inside || channel + VECTOR_FLOATS > t->c) {
    copy_patch (t, gate, place, halo, size, channel, patch);
    return (Window){patch, NULL, size * VECTOR_FLOATS, VECTOR_FLOATS, 0, 0};
  }
  gsize y = place->y - halo, x = place->x - halo;
  Window window = {runet_tensor_pixel (t, place->n, y, x) + channel,
                   NULL,
                   t->w * t->stride,
                   t->stride,
                   0,
                   0};
  if (gate != NULL) {
    window.gate = runet_tensor_pixel (gate, place->n, y, x) + channel;
    window.gate_row = gate->w * gate->stride;
    window.gate_pixel = gate->stride;
  }
  return window;
}

/* The compilers would compute the addresses of all pixels and all frequencies beforehand and, having
 * too few registers, store and load them. What they cannot see through, they compute step by step. */
ALWAYS_INLINE const float *
step (const float *p, gsize floats) {
  p += floats;
  __asm__("" : "+r"(p));
  return p;
}

ALWAYS_INLINE float *
step_out (float *p, gsize floats) {
  p += floats;
  __asm__("" : "+r"(p));
  return p;
}

ALWAYS_INLINE void
load_column (const Window *w,
             const float *p,
             const float *gate,
             gsize size,
             Vector *d) {
#pragma GCC unroll 6
  for (gsize i = 0; i < size; i++) {
    d[i] = vector_load (p + i * w->row);
    if (gate != NULL)
      d[i] = vector_gate (d[i], vector_load (gate + i * w->gate_row));
  }
}

/* Stores one row of six frequencies; returns where the next row goes. */
ALWAYS_INLINE float *
store_row (const Vector t[6], float *out, gsize stride) {
#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++) {
    vector_store (out, t[j]);
    out = step_out (out, stride);
  }
  return out;
}

/* Two rows of Bᵀ d B. Two at a time stay in registers; all six would be stored and loaded again,
 * which costs more than loading the pixels thrice. */
ALWAYS_INLINE void
transform_two_rows (const Window *w,
                    gboolean gated,
                    Pair pair,
                    float *one,
                    float *other,
                    gsize stride) {
  Vector rows[2][6];
  const float *p = step (w->data, 0), *gate = gated ? step (w->gate, 0) : NULL;
#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++) {
    Vector d[6];
    load_column (w, p, gate, 6, d);
    transform_pair (pair, d, &rows[0][j], &rows[1][j]);
    p = step (p, w->pixel);
    if (gated)
      gate = step (gate, w->gate_pixel);
  }
  Vector t[6];
  transform_6 (rows[0], t);
  store_row (t, one, stride);
  transform_6 (rows[1], t);
  store_row (t, other, stride);
}

ALWAYS_INLINE void
transform_input_window (const Window *w, gboolean gated, gsize stride, float *out) {
  transform_two_rows (w, gated, PAIR_OUTER, out, out + 30 * stride, stride);
  transform_two_rows (w, gated, PAIR_HALF, out + 6 * stride, out + 12 * stride, stride);
  transform_two_rows (w, gated, PAIR_TWO, out + 18 * stride, out + 24 * stride, stride);
}

void
KERNEL (transform_input) (const RunetTensor *x,
                          const RunetTensor *gate,
                          gsize first,
                          gsize count,
                          const RunetFrequencies *v) {
  float patch[36 * VECTOR_FLOATS] __attribute__ ((aligned (64)));
  for (gsize tile = 0; tile < count; tile++) {
    Place place = find_tile (x, first + tile);
    gboolean inside = is_inside (x, &place, 1, 6);
    float *row = v->data + tile * v->row_stride;
    for (gsize c = 0; c < v->row_stride; c += VECTOR_FLOATS) {
      Window window = open_window (x, gate, &place, 1, 6, c, inside, patch);
      if (window.gate != NULL)
        transform_input_window (&window, TRUE, v->frequency_stride, row + c);
      else
        transform_input_window (&window, FALSE, v->frequency_stride, row + c);
    }
  }
}

/* Returns the sum of the 16 pixels. */
ALWAYS_INLINE Vector
transform_gradient_window (const Window *w, gboolean gated, gsize stride, float *out) {
  Vector t[6][4], sum = {0};
  const float *p = step (w->data, 0), *gate = gated ? step (w->gate, 0) : NULL;
#pragma GCC unroll 4
  for (gsize j = 0; j < 4; j++) {
    Vector d[4], column[6];
    load_column (w, p, gate, 4, d);
    p = step (p, w->pixel);
    if (gated)
      gate = step (gate, w->gate_pixel);
    sum += (d[0] + d[1]) + (d[2] + d[3]);
    transform_4_to_6 (d, column);
#pragma GCC unroll 6
    for (gsize i = 0; i < 6; i++)
      t[i][j] = column[i];
  }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++) {
    Vector row[6];
    transform_4_to_6 (t[i], row);
    out = store_row (row, out, stride);
  }
  return sum;
}

void
KERNEL (transform_gradient) (const RunetTensor *dy,
                             const RunetTensor *gate,
                             gsize first,
                             gsize count,
                             const RunetFrequencies *m,
                             float *sums) {
  float patch[16 * VECTOR_FLOATS] __attribute__ ((aligned (64)));
  for (gsize tile = 0; tile < count; tile++) {
    Place place = find_tile (dy, first + tile);
    gboolean inside = is_inside (dy, &place, 0, 4);
    float *row = m->data + tile * m->row_stride;
    for (gsize c = 0; c < m->row_stride; c += VECTOR_FLOATS) {
      Window window = open_window (dy, gate, &place, 0, 4, c, inside, patch);
      Vector sum;
      if (window.gate != NULL)
        sum = transform_gradient_window (&window, TRUE, m->frequency_stride, row + c);
      else
        sum = transform_gradient_window (&window, FALSE, m->frequency_stride, row + c);
      vector_store (sums + c, vector_load (sums + c) + sum);
    }
  }
}

/* 36 vectors of @in to 4 × 4 pixels @out. */
ALWAYS_INLINE void
transform_output_window (const float *in,
                         gsize stride,
                         Vector bias,
                         gboolean relu,
                         gboolean add,
                         float *out,
                         gsize row,
                         gsize pixel) {
  Vector t[4][6];
#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++) {
    Vector m[6], column[4];
#pragma GCC unroll 6
    for (gsize i = 0; i < 6; i++)
      m[i] = vector_load (in + i * 6 * stride);
    in = step (in, stride);
    transform_6_to_4 (m, column);
#pragma GCC unroll 4
    for (gsize i = 0; i < 4; i++)
      t[i][j] = column[i];
  }
#pragma GCC unroll 4
  for (gsize i = 0; i < 4; i++) {
    Vector y[4];
    float *p = out;
    transform_6_to_4 (t[i], y);
#pragma GCC unroll 4
    for (gsize j = 0; j < 4; j++) {
      Vector v = y[j] + bias;
      if (relu)
        v = vector_relu (v);
      if (add)
        v += vector_load (p);
      vector_store (p, v);
      p = step_out (p, pixel);
    }
    out = step_out (out, row);
  }
}

/* The part of a patch of 4 × 4 vectors that lies in the tensor. */
static void
write_patch (const float *patch,
             const RunetTensor *t,
             const Place *place,
             gsize channel,
             gboolean add) {
  gsize channels = MIN (t->c - channel, VECTOR_FLOATS);
  for (gsize i = 0; i < 4 && place->y + i < t->h; i++)
    for (gsize j = 0; j < 4 && place->x + j < t->w; j++) {
      const float *from = patch + (i * 4 + j) * VECTOR_FLOATS;
      float *to =
          runet_tensor_pixel (t, place->n, place->y + i, place->x + j) + channel;
      for (gsize c = 0; c < channels; c++)
        to[c] = add ? to[c] + from[c] : from[c];
    }
}

void
KERNEL (transform_output) (const RunetFrequencies *m,
                           gsize first,
                           gsize count,
                           const RunetOutput *output,
                           const RunetTensor *y) {
  float patch[16 * VECTOR_FLOATS] __attribute__ ((aligned (64)));
  gsize stride = m->frequency_stride;
  for (gsize tile = 0; tile < count; tile++) {
    Place place = find_tile (y, first + tile);
    gboolean inside = is_inside (y, &place, 0, 4);
    for (gsize c = 0; c < y->c; c += VECTOR_FLOATS) {
      const float *in = m->data + tile * m->row_stride + c;
      Vector bias = {0};
      if (output->bias != NULL)
        bias = vector_load (output->bias + c);
      if (!inside || c + VECTOR_FLOATS > y->c) {
        transform_output_window (in, stride, bias, output->relu, FALSE, patch,
                                 4 * VECTOR_FLOATS, VECTOR_FLOATS);
        write_patch (patch, y, &place, c, output->add);
        continue;
      }
      float *out = runet_tensor_pixel (y, place.n, place.y, place.x) + c;
      gsize row = y->w * y->stride;
      if (output->relu)
        transform_output_window (in, stride, bias, TRUE, FALSE, out, row, y->stride);
      else if (output->add)
        transform_output_window (in, stride, bias, FALSE, TRUE, out, row, y->stride);
      else
        transform_output_window (in, stride, bias, FALSE, FALSE, out, row, y->stride);
    }
  }
}
