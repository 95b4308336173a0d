/* Contours edited by keyboard: points are walked, nudged, inserted and deleted. */
#include "canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "wording.h"

#define NUDGE_MM 0.25
#define NUDGE_FAR_MM 1.0

static gboolean
is_selected (RunetHit hit) {
  return hit.kind != RUNET_HIT_NOTHING;
}

static gboolean
is_after (RunetHit a, RunetHit b) {
  return a.structure != b.structure ? a.structure > b.structure : a.index > b.index;
}

static void
deselect (RunetCanvas *canvas) {
  runet_editor_clear_selection (canvas->edit.editor);
  runet_canvas_update_accessible (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  runet_canvas_emit_edit (canvas, RUNET_EDIT_SELECTED);
}

/* Past the last point the focus goes on, as it does after Escape: nobody is held here. */
static gboolean
walk (RunetCanvas *canvas, int step) {
  RunetEditor *editor = canvas->edit.editor;
  const RunetHit before = runet_editor_get_selected (editor);
  if (canvas->edit.leaves || !runet_editor_walk (editor, step))
    return GDK_EVENT_PROPAGATE;
  const RunetHit after = runet_editor_get_selected (editor);
  if (is_selected (before) && is_after (after, before) != (step > 0)) {
    deselect (canvas);
    return GDK_EVENT_PROPAGATE;
  }
  runet_canvas_update_accessible (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  runet_canvas_emit_edit (canvas, RUNET_EDIT_SELECTED);
  return GDK_EVENT_STOP;
}

static gboolean
nudge (RunetCanvas *canvas, double dx, double dy, GdkModifierType state) {
  RunetEditor *editor = canvas->edit.editor;
  if (!is_selected (runet_editor_get_selected (editor)))
    return GDK_EVENT_PROPAGATE;
  const double step_mm = (state & GDK_SHIFT_MASK) != 0 ? NUDGE_FAR_MM : NUDGE_MM;
  const RunetEditModifiers modifiers =
      (state & GDK_ALT_MASK ? RUNET_EDIT_COUPLED : 0) |
      (state & GDK_CONTROL_MASK ? RUNET_EDIT_RIGID : 0);
  runet_canvas_edit_report (
      canvas, runet_editor_nudge (editor, dx * step_mm, dy * step_mm, modifiers));
  return GDK_EVENT_STOP;
}

/* What cannot be done is heard: the annulus and the apex stay. */
static gboolean
change_points (RunetCanvas *canvas, gboolean (*change) (RunetEditor *)) {
  if (!is_selected (runet_editor_get_selected (canvas->edit.editor)))
    return GDK_EVENT_PROPAGATE;
  const gboolean changed = change (canvas->edit.editor);
  if (!changed)
    gtk_widget_error_bell (GTK_WIDGET (canvas));
  else
    runet_canvas_emit_edit (canvas, RUNET_EDIT_SELECTED);
  runet_canvas_edit_report (canvas, changed);
  return GDK_EVENT_STOP;
}

/* First the gesture in hand, then the selection; then Escape is somebody else's, and Tab leaves. */
static gboolean
escape (RunetCanvas *canvas) {
  if (canvas->drag == RUNET_DRAG_EDIT) {
    runet_canvas_edit_cancel (canvas);
    return GDK_EVENT_STOP;
  }
  if (!is_selected (runet_editor_get_selected (canvas->edit.editor)))
    return GDK_EVENT_PROPAGATE;
  canvas->edit.leaves = TRUE;
  deselect (canvas);
  return GDK_EVENT_STOP;
}

static gboolean
leave (RunetCanvas *canvas) {
  if (is_selected (runet_editor_get_selected (canvas->edit.editor)))
    deselect (canvas);
  g_signal_emit_by_name (canvas, "move-focus", GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_STOP;
}

static gboolean
adjust (RunetCanvas *canvas, double steps) {
  runet_canvas_edit_adjust (canvas, steps);
  return GDK_EVENT_STOP;
}

/* Those that act in the middle of a gesture too. */
static gboolean
key_always (RunetCanvas *canvas, guint key) {
  switch (key) {
  case GDK_KEY_Escape:
    return escape (canvas);
  case GDK_KEY_bracketleft:
    return adjust (canvas, -1);
  case GDK_KEY_bracketright:
    return adjust (canvas, 1);
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static gboolean
key_between_gestures (RunetCanvas *canvas, guint key, GdkModifierType state) {
  switch (key) {
  case GDK_KEY_Tab:
  case GDK_KEY_KP_Tab:
  case GDK_KEY_ISO_Left_Tab:
    if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
      return GDK_EVENT_PROPAGATE;
    return walk (canvas, (state & GDK_SHIFT_MASK) != 0 ? -1 : 1);
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    return nudge (canvas, -1, 0, state);
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    return nudge (canvas, 1, 0, state);
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    return nudge (canvas, 0, -1, state);
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    return nudge (canvas, 0, 1, state);
  case GDK_KEY_Insert:
  case GDK_KEY_KP_Insert:
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add:
    return (state & GDK_CONTROL_MASK) != 0
               ? GDK_EVENT_PROPAGATE
               : change_points (canvas, runet_editor_insert);
  case GDK_KEY_Delete:
  case GDK_KEY_KP_Delete:
  case GDK_KEY_BackSpace:
    return change_points (canvas, runet_editor_delete);
  case GDK_KEY_F6:
    return leave (canvas);
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

gboolean
runet_canvas_edit_key (RunetCanvas *canvas, guint key, GdkModifierType state) {
  if (!runet_canvas_is_edited (canvas))
    return GDK_EVENT_PROPAGATE;
  if (canvas->drag == RUNET_DRAG_EDIT)
    return key_always (canvas, key);
  return key_always (canvas, key) == GDK_EVENT_STOP
             ? GDK_EVENT_STOP
             : key_between_gestures (canvas, key, state);
}

/* ---- In words ---- */

/* From the line through the annulus points, in mm; NaN when there is none. */
static double
get_height_mm (const RunetCorrection *correction, RunetPoint point) {
  const RunetContourModel *model = &correction->model;
  const RunetStructure holder = model->count[RUNET_STRUCTURE_ENDO] > 0
                                    ? RUNET_STRUCTURE_ENDO
                                    : RUNET_STRUCTURE_LA;
  if (model->count[holder] == 0)
    return NAN;
  const double step_x =
      correction->grid->spacing_x_mm > 0 ? correction->grid->spacing_x_mm : 1;
  const double step_y =
      correction->grid->spacing_y_mm > 0 ? correction->grid->spacing_y_mm : 1;
  const RunetPoint from = model->points[holder][0];
  const RunetPoint to = model->points[holder][model->count[holder] - 1];
  const double along_x = (to.x - from.x) * step_x, along_y = (to.y - from.y) * step_y;
  const double x = (point.x - from.x) * step_x, y = (point.y - from.y) * step_y;
  const double length = hypot (along_x, along_y);
  return length > 0 ? fabs (along_x * y - along_y * x) / length : NAN;
}

char *
runet_canvas_describe_selected (RunetCanvas *canvas) {
  if (!runet_canvas_is_edited (canvas))
    return NULL;
  const RunetHit hit = runet_editor_get_selected (canvas->edit.editor);
  const RunetCorrection *correction = runet_editor_get_correction (canvas->edit.editor);
  if (!is_selected (hit) || hit.index >= correction->model.count[hit.structure])
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  const double height_mm =
      get_height_mm (correction, correction->model.points[hit.structure][hit.index]);
  g_string_printf (text, _ ("%s, point %u of %u"), runet_structure_name (hit.structure),
                   hit.index + 1, correction->model.count[hit.structure]);
  if (hit.kind == RUNET_HIT_ANNULUS)
    g_string_append_printf (text, ", %s", _ ("mitral annulus"));
  else if (hit.kind == RUNET_HIT_APEX)
    g_string_append_printf (text, ", %s", _ ("apex"));
  if (hit.kind != RUNET_HIT_ANNULUS && isfinite (height_mm))
    g_string_append_printf (text, _ (", %.1f mm from the base"), height_mm);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
