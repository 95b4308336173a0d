/* What an engine says of itself, what it refuses, and what becomes of a GPU that cannot be had. */
#include "core/nn/engine.h"

#include <glib/gstdio.h>
#include <string.h>
#include "core/base/error.h"
#include "core/nn/convolution-kernels.h"

#define VARIABLE "RUNET_DEVICE_MODULE"

/* Whatever there is here. */
static void
test_auto (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 3, &error);
  g_assert_no_error (error);
  const char *name = runet_engine_get_name (engine);
  g_assert_true (g_str_equal (name, "blas") || g_str_equal (name, "cudnn"));
  g_assert_cmpuint (runet_engine_get_threads (engine), ==, 3);
  const char *description = runet_engine_get_description (engine);
  g_test_message ("%s", description);
  g_assert_nonnull (strstr (description, "; chosen because "));
  g_assert_null (strchr (description, '\n'));
}

/* @module stands for what is installed as the GPU's module: both ways of asking, and the list, say @reason. */
static void
check_unusable (const char *module, const char *reason) {
  g_setenv (VARIABLE, module, TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_engine_new (RUNET_ENGINE_CUDNN, 1, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_null (strchr (error->message, '\n'));

  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 3, NULL);
  g_assert_cmpstr (runet_engine_get_name (engine), ==, "blas");
  const char *description = runet_engine_get_description (engine);
  g_assert_nonnull (strstr (description, "OpenBLAS"));
  g_assert_nonnull (strstr (description, "3 threads"));
  g_assert_nonnull (strstr (description, "; chosen because "));
  g_assert_nonnull (strstr (description, reason));

  g_autoptr (GPtrArray) list = runet_engine_list ();
  const RunetEngineEntry *gpu = g_ptr_array_index (list, 0);
  g_assert_cmpint (gpu->kind, ==, RUNET_ENGINE_CUDNN);
  g_assert_null (gpu->equipment);
  g_assert_nonnull (strstr (gpu->reason, reason));
  g_unsetenv (VARIABLE);
}

static void
test_absent_module (void) {
  check_unusable ("/nowhere/librunet-cudnn.so", "cannot be opened (/nowhere/");
}

static void
test_text_for_a_module (void) {
  g_autofree char *path = NULL;
  g_close (g_file_open_tmp ("runet-module-XXXXXX.so", &path, NULL), NULL);
  g_autofree char *letter = g_strnfill (4096, 'a');
  g_assert_true (g_file_set_contents (path, letter, -1, NULL));
  check_unusable (path, "cannot be opened");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  check_unusable (path, "cannot be opened");
  g_unlink (path);
}

static void
test_foreign_module (void) {
  check_unusable (FOREIGN_MODULE, "expected a function runet_device_get_class");
}

static void
test_module_of_another_build (void) {
  g_autofree char *reason =
      g_strdup_printf ("expected interface %d, found 4711", RUNET_DEVICE_INTERFACE);
  check_unusable (OTHER_MODULE, reason);
}

static void
test_silent_device (void) {
  check_unusable (SILENT_MODULE, "no GPU answers (the fan is too loud)");
}

/* Everywhere, whether or not there is a GPU: what there is, is described; what there is not, has a reason. */
static void
test_list (void) {
  g_autoptr (GPtrArray) list = runet_engine_list ();
  const RunetEngineKind kinds[] = {RUNET_ENGINE_CUDNN, RUNET_ENGINE_BLAS,
                                   RUNET_ENGINE_REFERENCE};
  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < list->len; i++) {
    const RunetEngineEntry *entry = g_ptr_array_index (list, i);
    g_test_message ("%s: %s", entry->name,
                    entry->equipment ? entry->equipment : entry->reason);
    g_assert_cmpint (entry->kind, ==, kinds[i]);
    g_assert_true ((entry->equipment == NULL) != (entry->reason == NULL));
    g_autoptr (RunetEngine) engine = runet_engine_new (entry->kind, 0, NULL);
    g_assert_true ((engine != NULL) == (entry->equipment != NULL));
    if (engine != NULL)
      g_assert_cmpstr (entry->name, ==, runet_engine_get_name (engine));
  }
}

/* A start on a machine without a driver must not wait for it. */
static void
test_no_driver_costs_nothing (void) {
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (RunetEngine) gpu = runet_engine_new (RUNET_ENGINE_CUDNN, 1, &error);
  const double ms = (double)(g_get_monotonic_time () - start) / 1000;
  if (gpu != NULL || strstr (error->message, "no NVIDIA driver is installed") == NULL) {
    g_test_skip ("There is an NVIDIA driver here");
    return;
  }
  g_test_message ("%.3f ms", ms);
  /* Some 0.1 ms when nothing else runs; a hundred times that is a failure on any machine. */
  g_assert_cmpfloat (ms, <, 20);
}

static void
test_precision (void) {
  static const char *const words[] = {"tf32", "float32", "float16", "bfloat16"};
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    RunetPrecision precision;
    g_assert_true (runet_precision_from_string (words[i], &precision));
    g_assert_cmpint (precision, ==, i);
    g_assert_cmpstr (runet_precision_to_string (precision), ==, words[i]);
  }
  RunetPrecision precision = RUNET_PRECISION_BFLOAT16;
  g_assert_false (runet_precision_from_string ("float64", &precision));
  g_assert_cmpint (precision, ==, RUNET_PRECISION_BFLOAT16);
  /* The processor does not have less than float32. */
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 1, NULL);
  runet_engine_set_precision (engine, RUNET_PRECISION_FLOAT16);
  g_assert_cmpint (runet_engine_get_precision (engine), ==, RUNET_PRECISION_FLOAT32);
}

static void
test_instead (void) {
  g_autoptr (RunetEngine) first = runet_engine_new (RUNET_ENGINE_REFERENCE, 2, NULL);
  g_autoptr (RunetEngine) engine =
      runet_engine_new_instead (first, "the GPU’s memory does not suffice");
  g_assert_cmpstr (runet_engine_get_name (engine), ==, "blas");
  g_assert_cmpuint (runet_engine_get_threads (engine), ==, 2);
  g_assert_true (
      g_str_has_suffix (runet_engine_get_description (engine),
                        "; chosen because the GPU’s memory does not suffice"));
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
  g_assert_true (runet_engine_kind_from_string ("cudnn", &kind));
  g_assert_cmpint (kind, ==, RUNET_ENGINE_CUDNN);
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
  g_test_add_func ("/nn/engine/list", test_list);
  g_test_add_func ("/nn/engine/precision", test_precision);
  g_test_add_func ("/nn/engine/instead", test_instead);
  g_test_add_func ("/nn/engine/module/no-driver", test_no_driver_costs_nothing);
  g_test_add_func ("/nn/engine/module/absent", test_absent_module);
  g_test_add_func ("/nn/engine/module/text", test_text_for_a_module);
  g_test_add_func ("/nn/engine/module/foreign", test_foreign_module);
  g_test_add_func ("/nn/engine/module/another-build", test_module_of_another_build);
  g_test_add_func ("/nn/engine/module/silent", test_silent_device);
  return g_test_run ();
}
