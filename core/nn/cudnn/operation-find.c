/* What cuDNN proposes for an operation, and which of it is taken.
 *
 * The first plans that work are timed once on the device and the fastest is kept. Without a device the first is. */
#include "operation-private.h"

/* Of one heuristic; cuDNN sorts them, and the best is almost always among the first. */
#define PROPOSALS 24
/* Plans that are made and timed. They are compiled already, as long as they are not too unusual. */
#define CANDIDATES 8
/* Plans that ask for more scratch memory are not worth it. */
#define WORKSPACE_LIMIT ((gint64)512 << 20)

typedef struct {
  const RunetOperationTarget *target;
  const RunetOperationShape *shape;
  RunetOperationStep best;
  double seconds;
  guint candidates; /* of one heuristic */
  gboolean works; /* the best one ran */
} Search;

void
runet_operation_step_clear (RunetOperationStep *step) {
  runet_backend_clear (&step->backend);
  step->plan = NULL;
}

static gboolean
has_note (cudnnBackendDescriptor_t engine, cudnnBackendNumericalNote_t note) {
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  gint64 count = 0;
  if (cudnnBackendGetAttribute (engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                CUDNN_TYPE_NUMERICAL_NOTE, G_N_ELEMENTS (notes), &count,
                                notes) != CUDNN_STATUS_SUCCESS)
    return TRUE;
  for (gint64 i = 0; i < count && i < (gint64)G_N_ELEMENTS (notes); i++)
    if (notes[i] == note)
      return TRUE;
  return FALSE;
}

/* The same bits at each run; and float32 that is float32, where that was asked for. */
static gboolean
is_allowed (const RunetOperationShape *shape, cudnnBackendDescriptor_t config) {
  cudnnBackendDescriptor_t engine = NULL;
  gint64 count = 0;
  if (cudnnBackendCreateDescriptor (CUDNN_BACKEND_ENGINE_DESCRIPTOR, &engine) !=
      CUDNN_STATUS_SUCCESS)
    return FALSE;
  gboolean allowed = cudnnBackendGetAttribute (config, CUDNN_ATTR_ENGINECFG_ENGINE,
                                               CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &count,
                                               &engine) == CUDNN_STATUS_SUCCESS &&
                     !has_note (engine, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC);
  if (allowed && shape->exact)
    allowed = !has_note (engine, CUDNN_NUMERICAL_NOTE_TENSOR_CORE) &&
              !has_note (engine, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS) &&
              !has_note (engine, CUDNN_NUMERICAL_NOTE_WINOGRAD);
  cudnnBackendDestroyDescriptor (engine);
  return allowed;
}

/* The plan of @config. */
static gboolean
make_plan (const RunetOperationTarget *target,
           RunetOperationStep *step,
           cudnnBackendDescriptor_t config) {
  RunetBackend *backend = &step->backend;
  gint64 count = 0;
  step->plan = runet_backend_add (backend, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
  runet_backend_set_descriptor (backend, step->plan,
                                CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, config);
  if (target->handle != NULL)
    runet_backend_set (backend, step->plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE,
                       CUDNN_TYPE_HANDLE, 1, &target->handle);
  else
    runet_backend_set_descriptor (
        backend, step->plan, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, target->properties);
  runet_backend_finalize (backend, step->plan);
  if (backend->status == CUDNN_STATUS_SUCCESS)
    backend->status =
        cudnnBackendGetAttribute (step->plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                  CUDNN_TYPE_INT64, 1, &count, &step->workspace);
  return backend->status == CUDNN_STATUS_SUCCESS && step->workspace <= WORKSPACE_LIMIT;
}

static void
try_config (Search *search, cudnnBackendDescriptor_t config) {
  RunetOperationStep step = {0};
  if (!is_allowed (search->shape, config))
    return;
  runet_backend_init (&step.backend);
  if (make_plan (search->target, &step, config)) {
    search->candidates++;
    const double seconds =
        search->target->handle != NULL
            ? runet_operation_measure_step (&step, search->target, search->shape)
            : 0;
    search->works |= seconds < G_MAXDOUBLE;
    if (search->best.plan == NULL || seconds < search->seconds) {
      const RunetOperationStep beaten = search->best;
      search->best = step;
      search->seconds = seconds;
      step = beaten;
    }
  }
  runet_operation_step_clear (&step);
}

/* What the heuristic @mode proposes, in @proposals, which it makes room for. */
static guint
propose (RunetBackend *backend,
         const RunetOperationTarget *target,
         cudnnBackendDescriptor_t graph,
         cudnnBackendHeurMode_t mode,
         cudnnBackendDescriptor_t *proposals) {
  gint64 found = 0;
  cudnnBackendDescriptor_t heuristic =
      runet_backend_add (backend, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  runet_backend_set_descriptor (backend, heuristic,
                                CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
  runet_backend_set (backend, heuristic, CUDNN_ATTR_ENGINEHEUR_MODE,
                     CUDNN_TYPE_HEUR_MODE, 1, &mode);
  if (target->handle == NULL)
    runet_backend_set_descriptor (backend, heuristic, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP,
                                  target->properties);
  runet_backend_finalize (backend, heuristic);
  for (guint i = 0; i < PROPOSALS; i++)
    proposals[i] = runet_backend_add (backend, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  if (backend->status == CUDNN_STATUS_SUCCESS)
    backend->status = cudnnBackendGetAttribute (
        heuristic, CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR,
        PROPOSALS, &found, proposals);
  return backend->status == CUDNN_STATUS_SUCCESS ? (guint)MIN (found, PROPOSALS) : 0;
}

static void
try_mode (Search *search, cudnnBackendHeurMode_t mode) {
  const guint wanted = search->target->handle != NULL ? CANDIDATES : 1;
  cudnnBackendDescriptor_t proposals[PROPOSALS];
  RunetBackend backend;
  search->candidates = 0;
  runet_backend_init (&backend);
  cudnnBackendDescriptor_t graph =
      runet_operation_describe (&backend, search->target, search->shape);
  const guint count = propose (&backend, search->target, graph, mode, proposals);
  for (guint i = 0; i < count && search->candidates < wanted; i++)
    try_config (search, proposals[i]);
  runet_backend_clear (&backend);
}

gboolean
runet_operation_find_step (const RunetOperationTarget *target,
                           const RunetOperationShape *shape,
                           RunetOperationStep *step) {
  static const cudnnBackendHeurMode_t modes[] = {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_B,
                                                 CUDNN_HEUR_MODE_FALLBACK};
  Search search = {.target = target, .shape = shape};
  for (guint i = 0; i < G_N_ELEMENTS (modes) && !search.works; i++)
    try_mode (&search, modes[i]);
  *step = search.best;
  return search.best.plan != NULL;
}
