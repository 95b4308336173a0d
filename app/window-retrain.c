/* Retraining and the registered models, as they belong to a window. */
#include "window-retrain.h"

#include <glib/gi18n.h>
#include "core/review/journal.h"
#include "models.h"
#include "settings.h"
#include "ui/model-list.h"
#include "ui/retrain-window.h"
#include "ui/retrain-words.h"
#include "window-go.h"
#include "window-private.h"

/* A checkpoint is written between two batches; the slowest of them takes some seconds. */
#define PATIENCE_S 20

struct _RunetWindowRetrain {
  RunetWindow *window; /* which owns this */
  RunetRetrainRun *run;
  RunetRetrainWindow *dialog; /* (nullable): not opened yet */
  RunetModelList *models; /* (nullable): not opened yet */
  gboolean unseen; /* it ended while nobody looked */
  gboolean closing; /* the window is closed as soon as it has stopped */
  guint closing_id;
};

/* ---- The header ---- */

static gboolean
is_looked_at (RunetWindowRetrain *self) {
  return self->dialog && gtk_widget_get_visible (GTK_WIDGET (self->dialog));
}

/* Beside the other buttons "Finished" alone would say too little. */
static char *
make_text (RunetRetrainRun *run) {
  switch (runet_retrain_run_get_state (run)) {
  case RUNET_RETRAIN_DONE:
    return g_strdup (_ ("Retraining finished"));
  case RUNET_RETRAIN_FAILED:
    return g_strdup (_ ("Retraining failed"));
  case RUNET_RETRAIN_STOPPED:
    return g_strdup (_ ("Retraining stopped"));
  default:
    return runet_retrain_describe_run (run);
  }
}

static void
show_in_header (RunetWindowRetrain *self) {
  const gboolean active = runet_retrain_run_is_active (self->run);
  g_autofree char *text = make_text (self->run);
  g_autofree char *state = runet_retrain_describe_run (self->run);
  g_autofree char *tooltip =
      g_strdup_printf (_ ("Retraining: %s (Ctrl+Shift+T)"), state);
  gtk_widget_set_visible (self->window->retrain_button, active || self->unseen);
  gtk_widget_set_visible (self->window->retrain_spinner, active);
  gtk_spinner_set_spinning (GTK_SPINNER (self->window->retrain_spinner), active);
  gtk_label_set_label (GTK_LABEL (self->window->retrain_text), text);
  gtk_widget_set_tooltip_text (self->window->retrain_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->window->retrain_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

static void
run_changed_cb (RunetWindowRetrain *self) {
  const gboolean active = runet_retrain_run_is_active (self->run);
  self->unseen = !active &&
                 runet_retrain_run_get_state (self->run) != RUNET_RETRAIN_IDLE &&
                 !is_looked_at (self);
  show_in_header (self);
  if (self->closing && !active)
    gtk_window_close (GTK_WINDOW (self->window));
}

/* ---- From the other windows ---- */

static void
case_activated_cb (RunetWindowRetrain *self, const char *name) {
  if (runet_window_go_to_image (self->window, name)) {
    gtk_window_present (GTK_WINDOW (self->window));
    return;
  }
  g_autofree char *message =
      g_strdup_printf (_ ("%s is not in the folder that is open."), name);
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->window->problems), message);
}

static void
model_changed_cb (RunetWindowRetrain *self, const char *path) {
  runet_window_set_model (self->window, path);
  if (self->models)
    runet_model_list_refresh (self->models);
}

static void
connect_window (RunetWindowRetrain *self, gpointer other) {
  gtk_window_set_transient_for (GTK_WINDOW (other), NULL);
  g_signal_connect_swapped (other, "case-activated", G_CALLBACK (case_activated_cb),
                            self);
  g_signal_connect_swapped (other, "model-changed", G_CALLBACK (model_changed_cb),
                            self);
}

/* ---- The windows ---- */

static RunetDataset *
get_dataset (RunetWindow *window) {
  g_autoptr (RunetCase) item =
      window->cases ? g_list_model_get_item (G_LIST_MODEL (window->cases), 0) : NULL;
  return item ? runet_case_get_dataset (item) : NULL;
}

static void
tell_study (RunetWindowRetrain *self) {
  const char *path = self->window->path;
  g_autofree char *record = path ? runet_journal_default_path (path) : NULL;
  runet_retrain_window_set_study (self->dialog, get_dataset (self->window), record);
}

