/* The thread behind RunetAnalysis: takes steps off a queue, runs the model, posts updates. */
#pragma once

#include "analysis.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_UPDATE_READY, /* the model is there: @model, @seen, @text */
  RUNET_UPDATE_ENGINE, /* another engine works from now on: @text */
  RUNET_UPDATE_REPLACED, /* the processor works in place of a GPU: @text says why */
  RUNET_UPDATE_FATAL, /* they are not: @text */
  RUNET_UPDATE_NOTICE, /* something went wrong that the work goes on without: @text */
  RUNET_UPDATE_RECALLED, /* @recalled: what earlier runs of @model found of some cases */
  RUNET_UPDATE_STARTED, /* @item is being worked on */
  RUNET_UPDATE_INSTANT, /* @result of @instant */
  RUNET_UPDATE_FRAME, /* @result of @frame of the sequence */
  RUNET_UPDATE_TROUBLE, /* one step of @item failed: @text */
  RUNET_UPDATE_FINISHED, /* nothing more to do for @item */
  RUNET_UPDATE_DRAINED, /* nothing more to do at all */
} RunetUpdateKind;

/* What the cache has of one case. */
typedef struct {
  RunetCase *item;
  RunetFrameResult *instants[RUNET_INSTANTS]; /* each (nullable) */
  GArray *areas; /* (nullable): see runet_case_restore() */
  GPtrArray *frames; /* (nullable): see runet_case_restore_frames() */
  gboolean done; /* no instant is left to be run */
} RunetRecalled;

typedef struct {
  RunetUpdateKind kind;
  RunetCase *item; /* (nullable) */
  RunetInstant instant;
  guint frame;
  RunetFrameResult *result; /* (nullable) */
  GPtrArray *recalled; /* (nullable) (element-type RunetRecalled) */
  double seconds; /* that the step took; 0 when it was not run */
  guint done, left; /* steps */
  char *model; /* (nullable): SHA-256 of the model's file, in hex */
  GHashTable *seen; /* (nullable): by the model: see core/models/model-patients.h */
  char *text; /* (nullable) */
} RunetUpdate;

void
runet_update_free (RunetUpdate *update);
void
runet_recalled_free (RunetRecalled *recalled);

typedef struct _RunetWorker RunetWorker;

/* @cache_path: (nullable): where results are kept from run to run
 * @anew: everything is run, also what is known; the results are kept all the same
 * @post: called on the worker's thread for each update, which it owns.
 * @cases: as in runet_analysis_start(). The thread begins at once. */
RunetWorker *
runet_worker_new (const char *model_path,
                  RunetEngineChoice engine,
                  const char *cache_path,
                  gboolean anew,
                  GListModel *cases,
                  void (*post) (RunetUpdate *update, gpointer user_data),
                  gpointer user_data,
                  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
void
runet_worker_prefer (RunetWorker *self, RunetCase *item);
/* What is run after the preferred case, with its sequence: the view beside it. */
void
runet_worker_prefer_next (RunetWorker *self, RunetCase *item);
/* @wait: return when the thread has ended, which it does within a layer of the network; else it
 * ends by itself and @post may still be called until then. */
void
runet_worker_release (RunetWorker *self, gboolean wait);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetUpdate, runet_update_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRecalled, runet_recalled_free)

G_END_DECLS
