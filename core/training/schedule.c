/* When the learning rate falls and when training ends. */
#include "schedule.h"

/* design/networks.md: learning rate × 0.1. */
#define RATE_FACTOR 0.1

void
runet_schedule_init (RunetSchedule *schedule,
                     double rate,
                     guint patience,
                     guint stop_after) {
  *schedule = (RunetSchedule){
      .patience = patience,
      .stop_after = stop_after,
      .rate = rate,
      .best = -G_MAXDOUBLE,
  };
}

gboolean
runet_schedule_enter (RunetSchedule *schedule, guint epoch, double score) {
  if (score > schedule->best) {
    schedule->best = score;
    schedule->best_epoch = epoch;
    schedule->since_best = schedule->since_cut = 0;
    return TRUE;
  }
  schedule->since_best++;
  schedule->since_cut++;
  if (schedule->patience > 0 && schedule->since_cut >= schedule->patience) {
    schedule->rate *= RATE_FACTOR;
    schedule->since_cut = 0;
  }
  return FALSE;
}

gboolean
runet_schedule_is_over (const RunetSchedule *schedule) {
  return schedule->stop_after > 0 && schedule->since_best >= schedule->stop_after;
}
