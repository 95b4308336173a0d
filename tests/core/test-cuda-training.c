/* What a training does on a device besides forward and backward, against core/training. */
#include "core/training/adam.h"
#include "core/training/augmentation.h"
#include "core/training/loss.h"
#include "device-map.h"

/* ---------------------------------------------------------------- batches */

#define IMAGES 3
#define BATCH 5

/* Images, labels and weights of the data set, and those of a batch, on both sides. */
typedef struct {
  gsize size, pixels;
  guint8 *images, *labels, *weights; /* IMAGES × S × S */
  guint8 *device_images, *device_labels, *device_weights;
  DeviceMap x;
  guint8 *batch_labels, *batch_weights; /* BATCH × S × S, expected */
  guint8 *device_batch_labels, *device_batch_weights;
} Batch;

static guint8 *
make_bytes (GRand *random, gsize count, gint32 values) {
  guint8 *bytes = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    bytes[i] = (guint8)g_rand_int_range (random, 0, values);
  return bytes;
}

static Batch
batch_new (GRand *random, gsize size) {
  Batch self = {.size = size, .pixels = size * size};
  self.images = make_bytes (random, IMAGES * self.pixels, 256);
  self.labels = make_bytes (random, IMAGES * self.pixels, 4);
  self.weights = make_bytes (random, IMAGES * self.pixels, 2);
  self.device_images = device_upload (self.images, IMAGES * self.pixels);
  self.device_labels = device_upload (self.labels, IMAGES * self.pixels);
  self.device_weights = device_upload (self.weights, IMAGES * self.pixels);
  self.x = device_map_new (RUNET_ELEMENT_F32, BATCH, size, size, 1, 1);
  self.batch_labels = g_malloc0 (BATCH * self.pixels);
  self.batch_weights = g_malloc0 (BATCH * self.pixels);
  self.device_batch_labels = device_allocate (BATCH * self.pixels);
  self.device_batch_weights = device_allocate (BATCH * self.pixels);
  return self;
}

static void
batch_clear (Batch *self) {
  g_free (self->images);
  g_free (self->labels);
  g_free (self->weights);
  g_free (self->batch_labels);
  g_free (self->batch_weights);
  cudaFree (self->device_images);
  cudaFree (self->device_labels);
  cudaFree (self->device_weights);
  cudaFree (self->device_batch_labels);
  cudaFree (self->device_batch_weights);
  device_map_free (&self->x);
}

/* The first place is not changed; the second shows nothing of its image. */
static RunetBatchPlace
fill_place (Batch *self, gsize place, GRand *random, gboolean weighted) {
  RunetBatchPlace result = {(guint32)(place % IMAGES), place > 0};
  const gsize from = result.index * self->pixels, to = place * self->pixels;
  const guint8 *weights = weighted ? self->weights + from : NULL;
  if (place == 0) {
    for (gsize i = 0; i < self->pixels; i++)
      self->x.host.data[to + i] = (float)self->images[from + i] / 255;
    memcpy (self->batch_labels + to, self->labels + from, self->pixels);
    memset (self->batch_weights + to, 1, self->pixels);
    if (weights != NULL)
      memcpy (self->batch_weights + to, weights, self->pixels);
    return result;
  }
  RunetAugmentation change;
  runet_augmentation_draw (&change, random);
  if (place == 1)
    change.shift_x = 3e9;
  runet_augmentation_get_matrix (&change, self->size, result.matrix);
  result.gain = (float)(change.gain = (float)change.gain);
  result.gamma = (float)(change.gamma = (float)change.gamma);
  runet_augmentation_apply (&change, self->images + from, self->labels + from, weights,
                            self->size, self->x.host.data + to, self->batch_labels + to,
                            self->batch_weights + to);
  return result;
}

static void
check_bytes (const guint8 *device, const guint8 *expected, gsize count) {
  g_autofree guint8 *found = g_malloc (count);
  device_download (found, device, count);
  g_assert_cmpmem (found, count, expected, count);
}

static void
test_fill (void) {
  static const gsize sizes[] = {1, 33, 64};
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  if (!device_is_there ())
    return;
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (sizes); i++) {
    const gboolean weighted = i % 2;
    Batch batch = batch_new (random, sizes[i / 2]);
    RunetBatchPlace places[BATCH];
    for (gsize k = 0; k < BATCH; k++)
      places[k] = fill_place (&batch, k, random, weighted);
    RunetBatchPlace *device = device_upload (places, sizeof places);
    runet_cuda_fill_batch (NULL, batch.device_images, batch.device_labels,
                           weighted ? batch.device_weights : NULL, device, &batch.x.map,
                           batch.device_batch_labels, batch.device_batch_weights);
    device_map_check (&batch.x, 1e-6f);
    check_bytes (batch.device_batch_labels, batch.batch_labels, BATCH * batch.pixels);
    check_bytes (batch.device_batch_weights, batch.batch_weights, BATCH * batch.pixels);
    cudaFree (device);
    batch_clear (&batch);
  }
}

