/* Cross-validation as in [RU], Leclerc et al., RU-Net, IUS 2019: every method is trained and tested on every fold.
 *
 * One job is one method on one fold. FOLDER/METHOD/foldK.json is its result, written when all of it is done;
 * foldK.safetensors its model, foldK.checkpoint its state while it is trained, foldK.lock says who works on it. Several
 * processes, on one machine or on many, may work on the same folder. */
#pragma once

#include "core/nn/plan.h"
#include "crossval-result.h"
#include "methods.h"
#include "trainer.h"

G_BEGIN_DECLS

/**
 * RunetCrossvalOptions:
 * @dataset, @folds, @methods, @engine: borrowed; must outlive the cross-validation
 * @folds: (element-type RunetFold): each with patients for testing
 * @fold_count: that there are, of which @folds may be some
 * @methods: (element-type RunetMethod); what they begin with is made too
 * @folder: of the results; made where it is missing
 * @settings: of all methods, apart from what a method is: input size, batch, epochs, rate, seed …
 * @checkpoint_seconds: as in runet_trainer_set_checkpoint()
 */
typedef struct {
  const RunetDataset *dataset;
  const GPtrArray *folds;
  guint fold_count;
  const GPtrArray *methods;
  const char *folder;
  RunetTrainingSettings settings;
  RunetEngine *engine;
  double checkpoint_seconds;
} RunetCrossvalOptions;

typedef enum {
  RUNET_CROSSVAL_READING, /* images, all that are needed: @count */
  RUNET_CROSSVAL_BEGIN, /* of a job; @message: of its network and its images */
  RUNET_CROSSVAL_TRAINING, /* @training */
  RUNET_CROSSVAL_TESTING, /* @count */
  RUNET_CROSSVAL_RESULT, /* the job is done: @result */
  RUNET_CROSSVAL_WARNING, /* @message: the work goes on */
} RunetCrossvalPhase;

/**
 * RunetCrossvalProgress:
 * @method, @fold: of the job, but for %RUNET_CROSSVAL_READING
 * @job, @jobs: its number, from 1, of all
 * @seconds_left: of all jobs that are left, should none stop early; negative when unknown
 */
typedef struct {
  RunetCrossvalPhase phase;
  const RunetMethod *method;
  guint fold;
  guint job, jobs;
  double seconds_left;
  const RunetProgress *count;
  const RunetTrainingProgress *training;
  const RunetCrossvalResult *result;
  const char *message;
} RunetCrossvalProgress;

/* Called on the thread that works. @progress is valid during the call only. */
typedef void (*RunetCrossvalFunc) (const RunetCrossvalProgress *progress,
                                   gpointer user_data);

/* @done: now; @before: by an earlier run or by another process; @elsewhere: another process works on them;
 * @failed: a warning said why */
typedef struct {
  guint jobs, done, before, elsewhere, failed;
} RunetCrossvalCounts;

typedef struct _RunetCrossval RunetCrossval;

/**
 * runet_crossval_new:
 *
 * Lists the jobs and looks at the results that are there.
 *
 * Errors: %RUNET_ERROR_UNSUPPORTED (settings), %RUNET_ERROR_WRITE (folder), %RUNET_ERROR_MISMATCH: a result was made
 * with other settings or patients; %RUNET_ERROR_FORMAT: a damaged one.
 */
RunetCrossval *
runet_crossval_new (const RunetCrossvalOptions *options,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_crossval_free (RunetCrossval *self);

/* Jobs that have no result yet. */
guint
runet_crossval_count_left (const RunetCrossval *self);

/**
 * runet_crossval_run:
 *
 * Does all jobs that nobody else does, fold by fold. Where a job needs the model of one that another process is at, it
 * comes last and is waited for. A loss that is no longer finite, a damaged checkpoint or a lack of images is a failed job, as
 * is what begins with its model, and the others go on; every other error ends the work. What was begun goes on from its checkpoint when this is called again, and gives the same
 * bits with as many threads.
 *
 * Errors: %G_IO_ERROR_CANCELLED, and those of trainer, evaluation and files.
 */
gboolean
runet_crossval_run (RunetCrossval *self,
                    RunetCrossvalCounts *counts,
                    RunetCrossvalFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCrossval, runet_crossval_free)

G_END_DECLS
