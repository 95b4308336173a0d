/* How far one outline lies from another, point by point.
 *
 * Outlines have thousands of points. The segments of the target are taken in blocks of neighbours with
 * a box around each; a block whose box is farther than what was found already is passed over, and
 * the search begins with the block that was nearest to the point before. */
#include "separation.h"

#include <math.h>

/* Segments a block: enough to make the boxes few, so few that a box is small. */
#define BLOCK 16

/* From (@x, @y) by (@dx, @dy), mm. */
typedef struct {
  double x, y, dx, dy;
} Segment;

typedef struct {
  guint first, end; /* segments */
  double x0, y0, x1, y1; /* mm */
} Block;

typedef struct {
  GArray *segments; /* Segment */
  GArray *blocks; /* Block */
} Target;

static void
target_clear (Target *self) {
  g_array_unref (self->segments);
  g_array_unref (self->blocks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static RunetPoint
get_point_mm (const RunetContour *contour, guint i, double dx_mm, double dy_mm) {
  const RunetPoint *p = &g_array_index (contour->points, RunetPoint, i);
  return (RunetPoint){p->x * dx_mm, p->y * dy_mm};
}

static void
add_segment (Target *self, RunetPoint a, RunetPoint b, gboolean new_block) {
  Segment segment = {a.x, a.y, b.x - a.x, b.y - a.y};
  guint index = self->segments->len;
  g_array_append_val (self->segments, segment);
  Block *last = self->blocks->len > 0
                    ? &g_array_index (self->blocks, Block, self->blocks->len - 1)
                    : NULL;
  if (new_block || last == NULL || last->end - last->first == BLOCK) {
    Block block = {index, index, INFINITY, INFINITY, -INFINITY, -INFINITY};
    g_array_append_val (self->blocks, block);
    last = &g_array_index (self->blocks, Block, self->blocks->len - 1);
  }
  last->end = index + 1;
  last->x0 = MIN (last->x0, MIN (a.x, b.x));
  last->y0 = MIN (last->y0, MIN (a.y, b.y));
  last->x1 = MAX (last->x1, MAX (a.x, b.x));
  last->y1 = MAX (last->y1, MAX (a.y, b.y));
}

/* A line of a single point is a segment without length. */
static void
add_line (Target *self, const RunetContour *line, double dx_mm, double dy_mm) {
  guint n = line->points->len;
  if (n == 0)
    return;
  guint count = line->closed || n == 1 ? n : n - 1;
  for (guint i = 0; i < count; i++)
    add_segment (self, get_point_mm (line, i, dx_mm, dy_mm),
                 get_point_mm (line, (i + 1) % n, dx_mm, dy_mm), i == 0);
}

static double
measure_to_box (const Block *block, RunetPoint p) {
  double x = MAX (0, MAX (block->x0 - p.x, p.x - block->x1));
  double y = MAX (0, MAX (block->y0 - p.y, p.y - block->y1));
  return x * x + y * y;
}

static double
measure_to_segment (const Segment *segment, RunetPoint p) {
  double x = p.x - segment->x, y = p.y - segment->y;
  double length2 = segment->dx * segment->dx + segment->dy * segment->dy;
  double t =
      length2 > 0 ? CLAMP ((x * segment->dx + y * segment->dy) / length2, 0.0, 1.0) : 0;
  x -= t * segment->dx;
  y -= t * segment->dy;
  return x * x + y * y;
}

/* Squares of mm. @best: in and out. */
static gboolean
search_block (const Target *self, const Block *block, RunetPoint p, double *best) {
  double before = *best;
  for (guint i = block->first; i < block->end; i++) {
    double d = measure_to_segment (&g_array_index (self->segments, Segment, i), p);
    *best = MIN (*best, d);
  }
  return *best < before;
}

double *
runet_contour_separation (const RunetContour *contour,
                          const GPtrArray *lines,
                          double spacing_x_mm,
                          double spacing_y_mm) {
  g_return_val_if_fail (contour != NULL && lines != NULL, NULL);
  g_return_val_if_fail (spacing_x_mm > 0 && spacing_y_mm > 0, NULL);
  g_auto (Target) target = {g_array_new (FALSE, FALSE, sizeof (Segment)),
                            g_array_new (FALSE, FALSE, sizeof (Block))};
  for (guint i = 0; i < lines->len; i++)
    add_line (&target, g_ptr_array_index (lines, i), spacing_x_mm, spacing_y_mm);

  double *distances = g_new (double, contour->points->len);
  guint nearest = 0;
  for (guint i = 0; i < contour->points->len; i++) {
    RunetPoint p = get_point_mm (contour, i, spacing_x_mm, spacing_y_mm);
    double best = INFINITY;
    if (target.blocks->len > 0)
      search_block (&target, &g_array_index (target.blocks, Block, nearest), p, &best);
    for (guint k = 0; k < target.blocks->len; k++) {
      const Block *block = &g_array_index (target.blocks, Block, k);
      if (measure_to_box (block, p) < best && search_block (&target, block, p, &best))
        nearest = k;
    }
    distances[i] = isinf (best) ? NAN : sqrt (best);
  }
  return distances;
}
