/* What a convolution does for its neighbours in the network, against the same layers one by one: the
 * same bits, on every instruction set. Also of maps so large that they are stored past the caches. */
#include "core/nn/convolution-kernels.h"
#include "core/nn/convolution-pointwise.h"

#include <math.h>
#include <string.h>

#define WORKERS 2

typedef struct {
  gsize n, h, w;
  gsize channels[3]; /* before the second layer, after it, and classes */
  gboolean foreground;
} Case;

static const Case cases[] = {
    {1, 9, 9, {32, 16, 4}, TRUE},   {2, 13, 270, {5, 7, 2}, TRUE},
    {3, 32, 40, {16, 16, 3}, TRUE}, {1, 6, 2, {3, 20, 4}, FALSE},
    {1, 1, 1, {4, 4, 1}, TRUE},     {2, 64, 64, {32, 32, 4}, FALSE},
    {1, 7, 130, {17, 33, 4}, TRUE},
};

static RunetTensor
tensor_new (gsize n, gsize h, gsize w, gsize c, gsize stride) {
  RunetTensor t = {NULL, n, h, w, c, stride};
  t.data = g_aligned_alloc (n * h * w * stride, sizeof (float), 64);
  for (gsize i = 0; i < n * h * w * stride; i++)
    t.data[i] = NAN;
  return t;
}

static RunetTensor
tensor_new_random (gsize n, gsize h, gsize w, gsize c, GRand *random) {
  RunetTensor t = tensor_new (n, h, w, c, c);
  for (gsize i = 0; i < n * h * w * c; i++)
    t.data[i] = (float)g_rand_double_range (random, -1, 1);
  return t;
}

static void
assert_same (const RunetTensor *a, const RunetTensor *b) {
  for (gsize p = 0; p < a->n * a->h * a->w; p++)
    g_assert_cmpmem (a->data + p * a->stride, a->c * sizeof (float),
                     b->data + p * b->stride, b->c * sizeof (float));
}

/* With random weights, for inference. */
static RunetConvolution *
layer_new (const RunetConvolutionShape *shape, guint32 seed) {
  const RunetConvolutionClass *class = runet_convolution_blas_choose (shape, FALSE);
  GRand *random = g_rand_new_with_seed (seed);
  const gsize fan_in = shape->in_channels * shape->kernel * shape->kernel;
  const double bound = sqrt (3.0 / (double)fan_in);
  g_autofree float *weight = g_new (float, shape->out_channels *fan_in);
  g_autofree float *bias = g_new (float, shape->out_channels);
  for (gsize i = 0; i < shape->out_channels * fan_in; i++)
    weight[i] = (float)g_rand_double_range (random, -bound, bound);
  for (gsize i = 0; i < shape->out_channels; i++)
    bias[i] = (float)g_rand_double_range (random, -0.3, 0.3);
  g_rand_free (random);
  RunetConvolution *layer = class->new_ (shape, FALSE, WORKERS);
  class->set_weights (layer, weight, bias);
  return layer;
}

/* Overwrites what the outputs point to. The scratch is full of rubbish. */
static void
run (RunetConvolution *layer,
     RunetPool *pool,
     const RunetTensor *x,
     const RunetConvolutionOutputs *outputs) {
  RunetTensor scratch =
      tensor_new (1, 1, 1, MAX (1, layer->class->scratch_floats (layer)),
                  MAX (1, layer->class->scratch_floats (layer)));
  layer->class->forward (layer, pool, x, outputs, scratch.data);
  g_aligned_free (scratch.data);
}

static RunetConvolutionShape
make_shape (const Case *c, gsize in, gsize out, guint kernel) {
  return (RunetConvolutionShape){.n = c->n,
                                 .h = c->h,
                                 .w = c->w,
                                 .in_channels = in,
                                 .out_channels = out,
                                 .kernel = kernel,
                                 .relu = kernel == 3};
}

