/* The region of interest: mean over a square window by running sums, then the sigmoid and the product with the image.
 *
 * A window of size d reaches (d-1)/2 before its pixel and d/2 after, zeros outside the map; backward is the same filter with the two
 * reaches swapped. From one pixel to the next a window gains a pixel and loses one, whatever its size: its sum is the first one
 * and all the differences since, which a scan adds up in double. */
#include "grid.h"

/* A row is done by as many threads, each of them RUN pixels in one go. */
#define ROW_THREADS 64
#define ROWS (RUNET_BLOCK_THREADS / ROW_THREADS)
#define RUN 4
/* Columns side by side are one sector of the memory; each is cut into segments. */
#define COLUMNS 8
#define SEGMENTS (RUNET_BLOCK_THREADS / COLUMNS)

/* The part of a window in one dimension. */
struct Window {
  unsigned before, after;
  double scale; /* 1 / size² */
};

static __device__ inline Window
get_window (const RunetNodeValues *box, int backward) {
  const unsigned size = box->size > 1 ? (unsigned)box->size : 1;
  const unsigned before = (size - 1) / 2, after = size / 2;
  const double scale = 1 / ((double)size * (double)size);
  return backward ? Window{after, before, scale} : Window{before, after, scale};
}

/* Σ of the values of the threads up to @index, and of all @count. @line: those of one scan are @step apart. To be called by all
 * threads of the block. */
static __device__ inline double
scan (double value,
      double *line,
      unsigned index,
      unsigned count,
      unsigned step,
      double *total) {
  line[index * step] = value;
  for (unsigned reach = 1; reach < count; reach *= 2) {
    __syncthreads ();
    const double other = index >= reach ? line[(index - reach) * step] : 0;
    __syncthreads ();
    line[index * step] += other;
  }
  __syncthreads ();
  const double sum = line[index * step];
  *total = line[(count - 1) * step];
  __syncthreads ();
  return sum;
}

/* What the window of place @i of a line gains over that of i - 1. */
static __device__ inline double
get_difference (const float *line,
                size_t stride,
                unsigned i,
                unsigned length,
                const Window &window) {
  const size_t gained = (size_t)i + window.after;
  double difference = gained < length ? (double)line[gained * stride] : 0;
  if (i > window.before && i < length)
    difference -= (double)line[(i - window.before - 1) * stride];
  return difference;
}

/* Bytes: x once (and once from the cache), sums once. */
static __global__ void
sum_rows (View<float> x, const RunetNodeValues *box, int backward, float *sums) {
  __shared__ double totals[ROWS][ROW_THREADS];
  const Window window = get_window (box, backward);
  const unsigned row = blockIdx.x * ROWS + threadIdx.y;
  const unsigned length = row < x.pixels / x.w ? x.w : 0;
  const float *line = x.at (length > 0 ? row * x.w : 0, 0);
  double *const scanned = totals[threadIdx.y];
  double before = 0, total;
  for (unsigned i = threadIdx.x; i < window.after && i < length; i += ROW_THREADS)
    before += (double)line[(size_t)i * x.stride];
  scan (before, scanned, threadIdx.x, ROW_THREADS, 1, &before);

  for (unsigned first = 0; first < x.w; first += ROW_THREADS * RUN) {
    double run[RUN], sum = 0;
#pragma unroll
    for (unsigned k = 0; k < RUN; k++)
      sum = run[k] =
          sum + get_difference (line, x.stride, first + threadIdx.x * RUN + k, length,
                                window);
    const double base =
        before + scan (sum, scanned, threadIdx.x, ROW_THREADS, 1, &total) - sum;
#pragma unroll
    for (unsigned k = 0; k < RUN; k++) {
      const unsigned column = first + threadIdx.x * RUN + k;
      if (column < length)
        sums[(size_t)row * x.w + column] = (float)(base + run[k]);
    }
    before += total;
  }
}

/* What is made of a mean: y alone, or m and the product of the image with it. */
struct Result {
  View<float> y;
  View<float> image, product;
  const RunetNodeValues *sigmoid; /* (nullable): y is m */
};

