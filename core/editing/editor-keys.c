/* The editor by keyboard: the selected point, and what is done to it. */
#include <math.h>

#include "editor-private.h"

/* A step of the keyboard is no longer than this, mm. */
#define LONGEST_STEP_MM 50.0

RunetHit
runet_editor_get_selected (RunetEditor *self) {
  const RunetHit nothing = {RUNET_HIT_NOTHING, RUNET_STRUCTURES, 0, 0};
  g_return_val_if_fail (self != NULL, nothing);
  return self->selected;
}

void
runet_editor_select (RunetEditor *self, RunetStructure structure, guint index) {
  g_return_if_fail (self != NULL && (guint)structure <= RUNET_STRUCTURES);
  const RunetContourModel *model = &self->now->model;
  if (structure == RUNET_STRUCTURES || index >= model->count[structure])
    runet_editor_clear_selection (self);
  else
    self->selected = runet_editor_name_point (model, structure, index);
}

void
runet_editor_clear_selection (RunetEditor *self) {
  g_return_if_fail (self != NULL);
  self->selected = (RunetHit){RUNET_HIT_NOTHING, RUNET_STRUCTURES, 0, 0};
}

/* The ends of LA are those of endo, which has them already. */
static gboolean
is_seen_before (const RunetContourModel *model, RunetStructure structure, guint index) {
  return structure == RUNET_STRUCTURE_LA && model->count[RUNET_STRUCTURE_ENDO] > 0 &&
         (index == 0 || index + 1 == model->count[structure]);
}

gboolean
runet_editor_walk (RunetEditor *self, int step) {
  g_return_val_if_fail (self != NULL && (step == 1 || step == -1), FALSE);
  const RunetContourModel *model = &self->now->model;
  RunetHit points[RUNET_STRUCTURES * RUNET_CONTOUR_POINTS_MAX];
  guint count = 0;
  guint current = G_MAXUINT;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (guint k = 0; k < model->count[i]; k++) {
      if (is_seen_before (model, i, k))
        continue;
      if (self->selected.kind != RUNET_HIT_NOTHING &&
          self->selected.structure == (RunetStructure)i && self->selected.index == k)
        current = count;
      points[count++] = runet_editor_name_point (model, i, k);
    }
  if (count == 0)
    return FALSE;
  if (current == G_MAXUINT)
    current = step > 0 ? count - 1 : 0;
  self->selected =
      points[step > 0 ? (current + 1) % count : (current + count - 1) % count];
  return TRUE;
}

static gboolean
begin (RunetEditor *self, const char *gesture) {
  if (self->active || self->selected.kind == RUNET_HIT_NOTHING)
    return FALSE;
  runet_editor_begin (self, gesture);
  return TRUE;
}

static double
limit (double step_mm) {
  return CLAMP (step_mm, -LONGEST_STEP_MM, LONGEST_STEP_MM);
}

gboolean
runet_editor_nudge (RunetEditor *self,
                    double dx_mm,
                    double dy_mm,
                    RunetEditModifiers modifiers) {
  g_return_val_if_fail (self != NULL, FALSE);
  if (isnan (dx_mm) || isnan (dy_mm) || !begin (self, "nudge"))
    return FALSE;
  const RunetPoint spacing = runet_editor_spacing (self);
  self->grabbed = self->selected;
  const RunetPoint from =
      self->start.points[self->grabbed.structure][self->grabbed.index];
  const RunetPoint to = {from.x + limit (dx_mm) / spacing.x,
                         from.y + limit (dy_mm) / spacing.y};
  RunetContourModel model;
  runet_points_drag (self, from, to, modifiers, &model);
  runet_editor_offer (self, &model);
  return runet_editor_commit (self);
}

gboolean
runet_editor_insert (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, FALSE);
  if (!begin (self, "insert"))
    return FALSE;
  const RunetHit hit = self->selected;
  RunetContourModel model = self->start;
  const gboolean last = hit.index + 1 == model.count[hit.structure];
  const guint index = runet_stretch_insert (&model, hit.structure,
                                            last ? hit.index - 0.5 : hit.index + 0.5);
  if (index != 0 && runet_editor_offer (self, &model))
    self->selected = runet_editor_name_point (&model, hit.structure, index);
  return runet_editor_commit (self);
}

gboolean
runet_editor_delete (RunetEditor *self) {
  g_return_val_if_fail (self != NULL, FALSE);
  const RunetHit hit = self->selected;
  if (hit.kind != RUNET_HIT_POINT || hit.index == 0 ||
      hit.index + 1 >= self->now->model.count[hit.structure] ||
      self->now->model.count[hit.structure] <= RUNET_CONTOUR_POINTS_MIN ||
      !begin (self, "delete"))
    return FALSE;
  RunetContourModel model = self->start;
  runet_stretch_delete (&model, hit.structure, hit.index);
  if (runet_editor_offer (self, &model))
    runet_editor_select (self, hit.structure, hit.index - 1);
  return runet_editor_commit (self);
}
