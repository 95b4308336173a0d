/* How a drag moves the control points of a contour model. */
#include <math.h>

#include "editor-private.h"

/* Annulus points nearer than this, in mm, make no line. */
#define SHORTEST_BASE_MM 0.5
/* No point is moved farther than this many times the pointer. */
#define LARGEST_GAIN 2.0

static RunetPoint
to_mm (RunetPoint p, RunetPoint spacing) {
  return (RunetPoint){p.x * spacing.x, p.y * spacing.y};
}

static RunetPoint
to_pixels (RunetPoint p, RunetPoint spacing) {
  return (RunetPoint){p.x / spacing.x, p.y / spacing.y};
}

static RunetPoint
subtract (RunetPoint a, RunetPoint b) {
  return (RunetPoint){a.x - b.x, a.y - b.y};
}

static double
multiply (RunetPoint a, RunetPoint b) {
  return a.x * b.x + a.y * b.y;
}

/* FALSE when it has no direction. */
static gboolean
get_direction (RunetPoint from, RunetPoint to, RunetPoint *direction) {
  const RunetPoint d = subtract (to, from);
  const double length = hypot (d.x, d.y);
  if (!(length >= SHORTEST_BASE_MM))
    return FALSE;
  *direction = (RunetPoint){d.x / length, d.y / length};
  return TRUE;
}

/* 1 at the place itself, 0 at @falloff_mm, without a kink at either. */
static double
fade (double distance_mm, double falloff_mm) {
  return distance_mm < falloff_mm ? (1 + cos (G_PI * distance_mm / falloff_mm)) / 2 : 0;
}

/* Arc length in mm from the contour's first point to each of its points, and to parameter @t. */
static double
measure (const RunetPoint *points,
         guint count,
         double t,
         RunetPoint spacing,
         double along[RUNET_CONTOUR_POINTS_MAX]) {
  along[0] = 0;
  for (guint i = 1; i < count; i++)
    along[i] = along[i - 1] +
               runet_spline_length_mm (points, count, i - 1, i, spacing.x, spacing.y);
  const guint before = (guint)CLAMP (floor (t), 0, count - 1);
  return along[before] +
         runet_spline_length_mm (points, count, before, t, spacing.x, spacing.y);
}

static void
move_point (RunetPoint *point, RunetPoint by, double weight) {
  point->x += weight * by.x;
  point->y += weight * by.y;
}

/* How much more the points must move so that the curve between them moves as far at @t; the curve is linear in
 * its points. */
static double
get_gain (const double *weights, guint count, double t) {
  RunetPoint points[RUNET_CONTOUR_POINTS_MAX];
  for (guint i = 0; i < count; i++)
    points[i] = (RunetPoint){weights[i], 0};
  const double reached = runet_spline_at (points, count, t).x;
  return reached > 1 / LARGEST_GAIN ? 1 / reached : LARGEST_GAIN;
}

void
runet_displace_stretch (const RunetContourModel *start,
                        RunetContourModel *model,
                        RunetStructure structure,
                        double t,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing) {
  const guint count = start->count[structure];
  double along[RUNET_CONTOUR_POINTS_MAX], weights[RUNET_CONTOUR_POINTS_MAX] = {0};
  const double at = measure (start->points[structure], count, t, spacing, along);
  const double left = fmin (falloff_mm, at);
  const double right = fmin (falloff_mm, along[count - 1] - at);
  for (guint i = 1; i + 1 < count; i++)
    weights[i] = (double)i == t  ? 1
                 : (double)i < t ? fade (at - along[i], left)
                                 : fade (along[i] - at, right);
  const double gain = t == floor (t) ? 1 : get_gain (weights, count, t);
  for (guint i = 1; i + 1 < count; i++)
    move_point (&model->points[structure][i], by, gain * weights[i]);
}

