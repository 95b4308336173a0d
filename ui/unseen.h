/* Which outliers nobody has looked at yet. Rows move when results come, so that one that was looked at may be below
 * again. */
#pragma once

#include "worklist-model.h"

G_BEGIN_DECLS

typedef struct _RunetUnseen RunetUnseen;

RunetUnseen *
runet_unseen_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_unseen_free (RunetUnseen *self);
/* Other cases: nothing was seen. */
void
runet_unseen_clear (RunetUnseen *self);
/* @item: (nullable): is chosen now. Seen when it is an outlier; one that is chosen before anything is known of it is
 * not. */
void
runet_unseen_note (RunetUnseen *self, RunetCase *item);
/* The next outlier below @selected, and around: one that was not seen, else any. GTK_INVALID_LIST_POSITION when
 * there is none. */
guint
runet_unseen_find_outlier (RunetUnseen *self,
                           RunetWorklistModel *shown,
                           guint selected);

G_END_DECLS
