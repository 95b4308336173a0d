/* The contour editor: settings, and the course of a gesture. What a gesture does is in the files of the tools. */
#include <math.h>
#include <string.h>

#include "editor-private.h"

static const struct {
  const char *name;
  const RunetEditorTool *tool;
} tools[RUNET_TOOLS] = {
    [RUNET_TOOL_POINTS] = {"points", &runet_points_tool},
    [RUNET_TOOL_PUSH] = {"push", &runet_push_tool},
    [RUNET_TOOL_REDRAW] = {"redraw", &runet_redraw_tool},
    [RUNET_TOOL_BRUSH] = {"brush", &runet_brush_tool},
    [RUNET_TOOL_ERASER] = {"eraser", &runet_eraser_tool},
    [RUNET_TOOL_UNCERTAIN] = {"uncertain", &runet_uncertain_tool},
    [RUNET_TOOL_TAKE_STAGE1] = {"take-stage1", &runet_stage1_tool},
};

/* The pointer is not followed farther than this part of the image's longer side outside of it. */
#define MARGIN 0.25

static const RunetHit nothing = {RUNET_HIT_NOTHING, RUNET_STRUCTURES, 0, 0};

const char *
runet_tool_to_string (RunetTool tool) {
  g_return_val_if_fail ((guint)tool < RUNET_TOOLS, NULL);
  return tools[tool].name;
}

RunetEditor *
runet_editor_new (RunetCorrection *correction) {
  g_return_val_if_fail (correction != NULL, NULL);
  RunetEditor *self = g_new0 (RunetEditor, 1);
  self->before = runet_correction_ref (correction);
  self->now = runet_correction_ref (correction);
  self->structure = RUNET_STRUCTURES;
  self->radius_mm = RUNET_EDITOR_RADIUS_MM;
  self->falloff_mm = RUNET_EDITOR_FALLOFF_MM;
  self->gesture = tools[RUNET_TOOL_POINTS].name;
  self->refused_spot = (RunetPoint){NAN, NAN};
  self->selected = nothing;
  self->stroke = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  return self;
}

static void
end_gesture (RunetEditor *self) {
  self->active = FALSE;
  if (self->state != NULL && tools[self->tool].tool->clear != NULL)
    tools[self->tool].tool->clear (self->state);
  self->state = NULL;
  g_array_set_size (self->stroke, 0);
}

void
runet_editor_free (RunetEditor *self) {
  if (self == NULL)
    return;
  end_gesture (self);
  runet_correction_unref (self->before);
  runet_correction_unref (self->now);
  g_array_unref (self->stroke);
  g_free (self->stage1);
  g_free (self);
}

void
runet_editor_set_correction (RunetEditor *self, RunetCorrection *correction) {
  g_return_if_fail (self != NULL && correction != NULL);
  end_gesture (self);
  runet_correction_ref (correction);
  runet_correction_unref (self->before);
  runet_correction_unref (self->now);
  self->before = correction;
  self->now = runet_correction_ref (correction);
  self->refused = RUNET_CONTOUR_SOUND;
  if (self->selected.kind != RUNET_HIT_NOTHING)
    runet_editor_select (self, self->selected.structure, self->selected.index);
}

const RunetCorrection *
runet_editor_get_correction (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->now;
}

RunetCorrection *
runet_editor_get_before (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->before;
}

void
runet_editor_set_tool (RunetEditor *self, RunetTool tool) {
  g_return_if_fail (self != NULL && (guint)tool < RUNET_TOOLS);
  if (tool == self->tool)
    return;
  runet_editor_cancel (self);
  self->tool = tool;
}

RunetTool
runet_editor_get_tool (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, RUNET_TOOL_POINTS);
  return self->tool;
}

void
runet_editor_set_structure (RunetEditor *self, RunetStructure structure) {
  g_return_if_fail (self != NULL && (guint)structure <= RUNET_STRUCTURES);
  self->structure = structure;
}

RunetStructure
runet_editor_get_structure (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, RUNET_STRUCTURES);
  return self->structure;
}

