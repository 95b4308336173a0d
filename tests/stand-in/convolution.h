/* Convolutions of floats: patches as the rows of a matrix, and OpenBLAS. */
#pragma once

#include <stdint.h>
#include <vector>

namespace stand_in {

/* x: N × H × W × I; w: O × K × K' × I; y: N × H' × W' × O. Rows first, then columns. */
struct Geometry {
  int64_t n, in_channels, out_channels;
  int64_t in[2], out[2], kernel[2], before[2], stride[2], dilation[2];
  bool flipped; /* a convolution in the mathematician's sense */
};

std::vector<float>
convolve (const Geometry &geometry,
          const std::vector<float> &x,
          const std::vector<float> &w);
std::vector<float>
convolve_back_to_data (const Geometry &geometry,
                       const std::vector<float> &dy,
                       const std::vector<float> &w);
std::vector<float>
convolve_back_to_filter (const Geometry &geometry,
                         const std::vector<float> &x,
                         const std::vector<float> &dy);

} // namespace stand_in
