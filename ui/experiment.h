/* An experiment: one frame through a model whose refinement is changed, run on another thread. What comes
 * out is looked at and forgotten; it is never a result of the model. */
#pragma once

#include <gio/gio.h>
#include "core/segmentation/segmenter.h"

G_BEGIN_DECLS

/**
 * RunetTrial: what an experiment found
 * @found: with probabilities
 * @own: the values of the model's own
 * @refines: whether it has a region of interest to be changed
 * @dilates: whether the dilation is one of its values
 * @seconds: from the request to the answer
 */
typedef struct {
  RunetSegmentation *found;
  RunetRefinement own;
  gboolean refines, dilates;
  double seconds;
} RunetTrial;

void
runet_trial_free (RunetTrial *trial);

#define RUNET_TYPE_EXPERIMENT (runet_experiment_get_type ())
G_DECLARE_FINAL_TYPE (RunetExperiment, runet_experiment, RUNET, EXPERIMENT, GObject)

/* The model is read when it is first run, and kept. */
RunetExperiment *
runet_experiment_new (const char *model_path,
                      RunetEngineChoice engine) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_experiment_run:
 * @refinement: (nullable): the model's own values; also when it does not refine
 * @cancellable: to be cancelled before the next run: one frame is run at a time, and the others wait
 *
 * Errors: those of runet_model_read(), runet_model_with_refinement() and runet_segmenter_run().
 */
void
runet_experiment_run (RunetExperiment *self,
                      RunetImage *image,
                      gsize frame,
                      const RunetRefinement *refinement,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
RunetTrial *
runet_experiment_run_finish (RunetExperiment *self,
                             GAsyncResult *result,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTrial, runet_trial_free)

G_END_DECLS
