/* A device plan from inside, for training: the parts of a step, each put on the plan's stream without waiting, so that a
 * CUDA graph can be captured of them. The engine's device lock is held by the caller. */
#pragma once

#include "device-private.h"
#include "kernels.h"

G_BEGIN_DECLS

/**
 * RunetDeviceFlat: the parameters of a plan in the device's memory, float32, one after the other in the graph's order
 * @offsets: where each begins in the two arrays
 * @count: values in all, those between parameters included, which are zero and stay so
 * @gradients: there in plans for training
 */
typedef struct {
  float *parameters;
  float *gradients;
  gsize count;
  const gsize *offsets;
} RunetDeviceFlat;

RunetDevice *
runet_device_plan_get_device (const RunetDevicePlan *plan);
const RunetPlan *
runet_device_plan_get_plan (const RunetDevicePlan *plan);
RunetPrecision
runet_device_plan_get_precision (const RunetDevicePlan *plan);
cudaStream_t
runet_device_plan_get_stream (const RunetDevicePlan *plan);
const RunetDeviceFlat *
runet_device_plan_get_flat (const RunetDevicePlan *plan);
/* On the device, F32. */
const RunetMap *
runet_device_plan_get_input_map (const RunetDevicePlan *plan);
guint
runet_device_plan_count_outputs (const RunetDevicePlan *plan);
const RunetMap *
runet_device_plan_get_output_map (const RunetDevicePlan *plan, guint k);
const RunetMap *
runet_device_plan_get_output_gradient_map (const RunetDevicePlan *plan, guint k);

/* Slopes, shifts and sizes of the graph, as they are now. Not to be captured. */
gboolean
runet_device_plan_enqueue_values (RunetDevicePlan *plan, GError **error);
/* Packs the flat parameters for the convolutions. */
gboolean
runet_device_plan_enqueue_weights (RunetDevicePlan *plan, GError **error);
/* From the input map to the output maps. */
gboolean
runet_device_plan_enqueue_forward (RunetDevicePlan *plan, GError **error);
/* From the output gradient maps to the flat gradients, which are overwritten. */
gboolean
runet_device_plan_enqueue_backward (RunetDevicePlan *plan, GError **error);

G_END_DECLS
