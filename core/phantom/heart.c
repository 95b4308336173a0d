/* The left ventricle: its shape, its contraction, its volume, and the expert's mask. */
#include "heart.h"
#include "chambers.h"

#include <math.h>
#include "core/echo/label-map.h"

#define LAST (RUNET_CURVE_POINTS - 1)
#define DISCS 20
/* How far the apex of the cavity comes down in systole, share of the length. */
#define APEX_DESCENT 0.03
#define THICKNESS_STEPS 30

static double
draw (GRand *rand, double from, double to) {
  return g_rand_double_range (rand, from, to);
}

static void
draw_plane (RunetHeartPlane *plane, RunetView view, GRand *rand) {
  gboolean four = view == RUNET_VIEW_A4C;
  plane->tilt_rad = draw (rand, -11, 9) * G_PI / 180;
  plane->apex.x = draw (rand, -7, 7);
  plane->widest = draw (rand, 0.30, 0.48);
  plane->roundness = draw (rand, 0.78, 1.0);
  plane->annulus_ratio = draw (rand, 0.62, 0.80);
  plane->bend_mm = draw (rand, -3, 3);
  plane->annulus_slope = draw (rand, -0.06, 0.22);
  for (int k = 0; k < 4; k++)
    plane->bulge[k] = draw (rand, -0.05, 0.05) / (1 + 0.4 * k);
  plane->wall_side = four ? draw (rand, -0.2, 0.1) : draw (rand, -0.12, 0.12);
  plane->atrium_length_mm = draw (rand, 30, 56);
  plane->atrium_bulge_mm[0] = four ? draw (rand, 0, 4) : draw (rand, 2, 9);
  plane->atrium_bulge_mm[1] = draw (rand, 2, 10);
  plane->atrium_shift_mm = draw (rand, -5, 5);
  plane->leaflet_meeting = four ? draw (rand, 0.55, 0.7) : draw (rand, 0.4, 0.6);
  plane->tenting_mm = draw (rand, 2, 7);
  plane->papillary = draw (rand, 0, 1) < 0.6 ? draw (rand, 0.66, 0.8) : 0;
}

void
runet_heart_init (RunetHeart *heart,
                  GRand *rand,
                  gboolean foreshortened,
                  gboolean aneurysm) {
  double length = draw (rand, 70, 100);
  double half_width = CLAMP (length * draw (rand, 0.23, 0.31), 18, 29);
  double wall = draw (rand, 7, 12);
  double ejection = aneurysm ? draw (rand, 0.25, 0.4) : draw (rand, 0.27, 0.70);
  double apex_depth = draw (rand, 26, 36);

  heart->length_shortening = 0.28 * ejection + draw (rand, -0.02, 0.02);
  heart->aneurysm = aneurysm ? draw (rand, 0.7, 1) : 0;
  heart->right_ventricle_mm = draw (rand, 26, 38);
  for (int view = 0; view < RUNET_VIEWS; view++) {
    RunetHeartPlane *plane = &heart->planes[view];
    draw_plane (plane, view, rand);
    plane->length_mm = length * draw (rand, 0.96, 1.0);
    plane->half_width_mm = half_width * draw (rand, 0.92, 1.08);
    plane->wall_mm = wall * draw (rand, 0.93, 1.07);
    plane->apex.y = apex_depth + draw (rand, -2, 2);
    /* V ~ length · width · width, so this leaves the ejection fraction drawn. */
    plane->width_shortening = 1 -
                              sqrt ((1 - ejection) / (1 - heart->length_shortening)) +
                              draw (rand, -0.02, 0.02);
    if (foreshortened) {
      plane->length_mm *= view == RUNET_VIEW_A4C ? 0.76 : 0.9;
      plane->half_width_mm *= 1.06;
      plane->roundness = 0.95;
    }
  }
}

/* Share of the height (0 base … 1 apex) that an aneurysm takes, as a smooth bump. */
static double
aneurysm_at (const RunetHeart *heart, double height) {
  double distance = (height - 0.82) / 0.2;
  return heart->aneurysm * exp (-distance * distance);
}

static double
signed_power (double value, double exponent) {
  return copysign (pow (fabs (value), exponent), value);
}

/* The endocardium: a superellipse in the frame of the long axis (height 0 … 1, offset
 * in mm), narrower towards the annulus, bent, with a wavy wall. */
