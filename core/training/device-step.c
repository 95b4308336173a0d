/* A step of training on a GPU, where images, weights and moments stay: see RunetDeviceTraining of core/nn/device.h. */
#include "step.h"

#include <math.h>

#include "core/base/error.h"
#include "core/nn/engine.h"

/* Steps in a row whose gradients overflow float16. Each halves what they are multiplied by: after so many it is no
 * longer that. */
#define MOST_SKIPPED 40
#define NO_BATCH G_MAXSIZE

typedef struct {
  RunetStep step;
  RunetPlan *plan;
  const RunetDeviceClass *class;
  GRecMutex *lock;
  RunetDeviceTraining *training;
  guint stages;
  RunetDevicePlace *places; /* N */
  gsize placed; /* the batch that they are of; NO_BATCH for none */
  guint skipped; /* steps in a row */
} DeviceStep;

static gboolean
check_losses (const DeviceStep *self, const double *losses) {
  for (guint k = 0; k < self->stages; k++)
    if (!isfinite (losses[k]))
      return FALSE;
  return TRUE;
}

/* A step was made that left the weights as they were, and not because of its loss. */
static gboolean
check_skipped (DeviceStep *self, GError **error) {
  const gboolean half =
      runet_engine_get_precision (self->step.setup.engine) == RUNET_PRECISION_FLOAT16;
  self->skipped++;
  if (half && self->skipped < MOST_SKIPPED)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT, "%s; try %s",
               half ? "the gradients do not fit in float16, however they are scaled"
                    : "the gradients are no longer finite",
               half ? "bfloat16" : "a smaller learning rate");
  return FALSE;
}

static void
place (DeviceStep *self, gsize number) {
  if (self->placed == number)
    return;
  runet_batches_place (self->step.setup.batches, number, self->places);
  self->placed = number;
}

/* Begins a step, draws the next batch of the epoch meanwhile, and waits for the end. */
static gboolean
make_step (DeviceStep *self,
           gsize number,
           double learning_rate,
           double *losses,
           gboolean *skipped,
           GError **error) {
  const RunetStepSetup *with = &self->step.setup;
  place (self, number);
  const gboolean begun =
      self->class->training_begin (self->training, self->places, learning_rate, error);
  /* Before waiting for processes that may not come. */
  if (!runet_communicator_agree (with->communicator, begun, error))
    return FALSE;
  if (number + 1 < with->batches->count)
    place (self, number + 1);
  return self->class->training_end (self->training, losses, skipped, error);
}

static gboolean
run (RunetStep *step,
     gsize number,
     double learning_rate,
     double *losses,
     GCancellable *cancellable,
     GError **error) {
  DeviceStep *self = (DeviceStep *)step;
  gboolean skipped = FALSE;
  g_rec_mutex_lock (self->lock);
  const gboolean made =
      make_step (self, number, learning_rate, losses, &skipped, error);
  g_rec_mutex_unlock (self->lock);
  if (!made)
    return FALSE;
  if (!skipped)
    self->skipped = 0;
  return !skipped || !check_losses (self, losses) || check_skipped (self, error);
}

static RunetDeviceState
get_state (const DeviceStep *self) {
  const RunetStepSetup *with = &self->step.setup;
  return (RunetDeviceState){
      .parameters = with->model->parameters,
      .moment1 = with->adam->moment1,
      .moment2 = with->adam->moment2,
      .step = with->adam->step,
      .loss_scale = with->loss_scale->scale,
      .good_steps = with->loss_scale->good_steps,
  };
}

static gboolean
push (RunetStep *step, GError **error) {
  DeviceStep *self = (DeviceStep *)step;
  const RunetDeviceState state = get_state (self);
  /* Of another epoch, perhaps. */
  self->placed = NO_BATCH;
  self->skipped = 0;
  g_rec_mutex_lock (self->lock);
  const gboolean done = self->class->training_set_state (self->training, &state, error);
  g_rec_mutex_unlock (self->lock);
  return done;
}

