/* Weights as cuDNN wants them, and their gradients brought back: one launch for all the layers. */
#include "grid.h"

/* Blocks of a layer: its threads go over it in strides, for most layers are far smaller than the largest. */
#define BLOCKS 64

/* The taps of a 3 × 3 filter, in one dimension, that make tap @a of the doubled one: first … last. */
struct Taps {
  int first, last;
};

static __device__ inline Taps
get_taps (int a) {
  const int first = 2 - a, last = 3 - a;
  return {first > 0 ? first : 0, last < 2 ? last : 2};
}

static __device__ inline const float *
get_filter (const RunetPacking &packing, const float *weights, int o, int i) {
  const size_t pair = (size_t)o * packing.in_channels + packing.first + i;
  return weights + pair * packing.kernel * packing.kernel;
}

static __device__ inline size_t
count_packed (const RunetPacking &packing) {
  const int kernel = packing.doubled ? 4 : packing.kernel;
  return (size_t)packing.rows * packing.stride * kernel * kernel;
}

/* Element @at of O × K × K × I'. */
static __device__ inline float
get_plain (const RunetPacking &packing, unsigned at) {
  const unsigned taps = packing.kernel * packing.kernel;
  const int i = at % packing.stride, tap = at / packing.stride % taps;
  const int o = at / packing.stride / taps;
  if (o >= packing.out_channels || i >= packing.channels)
    return 0;
  return get_filter (packing, packing.weight, o, i)[tap];
}

/* Element @at of I' × 4 × 4 × O'. */
static __device__ inline float
get_doubled (const RunetPacking &packing, unsigned at) {
  const int o = at % packing.stride, tap = at / packing.stride % 16;
  const int i = at / packing.stride / 16;
  float sum = 0;
  if (o >= packing.out_channels || i >= packing.channels)
    return 0;
  const float *filter = get_filter (packing, packing.weight, o, i);
  const Taps rows = get_taps (tap / 4), columns = get_taps (tap % 4);
  for (int row = rows.first; row <= rows.last; row++)
    for (int column = columns.first; column <= columns.last; column++)
      sum += filter[row * 3 + column];
  return sum;
}

/* Bytes: the weights once (their lines several times from the cache), the packed ones once. */
template <typename T>
static __global__ void
pack (const RunetPacking *packings) {
  const RunetPacking packing = packings[blockIdx.y];
  const unsigned count = (unsigned)count_packed (packing);
  T *packed = static_cast<T *> (packing.packed);
  for (unsigned at = blockIdx.x * blockDim.x + threadIdx.x; at < count;
       at += gridDim.x * blockDim.x)
    set_value (packed + at,
               packing.doubled ? get_doubled (packing, at) : get_plain (packing, at));
}

template <typename T>
static __device__ inline float
get_plain_gradient (const RunetPacking &packing, int o, int i, unsigned tap) {
  const T *packed = static_cast<const T *> (packing.packed_gradient);
  const unsigned taps = packing.kernel * packing.kernel;
  return to_float (packed[((size_t)o * taps + tap) * packing.stride + i]);
}

/* Tap k of the filter is in taps 2 - k and 3 - k of the doubled one. */
template <typename T>
static __device__ inline float
get_doubled_gradient (const RunetPacking &packing, int o, int i, unsigned tap) {
  const T *packed = static_cast<const T *> (packing.packed_gradient);
  const unsigned top = 2 - tap / 3, left = 2 - tap % 3;
  float sum = 0;
#pragma unroll
  for (unsigned row = top; row <= top + 1; row++)
#pragma unroll
    for (unsigned column = left; column <= left + 1; column++)
      sum +=
          to_float (packed[((size_t)i * 16 + row * 4 + column) * packing.stride + o]);
  return sum;
}

/* By the elements of the gradient. Those that differ only in the packed map's last dimension are neighbours in a
 * warp: there are several reads of an element packed, and one of each of the gradient. */
template <typename T>
static __global__ void
unpack (const RunetPacking *packings) {
  const RunetPacking packing = packings[blockIdx.y];
  if (packing.gradient == NULL || packing.packed_gradient == NULL)
    return;
  const unsigned taps = packing.kernel * packing.kernel;
  const unsigned inner = packing.doubled ? packing.out_channels : packing.channels;
  const unsigned count = packing.out_channels * packing.channels * taps;
  for (unsigned at = blockIdx.x * blockDim.x + threadIdx.x; at < count;
       at += gridDim.x * blockDim.x) {
    const unsigned last = at % inner, tap = at / inner % taps,
                   first = at / inner / taps;
    const unsigned o = packing.doubled ? last : first,
                   i = packing.doubled ? first : last;
    const size_t pair = (size_t)o * packing.in_channels + packing.first + i;
    packing.gradient[pair * taps + tap] +=
        packing.doubled ? get_doubled_gradient<T> (packing, o, i, tap)
                        : get_plain_gradient<T> (packing, o, i, tap);
  }
}

static dim3
get_grid (size_t count, size_t largest) {
  const unsigned blocks = divide_up (largest, RUNET_BLOCK_THREADS);
  return dim3 (blocks < BLOCKS ? blocks : BLOCKS, (unsigned)count);
}

void
runet_cuda_pack_weights (cudaStream_t stream,
                         const RunetPacking *packings,
                         size_t count,
                         size_t largest,
                         RunetElement element) {
  with_element (element, [&] (auto zero) {
    const auto kernel = pack<decltype (zero)>;
    RUNET_LAUNCH (kernel, get_grid (count, largest), dim3 (RUNET_BLOCK_THREADS), stream,
                  packings);
  });
}

void
runet_cuda_unpack_gradients (cudaStream_t stream,
                             const RunetPacking *packings,
                             size_t count,
                             size_t largest,
                             RunetElement element) {
  with_element (element, [&] (auto zero) {
    const auto kernel = unpack<decltype (zero)>;
    RUNET_LAUNCH (kernel, get_grid (count, largest), dim3 (RUNET_BLOCK_THREADS), stream,
                  packings);
  });
}
