/* Operations that move pixels: max-pool, up-sampling and copies.
 *
 * A row below is one (n, y) of the smaller of the two maps. */
#include "operations.h"

#include <string.h>

typedef struct {
  RunetTensor x, y, dy, dx;
  gboolean add;
} Arguments;

/* The four pixels of a doubled map that belong to pixel (@row, @column) of the single one. */
typedef struct {
  float *p[4];
} Square;

static inline Square
get_square (const RunetTensor *t, gsize row, gsize column) {
  float *top = t->data + (2 * row * t->w + 2 * column) * t->stride;
  float *bottom = top + t->w * t->stride;
  return (Square){{top, top + t->stride, bottom, bottom + t->stride}};
}

static inline float *
get_pixel (const RunetTensor *t, gsize row, gsize column) {
  return t->data + (row * t->w + column) * t->stride;
}

static void
pool_forward_pixel (const Square *x, float *restrict y, gsize channels) {
  const float *restrict a = x->p[0], *restrict b = x->p[1];
  const float *restrict c = x->p[2], *restrict d = x->p[3];
  for (gsize i = 0; i < channels; i++) {
    const float top = a[i] > b[i] ? a[i] : b[i];
    const float bottom = c[i] > d[i] ? c[i] : d[i];
    y[i] = top > bottom ? top : bottom;
  }
}

static void
max_pool_forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->y.w; column++) {
      const Square x = get_square (&args->x, row, column);
      pool_forward_pixel (&x, get_pixel (&args->y, row, column), args->y.c);
    }
}

void
runet_max_pool_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y) {
  const Arguments args = {.x = *x, .y = *y};
  runet_for_rows (pool, y->n * y->h, 4 * y->w * y->c, max_pool_forward_rows, &args);
}

/* Four floats, and what a comparison of them gives. The compiler does not turn the choice below into
 * vector code by itself. */
typedef float Vector __attribute__ ((vector_size (16), aligned (4), may_alias));
typedef gint32 Mask __attribute__ ((vector_size (16)));

#define VECTOR_FLOATS 4

/* The gradient goes to the first pixel of @x that equals @y. */
static void
pool_backward_vector (const Square *x,
                      const float *y,
                      const float *dy,
                      const Square *dx,
                      gsize i,
                      gboolean add) {
  const Vector largest = *(const Vector *)(y + i);
  Mask left = (Mask)(*(const Vector *)(dy + i));
  for (guint k = 0; k < 4; k++) {
    const Mask here = *(const Vector *)(x->p[k] + i) == largest;
    Vector *to = (Vector *)(dx->p[k] + i);
    const Vector share = (Vector)(left & here);
    if (add)
      *to += share;
    else
      *to = share;
    left &= ~here;
  }
}

static void
pool_backward_channel (const Square *x,
                       const float *y,
                       const float *dy,
                       const Square *dx,
                       gsize i,
                       gboolean add) {
  float left = dy[i];
  for (guint k = 0; k < 4; k++) {
    const gboolean here = x->p[k][i] == y[i];
    dx->p[k][i] = (add ? dx->p[k][i] : 0) + (here ? left : 0);
    left = here ? 0 : left;
  }
}

static inline void
pool_backward_pixel (const Square *x,
                     const float *y,
                     const float *dy,
                     const Square *dx,
                     gsize channels,
                     gboolean add) {
  gsize i = 0;
  for (; i + VECTOR_FLOATS <= channels; i += VECTOR_FLOATS)
    pool_backward_vector (x, y, dy, dx, i, add);
  for (; i < channels; i++)
    pool_backward_channel (x, y, dy, dx, i, add);
}

static void
max_pool_backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->y.w; column++) {
      const Square x = get_square (&args->x, row, column);
      const Square dx = get_square (&args->dx, row, column);
      const float *y = get_pixel (&args->y, row, column);
      const float *dy = get_pixel (&args->dy, row, column);
      pool_backward_pixel (&x, y, dy, &dx, args->y.c, args->add);
    }
}

void
runet_max_pool_backward (RunetPool *pool,
                         const RunetTensor *x,
                         const RunetTensor *y,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add) {
  const Arguments args = {*x, *y, *dy, *dx, add};
  runet_for_rows (pool, y->n * y->h, 4 * y->w * y->c, max_pool_backward_rows, &args);
}

static void
upsample_forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  const gsize bytes = args->x.c * sizeof (float);
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->x.w; column++) {
      const float *x = get_pixel (&args->x, row, column);
      const Square y = get_square (&args->y, row, column);
      for (guint i = 0; i < 4; i++)
        memcpy (y.p[i], x, bytes);
    }
}

void
runet_upsample_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y) {
  const Arguments args = {.x = *x, .y = *y};
  runet_for_rows (pool, x->n * x->h, 4 * x->w * x->c, upsample_forward_rows, &args);
}

static void
upsample_backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->dx.w; column++) {
      const Square dy = get_square (&args->dy, row, column);
      const float *restrict a = dy.p[0], *restrict b = dy.p[1];
      const float *restrict c = dy.p[2], *restrict d = dy.p[3];
      float *restrict dx = get_pixel (&args->dx, row, column);
      if (args->add)
        for (gsize i = 0; i < args->dx.c; i++)
          dx[i] += (a[i] + b[i]) + (c[i] + d[i]);
      else
        for (gsize i = 0; i < args->dx.c; i++)
          dx[i] = (a[i] + b[i]) + (c[i] + d[i]);
    }
}

void
runet_upsample_backward (RunetPool *pool,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add) {
  const Arguments args = {.dy = *dy, .dx = *dx, .add = add};
  runet_for_rows (pool, dx->n * dx->h, 4 * dx->w * dx->c, upsample_backward_rows,
                  &args);
}

static void
copy_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++)
    for (gsize column = 0; column < args->x.w; column++) {
      const float *restrict x = get_pixel (&args->x, row, column);
      float *restrict y = get_pixel (&args->y, row, column);
      for (gsize i = 0; i < args->x.c; i++)
        y[i] = args->add ? y[i] + x[i] : x[i];
    }
}

void
runet_copy (RunetPool *pool, const RunetTensor *x, const RunetTensor *y, gboolean add) {
  const Arguments args = {.x = *x, .y = *y, .add = add};
  runet_for_rows (pool, x->n * x->h, x->w * x->c, copy_rows, &args);
}
