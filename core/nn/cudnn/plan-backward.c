/* A device plan backward: each node in the opposite order, then the gradients of the packed weights. */
#include "plan-private.h"

static void
backward_concat (const RunetDevicePlan *self,
                 const RunetPlanNode *node,
                 const RunetMap *dy) {
  RunetMap part = *dy;
  for (guint j = 0; j < node->count; j++) {
    const RunetMap *dx = runet_device_plan_get_dx (self, node, j);
    part.c = runet_device_plan_get_x (self, node, j)->c;
    if (dx != NULL)
      runet_cuda_copy (self->stream, &part, dx, node->add[j]);
    part.data = (char *)part.data + part.c * runet_element_size (part.element);
  }
}

static void
backward_mix (const RunetDevicePlan *self,
              const RunetPlanNode *node,
              const RunetMap *dy) {
  const RunetMap *x[RUNET_NODE_INPUTS], *dx[RUNET_NODE_INPUTS];
  for (guint j = 0; j < RUNET_NODE_INPUTS; j++) {
    x[j] = runet_device_plan_get_x (self, node, j);
    dx[j] = runet_device_plan_get_dx (self, node, j);
  }
  runet_cuda_mix_backward (self->stream, x, dy, dx, node->add,
                           runet_device_plan_get_parameter (self, node->node->weight),
                           runet_device_plan_get_gradient (self, node->node->weight),
                           self->scratch.sums);
}

static void
backward_multiply (const RunetDevicePlan *self,
                   const RunetPlanNode *node,
                   const RunetMap *dy) {
  for (guint j = 0; j < 2; j++)
    if (runet_device_plan_get_dx (self, node, j) != NULL)
      runet_cuda_multiply_backward (
          self->stream, runet_device_plan_get_x (self, node, 1 - j), dy,
          runet_device_plan_get_dx (self, node, j), node->add[j]);
}

/* For a node that is active; those without parameters of their own then have an active input. */
gboolean
runet_device_plan_backward_node (const RunetDevicePlan *self,
                                 guint index,
                                 GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetMap *y = &self->nodes[index].y, *dy = &self->nodes[index].dy;
  const RunetMap *x = runet_device_plan_get_x (self, node, 0);
  const RunetMap *dx = runet_device_plan_get_dx (self, node, 0);
  const int add = node->add[0];
  switch (node->node->op) {
  case RUNET_OP_INPUT:
    break;
  case RUNET_OP_CONVOLUTION:
    return runet_device_plan_backward_convolution (self, index, error);
  case RUNET_OP_MAX_POOL:
    runet_cuda_max_pool_backward (self->stream, x, y, dy, dx, add);
    break;
  case RUNET_OP_UPSAMPLE:
    runet_cuda_upsample_backward (self->stream, dy, dx, add);
    break;
  case RUNET_OP_CONCAT:
    backward_concat (self, node, dy);
    break;
  case RUNET_OP_SOFTMAX:
    /* With a head the head does it. */
    if (node->head < 0)
      runet_cuda_softmax_backward (self->stream, y, dy, dx, add);
    break;
  case RUNET_OP_FOREGROUND:
    runet_cuda_foreground_backward (self->stream, dy, dx, add);
    break;
  case RUNET_OP_SIGMOID:
    runet_cuda_sigmoid_backward (self->stream, y, dy, &self->values[index], dx, add);
    break;
  case RUNET_OP_BOX:
    runet_cuda_box_backward (self->stream, dy, &self->values[index], dx, add,
                             self->scratch.sums);
    break;
  case RUNET_OP_MIX:
    backward_mix (self, node, dy);
    break;
  case RUNET_OP_MULTIPLY:
    backward_multiply (self, node, dy);
    break;
  }
  return TRUE;
}

gboolean
runet_device_plan_put_backward (RunetDevicePlan *self, GError **error) {
  if (!runet_device_check_cudnn (cudnnSetStream (self->device->cudnn, self->stream),
                                 "its stream", error) ||
      !runet_device_check (cudaMemsetAsync (self->flat.gradients, 0,
                                            self->flat.count * sizeof (float),
                                            self->stream),
                           "the gradients", error))
    return FALSE;
  for (guint i = self->plan->count; i-- > 0;) {
    const RunetPlanNode *node = &self->plan->nodes[i];
    if (node->active && !node->unmade &&
        !runet_device_plan_backward_node (self, i, error))
      return FALSE;
  }
  if (self->weight_packings > 0)
    runet_cuda_unpack_gradients (self->stream, self->device_packings,
                                 self->weight_packings, self->largest_weights,
                                 self->element);
  return runet_device_check (cudaGetLastError (), "a kernel", error);
}
