/* What a retraining would learn from, counted before anything is begun. */
#pragma once

#include "core/echo/dataset.h"
#include "core/nn/plan.h"
#include "core/retraining/snapshot.h"

G_BEGIN_DECLS

/**
 * RunetRetrainPlan:
 * @corrected, @accepted: frames with somebody's contours, and frames accepted as the model drew them
 * @patients, @readers: of these frames
 * @exclusions: (element-type RunetExclusion): what is left out
 * @originals: images with experts' masks, of patients that are neither locked nor among those above
 * @locked: patients that models are judged by; 0 when they are to be chosen
 * @seconds_per_image: that learning takes on this computer; NaN when it could not be measured
 */
typedef struct {
  guint corrected, accepted;
  guint patients, readers;
  GPtrArray *exclusions;
  guint originals;
  guint locked;
  double seconds_per_image;
} RunetRetrainPlan;

void
runet_retrain_plan_free (RunetRetrainPlan *self);
guint
runet_retrain_plan_count_frames (const RunetRetrainPlan *self);
/* How long @epochs take when @replay original images go with each frame; NaN when unknown. */
double
runet_retrain_plan_estimate_seconds (const RunetRetrainPlan *self,
                                     guint epochs,
                                     double replay);

/**
 * runet_retrain_plan_async:
 * @record: the record of reviews
 * @model: (nullable): the parent, whose speed with @engine is measured
 * @registry: (nullable): folder of the registry; the default one
 *
 * Reads record and data set on another thread. Without a record there is nothing to learn from, which is no error.
 */
void
runet_retrain_plan_async (RunetDataset *dataset,
                          const char *record,
                          const char *model,
                          RunetEngineChoice engine,
                          const char *registry,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
RunetRetrainPlan *
runet_retrain_plan_finish (GAsyncResult *result,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrainPlan, runet_retrain_plan_free)

G_END_DECLS
