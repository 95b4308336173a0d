/* The timeline: frames of a sequence, ED and ES marks, and the cine that plays them in real time. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_TIMELINE (runet_timeline_get_type ())
G_DECLARE_FINAL_TYPE (RunetTimeline, runet_timeline, RUNET, TIMELINE, GtkWidget)

/* Properties: "frame" (uint, 0-based), "playing" (gboolean). The frame shown while playing is
 * chosen from the frame clock's time, so that the cine is never slower than real; half sequences
 * play to and fro. */
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
/* Marks a frame as segmented, flagged (outlier) or plain. */
typedef enum {
  RUNET_FRAME_PLAIN,
  RUNET_FRAME_SEGMENTED,
  RUNET_FRAME_OUTLIER,
} RunetFrameMark;
void
runet_timeline_set_mark (RunetTimeline *timeline, guint frame, RunetFrameMark mark);

G_END_DECLS