/* ---------------------------------------------------------------- Dice loss */

typedef struct {
  gsize n, h, w, classes, stride;
  gboolean weighted;
  float scale; /* 0: none is given */
} DiceCase;

static const DiceCase dice_cases[] = {
    {1, 1, 1, 2, 2, FALSE, 0},     {2, 33, 20, 4, 4, FALSE, 0},
    {1, 40, 60, 4, 4, TRUE, 1024}, {3, 5, 7, 3, 4, TRUE, 0.125f},
    {1, 9, 9, 16, 16, FALSE, 0},   {2, 6, 5, 4, 5, TRUE, 0},
    {1, 7, 5, 5, 7, FALSE, 65536},
};

/* Of probabilities, labels with numbers that are no class, and weights. */
static void
check_dice (const DiceCase *test, RunetPool *pool, GRand *random) {
  const float weight = 0.75f, scale = test->scale > 0 ? test->scale : 1;
  const gsize pixels = test->n * test->h * test->w, classes = test->classes;
  DeviceMap p = device_map_new (RUNET_ELEMENT_F32, test->n, test->h, test->w, classes,
                                test->stride);
  DeviceMap dp = device_map_new (RUNET_ELEMENT_F32, test->n, test->h, test->w, classes,
                                 test->stride);
  g_autofree guint8 *labels = make_bytes (random, pixels, (gint32)classes + 1);
  g_autofree guint8 *weights = make_bytes (random, pixels, 2);
  guint8 *device_labels = device_upload (labels, pixels);
  guint8 *device_weights = device_upload (weights, pixels);
  float *device_scale = device_upload (&scale, sizeof scale);
  double *sums = device_allocate (classes * 3 * sizeof (double));
  double *loss = device_allocate (sizeof (double)), found;
  void *scratch = device_allocate (runet_cuda_dice_scratch (&p.map));
  device_map_fill (&p, random, 0, 1);

  const double expected =
      runet_dice_loss (pool, &p.host, labels, test->weighted ? weights : NULL,
                       (double)weight * (double)scale, &dp.host);
  runet_cuda_dice_sums (NULL, &p.map, device_labels,
                        test->weighted ? device_weights : NULL, sums, scratch);
  runet_cuda_dice_gradient (NULL, &p.map, device_labels,
                            test->weighted ? device_weights : NULL, sums, weight,
                            test->scale > 0 ? device_scale : NULL, &dp.map, loss);
  device_download (&found, loss, sizeof found);
  g_assert_cmpfloat_with_epsilon (found, expected, 1e-12);
  device_map_check (&dp, 1e-6f);

  /* The parts of a batch are added up by others. */
  RunetDiceSums own[16], theirs[16];
  runet_dice_sum (pool, &p.host, labels, test->weighted ? weights : NULL, own);
  G_STATIC_ASSERT (sizeof (RunetDiceSums) == 3 * sizeof (double));
  device_download (theirs, sums, classes * sizeof (RunetDiceSums));
  for (gsize c = 0; c < classes; c++) {
    g_assert_cmpfloat_with_epsilon (theirs[c].product, own[c].product, 1e-9);
    g_assert_cmpfloat_with_epsilon (theirs[c].probability, own[c].probability, 1e-9);
    g_assert_cmpfloat (theirs[c].label, ==, own[c].label);
  }
  device_map_free (&p);
  device_map_free (&dp);
  void *const blocks[] = {device_labels, device_weights, device_scale,
                          sums,          loss,           scratch};
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    cudaFree (blocks[i]);
}

static void
test_dice (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  if (!device_is_there ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (dice_cases); i++)
    check_dice (&dice_cases[i], pool, random);
}

/* ---------------------------------------------------------------- Adam */

typedef struct {
  gsize count;
  float *values, *moment1, *moment2, *gradients;
  RunetStepState *state;
} DeviceAdam;

static RunetStepState
download_state (const DeviceAdam *self) {
  RunetStepState state;
  device_download (&state, self->state, sizeof state);
  return state;
}

/* The moments begin as zeros. */
static DeviceAdam
adam_new (const float *values, gsize count, const RunetStepState *state) {
  g_autofree float *zeros = g_new0 (float, count);
  DeviceAdam self = {count};
  self.values = device_upload (values, count * sizeof (float));
  self.moment1 = device_upload (zeros, count * sizeof (float));
  self.moment2 = device_upload (zeros, count * sizeof (float));
  self.gradients = device_allocate (count * sizeof (float));
  self.state = device_upload (state, sizeof *state);
  return self;
}

static void
adam_clear (DeviceAdam *self) {
  cudaFree (self->values);
  cudaFree (self->moment1);
  cudaFree (self->moment2);
  cudaFree (self->gradients);
  cudaFree (self->state);
}

