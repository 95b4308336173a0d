/* Weights packed for cuDNN and gradients brought back. The filter of an up-sampled map is tested by what it is for: on the
 * small map its transposed convolution is the convolution of the large one. */
#include "core/nn/convolution.h"
#include "core/nn/operations.h"
#include "device-map.h"

typedef struct {
  gint32 outputs, inputs, first, channels, kernel;
  gboolean doubled;
} Layer;

static const Layer layers[] = {
    {4, 16, 0, 16, 1, FALSE}, {32, 32, 0, 32, 3, FALSE}, {28, 14, 0, 14, 3, FALSE},
    {5, 12, 7, 5, 3, FALSE},  {3, 2, 1, 1, 3, FALSE},    {28, 56, 0, 28, 3, TRUE},
    {7, 12, 3, 5, 3, TRUE},   {1, 1, 0, 1, 3, TRUE},     {16, 112, 56, 56, 3, TRUE},
};

#define LAYERS G_N_ELEMENTS (layers)

/* All layers on the host, and their table on the device. */
typedef struct {
  RunetElement element;
  RunetPacking table[LAYERS];
  RunetPacking *device;
  float *weights[LAYERS], *gradients[LAYERS];
  gsize counts[LAYERS], packed[LAYERS];
  gsize largest;
} Packings;

static gint32
round_up (gint32 count, gint32 step) {
  return (count + step - 1) / step * step;
}

static void
add_layer (Packings *self, gsize i, GRand *random) {
  const Layer *layer = &layers[i];
  const gint32 lanes = 16 / (gint32)runet_element_size (self->element);
  const gint32 side = layer->doubled ? 4 : layer->kernel;
  const gint32 rows = layer->doubled ? layer->channels : layer->outputs;
  const gint32 stride = layer->doubled ? layer->outputs : layer->channels;
  RunetPacking *packing = &self->table[i];
  self->counts[i] =
      (gsize)(layer->outputs * layer->inputs * layer->kernel * layer->kernel);
  self->weights[i] = device_random_floats (random, self->counts[i], -1, 1);
  self->gradients[i] = device_random_floats (random, self->counts[i], -1, 1);
  *packing = (RunetPacking){
      .weight = device_upload (self->weights[i], self->counts[i] * sizeof (float)),
      .gradient = device_upload (self->gradients[i], self->counts[i] * sizeof (float)),
      .out_channels = layer->outputs,
      .in_channels = layer->inputs,
      .first = layer->first,
      .channels = layer->channels,
      .kernel = layer->kernel,
      .doubled = layer->doubled,
      .rows = round_up (rows, lanes),
      .stride = round_up (stride, lanes),
  };
  self->packed[i] = (gsize)(packing->rows * packing->stride * side * side);
  const gsize bytes = self->packed[i] * runet_element_size (self->element);
  packing->packed = device_allocate (bytes);
  packing->packed_gradient = device_allocate (bytes);
  self->largest = MAX (self->largest, self->packed[i]);
}

static Packings *
packings_new (RunetElement element, GRand *random) {
  Packings *self = g_new0 (Packings, 1);
  self->element = element;
  for (gsize i = 0; i < LAYERS; i++)
    add_layer (self, i, random);
  self->device = device_upload (self->table, sizeof self->table);
  return self;
}

static void
packings_free (Packings *self) {
  for (gsize i = 0; i < LAYERS; i++) {
    g_free (self->weights[i]);
    g_free (self->gradients[i]);
    cudaFree ((gpointer)self->table[i].weight);
    cudaFree (self->table[i].gradient);
    cudaFree (self->table[i].packed);
    cudaFree (self->table[i].packed_gradient);
  }
  cudaFree (self->device);
  g_free (self);
}

static float *
download_packed (const Packings *self, gsize i) {
  const gsize bytes = self->packed[i] * runet_element_size (self->element);
  g_autofree guint8 *block = g_malloc (bytes);
  float *values = g_new (float, self->packed[i]);
  device_download (block, self->table[i].packed, bytes);
  for (gsize k = 0; k < self->packed[i]; k++)
    values[k] = device_read (block, self->element, k);
  return values;
}

