/* Contours edited on the canvas: what the pointer does is given to the editor, and what that changed is told. */
#include "canvas-private.h"

#include <math.h>
#include "fit.h"

/* One notch of the wheel or press of a key makes a radius larger by this much. */
#define ADJUST_STEP 1.15
/* So that a falloff of nothing grows too. */
#define FALLOFF_LEAST_MM 0.5
/* Long enough to read why a move was refused. */
#define REFUSED_MS 4000

gboolean
runet_canvas_is_edited (RunetCanvas *canvas) {
  return canvas->edit.editor != NULL && canvas->image != NULL &&
         canvas->edit.frame == canvas->frame && !canvas->bare && !canvas->flickering;
}

/* ---- Where the pointer is ---- */

/* Some window managers take a drag with Alt for themselves: Ctrl and Shift together say the same. */
static RunetEditModifiers
get_modifiers (GdkModifierType state) {
  const GdkModifierType both = GDK_CONTROL_MASK | GDK_SHIFT_MASK;
  if ((state & both) == both)
    return RUNET_EDIT_COUPLED;
  return (state & GDK_SHIFT_MASK ? RUNET_EDIT_ALONE : 0) |
         (state & GDK_ALT_MASK ? RUNET_EDIT_COUPLED : 0) |
         (state & GDK_CONTROL_MASK ? RUNET_EDIT_RIGID : 0);
}

static gboolean
is_same_hit (RunetHit a, RunetHit b) {
  return a.kind == b.kind &&
         (a.kind == RUNET_HIT_NOTHING ||
          (a.structure == b.structure && a.index == b.index && a.t == b.t));
}

static void
find_hover (RunetCanvas *canvas) {
  RunetCanvasEdit *edit = &canvas->edit;
  edit->hover =
      edit->known && runet_canvas_is_edited (canvas)
          ? runet_editor_hit (edit->editor, edit->at,
                              runet_canvas_edit_get_reach (canvas))
          : (RunetHit){.kind = RUNET_HIT_NOTHING, .structure = RUNET_STRUCTURES};
}

gboolean
runet_canvas_edit_hits (RunetCanvas *canvas, double x, double y) {
  if (!runet_canvas_is_edited (canvas))
    return FALSE;
  RunetEditor *editor = canvas->edit.editor;
  return runet_editor_get_tool (editor) != RUNET_TOOL_POINTS ||
         runet_editor_hit (editor, runet_canvas_edit_to_pixels (canvas, x, y),
                           runet_canvas_edit_get_reach (canvas))
                 .kind != RUNET_HIT_NOTHING;
}

static gboolean
has_circle (RunetCanvas *canvas) {
  const RunetTool tool = runet_editor_get_tool (canvas->edit.editor);
  return tool == RUNET_TOOL_PUSH || tool == RUNET_TOOL_BRUSH ||
         tool == RUNET_TOOL_ERASER;
}

double
runet_canvas_edit_get_radius (RunetCanvas *canvas) {
  if (!runet_canvas_is_edited (canvas) || !has_circle (canvas))
    return 0;
  return runet_editor_get_radius_mm (canvas->edit.editor) *
         runet_canvas_edit_get_mm (canvas);
}

static const char *
choose_cursor (RunetCanvas *canvas) {
  if (!runet_canvas_is_edited (canvas))
    return "crosshair";
  if (has_circle (canvas))
    return "none";
  if (runet_editor_get_tool (canvas->edit.editor) != RUNET_TOOL_POINTS)
    return "crosshair";
  if (canvas->drag == RUNET_DRAG_EDIT)
    return "grabbing";
  switch (canvas->edit.hover.kind) {
  case RUNET_HIT_POINT:
  case RUNET_HIT_ANNULUS:
  case RUNET_HIT_APEX:
    return "grab";
  case RUNET_HIT_CURVE:
    return "copy";
  case RUNET_HIT_NOTHING:
  default:
    return "crosshair";
  }
}

void
runet_canvas_edit_update_cursor (RunetCanvas *canvas) {
  gtk_widget_set_cursor_from_name (GTK_WIDGET (canvas), choose_cursor (canvas));
}

void
runet_canvas_edit_hover (RunetCanvas *canvas,
                         double x,
                         double y,
                         GdkModifierType state) {
  RunetCanvasEdit *edit = &canvas->edit;
  if (edit->editor == NULL || canvas->drag == RUNET_DRAG_EDIT || canvas->image == NULL)
    return;
  const RunetHitKind before = edit->hover.kind;
  edit->modifiers = get_modifiers (state);
  edit->touched = FALSE;
  edit->known = TRUE;
  edit->at = runet_canvas_edit_to_pixels (canvas, x, y);
  find_hover (canvas);
  if (edit->hover.kind != before)
    runet_canvas_edit_update_cursor (canvas);
}

void
runet_canvas_edit_leave (RunetCanvas *canvas) {
  if (canvas->drag == RUNET_DRAG_EDIT)
    return;
  canvas->edit.known = FALSE;
  find_hover (canvas);
}

