/* The end of a stage: 1 × 1 convolution, softmax, and the sigmoid of the foreground. */
#include "reduce.h"

/* Classes at most, and where there are no more than few of them; the sums of a thread are in its registers. */
#define MANY_CLASSES 16
#define FEW_CLASSES 4
/* Input channels of a block. */
#define CHANNELS 64

/* weights[i][c] of input channels @base …, zeros where there are none. */
template <unsigned C>
static __device__ inline void
load_weights (const float *weight,
              unsigned classes,
              unsigned channels,
              unsigned base,
              float (*weights)[C]) {
  const unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
  for (unsigned i = thread; i < CHANNELS * C; i += blockDim.x * blockDim.y) {
    const unsigned c = i % C, channel = base + i / C;
    weights[i / C][c] =
        c < classes && channel < channels ? weight[c * channels + channel] : 0;
  }
}

/* From logits to probabilities; those of classes that there are not are zero. */
template <unsigned C>
static __device__ inline void
apply_softmax (float (&values)[C], unsigned classes) {
  float largest = values[0], sum = 0;
#pragma unroll
  for (unsigned c = 1; c < C; c++)
    largest = c < classes && values[c] > largest ? values[c] : largest;
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    sum += values[c] = c < classes ? expf (values[c] - largest) : 0;
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    values[c] /= sum;
}

/* One pixel's values of a map of few channels: in one read where its pixels allow. */
template <unsigned C>
static __device__ inline void
load_pixel (const View<float> &map, unsigned pixel, bool vectors, float (&values)[C]) {
  if constexpr (C == FEW_CLASSES)
    if (vectors) {
      load (map.at (pixel, 0), values);
#pragma unroll
      for (unsigned c = 0; c < C; c++)
        values[c] = c < map.c ? values[c] : 0;
      return;
    }
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    values[c] = c < map.c ? *map.at (pixel, c) : 0;
}

template <unsigned C>
static __device__ inline void
store_pixel (const View<float> &map,
             unsigned pixel,
             bool vectors,
             const float (&values)[C]) {
  if constexpr (C == FEW_CLASSES)
    if (vectors) {
      store (map.at (pixel, 0), values);
      return;
    }
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    if (c < map.written)
      *map.at (pixel, c) = values[c];
}

/* Sigmoid of the sum of all classes but the first, by @values. */
struct Foreground {
  View<float> map; /* without data: not wanted */
  const RunetNodeValues *values;
};

/* A thread has a pixel. Bytes: x once, p once. */
template <typename T, unsigned L, unsigned C>
static __global__ void
classify (View<T> x,
          const float *weight,
          const float *bias,
          View<float> p,
          bool vectors,
          Foreground foreground) {
  __shared__ float weights[CHANNELS][C];
  const unsigned pixel = get_pixel ();
  float values[C];
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    values[c] = c < p.c ? bias[c] : 0;
  for (unsigned base = 0; base < x.c; base += CHANNELS) {
    __syncthreads ();
    load_weights<C> (weight, p.c, x.c, base, weights);
    __syncthreads ();
    for (unsigned i = 0; i < CHANNELS && base + i < x.c && pixel < x.pixels; i += L) {
      float in[L];
      x.get (pixel, base + i, in);
#pragma unroll
      for (unsigned l = 0; l < L; l++)
#pragma unroll
        for (unsigned c = 0; c < C; c++)
          values[c] += base + i + l < x.c ? in[l] * weights[i + l][c] : 0;
    }
  }
  if (pixel >= x.pixels)
    return;
  apply_softmax (values, p.c);
  store_pixel (p, pixel, vectors, values);
  float sum = 0;
#pragma unroll
  for (unsigned c = 1; c < C; c++)
    sum += values[c];
  const RunetNodeValues *sigmoid = foreground.values;
  if (foreground.map.data != NULL)
    foreground.map.put_only (
        pixel, evaluate_sigmoid (sigmoid->slope * (sum - sigmoid->shift)));
}

/* Calls @func with the most classes that its kernel has. */
template <typename Func>
static void
with_classes (size_t classes, Func func) {
  if (classes <= FEW_CLASSES)
    func (std::integral_constant<unsigned, FEW_CLASSES> ());
  else
    func (std::integral_constant<unsigned, MANY_CLASSES> ());
}

void
runet_cuda_head_forward (cudaStream_t stream,
                         const RunetMap *x,
                         const float *weight,
                         const float *bias,
                         const RunetMap *p,
                         const RunetMap *foreground,
                         const RunetNodeValues *values) {
  const Foreground sigmoid = {
      foreground != NULL ? make_view<float> (foreground) : View<float>{}, values};
  const dim3 block (1, RUNET_BLOCK_THREADS);
  const dim3 grid (divide_up (count_pixels (x), block.y));
  const bool vectors = can_read (4, {p});
  with_lanes ({x}, [&] (auto zero, auto lanes) {
    with_classes (p->c, [&] (auto most) {
      using T = decltype (zero);
      const auto kernel = classify<T, decltype (lanes)::value, decltype (most)::value>;
      RUNET_LAUNCH_TOGETHER (kernel, grid, block, stream, make_view<T> (x), weight,
                             bias, make_view<float> (p), vectors, sigmoid);
    });
  });
}

/* ---------------------------------------------------------------- backward */

/* Input channels of a thread. */
#define LANES 4

