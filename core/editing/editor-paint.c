/* The tools that paint and erase a structure on the label map, with a disc along the pointer's way. */
#include <math.h>
#include <string.h>

#include "editor-private.h"

/**
 * Paint:
 * @labels: H × W, as they are
 * @inside: H × W: where the epi's contour has its inside; NULL when painting
 * @changed: structures whose pixels changed
 */
typedef struct {
  RunetStructure structure;
  gboolean erases;
  guint8 *labels;
  guint8 *inside;
  RunetStructureSet changed;
} Paint;

static void
clear (gpointer state) {
  Paint *paint = state;
  g_free (paint->labels);
  g_free (paint->inside);
  g_free (paint);
}

/* What a pixel becomes when the disc goes over it. */
static guint8
get_label (const Paint *paint, gsize pixel) {
  const guint8 old = paint->labels[pixel];
  if (paint->erases) {
    if (paint->structure == RUNET_STRUCTURE_ENDO)
      return old != RUNET_LABEL_LV       ? old
             : paint->inside[pixel] != 0 ? RUNET_LABEL_MYOCARDIUM
                                         : RUNET_LABEL_BACKGROUND;
    const guint8 erased = paint->structure == RUNET_STRUCTURE_LA
                              ? RUNET_LABEL_LA
                              : RUNET_LABEL_MYOCARDIUM;
    return old == erased ? RUNET_LABEL_BACKGROUND : old;
  }
  if (paint->structure == RUNET_STRUCTURE_ENDO)
    return RUNET_LABEL_LV;
  if (old == RUNET_LABEL_LV)
    return old;
  return paint->structure == RUNET_STRUCTURE_LA ? RUNET_LABEL_LA
                                                : RUNET_LABEL_MYOCARDIUM;
}

static RunetStructureSet
get_structures (guint8 label) {
  switch (label) {
  case RUNET_LABEL_LV:
    return RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_ENDO) |
           RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_EPI);
  case RUNET_LABEL_MYOCARDIUM:
    return RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_EPI);
  case RUNET_LABEL_LA:
    return RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_LA);
  default:
    return 0;
  }
}

static gboolean
touch (Paint *paint, gsize pixel) {
  const guint8 old = paint->labels[pixel], new = get_label (paint, pixel);
  if (new == old)
    return FALSE;
  paint->labels[pixel] = new;
  paint->changed |= get_structures (old) ^ get_structures (new);
  return TRUE;
}

/* Columns or rows whose centres are between two places; none: an empty range. */
static void
find_range (double low, double high, gsize size, gsize *from, gsize *to) {
  *from = (gsize)CLAMP (floor (low), 0.0, (double)size);
  *to = (gsize)CLAMP (ceil (high), 0.0, (double)size);
}

/* The disc along the way from @a to @b, pixel coordinates. */
static gboolean
sweep (RunetEditor *self, Paint *paint, RunetPoint a, RunetPoint b) {
  const RunetPoint spacing = runet_editor_spacing (self);
  const double radius = self->radius_mm;
  const gsize width = self->now->grid->width;
  gsize x0, x1, y0, y1;
  find_range (fmin (a.x, b.x) - radius / spacing.x,
              fmax (a.x, b.x) + radius / spacing.x, width, &x0, &x1);
  find_range (fmin (a.y, b.y) - radius / spacing.y,
              fmax (a.y, b.y) + radius / spacing.y, self->now->grid->height, &y0, &y1);
  const double dx = (b.x - a.x) * spacing.x, dy = (b.y - a.y) * spacing.y;
  const double length2 = dx * dx + dy * dy;
  gboolean changed = FALSE;
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++) {
      const double px = ((double)x + 0.5 - a.x) * spacing.x;
      const double py = ((double)y + 0.5 - a.y) * spacing.y;
      const double t =
          length2 > 0 ? CLAMP ((px * dx + py * dy) / length2, 0.0, 1.0) : 0;
      const double ex = px - t * dx, ey = py - t * dy;
      if (ex * ex + ey * ey <= radius * radius)
        changed |= touch (paint, y * width + x);
    }
  return changed;
}

