/* Which version of a view counts: whose, since when, and where the record keeps its frames. */
#include "version.h"

#include <string.h>
#include "core/base/error.h"
#include "version-private.h"

static void
version_free (gpointer data) {
  RunetVersion *self = data;
  runet_subject_clear (&self->subject);
  runet_review_state_unref (self->state);
  g_free (self->author);
  g_free (self->role);
  g_free (self->model);
  g_clear_pointer (&self->decision, runet_event_unref);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_ptr_array_unref (self->edits);
  g_ptr_array_unref (self->measured);
  g_free (self);
}

static void
left_out_free (gpointer data) {
  RunetLeftOut *self = data;
  runet_subject_clear (&self->subject);
  g_clear_pointer (&self->state, runet_review_state_unref);
  g_free (self->why);
  g_free (self);
}

static const RunetPatient *
find_patient (const RunetDataset *dataset, const RunetSubject *subject) {
  for (guint i = 0; dataset != NULL && i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    if (g_strcmp0 (patient->subset, subject->subset) == 0 &&
        strcmp (patient->id, subject->patient) == 0)
      return patient;
  }
  return NULL;
}

/* ---- Who worked on it ---- */

/* The edits of @author that count, up to the event @last (0: all). */
static GPtrArray *
list_edits (const RunetCaseEvents *events, const char *author, gint64 last) {
  GPtrArray *edits = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  g_autoptr (GPtrArray) list = runet_case_events_list (events);
  for (guint i = 0; i < list->len; i++) {
    RunetEvent *event = list->pdata[i];
    if (event->kind == RUNET_EVENT_EDIT && strcmp (event->author, author) == 0 &&
        (last == 0 || event->number < last))
      g_ptr_array_add (edits, runet_event_ref (event));
  }
  return edits;
}

/* What each view's events are, by the key of the subject. */
static GHashTable *
sort_events (const GPtrArray *events) {
  GHashTable *views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify)runet_case_events_free);
  for (guint i = 0; i < events->len; i++) {
    RunetEvent *event = events->pdata[i];
    g_autofree char *key = runet_subject_to_key (&event->subject);
    RunetCaseEvents *list = g_hash_table_lookup (views, key);
    if (list == NULL) {
      list = runet_case_events_new ();
      g_hash_table_insert (views, g_steal_pointer (&key), list);
    }
    runet_case_events_add (list, event);
  }
  return views;
}

/* ---- Whose version ---- */

/* The reader who has edits in force that were not accepted; of several, the last to make one. */
static const RunetReading *
find_unfinished (const RunetReviewState *state, const char *author) {
  const RunetReading *found = NULL;
  gint64 latest = 0;
  for (guint i = 0; i < state->readings->len; i++) {
    const RunetReading *reading = state->readings->pdata[i];
    if (reading->status != RUNET_REVIEW_NONE ||
        (author != NULL && strcmp (reading->author, author) != 0))
      continue;
    for (guint f = 0; f < reading->frames->len; f++) {
      const RunetFrameEdit *edit = reading->frames->pdata[f];
      if (edit->event->number > latest) {
        latest = edit->event->number;
        found = reading;
      }
    }
  }
  return found;
}

static gboolean
is_accepted (const RunetReading *reading) {
  return reading != NULL && (reading->status == RUNET_REVIEW_ACCEPTED ||
                             reading->status == RUNET_REVIEW_CORRECTED);
}

/* Why there is nothing to give away. */
static char *
explain (const RunetReviewState *state,
         const RunetReading *reading,
         const char *author) {
  if (reading != NULL && reading->status == RUNET_REVIEW_REJECTED) {
    const char *reason = runet_rejection_to_string (reading->decision->rejection);
    return g_strdup_printf ("rejected by %s%s%s", reading->author,
                            reason != NULL ? ": " : "", reason != NULL ? reason : "");
  }
  if (author == NULL && state->disputed)
    return g_strdup ("disputed: readers decided differently");
  if (find_unfinished (state, author) != NULL)
    return g_strdup ("edited, not accepted yet");
  return author != NULL ? g_strdup_printf ("not reviewed by %s", author)
                        : g_strdup ("not reviewed");
}

static void
add_left_out (RunetVersions *self,
              const RunetSubject *subject,
              RunetReviewState *state,
              char *why) {
  RunetLeftOut *one = g_new0 (RunetLeftOut, 1);
  runet_subject_init (&one->subject, subject->subset, subject->patient, subject->view);
  one->patient = find_patient (self->dataset, subject);
  one->state = state != NULL ? runet_review_state_ref (state) : NULL;
  one->why = why;
  g_ptr_array_add (self->left_out, one);
}

static double
sum_seconds (const RunetVersion *version) {
  double seconds = version->decision != NULL ? version->decision->seconds : 0;
  for (guint i = 0; i < version->edits->len; i++)
    seconds += ((const RunetEvent *)version->edits->pdata[i])->seconds;
  return seconds;
}

