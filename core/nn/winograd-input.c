/* Winograd's transform of the input, Bᵀ d B, as vector code over the channels; compiled once an
 * instruction set.
 *
 * H rows, W columns, C channels. Windows of neighbouring tiles overlap by two columns, so the
 * tiles of a row are done together: first the columns of all their pixels, each once, into a
 * buffer that stays in the first cache, then the rows. */
#include "winograd-lines.h"

/* Tiles of a row at a time, */
#define RUN 8
/* … and channels: a cache line of them. */
#define GROUP RUNET_KERNEL_PAD
#define GROUP_VECTORS (GROUP / VECTOR_FLOATS)

/* The rows of x that a row of windows reads, one group of channels of them. */
typedef struct {
  const float *rows[6]; /* at image column 0; zeros where the row lies outside */
  gsize steps[6]; /* floats from pixel to pixel; 0 where the row lies outside */
  const float *gate_rows[6];
  gsize gate_steps[6];
  gsize channels; /* of the group */
  gboolean inside; /* all rows exist and the group is whole */
} Strip;

static const float zeros[GROUP] __attribute__ ((aligned (64)));

/* @count rows from row @top, which may be above the first: then it wraps. */
static Strip
open_strip (const RunetTensor *x,
            const RunetTensor *gate,
            gsize n,
            gsize top,
            gsize count,
            gsize channel) {
  Strip strip = {.channels = channel < x->c ? MIN (x->c - channel, GROUP) : 0,
                 .inside = top < x->h && top + count <= x->h};
  strip.inside &= strip.channels == GROUP;
  for (gsize i = 0; i < count; i++) {
    const gboolean outside = top + i >= x->h || strip.channels == 0;
    strip.rows[i] = outside ? zeros : runet_tensor_pixel (x, n, top + i, 0) + channel;
    strip.steps[i] = outside ? 0 : x->stride;
    if (gate == NULL)
      continue;
    strip.gate_rows[i] =
        outside ? zeros : runet_tensor_pixel (gate, n, top + i, 0) + channel;
    strip.gate_steps[i] = outside ? 0 : gate->stride;
  }
  return strip;
}

