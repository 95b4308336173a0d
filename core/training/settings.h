/* What decides the result of a training: kept in the checkpoint and in the model. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/models/architecture.h"

G_BEGIN_DECLS

/* Most stages a training can have; the paper's deepest network has four. */
#define RUNET_TRAINING_STAGES 8

/**
 * RunetTrainingSettings:
 * @learning_rate: of Adam, at the start
 * @batch: images a step
 * @epochs: at most
 * @patience: epochs without progress after which the rate is multiplied by 0.1; 0 for never
 * @stop_after: epochs without progress after which training ends; 0 for never
 * @stage_weights: of the loss of each stage
 * @seed: of the weights, the order and the augmentation
 * @augment: small random changes of every image
 */
typedef struct {
  RunetHyperparameters hyperparameters;
  double learning_rate;
  guint batch;
  guint epochs;
  guint patience;
  guint stop_after;
  double stage_weights[RUNET_TRAINING_STAGES];
  guint32 seed;
  gboolean augment;
} RunetTrainingSettings;

/* design/networks.md's values for @architecture. */
void
runet_training_settings_init (RunetTrainingSettings *self,
                              RunetArchitecture architecture);
/* FALSE with an error that names the value when one makes no sense. */
gboolean
runet_training_settings_check (const RunetTrainingSettings *self, GError **error);

JsonNode *
runet_training_settings_to_json (const RunetTrainingSettings *self)
    G_GNUC_WARN_UNUSED_RESULT;
/* Every member must be there; the message names the one that is not. */
gboolean
runet_training_settings_from_json (RunetTrainingSettings *self,
                                   JsonNode *node,
                                   GError **error);

G_END_DECLS
