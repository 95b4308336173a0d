/* A build without NCCL: a training is one process. */
#include "group.h"

#include "core/base/error.h"

static void
refuse (GError **error) {
  g_set_error_literal (
      error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
      "training on several GPUs at once needs NCCL, which this build was "
      "made without");
}

gboolean
runet_device_group_make_id (guint8 *id, GError **error) {
  refuse (error);
  return FALSE;
}

RunetDeviceSum *
runet_device_sum_new (const RunetDeviceGroup *group, GError **error) {
  refuse (error);
  return NULL;
}

void
runet_device_sum_free (RunetDeviceSum *self, gboolean broken) {
}

gboolean
runet_device_sum_enqueue_doubles (RunetDeviceSum *self,
                                  cudaStream_t stream,
                                  double *values,
                                  gsize count,
                                  GError **error) {
  return TRUE;
}

gboolean
runet_device_sum_enqueue_floats (RunetDeviceSum *self,
                                 cudaStream_t stream,
                                 float *values,
                                 gsize count,
                                 GError **error) {
  return TRUE;
}
