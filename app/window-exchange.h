/* Contours out of the record that is open, and masks into it. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* The actions win.export and win.import-masks. */
void
runet_window_exchange_add (RunetWindow *self);
/* Enables them where a record is open. */
void
runet_window_exchange_update (RunetWindow *self);

G_END_DECLS
