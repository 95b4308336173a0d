/* How each convolution of a device plan is done. */
#include "plan-private.h"

/* The convolution of the part as it runs forward, without what is done to its result. */
static RunetOperationShape
shape_part (const RunetDevicePlan *self, guint index, const RunetDevicePart *part) {
  const RunetMap *y = &self->nodes[index].y;
  const gint32 inputs = (gint32)runet_device_plan_pad (self, part->x.c);
  const gint32 outputs = (gint32)y->stride;
  return (RunetOperationShape){
      .kind = part->doubled ? RUNET_OPERATION_BACKWARD_DATA : RUNET_OPERATION_FORWARD,
      .n = (gint32)y->n,
      .h = (gint32)y->h,
      .w = (gint32)y->w,
      .in_channels = part->doubled ? outputs : inputs,
      .out_channels = part->doubled ? inputs : outputs,
      .kernel = part->doubled ? 4 : (gint32)self->plan->nodes[index].node->kernel,
      .element = self->element,
      .exact = self->precision == RUNET_PRECISION_FLOAT32,
  };
}

static const RunetOperation *
get_operation (RunetDevicePlan *self,
               const RunetOperationShape *shape,
               GError **error) {
  const RunetOperation *operation =
      runet_device_get_operation (self->device, shape, error);
  if (operation != NULL)
    self->scratch.workspace_bytes =
        MAX (self->scratch.workspace_bytes, runet_operation_get_workspace (operation));
  return operation;
}

/* The last part brings what is done to the sum. */
static gboolean
choose_forward (RunetDevicePlan *self, guint index, guint slot, GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  RunetDevicePart *part = &self->nodes[index].parts[slot];
  RunetOperationShape shape = shape_part (self, index, part);
  if (slot + 1 == node->count) {
    shape.add = slot > 0;
    shape.bias = 1;
    shape.relu = node->node->relu ? 1 : 0;
  } else
    self->scratch.map_bytes = MAX (
        self->scratch.map_bytes, runet_device_plan_count_bytes (&self->nodes[index].y));
  part->forward = get_operation (self, &shape, error);
  return part->forward != NULL;
}

static gboolean
choose_backward (RunetDevicePlan *self, guint index, guint slot, GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  RunetDevicePart *part = &self->nodes[index].parts[slot];
  const RunetMap *dx = runet_device_plan_get_dx (self, node, slot);
  RunetOperationShape shape = shape_part (self, index, part);
  shape.kind = RUNET_OPERATION_BACKWARD_FILTER;
  part->backward_filter = get_operation (self, &shape, error);
  if (part->backward_filter == NULL || dx == NULL)
    return part->backward_filter != NULL;

  RunetMap natural = part->x;
  natural.element = self->element;
  natural.stride = runet_device_plan_pad (self, natural.c);
  if (node->add[slot] || !runet_device_plan_is_native (self, dx))
    self->scratch.map_bytes =
        MAX (self->scratch.map_bytes, runet_device_plan_count_bytes (&natural));
  shape.kind = part->doubled ? RUNET_OPERATION_FORWARD : RUNET_OPERATION_BACKWARD_DATA;
  part->backward_data = get_operation (self, &shape, error);
  return part->backward_data != NULL;
}

static gboolean
choose_parts (RunetDevicePlan *self, guint index, GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  RunetDeviceNode *mine = &self->nodes[index];
  const gboolean learns = self->plan->mode == RUNET_PLAN_TRAINING && node->active;
  gint32 first = 0;
  mine->count = node->count;
  for (guint j = 0; j < node->count; j++) {
    RunetDevicePart *part = &mine->parts[j];
    part->x = *runet_device_plan_get_x (self, node, j);
    part->doubled = node->sources[j].doubled;
    part->first = first;
    first += (gint32)part->x.c;
    if (!runet_device_plan_is_native (self, &part->x)) {
      part->converted = TRUE;
      part->x.data = NULL;
      part->x.element = self->element;
      part->x.stride = runet_device_plan_pad (self, part->x.c);
    }
    if (!choose_forward (self, index, j, error) ||
        (learns && !choose_backward (self, index, j, error)))
      return FALSE;
  }
  return TRUE;
}

static RunetDeviceWay
find_way (const RunetDevicePlan *self, guint index) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetMap *x = runet_device_plan_get_x (self, node, 0);
  if (node->carrier >= 0 && self->plan->nodes[node->carrier].head == (int)index)
    return RUNET_WAY_HEAD;
  if (node->node->kernel == 3 && node->count == 1 && !node->sources[0].doubled &&
      x->c == 1 && x->element == RUNET_ELEMENT_F32)
    return RUNET_WAY_SINGLE;
  return RUNET_WAY_CUDNN;
}

/* What our own kernels need of the scratch memory for sums. */
static gsize
count_sums (const RunetDevicePlan *self, guint index) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetDeviceNode *mine = &self->nodes[index];
  const gboolean learns = self->plan->mode == RUNET_PLAN_TRAINING && node->active;
  if (node->node->op == RUNET_OP_BOX)
    return mine->y.n * mine->y.h * mine->y.w * sizeof (float);
  if (!learns)
    return 0;
  if (node->node->op == RUNET_OP_MIX)
    return runet_cuda_mix_scratch (&mine->y);
  if (node->node->op != RUNET_OP_CONVOLUTION)
    return 0;
  if (mine->way == RUNET_WAY_HEAD)
    return runet_cuda_head_scratch (runet_device_plan_get_x (self, node, 0), mine->y.c);
  const gsize sums = runet_cuda_relu_bias_scratch (&mine->dy);
  return mine->way == RUNET_WAY_SINGLE
             ? MAX (sums, runet_cuda_single_scratch (&mine->dy))
             : sums;
}

gboolean
runet_device_plan_choose (RunetDevicePlan *self, GError **error) {
  for (guint i = 0; i < self->plan->count; i++) {
    const RunetPlanNode *node = &self->plan->nodes[i];
    RunetDeviceNode *mine = &self->nodes[i];
    if (node->unmade)
      continue;
    if (node->node->op == RUNET_OP_CONVOLUTION)
      mine->way = find_way (self, i);
    self->scratch.sums_bytes = MAX (self->scratch.sums_bytes, count_sums (self, i));
    if (node->node->op != RUNET_OP_CONVOLUTION)
      continue;
    if (mine->way == RUNET_WAY_CUDNN && !choose_parts (self, i, error))
      return FALSE;
    /* A head whose input learns nothing gives its gradient away. */
    if (mine->way == RUNET_WAY_HEAD)
      self->scratch.map_bytes =
          MAX (self->scratch.map_bytes,
               runet_device_plan_count_bytes (runet_device_plan_get_x (self, node, 0)));
  }
  return TRUE;
}
