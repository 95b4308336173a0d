/* Why a segmentation is suspicious, written beside the spot: a marker, a leader line, a label. */
#pragma once

#include <gtk/gtk.h>
#include "core/shape/anatomy.h"
#include "placement.h"
#include "viewport.h"

G_BEGIN_DECLS

/* A few words for the canvas, in the user's language: "Endo: convexity 0.700 < 0.741". */
char *
runet_callout_text_new (const RunetReason *reason) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_callouts_snapshot:
 * @reasons: (element-type RunetReason)
 * @widget: whose font is used
 *
 * Marks the spots inside the viewport and labels them where @placement has room. A reason without
 * a spot is a label alone, at the top left.
 */
void
runet_callouts_snapshot (const GArray *reasons,
                         const RunetViewport *viewport,
                         RunetPlacement *placement,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot);

G_END_DECLS
