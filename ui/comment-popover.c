/* The comments on a case, and one more. */
#include "comment-popover.h"

#include "wording.h"

struct _RunetCommentPopover {
  GtkPopover parent;

  GtkWidget *scroller;
  GtkWidget *list;
  GtkWidget *text;
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (RunetCommentPopover, runet_comment_popover, GTK_TYPE_POPOVER)

static char *
get_text (RunetCommentPopover *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
update (RunetCommentPopover *self) {
  g_autofree char *text = get_text (self);
  gtk_widget_set_sensitive (self->add, *text != 0);
}

static void
add_cb (GtkButton *button, RunetCommentPopover *self) {
  g_autofree char *text = get_text (self);
  if (!*text)
    return;
  gtk_popover_popdown (GTK_POPOVER (self));
  /* The text stays until it is known to be written: then the case has one comment more. */
  gtk_widget_activate_action (GTK_WIDGET (self), "win.add-comment", "s", text);
}

static GtkWidget *
comment_row_new (const RunetEvent *comment) {
  g_autofree char *time = runet_local_time_to_string (comment->time);
  g_autofree char *who = g_strdup_printf ("%s · %s", comment->author, time);
  GtkWidget *head = gtk_label_new (who);
  GtkWidget *body = gtk_label_new (comment->text ? comment->text : "");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (head, "caption");
  gtk_widget_add_css_class (head, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (head), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (head), 0.0F);
  gtk_label_set_xalign (GTK_LABEL (body), 0.0F);
  gtk_label_set_wrap (GTK_LABEL (body), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (body), PANGO_WRAP_WORD_CHAR);
  /* By mouse alone: the focus would select all of it. */
  gtk_label_set_selectable (GTK_LABEL (body), TRUE);
  gtk_widget_set_can_focus (body, FALSE);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), body);
  return box;
}

void
runet_comment_popover_set_review (RunetCommentPopover *self,
                                  const RunetReviewState *review) {
  g_return_if_fail (RUNET_IS_COMMENT_POPOVER (self));
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = 0; review && i < review->comments->len; i++)
    /* The latest on top, where it is seen. */
    gtk_box_prepend (GTK_BOX (self->list),
                     comment_row_new (review->comments->pdata[i]));
  gtk_widget_set_visible (self->scroller, review && review->comments->len > 0);
}

void
runet_comment_popover_ask (RunetCommentPopover *self) {
  g_return_if_fail (RUNET_IS_COMMENT_POPOVER (self));
  update (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (self->text);
}

void
runet_comment_popover_clear (RunetCommentPopover *self) {
  g_return_if_fail (RUNET_IS_COMMENT_POPOVER (self));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), "",
                            -1);
}

static gboolean
add_from_key_cb (GtkWidget *widget, GVariant *arguments, gpointer self) {
  add_cb (NULL, self);
  return TRUE;
}

/* Return alone begins a new line; the text would take it with Control too. */
static void
add_keys (RunetCommentPopover *self) {
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (
          gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
          gtk_callback_action_new (add_from_key_cb, self, NULL)));
  gtk_widget_add_controller (self->text, keys);
}

static void
runet_comment_popover_class_init (RunetCommentPopoverClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/comment-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetCommentPopover, scroller);
  gtk_widget_class_bind_template_child (widget_class, RunetCommentPopover, list);
  gtk_widget_class_bind_template_child (widget_class, RunetCommentPopover, text);
  gtk_widget_class_bind_template_child (widget_class, RunetCommentPopover, add);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
runet_comment_popover_init (RunetCommentPopover *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)),
                           "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

GtkWidget *
runet_comment_popover_new (void) {
  return g_object_new (RUNET_TYPE_COMMENT_POPOVER, NULL);
}
