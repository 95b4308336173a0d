/* Every gesture into the record, and what could not be written: kept until it is, or somebody gives it up. */
#include "window-edit-private.h"

#include <glib/gi18n.h>
#include "core/echo/frame-reader.h"

static const RunetReading *
get_own (RunetWindowEdit *self, RunetCase *item) {
  const RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  const char *author = runet_window_review_get_author (self->window->review);
  return state && author ? runet_review_state_find_reading (state, author) : NULL;
}

/* As the record names it. */
static void
name_frame (const RunetClip *clip, guint frame, int *instant, int *number) {
  RunetInstant found;
  gboolean is_instant = runet_clip_get_instant (clip, frame, &found);
  *instant = is_instant ? (int)found : -1;
  *number = is_instant ? 0 : (int)frame + 1;
}

RunetEvent *
runet_window_edit_find_edit (RunetWindowEdit *self, RunetCase *item, guint frame) {
  const RunetReading *own = get_own (self, item);
  int instant, number;
  name_frame (runet_viewer_get_clip (runet_window_edit_get_viewer (self)), frame,
              &instant, &number);
  return own ? runet_reading_find_edit (own, instant, number) : NULL;
}

/* (transfer none) (nullable): the last that was not written yet. */
static RunetEvent *
find_unsaved (RunetWindowEdit *self, RunetCase *item, guint frame) {
  int instant, number;
  name_frame (runet_viewer_get_clip (runet_window_edit_get_viewer (self)), frame,
              &instant, &number);
  for (guint i = self->unsaved->len; i > 0; i--) {
    RunetEvent *event = self->unsaved->pdata[i - 1];
    if (event->subject.instant == instant && event->subject.frame == number &&
        runet_window_review_find_case (self->window->review, &event->subject) == item)
      return event;
  }
  return NULL;
}

RunetCorrection *
runet_window_edit_read_frame (RunetWindowEdit *self, guint frame, gboolean *own) {
  RunetCase *item = runet_viewer_get_case (runet_window_edit_get_viewer (self));
  RunetClip *clip = runet_viewer_get_clip (runet_window_edit_get_viewer (self));
  if (own)
    *own = FALSE;
  g_return_val_if_fail (item != NULL && clip != NULL, NULL);
  RunetEvent *unsaved = find_unsaved (self, item, frame);
  RunetEvent *edit =
      unsaved ? unsaved : runet_window_edit_find_edit (self, item, frame);
  g_autoptr (GError) error = NULL;
  RunetCorrection *correction =
      unsaved ? runet_correction_parse (unsaved->after, &error)
      : edit  ? runet_window_corrections_read (self->window->corrections, edit, &error)
              : NULL;
  if (correction) {
    if (own)
      *own = runet_correction_is_edited (correction);
    return correction;
  }
  if (error)
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->window->problems), error->message);
  const RunetFrameResult *result = runet_case_get_result (item, clip, frame);
  return result ? runet_frame_result_to_correction (result) : NULL;
}

/* ---- Which image it is of ---- */

/* As runet_frame_reader_hash(): a still before the frame of the sequence, which the clip may show in its place. What the
 * clip has is in memory. */
static char *
hash_image (const RunetViewFiles *files, RunetClip *clip, int instant, int number) {
  const gboolean still = instant >= 0 && files->still[instant];
  if (clip && clip->sequence != still) {
    const int frame = instant >= 0 ? clip->instant_frame[instant] : number - 1;
    gsize image_frame;
    if (frame < 0 || (guint)frame >= clip->frames)
      return NULL;
    const RunetImage *image = runet_clip_get_image (clip, (guint)frame, &image_frame);
    return runet_image_hash_frame (image, image_frame);
  }
  g_auto (RunetFrameReader) reader = {0};
  return runet_frame_reader_hash (&reader, files, instant, number, NULL, NULL);
}

char *
runet_window_edit_hash_image (RunetWindowEdit *self,
                              RunetCase *item,
                              int instant,
                              int number) {
  RunetViewer *viewer = runet_window_edit_get_viewer (self);
  if (self->hashed != item || self->hashed_instant != instant ||
      self->hashed_number != number || !self->hash) {
    g_set_object (&self->hashed, item);
    self->hashed_instant = instant;
    self->hashed_number = number;
    g_free (self->hash);
    self->hash = hash_image (
        runet_case_get_files (item),
        runet_viewer_get_case (viewer) == item ? runet_viewer_get_clip (viewer) : NULL,
        instant, number);
  }
  return g_strdup (self->hash);
}

/* ---- Writing ---- */

static void
show_trouble (RunetWindowEdit *self, const GError *error) {
  g_autofree char *text = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE, "%u change is kept here, but not in the record yet.",
          "%u changes are kept here, but not in the record yet.", self->unsaved->len),
      self->unsaved->len);
  runet_edit_bar_set_message (runet_window_edit_get_bar (self), text, _ ("Try Again"),
                              "win.save-again");
  g_free (self->trouble);
  self->trouble = g_strdup (error->message);
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->window->problems), self->trouble);
}

