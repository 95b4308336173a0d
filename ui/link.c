/* Two views of one heart played together: which frame of the one belongs to a moment of the other. */
#include "link.h"

#include <math.h>

/* What arithmetic may leave of a whole frame. */
#define ROUNDING 1e-6

/* Where the half cycle begins and ends. */
static void
find_ends (const RunetLink *link, double *begin, double *end) {
  gboolean known = link->ed >= 0 && link->es >= 0 && link->ed != link->es;
  *begin = known ? link->ed : 0;
  *end = known ? link->es : (double)MAX (link->frames, 1) - 1;
}

guint
runet_link_get_frame (const RunetLink *from,
                      const RunetLink *to,
                      double moment,
                      RunetLinkRounding rounding) {
  double from_begin, from_end, to_begin, to_end;
  if (to->frames < 2 || !isfinite (moment))
    return 0;
  find_ends (from, &from_begin, &from_end);
  find_ends (to, &to_begin, &to_end);
  const double length = from_end - from_begin;
  const double part = length != 0 ? (moment - from_begin) / length : 0;
  const double there = to_begin + part * (to_end - to_begin);
  /* Time runs from ES to ED in some sequences and from ED to ES in others. */
  const gboolean ahead = (to_end - to_begin) * length >= 0;
  double frame = round (there);
  if (rounding != RUNET_LINK_NEAREST)
    frame = (rounding == RUNET_LINK_FORWARD) == ahead ? floor (there + ROUNDING)
                                                      : ceil (there - ROUNDING);
  return (guint)CLAMP (frame, 0, (double)to->frames - 1);
}

double
runet_link_get_half_cycle_ms (const RunetLink *link) {
  double begin, end;
  find_ends (link, &begin, &end);
  return 1000 * fabs (end - begin) / link->rate_hz;
}

double
runet_link_get_rate_hz (const RunetLink *from, const RunetLink *to) {
  double from_begin, from_end, to_begin, to_end;
  find_ends (from, &from_begin, &from_end);
  find_ends (to, &to_begin, &to_end);
  if (from_begin == from_end || from->frames < 3 || to->frames < 3 ||
      !(from->rate_hz > 0))
    return NAN;
  return from->rate_hz * fabs ((to_end - to_begin) / (from_end - from_begin));
}
