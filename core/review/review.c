/* A data set's review: the journal, what is so now for each case, and what can be undone. */
#include "review.h"

#include "core/base/error.h"
#include "core/echo/file.h"

/* One view of one patient. */
typedef struct {
  RunetSubject subject;
  RunetCaseEvents *events;
  RunetReviewState *state;
} Case;

/* What one author can take back and do again, the latest last. */
typedef struct {
  GPtrArray *undoable; /* RunetEvent */
  GPtrArray *redoable; /* RunetEvent: the undos */
} Steps;

struct _RunetReview {
  RunetJournal *journal;
  GHashTable *cases; /* key of the subject → Case */
  GHashTable *steps; /* author → Steps */
  GHashTable *events; /* number → RunetEvent, all of them */
  GHashTable *changed; /* Case: those with a state that was not taken yet */
};

static GPtrArray *
list_of_events (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
}

static void
case_free (gpointer data) {
  Case *one = data;
  runet_subject_clear (&one->subject);
  runet_case_events_free (one->events);
  g_clear_pointer (&one->state, runet_review_state_unref);
  g_free (one);
}

static void
steps_free (gpointer data) {
  Steps *steps = data;
  g_ptr_array_unref (steps->undoable);
  g_ptr_array_unref (steps->redoable);
  g_free (steps);
}

RunetReview *
runet_review_open (const char *path, RunetJournalMode mode, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);

  g_autoptr (RunetJournal) journal = runet_journal_open (path, mode, error);
  if (journal == NULL)
    return NULL;
  g_autoptr (RunetReview) self = g_new0 (RunetReview, 1);
  self->journal = g_steal_pointer (&journal);
  self->cases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, case_free);
  self->steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, steps_free);
  self->events = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                        (GDestroyNotify)runet_event_unref);
  self->changed = g_hash_table_new (NULL, NULL);
  return runet_review_refresh (self, error) ? g_steal_pointer (&self) : NULL;
}

void
runet_review_close (RunetReview *self) {
  g_hash_table_unref (self->changed);
  g_hash_table_unref (self->cases);
  g_hash_table_unref (self->steps);
  g_hash_table_unref (self->events);
  runet_journal_close (self->journal);
  g_free (self);
}

RunetJournal *
runet_review_get_journal (RunetReview *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->journal;
}

guint
runet_review_count_events (const RunetReview *self) {
  g_return_val_if_fail (self != NULL, 0);
  return g_hash_table_size (self->events);
}

/* ---- Taking events in ---- */

static Case *
get_case (RunetReview *self, const RunetSubject *subject) {
  g_autofree char *key = runet_subject_to_key (subject);
  Case *one = g_hash_table_lookup (self->cases, key);
  if (one == NULL) {
    one = g_new0 (Case, 1);
    runet_subject_copy (subject, &one->subject);
    one->events = runet_case_events_new ();
    g_hash_table_insert (self->cases, g_steal_pointer (&key), one);
  }
  return one;
}

static Steps *
get_steps (RunetReview *self, const char *author) {
  Steps *steps = g_hash_table_lookup (self->steps, author);
  if (steps == NULL) {
    steps = g_new0 (Steps, 1);
    steps->undoable = list_of_events ();
    steps->redoable = list_of_events ();
    g_hash_table_insert (self->steps, g_strdup (author), steps);
  }
  return steps;
}

static void
fold (Case *one) {
  g_clear_pointer (&one->state, runet_review_state_unref);
  one->state = runet_review_state_fold (&one->subject, one->events);
}

/* Mostly it is the last one. */
static gboolean
take_out (GPtrArray *events, const RunetEvent *event) {
  for (guint i = events->len; i-- > 0;)
    if (events->pdata[i] == event) {
      g_ptr_array_remove_index (events, i);
      return TRUE;
    }
  return FALSE;
}

static void
take_step (RunetReview *self, RunetEvent *event) {
  Steps *steps = get_steps (self, event->author);
  if (event->kind != RUNET_EVENT_UNDO) {
    g_ptr_array_add (steps->undoable, runet_event_ref (event));
    /* What was undone before something new was done stays undone. */
    g_ptr_array_set_size (steps->redoable, 0);
    return;
  }
  RunetEvent *target = g_hash_table_lookup (self->events, &event->undoes);
  if (target != NULL && take_out (steps->undoable, target))
    g_ptr_array_add (steps->redoable, runet_event_ref (event));
  else if (target != NULL && take_out (steps->redoable, target)) {
    RunetEvent *again = g_hash_table_lookup (self->events, &target->undoes);
    g_ptr_array_add (steps->undoable, runet_event_ref (again));
  }
}

