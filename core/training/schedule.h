/* When the learning rate falls and when training ends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetSchedule:
 * @patience: epochs without progress after which the rate is multiplied by 0.1; 0 for never
 * @stop_after: epochs without progress after which training ends; 0 for never
 * @rate: the learning rate now
 * @best: highest score so far; @best_epoch: its epoch, 0 before the first
 * @since_best, @since_cut: epochs since the best, and since the best or the last cut
 */
typedef struct {
  guint patience;
  guint stop_after;
  double rate;
  double best;
  guint best_epoch;
  guint since_best;
  guint since_cut;
} RunetSchedule;

void
runet_schedule_init (RunetSchedule *schedule,
                     double rate,
                     guint patience,
                     guint stop_after);
/* Enters the score (higher is better) of epoch @epoch (from 1). Returns whether it is the best. */
gboolean
runet_schedule_enter (RunetSchedule *schedule, guint epoch, double score);
gboolean
runet_schedule_is_over (const RunetSchedule *schedule);

G_END_DECLS
