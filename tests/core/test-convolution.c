/* Convolutions: the reference against finite differences, every other class on every instruction
 * set against the reference's sums in double, what they must not touch, and that the bits repeat. */
#include "core/nn/convolution.h"
#include "core/nn/convolution-kernels.h"

#include <math.h>
#include <string.h>

#define CANARY 12345.0f
/* Relative to the largest element of the tensor. */
#define FORWARD_TOLERANCE 4e-6
#define GRADIENT_TOLERANCE 1e-5
/* A doubled part has other points, whose error is larger. */
#define PARTS_TOLERANCE 2e-5

/* A tensor among @extra other channels that nobody may touch. */
typedef struct {
  RunetTensor view;
  float *data;
  gsize count;
} Strided;

static Strided
strided_new (gsize n, gsize h, gsize w, gsize c, gsize before, gsize after) {
  Strided t = {.count = n * h * w * (c + before + after)};
  t.data = g_aligned_alloc (t.count, sizeof (float), 64);
  for (gsize i = 0; i < t.count; i++)
    t.data[i] = CANARY;
  t.view = (RunetTensor){t.data + before, n, h, w, c, c + before + after};
  return t;
}

static void
strided_fill (Strided *t, GRand *random) {
  gsize pixels = t->view.n * t->view.h * t->view.w;
  for (gsize p = 0; p < pixels; p++)
    for (gsize c = 0; c < t->view.c; c++)
      t->view.data[p * t->view.stride + c] = (float)g_rand_double_range (random, -1, 1);
}

static void
strided_copy (Strided *to, const Strided *from) {
  gsize pixels = to->view.n * to->view.h * to->view.w;
  for (gsize p = 0; p < pixels; p++)
    memcpy (to->view.data + p * to->view.stride,
            from->view.data + p * from->view.stride, to->view.c * sizeof (float));
}

static void
assert_close (const float *a,
              gsize a_stride,
              const float *b,
              gsize b_stride,
              gsize rows,
              gsize columns,
              double tolerance) {
  double largest = 1e-6, worst = 0;
  for (gsize r = 0; r < rows; r++)
    for (gsize c = 0; c < columns; c++) {
      double expected = b[r * b_stride + c];
      g_assert_true (isfinite (a[r * a_stride + c]));
      largest = MAX (largest, fabs (expected));
      worst = MAX (worst, fabs (a[r * a_stride + c] - expected));
    }
  g_assert_cmpfloat (worst / largest, <=, tolerance);
}

static void
assert_same_pixels (const Strided *a, const Strided *b, double tolerance) {
  assert_close (a->view.data, a->view.stride, b->view.data, b->view.stride,
                a->view.n * a->view.h * a->view.w, a->view.c, tolerance);
}

static void
assert_canaries (const Strided *t) {
  gsize before = (gsize)(t->view.data - t->data);
  for (gsize i = 0; i < t->count; i++)
    if (i % t->view.stride < before || i % t->view.stride >= before + t->view.c)
      g_assert_cmpfloat (t->data[i], ==, CANARY);
}

/* One layer with everything that goes in and comes out. */
typedef struct {
  RunetConvolutionShape shape;
  gsize weights;
  float *weight, *bias, *dweight, *dbias;
  Strided x, y, dy, dx;
} Layer;

static Layer
layer_new (const RunetConvolutionShape *s, gsize before, gsize after) {
  Layer layer = {.shape = *s};
  layer.weights = s->out_channels * s->in_channels * s->kernel * s->kernel;
  layer.weight = g_new0 (float, layer.weights);
  layer.dweight = g_new0 (float, layer.weights);
  layer.bias = g_new0 (float, s->out_channels);
  layer.dbias = g_new0 (float, s->out_channels);
  layer.x = strided_new (s->n, s->h, s->w, s->in_channels, before, after);
  layer.dx = strided_new (s->n, s->h, s->w, s->in_channels, before, after);
  layer.y = strided_new (s->n, s->h, s->w, s->out_channels, before, after);
  layer.dy = strided_new (s->n, s->h, s->w, s->out_channels, before, after);
  return layer;
}

