/* The comments on a case, and one more. */
#pragma once

#include <gtk/gtk.h>
#include "core/review/review-state.h"

G_BEGIN_DECLS

#define RUNET_TYPE_COMMENT_POPOVER (runet_comment_popover_get_type ())
G_DECLARE_FINAL_TYPE (RunetCommentPopover,
                      runet_comment_popover,
                      RUNET,
                      COMMENT_POPOVER,
                      GtkPopover)

/* Answers with the action "win.add-comment" and the text. */
GtkWidget *
runet_comment_popover_new (void);
/* @review: (nullable): whose comments are listed. What is being typed stays. */
void
runet_comment_popover_set_review (RunetCommentPopover *self,
                                  const RunetReviewState *review);
/* Opens it; forgets what was typed for another case. */
void
runet_comment_popover_ask (RunetCommentPopover *self);
void
runet_comment_popover_clear (RunetCommentPopover *self);

G_END_DECLS
