/* Where two stages disagree: the contour of the later one, coloured by how far the earlier one lies away,
 * and where it touches the border of its region. */
#pragma once

#include <gtk/gtk.h>
#include "outline.h"
#include "viewport.h"

G_BEGIN_DECLS

/* From here on all look alike, mm: half of what makes an outlier of a contour by Hausdorff's distance. */
#define RUNET_DISAGREEMENT_MOST 4.0

typedef struct _RunetDisagreement RunetDisagreement;

/* @first, @last: borrowed, and must outlive it. @spacing_x_mm, @spacing_y_mm: 1 where unknown: the distances
 * are pixels then. */
RunetDisagreement *
runet_disagreement_new (const RunetOutline *first,
                        const RunetOutline *last,
                        double spacing_x_mm,
                        double spacing_y_mm) G_GNUC_WARN_UNUSED_RESULT;
void
runet_disagreement_free (RunetDisagreement *self);
/* Whether it is of these two. */
gboolean
runet_disagreement_is_of (const RunetDisagreement *self,
                          const RunetOutline *first,
                          const RunetOutline *last);
/* The largest distance of all; NaN when there is none. */
double
runet_disagreement_get_largest (const RunetDisagreement *self);
/* Farther is both lighter and wider. */
void
runet_disagreement_snapshot (const RunetDisagreement *self,
                             const RunetViewport *viewport,
                             GtkSnapshot *snapshot);

/* Ticks across the lines of @outline where they touch the border of @region: m, H × W. */
void
runet_touch_snapshot (const RunetOutline *outline,
                      const float *region,
                      gsize width,
                      gsize height,
                      const RunetViewport *viewport,
                      GtkSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetDisagreement, runet_disagreement_free)

G_END_DECLS
