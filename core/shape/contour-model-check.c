/* What no heart looks like: lines that cross, a wall that is too thin, nothing inside. */
#include "contour-model.h"

#include <math.h>

/* Chords per segment: this runs at every motion of the pointer. */
#define CHORDS 8
/* Crossings this near an annulus point, in mm, are how the lines meet there. */
#define MEETING_MM 3.0
/* Square pixels. */
#define LEAST_AREA 1.0

typedef struct {
  RunetPoint a, b; /* mm */
  RunetStructure structure;
  guint index; /* among those of the structure */
  gboolean base; /* closes the structure */
} Chord;

typedef struct {
  const RunetContourModel *model;
  RunetPoint spacing;
  GArray *line[RUNET_STRUCTURES]; /* RunetPoint, mm */
  RunetPoint annulus[2]; /* mm; NaN when there is neither endo nor LA */
  RunetContourFaults faults;
  RunetPoint spot; /* pixels */
  RunetStructure structure;
} Examination;

static void
examination_clear (Examination *self) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_clear_pointer (&self->line[s], g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Examination, examination_clear)

static const RunetPoint *
get_line (const Examination *self, RunetStructure structure) {
  return (const RunetPoint *)(gconstpointer)self->line[structure]->data;
}

/* The first fault is told with its place. @at: mm. */
static void
add_fault (Examination *self,
           RunetContourFaults fault,
           RunetStructure structure,
           RunetPoint at) {
  if (self->faults == RUNET_CONTOUR_SOUND) {
    self->spot = (RunetPoint){at.x / self->spacing.x, at.y / self->spacing.y};
    self->structure = structure;
  }
  self->faults |= fault;
}

static double
get_distance (RunetPoint a, RunetPoint b) {
  return hypot (b.x - a.x, b.y - a.y);
}

static void
examination_init (Examination *self,
                  const RunetContourModel *model,
                  RunetPoint spacing) {
  *self = (Examination){.model = model,
                        .spacing = spacing,
                        .annulus = {{NAN, NAN}, {NAN, NAN}},
                        .spot = {NAN, NAN}};
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    const guint count = model->count[s];
    if (count < RUNET_CONTOUR_POINTS_MIN || count > RUNET_CONTOUR_POINTS_MAX)
      continue;
    self->line[s] = runet_spline_sample (model->points[s], count, CHORDS);
    RunetPoint *p = (RunetPoint *)(gpointer)self->line[s]->data;
    for (guint i = 0; i < self->line[s]->len; i++)
      p[i] = (RunetPoint){p[i].x * spacing.x, p[i].y * spacing.y};
    if (s != RUNET_STRUCTURE_EPI) {
      self->annulus[0] = p[0];
      self->annulus[1] = p[self->line[s]->len - 1];
    }
  }
}

/* ---- Lines that cross ---- */

