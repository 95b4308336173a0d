/* The tool that replaces a stretch of a contour by a freehand stroke, from where it begins to where it ends. */
#include <math.h>

#include "editor-private.h"

/* The hand's tremble is smoothed this often. */
#define SMOOTHINGS 3
/* A stroke of less than this, in mm, along the contour says nothing. */
#define SHORTEST_MM 1.0

static void
smooth (RunetPoint *line, guint count) {
  for (int pass = 0; pass < SMOOTHINGS; pass++) {
    RunetPoint before = line[0];
    for (guint i = 1; i + 1 < count; i++) {
      const RunetPoint here = line[i];
      line[i] = (RunetPoint){(before.x + 2 * here.x + line[i + 1].x) / 4,
                             (before.y + 2 * here.y + line[i + 1].y) / 4};
      before = here;
    }
  }
}

/* The chosen structure, else the one that both ends of the stroke are nearest to. */
static RunetStructure
find_structure (const RunetEditor *self, RunetPoint from, RunetPoint to) {
  const RunetPoint spacing = runet_editor_spacing (self);
  if (self->structure != RUNET_STRUCTURES && self->start.count[self->structure] > 0)
    return self->structure;
  RunetStructure found = RUNET_STRUCTURES;
  double nearest = G_MAXDOUBLE;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    if (self->start.count[i] == 0)
      continue;
    double one, other;
    runet_editor_nearest (&self->start, i, from, spacing, &one);
    runet_editor_nearest (&self->start, i, to, spacing, &other);
    if (one + other < nearest) {
      nearest = one + other;
      found = i;
    }
  }
  return found;
}

/* The stroke in the contour's direction, smoothed. */
static RunetPoint *
copy_stroke (const RunetEditor *self, gboolean backwards) {
  const guint count = self->stroke->len;
  RunetPoint *line = g_new (RunetPoint, count);
  for (guint i = 0; i < count; i++)
    line[i] = g_array_index (self->stroke, RunetPoint, backwards ? count - 1 - i : i);
  smooth (line, count);
  return line;
}

/* FALSE when the stroke says nothing yet. */
static gboolean
make_model (const RunetEditor *self, RunetContourModel *model) {
  const RunetPoint spacing = runet_editor_spacing (self);
  const guint count = self->stroke->len;
  const RunetPoint from = g_array_index (self->stroke, RunetPoint, 0);
  const RunetPoint to = g_array_index (self->stroke, RunetPoint, count - 1);
  const RunetStructure structure = find_structure (self, from, to);
  if (structure == RUNET_STRUCTURES)
    return FALSE;
  double distance;
  const double t0 =
      runet_editor_nearest (&self->start, structure, from, spacing, &distance);
  const double t1 =
      runet_editor_nearest (&self->start, structure, to, spacing, &distance);
  const double length = runet_spline_length_mm (
      self->start.points[structure], self->start.count[structure], fmin (t0, t1),
      fmax (t0, t1), spacing.x, spacing.y);
  if (length < SHORTEST_MM)
    return FALSE;
  g_autofree RunetPoint *line = copy_stroke (self, t0 > t1);
  *model = self->start;
  return runet_stretch_replace (model, structure, fmin (t0, t1), fmax (t0, t1), line,
                                count, spacing);
}

static gboolean
press (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  return find_structure (self, at, at) != RUNET_STRUCTURES;
}

static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  RunetContourModel model;
  return make_model (self, &model) && runet_editor_offer (self, &model);
}

/* Half a stroke is not what was drawn: when the whole of it is refused, all stays as it was. */
static gboolean
release (RunetEditor *self) {
  if (self->refused == RUNET_CONTOUR_SOUND)
    return FALSE;
  runet_correction_unref (self->now);
  self->now = runet_correction_copy (self->before);
  return TRUE;
}

const RunetEditorTool runet_redraw_tool = {.press = press,
                                           .move = move,
                                           .release = release};
