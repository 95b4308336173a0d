/* Where the values and gradients of a plan lie, and for how long. */
#include "plan-private.h"

#include "core/base/error.h"

static void
find_active_nodes (RunetPlan *plan) {
  const int count = (int)plan->count;
  for (int i = 0; i < count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    node->active = node->node->weight >= 0;
    for (guint j = 0; j < runet_node_count_inputs (node->node); j++)
      node->active |= plan->nodes[node->node->inputs[j]].active;
  }
  for (int i = count - 1; i >= 0; i--) {
    gboolean reaches = plan->nodes[i].is_output;
    for (int q = i + 1; q < count && !reaches; q++)
      reaches = plan->nodes[q].active && runet_node_reads (plan->nodes[q].node, i);
    plan->nodes[i].active &= reaches;
  }
}

/* The first to write a gradient overwrites what was there, the others add. */
static void
find_additions (RunetPlan *plan) {
  g_autofree gboolean *written = g_new0 (gboolean, plan->count);
  for (guint i = 0; i < plan->count; i++)
    written[i] = plan->nodes[i].is_output;
  for (int i = (int)plan->count - 1; i >= 0; i--) {
    RunetPlanNode *node = &plan->nodes[i];
    for (guint j = 0; node->active && !node->unmade && j < node->count; j++) {
      const int source = node->sources[j].node;
      if (!plan->nodes[source].active)
        continue;
      node->add[j] = written[source];
      written[source] = TRUE;
    }
  }
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
measure_blocks (const RunetPlan *plan, RunetArenaBlock *blocks) {
  for (guint i = 0; i < 2 * plan->count; i++) {
    const RunetNode *node = plan->nodes[i % plan->count].node;
    gsize bytes = sizeof (float);
    if (blocks[i].bytes == 0)
      continue;
    if (!g_size_checked_mul (&bytes, bytes, plan->n) ||
        !g_size_checked_mul (&bytes, bytes, plan->h >> node->level) ||
        !g_size_checked_mul (&bytes, bytes, plan->w >> node->level) ||
        !g_size_checked_mul (&bytes, bytes, node->channels))
      return FALSE;
    blocks[i].bytes = bytes;
  }
  return TRUE;
}

static void
point_into_arena (RunetPlan *plan,
                  const RunetArenaBlock *blocks,
                  int index,
                  gboolean gradient) {
  const RunetArenaBlock *block = &blocks[gradient ? (int)plan->count + index : index];
  RunetPlanNode *node = &plan->nodes[index];
  RunetTensor *tensor = gradient ? &node->dy : &node->y;
  *tensor = (RunetTensor){
      .n = plan->n,
      .h = plan->h >> node->node->level,
      .w = plan->w >> node->node->level,
      .c = node->node->channels,
      .stride = node->node->channels,
  };
  if (block->bytes > 0)
    tensor->data = (float *)(gpointer)((char *)plan->arena + block->offset);
}

gboolean
runet_plan_lay_out (RunetPlan *plan, GError **error) {
  find_active_nodes (plan);
  find_additions (plan);

  g_autofree RunetArenaBlock *blocks = g_new0 (RunetArenaBlock, 2 * plan->count);
  find_lifetimes (plan, blocks);
  if (!measure_blocks (plan, blocks) ||
      !runet_arena_place (blocks, 2 * plan->count, &plan->arena_bytes))
    return runet_plan_fail_memory (plan, G_MAXSIZE, error);
  plan->arena = runet_arena_allocate (plan->arena_bytes);
  if (plan->arena == NULL)
    return runet_plan_fail_memory (plan, plan->arena_bytes, error);

  for (guint i = 0; i < plan->count; i++) {
    point_into_arena (plan, blocks, (int)i, FALSE);
    if (plan->nodes[i].active)
      point_into_arena (plan, blocks, (int)i, TRUE);
  }
  return TRUE;
}