/* End @which (0 or 1) and what is near it; the other end stays. */
static void
displace_end (const RunetContourModel *start,
              RunetContourModel *model,
              RunetStructure structure,
              guint which,
              RunetPoint by,
              double falloff_mm,
              RunetPoint spacing) {
  const guint count = start->count[structure];
  if (count == 0)
    return;
  RunetPoint *points = model->points[structure];
  double along[RUNET_CONTOUR_POINTS_MAX];
  measure (start->points[structure], count, 0, spacing, along);
  const double length = along[count - 1];
  move_point (&points[which == 0 ? 0 : count - 1], by, 1);
  for (guint i = 1; falloff_mm > 0 && i + 1 < count; i++)
    move_point (
        &points[i], by,
        fade (which == 0 ? along[i] : length - along[i], fmin (falloff_mm, length)));
}

gboolean
runet_displace_get_annulus (const RunetContourModel *model, RunetPoint annulus[2]) {
  const RunetStructure structure = model->count[RUNET_STRUCTURE_ENDO] > 0
                                       ? RUNET_STRUCTURE_ENDO
                                       : RUNET_STRUCTURE_LA;
  const guint count = model->count[structure];
  if (count == 0)
    return FALSE;
  annulus[0] = model->points[structure][0];
  annulus[1] = model->points[structure][count - 1];
  return TRUE;
}

static RunetPoint
get_epi_end (const RunetContourModel *model, guint which) {
  const guint last = model->count[RUNET_STRUCTURE_EPI] - 1;
  return model->points[RUNET_STRUCTURE_EPI][which == 0 ? 0 : last];
}

/* How far outside of the annulus point the end of epi is, in mm along the line. */
static double
get_overhang (const RunetContourModel *start,
              const RunetPoint annulus[2],
              guint which,
              RunetPoint outward,
              RunetPoint spacing) {
  const RunetPoint end = to_mm (get_epi_end (start, which), spacing);
  return multiply (subtract (end, to_mm (annulus[which], spacing)), outward);
}

/* The ends of epi keep their distances from the annulus points, on the new line. */
static void
follow_annulus (const RunetContourModel *start,
                RunetContourModel *model,
                const RunetPoint before[2],
                const RunetPoint after[2],
                double falloff_mm,
                RunetPoint spacing) {
  RunetPoint by[2];
  for (guint i = 0; i < 2; i++) {
    RunetPoint old, new;
    if (!get_direction (to_mm (before[1 - i], spacing), to_mm (before[i], spacing),
                        &old) ||
        !get_direction (to_mm (after[1 - i], spacing), to_mm (after[i], spacing), &new))
      return;
    const double overhang = get_overhang (start, before, i, old, spacing);
    const RunetPoint out =
        to_pixels ((RunetPoint){overhang * new.x, overhang *new.y}, spacing);
    by[i] = subtract ((RunetPoint){after[i].x + out.x, after[i].y + out.y},
                      get_epi_end (start, i));
  }
  for (guint i = 0; i < 2; i++)
    displace_end (start, model, RUNET_STRUCTURE_EPI, i, by[i], falloff_mm, spacing);
}

void
runet_displace_annulus (const RunetContourModel *start,
                        RunetContourModel *model,
                        guint which,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing) {
  RunetPoint before[2], after[2];
  if (!runet_displace_get_annulus (start, before))
    return;
  displace_end (start, model, RUNET_STRUCTURE_ENDO, which, by, falloff_mm, spacing);
  displace_end (start, model, RUNET_STRUCTURE_LA, which, by, falloff_mm, spacing);
  runet_displace_get_annulus (model, after);
  if (start->count[RUNET_STRUCTURE_EPI] > 0)
    follow_annulus (start, model, before, after, falloff_mm, spacing);
}

void
runet_displace_epi_end (const RunetContourModel *start,
                        RunetContourModel *model,
                        guint which,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing) {
  RunetPoint annulus[2], outward;
  if (runet_displace_get_annulus (start, annulus) &&
      get_direction (to_mm (annulus[1 - which], spacing),
                     to_mm (annulus[which], spacing), &outward)) {
    const double overhang = get_overhang (start, annulus, which, outward, spacing);
    const double wanted = multiply (to_mm (by, spacing), outward) + overhang;
    const double slide = fmax (wanted, 0);
    const RunetPoint out =
        to_pixels ((RunetPoint){slide * outward.x, slide * outward.y}, spacing);
    by = subtract ((RunetPoint){annulus[which].x + out.x, annulus[which].y + out.y},
                   get_epi_end (start, which));
  }
  displace_end (start, model, RUNET_STRUCTURE_EPI, which, by, falloff_mm, spacing);
}

