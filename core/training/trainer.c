/* Trains a model: epochs, batches, validation, checkpoints. */
#include "trainer.h"

#include <math.h>
#include <string.h>

#include "batches.h"
#include "checkpoint.h"
#include "core/base/error.h"
#include "step.h"
#include "validation.h"

struct _RunetTrainer {
  RunetModel *model;
  const RunetSamples *training;
  const RunetSamples *validation_samples;
  RunetPool *pool;
  RunetStep *step;
  RunetValidation *validation; /* (nullable) */
  RunetTrainingState state;
  guint stages;

  RunetBatches *batches;
  RunetCommunicator *communicator; /* (nullable) */

  char *checkpoint_path;
  double checkpoint_seconds;
  gint64 checkpoint_time; /* monotonic, of the last one */
  gint64 epoch_start; /* monotonic, as if the epoch had run in one go */
  gint64 clock_start; /* monotonic, of this run */
  gsize clock_batches; /* batches of this run, for the time left */
  RunetTrainingFunc progress;
  gpointer user_data;
};

static const RunetParameter *
get_parameter (const RunetTrainer *self, guint i) {
  return &g_array_index (self->model->graph->parameters, RunetParameter, i);
}

static guint
count_parameters (const RunetTrainer *self) {
  return self->model->graph->parameters->len;
}

static gboolean
check (const RunetModel *model,
       const RunetTrainingSettings *settings,
       const RunetSamples *training,
       const RunetSamples *validation,
       GError **error) {
  if (!runet_training_settings_check (settings, error))
    return FALSE;
  if (training->samples->len == 0 ||
      (validation != NULL && validation->samples->len == 0)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "expected at least one %s image with an expert mask, found none",
                 training->samples->len == 0 ? "training" : "validation");
    return FALSE;
  }
  gsize size = settings->hyperparameters.input_size;
  if (model->hyperparameters.architecture != settings->hyperparameters.architecture ||
      model->hyperparameters.input_size != size || training->size != size ||
      (validation != NULL && validation->size != size)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "the settings are for %s at %zu × %zu, the model is %s at %zu × %zu",
                 runet_architecture_to_string (settings->hyperparameters.architecture),
                 size, size,
                 runet_architecture_to_string (model->hyperparameters.architecture),
                 model->hyperparameters.input_size, model->hyperparameters.input_size);
    return FALSE;
  }
  if (model->graph->outputs->len > RUNET_TRAINING_STAGES) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "expected at most %d stages, found %u", RUNET_TRAINING_STAGES,
                 model->graph->outputs->len);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_share (const RunetTrainingSettings *settings,
             const RunetCommunicator *communicator,
             GError **error) {
  guint size = runet_communicator_get_size (communicator);
  if (settings->batch % size == 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "expected a batch that %u processes can share evenly, found %u images; "
               "choose a multiple of %u",
               size, settings->batch, size);
  return FALSE;
}

static gboolean
make_step (RunetTrainer *self, RunetEngine *engine, GError **error) {
  const RunetStepSetup setup = {
      .engine = engine,
      .pool = self->pool,
      .model = self->model,
      .adam = self->state.adam,
      .batches = self->batches,
      .settings = &self->state.settings,
      .communicator = self->communicator,
  };
  self->step = runet_step_new (&setup, error);
  return self->step != NULL;
}

static gboolean
make_validation (RunetTrainer *self, RunetEngine *engine, GError **error) {
  if (self->validation_samples == NULL)
    return TRUE;
  self->validation =
      runet_validation_new (engine, self->pool, self->model, self->validation_samples,
                            self->communicator, error);
  return self->validation != NULL;
}

static float **
copy_parameters (const RunetTrainer *self) {
  float **blocks = g_new0 (float *, count_parameters (self));
  for (guint i = 0; i < count_parameters (self); i++)
    blocks[i] = g_memdup2 (self->model->parameters[i],
                           get_parameter (self, i)->count * sizeof (float));
  return blocks;
}

static void
free_blocks (float **blocks, guint count) {
  for (guint i = 0; blocks != NULL && i < count; i++)
    g_free (blocks[i]);
  g_free (blocks);
}

