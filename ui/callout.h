/* Why a segmentation is suspicious, written beside the spot: a marker, a leader line, a label. */
#pragma once

#include <gtk/gtk.h>
#include "core/shape/anatomy.h"
#include "placement.h"
#include "viewport.h"

G_BEGIN_DECLS

/**
 * runet_callouts_snapshot:
 * @reasons: (element-type RunetReason)
 * @heart: (nullable): what labels keep clear of as long as there is room elsewhere
 * @labelled: %FALSE: the markers alone
 * @widget: whose font is used
 *
 * Marks the spots inside the viewport and labels them where @placement has room. A reason without
 * a spot is a label alone, at the top left.
 */
void
runet_callouts_snapshot (const GArray *reasons,
                         const RunetViewport *viewport,
                         const graphene_rect_t *heart,
                         gboolean labelled,
                         RunetPlacement *placement,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot);

G_END_DECLS
