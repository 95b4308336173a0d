/* How well a model, or predictions on disk, agree with the experts: Tables II and III of [RU],
 * Leclerc et al., RU-Net, IUS 2019. All of it on the native grid. */
#pragma once

#include "core/base/progress.h"
#include "core/echo/dataset.h"
#include "core/segmentation/segmenter.h"
#include "core/shape/anatomy.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/* One image; @comparison and @anatomy have one element a stage.
 * @patient: place in the patients that were evaluated
 * @expert, @found: the ventricle of the expert's mask and of the last stage */
typedef struct {
  char *name; /* "patient0001_4CH_ED" */
  guint patient;
  RunetView view;
  RunetInstant instant;
  guint stages;
  RunetComparison **comparison;
  RunetAnatomy **anatomy;
  RunetDiscs expert, found;
} RunetImageEvaluation;

/**
 * RunetEvaluation:
 * @stages: of the model; of predictions as many as all images have
 * @images: (element-type RunetImageEvaluation), in the order of the patients
 * @skipped: (element-type RunetProblem): @path is the image's name
 */
typedef struct {
  guint stages;
  GPtrArray *images;
  GPtrArray *skipped;
} RunetEvaluation;

/**
 * runet_evaluation_of_model:
 * @patients: (element-type RunetPatient)
 * @progress: (nullable): counts images
 *
 * Segments the ED and ES images of both views and compares every stage with the expert's mask. An
 * image that cannot be read or has no fitting mask is skipped.
 *
 * Errors: %G_IO_ERROR_CANCELLED, and those of the segmenter that are not about one image.
 */
RunetEvaluation *
runet_evaluation_of_model (GPtrArray *patients,
                           RunetSegmenter *segmenter,
                           RunetSegmentFlags flags,
                           RunetPool *pool,
                           RunetProgressFunc progress,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_evaluation_of_predictions:
 * @folder: holds STEM_stage1.EXT, STEM_stage2.EXT … or STEM_pred.EXT for each image, itself or in
 *   a folder named like the patient's subset or the patient
 *
 * The same with label maps that were written earlier, on the grids of the images.
 */
RunetEvaluation *
runet_evaluation_of_predictions (GPtrArray *patients,
                                 const char *folder,
                                 RunetPool *pool,
                                 RunetProgressFunc progress,
                                 gpointer user_data,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

void
runet_evaluation_free (RunetEvaluation *evaluation);

/* Mean and sample standard deviation of the @count finite values; NaN of none (or one). */
typedef struct {
  double mean, sd;
  guint count;
} RunetMeanSd;

/* @geometrical, @anatomical: outliers among @images in the sense of Table I. */
typedef struct {
  guint images;
  RunetMeanSd dice[RUNET_STRUCTURES];
  RunetMeanSd mad_mm[RUNET_STRUCTURES];
  RunetMeanSd hd_mm[RUNET_STRUCTURES];
  guint geometrical;
  guint anatomical;
} RunetStageSummary;

/**
 * runet_evaluation_summarize:
 * @stage: from 0
 * @instant: images of this instant alone, or %RUNET_INSTANTS for all
 *
 * Distances are averaged over the images in which both masks have the structure; Dice over all.
 */
RunetStageSummary
runet_evaluation_summarize (const RunetEvaluation *evaluation,
                            guint stage,
                            RunetInstant instant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetEvaluation, runet_evaluation_free)

G_END_DECLS
