/* Which algorithm of the blas engine runs a layer. */
#include "convolution-direct.h"
#include "convolution-pointwise.h"
#include "convolution-single.h"
#include "convolution-winograd.h"

const RunetConvolutionClass *
runet_convolution_blas_choose (const RunetConvolutionShape *shape, gboolean exact) {
  if (shape->kernel == 1)
    return &runet_convolution_pointwise;
  if (shape->in_channels == 1)
    return &runet_convolution_single;
  return exact ? &runet_convolution_direct : &runet_convolution_winograd;
}
