/* Winograd's transform of the input, Bᵀ d B, as vector code over the channels; compiled once an
 * instruction set.
 *
 * H rows, W columns, C channels. Windows of neighbouring tiles overlap by two columns, so the
 * tiles of a row are done together: first the columns of all their pixels, each once, into a
 * buffer that stays in the first cache, then the rows. Of a doubled map the same is done with the
 * small one: its windows have four rows and columns, and neighbours are two apart. */
#include "winograd-lines.h"

/* Tiles of a row at a time, */
#define RUN 8
/* … and channels: a cache line of them. */
#define GROUP RUNET_KERNEL_PAD
#define GROUP_VECTORS (GROUP / VECTOR_FLOATS)
/* Columns of the windows of a run. */
#define RUN_COLUMNS (RUN * RUNET_WINOGRAD_TILE + 2)

/* What is transformed; a constant wherever the loops are. */
typedef enum { PLAIN_ROOTS, PLAIN_INTEGERS, DOUBLED } Kind;

/* Rows and columns of a window, and of its transform, */
ALWAYS_INLINE gsize
get_side (Kind kind) {
  return kind == DOUBLED ? 4 : 6;
}

/* … and from one to its neighbour. */
ALWAYS_INLINE gsize
get_advance (Kind kind) {
  return kind == DOUBLED ? RUNET_WINOGRAD_TILE / 2 : RUNET_WINOGRAD_TILE;
}

/* Bᵀ of one row or column. */
ALWAYS_INLINE void
transform_line (Kind kind, const Vector d[6], Vector t[6]) {
  if (kind == DOUBLED)
    transform_doubled_4 (d, t);
  else if (kind == PLAIN_INTEGERS)
    transform_6 (get_pair (RUNET_WINOGRAD_INTEGERS), d, t);
  else
    transform_6 (get_pair (RUNET_WINOGRAD_ROOTS), d, t);
}

/* The rows that a row of windows reads, one group of channels of them. */
typedef struct {
  const float *rows[6]; /* at image column 0; zeros where the row lies outside */
  gsize steps[6]; /* floats from pixel to pixel; 0 where the row lies outside */
} Rows;

typedef struct {
  Rows x, gate;
  gboolean gated;
  gsize channels; /* of the group */
  gboolean inside; /* all rows exist and the group is whole */
} Strip;

static const float zeros[GROUP] __attribute__ ((aligned (64)));

static Rows
open_rows (const RunetTensor *t, gsize n, gsize top, gsize count, gsize channel) {
  Rows rows;
  for (gsize i = 0; i < count; i++) {
    const gboolean outside = top + i >= t->h || channel >= t->c;
    rows.rows[i] = outside ? zeros : runet_tensor_pixel (t, n, top + i, 0) + channel;
    rows.steps[i] = outside ? 0 : t->stride;
  }
  return rows;
}

/* @count rows from row @top, which may be above the first: then it wraps. */
static Strip
open_strip (const RunetTensor *x,
            const RunetTensor *gate,
            gsize n,
            gsize top,
            gsize count,
            gsize channel) {
  Strip strip = {.x = open_rows (x, n, top, count, channel),
                 .gated = gate != NULL,
                 .channels = channel < x->c ? MIN (x->c - channel, GROUP) : 0};
  strip.inside = top < x->h && top + count <= x->h && strip.channels == GROUP;
  if (gate != NULL)
    strip.gate = open_rows (gate, n, top, count, channel);
  return strip;
}

