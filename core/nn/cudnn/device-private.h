/* A GPU and what its plans share. */
#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>

#include "core/nn/device.h"

G_BEGIN_DECLS

struct _RunetDevice {
  int index;
  cudnnHandle_t cudnn;
  /* Of what is measured and set up; each plan has streams of its own. */
  cudaStream_t stream;
  char *description;
  /* Plans of several threads take turns: cuDNN's handle belongs to one stream at a time. */
  GMutex mutex;
};

/* Each sets @error, unless @status says that all is well. @what: the beginning of a sentence, "cuDNN's handle". */
gboolean
runet_device_check (cudaError_t status, const char *what, GError **error);
gboolean
runet_device_check_cudnn (cudnnStatus_t status, const char *what, GError **error);

extern const RunetDeviceClass runet_device_class;

G_END_DECLS
