/* The tool that pushes a contour with a circle. The contour is followed as a fine line while it is pushed, and gets few
 * control points again where it was touched. */
#include <math.h>

#include "editor-private.h"

/* Steps of the fine line, and the largest that pushing may make of them; mm. */
#define STEP_MM 0.7
#define STRETCHED_MM 1.4
/* The circle moves by this part of its radius at once, so that it does not jump over the contour. */
#define SHARE_OF_RADIUS 0.25
/* Steps of one move; a pointer that jumps farther is followed in longer ones. */
#define STEPS_MAX 64

/* @t: parameter on the contour as it was; NaN where it was pushed. */
typedef struct {
  RunetPoint mm;
  double t;
} Fine;

/**
 * Push:
 * @structure: RUNET_STRUCTURES until the circle touches one
 * @line: (element-type Fine)
 * @from, @to: the stretch of @line that was pushed, when @from < @to
 */
typedef struct {
  RunetStructure structure;
  GArray *line;
  guint from, to;
} Push;

static Fine *
get_fine (GArray *line, guint i) {
  return &g_array_index (line, Fine, i);
}

static double
get_distance (RunetPoint a, RunetPoint b) {
  return hypot (a.x - b.x, a.y - b.y);
}

static void
fill_line (Push *push, const RunetContourModel *model, RunetPoint spacing) {
  const RunetPoint *points = model->points[push->structure];
  const guint count = model->count[push->structure];
  for (guint i = 0; i + 1 < count; i++) {
    const double length =
        runet_spline_length_mm (points, count, i, i + 1, spacing.x, spacing.y);
    const guint pieces = (guint)CLAMP (ceil (length / STEP_MM), 1, 200);
    for (guint k = 0; k < pieces; k++) {
      const double t = i + (double)k / pieces;
      const RunetPoint p = runet_spline_at (points, count, t);
      const Fine fine = {{p.x * spacing.x, p.y * spacing.y}, t};
      g_array_append_val (push->line, fine);
    }
  }
  const RunetPoint p = points[count - 1];
  const Fine last = {{p.x * spacing.x, p.y * spacing.y}, count - 1};
  g_array_append_val (push->line, last);
}

/* The ends stay, and what is near them follows less, so that no kink forms there. */
static double
get_freedom (GArray *line, RunetPoint p, double radius_mm) {
  const double distance = fmin (get_distance (p, get_fine (line, 0)->mm),
                                get_distance (p, get_fine (line, line->len - 1)->mm));
  const double part = CLAMP (distance / radius_mm, 0.0, 1.0);
  return part * part * (3 - 2 * part);
}

static void
push_out (Push *push, RunetPoint centre, double radius_mm) {
  for (guint i = 1; i + 1 < push->line->len; i++) {
    Fine *fine = get_fine (push->line, i);
    const double distance = get_distance (fine->mm, centre);
    if (distance >= radius_mm || distance == 0)
      continue;
    const double part =
        (radius_mm / distance - 1) * get_freedom (push->line, fine->mm, radius_mm);
    fine->mm.x += part * (fine->mm.x - centre.x);
    fine->mm.y += part * (fine->mm.y - centre.y);
    fine->t = NAN;
    push->from = push->from < push->to ? MIN (push->from, i) : i;
    push->to = MAX (push->to, i + 1);
  }
}

/* Puts points where pushing has pulled the line apart, and takes them where it has pressed it together. */
static void
even_out (Push *push) {
  GArray *even = g_array_new (FALSE, FALSE, sizeof (Fine));
  g_array_append_vals (even, push->line->data, push->from);
  for (guint i = push->from; i < push->to; i++) {
    const Fine *fine = get_fine (push->line, i);
    const RunetPoint last = get_fine (even, even->len - 1)->mm;
    const double gap = get_distance (last, fine->mm);
    if (gap < STEP_MM / 2)
      continue;
    const guint pieces = (guint)CLAMP (ceil (gap / STRETCHED_MM), 1, 200);
    for (guint k = 1; k <= pieces; k++) {
      const double part = (double)k / pieces;
      const Fine between = {{last.x + part * (fine->mm.x - last.x),
                             last.y + part * (fine->mm.y - last.y)},
                            NAN};
      g_array_append_val (even, between);
    }
  }
  const guint to = even->len;
  g_array_append_vals (even, get_fine (push->line, push->to),
                       push->line->len - push->to);
  g_array_unref (push->line);
  push->line = even;
  push->to = to;
}

