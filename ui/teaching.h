/* How much each case of a list would teach the network: worked out on another thread when it is wanted and results
 * are new, and told to the cases. */
#pragma once

#include "case.h"

G_BEGIN_DECLS

typedef struct _RunetTeaching RunetTeaching;

/* @done: called on the main thread whenever the cases were told. */
RunetTeaching *
runet_teaching_new (GListModel *cases,
                    void (*done) (gpointer user_data),
                    gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* @done is not called any more. */
void
runet_teaching_free (RunetTeaching *self);
/* Whether anybody looks at it; while nobody does nothing is worked out. */
void
runet_teaching_set_wanted (RunetTeaching *self, gboolean wanted);
/* Results or decisions are new: what is worked out follows a moment after the last of them, and at least every few
 * seconds. What was accepted or corrected has taught already: the others count by how little they look like it. */
void
runet_teaching_results_changed (RunetTeaching *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTeaching, runet_teaching_free)

G_END_DECLS
