/* What an engine says of itself, and what it refuses. */
#include "core/nn/plan.h"

#include "core/base/error.h"

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

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/engine/auto", test_auto);
  g_test_add_func ("/nn/engine/asked-for", test_asked_for);
  g_test_add_func ("/nn/engine/all-processors", test_all_processors);
  g_test_add_func ("/nn/engine/too-many-threads", test_too_many_threads);
  g_test_add_func ("/nn/engine/names", test_names);
  return g_test_run ();
}
