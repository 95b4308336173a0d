/* The outlines of endo, epi and LA without the base that they have in common: what the contour model's splines are
 * fitted to. */
#pragma once

#include "contour.h"

G_BEGIN_DECLS

/**
 * RunetFreeOutlines: pixel coordinates
 * @line: (element-type RunetPoint) (nullable): of each structure's largest component, from annulus point 0 to
 *   annulus point 1, epi's from and to the line through these; NULL when the structure is not there
 * @apex: index into the endo's line: its point that is farthest from the middle of the base
 * @bulge_mm: how far the rest of each outline, which is not in @line, leaves the straight way between the line's ends
 * @length_mm: from there to the apex; without endo the diagonal of what there is; 0 when there is nothing
 */
typedef struct {
  GArray *line[RUNET_STRUCTURES];
  guint apex;
  double bulge_mm[RUNET_STRUCTURES];
  double length_mm;
} RunetFreeOutlines;

/* @labels: H × W. */
void
runet_free_outlines_init (RunetFreeOutlines *outlines,
                          const guint8 *labels,
                          gsize width,
                          gsize height,
                          double spacing_x_mm,
                          double spacing_y_mm);
void
runet_free_outlines_clear (RunetFreeOutlines *outlines);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetFreeOutlines, runet_free_outlines_clear)

G_END_DECLS
