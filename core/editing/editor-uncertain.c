/* The tool that marks stretches of which somebody is not sure, and clears them again. */
#include <math.h>

#include "editor-private.h"

/* Shorter stretches, as fractions of the contour, are none. */
#define SHORTEST 1e-3

/* @from: the fraction where the drag began; @clears: it began on a marked stretch. */
typedef struct {
  RunetStructure structure;
  double from;
  gboolean clears;
} Mark;

static const RunetUncertainStretch *
get_stretch (const GArray *stretches, guint i) {
  return &g_array_index (stretches, RunetUncertainStretch, i);
}

/* Index + 1 of the stretch at a fraction; 0 when there is none. */
static guint
find (const GArray *stretches, RunetStructure structure, double fraction) {
  for (guint i = 0; i < stretches->len; i++) {
    const RunetUncertainStretch *stretch = get_stretch (stretches, i);
    if (stretch->structure == structure && stretch->from <= fraction &&
        fraction <= stretch->to)
      return i + 1;
  }
  return 0;
}

gboolean
runet_uncertain_clear (GArray *stretches,
                       RunetStructure structure,
                       double from,
                       double to) {
  gboolean any = FALSE;
  for (guint i = stretches->len; i > 0; i--) {
    const RunetUncertainStretch old = *get_stretch (stretches, i - 1);
    if (old.structure != structure || old.to <= from || old.from >= to)
      continue;
    any = TRUE;
    g_array_remove_index (stretches, i - 1);
    const RunetUncertainStretch before = {structure, old.from, from};
    const RunetUncertainStretch after = {structure, to, old.to};
    if (after.to - after.from > SHORTEST)
      g_array_insert_val (stretches, i - 1, after);
    if (before.to - before.from > SHORTEST)
      g_array_insert_val (stretches, i - 1, before);
  }
  return any;
}

/* Joins what overlaps. FALSE when there are too many. */
static gboolean
mark (GArray *stretches, RunetUncertainStretch stretch) {
  for (guint i = stretches->len; i > 0; i--) {
    const RunetUncertainStretch *old = get_stretch (stretches, i - 1);
    if (old->structure != stretch.structure || old->to < stretch.from ||
        old->from > stretch.to)
      continue;
    stretch.from = fmin (stretch.from, old->from);
    stretch.to = fmax (stretch.to, old->to);
    g_array_remove_index (stretches, i - 1);
  }
  if (stretches->len >= RUNET_CORRECTION_STRETCHES_MAX)
    return FALSE;
  g_array_append_val (stretches, stretch);
  return TRUE;
}

static gboolean
press (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  const RunetStructure structure =
      runet_editor_find_structure (self, at, runet_editor_get_reach_mm (self));
  if (structure == RUNET_STRUCTURES)
    return FALSE;
  Mark *state = g_new (Mark, 1);
  state->structure = structure;
  state->from = runet_editor_get_fraction (self, structure, at);
  state->clears = find (self->before->uncertain, structure, state->from) != 0;
  self->state = state;
  return TRUE;
}

static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  const Mark *state = self->state;
  const double to = runet_editor_get_fraction (self, state->structure, at);
  const RunetUncertainStretch stretch = {state->structure, fmin (state->from, to),
                                         fmax (state->from, to)};
  g_array_unref (self->now->uncertain);
  self->now->uncertain = g_array_copy (self->before->uncertain);
  if (stretch.to - stretch.from < SHORTEST)
    return FALSE;
  if (state->clears)
    return runet_uncertain_clear (self->now->uncertain, stretch.structure, stretch.from,
                                  stretch.to);
  return mark (self->now->uncertain, stretch);
}

/* A click on a marked stretch clears all of it. */
static gboolean
release (RunetEditor *self) {
  const Mark *state = self->state;
  const guint found = find (self->now->uncertain, state->structure, state->from);
  const double dx = self->last.x - self->pressed.x, dy = self->last.y - self->pressed.y;
  if (!state->clears || found == 0 || hypot (dx, dy) > 1)
    return FALSE;
  g_array_remove_index (self->now->uncertain, found - 1);
  return TRUE;
}

const RunetEditorTool runet_uncertain_tool = {.press = press,
                                              .move = move,
                                              .release = release,
                                              .clear = g_free};
