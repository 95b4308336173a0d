/* The state of a training as a file: enough to continue to the same bits. */
#pragma once

#include "adam.h"
#include "communicator.h"
#include "core/models/model.h"
#include "history.h"
#include "schedule.h"

G_BEGIN_DECLS

/**
 * RunetTrainingState:
 * @model: (borrowed): whose parameters are the weights of the moment
 * @loss_scale: of float16
 * @best: weights of the best epoch, one block a parameter; equal to the weights before the first
 * @history: (element-type RunetEpoch)
 * @epoch: complete epochs; @batch: complete batches of the one after them
 * @loss_sums: of each stage over those batches, and @loss_sum: of the weighted total
 * @epoch_seconds: spent on the epoch so far
 * @training_hash, @validation_hash: of the images; "" without any
 */
typedef struct {
  RunetModel *model;
  RunetAdam *adam;
  RunetLossScale loss_scale;
  float **best;
  RunetSchedule schedule;
  RunetTrainingSettings settings;
  GArray *history;
  guint epoch;
  gsize batch;
  double loss_sum;
  double loss_sums[RUNET_TRAINING_STAGES];
  double epoch_seconds;
  char *training_hash;
  char *validation_hash;
} RunetTrainingState;

/* Atomic: a checkpoint is there whole or not at all. */
gboolean
runet_checkpoint_write (const RunetTrainingState *state,
                        const char *path,
                        GError **error);

/**
 * runet_checkpoint_read:
 * @state: with the settings, hashes and buffers of the training that is to go on; its @settings
 *   must equal those of the file, but for the number of epochs
 *
 * On failure @state is to be thrown away.
 *
 * Errors: %RUNET_ERROR_FORMAT (damaged, with the name of what is), %RUNET_ERROR_MISMATCH (other
 * settings or images).
 */
gboolean
runet_checkpoint_read (RunetTrainingState *state, const char *path, GError **error);

/* Collective: @state becomes that of process 0, but for what all have alike: settings and hashes. */
gboolean
runet_checkpoint_share (RunetTrainingState *state,
                        RunetCommunicator *communicator,
                        GError **error);

G_END_DECLS
