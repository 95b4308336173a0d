/* What people decide in the window: the record of the study that is open, and the actions that add to it. */
#pragma once

#include "core/echo/dataset.h"
#include "core/review/review.h"
#include "ui/case.h"
#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowReview RunetWindowReview;

/* Once, when the window is made. Returns: (transfer full): kept by the window. */
RunetWindowReview *
runet_window_review_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
/* When the window has all its parts. */
void
runet_window_review_start (RunetWindowReview *self);
void
runet_window_review_free (RunetWindowReview *self);
/* Opens the record of @dataset, and gives the window's cases what it says of them. */
void
runet_window_review_open (RunetWindowReview *self, RunetDataset *dataset);
/* (transfer none) (nullable): none is open, or it cannot be used. */
RunetReview *
runet_window_review_get_record (RunetWindowReview *self);
/* (nullable): not known yet. */
const char *
runet_window_review_get_author (RunetWindowReview *self);
/* FALSE when there is no name yet: it is asked for, and then @action is done. */
gboolean
runet_window_review_check_author (RunetWindowReview *self,
                                  GSimpleAction *action,
                                  GVariant *parameter);
/* (transfer none) (nullable): the case that is decided on: the one whose images and facts are both on the screen. */
RunetCase *
runet_window_review_get_case (RunetWindowReview *self);
/* (transfer none) (nullable): the case that @subject is about. */
RunetCase *
runet_window_review_find_case (RunetWindowReview *self, const RunetSubject *subject);
/* By the author, about @item, and the model whose contours it has. */
RunetEvent *
runet_window_review_event_new (RunetWindowReview *self,
                               RunetEventKind kind,
                               RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;
/* Writes @event, and gives the cases what the record says then, also when @event was refused. */
gboolean
runet_window_review_append (RunetWindowReview *self, RunetEvent *event, GError **error);
/* Enables what can be decided now. */
void
runet_window_review_update (RunetWindowReview *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowReview, runet_window_review_free)

G_END_DECLS
