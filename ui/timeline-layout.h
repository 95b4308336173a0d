/* Where the parts of the timeline stand: words and controls beside the track, or below it where it is narrow. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For a widget whose children are, in this order: the play button, the track, the words and the controls. */
GtkLayoutManager *
runet_timeline_layout_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
