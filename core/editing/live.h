/* What is shown of a frame while somebody drags: the figures of the label map alone, without searching for what to
 * say of them. */
#pragma once

#include "core/shape/anatomy.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/**
 * RunetLive: the same figures as of runet_anatomy_new() and runet_discs_measure()
 * @outlier: anatomical outlier in the sense of Table I
 */
typedef struct {
  RunetRegularity regularity[RUNET_STRUCTURES];
  double area_mm2[RUNET_STRUCTURES];
  gboolean outlier;
  RunetDiscs discs;
} RunetLive;

/* @labels: H × W. */
void
runet_live_measure (const guint8 *labels,
                    gsize width,
                    gsize height,
                    double spacing_x_mm,
                    double spacing_y_mm,
                    RunetLive *live);

G_END_DECLS
