/* Kernels that only test the stand-in itself. */
#include "test-kernels.h"

#include "core/nn/cudnn/launch.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

__global__ void
fill (float *x, int count, float value) {
  int k = int (blockIdx.x * blockDim.x + threadIdx.x);
  if (k < count)
    x[k] = value;
}

__global__ void
change (float *x, int count, float factor) {
  int k = int (blockIdx.x * blockDim.x + threadIdx.x);
  if (k < count)
    x[k] = factor * x[k] + float (k);
}

__global__ void
__launch_bounds__ (256) sum_blocks (const float *__restrict__ x, float *y) {
  __shared__ float part[256];
  unsigned k = threadIdx.x;

  part[k] = x[blockIdx.x * 256 + k];
  __syncthreads ();
  for (unsigned half = 128; half; half /= 2) {
    if (k < half)
      part[k] += part[k + half];
    __syncthreads ();
  }
  if (!k)
    y[blockIdx.x] = part[0];
}

__global__ void
round_all (const float *x, int count, float *halves, float *bfloats) {
  for (int k = int (threadIdx.x); k < count; k += int (blockDim.x)) {
    halves[k] = __half2float (__float2half_rn (x[k]));
    bfloats[k] = __bfloat162float (__float2bfloat16_rn (x[k]));
  }
}

__global__ void
wait_alone (float *x) {
  if (threadIdx.x % 2)
    __syncthreads ();
  x[0] = 1;
}

__global__ void
wait_apart (float *x) {
  __syncthreads ();
  x[0] = 1;
}

static int
count_blocks (int count) {
  return (count + 127) / 128;
}

void
test_fill (cudaStream_t stream, float *x, int count, float value) {
  RUNET_LAUNCH (fill, count_blocks (count), 128, stream, x, count, value);
}

void
test_change (cudaStream_t stream, float *x, int count, float factor) {
  RUNET_LAUNCH (change, count_blocks (count), 128, stream, x, count, factor);
}

void
test_sum_blocks (cudaStream_t stream, const float *x, int blocks, float *y) {
  RUNET_LAUNCH_TOGETHER (sum_blocks, blocks, 256, stream, x, y);
}

void
test_round (cudaStream_t stream,
            const float *x,
            int count,
            float *halves,
            float *bfloats) {
  RUNET_LAUNCH (round_all, 1, 32, stream, x, count, halves, bfloats);
}

void
test_wait_alone (cudaStream_t stream, float *x) {
  RUNET_LAUNCH_TOGETHER (wait_alone, 1, 32, stream, x);
}

void
test_wait_apart (cudaStream_t stream, float *x) {
  RUNET_LAUNCH (wait_apart, 1, 32, stream, x);
}

void
test_write_beyond (cudaStream_t stream, float *x, int count) {
  RUNET_LAUNCH (fill, 1, 128, stream, x, count + 1, 0.0f);
}
