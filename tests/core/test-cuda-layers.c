/* The first and the last layer of a stage on a device, and what is done around the convolutions between, against the
 * reference convolution. */
#include "core/nn/convolution.h"
#include "core/nn/operations.h"
#include "device-map.h"

/* Of sums over all pixels, in float here and there. */
#define SUM_TOLERANCE 2e-5f

typedef struct {
  gsize n, h, w, inputs, outputs;
  gsize stride; /* of the map that has many channels */
} Shape;

/* The weights of a layer with their gradients, which are added to. */
typedef struct {
  const RunetConvolutionShape shape;
  gsize weights;
  float *weight, *bias, *dweight, *dbias;
  float *device_weight, *device_bias, *device_dweight, *device_dbias;
} Layer;

typedef struct {
  RunetPool *pool;
  GRand *random;
  RunetElement element;
} Run;

static Layer
layer_new (const Run *run, const Shape *s, guint kernel, gboolean relu) {
  const gsize weights = s->outputs * s->inputs * kernel * kernel;
  Layer self = {{s->n, s->h, s->w, s->inputs, s->outputs, kernel, relu}, weights};
  self.weight = device_random_floats (run->random, weights, -1, 1);
  self.bias = device_random_floats (run->random, s->outputs, -1, 1);
  self.dweight = device_random_floats (run->random, weights, -1, 1);
  self.dbias = device_random_floats (run->random, s->outputs, -1, 1);
  self.device_weight = device_upload (self.weight, weights * sizeof (float));
  self.device_bias = device_upload (self.bias, s->outputs * sizeof (float));
  self.device_dweight = device_upload (self.dweight, weights * sizeof (float));
  self.device_dbias = device_upload (self.dbias, s->outputs * sizeof (float));
  return self;
}

static void
layer_clear (Layer *self) {
  g_free (self->weight);
  g_free (self->bias);
  g_free (self->dweight);
  g_free (self->dbias);
  cudaFree (self->device_weight);
  cudaFree (self->device_bias);
  cudaFree (self->device_dweight);
  cudaFree (self->device_dbias);
}

static void
layer_forward (const Layer *self,
               const Run *run,
               const RunetTensor *x,
               const RunetTensor *y) {
  const RunetConvolutionOutputs outputs = {*y, NULL, NULL};
  RunetConvolution *convolution =
      runet_convolution_reference.new_ (&self->shape, FALSE, 1);
  runet_convolution_reference.set_weights (convolution, self->weight, self->bias);
  runet_convolution_reference.forward (convolution, run->pool, x, &outputs, NULL);
  runet_convolution_reference.free (convolution);
}

/* @dy: behind the ReLU already. */
static void
layer_backward (const Layer *self,
                const Run *run,
                const RunetTensor *x,
                const RunetTensor *dy,
                const RunetTensor *dx,
                gboolean add) {
  RunetConvolutionShape shape = self->shape;
  shape.relu = FALSE;
  RunetConvolution *convolution = runet_convolution_reference.new_ (&shape, TRUE, 1);
  runet_convolution_reference.set_weights (convolution, self->weight, self->bias);
  runet_convolution_reference.backward (convolution, run->pool, x, dy, dy, dx, &add,
                                        self->dweight, self->dbias, NULL);
  runet_convolution_reference.free (convolution);
}

static void
layer_check_gradients (const Layer *self) {
  const float tolerance =
      SUM_TOLERANCE *
      MAX (1, sqrtf ((float)(self->shape.n * self->shape.h * self->shape.w)));
  device_check_floats (self->device_dweight, self->dweight, self->weights, tolerance);
  device_check_floats (self->device_dbias, self->dbias, self->shape.out_channels,
                       tolerance);
}

/* ---------------------------------------------------------------- one input channel */

static const Shape singles[] = {
    {1, 1, 1, 1, 32, 32},  {2, 5, 7, 1, 4, 8},     {1, 33, 20, 1, 32, 32},
    {2, 3, 70, 1, 28, 32}, {1, 9, 5, 1, 5, 8},     {1, 6, 6, 1, 112, 112},
    {1, 4, 35, 1, 1, 1},   {3, 18, 33, 1, 14, 14},
};

