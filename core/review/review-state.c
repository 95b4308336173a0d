/* What is so now for one view of one patient, folded from the events about it. */
#include "review-state.h"

const char *
runet_review_status_to_string (RunetReviewStatus status) {
  static const char *const names[RUNET_REVIEW_STATUSES] = {
      [RUNET_REVIEW_NONE] = "not-reviewed",
      [RUNET_REVIEW_ACCEPTED] = "accepted",
      [RUNET_REVIEW_CORRECTED] = "corrected",
      [RUNET_REVIEW_REJECTED] = "rejected",
  };
  g_return_val_if_fail ((guint)status < RUNET_REVIEW_STATUSES, NULL);
  return names[status];
}

/* ---- Folding ---- */

static void
set_event (RunetEvent **place, RunetEvent *event) {
  g_clear_pointer (place, runet_event_unref);
  *place = event != NULL ? runet_event_ref (event) : NULL;
}

static void
reading_free (gpointer data) {
  RunetReading *reading = data;
  set_event (&reading->decision, NULL);
  set_event (&reading->comment, NULL);
  g_ptr_array_unref (reading->frames);
  g_free (reading);
}

static void
frame_edit_free (gpointer data) {
  RunetFrameEdit *edit = data;
  runet_event_unref (edit->event);
  g_free (edit);
}

static RunetReading *
get_reading (RunetReviewState *self, const char *author) {
  RunetReading *reading =
      (RunetReading *)runet_review_state_find_reading (self, author);
  if (reading == NULL) {
    reading = g_new0 (RunetReading, 1);
    reading->author = g_intern_string (author);
    reading->frames = g_ptr_array_new_with_free_func (frame_edit_free);
    g_ptr_array_add (self->readings, reading);
  }
  return reading;
}

static gboolean
is_locking (RunetReviewStatus status) {
  return status == RUNET_REVIEW_ACCEPTED || status == RUNET_REVIEW_CORRECTED;
}

static gboolean
is_adjudication (const RunetEvent *event) {
  return g_strcmp0 (event->role, RUNET_ROLE_ADJUDICATOR) == 0;
}

static void
decide (RunetReading *reading, RunetReviewStatus status, RunetEvent *event) {
  reading->status = status;
  reading->adjudicator = is_adjudication (event);
  set_event (&reading->decision, status == RUNET_REVIEW_NONE ? NULL : event);
}

/* ED and ES are the same image wherever they are in the sequence. */
static RunetFrameEdit *
find_frame (const RunetReading *reading, int instant, int frame) {
  for (guint i = 0; i < reading->frames->len; i++) {
    RunetFrameEdit *edit = reading->frames->pdata[i];
    if (edit->instant == instant && (instant >= 0 || edit->frame == frame))
      return edit;
  }
  return NULL;
}

/* A record may be anybody's: contours of no frame replace none. */
static gboolean
is_of_frame (const RunetSubject *subject) {
  return subject->instant >= 0 ||
         (subject->frame > 0 && subject->frame <= RUNET_FRAMES_MAX);
}

static void
take_edit (RunetReading *reading, RunetEvent *event) {
  const RunetSubject *subject = &event->subject;
  reading->edits++;
  reading->adjudicator = is_adjudication (event);
  if (!is_of_frame (subject))
    return;
  RunetFrameEdit *edit = find_frame (reading, subject->instant, subject->frame);
  if (edit == NULL) {
    edit = g_new0 (RunetFrameEdit, 1);
    edit->instant = subject->instant;
    edit->frame = subject->frame;
    g_ptr_array_add (reading->frames, edit);
  }
  set_event (&edit->event, event);
}

static void
take_flag (RunetReviewState *self, RunetEvent *event) {
  self->flagged = event->kind == RUNET_EVENT_FLAG;
  set_event (&self->flag, self->flagged ? event : NULL);
}

static void
take_comment (RunetReviewState *self, RunetReading *reading, RunetEvent *event) {
  set_event (&reading->comment, event);
  set_event (&self->comment, event);
  g_ptr_array_add (self->comments, runet_event_ref (event));
}

/* What was refused when it came is not among the events; but what was done while the case was open may now
 * stand behind an acceptance, because the reopening was undone. */
static void
apply (RunetReviewState *self, RunetEvent *event) {
  RunetReading *reading = get_reading (self, event->author);
  const gboolean locked = is_locking (reading->status);
  switch (event->kind) {
  case RUNET_EVENT_ACCEPT:
    if (!locked)
      decide (reading,
              reading->edits > 0 ? RUNET_REVIEW_CORRECTED : RUNET_REVIEW_ACCEPTED,
              event);
    break;
  case RUNET_EVENT_REJECT:
    if (!locked)
      decide (reading, RUNET_REVIEW_REJECTED, event);
    break;
  case RUNET_EVENT_REOPEN:
    decide (reading, RUNET_REVIEW_NONE, event);
    break;
  case RUNET_EVENT_EDIT:
    if (!locked)
      take_edit (reading, event);
    break;
  case RUNET_EVENT_FLAG:
  case RUNET_EVENT_UNFLAG:
    take_flag (self, event);
    break;
  case RUNET_EVENT_COMMENT:
    take_comment (self, reading, event);
    break;
  default:
    break;
  }
}

