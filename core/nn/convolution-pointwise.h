/* 1 × 1 convolution for any number of channels. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_pointwise;

/* Whether runet_convolution_pointwise_classify() does @class with so many classes. */
gboolean
runet_convolution_pointwise_can_classify (const RunetConvolutionClass *class,
                                          gsize classes);

/* The last layer of a U-Net: y = softmax (w x + b), and
 * @foreground: (nullable): overwritten with 1 / (1 + exp (-slope (Σ y_c - shift))), c ≥ 1:
 *   Eq. (1) of [RU] */
void
runet_convolution_pointwise_classify (RunetConvolution *self,
                                      RunetPool *pool,
                                      const RunetTensor *x,
                                      const RunetTensor *y,
                                      const RunetTensor *foreground,
                                      float slope,
                                      float shift);

G_END_DECLS