gboolean
runet_review_refresh (RunetReview *self, GError **error) {
  g_return_val_if_fail (self != NULL, FALSE);

  g_autoptr (GPtrArray) events = runet_journal_refresh (self->journal, error);
  if (events == NULL)
    return FALSE;
  g_autoptr (GHashTable) touched = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < events->len; i++) {
    RunetEvent *event = events->pdata[i];
    Case *one = get_case (self, &event->subject);
    g_hash_table_add (touched, one);
    g_hash_table_insert (self->events, &event->number, runet_event_ref (event));
    if (runet_case_events_add (one->events, event))
      take_step (self, event);
  }
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    fold (key);
    g_hash_table_add (self->changed, key);
  }
  return TRUE;
}

GPtrArray *
runet_review_take_changes (RunetReview *self) {
  g_return_val_if_fail (self != NULL, NULL);
  GPtrArray *states =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_review_state_unref);
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (states, runet_review_state_ref (((Case *)key)->state));
  g_hash_table_remove_all (self->changed);
  return states;
}

/* ---- Asking ---- */

static const Case *
find_case (const RunetReview *self, const RunetSubject *subject) {
  g_autofree char *key = runet_subject_to_key (subject);
  return g_hash_table_lookup (self->cases, key);
}

RunetReviewState *
runet_review_get_state (const RunetReview *self, const RunetSubject *subject) {
  g_return_val_if_fail (self != NULL && subject != NULL, NULL);
  const Case *one = find_case (self, subject);
  return one != NULL ? one->state : NULL;
}

static int
compare_states (gconstpointer a, gconstpointer b) {
  const RunetSubject *first = &(*(RunetReviewState *const *)a)->subject;
  const RunetSubject *second = &(*(RunetReviewState *const *)b)->subject;
  int order = g_strcmp0 (first->subset, second->subset);
  if (order == 0)
    order = g_strcmp0 (first->patient, second->patient);
  /* The four-chamber view before the two-chamber one, as everywhere. */
  return order != 0 ? order : (int)second->view - (int)first->view;
}

GPtrArray *
runet_review_list_states (const RunetReview *self) {
  g_return_val_if_fail (self != NULL, NULL);
  GPtrArray *states = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->cases);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (states, ((Case *)value)->state);
  g_ptr_array_sort (states, compare_states);
  return states;
}

/* ---- Doing ---- */

static gboolean
check_lock (const RunetReview *self, const RunetEvent *event, GError **error) {
  const Case *one = find_case (self, &event->subject);
  if (one == NULL || !runet_case_events_is_refused (one->events, event))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_MISMATCH, event->subject.patient,
                    "expected a case that is open, found that %s has accepted it: "
                    "reopen it first",
                    event->author);
  return FALSE;
}

gboolean
runet_review_append (RunetReview *self, RunetEvent *event, GError **error) {
  g_return_val_if_fail (self != NULL && event != NULL && event->number == 0, FALSE);

  if (!runet_journal_lock (self->journal, error))
    return FALSE;
  if (!runet_review_refresh (self, error) || !check_lock (self, event, error)) {
    runet_journal_unlock (self->journal);
    return FALSE;
  }
  if (!runet_journal_append (self->journal, event, error))
    return FALSE;
  /* It is in the record whatever happens now; what cannot be read back yet is read at the next refresh. */
  g_autoptr (GError) later = NULL;
  if (!runet_review_refresh (self, &later))
    g_debug ("%s", later->message);
  return TRUE;
}

static RunetEvent *
undo_new (const RunetEvent *target) {
  RunetEvent *event =
      runet_event_new (RUNET_EVENT_UNDO, target->author, &target->subject);
  event->undoes = target->number;
  return event;
}

RunetEvent *
runet_review_new_undo (const RunetReview *self,
                       const char *author,
                       const RunetEvent **target) {
  g_return_val_if_fail (self != NULL && author != NULL, NULL);
  const Steps *steps = g_hash_table_lookup (self->steps, author);
  if (steps == NULL || steps->undoable->len == 0)
    return NULL;
  const RunetEvent *last = steps->undoable->pdata[steps->undoable->len - 1];
  if (target != NULL)
    *target = last;
  return undo_new (last);
}

RunetEvent *
runet_review_new_redo (const RunetReview *self,
                       const char *author,
                       const RunetEvent **target) {
  g_return_val_if_fail (self != NULL && author != NULL, NULL);
  const Steps *steps = g_hash_table_lookup (self->steps, author);
  if (steps == NULL || steps->redoable->len == 0)
    return NULL;
  const RunetEvent *last = steps->redoable->pdata[steps->redoable->len - 1];
  if (target != NULL)
    *target = g_hash_table_lookup (self->events, &last->undoes);
  return undo_new (last);
}
