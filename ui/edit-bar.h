/* The tools of a correction, over the image: which one is in hand, what it works on, how far it reaches, and what
 * comes of it. */
#pragma once

#include <gtk/gtk.h>
#include "core/editing/editor.h"
#include "core/editing/live.h"
#include "core/segmentation/frame-result.h"
#include "core/shape/volume.h"

G_BEGIN_DECLS

#define RUNET_TYPE_EDIT_BAR (runet_edit_bar_get_type ())
G_DECLARE_FINAL_TYPE (RunetEditBar, runet_edit_bar, RUNET, EDIT_BAR, GtkWidget)

/**
 * RunetEditFigures: what is measured while one edits
 * @now: (nullable): of the frame as it is drawn
 * @model: (nullable): of the frame as the model says
 * @structure: whose shape is told
 * @volumes, @model_volumes: of the patient, with the frame as it is and as the model says
 */
typedef struct {
  const RunetLive *now;
  const RunetFrameResult *model;
  RunetStructure structure;
  RunetVolumes volumes, model_volumes;
} RunetEditFigures;

/* Its buttons are actions of the window it is in: win.tool, win.edit-structure, win.allow-faults, win.revert,
 * win.copy-next, win.interpolate, win.undo, win.redo, win.edit.
 * Signal "reach-changed" (double): the slider was moved, to mm. */
GtkWidget *
runet_edit_bar_new (void);
/* @editor: (nullable): there is nothing to correct on this frame. Shows its tool, its reach and how well the contours
 * fit. */
void
runet_edit_bar_show_editor (RunetEditBar *self, RunetEditor *editor);
/* @figures: (nullable). */
void
runet_edit_bar_set_figures (RunetEditBar *self, const RunetEditFigures *figures);
/* @message: (nullable): what stands in the way. @button, @action: (nullable): what can be done about it, an action of
 * the window. */
void
runet_edit_bar_set_message (RunetEditBar *self,
                            const char *message,
                            const char *button,
                            const char *action);

G_END_DECLS
