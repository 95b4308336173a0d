/* The registered models, in a window of its own. */
#include "model-list.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include "core/base/json-depth.h"
#include "gate-view.h"
#include "model-facts.h"
#include "model-lineage.h"
#include "model-row.h"
#include "problem-bar.h"
#include "promote-dialog.h"
#include "promotion.h"

struct _RunetModelList {
  GtkWindow parent;

  GtkWidget *back;
  GtkWidget *problems;
  GtkWidget *stack;
  GtkWidget *spinner;
  GtkWidget *list;
  GtkWidget *name;
  GtkWidget *facts;
  GtkWidget *verdict;
  GtkWidget *hint;
  GtkWidget *use;

  char *author; /* (nullable) */
  RunetModelLineage *lineage; /* (nullable): not read yet */
  RunetGate *gate; /* (nullable): of the model that is shown */
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (RunetModelList, runet_model_list, GTK_TYPE_WINDOW)

enum { MODEL_CHANGED, CASE_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
get_author (RunetModelList *self) {
  return self->author && *self->author ? self->author : g_get_user_name ();
}

static void
say (RunetModelList *self, const char *message) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), message);
}

/* (nullable): the one that is chosen in the list. */
static const RunetModelEntry *
get_entry (RunetModelList *self) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));
  return row && self->lineage
             ? runet_model_lineage_find (self->lineage, runet_model_row_get_hash (row))
             : NULL;
}

/* ---- The model that is chosen ---- */

static RunetGate *
read_gate (const RunetRegisteredModel *model) {
  const gsize length = model->gate ? strlen (model->gate) : 0;
  g_autoptr (JsonNode) node =
      runet_json_is_shallow (model->gate, length, RUNET_JSON_DEPTH)
          ? json_from_string (model->gate, NULL)
          : NULL;
  return node ? runet_gate_from_json (node, NULL) : NULL;
}

/* One that came with the program is judged by nobody. */
static gboolean
is_free (const RunetRegisteredModel *model) {
  return model->verdict == RUNET_VERDICT_PASSED ||
         (model->verdict == RUNET_VERDICT_NONE && !model->parent);
}

static void
show_use (RunetModelList *self, const RunetModelEntry *entry) {
  const gboolean current = entry->model->state == RUNET_REGISTERED_CURRENT;
  gtk_widget_set_visible (self->use, !current);
  gtk_widget_set_sensitive (self->use, !entry->trouble);
  gtk_button_set_label (GTK_BUTTON (self->use), is_free (entry->model)
                                                    ? _ ("_Use This Model")
                                                    : _ ("_Use It Anyway…"));
  gtk_label_set_label (GTK_LABEL (self->hint),
                       current          ? _ ("This model is in use.")
                       : entry->trouble ? _ ("Its file cannot be used.")
                                        : _ ("The list of studies is judged and sorted "
                                             "again by the model that is put in use."));
}

static void
row_selected_cb (GtkListBox *list, GtkListBoxRow *row, RunetModelList *self) {
  const RunetModelEntry *entry = get_entry (self);
  if (!entry)
    return;
  g_autofree char *title = runet_registered_model_title (entry->model);
  gtk_label_set_label (GTK_LABEL (self->name), title);
  runet_model_facts_show (GTK_GRID (self->facts), self->lineage, entry);
  g_clear_pointer (&self->gate, runet_gate_free);
  self->gate = read_gate (entry->model);
  runet_gate_view_set_gate (RUNET_GATE_VIEW (self->verdict), self->gate);
  show_use (self, entry);
}

/* ---- The list ---- */

static void
fill (RunetModelList *self, const char *chosen) {
  GtkListBox *list = GTK_LIST_BOX (self->list);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (list, child);
  GtkListBoxRow *select = NULL;
  for (guint i = 0; i < self->lineage->entries->len; i++) {
    const RunetModelEntry *entry = self->lineage->entries->pdata[i];
    GtkWidget *row = runet_model_row_new (entry);
    gtk_list_box_append (list, row);
    if (g_strcmp0 (entry->model->hash, chosen) == 0 || !select)
      select = GTK_LIST_BOX_ROW (row);
  }
  if (select)
    gtk_list_box_select_row (list, select);
}

