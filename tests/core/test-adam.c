/* Adam: against a plain implementation in double, and against PyTorch's first step. */
#include "core/training/adam.h"

#include <math.h>
#include <string.h>

#include "core/nn/safetensors.h"

/* Several steps, of sizes around the piece that a task updates. */
static void
test_steps (void) {
  const gsize sizes[] = {1, 16384, 40001};
  enum { COUNT = G_N_ELEMENTS (sizes), STEPS = 7 };
  const double rate = 1e-2;
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  g_autoptr (RunetAdam) adam = runet_adam_new (sizes, COUNT);
  float *values[COUNT], *gradients[COUNT];
  double *expected[COUNT], *m[COUNT], *v[COUNT];
  for (guint i = 0; i < COUNT; i++) {
    values[i] = g_new (float, sizes[i]);
    gradients[i] = g_new (float, sizes[i]);
    expected[i] = g_new (double, sizes[i]);
    m[i] = g_new0 (double, sizes[i]);
    v[i] = g_new0 (double, sizes[i]);
    for (gsize k = 0; k < sizes[i]; k++)
      expected[i][k] = values[i][k] = (float)g_rand_double_range (random, -1, 1);
  }

  for (int t = 1; t <= STEPS; t++) {
    for (guint i = 0; i < COUNT; i++)
      for (gsize k = 0; k < sizes[i]; k++) {
        double g = gradients[i][k] = (float)g_rand_double_range (random, -1e-4, 1e-4);
        m[i][k] = 0.9 * m[i][k] + 0.1 * g;
        v[i][k] = 0.999 * v[i][k] + 0.001 * g * g;
        double mean = m[i][k] / (1 - pow (0.9, t));
        double square = v[i][k] / (1 - pow (0.999, t));
        expected[i][k] -= rate * mean / (sqrt (square) + 1e-8);
      }
    runet_adam_step (adam, pool, rate, values, gradients);
  }
  g_assert_cmpuint (adam->step, ==, STEPS);
  for (guint i = 0; i < COUNT; i++) {
    for (gsize k = 0; k < sizes[i]; k++)
      g_assert_cmpfloat_with_epsilon (values[i][k], expected[i][k], 2e-6);
    g_free (values[i]);
    g_free (gradients[i]);
    g_free (expected[i]);
    g_free (m[i]);
    g_free (v[i]);
  }
}

static float *
read_floats (const RunetSafetensors *file, const char *prefix, const char *name) {
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const RunetSafetensor *tensor = runet_safetensors_find (file, full);
  g_assert_nonnull (tensor);
  float *values = g_new (float, tensor->count);
  g_assert_true (runet_safetensor_to_floats (tensor, values, NULL));
  return values;
}

/* weight, grad.weight → adam.weight, of every parameter of a fixture. */
static void
compare_with_fixture (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (path, &error);
  g_assert_no_error (error);
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  guint compared = 0;
  for (guint i = 0; i < file->tensors->len; i++) {
    const RunetSafetensor *tensor = g_ptr_array_index (file->tensors, i);
    if (!g_str_has_prefix (tensor->name, "adam."))
      continue;
    const char *name = tensor->name + strlen ("adam.");
    g_autofree float *values = read_floats (file, "", name);
    g_autofree float *gradients = read_floats (file, "grad.", name);
    g_autofree float *expected = read_floats (file, "adam.", name);
    g_autoptr (RunetAdam) adam = runet_adam_new (&tensor->count, 1);
    float largest = 0;
    for (gsize k = 0; k < tensor->count; k++)
      largest = MAX (largest, fabsf (expected[k]));
    runet_adam_step (adam, pool, 1e-3, &values, &gradients);
    for (gsize k = 0; k < tensor->count; k++)
      g_assert_cmpfloat_with_epsilon (values[k], expected[k], 1e-3f * largest);
    compared++;
  }
  g_assert_cmpuint (compared, >, 0);
}

static void
test_fixtures (void) {
  static const char *const names[] = {"unet1", "ru-net", "ru-net-3-stages", "shg"};
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
  g_test_add_func ("/training/adam/steps", test_steps);
  g_test_add_func ("/training/adam/fixtures", test_fixtures);
  return g_test_run ();
}
