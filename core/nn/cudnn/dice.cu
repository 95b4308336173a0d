/* The Dice loss and its gradient; see core/training/loss.h. */
#include "reduce.h"

#define MANY_CLASSES 16
#define FEW_CLASSES 4

/* Of each class: Σ p g, Σ p², Σ g. */
#define SUMS 3

/* Of the gradient, at most: each begins with divisions in double. */
#define BLOCKS 2112

struct Truth {
  const uint8_t *labels;
  const uint8_t *weights; /* (nullable): 0 for pixels that weigh nothing */

  __device__ bool counts (unsigned pixel) const {
    return weights == NULL || weights[pixel] != 0;
  }
};

/* @vectors: the pixels of @p can be read at once. */
template <unsigned C>
static __device__ inline void
load_pixel (const View<float> &p, unsigned pixel, bool vectors, float (&values)[C]) {
  if constexpr (C == FEW_CLASSES)
    if (vectors) {
      load (p.at (pixel, 0), values);
      return;
    }
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    values[c] = c < p.c ? *p.at (pixel, c) : 0;
}

/* Bytes: p, the labels and the weights once. */
template <unsigned C>
static __global__ void
sum_pixels (View<float> p, Truth truth, bool vectors, unsigned run, double *partial) {
  __shared__ double shared[SUMS * RUNET_BLOCK_THREADS];
  const unsigned first = blockIdx.x * run;
  const unsigned last = first + run < p.pixels ? first + run : p.pixels;
  double sums[C][SUMS];
#pragma unroll
  for (unsigned c = 0; c < C; c++)
#pragma unroll
    for (unsigned k = 0; k < SUMS; k++)
      sums[c][k] = 0;
  for (unsigned pixel = first + threadIdx.y; pixel < last; pixel += blockDim.y) {
    float values[C];
    if (!truth.counts (pixel))
      continue;
    load_pixel (p, pixel, vectors, values);
    const unsigned label = truth.labels[pixel];
#pragma unroll
    for (unsigned c = 1; c < C; c++) {
      sums[c][0] += label == c ? (double)values[c] : 0;
      sums[c][1] += (double)values[c] * (double)values[c];
      sums[c][2] += label == c ? 1 : 0;
    }
  }
#pragma unroll
  for (unsigned c = 0; c < C; c++) {
    sum_over_pixels (sums[c], shared);
    for (unsigned k = 0; k < SUMS; k++)
      if (threadIdx.y == 0 && c < p.c)
        partial[(size_t)(c * SUMS + k) * gridDim.x + blockIdx.x] = sums[c][k];
  }
}

/* dLoss/dp_c is by_label · g + by_probability · p. */
struct Factors {
  float by_label[MANY_CLASSES], by_probability[MANY_CLASSES];
};

/* One class's, and its part of the loss. */
static __device__ inline double
compute_factors (const double *sums,
                 unsigned classes,
                 unsigned c,
                 double weight,
                 Factors *to) {
  const double structures = (double)classes - 1;
  const double numerator = 2 * sums[c * SUMS] + 1;
  const double denominator = sums[c * SUMS + 1] + sums[c * SUMS + 2] + 1;
  to->by_label[c] = c > 0 ? (float)(-weight / structures * 2 / denominator) : 0;
  to->by_probability[c] =
      c > 0 ? (float)(weight / structures * 2 * numerator / (denominator * denominator))
            : 0;
  return c > 0 ? numerator / denominator / structures : 0;
}

template <unsigned C>
static __device__ inline void
differentiate_pixel (const View<float> &p,
                     const Truth &truth,
                     const Factors &factors,
                     bool vectors,
                     const View<float> &dp,
                     unsigned pixel) {
  float values[C], gradient[C];
  const unsigned label = truth.labels[pixel];
  const bool counts = truth.counts (pixel);
  load_pixel (p, pixel, vectors, values);
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    gradient[c] = counts && c < p.c ? factors.by_probability[c] * values[c] +
                                          (label == c ? factors.by_label[c] : 0)
                                    : 0;
  if constexpr (C == FEW_CLASSES)
    if (vectors) {
      store (dp.at (pixel, 0), gradient);
      return;
    }
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    if (c < dp.written)
      *dp.at (pixel, c) = gradient[c];
}

/* Bytes: p, the labels and the weights once, dp once. */
template <unsigned C>
static __global__ void
differentiate (View<float> p,
               Truth truth,
               const double *sums,
               float weight,
               const float *scale,
               bool vectors,
               View<float> dp,
               double *loss) {
  __shared__ Factors factors;
  __shared__ double parts[MANY_CLASSES];
  const double factor = (double)weight * (scale != NULL ? (double)*scale : 1);
  if (threadIdx.y < p.c)
    parts[threadIdx.y] = compute_factors (sums, p.c, threadIdx.y, factor, &factors);
  __syncthreads ();
  if (blockIdx.x == 0 && threadIdx.y == 0) {
    double mean = 0;
    for (unsigned c = 1; c < p.c; c++)
      mean += parts[c];
    *loss = 1 - mean;
  }
  for (unsigned pixel = get_pixel (); pixel < p.pixels; pixel += gridDim.x * blockDim.y)
    differentiate_pixel<C> (p, truth, factors, vectors, dp, pixel);
}

size_t
runet_cuda_dice_scratch (const RunetMap *p) {
  const Runs runs = cut_into_runs (count_pixels (p), RUNET_BLOCK_THREADS);
  return p->c * SUMS * runs.blocks * sizeof (double);
}

void
runet_cuda_dice_sums (cudaStream_t stream,
                      const RunetMap *p,
                      const uint8_t *labels,
                      const uint8_t *weights,
                      double *sums,
                      void *scratch) {
  const dim3 block (1, RUNET_BLOCK_THREADS);
  const Runs runs = cut_into_runs (count_pixels (p), block.y);
  const unsigned values = (unsigned)p->c * SUMS;
  double *partial = static_cast<double *> (scratch);
  const auto kernel =
      p->c <= FEW_CLASSES ? sum_pixels<FEW_CLASSES> : sum_pixels<MANY_CLASSES>;
  RUNET_LAUNCH_TOGETHER (kernel, dim3 (runs.blocks), block, stream,
                         make_view<float> (p), Truth{labels, weights},
                         can_read (4, {p}), runs.pixels, partial);
  launch_finish_sums (stream, partial, values, runs.blocks,
                      SumTargets<double>{sums, values, NULL, 0});
}

void
runet_cuda_dice_gradient (cudaStream_t stream,
                          const RunetMap *p,
                          const uint8_t *labels,
                          const uint8_t *weights,
                          const double *sums,
                          float weight,
                          const float *scale,
                          const RunetMap *dp,
                          double *loss) {
  const unsigned blocks = divide_up (count_pixels (p), RUNET_BLOCK_THREADS);
  const dim3 block (1, RUNET_BLOCK_THREADS), grid (blocks < BLOCKS ? blocks : BLOCKS);
  const auto kernel =
      p->c <= FEW_CLASSES ? differentiate<FEW_CLASSES> : differentiate<MANY_CLASSES>;
  RUNET_LAUNCH_TOGETHER (kernel, grid, block, stream, make_view<float> (p),
                         Truth{labels, weights}, sums, weight, scale,
                         can_read (4, {p, dp}), make_view<float> (dp), loss);
}
