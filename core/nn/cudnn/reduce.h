/* Sums in a fixed order: within a block, and over the blocks of a launch by a second one. */
#pragma once

#include "grid.h"

/* The sum of each of @values over the threads of one threadIdx.x, for the thread of threadIdx.y 0. To be called by all
 * threads of a block. @shared: N · RUNET_BLOCK_THREADS. */
template <typename V, unsigned N>
static __device__ inline void
sum_over_pixels (V (&values)[N], V *shared) {
  V *own = shared + threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (unsigned i = 0; i < N; i++)
    own[i * RUNET_BLOCK_THREADS] = values[i];
  for (unsigned count = blockDim.y; count > 1;) {
    const unsigned half = (count + 1) / 2;
    __syncthreads ();
    if (threadIdx.y < count - half)
#pragma unroll
      for (unsigned i = 0; i < N; i++)
        own[i * RUNET_BLOCK_THREADS] +=
            own[i * RUNET_BLOCK_THREADS + half * blockDim.x];
    count = half;
  }
#pragma unroll
  for (unsigned i = 0; i < N; i++)
    values[i] = own[i * RUNET_BLOCK_THREADS];
  __syncthreads ();
}

/* Where the sums go: the first @count of them to @first, the others to @second. */
template <typename Out> struct SumTargets {
  Out *first;
  unsigned count;
  Out *second;
  int add;
};

/* Block v: Σ over the launch's blocks of partial[v × blocks + block]. */
template <typename V, typename Out>
static __global__ void
finish_sums (const V *partial, unsigned blocks, SumTargets<Out> targets) {
  __shared__ double shared[RUNET_BLOCK_THREADS];
  double sum[1] = {0};
  for (unsigned i = threadIdx.y; i < blocks; i += blockDim.y)
    sum[0] += (double)partial[(size_t)blockIdx.x * blocks + i];
  sum_over_pixels (sum, shared);
  if (threadIdx.y > 0)
    return;
  Out *to = blockIdx.x < targets.count ? targets.first + blockIdx.x
                                       : targets.second + (blockIdx.x - targets.count);
  *to = (Out)((targets.add ? (double)*to : 0) + sum[0]);
}

template <typename V, typename Out>
static inline void
launch_finish_sums (cudaStream_t stream,
                    const V *partial,
                    unsigned values,
                    unsigned blocks,
                    SumTargets<Out> targets) {
  const auto kernel = finish_sums<V, Out>;
  RUNET_LAUNCH_TOGETHER (kernel, dim3 (values), dim3 (1, RUNET_BLOCK_THREADS), stream,
                         partial, blocks, targets);
}

/* A map cut into blocks of as many pixels, one after the other. */
struct Runs {
  unsigned blocks, pixels; /* of each */
};

/* @rows: pixels that a block does at the same time. */
static inline Runs
cut_into_runs (size_t pixels, unsigned rows) {
  const unsigned blocks = divide_up (pixels, rows);
  const unsigned most =
      blocks < RUNET_REDUCTION_BLOCKS ? blocks : RUNET_REDUCTION_BLOCKS;
  const unsigned run = divide_up (divide_up (pixels, most), rows) * rows;
  return {divide_up (pixels, run), run};
}
