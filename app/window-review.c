/* What people decide in the window: the record of the study that is open, and the actions that add to it. */
#include "window-review.h"

#include "core/base/error.h"
#include "settings.h"
#include "ui/author-dialog.h"
#include "ui/review-bar.h"
#include "window-edit-frames.h"
#include "window-go.h"
#include "window-private.h"
#include "window-record.h"

/* What somebody else decides is seen this soon; to look costs one read of a few bytes. */
#define REFRESH_S 2

struct _RunetWindowReview {
  RunetWindow *window; /* which owns this */
  RunetReview *record; /* (nullable): none is open, or it could not be */
  GHashTable *cases; /* key of the subject → RunetCase */
  char *author; /* (nullable): not asked yet */
  gulong author_id;
  guint refresh_id;
  /* An action that waits for the name of the author. */
  char *waiting;
  GVariant *waiting_parameter;
};

static RunetReviewBar *
bar_of (RunetWindowReview *self) {
  return runet_inspector_get_review_bar (RUNET_INSPECTOR (self->window->inspector));
}

/* What is asked is asked there. */
static void
show_bar (RunetWindowReview *self) {
  gtk_widget_set_visible (self->window->side, TRUE);
}

static void
say (RunetWindowReview *self, const GError *error) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->window->problems), error->message);
}

RunetReview *
runet_window_review_get_record (RunetWindowReview *self) {
  return self->record;
}

const char *
runet_window_review_get_author (RunetWindowReview *self) {
  return self->author;
}

/* Between one case and the next there is none. */
RunetCase *
runet_window_review_get_case (RunetWindowReview *self) {
  RunetCase *item = runet_review_bar_get_case (bar_of (self));
  RunetCase *viewed = runet_viewer_get_case (RUNET_VIEWER (self->window->viewer));
  return item && item == viewed ? item : NULL;
}

static void
init_subject (RunetCase *item, RunetSubject *subject) {
  const RunetPatient *patient = runet_case_get_patient (item);
  runet_subject_init (subject, patient->subset, patient->id,
                      runet_case_get_view (item));
}

RunetCase *
runet_window_review_find_case (RunetWindowReview *self, const RunetSubject *subject) {
  g_autofree char *key = runet_subject_to_key (subject);
  return g_hash_table_lookup (self->cases, key);
}

static char *
key_of (RunetCase *item) {
  g_auto (RunetSubject) subject = {0};
  init_subject (item, &subject);
  return runet_subject_to_key (&subject);
}

/* ---- From the record to the cases ---- */

static void
adopt_changes (RunetWindowReview *self) {
  g_autoptr (GPtrArray) changes = runet_review_take_changes (self->record);
  for (guint i = 0; i < changes->len; i++) {
    RunetReviewState *state = changes->pdata[i];
    /* The data set may have lost a patient that the record knows. */
    RunetCase *item = runet_window_review_find_case (self, &state->subject);
    if (!item)
      continue;
    runet_case_set_review (item, state);
    runet_window_corrections_update (self->window->corrections, item);
  }
  if (changes->len == 0)
    return;
  runet_window_review_update (self);
  runet_window_edit_record_changed (self->window->edit);
}

static gboolean
refresh_cb (gpointer user_data) {
  RunetWindowReview *self = user_data;
  g_autoptr (GError) error = NULL;
  if (!runet_journal_has_changed (runet_review_get_journal (self->record)))
    return G_SOURCE_CONTINUE;
  if (!runet_review_refresh (self->record, &error))
    say (self, error);
  runet_window_record_say_notice (self->window, self->record);
  adopt_changes (self);
  return G_SOURCE_CONTINUE;
}

static void
close_record (RunetWindowReview *self) {
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->record, runet_review_close);
  g_hash_table_remove_all (self->cases);
}

