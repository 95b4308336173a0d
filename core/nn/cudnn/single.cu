/* 3 × 3 convolution of one input channel: the first layer of a stage. */
#include "reduce.h"

/* Output channels of a block, and rows of a thread: it reads a weight once for all of them. */
#define CHANNELS 64
#define ROWS 4

/* A thread has L channels of ROWS pixels below each other. Bytes: y once, x (one channel) mostly from the cache. */
template <typename T, unsigned L>
static __global__ void
convolve (View<float> x,
          const float *weight,
          const float *bias,
          int relu,
          View<T> y,
          unsigned column_blocks) {
  __shared__ __attribute__ ((aligned (32))) float weights[10][CHANNELS];
  const unsigned base = blockIdx.y * CHANNELS;
  for (unsigned i = threadIdx.y * blockDim.x + threadIdx.x; i < 10 * CHANNELS;
       i += blockDim.x * blockDim.y) {
    const unsigned o = base + i % CHANNELS, tap = i / CHANNELS;
    weights[tap][i % CHANNELS] = o >= y.c ? 0 : tap < 9 ? weight[o * 9 + tap] : bias[o];
  }
  __syncthreads ();

  const unsigned strip = blockIdx.x / column_blocks, strips = (y.h + ROWS - 1) / ROWS;
  const unsigned column = blockIdx.x % column_blocks * blockDim.y + threadIdx.y;
  const unsigned image = strip / strips, row = strip % strips * ROWS;
  const unsigned channel = threadIdx.x * L;
  if (column >= y.w || base + channel >= y.written)
    return;

  float in[ROWS + 2][3], sum[ROWS][L], w[L];
#pragma unroll
  for (unsigned r = 0; r < ROWS + 2; r++)
#pragma unroll
    for (unsigned k = 0; k < 3; k++) {
      const unsigned from_row = row + r - 1, from = column + k - 1;
      in[r][k] = from_row < y.h && from < y.w
                     ? *x.at ((image * y.h + from_row) * y.w + from, 0)
                     : 0;
    }
  load (&weights[9][channel], w);
#pragma unroll
  for (unsigned r = 0; r < ROWS; r++)
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sum[r][l] = w[l];
#pragma unroll
  for (unsigned tap = 0; tap < 9; tap++) {
    load (&weights[tap][channel], w);
#pragma unroll
    for (unsigned r = 0; r < ROWS; r++)
#pragma unroll
      for (unsigned l = 0; l < L; l++)
        sum[r][l] += in[r + tap / 3][tap % 3] * w[l];
  }
#pragma unroll
  for (unsigned r = 0; r < ROWS; r++) {
    if (row + r >= y.h)
      return;
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sum[r][l] = relu && !(sum[r][l] > 0) ? 0 : sum[r][l];
    y.put ((image * y.h + row + r) * y.w + column, base + channel, sum[r]);
  }
}

void
runet_cuda_single_forward (cudaStream_t stream,
                           const RunetMap *x,
                           const float *weight,
                           const float *bias,
                           int relu,
                           const RunetMap *y) {
  with_lanes ({y}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = convolve<T, lanes.value>;
    const unsigned written = count_written (y);
    const unsigned channels = written < CHANNELS ? written : CHANNELS;
    const unsigned groups = divide_up (channels, lanes);
    const dim3 block (groups, RUNET_BLOCK_THREADS / groups);
    const unsigned column_blocks = divide_up (y->w, block.y);
    const dim3 grid ((unsigned)y->n * divide_up (y->h, ROWS) * column_blocks,
                     divide_up (written, CHANNELS));
    RUNET_LAUNCH_TOGETHER (kernel, grid, block, stream, make_view<float> (x), weight,
                           bias, relu, make_view<T> (y), column_blocks);
  });
}

/* ---------------------------------------------------------------- gradient of the weights */

/* Channels that a thread sums, of all nine taps and the bias; and those of a block. */
#define SUMMED 4
#define SUMMED_CHANNELS 32

/* How dy is cut: a block walks down @rows rows of @block.y columns. */
typedef struct {
  dim3 block;
  unsigned column_blocks, row_blocks, rows, blocks, chunks;
} Walk;

static Walk
plan_walk (const RunetMap *dy, unsigned lanes) {
  Walk walk;
  const unsigned channels =
      (unsigned)(dy->c < SUMMED_CHANNELS ? dy->c : SUMMED_CHANNELS);
  const unsigned groups = divide_up (channels, lanes);
  walk.block = dim3 (groups, RUNET_BLOCK_THREADS / groups);
  walk.chunks = divide_up (dy->c, groups * lanes);
  walk.column_blocks = divide_up (dy->w, walk.block.y);
  const size_t strips = dy->n * walk.column_blocks;
  const unsigned wanted = divide_up (RUNET_REDUCTION_BLOCKS, strips);
  const unsigned rows = divide_up (dy->h, wanted);
  walk.rows = rows < 8 ? 8 : rows;
  walk.row_blocks = divide_up (dy->h, walk.rows);
  walk.blocks = (unsigned)strips * walk.row_blocks;
  return walk;
}

