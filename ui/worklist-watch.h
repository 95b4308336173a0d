/* Tells at once when somebody decides on a case of a list, and of nothing else that changes about it. */
#pragma once

#include "case.h"

G_BEGIN_DECLS

typedef struct _RunetWorklistWatch RunetWorklistWatch;

typedef void (*RunetWorklistDecided) (RunetCase *item, gpointer user_data);

/**
 * runet_worklist_watch_new:
 * @cases: (element-type RunetCase): those in it now
 * @decided: called when something was written of one of them in the record
 */
RunetWorklistWatch *
runet_worklist_watch_new (GListModel *cases,
                          RunetWorklistDecided decided,
                          gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void
runet_worklist_watch_free (RunetWorklistWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWorklistWatch, runet_worklist_watch_free)

G_END_DECLS