static void
init_state (RunetTrainer *self, const RunetTrainingSettings *settings) {
  RunetTrainingState *state = &self->state;
  g_autofree gsize *sizes = g_new (gsize, count_parameters (self));
  for (guint i = 0; i < count_parameters (self); i++)
    sizes[i] = get_parameter (self, i)->count;
  state->model = self->model;
  state->settings = *settings;
  state->adam = runet_adam_new (sizes, count_parameters (self));
  state->best = copy_parameters (self);
  state->history = g_array_new (FALSE, TRUE, sizeof (RunetEpoch));
  state->training_hash = runet_samples_hash (self->training);
  state->validation_hash = self->validation_samples != NULL
                               ? runet_samples_hash (self->validation_samples)
                               : g_strdup ("");
  runet_schedule_init (&state->schedule, settings->learning_rate, settings->patience,
                       settings->stop_after);
}

/* Whether all processes are at the same work, with the weights of the first. */
static gboolean
join (RunetTrainer *self, GError **error) {
  const RunetTrainingState *state = &self->state;
  g_autoptr (JsonNode) node = runet_training_settings_to_json (&state->settings);
  g_autofree char *settings = json_to_string (node, FALSE);
  const char *const texts[][2] = {
      {"settings", settings},
      {"training images", state->training_hash},
      {"validation images", state->validation_hash},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!runet_communicator_compare (self->communicator, texts[i][0], texts[i][1],
                                     strlen (texts[i][1]), error))
      return FALSE;
  return runet_checkpoint_share (&self->state, self->communicator, error);
}

