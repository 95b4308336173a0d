/* The engine of the runner's thread: opened, described, and replaced by the processor's when a GPU fails. */
#include "analysis-worker-private.h"

#include <glib/gi18n-lib.h>
#include "core/base/error.h"

/* Who chose the GPU may have left it at home: the processor is slower, and better than nothing. */
gboolean
runet_worker_open_engine (RunetWorker *self, GError **error) {
  if (self->engine)
    return TRUE;
  g_autoptr (GError) reason = NULL;
  self->engine = runet_engine_choose (self->choice, 0, &reason);
  if (!self->engine && self->choice.kind == RUNET_ENGINE_CUDNN) {
    g_clear_error (&reason);
    self->engine = runet_engine_new (RUNET_ENGINE_AUTO, 0, &reason);
  }
  if (!self->engine)
    g_propagate_error (error, g_steal_pointer (&reason));
  return self->engine != NULL;
}

RunetPrecision
runet_worker_get_precision (RunetWorker *self) {
  /* A GPU takes a moment to open, and what is known is to be seen before: the engine is asked only where it matters. */
  if (self->choice.precision == RUNET_PRECISION_TF32 ||
      self->choice.precision == RUNET_PRECISION_FLOAT32)
    return self->choice.precision;
  return runet_worker_open_engine (self, NULL)
             ? runet_engine_get_precision (self->engine)
             : RUNET_PRECISION_FLOAT32;
}

void
runet_worker_follow_engine (RunetWorker *self) {
  const RunetEngine *works = runet_segmenter_get_engine (self->segmenter);
  if (works == self->told)
    return;
  self->told = works;
  const char *description = runet_engine_get_description (works);
  runet_worker_post_text (self, RUNET_UPDATE_ENGINE, NULL, description);
  if (self->cache)
    runet_analysis_cache_set_precision (self->cache,
                                        runet_engine_get_precision (works));
  const gboolean gpu = g_str_equal (runet_engine_get_name (works), "cudnn");
  if (gpu || (works == self->engine && self->choice.kind != RUNET_ENGINE_CUDNN))
    return;
  g_autofree char *notice = g_strdup_printf (
      _ ("The processor runs the model in place of the GPU: %s"), description);
  runet_worker_post_text (self, RUNET_UPDATE_REPLACED, NULL, notice);
}

gboolean
runet_worker_replace_gpu (RunetWorker *self, RunetModel *model, const GError *why) {
  const RunetEngine *works =
      self->segmenter ? runet_segmenter_get_engine (self->segmenter) : self->engine;
  if (!g_error_matches (why, RUNET_ERROR, RUNET_ERROR_ENGINE) || !works ||
      !g_str_equal (runet_engine_get_name (works), "cudnn"))
    return FALSE;
  g_autofree char *reason = g_strdup_printf ("the GPU failed (%s)", why->message);
  g_autoptr (RunetEngine) instead = runet_engine_new_instead (works, reason);
  RunetSegmenter *segmenter = runet_segmenter_new (model, instead, 1, NULL);
  if (!segmenter)
    return FALSE;
  g_clear_pointer (&self->segmenter, runet_segmenter_free);
  self->segmenter = segmenter;
  return TRUE;
}