static float
get_weight (const Packings *self, gsize i, gsize o, gsize c, gsize tap) {
  const Layer *layer = &layers[i];
  const gsize taps = (gsize)(layer->kernel * layer->kernel);
  return self
      ->weights[i][(o * (gsize)layer->inputs + (gsize)layer->first + c) * taps + tap];
}

static void
check_plain (const Packings *self, gsize i) {
  const Layer *layer = &layers[i];
  const gsize taps = (gsize)(layer->kernel * layer->kernel);
  const gsize stride = (gsize)self->table[i].stride;
  g_autofree float *packed = download_packed (self, i);
  for (gsize at = 0; at < self->packed[i]; at++) {
    const gsize o = at / stride / taps, tap = at / stride % taps, c = at % stride;
    const gboolean there = o < (gsize)layer->outputs && c < (gsize)layer->channels;
    const float expected =
        there ? device_round (self->element, get_weight (self, i, o, c, tap)) : 0;
    g_assert_cmpfloat (packed[at], ==, expected);
  }
}

/* Transposed, stride 2, padding 1: pixel (row, column) of x reaches (2 row + a - 1, 2 column + b - 1). */
static void
transposed_convolution (const Packings *self,
                        gsize i,
                        const float *filter,
                        const RunetTensor *x,
                        const RunetTensor *y) {
  const gsize stride = (gsize)self->table[i].stride;
  for (gsize pixel = 0; pixel < x->h * x->w; pixel++)
    for (gsize tap = 0; tap < 16; tap++) {
      const gsize row = 2 * (pixel / x->w) + tap / 4 - 1;
      const gsize column = 2 * (pixel % x->w) + tap % 4 - 1;
      if (row >= y->h || column >= y->w)
        continue;
      for (gsize c = 0; c < x->c; c++)
        for (gsize o = 0; o < y->c; o++)
          y->data[(row * y->w + column) * y->stride + o] +=
              x->data[pixel * x->stride + c] * filter[(c * 16 + tap) * stride + o];
    }
}

/* The weights of the channels that a packing is of, with the whole layer's shape. */
static RunetConvolution *
make_convolution (const Packings *self, gsize i, gsize h, gsize w) {
  const Layer *layer = &layers[i];
  const gsize channels = (gsize)layer->channels, outputs = (gsize)layer->outputs;
  const RunetConvolutionShape shape = {.n = 1,
                                       .h = h,
                                       .w = w,
                                       .in_channels = channels,
                                       .out_channels = outputs,
                                       .kernel = 3};
  RunetConvolution *convolution = runet_convolution_reference.new_ (&shape, TRUE, 1);
  g_autofree float *weight = g_new (float, channels *outputs * 9);
  g_autofree float *bias = g_new0 (float, outputs);
  for (gsize at = 0; at < channels * outputs * 9; at++)
    weight[at] = get_weight (self, i, at / 9 / channels, at / 9 % channels, at % 9);
  runet_convolution_reference.set_weights (convolution, weight, bias);
  return convolution;
}

static void
check_doubled (const Packings *self, gsize i, GRand *random, RunetPool *pool) {
  const gsize channels = (gsize)layers[i].channels, outputs = (gsize)layers[i].outputs;
  const gsize h = 3, w = 5, pixels = 4 * h * w;
  g_autofree float *filter = download_packed (self, i);
  g_autofree float *values = device_random_floats (random, h * w * channels, -1, 1);
  g_autofree float *large = g_new (float, pixels *channels);
  g_autofree float *expected = g_new (float, pixels *outputs);
  g_autofree float *found = g_new0 (float, pixels *outputs);
  const RunetTensor x = {values, 1, h, w, channels, channels};
  const RunetTensor up = {large, 1, 2 * h, 2 * w, channels, channels};
  const RunetTensor y = {found, 1, 2 * h, 2 * w, outputs, outputs};
  const RunetConvolutionOutputs out = {{expected, 1, 2 * h, 2 * w, outputs, outputs}};
  RunetConvolution *convolution = make_convolution (self, i, 2 * h, 2 * w);

  runet_upsample_forward (pool, &x, &up);
  runet_convolution_reference.forward (convolution, pool, &up, &out, NULL);
  transposed_convolution (self, i, filter, &x, &y);
  for (gsize k = 0; k < pixels * outputs; k++)
    g_assert_cmpfloat (fabsf (found[k] - expected[k]), <=,
                       device_tolerance (self->element) * 4 * sqrtf ((float)channels));
  /* What is padding is zero. */
  for (gsize at = 0; at < self->packed[i]; at++)
    if (at % (gsize)self->table[i].stride >= outputs ||
        at / (gsize)self->table[i].stride / 16 >= channels)
      g_assert_cmpfloat (filter[at], ==, 0);
  runet_convolution_reference.free (convolution);
}

