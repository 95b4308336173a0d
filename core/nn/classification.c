/* The last layer of a U-Net: 1 × 1 convolution and softmax, and the sigmoid of the region of interest;
 * compiled once an instruction set. */
#include "convolution-kernels-private.h"

#define CLASSES RUNET_KERNEL_CLASSES

/* The classes of one pixel, */
typedef float Pixel __attribute__ ((vector_size (CLASSES * 4)));
typedef Pixel PixelInMemory __attribute__ ((aligned (4), may_alias));
/* … and of a vector of pixels, one after the other. */
#define VECTOR_PIXELS (VECTOR_FLOATS / CLASSES)
/* Pixels at a time: their logits stay in the first cache. */
#define BLOCK 64

/* The classes that there are not get no probability. */
#define NEVER (-1e30f)

static void
compute_logits (const float *x,
                gsize stride,
                gsize pixels,
                gsize channels,
                const float *weight,
                Pixel bias,
                float *logits) {
  gsize p = 0;
  /* Four sums at once, since each waits for its own last addition. */
  for (; p + 4 <= pixels; p += 4, x += 4 * stride) {
    Pixel sum[4] = {bias, bias, bias, bias};
    for (gsize i = 0; i < channels; i++) {
      const Pixel w = *(const PixelInMemory *)(weight + i * CLASSES);
#pragma GCC unroll 4
      for (gsize k = 0; k < 4; k++)
        sum[k] += x[k * stride + i] * w;
    }
#pragma GCC unroll 4
    for (gsize k = 0; k < 4; k++)
      *(PixelInMemory *)(logits + (p + k) * CLASSES) = sum[k];
  }
  for (; p < pixels; p++, x += stride) {
    Pixel sum = bias;
    for (gsize i = 0; i < channels; i++)
      sum += x[i] * *(const PixelInMemory *)(weight + i * CLASSES);
    *(PixelInMemory *)(logits + p * CLASSES) = sum;
  }
}

/* Elements i ^ 1 and i ^ 2. */
ALWAYS_INLINE Vector
swap_neighbours (Vector v) {
  VectorMask order;
#pragma GCC unroll 16
  for (int i = 0; i < VECTOR_FLOATS; i++)
    order[i] = i ^ 1;
  return __builtin_shuffle (v, order);
}

ALWAYS_INLINE Vector
swap_pairs (Vector v) {
  VectorMask order;
#pragma GCC unroll 16
  for (int i = 0; i < VECTOR_FLOATS; i++)
    order[i] = i ^ 2;
  return __builtin_shuffle (v, order);
}

ALWAYS_INLINE Vector
softmax (Vector logits) {
  Vector largest = vector_max (logits, swap_neighbours (logits));
  largest = vector_max (largest, swap_pairs (largest));
  const Vector e = vector_exp (logits - largest);
  Vector sum = e + swap_neighbours (e);
  sum += swap_pairs (sum);
  return e / sum;
}

void
KERNEL (classify) (const float *x,
                   gsize x_stride,
                   gsize pixels,
                   gsize channels,
                   const float *weight,
                   const float *bias,
                   gsize classes,
                   float *y,
                   gsize y_stride,
                   float *foreground) {
  float block[BLOCK * CLASSES] __attribute__ ((aligned (64))) = {0};
  Pixel b;
  for (gsize c = 0; c < CLASSES; c++)
    b[c] = c < classes ? bias[c] : NEVER;
  for (gsize first = 0; first < pixels; first += BLOCK) {
    const gsize count = MIN (BLOCK, pixels - first);
    compute_logits (x + first * x_stride, x_stride, count, channels, weight, b, block);
    for (gsize p = 0; p < count; p += VECTOR_PIXELS)
      vector_store (block + p * CLASSES, softmax (vector_load (block + p * CLASSES)));
    for (gsize p = 0; p < count; p++) {
      const float *from = block + p * CLASSES;
      if (classes == CLASSES)
        memcpy (y + (first + p) * y_stride, from, CLASSES * sizeof (float));
      else
        memcpy (y + (first + p) * y_stride, from, classes * sizeof (float));
      if (foreground != NULL)
        foreground[first + p] = (from[1] + from[2]) + from[3];
    }
  }
}

/* Neither branch can overflow: the exponent is never positive. */
ALWAYS_INLINE Vector
evaluate_sigmoid (Vector z) {
  const VectorMask negative = z < (Vector){0};
  const Vector minus = vector_max (z, -z) * -1.0f;
  const Vector e = vector_exp (minus);
  const Vector one = (Vector){0} + 1.0f;
  const Vector top =
      (Vector)(((VectorMask)e & negative) | ((VectorMask)one & ~negative));
  return top / (one + e);
}

void
KERNEL (sigmoid) (float *x, gsize count, float slope, float shift) {
  gsize i = 0;
  for (; i + VECTOR_FLOATS <= count; i += VECTOR_FLOATS)
    vector_store (x + i, evaluate_sigmoid ((vector_load (x + i) - shift) * slope));
  if (i == count)
    return;
  float rest[VECTOR_FLOATS] __attribute__ ((aligned (64))) = {0};
  memcpy (rest, x + i, (count - i) * sizeof (float));
  vector_store (rest, evaluate_sigmoid ((vector_load (rest) - shift) * slope));
  memcpy (x + i, rest, (count - i) * sizeof (float));
}
