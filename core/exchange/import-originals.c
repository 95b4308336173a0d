/* What the model had said of a frame that comes back from elsewhere. */
#include <string.h>

#include "import-private.h"

/* FALSE for what is no SHA-256 in hex. */
static gboolean
parse_digest (const char *hex, RunetDigest *digest) {
  if (hex == NULL || strlen (hex) != 2 * sizeof digest->bytes)
    return FALSE;
  for (gsize i = 0; i < sizeof digest->bytes; i++) {
    const int high = g_ascii_xdigit_value (hex[2 * i]);
    const int low = g_ascii_xdigit_value (hex[2 * i + 1]);
    if (high < 0 || low < 0)
      return FALSE;
    digest->bytes[i] = (guint8)(16 * high + low);
  }
  return TRUE;
}

void
runet_import_originals_init (RunetImportOriginals *self,
                             const char *path,
                             const GPtrArray *events) {
  *self = (RunetImportOriginals){0};
  for (guint i = events->len; i-- > 0 && self->model_name == NULL;) {
    const RunetEvent *event = events->pdata[i];
    if (parse_digest (event->model, &self->model))
      self->model_name = g_strdup (event->model);
  }
  if (path != NULL && self->model_name != NULL)
    self->cache = runet_result_cache_open (path, RUNET_RESULT_CACHE_LIMIT, NULL);
}

void
runet_import_originals_clear (RunetImportOriginals *self) {
  g_clear_pointer (&self->cache, runet_result_cache_close);
  g_clear_pointer (&self->model_name, g_free);
}

/* Results depend on the expert's mask and on whose limits apply to it. */
static RunetInstant
find_instant (const RunetViewFiles *files, int frame) {
  const int ed = files->frame[RUNET_INSTANT_ED], es = files->frame[RUNET_INSTANT_ES];
  if (ed <= 0 || es <= 0)
    return es <= 0 ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
  return ABS (frame - ed) <= ABS (frame - es) ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
}

/* What a reader corrected may have been run in half precision; the exact result is looked for first. */
static RunetFrameResult *
find_of_any_precision (RunetResultCache *cache, RunetResultKey *key) {
  static const RunetPrecision kinds[] = {
      RUNET_PRECISION_FLOAT32, RUNET_PRECISION_FLOAT16, RUNET_PRECISION_BFLOAT16};
  RunetFrameResult *result = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (kinds) && result == NULL; i++) {
    key->precision = kinds[i];
    result = runet_result_cache_find (cache, key);
  }
  return result;
}

RunetLabelMap *
runet_import_originals_find (RunetImportOriginals *self,
                             const RunetViewFiles *files,
                             int instant,
                             int frame,
                             GCancellable *cancellable) {
  if (self->cache == NULL)
    return NULL;
  const gboolean still = instant >= 0 && files->still[instant] != NULL;
  const int place = instant >= 0 ? files->frame[instant] : frame;
  const char *image = still ? files->still[instant] : files->sequence;
  const char *mask = instant >= 0 ? files->still_mask[instant] : files->sequence_mask;
  RunetResultKey key;
  memset (&key, 0, sizeof key);
  key.model = self->model;
  key.frame = still || place < 1 ? 0 : (guint)place - 1;
  key.masked = mask != NULL;
  key.instant = instant >= 0 ? (RunetInstant)instant : find_instant (files, frame);
  if (image == NULL ||
      !runet_result_cache_find_digest (self->cache, image, cancellable, &key.image,
                                       NULL) ||
      (mask != NULL && !runet_result_cache_find_digest (self->cache, mask, cancellable,
                                                        &key.mask, NULL)))
    return NULL;
  g_autoptr (RunetFrameResult) result = find_of_any_precision (self->cache, &key);
  return result != NULL ? runet_frame_result_unpack_labels (result, RUNET_SHOWN_LAST)
                        : NULL;
}
