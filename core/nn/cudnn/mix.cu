/* A mixture of three one-channel maps by the softmax of three logits. */
#include "reduce.h"

#define INPUTS 3

struct Mixture {
  AnyView x[INPUTS], dx[INPUTS]; /* no data in dx: not wanted */
  AnyView y; /* forward: the mixture; backward: its gradient */
  const float *logits;
};

static __device__ inline void
compute_weights (const float *logits, float (&weights)[INPUTS]) {
  float largest = logits[0], sum = 0;
  for (unsigned i = 1; i < INPUTS; i++)
    largest = fmaxf (largest, logits[i]);
  for (unsigned i = 0; i < INPUTS; i++)
    sum += weights[i] = expf (logits[i] - largest);
  for (unsigned i = 0; i < INPUTS; i++)
    weights[i] /= sum;
}

static __global__ void
mix_forward (Mixture mixture) {
  const unsigned pixel = get_pixel ();
  float weights[INPUTS], sum = 0;
  if (pixel >= mixture.y.pixels)
    return;
  compute_weights (mixture.logits, weights);
#pragma unroll
  for (unsigned i = 0; i < INPUTS; i++)
    sum += weights[i] * mixture.x[i].get (pixel, 0);
  mixture.y.put (pixel, 0, sum);
  mixture.y.clear_padding (pixel);
}

/* Bytes: dy and the three x once, the wanted dx once. */
static __global__ void
mix_backward (Mixture mixture, unsigned run, double *partial) {
  __shared__ double shared[INPUTS * RUNET_BLOCK_THREADS];
  const unsigned first = blockIdx.x * run, end = first + run;
  const unsigned last = end < mixture.y.pixels ? end : mixture.y.pixels;
  float weights[INPUTS];
  double sums[INPUTS] = {0};
  compute_weights (mixture.logits, weights);
  for (unsigned pixel = first + threadIdx.y; pixel < last; pixel += blockDim.y) {
    const float dy = mixture.y.get (pixel, 0);
#pragma unroll
    for (unsigned i = 0; i < INPUTS; i++) {
      sums[i] += (double)dy * (double)mixture.x[i].get (pixel, 0);
      if (mixture.dx[i].data == NULL)
        continue;
      mixture.dx[i].put (pixel, 0, weights[i] * dy);
      mixture.dx[i].clear_padding (pixel);
    }
  }
  sum_over_pixels (sums, shared);
  for (unsigned i = 0; i < INPUTS; i++)
    if (threadIdx.y == 0)
      partial[i * gridDim.x + blockIdx.x] = sums[i];
}

/* dlogit_i = w_i (g_i - Σ_k w_k g_k), where g_i = Σ dy x_i over all pixels. */
static __global__ void
finish_mix (const double *partial,
            unsigned blocks,
            const float *logits,
            float *dlogits) {
  __shared__ double shared[INPUTS * RUNET_BLOCK_THREADS];
  double sums[INPUTS] = {0}, dot = 0;
  float weights[INPUTS];
  for (unsigned block = threadIdx.y; block < blocks; block += blockDim.y)
    for (unsigned i = 0; i < INPUTS; i++)
      sums[i] += partial[i * blocks + block];
  sum_over_pixels (sums, shared);
  if (threadIdx.y > 0)
    return;
  compute_weights (logits, weights);
  for (unsigned i = 0; i < INPUTS; i++)
    dot += (double)weights[i] * sums[i];
  for (unsigned i = 0; i < INPUTS; i++)
    dlogits[i] += (float)((double)weights[i] * (sums[i] - dot));
}

void
runet_cuda_mix_forward (cudaStream_t stream,
                        const RunetMap *const x[3],
                        const float *logits,
                        const RunetMap *y) {
  const Layout layout = lay_out (count_pixels (y), 1);
  Mixture mixture = {};
  for (unsigned i = 0; i < INPUTS; i++)
    mixture.x[i] = make_any_view (x[i]);
  mixture.y = make_any_view (y);
  mixture.logits = logits;
  RUNET_LAUNCH (mix_forward, layout.grid, layout.block, stream, mixture);
}

size_t
runet_cuda_mix_scratch (const RunetMap *y) {
  const Runs runs = cut_into_runs (count_pixels (y), RUNET_BLOCK_THREADS);
  return INPUTS * runs.blocks * sizeof (double);
}

void
runet_cuda_mix_backward (cudaStream_t stream,
                         const RunetMap *const x[3],
                         const RunetMap *dy,
                         const RunetMap *const dx[3],
                         const int add[3],
                         const float *logits,
                         float *dlogits,
                         void *scratch) {
  const dim3 block (1, RUNET_BLOCK_THREADS);
  const Runs runs = cut_into_runs (count_pixels (dy), block.y);
  double *partial = static_cast<double *> (scratch);
  Mixture mixture = {};
  for (unsigned i = 0; i < INPUTS; i++) {
    mixture.x[i] = make_any_view (x[i]);
    if (dx[i] != NULL)
      mixture.dx[i] = make_any_view (dx[i], add[i]);
  }
  mixture.y = make_any_view (dy);
  mixture.logits = logits;
  RUNET_LAUNCH_TOGETHER (mix_backward, dim3 (runs.blocks), block, stream, mixture,
                         runs.pixels, partial);
  RUNET_LAUNCH_TOGETHER (finish_mix, dim3 (1), block, stream, partial, runs.blocks,
                         logits, dlogits);
}
