/* One convolution of a device plan, forward and backward. */
#include "plan-private.h"

float *
runet_device_plan_get_parameter (const RunetDevicePlan *self, int index) {
  return self->flat.parameters != NULL ? self->flat.parameters + self->offsets[index]
                                       : NULL;
}

float *
runet_device_plan_get_gradient (const RunetDevicePlan *self, int index) {
  return self->flat.gradients != NULL ? self->flat.gradients + self->offsets[index]
                                      : NULL;
}

static gboolean
run (const RunetDevicePlan *self,
     const RunetOperation *operation,
     RunetOperationArguments arguments,
     GError **error) {
  arguments.workspace = self->scratch.workspace;
  return runet_operation_run (operation, self->device->cudnn, &arguments, error);
}

/* ---------------------------------------------------------------- forward */

static void
forward_single (const RunetDevicePlan *self, const RunetPlanNode *node, guint index) {
  runet_cuda_single_forward (self->stream, runet_device_plan_get_x (self, node, 0),
                             runet_device_plan_get_parameter (self, node->node->weight),
                             runet_device_plan_get_parameter (self, node->node->bias),
                             node->node->relu, &self->nodes[index].y);
}

/* All parts but the last leave their sum in the scratch map; the last adds it to its own. */
static gboolean
forward_parts (const RunetDevicePlan *self,
               const RunetPlanNode *node,
               const RunetDeviceNode *mine,
               GError **error) {
  for (guint j = 0; j < mine->count; j++) {
    const RunetDevicePart *part = &mine->parts[j];
    const gboolean last = j + 1 == mine->count;
    const RunetOperationArguments arguments = {
        .a = part->x.data,
        .b = part->weights,
        .z = self->scratch.map,
        .bias = mine->bias,
        .result = last ? mine->y.data : self->scratch.map,
    };
    if (part->converted)
      runet_cuda_copy (self->stream, runet_device_plan_get_x (self, node, j), &part->x,
                       FALSE);
    if (!run (self, part->forward, arguments, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
runet_device_plan_forward_convolution (const RunetDevicePlan *self,
                                       guint index,
                                       GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetDeviceNode *mine = &self->nodes[index];
  if (mine->way == RUNET_WAY_CUDNN)
    return forward_parts (self, node, mine, error);
  if (mine->way == RUNET_WAY_SINGLE)
    forward_single (self, node, index);
  return TRUE;
}

/* ---------------------------------------------------------------- backward */

static void
backward_single (const RunetDevicePlan *self,
                 const RunetPlanNode *node,
                 const RunetDeviceNode *mine) {
  if (node->node->relu)
    runet_cuda_relu_bias_backward (self->stream, &mine->y, &mine->dy, TRUE, NULL,
                                   self->scratch.sums);
  runet_cuda_single_backward (
      self->stream, runet_device_plan_get_x (self, node, 0),
      runet_device_plan_get_parameter (self, node->node->weight), &mine->dy,
      runet_device_plan_get_dx (self, node, 0), node->add[0],
      runet_device_plan_get_gradient (self, node->node->weight),
      runet_device_plan_get_gradient (self, node->node->bias), self->scratch.sums);
}

/* From the gradient of its softmax, whose own backward does nothing. */
static void
backward_head (const RunetDevicePlan *self, const RunetPlanNode *node) {
  const RunetDeviceNode *softmax = &self->nodes[node->carrier];
  const RunetMap *x = runet_device_plan_get_x (self, node, 0);
  const RunetMap *dx = runet_device_plan_get_dx (self, node, 0);
  RunetMap nowhere = *x;
  nowhere.data = self->scratch.map;
  runet_cuda_head_backward (
      self->stream, x, runet_device_plan_get_parameter (self, node->node->weight),
      &softmax->y, &softmax->dy, dx != NULL ? dx : &nowhere, node->add[0],
      runet_device_plan_get_gradient (self, node->node->weight),
      runet_device_plan_get_gradient (self, node->node->bias), self->scratch.sums);
}

/* The gradient of a part's map, straight to where it belongs or, when it is added there or has another form, by way of
 * the scratch map. */
static gboolean
backward_data (const RunetDevicePlan *self,
               const RunetDevicePart *part,
               const RunetMap *dy,
               const RunetMap *dx,
               gboolean add,
               GError **error) {
  const gboolean direct = !add && runet_device_plan_is_native (self, dx);
  RunetMap result = part->x;
  result.data = direct ? dx->data : self->scratch.map;
  if (!run (self, part->backward_data,
            (RunetOperationArguments){
                .a = dy->data, .b = part->weights, .result = result.data},
            error))
    return FALSE;
  if (!direct)
    runet_cuda_copy (self->stream, &result, dx, add);
  return TRUE;
}

static gboolean
backward_parts (const RunetDevicePlan *self,
                const RunetPlanNode *node,
                const RunetDeviceNode *mine,
                GError **error) {
  runet_cuda_relu_bias_backward (
      self->stream, &mine->y, &mine->dy, node->node->relu,
      runet_device_plan_get_gradient (self, node->node->bias), self->scratch.sums);
  for (guint j = 0; j < mine->count; j++) {
    const RunetDevicePart *part = &mine->parts[j];
    const RunetMap *dx = runet_device_plan_get_dx (self, node, j);
    /* Of a doubled part the convolution runs from the large map to the small one. */
    const RunetOperationArguments filter = {
        .a = part->doubled ? mine->dy.data : part->x.data,
        .b = part->doubled ? part->x.data : mine->dy.data,
        .result = part->weights_gradient,
    };
    if (!run (self, part->backward_filter, filter, error) ||
        (dx != NULL && !backward_data (self, part, &mine->dy, dx, node->add[j], error)))
      return FALSE;
  }
  return TRUE;
}

gboolean
runet_device_plan_backward_convolution (const RunetDevicePlan *self,
                                        guint index,
                                        GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetDeviceNode *mine = &self->nodes[index];
  if (mine->way == RUNET_WAY_CUDNN)
    return backward_parts (self, node, mine, error);
  if (mine->way == RUNET_WAY_SINGLE)
    backward_single (self, node, mine);
  else
    backward_head (self, node);
  return TRUE;
}
