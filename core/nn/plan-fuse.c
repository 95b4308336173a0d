/* Which nodes of a plan are done together.
 *
 * An up-sampling or a concatenation that only convolutions read is never made: they read its inputs
 * where those lie. A convolution writes the max-pooled map beside its own. The softmax carries the
 * 1 × 1 convolution before it and the sigmoid of the foreground after it; the box of the region of
 * interest carries its sigmoid and the product with the image. Backward each node runs by itself.
 *
 * Where nothing runs backward, the second and the last convolution of a U-Net carry the first and the
 * softmax: the largest maps, which are read once, are never in memory. */
#include "plan-private.h"

static const RunetNode *
get_node (const RunetPlan *plan, int index) {
  return plan->nodes[index].node;
}

/* The only reader of @index if it does @op and nobody else wants it, else -1. */
static int
find_only_reader (const RunetPlan *plan, int index, RunetOp op) {
  int reader = -1;
  for (int q = index + 1; q < (int)plan->count; q++)
    if (runet_node_reads (get_node (plan, q), index)) {
      if (reader >= 0 || get_node (plan, q)->op != op)
        return -1;
      reader = q;
    }
  return plan->nodes[index].is_output ? -1 : reader;
}

static void
choose_class (RunetPlan *plan, RunetPlanNode *node) {
  const RunetConvolutionShape shape = {
      .n = plan->n,
      .h = plan->h >> node->node->level,
      .w = plan->w >> node->node->level,
      .in_channels = get_node (plan, node->node->inputs[0])->channels,
      .out_channels = node->node->channels,
      .kernel = node->node->kernel,
      .relu = node->node->relu,
  };
  node->class = plan->class->choose_convolution (plan, &shape);
}

/* ---------------------------------------------------------------- inputs read in place */

static gboolean
can_read_parts (const RunetPlanNode *node) {
  return node->class != NULL && node->class->reads_parts;
}

/* Whether the first part of what @index makes is an up-sampled map. */
static gboolean
is_doubled (const RunetPlan *plan, int index) {
  const RunetNode *node = get_node (plan, index);
  return node->op == RUNET_OP_UPSAMPLE ||
         get_node (plan, node->inputs[0])->op == RUNET_OP_UPSAMPLE;
}

/* Whether @reader can do without node @index, an up-sampling or a concatenation. */
static gboolean
can_spare (const RunetPlan *plan, int index, const RunetPlanNode *reader) {
  if (can_read_parts (reader))
    return !reader->class->only_doubled || is_doubled (plan, index);
  /* Only the first part of a convolution's input may be doubled. */
  return get_node (plan, index)->op == RUNET_OP_UPSAMPLE && reader->unmade &&
         reader->node->op == RUNET_OP_CONCAT && reader->node->inputs[0] == index &&
         reader->node->inputs[1] != index;
}

/* From the last node to the first: an up-sampling depends on the concatenation that reads it. */
static void
find_unmade (RunetPlan *plan) {
  for (int i = (int)plan->count - 1; i >= 0; i--) {
    RunetPlanNode *node = &plan->nodes[i];
    if (node->node->op != RUNET_OP_UPSAMPLE && node->node->op != RUNET_OP_CONCAT)
      continue;
    gboolean spared = !node->is_output, read = FALSE;
    for (int q = i + 1; q < (int)plan->count && spared; q++)
      if (runet_node_reads (get_node (plan, q), i)) {
        read = TRUE;
        spared = can_spare (plan, i, &plan->nodes[q]);
      }
    node->unmade = spared && read;
  }
}

static void
add_source (const RunetPlan *plan, RunetPlanNode *node, int input) {
  const RunetPlanNode *x = &plan->nodes[input];
  if (x->unmade && x->node->op == RUNET_OP_CONCAT) {
    add_source (plan, node, x->node->inputs[0]);
    add_source (plan, node, x->node->inputs[1]);
  } else if (x->unmade)
    node->sources[node->count++] = (RunetPlanSource){x->node->inputs[0], TRUE};
  else
    node->sources[node->count++] = (RunetPlanSource){input, FALSE};
}

static void
find_sources (RunetPlan *plan) {
  for (guint i = 0; i < plan->count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    for (guint j = 0; j < runet_node_count_inputs (node->node) && !node->unmade; j++)
      add_source (plan, node, node->node->inputs[j]);
  }
}

/* ---------------------------------------------------------------- carried nodes */

static void
carry (RunetPlan *plan, int carrier, int index, gboolean stored) {
  plan->nodes[index].carrier = carrier;
  plan->nodes[index].stored = stored;
}