static void
take_trouble_back (RunetWindowEdit *self) {
  runet_edit_bar_set_message (runet_window_edit_get_bar (self), NULL, NULL, NULL);
  if (self->trouble)
    runet_problem_bar_take_back (RUNET_PROBLEM_BAR (self->window->problems),
                                 self->trouble);
  g_clear_pointer (&self->trouble, g_free);
}

/* In the order they were made. */
gboolean
runet_window_edit_write (RunetWindowEdit *self) {
  g_autoptr (GError) error = NULL;
  if (self->unsaved->len == 0)
    return TRUE;
  self->writing = TRUE;
  while (self->unsaved->len > 0 && !error) {
    RunetEvent *event = self->unsaved->pdata[0];
    if (runet_window_review_append (self->window->review, event, &error))
      g_ptr_array_remove_index (self->unsaved, 0);
  }
  self->writing = FALSE;
  if (error)
    show_trouble (self, error);
  else
    take_trouble_back (self);
  if (self->committing && self->editor) {
    const RunetEvent *edit =
        runet_window_edit_find_edit (self, self->item, self->frame);
    self->number = edit ? edit->number : 0;
  } else {
    runet_window_edit_record_changed (self);
  }
  runet_window_undo_update (self->window);
  return error == NULL;
}

void
runet_window_edit_record (RunetWindowEdit *self,
                          guint frame,
                          const char *tool,
                          RunetCorrection *before,
                          RunetCorrection *after,
                          const char *group) {
  RunetCase *item = runet_viewer_get_case (runet_window_edit_get_viewer (self));
  g_autoptr (RunetEvent) event =
      runet_window_review_event_new (self->window->review, RUNET_EVENT_EDIT, item);
  name_frame (runet_viewer_get_clip (runet_window_edit_get_viewer (self)), frame,
              &event->subject.instant, &event->subject.frame);
  event->subject.content = runet_window_edit_hash_image (
      self, item, event->subject.instant, event->subject.frame);
  event->tool = g_strdup (tool);
  event->text = g_strdup (group);
  event->before = runet_correction_serialise (before);
  event->after = runet_correction_serialise (after);
  if (self->began_us > 0)
    event->seconds =
        (double)(g_get_monotonic_time () - self->began_us) / G_USEC_PER_SEC;
  self->began_us = 0;
  g_ptr_array_add (self->unsaved, g_steal_pointer (&event));
  runet_window_edit_write (self);
}

void
runet_window_edit_commit (RunetWindowEdit *self) {
  g_autoptr (RunetCorrection) after =
      runet_correction_copy (runet_editor_get_correction (self->editor));
  self->committing = TRUE;
  const gint64 start = g_get_monotonic_time ();
  runet_window_edit_record (self, self->frame, runet_editor_get_gesture (self->editor),
                            runet_editor_get_before (self->editor), after, NULL);
  self->committing = FALSE;
  g_debug ("A gesture was recorded in %.1f ms",
           (double)(g_get_monotonic_time () - start) / 1e3);
  if (self->editor)
    runet_window_edit_show_editor (self);
  runet_window_edit_update (self);
}

gboolean
runet_window_edit_has_unsaved (RunetWindowEdit *self) {
  return self->unsaved->len > 0;
}

gboolean
runet_window_edit_drop_unsaved (RunetWindowEdit *self) {
  if (self->unsaved->len == 0)
    return FALSE;
  g_ptr_array_set_size (self->unsaved, (int)self->unsaved->len - 1);
  if (self->unsaved->len == 0)
    take_trouble_back (self);
  runet_window_edit_attach (self);
  runet_window_undo_update (self->window);
  return TRUE;
}

/* ---- Leaving ---- */

static void
leave_response_cb (GtkDialog *dialog, int response, RunetWindowEdit *self) {
  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response == GTK_RESPONSE_REJECT)
    g_ptr_array_set_size (self->unsaved, 0);
  else if (response != GTK_RESPONSE_APPLY || !runet_window_edit_write (self))
    return;
  g_autofree char *argument = g_steal_pointer (&self->leave_argument);
  self->leave (self->window, argument);
}

gboolean
runet_window_edit_may_leave (RunetWindowEdit *self,
                             void (*leave) (RunetWindow *window, const char *argument),
                             const char *argument) {
  if (self->unsaved->len == 0)
    return TRUE;
  self->leave = leave;
  g_free (self->leave_argument);
  self->leave_argument = g_strdup (argument);
  GtkWidget *dialog = gtk_message_dialog_new (
      GTK_WINDOW (self->window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_WARNING, GTK_BUTTONS_NONE,
      g_dngettext (GETTEXT_PACKAGE,
                   "%u change of contours is not in the record. Give it up?",
                   "%u changes of contours are not in the record. Give them up?",
                   self->unsaved->len),
      self->unsaved->len);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Stay"), GTK_RESPONSE_CANCEL,
                          _ ("_Give Up"), GTK_RESPONSE_REJECT, _ ("_Try Again"),
                          GTK_RESPONSE_APPLY, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_APPLY);
  g_signal_connect (dialog, "response", G_CALLBACK (leave_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}
