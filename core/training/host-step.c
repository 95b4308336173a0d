/* A step of training with a plan of any engine: batch, loss and Adam on the processor, in the model's own parameters.
 *
 * Of several processes each has its part of the batch. Two sums make them one: those of the Dice loss, which has to see
 * the whole batch, and the gradients. Then all make the same step. */
#include "step.h"

#include <math.h>
#include <string.h>

#include "loss.h"

typedef struct {
  RunetStep step;
  RunetPlan *plan;
  guint stages;
  gsize classes;
  RunetDiceSums *sums; /* stages × C, and one number for the communicator */
  gsize count; /* values of all parameters */
  float *gradient; /* all of them in a row, and one number for the communicator */
  float **gradients; /* one block a parameter, in @gradient */
} HostStep;

static const GArray *
get_parameters (const HostStep *self) {
  return self->step.setup.model->graph->parameters;
}

static gsize
get_count (const HostStep *self, guint i) {
  return g_array_index (get_parameters (self), RunetParameter, i).count;
}

/* @done: forward was run. The sums of all processes' images. */
static gboolean
sum_losses (HostStep *self, gboolean done, GError **error) {
  const RunetStepSetup *with = &self->step.setup;
  gsize each = sizeof (RunetDiceSums) / sizeof (double);
  for (guint k = 0; done && k < self->stages; k++)
    runet_dice_sum (with->pool, runet_plan_get_output (self->plan, k),
                    with->batches->labels, with->batches->weights,
                    self->sums + k * self->classes);
  return runet_communicator_sum_doubles (with->communicator, done, (double *)self->sums,
                                         self->stages * self->classes * each, error);
}

/* From the sums: the losses, and the gradients of this process's images. Returns the total. */
static double
write_losses (HostStep *self, double *losses) {
  const RunetStepSetup *with = &self->step.setup;
  const double *weights = with->settings->stage_weights;
  double total = 0;
  for (guint k = 0; k < self->stages; k++) {
    const RunetDiceSums *sums = self->sums + k * self->classes;
    losses[k] = runet_dice_value (sums, self->classes);
    total += weights[k] * losses[k];
    runet_dice_gradient (with->pool, runet_plan_get_output (self->plan, k),
                         with->batches->labels, with->batches->weights, sums,
                         weights[k], runet_plan_get_output_gradient (self->plan, k));
  }
  return total;
}

static gboolean
find_gradients (HostStep *self, GCancellable *cancellable, GError **error) {
  memset (self->gradient, 0, self->count * sizeof (float));
  gboolean done = runet_plan_backward (self->plan, self->gradients, cancellable, error);
  return runet_communicator_sum_floats (self->step.setup.communicator, done,
                                        self->gradient, self->count, error);
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
  gboolean done = runet_plan_forward (self->plan, cancellable, error);
  if (!sum_losses (self, done, error))
    return FALSE;
  if (!isfinite (write_losses (self, losses)))
    return TRUE;
  if (!find_gradients (self, cancellable, error))
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
  g_free (self->gradients);
  g_free (self->gradient);
  g_free (self->sums);
  runet_plan_free (self->plan);
  g_free (self);
}

RunetStep *
runet_host_step_new (const RunetStepSetup *setup, RunetPlan *plan) {
  static const RunetStepClass class = {run, keep, keep, host_step_free};
  const RunetGraph *graph = setup->model->graph;
  HostStep *self = g_new0 (HostStep, 1);
  self->step = (RunetStep){&class, *setup, NULL};
  self->plan = plan;
  self->stages = graph->outputs->len;
  self->classes = setup->model->hyperparameters.classes;
  self->sums = g_new0 (RunetDiceSums, self->stages * self->classes + 1);
  self->gradients = g_new0 (float *, graph->parameters->len);
  for (guint i = 0; i < graph->parameters->len; i++)
    self->count += get_count (self, i);
  self->gradient = g_new0 (float, self->count + 1);
  for (gsize i = 0, place = 0; i < graph->parameters->len; i++) {
    self->gradients[i] = self->gradient + place;
    place += get_count (self, (guint)i);
  }
  return &self->step;
}
