/* How far the left ventricle of one frame departs from the frames around it: a heart moves smoothly, so a
 * jump is an error of the contour. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Departures beyond this are told. CAMUS as it is on the shelf has no experts' masks of half sequences, so
 * the figure rests on what is smooth by nature: see tests/core/test-temporal.c. */
#define RUNET_TEMPORAL_LIMIT 0.05

/**
 * runet_temporal_deviations:
 * @areas: of the ventricle in each frame, in any unit; NaN where there is none
 * @deviations: (out): @count values: |a − median of the up to two frames on each side|, divided by the
 *   largest area of the sequence; NaN where the frame's own area is missing or fewer than two of those
 *   around it are known
 *
 * The median of an even number of values is the middle between the two inner ones.
 */
void
runet_temporal_deviations (const double *areas, guint count, double *deviations);

G_END_DECLS
