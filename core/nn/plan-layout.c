/* Where the values and gradients of a plan lie, and for how long.
 *
 * The inputs of a concatenation are written where the concatenation has them, so that it costs
 * nothing; a tensor has only one place, so that an input of two concatenations, and the image,
 * which the caller fills, are copied. The same holds for the gradients, read backwards. */
#include "plan-private.h"

#include "core/base/error.h"

static gboolean
reads (const RunetPlanNode *node, int index) {
  for (guint i = 0; i < node->inputs; i++)
    if (node->node->inputs[i] == index)
      return TRUE;
  return FALSE;
}

static void
find_active_nodes (RunetPlan *plan) {
  const int count = (int)plan->count;
  for (int i = 0; i < count; i++) {
    RunetPlanNode *node = &plan->nodes[i];
    node->active = node->node->weight >= 0;
    for (guint j = 0; j < node->inputs; j++)
      node->active |= plan->nodes[node->node->inputs[j]].active;
  }
  for (int i = count - 1; i >= 0; i--) {
    gboolean reaches = plan->nodes[i].is_output;
    for (int q = i + 1; q < count && !reaches; q++)
      reaches = plan->nodes[q].active && reads (&plan->nodes[q], i);
    plan->nodes[i].active &= reaches;
  }
}

/* The first channel of input @slot in a concatenation. */
static gsize
get_channel (const RunetPlan *plan, const RunetPlanNode *concat, guint slot) {
  gsize channel = 0;
  for (guint j = 0; j < slot; j++)
    channel += plan->nodes[concat->node->inputs[j]].node->channels;
  return channel;
}

static void
place_values (RunetPlan *plan) {
  for (guint i = 0; i < plan->count; i++)
    plan->nodes[i].y_placement.home = plan->nodes[i].dy_placement.home = -1;
  for (guint i = 0; i < plan->count; i++) {
    RunetPlanNode *concat = &plan->nodes[i];
    if (concat->node->op != RUNET_OP_CONCAT)
      continue;
    for (guint j = 0; j < concat->inputs; j++) {
      RunetPlanNode *input = &plan->nodes[concat->node->inputs[j]];
      if (input->node->op == RUNET_OP_INPUT || input->y_placement.home >= 0)
        continue;
      input->y_placement = (RunetPlacement){(int)i, get_channel (plan, concat, j)};
      concat->y_in_place[j] = TRUE;
    }
  }
}

/* Whether the gradient of node @index may lie in that of concatenation @home, which is written in
 * whole by node @writer: nothing may have been added to it before. */
static gboolean
fits_gradient (const RunetPlan *plan, int index, int home, int writer) {
  if (plan->nodes[index].is_output)
    return FALSE;
  for (int q = index + 1; q < (int)plan->count; q++)
    if (q != home && q >= writer && plan->nodes[q].active &&
        reads (&plan->nodes[q], index))
      return FALSE;
  return TRUE;
}

static gboolean
try_gradient_home (RunetPlan *plan, int index, int home, int writer) {
  RunetPlanNode *concat = &plan->nodes[home];
  if (concat->node->op != RUNET_OP_CONCAT || !fits_gradient (plan, index, home, writer))
    return FALSE;
  guint slot = 0;
  while (concat->node->inputs[slot] != index)
    slot++;
  concat->dy_in_place[slot] = TRUE;
  plan->nodes[index].dy_placement =
      (RunetPlacement){home, get_channel (plan, concat, slot)};
  return TRUE;
}

/* From the last node to the first, because where a gradient may lie depends on which node writes
 * the gradient around it, and that is a later one. */
static void
place_gradients (RunetPlan *plan) {
  const int count = (int)plan->count;
  g_autofree int *writers = g_new (int, plan->count);
  for (int i = count - 1; i >= 0; i--) {
    writers[i] = plan->nodes[i].is_output ? count : -1;
    for (int q = count - 1; q > i && plan->nodes[i].active; q--) {
      if (!plan->nodes[q].active || !reads (&plan->nodes[q], i))
        continue;
      if (try_gradient_home (plan, i, q, writers[q])) {
        writers[i] = writers[q];
        break;
      }
      writers[i] = MAX (writers[i], q);
    }
  }
}

static void
mark_written (const RunetPlan *plan, int index, gboolean *written) {
  const RunetPlanNode *node = &plan->nodes[index];
  written[index] = TRUE;
  for (guint j = 0; j < node->inputs; j++)
    if (node->dy_in_place[j])
      mark_written (plan, node->node->inputs[j], written);
}

/* The first to write a gradient overwrites what was there, the others add. */
static void
find_additions (RunetPlan *plan) {
  g_autofree gboolean *written = g_new0 (gboolean, plan->count);
  for (guint i = 0; i < plan->count; i++)
    if (plan->nodes[i].is_output)
      mark_written (plan, (int)i, written);
  for (int i = (int)plan->count - 1; i >= 0; i--) {
    RunetPlanNode *node = &plan->nodes[i];
    for (guint j = 0; node->active && j < node->inputs; j++) {
      const int input = node->node->inputs[j];
      if (!plan->nodes[input].active || node->dy_in_place[j])
        continue;
      node->add[j] = written[input];
      mark_written (plan, input, written);
    }
  }
}

/* The node whose block holds the value (or gradient) of @index; adds up the channels before it. */
static int
find_root (const RunetPlan *plan, int index, gboolean gradient, gsize *channel) {
  for (;;) {
    const RunetPlanNode *node = &plan->nodes[index];
    const RunetPlacement *placement =
        gradient ? &node->dy_placement : &node->y_placement;
    if (placement->home < 0)
      return index;
    *channel += placement->channel;
    index = placement->home;
  }
}

/* Makes the block that holds the value (or gradient) of @index live at @time. */
static void
touch (const RunetPlan *plan,
       RunetArenaBlock *blocks,
       int index,
       gboolean gradient,
       int time) {
  gsize channel = 0;
  const int root = find_root (plan, index, gradient, &channel);
  RunetArenaBlock *block = &blocks[gradient ? (int)plan->count + root : root];
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
  for (guint j = 0; j < node->inputs; j++) {
    const int input = node->node->inputs[j];
    if (reads_x)
      touch (plan, blocks, input, FALSE, time);
    if (plan->nodes[input].active)
      touch (plan, blocks, input, TRUE, time);
  }
}

static void
find_lifetimes (const RunetPlan *plan, RunetArenaBlock *blocks) {
  const int count = (int)plan->count, end = 2 * count + 1;
  for (int i = 0; i < count; i++) {
    const RunetPlanNode *node = &plan->nodes[i];
    touch (plan, blocks, i, FALSE, i);
    for (guint j = 0; j < node->inputs; j++)
      touch (plan, blocks, node->node->inputs[j], FALSE, i);
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
  gsize channel = 0;
  const int root = find_root (plan, index, gradient, &channel);
  const RunetArenaBlock *block = &blocks[gradient ? (int)plan->count + root : root];
  if (block->bytes == 0)
    return;

  RunetPlanNode *node = &plan->nodes[index];
  const RunetTensor tensor = {
      .data = (float *)(gpointer)((char *)plan->arena + block->offset) + channel,
      .n = plan->n,
      .h = plan->h >> node->node->level,
      .w = plan->w >> node->node->level,
      .c = node->node->channels,
      .stride = plan->nodes[root].node->channels,
  };
  if (gradient)
    node->dy = tensor;
  else
    node->y = tensor;
}

gboolean
runet_plan_lay_out (RunetPlan *plan, GError **error) {
  find_active_nodes (plan);
  place_values (plan);
  place_gradients (plan);
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
