/* Where the values and gradients of a device plan lie: in one arena, by their lifetimes. */
#include "plan-private.h"

#include "core/base/error.h"

#define PADDED_BYTES 16

gsize
runet_device_plan_pad (const RunetDevicePlan *self, gsize channels) {
  const gsize lanes = PADDED_BYTES / runet_element_size (self->element);
  return (channels + lanes - 1) / lanes * lanes;
}

gboolean
runet_device_plan_is_native (const RunetDevicePlan *self, const RunetMap *map) {
  return map->element == self->element &&
         map->stride == runet_device_plan_pad (self, map->c);
}

gsize
runet_device_plan_count_bytes (const RunetMap *map) {
  return map->n * map->h * map->w * map->stride * runet_element_size (map->element);
}

const RunetMap *
runet_device_plan_get_x (const RunetDevicePlan *self,
                         const RunetPlanNode *node,
                         guint slot) {
  return &self->nodes[node->sources[slot].node].y;
}

const RunetMap *
runet_device_plan_get_dx (const RunetDevicePlan *self,
                          const RunetPlanNode *node,
                          guint slot) {
  const int source = node->sources[slot].node;
  return self->plan->nodes[source].active ? &self->nodes[source].dy : NULL;
}

/* The form of the value of a node; those before it have theirs. */
static RunetMap
shape_map (const RunetDevicePlan *self, guint index) {
  const RunetPlan *plan = self->plan;
  const RunetNode *node = plan->nodes[index].node;
  RunetMap map = {.n = plan->n,
                  .h = plan->h >> node->level,
                  .w = plan->w >> node->level,
                  .c = node->channels,
                  .stride = node->channels,
                  .element = RUNET_ELEMENT_F32};
  gboolean padded = node->op == RUNET_OP_CONVOLUTION || node->op == RUNET_OP_CONCAT;
  if (node->op == RUNET_OP_MAX_POOL || node->op == RUNET_OP_UPSAMPLE) {
    const RunetMap *x = &self->nodes[node->inputs[0]].y;
    map.element = x->element;
    padded = x->stride > x->c || runet_device_plan_is_native (self, x);
  }
  if (padded) {
    map.element = self->element;
    map.stride = runet_device_plan_pad (self, map.c);
  }
  return map;
}

/* The gradient of a head is never made, because that of its softmax goes to the head's input at once. */
static gboolean
is_head (const RunetPlan *plan, guint index) {
  const int carrier = plan->nodes[index].carrier;
  return carrier >= 0 && plan->nodes[carrier].head == (int)index;
}

static gboolean
measure_map (const RunetPlan *plan,
             guint index,
             gboolean gradient,
             gsize *bytes,
             gpointer user_data) {
  const RunetDevicePlan *self = user_data;
  const RunetMap *map = &self->nodes[index].y;
  *bytes = runet_element_size (map->element);
  if (gradient && is_head (plan, index)) {
    *bytes = 0;
    return TRUE;
  }
  return g_size_checked_mul (bytes, *bytes, map->n) &&
         g_size_checked_mul (bytes, *bytes, map->h) &&
         g_size_checked_mul (bytes, *bytes, map->w) &&
         g_size_checked_mul (bytes, *bytes, map->stride);
}

/* Kernels and cuDNN count pixels in 32 bits. */
static gboolean
can_count (const RunetPlan *plan) {
  gsize pixels;
  return g_size_checked_mul (&pixels, plan->h, plan->w) &&
         g_size_checked_mul (&pixels, pixels, plan->n) && pixels <= G_MAXINT32;
}

static gboolean
fail_memory (gsize bytes, GError **error) {
  g_autofree char *size = bytes == G_MAXSIZE
                              ? g_strdup ("more than can be counted")
                              : g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
               "GPU: not enough memory for the maps of the network, which need %s",
               size);
  return FALSE;
}

/* The box and what comes after it read and write float32 only. */
static gboolean
check_boxes (const RunetDevicePlan *self, GError **error) {
  for (guint i = 0; i < self->plan->count; i++) {
    const RunetPlanNode *node = &self->plan->nodes[i];
    if (node->node->op != RUNET_OP_BOX ||
        runet_device_plan_get_x (self, node, 0)->element == RUNET_ELEMENT_F32)
      continue;
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "GPU: %s reads a map that is not in float32", node->node->name);
    return FALSE;
  }
  return TRUE;
}

gboolean
runet_device_plan_shape (RunetDevicePlan *self, GError **error) {
  if (!can_count (self->plan))
    return fail_memory (G_MAXSIZE, error);
  for (guint i = 0; i < self->plan->count; i++)
    self->nodes[i].y = self->nodes[i].dy = shape_map (self, i);
  return check_boxes (self, error);
}

gboolean
runet_device_plan_lay_out (RunetDevicePlan *self, GError **error) {
  const RunetPlan *plan = self->plan;
  g_autofree RunetArenaBlock *blocks = g_new0 (RunetArenaBlock, 2 * plan->count);
  if (!runet_plan_place (plan, measure_map, self, blocks, &self->arena_bytes))
    return fail_memory (G_MAXSIZE, error);
  const gsize bytes = MAX (self->arena_bytes, 1);
  if (cudaMalloc ((void **)&self->arena, bytes) != cudaSuccess) {
    cudaGetLastError ();
    return fail_memory (bytes, error);
  }
  for (guint i = 0; i < plan->count; i++) {
    const RunetArenaBlock *value = &blocks[i], *gradient = &blocks[plan->count + i];
    if (value->bytes > 0)
      self->nodes[i].y.data = self->arena + value->offset;
    if (gradient->bytes > 0)
      self->nodes[i].dy.data = self->arena + gradient->offset;
  }
  return runet_device_check (cudaMemsetAsync (self->arena, 0, bytes, self->stream),
                             "the maps of the network", error);
}
