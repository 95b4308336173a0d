/* A GPU and what its plans share. */
#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>

#include "core/nn/device.h"
#include "operation.h"

G_BEGIN_DECLS

struct _RunetDevice {
  int index;
  cudnnHandle_t cudnn;
  /* (nullable): of a device that is not here, for which plans are only made. */
  cudnnBackendDescriptor_t properties;
  /* Of what is measured and set up; each plan has streams of its own. */
  cudaStream_t stream;
  char *description;
  GHashTable
      *operations; /* RunetOperationShape → RunetOperation: what was measured once */
};

/* Each sets @error, unless @status says that all is well. @what: the beginning of a sentence, "cuDNN's handle". */
gboolean
runet_device_check (cudaError_t status, const char *what, GError **error);
gboolean
runet_device_check_cudnn (cudnnStatus_t status, const char *what, GError **error);

GHashTable *
runet_device_make_operations (void);
/* Found at the first time, and kept. (transfer none) */
const RunetOperation *
runet_device_get_operation (RunetDevice *device,
                            const RunetOperationShape *shape,
                            GError **error);

extern const RunetDeviceClass runet_device_class;

G_END_DECLS
