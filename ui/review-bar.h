/* What people decided on the case that is shown, and the buttons to decide. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

#define RUNET_TYPE_REVIEW_BAR (runet_review_bar_get_type ())
G_DECLARE_FINAL_TYPE (RunetReviewBar, runet_review_bar, RUNET, REVIEW_BAR, GtkWidget)

/* Its buttons are the actions win.accept, win.reject, win.reopen, win.flag and win.comment of the window it
 * is in; its popovers answer with win.reject-because (reason, text) and win.add-comment (text). */
GtkWidget *
runet_review_bar_new (void);
/* @item: (nullable). */
void
runet_review_bar_set_case (RunetReviewBar *self, RunetCase *item);
/* (transfer none) (nullable): the case that its buttons are about. */
RunetCase *
runet_review_bar_get_case (RunetReviewBar *self);
/* @author: (nullable): who is reviewing; everybody else is another reader. */
void
runet_review_bar_set_author (RunetReviewBar *self, const char *author);
/* @message: (nullable): why nothing can be decided. */
void
runet_review_bar_set_trouble (RunetReviewBar *self, const char *message);
/* Open the popovers, as win.reject and win.comment do. */
void
runet_review_bar_ask_reason (RunetReviewBar *self);
void
runet_review_bar_ask_comment (RunetReviewBar *self);

G_END_DECLS
