/* The background runner: what the main thread knows of the worker. */
#include "analysis.h"

#include "analysis-worker.h"

/* What one turn of the main loop may spend on updates: half a frame at 60 Hz. */
#define BUDGET_US 8000
/* Weight of the latest frame in the average that the time left is told by. */
#define SMOOTHING 0.1

/* Updates on their way from one worker's thread. Outlives both sides. */
typedef struct {
  gatomicrefcount references;
  GMutex lock;
  GQueue updates;
  RunetAnalysis *owner; /* (nullable): cleared when nobody listens any more */
  guint source; /* the idle that will deliver */
} Mailbox;

struct _RunetAnalysis {
  GObject parent;

  RunetWorker *worker; /* (nullable) */
  Mailbox *mailbox; /* (nullable): the worker's */
  GListModel *cases;
  RunetCase *preferred;
  RunetCase *next;
  RunetCase *current;
  char *cache_path; /* (nullable) */
  gboolean anew;

  RunetAnalysisState state;
  guint done, left;
  double seconds_per_step;
  char *message;
  char *model_hash; /* (nullable) */
  GHashTable *seen; /* (nullable): by the model */
  char *model_description;
  char *engine_description;
};

G_DEFINE_FINAL_TYPE (RunetAnalysis, runet_analysis, G_TYPE_OBJECT)

enum { CHANGED, CASE_FINISHED, NOTICE, GPU_REPLACED, SIGNALS };
static guint signals[SIGNALS];

static void
mailbox_unref (gpointer data) {
  Mailbox *mailbox = data;
  if (!g_atomic_ref_count_dec (&mailbox->references))
    return;
  g_queue_clear_full (&mailbox->updates, (GDestroyNotify)runet_update_free);
  g_mutex_clear (&mailbox->lock);
  g_free (mailbox);
}

/* The case that was in hand is done with, for now. */
static void
settle_current (RunetAnalysis *self) {
  if (!self->current)
    return;
  RunetCase *item = g_steal_pointer (&self->current);
  if (runet_case_get_state (item) == RUNET_CASE_RUNNING) {
    gboolean any = runet_case_get_instant_result (item, RUNET_INSTANT_ED) ||
                   runet_case_get_instant_result (item, RUNET_INSTANT_ES);
    runet_case_set_state (item, any ? RUNET_CASE_DONE : RUNET_CASE_PENDING, NULL);
  }
  g_object_unref (item);
}

static void
apply_ready (RunetAnalysis *self, RunetUpdate *update) {
  self->state = RUNET_ANALYSIS_RUNNING;
  g_free (self->model_description);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  self->seen = g_steal_pointer (&update->seen);
  self->model_description = g_steal_pointer (&update->text);
}

static void
apply_result (RunetAnalysis *self, RunetUpdate *update) {
  if (!update->result)
    return;
  if (update->kind == RUNET_UPDATE_INSTANT)
    runet_case_set_instant_result (update->item, update->instant, update->result);
  else
    runet_case_set_frame_result (update->item, update->frame, update->result);
  if (update->seconds <= 0.0)
    return;
  self->seconds_per_step =
      self->seconds_per_step > 0.0
          ? self->seconds_per_step +
                SMOOTHING * (update->seconds - self->seconds_per_step)
          : update->seconds;
}

static void
apply_recalled (RunetAnalysis *self, const GPtrArray *recalled) {
  for (guint i = 0; i < recalled->len; i++) {
    const RunetRecalled *one = recalled->pdata[i];
    if (one->frames)
      runet_case_restore_frames (one->item, one->frames);
    else
      runet_case_restore (one->item, one->instants, one->areas, one->done);
    if (one->done)
      g_signal_emit (self, signals[CASE_FINISHED], 0, one->item);
  }
}

static void
apply_finished (RunetAnalysis *self, RunetUpdate *update) {
  if (runet_case_get_state (update->item) != RUNET_CASE_FAILED)
    runet_case_set_state (update->item, RUNET_CASE_DONE, NULL);
  g_clear_object (&self->current);
  g_signal_emit (self, signals[CASE_FINISHED], 0, update->item);
}

