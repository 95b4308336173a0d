/* What models said of images, kept from run to run: found again by the content of the image, of the
 * expert's mask and of the model, so that nothing is run twice and nothing stale is ever shown.
 *
 * One SQLite file. Files are remembered with their size, time and inode, so that on a second opening
 * nothing but their names is looked at. Not for two threads at once; several processes may share a file. */
#pragma once

#include <gio/gio.h>
#include "core/nn/plan.h"
#include "frame-result.h"

G_BEGIN_DECLS

/* What a cache may take on disk; a result of a still is some twenty kilobytes. */
#define RUNET_RESULT_CACHE_LIMIT ((guint64)2 << 30)

/* SHA-256. */
typedef struct {
  guint8 bytes[32];
} RunetDigest;

/**
 * RunetResultKey: what a result depends on, but for the version of the measures, which is the program's
 * @image, @mask, @model: of the files' contents
 * @precision: that the model ran in. Maps in float32 are one kind, whether TF32 multiplied them or not; results of
 *   maps in float16 or bfloat16, which round every layer, are found by who asks for the same kind alone
 * @frame: 0-based frame of @image
 * @masked: there is an expert's mask, to which @instant's limits apply; else @mask and @instant are not
 *   looked at
 */
typedef struct {
  RunetDigest image, mask, model;
  RunetPrecision precision;
  guint frame;
  gboolean masked;
  RunetInstant instant;
} RunetResultKey;

/* @area_mm2: of the left ventricle in the last stage; NaN when the spacing is unknown. */
typedef struct {
  guint frame;
  double area_mm2;
} RunetFrameArea;

typedef struct _RunetResultCache RunetResultCache;

/* "…/runet-review/results.sqlite" in the user's cache folder. */
char *
runet_result_cache_get_default_path (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_result_cache_open:
 * @limit_bytes: when the results take more, those not asked for the longest are dropped
 *
 * Makes the file and its folder where they are not there. A file that is damaged is replaced by an empty
 * one; one that is another program's, or of a newer version of this one, is left alone.
 *
 * Errors: %RUNET_ERROR_UNSUPPORTED (another's, or newer), %RUNET_ERROR_WRITE.
 */
RunetResultCache *
runet_result_cache_open (const char *path,
                         guint64 limit_bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A file that was found damaged on the way is removed. */
void
runet_result_cache_close (RunetResultCache *cache);

/* The content of a file that was hashed before and whose size, time and inode are the same; of a MetaImage in
 * two files, of both. Reads no file. */
gboolean
runet_result_cache_recall_digest (RunetResultCache *cache,
                                  const char *path,
                                  RunetDigest *digest);
/* As above, or else the file is read and remembered. Errors: the file's. */
gboolean
runet_result_cache_find_digest (RunetResultCache *cache,
                                const char *path,
                                GCancellable *cancellable,
                                RunetDigest *digest,
                                GError **error);

/* Returns: (transfer full) (nullable): %NULL also for one that is damaged. */
RunetFrameResult *
runet_result_cache_find (RunetResultCache *cache,
                         const RunetResultKey *key) G_GNUC_WARN_UNUSED_RESULT;
/* @frames: that the image has in all, 0 when that is not known. What was there under @key is replaced. */
gboolean
runet_result_cache_add (RunetResultCache *cache,
                        const RunetResultKey *key,
                        guint frames,
                        const RunetFrameResult *result,
                        GError **error);

/**
 * runet_result_cache_list_areas:
 * @frames: (out): that the image has in all, the largest that was said; 0 when nothing is known of it
 *
 * Which frames of an image there are results of, whatever the mask.
 * Returns: (transfer full) (element-type RunetFrameArea): by frame.
 */
GArray *
runet_result_cache_list_areas (RunetResultCache *cache,
                               const RunetDigest *model,
                               RunetPrecision precision,
                               const RunetDigest *image,
                               guint *frames) G_GNUC_WARN_UNUSED_RESULT;

/* Writes down what was asked for in this session; closing does it too. */
void
runet_result_cache_flush (RunetResultCache *cache);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetResultCache, runet_result_cache_close)

G_END_DECLS
