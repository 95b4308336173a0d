/* The tool that drags points: with a falloff along the contour, alone, endo and epi together, or everything. */
#include <math.h>

#include "editor-private.h"

/* How often the way to a place that is refused is halved, to come as near to it as is sound. */
#define HALVINGS 3

static gboolean
press (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  self->grabbed = runet_editor_hit (self, at, self->reach);
  if (self->grabbed.kind == RUNET_HIT_NOTHING) {
    runet_editor_clear_selection (self);
    if (modifiers & RUNET_EDIT_RIGID)
      self->gesture = "rigid";
    return (modifiers & RUNET_EDIT_RIGID) != 0;
  }
  if (modifiers & RUNET_EDIT_RIGID) {
    self->gesture = "rigid";
    return TRUE;
  }
  if (self->grabbed.kind == RUNET_HIT_CURVE) {
    RunetContourModel model = self->start;
    const guint index =
        runet_stretch_insert (&model, self->grabbed.structure, self->grabbed.t);
    if (index == 0 || !runet_editor_offer (self, &model))
      return FALSE;
    self->start = model;
    self->gesture = "insert";
    self->grabbed = runet_editor_name_point (&model, self->grabbed.structure, index);
  }
  self->selected = self->grabbed;
  return TRUE;
}

/* Around the grabbed place, and around the place of the other wall that is nearest to it. */
static void
drag_coupled (const RunetEditor *self,
              RunetPoint by,
              double falloff_mm,
              RunetContourModel *model) {
  const RunetPoint spacing = runet_editor_spacing (self);
  const RunetHit hit = self->grabbed;
  runet_displace_stretch (&self->start, model, hit.structure, hit.t, by, falloff_mm,
                          spacing);
  if (hit.structure == RUNET_STRUCTURE_LA)
    return;
  const RunetStructure other = hit.structure == RUNET_STRUCTURE_ENDO
                                   ? RUNET_STRUCTURE_EPI
                                   : RUNET_STRUCTURE_ENDO;
  double distance;
  const double t = runet_editor_nearest (&self->start, other,
                                         self->start.points[hit.structure][hit.index],
                                         spacing, &distance);
  if (t >= 0)
    runet_displace_stretch (&self->start, model, other, t, by,
                            fmax (falloff_mm, RUNET_EDITOR_RADIUS_MIN_MM), spacing);
}

static void
drag_point (const RunetEditor *self,
            RunetPoint by,
            RunetEditModifiers modifiers,
            RunetContourModel *model) {
  const RunetPoint spacing = runet_editor_spacing (self);
  const RunetHit hit = self->grabbed;
  const gboolean alone = (modifiers & RUNET_EDIT_ALONE) != 0;
  const gboolean coupled = (modifiers & RUNET_EDIT_COUPLED) != 0;
  const double falloff_mm = alone ? 0 : self->falloff_mm;
  const guint end = hit.index == 0 ? 0 : 1;
  if (hit.kind == RUNET_HIT_ANNULUS)
    runet_displace_annulus (&self->start, model, end, by, falloff_mm, spacing);
  else if (hit.index == 0 || hit.index + 1 == self->start.count[hit.structure])
    runet_displace_epi_end (&self->start, model, end, by, falloff_mm, spacing);
  else if (hit.kind == RUNET_HIT_APEX && !alone)
    runet_displace_apex (&self->start, model, by, coupled, spacing);
  else if (coupled)
    drag_coupled (self, by, falloff_mm, model);
  else
    runet_displace_stretch (&self->start, model, hit.structure, hit.t, by, falloff_mm,
                            spacing);
}

void
runet_points_drag (RunetEditor *self,
                   RunetPoint from,
                   RunetPoint to,
                   RunetEditModifiers modifiers,
                   RunetContourModel *model) {
  const RunetPoint by = {to.x - from.x, to.y - from.y};
  *model = self->start;
  if (self->grabbed.kind == RUNET_HIT_NOTHING)
    runet_displace_turn (&self->start, model, from, to, runet_editor_spacing (self));
  else if (modifiers & RUNET_EDIT_RIGID)
    runet_displace_all (&self->start, model, by);
  else
    drag_point (self, by, modifiers, model);
}

/* What the record calls it; a point that was inserted stays so called. */
static const char *
name_gesture (const RunetEditor *self, RunetEditModifiers modifiers) {
  if (self->grabbed.kind == RUNET_HIT_NOTHING || (modifiers & RUNET_EDIT_RIGID))
    return "rigid";
  if (self->start.count[self->grabbed.structure] !=
      self->before->model.count[self->grabbed.structure])
    return "insert";
  if (modifiers & RUNET_EDIT_COUPLED)
    return "coupled";
  return self->grabbed.kind == RUNET_HIT_APEX && !(modifiers & RUNET_EDIT_ALONE)
             ? "apex"
             : "points";
}

static gboolean
drag_to (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  RunetContourModel model;
  runet_points_drag (self, self->pressed, at, modifiers, &model);
  if (!runet_editor_offer (self, &model))
    return FALSE;
  self->sound = at;
  return TRUE;
}

/* Between the last place that was sound and one that is not. What was refused is still told. */
static gboolean
approach (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  const RunetContourFaults faults = self->refused;
  const RunetPoint spot = self->refused_spot;
  gboolean changed = FALSE;
  for (int i = 0; i < HALVINGS; i++) {
    const RunetPoint middle = {(self->sound.x + at.x) / 2, (self->sound.y + at.y) / 2};
    if (drag_to (self, middle, modifiers))
      changed = TRUE;
    else
      at = middle;
  }
  self->refused = faults;
  self->refused_spot = spot;
  return changed;
}

static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  self->gesture = name_gesture (self, modifiers);
  if (drag_to (self, at, modifiers))
    return TRUE;
  return self->refused != RUNET_CONTOUR_SOUND && approach (self, at, modifiers);
}

const RunetEditorTool runet_points_tool = {.press = press, .move = move};
