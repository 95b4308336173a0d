/* What training on the device asks of a plan. */
#include "plan-enqueue.h"

#include "plan-private.h"

RunetDevice *
runet_device_plan_get_device (const RunetDevicePlan *plan) {
  return plan->device;
}

const RunetPlan *
runet_device_plan_get_plan (const RunetDevicePlan *plan) {
  return plan->plan;
}

RunetPrecision
runet_device_plan_get_precision (const RunetDevicePlan *plan) {
  return plan->precision;
}

cudaStream_t
runet_device_plan_get_stream (const RunetDevicePlan *plan) {
  return plan->stream;
}

const RunetDeviceFlat *
runet_device_plan_get_flat (const RunetDevicePlan *plan) {
  return &plan->flat;
}

const RunetMap *
runet_device_plan_get_input_map (const RunetDevicePlan *plan) {
  return &plan->nodes[0].y;
}

guint
runet_device_plan_count_outputs (const RunetDevicePlan *plan) {
  return plan->plan->graph->outputs->len;
}

static const RunetDeviceNode *
get_output (const RunetDevicePlan *plan, guint k) {
  return &plan->nodes[g_array_index (plan->plan->graph->outputs, int, k)];
}

const RunetMap *
runet_device_plan_get_output_map (const RunetDevicePlan *plan, guint k) {
  return &get_output (plan, k)->y;
}

const RunetMap *
runet_device_plan_get_output_gradient_map (const RunetDevicePlan *plan, guint k) {
  return &get_output (plan, k)->dy;
}

gboolean
runet_device_plan_enqueue_forward (RunetDevicePlan *plan, GError **error) {
  return runet_device_plan_put_forward (plan, FALSE, error);
}

gboolean
runet_device_plan_enqueue_backward (RunetDevicePlan *plan, GError **error) {
  return runet_device_plan_put_backward (plan, error);
}
