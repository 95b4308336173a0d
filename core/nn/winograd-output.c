/* Winograd's transform of the output, AᵀM A, as vector code over the channels; compiled once an
 * instruction set. */
#include "winograd-lines.h"

#define TILE RUNET_WINOGRAD_TILE
/* A cache line of channels. */
#define LINE RUNET_KERNEL_PAD

/* What becomes of a tile. */
typedef enum {
  STORE, /* y = AᵀM A [+ bias] */
  STORE_RELU, /* y = max (that, 0) */
  STORE_POOLED, /* that, and the largest of each 2 × 2 to another tensor */
  ADD, /* y += AᵀM A */
  HALVE, /* y = the sums over 2 × 2 */
  HALVE_ADD, /* y += those */
} Kind;

/* Where one vector of a tile goes. */
typedef struct {
  float *data;
  gsize row, pixel; /* floats */
  float *pooled; /* STORE_POOLED */
  gsize pooled_row, pooled_pixel;
} Target;

/* 36 vectors of @in to 4 × 4 pixels. */
ALWAYS_INLINE void
transform_tile (WinogradPair pair,
                Kind kind,
                const float *in,
                gsize stride,
                Vector bias,
                const Target *to) {
  Vector t[4][6];
#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++) {
    Vector m[6], column[4];
#pragma GCC unroll 6
    for (gsize i = 0; i < 6; i++)
      m[i] = vector_load (in + i * 6 * stride);
    in = step (in, stride);
    transform_6_to_4 (pair, m, column);
#pragma GCC unroll 4
    for (gsize i = 0; i < 4; i++)
      t[i][j] = column[i];
  }
  float *row = to->data, *pooled = to->pooled;
  Vector above[2];
#pragma GCC unroll 4
  for (gsize i = 0; i < 4; i++) {
    Vector y[4];
    float *p = row;
    transform_6_to_4 (pair, t[i], y);
#pragma GCC unroll 4
    for (gsize j = 0; j < 4; j++) {
      y[j] += bias;
      if (kind == STORE_RELU || kind == STORE_POOLED)
        y[j] = vector_relu (y[j]);
      vector_store (p, kind == ADD ? y[j] + vector_load (p) : y[j]);
      p = step_out (p, to->pixel);
    }
    row = step_out (row, to->row);
    if (kind != STORE_POOLED)
      continue;
    const Vector left = vector_max (y[0], y[1]), right = vector_max (y[2], y[3]);
    if (i % 2 == 1) {
      vector_store (pooled, vector_max (above[0], left));
      vector_store (pooled + to->pooled_pixel, vector_max (above[1], right));
      pooled = step_out (pooled, to->pooled_row);
    }
    above[0] = left;
    above[1] = right;
  }
}

/* 36 vectors of @in to 2 × 2 sums. */
ALWAYS_INLINE void
transform_halved_tile (WinogradPair pair,
                       gboolean add,
                       const float *in,
                       gsize stride,
                       const Target *to) {
  Vector t[2][6];
#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++) {
    Vector m[6], column[2];
#pragma GCC unroll 6
    for (gsize i = 0; i < 6; i++)
      m[i] = vector_load (in + i * 6 * stride);
    in = step (in, stride);
    transform_6_to_2 (pair, m, column);
    t[0][j] = column[0];
    t[1][j] = column[1];
  }
#pragma GCC unroll 2
  for (gsize i = 0; i < 2; i++) {
    Vector y[2];
    transform_6_to_2 (pair, t[i], y);
#pragma GCC unroll 2
    for (gsize j = 0; j < 2; j++) {
      float *p = to->data + i * to->row + j * to->pixel;
      vector_store (p, add ? y[j] + vector_load (p) : y[j]);
    }
  }
}

