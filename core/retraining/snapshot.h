/* What can be learned from a record: every frame of a version that counts, as it stands now, with a hash of its
 * content. */
#pragma once

#include "core/base/progress.h"
#include "core/echo/dataset.h"
#include "core/review/review.h"
#include "core/training/samples.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_EXCLUSION_REJECTED,
  RUNET_EXCLUSION_DISPUTED, /* one accepted it, another rejected it, and nobody adjudicated */
  RUNET_EXCLUSION_CONTRADICTORY, /* two accepted versions that differ much, without adjudication */
  RUNET_EXCLUSION_LOCKED, /* a patient kept to judge models by */
  RUNET_EXCLUSION_NO_CONTOURS, /* accepted, but the record keeps no contours of it */
  RUNET_EXCLUSION_DAMAGED, /* the record's contours cannot be read */
  RUNET_EXCLUSION_EMPTY, /* contours without a left ventricle */
  RUNET_EXCLUSION_IMAGE_MISSING, /* not in the data set, or not to be read */
  RUNET_EXCLUSION_IMAGE_CHANGED, /* another image than the contours are of */
  RUNET_EXCLUSIONS
} RunetExclusionKind;

/* "rejected", "disputed" … */
const char *
runet_exclusion_kind_to_string (RunetExclusionKind kind);

/**
 * RunetExclusion: a view, or one frame of it, that is not learned from
 * @name: "patient0001 4CH", "patient0001_4CH_ED" …
 * @message: one line that begins with the name and says why
 */
typedef struct {
  RunetExclusionKind kind;
  char *name;
  char *message;
} RunetExclusion;

/**
 * RunetSnapshotFrame: one image and what a person says that it shows
 * @name: "patient0001_4CH_ED", "patient0001_4CH_frame007"
 * @subset: (nullable)
 * @instant: -1 when @frame, 1-based, says which
 * @edited: some gesture was made on it; else it was accepted as the model said
 * @derived: by interpolation or copying, and not looked at since
 * @author, @time, @event, @model: of the acceptance: who, when (ISO 8601), its number in the journal, and
 *   (nullable) the hash of the model whose contours it was about
 * @width, @height: W and H of @labels: H × W values of RunetLabel, and of @weights: (nullable): H × W, 0 where
 *   nothing is to be learned, 1 elsewhere
 * @image: runet_image_hash_frame() of the frame
 * @hash: SHA-256 of name, image, labels and weights
 */
typedef struct {
  char *name;
  char *subset;
  char *patient;
  RunetView view;
  int instant;
  int frame;
  gboolean edited;
  gboolean derived;
  char *author;
  char *time;
  gint64 event;
  char *model;
  gsize width, height;
  guint8 *labels;
  guint8 *weights;
  char *image;
  char *hash;
} RunetSnapshotFrame;

/**
 * RunetSnapshot:
 * @hash: SHA-256 over the frames' hashes, sorted: the same content has the same hash, whatever the order in
 *   which, and the time at which, it came to be
 * @frames: (element-type RunetSnapshotFrame), by name
 * @exclusions: (element-type RunetExclusion)
 */
typedef struct {
  char *hash;
  GPtrArray *frames;
  GPtrArray *exclusions;
} RunetSnapshot;

/**
 * runet_snapshot_new:
 * @review: opened to be read
 * @locked: (nullable): a set of patients' ids, without subsets: they are excluded
 * @progress: (nullable): counts views
 *
 * Every frame of each accepted or corrected view: the adjudicator's version where there is one, else that of the
 * last to accept it. What cannot be used is excluded with a reason, and the rest goes on: a snapshot may have no
 * frame at all.
 *
 * Errors: %G_IO_ERROR_CANCELLED; %RUNET_ERROR_MEMORY.
 */
RunetSnapshot *
runet_snapshot_new (RunetReview *review,
                    const RunetDataset *dataset,
                    GHashTable *locked,
                    RunetProgressFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_snapshot_free (RunetSnapshot *snapshot);

guint
runet_snapshot_count_edited (const RunetSnapshot *snapshot);
/* (transfer full) (element-type utf8): ids of the patients of its frames, without subsets, each once. */
GPtrArray *
runet_snapshot_list_patients (const RunetSnapshot *snapshot) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_snapshot_write:
 * @folder: of snapshots, made when it is not there
 *
 * Writes FOLDER/HASH/ with manifest.json and a PNG of labels, and one of weights, a frame: whole or not at all, and
 * not again when it is there.
 * Returns: (transfer full): its path. Errors: %RUNET_ERROR_WRITE.
 */
char *
runet_snapshot_write (const RunetSnapshot *snapshot,
                      const char *folder,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was written at @path, without its exclusions. Everything is checked against its hashes. Errors:
 * %RUNET_ERROR_MISSING, %RUNET_ERROR_FORMAT. */
RunetSnapshot *
runet_snapshot_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_snapshot_add_samples:
 *
 * Reads the images from @dataset and adds them with labels and weights to @samples, in the snapshot's order. An
 * image that is no longer the one that the snapshot was made of is an error: %RUNET_ERROR_MISMATCH.
 */
gboolean
runet_snapshot_add_samples (const RunetSnapshot *snapshot,
                            const RunetDataset *dataset,
                            RunetSamples *samples,
                            gsize classes,
                            GCancellable *cancellable,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSnapshot, runet_snapshot_free)

G_END_DECLS
