/* The bytes that a plan has to move through memory at least: what is read and written when every value is read once by
 * whoever needs it and written once. */
#include "plan-private.h"

static gboolean
is_half (RunetPrecision precision) {
  return precision == RUNET_PRECISION_FLOAT16 || precision == RUNET_PRECISION_BFLOAT16;
}

static double
get_element_bytes (const RunetPlan *plan) {
  return is_half (runet_engine_get_precision (plan->engine)) ? 2 : sizeof (float);
}

/* A GPU that calculates in half hands that from convolution to convolution; images, softmax and regions are float32. */
static double
count_value (const RunetPlan *plan, int index) {
  const RunetNode *node = plan->nodes[index].node;
  const gboolean between = node->op == RUNET_OP_CONVOLUTION ||
                           node->op == RUNET_OP_MAX_POOL ||
                           node->op == RUNET_OP_UPSAMPLE || node->op == RUNET_OP_CONCAT;
  const double values = (double)plan->n * (double)(plan->h >> node->level) *
                        (double)(plan->w >> node->level) * (double)node->channels;
  return values * (between ? get_element_bytes (plan) : sizeof (float));
}

static double
count_weights (const RunetPlan *plan, int index) {
  const RunetNode *node = plan->nodes[index].node;
  if (node->weight < 0)
    return 0;
  const RunetParameter *weight =
      &g_array_index (plan->graph->parameters, RunetParameter, node->weight);
  return (double)weight->count * get_element_bytes (plan);
}

double
runet_plan_count_traffic (const RunetPlan *plan, int index) {
  double bytes = 0;
  for (int i = 0; i < (int)plan->count; i++) {
    const RunetPlanNode *node = &plan->nodes[i];
    if (runet_plan_find_runner (plan, i) != index || node->unmade)
      continue;
    bytes += count_weights (plan, i) + (node->stored ? count_value (plan, i) : 0);
    for (guint k = 0; k < node->count; k++)
      if (runet_plan_find_runner (plan, node->sources[k].node) != index)
        bytes += count_value (plan, node->sources[k].node);
  }
  return bytes;
}

double
runet_plan_count_backward_traffic (const RunetPlan *plan, int index) {
  const RunetPlanNode *node = &plan->nodes[index];
  if (!node->active || plan->mode != RUNET_PLAN_TRAINING)
    return 0;
  /* The value (for ReLU) and its gradient; the weights and theirs; each source and, where one is wanted, its gradient. */
  double bytes = 2 * count_value (plan, index) + 2 * count_weights (plan, index);
  for (guint k = 0; k < node->count; k++) {
    const int source = node->sources[k].node;
    bytes += count_value (plan, source) * (plan->nodes[source].active ? 2 : 1);
  }
  return bytes;
}
