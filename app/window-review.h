/* What people decide in the window: the record of the study that is open, and the actions that add to it. */
#pragma once

#include "core/echo/dataset.h"
#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowReview RunetWindowReview;

/* Once, when the window is made. Returns: (transfer full): kept by the window. */
RunetWindowReview *
runet_window_review_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
void
runet_window_review_free (RunetWindowReview *self);
/* Opens the record of @dataset, and gives the window's cases what it says of them. */
void
runet_window_review_open (RunetWindowReview *self, RunetDataset *dataset);
/* Enables what can be decided now. */
void
runet_window_review_update (RunetWindowReview *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowReview, runet_window_review_free)

G_END_DECLS