static void
add_version (RunetVersions *self,
             RunetReviewState *state,
             const RunetReading *reading,
             const RunetCaseEvents *events) {
  RunetVersion *one = g_new0 (RunetVersion, 1);
  const RunetSubject *subject = &state->subject;
  runet_subject_init (&one->subject, subject->subset, subject->patient, subject->view);
  one->patient = find_patient (self->dataset, subject);
  one->state = runet_review_state_ref (state);
  one->reading = reading;
  one->finished = is_accepted (reading);
  one->status = reading->status;
  one->author = g_strdup (reading->author);
  one->decision = one->finished ? runet_event_ref (reading->decision) : NULL;
  one->edits =
      list_edits (events, reading->author, one->finished ? one->decision->number : 0);
  one->measured = g_ptr_array_new_with_free_func (runet_measured_frame_free);
  const RunetEvent *last = one->decision;
  if (last == NULL && one->edits->len > 0)
    last = one->edits->pdata[one->edits->len - 1];
  one->role =
      g_strdup (last != NULL && last->role != NULL ? last->role : RUNET_ROLE_READER);
  one->model = last != NULL ? g_strdup (last->model) : NULL;
  one->time = last != NULL && last->time != NULL ? g_date_time_ref (last->time) : NULL;
  one->seconds = sum_seconds (one);
  g_ptr_array_add (self->versions, one);
}

static void
choose (RunetVersions *self,
        RunetReviewState *state,
        const RunetCaseEvents *events,
        const char *author,
        gboolean unfinished) {
  const RunetReading *reading = author != NULL
                                    ? runet_review_state_find_reading (state, author)
                                    : runet_review_state_get_final (state);
  if (is_accepted (reading)) {
    add_version (self, state, reading, events);
    return;
  }
  const RunetReading *edited = NULL;
  if (unfinished && (reading == NULL || reading->status == RUNET_REVIEW_NONE) &&
      (author != NULL || !state->disputed))
    edited = find_unfinished (state, author);
  if (edited != NULL)
    add_version (self, state, edited, events);
  else
    add_left_out (self, &state->subject, state, explain (state, reading, author));
}

/* Views with an image that the record knows nothing of. */
static void
add_unseen (RunetVersions *self, RunetReview *review) {
  for (guint i = 0; self->dataset != NULL && i < self->dataset->patients->len; i++) {
    const RunetPatient *patient = self->dataset->patients->pdata[i];
    for (int v = RUNET_VIEWS; v-- > 0;) {
      g_auto (RunetSubject) subject = {0};
      runet_subject_init (&subject, patient->subset, patient->id, (RunetView)v);
      if (patient->views[v].present &&
          runet_review_get_state (review, &subject) == NULL)
        add_left_out (self, &subject, NULL, g_strdup ("not reviewed"));
    }
  }
}

static gboolean
fill (RunetVersions *self,
      RunetReview *review,
      const char *author,
      gboolean unfinished,
      GError **error) {
  g_autoptr (GPtrArray) events = runet_journal_refresh (self->journal, error);
  if (events == NULL)
    return FALSE;
  self->events = events->len;
  g_autoptr (GHashTable) views = sort_events (events);
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  g_autoptr (RunetCaseEvents) none = runet_case_events_new ();
  for (guint i = 0; i < states->len; i++) {
    RunetReviewState *state = states->pdata[i];
    g_autofree char *key = runet_subject_to_key (&state->subject);
    const RunetCaseEvents *of_view = g_hash_table_lookup (views, key);
    choose (self, state, of_view != NULL ? of_view : none, author, unfinished);
  }
  add_unseen (self, review);
  return TRUE;
}

RunetVersions *
runet_versions_new (const char *record,
                    RunetDataset *dataset,
                    const char *author,
                    gboolean unfinished,
                    GError **error) {
  g_return_val_if_fail (record != NULL, NULL);
  g_autoptr (RunetReview) review =
      runet_review_open (record, RUNET_JOURNAL_READ, error);
  g_autoptr (RunetVersions) self = g_new0 (RunetVersions, 1);
  self->dataset = dataset != NULL ? runet_dataset_ref (dataset) : NULL;
  self->versions = g_ptr_array_new_with_free_func (version_free);
  self->left_out = g_ptr_array_new_with_free_func (left_out_free);
  /* A connection of its own: events beside their fold. */
  if (review != NULL)
    self->journal = runet_journal_open (record, RUNET_JOURNAL_READ, error);
  if (self->journal == NULL || !fill (self, review, author, unfinished, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
runet_versions_free (RunetVersions *self) {
  if (self == NULL)
    return;
  g_ptr_array_unref (self->versions);
  g_ptr_array_unref (self->left_out);
  g_clear_pointer (&self->journal, runet_journal_close);
  g_clear_pointer (&self->dataset, runet_dataset_unref);
  g_free (self);
}
