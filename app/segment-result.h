/* What a model sees in one image, all frames together, and the files that this becomes. */
#pragma once

#include "core/segmentation/segmenter.h"
#include "core/shape/anatomy.h"
#include "segment-jobs.h"

G_BEGIN_DECLS

/* What `runet segment` was asked for beside the final label map. */
typedef struct {
  gboolean roi, stages, probabilities;
  gboolean raw; /* as the network left it */
} RunetSegmentOutputs;

/**
 * RunetSegmentResult:
 * @grid: of the image, F frames of H × W
 * @labels: @stages of them; %NULL where nobody asked for that stage, never for the last
 * @regions: @stages of them, F × H × W; %NULL where there is none or nobody asked
 * @probabilities: @stages of them, F × @classes × H × W; %NULL where nobody asked
 * @anatomy: F of them, %NULL until measured
 */
typedef struct {
  RunetGrid *grid;
  guint stages;
  gsize classes;
  RunetLabelMap **labels;
  float **regions;
  float **probabilities;
  RunetAnatomy **anatomy;
} RunetSegmentResult;

/* Runs the network on all frames of @image. Errors: those of runet_segmenter_run(). */
RunetSegmentResult *
runet_segment_result_new (RunetSegmenter *segmenter,
                          const RunetImage *image,
                          const RunetSegmentOutputs *outputs,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_segment_result_free (RunetSegmentResult *result);
/* Looks at the anatomy of one frame; different frames may be measured at once. */
void
runet_segment_result_measure (RunetSegmentResult *result, gsize frame);

/* One file to be written; borrows from its result. */
typedef struct {
  char *path;
  const RunetGrid *grid;
  const RunetLabelMap *labels; /* this … */
  const float *values; /* … or this, @planes × H × W */
  gsize planes;
} RunetSegmentFile;

/* (transfer full) (element-type RunetSegmentFile): in the order in which they are told of. */
GPtrArray *
runet_segment_result_list (const RunetSegmentResult *result,
                           const RunetSegmentJob *job,
                           const RunetSegmentOutputs *outputs)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean
runet_segment_file_write (const RunetSegmentFile *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmentResult, runet_segment_result_free)

G_END_DECLS
