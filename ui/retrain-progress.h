/* How far a retraining is: what the lines that `runet retrain --progress-json` prints add up to. */
#pragma once

#include "core/retraining/gate.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_RETRAIN_READING, /* record and images */
  RUNET_RETRAIN_LEARNING,
  RUNET_RETRAIN_COMPARING, /* candidate and parent, on patients that nobody corrected */
  RUNET_RETRAIN_FINISHED,
  RUNET_RETRAIN_PHASES
} RunetRetrainPhase;

/* One epoch that is complete. @dice: mean over the structures of the last stage, on images that are not learned from;
 * NaN where there are none. */
typedef struct {
  guint number;
  double loss;
  double dice;
  gboolean best;
} RunetRetrainEpoch;

/**
 * RunetRetrainProgress:
 * @done, @total: of the phase; @total is 0 when unknown
 * @seconds_left: of all the epochs while it learns, else of the phase; negative when unknown
 * @epoch, @epochs: the one that is being learned, of at most so many; 0 before the first
 * @corrected, @drawn, @repeat: images of an epoch, see RunetRetrainingData
 * @history: (element-type RunetRetrainEpoch)
 * @warnings: (element-type utf8): each once
 * @gate: (nullable): the verdict
 * @candidate: (nullable): hash of the model that was made and registered
 * @failure: (nullable): why there is none; @kept: what it had learned can be gone on with
 */
typedef struct {
  RunetRetrainPhase phase;
  gsize done, total;
  double seconds_left;
  guint epoch, epochs;
  guint corrected, repeat, drawn;
  GArray *history;
  GPtrArray *warnings;
  RunetGate *gate;
  char *candidate;
  char *failure;
  gboolean kept;
} RunetRetrainProgress;

RunetRetrainProgress *
runet_retrain_progress_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retrain_progress_free (RunetRetrainProgress *self);
/* One line, without its newline. FALSE for what cannot be understood, which changes nothing. */
gboolean
runet_retrain_progress_parse (RunetRetrainProgress *self, const char *line);
/* Of the whole, from 0 to 1: learning takes nearly all of the time. */
double
runet_retrain_progress_get_fraction (const RunetRetrainProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrainProgress, runet_retrain_progress_free)

G_END_DECLS
