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

G_END_DECLS
