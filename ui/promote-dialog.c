/* Asks why a model that the gate did not pass is to be put in use. */
#include "promote-dialog.h"

#include <glib/gi18n-lib.h>
#include "gate-words.h"

/* The history shows it in one line. */
#define REASON_CHARS 200

struct _RunetPromoteDialog {
  GtkWindow parent;

  GtkWidget *heading;
  GtkWidget *reasons;
  GtkWidget *reason;
  GtkWidget *seen;
  GtkWidget *use;
};

G_DEFINE_FINAL_TYPE (RunetPromoteDialog, runet_promote_dialog, GTK_TYPE_WINDOW)

static guint confirmed_signal;

static char *
get_reason (RunetPromoteDialog *self) {
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
}

static void
changed_cb (RunetPromoteDialog *self) {
  g_autofree char *reason = get_reason (self);
  gtk_widget_set_sensitive (self->use, *reason && gtk_check_button_get_active (
                                                      GTK_CHECK_BUTTON (self->seen)));
}

static void
use_cb (GtkButton *button, RunetPromoteDialog *self) {
  g_autofree char *reason = get_reason (self);
  g_object_ref (self);
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, confirmed_signal, 0, reason);
  g_object_unref (self);
}

static void
runet_promote_dialog_class_init (RunetPromoteDialogClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  confirmed_signal =
      g_signal_new ("confirmed", RUNET_TYPE_PROMOTE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/promote-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetPromoteDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, RunetPromoteDialog, reasons);
  gtk_widget_class_bind_template_child (widget_class, RunetPromoteDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, RunetPromoteDialog, seen);
  gtk_widget_class_bind_template_child (widget_class, RunetPromoteDialog, use);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
runet_promote_dialog_init (RunetPromoteDialog *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_max_length (GTK_ENTRY (self->reason), REASON_CHARS);
}

GtkWidget *
runet_promote_dialog_new (GtkWindow *parent, const char *model, const RunetGate *gate) {
  RunetPromoteDialog *self =
      g_object_new (RUNET_TYPE_PROMOTE_DIALOG, "transient-for", parent, NULL);
  g_autofree char *heading =
      g_strdup_printf (_ ("Use %s although it did not pass?"), model);
  g_autofree char *reasons =
      gate ? runet_gate_describe_reasons (gate)
           : g_strdup (_ ("No verdict on it is known: nothing shows that it is not "
                          "worse than the model in use."));
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  gtk_label_set_label (GTK_LABEL (self->reasons), reasons);
  gtk_widget_grab_focus (self->reason);
  return GTK_WIDGET (self);
}