static void
test_single_forward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (singles); i++) {
    const Shape *s = &singles[i];
    DeviceMap x = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
    DeviceMap y =
        device_map_new (run->element, s->n, s->h, s->w, s->outputs, s->stride);
    Layer layer = layer_new (run, s, 3, add);
    device_map_fill (&x, run->random, -1, 1);
    layer_forward (&layer, run, &x.host, &y.host);
    runet_cuda_single_forward (NULL, &x.map, layer.device_weight, layer.device_bias,
                               layer.shape.relu, &y.map);
    device_map_check (&y, device_tolerance (run->element));
    layer_clear (&layer);
    device_map_free (&x);
    device_map_free (&y);
  }
}

static void
test_single_backward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (singles); i++) {
    const Shape *s = &singles[i];
    DeviceMap x = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
    DeviceMap dx = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
    DeviceMap dy =
        device_map_new (run->element, s->n, s->h, s->w, s->outputs, s->stride);
    Layer layer = layer_new (run, s, 3, TRUE);
    void *scratch = device_allocate (runet_cuda_single_scratch (&dy.map));
    const gboolean wanted = i % 3 != 2;
    device_map_fill (&x, run->random, -1, 1);
    device_map_fill (&dy, run->random, -1, 1);
    if (add)
      device_map_fill (&dx, run->random, -1, 1);
    layer_backward (&layer, run, &x.host, &dy.host, wanted ? &dx.host : NULL, add);
    runet_cuda_single_backward (NULL, &x.map, layer.device_weight, &dy.map,
                                wanted ? &dx.map : NULL, add, layer.device_dweight,
                                layer.device_dbias, scratch);
    layer_check_gradients (&layer);
    if (wanted)
      device_map_check (&dx, SUM_TOLERANCE);
    layer_clear (&layer);
    device_map_free (&x);
    device_map_free (&dx);
    device_map_free (&dy);
    cudaFree (scratch);
  }
}

/* ---------------------------------------------------------------- head */

static const Shape heads[] = {
    {1, 1, 1, 16, 4, 16}, {2, 5, 7, 16, 4, 16},   {1, 20, 33, 14, 4, 16},
    {1, 6, 5, 14, 3, 14}, {2, 5, 3, 112, 4, 112}, {1, 4, 7, 16, 16, 16},
    {1, 7, 9, 70, 5, 72}, {1, 3, 3, 1, 2, 1},
};

static DeviceMap
make_probabilities (const Run *run, const Shape *s) {
  const gsize stride = s->outputs == 3 ? 4 : s->outputs;
  return device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, s->outputs, stride);
}

static void
test_head_forward (const Run *run, int with_foreground) {
  const RunetNodeValues values = {.slope = 100, .shift = 0.5f};
  RunetNodeValues *device_values = device_upload (&values, sizeof values);
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++) {
    const Shape *s = &heads[i];
    DeviceMap x = device_map_new (run->element, s->n, s->h, s->w, s->inputs, s->stride);
    DeviceMap p = make_probabilities (run, s), logits = make_probabilities (run, s);
    DeviceMap f = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
    Layer layer = layer_new (run, s, 1, FALSE);
    device_map_fill (&x, run->random, -1, 1);
    layer_forward (&layer, run, &x.host, &logits.host);
    runet_softmax_forward (run->pool, &logits.host, &p.host);
    runet_cuda_head_forward (NULL, &x.map, layer.device_weight, layer.device_bias,
                             &p.map, with_foreground ? &f.map : NULL, device_values);
    device_map_check (&p, 1e-5f);
    if (with_foreground) {
      DeviceMap sum = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
      runet_foreground_forward (run->pool, &p.host, &sum.host);
      runet_sigmoid_forward (run->pool, &sum.host, &f.host, values.slope, values.shift);
      device_map_check (&f, 2e-4f);
      device_map_free (&sum);
    }
    layer_clear (&layer);
    device_map_free (&x);
    device_map_free (&p);
    device_map_free (&logits);
    device_map_free (&f);
  }
  cudaFree (device_values);
}