/* @current: the model in use is chosen, whichever was before. */
static void
show_lineage (RunetModelList *self, gboolean current) {
  const RunetModelEntry *before = current ? NULL : get_entry (self);
  g_autofree char *chosen =
      g_strdup (before ? before->model->hash : self->lineage->current);
  fill (self, chosen);
  const gboolean any = self->lineage->entries->len > 0;
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), any ? "models" : "empty");
  gtk_widget_set_sensitive (self->back, self->lineage->previous != NULL);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetModelList *self = user_data;
  g_autoptr (GError) error = NULL;
  RunetModelLineage *lineage = runet_model_lineage_read_finish (result, &error);
  /* It is read anew, or the window is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!lineage) {
    say (self, error->message);
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
    return;
  }
  g_autoptr (RunetModelLineage) before = g_steal_pointer (&self->lineage);
  self->lineage = lineage;
  show_lineage (self, !before || g_strcmp0 (before->current, lineage->current) != 0);
}

void
runet_model_list_refresh (RunetModelList *self) {
  g_return_if_fail (RUNET_IS_MODEL_LIST (self));
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  if (!self->lineage)
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), TRUE);
  runet_model_lineage_read_async (NULL, self->reading, read_cb, self);
}

void
runet_model_list_set_author (RunetModelList *self, const char *author) {
  g_return_if_fail (RUNET_IS_MODEL_LIST (self));
  g_free (self->author);
  self->author = g_strdup (author);
}

/* ---- Another model ---- */

static void
promoted_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr (RunetModelList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = runet_promotion_finish (result, &error);
  if (path)
    runet_problem_bar_clear (RUNET_PROBLEM_BAR (self->problems));
  else
    say (self, error->message);
  runet_model_list_refresh (self);
  if (path)
    g_signal_emit (self, signals[MODEL_CHANGED], 0, path);
}

static void
promote (RunetModelList *self, const char *reason) {
  const RunetModelEntry *entry = get_entry (self);
  if (entry)
    runet_promote_async (entry->model->hash, get_author (self), reason, promoted_cb,
                         g_object_ref (self));
}

static void
confirmed_cb (RunetPromoteDialog *dialog, const char *reason, RunetModelList *self) {
  promote (self, reason);
}

static void
use_cb (RunetModelList *self) {
  const RunetModelEntry *entry = get_entry (self);
  if (!entry)
    return;
  if (is_free (entry->model)) {
    promote (self, NULL);
    return;
  }
  g_autofree char *title = runet_registered_model_title (entry->model);
  GtkWidget *dialog = runet_promote_dialog_new (GTK_WINDOW (self), title, self->gate);
  g_signal_connect_object (dialog, "confirmed", G_CALLBACK (confirmed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
back_response_cb (GtkDialog *dialog, int response, RunetModelList *self) {
  if (response == GTK_RESPONSE_ACCEPT)
    runet_roll_back_async (NULL, get_author (self), promoted_cb, g_object_ref (self));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
back_cb (RunetModelList *self) {
  const RunetModelEntry *previous =
      self->lineage ? runet_model_lineage_find (self->lineage, self->lineage->previous)
                    : NULL;
  if (!previous)
    return;
  g_autofree char *title = runet_registered_model_title (previous->model);
  GtkWidget *dialog = gtk_message_dialog_new (
      GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, _ ("Go back to %s?"), title);
  gtk_message_dialog_format_secondary_text (
      GTK_MESSAGE_DIALOG (dialog), "%s",
      _ ("The model in use now stays in the list, and can be put in use again."));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Go Back"), GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_signal_connect_object (dialog, "response", G_CALLBACK (back_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
case_activated_cb (RunetModelList *self, const char *name) {
  g_signal_emit (self, signals[CASE_ACTIVATED], 0, name);
}

/* ---- Object ---- */

static void
runet_model_list_dispose (GObject *object) {
  RunetModelList *self = RUNET_MODEL_LIST (object);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->lineage, runet_model_lineage_free);
  g_clear_pointer (&self->gate, runet_gate_free);
  g_clear_pointer (&self->author, g_free);
  G_OBJECT_CLASS (runet_model_list_parent_class)->dispose (object);
}

static void
runet_model_list_class_init (RunetModelListClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_model_list_dispose;
  g_type_ensure (RUNET_TYPE_PROBLEM_BAR);
  g_type_ensure (RUNET_TYPE_GATE_VIEW);
  signals[MODEL_CHANGED] =
      g_signal_new ("model-changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CASE_ACTIVATED] =
      g_signal_new ("case-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close",
                                       NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/model-list.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, RunetModelList, name)
  BIND (back);
  BIND (problems);
  BIND (stack);
  BIND (spinner);
  BIND (list);
  BIND (name);
  BIND (facts);
  BIND (verdict);
  BIND (hint);
  BIND (use);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, case_activated_cb);
}

static void
runet_model_list_init (RunetModelList *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

RunetModelList *
runet_model_list_new (void) {
  return g_object_new (RUNET_TYPE_MODEL_LIST, NULL);
}