static void
layer_clear (Layer *layer) {
  g_free (layer->weight);
  g_free (layer->dweight);
  g_free (layer->bias);
  g_free (layer->dbias);
  g_aligned_free (layer->x.data);
  g_aligned_free (layer->dx.data);
  g_aligned_free (layer->y.data);
  g_aligned_free (layer->dy.data);
}

static void
layer_fill (Layer *layer, GRand *random) {
  gsize fan_in = layer->weights / layer->shape.out_channels;
  double bound = sqrt (3.0 / (double)fan_in);
  for (gsize i = 0; i < layer->weights; i++) {
    layer->weight[i] = (float)g_rand_double_range (random, -bound, bound);
    layer->dweight[i] = (float)g_rand_double_range (random, -1, 1);
  }
  for (gsize i = 0; i < layer->shape.out_channels; i++) {
    layer->bias[i] = (float)g_rand_double_range (random, -0.3, 0.3);
    layer->dbias[i] = (float)g_rand_double_range (random, -1, 1);
  }
  strided_fill (&layer->x, random);
  strided_fill (&layer->dy, random);
  strided_fill (&layer->dx, random);
}

static void
layer_copy (Layer *to, const Layer *from) {
  memcpy (to->weight, from->weight, from->weights * sizeof (float));
  memcpy (to->dweight, from->dweight, from->weights * sizeof (float));
  memcpy (to->bias, from->bias, from->shape.out_channels * sizeof (float));
  memcpy (to->dbias, from->dbias, from->shape.out_channels * sizeof (float));
  strided_copy (&to->x, &from->x);
  strided_copy (&to->dy, &from->dy);
  strided_copy (&to->dx, &from->dx);
}

typedef enum { DX_NONE, DX_OVERWRITE, DX_ADD } InputGradient;

/* Set weights, forward, and backward when @backward. The scratch is full of rubbish. */
static void
layer_run (Layer *layer,
           const RunetConvolutionClass *class,
           RunetPool *pool,
           gboolean backward,
           InputGradient dx) {
  guint workers = runet_pool_get_workers (pool);
  RunetConvolution *convolution = class->new_ (&layer->shape, backward, workers);
  gsize floats = class->scratch_floats (convolution);
  g_assert_cmpuint (class->weight_bytes (convolution), >=,
                    layer->weights * sizeof (float));
  Strided scratch = strided_new (1, 1, 1, floats, 16, 16);
  for (gsize i = 0; i < floats; i++)
    scratch.view.data[i] = NAN;

  const RunetConvolutionOutputs outputs = {.y = layer->y.view};
  class->set_weights (convolution, layer->weight, layer->bias);
  class->forward (convolution, pool, &layer->x.view, &outputs, scratch.view.data);
  const gboolean add = dx == DX_ADD;
  if (backward)
    class->backward (convolution, pool, &layer->x.view, &layer->y.view, &layer->dy.view,
                     dx == DX_NONE ? NULL : &layer->dx.view, &add, layer->dweight,
                     layer->dbias, scratch.view.data);
  class->free (convolution);
  assert_canaries (&scratch);
  g_aligned_free (scratch.data);
}

static void
compare_with_reference (const RunetConvolutionClass *class,
                        const RunetConvolutionShape *shape,
                        guint workers,
                        gsize before,
                        gsize after,
                        gboolean backward,
                        InputGradient dx,
                        guint32 seed) {
  g_autoptr (RunetPool) pool = runet_pool_new (workers);
  GRand *random = g_rand_new_with_seed (seed);
  Layer expected = layer_new (shape, 0, 0);
  Layer actual = layer_new (shape, before, after);
  layer_fill (&expected, random);
  layer_copy (&actual, &expected);

  layer_run (&actual, class, pool, backward, dx);
  layer_run (&expected, &runet_convolution_reference, pool, FALSE, DX_NONE);
  assert_same_pixels (&actual.y, &expected.y, FORWARD_TOLERANCE);
  if (backward) {
    /* Where an output is nearly zero the two may disagree about the ReLU; the gradients are
       * compared with the same decisions. */
    strided_copy (&expected.y, &actual.y);
    const gboolean add = dx == DX_ADD;
    RunetConvolution *reference =
        runet_convolution_reference.new_ (shape, TRUE, workers);
    runet_convolution_reference.set_weights (reference, expected.weight, expected.bias);
    runet_convolution_reference.backward (reference, pool, &expected.x.view,
                                          &expected.y.view, &expected.dy.view,
                                          dx == DX_NONE ? NULL : &expected.dx.view,
                                          &add, expected.dweight, expected.dbias, NULL);
    runet_convolution_reference.free (reference);
    assert_close (actual.dweight, 1, expected.dweight, 1, actual.weights, 1,
                  GRADIENT_TOLERANCE);
    assert_close (actual.dbias, 1, expected.dbias, 1, shape->out_channels, 1,
                  GRADIENT_TOLERANCE);
    assert_same_pixels (&actual.dx, &expected.dx, GRADIENT_TOLERANCE);
  }
  assert_canaries (&actual.x);
  assert_canaries (&actual.y);
  assert_canaries (&actual.dx);
  layer_clear (&actual);
  layer_clear (&expected);
  g_rand_free (random);
}

