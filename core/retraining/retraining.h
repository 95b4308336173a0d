/* Back into training: a model is fine-tuned on what people corrected, with the original cases replayed so that nothing
 * is unlearned, and the gate judges it against the model that it began with.
 *
 * Nothing in the registry is touched: the result is a file of its own, to be registered and promoted. */
#pragma once

#include "core/training/trainer.h"
#include "gate.h"
#include "registry.h"
#include "snapshot.h"

G_BEGIN_DECLS

/**
 * RunetRetrainingSettings:
 * @learning_rate: of Adam; a tenth of what a network is trained with from the start
 * @batch: images a step
 * @epochs: at most; 0, when a retraining is resumed: as many as it was begun with; @patience, @stop_after: as in RunetTrainingSettings
 * @replay: original images for each corrected one, in every epoch: 2 makes the corrections a third; twice as many
 *   where there is but one corrected frame, which would else be learned by heart
 * @seed: of order, augmentation, and of which patients validate
 * @augment: small random changes of every image
 */
typedef struct {
  double learning_rate;
  guint batch;
  guint epochs;
  guint patience;
  guint stop_after;
  double replay;
  guint32 seed;
  gboolean augment;
} RunetRetrainingSettings;

void
runet_retraining_settings_init (RunetRetrainingSettings *self);

/**
 * RunetRetrainingJob:
 * @dataset, @review: of the same studies
 * @original: (nullable): another data set with cases to replay and to judge by, where @dataset has too few with experts'
 *   masks; a patient of the same id is the same patient
 * @parent: the model to begin with, read from a file
 * @registry: where snapshots are kept and which patients are locked
 * @locked: (nullable) (element-type utf8): ids of the patients to judge by. Without it those that the registry
 *   has locked for this data set; where there are none yet, the patients that chose the parent's epoch and are not
 *   corrected, else a tenth of those with experts' masks (five where that is no more than a quarter), which are then
 *   locked
 * @output: the model's file
 * @resume: go on with what was stopped: @settings but for @epochs, and the snapshot, are those in the work folder
 */
typedef struct {
  const RunetDataset *dataset;
  const RunetDataset *original;
  RunetReview *review;
  RunetModel *parent;
  RunetRegistry *registry;
  const GPtrArray *locked;
  const char *output;
  RunetRetrainingSettings settings;
  gboolean resume;
} RunetRetrainingJob;

typedef enum {
  RUNET_RETRAINING_READING, /* the record or images: @count */
  RUNET_RETRAINING_SNAPSHOT, /* is known: @snapshot */
  RUNET_RETRAINING_DATA, /* is known: @data */
  RUNET_RETRAINING_TRAINING, /* @training */
  RUNET_RETRAINING_GATE, /* images were compared: @count */
  RUNET_RETRAINING_VERDICT, /* @gate */
  RUNET_RETRAINING_WARNING, /* something that a person should know: @warning */
} RunetRetrainingPhase;

/* Images: @corrected of the snapshot, each @repeat times an epoch beside @drawn of the @replay original ones, these
 * several times where there are fewer;
 * @validation choose the epoch; @locked patients judge. */
typedef struct {
  guint corrected, repeat;
  guint replay, drawn;
  guint validation;
  guint locked;
} RunetRetrainingData;

/* Valid during the call only. What does not belong to the phase is NULL. */
typedef struct {
  RunetRetrainingPhase phase;
  const RunetProgress *count;
  const RunetSnapshot *snapshot;
  const RunetRetrainingData *data;
  const RunetTrainingProgress *training;
  const RunetGate *gate;
  const char *warning;
} RunetRetrainingProgress;

/* Called on the thread that retrains. */
typedef void (*RunetRetrainingFunc) (const RunetRetrainingProgress *progress,
                                     gpointer user_data);

/**
 * RunetRetrained:
 * @model: the candidate, written to its file
 * @snapshot_path: where the snapshot was written
 * @settings: of the training, JSON
 * @history: (element-type RunetEpoch); @best: the number of the epoch whose weights it has
 */
typedef struct {
  RunetModel *model;
  RunetSnapshot *snapshot;
  char *snapshot_path;
  RunetRetrainingData data;
  RunetGate *gate;
  char *settings;
  GArray *history;
  guint best;
} RunetRetrained;

/**
 * runet_retraining_run:
 *
 * Takes the snapshot, trains, writes the model with its lineage, and compares. While it works it keeps checkpoints in
 * runet_retraining_get_work_folder(), which goes when it is done; when cancelled it leaves one, to be resumed.
 *
 * Which epoch is kept is decided by a tenth of the patients with experts' masks that are neither locked nor corrected,
 * or, where there are too few, by the training loss; never by the locked ones.
 *
 * Errors: %RUNET_ERROR_MISSING (nothing to learn from: the message counts why; or nothing to resume),
 * %RUNET_ERROR_WRITE (also when there is not enough room: before anything is begun), %RUNET_ERROR_MISMATCH (what is to be
 * resumed does not fit), %G_IO_ERROR_CANCELLED. The parent and the registry are as they were then.
 */
RunetRetrained *
runet_retraining_run (const RunetRetrainingJob *job,
                      RunetEngine *engine,
                      RunetRetrainingFunc progress,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retrained_free (RunetRetrained *retrained);

/* OUTPUT.retraining. */
char *
runet_retraining_get_work_folder (const char *output) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @bytes can be written into @folder. Errors: %RUNET_ERROR_WRITE, with what is needed and what there is. */
gboolean
runet_retraining_check_room (const char *folder, guint64 bytes, GError **error);

/* Enters the candidate and, where it is not known yet, its parent. */
gboolean
runet_retrained_register (const RunetRetrained *retrained,
                          RunetRegistry *registry,
                          const RunetModel *parent,
                          const char *author,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrained, runet_retrained_free)

G_END_DECLS
