/* What the model says of one frame: the label map of the first and of the last stage and the
 * region of interest, kept small, and what was measured on them.
 *
 * A label map of 600 × 500 is 300 kB; deflated it is a few, so that a whole data set fits in
 * memory. Immutable after construction. */
#pragma once

#include "core/shape/anatomy.h"
#include "core/shape/discs.h"
#include "core/shape/touch.h"
#include "segmenter.h"

G_BEGIN_DECLS

/* The two of a model's stages that are shown. A model of one stage has only the last. */
typedef enum {
  RUNET_SHOWN_FIRST,
  RUNET_SHOWN_LAST,
  RUNET_SHOWN_STAGES
} RunetShownStage;

/**
 * RunetStageResult:
 * @packed: (nullable): the deflated label map; %NULL when the model has no such stage
 * @comparison: (nullable): against the expert's mask, where there is one
 * @discs: the long axis of the ventricle and the discs across it
 */
typedef struct {
  GBytes *packed;
  RunetAnatomy *anatomy;
  RunetComparison *comparison;
  RunetDiscs discs;
} RunetStageResult;

/**
 * RunetFrameResult:
 * @grid: of one frame
 * @stages: how many the model has
 * @disagreement: 1 − Dice of the first and the last stage, the worse of endo and epi; 0 for a
 *   model of one stage
 * @uncertainty: see runet_uncertainty_of_contours(); of the last stage, NaN when its probabilities were
 *   not kept
 * @touch: of the last stage and the region that it was given; all zero without a region
 */
typedef struct {
  gatomicrefcount references;
  RunetGrid *grid;
  guint stages;
  RunetStageResult stage[RUNET_SHOWN_STAGES];
  GBytes *packed_region;
  double disagreement;
  double uncertainty;
  RunetTouch touch;
} RunetFrameResult;

/**
 * runet_frame_result_new:
 * @expert: (nullable): H × W labels on the same grid
 * @instant: whose limits apply to the comparison
 *
 * Measures and packs; takes some ten milliseconds.
 */
RunetFrameResult *
runet_frame_result_new (const RunetSegmentation *segmentation,
                        const guint8 *expert,
                        RunetInstant instant) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_frame_result_new_of_labels:
 * @labels: H × W, that no network made: somebody's correction
 * @grid: of one frame; its width, height and spacing
 *
 * As of a model of one stage that is sure of itself. Other parameters as above.
 */
RunetFrameResult *
runet_frame_result_new_of_labels (const RunetGrid *grid,
                                  const guint8 *labels,
                                  const guint8 *expert,
                                  RunetInstant instant) G_GNUC_WARN_UNUSED_RESULT;
RunetFrameResult *
runet_frame_result_ref (RunetFrameResult *result);
void
runet_frame_result_unref (RunetFrameResult *result);

/* Returns: (transfer full) (nullable): %NULL when the model has no such stage, memory is short or what was
 * stored is damaged. */
RunetLabelMap *
runet_frame_result_unpack_labels (const RunetFrameResult *result,
                                  RunetShownStage stage) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full) (nullable): H × W values of 0 … 1, what the last stage was given. */
float *
runet_frame_result_unpack_region (const RunetFrameResult *result)
    G_GNUC_WARN_UNUSED_RESULT;
/* Outlier of either kind in the last stage. */
gboolean
runet_frame_result_is_outlier (const RunetFrameResult *result);

/* Limits crossed by the last stage, and a note where it touches the border of its region. That a
 * structure is missing makes an outlier of both kinds and is listed once. Returns: (transfer full) (element-type RunetReason). */
GArray *
runet_frame_result_list_reasons (const RunetFrameResult *result)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetFrameResult, runet_frame_result_unref)

G_END_DECLS