static void
apply (RunetAnalysis *self, RunetUpdate *update) {
  self->done = update->done;
  self->left = update->left;
  if (update->model) {
    g_free (self->model_hash);
    self->model_hash = g_steal_pointer (&update->model);
  }
  switch (update->kind) {
  case RUNET_UPDATE_READY:
    apply_ready (self, update);
    break;
  case RUNET_UPDATE_ENGINE:
    g_free (self->engine_description);
    self->engine_description = g_steal_pointer (&update->text);
    break;
  case RUNET_UPDATE_REPLACED:
    g_signal_emit (self, signals[GPU_REPLACED], 0, update->text);
    break;
  case RUNET_UPDATE_FATAL:
    self->state = RUNET_ANALYSIS_FAILED;
    g_free (self->message);
    self->message = g_steal_pointer (&update->text);
    break;
  case RUNET_UPDATE_NOTICE:
    g_signal_emit (self, signals[NOTICE], 0, update->text);
    break;
  case RUNET_UPDATE_RECALLED:
    apply_recalled (self, update->recalled);
    break;
  case RUNET_UPDATE_STARTED:
    self->state = RUNET_ANALYSIS_RUNNING;
    if (self->current != update->item)
      settle_current (self);
    g_set_object (&self->current, update->item);
    if (runet_case_get_state (update->item) != RUNET_CASE_FAILED)
      runet_case_set_state (update->item, RUNET_CASE_RUNNING, NULL);
    break;
  case RUNET_UPDATE_INSTANT:
  case RUNET_UPDATE_FRAME:
    apply_result (self, update);
    break;
  case RUNET_UPDATE_TROUBLE:
    runet_case_set_state (update->item, RUNET_CASE_FAILED, update->text);
    break;
  case RUNET_UPDATE_FINISHED:
    apply_finished (self, update);
    break;
  case RUNET_UPDATE_DRAINED:
    settle_current (self);
    self->state = RUNET_ANALYSIS_DONE;
    break;
  }
}

static gboolean
deliver_cb (gpointer data) {
  Mailbox *mailbox = data;
  gint64 end = g_get_monotonic_time () + BUDGET_US;
  g_autoptr (RunetAnalysis) self = NULL;
  gboolean more = TRUE;
  while (more && g_get_monotonic_time () < end) {
    g_mutex_lock (&mailbox->lock);
    g_autoptr (RunetUpdate) update = g_queue_pop_head (&mailbox->updates);
    more = update != NULL;
    if (!more)
      mailbox->source = 0;
    if (!self && mailbox->owner)
      self = g_object_ref (mailbox->owner);
    /* A handler below may have started another worker. */
    gboolean wanted = mailbox->owner != NULL;
    g_mutex_unlock (&mailbox->lock);
    if (update && wanted)
      apply (self, update);
  }
  if (self && self->mailbox == mailbox)
    g_signal_emit (self, signals[CHANGED], 0);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* On the worker's thread. */
static void
post_cb (RunetUpdate *update, gpointer user_data) {
  Mailbox *mailbox = user_data;
  g_mutex_lock (&mailbox->lock);
  if (mailbox->owner) {
    g_queue_push_tail (&mailbox->updates, g_steal_pointer (&update));
    if (mailbox->source == 0) {
      g_atomic_ref_count_inc (&mailbox->references);
      mailbox->source =
          g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_cb, mailbox, mailbox_unref);
    }
  }
  g_mutex_unlock (&mailbox->lock);
  g_clear_pointer (&update, runet_update_free);
}

static void
drop_worker (RunetAnalysis *self, gboolean wait) {
  if (!self->worker)
    return;
  g_mutex_lock (&self->mailbox->lock);
  self->mailbox->owner = NULL;
  g_mutex_unlock (&self->mailbox->lock);
  runet_worker_release (g_steal_pointer (&self->worker), wait);
  g_clear_pointer (&self->mailbox, mailbox_unref);
}

static void
runet_analysis_dispose (GObject *object) {
  RunetAnalysis *self = RUNET_ANALYSIS (object);
  /* Nothing of the library may run on while the process ends. */
  drop_worker (self, TRUE);
  g_clear_object (&self->cases);
  g_clear_object (&self->preferred);
  g_clear_object (&self->next);
  g_clear_object (&self->current);
  G_OBJECT_CLASS (runet_analysis_parent_class)->dispose (object);
}

static void
runet_analysis_finalize (GObject *object) {
  RunetAnalysis *self = RUNET_ANALYSIS (object);
  g_free (self->message);
  g_free (self->model_hash);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_free (self->model_description);
  g_free (self->engine_description);
  g_free (self->cache_path);
  G_OBJECT_CLASS (runet_analysis_parent_class)->finalize (object);
}

