/* The timeline: frames of a sequence, ED and ES marks, and the cine that plays them in real time. */
#pragma once

#include <gtk/gtk.h>
#include "cine-curve.h"
#include "link.h"

G_BEGIN_DECLS

#define RUNET_TYPE_TIMELINE (runet_timeline_get_type ())
G_DECLARE_FINAL_TYPE (RunetTimeline, runet_timeline, RUNET, TIMELINE, GtkWidget)

/* Properties: "frame" (uint, 0-based), "playing" (gboolean), "to-and-fro" (gboolean: forward, then
 * backward; else in a circle). The frame shown while playing is chosen from the frame clock's time, so that
 * the cine is never slower than real. Half sequences play to and fro and whole cycles in a circle until
 * somebody sets "to-and-fro", which holds for all that follow.
 * Signal "moved": time went on, if only between two frames. */
GtkWidget *
runet_timeline_new (void);
/* @ed, @es: 0-based frames, -1 when unknown. @frame_rate_hz: NaN for unknown: 50 Hz, and said so. */
void
runet_timeline_set_sequence (RunetTimeline *timeline,
                             guint frames,
                             int ed,
                             int es,
                             double frame_rate_hz);
void
runet_timeline_set_frame (RunetTimeline *timeline, guint frame);
guint
runet_timeline_get_frame (RunetTimeline *timeline);
void
runet_timeline_set_playing (RunetTimeline *timeline, gboolean playing);
gboolean
runet_timeline_get_playing (RunetTimeline *timeline);
/* Where time stands, in frames, and how a sequence linked to this one is to be rounded. */
double
runet_timeline_get_moment (RunetTimeline *timeline, RunetLinkRounding *rounding);
/* The sequence, for linking another one to it. */
RunetLink
runet_timeline_get_link (RunetTimeline *timeline);
/* @values: (nullable): one a frame, NaN where there is none; gone with the sequence. Sequences of fewer than
 * three frames have no curves. */
void
runet_timeline_set_curve (RunetTimeline *timeline,
                          RunetCineCurve curve,
                          const double *values);
/* @plain: the curves are not shown, for room above. */
void
runet_timeline_set_plain (RunetTimeline *timeline, gboolean plain);
/* Marks a frame as segmented, flagged (outlier) or plain. */
typedef enum {
  RUNET_FRAME_PLAIN,
  RUNET_FRAME_SEGMENTED,
  RUNET_FRAME_OUTLIER,
} RunetFrameMark;
void
runet_timeline_set_mark (RunetTimeline *timeline, guint frame, RunetFrameMark mark);
/* Whether somebody drew on a frame: with their own hand, or derived from other frames and not looked at since. */
typedef enum {
  RUNET_FRAME_UNTOUCHED,
  RUNET_FRAME_EDITED,
  RUNET_FRAME_DERIVED,
} RunetFrameTouch;
void
runet_timeline_set_touch (RunetTimeline *timeline, guint frame, RunetFrameTouch touch);

G_END_DECLS