/* The first @channels of a vector, the rest zero. */
static Vector
load_part (const float *p, gsize channels) {
  float part[VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
  memcpy (part, p, channels * sizeof (float));
  return vector_load (part);
}

/* Vector @vector of the group in row @i of image column @column. */
ALWAYS_INLINE Vector
load_pixel (const Strip *strip,
            const Rows *rows,
            gsize i,
            gsize column,
            gsize vector,
            gboolean inside) {
  const gsize first = vector * VECTOR_FLOATS;
  const float *p = rows->rows[i] + column * rows->steps[inside ? 0 : i] + first;
  if (inside || first + VECTOR_FLOATS <= strip->channels)
    return vector_load (p);
  return load_part (p, first < strip->channels ? strip->channels - first : 0);
}

/* @count image columns from @left, which may be left of the first (it wraps) or pass the last of @w. */
ALWAYS_INLINE void
transform_columns_as (Kind kind,
                      gboolean gated,
                      gboolean inside,
                      const Strip *strip,
                      gsize left,
                      gsize count,
                      gsize w,
                      float *out) {
  const gsize side = get_side (kind);
  for (gsize j = 0; j < count; j++, out += side * GROUP) {
    if (left + j >= w) {
      memset (out, 0, side * GROUP * sizeof (float));
      continue;
    }
#pragma GCC unroll 2
    for (gsize v = 0; v < GROUP_VECTORS; v++) {
      Vector d[6], t[6];
#pragma GCC unroll 6
      for (gsize i = 0; i < side; i++) {
        d[i] = load_pixel (strip, &strip->x, i, left + j, v, inside);
        if (gated)
          d[i] = vector_gate (d[i],
                              load_pixel (strip, &strip->gate, i, left + j, v, inside));
      }
      transform_line (kind, d, t);
#pragma GCC unroll 6
      for (gsize i = 0; i < side; i++)
        vector_store (out + i * GROUP + v * VECTOR_FLOATS, t[i]);
    }
  }
}

ALWAYS_INLINE void
transform_columns (Kind kind,
                   const Strip *strip,
                   gsize left,
                   gsize count,
                   gsize w,
                   float *out) {
  if (!strip->inside)
    transform_columns_as (kind, strip->gated, FALSE, strip, left, count, w, out);
  else if (strip->gated)
    transform_columns_as (kind, TRUE, TRUE, strip, left, count, w, out);
  else
    transform_columns_as (kind, FALSE, TRUE, strip, left, count, w, out);
}

/* @columns: the transformed rows of each image column. @out: one group of the first tile. The strides are
 * values, since a store might change what a pointer to them points to; and this is no part of its caller,
 * whose registers it would have to share. The compiler makes one for each @kind. */
static __attribute__ ((noinline)) void
transform_rows (Kind kind,
                const float *columns,
                gsize tiles,
                float *out,
                gsize frequency_stride,
                gsize row_stride) {
  const gsize side = get_side (kind), advance = get_advance (kind);
  for (gsize i = 0; i < side; i++)
    for (gsize tile = 0; tile < tiles; tile++) {
      const float *from = columns + (tile * advance * side + i) * GROUP;
      float *to = out + i * side * frequency_stride + tile * row_stride;
#pragma GCC unroll 2
      for (gsize q = 0; q < GROUP_VECTORS; q++) {
        Vector d[6], t[6];
#pragma GCC unroll 6
        for (gsize j = 0; j < side; j++)
          d[j] = vector_load (from + j * side * GROUP + q * VECTOR_FLOATS);
        transform_line (kind, d, t);
#pragma GCC unroll 6
        for (gsize j = 0; j < side; j++)
          vector_store (to + j * frequency_stride + q * VECTOR_FLOATS, t[j]);
      }
    }
}

ALWAYS_INLINE void
transform_as (Kind kind,
              const RunetTensor *x,
              gsize margin,
              const RunetTensor *gate,
              gsize first,
              gsize count,
              const RunetFrequencies *v) {
  float columns[RUN_COLUMNS * 6 * GROUP] __attribute__ ((aligned (64)));
  const gsize side = get_side (kind), advance = get_advance (kind);
  const gsize scale = kind == DOUBLED ? 2 : 1;
  const RunetTileGrid grid =
      runet_tile_grid (scale * x->h - 2 * margin, scale * x->w - 2 * margin);
  for (gsize tile = 0, run; tile < count; tile += run) {
    const RunetTilePlace place = runet_tile_place (&grid, first + tile);
    run = MIN (MIN (RUN, count - tile), grid.columns - place.column);
    for (gsize c = 0; c < v->row_stride; c += GROUP) {
      const Strip strip =
          open_strip (x, gate, place.n, place.row * advance - 1 + margin, side, c);
      transform_columns (kind, &strip, place.column * advance - 1 + margin,
                         run * advance + 2, x->w, columns);
      transform_rows (kind, columns, run, v->data + tile * v->row_stride + c,
                      v->frequency_stride, v->row_stride);
    }
  }
}

void
KERNEL (transform_input) (const RunetTensor *x,
                          gsize margin,
                          const RunetTensor *gate,
                          RunetWinogradPoints points,
                          gsize first,
                          gsize count,
                          const RunetFrequencies *v) {
  if (points == RUNET_WINOGRAD_INTEGERS)
    transform_as (PLAIN_INTEGERS, x, margin, gate, first, count, v);
  else
    transform_as (PLAIN_ROOTS, x, margin, gate, first, count, v);
}

void
KERNEL (transform_doubled) (const RunetTensor *x,
                            gsize first,
                            gsize count,
                            const RunetFrequencies *v) {
  transform_as (DOUBLED, x, 0, NULL, first, count, v);
}
