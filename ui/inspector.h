/* The inspector: who the patient is, what is wrong with the contours and why, and the measures of
 * the frame that is shown. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"
#include "core/editing/editor.h"
#include "review-bar.h"

G_BEGIN_DECLS

#define RUNET_TYPE_INSPECTOR (runet_inspector_get_type ())
G_DECLARE_FINAL_TYPE (RunetInspector, runet_inspector, RUNET, INSPECTOR, GtkWidget)

/* Property "simpson-mode" (string): "ase" or "camus".
 * Signals: "reason-activated" (const RunetCaseReason *): a reason was clicked; "point-selected": a control point was
 * chosen in the list. */
GtkWidget *
runet_inspector_new (void);
/* @item, @clip: (nullable): @clip is %NULL until the images are read. */
void
runet_inspector_set_case (RunetInspector *self, RunetCase *item, RunetClip *clip);
/* @other: (nullable): the other view of the patient, for volumes of both. */
void
runet_inspector_set_other_view (RunetInspector *self, RunetCase *other);
/* (transfer none): in its head: what was decided on the case. */
RunetReviewBar *
runet_inspector_get_review_bar (RunetInspector *self);
void
runet_inspector_set_frame (RunetInspector *self, guint frame);
/* @editor: (nullable): whose control points are listed. */
void
runet_inspector_set_editor (RunetInspector *self, RunetEditor *editor);
/* Its points or what is selected of them are new. */
void
runet_inspector_refresh_editor (RunetInspector *self);
/* @author: (nullable): who is reviewing. */
void
runet_inspector_set_author (RunetInspector *self, const char *author);
/* (nullable): which model and engine speak here. */
void
runet_inspector_set_source (RunetInspector *self,
                            const char *model,
                            const char *engine);

G_END_DECLS
