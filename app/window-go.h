/* From other windows to a view of the study: it is chosen in the list, and its frame is shown. */
#pragma once

#include "ui/case.h"
#include "window.h"

G_BEGIN_DECLS

/* @instant: −1: whichever is shown. The images of another case follow a moment later. */
void
runet_window_go_to_case (RunetWindow *self, RunetCase *item, int instant);
/* The images of a case are there. */
void
runet_window_arrive (RunetWindow *self);
/* @name: "patient0001_4CH_ED". FALSE when the study has no such image. */
gboolean
runet_window_go_to_image (RunetWindow *self, const char *name);

/* From a view that was decided on to the next one below that its reader has not decided on yet, from the top again after
 * the last; to the one below when there is none. */
void
runet_window_go_on (RunetWindow *self);

G_END_DECLS
