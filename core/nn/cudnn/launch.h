/* How a kernel is started. The tests compile the kernels for the processor, where a launch is a loop; see
 * tests/stand-in. */
#pragma once

#ifdef __CUDACC__
#define RUNET_LAUNCH(kernel, grid, block, stream, ...) \
  kernel<<<(grid), (block), 0, (stream)>>> (__VA_ARGS__)
/* For a kernel whose threads wait for each other by __syncthreads(). */
#define RUNET_LAUNCH_TOGETHER RUNET_LAUNCH
#else
#include "tests/stand-in/launch.h"
#endif
