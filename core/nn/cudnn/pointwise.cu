/* Operations that look at one pixel at a time: softmax, foreground, sigmoid and product. A thread has a pixel.
 *
 * They are between the stages, where a pixel has one channel or as many as there are classes: small maps, of any element type. */
#include "grid.h"

static __global__ void
softmax_forward (AnyView x, AnyView y) {
  const unsigned pixel = get_pixel ();
  if (pixel >= x.pixels)
    return;
  float largest = x.get (pixel, 0), sum = 0;
  for (unsigned c = 1; c < x.c; c++)
    largest = fmaxf (largest, x.get (pixel, c));
  for (unsigned c = 0; c < x.c; c++)
    sum += expf (x.get (pixel, c) - largest);
  for (unsigned c = 0; c < x.c; c++)
    y.put (pixel, c, expf (x.get (pixel, c) - largest) / sum);
  y.clear_padding (pixel);
}

/* dx_c = y_c (dy_c - Σ_k y_k dy_k). */
static __global__ void
softmax_backward (AnyView y, AnyView dy, AnyView dx) {
  const unsigned pixel = get_pixel ();
  if (pixel >= y.pixels)
    return;
  float dot = 0;
  for (unsigned c = 0; c < y.c; c++)
    dot += y.get (pixel, c) * dy.get (pixel, c);
  for (unsigned c = 0; c < y.c; c++)
    dx.put (pixel, c, y.get (pixel, c) * (dy.get (pixel, c) - dot));
  dx.clear_padding (pixel);
}

static __global__ void
foreground_forward (AnyView x, AnyView y) {
  const unsigned pixel = get_pixel ();
  if (pixel >= x.pixels)
    return;
  float sum = 0;
  for (unsigned c = 1; c < x.c; c++)
    sum += x.get (pixel, c);
  y.put (pixel, 0, sum);
  y.clear_padding (pixel);
}

static __global__ void
foreground_backward (AnyView dy, AnyView dx) {
  const unsigned pixel = get_pixel ();
  if (pixel >= dx.pixels)
    return;
  const float gradient = dy.get (pixel, 0);
  for (unsigned c = 0; c < dx.c; c++)
    dx.put (pixel, c, c > 0 ? gradient : 0);
  dx.clear_padding (pixel);
}

static __global__ void
sigmoid_forward (AnyView x, const RunetNodeValues *values, AnyView y) {
  const unsigned pixel = get_pixel ();
  if (pixel >= x.pixels)
    return;
  for (unsigned c = 0; c < x.c; c++)
    y.put (pixel, c,
           evaluate_sigmoid (values->slope * (x.get (pixel, c) - values->shift)));
  y.clear_padding (pixel);
}

static __global__ void
sigmoid_backward (AnyView y, AnyView dy, const RunetNodeValues *values, AnyView dx) {
  const unsigned pixel = get_pixel ();
  if (pixel >= y.pixels)
    return;
  for (unsigned c = 0; c < y.c; c++) {
    const float value = y.get (pixel, c);
    dx.put (pixel, c, values->slope * value * (1 - value) * dy.get (pixel, c));
  }
  dx.clear_padding (pixel);
}

static __global__ void
multiply (AnyView a, AnyView b, AnyView product) {
  const unsigned pixel = get_pixel ();
  if (pixel >= a.pixels)
    return;
  product.put (pixel, 0, a.get (pixel, 0) * b.get (pixel, 0));
  product.clear_padding (pixel);
}

void
runet_cuda_softmax_forward (cudaStream_t stream, const RunetMap *x, const RunetMap *y) {
  const Layout layout = lay_out (count_pixels (x), 1);
  RUNET_LAUNCH (softmax_forward, layout.grid, layout.block, stream, make_any_view (x),
                make_any_view (y));
}

void
runet_cuda_softmax_backward (cudaStream_t stream,
                             const RunetMap *y,
                             const RunetMap *dy,
                             const RunetMap *dx,
                             int add) {
  const Layout layout = lay_out (count_pixels (y), 1);
  RUNET_LAUNCH (softmax_backward, layout.grid, layout.block, stream, make_any_view (y),
                make_any_view (dy), make_any_view (dx, add));
}

void
runet_cuda_foreground_forward (cudaStream_t stream,
                               const RunetMap *x,
                               const RunetMap *y) {
  const Layout layout = lay_out (count_pixels (x), 1);
  RUNET_LAUNCH (foreground_forward, layout.grid, layout.block, stream,
                make_any_view (x), make_any_view (y));
}

void
runet_cuda_foreground_backward (cudaStream_t stream,
                                const RunetMap *dy,
                                const RunetMap *dx,
                                int add) {
  const Layout layout = lay_out (count_pixels (dx), 1);
  RUNET_LAUNCH (foreground_backward, layout.grid, layout.block, stream,
                make_any_view (dy), make_any_view (dx, add));
}

void
runet_cuda_sigmoid_forward (cudaStream_t stream,
                            const RunetMap *x,
                            const RunetNodeValues *values,
                            const RunetMap *y) {
  const Layout layout = lay_out (count_pixels (x), 1);
  RUNET_LAUNCH (sigmoid_forward, layout.grid, layout.block, stream, make_any_view (x),
                values, make_any_view (y));
}

void
runet_cuda_sigmoid_backward (cudaStream_t stream,
                             const RunetMap *y,
                             const RunetMap *dy,
                             const RunetNodeValues *values,
                             const RunetMap *dx,
                             int add) {
  const Layout layout = lay_out (count_pixels (y), 1);
  RUNET_LAUNCH (sigmoid_backward, layout.grid, layout.block, stream, make_any_view (y),
                make_any_view (dy), values, make_any_view (dx, add));
}

void
runet_cuda_multiply_forward (cudaStream_t stream,
                             const RunetMap *a,
                             const RunetMap *b,
                             const RunetMap *y) {
  const Layout layout = lay_out (count_pixels (a), 1);
  RUNET_LAUNCH (multiply, layout.grid, layout.block, stream, make_any_view (a),
                make_any_view (b), make_any_view (y));
}

void
runet_cuda_multiply_backward (cudaStream_t stream,
                              const RunetMap *other,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add) {
  const Layout layout = lay_out (count_pixels (dx), 1);
  RUNET_LAUNCH (multiply, layout.grid, layout.block, stream, make_any_view (other),
                make_any_view (dy), make_any_view (dx, add));
}
