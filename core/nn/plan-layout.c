/* Which nodes run backward, and the arena of a plan on the processor. */
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

static gboolean
measure_map (const RunetPlan *plan,
             guint index,
             gboolean gradient,
             gsize *bytes,
             gpointer user_data) {
  const RunetNode *node = plan->nodes[index].node;
  *bytes = sizeof (float);
  return g_size_checked_mul (bytes, *bytes, plan->n) &&
         g_size_checked_mul (bytes, *bytes, plan->h >> node->level) &&
         g_size_checked_mul (bytes, *bytes, plan->w >> node->level) &&
         g_size_checked_mul (bytes, *bytes, node->channels);
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

void
runet_plan_find_gradients (RunetPlan *plan) {
  find_active_nodes (plan);
  find_additions (plan);
}

gboolean
runet_plan_lay_out (RunetPlan *plan, GError **error) {
  g_autofree RunetArenaBlock *blocks = g_new0 (RunetArenaBlock, 2 * plan->count);
  if (!runet_plan_place (plan, measure_map, NULL, blocks, &plan->arena_bytes))
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
