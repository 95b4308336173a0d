/* The width that somebody gave one side of two panes. It is kept while there is no room for it, and comes back
 * when there is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _RunetPaneWidth RunetPaneWidth;

/* @paned: two panes beside each other; outlives the result
 * @side: the one that keeps its width
 * @width: of it, in pixels */
RunetPaneWidth *
runet_pane_width_new (GtkPaned *paned,
                      GtkPackType side,
                      int width) G_GNUC_WARN_UNUSED_RESULT;
void
runet_pane_width_free (RunetPaneWidth *self);
/* The one that was chosen, not what is there now. */
int
runet_pane_width_get (RunetPaneWidth *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetPaneWidth, runet_pane_width_free)

G_END_DECLS