/* ---- What is told ---- */

static gboolean
forget_refused_cb (gpointer user_data) {
  RunetCanvas *canvas = user_data;
  canvas->edit.refused_id = 0;
  canvas->edit.refused = RUNET_CONTOUR_SOUND;
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  return G_SOURCE_REMOVE;
}

static void
forget_refused (RunetCanvas *canvas) {
  g_clear_handle_id (&canvas->edit.refused_id, g_source_remove);
  canvas->edit.refused = RUNET_CONTOUR_SOUND;
}

/* The mark stays while the pointer pulls, and then until it has been read. */
static void
keep_refused (RunetCanvas *canvas) {
  g_clear_handle_id (&canvas->edit.refused_id, g_source_remove);
  if (canvas->edit.refused != RUNET_CONTOUR_SOUND)
    canvas->edit.refused_id = g_timeout_add (REFUSED_MS, forget_refused_cb, canvas);
}

/* Once, where a refusal begins. */
static void
tell_refused (RunetCanvas *canvas) {
  RunetCanvasEdit *edit = &canvas->edit;
  const RunetContourFaults before = edit->refused;
  edit->refused = runet_editor_get_refused (edit->editor, &edit->spot);
  if (edit->refused == RUNET_CONTOUR_SOUND)
    forget_refused (canvas);
  else if (before == RUNET_CONTOUR_SOUND)
    runet_canvas_emit_edit (canvas, RUNET_EDIT_REFUSED);
}

static void
tell_selected (RunetCanvas *canvas, RunetHit before) {
  if (is_same_hit (before, runet_editor_get_selected (canvas->edit.editor)))
    return;
  runet_canvas_update_accessible (canvas);
  runet_canvas_emit_edit (canvas, RUNET_EDIT_SELECTED);
}