void
runet_window_review_open (RunetWindowReview *self, RunetDataset *dataset) {
  close_record (self);
  GListModel *cases = G_LIST_MODEL (self->window->cases);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    RunetCase *item = g_list_model_get_item (cases, i);
    g_hash_table_insert (self->cases, key_of (item), item);
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *file = runet_journal_default_path (dataset->path);
  self->record = runet_review_open (file, RUNET_JOURNAL_WRITE, &error);
  runet_review_bar_set_trouble (bar_of (self), error ? error->message : NULL);
  if (self->record) {
    adopt_changes (self);
    runet_window_record_say_notice (self->window, self->record);
    runet_window_record_know_dataset (self->window, self->record, dataset);
    self->refresh_id = g_timeout_add_seconds (REFRESH_S, refresh_cb, self);
  } else
    say (self, error);
  if (g_error_matches (error, RUNET_ERROR, RUNET_ERROR_FORMAT))
    runet_window_record_offer_repair (self->window, file, dataset);
  runet_window_review_update (self);
}

/* ---- Who ---- */

static void
set_author (RunetWindowReview *self, const char *author) {
  g_free (self->author);
  self->author = author && *author ? g_strdup (author) : NULL;
  runet_inspector_set_author (RUNET_INSPECTOR (self->window->inspector), self->author);
  runet_worklist_set_author (RUNET_WORKLIST (self->window->worklist), self->author);
  /* Whose corrections count depends on who asks. */
  runet_window_corrections_update_all (self->window->corrections);
  runet_window_edit_record_changed (self->window->edit);
  runet_window_review_update (self);
}

/* It may be changed in another window. */
static void
author_changed_cb (RunetWindowReview *self) {
  g_autofree char *author = runet_settings_get_string ("author", "");
  set_author (self, author);
}

static void
chosen_cb (RunetAuthorDialog *dialog, const char *name, RunetWindowReview *self) {
  runet_settings_set_string ("author", name);
  set_author (self, name);
  g_autofree char *action = g_steal_pointer (&self->waiting);
  g_autoptr (GVariant) parameter = g_steal_pointer (&self->waiting_parameter);
  if (action)
    g_action_group_activate_action (G_ACTION_GROUP (self->window), action, parameter);
}

static void
ask_author (RunetWindowReview *self) {
  GtkWidget *dialog = runet_author_dialog_new (GTK_WINDOW (self->window), self->author);
  /* The window, and with it this, outlives its dialogs. */
  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
runet_window_review_check_author (RunetWindowReview *self,
                                  GSimpleAction *action,
                                  GVariant *parameter) {
  if (self->author)
    return TRUE;
  g_free (self->waiting);
  self->waiting = g_strdup (g_action_get_name (G_ACTION (action)));
  g_clear_pointer (&self->waiting_parameter, g_variant_unref);
  self->waiting_parameter = parameter ? g_variant_ref (parameter) : NULL;
  ask_author (self);
  return FALSE;
}

/* ---- Deciding ---- */

static gboolean
has_results (RunetCase *item) {
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (runet_case_get_instant_result (item, i))
      return TRUE;
  return FALSE;
}

/* What was found of every image there is: nobody accepts what cannot be seen. */
static gboolean
is_complete (RunetCase *item) {
  const RunetViewFiles *files = runet_case_get_files (item);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if ((files->still[i] || (files->sequence && files->frame[i] > 0)) &&
        !runet_case_get_instant_result (item, i))
      return FALSE;
  return has_results (item);
}

RunetEvent *
runet_window_review_event_new (RunetWindowReview *self,
                               RunetEventKind kind,
                               RunetCase *item) {
  g_auto (RunetSubject) subject = {0};
  init_subject (item, &subject);
  RunetEvent *event = runet_event_new (kind, self->author, &subject);
  if (has_results (item))
    event->model = g_strdup (runet_analysis_get_model_hash (self->window->analysis));
  return event;
}

gboolean
runet_window_review_append (RunetWindowReview *self,
                            RunetEvent *event,
                            GError **error) {
  gboolean ok = runet_review_append (self->record, event, error);
  runet_window_record_say_notice (self->window, self->record);
  /* Also when it was refused: then somebody else has been here. */
  adopt_changes (self);
  return ok;
}

static gboolean
is_adjudicator (RunetWindowReview *self) {
  g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (self->window), "adjudicate");
  return g_variant_get_boolean (state);
}