/* Each point by its share of the height over the base; none beyond the apex more than it. */
static void
stretch_structure (const RunetContourModel *start,
                   RunetContourModel *model,
                   RunetStructure structure,
                   RunetPoint base,
                   RunetPoint axis,
                   double share_per_mm,
                   RunetPoint by,
                   RunetPoint spacing) {
  for (guint i = 1; i + 1 < start->count[structure]; i++) {
    const RunetPoint p = to_mm (start->points[structure][i], spacing);
    const double height = multiply (subtract (p, base), axis);
    move_point (&model->points[structure][i], by,
                CLAMP (height * share_per_mm, 0.0, 1.0));
  }
}

void
runet_displace_apex (const RunetContourModel *start,
                     RunetContourModel *model,
                     RunetPoint by,
                     gboolean coupled,
                     RunetPoint spacing) {
  RunetPoint annulus[2], axis;
  if (!runet_displace_get_annulus (start, annulus))
    return;
  const RunetPoint base = to_mm ((RunetPoint){(annulus[0].x + annulus[1].x) / 2,
                                              (annulus[0].y + annulus[1].y) / 2},
                                 spacing);
  const RunetPoint apex =
      to_mm (start->points[RUNET_STRUCTURE_ENDO][start->apex], spacing);
  if (!get_direction (base, apex, &axis))
    return;
  const double length = hypot (apex.x - base.x, apex.y - base.y);
  const double step = multiply (to_mm (by, spacing), axis);
  const RunetPoint along =
      to_pixels ((RunetPoint){step * axis.x, step * axis.y}, spacing);
  stretch_structure (start, model, RUNET_STRUCTURE_ENDO, base, axis, 1 / length, along,
                     spacing);
  if (coupled)
    stretch_structure (start, model, RUNET_STRUCTURE_EPI, base, axis, 1 / length, along,
                       spacing);
}

void
runet_displace_all (const RunetContourModel *start,
                    RunetContourModel *model,
                    RunetPoint by) {
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (guint k = 0; k < start->count[i]; k++)
      move_point (&model->points[i][k], by, 1);
}

static RunetPoint
get_middle (const RunetContourModel *model) {
  RunetPoint sum = {0, 0};
  guint count = 0;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (guint k = 0; k < model->count[i]; k++, count++)
      move_point (&sum, model->points[i][k], 1);
  return (RunetPoint){sum.x / MAX (count, 1), sum.y / MAX (count, 1)};
}

void
runet_displace_turn (const RunetContourModel *start,
                     RunetContourModel *model,
                     RunetPoint from,
                     RunetPoint to,
                     RunetPoint spacing) {
  const RunetPoint middle = to_mm (get_middle (start), spacing);
  RunetPoint a, b;
  if (!get_direction (middle, to_mm (from, spacing), &a) ||
      !get_direction (middle, to_mm (to, spacing), &b))
    return;
  const double cosine = multiply (a, b), sine = a.x * b.y - a.y * b.x;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    for (guint k = 0; k < start->count[i]; k++) {
      const RunetPoint p = subtract (to_mm (start->points[i][k], spacing), middle);
      const RunetPoint turned = {middle.x + cosine * p.x - sine * p.y,
                                 middle.y + sine * p.x + cosine * p.y};
      model->points[i][k] = to_pixels (turned, spacing);
    }
}

guint
runet_displace_find_apex (const RunetContourModel *model, RunetPoint spacing) {
  const guint count = model->count[RUNET_STRUCTURE_ENDO];
  const RunetPoint *points = model->points[RUNET_STRUCTURE_ENDO];
  const RunetPoint base = {(points[0].x + points[count - 1].x) / 2,
                           (points[0].y + points[count - 1].y) / 2};
  guint apex = 1;
  double farthest = -1;
  for (guint i = 1; i + 1 < count; i++) {
    const RunetPoint d = to_mm (subtract (points[i], base), spacing);
    if (multiply (d, d) > farthest) {
      farthest = multiply (d, d);
      apex = i;
    }
  }
  return apex;
}
