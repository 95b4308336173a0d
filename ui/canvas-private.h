/* What the files of the canvas share: the widget (canvas.c), what it shows (canvas-content.c), how two stages share it
 * (canvas-compare.c), what is made before it is drawn (canvas-prepare.c), what is drawn (canvas-draw.c,
 * canvas-measures.c), what is kept of that (canvas-cache.c), what the pointer and the keys do (canvas-input.c), and how
 * contours are edited (canvas-edit.c, canvas-edit-keys.c), on which grid (canvas-edit-grid.c), and drawn meanwhile
 * (canvas-edit-draw.c and what canvas-edit-private.h lists). */
#pragma once

#include "canvas.h"
#include "disagreement.h"
#include "outline.h"
#include "placement.h"
#include "swipe-divider.h"
#include "viewport.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_DRAG_NONE,
  RUNET_DRAG_PAN,
  RUNET_DRAG_WINDOW,
  RUNET_DRAG_EDIT,
} RunetDrag;

typedef enum {
  RUNET_EDIT_CHANGED,
  RUNET_EDIT_DONE,
  RUNET_EDIT_REFUSED,
  RUNET_EDIT_SELECTED,
  RUNET_EDIT_ADJUSTED,
  RUNET_EDIT_SIGNALS
} RunetEditSignal;

/* A contour as it was last drawn, and what it was drawn from. */
typedef struct {
  GskRenderNode *node; /* (nullable) */
  RunetContourModel model;
  RunetSource source[RUNET_STRUCTURES];
  gboolean derived;
  GBytes *painted; /* (nullable) */
  GArray *uncertain; /* (element-type RunetUncertainStretch): its own */
  RunetViewport viewport;
} RunetEditLine;

/**
 * RunetCanvasEdit: what the canvas keeps while contours are edited
 * @editor: (nullable): borrowed
 * @frame: of the image that it edits
 * @hover: what lies under the pointer
 * @known: whether @at is where the pointer is, in pixels of the correction
 * @touched: the pointer is a finger
 * @offset_x: of the pane in which the gesture in hand began
 * @from: where it began
 * @grabbed: what it began on
 * @refused: faults that the last move was refused for, at @spot
 * @leaves: the next Tab leaves the canvas
 */
typedef struct {
  RunetEditor *editor;
  gsize frame;
  RunetHit hover;
  gboolean known, touched;
  RunetPoint at, from;
  double offset_x;
  RunetHit grabbed;
  RunetEditModifiers modifiers;
  RunetContourFaults refused;
  RunetPoint spot;
  guint refused_id;
  gboolean leaves;
  RunetEditLine lines[RUNET_STRUCTURES];
} RunetCanvasEdit;

/* What may lie under the contours. */
typedef enum {
  RUNET_PICTURE_PLAIN, /* the frame through the window */
  RUNET_PICTURE_TINTED, /* darker outside the region */
  RUNET_PICTURE_MASKED, /* times the region, which is what the last stage was given */
  RUNET_PICTURE_MAP,
  RUNET_PICTURES
} RunetPicture;

typedef struct _RunetCanvasCache RunetCanvasCache;
/* Logical pixels between two panes that stand side by side. */
#define RUNET_PANE_GAP 2.0

/**
 * RunetPane: a part of the canvas that shows the image
 * @offset_x: where its viewport begins in the widget
 * @clip: what of its viewport is seen
 * @hidden, @forced: bits of overlays that are not shown here, and that are whatever is visible
 * @masked: the image is times the region
 * @title: (nullable)
 */
typedef struct {
  double offset_x;
  graphene_rect_t clip;
  guint hidden, forced;
  gboolean masked;
  char *title;
} RunetPane;

struct _RunetCanvas {
  GtkWidget parent_instance;

  RunetImage *image; /* (nullable) */
  gsize frame;
  RunetViewport viewport;
  double window_center, window_width;
  double grey_low, grey_high; /* what the window is reset to */

  RunetLabelMap *labels[RUNET_OVERLAYS];
  gsize labels_frame[RUNET_OVERLAYS];
  gboolean visible[RUNET_OVERLAYS];
  GBytes *region; /* (nullable): H × W floats */
  gsize region_frame;
  GArray *reasons; /* (nullable) (element-type RunetReason) */
  gsize reasons_frame;
  RunetDiscs *measures[RUNET_OVERLAYS]; /* (nullable) */
  gsize measures_frame;
  gboolean show_measures, show_reasons;
  gboolean bare; /* nothing but the image is shown, whatever is visible otherwise */

  RunetLayout layout;
  guint stages; /* of the model */
  gboolean flickering;
  RunetOverlay flicker_stage; /* the one that is on */
  guint flicker_id;
  gboolean disagreement_shown;
  float *map; /* (nullable): H × W */
  gsize map_frame;
  char *map_title;
  double map_opacity;
  char *tag; /* (nullable) */