static void
test_pack (gconstpointer data) {
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  if (!device_is_there ())
    return;
  Packings *packings = packings_new (GPOINTER_TO_UINT (data), random);
  runet_cuda_pack_weights (NULL, packings->device, LAYERS, packings->largest,
                           packings->element);
  for (gsize i = 0; i < LAYERS; i++)
    if (layers[i].doubled)
      check_doubled (packings, i, random, pool);
    else
      check_plain (packings, i);
  packings_free (packings);
}

/* Random packed gradients, on the device and, rounded as there, returned. */
static float *
upload_gradient (const Packings *self, gsize i, GRand *random) {
  const gsize size = runet_element_size (self->element);
  float *gradient = device_random_floats (random, self->packed[i], -1, 1);
  g_autofree guint8 *block = g_malloc (self->packed[i] * size);
  for (gsize k = 0; k < self->packed[i]; k++) {
    device_write (block, self->element, k, gradient[k]);
    gradient[k] = device_read (block, self->element, k);
  }
  cudaMemcpy (self->table[i].packed_gradient, block, self->packed[i] * size,
              cudaMemcpyHostToDevice);
  return gradient;
}

/* Whether tap @a of the doubled filter has tap @k in it. */
static gboolean
has_tap (gsize a, gsize k) {
  static const gboolean table[4][3] = {{FALSE, FALSE, TRUE},
                                       {FALSE, TRUE, TRUE},
                                       {TRUE, TRUE, FALSE},
                                       {TRUE, FALSE, FALSE}};
  return table[a][k];
}

/* A weight's gradient is the sum of those of all the packed values that it is in. */
static void
add_gradient (Packings *self, gsize i, const float *packed) {
  const Layer *layer = &layers[i];
  const gsize taps = layer->doubled ? 16 : (gsize)(layer->kernel * layer->kernel);
  const gsize stride = (gsize)self->table[i].stride;
  for (gsize at = 0; at < self->packed[i]; at++) {
    const gsize last = at % stride, tap = at / stride % taps,
                first = at / stride / taps;
    const gsize o = layer->doubled ? last : first, c = layer->doubled ? first : last;
    if (o >= (gsize)layer->outputs || c >= (gsize)layer->channels)
      continue;
    const gsize plain = (gsize)(layer->kernel * layer->kernel);
    float *to = self->gradients[i] +
                (o * (gsize)layer->inputs + (gsize)layer->first + c) * plain;
    for (gsize k = 0; k < plain; k++)
      if (layer->doubled ? has_tap (tap / 4, k / 3) && has_tap (tap % 4, k % 3)
                         : k == tap)
        to[k] += packed[at];
  }
}

static void
test_unpack (gconstpointer data) {
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  if (!device_is_there ())
    return;
  Packings *packings = packings_new (GPOINTER_TO_UINT (data), random);
  for (gsize i = 0; i < LAYERS; i++) {
    g_autofree float *gradient = upload_gradient (packings, i, random);
    add_gradient (packings, i, gradient);
  }
  runet_cuda_unpack_gradients (NULL, packings->device, LAYERS, packings->largest,
                               packings->element);
  for (gsize i = 0; i < LAYERS; i++)
    device_check_floats (packings->table[i].gradient, packings->gradients[i],
                         packings->counts[i], 1e-6f);
  packings_free (packings);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (RunetElement element = 0; element < DEVICE_ELEMENTS; element++) {
    const char *name = device_element_name (element);
    g_autofree char *pack = g_strdup_printf ("/cudnn/kernels/pack/%s", name);
    g_autofree char *unpack = g_strdup_printf ("/cudnn/kernels/unpack/%s", name);
    g_test_add_data_func (pack, GUINT_TO_POINTER (element), test_pack);
    g_test_add_data_func (unpack, GUINT_TO_POINTER (element), test_unpack);
  }
  return g_test_run ();
}
