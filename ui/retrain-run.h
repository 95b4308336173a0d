/* A retraining in a process of its own: started, listened to, stopped; the program goes on meanwhile.
 *
 * Lives on the main thread. The process has a low priority and keeps checkpoints, so that it can be stopped, or die,
 * and be gone on with later. */
#pragma once

#include <gio/gio.h>
#include "core/nn/plan.h"
#include "retrain-progress.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_RETRAIN_IDLE, /* not started */
  RUNET_RETRAIN_RUNNING,
  RUNET_RETRAIN_STOPPING, /* was asked to: it writes a checkpoint */
  RUNET_RETRAIN_STOPPED, /* as it was asked to */
  RUNET_RETRAIN_FAILED, /* see the message */
  RUNET_RETRAIN_DONE,
} RunetRetrainState;

/**
 * RunetRetrainOrder: what is to be done; all strings are copied
 * @dataset, @record, @parent, @output: paths
 * @author: who asks for it
 * @engine: that learns
 * @epochs, @learning_rate, @replay: see RunetRetrainingSettings
 * @resume: go on with what was stopped, with the settings that it was begun with
 */
typedef struct {
  const char *dataset, *record, *parent, *output;
  const char *author;
  RunetEngineChoice engine;
  guint epochs;
  double learning_rate;
  double replay;
  gboolean resume;
} RunetRetrainOrder;

#define RUNET_TYPE_RETRAIN_RUN (runet_retrain_run_get_type ())
G_DECLARE_FINAL_TYPE (RunetRetrainRun, runet_retrain_run, RUNET, RETRAIN_RUN, GObject)

/* Signal "changed": state or progress is new. */
RunetRetrainRun *
runet_retrain_run_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @program: path of the command line. Where it cannot be started the state is %RUNET_RETRAIN_FAILED. */
void
runet_retrain_run_start (RunetRetrainRun *self,
                         const char *program,
                         const RunetRetrainOrder *order);
/* As Ctrl+C does. */
void
runet_retrain_run_stop (RunetRetrainRun *self);
/* Asks it to stop, and waits for @seconds at most; then, and only then, it is killed. For who must end now. */
void
runet_retrain_run_end (RunetRetrainRun *self, guint seconds);

/* (transfer none) (nullable): number of the process, while there is one. */
const char *
runet_retrain_run_get_process (RunetRetrainRun *self);
RunetRetrainState
runet_retrain_run_get_state (RunetRetrainRun *self);
gboolean
runet_retrain_run_is_active (RunetRetrainRun *self); /* running or stopping */
/* (transfer none): of the last start. */
const RunetRetrainProgress *
runet_retrain_run_get_progress (RunetRetrainRun *self);
/* (nullable): why it failed: its own last line where it said anything. */
const char *
runet_retrain_run_get_message (RunetRetrainRun *self);

G_END_DECLS
