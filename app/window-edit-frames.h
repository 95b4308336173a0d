/* Corrections of several frames at once: copied to the next, spread between end-diastole and end-systole, taken from
 * another author. */
#pragma once

#include "core/review/review-state.h"
#include "window.h"

G_BEGIN_DECLS

/* win.copy-next, win.interpolate and win.adopt. */
void
runet_window_add_edit_frames (RunetWindow *window);
/* Whether ED and ES of the case in view are corrected, with frames between. */
gboolean
runet_window_edit_may_interpolate (RunetWindow *window);
/* Makes all that @reading drew on the case in view the author's own, as edits that are undone as one. */
void
runet_window_edit_adopt (RunetWindow *window, const RunetReading *reading);

G_END_DECLS