ALWAYS_INLINE void
transform_as (RunetWinogradPoints points,
              Kind kind,
              const float *in,
              gsize stride,
              Vector bias,
              const Target *to) {
  if (kind == HALVE || kind == HALVE_ADD)
    transform_halved_tile (get_pair (points), kind == HALVE_ADD, in, stride, to);
  else
    transform_tile (get_pair (points), kind, in, stride, bias, to);
}

/* One vector of tiles, @kind and @points being known when it is compiled. */
typedef void (*TransformVector) (const float *in,
                                 gsize stride,
                                 Vector bias,
                                 const Target *to);

#define DEFINE_TRANSFORM(kind)                                             \
  static void kind##_roots (const float *in, gsize stride, Vector bias,    \
                            const Target *to) {                            \
    transform_as (RUNET_WINOGRAD_ROOTS, kind, in, stride, bias, to);       \
  }                                                                        \
  static void kind##_integers (const float *in, gsize stride, Vector bias, \
                               const Target *to) {                         \
    transform_as (RUNET_WINOGRAD_INTEGERS, kind, in, stride, bias, to);    \
  }

DEFINE_TRANSFORM (STORE)
DEFINE_TRANSFORM (STORE_RELU)
DEFINE_TRANSFORM (STORE_POOLED)
DEFINE_TRANSFORM (ADD)
DEFINE_TRANSFORM (HALVE)
DEFINE_TRANSFORM (HALVE_ADD)

static const TransformVector transforms[][2] = {
    [STORE] = {STORE_roots, STORE_integers},
    [STORE_RELU] = {STORE_RELU_roots, STORE_RELU_integers},
    [STORE_POOLED] = {STORE_POOLED_roots, STORE_POOLED_integers},
    [ADD] = {ADD_roots, ADD_integers},
    [HALVE] = {HALVE_roots, HALVE_integers},
    [HALVE_ADD] = {HALVE_ADD_roots, HALVE_ADD_integers},
};

static Kind
get_kind (const RunetOutput *output) {
  if (output->halved)
    return output->add ? HALVE_ADD : HALVE;
  if (output->pooled != NULL)
    return STORE_POOLED;
  if (output->relu)
    return STORE_RELU;
  return output->add ? ADD : STORE;
}

static void
write_pixel (float *to, const float *from, gsize channels, gboolean add) {
  for (gsize c = 0; c < channels; c++)
    to[c] = add ? to[c] + from[c] : from[c];
}

/* The part of a patch of @side × @side vectors that lies in @t, from pixel (@y, @x). */
static void
write_patch (const float *patch,
             gsize side,
             const RunetTensor *t,
             const RunetTilePlace *place,
             gsize channel,
             gboolean add) {
  const gsize y = place->row * side, x = place->column * side;
  const gsize channels = MIN (t->c - channel, VECTOR_FLOATS);
  for (gsize i = 0; i < side && y + i < t->h; i++)
    for (gsize j = 0; j < side && x + j < t->w; j++)
      write_pixel (runet_tensor_pixel (t, place->n, y + i, x + j) + channel,
                   patch + (i * side + j) * VECTOR_FLOATS, channels, add);
}

