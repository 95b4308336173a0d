/* The tool that takes a stretch of a contour from the first stage, and the command that takes a whole structure. */
#include <math.h>

#include "editor-private.h"

/* Points of the stretch, and the part of it at either end over which it goes from the one to the other. */
#define POINTS 80
#define BLEND 0.2
/* A shorter stretch, as a fraction of the contour, is none. */
#define SHORTEST 0.01

typedef struct {
  RunetStructure structure;
  double from; /* fraction of the contour */
} Take;

static gboolean
press (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  const RunetStructure structure =
      runet_editor_find_structure (self, at, runet_editor_get_reach_mm (self));
  if (structure == RUNET_STRUCTURES || self->stage1 == NULL ||
      self->stage1->count[structure] == 0)
    return FALSE;
  Take *state = g_new (Take, 1);
  *state = (Take){structure, runet_editor_get_fraction (self, structure, at)};
  self->state = state;
  return TRUE;
}

/* How much of the first stage there is at a part 0 … 1 of the stretch. */
static double
get_share (double part) {
  const double share = CLAMP (fmin (part, 1 - part) / BLEND, 0.0, 1.0);
  return share * share * (3 - 2 * share);
}

static gboolean
take_stretch (const RunetEditor *self,
              RunetStructure structure,
              double from,
              double to,
              RunetContourModel *model) {
  const RunetPoint spacing = runet_editor_spacing (self);
  RunetPoint line[POINTS];
  for (guint i = 0; i < POINTS; i++) {
    const double part = (double)i / (POINTS - 1);
    const double fraction = from + part * (to - from);
    const double share = get_share (part);
    const RunetPoint mine = runet_contour_model_at (&self->start, structure, fraction,
                                                    spacing.x, spacing.y);
    const RunetPoint other = runet_contour_model_at (self->stage1, structure, fraction,
                                                     spacing.x, spacing.y);
    line[i] = (RunetPoint){mine.x + share * (other.x - mine.x),
                           mine.y + share * (other.y - mine.y)};
  }
  double distance;
  const double t0 =
      runet_editor_nearest (&self->start, structure, line[0], spacing, &distance);
  const double t1 = runet_editor_nearest (&self->start, structure, line[POINTS - 1],
                                          spacing, &distance);
  *model = self->start;
  return t0 < t1 &&
         runet_stretch_replace (model, structure, t0, t1, line, POINTS, spacing);
}

static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  const Take *state = self->state;
  const double to = runet_editor_get_fraction (self, state->structure, at);
  RunetContourModel model;
  if (fabs (to - state->from) < SHORTEST ||
      !take_stretch (self, state->structure, fmin (state->from, to),
                     fmax (state->from, to), &model))
    return FALSE;
  return runet_editor_offer (self, &model);
}

const RunetEditorTool runet_stage1_tool = {.press = press,
                                           .move = move,
                                           .clear = g_free};

gboolean
runet_editor_take_stage1 (RunetEditor *self, RunetStructure structure) {
  g_return_val_if_fail (self != NULL && (guint)structure <= RUNET_STRUCTURES, FALSE);
  const gboolean all = structure == RUNET_STRUCTURES;
  if (self->active || self->stage1 == NULL ||
      (!all && self->stage1->count[structure] == 0))
    return FALSE;
  runet_editor_begin (self, runet_tool_to_string (RUNET_TOOL_TAKE_STAGE1));
  RunetContourModel model = self->start;
  RunetStructureSet taken =
      all ? RUNET_STRUCTURES_ALL : RUNET_STRUCTURE_BIT (structure);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (self->stage1->count[i] == 0)
      taken &= ~RUNET_STRUCTURE_BIT (i);
  runet_editor_mix (&model, self->stage1, taken, !all);
  runet_editor_offer (self, &model);
  return runet_editor_commit (self);
}
