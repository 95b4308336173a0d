/* Which frame a cine shows after some time: pure arithmetic, apart from any clock or widget. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cine of a sequence whose header gives no rate is played at this one, and said so. */
#define RUNET_ASSUMED_RATE_HZ 50.0

/**
 * RunetCine:
 * @frames: at least 1
 * @to_and_fro: forward, then backward; else from the last frame to the first
 */
typedef struct {
  guint frames;
  gboolean to_and_fro;
} RunetCine;

/* A half sequence runs from ED to ES: played in a circle it would jump. @ed, @es: 0-based, -1 when
 * unknown. */
gboolean
runet_cine_is_half_sequence (guint frames, int ed, int es);

/* @position: frames since the first one was shown, of any size. Each frame is shown for one unit of
 * it. */
guint
runet_cine_get_frame (const RunetCine *cine, double position);
/* The moment of the recording at @position, in frames, between two of them as a rule.
 * @backward: (out): whether time runs backward there. */
double
runet_cine_get_moment (const RunetCine *cine, double position, gboolean *backward);

G_END_DECLS
