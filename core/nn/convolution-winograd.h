/* 3 × 3 convolution by Winograd's F(4 × 4, 3 × 3), for any number of channels. */
#pragma once

#include "convolution.h"

G_BEGIN_DECLS

extern const RunetConvolutionClass runet_convolution_winograd;

G_END_DECLS