static void
trace_endocardium (const RunetHeart *heart,
                   const RunetHeartPlane *plane,
                   double contraction,
                   RunetHeartShape *shape,
                   RunetPlanePoint *curve) {
  double length = plane->length_mm * (1 - heart->length_shortening * contraction);
  double below = acos (pow (plane->annulus_ratio, 1 / plane->roundness));
  RunetPlanePoint apex = runet_point_along (
      plane->apex, shape->axis, -APEX_DESCENT * plane->length_mm * contraction);
  RunetPlanePoint base = runet_point_along (apex, shape->axis, -length);

  for (gsize i = 0; i <= LAST; i++) {
    double s = (double)i / LAST;
    double angle = -below + s * (G_PI + 2 * below);
    double height =
        sin (angle) >= 0
            ? plane->widest + (1 - plane->widest) * pow (sin (angle), plane->roundness)
            : plane->widest * (1 + sin (angle) / sin (below));
    double still = aneurysm_at (heart, height);
    double width = plane->half_width_mm * (1 + 0.22 * still) *
                   (1 - plane->width_shortening * contraction * (1 - 0.95 * still));
    double offset = -signed_power (cos (angle), plane->roundness);
    for (int k = 0; k < 4; k++)
      offset += plane->bulge[k] * (1 + 0.5 * contraction) * sin ((k + 2) * G_PI * s);
    offset = offset * width + plane->bend_mm * sin (G_PI * height);
    double slope = plane->annulus_slope * offset * pow (1 - height, 4);
    curve[i] = runet_point_along (base, shape->axis, height * length - slope);
    curve[i] = runet_point_along (curve[i], shape->across, offset);
  }
}

/* Wall thickness along the curve, of mean 1: thinner over the apex and at an aneurysm,
 * with an uneven side. */
static void
wall_profile (const RunetHeart *heart, const RunetHeartPlane *plane, double *profile) {
  for (gsize i = 0; i <= LAST; i++) {
    double s = (double)i / LAST;
    double to_apex = (s - 0.5) / 0.13;
    profile[i] = 1.06 - 0.28 * exp (-to_apex * to_apex);
    profile[i] *= 1 + plane->wall_side * (2 * s - 1);
    profile[i] *= 0.86 + 0.14 * sin (G_PI * CLAMP (4 * MIN (s, 1 - s), 0, 0.5));
    profile[i] *= 1 - 0.35 * aneurysm_at (heart, 1 - 2 * fabs (s - 0.5));
  }
}

/* Volume of the wall when both halves are turned around the long axis (Pappus), mm³. */
static double
turned_volume (const RunetStrip *wall, RunetPlanePoint base, RunetPlanePoint across) {
  double volume = 0;
  for (gsize i = 0; i < LAST; i++) {
    RunetPlanePoint a = wall->inner[i], b = wall->inner[i + 1];
    RunetPlanePoint c = wall->outer[i + 1], d = wall->outer[i];
    double area = fabs ((c.x - a.x) * (d.y - b.y) - (d.x - b.x) * (c.y - a.y)) / 2;
    double x = (a.x + b.x + c.x + d.x) / 4 - base.x;
    double y = (a.y + b.y + c.y + d.y) / 4 - base.y;
    volume += G_PI * area * fabs (x * across.x + y * across.y);
  }
  return volume;
}

static void
thicken (RunetStrip *wall, const double *profile, double mm) {
  double thickness[RUNET_CURVE_POINTS];
  for (gsize i = 0; i <= LAST; i++)
    thickness[i] = profile[i] * mm;
  runet_curve_offset (wall->inner, thickness, FALSE, wall->outer);
}

/* The wall around the endocardium of @shape. @volume_mm3: 0 to take the thickness of
 * the plane, else the volume the wall must have. Returns the volume. */
static double
build_wall (const RunetHeart *heart,
            const RunetHeartPlane *plane,
            double volume_mm3,
            RunetHeartShape *shape) {
  RunetStrip *wall = &shape->strips[RUNET_TISSUE_LV_WALL];
  RunetPlanePoint base = runet_point_mix (wall->inner[0], wall->inner[LAST], 0.5);
  double profile[RUNET_CURVE_POINTS];
  double thin = plane->wall_mm, thick = 2.2 * plane->wall_mm;

  wall_profile (heart, plane, profile);
  thicken (wall, profile, thin);
  if (volume_mm3 <= 0)
    return turned_volume (wall, base, shape->across);
  for (int step = 0; step < THICKNESS_STEPS; step++) {
    double middle = (thin + thick) / 2;
    thicken (wall, profile, middle);
    if (turned_volume (wall, base, shape->across) < volume_mm3)
      thin = middle;
    else
      thick = middle;
  }
  return volume_mm3;
}

/* The ventricle alone. */
static void
build_ventricle (const RunetHeart *heart,
                 RunetView view,
                 double contraction,
                 RunetHeartShape *shape) {
  const RunetHeartPlane *plane = &heart->planes[view];
  RunetStrip *wall = &shape->strips[RUNET_TISSUE_LV_WALL];
  double volume;

  shape->present[RUNET_TISSUE_LV_WALL] = TRUE;
  shape->axis = (RunetPlanePoint){sin (plane->tilt_rad), -cos (plane->tilt_rad)};
  shape->across = (RunetPlanePoint){cos (plane->tilt_rad), sin (plane->tilt_rad)};
  trace_endocardium (heart, plane, 0, shape, wall->inner);
  volume = build_wall (heart, plane, 0, shape);
  trace_endocardium (heart, plane, contraction, shape, wall->inner);
  build_wall (heart, plane, volume, shape);
  shape->annulus[0] = wall->inner[0];
  shape->annulus[1] = wall->inner[LAST];
}

