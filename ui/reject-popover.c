/* Asks why a case is rejected. */
#include "reject-popover.h"

#include "core/review/event.h"
#include "wording.h"

struct _RunetRejectPopover {
  GtkPopover parent;

  GtkWidget *reasons;
  GtkWidget *reason[RUNET_REJECTIONS];
  GtkWidget *text;
  GtkWidget *reject;
};

G_DEFINE_FINAL_TYPE (RunetRejectPopover, runet_reject_popover, GTK_TYPE_POPOVER)

static RunetRejection
get_reason (RunetRejectPopover *self) {
  for (int i = RUNET_REJECTION_NONE + 1; i < RUNET_REJECTIONS; i++)
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->reason[i])))
      return i;
  return RUNET_REJECTION_NONE;
}

static char *
get_text (RunetRejectPopover *self) {
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->text))));
}

/* “Other” says nothing without words. */
static void
update (RunetRejectPopover *self) {
  g_autofree char *text = get_text (self);
  RunetRejection reason = get_reason (self);
  gtk_widget_set_sensitive (self->reject,
                            reason != RUNET_REJECTION_NONE &&
                                (reason != RUNET_REJECTION_OTHER || *text != 0));
}

static void
reject_cb (GtkButton *button, RunetRejectPopover *self) {
  g_autofree char *text = get_text (self);
  const char *reason = runet_rejection_to_string (get_reason (self));
  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.reject-because", "(ss)", reason,
                              text);
}

void
runet_reject_popover_ask (RunetRejectPopover *self) {
  g_return_if_fail (RUNET_IS_REJECT_POPOVER (self));
  for (int i = RUNET_REJECTION_NONE + 1; i < RUNET_REJECTIONS; i++)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->reason[i]), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->text), "");
  update (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (self->reason[RUNET_REJECTION_NONE + 1]);
}

static void
runet_reject_popover_class_init (RunetRejectPopoverClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/reject-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetRejectPopover, reasons);
  gtk_widget_class_bind_template_child (widget_class, RunetRejectPopover, text);
  gtk_widget_class_bind_template_child (widget_class, RunetRejectPopover, reject);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, reject_cb);
}

static void
runet_reject_popover_init (RunetRejectPopover *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkCheckButton *first = NULL;
  for (int i = RUNET_REJECTION_NONE + 1; i < RUNET_REJECTIONS; i++) {
    self->reason[i] = gtk_check_button_new_with_label (runet_rejection_name (i));
    gtk_check_button_set_group (GTK_CHECK_BUTTON (self->reason[i]), first);
    first = first ? first : GTK_CHECK_BUTTON (self->reason[i]);
    g_signal_connect_swapped (self->reason[i], "toggled", G_CALLBACK (update), self);
    gtk_box_append (GTK_BOX (self->reasons), self->reason[i]);
  }
}

GtkWidget *
runet_reject_popover_new (void) {
  return g_object_new (RUNET_TYPE_REJECT_POPOVER, NULL);
}