static gboolean
pull (RunetStep *step, GError **error) {
  DeviceStep *self = (DeviceStep *)step;
  RunetDeviceState state = get_state (self);
  g_rec_mutex_lock (self->lock);
  const gboolean done = self->class->training_get_state (self->training, &state, error);
  g_rec_mutex_unlock (self->lock);
  if (!done)
    return FALSE;
  step->setup.adam->step = state.step;
  step->setup.loss_scale->scale = state.loss_scale;
  step->setup.loss_scale->good_steps = state.good_steps;
  return TRUE;
}

static void
device_step_free (RunetStep *step) {
  DeviceStep *self = (DeviceStep *)step;
  if (self->training != NULL) {
    g_rec_mutex_lock (self->lock);
    self->class->training_free (self->training);
    g_rec_mutex_unlock (self->lock);
  }
  runet_plan_free (self->plan);
  g_free (self->places);
  g_free (self);
}

static RunetDeviceTraining *
upload (const DeviceStep *self, GError **error) {
  const RunetStepSetup *with = &self->step.setup;
  const GPtrArray *samples = with->batches->samples->samples;
  g_autofree const guint8 **images = g_new (const guint8 *, samples->len);
  g_autofree const guint8 **labels = g_new (const guint8 *, samples->len);
  g_autofree const guint8 **weights = g_new (const guint8 *, samples->len);
  for (guint i = 0; i < samples->len; i++) {
    const RunetSample *sample = samples->pdata[i];
    images[i] = sample->image;
    labels[i] = sample->labels;
    weights[i] = sample->weights;
  }
  const RunetDeviceImages all = {
      .count = samples->len,
      .size = with->batches->samples->size,
      .images = images,
      .labels = labels,
      .weights = with->batches->weights != NULL ? weights : NULL,
  };
  g_rec_mutex_lock (self->lock);
  RunetDeviceTraining *training =
      self->class->training_new (runet_plan_get_device_plan (self->plan), &all,
                                 with->settings->stage_weights, error);
  g_rec_mutex_unlock (self->lock);
  return training;
}

/* The processes find each other's GPUs. */
static gboolean
join (const DeviceStep *self, GError **error) {
  RunetCommunicator *communicator = self->step.setup.communicator;
  guint8 id[RUNET_DEVICE_GROUP_ID] = {0};
  const RunetDeviceGroup group = {
      .rank = runet_communicator_get_rank (communicator),
      .size = runet_communicator_get_size (communicator),
      .id = id,
  };
  if (group.size == 1)
    return TRUE;
  /* Only that of the first is used; the others find out whether they could. */
  const gboolean made = self->class->group_make_id (group.rank == 0 ? id : NULL, error);
  if (!runet_communicator_agree (communicator, made, error) ||
      !runet_communicator_broadcast (communicator, 0, id, sizeof id, error))
    return FALSE;
  g_rec_mutex_lock (self->lock);
  const gboolean joined = self->class->training_join (self->training, &group, error);
  g_rec_mutex_unlock (self->lock);
  return runet_communicator_agree (communicator, joined, error);
}

static gboolean
prepare (DeviceStep *self, GError **error) {
  self->training = upload (self, error);
  return runet_communicator_agree (self->step.setup.communicator,
                                   self->training != NULL, error) &&
         join (self, error);
}

RunetStep *
runet_device_step_new (const RunetStepSetup *setup, RunetPlan *plan, GError **error) {
  static const RunetStepClass class = {run, push, pull, device_step_free};
  RunetDevice *device = NULL;
  DeviceStep *self = g_new0 (DeviceStep, 1);
  self->step = (RunetStep){&class, *setup, NULL};
  self->plan = plan;
  self->class = runet_engine_get_device (setup->engine, &device);
  self->lock = runet_engine_get_device_lock (setup->engine);
  self->stages = setup->model->graph->outputs->len;
  self->places = g_new (RunetDevicePlace, setup->batches->batch);
  self->placed = NO_BATCH;
  if (prepare (self, error))
    return &self->step;
  self->plan = NULL;
  device_step_free (&self->step);
  return NULL;
}
