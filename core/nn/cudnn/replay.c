/* Something that is put on a stream again and again, as a graph. */
#include "replay.h"

#include "device-private.h"

gboolean
runet_device_capture (cudaStream_t stream,
                      RunetDeviceEnqueue enqueue,
                      gpointer data,
                      cudaGraphExec_t *executable,
                      GError **error) {
  cudaGraph_t graph = NULL;
  /* Other threads may use the device meanwhile. */
  if (!runet_device_check (
          cudaStreamBeginCapture (stream, cudaStreamCaptureModeThreadLocal), "a graph",
          error))
    return FALSE;
  const gboolean enqueued = enqueue (data, error);
  const cudaError_t status = cudaStreamEndCapture (stream, &graph);
  const gboolean captured =
      enqueued && runet_device_check (status, "a graph", error) &&
      runet_device_check (cudaGraphInstantiate (executable, graph, 0), "a graph",
                          error);
  if (graph != NULL)
    cudaGraphDestroy (graph);
  cudaGetLastError ();
  return captured;
}

gboolean
runet_device_replay_start (RunetDeviceReplay *self,
                           cudaStream_t stream,
                           RunetDeviceEnqueue enqueue,
                           gpointer data,
                           GError **error) {
  g_autoptr (GError) local = NULL;
  if (self->warm && self->graph == NULL && !self->uncapturable &&
      !runet_device_capture (stream, enqueue, data, &self->graph, &local)) {
    self->uncapturable = TRUE;
    g_debug ("%s", local->message);
  }
  self->warm = TRUE;
  if (self->graph == NULL)
    return enqueue (data, error);
  return runet_device_check (cudaGraphLaunch (self->graph, stream), "a run", error);
}

void
runet_device_replay_clear (RunetDeviceReplay *self) {
  if (self->graph != NULL)
    cudaGraphExecDestroy (self->graph);
  self->graph = NULL;
}
