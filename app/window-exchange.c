/* Contours out of the record that is open, and masks into it. */
#include "window-exchange.h"

#include "study-report.h"
#include "ui/exchange-dialog.h"
#include "window-private.h"

/* What is imported is seen as what another program wrote is: a moment later. */
static void
show (RunetWindow *self, RunetExchangeKind kind) {
  RunetReview *record = runet_window_review_get_record (self->review);
  if (!record || !self->path)
    return;
  GtkWidget *dialog = runet_exchange_dialog_new (
      GTK_WINDOW (self), kind,
      runet_journal_get_path (runet_review_get_journal (record)), self->path,
      runet_window_review_get_author (self->review), runet_study_report_write);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  show (user_data, RUNET_EXCHANGE_EXPORT);
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  show (user_data, RUNET_EXCHANGE_IMPORT);
}

static const GActionEntry actions[] = {
    {.name = "export", .activate = export_cb},
    {.name = "import-masks", .activate = import_cb},
};

void
runet_window_exchange_add (RunetWindow *self) {
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions),
                                   self);
}

void
runet_window_exchange_update (RunetWindow *self) {
  const gboolean able = runet_window_review_get_record (self->review) != NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), actions[i].name);
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), able);
  }
}
