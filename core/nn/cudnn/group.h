/* Sums over the processes of a training, made by NCCL between their GPUs. */
#pragma once

#include <cuda_runtime_api.h>

#include "core/nn/device.h"

G_BEGIN_DECLS

typedef struct _RunetDeviceSum RunetDeviceSum;

/* See RunetDeviceClass. */
gboolean
runet_device_group_make_id (guint8 *id, GError **error);

/* Waits for the other processes. Errors: %RUNET_ERROR_UNSUPPORTED: this build was made without NCCL. */
RunetDeviceSum *
runet_device_sum_new (const RunetDeviceGroup *group,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @sum: (nullable). @broken: what was enqueued may wait in vain for the other processes: it is given up. */
void
runet_device_sum_free (RunetDeviceSum *sum, gboolean broken);

/* On the stream, @values becomes the sum of all processes' @values, the same to the bit in each. @sum: (nullable): one
 * process, nothing is done. */
gboolean
runet_device_sum_enqueue_doubles (RunetDeviceSum *sum,
                                  cudaStream_t stream,
                                  double *values,
                                  gsize count,
                                  GError **error);
gboolean
runet_device_sum_enqueue_floats (RunetDeviceSum *sum,
                                 cudaStream_t stream,
                                 float *values,
                                 gsize count,
                                 GError **error);

G_END_DECLS
