/* A step of training with the engine's plan: batch, loss and Adam on the processor, in the model's own parameters. */
#include "step.h"

#include <math.h>
#include <string.h>

#include "loss.h"

typedef struct {
  RunetStep step;
  RunetPlan *plan;
  guint stages;
  float **gradients; /* one block a parameter */
} HostStep;

static const GArray *
get_parameters (const HostStep *self) {
  return self->step.setup.model->graph->parameters;
}

static gsize
get_count (const HostStep *self, guint i) {
  return g_array_index (get_parameters (self), RunetParameter, i).count;
}

static void
clear_gradients (HostStep *self) {
  for (guint i = 0; i < get_parameters (self)->len; i++)
    memset (self->gradients[i], 0, get_count (self, i) * sizeof (float));
}

static gboolean
run (RunetStep *step,
     gsize number,
     double learning_rate,
     double *losses,
     GCancellable *cancellable,
     GError **error) {
  HostStep *self = (HostStep *)step;
  const RunetStepSetup *with = &step->setup;
  float *const *parameters = with->model->parameters;
  runet_batches_fill (with->batches, with->pool, number,
                      runet_plan_get_input (self->plan));
  runet_plan_set_parameters (self->plan, (const float *const *)parameters);
  if (!runet_plan_forward (self->plan, cancellable, error))
    return FALSE;
  double loss = runet_dice_loss_stages (with->pool, self->plan, self->stages,
                                        with->batches->labels, with->batches->weights,
                                        with->settings->stage_weights, losses);
  if (!isfinite (loss))
    return TRUE;
  clear_gradients (self);
  if (!runet_plan_backward (self->plan, self->gradients, cancellable, error))
    return FALSE;
  runet_adam_step (with->adam, with->pool, learning_rate, parameters, self->gradients);
  return TRUE;
}

/* Model and moments are where the step works. */
static gboolean
keep (RunetStep *step, GError **error) {
  return TRUE;
}

static void
host_step_free (RunetStep *step) {
  HostStep *self = (HostStep *)step;
  for (guint i = 0; self->gradients != NULL && i < get_parameters (self)->len; i++)
    g_free (self->gradients[i]);
  g_free (self->gradients);
  runet_plan_free (self->plan);
  g_free (self);
}

RunetStep *
runet_host_step_new (const RunetStepSetup *setup, GError **error) {
  static const RunetStepClass class = {run, keep, keep, host_step_free};
  const RunetGraph *graph = setup->model->graph;
  const gsize size = setup->batches->samples->size;
  RunetPlan *plan = runet_plan_new (setup->engine, graph, setup->batches->batch, size,
                                    size, RUNET_PLAN_TRAINING, error);
  if (plan == NULL)
    return NULL;
  HostStep *self = g_new0 (HostStep, 1);
  self->step = (RunetStep){&class, *setup};
  self->plan = plan;
  self->stages = graph->outputs->len;
  self->gradients = g_new0 (float *, graph->parameters->len);
  for (guint i = 0; i < graph->parameters->len; i++)
    self->gradients[i] = g_new0 (float, get_count (self, i));
  return &self->step;
}
