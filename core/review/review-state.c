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

/* ---- Which events count ---- */

static const RunetEvent *
find_event (const GPtrArray *events, gint64 number) {
  for (guint i = 0; i < events->len; i++)
    if (((const RunetEvent *)events->pdata[i])->number == number)
      return events->pdata[i];
  return NULL;
}

/* Follows undo and redo down to what they are about. @depth: how many undos were on the way.
 * NULL where an undo is about nothing, about a later event or about somebody else's. */
static const RunetEvent *
find_root (const GPtrArray *events, const RunetEvent *event, guint *depth) {
  *depth = 0;
  while (event != NULL && event->kind == RUNET_EVENT_UNDO) {
    const RunetEvent *target = find_event (events, event->undoes);
    if (target == NULL || target->number >= event->number ||
        g_strcmp0 (target->author, event->author) != 0)
      return NULL;
    event = target;
    (*depth)++;
  }
  return event;
}

/* (element-type RunetEvent): those that were not undone, without the undos. */
static GPtrArray *
list_in_force (const GPtrArray *events) {
  g_autoptr (GHashTable) undone = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < events->len; i++) {
    RunetEvent *event = events->pdata[i];
    guint depth;
    const RunetEvent *root =
        event->kind == RUNET_EVENT_UNDO ? find_root (events, event, &depth) : NULL;
    if (root != NULL && depth % 2 == 1)
      g_hash_table_add (undone, (gpointer)root);
    else if (root != NULL)
      g_hash_table_remove (undone, root);
  }
  GPtrArray *list = g_ptr_array_new ();
  for (guint i = 0; i < events->len; i++) {
    RunetEvent *event = events->pdata[i];
    if (event->kind != RUNET_EVENT_UNDO && !g_hash_table_contains (undone, event))
      g_ptr_array_add (list, event);
  }
  return list;
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
  g_free (reading);
}

static RunetReading *
get_reading (RunetReviewState *self, const char *author) {
  RunetReading *reading =
      (RunetReading *)runet_review_state_find_reading (self, author);
  if (reading == NULL) {
    reading = g_new0 (RunetReading, 1);
    reading->author = g_intern_string (author);
    g_ptr_array_add (self->readings, reading);
  }
  return reading;
}

static gboolean
is_locking (RunetReviewStatus status) {
  return status == RUNET_REVIEW_ACCEPTED || status == RUNET_REVIEW_CORRECTED;
}

static void
decide (RunetReading *reading, RunetReviewStatus status, RunetEvent *event) {
  reading->status = status;
  set_event (&reading->decision, status == RUNET_REVIEW_NONE ? NULL : event);
}

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
      reading->edits++;
    break;
  case RUNET_EVENT_FLAG:
  case RUNET_EVENT_UNFLAG:
    self->flagged = event->kind == RUNET_EVENT_FLAG;
    set_event (&self->flag, self->flagged ? event : NULL);
    break;
  case RUNET_EVENT_COMMENT:
    set_event (&reading->comment, event);
    set_event (&self->comment, event);
    g_ptr_array_add (self->comments, runet_event_ref (event));
    break;
  default:
    break;
  }
}

/* By the numbers, not by the times: clocks of several computers differ. */
static void
sum_up (RunetReviewState *self) {
  for (guint i = 0; i < self->readings->len; i++) {
    const RunetReading *reading = self->readings->pdata[i];
    if (reading->decision == NULL)
      continue;
    if (self->decision != NULL && self->status != reading->status)
      self->disputed = TRUE;
    if (self->decision == NULL || reading->decision->number > self->decision->number) {
      self->status = reading->status;
      set_event (&self->decision, reading->decision);
    }
  }
}

RunetReviewState *
runet_review_state_new (const RunetSubject *subject, const GPtrArray *events) {
  g_return_val_if_fail (subject != NULL && events != NULL, NULL);

  RunetReviewState *self = g_new0 (RunetReviewState, 1);
  g_atomic_ref_count_init (&self->references);
  runet_subject_copy (subject, &self->subject);
  self->readings = g_ptr_array_new_with_free_func (reading_free);
  self->comments = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  g_autoptr (GPtrArray) in_force = list_in_force (events);
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
