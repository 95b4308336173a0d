/* What each epoch of a training gave. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/shape/mask.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * RunetEpoch:
 * @number: from 1
 * @stages: stages that have values below
 * @learning_rate: that it was trained with
 * @loss: mean over the batches, stages weighted; @stage_loss: each stage's own
 * @validated: there was a validation set, so @dice is known
 * @dice: mean over the validation images, of the plain arg max at the network's resolution
 * @seconds: it took, validation included
 * @best: no epoch before it had a better score
 */
typedef struct {
  guint number;
  guint stages;
  double learning_rate;
  double loss;
  double stage_loss[RUNET_TRAINING_STAGES];
  gboolean validated;
  double dice[RUNET_TRAINING_STAGES][RUNET_STRUCTURES];
  double seconds;
  gboolean best;
} RunetEpoch;

/* Mean Dice of the structures that stage @stage (from 0) gives; the LA only with @classes > 3. */
double
runet_epoch_mean_dice (const RunetEpoch *epoch, guint stage, gsize classes);

/* @history: (element-type RunetEpoch). */
JsonNode *
runet_history_to_json (const GArray *history) G_GNUC_WARN_UNUSED_RESULT;
/* Appends to @history. Errors: %RUNET_ERROR_FORMAT. */
gboolean
runet_history_from_json (GArray *history, JsonNode *node, GError **error);

G_END_DECLS
