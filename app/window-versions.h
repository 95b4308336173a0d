/* Whose contours are on the image: what counts, the model's, or another author's. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* win.show-version and win.cycle-versions. */
void
runet_window_add_versions (RunetWindow *window);

G_END_DECLS
