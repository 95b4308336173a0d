/* Convolutions that a GPU does: what they can do together with other nodes. See core/nn/cudnn. */
#include "convolution.h"

/* Of the softmax kernel of core/nn/cudnn. */
#define CLASSES 16

/* An up-sampled map is read by its transposed convolution, and what is beside it by a convolution that adds. */
static const RunetConvolutionClass parts = {.algorithm = "cudnn",
                                            .reads_parts = TRUE,
                                            .only_doubled = TRUE};
static const RunetConvolutionClass plain = {.algorithm = "cudnn"};
static const RunetConvolutionClass pointwise = {.algorithm = "cudnn",
                                                .classes = CLASSES};

const RunetConvolutionClass *
runet_convolution_device_choose (const RunetConvolutionShape *shape) {
  if (shape->kernel == 1)
    return &pointwise;
  return shape->in_channels > 1 ? &parts : &plain;
}
