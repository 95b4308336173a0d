/* Operations that look at one pixel at a time: softmax, foreground, sigmoid, product, mixture.
 *
 * A row below is one (n, y). Arrays over channels are C long. */
#include "operations.h"

#include <math.h>

typedef struct {
  RunetTensor x, y, dy, dx;
  float slope, shift;
  gboolean add;
} Arguments;

static inline float *
get_row (const RunetTensor *t, gsize row) {
  return t->data + row * t->w * t->stride;
}

static inline void
put (float *dx, float value, gboolean add) {
  *dx = add ? *dx + value : value;
}

static void
softmax_forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  const gsize channels = args->x.c;
  for (gsize row = first; row < last; row++) {
    const float *x = get_row (&args->x, row);
    float *y = get_row (&args->y, row);
    for (gsize i = 0; i < args->x.w; i++, x += args->x.stride, y += args->y.stride) {
      float largest = x[0];
      for (gsize c = 1; c < channels; c++)
        largest = MAX (largest, x[c]);
      float sum = 0;
      for (gsize c = 0; c < channels; c++)
        sum += y[c] = expf (x[c] - largest);
      const float scale = 1 / sum;
      for (gsize c = 0; c < channels; c++)
        y[c] *= scale;
    }
  }
}

void
runet_softmax_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y) {
  const Arguments args = {.x = *x, .y = *y};
  runet_for_rows (pool, x->n * x->h, 4 * x->w * x->c, softmax_forward_rows, &args);
}

/* dx_c = y_c (dy_c - Σ_k y_k dy_k). */
static void
softmax_backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  const gsize channels = args->y.c;
  for (gsize row = first; row < last; row++) {
    const float *y = get_row (&args->y, row), *dy = get_row (&args->dy, row);
    float *dx = get_row (&args->dx, row);
    for (gsize i = 0; i < args->y.w; i++) {
      float dot = 0;
      for (gsize c = 0; c < channels; c++)
        dot += y[c] * dy[c];
      for (gsize c = 0; c < channels; c++)
        put (&dx[c], y[c] * (dy[c] - dot), args->add);
      y += args->y.stride;
      dy += args->dy.stride;
      dx += args->dx.stride;
    }
  }
}

void
runet_softmax_backward (RunetPool *pool,
                        const RunetTensor *y,
                        const RunetTensor *dy,
                        const RunetTensor *dx,
                        gboolean add) {
  const Arguments args = {.y = *y, .dy = *dy, .dx = *dx, .add = add};
  runet_for_rows (pool, y->n * y->h, 2 * y->w * y->c, softmax_backward_rows, &args);
}

static void
foreground_forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++) {
    const float *x = get_row (&args->x, row);
    float *y = get_row (&args->y, row);
    for (gsize i = 0; i < args->x.w; i++, x += args->x.stride, y += args->y.stride) {
      float sum = 0;
      for (gsize c = 1; c < args->x.c; c++)
        sum += x[c];
      *y = sum;
    }
  }
}

void
runet_foreground_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y) {
  const Arguments args = {.x = *x, .y = *y};
  runet_for_rows (pool, x->n * x->h, x->w * x->c, foreground_forward_rows, &args);
}

static void
foreground_backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++) {
    const float *dy = get_row (&args->dy, row);
    float *dx = get_row (&args->dx, row);
    for (gsize i = 0; i < args->dx.w;
         i++, dy += args->dy.stride, dx += args->dx.stride) {
      put (&dx[0], 0, args->add);
      for (gsize c = 1; c < args->dx.c; c++)
        put (&dx[c], *dy, args->add);
    }
  }
}

void
runet_foreground_backward (RunetPool *pool,
                           const RunetTensor *dy,
                           const RunetTensor *dx,
                           gboolean add) {
  const Arguments args = {.dy = *dy, .dx = *dx, .add = add};
  runet_for_rows (pool, dx->n * dx->h, dx->w * dx->c, foreground_backward_rows, &args);
}

/* Neither branch can overflow: the exponent is never positive. */
static inline float
evaluate_sigmoid (float z) {
  const float e = expf (-fabsf (z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

static void
sigmoid_forward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++) {
    const float *x = get_row (&args->x, row);
    float *y = get_row (&args->y, row);
    for (gsize i = 0; i < args->x.w; i++, x += args->x.stride, y += args->y.stride)
      for (gsize c = 0; c < args->x.c; c++)
        y[c] = evaluate_sigmoid (args->slope * (x[c] - args->shift));
  }
}

void
runet_sigmoid_forward (RunetPool *pool,
                       const RunetTensor *x,
                       const RunetTensor *y,
                       float slope,
                       float shift) {
  const Arguments args = {.x = *x, .y = *y, .slope = slope, .shift = shift};
  runet_for_rows (pool, x->n * x->h, 4 * x->w * x->c, sigmoid_forward_rows, &args);
}

static void
sigmoid_backward_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++) {
    const float *y = get_row (&args->y, row), *dy = get_row (&args->dy, row);
    float *dx = get_row (&args->dx, row);
    for (gsize i = 0; i < args->y.w; i++) {
      for (gsize c = 0; c < args->y.c; c++)
        put (&dx[c], args->slope * y[c] * (1 - y[c]) * dy[c], args->add);
      y += args->y.stride;
      dy += args->dy.stride;
      dx += args->dx.stride;
    }
  }
}

void
runet_sigmoid_backward (RunetPool *pool,
                        const RunetTensor *y,
                        const RunetTensor *dy,
                        const RunetTensor *dx,
                        float slope,
                        gboolean add) {
  const Arguments args = {.y = *y, .dy = *dy, .dx = *dx, .slope = slope, .add = add};
  runet_for_rows (pool, y->n * y->h, y->w * y->c, sigmoid_backward_rows, &args);
}

/* out (+)= a × b of one channel each: x and dy are the factors, dx is the product. */
static void
multiply_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  for (gsize row = first; row < last; row++) {
    const float *a = get_row (&args->x, row), *b = get_row (&args->dy, row);
    float *out = get_row (&args->dx, row);
    for (gsize i = 0; i < args->x.w; i++)
      put (&out[i * args->dx.stride], a[i * args->x.stride] * b[i * args->dy.stride],
           args->add);
  }
}

void
runet_multiply_forward (RunetPool *pool,
                        const RunetTensor *a,
                        const RunetTensor *b,
                        const RunetTensor *y) {
  const Arguments args = {.x = *a, .dy = *b, .dx = *y};
  runet_for_rows (pool, a->n * a->h, a->w, multiply_rows, &args);
}

void
runet_multiply_backward (RunetPool *pool,
                         const RunetTensor *other,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add) {
  const Arguments args = {.x = *other, .dy = *dy, .dx = *dx, .add = add};
  runet_for_rows (pool, dx->n * dx->h, dx->w, multiply_rows, &args);
}