/* The first @channels of a vector, the rest zero. */
static Vector
load_part (const float *p, gsize channels) {
  float part[VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
  memcpy (part, p, channels * sizeof (float));
  return vector_load (part);
}

/* @count vectors of one image column. */
ALWAYS_INLINE void
load_column (const Strip *strip,
             gsize column,
             gsize vector,
             gsize count,
             gboolean gated,
             gboolean inside,
             Vector *d) {
  const gsize first = vector * VECTOR_FLOATS;
#pragma GCC unroll 6
  for (gsize i = 0; i < count; i++) {
    const gsize step = inside ? strip->steps[0] : strip->steps[i];
    const float *p = strip->rows[i] + column * step + first;
    if (inside || first + VECTOR_FLOATS <= strip->channels)
      d[i] = vector_load (p);
    else
      d[i] = load_part (p, first < strip->channels ? strip->channels - first : 0);
    if (!gated)
      continue;
    const gsize gate_step = inside ? strip->gate_steps[0] : strip->gate_steps[i];
    const float *gate = strip->gate_rows[i] + column * gate_step + first;
    if (inside || first + VECTOR_FLOATS <= strip->channels)
      d[i] = vector_gate (d[i], vector_load (gate));
    else
      d[i] = vector_gate (
          d[i],
          load_part (gate, first < strip->channels ? strip->channels - first : 0));
  }
}

/* ---------------------------------------------------------------- plain */

/* @count image columns from @left, which may be left of the first (it wraps) or pass the last. */
ALWAYS_INLINE void
transform_columns_as (const Strip *strip,
                      RunetWinogradPoints points,
                      gsize left,
                      gsize count,
                      gsize w,
                      gboolean gated,
                      gboolean inside,
                      float *out) {
  for (gsize j = 0; j < count; j++, out += 6 * GROUP) {
    if (left + j >= w) {
      memset (out, 0, 6 * GROUP * sizeof (float));
      continue;
    }
#pragma GCC unroll 2
    for (gsize v = 0; v < GROUP_VECTORS; v++) {
      Vector d[6], t[6];
      load_column (strip, left + j, v, 6, gated, inside, d);
      transform_6 (get_pair (points), d, t);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        vector_store (out + i * GROUP + v * VECTOR_FLOATS, t[i]);
    }
  }
}

static void
transform_columns (const Strip *strip,
                   RunetWinogradPoints points,
                   gsize left,
                   gsize count,
                   gsize w,
                   gboolean gated,
                   float *out) {
  const gboolean integers = points == RUNET_WINOGRAD_INTEGERS;
  if (!strip->inside) {
    if (integers)
      transform_columns_as (strip, RUNET_WINOGRAD_INTEGERS, left, count, w, gated,
                            FALSE, out);
    else
      transform_columns_as (strip, RUNET_WINOGRAD_ROOTS, left, count, w, gated, FALSE,
                            out);
  } else if (integers)
    transform_columns_as (strip, RUNET_WINOGRAD_INTEGERS, left, count, w, gated, TRUE,
                          out);
  else if (gated)
    transform_columns_as (strip, RUNET_WINOGRAD_ROOTS, left, count, w, TRUE, TRUE, out);
  else
    transform_columns_as (strip, RUNET_WINOGRAD_ROOTS, left, count, w, FALSE, TRUE,
                          out);
}

/* @columns: 6 transformed rows of each image column. @out: one group of the first tile. */
ALWAYS_INLINE void
transform_rows_as (const float *columns,
                   RunetWinogradPoints points,
                   gsize tiles,
                   float *out,
                   gsize frequency_stride,
                   gsize row_stride) {
  for (gsize i = 0; i < 6; i++)
    for (gsize tile = 0; tile < tiles; tile++) {
      const float *from = columns + (tile * RUNET_WINOGRAD_TILE * 6 + i) * GROUP;
      float *to = out + i * 6 * frequency_stride + tile * row_stride;
#pragma GCC unroll 2
      for (gsize v = 0; v < GROUP_VECTORS; v++) {
        Vector d[6], t[6];
#pragma GCC unroll 6
        for (gsize j = 0; j < 6; j++)
          d[j] = vector_load (from + j * 6 * GROUP + v * VECTOR_FLOATS);
        transform_6 (get_pair (points), d, t);
#pragma GCC unroll 6
        for (gsize j = 0; j < 6; j++)
          vector_store (to + j * frequency_stride + v * VECTOR_FLOATS, t[j]);
      }
    }
}

static void
transform_rows (const float *columns,
                RunetWinogradPoints points,
                gsize tiles,
                float *out,
                gsize frequency_stride,
                gsize row_stride) {
  if (points == RUNET_WINOGRAD_INTEGERS)
    transform_rows_as (columns, RUNET_WINOGRAD_INTEGERS, tiles, out, frequency_stride,
                       row_stride);
  else
    transform_rows_as (columns, RUNET_WINOGRAD_ROOTS, tiles, out, frequency_stride,
                       row_stride);
}

void
KERNEL (transform_input) (const RunetTensor *x,
                          const RunetTensor *gate,
                          RunetWinogradPoints points,
                          gsize first,
                          gsize count,
                          const RunetFrequencies *v) {
  float columns[(RUNET_WINOGRAD_TILE * RUN + 2) * 6 * GROUP]
      __attribute__ ((aligned (64)));
  const RunetTileGrid grid = runet_tile_grid (x->h, x->w);
  for (gsize tile = 0, run; tile < count; tile += run) {
    const RunetTilePlace place = runet_tile_place (&grid, first + tile);
    run = MIN (MIN (RUN, count - tile), grid.columns - place.column);
    const gsize left = place.column * RUNET_WINOGRAD_TILE - 1;
    for (gsize c = 0; c < v->row_stride; c += GROUP) {
      const Strip strip =
          open_strip (x, gate, place.n, place.row * RUNET_WINOGRAD_TILE - 1, 6, c);
      transform_columns (&strip, points, left, run * RUNET_WINOGRAD_TILE + 2, x->w,
                         gate != NULL, columns);
      transform_rows (columns, points, run, v->data + tile * v->row_stride + c,
                      v->frequency_stride, v->row_stride);
    }
  }
}

/* ---------------------------------------------------------------- doubled */

static void
transform_doubled_columns (const Strip *strip,
                           gsize left,
                           gsize count,
                           gsize w,
                           float *out) {
  for (gsize j = 0; j < count; j++, out += 4 * GROUP) {
    if (left + j >= w) {
      memset (out, 0, 4 * GROUP * sizeof (float));
      continue;
    }
#pragma GCC unroll 2
    for (gsize v = 0; v < GROUP_VECTORS; v++) {
      Vector d[4], t[4];
      if (strip->inside)
        load_column (strip, left + j, v, 4, FALSE, TRUE, d);
      else
        load_column (strip, left + j, v, 4, FALSE, FALSE, d);
      transform_doubled_4 (d, t);
#pragma GCC unroll 4
      for (gsize i = 0; i < 4; i++)
        vector_store (out + i * GROUP + v * VECTOR_FLOATS, t[i]);
    }
  }
}

static void
transform_doubled_rows (const float *columns,
                        gsize tiles,
                        float *out,
                        gsize frequency_stride,
                        gsize row_stride) {
  for (gsize i = 0; i < 4; i++)
    for (gsize tile = 0; tile < tiles; tile++) {
      const float *from = columns + (tile * RUNET_WINOGRAD_TILE / 2 * 4 + i) * GROUP;
      float *to = out + i * 4 * frequency_stride + tile * row_stride;
#pragma GCC unroll 2
      for (gsize v = 0; v < GROUP_VECTORS; v++) {
        Vector d[4], t[4];
#pragma GCC unroll 4
        for (gsize j = 0; j < 4; j++)
          d[j] = vector_load (from + j * 4 * GROUP + v * VECTOR_FLOATS);
        transform_doubled_4 (d, t);
#pragma GCC unroll 4
        for (gsize j = 0; j < 4; j++)
          vector_store (to + j * frequency_stride + v * VECTOR_FLOATS, t[j]);
      }
    }
}

void
KERNEL (transform_doubled) (const RunetTensor *x,
                            gsize first,
                            gsize count,
                            const RunetFrequencies *v) {
  float columns[(RUNET_WINOGRAD_TILE / 2 * RUN + 2) * 4 * GROUP]
      __attribute__ ((aligned (64)));
  const RunetTileGrid grid = runet_tile_grid (2 * x->h, 2 * x->w);
  for (gsize tile = 0, run; tile < count; tile += run) {
    const RunetTilePlace place = runet_tile_place (&grid, first + tile);
    run = MIN (MIN (RUN, count - tile), grid.columns - place.column);
    const gsize top = place.row * RUNET_WINOGRAD_TILE / 2 - 1;
    const gsize left = place.column * RUNET_WINOGRAD_TILE / 2 - 1;
    for (gsize c = 0; c < v->row_stride; c += GROUP) {
      const Strip strip = open_strip (x, NULL, place.n, top, 4, c);
      transform_doubled_columns (&strip, left, run * RUNET_WINOGRAD_TILE / 2 + 2, x->w,
                                 columns);
      transform_doubled_rows (columns, run, v->data + tile * v->row_stride + c,
                              v->frequency_stride, v->row_stride);
    }
  }
}
