/* The neighbours of a Winograd convolution that it carries: the convolution before it and the
 * classification after it, a block of tiles at a time, while the patch between is in the cache. */
#include "convolution-pointwise.h"
#include "winograd.h"

#define TILE RUNET_WINOGRAD_TILE
/* Rows and columns that a patch of the input has around the block. */
#define MARGIN 1

static RunetTensor
open_patch (float *data, gsize tiles, gsize margin, gsize channels) {
  return (RunetTensor){.data = data,
                       .n = 1,
                       .h = TILE + 2 * margin,
                       .w = tiles * TILE + 2 * margin,
                       .c = channels,
                       .stride = runet_kernel_pad (channels)};
}

static gsize
count_floats (const RunetTensor *patch) {
  return patch->h * patch->w * patch->stride;
}

gsize
runet_winograd_count_patch_floats (const RunetWinograd *self) {
  const RunetConvolutionShape *s = &self->base.shape;
  const RunetTensor in = open_patch (NULL, self->block, MARGIN, s->in_channels);
  const RunetTensor out = open_patch (NULL, self->block, 0, s->out_channels);
  return MAX (s->before != NULL ? count_floats (&in) : 0,
              s->classified ? count_floats (&out) : 0);
}

static RunetTilePlace
get_place (const RunetWinogradRun *run, gsize tile) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  const RunetTileGrid grid = runet_tile_grid (s->h, s->w);
  return runet_tile_place (&grid, tile);
}

void
runet_winograd_transform_patch_input (const RunetWinogradRun *run,
                                      gsize first,
                                      gsize count,
                                      float *patch,
                                      const RunetWinogradTransforms *to) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  const RunetTilePlace place = get_place (run, first);
  const RunetTensor in = open_patch (patch, count, MARGIN, s->in_channels);
  s->before->class->forward_patch (s->before, run->x, place.n,
                                   place.row * TILE - MARGIN,
                                   place.column * TILE - MARGIN, &in);
  run->self->kernels->transform_input (&in, MARGIN, NULL, run->pass->points, 0, count,
                                       &to->v[0]);
}

void
runet_winograd_classify_patch (const RunetWinogradRun *run,
                               const RunetFrequencies *m,
                               gsize first,
                               gsize count,
                               float *patch) {
  const RunetConvolutionShape *s = &run->self->base.shape;
  const RunetTilePlace place = get_place (run, first);
  const gsize top = place.row * TILE, left = place.column * TILE;
  const RunetTensor out = open_patch (patch, count, 0, s->out_channels);
  run->self->kernels->transform_output (m, run->pass->points, 0, count,
                                        &run->targets[0].how, &out);
  for (gsize i = 0; i < TILE && top + i < s->h; i++)
    runet_classification_run_pixels (
        run->classification, runet_tensor_pixel (&out, 0, i, 0), out.stride,
        (place.n * s->h + top + i) * s->w + left, MIN (out.w, s->w - left));
}
