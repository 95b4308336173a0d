/* Results of one model over the views of a study, kept from run to run. */
#include "analysis-cache.h"

#include <string.h>

struct _RunetAnalysisCache {
  RunetResultCache *cache;
  char *model_path;
  RunetDigest model;
  RunetPrecision precision;
};

RunetAnalysisCache *
runet_analysis_cache_open (const char *path,
                           const char *model_path,
                           RunetPrecision precision,
                           GCancellable *cancellable,
                           GError **error) {
  g_return_val_if_fail (path != NULL && model_path != NULL, NULL);
  g_autoptr (RunetAnalysisCache) self = g_new0 (RunetAnalysisCache, 1);
  self->model_path = g_strdup (model_path);
  self->precision = precision;
  self->cache = runet_result_cache_open (path, RUNET_RESULT_CACHE_LIMIT, error);
  if (!self->cache || !runet_result_cache_find_digest (
                          self->cache, model_path, cancellable, &self->model, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
runet_analysis_cache_close (RunetAnalysisCache *self) {
  if (!self)
    return;
  g_clear_pointer (&self->cache, runet_result_cache_close);
  g_free (self->model_path);
  g_free (self);
}

void
runet_analysis_cache_set_precision (RunetAnalysisCache *self,
                                    RunetPrecision precision) {
  self->precision = precision;
}

static gboolean
digest_equal (const RunetDigest *a, const RunetDigest *b) {
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean
runet_analysis_cache_is_current (RunetAnalysisCache *self) {
  RunetDigest now;
  return runet_result_cache_find_digest (self->cache, self->model_path, NULL, &now,
                                         NULL) &&
         digest_equal (&now, &self->model);
}

char *
runet_analysis_cache_get_model_hash (RunetAnalysisCache *self) {
  GString *hex = g_string_sized_new (2 * sizeof self->model.bytes);
  for (gsize i = 0; i < sizeof self->model.bytes; i++)
    g_string_append_printf (hex, "%02x", self->model.bytes[i]);
  return g_string_free (hex, FALSE);
}

/* As runet_clip_nearest_instant(), by what the cfg says. */
static RunetInstant
nearest_instant (const RunetViewFiles *files, guint frame) {
  int ed = files->frame[RUNET_INSTANT_ED], es = files->frame[RUNET_INSTANT_ES];
  if (ed <= 0 || es <= 0)
    return es <= 0 ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
  int place = (int)frame + 1;
  return ABS (place - ed) <= ABS (place - es) ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
}

/* Fills what needs no file. The paths are borrowed; NULL without an image, or without a mask. */
static void
describe (const RunetAnalysisStep *step,
          RunetResultKey *key,
          const char **image,
          const char **mask) {
  const RunetViewFiles *files = step->files;
  gboolean still = !step->is_frame && files->still[step->instant];
  int place = files->frame[step->instant];
  *image = still ? files->still[step->instant] : files->sequence;
  *mask = step->is_frame ? files->sequence_mask : files->still_mask[step->instant];
  key->frame = step->is_frame ? step->frame : still || place < 1 ? 0 : (guint)place - 1;
  key->instant = step->is_frame ? nearest_instant (files, step->frame) : step->instant;
}

/* @read: whether files that are not known are read. */
static gboolean
make_key (RunetAnalysisCache *self,
          const RunetAnalysisStep *step,
          gboolean read,
          GCancellable *cancellable,
          RunetResultKey *key) {
  const char *image, *mask;
  memset (key, 0, sizeof *key);
  key->model = self->model;
  key->precision = self->precision;
  describe (step, key, &image, &mask);
  if (!image)
    return FALSE;
  key->masked = mask != NULL;
  if (!read)
    return runet_result_cache_recall_digest (self->cache, image, &key->image) &&
           (!mask || runet_result_cache_recall_digest (self->cache, mask, &key->mask));
  return runet_result_cache_find_digest (self->cache, image, cancellable, &key->image,
                                         NULL) &&
         (!mask || runet_result_cache_find_digest (self->cache, mask, cancellable,
                                                   &key->mask, NULL));
}

RunetFrameResult *
runet_analysis_cache_recall (RunetAnalysisCache *self, const RunetAnalysisStep *step) {
  RunetResultKey key;
  return make_key (self, step, FALSE, NULL, &key)
             ? runet_result_cache_find (self->cache, &key)
             : NULL;
}

RunetFrameResult *
runet_analysis_cache_find (RunetAnalysisCache *self,
                           const RunetAnalysisStep *step,
                           GCancellable *cancellable,
                           RunetResultKey *key,
                           gboolean *keyed) {
  *keyed = make_key (self, step, TRUE, cancellable, key);
  return *keyed ? runet_result_cache_find (self->cache, key) : NULL;
}

gboolean
runet_analysis_cache_keep (RunetAnalysisCache *self,
                           const RunetAnalysisStep *step,
                           const RunetResultKey *key,
                           guint frames,
                           const RunetFrameResult *result,
                           GError **error) {
  RunetResultKey now;
  if (!make_key (self, step, TRUE, NULL, &now) ||
      !digest_equal (&now.image, &key->image) || !digest_equal (&now.mask, &key->mask))
    return TRUE;
  return runet_result_cache_add (self->cache, key, frames, result, error);
}

GArray *
runet_analysis_cache_recall_areas (RunetAnalysisCache *self,
                                   const RunetViewFiles *files,
                                   guint *frames) {
  RunetDigest image;
  return files->sequence &&
                 runet_result_cache_recall_digest (self->cache, files->sequence, &image)
             ? runet_result_cache_list_areas (self->cache, &self->model,
                                              self->precision, &image, frames)
             : NULL;
}

void
runet_analysis_cache_flush (RunetAnalysisCache *self) {
  runet_result_cache_flush (self->cache);
}
