/* A training on the device, from inside. */
#pragma once

#include "group.h"
#include "plan-enqueue.h"
#include "replay.h"

G_BEGIN_DECLS

/* N images a batch, S × S pixels each, C classes; all blocks are the device's but those of orders and report. */
struct _RunetDeviceTraining {
  RunetDevicePlan *plan;
  const RunetDeviceFlat *flat;
  cudaStream_t stream;
  gsize n, pixels; /* pixels: S × S */
  guint stages;
  gsize classes;
  float *stage_weights; /* the host's */

  guint8 *images, *labels; /* of all images */
  guint8 *weights; /* (nullable): of all images */
  RunetBatchPlace *places; /* N */
  guint8 *batch_labels; /* N × S × S */
  guint8 *batch_weights; /* (nullable): N × S × S */
  double *sums; /* stages × C × 3 */
  void *scratch; /* of the sums */
  double *losses; /* one a stage */
  float *moment1, *moment2; /* as the flat parameters */
  RunetStepState *state;

  /* The host's, which a step reads at its beginning and writes at its end. */
  float *pinned_rate;
  RunetBatchPlace *pinned_places;
  double *pinned_losses;
  RunetStepState *pinned_state;

  GPtrArray *blocks; /* the device's, to be freed */
  GPtrArray *pinned_blocks;
  RunetDeviceSum *group; /* (nullable) */
  gboolean running; /* between a step's begin and its end */
  RunetDeviceReplay replay; /* of a whole step */
  guint64 steps; /* of Adam, at the last end */
};

RunetDeviceTraining *
runet_device_training_new (RunetDevicePlan *plan,
                           const RunetDeviceImages *images,
                           const double *stage_weights,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
runet_device_training_join (RunetDeviceTraining *self,
                            const RunetDeviceGroup *group,
                            GError **error);
void
runet_device_training_free (RunetDeviceTraining *self);
gboolean
runet_device_training_begin (RunetDeviceTraining *self,
                             const RunetDevicePlace *places,
                             double learning_rate,
                             GError **error);
gboolean
runet_device_training_end (RunetDeviceTraining *self,
                           double *losses,
                           gboolean *skipped,
                           GError **error);
gboolean
runet_device_training_set_state (RunetDeviceTraining *self,
                                 const RunetDeviceState *state,
                                 GError **error);
gboolean
runet_device_training_get_state (RunetDeviceTraining *self,
                                 RunetDeviceState *state,
                                 GError **error);

G_END_DECLS
