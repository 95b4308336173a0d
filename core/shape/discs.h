/* The long axis of the left ventricle and the discs across it, on one label map: what Simpson's method
 * measures in one view. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/* Lang et al., "Recommendations for cardiac chamber quantification", JASE 2015: twenty. */
#define RUNET_DISCS 20

/* Why there is no long axis. */
typedef enum {
  RUNET_DISCS_FOUND,
  RUNET_DISCS_NO_SPACING, /* the image does not say how large a pixel is */
  RUNET_DISCS_NO_CAVITY, /* no pixel is LV */
  RUNET_DISCS_NO_BASE, /* no stretch of the endocardium is free of myocardium, or nearly all is */
} RunetDiscsState;

/* One line of English: "no long axis found: …". */
const char *
runet_discs_state_to_string (RunetDiscsState state);

/* The long axis as points of the endocardium's outline, by their indices: the base runs from @first forward to
 * @last. */
typedef struct {
  guint first, last, apex;
} RunetLongAxis;

/* @outline: of the cavity. @labels: H × W. FALSE when it has no base. */
gboolean
runet_long_axis_find (const RunetContour *outline,
                      const guint8 *labels,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      RunetLongAxis *axis);

/**
 * RunetDiscs: points in pixel coordinates, all but @state and @area_mm2 only when found
 * @annulus: the two ends of the mitral base: where the myocardium leaves the endocardium
 * @base: the middle between them
 * @apex: the point of the endocardium that is farthest from @base, in mm
 * @length_mm: from @base to @apex
 * @diameter_mm: across the axis, at the middle of each disc, from base to apex; what lies inside the
 *   cavity
 * @ends: of those lines
 * @area_mm2: of the cavity's largest component; 0 when there is none, NaN without spacing
 */
typedef struct {
  RunetDiscsState state;
  RunetPoint annulus[2];
  RunetPoint base, apex;
  double length_mm;
  double diameter_mm[RUNET_DISCS];
  RunetPoint ends[RUNET_DISCS][2];
  double area_mm2;
} RunetDiscs;

/* @labels: H × W. */
RunetDiscs
runet_discs_measure (const guint8 *labels,
                     gsize width,
                     gsize height,
                     double spacing_x_mm,
                     double spacing_y_mm);

G_END_DECLS