static void
find_pool (RunetPlan *plan, int index) {
  RunetPlanNode *node = &plan->nodes[index];
  for (int q = index + 1; q < (int)plan->count && node->pool < 0; q++)
    if (get_node (plan, q)->op == RUNET_OP_MAX_POOL &&
        get_node (plan, q)->inputs[0] == index && node->node->relu &&
        node->class->pools) {
      node->pool = q;
      carry (plan, index, q, TRUE);
    }
}

static void
find_head (RunetPlan *plan, int index) {
  RunetPlanNode *node = &plan->nodes[index];
  const int head = node->node->inputs[0];
  const RunetConvolutionClass *class = plan->nodes[head].class;
  if (class == NULL || class->classes < node->node->channels ||
      get_node (plan, head)->relu ||
      find_only_reader (plan, head, RUNET_OP_SOFTMAX) < 0)
    return;
  node->head = head;
  carry (plan, index, head, FALSE);

  for (int q = index + 1; q < (int)plan->count && node->sigmoid < 0; q++) {
    if (get_node (plan, q)->op != RUNET_OP_FOREGROUND ||
        get_node (plan, q)->inputs[0] != index)
      continue;
    const int sigmoid = find_only_reader (plan, q, RUNET_OP_SIGMOID);
    if (sigmoid < 0)
      continue;
    node->sigmoid = sigmoid;
    carry (plan, index, q, FALSE);
    carry (plan, index, sigmoid, TRUE);
  }
}

static void
find_region (RunetPlan *plan, int index) {
  RunetPlanNode *node = &plan->nodes[index];
  const int sigmoid = find_only_reader (plan, index, RUNET_OP_SIGMOID);
  const int product =
      sigmoid >= 0 ? find_only_reader (plan, sigmoid, RUNET_OP_MULTIPLY) : -1;
  if (product < 0)
    return;
  const RunetNode *multiply = get_node (plan, product);
  const int image =
      multiply->inputs[0] == sigmoid ? multiply->inputs[1] : multiply->inputs[0];
  if (image >= index)
    return;
  node->sigmoid = sigmoid;
  node->product = product;
  node->stored = FALSE;
  carry (plan, index, sigmoid, TRUE);
  carry (plan, index, product, TRUE);
}

/* The convolution before @index. */
static void
find_before (RunetPlan *plan, int index) {
  RunetPlanNode *node = &plan->nodes[index];
  const int before = node->sources[0].node;
  const RunetPlanNode *x = &plan->nodes[before];
  if (plan->mode != RUNET_PLAN_INFERENCE || !node->class->carries || node->count > 1 ||
      node->sources[0].doubled || x->class == NULL || x->class->forward_patch == NULL ||
      find_only_reader (plan, before, RUNET_OP_CONVOLUTION) < 0)
    return;
  node->before = before;
  carry (plan, index, before, FALSE);
}

/* The softmax @index, by the convolution before its head. */
static void
find_classification (RunetPlan *plan, int index) {
  const int head = plan->nodes[index].head;
  if (plan->mode != RUNET_PLAN_INFERENCE || head < 0)
    return;
  const int convolution = plan->nodes[head].sources[0].node;
  RunetPlanNode *node = &plan->nodes[convolution];
  if (node->class == NULL || !node->class->carries ||
      find_only_reader (plan, convolution, RUNET_OP_CONVOLUTION) < 0)
    return;
  node->softmax = index;
  node->stored = FALSE;
  carry (plan, convolution, index, TRUE);
}

void
runet_plan_fuse (RunetPlan *plan) {
  const int count = (int)plan->count;
  for (int i = 0; i < count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    node->carrier = node->pool = node->head = node->sigmoid = node->product = -1;
    node->before = node->softmax = -1;
    if (node->node->op == RUNET_OP_CONVOLUTION)
      choose_class (plan, node);
  }
  find_unmade (plan);
  find_sources (plan);
  for (int i = 0; i < count; i++)
    plan->nodes[i].stored = !plan->nodes[i].unmade;
  for (int i = 0; i < count && runet_engine_fuses (plan->engine); i++) {
    if (get_node (plan, i)->op == RUNET_OP_CONVOLUTION) {
      find_pool (plan, i);
      find_before (plan, i);
    } else if (get_node (plan, i)->op == RUNET_OP_SOFTMAX) {
      find_head (plan, i);
      find_classification (plan, i);
    } else if (get_node (plan, i)->op == RUNET_OP_BOX)
      find_region (plan, i);
  }
}
