/* A step of training on the device: from the places of a batch to changed weights, as one CUDA graph. */
#include "training-private.h"

#include <string.h>

/* The losses, and what the backward pass begins with. With several processes the sums are of the whole batch. */
static gboolean
enqueue_loss (RunetDeviceTraining *self, GError **error) {
  const gsize each = self->classes * 3;
  for (guint k = 0; k < self->stages; k++)
    runet_cuda_dice_sums (
        self->stream, runet_device_plan_get_output_map (self->plan, k),
        self->batch_labels, self->batch_weights, self->sums + k * each, self->scratch);
  if (!runet_device_sum_enqueue_doubles (self->group, self->stream, self->sums,
                                         self->stages * each, error))
    return FALSE;
  for (guint k = 0; k < self->stages; k++)
    runet_cuda_dice_gradient (
        self->stream, runet_device_plan_get_output_map (self->plan, k),
        self->batch_labels, self->batch_weights, self->sums + k * each,
        self->stage_weights[k], &self->state->scale,
        runet_device_plan_get_output_gradient_map (self->plan, k), self->losses + k);
  return TRUE;
}

static gboolean
enqueue_optimiser (RunetDeviceTraining *self, GError **error) {
  const RunetDeviceFlat *flat = self->flat;
  if (!runet_device_sum_enqueue_floats (self->group, self->stream, flat->gradients,
                                        flat->count, error))
    return FALSE;
  runet_cuda_check_gradients (self->stream, flat->gradients, flat->count, self->state);
  runet_cuda_adam (self->stream, flat->parameters, self->moment1, self->moment2,
                   flat->gradients, flat->count, self->state);
  runet_cuda_adam_finish (self->stream, self->state);
  return TRUE;
}

static gboolean
enqueue_orders (RunetDeviceTraining *self, GError **error) {
  return runet_device_check (cudaMemcpyAsync (&self->state->learning_rate,
                                              self->pinned_rate, sizeof (float),
                                              cudaMemcpyHostToDevice, self->stream),
                             "the learning rate", error) &&
         runet_device_check (cudaMemcpyAsync (self->places, self->pinned_places,
                                              self->n * sizeof (RunetBatchPlace),
                                              cudaMemcpyHostToDevice, self->stream),
                             "the places of a batch", error);
}

static gboolean
enqueue_report (RunetDeviceTraining *self, GError **error) {
  return runet_device_check (cudaMemcpyAsync (self->pinned_losses, self->losses,
                                              self->stages * sizeof (double),
                                              cudaMemcpyDeviceToHost, self->stream),
                             "the losses", error) &&
         runet_device_check (cudaMemcpyAsync (self->pinned_state, self->state,
                                              sizeof (RunetStepState),
                                              cudaMemcpyDeviceToHost, self->stream),
                             "the state of the steps", error);
}

static gboolean
enqueue (gpointer data, GError **error) {
  RunetDeviceTraining *self = data;
  if (!enqueue_orders (self, error))
    return FALSE;
  runet_cuda_fill_batch (self->stream, self->images, self->labels, self->weights,
                         self->places, runet_device_plan_get_input_map (self->plan),
                         self->batch_labels, self->batch_weights);
  return runet_device_plan_enqueue_weights (self->plan, error) &&
         runet_device_plan_enqueue_forward (self->plan, error) &&
         enqueue_loss (self, error) &&
         runet_device_plan_enqueue_backward (self->plan, error) &&
         enqueue_optimiser (self, error) && enqueue_report (self, error) &&
         runet_device_check (cudaGetLastError (), "a kernel of the training", error);
}

gboolean
runet_device_training_begin (RunetDeviceTraining *self,
                             const RunetDevicePlace *places,
                             double learning_rate,
                             GError **error) {
  *self->pinned_rate = (float)learning_rate;
  memcpy (self->pinned_places, places, self->n * sizeof *places);
  self->running = TRUE;
  return runet_device_replay_start (&self->replay, self->stream, enqueue, self, error);
}

gboolean
runet_device_training_end (RunetDeviceTraining *self,
                           double *losses,
                           gboolean *skipped,
                           GError **error) {
  if (!runet_device_check (cudaStreamSynchronize (self->stream), "a step of training",
                           error))
    return FALSE;
  self->running = FALSE;
  memcpy (losses, self->pinned_losses, self->stages * sizeof *losses);
  *skipped = self->pinned_state->step == self->steps;
  self->steps = self->pinned_state->step;
  return TRUE;
}
