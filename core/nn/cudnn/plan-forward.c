/* A device plan forward: each node in order, and its outputs on their way to the host while the next are computed. */
#include "plan-private.h"

/* A map of @y's channels from @first on. */
static RunetMap
take_channels (const RunetMap *y, gsize first, gsize count) {
  RunetMap part = *y;
  part.data = (char *)y->data + first * runet_element_size (y->element);
  part.c = count;
  return part;
}

static gboolean
forward_concat (const RunetDevicePlan *self,
                const RunetPlanNode *node,
                const RunetMap *y,
                GError **error) {
  gsize first = 0;
  /* Neither of the parts knows the padding of the whole. */
  if (y->stride > y->c &&
      !runet_device_check (
          cudaMemsetAsync (y->data, 0, runet_device_plan_count_bytes (y), self->stream),
          "a concatenation", error))
    return FALSE;
  for (guint j = 0; j < node->count; j++) {
    const RunetMap *x = runet_device_plan_get_x (self, node, j);
    const RunetMap part = take_channels (y, first, x->c);
    runet_cuda_copy (self->stream, x, &part, FALSE);
    first += x->c;
  }
  return TRUE;
}

/* With the 1 × 1 convolution before it and the sigmoid of the foreground after it. */
static void
forward_softmax (const RunetDevicePlan *self,
                 const RunetPlanNode *node,
                 const RunetMap *y) {
  if (node->head < 0) {
    runet_cuda_softmax_forward (self->stream, runet_device_plan_get_x (self, node, 0),
                                y);
    return;
  }
  const RunetPlanNode *head = &self->plan->nodes[node->head];
  runet_cuda_head_forward (self->stream, runet_device_plan_get_x (self, head, 0),
                           runet_device_plan_get_parameter (self, head->node->weight),
                           runet_device_plan_get_parameter (self, head->node->bias), y,
                           node->sigmoid >= 0 ? &self->nodes[node->sigmoid].y : NULL,
                           node->sigmoid >= 0 ? &self->values[node->sigmoid] : NULL);
}

/* With the sigmoid and the product with the image after it. */
static void
forward_box (const RunetDevicePlan *self, const RunetPlanNode *node, guint index) {
  const RunetMap *x = runet_device_plan_get_x (self, node, 0);
  if (node->sigmoid < 0) {
    runet_cuda_box_forward (self->stream, x, &self->values[index],
                            &self->nodes[index].y, self->scratch.sums);
    return;
  }
  const RunetPlanNode *product = &self->plan->nodes[node->product];
  const guint image = product->sources[0].node == node->sigmoid ? 1 : 0;
  runet_cuda_region_forward (
      self->stream, x, runet_device_plan_get_x (self, product, image),
      &self->values[index], &self->values[node->sigmoid], &self->nodes[node->sigmoid].y,
      &self->nodes[node->product].y, self->scratch.sums);
}

static void
forward_mix (const RunetDevicePlan *self,
             const RunetPlanNode *node,
             const RunetMap *y) {
  const RunetMap *x[RUNET_NODE_INPUTS];
  for (guint j = 0; j < RUNET_NODE_INPUTS; j++)
    x[j] = runet_device_plan_get_x (self, node, j);
  runet_cuda_mix_forward (
      self->stream, x, runet_device_plan_get_parameter (self, node->node->weight), y);
}

gboolean
runet_device_plan_forward_node (const RunetDevicePlan *self,
                                guint index,
                                GError **error) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetMap *y = &self->nodes[index].y;
  const RunetMap *x = node->count > 0 ? runet_device_plan_get_x (self, node, 0) : NULL;
  switch (node->node->op) {
  case RUNET_OP_INPUT:
    break;
  case RUNET_OP_CONVOLUTION:
    return runet_device_plan_forward_convolution (self, index, error);
  case RUNET_OP_CONCAT:
    return forward_concat (self, node, y, error);
  case RUNET_OP_MAX_POOL:
    runet_cuda_max_pool_forward (self->stream, x, y);
    break;
  case RUNET_OP_UPSAMPLE:
    runet_cuda_upsample_forward (self->stream, x, y);
    break;
  case RUNET_OP_SOFTMAX:
    forward_softmax (self, node, y);
    break;
  case RUNET_OP_FOREGROUND:
    runet_cuda_foreground_forward (self->stream, x, y);
    break;
  case RUNET_OP_SIGMOID:
    runet_cuda_sigmoid_forward (self->stream, x, &self->values[index], y);
    break;
  case RUNET_OP_BOX:
    forward_box (self, node, index);
    break;
  case RUNET_OP_MIX:
    forward_mix (self, node, y);
    break;
  case RUNET_OP_MULTIPLY:
    runet_cuda_multiply_forward (self->stream, x,
                                 runet_device_plan_get_x (self, node, 1), y);
    break;
  }
  return TRUE;
}

/* ---------------------------------------------------------------- all nodes */

/* Those of @list that node @index made, to the host on the second stream. */
static gboolean
bring_listed (const RunetDevicePlan *self,
              guint index,
              const GArray *list,
              const RunetTensor *to,
              GError **error) {
  for (guint k = 0; k < list->len; k++) {
    const int made = g_array_index (list, int, k);
    if (runet_plan_find_runner (self->plan, made) != (int)index)
      continue;
    const RunetMap *from = &self->nodes[made].y;
    if (!runet_device_check (cudaEventRecord (self->made, self->stream), "an output",
                             error) ||
        !runet_device_check (cudaStreamWaitEvent (self->copies, self->made, 0),
                             "an output", error) ||
        !runet_device_check (cudaMemcpyAsync (to[k].data, from->data,
                                              runet_device_plan_count_bytes (from),
                                              cudaMemcpyDeviceToHost, self->copies),
                             "an output", error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
bring (const RunetDevicePlan *self, guint index, GError **error) {
  const RunetGraph *graph = self->plan->graph;
  return bring_listed (self, index, graph->outputs, self->host.outputs, error) &&
         bring_listed (self, index, graph->regions, self->host.regions, error);
}

/* The first stream waits until all is on the host. */
static gboolean
join (const RunetDevicePlan *self, GError **error) {
  return runet_device_check (cudaEventRecord (self->brought, self->copies),
                             "the outputs", error) &&
         runet_device_check (cudaStreamWaitEvent (self->stream, self->brought, 0),
                             "the outputs", error);
}

gboolean
runet_device_plan_put_forward (RunetDevicePlan *self,
                               gboolean to_host,
                               GError **error) {
  if (!runet_device_check_cudnn (cudnnSetStream (self->device->cudnn, self->stream),
                                 "its stream", error))
    return FALSE;
  for (guint i = 0; i < self->plan->count; i++) {
    const RunetPlanNode *node = &self->plan->nodes[i];
    if (node->unmade || node->carrier >= 0)
      continue;
    if (!runet_device_plan_forward_node (self, i, error) ||
        (to_host && !bring (self, i, error)))
      return FALSE;
  }
  return runet_device_check (cudaGetLastError (), "a kernel", error) &&
         (!to_host || join (self, error));
}