/* A tile that hangs over the border, or channels that fill no vector. */
static void
write_clipped (TransformVector transform,
               const float *in,
               gsize stride,
               Vector bias,
               const RunetOutput *output,
               const RunetTensor *y,
               const RunetTilePlace *place,
               gsize channel) {
  float patch[(16 + 4) * VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
  float *pooled = patch + 16 * VECTOR_FLOATS;
  const gsize side = output->halved ? TILE / 2 : TILE;
  const Target to = {patch,  side * VECTOR_FLOATS, VECTOR_FLOATS,
                     pooled, 2 * VECTOR_FLOATS,    VECTOR_FLOATS};
  transform (in, stride, bias, &to);
  write_patch (patch, side, y, place, channel, output->add);
  if (output->pooled != NULL)
    write_patch (pooled, 2, output->pooled, place, channel, FALSE);
}

/* Whether each pixel of @y is whole cache lines. */
static gboolean
has_whole_lines (const RunetTensor *y) {
  const guintptr line = LINE * sizeof (float);
  return y->c % LINE == 0 && y->stride % LINE == 0 && (guintptr)y->data % line == 0;
}

/* A whole tile, a cache line of channels at a time. @in and @bias: of the first channel. */
static void
stream_tile (TransformVector transform,
             const float *in,
             gsize stride,
             const float *bias,
             gsize channels,
             Target to) {
  float patch[TILE * TILE * LINE] __attribute__ ((aligned (64)));
  for (gsize c = 0; c < channels; c += LINE, to.data += LINE) {
    Target line = {patch, TILE * LINE, LINE, to.pooled, to.pooled_row, to.pooled_pixel};
    for (gsize q = 0; q < LINE; q += VECTOR_FLOATS) {
      transform (in + c + q, stride, vector_load (bias + c + q), &line);
      line.data += VECTOR_FLOATS;
      line.pooled += VECTOR_FLOATS;
    }
    to.pooled = line.pooled;
    for (gsize pixel = 0; pixel < TILE * TILE; pixel++) {
      float *p = to.data + pixel / TILE * to.row + pixel % TILE * to.pixel;
#pragma GCC unroll 4
      for (gsize q = 0; q < LINE; q += VECTOR_FLOATS)
        vector_stream (p + q, vector_load (patch + pixel * LINE + q));
    }
  }
}

static Target
open_target (const RunetOutput *output,
             const RunetTensor *y,
             const RunetTilePlace *place) {
  const gsize side = output->halved ? TILE / 2 : TILE;
  Target to = {
      runet_tensor_pixel (y, place->n, place->row * side, place->column * side),
      y->w * y->stride, y->stride};
  if (output->pooled != NULL) {
    const RunetTensor *p = output->pooled;
    to.pooled = runet_tensor_pixel (p, place->n, place->row * 2, place->column * 2);
    to.pooled_row = p->w * p->stride;
    to.pooled_pixel = p->stride;
  }
  return to;
}

void
KERNEL (transform_output) (const RunetFrequencies *m,
                           RunetWinogradPoints points,
                           gsize first,
                           gsize count,
                           const RunetOutput *output,
                           const RunetTensor *y) {
  const Kind kind = get_kind (output);
  /* As if it were to add nothing: what is clipped is added when it is written. */
  const Kind clipped = kind == ADD ? STORE : kind == HALVE_ADD ? HALVE : kind;
  const gsize side = output->halved ? TILE / 2 : TILE;
  const gsize factor = output->halved ? 2 : 1;
  const RunetTileGrid grid = runet_tile_grid (factor * y->h, factor * y->w);
  const gboolean streamed = output->streamed && has_whole_lines (y);
  for (gsize tile = 0; tile < count; tile++) {
    const RunetTilePlace place = runet_tile_place (&grid, first + tile);
    const gboolean inside =
        (place.row + 1) * side <= y->h && (place.column + 1) * side <= y->w;
    const float *in = m->data + tile * m->row_stride;
    Target to = open_target (output, y, &place);
    if (streamed && inside) {
      stream_tile (transforms[kind][points], in, m->frequency_stride, output->bias,
                   y->c, to);
      continue;
    }
    for (gsize c = 0; c < y->c; c += VECTOR_FLOATS) {
      Vector bias = {0};
      if (output->bias != NULL)
        bias = vector_load (output->bias + c);
      if (inside && c + VECTOR_FLOATS <= y->c)
        transforms[kind][points](in + c, m->frequency_stride, bias, &to);
      else
        write_clipped (transforms[clipped][points], in + c, m->frequency_stride, bias,
                       output, y, &place, c);
      to.data += VECTOR_FLOATS;
      to.pooled += VECTOR_FLOATS;
    }
  }
  if (streamed)
    vector_stream_end ();
}
