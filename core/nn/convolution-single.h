/* 3 × 3 convolution of one input channel, the first layer of a network. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_single;

G_END_DECLS