void
runet_editor_set_radius_mm (RunetEditor *self, double radius_mm) {
  g_return_if_fail (self != NULL);
  if (!isnan (radius_mm))
    self->radius_mm =
        CLAMP (radius_mm, RUNET_EDITOR_RADIUS_MIN_MM, RUNET_EDITOR_RADIUS_MAX_MM);
}

double
runet_editor_get_radius_mm (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, 0);
  return self->radius_mm;
}

void
runet_editor_set_falloff_mm (RunetEditor *self, double falloff_mm) {
  g_return_if_fail (self != NULL);
  if (isnan (falloff_mm))
    return;
  self->falloff_mm = CLAMP (falloff_mm, 0, RUNET_EDITOR_FALLOFF_MAX_MM);
  if (self->active && self->tool == RUNET_TOOL_POINTS)
    runet_editor_move (self, self->last, self->modifiers);
}

double
runet_editor_get_falloff_mm (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, 0);
  return self->falloff_mm;
}

void
runet_editor_set_allow_faults (RunetEditor *self, gboolean allow) {
  g_return_if_fail (self != NULL);
  self->allow_faults = allow;
}

gboolean
runet_editor_get_allow_faults (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, FALSE);
  return self->allow_faults;
}

void
runet_editor_set_stage1 (RunetEditor *self, const guint8 *labels) {
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->stage1, g_free);
  if (labels == NULL)
    return;
  self->stage1 = g_new (RunetContourModel, 1);
  runet_correction_fit (self->before, labels, self->stage1, NULL);
}

const char *
runet_editor_get_gesture (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->gesture;
}

RunetContourFaults
runet_editor_get_refused (RunetEditor *self, RunetPoint *spot) {
  g_return_val_if_fail (self != NULL, RUNET_CONTOUR_SOUND);
  if (spot != NULL)
    *spot = self->refused_spot;
  return self->refused;
}

const RunetPoint *
runet_editor_get_stroke (RunetEditor *self, guint *count) {
  g_return_val_if_fail (self != NULL && count != NULL, NULL);
  *count = self->stroke->len;
  return (const RunetPoint *)(gconstpointer)self->stroke->data;
}

gboolean
runet_editor_is_active (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, FALSE);
  return self->active;
}

/* ---- The course of a gesture ---- */

static RunetPoint
clamp_to_margin (const RunetEditor *self, RunetPoint at) {
  const double width = (double)self->now->grid->width;
  const double height = (double)self->now->grid->height;
  const double margin = MARGIN * fmax (width, height);
  return (RunetPoint){CLAMP (at.x, -margin, width + margin),
                      CLAMP (at.y, -margin, height + margin)};
}

double
runet_editor_get_reach_mm (const RunetEditor *self) {
  return self->reach * runet_editor_spacing (self).x;
}

void
runet_editor_begin (RunetEditor *self, const char *gesture) {
  runet_correction_unref (self->before);
  self->before = self->now;
  self->now = runet_correction_copy (self->before);
  self->start = self->before->model;
  self->measured = FALSE;
  self->refused = RUNET_CONTOUR_SOUND;
  self->refused_spot = (RunetPoint){NAN, NAN};
  self->selected_before = self->selected;
  self->gesture = gesture;
}

/* As if it had not begun. */
static void
go_back (RunetEditor *self) {
  runet_correction_unref (self->now);
  self->now = runet_correction_ref (self->before);
}

gboolean
runet_editor_commit (RunetEditor *self) {
  runet_editor_trim (self);
  const gboolean changed = !runet_correction_equal (self->before, self->now);
  if (!changed)
    go_back (self);
  return changed;
}

void
runet_editor_trim (RunetEditor *self) {
  if (!runet_correction_has_source (self->now, RUNET_SOURCE_PAINTED))
    g_clear_pointer (&self->now->painted, g_bytes_unref);
}

static gboolean
is_placed (const RunetContourModel *model) {
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (guint k = 0; k < model->count[i]; k++)
      if (!(fabs (model->points[i][k].x) <= RUNET_CORRECTION_PLACE_MAX &&
            fabs (model->points[i][k].y) <= RUNET_CORRECTION_PLACE_MAX))
        return FALSE;
  return TRUE;
}

