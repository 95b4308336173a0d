/* The events about one case, and which of them count: not those that were taken back, nor those that
 * came when a lock was on. */
#pragma once

#include "event.h"

G_BEGIN_DECLS

typedef struct _RunetCaseEvents RunetCaseEvents;

RunetCaseEvents *
runet_case_events_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_case_events_free (RunetCaseEvents *self);

/**
 * runet_case_events_is_refused:
 *
 * Whether @event, if it came now, would be a decision or an edit, or the undo or redo of an edit, of
 * somebody who has accepted the case and not reopened it.
 */
gboolean
runet_case_events_is_refused (const RunetCaseEvents *self, const RunetEvent *event);

/**
 * runet_case_events_add:
 * @event: newer than those before
 *
 * Returns: whether it takes part: it was not refused, and what it undoes is an earlier event of its
 *   author about this case. What was refused stays so, whatever is undone later.
 */
gboolean
runet_case_events_add (RunetCaseEvents *self, RunetEvent *event);

/* (transfer container) (element-type RunetEvent): those that count now, without the undos. */
GPtrArray *
runet_case_events_list (const RunetCaseEvents *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCaseEvents, runet_case_events_free)

G_END_DECLS
