/* A device plan as its user runs it: what the host gives goes up, what it wants comes down, in one graph. */
#include "plan-private.h"

#include <string.h>

/* Starts @run and waits for its end. */
static gboolean
start (RunetDevicePlan *self,
       RunetDeviceReplay *run,
       RunetDeviceEnqueue enqueue,
       GError **error) {
  const gboolean started =
      runet_device_replay_start (run, self->stream, enqueue, self, error);
  /* Also after a failure: what was started before it still uses the memory. */
  const cudaError_t status = cudaStreamSynchronize (self->stream);
  return started && runet_device_check (status, "a run", error);
}

static gboolean
copy_up (const RunetDevicePlan *self,
         void *to,
         const void *from,
         gsize bytes,
         GError **error) {
  return runet_device_check (
      cudaMemcpyAsync (to, from, bytes, cudaMemcpyHostToDevice, self->stream),
      "a copy to the GPU", error);
}

/* ---------------------------------------------------------------- parameters and values */

static void
fill_values (RunetDevicePlan *self) {
  for (guint i = 0; i < self->plan->count; i++) {
    const RunetNode *node = self->plan->nodes[i].node;
    self->host.values[i] =
        (RunetNodeValues){node->slope, node->shift, (int32_t)node->size};
  }
}

static gboolean
put_values (RunetDevicePlan *self, GError **error) {
  return copy_up (self, self->values, self->host.values,
                  self->plan->count * sizeof (RunetNodeValues), error);
}

gboolean
runet_device_plan_enqueue_values (RunetDevicePlan *self, GError **error) {
  fill_values (self);
  return put_values (self, error);
}

gboolean
runet_device_plan_enqueue_weights (RunetDevicePlan *self, GError **error) {
  if (self->packings->len > 0)
    runet_cuda_pack_weights (self->stream, self->device_packings, self->packings->len,
                             self->largest, self->element);
  return runet_device_check (cudaGetLastError (), "packing the weights", error);
}

gboolean
runet_device_plan_set_parameters (RunetDevicePlan *self,
                                  const float *const *parameters,
                                  GError **error) {
  const GArray *list = self->plan->graph->parameters;
  for (guint i = 0; i < list->len; i++)
    memcpy (self->host.flat + self->offsets[i], parameters[i],
            g_array_index (list, RunetParameter, i).count * sizeof (float));
  return copy_up (self, self->flat.parameters, self->host.flat,
                  self->flat.count * sizeof (float), error) &&
         runet_device_plan_enqueue_weights (self, error) &&
         runet_device_check (cudaStreamSynchronize (self->stream), "the weights",
                             error);
}

/* ---------------------------------------------------------------- forward and backward */

static gboolean
enqueue_forward (gpointer data, GError **error) {
  RunetDevicePlan *self = data;
  const RunetMap *input = &self->nodes[0].y;
  return copy_up (self, input->data, self->host.input,
                  runet_device_plan_count_bytes (input), error) &&
         put_values (self, error) && runet_device_plan_put_forward (self, TRUE, error);
}

gboolean
runet_device_plan_forward (RunetDevicePlan *self, GError **error) {
  fill_values (self);
  return start (self, &self->forward, enqueue_forward, error);
}

static gboolean
enqueue_backward (gpointer data, GError **error) {
  RunetDevicePlan *self = data;
  const GArray *outputs = self->plan->graph->outputs;
  for (guint k = 0; k < outputs->len; k++) {
    const RunetMap *dy = &self->nodes[g_array_index (outputs, int, k)].dy;
    if (dy->data != NULL && !copy_up (self, dy->data, self->host.gradients[k].data,
                                      runet_device_plan_count_bytes (dy), error))
      return FALSE;
  }
  return runet_device_plan_put_backward (self, error) &&
         runet_device_check (cudaMemcpyAsync (self->host.flat, self->flat.gradients,
                                              self->flat.count * sizeof (float),
                                              cudaMemcpyDeviceToHost, self->stream),
                             "the gradients", error);
}

gboolean
runet_device_plan_backward (RunetDevicePlan *self,
                            float *const *gradients,
                            GError **error) {
  const GArray *list = self->plan->graph->parameters;
  if (!start (self, &self->backward, enqueue_backward, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    for (gsize j = 0; j < g_array_index (list, RunetParameter, i).count; j++)
      gradients[i][j] += self->host.flat[self->offsets[i] + j];
  return TRUE;
}
