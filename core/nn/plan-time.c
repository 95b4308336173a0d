/* What a GPU takes for a plan when the host's copies are left out. */
#include "plan-private.h"

double
runet_plan_time_forward (RunetPlan *plan) {
  g_return_val_if_fail (plan != NULL, 0);
  RunetDevice *device;
  const RunetDeviceClass *class = runet_engine_get_device (plan->engine, &device);
  if (plan->device_plan == NULL || class->plan_time_forward == NULL)
    return 0;
  g_autoptr (GRecMutexLocker) locker =
      g_rec_mutex_locker_new (runet_engine_get_device_lock (plan->engine));
  return class->plan_time_forward (plan->device_plan);
}