RunetTrainer *
runet_trainer_new_shared (RunetModel *model,
                          RunetEngine *engine,
                          const RunetTrainingSettings *settings,
                          const RunetSamples *training,
                          const RunetSamples *validation,
                          RunetCommunicator *communicator,
                          GError **error) {
  gboolean sound = check (model, settings, training, validation, error) &&
                   check_share (settings, communicator, error);
  if (!runet_communicator_agree (communicator, sound, error))
    return NULL;
  g_autoptr (RunetTrainer) self = g_new0 (RunetTrainer, 1);
  self->model = runet_model_ref (model);
  self->training = training;
  self->validation_samples = validation;
  self->communicator = communicator;
  self->pool = runet_pool_get (runet_engine_get_threads (engine));
  self->stages = model->graph->outputs->len;
  self->batches =
      runet_batches_new (training, settings->batch, settings->seed, settings->augment);
  runet_batches_share (self->batches, runet_communicator_get_rank (communicator),
                       runet_communicator_get_size (communicator));
  self->checkpoint_seconds = -1;
  init_state (self, settings);
  gboolean made =
      make_step (self, engine, error) && make_validation (self, engine, error);
  if (!runet_communicator_agree (communicator, made, error) || !join (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

RunetTrainer *
runet_trainer_new (RunetModel *model,
                   RunetEngine *engine,
                   const RunetTrainingSettings *settings,
                   const RunetSamples *training,
                   const RunetSamples *validation,
                   GError **error) {
  return runet_trainer_new_shared (model, engine, settings, training, validation, NULL,
                                   error);
}

void
runet_trainer_free (RunetTrainer *self) {
  if (self == NULL)
    return;
  runet_step_free (self->step);
  runet_validation_free (self->validation);
  free_blocks (self->state.best, count_parameters (self));
  runet_adam_free (self->state.adam);
  g_array_unref (self->state.history);
  g_free (self->state.training_hash);
  g_free (self->state.validation_hash);
  runet_pool_free (self->pool);
  runet_model_unref (self->model);
  runet_batches_free (self->batches);
  g_free (self->checkpoint_path);
  g_free (self);
}

static gboolean
is_first (const RunetTrainer *self) {
  return runet_communicator_get_rank (self->communicator) == 0;
}

static gboolean
read_checkpoint (RunetTrainer *self, const char *path, GError **error) {
  if (!runet_checkpoint_read (&self->state, path, error))
    return FALSE;
  if (self->state.batch <= self->batches->count)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
               "%s: an epoch has %zu batches, the checkpoint says %zu are done", path,
               self->batches->count, self->state.batch);
  return FALSE;
}

gboolean
runet_trainer_resume (RunetTrainer *self, const char *path, GError **error) {
  gboolean read = !is_first (self) || read_checkpoint (self, path, error);
  return runet_communicator_agree (self->communicator, read, error) &&
         runet_checkpoint_share (&self->state, self->communicator, error);
}

void
runet_trainer_set_checkpoint (RunetTrainer *self, const char *path, double seconds) {
  g_free (self->checkpoint_path);
  self->checkpoint_path = g_strdup (path);
  self->checkpoint_seconds = seconds;
}

static gboolean
write_checkpoint (RunetTrainer *self, GError **error) {
  if (!runet_step_pull (self->step, error))
    return FALSE;
  if (self->checkpoint_path == NULL || !is_first (self))
    return TRUE;
  gint64 now = g_get_monotonic_time ();
  self->state.epoch_seconds = (double)(now - self->epoch_start) * 1e-6;
  self->checkpoint_time = now;
  return runet_checkpoint_write (&self->state, self->checkpoint_path, error);
}

static gboolean
save (RunetTrainer *self, GError **error) {
  gboolean written = write_checkpoint (self, error);
  return runet_communicator_agree (self->communicator, written, error);
}

/* Until the last epoch: what a batch of this run took on average, validation included. */
static double
estimate_seconds (const RunetTrainer *self, gsize batches) {
  if (self->clock_batches == 0)
    return -1;
  double seconds = (double)(g_get_monotonic_time () - self->clock_start) * 1e-6;
  return seconds / (double)self->clock_batches * (double)batches;
}

static void
report (const RunetTrainer *self,
        RunetTrainingPhase phase,
        gsize done,
        gsize total,
        const RunetEpoch *record) {
  const RunetTrainingState *state = &self->state;
  if (self->progress == NULL)
    return;
  gsize left_now = self->batches->count - state->batch;
  gsize later = state->settings.epochs > state->epoch + 1
                    ? state->settings.epochs - state->epoch - 1
                    : 0;
  /* With a record the counter of epochs has already moved on. */
  guint epoch = record != NULL ? record->number : state->epoch + 1;
  if (record != NULL) {
    left_now = 0;
    later = state->settings.epochs - record->number;
  }
  double loss = record != NULL     ? record->loss
                : state->batch > 0 ? state->loss_sum / (double)state->batch
                                   : 0;
  RunetTrainingProgress progress = {
      .phase = phase,
      .epoch = epoch,
      .epochs = state->settings.epochs,
      .done = done,
      .total = total,
      .loss = loss,
      .seconds_left_epoch = estimate_seconds (self, left_now),
      .seconds_left = estimate_seconds (self, left_now + later * self->batches->count),
      .record = record,
  };
  self->progress (&progress, self->user_data);
}

/* Learns from batch @state.batch. */
static gboolean
train_batch (RunetTrainer *self, GCancellable *cancellable, GError **error) {
  RunetTrainingState *state = &self->state;
  double losses[RUNET_TRAINING_STAGES];
  if (!runet_step_run (self->step, state->batch, state->schedule.rate, losses,
                       cancellable, error))
    return FALSE;
  double loss = 0;
  for (guint k = 0; k < self->stages; k++)
    loss += state->settings.stage_weights[k] * losses[k];
  if (!isfinite (loss)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "epoch %u, batch %zu: the loss is not finite; try a smaller "
                 "learning rate than %g",
                 state->epoch + 1, state->batch + 1, state->schedule.rate);
    return FALSE;
  }
  state->loss_sum += loss;
  for (guint k = 0; k < self->stages; k++)
    state->loss_sums[k] += losses[k];
  state->batch++;
  self->clock_batches++;
  return TRUE;
}

/* Between two batches: whether all go on, and whether it is time to save, which the clock of the first decides. */
static gboolean
consult (RunetTrainer *self,
         gboolean *save_now,
         GCancellable *cancellable,
         GError **error) {
  double age = (double)(g_get_monotonic_time () - self->checkpoint_time) * 1e-6;
  gboolean due = self->checkpoint_seconds >= 0 && age >= self->checkpoint_seconds;
  double wishes[2] = {due && is_first (self)};
  gboolean go_on = !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!runet_communicator_sum_doubles (self->communicator, go_on, wishes, 1, error))
    return FALSE;
  *save_now = wishes[0] > 0;
  return TRUE;
}

