/* Where the values and gradients of a plan lie, and for how long. */
#include "plan-private.h"

int
runet_plan_find_runner (const RunetPlan *plan, int index) {
  while (plan->nodes[index].carrier >= 0)
    index = plan->nodes[index].carrier;
  return index;
}

/* Makes the block of the value (or gradient) of @index live at @time. */
static void
touch (const RunetPlan *plan,
       RunetArenaBlock *blocks,
       int index,
       gboolean gradient,
       int time) {
  RunetArenaBlock *block = &blocks[gradient ? (int)plan->count + index : index];
  if (!gradient && !plan->nodes[index].stored)
    return;
  if (block->bytes == 0) {
    block->bytes = 1;
    block->first = block->last = time;
  }
  block->first = MIN (block->first, time);
  block->last = MAX (block->last, time);
}

/* What the backward of a node reads beside its gradient. */
static void
touch_for_backward (const RunetPlan *plan, RunetArenaBlock *blocks, int index) {
  const RunetPlanNode *node = &plan->nodes[index];
  const int time = 2 * (int)plan->count - index;
  const RunetOp op = node->node->op;
  const gboolean reads_x = op == RUNET_OP_CONVOLUTION || op == RUNET_OP_MAX_POOL ||
                           op == RUNET_OP_MIX || op == RUNET_OP_MULTIPLY;
  const gboolean reads_y = (op == RUNET_OP_CONVOLUTION && node->node->relu) ||
                           op == RUNET_OP_MAX_POOL || op == RUNET_OP_SOFTMAX ||
                           op == RUNET_OP_SIGMOID;
  if (reads_y)
    touch (plan, blocks, index, FALSE, time);
  touch (plan, blocks, index, TRUE, time);
  if (node->carrier >= 0 && plan->nodes[node->carrier].head == index) {
    /* A device makes the head's gradients from those of its softmax. */
    touch (plan, blocks, node->carrier, FALSE, time);
    touch (plan, blocks, node->carrier, TRUE, time);
  }
  for (guint j = 0; j < node->count; j++) {
    const int source = node->sources[j].node;
    if (reads_x)
      touch (plan, blocks, source, FALSE, time);
    if (plan->nodes[source].active)
      touch (plan, blocks, source, TRUE, time);
  }
}

static void
find_lifetimes (const RunetPlan *plan, RunetArenaBlock *blocks) {
  const int count = (int)plan->count, end = 2 * count + 1;
  for (int i = 0; i < count; i++) {
    const RunetPlanNode *node = &plan->nodes[i];
    if (node->unmade)
      continue;
    touch (plan, blocks, i, FALSE, runet_plan_find_runner (plan, i));
    for (guint j = 0; j < node->count; j++)
      touch (plan, blocks, node->sources[j].node, FALSE,
             runet_plan_find_runner (plan, i));
    /* The caller may run the same input again, and looks at the outputs when all is done. */
    if (node->node->op == RUNET_OP_INPUT || node->is_output)
      touch (plan, blocks, i, FALSE, end);
    if (!node->active || plan->mode != RUNET_PLAN_TRAINING)
      continue;
    if (node->is_output)
      touch (plan, blocks, i, TRUE, count);
    touch_for_backward (plan, blocks, i);
  }
  for (guint k = 0; k < plan->graph->regions->len; k++)
    touch (plan, blocks, g_array_index (plan->graph->regions, int, k), FALSE, end);
}

static gboolean
measure_blocks (const RunetPlan *plan,
                RunetPlanMeasure measure,
                gpointer user_data,
                RunetArenaBlock *blocks) {
  for (guint i = 0; i < 2 * plan->count; i++)
    if (blocks[i].bytes > 0 &&
        !measure (plan, i % plan->count, i >= plan->count, &blocks[i].bytes, user_data))
      return FALSE;
  return TRUE;
}

gboolean
runet_plan_place (const RunetPlan *plan,
                  RunetPlanMeasure measure,
                  gpointer user_data,
                  RunetArenaBlock *blocks,
                  gsize *bytes) {
  find_lifetimes (plan, blocks);
  return measure_blocks (plan, measure, user_data, blocks) &&
         runet_arena_place (blocks, 2 * plan->count, bytes);
}
