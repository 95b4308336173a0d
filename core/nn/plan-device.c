/* A plan on a GPU: what the functions of a plan ask of the device, in turn with the other plans there. */
#include "plan-private.h"

static const RunetDeviceClass *
get_class (const RunetPlan *plan) {
  RunetDevice *device;
  return runet_engine_get_device (plan->engine, &device);
}

static GRecMutexLocker *
lock (const RunetPlan *plan) {
  return g_rec_mutex_locker_new (runet_engine_get_device_lock (plan->engine));
}

static const RunetConvolutionClass *
device_choose_convolution (const RunetPlan *plan, const RunetConvolutionShape *shape) {
  return runet_convolution_device_choose (shape);
}

static gboolean
device_make (RunetPlan *plan, GError **error) {
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  RunetDevice *device;
  const RunetDeviceClass *class = runet_engine_get_device (plan->engine, &device);
  plan->device_plan =
      class->plan_new (device, plan, runet_engine_get_precision (plan->engine), error);
  return plan->device_plan != NULL;
}

static void
device_clear (RunetPlan *plan) {
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  if (plan->device_plan != NULL)
    get_class (plan)->plan_free (plan->device_plan);
  g_clear_error (&plan->failure);
}

static void
device_set_parameters (RunetPlan *plan, const float *const *parameters) {
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  g_clear_error (&plan->failure);
  get_class (plan)->plan_set_parameters (plan->device_plan, parameters, &plan->failure);
}

static float *
device_get_input (RunetPlan *plan) {
  return get_class (plan)->plan_get_input (plan->device_plan);
}

/* What is on the device runs to its end, which is milliseconds. */
static gboolean
device_forward (RunetPlan *plan, GCancellable *cancellable, GError **error) {
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (plan->failure != NULL) {
    g_propagate_error (error, g_error_copy (plan->failure));
    return FALSE;
  }
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  return get_class (plan)->plan_forward (plan->device_plan, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
device_backward (RunetPlan *plan,
                 float *const *gradients,
                 GCancellable *cancellable,
                 GError **error) {
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  return get_class (plan)->plan_backward (plan->device_plan, gradients, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static const RunetTensor *
device_get_output (const RunetPlan *plan, guint k) {
  return get_class (plan)->plan_get_output (plan->device_plan, k);
}

static const RunetTensor *
device_get_region (const RunetPlan *plan, guint k) {
  return get_class (plan)->plan_get_region (plan->device_plan, k);
}

static const RunetTensor *
device_get_output_gradient (RunetPlan *plan, guint k) {
  return get_class (plan)->plan_get_output_gradient (plan->device_plan, k);
}

static gsize
device_get_bytes (const RunetPlan *plan) {
  return get_class (plan)->plan_get_bytes (plan->device_plan);
}

static void
device_time_node (const RunetPlan *plan, guint index, RunetLayerTiming *timing) {
  g_autoptr (GRecMutexLocker) locker = lock (plan);
  const RunetDeviceClass *class = get_class (plan);
  timing->algorithm = class->plan_get_algorithm (plan->device_plan, index);
  timing->forward_seconds = class->plan_time_node (plan->device_plan, index, FALSE);
  if (plan->mode == RUNET_PLAN_TRAINING)
    timing->backward_seconds = class->plan_time_node (plan->device_plan, index, TRUE);
}

const RunetPlanClass runet_plan_on_device = {
    .choose_convolution = device_choose_convolution,
    .make = device_make,
    .clear = device_clear,
    .set_parameters = device_set_parameters,
    .get_input = device_get_input,
    .forward = device_forward,
    .backward = device_backward,
    .get_output = device_get_output,
    .get_region = device_get_region,
    .get_output_gradient = device_get_output_gradient,
    .get_bytes = device_get_bytes,
    .time_node = device_time_node,
};
