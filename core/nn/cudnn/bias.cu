/* Around cuDNN's convolutions, backward: the ReLU and the bias in one pass over the gradient. */
#include "reduce.h"

/* Channels of a block. */
#define CHANNELS 256

/* A thread has L channels of the pixels of a run. Bytes: y and dy once, dy written once; without ReLU only dy once. */
template <typename T, unsigned L>
static __global__ void
relu_bias_backward (View<T> y, View<T> dy, int relu, unsigned run, float *partial) {
  __shared__ float shared[L * RUNET_BLOCK_THREADS];
  const unsigned channel = (blockIdx.y * blockDim.x + threadIdx.x) * L;
  const unsigned first = blockIdx.x * run;
  const unsigned last = first + run < dy.pixels ? first + run : dy.pixels;
  float sums[L];
#pragma unroll
  for (unsigned l = 0; l < L; l++)
    sums[l] = 0;
#pragma unroll 4
  for (unsigned pixel = first + threadIdx.y; pixel < last; pixel += blockDim.y) {
    float gradient[L], value[L];
    dy.get (pixel, channel, gradient);
    if (relu) {
      y.get (pixel, channel, value);
#pragma unroll
      for (unsigned l = 0; l < L; l++)
        gradient[l] = value[l] > 0 ? gradient[l] : 0;
      if (channel < dy.c)
        dy.put (pixel, channel, gradient);
    }
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sums[l] += gradient[l];
  }
  sum_over_pixels (sums, shared);
  for (unsigned l = 0; l < L && channel + l < dy.c; l++)
    if (threadIdx.y == 0)
      partial[(size_t)(channel + l) * gridDim.x + blockIdx.x] = sums[l];
}

size_t
runet_cuda_relu_bias_scratch (const RunetMap *dy) {
  return (size_t)RUNET_REDUCTION_BLOCKS * dy->c * sizeof (float);
}

void
runet_cuda_relu_bias_backward (cudaStream_t stream,
                               const RunetMap *y,
                               const RunetMap *dy,
                               int relu,
                               float *dbias,
                               void *scratch) {
  const unsigned channels = (unsigned)dy->c;
  float *partial = static_cast<float *> (scratch);
  with_lanes ({dy, relu ? y : dy}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = relu_bias_backward<T, decltype (lanes)::value>;
    const unsigned groups =
        divide_up (channels < CHANNELS ? channels : CHANNELS, lanes);
    const dim3 block (groups, RUNET_BLOCK_THREADS / groups);
    const Runs runs = cut_into_runs (count_pixels (dy), block.y);
    const View<T> gradient = make_view<T> (dy);
    RUNET_LAUNCH_TOGETHER (
        kernel, dim3 (runs.blocks, divide_up (channels, groups * lanes)), block, stream,
        relu ? make_view<T> (y) : gradient, gradient, relu, runs.pixels, partial);
    if (dbias != NULL)
      launch_finish_sums (stream, partial, channels, runs.blocks,
                          SumTargets<float>{dbias, channels, NULL, 1});
  });
}