static const gsize sizes[][2] = {{1, 1}, {2, 3}, {5, 7}, {8, 8}, {33, 20}, {4, 64}};
static const gsize channels[][2] = {{1, 32}, {1, 7},   {2, 3},   {5, 28}, {7, 14},
                                    {8, 8},  {16, 32}, {32, 16}, {56, 8}, {17, 33}};

typedef struct {
  const RunetKernels *kernels;
  guint kernel;
  gboolean exact;
} Case;

static void
test_reference (gconstpointer data) {
  const Case *test = data;
  guint32 seed = 1;
  runet_kernels_set (test->kernels);
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
      seed++;
      RunetConvolutionShape shape = {1 + seed % 3,   sizes[s][0],    sizes[s][1],
                                     channels[c][0], channels[c][1], test->kernel,
                                     seed % 4 != 0};
      compare_with_reference (runet_convolution_blas_choose (&shape, test->exact),
                              &shape, 1 + seed % 3, seed % 2, seed % 5, TRUE,
                              (InputGradient)(seed % 3), seed);
    }
  runet_kernels_set (NULL);
}

/* The layers' true widths, and enough tiles for every way of sharing the work. */
static void
test_wide (gconstpointer data) {
  const gboolean exact = GPOINTER_TO_INT (data);
  const RunetConvolutionShape shapes[] = {
      {1, 16, 16, 256, 128, 3, TRUE}, {3, 8, 8, 128, 128, 3, TRUE},
      {2, 64, 48, 32, 32, 3, TRUE},   {1, 60, 61, 64, 16, 3, TRUE},
      {1, 50, 50, 128, 64, 3, FALSE}, {1, 64, 64, 16, 4, 1, FALSE},
      {2, 40, 40, 1, 32, 3, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    compare_with_reference (runet_convolution_blas_choose (&shapes[i], exact),
                            &shapes[i], 2, 0, 16, TRUE, DX_ADD, (guint32)i);
}

static void
test_inference (gconstpointer data) {
  const RunetConvolutionShape shape = {2, 9, 10, 12, 20, 3, TRUE};
  compare_with_reference (
      runet_convolution_blas_choose (&shape, GPOINTER_TO_INT (data)), &shape, 2, 3, 2,
      FALSE, DX_NONE, 7);
}

/* ---------------------------------------------------------------- two parts */

/* A layer that reads two tensors, and the same layer on their concatenation. */
typedef struct {
  RunetConvolutionShape shape;
  Layer whole;
  Strided x[2], dx[2], y, pooled;
} Parts;

/* Pixel @p of the concatenation, in a part of half the size. */
static gsize
halve_pixel (const RunetConvolutionShape *s, gsize p) {
  const gsize x = p % s->w, y = p / s->w % s->h, n = p / s->w / s->h;
  return (n * (s->h / 2) + y / 2) * (s->w / 2) + x / 2;
}

static Parts
parts_new (const RunetConvolutionShape *shape, GRand *random) {
  RunetConvolutionShape plain = *shape;
  Parts parts = {.shape = *shape};
  plain.split = 0;
  plain.doubled = FALSE;
  parts.whole = layer_new (&plain, 0, 0);
  layer_fill (&parts.whole, random);
  for (guint i = 0; i < 2; i++) {
    const guint shift = i == 0 && shape->doubled ? 1 : 0;
    const gsize c = runet_convolution_shape_get_channels (shape, i);
    parts.x[i] = strided_new (shape->n, shape->h >> shift, shape->w >> shift, c, i, 1);
    parts.dx[i] = strided_new (shape->n, shape->h >> shift, shape->w >> shift, c, 2, i);
    strided_fill (&parts.x[i], random);
    strided_fill (&parts.dx[i], random);
  }
  parts.y = strided_new (shape->n, shape->h, shape->w, shape->out_channels, 1, 2);
  parts.pooled =
      strided_new (shape->n, shape->h / 2, shape->w / 2, shape->out_channels, 2, 1);
  for (gsize p = 0; p < shape->n * shape->h * shape->w; p++)
    for (guint i = 0; i < 2; i++) {
      const RunetTensor *from = &parts.x[i].view;
      const gsize q = i == 0 && shape->doubled ? halve_pixel (shape, p) : p;
      memcpy (parts.whole.x.view.data + p * shape->in_channels + i * shape->split,
              from->data + q * from->stride, from->c * sizeof (float));
    }
  return parts;
}

static void
parts_clear (Parts *parts) {
  layer_clear (&parts->whole);
  for (guint i = 0; i < 2; i++) {
    assert_canaries (&parts->x[i]);
    assert_canaries (&parts->dx[i]);
    g_aligned_free (parts->x[i].data);
    g_aligned_free (parts->dx[i].data);
  }
  assert_canaries (&parts->y);
  assert_canaries (&parts->pooled);
  g_aligned_free (parts->y.data);
  g_aligned_free (parts->pooled.data);
}

static void
assert_pooled (const Strided *pooled, const Strided *y) {
  const RunetTensor *p = &pooled->view;
  for (gsize n = 0; n < p->n; n++)
    for (gsize row = 0; row < p->h; row++)
      for (gsize x = 0; x < p->w; x++)
        for (gsize c = 0; c < p->c; c++) {
          float largest = -1;
          for (gsize k = 0; k < 4; k++)
            largest = MAX (largest, runet_tensor_pixel (&y->view, n, 2 * row + k / 2,
                                                        2 * x + k % 2)[c]);
          g_assert_cmpfloat (runet_tensor_pixel (p, n, row, x)[c], ==, largest);
        }
}

/* What the gradient of part @i should be: @before, and the sums of the concatenation's. */
static Strided
expect_part (const Parts *parts, guint i, const Strided *before, gboolean add) {
  const RunetConvolutionShape *s = &parts->shape;
  const RunetTensor *to = &before->view;
  Strided expected = strided_new (to->n, to->h, to->w, to->c, 0, 0);
  strided_copy (&expected, before);
  for (gsize p = 0; p < to->n * to->h * to->w * to->c && !add; p++)
    expected.data[p] = 0;
  for (gsize p = 0; p < s->n * s->h * s->w; p++)
    for (gsize c = 0; c < to->c; c++) {
      const gsize q = i == 0 && s->doubled ? halve_pixel (s, p) : p;
      expected.data[q * to->c + c] +=
          parts->whole.dx.view.data[p * s->in_channels + i * s->split + c];
    }
  return expected;
}

static void
run_parts (Parts *parts,
           const RunetConvolutionClass *class,
           RunetPool *pool,
           const gboolean *add) {
  const RunetConvolutionShape *s = &parts->shape;
  Layer *whole = &parts->whole;
  RunetConvolution *convolution = class->new_ (s, TRUE, runet_pool_get_workers (pool));
  Strided scratch = strided_new (1, 1, 1, class->scratch_floats (convolution), 16, 16);
  const RunetTensor x[] = {parts->x[0].view, parts->x[1].view};
  const RunetTensor dx[] = {parts->dx[0].view, parts->dx[1].view};
  for (gsize i = 0; i < scratch.view.c; i++)
    scratch.view.data[i] = NAN;
  class->set_weights (convolution, whole->weight, whole->bias);
  const RunetConvolutionOutputs outputs = {
      .y = parts->y.view, .pooled = class->pools ? &parts->pooled.view : NULL};
  class->forward (convolution, pool, x, &outputs, scratch.view.data);
  class->backward (convolution, pool, x, &parts->y.view, &whole->dy.view, dx, add,
                   whole->dweight, whole->dbias, scratch.view.data);
  assert_canaries (&scratch);
  class->free (convolution);
  g_aligned_free (scratch.data);
}

static void
compare_parts (const RunetConvolutionClass *class,
               const RunetConvolutionShape *shape,
               guint workers,
               guint32 seed) {
  g_autoptr (RunetPool) pool = runet_pool_new (workers);
  GRand *random = g_rand_new_with_seed (seed);
  Parts parts = parts_new (shape, random);
  Layer expected = layer_new (&parts.whole.shape, 0, 0);
  const gboolean add[2] = {seed % 2, seed / 2 % 2};
  Strided before[2], dx[2];
  layer_copy (&expected, &parts.whole);
  for (guint i = 0; i < 2; i++) {
    const RunetTensor *t = &parts.dx[i].view;
    before[i] = strided_new (t->n, t->h, t->w, t->c, 0, 0);
    strided_copy (&before[i], &parts.dx[i]);
  }
  run_parts (&parts, class, pool, add);
  layer_run (&expected, &runet_convolution_reference, pool, FALSE, DX_NONE);
  assert_same_pixels (&parts.y, &expected.y, PARTS_TOLERANCE);
  if (class->pools)
    assert_pooled (&parts.pooled, &parts.y);

  /* With the decisions of the tested class, as above. */
  strided_copy (&expected.y, &parts.y);
  RunetConvolution *reference =
      runet_convolution_reference.new_ (&expected.shape, TRUE, workers);
  const gboolean overwrite = FALSE;
  runet_convolution_reference.set_weights (reference, expected.weight, expected.bias);
  runet_convolution_reference.backward (
      reference, pool, &expected.x.view, &expected.y.view, &expected.dy.view,
      &parts.whole.dx.view, &overwrite, expected.dweight, expected.dbias, NULL);
  runet_convolution_reference.free (reference);
  assert_close (parts.whole.dweight, 1, expected.dweight, 1, expected.weights, 1,
                PARTS_TOLERANCE);
  assert_close (parts.whole.dbias, 1, expected.dbias, 1, shape->out_channels, 1,
                PARTS_TOLERANCE);
  for (guint i = 0; i < 2; i++) {
    dx[i] = expect_part (&parts, i, &before[i], add[i]);
    assert_same_pixels (&parts.dx[i], &dx[i], PARTS_TOLERANCE);
    g_aligned_free (dx[i].data);
    g_aligned_free (before[i].data);
  }
  layer_clear (&expected);
  parts_clear (&parts);
  g_rand_free (random);
}

static void
test_parts (gconstpointer data) {
  const Case *test = data;
  static const RunetConvolutionShape shapes[] = {
      {2, 8, 8, 32, 16, 3, TRUE, 16, TRUE},   {1, 2, 2, 5, 3, 3, TRUE, 2, TRUE},
      {3, 6, 10, 11, 7, 3, TRUE, 4, TRUE},    {1, 10, 36, 24, 9, 3, TRUE, 16, FALSE},
      {2, 14, 6, 9, 33, 3, TRUE, 1, FALSE},   {1, 48, 50, 56, 28, 3, TRUE, 28, TRUE},
      {1, 64, 64, 64, 16, 3, TRUE, 32, TRUE}, {1, 16, 16, 160, 64, 3, TRUE, 96, TRUE},
      {9, 16, 16, 80, 64, 3, TRUE, 48, TRUE}, {8, 4, 4, 40, 24, 3, TRUE, 24, TRUE},
  };
  runet_kernels_set (test->kernels);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    compare_parts (runet_convolution_blas_choose (&shapes[i], test->exact), &shapes[i],
                   1 + i % 3, i);
  runet_kernels_set (NULL);
}

static double
sum_product (const Strided *a, const Strided *b) {
  double sum = 0;
  gsize pixels = a->view.n * a->view.h * a->view.w;
  for (gsize p = 0; p < pixels; p++)
    for (gsize c = 0; c < a->view.c; c++)
      sum += (double)a->view.data[p * a->view.stride + c] *
             b->view.data[p * b->view.stride + c];
  return sum;
}

/* dL/dvalue for L = Σ y dy. */
static double
differentiate (Layer *layer, float *value, RunetPool *pool) {
  const float step = 1.0f / 128;
  float kept = *value;
  *value = kept + step;
  layer_run (layer, &runet_convolution_reference, pool, FALSE, DX_NONE);
  double after = sum_product (&layer->y, &layer->dy);
  *value = kept - step;
  layer_run (layer, &runet_convolution_reference, pool, FALSE, DX_NONE);
  double before = sum_product (&layer->y, &layer->dy);
  *value = kept;
  return (after - before) / (2.0 * step);
}

/* Without ReLU the layer is linear in each value: the differences are exact but for rounding. */
static void
test_finite_differences (gconstpointer data) {
  const RunetConvolutionShape shape = {2, 4, 5, 3, 2, GPOINTER_TO_UINT (data), FALSE};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  GRand *random = g_rand_new_with_seed (3);
  Layer layer = layer_new (&shape, 1, 1);
  layer_fill (&layer, random);
  memset (layer.dweight, 0, layer.weights * sizeof (float));
  memset (layer.dbias, 0, shape.out_channels * sizeof (float));
  layer_run (&layer, &runet_convolution_reference, pool, TRUE, DX_OVERWRITE);

  for (gsize i = 0; i < layer.weights; i++)
    g_assert_cmpfloat_with_epsilon (
        layer.dweight[i], differentiate (&layer, layer.weight + i, pool), 1e-3);
  for (gsize i = 0; i < shape.out_channels; i++)
    g_assert_cmpfloat_with_epsilon (layer.dbias[i],
                                    differentiate (&layer, layer.bias + i, pool), 1e-3);
  for (gsize p = 0; p < shape.n * shape.h * shape.w; p++)
    for (gsize c = 0; c < shape.in_channels; c++) {
      gsize at = p * layer.x.view.stride + c;
      g_assert_cmpfloat_with_epsilon (
          layer.dx.view.data[at], differentiate (&layer, layer.x.view.data + at, pool),
          1e-3);
    }
  layer_clear (&layer);
  g_rand_free (random);
}

/* A ReLU passes the gradient where the output is positive and nowhere else. */
static void
test_reference_relu (void) {
  const RunetConvolutionShape shape = {1, 1, 2, 1, 1, 1, TRUE};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  Layer layer = layer_new (&shape, 0, 0);
  layer.weight[0] = 2;
  layer.x.view.data[0] = 3;
  layer.x.view.data[1] = -3;
  layer.dy.view.data[0] = layer.dy.view.data[1] = 5;
  layer_run (&layer, &runet_convolution_reference, pool, TRUE, DX_OVERWRITE);
  g_assert_cmpfloat (layer.y.view.data[0], ==, 6);
  g_assert_cmpfloat (layer.y.view.data[1], ==, 0);
  g_assert_cmpfloat (layer.dx.view.data[0], ==, 10);
  g_assert_cmpfloat (layer.dx.view.data[1], ==, 0);
  g_assert_cmpfloat (layer.dweight[0], ==, 15);
  g_assert_cmpfloat (layer.dbias[0], ==, 5);
  layer_clear (&layer);
}

static void
test_repeats (gconstpointer data) {
  const gboolean exact = GPOINTER_TO_INT (data);
  const RunetConvolutionShape shapes[] = {
      {2, 60, 60, 16, 24, 3, TRUE},
      {1, 20, 20, 128, 128, 3, TRUE},
      {2, 50, 50, 1, 32, 3, TRUE},
      {2, 50, 50, 16, 4, 1, FALSE},
  };
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++) {
    GRand *random = g_rand_new_with_seed (11);
    const RunetConvolutionClass *class =
        runet_convolution_blas_choose (&shapes[i], exact);
    Layer first = layer_new (&shapes[i], 0, 0);
    layer_fill (&first, random);
    Layer start = layer_new (&shapes[i], 0, 0);
    layer_copy (&start, &first);
    layer_run (&first, class, pool, TRUE, DX_ADD);
    for (int again = 0; again < 5; again++) {
      Layer next = layer_new (&shapes[i], 0, 0);
      layer_copy (&next, &start);
      layer_run (&next, class, pool, TRUE, DX_ADD);
      g_assert_cmpmem (next.y.data, next.y.count * sizeof (float), first.y.data,
                       first.y.count * sizeof (float));
      g_assert_cmpmem (next.dx.data, next.dx.count * sizeof (float), first.dx.data,
                       first.dx.count * sizeof (float));
      g_assert_cmpmem (next.dweight, next.weights * sizeof (float), first.dweight,
                       first.weights * sizeof (float));
      g_assert_cmpmem (next.dbias, shapes[i].out_channels * sizeof (float), first.dbias,
                       shapes[i].out_channels * sizeof (float));
      layer_clear (&next);
    }
    layer_clear (&start);
    layer_clear (&first);
    g_rand_free (random);
  }
}

/* The second of two sets of weights counts, also when only the gradient needs them. */
static void
test_new_weights (void) {
  const RunetConvolutionShape shape = {1, 9, 9, 16, 16, 3, FALSE};
  const RunetConvolutionClass *class = runet_convolution_blas_choose (&shape, FALSE);
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  GRand *random = g_rand_new_with_seed (5);
  Layer layer = layer_new (&shape, 0, 0), expected = layer_new (&shape, 0, 0);
  layer_fill (&layer, random);
  RunetConvolution *convolution = class->new_ (&shape, TRUE, 2);
  float *scratch =
      g_aligned_alloc (class->scratch_floats (convolution), sizeof (float), 64);
  const gboolean overwrite = FALSE;
  for (int step = 0; step < 2; step++) {
    layer_fill (&layer, random);
    layer_copy (&expected, &layer);
    class->set_weights (convolution, layer.weight, layer.bias);
    const RunetConvolutionOutputs outputs = {.y = layer.y.view};
    class->forward (convolution, pool, &layer.x.view, &outputs, scratch);
    class->backward (convolution, pool, &layer.x.view, &layer.y.view, &layer.dy.view,
                     &layer.dx.view, &overwrite, layer.dweight, layer.dbias, scratch);
    layer_run (&expected, &runet_convolution_reference, pool, TRUE, DX_OVERWRITE);
    assert_same_pixels (&layer.y, &expected.y, FORWARD_TOLERANCE);
    assert_same_pixels (&layer.dx, &expected.dx, GRADIENT_TOLERANCE);
  }
  class->free (convolution);
  g_aligned_free (scratch);
  layer_clear (&layer);
  layer_clear (&expected);
  g_rand_free (random);
}

static void
add_kernel_test (const RunetKernels *kernels,
                 guint kernel,
                 gboolean exact,
                 const char *what,
                 GTestDataFunc func) {
  Case *test = g_new (Case, 1);
  *test = (Case){kernels, kernel, exact};
  g_autofree char *path = g_strdup_printf (
      "/nn/convolution/%s/%s/%s", exact ? "exact" : "blas", kernels->name, what);
  g_test_add_data_func_full (path, test, func, g_free);
}

static void
add_tests_of (const RunetKernels *kernels) {
  add_kernel_test (kernels, 1, FALSE, "1x1", test_reference);
  for (int exact = FALSE; exact <= TRUE; exact++) {
    add_kernel_test (kernels, 3, exact, "3x3", test_reference);
    add_kernel_test (kernels, 3, exact, "parts", test_parts);
  }
}

/* One test an instruction set that runs here, and kernel size. */
static void
add_kernel_tests (void) {
  for (const RunetKernels *const *k = runet_kernels_get_usable (); *k != NULL; k++)
    add_tests_of (*k);
  add_tests_of (&runet_kernels_wide);
}

/* Each for Winograd's transforms and for sums of products as they are. */
static void
add_both (const char *what, GTestDataFunc func) {
  for (int exact = FALSE; exact <= TRUE; exact++) {
    g_autofree char *path =
        g_strdup_printf ("/nn/convolution/%s/%s", exact ? "exact" : "blas", what);
    g_test_add_data_func (path, GINT_TO_POINTER (exact), func);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/nn/convolution/finite-differences/3x3", GUINT_TO_POINTER (3),
                        test_finite_differences);
  g_test_add_data_func ("/nn/convolution/finite-differences/1x1", GUINT_TO_POINTER (1),
                        test_finite_differences);
  g_test_add_func ("/nn/convolution/reference-relu", test_reference_relu);
  add_kernel_tests ();
  add_both ("wide", test_wide);
  add_both ("inference", test_inference);
  add_both ("repeats", test_repeats);
  g_test_add_func ("/nn/convolution/blas/new-weights", test_new_weights);
  return g_test_run ();
}