/* dLoss/dlogit_c = p_c (dp_c - Σ_k p_k dp_k). */
template <unsigned C>
static __device__ inline void
differentiate (const float (&p)[C], float (&dp)[C]) {
  float dot = 0;
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    dot += p[c] * dp[c];
#pragma unroll
  for (unsigned c = 0; c < C; c++)
    dp[c] = p[c] * (dp[c] - dot);
}

/* Partial sums: C × I of the weights, then C of the biases. */
template <unsigned L, unsigned C>
static __device__ inline void
write_sums (float (&sums)[C][L],
            float (&bias_sums)[C][1],
            unsigned classes,
            unsigned channels,
            unsigned channel,
            float *partial,
            float *shared) {
#pragma unroll
  for (unsigned c = 0; c < C; c++) {
    sum_over_pixels (sums[c], shared);
    sum_over_pixels (bias_sums[c], shared);
    if (threadIdx.y > 0 || c >= classes)
      continue;
    for (unsigned l = 0; l < L && channel + l < channels; l++)
      partial[(size_t)(c * channels + channel + l) * gridDim.x + blockIdx.x] =
          sums[c][l];
    if (channel == 0)
      partial[(size_t)(classes * channels + c) * gridDim.x + blockIdx.x] =
          bias_sums[c][0];
  }
}

/* A thread has L input channels of the pixels of a run. Bytes: x, p and dp once, dx once. */
template <typename T, unsigned L, unsigned C>
static __global__ void
classify_backward (View<T> x,
                   const float *weight,
                   View<float> p,
                   View<float> dp,
                   bool vectors,
                   View<T> dx,
                   unsigned run,
                   float *partial) {
  __shared__ float weights[CHANNELS][C];
  __shared__ float shared[L * RUNET_BLOCK_THREADS];
  const unsigned base = blockIdx.y * blockDim.x * L, own = threadIdx.x * L;
  float sums[C][L], bias_sums[C][1];
  load_weights<C> (weight, p.c, x.c, base, weights);
  __syncthreads ();
#pragma unroll
  for (unsigned c = 0; c < C; c++) {
    bias_sums[c][0] = 0;
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sums[c][l] = 0;
  }
  const unsigned first = blockIdx.x * run;
  const unsigned last = first + run < x.pixels ? first + run : x.pixels;
  for (unsigned pixel = first + threadIdx.y; pixel < last; pixel += blockDim.y) {
    float in[L], probabilities[C], gradients[C], out[L];
    x.get (pixel, base + own, in);
    load_pixel (p, pixel, vectors, probabilities);
    load_pixel (dp, pixel, vectors, gradients);
    differentiate (probabilities, gradients);
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      out[l] = 0;
#pragma unroll
    for (unsigned c = 0; c < C; c++) {
      bias_sums[c][0] += gradients[c];
#pragma unroll
      for (unsigned l = 0; l < L; l++) {
        sums[c][l] += gradients[c] * in[l];
        out[l] += gradients[c] * weights[own + l][c];
      }
    }
    if (base + own < dx.written)
      dx.put (pixel, base + own, out);
  }
  write_sums (sums, bias_sums, p.c, x.c, base + own, partial, shared);
}

/* How x is cut, and how many groups of its channels a block has. */
struct Cut {
  dim3 block;
  unsigned chunks;
  Runs runs;
};

static Cut
cut_map (const RunetMap *x, size_t written, unsigned lanes) {
  const unsigned channels = (unsigned)(written < CHANNELS ? written : CHANNELS);
  const unsigned groups = divide_up (channels, lanes);
  const dim3 block (groups, RUNET_BLOCK_THREADS / groups);
  return {block, divide_up (written, groups * lanes),
          cut_into_runs (count_pixels (x), block.y)};
}

size_t
runet_cuda_head_scratch (const RunetMap *x, size_t classes) {
  return (size_t)RUNET_REDUCTION_BLOCKS * (x->c + 1) * classes * sizeof (float);
}

void
runet_cuda_head_backward (cudaStream_t stream,
                          const RunetMap *x,
                          const float *weight,
                          const RunetMap *p,
                          const RunetMap *dp,
                          const RunetMap *dx,
                          int add_dx,
                          float *dweight,
                          float *dbias,
                          void *scratch) {
  const unsigned channels = (unsigned)x->c, classes = (unsigned)p->c;
  const bool reads_vectors = can_read (LANES, {x, dx}), vectors = can_read (4, {p, dp});
  const Cut cut = cut_map (x, count_written (dx), reads_vectors ? LANES : 1);
  float *partial = static_cast<float *> (scratch);
  with_element (x->element, [&] (auto zero) {
    with_classes (classes, [&] (auto most) {
      using T = decltype (zero);
      constexpr unsigned C = decltype (most)::value;
      const auto kernel =
          reads_vectors ? classify_backward<T, LANES, C> : classify_backward<T, 1, C>;
      RUNET_LAUNCH_TOGETHER (kernel, dim3 (cut.runs.blocks, cut.chunks), cut.block,
                             stream, make_view<T> (x), weight, make_view<float> (p),
                             make_view<float> (dp), vectors, make_view<T> (dx, add_dx),
                             cut.runs.pixels, partial);
    });
  });
  launch_finish_sums (stream, partial, classes * (channels + 1), cut.runs.blocks,
                      SumTargets<float>{dweight, classes * channels, dbias, 1});
}
