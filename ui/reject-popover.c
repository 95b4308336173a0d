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
  RunetRejection reason = get_reason (self);
  update (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (
      self->reason[reason == RUNET_REJECTION_NONE ? RUNET_REJECTION_NONE + 1 : reason]);
}

void
runet_reject_popover_clear (RunetRejectPopover *self) {
  g_return_if_fail (RUNET_IS_REJECT_POPOVER (self));
  for (int i = RUNET_REJECTION_NONE + 1; i < RUNET_REJECTIONS; i++)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->reason[i]), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->text), "");
}

static gboolean
reject_from_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data) {
  RunetRejectPopover *self = user_data;
  if (gtk_widget_is_sensitive (self->reject))
    reject_cb (NULL, self);
  return TRUE;
}

/* Words that are typed where a reason is chosen are the reader's own: they go where words go. */
static gboolean
type_cb (RunetRejectPopover *self,
         guint key,
         guint code,
         GdkModifierType state,
         GtkEventControllerKey *controller) {
  const gunichar letter = gdk_keyval_to_unicode (key);
  const GdkModifierType others = GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  if (letter == 0 || !g_unichar_isgraph (letter) || (state & others) != 0)
    return GDK_EVENT_PROPAGATE;
  if (get_reason (self) == RUNET_REJECTION_NONE)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->reason[RUNET_REJECTION_OTHER]),
                                 TRUE);
  gtk_widget_grab_focus (self->text);
  gtk_editable_set_position (GTK_EDITABLE (self->text), -1);
  return gtk_event_controller_key_forward (
      controller, GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->text))));
}

/* A check button keeps Return to itself, where one expects the answer to be given. */
static void
add_keys (RunetRejectPopover *self) {
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Return|KP_Enter"),
                        gtk_callback_action_new (reject_from_key_cb, self, NULL)));
  gtk_widget_add_controller (self->reasons, keys);
  GtkEventController *typed = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (typed, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (typed, "key-pressed", G_CALLBACK (type_cb), self);
  gtk_widget_add_controller (self->reasons, typed);
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
  add_keys (self);
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
