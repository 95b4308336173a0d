/* Copies of channels, also from one element type to another, and sums of them. */
#include "grid.h"

/* Between types: as many values as the shorter of two reads allows. */
#define MIXED_LANES 4

/* Bytes: x once, y once; twice where added. */
template <typename From, typename To, unsigned L>
static __global__ void
copy (View<From> x, View<To> y) {
  const unsigned pixel = get_pixel ();
  if (pixel >= x.pixels)
    return;
  for (unsigned c = threadIdx.x * L; c < y.written; c += blockDim.x * L) {
    float values[L];
    /* Channels of y beyond x's are another's. */
    if (c >= x.c && c < y.c)
      continue;
    x.get (pixel, c, values);
    y.put (pixel, c, values);
  }
}

template <typename From, typename To>
static void
launch_copy (cudaStream_t stream, const RunetMap *x, const RunetMap *y, int add) {
  constexpr unsigned L = std::is_same_v<From, To> ? 16 / sizeof (From) : MIXED_LANES;
  const View<From> from = make_view<From> (x);
  View<To> to = make_view<To> (y, add);
  to.written = add ? from.c : to.written;
  const bool vectors =
      can_read (L, {x, y}) && (x->c >= y->c || (x->c % L == 0 && y->c % L == 0));
  const unsigned lanes = vectors ? L : 1;
  const Layout layout = lay_out (from.pixels, divide_up (to.written, lanes));
  const auto kernel = vectors ? copy<From, To, L> : copy<From, To, 1>;
  RUNET_LAUNCH (kernel, layout.grid, layout.block, stream, from, to);
}

void
runet_cuda_copy (cudaStream_t stream, const RunetMap *x, const RunetMap *y, int add) {
  with_element (x->element, [&] (auto from) {
    with_element (y->element, [&] (auto to) {
      launch_copy<decltype (from), decltype (to)> (stream, x, y, add);
    });
  });
}
