/* 1 × 1 convolution for any number of channels. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_pointwise;

G_END_DECLS