static bool
sums_vectors (const RunetMap *dy) {
  return can_read (SUMMED, {dy});
}

size_t
runet_cuda_single_scratch (const RunetMap *dy) {
  const unsigned vectors = plan_walk (dy, SUMMED).blocks,
                 values = plan_walk (dy, 1).blocks;
  return (size_t)(vectors > values ? vectors : values) * dy->c * 10 * sizeof (float);
}

/* Row @row of x left of, at and right of @column. */
static __device__ inline void
load_row (const View<float> &x,
          unsigned image,
          unsigned row,
          unsigned column,
          float *to) {
#pragma unroll
  for (unsigned k = 0; k < 3; k++) {
    const unsigned from = column + k - 1;
    to[k] = row < x.h && from < x.w ? *x.at ((image * x.h + row) * x.w + from, 0) : 0;
  }
}

template <typename T, unsigned L>
static __device__ inline void
walk_down (const View<float> &x,
           const View<T> &dy,
           unsigned image,
           unsigned first,
           unsigned last,
           unsigned column,
           unsigned channel,
           float (&sums)[10][L]) {
  float in[9], gradient[L];
  load_row (x, image, first - 1, column, in);
  load_row (x, image, first, column, in + 3);
  for (unsigned row = first; row < last; row++) {
    load_row (x, image, row + 1, column, in + 6);
    dy.get ((image * x.h + row) * x.w + column, channel, gradient);
#pragma unroll
    for (unsigned l = 0; l < L; l++) {
#pragma unroll
      for (unsigned tap = 0; tap < 9; tap++)
        sums[tap][l] += gradient[l] * in[tap];
      sums[9][l] += gradient[l];
    }
#pragma unroll
    for (unsigned k = 0; k < 6; k++)
      in[k] = in[k + 3];
  }
}

/* Bytes: dy once, x mostly from the cache. */
template <typename T, unsigned L>
static __global__ void
sum_weight_gradient (View<float> x,
                     View<T> dy,
                     unsigned column_blocks,
                     unsigned row_blocks,
                     unsigned rows,
                     float *partial) {
  __shared__ float shared[L * RUNET_BLOCK_THREADS];
  const unsigned strip = blockIdx.x / column_blocks;
  const unsigned column = blockIdx.x % column_blocks * blockDim.y + threadIdx.y;
  const unsigned image = strip / row_blocks, first = strip % row_blocks * rows;
  const unsigned channel = (blockIdx.y * blockDim.x + threadIdx.x) * L;
  const unsigned last = first + rows < x.h ? first + rows : x.h;
  float sums[10][L];
#pragma unroll
  for (unsigned tap = 0; tap < 10; tap++)
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sums[tap][l] = 0;
  if (column < x.w && channel < dy.c)
    walk_down (x, dy, image, first, last, column, channel, sums);
#pragma unroll
  for (unsigned tap = 0; tap < 10; tap++) {
    sum_over_pixels (sums[tap], shared);
    for (unsigned l = 0; l < L; l++) {
      const unsigned o = channel + l;
      const unsigned value = tap < 9 ? o * 9 + tap : dy.c * 9 + o;
      if (threadIdx.y == 0 && o < dy.c)
        partial[(size_t)value * gridDim.x + blockIdx.x] = sums[tap][l];
    }
  }
}

/* ---------------------------------------------------------------- gradient of the input */

#define TILE_ROWS 16
#define TILE_COLUMNS 32
#define HALO_COLUMNS (TILE_COLUMNS + 2)
#define HALO_PIXELS ((TILE_ROWS + 2) * HALO_COLUMNS)
#define PIXELS ((HALO_PIXELS + RUNET_BLOCK_THREADS - 1) / RUNET_BLOCK_THREADS)

/* Whether pixel @index of the halo is one of dy, and which. */
static __device__ inline bool
find_pixel (unsigned index,
            unsigned h,
            unsigned w,
            unsigned top,
            unsigned left,
            unsigned *pixel) {
  const unsigned row = top + index / HALO_COLUMNS - 1,
                 column = left + index % HALO_COLUMNS - 1;
  *pixel = row * w + column;
  return index < HALO_PIXELS && row < h && column < w;
}

/* A weight is read once for all the pixels of a thread. */
template <unsigned L>
static __device__ inline void
add_products (const float (&gradients)[PIXELS][L],
              const float (*weights)[9],
              float (&sums)[PIXELS][9]) {
#pragma unroll
  for (unsigned l = 0; l < L; l++)
#pragma unroll
    for (unsigned tap = 0; tap < 9; tap++) {
      const float w = weights[l][tap];
#pragma unroll
      for (unsigned k = 0; k < PIXELS; k++)
        sums[k][tap] += w * gradients[k][l];
    }
}

