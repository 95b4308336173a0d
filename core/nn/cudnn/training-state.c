/* Parameters, moments and loss scale of a training, between the device and the host. */
#include "training-private.h"

#include <string.h>

#include "core/nn/plan-private.h"

static const GArray *
get_parameters (const RunetDeviceTraining *self) {
  return runet_device_plan_get_plan (self->plan)->graph->parameters;
}

/* On the training's own stream, which does not wait for that of cudaMemcpy(). */
static gboolean
copy (RunetDeviceTraining *self,
      void *to,
      const void *from,
      gsize bytes,
      enum cudaMemcpyKind kind,
      GError **error) {
  return runet_device_check (cudaMemcpyAsync (to, from, bytes, kind, self->stream),
                             "the weights", error) &&
         runet_device_check (cudaStreamSynchronize (self->stream), "the weights",
                             error);
}

static gboolean
upload (RunetDeviceTraining *self,
        float *const *blocks,
        float *to,
        float *flat,
        GError **error) {
  const GArray *parameters = get_parameters (self);
  memset (flat, 0, self->flat->count * sizeof (float));
  for (guint i = 0; i < parameters->len; i++)
    memcpy (flat + self->flat->offsets[i], blocks[i],
            g_array_index (parameters, RunetParameter, i).count * sizeof (float));
  return copy (self, to, flat, self->flat->count * sizeof (float),
               cudaMemcpyHostToDevice, error);
}

static gboolean
download (RunetDeviceTraining *self,
          const float *from,
          float *const *blocks,
          float *flat,
          GError **error) {
  const GArray *parameters = get_parameters (self);
  if (!copy (self, flat, from, self->flat->count * sizeof (float),
             cudaMemcpyDeviceToHost, error))
    return FALSE;
  for (guint i = 0; i < parameters->len; i++)
    memcpy (blocks[i], flat + self->flat->offsets[i],
            g_array_index (parameters, RunetParameter, i).count * sizeof (float));
  return TRUE;
}

static gboolean
read_step_state (RunetDeviceTraining *self, GError **error) {
  return copy (self, self->pinned_state, self->state, sizeof (RunetStepState),
               cudaMemcpyDeviceToHost, error);
}

static gboolean
has_scale (const RunetDeviceTraining *self) {
  return self->pinned_state->growth_interval > 0;
}

gboolean
runet_device_training_set_state (RunetDeviceTraining *self,
                                 const RunetDeviceState *state,
                                 GError **error) {
  g_autofree float *flat = g_new (float, self->flat->count);
  if (!upload (self, state->parameters, self->flat->parameters, flat, error) ||
      !upload (self, state->moment1, self->moment1, flat, error) ||
      !upload (self, state->moment2, self->moment2, flat, error) ||
      !read_step_state (self, error))
    return FALSE;
  RunetStepState *own = self->pinned_state;
  own->step = self->steps = state->step;
  if (has_scale (self) && state->loss_scale > 0) {
    own->scale = (float)state->loss_scale;
    own->good_steps = (int32_t)MIN (state->good_steps, (guint)own->growth_interval);
  }
  return copy (self, self->state, own, sizeof *own, cudaMemcpyHostToDevice, error) &&
         runet_device_plan_enqueue_values (self->plan, error) &&
         runet_device_check (cudaStreamSynchronize (self->stream), "the weights",
                             error);
}

gboolean
runet_device_training_get_state (RunetDeviceTraining *self,
                                 RunetDeviceState *state,
                                 GError **error) {
  g_autofree float *flat = g_new (float, self->flat->count);
  if (!download (self, self->flat->parameters, state->parameters, flat, error) ||
      !download (self, self->moment1, state->moment1, flat, error) ||
      !download (self, self->moment2, state->moment2, flat, error) ||
      !read_step_state (self, error))
    return FALSE;
  state->step = self->pinned_state->step;
  if (has_scale (self)) {
    state->loss_scale = (double)self->pinned_state->scale;
    state->good_steps = (guint)self->pinned_state->good_steps;
  }
  return TRUE;
}
