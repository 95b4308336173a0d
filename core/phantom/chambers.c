/* Atria, right ventricle, atrial septum, valve leaflets and papillary muscle around the
 * LV. */
#include "chambers.h"

#include <math.h>

#define LAST (RUNET_CURVE_POINTS - 1)

#define ATRIAL_WALL_MM 2.5
#define RIGHT_WALL_MM 4.5
#define LEAFLET_MM 1.3
#define PAPILLARY_MM 6.0
#define RIGHT_ATRIUM_MM 42.0
/* The far wall of an atrium follows the valve plane by this share. */
#define ROOF_MOTION 0.2
/* Where on the septum the right ventricle ends, along the LV wall (0 septal base, 0.5
 * apex). */
#define RIGHT_APEX 0.33

static double
smooth_step (double value) {
  double x = CLAMP (value, 0, 1);
  return x * x * (3 - 2 * x);
}

/* An atrium that hangs on the valve ring @left – @right and reaches down to @roof. The
 * curve goes from left to right; its normals are turned outwards by the negative
 * offset. */
static void
build_atrium (RunetStrip *strip,
              RunetPlanePoint left,
              RunetPlanePoint right,
              RunetPlanePoint roof,
              const double bulge_mm[2]) {
  RunetPlanePoint ring = runet_point_mix (left, right, 0.5);
  double half = runet_point_distance (left, right) / 2;
  RunetPlanePoint across = {(right.x - left.x) / (2 * half),
                            (right.y - left.y) / (2 * half)};
  double outwards = -ATRIAL_WALL_MM;

  for (gsize i = 0; i <= LAST; i++) {
    double angle = G_PI * i / LAST;
    double depth = pow (sin (angle), 0.9);
    double side = cos (angle) < 0 ? -1 : 1;
    double wide = half + bulge_mm[side > 0 ? 0 : 1] * smooth_step (1.6 * depth);
    double offset = -side * pow (fabs (cos (angle)), 0.85) * wide;
    strip->inner[i] = runet_point_mix (ring, roof, i == 0 || i == LAST ? 0 : depth);
    strip->inner[i] = runet_point_along (strip->inner[i], across, offset);
  }
  runet_curve_offset (strip->inner, &outwards, TRUE, strip->outer);
}

/* A leaflet from its hinge to its free edge, bulging to @belly. */
static void
build_leaflet (RunetHeartShape *shape,
               RunetTissue tissue,
               RunetPlanePoint hinge,
               RunetPlanePoint belly,
               RunetPlanePoint tip) {
  RunetPlanePoint control[4] = {hinge, runet_point_mix (hinge, belly, 0.7),
                                runet_point_mix (tip, belly, 0.5), tip};
  RunetPlanePoint curve[RUNET_CURVE_POINTS];
  runet_curve_bezier (control, curve);
  runet_strip_around (&shape->strips[tissue], curve, LEAFLET_MM);
  shape->present[tissue] = TRUE;
}

/* Two leaflets that meet at @meeting along the ring when closed and stand along the
 * axis when open. */
static void
build_valve (RunetHeartShape *shape,
             const RunetTissue tissues[2],
             RunetPlanePoint left,
             RunetPlanePoint right,
             double meeting,
             double tenting_mm,
             double opening) {
  double ring = runet_point_distance (left, right);
  RunetPlanePoint closed = runet_point_along (runet_point_mix (left, right, meeting),
                                              shape->axis, tenting_mm);
  RunetPlanePoint hinges[2] = {left, right};
  double lengths[2] = {ring * meeting, ring * (1 - meeting)};

  for (int k = 0; k < 2; k++) {
    double inwards = k == 0 ? 1 : -1;
    RunetPlanePoint open =
        runet_point_along (hinges[k], shape->axis, 0.85 * lengths[k]);
    open = runet_point_along (open, shape->across, inwards * 0.45 * lengths[k]);
    /* Closed leaflets overlap a little where they meet. */
    RunetPlanePoint tip = runet_point_along (closed, shape->across, 1.2 * inwards);
    tip = runet_point_mix (tip, open, opening);
    RunetPlanePoint belly = runet_point_mix (hinges[k], tip, 0.5);
    belly =
        runet_point_along (belly, shape->axis, (1 - 2 * opening) * 0.12 * lengths[k]);
    build_leaflet (shape, tissues[k], hinges[k], belly, tip);
  }
}

static void
build_papillary (const RunetHeartPlane *plane, RunetHeartShape *shape) {
  const RunetStrip *wall = &shape->strips[RUNET_TISSUE_LV_WALL];
  RunetPlanePoint curve[RUNET_CURVE_POINTS], control[4];
  double inwards[4] = {0.25, -0.15, -0.3, -0.5};
  double places[4] = {-0.06, -0.03, 0.01, 0.05};
  RunetStrip *strip = &shape->strips[RUNET_TISSUE_PAPILLARY];

  if (plane->papillary <= 0)
    return;
  for (int k = 0; k < 4; k++)
    control[k] = runet_strip_point (wall, plane->papillary + places[k], inwards[k]);
  runet_curve_bezier (control, curve);
  runet_strip_around (strip, curve, PAPILLARY_MM);
  /* A spindle. */
  for (gsize i = 0; i <= LAST; i++) {
    double thin = 1 - sqrt (sin (G_PI * i / LAST));
    strip->inner[i] = runet_point_mix (strip->inner[i], curve[i], thin);
    strip->outer[i] = runet_point_mix (strip->outer[i], curve[i], thin);
  }
  shape->present[RUNET_TISSUE_PAPILLARY] = TRUE;
}

