/* Two views of one heart played together: which frame of the one belongs to a moment of the other.
 *
 * End-diastole goes with end-diastole and end-systole with end-systole; between and beyond them the part of
 * the way from the one to the other counts, since two recordings are of two beats. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetLink: a sequence as far as linking needs it
 * @ed, @es: 0-based frames, -1 when unknown; the whole sequence stands for a half cycle then
 */
typedef struct {
  guint frames;
  int ed, es;
  double rate_hz;
} RunetLink;

/* How a moment between two frames is shown. */
typedef enum {
  RUNET_LINK_NEAREST, /* at rest */
  RUNET_LINK_FORWARD, /* the last frame passed */
  RUNET_LINK_BACKWARD,
} RunetLinkRounding;

/* @moment: in frames of @from; 2.5 is half way between frames 2 and 3. Returns a frame of @to. */
guint
runet_link_get_frame (const RunetLink *from,
                      const RunetLink *to,
                      double moment,
                      RunetLinkRounding rounding);
/* From end-diastole to end-systole, or all of it where they are not known. */
double
runet_link_get_half_cycle_ms (const RunetLink *link);
/* Frames of @to that are shown in a second when @from plays at its own rate. NaN when that cannot be said:
 * a still, or a rate that is not known. */
double
runet_link_get_rate_hz (const RunetLink *from, const RunetLink *to);

G_END_DECLS
