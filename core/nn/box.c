/* Mean over a square window by two running sums: the cost of a pixel does not depend on the size.
 *
 * A window of size d reaches (d-1)/2 before its pixel and d/2 after, zeros outside the map. Pixel i
 * is then in the windows of i - d/2 … i + (d-1)/2, so backward is the same filter with the two
 * reaches swapped. Sums are kept in double: a float would carry what it has lost along the row. */
#include "convolution-kernels.h"
#include "operations.h"

/* Columns that one task sums downwards: four cache lines of double. */
#define COLUMNS 32

typedef struct {
  RunetTensor x, y;
  gsize before, after;
  double scale;
  gboolean add;
  /* The region of interest: y is m. */
  const RunetTensor *image, *product;
  float slope, shift;
  const RunetKernels *kernels;
  double *sums; /* N × H × W: of the window's part in each row */
  gsize strips; /* of COLUMNS in a row */
} Arguments;

static void
sum_along_rows (gsize first, gsize last, gconstpointer data) {
  const Arguments *args = data;
  const gsize w = args->x.w, stride = args->x.stride;
  for (gsize row = first; row < last; row++) {
    const float *x = args->x.data + row * w * stride;
    double *out = args->sums + row * w;
    double sum = 0;
    for (gsize i = 0; i < MIN (args->after, w); i++)
      sum += x[i * stride];
    for (gsize i = 0; i < w; i++) {
      if (i + args->after < w)
        sum += x[(i + args->after) * stride];
      out[i] = sum;
      if (i >= args->before)
        sum -= x[(i - args->before) * stride];
    }
  }
}

static inline void
add_row (double *restrict sum, const double *restrict row, double factor, gsize count) {
  for (gsize i = 0; i < count; i++)
    sum[i] += factor * row[i];
}

/* From m of a row's strip to the product with the image. */
static void
finish_region (const Arguments *args, gsize row, gsize column, gsize count) {
  const gsize first = row * args->y.w + column;
  float *m = args->y.data + first;
  const float *image = args->image->data + first * args->image->stride;
  float *product = args->product->data + first * args->product->stride;
  args->kernels->sigmoid (m, count, args->slope, args->shift);
  for (gsize i = 0; i < count; i++)
    product[i * args->product->stride] = image[i * args->image->stride] * m[i];
}

static inline void
write_row (const Arguments *args,
           const double *sum,
           gsize row,
           gsize column,
           gsize count) {
  float *y = args->y.data + (row * args->y.w + column) * args->y.stride;
  for (gsize i = 0; i < count; i++, y += args->y.stride)
    *y = (args->add ? *y : 0) + (float)(sum[i] * args->scale);
}

/* One strip of columns of one image, from top to bottom. */
static void
sum_along_columns (gsize strip, guint worker, gpointer data) {
  const Arguments *args = data;
  const gsize h = args->x.h, w = args->x.w;
  const gsize image = strip / args->strips, column = strip % args->strips * COLUMNS;
  const gsize count = MIN (COLUMNS, w - column);
  const double *in = args->sums + image * h * w + column;
  double sum[COLUMNS] = {0};

  for (gsize i = 0; i < MIN (args->after, h); i++)
    add_row (sum, in + i * w, 1, count);
  for (gsize i = 0; i < h; i++) {
    if (i + args->after < h)
      add_row (sum, in + (i + args->after) * w, 1, count);
    write_row (args, sum, image * h + i, column, count);
    if (args->image != NULL)
      finish_region (args, image * h + i, column, count);
    if (i >= args->before)
      add_row (sum, in + (i - args->before) * w, -1, count);
  }
}

static void
filter (RunetPool *pool, Arguments *args, guint size) {
  args->scale = 1.0 / ((double)size * size);
  args->strips = (args->x.w + COLUMNS - 1) / COLUMNS;
  runet_for_rows (pool, args->x.n * args->x.h, args->x.w, sum_along_rows, args);
  runet_pool_run (pool, args->x.n * args->strips, sum_along_columns, args);
}

gsize
runet_box_scratch_floats (gsize n, gsize h, gsize w) {
  return n * h * w * (sizeof (double) / sizeof (float));
}

void
runet_box_forward (RunetPool *pool,
                   const RunetTensor *x,
                   const RunetTensor *y,
                   guint size,
                   float *scratch) {
  Arguments args = {.x = *x, .y = *y, .before = (size - 1) / 2, .after = size / 2};
  args.sums = (double *)scratch;
  filter (pool, &args, size);
}

void
runet_region_forward (RunetPool *pool,
                      const RunetTensor *x,
                      const RunetTensor *image,
                      const RunetTensor *m,
                      const RunetTensor *y,
                      guint size,
                      float slope,
                      float shift,
                      float *scratch) {
  Arguments args = {.x = *x, .y = *m, .before = (size - 1) / 2, .after = size / 2};
  g_return_if_fail (m->stride == 1);
  args.image = image;
  args.product = y;
  args.slope = slope;
  args.shift = shift;
  args.kernels = runet_kernels_get ();
  args.sums = (double *)scratch;
  filter (pool, &args, size);
}

void
runet_box_backward (RunetPool *pool,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    guint size,
                    gboolean add,
                    float *scratch) {
  Arguments args = {.x = *dy, .y = *dx, .before = size / 2, .after = (size - 1) / 2};
  args.sums = (double *)scratch;
  args.add = add;
  filter (pool, &args, size);
}
