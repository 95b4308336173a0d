/* What the runner's thread takes from the cache before it runs the model. */
#include "analysis-worker-private.h"

#include <string.h>

/* A batch is posted when it is this long or has been this long in the making: the window then shows it
 * within a frame or two. */
#define BATCH_CASES 128
#define BATCH_US 20000

void
runet_worker_drop_cache (RunetWorker *self, const char *why) {
  if (why)
    runet_worker_post_text (self, RUNET_UPDATE_NOTICE, NULL, why);
  g_clear_pointer (&self->cache, runet_analysis_cache_close);
}

void
runet_worker_open_cache (RunetWorker *self) {
  if (!self->cache_path)
    return;
  g_autoptr (GError) error = NULL;
  self->cache = runet_analysis_cache_open (self->cache_path, self->model_path,
                                           runet_worker_get_precision (self),
                                           self->cancellable, &error);
  /* A model that is not there is told when it is to be run. */
  if (!self->cache && !g_cancellable_is_cancelled (self->cancellable) &&
      g_file_test (self->model_path, G_FILE_TEST_IS_REGULAR))
    runet_worker_post_text (self, RUNET_UPDATE_NOTICE, NULL, error->message);
}

/* Takes off the queue what was found. */
static void
strike (RunetWorker *self, RunetEntry *entry, const RunetRecalled *found) {
  g_mutex_lock (&self->lock);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (found->instants[i] && (entry->instants_left & (1U << i))) {
      entry->instants_left &= ~(1U << i);
      self->instants_left--;
      self->done++;
    }
  g_mutex_unlock (&self->lock);
}

/* NULL when there is nothing. */
static RunetRecalled *
recall (RunetWorker *self, RunetEntry *entry) {
  guint ignored;
  g_autoptr (RunetRecalled) found = g_new0 (RunetRecalled, 1);
  found->item = g_object_ref (entry->item);
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    RunetAnalysisStep step = {.files = entry->files, .instant = i};
    if (entry->instants_left & (1U << i))
      found->instants[i] = runet_analysis_cache_recall (self->cache, &step);
  }
  found->areas =
      runet_analysis_cache_recall_areas (self->cache, entry->files, &ignored);
  gboolean any = found->instants[RUNET_INSTANT_ED] ||
                 found->instants[RUNET_INSTANT_ES] ||
                 (found->areas && found->areas->len > 0);
  if (!any)
    return NULL;
  strike (self, entry, found);
  found->done = entry->instants_left == 0;
  return g_steal_pointer (&found);
}

/* @recalled: (transfer full) (element-type RunetRecalled) */
static void
post_recalled (RunetWorker *self, GPtrArray *recalled) {
  RunetUpdate *update = runet_worker_update_new (RUNET_UPDATE_RECALLED, NULL);
  update->model = runet_analysis_cache_get_model_hash (self->cache);
  update->recalled = recalled;
  runet_worker_post (self, update);
}

static void
send (RunetWorker *self, GPtrArray **batch, gint64 *since) {
  if ((*batch)->len > 0) {
    post_recalled (self, *batch);
    *batch = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_recalled_free);
  }
  *since = g_get_monotonic_time ();
}

void
runet_worker_recall_all (RunetWorker *self) {
  if (!self->cache || self->anew)
    return;
  g_autoptr (GPtrArray) batch =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_recalled_free);
  g_mutex_lock (&self->lock);
  RunetEntry *first = self->preferred;
  g_mutex_unlock (&self->lock);
  gint64 since = g_get_monotonic_time ();
  RunetRecalled *found = first ? recall (self, first) : NULL;
  if (found) {
    g_ptr_array_add (batch, found);
    send (self, &batch, &since);
  }
  for (guint i = 0; i < self->entries->len; i++) {
    if (g_cancellable_is_cancelled (self->cancellable))
      return;
    RunetEntry *entry = self->entries->pdata[i];
    found = entry != first ? recall (self, entry) : NULL;
    if (found)
      g_ptr_array_add (batch, found);
    if (batch->len >= BATCH_CASES || g_get_monotonic_time () - since > BATCH_US)
      send (self, &batch, &since);
  }
  send (self, &batch, &since);
  runet_analysis_cache_flush (self->cache);
}

static void
forget_frame (gpointer result) {
  if (result)
    runet_frame_result_unref (result);
}

/* The results by frame, and which frames need not be run: those, and the instants. */
static GPtrArray *
recall_frames (RunetWorker *self,
               RunetEntry *entry,
               const GArray *areas,
               guint frames,
               GByteArray *known) {
  GPtrArray *results = g_ptr_array_new_with_free_func (forget_frame);
  g_ptr_array_set_size (results, (int)frames);
  g_byte_array_set_size (known, frames);
  memset (known->data, 0, frames);
  for (guint i = 0; i < areas->len; i++) {
    guint frame = g_array_index (areas, RunetFrameArea, i).frame;
    RunetAnalysisStep step = {.files = entry->files, .is_frame = TRUE, .frame = frame};
    if (frame >= frames)
      continue;
    results->pdata[frame] = runet_analysis_cache_recall (self->cache, &step);
    known->data[frame] = results->pdata[frame] != NULL;
  }
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    int place = entry->files->frame[i];
    if (place >= 1 && (guint)place <= frames)
      known->data[place - 1] = 1;
  }
  return results;
}

void
runet_worker_recall_sequence (RunetWorker *self, RunetEntry *entry) {
  guint frames = 0;
  if (!self->cache || self->anew || !entry->files->sequence)
    return;
  g_autoptr (GArray) areas =
      runet_analysis_cache_recall_areas (self->cache, entry->files, &frames);
  /* More frames than any sequence has: the file was tampered with. */
  if (!areas || frames == 0 || frames > G_MAXUINT16)
    return;
  g_autoptr (GByteArray) known = g_byte_array_new ();
  g_autoptr (RunetRecalled) found = g_new0 (RunetRecalled, 1);
  found->item = g_object_ref (entry->item);
  found->frames = recall_frames (self, entry, areas, frames, known);
  g_mutex_lock (&self->lock);
  entry->frames = frames;
  entry->opened = TRUE;
  for (guint i = 0; i < frames; i++)
    self->done += known->data[i];
  g_clear_pointer (&entry->known, g_byte_array_unref);
  entry->known = g_steal_pointer (&known);
  g_mutex_unlock (&self->lock);
  GPtrArray *recalled =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_recalled_free);
  g_ptr_array_add (recalled, g_steal_pointer (&found));
  post_recalled (self, recalled);
}