/* dx (p) = Σ over taps of w (tap) · dy (p - tap): first the products of each pixel of a tile and its halo with the nine
 * taps, so that dy is read once, then their sums. Bytes: dy 1.2 times, dx once. */
template <typename T, unsigned L>
static __global__ void
sum_input_gradient (const float *weight,
                    View<T> dy,
                    View<float> dx,
                    unsigned tile_columns,
                    unsigned tile_rows) {
  __shared__ float products[9][HALO_PIXELS];
  __shared__ float weights[SUMMED_CHANNELS][9];
  const unsigned tile = blockIdx.x / tile_columns, thread = threadIdx.x;
  const unsigned left = blockIdx.x % tile_columns * TILE_COLUMNS;
  const unsigned image = tile / tile_rows, top = tile % tile_rows * TILE_ROWS;
  unsigned pixels[PIXELS];
  bool inside[PIXELS];
  float sums[PIXELS][9];
#pragma unroll
  for (unsigned k = 0; k < PIXELS; k++) {
    inside[k] = find_pixel (thread + k * RUNET_BLOCK_THREADS, dy.h, dy.w, top, left,
                            &pixels[k]);
    pixels[k] += image * dy.h * dy.w;
#pragma unroll
    for (unsigned tap = 0; tap < 9; tap++)
      sums[k][tap] = 0;
  }
  for (unsigned base = 0; base < dy.c; base += SUMMED_CHANNELS) {
    __syncthreads ();
    for (unsigned i = thread; i < SUMMED_CHANNELS * 9; i += RUNET_BLOCK_THREADS)
      weights[i / 9][i % 9] = base + i / 9 < dy.c ? weight[base * 9 + i] : 0;
    __syncthreads ();
    for (unsigned c = 0; c < SUMMED_CHANNELS && base + c < dy.c; c += L) {
      float gradients[PIXELS][L];
#pragma unroll
      for (unsigned k = 0; k < PIXELS; k++)
        dy.get (pixels[k], inside[k] ? base + c : dy.c, gradients[k]);
      add_products (gradients, weights + c, sums);
    }
  }
#pragma unroll
  for (unsigned k = 0; k < PIXELS; k++)
    if (thread + k * RUNET_BLOCK_THREADS < HALO_PIXELS)
#pragma unroll
      for (unsigned tap = 0; tap < 9; tap++)
        products[tap][thread + k * RUNET_BLOCK_THREADS] = sums[k][tap];
  __syncthreads ();
  for (unsigned i = thread; i < TILE_ROWS * TILE_COLUMNS; i += RUNET_BLOCK_THREADS) {
    const unsigned row = i / TILE_COLUMNS, column = i % TILE_COLUMNS;
    float sum = 0;
    if (top + row >= dx.h || left + column >= dx.w)
      continue;
#pragma unroll
    for (unsigned tap = 0; tap < 9; tap++)
      sum += products[tap][(row + 2 - tap / 3) * HALO_COLUMNS + column + 2 - tap % 3];
    dx.put_only ((image * dx.h + top + row) * dx.w + left + column, sum);
  }
}

static void
launch_input_gradient (cudaStream_t stream,
                       const float *weight,
                       const RunetMap *dy,
                       const RunetMap *dx,
                       int add) {
  const unsigned columns = divide_up (dy->w, TILE_COLUMNS),
                 rows = divide_up (dy->h, TILE_ROWS);
  with_lanes ({dy}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = sum_input_gradient<T, lanes.value>;
    RUNET_LAUNCH_TOGETHER (
        kernel, dim3 ((unsigned)dy->n * columns * rows), dim3 (RUNET_BLOCK_THREADS),
        stream, weight, make_view<T> (dy), make_view<float> (dx, add), columns, rows);
  });
}

void
runet_cuda_single_backward (cudaStream_t stream,
                            const RunetMap *x,
                            const float *weight,
                            const RunetMap *dy,
                            const RunetMap *dx,
                            int add_dx,
                            float *dweight,
                            float *dbias,
                            void *scratch) {
  const bool vectors = sums_vectors (dy);
  const Walk walk = plan_walk (dy, vectors ? SUMMED : 1);
  float *partial = static_cast<float *> (scratch);
  with_element (dy->element, [&] (auto zero) {
    using T = decltype (zero);
    const auto kernel =
        vectors ? sum_weight_gradient<T, SUMMED> : sum_weight_gradient<T, 1>;
    RUNET_LAUNCH_TOGETHER (kernel, dim3 (walk.blocks, walk.chunks), walk.block, stream,
                           make_view<float> (x), make_view<T> (dy), walk.column_blocks,
                           walk.row_blocks, walk.rows, partial);
  });
  const unsigned channels = (unsigned)dy->c;
  launch_finish_sums (stream, partial, channels * 10, walk.blocks,
                      SumTargets<float>{dweight, channels * 9, dbias, 1});
  if (dx != NULL)
    launch_input_gradient (stream, weight, dy, dx, add_dx);
}
