/* Retraining and the registered models, as they belong to a window: the process, its two windows, and what the header
 * says of it. */
#pragma once

#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowRetrain RunetWindowRetrain;

/* Once, when the window is made. Returns: (transfer full): kept by the window. */
RunetWindowRetrain *
runet_window_retrain_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
void
runet_window_retrain_free (RunetWindowRetrain *self);
/* Opens it, or brings it to the front. */
void
runet_window_retrain_show (RunetWindowRetrain *self);
void
runet_window_retrain_show_models (RunetWindowRetrain *self);
/* Another study is open, or another model chosen. */
void
runet_window_retrain_update (RunetWindowRetrain *self);
/* Says so when the model that the registry has in use is not there, and another one runs. */
void
runet_window_retrain_tell_lost (RunetWindow *window);
/* Whether the window may be closed now. Else somebody is asked first, and it is closed once what was learned is kept. */
gboolean
runet_window_retrain_allow_close (RunetWindowRetrain *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowRetrain, runet_window_retrain_free)

G_END_DECLS
