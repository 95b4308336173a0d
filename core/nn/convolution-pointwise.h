/* 1 × 1 convolution for any number of channels. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_pointwise;

/* The last layer of a U-Net: y = softmax (w x + b), and the sigmoid of the region of interest,
 * 1 / (1 + exp (-slope (Σ y_c - shift))), c ≥ 1: Eq. (1) of [RU]. */
struct _RunetClassification {
  const RunetConvolution *head; /* w and b */
  RunetTensor y;
  RunetTensor foreground; /* that sigmoid, of one channel; no data: not wanted */
  float slope, shift;
};

void
runet_classification_run (const RunetClassification *self,
                          RunetPool *pool,
                          const RunetTensor *x);

/* Only pixels @first … @first + @count - 1, by one worker; pixels are numbered by image, then row. */
void
runet_classification_run_pixels (const RunetClassification *self,
                                 const float *x,
                                 gsize stride,
                                 gsize first,
                                 gsize count);

G_END_DECLS
