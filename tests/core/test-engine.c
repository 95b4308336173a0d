/* What an engine says of itself, and what it refuses. */
#include "core/nn/plan.h"

#include "core/base/error.h"
#include "core/nn/convolution-kernels.h"

static void
test_auto (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (runet_engine_get_name (engine), ==, "blas");
  g_assert_cmpuint (runet_engine_get_threads (engine), ==, 3);
  const char *description = runet_engine_get_description (engine);
  g_test_message ("%s", description);
  g_assert_nonnull (strstr (description, "OpenBLAS"));
  g_assert_nonnull (strstr (description, "3 threads"));
  g_assert_nonnull (strstr (description, "chosen"));
  g_assert_null (strchr (description, '\n'));
}

static void
test_asked_for (void) {
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_REFERENCE, 1, NULL);
  g_assert_cmpstr (runet_engine_get_name (engine), ==, "reference");
  g_assert_nonnull (strstr (runet_engine_get_description (engine), "1 thread;"));
}

static void
test_all_processors (void) {
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 0, NULL);
  g_assert_cmpuint (runet_engine_get_threads (engine), >=, 1);
  g_autoptr (RunetEngine) again = runet_engine_ref (engine);
  g_assert_true (again == engine);
}

static void
test_too_many_threads (void) {
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_engine_new (RUNET_ENGINE_AUTO, 100000, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE);
}

static void
test_names (void) {
  RunetEngineKind kind = RUNET_ENGINE_AUTO;
  g_assert_true (runet_engine_kind_from_string ("blas", &kind));
  g_assert_cmpint (kind, ==, RUNET_ENGINE_BLAS);
  g_assert_true (runet_engine_kind_from_string ("reference", &kind));
  g_assert_cmpint (kind, ==, RUNET_ENGINE_REFERENCE);
  g_assert_true (runet_engine_kind_from_string ("auto", &kind));
  g_assert_cmpint (kind, ==, RUNET_ENGINE_AUTO);
  g_assert_false (runet_engine_kind_from_string ("abacus", &kind));
}

/* Slower than a processor of thirty years ago, or faster than any, would be an error of units. */
static void
test_peak (void) {
  for (guint i = 0; runet_kernels_get_usable ()[i] != NULL; i++) {
    const RunetKernels *kernels = runet_kernels_get_usable ()[i];
    g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 2, NULL);
    runet_kernels_set (kernels);
    double peak = runet_engine_measure_peak (engine);
    runet_kernels_set (NULL);
    g_test_message ("%s: %.1f GFLOP/s", kernels->name, peak * 1e-9);
    g_assert_cmpfloat (peak, >, 1e8);
    g_assert_cmpfloat (peak, <, 1e13);
    float sum = 0;
    double one = kernels->multiply_add (1, &sum);
    g_assert_cmpfloat (kernels->multiply_add (1000, &sum), ==, 1000 * one);
    /* One chain an operation of two, each of which converges to 1. */
    g_assert_cmpfloat_with_epsilon (sum, one / 2, 1e-3);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/engine/auto", test_auto);
  g_test_add_func ("/nn/engine/asked-for", test_asked_for);
  g_test_add_func ("/nn/engine/all-processors", test_all_processors);
  g_test_add_func ("/nn/engine/too-many-threads", test_too_many_threads);
  g_test_add_func ("/nn/engine/names", test_names);
  g_test_add_func ("/nn/engine/peak", test_peak);
  return g_test_run ();
}