static __device__ inline void
finish_pixel (const Result &result, unsigned pixel, float mean) {
  if (result.sigmoid == NULL) {
    result.y.put_only (pixel, mean);
    return;
  }
  const RunetNodeValues *values = result.sigmoid;
  const float m = evaluate_sigmoid (values->slope * (mean - values->shift));
  result.y.put_only (pixel, m);
  result.product.put_only (pixel, m * *result.image.at (pixel, 0));
}

/* Bytes: sums once (and three times from the cache), y once; with the sigmoid also the image and the product. */
static __global__ void
sum_columns (const float *sums,
             const RunetNodeValues *box,
             int backward,
             unsigned column_blocks,
             Result result) {
  __shared__ double totals[SEGMENTS][COLUMNS];
  const Window window = get_window (box, backward);
  const unsigned w = result.y.w, h = result.y.h;
  const unsigned image = blockIdx.x / column_blocks;
  const unsigned column = blockIdx.x % column_blocks * COLUMNS + threadIdx.x;
  const unsigned length = column < w ? h : 0,
                 top = image * h * w + (length > 0 ? column : 0);
  const float *line = sums + top;
  double *const scanned = &totals[0][threadIdx.x];
  double before = 0, sum = 0, total;
  for (unsigned i = threadIdx.y; i < window.after && i < length; i += SEGMENTS)
    before += (double)line[(size_t)i * w];
  scan (before, scanned, threadIdx.y, SEGMENTS, COLUMNS, &before);

  const unsigned rows = (h + SEGMENTS - 1) / SEGMENTS, first = threadIdx.y * rows;
#pragma unroll 4
  for (unsigned i = first; i < first + rows; i++)
    sum += get_difference (line, w, i, length, window);
  sum = before + scan (sum, scanned, threadIdx.y, SEGMENTS, COLUMNS, &total) - sum;
#pragma unroll 4
  for (unsigned i = first; i < first + rows && i < length; i++) {
    sum += get_difference (line, w, i, length, window);
    finish_pixel (result, top + i * w, (float)(sum * window.scale));
  }
}

static void
launch_filter (cudaStream_t stream,
               const RunetMap *x,
               const RunetNodeValues *box,
               int backward,
               const Result &result,
               float *scratch) {
  const unsigned rows = (unsigned)(x->n * x->h),
                 column_blocks = divide_up (x->w, COLUMNS);
  RUNET_LAUNCH_TOGETHER (sum_rows, dim3 (divide_up (rows, ROWS)),
                         dim3 (ROW_THREADS, ROWS), stream, make_view<float> (x), box,
                         backward, scratch);
  RUNET_LAUNCH_TOGETHER (sum_columns, dim3 ((unsigned)x->n * column_blocks),
                         dim3 (COLUMNS, SEGMENTS), stream, scratch, box, backward,
                         column_blocks, result);
}

void
runet_cuda_region_forward (cudaStream_t stream,
                           const RunetMap *s,
                           const RunetMap *image,
                           const RunetNodeValues *box,
                           const RunetNodeValues *sigmoid,
                           const RunetMap *m,
                           const RunetMap *y,
                           float *scratch) {
  const Result result = {make_view<float> (m), make_view<float> (image),
                         make_view<float> (y), sigmoid};
  launch_filter (stream, s, box, 0, result, scratch);
}

void
runet_cuda_box_forward (cudaStream_t stream,
                        const RunetMap *x,
                        const RunetNodeValues *box,
                        const RunetMap *y,
                        float *scratch) {
  const View<float> view = make_view<float> (y);
  launch_filter (stream, x, box, 0, {view, view, view, NULL}, scratch);
}

void
runet_cuda_box_backward (cudaStream_t stream,
                         const RunetMap *dy,
                         const RunetNodeValues *box,
                         const RunetMap *dx,
                         int add,
                         float *scratch) {
  const View<float> view = make_view<float> (dx, add);
  launch_filter (stream, dy, box, 1, {view, view, view, NULL}, scratch);
}
