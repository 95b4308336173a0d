/* Whether a gesture makes what no heart looks like, or makes it worse: a frame that has faults can still be worked on. */
#include <math.h>

#include "editor-private.h"

/* Points of each spline's segment, where lines are told to cross. */
#define PER_SEGMENT 6
/* A thin wall may get thinner by this much, in mm: what arithmetic and the next point make of it. */
#define THICKNESS_TOLERANCE_MM 0.05

static double
cross (RunetPoint a, RunetPoint b, RunetPoint c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static gboolean
do_cross (RunetPoint a, RunetPoint b, RunetPoint c, RunetPoint d) {
  if (fmax (a.x, b.x) < fmin (c.x, d.x) || fmax (c.x, d.x) < fmin (a.x, b.x) ||
      fmax (a.y, b.y) < fmin (c.y, d.y) || fmax (c.y, d.y) < fmin (a.y, b.y))
    return FALSE;
  return cross (a, b, c) * cross (a, b, d) < 0 && cross (c, d, a) * cross (c, d, b) < 0;
}

/* Of two lines, or of one with itself. */
static guint
count_pair (const GArray *one, const GArray *other) {
  const RunetPoint *p = (const RunetPoint *)(gconstpointer)one->data;
  const RunetPoint *q = (const RunetPoint *)(gconstpointer)other->data;
  guint count = 0;
  for (guint i = 0; i + 1 < one->len; i++)
    for (guint k = one == other ? i + 2 : 0; k + 1 < other->len; k++)
      count += do_cross (p[i], p[i + 1], q[k], q[k + 1]);
  return count;
}

static guint
count_crossings (const RunetContourModel *model) {
  GArray *lines[RUNET_STRUCTURES] = {NULL};
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (model->count[i] > 0)
      lines[i] = runet_spline_sample (model->points[i], model->count[i], PER_SEGMENT);
  guint count = 0;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (int k = i; k < RUNET_STRUCTURES; k++)
      if (lines[i] != NULL && lines[k] != NULL)
        count += count_pair (lines[i], lines[k]);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    g_clear_pointer (&lines[i], g_array_unref);
  return count;
}

static double
get_distance_mm (RunetPoint a, RunetPoint b, RunetPoint spacing) {
  return hypot ((a.x - b.x) * spacing.x, (a.y - b.y) * spacing.y);
}

/* Of the polygon through the line's points. */
static gboolean
is_inside (const GArray *line, RunetPoint p) {
  const RunetPoint *points = (const RunetPoint *)(gconstpointer)line->data;
  gboolean inside = FALSE;
  for (guint i = 0, k = line->len - 1; i < line->len; k = i++) {
    const RunetPoint a = points[i], b = points[k];
    if ((a.y > p.y) != (b.y > p.y) &&
        p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y))
      inside = !inside;
  }
  return inside;
}

/* The endo in even steps, and how thick the wall is at each, negative where it is outside of epi. FALSE when there is none. */
static gboolean
measure_wall (const RunetContourModel *model,
              RunetPoint spacing,
              RunetPoint line[RUNET_SOUNDNESS_POINTS],
              double thickness_mm[RUNET_SOUNDNESS_POINTS]) {
  const guint count = model->count[RUNET_STRUCTURE_ENDO];
  if (count == 0 || model->count[RUNET_STRUCTURE_EPI] == 0)
    return FALSE;
  runet_spline_resample (model->points[RUNET_STRUCTURE_ENDO], count, 0, count - 1,
                         spacing.x, spacing.y, line, RUNET_SOUNDNESS_POINTS);
  g_autoptr (GArray) epi =
      runet_spline_sample (model->points[RUNET_STRUCTURE_EPI],
                           model->count[RUNET_STRUCTURE_EPI], 2 * PER_SEGMENT);
  for (guint i = 0; i < RUNET_SOUNDNESS_POINTS; i++) {
    thickness_mm[i] = G_MAXDOUBLE;
    for (guint k = 0; k < epi->len; k++)
      thickness_mm[i] =
          fmin (thickness_mm[i],
                get_distance_mm (line[i], g_array_index (epi, RunetPoint, k), spacing));
    if (!is_inside (epi, line[i]))
      thickness_mm[i] = -thickness_mm[i];
  }
  return TRUE;
}

static RunetContourFaults
check (const RunetCorrection *correction,
       const RunetContourModel *model,
       RunetPoint *spot) {
  const RunetPoint spacing = runet_correction_get_spacing (correction);
  return runet_contour_model_check (model, correction->grid->width,
                                    correction->grid->height, spacing.x, spacing.y,
                                    RUNET_CONTOUR_THICKNESS_MM, spot, NULL);
}

void
runet_soundness_measure (RunetSoundness *self,
                         const RunetCorrection *correction,
                         const RunetContourModel *model) {
  self->faults = check (correction, model, NULL);
  if (self->faults & RUNET_CONTOUR_CROSSES_ITSELF)
    self->crossings = count_crossings (model);
  if (self->faults & RUNET_CONTOUR_THIN)
    measure_wall (model, runet_correction_get_spacing (correction), self->line,
                  self->thickness_mm);
}

/* Thin where it was not, or thinner. */
static gboolean
is_thinner (const RunetSoundness *self,
            const RunetContourModel *model,
            RunetPoint spacing,
            RunetPoint *spot) {
  RunetPoint line[RUNET_SOUNDNESS_POINTS];
  double thickness_mm[RUNET_SOUNDNESS_POINTS];
  if (!measure_wall (model, spacing, line, thickness_mm))
    return FALSE;
  for (guint i = 0; i < RUNET_SOUNDNESS_POINTS; i++) {
    const double part = (double)i / (RUNET_SOUNDNESS_POINTS - 1);
    if (thickness_mm[i] >= RUNET_CONTOUR_THICKNESS_MM || part < RUNET_CONTOUR_TAPER ||
        part > 1 - RUNET_CONTOUR_TAPER)
      continue;
    guint nearest = 0;
    for (guint k = 1; k < RUNET_SOUNDNESS_POINTS; k++)
      if (get_distance_mm (line[i], self->line[k], spacing) <
          get_distance_mm (line[i], self->line[nearest], spacing))
        nearest = k;
    const double before =
        fmin (self->thickness_mm[nearest], RUNET_CONTOUR_THICKNESS_MM);
    if (thickness_mm[i] < before - THICKNESS_TOLERANCE_MM) {
      *spot = line[i];
      return TRUE;
    }
  }
  return FALSE;
}

RunetContourFaults
runet_soundness_compare (const RunetSoundness *self,
                         const RunetCorrection *correction,
                         const RunetContourModel *model,
                         RunetPoint *spot) {
  const RunetContourFaults faults = check (correction, model, spot);
  RunetContourFaults worse = faults & ~self->faults;
  if ((faults & self->faults & RUNET_CONTOUR_CROSSES_ITSELF) &&
      count_crossings (model) > self->crossings)
    worse |= RUNET_CONTOUR_CROSSES_ITSELF;
  if ((faults & self->faults & RUNET_CONTOUR_THIN) &&
      is_thinner (self, model, runet_correction_get_spacing (correction), spot))
    worse |= RUNET_CONTOUR_THIN;
  return worse;
}