  /* Caches. */
  GHashTable *outlines; /* RunetLabelMap → GPtrArray of RunetOutline, one a frame */
  RunetOutline *region_outline;
  RunetSamples columns, rows; /* for which the pictures were made */
  cairo_surface_t *pictures[RUNET_PICTURES]; /* of the frame that is shown */
  RunetDisagreement *disagreement; /* of two of the outlines */
  GskRenderNode *scene; /* of the frame that is shown */
  RunetCanvasCache *cache; /* of all frames */

  GtkWidget *message;
  GtkWidget *divider;

  gboolean hovered;
  double pointer_x, pointer_y; /* in the viewport of the pane that it is over … */
  double pointer_offset; /* … which begins here */
  RunetDrag drag;
  double drag_x, drag_y; /* offset that has been dealt with */
  double pinch_zoom; /* zoom when the pinch began */
  RunetCanvasEdit edit;
};

/* canvas.c */

/* Where it lies or how it looks has changed: every frame is to be drawn anew. */
void
runet_canvas_invalidate (RunetCanvas *canvas);
/* Another frame is shown, or what is said of this one has changed. For labels, region, reasons and measures
 * alone, which the cache compares; for anything else there is runet_canvas_invalidate(). */
void
runet_canvas_forget_scene (RunetCanvas *canvas);
void
runet_canvas_set_zoom_at (RunetCanvas *canvas, double zoom, double x, double y);
void
runet_canvas_set_window (RunetCanvas *canvas, double center, double width);
void
runet_canvas_emit_edit (RunetCanvas *canvas, RunetEditSignal signal);
/* Large in the middle of an empty canvas, a small banner over an image. */
void
runet_canvas_style_message (RunetCanvas *canvas);
/* What screen readers are told: the same that is seen. */
void
runet_canvas_update_accessible (RunetCanvas *canvas);

/* canvas-content.c */

/* The map of @overlay for the frame that is shown, or NULL. */
const guint8 *
runet_canvas_get_labels_shown (RunetCanvas *canvas, RunetOverlay overlay);
/* m of the frame that is shown, or NULL. */
const float *
runet_canvas_get_region (RunetCanvas *canvas);
/* All that is said of the image. */
void
runet_canvas_clear_overlays (RunetCanvas *canvas);

/* canvas-compare.c */

/* From left to right; each to be given to runet_pane_clear(). Returns how many. */
guint
runet_canvas_list_panes (RunetCanvas *canvas, RunetPane panes[2]);
void
runet_pane_clear (RunetPane *pane);
gboolean
runet_canvas_shows (RunetCanvas *canvas, const RunetPane *pane, RunetOverlay overlay);
/* From the widget to the viewport of the pane that is there. */
double
runet_canvas_to_pane (RunetCanvas *canvas, double x);
/* Size of the viewport, and whether there is a divider, from size and layout. */
void
runet_canvas_update_viewport (RunetCanvas *canvas);
/* (transfer none) (nullable): of the frame that is shown. */
const RunetDisagreement *
runet_canvas_get_disagreement (RunetCanvas *canvas);
void
runet_canvas_clear_map (RunetCanvas *canvas);

/* canvas-prepare.c */

GHashTable *
runet_canvas_outlines_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer none) (nullable): of the frame that is shown; made when first asked for. */
RunetOutline *
runet_canvas_get_outline (RunetCanvas *canvas, RunetOverlay overlay);
/* Makes those that @panes will ask for, at once. */
void
runet_canvas_prepare_outlines (RunetCanvas *canvas,
                               const RunetPane *panes,
                               guint count);
RunetPicture
runet_canvas_choose_picture (RunetCanvas *canvas, const RunetPane *pane);
/* (transfer none) (nullable): of the frame that is shown, made when first asked for; %NULL when none of it is seen.
 * @bounds: (out): where it is. */
cairo_surface_t *
runet_canvas_get_picture (RunetCanvas *canvas,
                          RunetPicture kind,
                          graphene_rect_t *bounds);
/* What the pictures were made of has changed. */
void
runet_canvas_clear_pictures (RunetCanvas *canvas);
gboolean
runet_canvas_has_map (RunetCanvas *canvas);

/* canvas-draw.c */
extern const GdkRGBA runet_canvas_surround;
gboolean
runet_canvas_has_spacing (RunetCanvas *canvas);
/* Reasons speak of the last stage: where it is not shown they would point at nothing. @pane: (nullable): the whole
 * canvas. */
