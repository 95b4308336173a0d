/* What is so now for one view of one patient, folded from the events about it. */
#pragma once

#include "case-events.h"

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

/* Contours of one frame as a reader left them: the @after of the last edit of it that is in force.
 * @instant: ED or ES; or -1, and then @frame is the 1-based frame of the sequence. */
typedef struct {
  int instant;
  int frame;
  RunetEvent *event;
} RunetFrameEdit;

/**
 * RunetReading: what one reader thinks of a case
 * @decision: (nullable): the event that set @status
 * @comment: (nullable): this reader's last
 * @edits: how many edits are in force
 * @frames: (element-type RunetFrameEdit): those that were edited, the first to come first
 * @adjudicator: as such the reader last decided or edited
 */
typedef struct {
  const char *author; /* that of the events */
  RunetReviewStatus status;
  RunetEvent *decision;
  RunetEvent *comment;
  guint edits;
  GPtrArray *frames;
  gboolean adjudicator;
} RunetReading;

/**
 * RunetReviewState:
 * @status: that of the adjudicator who decided last or, where none has, of the reader who did
 * @decision: (nullable): the event that set it: who, when, why
 * @disputed: readers have decided differently, and no adjudicator has decided
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
 * An event that was undone does not count, nor does a decision or an edit, or the undo of an edit, by a
 * reader who has accepted and not reopened the case: an accepted case is locked.
 */
RunetReviewState *
runet_review_state_new (const RunetSubject *subject,
                        const GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
RunetReviewState *
runet_review_state_fold (const RunetSubject *subject,
                         const RunetCaseEvents *events) G_GNUC_WARN_UNUSED_RESULT;
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
/* (transfer none) (nullable): whose version counts: that of @decision. NULL while nobody has decided, or
 * readers dispute and no adjudicator has spoken. */
const RunetReading *
runet_review_state_get_final (const RunetReviewState *self);
/* (transfer none) (nullable): the edit that made the contours of this frame what they are. @frame is not
 * looked at when @instant is ED or ES. */
RunetEvent *
runet_reading_find_edit (const RunetReading *self, int instant, int frame);
/* (transfer none) (nullable): hash of the image that the contours of this frame were drawn on, see RunetSubject; NULL
 * where the record does not say. */
const char *
runet_reading_find_content (const RunetReading *self, int instant, int frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetReviewState, runet_review_state_unref)

G_END_DECLS
