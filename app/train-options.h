/* The command line of `runet train`, and the settings that it asks for. */
#pragma once

#include "command.h"
#include "core/models/model.h"
#include "learning-options.h"

G_BEGIN_DECLS

/* As given on the command line; what is not given is NULL, NaN or RUNET_NOT_GIVEN. */
typedef struct {
  char *output, *checkpoint, *resume, *init;
  char *patients, *validation;
  char *architecture, *stage_weights;
  int stages, dilation;
  double shift;
  RunetLearningOptions learning;
  gboolean init_every_stage, half, mpi;
} RunetTrainOptions;

/* As runet_command_parse(). */
gboolean
runet_train_options_parse (RunetTrainOptions *options,
                           RunetCommonOptions *common,
                           char ***datasets,
                           int argc,
                           char *argv[]);
void
runet_train_options_clear (RunetTrainOptions *options);

/* What contradicts itself or is below zero. */
gboolean
runet_train_options_check (const RunetTrainOptions *options, GError **error);
/* The command line over the paper's values, or over those of the model to begin with. @parent: (nullable). */
gboolean
runet_train_options_make_settings (const RunetTrainOptions *options,
                                   const RunetModel *parent,
                                   RunetTrainingSettings *settings,
                                   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetTrainOptions, runet_train_options_clear)

G_END_DECLS