void
runet_canvas_edit_report (RunetCanvas *canvas, gboolean changed) {
  forget_refused (canvas);
  find_hover (canvas);
  runet_canvas_update_accessible (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  if (changed) {
    runet_canvas_emit_edit (canvas, RUNET_EDIT_DONE);
    return;
  }
  tell_refused (canvas);
  keep_refused (canvas);
}

/* ---- Gestures ---- */

/* Nothing of a gesture is left but what it did. */
static void
end_gesture (RunetCanvas *canvas) {
  canvas->drag = RUNET_DRAG_NONE;
  canvas->edit.grabbed = (RunetHit){.kind = RUNET_HIT_NOTHING};
  if (canvas->edit.touched)
    canvas->edit.known = FALSE;
  find_hover (canvas);
  runet_canvas_edit_update_cursor (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

gboolean
runet_canvas_edit_press (RunetCanvas *canvas,
                         double x,
                         double y,
                         GdkModifierType state,
                         gboolean touch) {
  RunetCanvasEdit *edit = &canvas->edit;
  if (!runet_canvas_is_edited (canvas))
    return FALSE;
  const RunetHit selected = runet_editor_get_selected (edit->editor);
  forget_refused (canvas);
  edit->modifiers = get_modifiers (state);
  edit->touched = touch;
  edit->known = TRUE;
  edit->at = edit->from = runet_canvas_edit_to_pixels (canvas, x, y);
  find_hover (canvas);
  edit->grabbed = edit->hover;
  if (!runet_editor_press (edit->editor, edit->at, runet_canvas_edit_get_reach (canvas),
                           edit->modifiers)) {
    tell_selected (canvas, selected);
    /* A new point may already be one too near. */
    if (edit->editor != NULL)
      tell_refused (canvas);
    keep_refused (canvas);
    return FALSE;
  }
  canvas->drag = RUNET_DRAG_EDIT;
  edit->leaves = FALSE;
  /* A press on the curve makes a point, which is then the one that is held. */
  if (edit->grabbed.kind == RUNET_HIT_CURVE)
    find_hover (canvas);
  runet_canvas_edit_update_cursor (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  tell_selected (canvas, selected);
  if (edit->editor != NULL &&
      !runet_correction_equal (runet_editor_get_correction (edit->editor),
                               runet_editor_get_before (edit->editor)))
    runet_canvas_emit_edit (canvas, RUNET_EDIT_CHANGED);
  return TRUE;
}

void
runet_canvas_edit_move (RunetCanvas *canvas,
                        double x,
                        double y,
                        GdkModifierType state) {
  RunetCanvasEdit *edit = &canvas->edit;
  if (canvas->drag != RUNET_DRAG_EDIT)
    return;
  const RunetPoint at = runet_canvas_edit_to_pixels (canvas, x, y);
  const RunetEditModifiers modifiers = get_modifiers (state);
  if (at.x == edit->at.x && at.y == edit->at.y && modifiers == edit->modifiers)
    return;
  edit->modifiers = modifiers;
  edit->at = at;
  const gboolean changed = runet_editor_move (edit->editor, at, edit->modifiers);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  tell_refused (canvas);
  if (changed && edit->editor != NULL)
    runet_canvas_emit_edit (canvas, RUNET_EDIT_CHANGED);
}

void
runet_canvas_edit_release (RunetCanvas *canvas) {
  RunetCanvasEdit *edit = &canvas->edit;
  if (canvas->drag != RUNET_DRAG_EDIT)
    return;
  const RunetHit selected = runet_editor_get_selected (edit->editor);
  const RunetContourFaults refused = edit->refused;
  const gboolean changed =
      runet_editor_release (edit->editor, edit->at, edit->modifiers);
  /* Some tools act only now. */
  if (!changed && refused == RUNET_CONTOUR_SOUND)
    tell_refused (canvas);
  keep_refused (canvas);
  end_gesture (canvas);
  runet_canvas_update_accessible (canvas);
  tell_selected (canvas, selected);
  if (changed && edit->editor != NULL)
    runet_canvas_emit_edit (canvas, RUNET_EDIT_DONE);
}

void
runet_canvas_edit_cancel (RunetCanvas *canvas) {
  if (canvas->drag != RUNET_DRAG_EDIT)
    return;
  runet_editor_cancel (canvas->edit.editor);
  forget_refused (canvas);
  end_gesture (canvas);
  runet_canvas_update_accessible (canvas);
  runet_canvas_emit_edit (canvas, RUNET_EDIT_CHANGED);
}

/* ---- Radius and falloff ---- */

void
runet_canvas_edit_adjust (RunetCanvas *canvas, double steps) {
  RunetEditor *editor = canvas->edit.editor;
  const double factor = pow (ADJUST_STEP, steps);
  if (has_circle (canvas))
    runet_editor_set_radius_mm (editor, runet_editor_get_radius_mm (editor) * factor);
  else if (runet_editor_get_tool (editor) == RUNET_TOOL_POINTS)
    runet_editor_set_falloff_mm (
        editor, MAX (runet_editor_get_falloff_mm (editor), FALLOFF_LEAST_MM) * factor);
  else
    return;
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  runet_canvas_emit_edit (canvas, RUNET_EDIT_ADJUSTED);
  if (canvas->drag == RUNET_DRAG_EDIT)
    runet_canvas_emit_edit (canvas, RUNET_EDIT_CHANGED);
}

/* While a point is held the wheel is its falloff; over a circle, with Ctrl, its radius. */
gboolean
runet_canvas_edit_scroll (RunetCanvas *canvas, double notches, GdkModifierType state) {
  if (!runet_canvas_is_edited (canvas))
    return FALSE;
  const gboolean falls =
      canvas->drag == RUNET_DRAG_EDIT &&
      runet_editor_get_tool (canvas->edit.editor) == RUNET_TOOL_POINTS;
  const gboolean rounds = has_circle (canvas) && (state & GDK_CONTROL_MASK) != 0;
  if (!falls && !rounds)
    return FALSE;
  runet_canvas_edit_adjust (canvas, -notches);
  return TRUE;
}

/* ---- The editor ---- */

void
runet_canvas_edit_init (RunetCanvas *canvas) {
  canvas->edit.hover.kind = canvas->edit.grabbed.kind = RUNET_HIT_NOTHING;
}

void
runet_canvas_edit_clear (RunetCanvas *canvas) {
  RunetCanvasEdit *edit = &canvas->edit;
  RunetEditor *editor = g_steal_pointer (&edit->editor);
  forget_refused (canvas);
  runet_canvas_forget_edit_lines (canvas);
  edit->known = edit->leaves = FALSE;
  if (editor == NULL)
    return;
  if (canvas->drag == RUNET_DRAG_EDIT) {
    runet_editor_cancel (editor);
    end_gesture (canvas);
  }
  edit->hover.kind = RUNET_HIT_NOTHING;
  runet_canvas_edit_update_cursor (canvas);
}

void
runet_canvas_set_editor (RunetCanvas *canvas, RunetEditor *editor, gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (editor != NULL) {
    g_return_if_fail (canvas->image != NULL);
    g_return_if_fail (runet_grid_same_extent (
        runet_editor_get_correction (editor)->grid, canvas->image->grid));
  }
  const gboolean moved = editor != canvas->edit.editor || frame != canvas->edit.frame;
  if (editor != canvas->edit.editor)
    runet_canvas_edit_clear (canvas);
  canvas->edit.editor = editor;
  canvas->edit.frame = frame;
  if (moved)
    runet_canvas_forget_scene (canvas);
  runet_canvas_refresh_editor (canvas);
}

void
runet_canvas_refresh_editor (RunetCanvas *canvas) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  RunetCanvasEdit *edit = &canvas->edit;
  if (canvas->drag == RUNET_DRAG_EDIT &&
      (edit->editor == NULL || !runet_editor_is_active (edit->editor)))
    end_gesture (canvas);
  find_hover (canvas);
  runet_canvas_edit_update_cursor (canvas);
  runet_canvas_update_accessible (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}
