/* A graph made ready to run: made, filled, looked at and freed. */
#include "plan-private.h"

#include <time.h>

#include "core/base/error.h"

gboolean
runet_plan_fail_memory (const RunetPlan *plan, gsize bytes, GError **error) {
  g_autofree char *size = bytes == G_MAXSIZE
                              ? g_strdup ("more than can be counted")
                              : g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
               "Network: not enough memory for %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
               " × %" G_GSIZE_FORMAT " (batch, rows, columns), which needs %s",
               plan->n, plan->h, plan->w, size);
  return FALSE;
}

static gboolean
check_size (const RunetGraph *graph, gsize n, gsize h, gsize w, GError **error) {
  const gsize multiple = (gsize)1 << runet_graph_get_levels (graph);
  if (n > 0 && h > 0 && w > 0 && h % multiple == 0 && w % multiple == 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
               "Network: expected rows and columns in multiples of %" G_GSIZE_FORMAT
               ", found %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
               " (batch, rows, columns)",
               multiple, n, h, w);
  return FALSE;
}

static RunetPlan *
prepare (RunetEngine *engine,
         const RunetGraph *graph,
         gsize n,
         gsize h,
         gsize w,
         RunetPlanMode mode) {
  RunetDevice *device;
  RunetPlan *plan = g_new0 (RunetPlan, 1);
  plan->engine = runet_engine_ref (engine);
  plan->class = runet_engine_get_device (engine, &device) != NULL
                    ? &runet_plan_on_device
                    : &runet_plan_host;
  plan->pool = runet_pool_share (runet_engine_get_pool (engine));
  plan->graph = graph;
  plan->mode = mode;
  plan->n = n;
  plan->h = h;
  plan->w = w;
  plan->count = graph->nodes->len;
  plan->nodes = g_new0 (RunetPlanNode, plan->count);
  for (guint i = 0; i < plan->count; i++)
    plan->nodes[i].node = &g_array_index (graph->nodes, RunetNode, i);
  for (guint k = 0; k < graph->outputs->len; k++)
    plan->nodes[g_array_index (graph->outputs, int, k)].is_output = TRUE;
  runet_plan_fuse (plan);
  runet_plan_find_gradients (plan);
  return plan;
}

/* Why a GPU could not, when the processor may be able to. (nullable) */
static const char *
get_reason (const GError *error) {
  if (g_error_matches (error, RUNET_ERROR, RUNET_ERROR_MEMORY))
    return "the GPU's memory does not suffice";
  if (g_error_matches (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED))
    return "the GPU's libraries cannot do this network";
  return NULL;
}

RunetPlan *
runet_plan_new (RunetEngine *engine,
                const RunetGraph *graph,
                gsize n,
                gsize h,
                gsize w,
                RunetPlanMode mode,
                GError **error) {
  g_return_val_if_fail (engine != NULL && graph != NULL, NULL);
  g_return_val_if_fail (graph->nodes->len > 0 && graph->outputs->len > 0, NULL);
  if (!check_size (graph, n, h, w, error))
    return NULL;

  g_autoptr (GError) local = NULL;
  g_autoptr (RunetPlan) plan = prepare (engine, graph, n, h, w, mode);
  if (plan->class->make (plan, &local))
    return g_steal_pointer (&plan);
  const char *reason = get_reason (local);
  if (plan->class == &runet_plan_host || reason == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  g_autoptr (RunetEngine) instead = runet_engine_new_instead (engine, reason);
  return runet_plan_new (instead, graph, n, h, w, mode, error);
}

void
runet_plan_free (RunetPlan *plan) {
  if (plan == NULL)
    return;
  plan->class->clear (plan);
  g_free (plan->nodes);
  runet_pool_free (plan->pool);
  runet_engine_unref (plan->engine);
  g_free (plan);
}

RunetEngine *
runet_plan_get_engine (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  return plan->engine;
}

RunetDevicePlan *
runet_plan_get_device_plan (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  return plan->device_plan;
}

void
runet_plan_set_parameters (RunetPlan *plan, const float *const *parameters) {
  g_return_if_fail (plan != NULL && parameters != NULL);
  plan->class->set_parameters (plan, parameters);
}

float *
runet_plan_get_input (RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  return plan->class->get_input (plan);
}

const RunetTensor *
runet_plan_get_output (const RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->outputs->len, NULL);
  return plan->class->get_output (plan, k);
}

const RunetTensor *
runet_plan_get_region (const RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->regions->len, NULL);
  return plan->class->get_region (plan, k);
}

const RunetTensor *
runet_plan_get_output_gradient (RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->outputs->len, NULL);
  g_return_val_if_fail (plan->mode == RUNET_PLAN_TRAINING, NULL);
  return plan->class->get_output_gradient (plan, k);
}

gboolean
runet_plan_forward (RunetPlan *plan, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail (plan != NULL, FALSE);
  return plan->class->forward (plan, cancellable, error);
}

gboolean
runet_plan_backward (RunetPlan *plan,
                     float *const *gradients,
                     GCancellable *cancellable,
                     GError **error) {
  g_return_val_if_fail (plan != NULL && gradients != NULL, FALSE);
  g_return_val_if_fail (plan->mode == RUNET_PLAN_TRAINING, FALSE);
  return plan->class->backward (plan, gradients, cancellable, error);
}

gsize
runet_plan_get_bytes (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, 0);
  return plan->class->get_bytes (plan);
}

double
runet_plan_get_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Of the nodes whose forward is that of @index. */
static double
count_macs (const RunetPlan *plan, int index) {
  double macs = 0;
  for (int i = 0; i < (int)plan->count; i++)
    if (runet_plan_find_runner (plan, i) == index)
      macs += plan->nodes[i].macs;
  return macs;
}

GArray *
runet_plan_get_timings (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  GArray *timings = g_array_new (FALSE, FALSE, sizeof (RunetLayerTiming));
  for (guint i = 0; i < plan->count; i++) {
    const RunetPlanNode *node = &plan->nodes[i];
    /* The weights' gradient, and the input's unless it is the image. */
    guint gradients = node->active ? 1 : 0;
    if (node->active && node->count > 0 && plan->nodes[node->sources[0].node].active)
      gradients = 2;
    RunetLayerTiming timing = {
        .name = node->node->name,
        .macs = count_macs (plan, (int)i),
        .backward_macs = gradients * node->macs,
        .bytes = runet_plan_count_traffic (plan, (int)i),
        .backward_bytes = runet_plan_count_backward_traffic (plan, (int)i),
    };
    plan->class->time_node (plan, i, &timing);
    g_array_append_val (timings, timing);
  }
  return timings;
}
