/* Max-pool and up-sampling, by squares of 2 × 2 pixels: a thread has one square and some of its channels. */
#include "grid.h"

/* The pixel of a doubled map at the top left of the square of pixel @small of a map @w wide. */
static __device__ inline unsigned
find_square (unsigned small, unsigned w) {
  const unsigned row = small / w, column = small - row * w;
  return 4 * row * w + 2 * column;
}

/* Bytes: x once, y once. */
template <typename T, unsigned L>
static __global__ void
pool_forward (View<T> x, View<T> y) {
  const unsigned small = get_pixel ();
  if (small >= y.pixels)
    return;
  const unsigned first = find_square (small, y.w);
  const unsigned places[] = {first, first + 1, first + x.w, first + x.w + 1};
  for (unsigned c = threadIdx.x * L; c < y.written; c += blockDim.x * L) {
    float in[4][L], out[L];
#pragma unroll
    for (unsigned k = 0; k < 4; k++)
      x.get (places[k], c, in[k]);
#pragma unroll
    for (unsigned l = 0; l < L; l++) {
      const float top = in[0][l] > in[1][l] ? in[0][l] : in[1][l];
      const float bottom = in[2][l] > in[3][l] ? in[2][l] : in[3][l];
      out[l] = top > bottom ? top : bottom;
    }
    y.put (small, c, out);
  }
}

/* The gradient goes to the first of the pixels that equal y. Bytes: x, y, dy and dx once. */
template <typename T, unsigned L>
static __global__ void
pool_backward (View<T> x, View<T> y, View<T> dy, View<T> dx) {
  const unsigned small = get_pixel ();
  if (small >= dy.pixels)
    return;
  const unsigned first = find_square (small, dy.w);
  const unsigned places[] = {first, first + 1, first + x.w, first + x.w + 1};
  for (unsigned c = threadIdx.x * L; c < dx.written; c += blockDim.x * L) {
    float in[4][L], largest[L], left[L];
#pragma unroll
    for (unsigned k = 0; k < 4; k++)
      x.get (places[k], c, in[k]);
    y.get (small, c, largest);
    dy.get (small, c, left);
#pragma unroll
    for (unsigned k = 0; k < 4; k++) {
      float share[L];
#pragma unroll
      for (unsigned l = 0; l < L; l++) {
        const bool here = in[k][l] == largest[l];
        share[l] = here ? left[l] : 0;
        left[l] = here ? 0 : left[l];
      }
      dx.put (places[k], c, share);
    }
  }
}

/* Bytes: x once, y once. */
template <typename T, unsigned L>
static __global__ void
upsample_forward (View<T> x, View<T> y) {
  const unsigned small = get_pixel ();
  if (small >= x.pixels)
    return;
  const unsigned first = find_square (small, x.w);
  const unsigned places[] = {first, first + 1, first + y.w, first + y.w + 1};
  for (unsigned c = threadIdx.x * L; c < y.written; c += blockDim.x * L) {
    float values[L];
    x.get (small, c, values);
#pragma unroll
    for (unsigned k = 0; k < 4; k++)
      y.put (places[k], c, values);
  }
}

/* Bytes: dy once, dx once. */
template <typename T, unsigned L>
static __global__ void
upsample_backward (View<T> dy, View<T> dx) {
  const unsigned small = get_pixel ();
  if (small >= dx.pixels)
    return;
  const unsigned first = find_square (small, dx.w);
  const unsigned places[] = {first, first + 1, first + dy.w, first + dy.w + 1};
  for (unsigned c = threadIdx.x * L; c < dx.written; c += blockDim.x * L) {
    float in[4][L], sum[L];
#pragma unroll
    for (unsigned k = 0; k < 4; k++)
      dy.get (places[k], c, in[k]);
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      sum[l] = (in[0][l] + in[1][l]) + (in[2][l] + in[3][l]);
    dx.put (small, c, sum);
  }
}

void
runet_cuda_max_pool_forward (cudaStream_t stream,
                             const RunetMap *x,
                             const RunetMap *y) {
  with_lanes ({x, y}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = pool_forward<T, lanes.value>;
    const Layout layout =
        lay_out (count_pixels (y), divide_up (count_written (y), lanes));
    RUNET_LAUNCH (kernel, layout.grid, layout.block, stream, make_view<T> (x),
                  make_view<T> (y));
  });
}

void
runet_cuda_max_pool_backward (cudaStream_t stream,
                              const RunetMap *x,
                              const RunetMap *y,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add) {
  with_lanes ({x, y, dy, dx}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = pool_backward<T, lanes.value>;
    const Layout layout =
        lay_out (count_pixels (dy), divide_up (count_written (dx), lanes));
    RUNET_LAUNCH (kernel, layout.grid, layout.block, stream, make_view<T> (x),
                  make_view<T> (y), make_view<T> (dy), make_view<T> (dx, add));
  });
}

void
runet_cuda_upsample_forward (cudaStream_t stream,
                             const RunetMap *x,
                             const RunetMap *y) {
  with_lanes ({x, y}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = upsample_forward<T, lanes.value>;
    const Layout layout =
        lay_out (count_pixels (x), divide_up (count_written (y), lanes));
    RUNET_LAUNCH (kernel, layout.grid, layout.block, stream, make_view<T> (x),
                  make_view<T> (y));
  });
}

void
runet_cuda_upsample_backward (cudaStream_t stream,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add) {
  with_lanes ({dy, dx}, [&] (auto zero, auto lanes) {
    using T = decltype (zero);
    const auto kernel = upsample_backward<T, lanes.value>;
    const Layout layout =
        lay_out (count_pixels (dx), divide_up (count_written (dx), lanes));
    RUNET_LAUNCH (kernel, layout.grid, layout.block, stream, make_view<T> (dy),
                  make_view<T> (dx, add));
  });
}