/* What is accepted is kept with the acceptance: nobody needs the model to know it. */
static gboolean
add_contours (RunetWindowReview *self,
              RunetEvent *event,
              RunetCase *item,
              GError **error) {
  if (event->kind != RUNET_EVENT_ACCEPT)
    return TRUE;
  event->subject.content =
      runet_window_edit_hash_image (self->window->edit, item, RUNET_INSTANT_ED, 0);
  event->after =
      runet_window_corrections_list_accepted (self->window->corrections, item, error);
  return event->after != NULL;
}

/* Decides on the case that is shown, when there is one and a name. @rejection: of a rejection. */
static gboolean
decide (RunetWindowReview *self,
        GSimpleAction *action,
        GVariant *parameter,
        RunetEventKind kind,
        RunetRejection rejection,
        const char *text) {
  RunetCase *item = runet_window_review_get_case (self);
  if (!self->record || !item ||
      !runet_window_review_check_author (self, action, parameter))
    return FALSE;
  g_autoptr (RunetEvent) event = runet_window_review_event_new (self, kind, item);
  event->rejection = rejection;
  event->text = text && *text ? g_strdup (text) : NULL;
  event->seconds = runet_window_edit_get_seconds (self->window->edit);
  if (is_adjudicator (self) && kind != RUNET_EVENT_COMMENT) {
    g_free (event->role);
    event->role = g_strdup (RUNET_ROLE_ADJUDICATOR);
  }
  g_autoptr (GError) error = NULL;
  gboolean ok = add_contours (self, event, item, &error) &&
                runet_window_review_append (self, event, &error);
  if (!ok)
    say (self, error);
  return ok;
}

/* Who accepts what another reader corrected, having seen it, makes it their own. */
static void
adopt_what_counts (RunetWindowReview *self) {
  RunetCase *item = runet_window_review_get_case (self);
  RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  g_autoptr (RunetReviewState) kept = state ? runet_review_state_ref (state) : NULL;
  const RunetReading *reading = runet_review_state_get_counting (kept, self->author);
  if (reading && g_strcmp0 (reading->author, self->author) != 0)
    runet_window_edit_adopt (self->window, reading);
}

static void
accept_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindowReview *self = user_data;
  /* What could not be written would be left out, also of what is adopted. */
  if (!runet_window_edit_write (self->window->edit))
    return;
  if (self->author)
    adopt_what_counts (self);
  if (runet_window_edit_has_unsaved (self->window->edit))
    return;
  if (decide (self, action, parameter, RUNET_EVENT_ACCEPT, RUNET_REJECTION_NONE, NULL))
    runet_window_go_on (self->window);
}

static void
reject_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  show_bar (user_data);
  runet_review_bar_ask_reason (bar_of (user_data));
}

static void
reject_because_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  const char *reason, *text;
  RunetRejection rejection;
  g_variant_get (parameter, "(&s&s)", &reason, &text);
  RunetWindowReview *self = user_data;
  /* As after an acceptance: Enter would else turn it into one. */
  if (runet_rejection_from_string (reason, &rejection) &&
      decide (self, action, parameter, RUNET_EVENT_REJECT, rejection, text))
    runet_window_go_on (self->window);
}

static void
reopen_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  decide (user_data, action, parameter, RUNET_EVENT_REOPEN, RUNET_REJECTION_NONE, NULL);
}

static void
flag_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (action));
  decide (user_data, action, NULL,
          g_variant_get_boolean (state) ? RUNET_EVENT_UNFLAG : RUNET_EVENT_FLAG,
          RUNET_REJECTION_NONE, NULL);
}

