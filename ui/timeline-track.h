/* The track of the timeline: a cell a frame with its mark, ED and ES flags, and the playhead. */
#pragma once

#include <gtk/gtk.h>
#include "cine-curve.h"
#include "timeline.h"

G_BEGIN_DECLS

#define RUNET_TYPE_TIMELINE_TRACK (runet_timeline_track_get_type ())
G_DECLARE_FINAL_TYPE (RunetTimelineTrack,
                      runet_timeline_track,
                      RUNET,
                      TIMELINE_TRACK,
                      GtkWidget)

/* Signal "picked" (guint frame): the user wants to see this frame. The track does not move by
 * itself. */
GtkWidget *
runet_timeline_track_new (void);
/* @rate_hz: to say the time of a frame; NaN when frames have no time. Marks become plain. */
void
runet_timeline_track_set_sequence (RunetTimelineTrack *track,
                                   guint frames,
                                   int ed,
                                   int es,
                                   double rate_hz);
void
runet_timeline_track_set_frame (RunetTimelineTrack *track, guint frame);
void
runet_timeline_track_set_mark (RunetTimelineTrack *track,
                               guint frame,
                               RunetFrameMark mark);
void
runet_timeline_track_set_touch (RunetTimelineTrack *track,
                                guint frame,
                                RunetFrameTouch touch);
/* @values: (nullable): one a frame. Area and long axis over time stand above the cells as soon as there are
 * any; another sequence has none. */
void
runet_timeline_track_set_curve (RunetTimelineTrack *track,
                                RunetCineCurve curve,
                                const double *values);
/* @plain: no curves, whether there are any or not: for room above. */
void
runet_timeline_track_set_plain (RunetTimelineTrack *track, gboolean plain);
/* The frame whose cell is at @x. */
guint
runet_timeline_track_get_frame_at (RunetTimelineTrack *track, double x);
/* The middle of the cell of @frame. */
double
runet_timeline_track_get_x (RunetTimelineTrack *track, guint frame);

G_END_DECLS