/* The first two layers of a U-Net, with the max-pool after them. */
static void
check_before (const Case *c, RunetPool *pool, guint way) {
  GRand *random = g_rand_new_with_seed (way);
  const RunetConvolutionShape shape = make_shape (c, 1, c->channels[0], 3);
  RunetConvolution *first = layer_new (&shape, 1);
  RunetConvolutionShape apart = make_shape (c, c->channels[0], c->channels[1], 3);
  RunetConvolutionShape together = apart;
  together.before = first;
  RunetConvolution *second = layer_new (&apart, 2);
  RunetConvolution *both = layer_new (&together, 2);
  if (way < both->class->count_ways (both))
    both->class->choose_way (both, way);

  RunetTensor image = tensor_new_random (c->n, c->h, c->w, 1, random);
  RunetTensor between = tensor_new (c->n, c->h, c->w, c->channels[0], c->channels[0]);
  RunetTensor y[2], pooled[2];
  for (int i = 0; i < 2; i++) {
    y[i] = tensor_new (c->n, c->h, c->w, c->channels[1], c->channels[1] + i);
    pooled[i] = tensor_new (c->n, c->h / 2, c->w / 2, c->channels[1], c->channels[1]);
  }
  run (first, pool, &image, &(RunetConvolutionOutputs){.y = between});
  run (second, pool, &between,
       &(RunetConvolutionOutputs){.y = y[0], .pooled = &pooled[0]});
  run (both, pool, &image, &(RunetConvolutionOutputs){.y = y[1], .pooled = &pooled[1]});
  assert_same (&y[1], &y[0]);
  assert_same (&pooled[1], &pooled[0]);

  for (int i = 0; i < 2; i++) {
    g_aligned_free (y[i].data);
    g_aligned_free (pooled[i].data);
  }
  g_aligned_free (between.data);
  g_aligned_free (image.data);
  both->class->free (both);
  second->class->free (second);
  first->class->free (first);
  g_rand_free (random);
}

/* The last two layers, with the softmax and the sigmoid of the foreground. */
static void
check_classification (const Case *c, RunetPool *pool, guint way) {
  GRand *random = g_rand_new_with_seed (way);
  RunetConvolutionShape apart = make_shape (c, c->channels[0], c->channels[1], 3);
  RunetConvolutionShape together = apart;
  const RunetConvolutionShape last = make_shape (c, c->channels[1], c->channels[2], 1);
  together.classified = TRUE;
  RunetConvolution *layer = layer_new (&apart, 2);
  RunetConvolution *both = layer_new (&together, 2);
  RunetConvolution *head = layer_new (&last, 3);
  if (way < both->class->count_ways (both))
    both->class->choose_way (both, way);

  RunetTensor x = tensor_new_random (c->n, c->h, c->w, c->channels[0], random);
  RunetTensor between = tensor_new (c->n, c->h, c->w, c->channels[1], c->channels[1]);
  RunetClassification classification[2];
  for (int i = 0; i < 2; i++) {
    classification[i] = (RunetClassification){.head = head, .slope = 20, .shift = 0.5f};
    classification[i].y =
        tensor_new (c->n, c->h, c->w, c->channels[2], c->channels[2] + i);
    if (c->foreground)
      classification[i].foreground = tensor_new (c->n, c->h, c->w, 1, 1);
  }
  run (layer, pool, &x, &(RunetConvolutionOutputs){.y = between});
  runet_classification_run (&classification[0], pool, &between);
  RunetTensor none = between;
  none.data = NULL;
  run (both, pool, &x,
       &(RunetConvolutionOutputs){.y = none, .classification = &classification[1]});
  assert_same (&classification[1].y, &classification[0].y);
  if (c->foreground)
    assert_same (&classification[1].foreground, &classification[0].foreground);

  for (int i = 0; i < 2; i++) {
    g_aligned_free (classification[i].y.data);
    g_aligned_free (classification[i].foreground.data);
  }
  g_aligned_free (between.data);
  g_aligned_free (x.data);
  head->class->free (head);
  both->class->free (both);
  layer->class->free (layer);
  g_rand_free (random);
}

static void
test_all (const RunetKernels *kernels,
          void (*check) (const Case *, RunetPool *, guint)) {
  g_autoptr (RunetPool) pool = runet_pool_new (WORKERS);
  runet_kernels_set (kernels);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint way = 0; way < 5; way++)
      check (&cases[i], pool, way);
  runet_kernels_set (NULL);
}

static void
test_before (gconstpointer kernels) {
  test_all (kernels, check_before);
}

static void
test_classification (gconstpointer kernels) {
  test_all (kernels, check_classification);
}

/* Pixels that are no whole cache lines are stored as usual. */
static void
test_large (gconstpointer kernels) {
  const Case large = {1, 162, 170, {16, 32}, FALSE};
  g_autoptr (RunetPool) pool = runet_pool_new (WORKERS);
  runet_kernels_set (kernels);
  check_before (&large, pool, 0);
  runet_kernels_set (NULL);
}

static void
add_tests_of (const RunetKernels *kernels) {
  const struct {
    const char *name;
    GTestDataFunc func;
  } tests[] = {{"before", test_before},
               {"classification", test_classification},
               {"large", test_large}};
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path =
        g_strdup_printf ("/nn/carried/%s/%s", kernels->name, tests[i].name);
    g_test_add_data_func (path, kernels, tests[i].func);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (const RunetKernels *const *k = runet_kernels_get_usable (); *k != NULL; k++)
    add_tests_of (*k);
  add_tests_of (&runet_kernels_wide);
  return g_test_run ();
}