static void
build_left_atrium (const RunetHeartPlane *plane,
                   const RunetHeartShape *rest,
                   RunetHeartShape *shape) {
  RunetPlanePoint ring[2] = {
      runet_point_mix (shape->annulus[0], shape->annulus[1], 0.5),
      runet_point_mix (rest->annulus[0], rest->annulus[1], 0.5)};
  RunetPlanePoint roof =
      runet_point_along (runet_point_mix (ring[1], ring[0], ROOF_MOTION), shape->axis,
                         -plane->atrium_length_mm);
  roof = runet_point_along (roof, shape->across, plane->atrium_shift_mm);
  build_atrium (&shape->strips[RUNET_TISSUE_LA_WALL], shape->annulus[0],
                shape->annulus[1], roof, plane->atrium_bulge_mm);
  shape->present[RUNET_TISSUE_LA_WALL] = TRUE;
}

/* The right ventricle lies on the septum; its free wall bulges to the left, less in
 * systole. */
static RunetPlanePoint
build_right_ventricle (const RunetHeart *heart,
                       double contraction,
                       RunetHeartShape *shape) {
  const RunetStrip *wall = &shape->strips[RUNET_TISSUE_LV_WALL];
  RunetStrip *strip = &shape->strips[RUNET_TISSUE_RV_WALL];
  double width = heart->right_ventricle_mm * (1 - 0.18 * contraction),
         thickness = RIGHT_WALL_MM;
  RunetPlanePoint apex = wall->outer[(gsize)(RIGHT_APEX * LAST)];
  RunetPlanePoint lateral = runet_point_along (
      runet_point_along (wall->outer[0], shape->across, -width), shape->axis, 3);
  RunetPlanePoint control[4] = {
      lateral,
      runet_point_along (runet_point_along (lateral, shape->axis, 26), shape->across,
                         -9),
      runet_point_along (runet_point_along (apex, shape->across, -0.45 * width),
                         shape->axis, -14),
      apex,
  };
  runet_curve_bezier (control, strip->inner);
  runet_curve_offset (strip->inner, &thickness, TRUE, strip->outer);
  shape->present[RUNET_TISSUE_RV_WALL] = TRUE;
  return lateral;
}

static void
build_right_heart (const RunetHeart *heart,
                   double contraction,
                   double opening,
                   const RunetHeartShape *rest,
                   RunetHeartShape *shape) {
  static const RunetTissue tricuspid[2] = {RUNET_TISSUE_FREE_LEAFLET,
                                           RUNET_TISSUE_SEPTAL_LEAFLET};
  const double bulge_mm[2] = {5, 0.5};
  const RunetStrip *left_atrium = &shape->strips[RUNET_TISSUE_LA_WALL];
  const RunetStrip *right_atrium = &shape->strips[RUNET_TISSUE_RA_WALL];
  RunetStrip *septum = &shape->strips[RUNET_TISSUE_ATRIAL_SEPTUM];
  RunetPlanePoint septal = shape->strips[RUNET_TISSUE_LV_WALL].outer[0];
  RunetPlanePoint lateral = build_right_ventricle (heart, contraction, shape);
  RunetPlanePoint ring_at_rest =
      runet_point_along (rest->strips[RUNET_TISSUE_LV_WALL].outer[0], shape->across,
                         -heart->right_ventricle_mm / 2);
  RunetPlanePoint roof =
      runet_point_along (ring_at_rest, shape->axis, -RIGHT_ATRIUM_MM);

  build_atrium (&shape->strips[RUNET_TISSUE_RA_WALL], lateral, septal, roof, bulge_mm);
  shape->present[RUNET_TISSUE_RA_WALL] = TRUE;
  build_valve (shape, tricuspid, lateral, septal, 0.55, 4, opening);
  /* The septum of the atria fills the gap between the left side of the one and the
   * right side of the other; it is thick at the valves and thin below. */
  for (gsize i = 0; i <= LAST; i++) {
    gsize down = i * 2 / 5;
    septum->inner[i] = left_atrium->inner[down];
    septum->outer[i] = right_atrium->inner[LAST - down];
  }
  shape->present[RUNET_TISSUE_ATRIAL_SEPTUM] = TRUE;
}

void
runet_chambers_add (const RunetHeart *heart,
                    RunetView view,
                    double contraction,
                    double opening,
                    const RunetHeartShape *rest,
                    RunetHeartShape *shape) {
  static const RunetTissue mitral[2] = {RUNET_TISSUE_ANTERIOR_LEAFLET,
                                        RUNET_TISSUE_POSTERIOR_LEAFLET};
  const RunetHeartPlane *plane = &heart->planes[view];

  build_left_atrium (plane, rest, shape);
  build_valve (shape, mitral, shape->annulus[0], shape->annulus[1],
               plane->leaflet_meeting, plane->tenting_mm, opening);
  build_papillary (plane, shape);
  if (view == RUNET_VIEW_A4C)
    build_right_heart (heart, contraction, opening, rest, shape);
}
