/* A stretch of a contour takes another course: the fewest control points, well spread, that follow it. */
#include <math.h>
#include <string.h>

#include "editor-private.h"

/* The line is followed by steps of this length, and to this distance; mm. */
#define STEP_MM 0.5
#define TOLERANCE_MM 0.35
/* Control points are not farther from each other than this in the stretch, nor nearer than that; mm. */
#define LARGEST_GAP_MM 12.0
#define SMALLEST_GAP_MM 1.5
#define STEPS_MAX 600
/* Places of a spline's segment that a distance is measured to. */
#define PIECES 8

/**
 * Stretch: all points in mm
 * @first, @last: the control points that stay on either side
 * @path: from @first to @last, evenly spaced
 * @chosen: indices into @path of the control points, both ends included
 */
typedef struct {
  const RunetContourModel *model;
  RunetStructure structure;
  guint first, last;
  RunetPoint spacing;
  RunetPoint path[STEPS_MAX];
  guint steps;
  guint chosen[RUNET_CONTOUR_POINTS_MAX];
  guint count;
} Stretch;

static double
get_distance (RunetPoint a, RunetPoint b) {
  return hypot (a.x - b.x, a.y - b.y);
}

static RunetPoint
to_mm (RunetPoint p, RunetPoint spacing) {
  return (RunetPoint){p.x * spacing.x, p.y * spacing.y};
}

static RunetPoint
get_control (const Stretch *self, guint i) {
  return to_mm (self->model->points[self->structure][i], self->spacing);
}

/* Control points so near to the line's ends that they would make a kink go too. */
static void
find_neighbours (Stretch *self, double t0, double t1, RunetPoint a, RunetPoint b) {
  const guint count = self->model->count[self->structure];
  self->first = (guint)CLAMP (floor (t0), 0, count - 2);
  while (self->first > 0 &&
         get_distance (get_control (self, self->first), a) < SMALLEST_GAP_MM)
    self->first--;
  self->last = (guint)CLAMP (ceil (t1), self->first + 1, count - 1);
  while (self->last < count - 1 &&
         get_distance (get_control (self, self->last), b) < SMALLEST_GAP_MM)
    self->last++;
}

/* Fills the path with @n points that follow @corners at even steps. */
static void
walk_corners (Stretch *self, const RunetPoint *corners, guint n) {
  double length = 0;
  for (guint i = 1; i < n; i++)
    length += get_distance (corners[i - 1], corners[i]);
  self->steps = (guint)CLAMP (ceil (length / STEP_MM), 2, STEPS_MAX - 1);
  const double step = length / self->steps;
  self->path[0] = corners[0];
  double passed = 0;
  guint corner = 1;
  for (guint i = 1; i < self->steps; i++) {
    double piece = get_distance (corners[corner - 1], corners[corner]);
    while (corner + 1 < n && passed + piece < i * step) {
      passed += piece;
      corner++;
      piece = get_distance (corners[corner - 1], corners[corner]);
    }
    const double part = piece > 0 ? CLAMP ((i * step - passed) / piece, 0.0, 1.0) : 0;
    const RunetPoint a = corners[corner - 1], b = corners[corner];
    self->path[i] = (RunetPoint){a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)};
  }
  self->path[self->steps] = corners[n - 1];
}

static void
make_path (Stretch *self, const RunetPoint *line, guint n) {
  g_autofree RunetPoint *corners = g_new (RunetPoint, n + 2);
  guint count = 0;
  corners[count++] = get_control (self, self->first);
  for (guint i = 0; i < n; i++)
    corners[count++] = to_mm (line[i], self->spacing);
  corners[count++] = get_control (self, self->last);
  walk_corners (self, corners, count);
}

static double
get_path_mm (const Stretch *self) {
  double length = 0;
  for (guint i = 0; i < self->steps; i++)
    length += get_distance (self->path[i], self->path[i + 1]);
  return length;
}

/* The whole contour as it would be, in mm. Returns the count of points. */
static guint
assemble (const Stretch *self, RunetPoint *points) {
  const guint before = self->model->count[self->structure];
  guint count = 0;
  for (guint i = 0; i < self->first; i++)
    points[count++] = get_control (self, i);
  for (guint i = 0; i < self->count; i++)
    points[count++] = self->path[self->chosen[i]];
  for (guint i = self->last + 1; i < before; i++)
    points[count++] = get_control (self, i);
  return count;
}

/* The step of the path between two chosen ones that is farthest from the spline. */
static guint
find_worst_step (const Stretch *self,
                 const RunetPoint *points,
                 guint count,
                 guint segment,
                 double *distance) {
  RunetPoint curve[PIECES + 1];
  for (guint i = 0; i <= PIECES; i++)
    curve[i] =
        runet_spline_at (points, count, self->first + segment + (double)i / PIECES);
  guint worst = 0;
  *distance = 0;
  for (guint k = self->chosen[segment] + 1; k < self->chosen[segment + 1]; k++) {
    double nearest = G_MAXDOUBLE;
    for (guint i = 0; i < PIECES; i++) {
      const RunetPoint a = curve[i], b = curve[i + 1], p = self->path[k];
      const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
      double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
      t = CLAMP (t, 0.0, 1.0);
      const RunetPoint q = {a.x + t * dx, a.y + t * dy};
      nearest = fmin (nearest, get_distance (p, q));
    }
    if (nearest > *distance) {
      *distance = nearest;
      worst = k;
    }
  }
  return worst;
}