static gboolean
is_refused (RunetEditor *self, const RunetContourModel *candidate) {
  self->refused_spot = (RunetPoint){NAN, NAN};
  if (!is_placed (candidate)) {
    self->refused = RUNET_CONTOUR_OUTSIDE;
    return TRUE;
  }
  if (!self->allow_faults) {
    if (!self->measured)
      runet_soundness_measure (&self->soundness, self->before, &self->before->model);
    self->measured = TRUE;
    self->refused = runet_soundness_compare (&self->soundness, self->before, candidate,
                                             &self->refused_spot);
  }
  return self->refused != RUNET_CONTOUR_SOUND;
}

static gboolean
has_moved (const RunetContourModel *a, const RunetContourModel *b, int structure) {
  return a->count[structure] != b->count[structure] ||
         memcmp (a->points[structure], b->points[structure],
                 a->count[structure] * sizeof (RunetPoint)) != 0 ||
         (structure == RUNET_STRUCTURE_ENDO && a->apex != b->apex);
}

gboolean
runet_editor_offer (RunetEditor *self, const RunetContourModel *candidate) {
  self->refused = RUNET_CONTOUR_SOUND;
  if (runet_contour_model_equal (candidate, &self->now->model) ||
      is_refused (self, candidate))
    return FALSE;
  self->now->model = *candidate;
  self->now->derived = FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    self->now->source[i] = has_moved (candidate, &self->before->model, i)
                               ? RUNET_SOURCE_SPLINE
                               : self->before->source[i];
  return TRUE;
}

gboolean
runet_editor_press (RunetEditor *self,
                    RunetPoint at,
                    double reach,
                    RunetEditModifiers modifiers) {
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->active || !isfinite (at.x) || !isfinite (at.y) || !(reach > 0) ||
      !isfinite (reach))
    return FALSE;
  at = clamp_to_margin (self, at);
  RunetCorrection *before = runet_correction_ref (self->before);
  const char *gesture = self->gesture;
  runet_editor_begin (self, tools[self->tool].name);
  self->pressed = self->last = self->sound = at;
  self->modifiers = modifiers;
  self->reach = reach;
  self->grabbed = nothing;
  g_array_set_size (self->stroke, 0);
  g_array_append_val (self->stroke, at);
  self->active = tools[self->tool].tool->press (self, at, modifiers);
  if (self->active) {
    runet_correction_unref (before);
    return TRUE;
  }
  /* What the last gesture did is still to be told to those who ask. */
  go_back (self);
  runet_correction_unref (self->before);
  self->before = before;
  self->gesture = gesture;
  end_gesture (self);
  return FALSE;
}

gboolean
runet_editor_move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  g_return_val_if_fail (self != NULL, FALSE);
  if (!self->active || isnan (at.x) || isnan (at.y))
    return FALSE;
  at = clamp_to_margin (self, at);
  self->modifiers = modifiers;
  g_array_append_val (self->stroke, at);
  const gboolean changed = tools[self->tool].tool->move (self, at, modifiers);
  self->last = at;
  return changed;
}

gboolean
runet_editor_release (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  g_return_val_if_fail (self != NULL, FALSE);
  if (!self->active)
    return FALSE;
  if (at.x != self->last.x || at.y != self->last.y || modifiers != self->modifiers)
    runet_editor_move (self, at, modifiers);
  if (tools[self->tool].tool->release != NULL)
    tools[self->tool].tool->release (self);
  end_gesture (self);
  const gboolean changed = runet_editor_commit (self);
  if (self->selected.kind != RUNET_HIT_NOTHING)
    runet_editor_select (self, self->selected.structure, self->selected.index);
  return changed;
}

void
runet_editor_cancel (RunetEditor *self) {
  g_return_if_fail (self != NULL);
  if (!self->active)
    return;
  end_gesture (self);
  go_back (self);
  self->selected = self->selected_before;
  self->refused = RUNET_CONTOUR_SOUND;
}
