/* The engines: a pool of workers and a choice of convolution kernels, or a GPU. */
#include "engine.h"

#include <cblas.h>

#include "core/base/error.h"
#include "device-module.h"

/* More than any machine of today has; asks for more are slips of the keyboard. */
#define MAX_THREADS 1024

struct _RunetEngine {
  gatomicrefcount references;
  RunetEngineKind kind; /* never AUTO */
  RunetPool *pool;
  RunetSharedDevice *shared; /* CUDNN */
  gboolean exact;
  RunetPrecision precision;
  char *reason; /* why this one */
  char *equipment, *description;
};

static const struct {
  const char *name;
  RunetEngineKind kind;
} names[] = {
    {"auto", RUNET_ENGINE_AUTO},
    {"reference", RUNET_ENGINE_REFERENCE},
    {"blas", RUNET_ENGINE_BLAS},
    {"cudnn", RUNET_ENGINE_CUDNN},
};

static const struct {
  const char *name, *title;
} precisions[] = {
    [RUNET_PRECISION_TF32] = {"tf32", "TF32"},
    [RUNET_PRECISION_FLOAT32] = {"float32", "float32"},
    [RUNET_PRECISION_FLOAT16] = {"float16", "float16"},
    [RUNET_PRECISION_BFLOAT16] = {"bfloat16", "bfloat16"},
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
list_equipment (const RunetEngine *engine) {
  const guint threads = runet_pool_get_workers (engine->pool);
  const char *plural = threads == 1 ? "thread" : "threads";
  if (engine->kind == RUNET_ENGINE_CUDNN)
    return g_strdup_printf ("%s, %s",
                            engine->shared->class->describe (engine->shared->device),
                            precisions[runet_engine_get_precision (engine)].title);
  if (engine->kind == RUNET_ENGINE_REFERENCE)
    return g_strdup_printf ("plain loops, %u %s", threads, plural);
  g_autofree char *blas = describe_blas ();
  return g_strdup_printf ("%s, %u %s, %s", blas, threads, plural, get_vector_unit ());
}

static void
describe (RunetEngine *engine) {
  g_free (engine->equipment);
  g_free (engine->description);
  engine->equipment = list_equipment (engine);
  engine->description = g_strdup_printf ("%s; %s", engine->equipment, engine->reason);
}

/* @shared: (transfer full) (nullable). @reason: (transfer full). */
static RunetEngine *
make (RunetEngineKind kind, guint threads, RunetSharedDevice *shared, char *reason) {
  RunetEngine *engine = g_new0 (RunetEngine, 1);
  g_atomic_ref_count_init (&engine->references);
  engine->kind = kind;
  engine->pool = runet_pool_get (threads);
  engine->shared = shared;
  engine->reason = reason;
  /* The pool's workers call BLAS at once; its own threads would only get in their way. */
  if (kind == RUNET_ENGINE_BLAS)
    openblas_set_num_threads (1);
  describe (engine);
  return engine;
}

RunetEngine *
runet_engine_new (RunetEngineKind kind, guint threads, GError **error) {
  if (threads > MAX_THREADS) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                 "Engine: expected at most %d threads, found %u", MAX_THREADS, threads);
    return NULL;
  }
  if (kind == RUNET_ENGINE_REFERENCE || kind == RUNET_ENGINE_BLAS)
    return make (kind, threads, NULL, g_strdup ("as asked for"));

  g_autoptr (GError) local = NULL;
  RunetSharedDevice *shared = runet_shared_device_take (&local);
  if (shared != NULL)
    return make (RUNET_ENGINE_CUDNN, threads, shared,
                 g_strdup (kind == RUNET_ENGINE_AUTO ? "chosen because a GPU answers"
                                                     : "as asked for"));
  if (kind == RUNET_ENGINE_AUTO)
    return make (RUNET_ENGINE_BLAS, threads, NULL,
                 g_strdup_printf ("chosen because %s", local->message));
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
               "Engine cudnn: expected a GPU, but %s", local->message);
  return NULL;
}

RunetEngine *
runet_engine_choose (RunetEngineChoice choice, guint threads, GError **error) {
  RunetEngine *engine = runet_engine_new (choice.kind, threads, error);
  if (engine != NULL)
    runet_engine_set_precision (engine, choice.precision);
  return engine;
}

RunetEngine *
runet_engine_new_instead (const RunetEngine *engine, const char *reason) {
  g_return_val_if_fail (engine != NULL && reason != NULL, NULL);
  RunetEngine *instead = make (RUNET_ENGINE_BLAS, runet_engine_get_threads (engine),
                               NULL, g_strdup_printf ("chosen because %s", reason));
  instead->exact = engine->exact;
  return instead;
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
  runet_shared_device_drop (engine->shared);
  g_free (engine->reason);
  g_free (engine->equipment);
  g_free (engine->description);
  g_free (engine);
}

const char *
runet_engine_kind_to_string (RunetEngineKind kind) {
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].kind == kind)
      return names[i].name;
  g_return_val_if_reached (NULL);
}

const char *
runet_engine_get_name (const RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, NULL);
  return runet_engine_kind_to_string (engine->kind);
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
  describe (engine);
}

void
runet_engine_set_precision (RunetEngine *engine, RunetPrecision precision) {
  g_return_if_fail (engine != NULL && (guint)precision < G_N_ELEMENTS (precisions));
  engine->precision = precision;
  describe (engine);
}

RunetPrecision
runet_engine_get_precision (const RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, RUNET_PRECISION_FLOAT32);
  if (engine->shared == NULL || engine->exact)
    return RUNET_PRECISION_FLOAT32;
  return engine->precision;
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

gboolean
runet_precision_from_string (const char *name, RunetPrecision *precision) {
  g_return_val_if_fail (name != NULL && precision != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (precisions); i++)
    if (g_str_equal (precisions[i].name, name)) {
      *precision = i;
      return TRUE;
    }
  return FALSE;
}

const char *
runet_precision_to_string (RunetPrecision precision) {
  g_return_val_if_fail ((guint)precision < G_N_ELEMENTS (precisions), NULL);
  return precisions[precision].name;
}

const char *
runet_engine_get_equipment (const RunetEngine *engine) {
  return engine->equipment;
}

const RunetDeviceClass *
runet_engine_get_device (const RunetEngine *engine, RunetDevice **device) {
  if (engine->shared == NULL)
    return NULL;
  *device = engine->shared->device;
  return engine->shared->class;
}

GRecMutex *
runet_engine_get_device_lock (const RunetEngine *engine) {
  g_return_val_if_fail (engine->shared != NULL, NULL);
  return &engine->shared->lock;
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
