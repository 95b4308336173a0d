/* One thing that a person did: what the journal keeps a row of. */
#include "event.h"

static const char *const kinds[RUNET_EVENT_KINDS] = {
    [RUNET_EVENT_ACCEPT] = "accept", [RUNET_EVENT_REJECT] = "reject",
    [RUNET_EVENT_REOPEN] = "reopen", [RUNET_EVENT_FLAG] = "flag",
    [RUNET_EVENT_UNFLAG] = "unflag", [RUNET_EVENT_COMMENT] = "comment",
    [RUNET_EVENT_EDIT] = "edit",     [RUNET_EVENT_UNDO] = "undo",
};

static const char *const rejections[RUNET_REJECTIONS] = {
    [RUNET_REJECTION_NONE] = NULL,
    [RUNET_REJECTION_POOR_IMAGE] = "poor-image",
    [RUNET_REJECTION_WRONG_VIEW] = "wrong-view",
    [RUNET_REJECTION_BEYOND_REPAIR] = "beyond-repair",
    [RUNET_REJECTION_OTHER] = "other",
};

const char *
runet_event_kind_to_string (RunetEventKind kind) {
  g_return_val_if_fail ((guint)kind < RUNET_EVENT_KINDS, NULL);
  return kinds[kind];
}

const char *
runet_rejection_to_string (RunetRejection rejection) {
  g_return_val_if_fail ((guint)rejection < RUNET_REJECTIONS, NULL);
  return rejections[rejection];
}

static gboolean
find_name (const char *const *names, guint count, const char *name, guint *found) {
  for (guint i = 0; i < count; i++)
    if (names[i] != NULL && g_strcmp0 (names[i], name) == 0) {
      *found = i;
      return TRUE;
    }
  return FALSE;
}

gboolean
runet_event_kind_from_string (const char *name, RunetEventKind *kind) {
  guint found;
  if (!find_name (kinds, G_N_ELEMENTS (kinds), name, &found))
    return FALSE;
  *kind = (RunetEventKind)found;
  return TRUE;
}

gboolean
runet_rejection_from_string (const char *name, RunetRejection *rejection) {
  guint found;
  if (!find_name (rejections, G_N_ELEMENTS (rejections), name, &found))
    return FALSE;
  *rejection = (RunetRejection)found;
  return TRUE;
}

void
runet_subject_init (RunetSubject *self,
                    const char *subset,
                    const char *patient,
                    RunetView view) {
  g_return_if_fail (patient != NULL && (guint)view < RUNET_VIEWS);
  *self = (RunetSubject){.subset = g_strdup (subset),
                         .patient = g_strdup (patient),
                         .view = view,
                         .instant = -1};
}

void
runet_subject_copy (const RunetSubject *from, RunetSubject *to) {
  *to = *from;
  to->subset = g_strdup (from->subset);
  to->patient = g_strdup (from->patient);
  to->content = g_strdup (from->content);
}

void
runet_subject_clear (RunetSubject *self) {
  g_clear_pointer (&self->subset, g_free);
  g_clear_pointer (&self->patient, g_free);
  g_clear_pointer (&self->content, g_free);
}

char *
runet_subject_to_key (const RunetSubject *self) {
  /* No folder's name has a slash. */
  return g_strdup_printf ("%s/%s/%s", self->subset != NULL ? self->subset : "",
                          self->patient, runet_view_to_string (self->view));
}

RunetEvent *
runet_event_new (RunetEventKind kind, const char *author, const RunetSubject *subject) {
  g_return_val_if_fail ((guint)kind < RUNET_EVENT_KINDS, NULL);
  g_return_val_if_fail (author != NULL && subject != NULL, NULL);

  RunetEvent *event = g_new0 (RunetEvent, 1);
  g_atomic_ref_count_init (&event->references);
  event->kind = kind;
  event->author = g_utf8_make_valid (author, -1);
  event->role = g_strdup (RUNET_ROLE_READER);
  runet_subject_copy (subject, &event->subject);
  return event;
}

RunetEvent *
runet_event_ref (RunetEvent *event) {
  g_atomic_ref_count_inc (&event->references);
  return event;
}

void
runet_event_unref (RunetEvent *event) {
  if (!g_atomic_ref_count_dec (&event->references))
    return;
  g_clear_pointer (&event->time, g_date_time_unref);
  g_clear_pointer (&event->before, g_bytes_unref);
  g_clear_pointer (&event->after, g_bytes_unref);
  runet_subject_clear (&event->subject);
  g_free (event->author);
  g_free (event->role);
  g_free (event->text);
  g_free (event->tool);
  g_free (event->model);
  g_free (event);
}
