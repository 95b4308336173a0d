/* A graph made ready to run: made, filled, looked at and freed. */
#include "plan-private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/error.h"
#include "operations.h"

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

static gsize
count_scratch_floats (const RunetPlan *plan, const RunetPlanNode *node) {
  const RunetTensor *y = &node->y;
  switch (node->node->op) {
  case RUNET_OP_CONVOLUTION:
    return node->convolution->class->scratch_floats (node->convolution);
  case RUNET_OP_BOX:
    return runet_box_scratch_floats (y->n, y->h, y->w);
  case RUNET_OP_MIX:
    return plan->mode == RUNET_PLAN_TRAINING ? runet_mix_scratch_floats (y->n, y->h)
                                             : 0;
  default:
    return 0;
  }
}

static gboolean
make_convolution (RunetPlan *plan, RunetPlanNode *node) {
  const RunetTensor *first = &plan->nodes[node->sources[0].node].y, *y = &node->y;
  RunetConvolutionShape shape = {
      .n = y->n,
      .h = y->h,
      .w = y->w,
      .out_channels = node->node->channels,
      .kernel = node->node->kernel,
      .relu = node->node->relu,
      .split = node->count > 1 ? first->c : 0,
      .doubled = node->sources[0].doubled,
      .before = node->before >= 0 ? plan->nodes[node->before].convolution : NULL,
      .classified = node->softmax >= 0,
  };
  for (guint j = 0; j < node->count; j++)
    shape.in_channels += plan->nodes[node->sources[j].node].y.c;
  node->convolution = node->class->new_ (&shape, plan->mode == RUNET_PLAN_TRAINING,
                                         runet_pool_get_workers (plan->pool));
  node->macs = (double)shape.n * (double)shape.h * (double)shape.w *
               (double)(shape.in_channels * shape.out_channels) *
               (shape.kernel * shape.kernel);
  return node->convolution != NULL;
}

static gboolean
make_kernels (RunetPlan *plan, GError **error) {
  for (guint i = 0; i < plan->count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    if (node->node->op == RUNET_OP_CONVOLUTION && !make_convolution (plan, node))
      return runet_plan_fail_memory (plan, plan->arena_bytes, error);
  }
  if (plan->mode == RUNET_PLAN_INFERENCE)
    runet_plan_choose (plan);
  for (guint i = 0; i < plan->count; i++) {
    const RunetPlanNode *node = &plan->nodes[i];
    const gsize floats = count_scratch_floats (plan, node);
    plan->scratch_bytes = MAX (plan->scratch_bytes, floats * sizeof (float));
  }
  plan->scratch = runet_arena_allocate (plan->scratch_bytes);
  if (plan->scratch == NULL)
    return runet_plan_fail_memory (plan, plan->scratch_bytes, error);
  return TRUE;
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

  g_autoptr (RunetPlan) plan = g_new0 (RunetPlan, 1);
  plan->engine = runet_engine_ref (engine);
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
  if (!runet_plan_lay_out (plan, error) || !make_kernels (plan, error))
    return NULL;
  return g_steal_pointer (&plan);
}

void
runet_plan_free (RunetPlan *plan) {
  if (plan == NULL)
    return;
  for (guint i = 0; i < plan->count; i++)
    if (plan->nodes[i].convolution != NULL)
      plan->nodes[i].convolution->class->free (plan->nodes[i].convolution);
  g_free (plan->nodes);
  free (plan->arena);
  free (plan->scratch);
  runet_pool_free (plan->pool);
  runet_engine_unref (plan->engine);
  g_free (plan);
}

static void
set_parameters_cb (gsize task, guint worker, gpointer user_data) {
  RunetPlan *plan = user_data;
  RunetPlanNode *node = &plan->nodes[task];
  const int weight = node->node->weight;
  if (node->node->op == RUNET_OP_CONVOLUTION)
    node->convolution->class->set_weights (node->convolution,
                                           plan->new_parameters[weight],
                                           plan->new_parameters[node->node->bias]);
  else if (node->node->op == RUNET_OP_MIX)
    memcpy (node->logits, plan->new_parameters[weight], sizeof node->logits);
}

void
runet_plan_set_parameters (RunetPlan *plan, const float *const *parameters) {
  g_return_if_fail (plan != NULL && parameters != NULL);
  /* Training packs all weights again at every step, so the layers share the work. */
  plan->new_parameters = parameters;
  runet_pool_run (plan->pool, plan->count, set_parameters_cb, plan);
  plan->new_parameters = NULL;
}

float *
runet_plan_get_input (RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  return plan->nodes[0].y.data;
}

static RunetPlanNode *
get_listed (const RunetPlan *plan, const GArray *list, guint k) {
  return k < list->len ? &plan->nodes[g_array_index (list, int, k)] : NULL;
}

const RunetTensor *
runet_plan_get_output (const RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->outputs->len, NULL);
  return &get_listed (plan, plan->graph->outputs, k)->y;
}

const RunetTensor *
runet_plan_get_region (const RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->regions->len, NULL);
  return &get_listed (plan, plan->graph->regions, k)->y;
}

const RunetTensor *
runet_plan_get_output_gradient (RunetPlan *plan, guint k) {
  g_return_val_if_fail (plan != NULL && k < plan->graph->outputs->len, NULL);
  g_return_val_if_fail (plan->mode == RUNET_PLAN_TRAINING, NULL);
  return &get_listed (plan, plan->graph->outputs, k)->dy;
}

RunetEngine *
runet_plan_get_engine (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, NULL);
  return plan->engine;
}

static gsize
count_weight_bytes (const RunetPlan *plan) {
  gsize bytes = 0;
  for (guint i = 0; i < plan->count; i++) {
    const RunetConvolution *convolution = plan->nodes[i].convolution;
    if (convolution != NULL)
      bytes += convolution->class->weight_bytes (convolution);
  }
  return bytes;
}

gsize
runet_plan_get_bytes (const RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, 0);
  return plan->arena_bytes + plan->scratch_bytes + count_weight_bytes (plan);
}

double
runet_plan_get_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const char *
get_algorithm (const RunetPlanNode *node) {
  if (node->unmade)
    return "read in place";
  if (node->carrier >= 0)
    return "with another";
  return node->convolution != NULL ? node->convolution->class->algorithm : "loops";
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
    const RunetLayerTiming timing = {
        .name = node->node->name,
        .algorithm = get_algorithm (node),
        .macs = count_macs (plan, (int)i),
        .backward_macs = gradients * node->macs,
        .forward_seconds = node->forward_seconds,
        .backward_seconds = node->backward_seconds,
    };
    g_array_append_val (timings, timing);
  }
  return timings;
}
