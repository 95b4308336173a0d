/* A tensor of activations: a view on memory that somebody else owns.
 *
 * Dimension legend of this folder: N batch, H rows, W columns, C channels; activations are NHWC,
 * weights are O × I × K × K as PyTorch and the model files have them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Element (n, y, x, c) is data[((n * h + y) * w + x) * stride + c]; stride ≥ c, so that a tensor
 * can be some of the channels of a wider one: concatenation is two producers writing into their
 * halves. */
typedef struct {
  float *data;
  gsize n, h, w, c;
  gsize stride; /* floats from one pixel to the next */
} RunetTensor;

static inline float *
runet_tensor_pixel (const RunetTensor *t, gsize n, gsize y, gsize x) {
  return t->data + ((n * t->h + y) * t->w + x) * t->stride;
}

G_END_DECLS