/* Beginning at @first, which vectors of memory need not. */
static void
adam_step (DeviceAdam *self, const float *gradients, gsize first) {
  const gsize count = self->count - first;
  device_wait ();
  cudaMemcpy (self->gradients, gradients, self->count * sizeof (float),
              cudaMemcpyHostToDevice);
  runet_cuda_check_gradients (NULL, self->gradients + first, count, self->state);
  runet_cuda_adam (NULL, self->values + first, self->moment1 + first,
                   self->moment2 + first, self->gradients + first, count, self->state);
  runet_cuda_adam_finish (NULL, self->state);
}

static void
test_adam (gconstpointer data) {
  const gsize first = GPOINTER_TO_SIZE (data), count = 1027 + first, steps = 7;
  const gsize size = count - first;
  const RunetStepState begin = {.scale = 1024, .learning_rate = 1e-3f};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  if (!device_is_there ())
    return;
  g_autoptr (RunetAdam) adam = runet_adam_new (&size, 1);
  g_autofree float *values = device_random_floats (random, count, -1, 1);
  DeviceAdam device = adam_new (values, count, &begin);
  for (gsize step = 0; step < steps; step++) {
    g_autofree float *gradients = device_random_floats (random, count, -1, 1);
    float *const parameters[] = {values + first}, *const own[] = {gradients + first};
    runet_adam_step (adam, pool, (double)begin.learning_rate, parameters, own);
    for (gsize i = 0; i < count; i++)
      gradients[i] *= begin.scale;
    adam_step (&device, gradients, first);
    device_check_floats (device.values, values, count, 1e-6f);
    device_check_floats (device.moment1 + first, adam->moment1[0], size, 1e-6f);
    device_check_floats (device.moment2 + first, adam->moment2[0], size, 1e-6f);
  }
  const RunetStepState end = download_state (&device);
  g_assert_cmpuint (end.step, ==, steps);
  g_assert_cmpfloat (end.scale, ==, begin.scale);
  adam_clear (&device);
}

/* A gradient too large for float16, wherever it is, or one that is no number: nothing changes but the scale. */
static void
test_overflow (void) {
  const gsize count = 70001;
  const RunetStepState begin = {
      .scale = 1024, .growth_interval = 3, .learning_rate = 1};
  const float bad[] = {INFINITY, -INFINITY, NAN};
  if (!device_is_there ())
    return;
  g_autofree float *values = g_new0 (float, count);
  DeviceAdam device = adam_new (values, count, &begin);
  for (gsize i = 0; i < 3; i++) {
    g_autofree float *gradients = g_new0 (float, count);
    gradients[i == 0 ? 0 : i == 1 ? count / 2 : count - 1] = bad[i];
    adam_step (&device, gradients, 0);
    const RunetStepState state = download_state (&device);
    g_assert_true (state.overflow);
    g_assert_cmpuint (state.step, ==, 0);
    g_assert_cmpfloat (state.scale, ==, begin.scale / (float)(2 << i));
  }
  device_check_floats (device.values, values, count, 0);
  device_check_floats (device.moment1, values, count, 0);
  device_check_floats (device.moment2, values, count, 0);
  adam_clear (&device);
}

/* Doubled after as many good steps in a row, counted anew after each change; within its bounds. */
static void
test_scale (void) {
  static const struct {
    gboolean overflows;
    float scale;
    gint32 good;
  } steps[] = {{FALSE, 1024, 1}, {FALSE, 1024, 2}, {FALSE, 2048, 0}, {FALSE, 2048, 1},
               {TRUE, 1024, 0},  {FALSE, 1024, 1}, {FALSE, 1024, 2}, {FALSE, 2048, 0}};
  RunetStepState state = {.scale = 1024, .growth_interval = 3, .learning_rate = 1};
  const float zero = 0, infinity = INFINITY;
  if (!device_is_there ())
    return;
  DeviceAdam device = adam_new (&zero, 1, &state);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    adam_step (&device, steps[i].overflows ? &infinity : &zero, 0);
    state = download_state (&device);
    g_assert_cmpint (state.overflow != 0, ==, steps[i].overflows);
    g_assert_cmpfloat (state.scale, ==, steps[i].scale);
    g_assert_cmpint (state.good_steps, ==, steps[i].good);
  }
  g_assert_cmpuint (state.step, ==, 7);
  for (gsize i = 0; i < 60; i++)
    adam_step (&device, &infinity, 0);
  g_assert_cmpfloat (download_state (&device).scale, ==, 0x1p-24f);
  for (gsize i = 0; i < 180; i++)
    adam_step (&device, &zero, 0);
  g_assert_cmpfloat (download_state (&device).scale, ==, 0x1p24f);
  adam_clear (&device);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cudnn/kernels/fill-batch", test_fill);
  g_test_add_func ("/cudnn/kernels/dice", test_dice);
  g_test_add_data_func ("/cudnn/kernels/adam/vectors", GSIZE_TO_POINTER (0), test_adam);
  g_test_add_data_func ("/cudnn/kernels/adam/unaligned", GSIZE_TO_POINTER (1),
                        test_adam);
  g_test_add_func ("/cudnn/kernels/adam/overflow", test_overflow);
  g_test_add_func ("/cudnn/kernels/adam/scale", test_scale);
  return g_test_run ();
}
