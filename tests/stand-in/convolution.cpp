/* The output's places are gone through in pieces, so that the patches of one stay in the cache. */
#include "convolution.h"

#include <algorithm>
#include <cblas.h>
#include <string.h>

namespace stand_in {

static constexpr int64_t piece_floats = 1 << 18;

/* Of one piece: output places first … first + count - 1 of all N × H' × W'. */
struct Piece {
  int64_t first, count;
};

static int64_t
get_patch (const Geometry &g) {
  return g.kernel[0] * g.kernel[1] * g.in_channels;
}

template <typename Visit>
static void
for_each_piece (const Geometry &g, Visit visit) {
  int64_t places = g.n * g.out[0] * g.out[1];
  int64_t step = std::max<int64_t> (piece_floats / get_patch (g), 16);

  for (int64_t first = 0; first < places; first += step)
    visit (Piece{first, std::min (step, places - first)});
}

/* Calls @visit with each tap of each place of @piece: where it lies in the patches, and in x (-1: outside). */
template <typename Visit>
static void
for_each_tap (const Geometry &g, Piece piece, Visit visit) {
  int64_t taps = g.kernel[0] * g.kernel[1];

  for (int64_t k = 0; k < piece.count; k++) {
    int64_t place = piece.first + k;
    int64_t column = place % g.out[1], row = place / g.out[1] % g.out[0];
    int64_t image = place / (g.out[1] * g.out[0]);
    for (int64_t tap = 0; tap < taps; tap++) {
      int64_t t = g.flipped ? taps - 1 - tap : tap;
      int64_t y = row * g.stride[0] - g.before[0] + t / g.kernel[1] * g.dilation[0];
      int64_t x = column * g.stride[1] - g.before[1] + t % g.kernel[1] * g.dilation[1];
      bool inside = y >= 0 && y < g.in[0] && x >= 0 && x < g.in[1];
      visit ((k * taps + tap) * g.in_channels,
             inside ? ((image * g.in[0] + y) * g.in[1] + x) * g.in_channels : -1);
    }
  }
}

static void
gather (const Geometry &g, Piece piece, const float *x, float *patches) {
  size_t bytes = size_t (g.in_channels) * sizeof (float);

  for_each_tap (g, piece, [=] (int64_t to, int64_t from) {
    if (from < 0)
      memset (patches + to, 0, bytes);
    else
      memcpy (patches + to, x + from, bytes);
  });
}

std::vector<float>
convolve (const Geometry &g, const std::vector<float> &x, const std::vector<float> &w) {
  const int patch = int (get_patch (g)), channels = int (g.out_channels);
  std::vector<float> y (size_t (g.n * g.out[0] * g.out[1] * channels)), patches;

  for_each_piece (g, [&] (Piece piece) {
    patches.resize (size_t (piece.count * patch));
    gather (g, piece, x.data (), patches.data ());
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, int (piece.count), channels,
                 patch, 1, patches.data (), patch, w.data (), patch, 0,
                 y.data () + piece.first * channels, channels);
  });
  return y;
}

std::vector<float>
convolve_back_to_data (const Geometry &g,
                       const std::vector<float> &dy,
                       const std::vector<float> &w) {
  const int patch = int (get_patch (g)), channels = int (g.out_channels);
  std::vector<float> dx (size_t (g.n * g.in[0] * g.in[1] * g.in_channels)), patches;

  for_each_piece (g, [&] (Piece piece) {
    patches.resize (size_t (piece.count * patch));
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, int (piece.count), patch,
                 channels, 1, dy.data () + piece.first * channels, channels, w.data (),
                 patch, 0, patches.data (), patch);
    for_each_tap (g, piece, [&] (int64_t from, int64_t to) {
      for (int64_t c = 0; to >= 0 && c < g.in_channels; c++)
        dx[size_t (to + c)] += patches[size_t (from + c)];
    });
  });
  return dx;
}

std::vector<float>
convolve_back_to_filter (const Geometry &g,
                         const std::vector<float> &x,
                         const std::vector<float> &dy) {
  const int patch = int (get_patch (g)), channels = int (g.out_channels);
  std::vector<float> dw (size_t (patch) * size_t (channels)), patches;

  for_each_piece (g, [&] (Piece piece) {
    patches.resize (size_t (piece.count * patch));
    gather (g, piece, x.data (), patches.data ());
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, channels, patch,
                 int (piece.count), 1, dy.data () + piece.first * channels, channels,
                 patches.data (), patch, 1, dw.data (), patch);
  });
  return dw;
}

} // namespace stand_in
