/* The canvas: one frame of an image with correct aspect on a dark surround, and what the model and
 * the expert say of it drawn on top. Zoom at the pointer, pan, window/level. */
#pragma once

#include <gtk/gtk.h>
#include "core/echo/image.h"
#include "core/echo/label-map.h"
#include "core/editing/editor.h"
#include "core/shape/anatomy.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/* In drawing order. Each has a colour, a dash pattern and a letter: nothing is said by colour alone. */
typedef enum {
  RUNET_OVERLAY_REGION, /* region of interest: tint outside, border at m = 0.5 */
  RUNET_OVERLAY_STAGE1, /* dashed */
  RUNET_OVERLAY_STAGE2, /* solid; the last stage of the model */
  RUNET_OVERLAY_EXPERT, /* dotted */
  RUNET_OVERLAY_CORRECTED, /* long dashes; what somebody drew */
  RUNET_OVERLAYS
} RunetOverlay;

/* How the two stages share the canvas. */
typedef enum {
  RUNET_LAYOUT_SINGLE, /* both on one image */
  RUNET_LAYOUT_SWIPE, /* what each saw and said, on either side of a divider */
  RUNET_LAYOUT_SIDE_BY_SIDE, /* the frame twice, moved and zoomed as one */
} RunetLayout;

#define RUNET_TYPE_CANVAS (runet_canvas_get_type ())
G_DECLARE_FINAL_TYPE (RunetCanvas, runet_canvas, RUNET, CANVAS, GtkWidget)

/* Properties: "zoom" (double, 1 = fits), "window-center", "window-width" (double, grey values; the
 * drag of the right button changes them), "show-region", "show-stage1", "show-stage2",
 * "show-expert", "show-corrected", "show-measures", "show-reasons", "show-disagreement", "swipe", "side-by-side",
 * "flicker" (gboolean: bound to the window's toggle actions), "bare" (gboolean: while it is on, the image alone is shown),
 * "swipe-position", "map-opacity" (double, 0 … 1).
 * Signals, all without arguments, while there is an editor:
 * - "edit-changed": the correction changed in the middle of a gesture, or the gesture was cancelled and all is as before it
 * - "edit-done": a gesture or a key's command ended that changed something, to be recorded
 * - "edit-refused": a move or a command would have made what no heart looks like
 * - "edit-selected": another point is selected, or none
 * - "edit-adjusted": the wheel or a key changed the editor's radius or falloff */
GtkWidget *
runet_canvas_new (void);

/* @image: (nullable). Keeps zoom, pan and window from image to image of the same size. Clears the
 * overlays. */
void
runet_canvas_set_image (RunetCanvas *canvas, RunetImage *image);
void
runet_canvas_set_frame (RunetCanvas *canvas, gsize frame);
gsize
runet_canvas_get_frame (RunetCanvas *canvas);
/* @map: (nullable): of one frame (the one in @frame) or of all frames (@frame ignored). Contours
 * are drawn only on the frame they belong to. Not for RUNET_OVERLAY_REGION. */
void
runet_canvas_set_labels (RunetCanvas *canvas,
                         RunetOverlay overlay,
                         RunetLabelMap *map,
                         gsize frame);
/* The outlines of every map that was drawn are kept until the image is exchanged; those of @map go now. */
void
runet_canvas_forget_labels (RunetCanvas *canvas, RunetLabelMap *map);
/* @region: (nullable): H × W floats of the image: m for frame @frame. */
void
runet_canvas_set_region (RunetCanvas *canvas, GBytes *region, gsize frame);
/* @reasons: (nullable) (element-type RunetReason): spots are marked and named on frame @frame. */
void
runet_canvas_set_reasons (RunetCanvas *canvas, const GArray *reasons, gsize frame);
/* @discs: (nullable): in pixels of the image, copied: measured on what @overlay shows of frame @frame. Drawn
 * are those of the correction or else of the last stage, or of stage 1 or the expert when only their contours are shown. Not for
 * RUNET_OVERLAY_REGION. */
void
runet_canvas_set_measures (RunetCanvas *canvas,
                           RunetOverlay overlay,
                           const RunetDiscs *discs,
                           gsize frame);
void
runet_canvas_set_overlay_visible (RunetCanvas *canvas,
                                  RunetOverlay overlay,
                                  gboolean visible);
gboolean
runet_canvas_get_overlay_visible (RunetCanvas *canvas, RunetOverlay overlay);

void
runet_canvas_set_layout (RunetCanvas *canvas, RunetLayout layout);
RunetLayout
runet_canvas_get_layout (RunetCanvas *canvas);
/* Of the model: what the last one is called. */
void
runet_canvas_set_stages (RunetCanvas *canvas, guint stages);
/* While it is on, stage 1 alone and the last stage alone are shown by turns, whatever is visible
 * otherwise. */
void
runet_canvas_set_flicker (RunetCanvas *canvas, gboolean flicker);
/* The last stage's contours coloured by how far they lie from those of the first. */
void
runet_canvas_set_disagreement_shown (RunetCanvas *canvas, gboolean shown);
/* @map: (nullable): H × W of the image, 0 … 1, copied: shown in false colours on frame @frame, with a
 * legend called @title. */
void
runet_canvas_set_map (RunetCanvas *canvas,
                      const float *map,
                      gsize frame,
                      const char *title);
void
runet_canvas_set_map_opacity (RunetCanvas *canvas, double opacity);
/* (nullable): stands over the image, to say that what is drawn is no result of the model's own. */
void
runet_canvas_set_tag (RunetCanvas *canvas, const char *tag);

/**
 * runet_canvas_set_editor:
 * @editor: (nullable): borrowed until it is exchanged; of a correction on the grid of the image or on another of the same
 *   extent, see runet_grid_same_extent()
 * @frame: of the image that it edits
 *
 * While frame @frame is shown its contours are drawn on top, and pointer and keys are given to the editor; the last
 * stage is thin and faint then. Measures are drawn above all that is kept, so that they may be exchanged at every
 * "edit-changed". A gesture in hand is cancelled without a signal when the editor is exchanged, and when another image is
 * set, which takes the editor away; with "edit-changed" when another frame is shown. When the pointer is lost in the middle
 * of a gesture, it ends as if the button had been released.
 */
void
runet_canvas_set_editor (RunetCanvas *canvas, RunetEditor *editor, gsize frame);
/* Somebody else changed the editor: its correction, its tool, its selection … */
void
runet_canvas_refresh_editor (RunetCanvas *canvas);

/* Shown centred when there is no image, and small over the image when there is one. (nullable) */
void
runet_canvas_set_message (RunetCanvas *canvas, const char *message);

void
runet_canvas_zoom_in (RunetCanvas *canvas);
void
runet_canvas_zoom_out (RunetCanvas *canvas);
void
runet_canvas_zoom_to_fit (RunetCanvas *canvas);
void
runet_canvas_reset_window (RunetCanvas *canvas);

/* What the legend shows beside a toggle: a sample of the line. */
GtkWidget *
runet_overlay_swatch_new (RunetOverlay overlay);

G_END_DECLS
