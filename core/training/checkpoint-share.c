/* The state of a training from the process that read it to those that train with it. */
#include <string.h>

#include "checkpoint.h"

/* All of the state that is not an array. */
typedef struct {
  guint64 step;
  RunetLossScale loss_scale;
  RunetSchedule schedule;
  guint epoch;
  gsize batch;
  double loss_sum;
  double loss_sums[RUNET_TRAINING_STAGES];
  double epoch_seconds;
  guint records; /* of the history */
} Place;

static Place
get_place (const RunetTrainingState *state) {
  Place place = {
      .step = state->adam->step,
      .loss_scale = state->loss_scale,
      .schedule = state->schedule,
      .epoch = state->epoch,
      .batch = state->batch,
      .loss_sum = state->loss_sum,
      .epoch_seconds = state->epoch_seconds,
      .records = state->history->len,
  };
  memcpy (place.loss_sums, state->loss_sums, sizeof place.loss_sums);
  return place;
}

static void
set_place (RunetTrainingState *state, const Place *place) {
  state->adam->step = place->step;
  state->loss_scale = place->loss_scale;
  state->schedule = place->schedule;
  state->epoch = place->epoch;
  state->batch = place->batch;
  state->loss_sum = place->loss_sum;
  memcpy (state->loss_sums, place->loss_sums, sizeof place->loss_sums);
  state->epoch_seconds = place->epoch_seconds;
  g_array_set_size (state->history, place->records);
}

gboolean
runet_checkpoint_share (RunetTrainingState *state,
                        RunetCommunicator *communicator,
                        GError **error) {
  Place place = get_place (state);
  if (!runet_communicator_broadcast (communicator, 0, &place, sizeof place, error))
    return FALSE;
  set_place (state, &place);
  if (!runet_communicator_broadcast (communicator, 0, state->history->data,
                                     place.records * sizeof (RunetEpoch), error))
    return FALSE;
  const GArray *parameters = state->model->graph->parameters;
  float *const *const sets[] = {state->model->parameters, state->adam->moment1,
                                state->adam->moment2, state->best};
  for (gsize s = 0; s < G_N_ELEMENTS (sets); s++)
    for (guint i = 0; i < parameters->len; i++) {
      gsize count = g_array_index (parameters, RunetParameter, i).count;
      if (!runet_communicator_broadcast (communicator, 0, sets[s][i],
                                         count * sizeof (float), error))
        return FALSE;
    }
  return TRUE;
}