/* What the disc works on: the chosen structure, else what the pointer is in, else the nearest contour. */
static RunetStructure
find_structure (const RunetEditor *self, const guint8 *labels, RunetPoint at) {
  if (self->structure != RUNET_STRUCTURES)
    return self->structure;
  const RunetGrid *grid = self->now->grid;
  if (at.x >= 0 && at.y >= 0 && at.x < (double)grid->width &&
      at.y < (double)grid->height)
    switch (labels[(gsize)at.y * grid->width + (gsize)at.x]) {
    case RUNET_LABEL_LV:
      return RUNET_STRUCTURE_ENDO;
    case RUNET_LABEL_MYOCARDIUM:
      return RUNET_STRUCTURE_EPI;
    case RUNET_LABEL_LA:
      return RUNET_STRUCTURE_LA;
    default:
      break;
    }
  return runet_editor_find_structure (self, at, G_MAXDOUBLE);
}

/* Where an erased cavity becomes myocardium. */
static guint8 *
draw_inside (const RunetEditor *self) {
  const RunetGrid *grid = self->now->grid;
  guint8 *inside = g_new0 (guint8, grid->width * grid->height);
  g_autofree RunetContourModel *epi = g_new0 (RunetContourModel, 1);
  if (self->now->model.count[RUNET_STRUCTURE_EPI] == 0)
    return inside;
  epi->count[RUNET_STRUCTURE_EPI] = self->now->model.count[RUNET_STRUCTURE_EPI];
  memcpy (epi->points[RUNET_STRUCTURE_EPI],
          self->now->model.points[RUNET_STRUCTURE_EPI],
          sizeof epi->points[RUNET_STRUCTURE_EPI]);
  runet_contour_model_rasterise (epi, RUNET_STRUCTURES_ALL, NULL, grid->width,
                                 grid->height, inside);
  return inside;
}

/* The label map as it is now, and where its structures come from. */
static void
publish (RunetEditor *self, const Paint *paint) {
  g_clear_pointer (&self->now->painted, g_bytes_unref);
  self->now->painted =
      g_bytes_new (paint->labels, runet_correction_count_pixels (self->now));
  self->now->derived = FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (paint->changed & RUNET_STRUCTURE_BIT (i))
      self->now->source[i] = RUNET_SOURCE_PAINTED;
}

static gboolean
press (RunetEditor *self, RunetPoint at, gboolean erases) {
  guint8 *labels = g_new (guint8, runet_correction_count_pixels (self->now));
  runet_correction_draw (self->now, labels);
  const RunetStructure structure = find_structure (self, labels, at);
  if (structure == RUNET_STRUCTURES) {
    g_free (labels);
    return FALSE;
  }
  Paint *paint = g_new0 (Paint, 1);
  *paint = (Paint){structure, erases, labels, erases ? draw_inside (self) : NULL, 0};
  self->state = paint;
  if (sweep (self, paint, at, at))
    publish (self, paint);
  return TRUE;
}

static gboolean
press_brush (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  return press (self, at, FALSE);
}

static gboolean
press_eraser (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  return press (self, at, TRUE);
}

static gboolean
move (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers) {
  Paint *paint = self->state;
  if (!sweep (self, paint, self->last, at))
    return FALSE;
  publish (self, paint);
  return TRUE;
}

static gboolean
release (RunetEditor *self) {
  const Paint *paint = self->state;
  if (paint->changed == 0)
    return FALSE;
  runet_editor_refit (self, paint->labels, paint->changed);
  return TRUE;
}

const RunetEditorTool runet_brush_tool = {press_brush, move, release, clear};
const RunetEditorTool runet_eraser_tool = {press_eraser, move, release, clear};
