/* A plan on the processor: the maps in one arena, a kernel for each convolution. plan-run.c runs it. */
#include "plan-private.h"

#include <stdlib.h>
#include <string.h>

#include "operations.h"

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

static const RunetConvolutionClass *
host_choose_convolution (const RunetPlan *plan, const RunetConvolutionShape *shape) {
  return runet_engine_choose_convolution (plan->engine, shape);
}

static gboolean
host_make (RunetPlan *plan, GError **error) {
  return runet_plan_lay_out (plan, error) && make_kernels (plan, error);
}

static void
host_clear (RunetPlan *plan) {
  for (guint i = 0; i < plan->count; i++)
    if (plan->nodes[i].convolution != NULL)
      plan->nodes[i].convolution->class->free (plan->nodes[i].convolution);
  free (plan->arena);
  free (plan->scratch);
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

static void
host_set_parameters (RunetPlan *plan, const float *const *parameters) {
  /* Training packs all weights again at every step, so the layers share the work. */
  plan->new_parameters = parameters;
  runet_pool_run (plan->pool, plan->count, set_parameters_cb, plan);
  plan->new_parameters = NULL;
}

static float *
host_get_input (RunetPlan *plan) {
  return plan->nodes[0].y.data;
}

static const RunetPlanNode *
get_listed (const RunetPlan *plan, const GArray *list, guint k) {
  return &plan->nodes[g_array_index (list, int, k)];
}

static const RunetTensor *
host_get_output (const RunetPlan *plan, guint k) {
  return &get_listed (plan, plan->graph->outputs, k)->y;
}

static const RunetTensor *
host_get_region (const RunetPlan *plan, guint k) {
  return &get_listed (plan, plan->graph->regions, k)->y;
}

static const RunetTensor *
host_get_output_gradient (RunetPlan *plan, guint k) {
  return &get_listed (plan, plan->graph->outputs, k)->dy;
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

static gsize
host_get_bytes (const RunetPlan *plan) {
  return plan->arena_bytes + plan->scratch_bytes + count_weight_bytes (plan);
}

static void
host_time_node (const RunetPlan *plan, guint index, RunetLayerTiming *timing) {
  const RunetPlanNode *node = &plan->nodes[index];
  timing->forward_seconds = node->forward_seconds;
  timing->backward_seconds = node->backward_seconds;
  timing->algorithm = "loops";
  if (node->unmade)
    timing->algorithm = "read in place";
  else if (node->carrier >= 0)
    timing->algorithm = "with another";
  else if (node->convolution != NULL)
    timing->algorithm = node->convolution->class->algorithm;
}

const RunetPlanClass runet_plan_host = {
    .choose_convolution = host_choose_convolution,
    .make = host_make,
    .clear = host_clear,
    .set_parameters = host_set_parameters,
    .get_input = host_get_input,
    .forward = runet_plan_run_forward,
    .backward = runet_plan_run_backward,
    .get_output = host_get_output,
    .get_region = host_get_region,
    .get_output_gradient = host_get_output_gradient,
    .get_bytes = host_get_bytes,
    .time_node = host_time_node,
};