gboolean
runet_canvas_shows_reasons (RunetCanvas *canvas, const RunetPane *pane);
void
runet_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
/* One line on the pixel under (@x, @y) of the widget; NULL when it is outside the image. */
char *
runet_canvas_describe_point (RunetCanvas *canvas,
                             double x,
                             double y) G_GNUC_WARN_UNUSED_RESULT;

/* canvas-cache.c */
RunetCanvasCache *
runet_canvas_cache_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_canvas_cache_free (RunetCanvasCache *cache);
void
runet_canvas_cache_clear (RunetCanvasCache *cache);
/* (transfer full) (nullable): the scene of the frame that is shown, when it is kept and still right. */
GskRenderNode *
runet_canvas_recall_scene (RunetCanvas *canvas);
/* @scene: (transfer full) (nullable): of the frame that is shown. Returns: (transfer full) (nullable): what to
 * draw in its place. */
GskRenderNode *
runet_canvas_keep_scene (RunetCanvas *canvas, GskRenderNode *scene);

/* canvas-measures.c */
void
runet_canvas_snapshot_measures (RunetCanvas *canvas,
                                const RunetPane *pane,
                                RunetPlacement *placement,
                                GtkSnapshot *snapshot);
/* What is written beside the axis; NULL when nothing is drawn. */
char *
runet_canvas_describe_measures (RunetCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;

/* canvas-input.c */
void
runet_canvas_add_controllers (RunetCanvas *canvas);

/* canvas-edit-grid.c: only while there is an editor */

/* The way between the screen and pixels of the correction, which need not be those of the image. */
RunetViewport
runet_canvas_edit_get_viewport (RunetCanvas *canvas);
/* To pixels of the correction, from the viewport of a pane. */
RunetPoint
runet_canvas_edit_to_pixels (RunetCanvas *canvas, double x, double y);
/* How far the pointer may be off a contour, in pixels of the correction along x. */
double
runet_canvas_edit_get_reach (RunetCanvas *canvas);
/* Of a pixel of the correction; 1 where that is not known. */
RunetPoint
runet_canvas_edit_get_spacing_mm (RunetCanvas *canvas);
/* Logical pixels that a millimetre of the correction takes. */
double
runet_canvas_edit_get_mm (RunetCanvas *canvas);

/* canvas-edit.c */
void
runet_canvas_edit_init (RunetCanvas *canvas);
/* Takes the editor away; for the end of the canvas or of its image. */
void
runet_canvas_edit_clear (RunetCanvas *canvas);
/* Whether the frame that is shown is being edited and seen so. */
gboolean
runet_canvas_is_edited (RunetCanvas *canvas);
/* Coordinates are those of the viewport of a pane. @touch: it is a finger. Returns whether a gesture began. */
gboolean
runet_canvas_edit_press (RunetCanvas *canvas,
                         double x,
                         double y,
                         GdkModifierType state,
                         gboolean touch);
void
runet_canvas_edit_move (RunetCanvas *canvas, double x, double y, GdkModifierType state);
void
runet_canvas_edit_release (RunetCanvas *canvas);
/* As if the press had not been. */
void
runet_canvas_edit_cancel (RunetCanvas *canvas);
/* Without a button. */
void
runet_canvas_edit_hover (RunetCanvas *canvas,
                         double x,
                         double y,
                         GdkModifierType state);
void
runet_canvas_edit_leave (RunetCanvas *canvas);
/* Whether a press there would begin a gesture on a contour. */
gboolean
runet_canvas_edit_hits (RunetCanvas *canvas, double x, double y);
/* Returns whether the wheel was the editor's. @notches: positive is down. */
gboolean
runet_canvas_edit_scroll (RunetCanvas *canvas, double notches, GdkModifierType state);
void
runet_canvas_edit_update_cursor (RunetCanvas *canvas);
/* After a command of the editor that returned @changed. */
void
runet_canvas_edit_report (RunetCanvas *canvas, gboolean changed);
/* Of push, brush and eraser, in logical pixels; 0 for other tools. */
double
runet_canvas_edit_get_radius (RunetCanvas *canvas);
/* A radius or falloff, made larger by so many steps. */
void
runet_canvas_edit_adjust (RunetCanvas *canvas, double steps);

/* canvas-edit-keys.c */
gboolean
runet_canvas_edit_key (RunetCanvas *canvas, guint key, GdkModifierType state);
/* "Endocardium, point 4 of 11, 12.3 mm from the base"; NULL when none is selected. */
char *
runet_canvas_describe_selected (RunetCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;

/* canvas-edit-lines.c */
void
runet_canvas_forget_edit_lines (RunetCanvas *canvas);

/* canvas-edit-draw.c */
void
runet_canvas_snapshot_edit (RunetCanvas *canvas, GtkSnapshot *snapshot);
/* What stands at the edge while a gesture is in hand. (nullable) */
char *
runet_canvas_describe_gesture (RunetCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
