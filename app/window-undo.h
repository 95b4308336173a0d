/* Undo and redo, over all that one did to the studies that are open, in this or in an earlier session. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* win.undo and win.redo. */
void
runet_window_add_undo (RunetWindow *window);
/* Enables them. */
void
runet_window_undo_update (RunetWindow *window);

G_END_DECLS