static void
choose (Stretch *self, guint segment, guint step) {
  memmove (&self->chosen[segment + 2], &self->chosen[segment + 1],
           (self->count - segment - 1) * sizeof *self->chosen);
  self->chosen[segment + 1] = step;
  self->count++;
}

static gboolean
has_room (const Stretch *self) {
  const guint kept = self->first + self->model->count[self->structure] - 1 - self->last;
  return kept + self->count < RUNET_CONTOUR_POINTS_MAX;
}

/* Takes the path's point that is farthest from the curve, as long as there is one too far. */
static gboolean
improve (Stretch *self) {
  RunetPoint points[RUNET_CONTOUR_POINTS_MAX];
  const guint count = assemble (self, points);
  double worst = TOLERANCE_MM;
  guint segment = 0, step = 0;
  for (guint i = 0; i + 1 < self->count; i++) {
    if (get_distance (self->path[self->chosen[i]], self->path[self->chosen[i + 1]]) <
        2 * SMALLEST_GAP_MM)
      continue;
    double distance;
    const guint found = find_worst_step (self, points, count, i, &distance);
    if (distance <= worst)
      continue;
    worst = distance;
    segment = i;
    step = found;
  }
  if (step == 0)
    return FALSE;
  const guint least = 1 + (guint)(SMALLEST_GAP_MM / STEP_MM) / 2;
  const guint low = self->chosen[segment] + least, high = self->chosen[segment + 1];
  if (high < low + least)
    step = (self->chosen[segment] + high) / 2;
  else
    step = CLAMP (step, low, high - least);
  choose (self, segment, step);
  return TRUE;
}

static gboolean
choose_points (Stretch *self) {
  const guint pieces = MAX (2, (guint)ceil (get_path_mm (self) / LARGEST_GAP_MM));
  self->count = 0;
  for (guint i = 0; i <= pieces; i++) {
    if (!has_room (self))
      return FALSE;
    self->chosen[self->count++] = i * self->steps / pieces;
  }
  while (has_room (self) && improve (self))
    continue;
  return TRUE;
}

static void
store (const Stretch *self, RunetContourModel *model) {
  RunetPoint points[RUNET_CONTOUR_POINTS_MAX];
  const RunetPoint *old = model->points[self->structure];
  const guint before = model->count[self->structure];
  const gint64 gained = (gint64)self->count - (self->last - self->first + 1);
  guint count = 0;
  for (guint i = 0; i <= self->first; i++)
    points[count++] = old[i];
  for (guint i = 1; i + 1 < self->count; i++) {
    const RunetPoint p = self->path[self->chosen[i]];
    points[count++] = (RunetPoint){p.x / self->spacing.x, p.y / self->spacing.y};
  }
  for (guint i = self->last; i < before; i++)
    points[count++] = old[i];
  memcpy (model->points[self->structure], points, count * sizeof *points);
  model->count[self->structure] = count;
  if (self->structure != RUNET_STRUCTURE_ENDO || model->apex <= self->first)
    return;
  if (model->apex >= self->last)
    model->apex = (guint)((gint64)model->apex + gained);
  else
    model->apex = runet_displace_find_apex (model, self->spacing);
}

gboolean
runet_stretch_replace (RunetContourModel *model,
                       RunetStructure structure,
                       double t0,
                       double t1,
                       const RunetPoint *line,
                       guint n,
                       RunetPoint spacing) {
  g_return_val_if_fail (n > 0 && t0 <= t1, FALSE);
  Stretch *self = g_new (Stretch, 1);
  self->model = model;
  self->structure = structure;
  self->spacing = spacing;
  find_neighbours (self, t0, t1, to_mm (line[0], spacing),
                   to_mm (line[n - 1], spacing));
  make_path (self, line, n);
  const gboolean chosen = choose_points (self);
  if (chosen)
    store (self, model);
  g_free (self);
  return chosen;
}

guint
runet_stretch_insert (RunetContourModel *model, RunetStructure structure, double t) {
  const guint count = model->count[structure];
  if (count < RUNET_CONTOUR_POINTS_MIN || count >= RUNET_CONTOUR_POINTS_MAX)
    return 0;
  RunetPoint *points = model->points[structure];
  const RunetPoint p = runet_spline_at (points, count, t);
  const guint index = (guint)CLAMP (floor (t), 0, count - 2) + 1;
  memmove (&points[index + 1], &points[index], (count - index) * sizeof *points);
  points[index] = p;
  model->count[structure]++;
  if (structure == RUNET_STRUCTURE_ENDO && model->apex >= index)
    model->apex++;
  return index;
}

void
runet_stretch_delete (RunetContourModel *model, RunetStructure structure, guint index) {
  RunetPoint *points = model->points[structure];
  memmove (&points[index], &points[index + 1],
           (model->count[structure] - index - 1) * sizeof *points);
  model->count[structure]--;
  if (structure == RUNET_STRUCTURE_ENDO && model->apex > index)
    model->apex--;
}
