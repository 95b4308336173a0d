/* Which frame a cine shows after some time: pure arithmetic, apart from any clock or widget. */
#include "cine.h"

#include <math.h>

/* Systole takes about 40 % of a heart cycle at rest, rarely over half. When ED and ES are farther
 * apart than this part of the sequence, it cannot be a whole cycle. */
#define HALF_SEQUENCE_PART 0.67

gboolean
runet_cine_is_half_sequence (guint frames, int ed, int es) {
  if (ed < 0 || es < 0 || frames < 2)
    return TRUE;
  return ABS (es - ed) >= HALF_SEQUENCE_PART * (frames - 1);
}

/* To and fro, the two ends are shown once each: 0 1 2 3 2 1 | 0 … */
static guint
get_period (const RunetCine *cine) {
  return cine->to_and_fro ? 2 * (cine->frames - 1) : cine->frames;
}

guint
runet_cine_get_frame (const RunetCine *cine, double position) {
  if (cine->frames < 2 || !isfinite (position))
    return 0;
  guint period = get_period (cine);
  double phase = fmod (floor (position), period);
  guint frame = (guint)(phase < 0 ? phase + period : phase);
  return frame < cine->frames ? frame : period - frame;
}

double
runet_cine_get_moment (const RunetCine *cine, double position, gboolean *backward) {
  *backward = FALSE;
  if (cine->frames < 2 || !isfinite (position))
    return 0;
  double period = get_period (cine);
  double phase = fmod (position, period);
  if (phase < 0)
    phase += period;
  *backward = cine->to_and_fro && phase > cine->frames - 1.0;
  return *backward ? period - phase : phase;
}