static gboolean
train_batches (RunetTrainer *self, GCancellable *cancellable, GError **error) {
  runet_batches_shuffle (self->batches, self->state.epoch);
  gboolean save_now = FALSE;
  if (!consult (self, &save_now, cancellable, error))
    return FALSE;
  while (self->state.batch < self->batches->count) {
    if (!train_batch (self, cancellable, error))
      return FALSE;
    report (self, RUNET_TRAINING_STEP, self->state.batch, self->batches->count, NULL);
    if (!consult (self, &save_now, cancellable, error) ||
        (save_now && !save (self, error)))
      return FALSE;
  }
  return TRUE;
}

static void
validation_progress_cb (const RunetProgress *progress, gpointer user_data) {
  report (user_data, RUNET_TRAINING_VALIDATION, progress->done, progress->total, NULL);
}

/* Validates, enters the epoch into history and schedule, keeps the best weights. */
static gboolean
end_epoch (RunetTrainer *self, GCancellable *cancellable, GError **error) {
  RunetTrainingState *state = &self->state;
  double batches = (double)self->batches->count;
  RunetEpoch record = {
      .number = state->epoch + 1,
      .stages = self->stages,
      .learning_rate = state->schedule.rate,
      .loss = state->loss_sum / batches,
      .validated = self->validation != NULL,
  };
  for (guint k = 0; k < self->stages; k++)
    record.stage_loss[k] = state->loss_sums[k] / batches;
  gboolean pulled = runet_step_pull (self->step, error);
  if (!runet_communicator_agree (self->communicator, pulled, error))
    return FALSE;
  if (record.validated &&
      !runet_validation_run (self->validation, record.dice, validation_progress_cb,
                             self, cancellable, error))
    return FALSE;
  gsize classes = self->model->hyperparameters.classes;
  double score = record.validated
                     ? runet_epoch_mean_dice (&record, self->stages - 1, classes)
                     : -record.loss;
  record.best = runet_schedule_enter (&state->schedule, record.number, score);
  for (guint i = 0; record.best && i < count_parameters (self); i++)
    memcpy (state->best[i], self->model->parameters[i],
            get_parameter (self, i)->count * sizeof (float));
  gint64 now = g_get_monotonic_time ();
  record.seconds = (double)(now - self->epoch_start) * 1e-6;

  g_array_append_val (state->history, record);
  state->epoch++;
  state->batch = 0;
  state->loss_sum = 0;
  memset (state->loss_sums, 0, sizeof state->loss_sums);
  self->epoch_start = now;
  report (self, RUNET_TRAINING_EPOCH, self->batches->count, self->batches->count,
          &record);
  return save (self, error);
}

/* After a cancellation: the state is that of the last whole batch. */
static void
save_cancelled (RunetTrainer *self, GError **error) {
  if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_autoptr (GError) failure = NULL;
  if (save (self, &failure))
    return;
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&failure));
}

gboolean
runet_trainer_run (RunetTrainer *self,
                   RunetTrainingFunc progress,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error) {
  RunetTrainingState *state = &self->state;
  self->progress = progress;
  self->user_data = user_data;
  self->clock_start = self->checkpoint_time = g_get_monotonic_time ();
  self->clock_batches = 0;
  self->epoch_start = self->clock_start - (gint64)(state->epoch_seconds * 1e6);
  gboolean pushed = runet_step_push (self->step, error);
  if (!runet_communicator_agree (self->communicator, pushed, error))
    return FALSE;
  while (state->epoch < state->settings.epochs &&
         !runet_schedule_is_over (&state->schedule)) {
    GError *failure = NULL;
    if (!train_batches (self, cancellable, &failure) ||
        !end_epoch (self, cancellable, &failure)) {
      save_cancelled (self, &failure);
      g_propagate_error (error, failure);
      return FALSE;
    }
  }
  for (guint i = 0; i < count_parameters (self); i++)
    memcpy (self->model->parameters[i], state->best[i],
            get_parameter (self, i)->count * sizeof (float));
  return TRUE;
}

const GArray *
runet_trainer_get_history (const RunetTrainer *self) {
  return self->state.history;
}

const RunetEpoch *
runet_trainer_get_best (const RunetTrainer *self) {
  guint best = self->state.schedule.best_epoch;
  if (best == 0)
    return NULL;
  return &g_array_index (self->state.history, RunetEpoch, best - 1);
}

const char *
runet_trainer_get_training_hash (const RunetTrainer *self) {
  return self->state.training_hash;
}
