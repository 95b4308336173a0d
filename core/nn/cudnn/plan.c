/* A plan on the device: made, looked at and freed. */
#include "plan-private.h"

static gboolean
open_streams (RunetDevicePlan *self, GError **error) {
  cudaStream_t *const streams[] = {&self->stream, &self->copies};
  cudaEvent_t *const events[] = {&self->made, &self->brought};
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (!runet_device_check (
            cudaStreamCreateWithFlags (streams[i], cudaStreamNonBlocking), "a stream",
            error) ||
        !runet_device_check (
            cudaEventCreateWithFlags (events[i], cudaEventDisableTiming), "an event",
            error))
      return FALSE;
  return TRUE;
}

RunetElement
runet_device_plan_choose_element (RunetPrecision precision) {
  if (precision == RUNET_PRECISION_FLOAT16)
    return RUNET_ELEMENT_F16;
  return precision == RUNET_PRECISION_BFLOAT16 ? RUNET_ELEMENT_BF16 : RUNET_ELEMENT_F32;
}

RunetDevicePlan *
runet_device_plan_new (RunetDevice *device,
                       const RunetPlan *plan,
                       RunetPrecision precision,
                       GError **error) {
  const RunetGraph *graph = plan->graph;
  RunetDevicePlan *self = g_new0 (RunetDevicePlan, 1);
  self->device = device;
  self->plan = plan;
  self->precision = precision;
  self->element = runet_device_plan_choose_element (precision);
  self->nodes = g_new0 (RunetDeviceNode, plan->count);
  self->offsets = g_new0 (gsize, MAX (1, graph->parameters->len));
  self->packings = g_array_new (FALSE, FALSE, sizeof (RunetPacking));
  self->host.outputs = g_new0 (RunetTensor, graph->outputs->len);
  self->host.gradients = g_new0 (RunetTensor, graph->outputs->len);
  self->host.regions = g_new0 (RunetTensor, MAX (1, graph->regions->len));
  if (open_streams (self, error) && runet_device_plan_shape (self, error) &&
      runet_device_plan_lay_out (self, error) &&
      runet_device_plan_choose (self, error) &&
      runet_device_plan_allocate (self, error))
    return self;
  runet_device_plan_free (self);
  return NULL;
}

void
runet_device_plan_free (RunetDevicePlan *self) {
  if (self == NULL)
    return;
  if (self->stream != NULL)
    cudaStreamSynchronize (self->stream);
  runet_device_replay_clear (&self->forward);
  runet_device_replay_clear (&self->backward);
  cudaFree (self->arena);
  cudaFree (self->memory);
  cudaFreeHost (self->pinned);
  if (self->made != NULL)
    cudaEventDestroy (self->made);
  if (self->brought != NULL)
    cudaEventDestroy (self->brought);
  if (self->copies != NULL)
    cudaStreamDestroy (self->copies);
  if (self->stream != NULL)
    cudaStreamDestroy (self->stream);
  /* What freeing says after a failure is not the next plan's. */
  cudaGetLastError ();
  g_array_unref (self->packings);
  g_free (self->host.outputs);
  g_free (self->host.gradients);
  g_free (self->host.regions);
  g_free (self->offsets);
  g_free (self->nodes);
  g_free (self);
}

float *
runet_device_plan_get_input (RunetDevicePlan *self) {
  return self->host.input;
}

const RunetTensor *
runet_device_plan_get_output (const RunetDevicePlan *self, guint k) {
  return &self->host.outputs[k];
}

const RunetTensor *
runet_device_plan_get_region (const RunetDevicePlan *self, guint k) {
  return &self->host.regions[k];
}

const RunetTensor *
runet_device_plan_get_output_gradient (RunetDevicePlan *self, guint k) {
  return &self->host.gradients[k];
}

gsize
runet_device_plan_get_bytes (const RunetDevicePlan *self) {
  return self->arena_bytes + self->memory_bytes;
}

/* Of the last part of a convolution, which brings the sum, the bias and the ReLU. */
static gboolean
is_fused (const RunetDeviceNode *node) {
  return runet_operation_count_steps (node->parts[node->count - 1].forward) == 1;
}

const char *
runet_device_plan_get_algorithm (const RunetDevicePlan *self, guint index) {
  const RunetPlanNode *node = &self->plan->nodes[index];
  const RunetDeviceNode *mine = &self->nodes[index];
  if (node->unmade)
    return "read in place";
  if (node->carrier >= 0)
    return "with another";
  if (mine->count == 0)
    return "kernel";
  return is_fused (mine) ? "cudnn, fused" : "cudnn";
}
