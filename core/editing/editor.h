/* The contour editor: what the tools do to one frame's correction, as plain functions of where the pointer is.
 *
 * Knows no toolkit: press, move and release are called with pixel coordinates of the image by the canvas, by tests and
 * by scripts. One press … release is a gesture; each makes one new correction, to be recorded by whomever listens. */
#pragma once

#include "correction.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_TOOL_POINTS, /* drag points, insert, delete; the apex scales; Alt and Ctrl move more */
  RUNET_TOOL_PUSH, /* a circle nudges the contour */
  RUNET_TOOL_REDRAW, /* a freehand stroke replaces the stretch between its ends */
  RUNET_TOOL_BRUSH,
  RUNET_TOOL_ERASER,
  RUNET_TOOL_UNCERTAIN, /* marks, or clears, a stretch of which one is not sure */
  RUNET_TOOL_TAKE_STAGE1, /* a stretch becomes what the first stage says */
  RUNET_TOOLS
} RunetTool;

/* "points", "push" …: as the record names them. Beside these: "insert", "delete", "nudge", "apex", "rigid", "coupled", "copy",
 * "interpolate", "revert", "adopt", "import". */
const char *
runet_tool_to_string (RunetTool tool);

typedef enum {
  RUNET_EDIT_PLAIN = 0,
  RUNET_EDIT_ALONE = 1 << 0, /* Shift: that point only, no falloff */
  RUNET_EDIT_COUPLED = 1 << 1, /* Alt: endo and epi together, at constant thickness */
  RUNET_EDIT_RIGID =
      1 << 2, /* Ctrl: moves the whole; with the pointer away from a contour turns it */
} RunetEditModifiers;

/* What lies under the pointer. */
typedef enum {
  RUNET_HIT_NOTHING,
  RUNET_HIT_POINT,
  RUNET_HIT_ANNULUS,
  RUNET_HIT_APEX,
  RUNET_HIT_CURVE,
} RunetHitKind;

/* @index: of the control point; of a curve, the point before. @t: parameter of the curve. */
typedef struct {
  RunetHitKind kind;
  RunetStructure structure;
  guint index;
  double t;
} RunetHit;

typedef struct _RunetEditor RunetEditor;

/* @correction: (transfer none): of the frame, as it is now. */
RunetEditor *
runet_editor_new (RunetCorrection *correction) G_GNUC_WARN_UNUSED_RESULT;
void
runet_editor_free (RunetEditor *self);

/* Another state of the same or of another frame; ends a gesture without a trace. */
void
runet_editor_set_correction (RunetEditor *self, RunetCorrection *correction);
/* (transfer none): as it is now, in the middle of a gesture too. */
const RunetCorrection *
runet_editor_get_correction (RunetEditor *self);
/* (transfer none): as it was before the gesture in hand. */
RunetCorrection *
runet_editor_get_before (RunetEditor *self);

void
runet_editor_set_tool (RunetEditor *self, RunetTool tool);
RunetTool
runet_editor_get_tool (RunetEditor *self);
/* The structure that brush, eraser, push and redraw work on, and that wins where several are near. RUNET_STRUCTURES: the
 * nearest. */
void
runet_editor_set_structure (RunetEditor *self, RunetStructure structure);
RunetStructure
runet_editor_get_structure (RunetEditor *self);
/* Radius of push, brush and eraser, and the falloff of a drag along the contour; both in mm, clamped to sensible
 * limits. While dragging a point the falloff takes effect at once. */
void
runet_editor_set_radius_mm (RunetEditor *self, double radius_mm);
double
runet_editor_get_radius_mm (RunetEditor *self);
void
runet_editor_set_falloff_mm (RunetEditor *self, double falloff_mm);
double
runet_editor_get_falloff_mm (RunetEditor *self);
/* Also what no heart looks like: contours that cross, a thin myocardium. Off at first. */
void
runet_editor_set_allow_faults (RunetEditor *self, gboolean allow);
gboolean
runet_editor_get_allow_faults (RunetEditor *self);
/* @labels: (nullable): H × W, copied: what %RUNET_TOOL_TAKE_STAGE1 takes from. */
void
runet_editor_set_stage1 (RunetEditor *self, const guint8 *labels);

/* @reach: hit radius in pixels of the image along x, as far as the pointer may be off; the nearest structure wins, points
 * before curves. */
RunetHit
runet_editor_hit (RunetEditor *self, RunetPoint at, double reach);

/**
 * runet_editor_press: / _move: / _release:
 * @at: pixel coordinates of the image, may be outside it
 * @reach: as of runet_editor_hit()
 *
 * A press returns whether a gesture began. A move returns whether the correction changed; one that would make what no heart looks like is refused:
 * the contour stays where it last was sound, and runet_editor_get_refused() says why. A release
 * returns whether the gesture changed anything.
 */
gboolean
runet_editor_press (RunetEditor *self,
                    RunetPoint at,
                    double reach,
                    RunetEditModifiers modifiers);
gboolean
runet_editor_move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers);
gboolean
runet_editor_release (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers);
/* As if the press had not been. */
void
runet_editor_cancel (RunetEditor *self);
gboolean
runet_editor_is_active (RunetEditor *self);

/* What the last gesture or command was, in the record's words; for a click on the curve "insert". */
const char *
runet_editor_get_gesture (RunetEditor *self);
/* Faults that the last move or command was refused for; 0 when it was not. @spot: (out) (optional): where. */
RunetContourFaults
runet_editor_get_refused (RunetEditor *self, RunetPoint *spot);

/* Where the pointer was in the gesture in hand, in pixel coordinates; @count: (out). For drawing the stroke of
 * %RUNET_TOOL_REDRAW. (transfer none): until the next call. */
const RunetPoint *
runet_editor_get_stroke (RunetEditor *self, guint *count);

/* ---- By keyboard: each is a whole gesture; they return whether anything changed ---- */

/* The selected point, from and to which Tab walks; kind %RUNET_HIT_NOTHING when there is none. */
RunetHit
runet_editor_get_selected (RunetEditor *self);
void
runet_editor_select (RunetEditor *self, RunetStructure structure, guint index);
void
runet_editor_clear_selection (RunetEditor *self);
/* To the next (@step 1) or the one before (-1), over all structures. FALSE when there are no points. */
gboolean
runet_editor_walk (RunetEditor *self, int step);
/* Moves the selected point with the falloff and modifiers of a drag. */
gboolean
runet_editor_nudge (RunetEditor *self,
                    double dx_mm,
                    double dy_mm,
                    RunetEditModifiers modifiers);
/* In the middle of the stretch after the selected point; selects it. */
gboolean
runet_editor_insert (RunetEditor *self);
/* Not an annulus point, not the apex, not below the least count. */
gboolean
runet_editor_delete (RunetEditor *self);
/* The structure, or RUNET_STRUCTURES for all, is as the model said again. */
gboolean
runet_editor_revert (RunetEditor *self, RunetStructure structure);
/* The structure as stage 1 says; see runet_editor_set_stage1(). */
gboolean
runet_editor_take_stage1 (RunetEditor *self, RunetStructure structure);
/* Adds the contours of another frame, or of another author, to this frame's original. The result is marked derived
 * when @derived. */
gboolean
runet_editor_adopt (RunetEditor *self,
                    const RunetCorrection *other,
                    const char *gesture,
                    gboolean derived);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetEditor, runet_editor_free)

G_END_DECLS
