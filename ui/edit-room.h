/* Room for the image while contours are corrected: in a small window the curves over the timeline and the names in the
 * legend are spared. */
#pragma once

#include "legend.h"
#include "timeline.h"

G_BEGIN_DECLS

typedef struct _RunetEditRoom RunetEditRoom;

/* @viewer: whose window counts; it holds @legend and @timeline. All are borrowed. */
RunetEditRoom *
runet_edit_room_new (GtkWidget *viewer,
                     RunetLegend *legend,
                     RunetTimeline *timeline) G_GNUC_WARN_UNUSED_RESULT;
void
runet_edit_room_free (RunetEditRoom *self);
void
runet_edit_room_set_editing (RunetEditRoom *self, gboolean editing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetEditRoom, runet_edit_room_free)

G_END_DECLS
