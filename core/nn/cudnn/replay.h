/* Something that is put on a stream again and again: captured once as a graph, and launched as one from then on. */
#pragma once

#include <cuda_runtime_api.h>
#include <glib.h>

G_BEGIN_DECLS

/* The first time is without a graph, because what CUDA, cuDNN and NCCL load at the first use is not to be loaded during a
 * capture. What cannot be captured is put on the stream each time, and the reason goes to g_debug(). */
typedef struct {
  gboolean warm, uncapturable;
  cudaGraphExec_t graph;
} RunetDeviceReplay;

/* Puts all of it on @data's stream. */
typedef gboolean (*RunetDeviceEnqueue) (gpointer data, GError **error);

/* What @enqueue puts on @stream, as a graph, without running it. */
gboolean
runet_device_capture (cudaStream_t stream,
                      RunetDeviceEnqueue enqueue,
                      gpointer data,
                      cudaGraphExec_t *graph,
                      GError **error);
/* Starts @self and returns. */
gboolean
runet_device_replay_start (RunetDeviceReplay *self,
                           cudaStream_t stream,
                           RunetDeviceEnqueue enqueue,
                           gpointer data,
                           GError **error);
void
runet_device_replay_clear (RunetDeviceReplay *self);

G_END_DECLS