static void
runet_analysis_class_init (RunetAnalysisClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = runet_analysis_dispose;
  object_class->finalize = runet_analysis_finalize;
  signals[CHANGED] = g_signal_new ("changed", RUNET_TYPE_ANALYSIS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CASE_FINISHED] =
      g_signal_new ("case-finished", RUNET_TYPE_ANALYSIS, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, RUNET_TYPE_CASE);
  signals[NOTICE] = g_signal_new ("notice", RUNET_TYPE_ANALYSIS, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[GPU_REPLACED] =
      g_signal_new ("gpu-replaced", RUNET_TYPE_ANALYSIS, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
runet_analysis_init (RunetAnalysis *self) {
}

RunetAnalysis *
runet_analysis_new (void) {
  return g_object_new (RUNET_TYPE_ANALYSIS, NULL);
}

void
runet_analysis_start (RunetAnalysis *self,
                      const char *model_path,
                      RunetEngineChoice engine,
                      GListModel *cases) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self) && model_path != NULL &&
                    G_IS_LIST_MODEL (cases));

  runet_analysis_cancel (self);
  g_set_object (&self->cases, cases);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    runet_case_clear (item);
  }
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->model_hash, g_free);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->model_description, g_free);
  g_clear_pointer (&self->engine_description, g_free);
  self->done = self->left = 0;
  self->seconds_per_step = 0.0;
  self->state = RUNET_ANALYSIS_LOADING;

  self->mailbox = g_new0 (Mailbox, 1);
  g_atomic_ref_count_init (&self->mailbox->references);
  g_atomic_ref_count_inc (&self->mailbox->references); /* the worker's */
  g_mutex_init (&self->mailbox->lock);
  g_queue_init (&self->mailbox->updates);
  self->mailbox->owner = self;
  self->worker = runet_worker_new (model_path, engine, self->cache_path, self->anew,
                                   cases, post_cb, self->mailbox, mailbox_unref);
  self->anew = FALSE;
  if (self->preferred)
    runet_worker_prefer (self->worker, self->preferred);
  if (self->next)
    runet_worker_prefer_next (self->worker, self->next);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
runet_analysis_set_cache (RunetAnalysis *self, const char *path) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  g_free (self->cache_path);
  self->cache_path = g_strdup (path);
}

void
runet_analysis_start_anew (RunetAnalysis *self) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  self->anew = TRUE;
}

void
runet_analysis_cancel (RunetAnalysis *self) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  if (!self->worker)
    return;
  drop_worker (self, FALSE);
  settle_current (self);
  self->state = RUNET_ANALYSIS_IDLE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
runet_analysis_reset (RunetAnalysis *self) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  runet_analysis_cancel (self);
  self->done = self->left = 0;
  self->state = RUNET_ANALYSIS_IDLE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
runet_analysis_prefer (RunetAnalysis *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  g_set_object (&self->preferred, item);
  if (self->worker)
    runet_worker_prefer (self->worker, item);
}

void
runet_analysis_prefer_next (RunetAnalysis *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_ANALYSIS (self));
  g_set_object (&self->next, item);
  if (self->worker)
    runet_worker_prefer_next (self->worker, item);
}

RunetAnalysisState
runet_analysis_get_state (RunetAnalysis *self) {
  return self->state;
}

void
runet_analysis_get_progress (RunetAnalysis *self,
                             guint *done,
                             guint *total,
                             double *seconds_left) {
  *done = self->done;
  *total = self->done + self->left;
  *seconds_left =
      self->seconds_per_step > 0.0 ? self->left * self->seconds_per_step : -1.0;
}

const char *
runet_analysis_get_message (RunetAnalysis *self) {
  return self->message;
}

const char *
runet_analysis_get_model_hash (RunetAnalysis *self) {
  return self->model_hash;
}

GHashTable *
runet_analysis_get_seen (RunetAnalysis *self) {
  g_return_val_if_fail (RUNET_IS_ANALYSIS (self), NULL);
  return self->seen;
}

const char *
runet_analysis_get_model_description (RunetAnalysis *self) {
  return self->model_description;
}

const char *
runet_analysis_get_engine_description (RunetAnalysis *self) {
  return self->engine_description;
}
