/* Running a plan: each node forward in order, each node backward in the opposite order. */
#include "plan-private.h"

#include <time.h>

#include "operations.h"

static const RunetTensor no_tensor;

static double
get_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const RunetTensor *
get_x (const RunetPlan *plan, const RunetPlanNode *node, guint slot) {
  return &plan->nodes[node->node->inputs[slot]].y;
}

/* (nullable): %NULL when nothing is behind the input that learns. */
static const RunetTensor *
get_dx (const RunetPlan *plan, const RunetPlanNode *node, guint slot) {
  const RunetPlanNode *input = &plan->nodes[node->node->inputs[slot]];
  return input->active ? &input->dy : NULL;
}

static void
forward_concat (RunetPlan *plan, const RunetPlanNode *node) {
  RunetTensor part = node->y;
  for (guint j = 0; j < node->inputs; j++) {
    const RunetTensor *x = get_x (plan, node, j);
    part.c = x->c;
    if (!node->y_in_place[j])
      runet_copy (plan->pool, x, &part, FALSE);
    part.data += x->c;
  }
}

static void
backward_concat (RunetPlan *plan, const RunetPlanNode *node) {
  RunetTensor part = node->dy;
  for (guint j = 0; j < node->inputs; j++) {
    const RunetTensor *dx = get_dx (plan, node, j);
    part.c = get_x (plan, node, j)->c;
    if (dx != NULL && !node->dy_in_place[j])
      runet_copy (plan->pool, &part, dx, node->add[j]);
    part.data += part.c;
  }
}

static void
backward_mix (RunetPlan *plan, const RunetPlanNode *node, float *const *gradients) {
  const RunetTensor *x[RUNET_NODE_INPUTS], *dx[RUNET_NODE_INPUTS];
  for (guint j = 0; j < RUNET_NODE_INPUTS; j++) {
    x[j] = get_x (plan, node, j);
    dx[j] = get_dx (plan, node, j);
    if (dx[j] == NULL)
      dx[j] = &no_tensor;
  }
  runet_mix_backward (plan->pool, x, &node->dy, dx, node->add, node->logits,
                      gradients[node->node->weight], plan->scratch);
}

static void
backward_multiply (RunetPlan *plan, const RunetPlanNode *node) {
  for (guint j = 0; j < 2; j++)
    if (get_dx (plan, node, j) != NULL)
      runet_multiply_backward (plan->pool, get_x (plan, node, 1 - j), &node->dy,
                               get_dx (plan, node, j), node->add[j]);
}

static void
forward_mix (RunetPlan *plan, const RunetPlanNode *node) {
  const RunetTensor *x[RUNET_NODE_INPUTS];
  for (guint j = 0; j < RUNET_NODE_INPUTS; j++)
    x[j] = get_x (plan, node, j);
  runet_mix_forward (plan->pool, x, &node->y, node->logits);
}

static void
forward_node (RunetPlan *plan, const RunetPlanNode *node) {
  RunetPool *pool = plan->pool;
  const RunetTensor *y = &node->y;
  const RunetTensor *x = node->inputs > 0 ? get_x (plan, node, 0) : NULL;
  switch (node->node->op) {
  case RUNET_OP_INPUT:
    break;
  case RUNET_OP_CONVOLUTION:
    node->convolution->class->forward (node->convolution, pool, x, y, NULL, plan->scratch);
    break;
  case RUNET_OP_MAX_POOL:
    runet_max_pool_forward (pool, x, y);
    break;
  case RUNET_OP_UPSAMPLE:
    runet_upsample_forward (pool, x, y);
    break;
  case RUNET_OP_CONCAT:
    forward_concat (plan, node);
    break;
  case RUNET_OP_SOFTMAX:
    runet_softmax_forward (pool, x, y);
    break;
  case RUNET_OP_FOREGROUND:
    runet_foreground_forward (pool, x, y);
    break;
  case RUNET_OP_SIGMOID:
    runet_sigmoid_forward (pool, x, y, node->node->slope, node->node->shift);
    break;
  case RUNET_OP_BOX:
    runet_box_forward (pool, x, y, node->node->size, plan->scratch);
    break;
  case RUNET_OP_MIX:
    forward_mix (plan, node);
    break;
  case RUNET_OP_MULTIPLY:
    runet_multiply_forward (pool, x, get_x (plan, node, 1), y);
    break;
  }
}

/* For a node that is active; all but CONVOLUTION, MIX, CONCAT and MULTIPLY then have an active
 * input, because they have no parameters of their own. */
static void
backward_node (RunetPlan *plan, const RunetPlanNode *node, float *const *gradients) {
  RunetPool *pool = plan->pool;
  const RunetTensor *x = get_x (plan, node, 0), *dx = get_dx (plan, node, 0);
  const gboolean add = node->add[0];
  switch (node->node->op) {
  case RUNET_OP_INPUT:
    break;
  case RUNET_OP_CONVOLUTION:
    node->convolution->class->backward (node->convolution, pool, x, &node->y, &node->dy,
                                        dx, node->add, gradients[node->node->weight],
                                        gradients[node->node->bias], plan->scratch);
    break;
  case RUNET_OP_MAX_POOL:
    runet_max_pool_backward (pool, x, &node->y, &node->dy, dx, add);
    break;
  case RUNET_OP_UPSAMPLE:
    runet_upsample_backward (pool, &node->dy, dx, add);
    break;
  case RUNET_OP_CONCAT:
    backward_concat (plan, node);
    break;
  case RUNET_OP_SOFTMAX:
    runet_softmax_backward (pool, &node->y, &node->dy, dx, add);
    break;
  case RUNET_OP_FOREGROUND:
    runet_foreground_backward (pool, &node->dy, dx, add);
    break;
  case RUNET_OP_SIGMOID:
    runet_sigmoid_backward (pool, &node->y, &node->dy, dx, node->node->slope, add);
    break;
  case RUNET_OP_BOX:
    runet_box_backward (pool, &node->dy, dx, node->node->size, add, plan->scratch);
    break;
  case RUNET_OP_MIX:
    backward_mix (plan, node, gradients);
    break;
  case RUNET_OP_MULTIPLY:
    backward_multiply (plan, node);
    break;
  }
}

gboolean
runet_plan_forward (RunetPlan *plan, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail (plan != NULL, FALSE);
  double before = get_seconds ();
  for (guint i = 0; i < plan->count; i++) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    forward_node (plan, &plan->nodes[i]);
    const double after = get_seconds ();
    plan->nodes[i].forward_seconds = after - before;
    before = after;
  }
  return TRUE;
}

gboolean
runet_plan_backward (RunetPlan *plan,
                     float *const *gradients,
                     GCancellable *cancellable,
                     GError **error) {
  g_return_val_if_fail (plan != NULL && gradients != NULL, FALSE);
  g_return_val_if_fail (plan->mode == RUNET_PLAN_TRAINING, FALSE);
  double before = get_seconds ();
  for (guint i = plan->count; i-- > 0;) {
    if (!plan->nodes[i].active)
      continue;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    backward_node (plan, &plan->nodes[i], gradients);
    const double after = get_seconds ();
    plan->nodes[i].backward_seconds = after - before;
    before = after;
  }
  return TRUE;
}