static void
tell_model (RunetWindowRetrain *self) {
  const char *model = self->window->model;
  g_autofree char *title = model ? runet_model_title (model) : NULL;
  runet_retrain_window_set_model (self->dialog, model, title);
  runet_retrain_window_set_engine (
      self->dialog, runet_window_engine_get_lenient_choice (self->window->engine));
}

static void
tell_author (RunetWindowRetrain *self) {
  g_autofree char *author = runet_settings_get_string ("author", "");
  if (self->dialog)
    runet_retrain_window_set_author (self->dialog, author);
  if (self->models)
    runet_model_list_set_author (self->models, author);
}

void
runet_window_retrain_update (RunetWindowRetrain *self) {
  if (!self->dialog)
    return;
  tell_model (self);
  tell_study (self);
}

void
runet_window_retrain_show (RunetWindowRetrain *self) {
  if (!self->dialog) {
    self->dialog = runet_retrain_window_new (self->run);
    connect_window (self, self->dialog);
    runet_window_retrain_update (self);
  }
  tell_author (self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  self->unseen = FALSE;
  show_in_header (self);
}

void
runet_window_retrain_show_models (RunetWindowRetrain *self) {
  if (!self->models) {
    self->models = runet_model_list_new ();
    connect_window (self, self->models);
  }
  tell_author (self);
  runet_model_list_refresh (self->models);
  gtk_window_present (GTK_WINDOW (self->models));
}

void
runet_window_retrain_tell_lost (RunetWindow *window) {
  g_autofree char *chosen = runet_settings_get_string ("model", "");
  if (*chosen && !runet_model_is_registered (chosen))
    return;
  g_autofree char *lost = runet_models_get_lost ();
  g_autofree char *other = window->model ? runet_model_title (window->model) : NULL;
  if (!lost || !other)
    return;
  g_autofree char *message = g_strdup_printf (
      _ ("The file of “%s”, the model in use, is gone: “%s” runs instead. "
         "“Models” in the menu says where it was."),
      lost, other);
  runet_problem_bar_say (RUNET_PROBLEM_BAR (window->problems), message);
}

/* ---- Closing ---- */

/* It does not stop: what it learned since its last checkpoint is lost, and nothing else. */
static gboolean
impatient_cb (gpointer user_data) {
  RunetWindowRetrain *self = user_data;
  self->closing_id = 0;
  runet_retrain_run_end (self->run, 0);
  return G_SOURCE_REMOVE;
}

static void
close_response_cb (GtkDialog *dialog, int response, RunetWindowRetrain *self) {
  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  self->closing = TRUE;
  if (!runet_retrain_run_is_active (self->run)) {
    gtk_window_close (GTK_WINDOW (self->window));
    return;
  }
  self->closing_id = g_timeout_add_seconds (PATIENCE_S, impatient_cb, self);
  runet_retrain_run_stop (self->run);
}

gboolean
runet_window_retrain_allow_close (RunetWindowRetrain *self) {
  if (!runet_retrain_run_is_active (self->run))
    return TRUE;
  if (self->closing)
    return FALSE;
  GtkWidget *dialog = gtk_message_dialog_new (
      GTK_WINDOW (self->window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s",
      _ ("A retraining is under way. Stop it and close?"));
  gtk_message_dialog_format_secondary_text (
      GTK_MESSAGE_DIALOG (dialog), "%s",
      _ ("What it learned is kept: you can go on with it the next time."));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Do Not Close"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Stop and Close"),
                         GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  /* The window, and with it this, outlives its dialogs. */
  g_signal_connect (dialog, "response", G_CALLBACK (close_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

/* ---- Life ---- */

/* @other: (nullable). A promotion that is under way keeps it a moment longer, and tells of its end. */
static void
close_window (RunetWindowRetrain *self, gpointer other) {
  if (!other)
    return;
  g_signal_handlers_disconnect_by_data (other, self);
  gtk_window_destroy (GTK_WINDOW (other));
}

void
runet_window_retrain_free (RunetWindowRetrain *self) {
  g_clear_handle_id (&self->closing_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->run, self);
  close_window (self, self->dialog);
  close_window (self, self->models);
  g_object_unref (self->run);
  g_free (self);
}

RunetWindowRetrain *
runet_window_retrain_new (RunetWindow *window) {
  RunetWindowRetrain *self = g_new0 (RunetWindowRetrain, 1);
  self->window = window;
  self->run = runet_retrain_run_new ();
  g_signal_connect_swapped (self->run, "changed", G_CALLBACK (run_changed_cb), self);
  return self;
}
