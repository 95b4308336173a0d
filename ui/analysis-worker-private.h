/* What analysis-worker.c and analysis-recall.c share. */
#pragma once

#include "analysis-cache.h"
#include "analysis-worker.h"

G_BEGIN_DECLS

/* What is left to do for one case. Guarded by the worker's lock, except @files. */
typedef struct {
  RunetCase *item;
  RunetDataset *dataset;
  const RunetViewFiles *files;
  guint instants_left; /* bit i: instant i is still to be run */
  guint next_frame; /* of the sequence */
  guint frames; /* of the sequence; 0 until it is opened */
  GByteArray *known; /* (nullable): by frame, 1 when there is nothing to run */
  gboolean wanted; /* the whole sequence is to be run */
  gboolean recalled; /* the cache was asked for its frames */
  gboolean opened; /* the sequence was looked at */
  gboolean finished; /* said so */
} RunetEntry;

struct _RunetWorker {
  gatomicrefcount references;
  char *model_path;
  char *cache_path; /* (nullable) */
  gboolean anew; /* what the cache has is not asked for */
  RunetEngineChoice choice;
  GCancellable *cancellable;
  void (*post) (RunetUpdate *update, gpointer user_data);
  gpointer user_data;
  GDestroyNotify destroy;

  GMutex lock;
  GCond changed;
  GPtrArray *entries; /* RunetEntry, in the order of the queue */
  GHashTable *by_case; /* RunetCase → RunetEntry */
  guint first; /* entries before it have no instants left */
  RunetEntry *preferred, *next; /* (nullable) */
  guint done; /* steps taken */
  guint instants_left; /* over all entries */
  guint at_work; /* steps: 0 or 1 */
  GThread *thread;

  /* The thread's own. */
  RunetAnalysisCache *cache; /* (nullable) */
  RunetEngine *engine; /* (nullable): until it is needed */
  const RunetEngine *told; /* the one that was described last; only compared */
  RunetSegmenter *segmenter;
  RunetClip *clip; /* of @clip_entry */
  RunetEntry *clip_entry;
};

RunetUpdate *
runet_worker_update_new (RunetUpdateKind kind,
                         RunetEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
void
runet_worker_post (RunetWorker *self, RunetUpdate *update);
void
runet_worker_post_text (RunetWorker *self,
                        RunetUpdateKind kind,
                        RunetEntry *entry,
                        const char *text);

/* Where a GPU is asked for and none can be had, the processor's. */
gboolean
runet_worker_open_engine (RunetWorker *self, GError **error);
/* Tells when another engine works than the one before, as the processor does when the GPU's memory does not suffice. */
void
runet_worker_follow_engine (RunetWorker *self);
/* Whether the processor goes on in place of a GPU that failed for @why. The engine that was chosen is kept, to be told
 * from the one that works. */
gboolean
runet_worker_replace_gpu (RunetWorker *self, RunetModel *model, const GError *why);
/* That results are of; opens the engine when that depends on it. */
RunetPrecision
runet_worker_get_precision (RunetWorker *self);
/* Opens the cache; without one the work goes on, and it is said why. */
void
runet_worker_open_cache (RunetWorker *self);
/* Told once; nothing is kept from then on. */
void
runet_worker_drop_cache (RunetWorker *self, const char *why);
/* Posts what the cache has of all cases, in batches, the preferred one first. */
void
runet_worker_recall_all (RunetWorker *self);
/* Posts what the cache has of the frames of a sequence. */
void
runet_worker_recall_sequence (RunetWorker *self, RunetEntry *entry);

G_END_DECLS
