/* Commands that replace contours: back to the model's, or those of another frame or author. */
#include <math.h>
#include <string.h>

#include "editor-private.h"

/* All is as it began. */
static void
restore_all (RunetEditor *self) {
  RunetCorrection *now = self->now;
  runet_correction_fit (now, g_bytes_get_data (now->original, NULL), &now->model, NULL);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    now->source[i] = RUNET_SOURCE_ORIGINAL;
}

gboolean
runet_editor_revert (RunetEditor *self, RunetStructure structure) {
  g_return_val_if_fail (self != NULL && (guint)structure <= RUNET_STRUCTURES, FALSE);
  if (self->active)
    return FALSE;
  runet_editor_begin (self, "revert");
  RunetCorrection *now = self->now;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (structure == RUNET_STRUCTURES || structure == (RunetStructure)i) {
      runet_uncertain_clear (now->uncertain, i, 0, 1);
      now->source[i] = RUNET_SOURCE_ORIGINAL;
    }
  if (!runet_correction_has_source (now, RUNET_SOURCE_SPLINE) &&
      !runet_correction_has_source (now, RUNET_SOURCE_PAINTED))
    restore_all (self);
  else
    runet_editor_refit (self, g_bytes_get_data (now->original, NULL),
                        RUNET_STRUCTURE_BIT (structure));
  now->derived = FALSE;
  const gboolean changed = runet_editor_commit (self);
  if (self->selected.kind != RUNET_HIT_NOTHING)
    runet_editor_select (self, self->selected.structure, self->selected.index);
  return changed;
}

/* The structures that somebody worked on; where nobody did, all that are there. */
static RunetStructureSet
get_adopted (const RunetCorrection *other) {
  RunetStructureSet edited = 0, present = 0;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    if (other->model.count[i] == 0)
      continue;
    present |= RUNET_STRUCTURE_BIT (i);
    if (other->source[i] != RUNET_SOURCE_ORIGINAL)
      edited |= RUNET_STRUCTURE_BIT (i);
  }
  return edited != 0 ? edited : present;
}

/* Of another frame: its contours on this frame's original. What is coupled to them comes from its spline as well. */
static gboolean
adopt_contours (RunetEditor *self, const RunetCorrection *other) {
  restore_all (self);
  const RunetContourModel fit = self->now->model;
  RunetContourModel model = fit;
  const RunetStructureSet adopted = get_adopted (other);
  runet_editor_mix (&model, &other->model, adopted, FALSE);
  self->now->model = self->before->model;
  runet_editor_offer (self, &model);
  if (self->refused != RUNET_CONTOUR_SOUND)
    return FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    const gboolean moved = model.count[i] != fit.count[i] ||
                           memcmp (model.points[i], fit.points[i],
                                   model.count[i] * sizeof (RunetPoint)) != 0;
    self->now->source[i] = moved || (adopted & RUNET_STRUCTURE_BIT (i))
                               ? RUNET_SOURCE_SPLINE
                               : RUNET_SOURCE_ORIGINAL;
  }
  return TRUE;
}

/* Of another author, who began with the same: all that was done. */
static gboolean
adopt_all (RunetEditor *self, const RunetCorrection *other) {
  RunetCorrection *now = self->now;
  runet_editor_offer (self, &other->model);
  if (self->refused != RUNET_CONTOUR_SOUND)
    return FALSE;
  memcpy (now->source, other->source, sizeof now->source);
  g_clear_pointer (&now->painted, g_bytes_unref);
  if (other->painted != NULL)
    now->painted = g_bytes_ref (other->painted);
  g_array_unref (now->uncertain);
  now->uncertain = g_array_copy (other->uncertain);
  return TRUE;
}

gboolean
runet_editor_adopt (RunetEditor *self,
                    const RunetCorrection *other,
                    const char *gesture,
                    gboolean derived) {
  g_return_val_if_fail (self != NULL && other != NULL && gesture != NULL, FALSE);
  if (self->active || other->grid->width != self->now->grid->width ||
      other->grid->height != self->now->grid->height)
    return FALSE;
  runet_editor_begin (self, g_intern_string (gesture));
  if (g_bytes_equal (other->original, self->now->original)
          ? adopt_all (self, other)
          : adopt_contours (self, other))
    self->now->derived = derived;
  else {
    runet_correction_unref (self->now);
    self->now = runet_correction_copy (self->before);
  }
  const gboolean changed = runet_editor_commit (self);
  if (self->selected.kind != RUNET_HIT_NOTHING)
    runet_editor_select (self, self->selected.structure, self->selected.index);
  return changed;
}
