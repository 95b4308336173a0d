/* The engines that one table of cases runs on. */
#pragma once

#include "core/nn/plan.h"

static const RunetEngineKind engine_fixture_kinds[] = {
    RUNET_ENGINE_REFERENCE, RUNET_ENGINE_BLAS, RUNET_ENGINE_CUDNN};

static inline const char *
engine_fixture_get_name (RunetEngineKind kind) {
  if (kind == RUNET_ENGINE_CUDNN)
    return "cudnn";
  return kind == RUNET_ENGINE_BLAS ? "blas" : "reference";
}

/* (nullable): %NULL, and the test is skipped, where there is no GPU; tests/stand-in is one. It computes in float32. */
static inline RunetEngine *
engine_fixture_new (RunetEngineKind kind, guint threads) {
  g_autoptr (GError) error = NULL;
  RunetEngine *engine = runet_engine_new (kind, threads, &error);
  if (kind == RUNET_ENGINE_CUDNN && engine == NULL) {
    g_test_skip (error->message);
    return NULL;
  }
  g_assert_no_error (error);
  runet_engine_set_precision (engine, RUNET_PRECISION_FLOAT32);
  return engine;
}
