/* The report window that belongs to a window. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* Opens it, or brings it to the front. */
void
runet_window_show_report (RunetWindow *self);
/* Another study is open. */
void
runet_window_update_report (RunetWindow *self);

G_END_DECLS
