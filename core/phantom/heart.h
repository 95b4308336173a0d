/* A heart with a beating left ventricle, cut by the planes of the two apical views. */
#pragma once

#include "core/echo/study.h"
#include "curve.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_TISSUE_LV_WALL,
  RUNET_TISSUE_LA_WALL,
  RUNET_TISSUE_ANTERIOR_LEAFLET, /* mitral valve; in A2C simply the left one */
  RUNET_TISSUE_POSTERIOR_LEAFLET,
  RUNET_TISSUE_PAPILLARY,
  RUNET_TISSUE_RV_WALL, /* this and what follows: apical four-chamber only */
  RUNET_TISSUE_RA_WALL,
  RUNET_TISSUE_ATRIAL_SEPTUM,
  RUNET_TISSUE_SEPTAL_LEAFLET, /* tricuspid valve */
  RUNET_TISSUE_FREE_LEAFLET,
  RUNET_TISSUES
} RunetTissue;

/**
 * RunetHeartShape: one view at one moment
 * @present: which strips there are
 * @strips: LV wall: inner = endocardium from the left end of the mitral annulus over
 *   the apex to the right end, outer = epicardium
 * @axis: unit vector from the base to the apex of the LV; @across: to its right
 * @annulus: ends of the mitral annulus, left and right
 */
typedef struct {
  gboolean present[RUNET_TISSUES];
  RunetStrip strips[RUNET_TISSUES];
  RunetPlanePoint axis, across;
  RunetPlanePoint annulus[2];
} RunetHeartShape;

/* What differs between the two planes through the same ventricle. All at
 * end-diastole. */
typedef struct {
  RunetPlanePoint apex; /* of the endocardium */
  double tilt_rad; /* of the long axis; positive: apex to the right */
  double length_mm; /* apex to mitral plane, foreshortening included */
  double half_width_mm;
  double widest; /* height of the largest width, 0 base … 1 apex */
  double
      roundness; /* exponent of the superellipse; 1 is an ellipse, less is a bullet */
  double annulus_ratio; /* width at the base over the largest */
  double bend_mm; /* of the long axis */
  double
      annulus_slope; /* the right end lower (positive) by this share of its distance */
  double bulge[4]; /* sine series along the wall, share of the half width */
  double wall_mm; /* mean thickness */
  double wall_side; /* right wall thicker (positive), share */
  double width_shortening;
  double atrium_length_mm;
  double atrium_bulge_mm[2];
  double atrium_shift_mm;
  double leaflet_meeting; /* where the leaflets meet along the annulus, 0 … 1 */
  double tenting_mm;
  double papillary; /* place along the wall; 0: not in the plane */
} RunetHeartPlane;

typedef struct {
  RunetHeartPlane planes[RUNET_VIEWS];
  double length_shortening; /* share of the length at full contraction */
  double aneurysm; /* 0 … 1: an apex that bulges and does not contract */
  double right_ventricle_mm;
} RunetHeart;

/**
 * runet_heart_init:
 * @foreshortened, @aneurysm: unusual shapes
 *
 * Draws a heart at random: length 70-100 mm, EF 25-70 %, walls 7-12 mm.
 */
void
runet_heart_init (RunetHeart *heart,
                  GRand *rand,
                  gboolean foreshortened,
                  gboolean aneurysm);

/**
 * runet_heart_shape:
 * @contraction: 0 at end-diastole, 1 at end-systole
 * @opening: of the mitral and tricuspid valves, 0 … 1
 *
 * The wall thickens so that its volume stays that of end-diastole.
 */
void
runet_heart_shape (const RunetHeart *heart,
                   RunetView view,
                   double contraction,
                   double opening,
                   RunetHeartShape *shape);

/* Volume of the LV cavity by Simpson's biplane method of 20 discs on the exact
 * contours, ml. */
double
runet_heart_volume_ml (const RunetHeart *heart, double contraction);

/* The mask an expert would draw: values of RunetLabel, @grid->height × @grid->width. */
void
runet_heart_fill_labels (const RunetHeartShape *shape,
                         const RunetPlaneGrid *grid,
                         guint8 *labels);

/* 1 where there is heart (walls and cavities), 0 outside; same layout. */
void
runet_heart_fill_inside (const RunetHeartShape *shape,
                         const RunetPlaneGrid *grid,
                         guint8 *inside);

G_END_DECLS
