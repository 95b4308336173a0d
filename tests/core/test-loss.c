/* The Dice loss: its value, its gradient, and PyTorch's opinion. */
#include "core/training/loss.h"

#include <math.h>
#include <string.h>

#include "core/nn/safetensors.h"

#define SIZE 80
#define CLASSES 4
#define PIXELS (SIZE * SIZE)
#define BATCH 2

/* Softmax-like values and labels that every class has. */
static void
fill (float *p, guint8 *labels, gsize pixels, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  for (gsize i = 0; i < pixels; i++) {
    float sum = 0;
    for (gsize c = 0; c < CLASSES; c++)
      sum += p[i * CLASSES + c] = (float)g_rand_double (random);
    for (gsize c = 0; c < CLASSES; c++)
      p[i * CLASSES + c] /= sum;
    labels[i] = (guint8)g_rand_int_range (random, 0, CLASSES);
  }
}

/* @weights: (nullable): pixels of weight 0 are not there. */
static double
naive_weighted_loss (const float *p,
                     const guint8 *labels,
                     const guint8 *weights,
                     gsize pixels) {
  double mean = 0;
  for (int c = 1; c < CLASSES; c++) {
    double product = 0, squares = 0, count = 0;
    for (gsize i = 0; i < pixels; i++) {
      double g = labels[i] == c;
      if (weights != NULL && weights[i] == 0)
        continue;
      product += p[i * CLASSES + c] * g;
      squares += (double)p[i * CLASSES + c] * p[i * CLASSES + c];
      count += g * g;
    }
    mean += (2 * product + 1) / (squares + count + 1) / (CLASSES - 1);
  }
  return 1 - mean;
}

static double
naive_loss (const float *p, const guint8 *labels, gsize pixels) {
  return naive_weighted_loss (p, labels, NULL, pixels);
}

static void
test_value (void) {
  g_autofree float *p = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, BATCH * PIXELS);
  fill (p, labels, BATCH * PIXELS, 7);
  RunetTensor tensor = {p, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  double loss = runet_dice_loss (pool, &tensor, labels, NULL, 1, NULL);
  g_assert_cmpfloat_with_epsilon (loss, naive_loss (p, labels, BATCH * PIXELS), 1e-12);
}

