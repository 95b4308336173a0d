/* The thread behind RunetAnalysis: takes steps off a queue, runs the model, posts updates. */
#include "analysis-worker-private.h"

#include <sys/resource.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include "core/models/model-patients.h"

/* The model's threads yield to the window's: a frame drawn late is seen, a result is not. */
#define NICENESS 10

/* One thing to do. */
typedef struct {
  RunetEntry *entry;
  gboolean is_frame;
  RunetInstant instant;
  guint frame;
} Step;

void
runet_update_free (RunetUpdate *update) {
  g_clear_object (&update->item);
  g_clear_pointer (&update->result, runet_frame_result_unref);
  g_clear_pointer (&update->recalled, g_ptr_array_unref);
  g_free (update->model);
  g_clear_pointer (&update->seen, g_hash_table_unref);
  g_free (update->text);
  g_free (update);
}

void
runet_recalled_free (RunetRecalled *recalled) {
  g_clear_object (&recalled->item);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&recalled->instants[i], runet_frame_result_unref);
  g_clear_pointer (&recalled->areas, g_array_unref);
  g_clear_pointer (&recalled->frames, g_ptr_array_unref);
  g_free (recalled);
}

static void
entry_free (gpointer data) {
  RunetEntry *entry = data;
  g_object_unref (entry->item);
  runet_dataset_unref (entry->dataset);
  g_clear_pointer (&entry->known, g_byte_array_unref);
  g_free (entry);
}

static void
worker_unref (RunetWorker *self) {
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->destroy)
    self->destroy (self->user_data);
  g_clear_pointer (&self->segmenter, runet_segmenter_free);
  g_clear_pointer (&self->engine, runet_engine_unref);
  g_clear_pointer (&self->clip, runet_clip_unref);
  g_clear_pointer (&self->cache, runet_analysis_cache_close);
  g_hash_table_unref (self->by_case);
  g_ptr_array_unref (self->entries);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->model_path);
  g_free (self->cache_path);
  g_free (self);
}

RunetUpdate *
runet_worker_update_new (RunetUpdateKind kind, RunetEntry *entry) {
  RunetUpdate *update = g_new0 (RunetUpdate, 1);
  update->kind = kind;
  update->item = entry ? g_object_ref (entry->item) : NULL;
  return update;
}

/* Frames of the sequence to run; at least one until it was opened and counted. */
static guint
count_frames_left (const RunetEntry *entry) {
  if (!entry->wanted || !entry->files->sequence)
    return 0;
  guint frames = entry->opened ? entry->frames : (guint)MAX (1, entry->files->frames);
  guint left = frames > entry->next_frame ? frames - entry->next_frame : !entry->opened;
  for (guint i = entry->next_frame; entry->known && i < entry->known->len; i++)
    left -= entry->known->data[i];
  return left;
}

void
runet_worker_post (RunetWorker *self, RunetUpdate *update) {
  g_mutex_lock (&self->lock);
  update->done = self->done;
  update->left = self->instants_left + self->at_work;
  if (self->preferred)
    update->left += count_frames_left (self->preferred);
  if (self->next && self->next != self->preferred)
    update->left += count_frames_left (self->next);
  g_mutex_unlock (&self->lock);
  self->post (update, self->user_data);
}

void
runet_worker_post_text (RunetWorker *self,
                        RunetUpdateKind kind,
                        RunetEntry *entry,
                        const char *text) {
  RunetUpdate *update = runet_worker_update_new (kind, entry);
  update->text = g_strdup (text);
  runet_worker_post (self, update);
}

static char *
describe_model (RunetModel *model) {
  const char *name = runet_architecture_to_string (model->hyperparameters.architecture);
  guint stages = model->graph->outputs->len;
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s, %u stage", "%s, %u stages", stages), name,
      stages);
}

static gboolean
load (RunetWorker *self) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = runet_model_read (self->model_path, &error);
  if (model && runet_worker_open_engine (self, &error))
    self->segmenter = runet_segmenter_new (model, self->engine, 1, &error);
  if (!self->segmenter && !runet_worker_replace_gpu (self, model, error)) {
    runet_worker_post_text (self, RUNET_UPDATE_FATAL, NULL, error->message);
    return FALSE;
  }
  /* Another model was put in its place while it was read. */
  if (self->cache && !runet_analysis_cache_is_current (self->cache))
    runet_worker_drop_cache (self, NULL);
  RunetUpdate *update = runet_worker_update_new (RUNET_UPDATE_READY, NULL);
  update->model = g_strdup (model->hash);
  update->seen = runet_model_get_seen (model);
  update->text = describe_model (model);
  runet_worker_post (self, update);
  runet_worker_follow_engine (self);
  return TRUE;
}

