/* What is so now for one view of one patient, folded from the events about it. */
#pragma once

#include "event.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_REVIEW_NONE, /* nobody decided, or it was reopened */
  RUNET_REVIEW_ACCEPTED, /* the model's contours as they are */
  RUNET_REVIEW_CORRECTED, /* accepted after edits */
  RUNET_REVIEW_REJECTED,
  RUNET_REVIEW_STATUSES
} RunetReviewStatus;

/* "not-reviewed", "accepted", "corrected", "rejected". */
const char *
runet_review_status_to_string (RunetReviewStatus status);

/**
 * RunetReading: what one reader thinks of a case
 * @decision: (nullable): the event that set @status
 * @comment: (nullable): this reader's last
 * @edits: edits that were not taken back
 */
typedef struct {
  const char *author; /* that of the events */
  RunetReviewStatus status;
  RunetEvent *decision;
  RunetEvent *comment;
  guint edits;
} RunetReading;

/**
 * RunetReviewState:
 * @status: that of the reader who decided last
 * @decision: (nullable): the event that set it: who, when, why
 * @disputed: readers have decided differently
 * @flag: (nullable): the event that set the flag; the flag is everybody's
 * @comment: (nullable): the last one
 * @comments: (element-type RunetEvent): all of them, the oldest first
 * @readings: (element-type RunetReading): of everybody who did anything, the first to come first
 *
 * Never changes: new events make a new state.
 */
typedef struct {
  gatomicrefcount references;
  RunetSubject subject;
  RunetReviewStatus status;
  RunetEvent *decision;
  gboolean disputed;
  gboolean flagged;
  RunetEvent *flag;
  RunetEvent *comment;
  GPtrArray *comments;
  GPtrArray *readings;
} RunetReviewState;

/**
 * runet_review_state_new:
 * @subject: the case
 * @events: (element-type RunetEvent): all about this case, in the order of their numbers
 *
 * An event that was undone does not count, nor does a decision or an edit by a reader who has accepted
 * and not reopened the case: an accepted case is locked.
 */
RunetReviewState *
runet_review_state_new (const RunetSubject *subject,
                        const GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
RunetReviewState *
runet_review_state_ref (RunetReviewState *self);
void
runet_review_state_unref (RunetReviewState *self);

/* (transfer none) (nullable): what @author thinks. */
const RunetReading *
runet_review_state_find_reading (const RunetReviewState *self, const char *author);
/* @self, @author: (nullable). Not reviewed where there is no such reading. */
RunetReviewStatus
runet_review_state_get_status_of (const RunetReviewState *self, const char *author);
/* Accepted, with or without edits: @author may not decide or edit before reopening it. */
gboolean
runet_review_state_is_locked (const RunetReviewState *self, const char *author);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetReviewState, runet_review_state_unref)

G_END_DECLS
