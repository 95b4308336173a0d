/* What `runet train` tells: while it goes on, at its end, and in the model's metadata. */
#pragma once

#include "core/training/trainer.h"
#include "train-data.h"

G_BEGIN_DECLS

/* A RunetTrainingFunc: one line an epoch on the standard error, and between them, on a terminal,
 * the batches. @user_data: the command's name. */
void
runet_train_progress_cb (const RunetTrainingProgress *progress, gpointer user_data);

/* Patients, created, trained_on, training (the settings, JSON), seed and metrics (JSON: of the best epoch,
 * on the validation set). @trainer has run to the end. */
void
runet_train_describe_model (RunetModel *model,
                            const RunetTrainer *trainer,
                            const RunetTrainingSettings *settings,
                            const RunetTrainData *data);

/* The result, on the standard output: one line for people. */
void
runet_train_print (const char *output, const RunetTrainer *trainer);
/* The same for programs: with the history. */
void
runet_train_print_json (const char *output,
                        const RunetTrainer *trainer,
                        const RunetTrainData *data);

G_END_DECLS