static void
comment_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  show_bar (user_data);
  runet_review_bar_ask_comment (bar_of (user_data));
}

static void
add_comment_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  const char *text = g_variant_get_string (parameter, NULL);
  if (*text)
    decide (user_data, action, parameter, RUNET_EVENT_COMMENT, RUNET_REJECTION_NONE,
            text);
}

static void
author_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindowReview *self = user_data;
  g_clear_pointer (&self->waiting, g_free);
  ask_author (self);
}

static void
adjudicate_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowReview *self = user_data;
  g_simple_action_set_state (action, state);
  runet_window_review_update (self);
}

/* ---- What can be done now ---- */

static void
enable (RunetWindowReview *self, const char *name, gboolean enabled) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->window), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* Where readers differ, and where somebody has had the last word already. */
static gboolean
may_adjudicate (const RunetReviewState *state) {
  for (guint i = 0; i < state->readings->len; i++)
    if (((const RunetReading *)state->readings->pdata[i])->adjudicator)
      return TRUE;
  return state->disputed;
}

void
runet_window_review_update (RunetWindowReview *self) {
  RunetCase *item = self->record ? runet_window_review_get_case (self) : NULL;
  const RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  gboolean locked = runet_review_state_is_locked (state, self->author);
  RunetReviewStatus own = runet_review_state_get_status_of (state, self->author);
  gboolean tried;
  g_object_get (self->window->viewer, "experiment", &tried, NULL);
  /* Without contours there is nothing to accept, and those of an experiment are not the model's. */
  enable (self, "accept", item && !locked && !tried && is_complete (item));
  enable (self, "reject", item && !locked);
  enable (self, "reject-because", item && !locked);
  enable (self, "reopen", item && own != RUNET_REVIEW_NONE);
  enable (self, "flag", item != NULL);
  enable (self, "comment", item != NULL);
  enable (self, "add-comment", item != NULL);
  enable (self, "adjudicate", state && may_adjudicate (state));
  runet_window_undo_update (self->window);
  GAction *flag = g_action_map_lookup_action (G_ACTION_MAP (self->window), "flag");
  g_simple_action_set_state (G_SIMPLE_ACTION (flag),
                             g_variant_new_boolean (state && state->flagged));
}

/* ---- The whole ---- */

static const GActionEntry actions[] = {
    {.name = "accept", .activate = accept_cb},
    {.name = "reject", .activate = reject_cb},
    {.name = "reject-because", .activate = reject_because_cb, .parameter_type = "(ss)"},
    {.name = "reopen", .activate = reopen_cb},
    {.name = "flag", .activate = flag_cb, .state = "false"},
    {.name = "comment", .activate = comment_cb},
    {.name = "add-comment", .activate = add_comment_cb, .parameter_type = "s"},
    {.name = "adjudicate", .state = "false", .change_state = adjudicate_cb},
    {.name = "author", .activate = author_cb},
};

RunetWindowReview *
runet_window_review_new (RunetWindow *window) {
  RunetWindowReview *self = g_new0 (RunetWindowReview, 1);
  self->window = window;
  self->cases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions,
                                   G_N_ELEMENTS (actions), self);
  if (runet_settings_get ())
    self->author_id = g_signal_connect_swapped (
        runet_settings_get (), "changed::author", G_CALLBACK (author_changed_cb), self);
  return self;
}

void
runet_window_review_start (RunetWindowReview *self) {
  author_changed_cb (self);
}

void
runet_window_review_free (RunetWindowReview *self) {
  g_clear_signal_handler (&self->author_id, runet_settings_get ());
  close_record (self);
  g_hash_table_unref (self->cases);
  g_clear_pointer (&self->waiting_parameter, g_variant_unref);
  g_free (self->waiting);
  g_free (self->author);
  g_free (self);
}
