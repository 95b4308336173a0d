/* What is said of one frame of a clip, put on a canvas: what the model's stages found or an experiment with
 * them, the expert's mask, what somebody drew, the measures, and the reasons. Remembers what it unpacked of each frame. */
#pragma once

#include "canvas.h"
#include "case.h"

G_BEGIN_DECLS

typedef struct _RunetFrameView RunetFrameView;

/* @canvas: (transfer none): outlives it. */
RunetFrameView *
runet_frame_view_new (RunetCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;
void
runet_frame_view_free (RunetFrameView *self);
/* Before another clip: forgets all of this one. The canvas keeps its image a moment longer. */
void
runet_frame_view_clear (RunetFrameView *self);

/* @item, @clip: (transfer none): stay until the next call or runet_frame_view_clear(). Returns how many stages
 * spoke; 0 when none did. */
guint
runet_frame_view_show (RunetFrameView *self,
                       RunetCase *item,
                       RunetClip *clip,
                       guint frame);
/* Whether what is shown of @frame, the one in view, comes from @result (nullable) and from what is corrected now. */
gboolean
runet_frame_view_is_current (RunetFrameView *self,
                             guint frame,
                             const RunetFrameResult *result);
/* @version: (nullable) (element-type RunetCaseCorrection): what somebody drew, shown in place of what counts from the
 * next show on, until runet_frame_view_clear(). */
void
runet_frame_view_set_version (RunetFrameView *self, GPtrArray *version);
/* Whether the canvas draws what is being corrected by itself, from the next show on. Returns FALSE when nothing is
 * new. */
gboolean
runet_frame_view_set_editing (RunetFrameView *self, gboolean editing);
/* @reason: (nullable): is marked alone, from the next show on; %NULL: all are. */
void
runet_frame_view_point_out (RunetFrameView *self, const RunetReason *reason);
gboolean
runet_frame_view_has_experiment (RunetFrameView *self);
/* @found: (nullable): of the frame in view, and told by @tag, from the next show on; %NULL: what the model says
 * again. Returns FALSE when there was none to end. */
gboolean
runet_frame_view_set_experiment (RunetFrameView *self,
                                 RunetSegmentation *found,
                                 const char *tag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetFrameView, runet_frame_view_free)

G_END_DECLS
