/* Batches from images that are on the device, changed as core/training/augmentation.c does. */
#include "grid.h"

/* Pixels of a block: its table of greys is worth making. */
#define BLOCK_PIXELS 2048

/* What all places of a batch have in common. */
struct Batch {
  const uint8_t *images, *labels, *weights; /* the last nullable */
  const RunetBatchPlace *places;
  View<float> x;
  uint8_t *batch_labels, *batch_weights; /* the last nullable */
};

static __device__ inline float
get_grey (const uint8_t *image, int size, const float *table, int x, int y) {
  return x < 0 || y < 0 || x >= size || y >= size ? 0
                                                  : table[image[(size_t)y * size + x]];
}

/* @x, @y: place in the image, the centre of pixel (0, 0) at (0, 0). */
static __device__ inline float
interpolate (const uint8_t *image, int size, const float *table, double x, double y) {
  const int x0 = (int)floor (x), y0 = (int)floor (y);
  const float fx = (float)(x - x0), fy = (float)(y - y0);
  const float top = (1 - fx) * get_grey (image, size, table, x0, y0) +
                    fx * get_grey (image, size, table, x0 + 1, y0);
  const float bottom = (1 - fx) * get_grey (image, size, table, x0, y0 + 1) +
                       fx * get_grey (image, size, table, x0 + 1, y0 + 1);
  return (1 - fy) * top + fy * bottom;
}

/* Where a pixel's label is, or -1 where the image ends. */
static __device__ inline long long
find_label (int size, double x, double y) {
  const double column = floor (x + 0.5), row = floor (y + 0.5);
  if (!(column >= 0 && row >= 0 && column < size && row < size))
    return -1;
  return (long long)row * size + (long long)column;
}

static __device__ inline void
fill_pixel (const Batch &batch,
            const RunetBatchPlace &place,
            const float *table,
            unsigned at) {
  const int size = (int)batch.x.w;
  const unsigned pixels = batch.x.w * batch.x.h;
  const size_t image = (size_t)place.index * pixels;
  long long from = at;
  float grey = 0;
  if (place.changed) {
    const float *m = place.matrix;
    const double column = at % size, row = at / size;
    const double x = m[0] * column + m[1] * row + m[2],
                 y = m[3] * column + m[4] * row + m[5];
    from = find_label (size, x, y);
    /* Far outside all is black, and no whole number holds the place. */
    if (x > -2 && y > -2 && x < size + 1 && y < size + 1)
      grey = interpolate (batch.images + image, size, table, x, y);
  } else
    grey = table[batch.images[image + at]];
  const size_t to = (size_t)blockIdx.y * pixels + at;
  batch.x.put_only ((unsigned)to, grey);
  batch.batch_labels[to] = from < 0 ? 0 : batch.labels[image + from];
  if (batch.batch_weights != NULL)
    batch.batch_weights[to] =
        from < 0 || batch.weights == NULL ? 1 : batch.weights[image + from];
}

/* Bytes: 6 a pixel with labels, 8 with weights. */
static __global__ void
fill (Batch batch) {
  __shared__ float table[256];
  const RunetBatchPlace place = batch.places[blockIdx.y];
  const float own = (float)threadIdx.x / 255;
  const double changed = place.gain * pow (threadIdx.x / 255.0, (double)place.gamma);
  table[threadIdx.x] = place.changed ? (float)(changed > 1   ? 1
                                               : changed > 0 ? changed
                                                             : 0)
                                     : own;
  __syncthreads ();
  const unsigned pixels = batch.x.w * batch.x.h, first = blockIdx.x * BLOCK_PIXELS;
  for (unsigned i = threadIdx.x; i < BLOCK_PIXELS && first + i < pixels;
       i += blockDim.x)
    fill_pixel (batch, place, table, first + i);
}

void
runet_cuda_fill_batch (cudaStream_t stream,
                       const uint8_t *images,
                       const uint8_t *labels,
                       const uint8_t *weights,
                       const RunetBatchPlace *places,
                       const RunetMap *x,
                       uint8_t *batch_labels,
                       uint8_t *batch_weights) {
  const Batch batch = {
      images,       labels,       weights, places, make_view<float> (x),
      batch_labels, batch_weights};
  RUNET_LAUNCH_TOGETHER (fill,
                         dim3 (divide_up (x->h * x->w, BLOCK_PIXELS), (unsigned)x->n),
                         dim3 (256), stream, batch);
}
