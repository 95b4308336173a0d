/* Trains a model: epochs, batches, validation, checkpoints.
 *
 * Everything that chance decides is derived from (seed, epoch, place in the epoch), so that a
 * training that is stopped and resumed with the same number of threads continues to the same
 * bits. */
#pragma once

#include "communicator.h"
#include "core/models/model.h"
#include "core/nn/plan.h"
#include "history.h"
#include "samples.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_TRAINING_STEP, /* a batch was learned from */
  RUNET_TRAINING_VALIDATION, /* a part of the validation set was run */
  RUNET_TRAINING_EPOCH, /* an epoch is complete: see the record */
} RunetTrainingPhase;

/**
 * RunetTrainingProgress:
 * @epoch: from 1, of @epochs
 * @done, @total: batches of this epoch, or images of the validation
 * @loss: mean over the batches of this epoch so far
 * @seconds_left_epoch: of this epoch without its validation; negative when unknown
 * @seconds_left: until the last epoch, should it not stop early; negative when unknown
 * @record: (nullable): the epoch that has just ended, for %RUNET_TRAINING_EPOCH
 */
typedef struct {
  RunetTrainingPhase phase;
  guint epoch, epochs;
  gsize done, total;
  double loss;
  double seconds_left_epoch;
  double seconds_left;
  const RunetEpoch *record;
} RunetTrainingProgress;

/* Called on the thread that trains. @progress is valid during the call only. */
typedef void (*RunetTrainingFunc) (const RunetTrainingProgress *progress,
                                   gpointer user_data);

typedef struct _RunetTrainer RunetTrainer;

/**
 * runet_trainer_new:
 * @model: (transfer none): its weights are trained in place
 * @training: (transfer none): must outlive the trainer, as must
 * @validation: (nullable) (transfer none): decides which weights are best; without it the
 *   training loss does
 *
 * Errors: %RUNET_ERROR_UNSUPPORTED (settings that make no sense), %RUNET_ERROR_MISSING (no
 * images), %RUNET_ERROR_MISMATCH (settings of another network than @model), %RUNET_ERROR_MEMORY.
 */
RunetTrainer *
runet_trainer_new (RunetModel *model,
                   RunetEngine *engine,
                   const RunetTrainingSettings *settings,
                   const RunetSamples *training,
                   const RunetSamples *validation,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_trainer_new_shared:
 * @communicator: (nullable): must outlive the trainer
 *
 * Several processes are one training: they share out the images of each batch and of the validation, and the result
 * is that of one process but for rounding. All of this trainer's functions that can fail are then collective, and what fails
 * in one process fails in all. Model and checkpoint come from process 0, which alone writes checkpoints; @settings and
 * images have to be the same in all.
 *
 * Errors: also %RUNET_ERROR_UNSUPPORTED: a batch that cannot be shared out evenly.
 */
RunetTrainer *
runet_trainer_new_shared (RunetModel *model,
                          RunetEngine *engine,
                          const RunetTrainingSettings *settings,
                          const RunetSamples *training,
                          const RunetSamples *validation,
                          RunetCommunicator *communicator,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_trainer_free (RunetTrainer *trainer);

/**
 * runet_trainer_resume:
 *
 * Takes weights, moments, history and place from a checkpoint. It must be of a training with the
 * same settings (the number of epochs may differ) and the same images.
 */
gboolean
runet_trainer_resume (RunetTrainer *trainer, const char *path, GError **error);

/**
 * runet_trainer_set_checkpoint:
 * @path: (nullable): where to keep the state; NULL for nowhere
 * @seconds: also within an epoch when the last one is older than this; 0 after every batch,
 *   negative only after epochs
 */
void
runet_trainer_set_checkpoint (RunetTrainer *trainer, const char *path, double seconds);

/**
 * runet_trainer_run:
 *
 * Trains to the end and leaves the best weights in the model. The last batch of an epoch is
 * filled up with images from the epoch's beginning. When cancelled it writes a checkpoint and
 * returns %G_IO_ERROR_CANCELLED; the model then holds the weights of that moment.
 *
 * Errors: also %RUNET_ERROR_WRITE (checkpoint) and %RUNET_ERROR_FORMAT (the loss is no longer
 * finite; the last checkpoint stays).
 */
gboolean
runet_trainer_run (RunetTrainer *trainer,
                   RunetTrainingFunc progress,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error);

/* (element-type RunetEpoch). */
const GArray *
runet_trainer_get_history (const RunetTrainer *trainer);
/* The epoch whose weights the model has after a complete run; NULL before the first. */
const RunetEpoch *
runet_trainer_get_best (const RunetTrainer *trainer);
/* One line for people: what the training really runs on, which may be another engine than it was given, and why. */
const char *
runet_trainer_get_engine (const RunetTrainer *trainer);
/* SHA-256 of the training images, as in runet_samples_hash(). */
const char *
runet_trainer_get_training_hash (const RunetTrainer *trainer);

/* The settings that a checkpoint was made with, to build the model to resume. */
gboolean
runet_checkpoint_read_settings (const char *path,
                                RunetTrainingSettings *settings,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTrainer, runet_trainer_free)

G_END_DECLS
