/* The engine as it is chosen in a window: its actions, its part of the menu, and which engines can be had at all. */
#pragma once

#include "core/nn/plan.h"
#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowEngine RunetWindowEngine;

/* Once, when the window is made. Returns: (transfer full): kept by the window. */
RunetWindowEngine *
runet_window_engine_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
void
runet_window_engine_free (RunetWindowEngine *self);
/* What is chosen, for who says so when it cannot be had. */
RunetEngineChoice
runet_window_engine_get_choice (RunetWindowEngine *self);
/* The same for who would fail without a GPU: the fastest that works. */
RunetEngineChoice
runet_window_engine_get_lenient_choice (RunetWindowEngine *self);
/* Appends the engines, and the precisions where there is a GPU. */
void
runet_window_engine_fill (RunetWindowEngine *self, GMenu *menu);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowEngine, runet_window_engine_free)

G_END_DECLS
