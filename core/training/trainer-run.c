/* A trainer at work: batches, the end of an epoch, what is saved when. */
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "trainer-private.h"

static gboolean
write_checkpoint (RunetTrainer *self, GError **error) {
  if (!runet_step_pull (self->step, error))
    return FALSE;
  if (self->checkpoint_path == NULL || !runet_trainer_is_first (self))
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
  double wishes[2] = {due && runet_trainer_is_first (self)};
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
  for (guint i = 0; record.best && i < runet_trainer_count_parameters (self); i++)
    memcpy (state->best[i], self->model->parameters[i],
            runet_trainer_get_parameter (self, i)->count * sizeof (float));
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
  for (guint i = 0; i < runet_trainer_count_parameters (self); i++)
    memcpy (self->model->parameters[i], state->best[i],
            runet_trainer_get_parameter (self, i)->count * sizeof (float));
  return TRUE;
}
