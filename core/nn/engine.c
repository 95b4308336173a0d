/* The engines: a pool of workers and a choice of convolution kernels. */
#include "engine.h"

#include <cblas.h>

#include "core/base/error.h"

/* More than any machine of today has; asks for more are slips of the keyboard. */
#define MAX_THREADS 1024

struct _RunetEngine {
  gatomicrefcount references;
  RunetEngineKind kind; /* never AUTO */
  RunetPool *pool;
  gboolean exact;
  char *description;
};

static const struct {
  const char *name;
  RunetEngineKind kind;
} names[] = {
    {"auto", RUNET_ENGINE_AUTO},
    {"reference", RUNET_ENGINE_REFERENCE},
    {"blas", RUNET_ENGINE_BLAS},
};

static const char *
get_vector_unit (void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f"))
    return "AVX-512";
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return "AVX2";
  return "SSE2";
#else
  return "no known vector unit";
#endif
}

/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … Zen" is more than a person wants: two words of it. */
static char *
describe_blas (void) {
  g_auto (GStrv) words = g_strsplit (openblas_get_config (), " ", 3);
  if (g_strv_length (words) < 2)
    return g_strdup ("OpenBLAS");
  return g_strdup_printf ("%s %s (%s)", words[0], words[1], openblas_get_corename ());
}

static char *
describe (RunetEngineKind asked, guint threads) {
  const char *plural = threads == 1 ? "thread" : "threads";
  if (asked == RUNET_ENGINE_REFERENCE)
    return g_strdup_printf ("plain loops, %u %s; as asked for", threads, plural);

  g_autofree char *blas = describe_blas ();
  return g_strdup_printf (
      "%s, %u %s, %s; %s", blas, threads, plural, get_vector_unit (),
      asked == RUNET_ENGINE_AUTO ? "chosen as the fastest engine of this build"
                                 : "as asked for");
}

RunetEngine *
runet_engine_new (RunetEngineKind kind, guint threads, GError **error) {
  if (threads > MAX_THREADS) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                 "Engine: expected at most %d threads, found %u", MAX_THREADS, threads);
    return NULL;
  }
  RunetEngine *engine = g_new0 (RunetEngine, 1);
  g_atomic_ref_count_init (&engine->references);
  engine->kind = kind == RUNET_ENGINE_AUTO ? RUNET_ENGINE_BLAS : kind;
  engine->pool = runet_pool_get (threads);
  /* The pool's workers call BLAS at once; its own threads would only get in their way. */
  if (engine->kind == RUNET_ENGINE_BLAS)
    openblas_set_num_threads (1);
  engine->description = describe (kind, runet_pool_get_workers (engine->pool));
  return engine;
}

RunetEngine *
runet_engine_ref (RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, NULL);
  g_atomic_ref_count_inc (&engine->references);
  return engine;
}

void
runet_engine_unref (RunetEngine *engine) {
  if (engine == NULL || !g_atomic_ref_count_dec (&engine->references))
    return;
  runet_pool_free (engine->pool);
  g_free (engine->description);
  g_free (engine);
}

const char *
runet_engine_get_name (const RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].kind == engine->kind)
      return names[i].name;
  g_return_val_if_reached (NULL);
}

const char *
runet_engine_get_description (const RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, NULL);
  return engine->description;
}

void
runet_engine_set_exact (RunetEngine *engine, gboolean exact) {
  g_return_if_fail (engine != NULL);
  engine->exact = exact;
}

guint
runet_engine_get_threads (const RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, 0);
  return runet_pool_get_workers (engine->pool);
}

gboolean
runet_engine_kind_from_string (const char *name, RunetEngineKind *kind) {
  g_return_val_if_fail (name != NULL && kind != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name)) {
      *kind = names[i].kind;
      return TRUE;
    }
  return FALSE;
}

RunetPool *
runet_engine_get_pool (RunetEngine *engine) {
  return engine->pool;
}

const RunetConvolutionClass *
runet_engine_choose_convolution (const RunetEngine *engine,
                                 const RunetConvolutionShape *shape) {
  if (engine->kind == RUNET_ENGINE_BLAS)
    return runet_convolution_blas_choose (shape, engine->exact);
  return &runet_convolution_reference;
}

gboolean
runet_engine_fuses (const RunetEngine *engine) {
  return engine->kind != RUNET_ENGINE_REFERENCE;
}
