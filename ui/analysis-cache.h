/* Results of one model over the views of a study, kept from run to run: which file and frame a step of the
 * runner is about, and whether its result is known. */
#pragma once

#include "core/echo/dataset.h"
#include "core/segmentation/result-cache.h"

G_BEGIN_DECLS

/* One thing that is run: an instant of a view, or else a frame of its sequence. */
typedef struct {
  const RunetViewFiles *files;
  gboolean is_frame;
  RunetInstant instant;
  guint frame; /* 0-based */
} RunetAnalysisStep;

typedef struct _RunetAnalysisCache RunetAnalysisCache;

/* @precision: see RunetResultKey. Reads the model's file when it is new. Errors: those of runet_result_cache_open() and of the file. */
RunetAnalysisCache *
runet_analysis_cache_open (const char *path,
                           const char *model_path,
                           RunetPrecision precision,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_analysis_cache_close (RunetAnalysisCache *self);
/* Of what is found and kept from now on. */
void
runet_analysis_cache_set_precision (RunetAnalysisCache *self, RunetPrecision precision);
/* Whether the model's file is still what it was when the cache was opened. */
gboolean
runet_analysis_cache_is_current (RunetAnalysisCache *self);
/* SHA-256 of the model's file when the cache was opened, in hex. */
char *
runet_analysis_cache_get_model_hash (RunetAnalysisCache *self)
    G_GNUC_WARN_UNUSED_RESULT;

/* The result of @step when its files are known since an earlier run: reads no file.
 * Returns: (transfer full) (nullable). */
RunetFrameResult *
runet_analysis_cache_recall (RunetAnalysisCache *self,
                             const RunetAnalysisStep *step) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_analysis_cache_find:
 * @key: (out): what to keep the result under, when it is not found
 * @keyed: (out): whether there is a key: the files could be read
 *
 * As above, but files not known are read, as they are to be anyway.
 */
RunetFrameResult *
runet_analysis_cache_find (RunetAnalysisCache *self,
                           const RunetAnalysisStep *step,
                           GCancellable *cancellable,
                           RunetResultKey *key,
                           gboolean *keyed) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the result of @step under the key that it was looked for with, unless a file changed meanwhile.
 * @frames: of the sequence; 0 when it is of a still or not known. */
gboolean
runet_analysis_cache_keep (RunetAnalysisCache *self,
                           const RunetAnalysisStep *step,
                           const RunetResultKey *key,
                           guint frames,
                           const RunetFrameResult *result,
                           GError **error);

/* Of the frames of the sequence that have a result: see runet_result_cache_list_areas().
 * Returns: (transfer full) (nullable): %NULL when there is no sequence or its file is not known. */
GArray *
runet_analysis_cache_recall_areas (RunetAnalysisCache *self,
                                   const RunetViewFiles *files,
                                   guint *frames) G_GNUC_WARN_UNUSED_RESULT;
/* Writes down what was recalled. */
void
runet_analysis_cache_flush (RunetAnalysisCache *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetAnalysisCache, runet_analysis_cache_close)

G_END_DECLS