static double
get_side (RunetPoint a, RunetPoint b, RunetPoint p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static gboolean
find_crossing (const Chord *one, const Chord *two, RunetPoint *at) {
  const double a = get_side (two->a, two->b, one->a);
  const double b = get_side (two->a, two->b, one->b);
  const double c = get_side (one->a, one->b, two->a);
  const double d = get_side (one->a, one->b, two->b);
  if (!((a < 0 && b > 0) || (a > 0 && b < 0)) ||
      !((c < 0 && d > 0) || (c > 0 && d < 0)))
    return FALSE;
  const double t = a / (a - b);
  *at = (RunetPoint){one->a.x + t * (one->b.x - one->a.x),
                     one->a.y + t * (one->b.y - one->a.y)};
  return TRUE;
}

/* Whether a crossing of the two is a fault: neighbours meet, the bases of two structures lie on one another, and LA may
 * lie over the end of the wall. */
static gboolean
is_fault (const Chord *one, const Chord *two) {
  if (one->structure != two->structure)
    return !one->base && !two->base;
  const guint first = MIN (one->index, two->index), last = MAX (one->index, two->index);
  return last - first > 1 && !(first == 0 && (one->base || two->base));
}

static gboolean
is_at_annulus (const Examination *self, RunetPoint at) {
  return get_distance (at, self->annulus[0]) < MEETING_MM ||
         get_distance (at, self->annulus[1]) < MEETING_MM;
}

static void
add_chords (const Examination *self, RunetStructure structure, GArray *chords) {
  const RunetPoint *p = get_line (self, structure);
  const guint count = self->line[structure]->len;
  for (guint i = 0; i < count; i++) {
    const Chord chord = {p[i], p[(i + 1) % count], structure, i, i + 1 == count};
    g_array_append_val (chords, chord);
  }
}

static double
get_left (const Chord *chord) {
  return MIN (chord->a.x, chord->b.x);
}

static int
compare_lefts (gconstpointer a, gconstpointer b) {
  const double x = get_left (a), y = get_left (b);
  return (x > y) - (x < y);
}

static void
check_crossings (Examination *self) {
  g_autoptr (GArray) chords = g_array_new (FALSE, FALSE, sizeof (Chord));
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    if (self->line[s] != NULL)
      add_chords (self, s, chords);
  g_array_sort (chords, compare_lefts);
  const Chord *all = (const Chord *)(gconstpointer)chords->data;
  for (guint i = 0; i < chords->len; i++) {
    const double right = MAX (all[i].a.x, all[i].b.x);
    const double top = MIN (all[i].a.y, all[i].b.y);
    const double bottom = MAX (all[i].a.y, all[i].b.y);
    for (guint k = i + 1; k < chords->len && get_left (&all[k]) <= right; k++) {
      RunetPoint at;
      if (MAX (all[k].a.y, all[k].b.y) < top || MIN (all[k].a.y, all[k].b.y) > bottom)
        continue;
      if (!is_fault (&all[i], &all[k]) || !find_crossing (&all[i], &all[k], &at) ||
          is_at_annulus (self, at))
        continue;
      add_fault (self, RUNET_CONTOUR_CROSSES_ITSELF, all[i].structure, at);
      return;
    }
  }
}

/* ---- A thin wall ---- */

/* @square: (out): of the distance from @p. */
static RunetPoint
find_nearest (const RunetPoint *line, guint count, RunetPoint p, double *square) {
  RunetPoint nearest = {NAN, NAN};
  *square = G_MAXDOUBLE;
  for (guint i = 0; i + 1 < count; i++) {
    const RunetPoint a = line[i];
    const double x = line[i + 1].x - a.x, y = line[i + 1].y - a.y;
    const double length = x * x + y * y;
    const double along = (p.x - a.x) * x + (p.y - a.y) * y;
    const double t = along > 0 && length > 0 ? MIN (along / length, 1) : 0;
    const RunetPoint foot = {a.x + t * x, a.y + t * y};
    const double away =
        (foot.x - p.x) * (foot.x - p.x) + (foot.y - p.y) * (foot.y - p.y);
    if (away < *square) {
      *square = away;
      nearest = foot;
    }
  }
  return nearest;
}

static void
check_thickness (Examination *self, double least_mm) {
  const GArray *endo = self->line[RUNET_STRUCTURE_ENDO];
  const GArray *epi = self->line[RUNET_STRUCTURE_EPI];
  if (endo == NULL || epi == NULL || !(least_mm > 0))
    return;
  const RunetPoint *p = get_line (self, RUNET_STRUCTURE_ENDO);
  const RunetPoint *wall = get_line (self, RUNET_STRUCTURE_EPI);
  double length = 0, along = 0, thinnest = least_mm * least_mm;
  RunetPoint spot = {NAN, NAN};
  for (guint i = 0; i + 1 < endo->len; i++)
    length += get_distance (p[i], p[i + 1]);
  for (guint i = 0; i + 1 < endo->len; i++) {
    along += get_distance (p[i], p[i + 1]);
    if (along < RUNET_CONTOUR_TAPER * length ||
        along > (1 - RUNET_CONTOUR_TAPER) * length)
      continue;
    double square;
    const RunetPoint foot = find_nearest (wall, epi->len, p[i + 1], &square);
    if (square < thinnest) {
      thinnest = square;
      spot = (RunetPoint){(foot.x + p[i + 1].x) / 2, (foot.y + p[i + 1].y) / 2};
    }
  }
  if (isfinite (spot.x))
    add_fault (self, RUNET_CONTOUR_THIN, RUNET_STRUCTURE_EPI, spot);
}

/* ---- Nothing inside ---- */

static gboolean
is_inside_image (RunetPoint p, RunetPoint size) {
  return p.x >= 0 && p.y >= 0 && p.x <= size.x && p.y <= size.y;
}

/* Whether the line from @a to @b meets the image: what is left of it between its edges. */
static gboolean
meets_image (RunetPoint a, RunetPoint b, RunetPoint size) {
  const double from[4] = {a.x, size.x - a.x, a.y, size.y - a.y};
  const double to[4] = {b.x, size.x - b.x, b.y, size.y - b.y};
  double t0 = 0, t1 = 1;
  for (guint i = 0; i < 4; i++) {
    if (from[i] < 0 && to[i] < 0)
      return FALSE;
    if (from[i] < 0)
      t0 = MAX (t0, from[i] / (from[i] - to[i]));
    else if (to[i] < 0)
      t1 = MIN (t1, from[i] / (from[i] - to[i]));
  }
  return t0 <= t1;
}

static gboolean
winds_around (const RunetPoint *line, guint count, RunetPoint p) {
  gboolean odd = FALSE;
  for (guint i = 0; i < count; i++) {
    const RunetPoint a = line[i], b = line[(i + 1) % count];
    if ((a.y <= p.y) != (b.y <= p.y) && (get_side (a, b, p) > 0) == (b.y > a.y))
      odd = !odd;
  }
  return odd;
}

static void
check_place (Examination *self, RunetStructure structure, RunetPoint size) {
  const RunetPoint *p = get_line (self, structure);
  const guint count = self->line[structure]->len;
  double area = 0;
  gboolean inside = winds_around (p, count, (RunetPoint){size.x / 2, size.y / 2});
  for (guint i = 0; i < count; i++) {
    const RunetPoint a = p[i], b = p[(i + 1) % count];
    area += (a.x - p[0].x) * (b.y - p[0].y) - (b.x - p[0].x) * (a.y - p[0].y);
    inside = inside || is_inside_image (a, size) || meets_image (a, b, size);
  }
  const RunetPoint middle = p[count / 2];
  if (!(fabs (area) / 2 >= LEAST_AREA * self->spacing.x * self->spacing.y))
    add_fault (self, RUNET_CONTOUR_EMPTY, structure, middle);
  if (!inside)
    add_fault (self, RUNET_CONTOUR_OUTSIDE, structure, middle);
}

RunetContourFaults
runet_contour_model_check (const RunetContourModel *model,
                           gsize width,
                           gsize height,
                           double spacing_x_mm,
                           double spacing_y_mm,
                           double thickness_mm,
                           RunetPoint *spot,
                           RunetStructure *structure) {
  g_return_val_if_fail (model != NULL, RUNET_CONTOUR_SOUND);
  const RunetPoint spacing = {spacing_x_mm, spacing_y_mm};
  const RunetPoint size = {(double)width * spacing_x_mm, (double)height * spacing_y_mm};
  g_auto (Examination) examination = {0};
  examination_init (&examination, model, spacing);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    if (examination.line[s] != NULL)
      check_place (&examination, s, size);
  check_crossings (&examination);
  check_thickness (&examination, thickness_mm);
  if (spot != NULL)
    *spot = examination.spot;
  if (structure != NULL)
    *structure = examination.structure;
  return examination.faults;
}
