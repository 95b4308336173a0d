/* What a device plan takes: all of it, and each node by itself. */
#include "measure.h"
#include "plan-private.h"

typedef struct {
  RunetDevicePlan *plan;
  cudaGraphExec_t graph;
  guint node;
  gboolean backward;
} Timed;

/* ---------------------------------------------------------------- forward */

static gboolean
launch (gpointer data) {
  const Timed *timed = data;
  return cudaGraphLaunch (timed->graph, timed->plan->stream) == cudaSuccess;
}

static gboolean
enqueue_forward (gpointer data, GError **error) {
  return runet_device_plan_enqueue_forward (data, error);
}

double
runet_device_plan_time_forward (RunetDevicePlan *self) {
  Timed timed = {.plan = self};
  double seconds = 0;
  /* What a first run loads cannot be captured. */
  if (runet_device_plan_enqueue_forward (self, NULL) &&
      cudaStreamSynchronize (self->stream) == cudaSuccess &&
      runet_device_capture (self->stream, enqueue_forward, self, &timed.graph, NULL))
    seconds = runet_device_time (self->stream, launch, &timed);
  if (timed.graph != NULL)
    cudaGraphExecDestroy (timed.graph);
  return seconds;
}

/* ---------------------------------------------------------------- nodes */

static gboolean
run_node (gpointer data) {
  const Timed *timed = data;
  return timed->backward
             ? runet_device_plan_backward_node (timed->plan, timed->node, NULL)
             : runet_device_plan_forward_node (timed->plan, timed->node, NULL);
}

double
runet_device_plan_time_node (RunetDevicePlan *self, guint node, gboolean backward) {
  const RunetPlanNode *measured = &self->plan->nodes[node];
  Timed timed = {.plan = self, .node = node, .backward = backward};
  if (measured->unmade || (backward ? !measured->active : measured->carrier >= 0))
    return 0;
  if (cudnnSetStream (self->device->cudnn, self->stream) != CUDNN_STATUS_SUCCESS)
    return 0;
  return runet_device_time (self->stream, run_node, &timed);
}
