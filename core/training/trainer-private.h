/* What the files of the trainer share: trainer.c makes one, trainer-run.c runs it. */
#pragma once

#include "batches.h"
#include "checkpoint.h"
#include "step.h"
#include "trainer.h"
#include "validation.h"

G_BEGIN_DECLS

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

static inline const RunetParameter *
runet_trainer_get_parameter (const RunetTrainer *self, guint i) {
  return &g_array_index (self->model->graph->parameters, RunetParameter, i);
}

static inline guint
runet_trainer_count_parameters (const RunetTrainer *self) {
  return self->model->graph->parameters->len;
}

/* The process that reads and writes for all. */
static inline gboolean
runet_trainer_is_first (const RunetTrainer *self) {
  return runet_communicator_get_rank (self->communicator) == 0;
}

G_END_DECLS
