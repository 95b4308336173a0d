/* The viewer: the canvas, the legend under it and the timeline, showing one case. Reads the images
 * of the case on another thread. */
#pragma once

#include <gtk/gtk.h>
#include "canvas.h"
#include "case.h"
#include "timeline.h"

G_BEGIN_DECLS

#define RUNET_TYPE_VIEWER (runet_viewer_get_type ())
G_DECLARE_FINAL_TYPE (RunetViewer, runet_viewer, RUNET, VIEWER, GtkWidget)

/* Property "frame" (uint): the frame shown; writable.
 * Signals: "clip-changed": the images of the case are there, or no more;
 * "problem" (const char *): a file could not be used; may come several times a case. */
GtkWidget *
runet_viewer_new (void);
/* @item: (nullable). The images follow a moment later. */
void
runet_viewer_set_case (RunetViewer *self, RunetCase *item);
/* (transfer none) (nullable). */
RunetCase *
runet_viewer_get_case (RunetViewer *self);
RunetClip *
runet_viewer_get_clip (RunetViewer *self);
/* For the actions of the window that are properties of these. */
RunetCanvas *
runet_viewer_get_canvas (RunetViewer *self);
RunetTimeline *
runet_viewer_get_timeline (RunetViewer *self);
/* The row of toggles. */
GtkWidget *
runet_viewer_get_legend (RunetViewer *self);

void
runet_viewer_set_frame (RunetViewer *self, guint frame);
guint
runet_viewer_get_frame (RunetViewer *self);
/* From frame to frame, round the ends. */
void
runet_viewer_step (RunetViewer *self, int step);
/* FALSE when the clip has no such frame. */
gboolean
runet_viewer_go_to_instant (RunetViewer *self, RunetInstant instant);
/* Goes to the instant and marks this reason alone. */
void
runet_viewer_point_out (RunetViewer *self,
                        RunetInstant instant,
                        const RunetReason *reason);

G_END_DECLS
