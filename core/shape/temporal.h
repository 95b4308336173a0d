/* How far the left ventricle of one frame departs from the frames around it: a heart moves smoothly, so a
 * jump is an error of the contour. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Departures beyond this are told. No experts' masks of half sequences were at hand, so the figure stands above
 * what is smooth by nature: exact contours of synthetic hearts (40 half sequences of `runet phantom`, 779 frames)
 * depart by up to 0.023, a heart that loses half its area within ten frames by up to 0.044. The network's own
 * contours of one real patient reach 0.036 in one view and 0.075, a visible jump, in the other. */
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