static void
test_head_backward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++) {
    const Shape *s = &heads[i];
    DeviceMap x = device_map_new (run->element, s->n, s->h, s->w, s->inputs, s->stride);
    DeviceMap dx =
        device_map_new (run->element, s->n, s->h, s->w, s->inputs, s->stride);
    DeviceMap p = make_probabilities (run, s), dp = make_probabilities (run, s);
    DeviceMap logits = make_probabilities (run, s),
              dlogits = make_probabilities (run, s);
    Layer layer = layer_new (run, s, 1, FALSE);
    void *scratch = device_allocate (runet_cuda_head_scratch (&x.map, s->outputs));
    device_map_fill (&x, run->random, -1, 1);
    device_map_fill (&dp, run->random, -1, 1);
    if (add)
      device_map_fill (&dx, run->random, -1, 1);
    layer_forward (&layer, run, &x.host, &logits.host);
    runet_softmax_forward (run->pool, &logits.host, &p.host);
    device_map_upload (&p);
    runet_softmax_backward (run->pool, &p.host, &dp.host, &dlogits.host, FALSE);
    layer_backward (&layer, run, &x.host, &dlogits.host, &dx.host, add);
    runet_cuda_head_backward (NULL, &x.map, layer.device_weight, &p.map, &dp.map,
                              &dx.map, add, layer.device_dweight, layer.device_dbias,
                              scratch);
    layer_check_gradients (&layer);
    device_map_check (&dx, device_tolerance (run->element));
    layer_clear (&layer);
    DeviceMap *const maps[] = {&x, &dx, &p, &dp, &logits, &dlogits};
    for (gsize k = 0; k < G_N_ELEMENTS (maps); k++)
      device_map_free (maps[k]);
    cudaFree (scratch);
  }
}

/* ---------------------------------------------------------------- ReLU and bias */

static void
test_relu_bias (const Run *run, int relu) {
  static const Shape shapes[] = {
      {1, 1, 1, 0, 1, 1},     {2, 5, 7, 0, 28, 32},   {1, 33, 20, 0, 32, 32},
      {1, 6, 5, 0, 112, 112}, {1, 3, 3, 0, 300, 304}, {2, 3, 3, 0, 5, 5},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++) {
    const Shape *s = &shapes[i];
    const gsize c = s->outputs;
    DeviceMap y = device_map_new (run->element, s->n, s->h, s->w, c, s->stride);
    DeviceMap dy = device_map_new (run->element, s->n, s->h, s->w, c, s->stride);
    g_autofree float *dbias = device_random_floats (run->random, c, -1, 1);
    float *device_dbias = device_upload (dbias, c * sizeof (float));
    void *scratch = device_allocate (runet_cuda_relu_bias_scratch (&dy.map));
    device_map_fill (&y, run->random, -1, 1);
    device_map_fill (&dy, run->random, -1, 1);
    /* A gradient that does not count is left out, whatever it is. */
    dy.host.data[0] = run->element == RUNET_ELEMENT_F16 && relu ? INFINITY : 1;
    y.host.data[0] = -1;
    device_map_upload (&y);
    device_map_upload (&dy);
    for (gsize k = 0; k < device_map_count_pixels (&y) * c; k++) {
      if (relu && !(y.host.data[k] > 0))
        dy.host.data[k] = 0;
      dbias[k % c] += dy.host.data[k];
    }
    runet_cuda_relu_bias_backward (NULL, relu ? &y.map : NULL, &dy.map, relu,
                                   device_dbias, scratch);
    device_map_check (&dy, 0);
    device_check_floats (device_dbias, dbias, c, SUM_TOLERANCE);
    device_map_free (&y);
    device_map_free (&dy);
    cudaFree (device_dbias);
    cudaFree (scratch);
  }
}

/* The second argument is tried with both values: of adding, of a ReLU, or of a foreground. */
static const struct {
  const char *name;
  void (*func) (const Run *run, int flag);
} operations[] = {
    {"single/forward", test_single_forward}, {"single/backward", test_single_backward},
    {"head/forward", test_head_forward},     {"head/backward", test_head_backward},
    {"relu-bias", test_relu_bias},
};

static void
test_operation (gconstpointer data) {
  const gsize operation = GPOINTER_TO_SIZE (data) / DEVICE_ELEMENTS;
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  const Run run = {pool, random, GPOINTER_TO_SIZE (data) % DEVICE_ELEMENTS};
  if (!device_is_there ())
    return;
  for (int flag = 0; flag < 2; flag++)
    operations[operation].func (&run, flag);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    device_add_tests (operations[i].name, i, test_operation);
  return g_test_run ();
}
