/* Undo and redo, over all that one did to the studies that are open. */
#include "window-undo.h"

#include "window-private.h"

/* Undo or redo. */
typedef RunetEvent *(*StepFunc) (const RunetReview *review,
                                 const char *author,
                                 const RunetEvent **target);

/* (transfer full) (nullable). */
static RunetEvent *
step_new (RunetWindow *window, StepFunc step_func, const RunetEvent **target) {
  RunetReview *record = runet_window_review_get_record (window->review);
  const char *author = runet_window_review_get_author (window->review);
  return record && author ? step_func (record, author, target) : NULL;
}

/* Goes to the case and the frame that changed: else nobody would see what was undone. */
static void
go_to (RunetWindow *window, const RunetSubject *subject) {
  RunetCase *item = runet_window_review_find_case (window->review, subject);
  if (!item)
    return;
  runet_window_edit_go_to (window->edit, item, subject->instant, subject->frame);
}

/* Edits that were made as one are taken back as one. */
static gboolean
is_of_group (const RunetEvent *target, const char *group) {
  return group && target->kind == RUNET_EVENT_EDIT &&
         g_strcmp0 (target->text, group) == 0;
}

static void
take_steps (RunetWindow *window, StepFunc step_func) {
  const RunetEvent *target = NULL;
  g_autoptr (RunetEvent) event = step_new (window, step_func, &target);
  if (!event) {
    gtk_widget_error_bell (GTK_WIDGET (window));
    return;
  }
  g_auto (RunetSubject) subject = {0};
  runet_subject_copy (&event->subject, &subject);
  g_autofree char *group =
      target && target->kind == RUNET_EVENT_EDIT ? g_strdup (target->text) : NULL;
  g_autoptr (GError) error = NULL;
  while (event && runet_window_review_append (window->review, event, &error)) {
    g_clear_pointer (&event, runet_event_unref);
    event = step_new (window, step_func, &target);
    if (event && (!target || !is_of_group (target, group)))
      g_clear_pointer (&event, runet_event_unref);
  }
  if (error)
    runet_problem_bar_say (RUNET_PROBLEM_BAR (window->problems), error->message);
  go_to (window, &subject);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *window = user_data;
  /* What never came into the record is taken back without it. */
  if (!runet_window_edit_drop_unsaved (window->edit))
    take_steps (window, runet_review_new_undo);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  take_steps (user_data, runet_review_new_redo);
}

static void
enable (RunetWindow *window, const char *name, gboolean enabled) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
runet_window_undo_update (RunetWindow *window) {
  g_autoptr (RunetEvent) undo = step_new (window, runet_review_new_undo, NULL);
  g_autoptr (RunetEvent) redo = step_new (window, runet_review_new_redo, NULL);
  enable (window, "undo", undo || runet_window_edit_has_unsaved (window->edit));
  enable (window, "redo", redo != NULL);
}

void
runet_window_add_undo (RunetWindow *window) {
  static const GActionEntry actions[] = {
      {.name = "undo", .activate = undo_cb},
      {.name = "redo", .activate = redo_cb},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions,
                                   G_N_ELEMENTS (actions), window);
}
