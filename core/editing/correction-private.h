/* What the files of this folder share about a correction. */
#pragma once

#include "correction.h"

G_BEGIN_DECLS

/* In mm; 1 where the image does not say. */
RunetPoint
runet_correction_get_spacing (const RunetCorrection *self);
gsize
runet_correction_count_pixels (const RunetCorrection *self);
gboolean
runet_correction_has_source (const RunetCorrection *self, RunetSource source);

/* Without contours: neither fitted nor read yet. */
RunetCorrection *
runet_correction_new_empty (RunetGrid *grid,
                            GBytes *original) G_GNUC_WARN_UNUSED_RESULT;
/* Contours of @labels (H × W) on the grid of @self. @residual_mm: (nullable): of RUNET_STRUCTURES. */
void
runet_correction_fit (const RunetCorrection *self,
                      const guint8 *labels,
                      RunetContourModel *model,
                      double *residual_mm);

/* Rows, and columns: as many as NIfTI can have. */
#define RUNET_CORRECTION_SIDE_MAX G_MAXINT16
/* Pixels of a label map, and how far from the image's origin a contour may be: far beyond what any image or gesture
 * gives, and near enough for all arithmetic. */
#define RUNET_CORRECTION_PIXELS_MAX ((gsize)64 << 20)
#define RUNET_CORRECTION_PLACE_MAX 1e6
/* Stretches that somebody is not sure of; no contour has so many. */
#define RUNET_CORRECTION_STRETCHES_MAX 256

G_END_DECLS
