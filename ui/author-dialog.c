/* Asks who is reviewing, before the first decision. */
#include "author-dialog.h"

/* Longer than any name; the record shows it beside each decision. */
#define NAME_CHARS 120

struct _RunetAuthorDialog {
  GtkWindow parent;

  GtkWidget *name;
  GtkWidget *use;
};

G_DEFINE_FINAL_TYPE (RunetAuthorDialog, runet_author_dialog, GTK_TYPE_WINDOW)

static guint chosen_signal;

static char *
get_name (RunetAuthorDialog *self) {
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
}

static void
changed_cb (GtkEditable *editable, RunetAuthorDialog *self) {
  g_autofree char *name = get_name (self);
  gtk_widget_set_sensitive (self->use, *name != 0);
}

static void
use_cb (GtkButton *button, RunetAuthorDialog *self) {
  g_autofree char *name = get_name (self);
  if (!*name)
    return;
  g_object_ref (self);
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, chosen_signal, 0, name);
  g_object_unref (self);
}

static void
runet_author_dialog_class_init (RunetAuthorDialogClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  chosen_signal = g_signal_new ("chosen", RUNET_TYPE_AUTHOR_DIALOG, G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/author-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetAuthorDialog, name);
  gtk_widget_class_bind_template_child (widget_class, RunetAuthorDialog, use);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
runet_author_dialog_init (RunetAuthorDialog *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_max_length (GTK_ENTRY (self->name), NAME_CHARS);
}

/* GLib answers "Unknown" where the account has no full name. */
static const char *
account_name (void) {
  const char *real = g_get_real_name ();
  return g_str_equal (real, "Unknown") ? g_get_user_name () : real;
}

GtkWidget *
runet_author_dialog_new (GtkWindow *parent, const char *name) {
  RunetAuthorDialog *self =
      g_object_new (RUNET_TYPE_AUTHOR_DIALOG, "transient-for", parent, NULL);
  g_autofree char *offered =
      g_utf8_make_valid (name && *name ? name : account_name (), -1);
  gtk_editable_set_text (GTK_EDITABLE (self->name), offered);
  gtk_widget_grab_focus (self->name);
  return GTK_WIDGET (self);
}
