/* 3 × 3 convolution without transforms: as exact as sums of products in float32 are. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_direct;

G_END_DECLS
