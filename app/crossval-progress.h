/* What `runet crossval` tells while it works. */
#pragma once

#include "core/training/crossval.h"

G_BEGIN_DECLS

/* A RunetCrossvalFunc: a line a job and a line an epoch on the standard error, and between them, on a terminal, how far
 * it is. @user_data: the command's name. */
void
runet_crossval_progress_cb (const RunetCrossvalProgress *progress, gpointer user_data);

G_END_DECLS
