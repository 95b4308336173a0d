/* A data set's review: the journal, what is so now for each case, and what can be undone. */
#pragma once

#include "journal.h"
#include "review-state.h"

G_BEGIN_DECLS

/* Not to be used by two threads at once. */
typedef struct _RunetReview RunetReview;

/* Opens the journal at @path and folds all its events. Errors: as of runet_journal_open(). */
RunetReview *
runet_review_open (const char *path,
                   RunetJournalMode mode,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_review_close (RunetReview *self);
/* (transfer none): to read edits from. */
RunetJournal *
runet_review_get_journal (RunetReview *self);
/* How many events there are. */
guint
runet_review_count_events (const RunetReview *self);

/* (transfer none) (nullable): NULL where nobody did anything yet. */
RunetReviewState *
runet_review_get_state (const RunetReview *self, const RunetSubject *subject);
/* (transfer container) (element-type RunetReviewState): by subset, patient and view. */
GPtrArray *
runet_review_list_states (const RunetReview *self) G_GNUC_WARN_UNUSED_RESULT;

/* Folds what was appended meanwhile, by this or another process. */
gboolean
runet_review_refresh (RunetReview *self, GError **error);

/**
 * runet_review_append:
 * @event: a decision or an edit by somebody who has accepted the case, or its undo of an edit, is
 *   %RUNET_ERROR_MISMATCH
 *
 * Refreshes, so that @event meets what others did meanwhile, and appends before they can do more.
 */
gboolean
runet_review_append (RunetReview *self, RunetEvent *event, GError **error);

/* (transfer full) (element-type RunetReviewState): the states that are new since the last call. */
GPtrArray *
runet_review_take_changes (RunetReview *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_review_new_undo: / runet_review_new_redo:
 * @target: (out) (optional) (transfer none): what it takes back, or does again
 *
 * Returns: (transfer full) (nullable): the event to append that takes back what @author did last, in
 *   this or in an earlier session; NULL when there is nothing left.
 */
RunetEvent *
runet_review_new_undo (const RunetReview *self,
                       const char *author,
                       const RunetEvent **target) G_GNUC_WARN_UNUSED_RESULT;
RunetEvent *
runet_review_new_redo (const RunetReview *self,
                       const char *author,
                       const RunetEvent **target) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetReview, runet_review_close)

G_END_DECLS
