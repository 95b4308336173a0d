/* Running a plan on the processor: each node forward in order, each node backward in the opposite order. */
#include "plan-private.h"

#include "convolution-pointwise.h"
#include "operations.h"

static const RunetTensor no_tensor;

static const RunetTensor *
get_x (const RunetPlan *plan, const RunetPlanNode *node, guint slot) {
  return &plan->nodes[node->sources[slot].node].y;
}

/* (nullable): %NULL when nothing is behind the source that learns. */
static const RunetTensor *
get_dx (const RunetPlan *plan, const RunetPlanNode *node, guint slot) {
  const RunetPlanNode *source = &plan->nodes[node->sources[slot].node];
  return source->active ? &source->dy : NULL;
}

static void
forward_concat (RunetPlan *plan, const RunetPlanNode *node) {
  RunetTensor part = node->y;
  for (guint j = 0; j < node->count; j++) {
    const RunetTensor *x = get_x (plan, node, j);
    part.c = x->c;
    runet_copy (plan->pool, x, &part, FALSE);
    part.data += x->c;
  }
}

static void
backward_concat (RunetPlan *plan, const RunetPlanNode *node) {
  RunetTensor part = node->dy;
  for (guint j = 0; j < node->count; j++) {
    const RunetTensor *dx = get_dx (plan, node, j);
    part.c = get_x (plan, node, j)->c;
    if (dx != NULL)
      runet_copy (plan->pool, &part, dx, node->add[j]);
    part.data += part.c;
  }
}

/* The softmax with the 1 × 1 convolution before it and the sigmoid of the foreground after it. */
static RunetClassification
open_classification (const RunetPlan *plan, const RunetPlanNode *softmax) {
  RunetClassification classification = {.head = plan->nodes[softmax->head].convolution,
                                        .y = softmax->y};
  if (softmax->sigmoid >= 0) {
    const RunetPlanNode *sigmoid = &plan->nodes[softmax->sigmoid];
    classification.foreground = sigmoid->y;
    classification.slope = sigmoid->node->slope;
    classification.shift = sigmoid->node->shift;
  }
  return classification;
}

void
runet_plan_forward_convolution (const RunetPlan *plan,
                                const RunetPlanNode *node,
                                RunetConvolution *convolution,
                                float *scratch) {
  const RunetPlanNode *reader = node->before >= 0 ? &plan->nodes[node->before] : node;
  RunetTensor x[RUNET_CONVOLUTION_PARTS];
  for (guint j = 0; j < reader->count; j++)
    x[j] = *get_x (plan, reader, j);
  RunetConvolutionOutputs outputs = {.y = node->y};
  RunetClassification classification;
  if (node->pool >= 0)
    outputs.pooled = &plan->nodes[node->pool].y;
  if (node->softmax >= 0) {
    classification = open_classification (plan, &plan->nodes[node->softmax]);
    outputs.classification = &classification;
  }
  node->class->forward (convolution, plan->pool, x, &outputs, scratch);
}

static void
backward_convolution (RunetPlan *plan,
                      const RunetPlanNode *node,
                      float *const *gradients) {
  RunetTensor x[RUNET_CONVOLUTION_PARTS], dx[RUNET_CONVOLUTION_PARTS] = {0};
  gboolean wanted = FALSE;
  for (guint j = 0; j < node->count; j++) {
    const RunetTensor *to = get_dx (plan, node, j);
    x[j] = *get_x (plan, node, j);
    if (to != NULL)
      dx[j] = *to;
    wanted |= to != NULL;
  }
  node->class->backward (node->convolution, plan->pool, x, &node->y, &node->dy,
                         wanted ? dx : NULL, node->add, gradients[node->node->weight],
                         gradients[node->node->bias], plan->scratch);
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
forward_softmax (RunetPlan *plan, const RunetPlanNode *node) {
  if (node->head < 0) {
    runet_softmax_forward (plan->pool, get_x (plan, node, 0), &node->y);
    return;
  }
  const RunetClassification classification = open_classification (plan, node);
  runet_classification_run (&classification, plan->pool,
                            get_x (plan, &plan->nodes[node->head], 0));
}

/* With the sigmoid and the product with the image after it. */
static void
forward_box (RunetPlan *plan, const RunetPlanNode *node) {
  const RunetTensor *x = get_x (plan, node, 0);
  const guint size = node->node->size;
  if (node->sigmoid < 0) {
    runet_box_forward (plan->pool, x, &node->y, size, plan->scratch);
    return;
  }
  const RunetPlanNode *sigmoid = &plan->nodes[node->sigmoid];
  const RunetPlanNode *product = &plan->nodes[node->product];
  const guint image = product->sources[0].node == node->sigmoid ? 1 : 0;
  runet_region_forward (plan->pool, x, get_x (plan, product, image), &sigmoid->y,
                        &product->y, size, sigmoid->node->slope, sigmoid->node->shift,
                        plan->scratch);
}

static void
forward_node (RunetPlan *plan, const RunetPlanNode *node) {
  RunetPool *pool = plan->pool;
  const RunetTensor *y = &node->y;
  const RunetTensor *x = node->count > 0 ? get_x (plan, node, 0) : NULL;
  switch (node->node->op) {
  case RUNET_OP_INPUT:
    break;
  case RUNET_OP_CONVOLUTION:
    runet_plan_forward_convolution (plan, node, node->convolution, plan->scratch);
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
    forward_softmax (plan, node);
    break;
  case RUNET_OP_FOREGROUND:
    runet_foreground_forward (pool, x, y);
    break;
  case RUNET_OP_SIGMOID:
    runet_sigmoid_forward (pool, x, y, node->node->slope, node->node->shift);
    break;
  case RUNET_OP_BOX:
    forward_box (plan, node);
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
    backward_convolution (plan, node, gradients);
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

static gboolean
run_forward (RunetPlan *plan, GCancellable *cancellable, GError **error) {
  double before = runet_plan_get_seconds ();
  for (guint i = 0; i < plan->count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    if (node->unmade || node->carrier >= 0)
      continue;
    forward_node (plan, node);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    const double after = runet_plan_get_seconds ();
    node->forward_seconds = after - before;
    before = after;
  }
  return TRUE;
}

gboolean
runet_plan_run_forward (RunetPlan *plan, GCancellable *cancellable, GError **error) {
  runet_pool_set_cancellable (plan->pool, cancellable);
  const gboolean done = run_forward (plan, cancellable, error);
  runet_pool_set_cancellable (plan->pool, NULL);
  return done;
}

static gboolean
run_backward (RunetPlan *plan,
              float *const *gradients,
              GCancellable *cancellable,
              GError **error) {
  double before = runet_plan_get_seconds ();
  for (guint i = plan->count; i-- > 0;) {
    RunetPlanNode *node = &plan->nodes[i];
    if (!node->active || node->unmade)
      continue;
    backward_node (plan, node, gradients);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    const double after = runet_plan_get_seconds ();
    node->backward_seconds = after - before;
    before = after;
  }
  return TRUE;
}

gboolean
runet_plan_run_backward (RunetPlan *plan,
                         float *const *gradients,
                         GCancellable *cancellable,
                         GError **error) {
  runet_pool_set_cancellable (plan->pool, cancellable);
  const gboolean done = run_backward (plan, gradients, cancellable, error);
  runet_pool_set_cancellable (plan->pool, NULL);
  return done;
}
