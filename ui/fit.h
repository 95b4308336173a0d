/* Label maps, regions and contours brought to the grid of another image of the same view: some data sets hold
 * sequences at half the size of the stills. Maps and regions are for drawing; nothing is measured on them. */
#pragma once

#include "core/editing/correction.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/* Whether the two show the same part of the body: equal width and height in mm, to 2 %. */
gboolean
runet_grid_same_extent (const RunetGrid *a, const RunetGrid *b);
/* Returns: (transfer full) (nullable): frame @frame of @map on the size of @grid; %NULL when
 * they do not have the same extent. */
RunetLabelMap *
runet_label_map_fit (RunetLabelMap *map,
                     gsize frame,
                     const RunetGrid *grid) G_GNUC_WARN_UNUSED_RESULT;
/* As above for H × W values on @from. */
float *
runet_region_fit (const float *region,
                  const RunetGrid *from,
                  const RunetGrid *grid) G_GNUC_WARN_UNUSED_RESULT;

/* Points alone are moved: lengths and areas are in mm already. */
RunetDiscs
runet_discs_fit (const RunetDiscs *discs, const RunetGrid *from, const RunetGrid *grid);
/* @model is on @from; it may be the result. */
void
runet_contours_fit (const RunetContourModel *model,
                    const RunetGrid *from,
                    const RunetGrid *grid,
                    RunetContourModel *fitted);
/* Returns: (transfer full) (nullable): the same contours as a correction of an image on @grid; %NULL when they do not
 * have the same extent. */
RunetCorrection *
runet_correction_fit_grid (RunetCorrection *correction,
                           const RunetGrid *grid) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
