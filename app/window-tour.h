/* The tour through the window, on synthetic studies when none is open. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* Begins at once when a study is open; else makes and opens synthetic ones first. */
void
runet_window_start_tour (RunetWindow *self);
/* The same when nobody has taken the tour yet. */
void
runet_window_offer_tour (RunetWindow *self);
/* A study was opened: begins the tour that waits for it. */
void
runet_window_go_on_with_tour (RunetWindow *self);

G_END_DECLS
