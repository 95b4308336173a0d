/* Makes a trainer: what it trains with, and what it goes on from. */
#include <string.h>

#include "core/base/error.h"
#include "trainer-private.h"

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
      .loss_scale = &self->state.loss_scale,
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
  float **blocks = g_new0 (float *, runet_trainer_count_parameters (self));
  for (guint i = 0; i < runet_trainer_count_parameters (self); i++)
    blocks[i] =
        g_memdup2 (self->model->parameters[i],
                   runet_trainer_get_parameter (self, i)->count * sizeof (float));
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
  g_autofree gsize *sizes = g_new (gsize, runet_trainer_count_parameters (self));
  for (guint i = 0; i < runet_trainer_count_parameters (self); i++)
    sizes[i] = runet_trainer_get_parameter (self, i)->count;
  state->model = self->model;
  state->settings = *settings;
  state->adam = runet_adam_new (sizes, runet_trainer_count_parameters (self));
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
  free_blocks (self->state.best, runet_trainer_count_parameters (self));
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
  gboolean read = !runet_trainer_is_first (self) || read_checkpoint (self, path, error);
  return runet_communicator_agree (self->communicator, read, error) &&
         runet_checkpoint_share (&self->state, self->communicator, error);
}

void
runet_trainer_set_checkpoint (RunetTrainer *self, const char *path, double seconds) {
  g_free (self->checkpoint_path);
  self->checkpoint_path = g_strdup (path);
  self->checkpoint_seconds = seconds;
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
runet_trainer_get_engine (const RunetTrainer *self) {
  return runet_step_get_description (self->step);
}

const char *
runet_trainer_get_training_hash (const RunetTrainer *self) {
  return self->state.training_hash;
}