/* Whether the decision of @reading counts for more than that of @than. By the numbers, not by the times:
 * clocks of several computers differ. */
static gboolean
is_above (const RunetReading *reading, const RunetReading *than) {
  if (than == NULL)
    return TRUE;
  const gboolean adjudication = is_adjudication (reading->decision);
  return adjudication != is_adjudication (than->decision)
             ? adjudication
             : reading->decision->number > than->decision->number;
}

static void
sum_up (RunetReviewState *self) {
  const RunetReading *first = NULL, *top = NULL;
  for (guint i = 0; i < self->readings->len; i++) {
    const RunetReading *reading = self->readings->pdata[i];
    if (reading->decision == NULL)
      continue;
    first = first != NULL ? first : reading;
    self->disputed = self->disputed || reading->status != first->status;
    if (is_above (reading, top))
      top = reading;
  }
  if (top == NULL)
    return;
  self->disputed = self->disputed && !is_adjudication (top->decision);
  self->status = top->status;
  set_event (&self->decision, top->decision);
}

RunetReviewState *
runet_review_state_new (const RunetSubject *subject, const GPtrArray *events) {
  g_return_val_if_fail (subject != NULL && events != NULL, NULL);

  g_autoptr (RunetCaseEvents) all = runet_case_events_new ();
  for (guint i = 0; i < events->len; i++)
    runet_case_events_add (all, events->pdata[i]);
  return runet_review_state_fold (subject, all);
}

RunetReviewState *
runet_review_state_fold (const RunetSubject *subject, const RunetCaseEvents *events) {
  g_return_val_if_fail (subject != NULL && events != NULL, NULL);

  RunetReviewState *self = g_new0 (RunetReviewState, 1);
  g_atomic_ref_count_init (&self->references);
  runet_subject_copy (subject, &self->subject);
  self->readings = g_ptr_array_new_with_free_func (reading_free);
  self->comments = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  g_autoptr (GPtrArray) in_force = runet_case_events_list (events);
  for (guint i = 0; i < in_force->len; i++)
    apply (self, in_force->pdata[i]);
  sum_up (self);
  return self;
}

RunetReviewState *
runet_review_state_ref (RunetReviewState *self) {
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
runet_review_state_unref (RunetReviewState *self) {
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  set_event (&self->decision, NULL);
  set_event (&self->flag, NULL);
  set_event (&self->comment, NULL);
  g_ptr_array_unref (self->comments);
  g_ptr_array_unref (self->readings);
  runet_subject_clear (&self->subject);
  g_free (self);
}

const RunetReading *
runet_review_state_find_reading (const RunetReviewState *self, const char *author) {
  g_return_val_if_fail (self != NULL && author != NULL, NULL);
  for (guint i = 0; i < self->readings->len; i++) {
    const RunetReading *reading = self->readings->pdata[i];
    if (g_str_equal (reading->author, author))
      return reading;
  }
  return NULL;
}

RunetReviewStatus
runet_review_state_get_status_of (const RunetReviewState *self, const char *author) {
  const RunetReading *reading = self != NULL && author != NULL
                                    ? runet_review_state_find_reading (self, author)
                                    : NULL;
  return reading != NULL ? reading->status : RUNET_REVIEW_NONE;
}

gboolean
runet_review_state_is_locked (const RunetReviewState *self, const char *author) {
  return is_locking (runet_review_state_get_status_of (self, author));
}

const RunetReading *
runet_review_state_get_final (const RunetReviewState *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->decision != NULL && !self->disputed
             ? runet_review_state_find_reading (self, self->decision->author)
             : NULL;
}

RunetEvent *
runet_reading_find_edit (const RunetReading *self, int instant, int frame) {
  g_return_val_if_fail (self != NULL, NULL);
  const RunetFrameEdit *edit = find_frame (self, instant, frame);
  return edit != NULL ? edit->event : NULL;
}

const char *
runet_reading_find_content (const RunetReading *self, int instant, int frame) {
  g_return_val_if_fail (self != NULL, NULL);
  const RunetEvent *edit = runet_reading_find_edit (self, instant, frame);
  if (edit != NULL && edit->subject.content != NULL)
    return edit->subject.content;
  return instant == RUNET_INSTANT_ED && self->decision != NULL
             ? self->decision->subject.content
             : NULL;
}
