/* The background runner: one model over all cases of a study, the one shown first.
 *
 * One thread of low priority reads images, runs the model, measures and packs; what it finds is
 * handed to the main thread in pieces so small that no frame of the window waits. The thread
 * stays after the last case, so that a case chosen later has its whole sequence run at once. */
#pragma once

#include <gio/gio.h>
#include "core/nn/plan.h"
#include "case.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_ANALYSIS_IDLE, /* no model, or cancelled */
  RUNET_ANALYSIS_LOADING, /* reads the model and makes its plan */
  RUNET_ANALYSIS_RUNNING,
  RUNET_ANALYSIS_DONE, /* every case is done; waits for a sequence to be chosen */
  RUNET_ANALYSIS_FAILED, /* the model could not be used: see the message */
} RunetAnalysisState;

#define RUNET_TYPE_ANALYSIS (runet_analysis_get_type ())
G_DECLARE_FINAL_TYPE (RunetAnalysis, runet_analysis, RUNET, ANALYSIS, GObject)

/* Signals, all on the main thread:
 * "changed": state or progress is new;
 * "case-finished" (RunetCase): no more to do for it, or it failed;
 * "notice" (utf8): something went wrong that the work goes on without;
 * "gpu-replaced" (utf8): the processor works in place of a GPU. */
RunetAnalysis *
runet_analysis_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_analysis_start:
 * @model_path: a model file
 * @engine: where a GPU is asked for and none can be had, the processor works
 * @cases: (element-type RunetCase): their results are forgotten; run in this order
 *
 * Cancels what runs. Errors come with the state %RUNET_ANALYSIS_FAILED.
 */
void
runet_analysis_start (RunetAnalysis *self,
                      const char *model_path,
                      RunetEngineChoice engine,
                      GListModel *cases);
/* @path: (nullable): where results are kept from one start to the next, which then begins with what is known;
 * %NULL, as at first, for nowhere. */
void
runet_analysis_set_cache (RunetAnalysis *self, const char *path);
/* The next start, and no other, runs everything, also what the cache has. */
void
runet_analysis_start_anew (RunetAnalysis *self);
/* Ends after the frame in hand; results stay. Cases not run are pending. */
void
runet_analysis_cancel (RunetAnalysis *self);
/* @item: (nullable): jumps the queue, and all frames of its sequence are run too. */
/* Before other cases come: stops, and nothing was done yet. */
void
runet_analysis_reset (RunetAnalysis *self);
void
runet_analysis_prefer (RunetAnalysis *self, RunetCase *item);

/* @item: (nullable): likewise, after the preferred one: the view that is shown beside it. */
void
runet_analysis_prefer_next (RunetAnalysis *self, RunetCase *item);

RunetAnalysisState
runet_analysis_get_state (RunetAnalysis *self);
/* Frames done and in all; @seconds_left: negative when unknown. */
void
runet_analysis_get_progress (RunetAnalysis *self,
                             guint *done,
                             guint *total,
                             double *seconds_left);
/* (nullable): why it failed. */
const char *
runet_analysis_get_message (RunetAnalysis *self);
/* (nullable): SHA-256 in hex of the model that the results are of, also of those known from before. */
const char *
runet_analysis_get_model_hash (RunetAnalysis *self);
/* (nullable): which patients the model has seen, for runet_seen_find(), once the model is loaded; %NULL when it
 * does not say. */
GHashTable *
runet_analysis_get_seen (RunetAnalysis *self);
/* (nullable): known once the model is loaded: "ru-net, 2 stages", and the engine's own line. */
const char *
runet_analysis_get_model_description (RunetAnalysis *self);
const char *
runet_analysis_get_engine_description (RunetAnalysis *self);

G_END_DECLS