/* The contours with the pushed stretch in place. FALSE when there is no room for its points, or nothing left of it. */
static gboolean
make_model (const RunetEditor *self, const Push *push, RunetContourModel *model) {
  if (push->from >= push->to)
    return FALSE;
  const RunetPoint spacing = runet_editor_spacing (self);
  const guint count = push->to - push->from;
  g_autofree RunetPoint *line = g_new (RunetPoint, count);
  for (guint i = 0; i < count; i++) {
    const RunetPoint p = get_fine (push->line, push->from + i)->mm;
    line[i] = (RunetPoint){p.x / spacing.x, p.y / spacing.y};
  }
  *model = self->start;
  return runet_stretch_replace (
      model, push->structure, get_fine (push->line, push->from - 1)->t,
      get_fine (push->line, push->to)->t, line, count, spacing);
}

/* The way of the circle's centre, mm. */
static void
push_along (Push *push, RunetPoint from, RunetPoint to, double radius_mm) {
  const double length = get_distance (from, to);
  const guint steps =
      (guint)CLAMP (ceil (length / (SHARE_OF_RADIUS * radius_mm)), 1, STEPS_MAX);
  for (guint i = 1; i <= steps; i++) {
    const double part = (double)i / steps;
    const RunetPoint centre = {from.x + part * (to.x - from.x),
                               from.y + part * (to.y - from.y)};
    push_out (push, centre, radius_mm);
    if (push->from < push->to)
      even_out (push);
  }
}

static void
clear (gpointer state) {
  Push *push = state;
  g_array_unref (push->line);
  g_free (push);
}

static gboolean
press (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  gboolean any = FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    any |= self->start.count[i] > 0;
  if (!any)
    return FALSE;
  Push *push = g_new0 (Push, 1);
  push->structure = RUNET_STRUCTURES;
  push->line = g_array_new (FALSE, FALSE, sizeof (Fine));
  self->state = push;
  return TRUE;
}

static gboolean
touches (RunetEditor *self, Push *push, RunetPoint at) {
  if (push->structure != RUNET_STRUCTURES)
    return TRUE;
  push->structure = runet_editor_find_structure (self, at, self->radius_mm);
  if (push->structure == RUNET_STRUCTURES)
    return FALSE;
  fill_line (push, &self->start, runet_editor_spacing (self));
  return TRUE;
}

/* What is refused leaves the line and the circle where they last were sound: the next move starts from there. */
static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  Push *push = self->state;
  if (!touches (self, push, self->sound) && !touches (self, push, at)) {
    self->sound = at;
    return FALSE;
  }
  const RunetPoint spacing = runet_editor_spacing (self);
  Push trial = {push->structure, g_array_copy (push->line), push->from, push->to};
  const RunetPoint from = {self->sound.x * spacing.x, self->sound.y * spacing.y};
  const RunetPoint to = {at.x * spacing.x, at.y * spacing.y};
  push_along (&trial, from, to, self->radius_mm);
  RunetContourModel model;
  const gboolean made = make_model (self, &trial, &model);
  const gboolean changed = made && runet_editor_offer (self, &model);
  if ((made && self->refused != RUNET_CONTOUR_SOUND) || (!made && trial.to > 0)) {
    g_array_unref (trial.line);
    return FALSE;
  }
  g_array_unref (push->line);
  *push = trial;
  self->sound = at;
  return changed;
}

const RunetEditorTool runet_push_tool = {.press = press, .move = move, .clear = clear};
