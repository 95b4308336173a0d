/* The still of a view on the canvas while its sequence, which takes several times as long, is being read. */
#pragma once

#include "canvas.h"
#include "case.h"

G_BEGIN_DECLS

/* Shows the still of end-diastole, or else of end-systole, without any contour, unless @cancellable is cancelled
 * before it is there. Does nothing for a view that has no sequence or no still; nor when the still cannot be
 * read: who reads the sequence says so. */
void
runet_first_look_start (RunetCase *item,
                        RunetCanvas *canvas,
                        GCancellable *cancellable);

G_END_DECLS
