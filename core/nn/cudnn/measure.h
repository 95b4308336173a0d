/* The functions of core/nn/device.h that measure. */
#pragma once

#include <cuda_runtime_api.h>

#include "core/nn/device.h"

G_BEGIN_DECLS

/* What is timed: once, put on the stream. */
typedef gboolean (*RunetDeviceRun) (gpointer data);
/* Seconds of one run, the median of several times; 0 when something fails. */
double
runet_device_time (cudaStream_t stream, RunetDeviceRun run, gpointer data);

double
runet_device_measure_matrix_rate (RunetDevice *device, RunetPrecision precision);
double
runet_device_measure_bandwidth (RunetDevice *device);

G_END_DECLS
