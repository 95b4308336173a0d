/* The viewer: the canvas, the legend under it and the timeline, showing one case. Reads the images
 * of the case on another thread. */
#pragma once

#include <gtk/gtk.h>
#include "canvas.h"
#include "case.h"
#include "edit-bar.h"
#include "timeline.h"

G_BEGIN_DECLS

#define RUNET_TYPE_VIEWER (runet_viewer_get_type ())
G_DECLARE_FINAL_TYPE (RunetViewer, runet_viewer, RUNET, VIEWER, GtkWidget)

/* Properties: "frame" (uint): the frame shown; writable. "both-views" (gboolean): the other view of the
 * patient stands beside it and is played with it. "experiment" (gboolean, readable): what is shown is not the model's own
 * result.
 * Signals: "clip-changed": the images of the case are there, or no more;
 * "problem" (const char *): a file could not be used; may come several times a case. */
GtkWidget *
runet_viewer_new (void);
/* @item: (nullable). The images follow a moment later. */
void
runet_viewer_set_case (RunetViewer *self, RunetCase *item);
/* @other: (nullable): the other view of the same patient; shown with "both-views". */
void
runet_viewer_set_other_view (RunetViewer *self, RunetCase *other);
/* (transfer none) (nullable). */
RunetCase *
runet_viewer_get_other_view (RunetViewer *self);
/* The image alone, without legend and timeline: as the companion of another viewer. */
void
runet_viewer_set_bare (RunetViewer *self, gboolean bare);
/* @text: (nullable): what stands over the image, with a button that makes this view large. */
void
runet_viewer_set_caption (RunetViewer *self, const char *text, const char *tooltip);
/* (transfer none) (nullable). */
RunetCase *
runet_viewer_get_case (RunetViewer *self);
RunetClip *
runet_viewer_get_clip (RunetViewer *self);
/* For the actions of the window that are properties of these. */
RunetCanvas *
runet_viewer_get_canvas (RunetViewer *self);
/* (transfer none): that of the view beside it when it has the focus. */
RunetCanvas *
runet_viewer_get_focused_canvas (RunetViewer *self);
RunetTimeline *
runet_viewer_get_timeline (RunetViewer *self);
RunetEditBar *
runet_viewer_get_edit_bar (RunetViewer *self);
/* What takes the tools of a correction out. */
GtkWidget *
runet_viewer_get_edit_button (RunetViewer *self);
/* While the case is corrected the bar of tools is over it, and it stands alone. */
void
runet_viewer_set_editing (RunetViewer *self, gboolean editing);
/* @version: (nullable) (element-type RunetCaseCorrection): what somebody drew, shown in place of what counts until
 * another case is shown. */
void
runet_viewer_set_version (RunetViewer *self, GPtrArray *version);
/* Whether the canvas has an editor of the frame in view, which draws what somebody drew itself. */
void
runet_viewer_set_edited (RunetViewer *self, gboolean edited);
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
/* To the first or the last frame. */
void
runet_viewer_go_to_end (RunetViewer *self, gboolean last);
/* FALSE when the clip has no such frame. */
gboolean
runet_viewer_go_to_instant (RunetViewer *self, RunetInstant instant);
/* Goes to where the reason was found and marks it alone, on the last stage. */
void
runet_viewer_point_out (RunetViewer *self, const RunetCaseReason *one);
/* @found, @tag: (nullable): shown on the frame in view, instead of the model's result and marked with
 * the tag, until another frame is shown. It is kept nowhere. */
void
runet_viewer_set_experiment (RunetViewer *self,
                             RunetSegmentation *found,
                             const char *tag);

G_END_DECLS