void
runet_heart_shape (const RunetHeart *heart,
                   RunetView view,
                   double contraction,
                   double opening,
                   RunetHeartShape *shape) {
  g_autofree RunetHeartShape *rest = g_new0 (RunetHeartShape, 1);

  *shape = (RunetHeartShape){0};
  build_ventricle (heart, view, 0, rest);
  build_ventricle (heart, view, contraction, shape);
  runet_chambers_add (heart, view, contraction, opening, rest, shape);
}

/* Widths of the cavity at the middle of each disc, and the length of its axis; mm. */
static double
measure_discs (const RunetHeartShape *shape, double widths[DISCS]) {
  const RunetPlanePoint *endo = shape->strips[RUNET_TISSUE_LV_WALL].inner;
  RunetPlanePoint base = runet_point_mix (endo[0], endo[LAST], 0.5);
  double length = 0;
  for (gsize i = 0; i <= LAST; i++)
    length = MAX (length, runet_point_distance (base, endo[i]));
  for (int disc = 0; disc < DISCS; disc++) {
    double height = (disc + 0.5) / DISCS * length, low = 0, high = 0;
    for (gsize i = 0; i < LAST; i++) {
      double ends[2][2];
      for (int k = 0; k < 2; k++) {
        double x = endo[i + k].x - base.x, y = endo[i + k].y - base.y;
        ends[k][0] = x * shape->axis.x + y * shape->axis.y;
        ends[k][1] = x * shape->across.x + y * shape->across.y;
      }
      if ((ends[0][0] < height) == (ends[1][0] < height))
        continue;
      double offset = ends[0][1] + (ends[1][1] - ends[0][1]) * (height - ends[0][0]) /
                                       (ends[1][0] - ends[0][0]);
      low = MIN (low, offset);
      high = MAX (high, offset);
    }
    widths[disc] = high - low;
  }
  return length;
}

double
runet_heart_volume_ml (const RunetHeart *heart, double contraction) {
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  double widths[RUNET_VIEWS][DISCS], length = 0, sum = 0;

  for (int view = 0; view < RUNET_VIEWS; view++) {
    build_ventricle (heart, view, contraction, shape);
    length = MAX (length, measure_discs (shape, widths[view]));
  }
  for (int disc = 0; disc < DISCS; disc++)
    sum += widths[RUNET_VIEW_A2C][disc] * widths[RUNET_VIEW_A4C][disc];
  return G_PI / 4 * sum * length / DISCS / 1000;
}

void
runet_heart_fill_labels (const RunetHeartShape *shape,
                         const RunetPlaneGrid *grid,
                         guint8 *labels) {
  const RunetStrip *wall = &shape->strips[RUNET_TISSUE_LV_WALL];
  runet_polygon_fill (shape->strips[RUNET_TISSUE_LA_WALL].inner, RUNET_CURVE_POINTS,
                      grid, RUNET_LABEL_LA, labels);
  runet_strip_fill (wall, grid, RUNET_LABEL_MYOCARDIUM, labels);
  runet_polygon_fill (wall->inner, RUNET_CURVE_POINTS, grid, RUNET_LABEL_LV, labels);
}

void
runet_heart_fill_inside (const RunetHeartShape *shape,
                         const RunetPlaneGrid *grid,
                         guint8 *inside) {
  static const RunetTissue closed[] = {RUNET_TISSUE_LV_WALL, RUNET_TISSUE_LA_WALL,
                                       RUNET_TISSUE_RV_WALL, RUNET_TISSUE_RA_WALL};
  for (gsize i = 0; i < G_N_ELEMENTS (closed); i++) {
    RunetPlanePoint corners[RUNET_CURVE_POINTS + 1];
    if (!shape->present[closed[i]])
      continue;
    for (gsize k = 0; k <= LAST; k++)
      corners[k] = shape->strips[closed[i]].outer[k];
    /* The right ventricle is closed by the septum, which ends at the base of the LV
     * wall. */
    corners[LAST + 1] = closed[i] == RUNET_TISSUE_RV_WALL
                            ? shape->strips[RUNET_TISSUE_LV_WALL].outer[0]
                            : corners[LAST];
    runet_polygon_fill (corners, G_N_ELEMENTS (corners), grid, 1, inside);
  }
  if (shape->present[RUNET_TISSUE_ATRIAL_SEPTUM])
    runet_strip_fill (&shape->strips[RUNET_TISSUE_ATRIAL_SEPTUM], grid, 1, inside);
}