static gboolean
take_instant (RunetWorker *self, RunetEntry *entry, Step *step) {
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (entry->instants_left & (1U << i)) {
      entry->instants_left &= ~(1U << i);
      self->instants_left--;
      *step = (Step){.entry = entry, .instant = i};
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_frame (RunetEntry *entry, Step *step) {
  if (count_frames_left (entry) == 0)
    return FALSE;
  while (entry->known && entry->next_frame < entry->known->len &&
         entry->known->data[entry->next_frame])
    entry->next_frame++;
  *step = (Step){.entry = entry, .is_frame = TRUE, .frame = entry->next_frame++};
  return TRUE;
}

/* With the lock held: the preferred case first, with its sequence, then the next one; then the others'
 * instants. */
static gboolean
choose_step (RunetWorker *self, Step *step) {
  RunetEntry *const shown[] = {self->preferred, self->next};
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    if (shown[i] &&
        (take_instant (self, shown[i], step) || take_frame (shown[i], step)))
      return TRUE;
  for (; self->first < self->entries->len; self->first++)
    if (take_instant (self, self->entries->pdata[self->first], step))
      return TRUE;
  return FALSE;
}

static gboolean
is_finished (const RunetEntry *entry) {
  return entry->instants_left == 0 && count_frames_left (entry) == 0;
}

static RunetAnalysisStep
describe_step (const Step *step) {
  return (RunetAnalysisStep){step->entry->files, step->is_frame, step->instant,
                             step->frame};
}

static void
post_result (RunetWorker *self,
             const Step *step,
             RunetFrameResult *result,
             double seconds) {
  RunetUpdate *update = runet_worker_update_new (
      step->is_frame ? RUNET_UPDATE_FRAME : RUNET_UPDATE_INSTANT, step->entry);
  update->instant = step->instant;
  update->frame = step->frame;
  update->result = result;
  update->seconds = seconds;
  runet_worker_post (self, update);
}

/* What was run is kept, unless the cache cannot be written any more. */
static void
keep (RunetWorker *self,
      const Step *step,
      const RunetResultKey *key,
      const RunetFrameResult *result) {
  g_autoptr (GError) error = NULL;
  RunetAnalysisStep what = describe_step (step);
  guint frames = step->is_frame ? step->entry->frames : 0;
  if (!runet_analysis_cache_keep (self->cache, &what, key, frames, result, &error))
    runet_worker_drop_cache (self, error->message);
}

/* (nullable): told when it cannot be used; *@sound is then FALSE. */
static RunetLabelMap *
read_mask (RunetWorker *self,
           const Step *step,
           const RunetGrid *grid,
           gboolean *sound) {
  const char *path = step->entry->files->still_mask[step->instant];
  g_autoptr (GError) error = NULL;
  *sound = TRUE;
  if (!path)
    return NULL;
  g_autoptr (RunetLabelMap) mask = runet_view_read_still_mask (
      step->entry->files, step->instant, self->cancellable, &error);
  if (mask && mask->grid->width == grid->width && mask->grid->height == grid->height)
    return g_steal_pointer (&mask);
  /* A mask of another size is told by the clip, with both sizes, when the case is shown. */
  if (mask)
    return NULL;
  *sound = FALSE;
  runet_worker_post_text (self, RUNET_UPDATE_NOTICE, NULL, error->message);
  return NULL;
}

/* *@sound: whether all that it was made of could be read. */
static RunetFrameResult *
run_instant (RunetWorker *self, const Step *step, gboolean *sound, GError **error) {
  const RunetViewFiles *files = step->entry->files;
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, step->instant, self->cancellable, error);
  if (!image)
    return NULL;
  g_autoptr (RunetSegmentation) found = runet_segmenter_run (
      self->segmenter, image, 0, RUNET_SEGMENT_PROBABILITIES, self->cancellable, error);
  if (!found)
    return NULL;

  g_autoptr (RunetLabelMap) mask = read_mask (self, step, image->grid, sound);
  return runet_frame_result_new (found, mask ? mask->labels : NULL, step->instant);
}

/* The sequence stays open from frame to frame. */
static gboolean
open_sequence (RunetWorker *self, RunetEntry *entry, GError **error) {
  if (self->clip_entry == entry)
    return TRUE;
  g_clear_pointer (&self->clip, runet_clip_unref);
  self->clip_entry = NULL;
  g_autoptr (RunetClip) clip = runet_clip_new (entry->files, self->cancellable, error);
  if (!clip)
    return FALSE;
  g_mutex_lock (&self->lock);
  entry->frames = clip->sequence ? clip->frames : 0;
  entry->opened = TRUE;
  g_mutex_unlock (&self->lock);
  self->clip = g_steal_pointer (&clip);
  self->clip_entry = entry;
  return TRUE;
}

/* Returns NULL without @error when there is nothing to do at this frame. */
static RunetFrameResult *
run_frame (RunetWorker *self, const Step *step, GError **error) {
  if (!open_sequence (self, step->entry, error)) {
    g_mutex_lock (&self->lock);
    step->entry->opened = TRUE;
    step->entry->frames = 0;
    g_mutex_unlock (&self->lock);
    return NULL;
  }
  RunetInstant instant;
  if (step->frame >= step->entry->frames ||
      runet_clip_get_instant (self->clip, step->frame, &instant))
    return NULL;

  gsize frame, mask_frame;
  RunetImage *image = runet_clip_get_image (self->clip, step->frame, &frame);
  g_autoptr (RunetSegmentation) found =
      runet_segmenter_run (self->segmenter, image, frame, RUNET_SEGMENT_PROBABILITIES,
                           self->cancellable, error);
  if (!found)
    return NULL;
  RunetLabelMap *mask = runet_clip_get_expert (self->clip, step->frame, &mask_frame);
  return runet_frame_result_new (found,
                                 mask ? runet_label_map_frame (mask, mask_frame) : NULL,
                                 runet_clip_nearest_instant (self->clip, step->frame));
}

/* From the cache, where the same image is known under another name; else the model is run. */
static RunetFrameResult *
find_or_run (RunetWorker *self, const Step *step, gboolean *ran, GError **error) {
  RunetResultKey key;
  gboolean keyed = FALSE;
  RunetAnalysisStep what = describe_step (step);
  RunetFrameResult *result = NULL;
  if (self->cache)
    result =
        runet_analysis_cache_find (self->cache, &what, self->cancellable, &key, &keyed);
  if (self->anew)
    g_clear_pointer (&result, runet_frame_result_unref);
  *ran = result == NULL;
  if (result)
    return result;
  gboolean sound = TRUE;
  result = step->is_frame ? run_frame (self, step, error)
                          : run_instant (self, step, &sound, error);
  /* What lacks a damaged mask is made again, and the damage told again. */
  if (result && keyed && sound)
    keep (self, step, &key, result);
  return result;
}

static void
say_finished (RunetWorker *self, RunetEntry *entry) {
  g_mutex_lock (&self->lock);
  gboolean finished = is_finished (entry) && !entry->finished;
  entry->finished |= finished;
  g_mutex_unlock (&self->lock);
  if (finished)
    runet_worker_post (self, runet_worker_update_new (RUNET_UPDATE_FINISHED, entry));
}

static void
do_step (RunetWorker *self, const Step *step) {
  g_autoptr (GError) error = NULL;
  gboolean ran;
  gint64 start = g_get_monotonic_time ();
  g_mutex_lock (&self->lock);
  self->at_work = 1;
  g_mutex_unlock (&self->lock);
  runet_worker_post (self, runet_worker_update_new (RUNET_UPDATE_STARTED, step->entry));
  RunetFrameResult *result = find_or_run (self, step, &ran, &error);
  g_autoptr (RunetModel) model =
      runet_model_ref (runet_segmenter_get_model (self->segmenter));
  if (error && runet_worker_replace_gpu (self, model, error)) {
    g_clear_error (&error);
    result = find_or_run (self, step, &ran, &error);
  }
  runet_worker_follow_engine (self);
  double seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  if (g_cancellable_is_cancelled (self->cancellable)) {
    g_clear_pointer (&result, runet_frame_result_unref);
    return;
  }
  g_mutex_lock (&self->lock);
  self->done++;
  self->at_work = 0;
  g_mutex_unlock (&self->lock);
  if (error)
    runet_worker_post_text (self, RUNET_UPDATE_TROUBLE, step->entry, error->message);
  else
    post_result (self, step, result, ran ? seconds : 0.0);
  say_finished (self, step->entry);
}

/* (nullable): shown, and not asked for in the cache yet. With the lock held. */
static RunetEntry *
find_due (RunetWorker *self) {
  RunetEntry *const shown[] = {self->preferred, self->next};
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    if (shown[i] && shown[i]->wanted && !shown[i]->recalled)
      return shown[i];
  return NULL;
}

/* The frames of a sequence are asked for when it is wanted, before any of them is run. */
static void
recall_wanted (RunetWorker *self) {
  for (;;) {
    g_mutex_lock (&self->lock);
    RunetEntry *entry = find_due (self);
    if (entry)
      entry->recalled = TRUE;
    g_mutex_unlock (&self->lock);
    if (!entry)
      return;
    runet_worker_recall_sequence (self, entry);
    say_finished (self, entry);
  }
}

/* FALSE when cancelled. */
static gboolean
wait_for_step (RunetWorker *self, Step *step) {
  gboolean told = FALSE;
  recall_wanted (self);
  g_mutex_lock (&self->lock);
  while (!g_cancellable_is_cancelled (self->cancellable) && !choose_step (self, step)) {
    if (find_due (self)) {
      g_mutex_unlock (&self->lock);
      recall_wanted (self);
      g_mutex_lock (&self->lock);
      continue;
    }
    if (!told) {
      told = TRUE;
      g_mutex_unlock (&self->lock);
      runet_worker_post (self, runet_worker_update_new (RUNET_UPDATE_DRAINED, NULL));
      g_mutex_lock (&self->lock);
      continue;
    }
    g_cond_wait (&self->changed, &self->lock);
  }
  g_mutex_unlock (&self->lock);
  return !g_cancellable_is_cancelled (self->cancellable);
}

static gpointer
worker_main (gpointer data) {
  RunetWorker *self = data;
  /* On Linux niceness is the thread's own, and the engine's threads inherit it. */
  if (setpriority (PRIO_PROCESS, (id_t)gettid (), NICENESS) != 0)
    g_debug ("The priority of the model's thread could not be lowered");
  Step step = {0};
  runet_worker_open_cache (self);
  runet_worker_recall_all (self);
  recall_wanted (self);
  if (load (self))
    while (wait_for_step (self, &step))
      do_step (self, &step);
  worker_unref (self);
  return NULL;
}

static guint
instants_of (const RunetViewFiles *files) {
  guint bits = 0;
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (runet_view_has_still (files, i))
      bits |= 1U << i;
  return bits;
}

static void
add_entry (RunetWorker *self, RunetCase *item) {
  RunetEntry *entry = g_new0 (RunetEntry, 1);
  entry->item = g_object_ref (item);
  entry->dataset = runet_dataset_ref (runet_case_get_dataset (item));
  entry->files = runet_case_get_files (item);
  entry->instants_left = instants_of (entry->files);
  self->instants_left += (guint)__builtin_popcount (entry->instants_left);
  g_ptr_array_add (self->entries, entry);
  g_hash_table_insert (self->by_case, item, entry);
}

RunetWorker *
runet_worker_new (const char *model_path,
                  RunetEngineChoice engine,
                  const char *cache_path,
                  gboolean anew,
                  GListModel *cases,
                  void (*post_update) (RunetUpdate *update, gpointer user_data),
                  gpointer user_data,
                  GDestroyNotify destroy) {
  g_return_val_if_fail (model_path != NULL && post_update != NULL, NULL);

  RunetWorker *self = g_new0 (RunetWorker, 1);
  g_atomic_ref_count_init (&self->references);
  g_atomic_ref_count_inc (&self->references); /* the thread's */
  self->model_path = g_strdup (model_path);
  self->cache_path = g_strdup (cache_path);
  self->anew = anew;
  self->choice = engine;
  self->cancellable = g_cancellable_new ();
  self->post = post_update;
  self->user_data = user_data;
  self->destroy = destroy;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->by_case = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    add_entry (self, item);
  }
  self->thread = g_thread_new ("runet-analysis", worker_main, self);
  return self;
}

/* (nullable): its entry, whose sequence is to be run from now on. With the lock held. */
static RunetEntry *
want (RunetWorker *self, RunetCase *item) {
  RunetEntry *entry = item ? g_hash_table_lookup (self->by_case, item) : NULL;
  if (entry && !entry->wanted) {
    entry->wanted = TRUE;
    entry->finished &= is_finished (entry);
  }
  return entry;
}

void
runet_worker_prefer (RunetWorker *self, RunetCase *item) {
  g_mutex_lock (&self->lock);
  self->preferred = want (self, item);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
runet_worker_prefer_next (RunetWorker *self, RunetCase *item) {
  g_mutex_lock (&self->lock);
  self->next = want (self, item);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
runet_worker_release (RunetWorker *self, gboolean wait) {
  g_mutex_lock (&self->lock);
  g_cancellable_cancel (self->cancellable);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  GThread *thread = g_steal_pointer (&self->thread);
  if (wait)
    g_thread_join (thread);
  else
    g_thread_unref (thread);
  worker_unref (self);
}
