/* Synthetic studies made from within the window. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* Makes a folder of studies in @parent on another thread, then opens it. */
void
runet_window_make_phantoms (RunetWindow *self, const char *parent);

G_END_DECLS