static void
test_perfect (void) {
  g_autofree float *p = g_new0 (float, PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new0 (guint8, PIXELS);
  for (gsize i = 0; i < PIXELS; i++) {
    labels[i] = (guint8)(i / (PIXELS / CLASSES));
    p[i * CLASSES + labels[i]] = 1;
  }
  RunetTensor tensor = {p, 1, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_assert_cmpfloat_with_epsilon (
      runet_dice_loss (pool, &tensor, labels, NULL, 1, NULL), 0, 1e-12);
}

/* Central differences, in double, of single probabilities. */
static void
test_finite_differences (void) {
  g_autofree float *p = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *gradient = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, BATCH * PIXELS);
  fill (p, labels, BATCH * PIXELS, 11);
  RunetTensor tensor = {p, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor out = {gradient, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  const double weight = 2.5;
  runet_dice_loss (pool, &tensor, labels, NULL, weight, &out);
  for (gsize i = 0; i < BATCH * PIXELS * CLASSES; i += 997) {
    float was = p[i];
    p[i] = was + 0.0625f;
    double above = naive_loss (p, labels, BATCH * PIXELS), high = p[i];
    p[i] = was - 0.0625f;
    double below = naive_loss (p, labels, BATCH * PIXELS), low = p[i];
    p[i] = was;
    double expected = weight * (above - below) / (high - low);
    g_assert_cmpfloat_with_epsilon (gradient[i], expected, 1e-6 * weight / 100);
  }
}

/* A band of pixels that weigh nothing: against naive loops, and the gradient against central differences. */
static void
test_weights (void) {
  g_autofree float *p = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *gradient = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, BATCH * PIXELS);
  g_autofree guint8 *weights = g_new (guint8, BATCH * PIXELS);
  fill (p, labels, BATCH * PIXELS, 13);
  for (gsize i = 0; i < BATCH * PIXELS; i++)
    weights[i] = i / 50 % 3 != 0;
  RunetTensor tensor = {p, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor out = {gradient, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  double loss = runet_dice_loss (pool, &tensor, labels, weights, 1, &out);
  g_assert_cmpfloat_with_epsilon (
      loss, naive_weighted_loss (p, labels, weights, BATCH * PIXELS), 1e-12);
  for (gsize i = 0; i < BATCH * PIXELS * CLASSES; i++)
    if (weights[i / CLASSES] == 0)
      g_assert_cmpfloat (gradient[i], ==, 0);
  guint counted = 0;
  for (gsize i = 0; i < BATCH * PIXELS * CLASSES; i += 499) {
    float was = p[i];
    p[i] = was + 0.0625f;
    double above = naive_weighted_loss (p, labels, weights, BATCH * PIXELS);
    double high = p[i];
    p[i] = was - 0.0625f;
    double below = naive_weighted_loss (p, labels, weights, BATCH * PIXELS);
    double low = p[i];
    p[i] = was;
    counted += weights[i / CLASSES] != 0 && i % CLASSES != 0;
    g_assert_cmpfloat_with_epsilon (gradient[i], (above - below) / (high - low), 1e-8);
  }
  g_assert_cmpuint (counted, >, 20);
}

/* Weights of one are no weights, to the bit; what weighs nothing may be anything. */
static void
test_weights_of_one (void) {
  g_autofree float *p = g_new (float, PIXELS *CLASSES);
  g_autofree float *plain = g_new (float, PIXELS *CLASSES);
  g_autofree float *weighed = g_new (float, PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, PIXELS);
  g_autofree guint8 *weights = g_new (guint8, PIXELS);
  fill (p, labels, PIXELS, 17);
  memset (weights, 1, PIXELS);
  RunetTensor tensor = {p, 1, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor out = {plain, 1, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  double a = runet_dice_loss (pool, &tensor, labels, NULL, 1, &out);
  out.data = weighed;
  double b = runet_dice_loss (pool, &tensor, labels, weights, 1, &out);
  g_assert_cmpfloat (a, ==, b);
  g_assert_cmpmem (plain, PIXELS * CLASSES * sizeof (float), weighed,
                   PIXELS * CLASSES * sizeof (float));

  memset (weights, 0, 100);
  a = runet_dice_loss (pool, &tensor, labels, weights, 1, NULL);
  g_assert_cmpfloat (a, !=, b);
  for (gsize i = 0; i < 100; i++)
    labels[i] = (guint8)((labels[i] + 1) % CLASSES);
  b = runet_dice_loss (pool, &tensor, labels, weights, 1, NULL);
  g_assert_cmpfloat (a, ==, b);
}

/* Sums of two halves of a batch make the loss of the whole, and each half its own part of the gradient. */
static void
test_parts (void) {
  enum { HALF = BATCH / 2 * PIXELS };
  g_autofree float *p = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *whole = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *parts = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, BATCH * PIXELS);
  fill (p, labels, BATCH * PIXELS, 19);
  RunetTensor tensor = {p, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor out = {whole, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  double loss = runet_dice_loss (pool, &tensor, labels, NULL, 1.5, &out);

  RunetTensor halves[2], outs[2];
  RunetDiceSums sums[2][CLASSES];
  for (gsize i = 0; i < 2; i++) {
    gsize images = i == 0 ? BATCH / 2 : BATCH - BATCH / 2;
    halves[i] =
        (RunetTensor){p + i * HALF * CLASSES, images, SIZE, SIZE, CLASSES, CLASSES};
    outs[i] = halves[i];
    outs[i].data = parts + i * HALF * CLASSES;
    runet_dice_sum (pool, &halves[i], labels + i * HALF, NULL, sums[i]);
  }
  for (gsize c = 0; c < CLASSES; c++) {
    sums[0][c].product += sums[1][c].product;
    sums[0][c].probability += sums[1][c].probability;
    sums[0][c].label += sums[1][c].label;
  }
  g_assert_cmpfloat_with_epsilon (runet_dice_value (sums[0], CLASSES), loss, 1e-14);
  for (gsize i = 0; i < 2; i++)
    runet_dice_gradient (pool, &halves[i], labels + i * HALF, NULL, sums[0], 1.5,
                         &outs[i]);
  for (gsize i = 0; i < BATCH * PIXELS * CLASSES; i++)
    g_assert_cmpfloat_with_epsilon (parts[i], whole[i],
                                    1e-6f * ABS (whole[i]) + 1e-12f);
}

/* The tensor may be some channels of a wider one; the gradient likewise. */
static void
test_strides (void) {
  enum { STRIDE = 7 };
  g_autofree float *p = g_new (float, PIXELS *CLASSES);
  g_autofree float *wide = g_new0 (float, PIXELS *STRIDE);
  g_autofree float *gradient = g_new0 (float, PIXELS *CLASSES);
  g_autofree float *wide_gradient = g_new (float, PIXELS *STRIDE);
  g_autofree guint8 *labels = g_new (guint8, PIXELS);
  fill (p, labels, PIXELS, 3);
  for (gsize i = 0; i < PIXELS * STRIDE; i++)
    wide_gradient[i] = 42;
  for (gsize i = 0; i < PIXELS; i++)
    memcpy (wide + i * STRIDE, p + i * CLASSES, CLASSES * sizeof (float));
  RunetTensor narrow_in = {p, 1, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor narrow_out = {gradient, 1, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor wide_in = {wide, 1, SIZE, SIZE, CLASSES, STRIDE};
  RunetTensor wide_out = {wide_gradient, 1, SIZE, SIZE, CLASSES, STRIDE};
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  double a = runet_dice_loss (pool, &narrow_in, labels, NULL, 1, &narrow_out);
  double b = runet_dice_loss (pool, &wide_in, labels, NULL, 1, &wide_out);
  g_assert_cmpfloat (a, ==, b);
  for (gsize i = 0; i < PIXELS; i++) {
    g_assert_cmpmem (wide_gradient + i * STRIDE, CLASSES * sizeof (float),
                     gradient + i * CLASSES, CLASSES * sizeof (float));
    g_assert_cmpfloat (wide_gradient[i * STRIDE + CLASSES], ==, 42);
  }
}

/* The same bits with any number of workers. */
static void
test_workers (void) {
  g_autofree float *p = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *first = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree float *gradient = g_new (float, BATCH *PIXELS *CLASSES);
  g_autofree guint8 *labels = g_new (guint8, BATCH * PIXELS);
  fill (p, labels, BATCH * PIXELS, 5);
  RunetTensor tensor = {p, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  RunetTensor out = {first, BATCH, SIZE, SIZE, CLASSES, CLASSES};
  g_autoptr (RunetPool) one = runet_pool_new (1);
  double loss = runet_dice_loss (one, &tensor, labels, NULL, 1, &out);
  out.data = gradient;
  for (guint workers = 2; workers <= 5; workers++) {
    g_autoptr (RunetPool) pool = runet_pool_new (workers);
    double again = runet_dice_loss (pool, &tensor, labels, NULL, 1, &out);
    g_assert_cmpmem (&again, sizeof again, &loss, sizeof loss);
    g_assert_cmpmem (gradient, BATCH * PIXELS * CLASSES * sizeof (float), first,
                     BATCH * PIXELS * CLASSES * sizeof (float));
  }
}

/* N × C × H × W of the file to N × H × W × C. */
static float *
read_output (const RunetSafetensor *output) {
  g_autofree float *planes = g_new (float, output->count);
  float *pixels = g_new (float, output->count);
  g_assert_true (runet_safetensor_to_floats (output, planes, NULL));
  gsize area = output->shape[2] * output->shape[3], classes = output->shape[1];
  for (gsize n = 0; n < output->shape[0]; n++)
    for (gsize c = 0; c < classes; c++)
      for (gsize i = 0; i < area; i++)
        pixels[(n * area + i) * classes + c] = planes[(n * classes + c) * area + i];
  return pixels;
}

static void
compare_with_fixture (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (path, &error);
  g_assert_no_error (error);
  const RunetSafetensor *target = runet_safetensors_find (file, "target");
  g_autofree guint8 *labels = g_new (guint8, target->count);
  /* Nothing in the file is aligned. */
  for (gsize i = 0; i < target->count; i++) {
    gint64 label;
    memcpy (&label, (const guint8 *)target->data + i * sizeof label, sizeof label);
    labels[i] = (guint8)label;
  }

  g_autoptr (RunetPool) pool = runet_pool_new (2);
  double total = 0;
  for (guint k = 1;; k++) {
    g_autofree char *name = g_strdup_printf ("output%u", k);
    const RunetSafetensor *output = runet_safetensors_find (file, name);
    if (output == NULL)
      break;
    g_autofree float *pixels = read_output (output);
    RunetTensor tensor = {pixels,           output->shape[0], output->shape[2],
                          output->shape[3], output->shape[1], output->shape[1]};
    total += runet_dice_loss (pool, &tensor, labels, NULL, 1, NULL);
  }
  float expected = 0;
  g_assert_true (runet_safetensor_to_floats (runet_safetensors_find (file, "loss"),
                                             &expected, &error));
  g_test_message ("%s: %.7f, PyTorch %.7f", path, total, expected);
  g_assert_cmpfloat_with_epsilon (total, expected, 1e-6);
}

static void
test_fixtures (void) {
  static const char *const names[] = {
      "unet1", "ru-net", "ru-net-dil30", "ru-net-slope5", "ru-net-3-stages", "shg"};
  const char *shared = g_getenv ("RUNET_SHARED");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path =
        g_strdup_printf ("%s/reference/%s.safetensors", shared, names[i]);
    if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
      g_test_skip ("the fixtures of shared/reference are not here");
      return;
    }
    compare_with_fixture (path);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/loss/value", test_value);
  g_test_add_func ("/training/loss/perfect", test_perfect);
  g_test_add_func ("/training/loss/finite-differences", test_finite_differences);
  g_test_add_func ("/training/loss/weights", test_weights);
  g_test_add_func ("/training/loss/weights-of-one", test_weights_of_one);
  g_test_add_func ("/training/loss/parts", test_parts);
  g_test_add_func ("/training/loss/strides", test_strides);
  g_test_add_func ("/training/loss/workers", test_workers);
  g_test_add_func ("/training/loss/fixtures", test_fixtures);
  return g_test_run ();
}
