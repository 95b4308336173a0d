/* What people decided on the case that is shown, and the buttons to decide. */
#include "review-bar.h"

#include <glib/gi18n-lib.h>
#include "comment-popover.h"
#include "reject-popover.h"
#include "wording.h"

struct _RunetReviewBar {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *icon;
  GtkWidget *status;
  GtkWidget *detail;
  GtkWidget *trouble;
  GtkWidget *accept;
  GtkWidget *reject;
  GtkWidget *reopen;
  GtkWidget *flag;
  GtkWidget *comment;
  GtkWidget *flagged;
  GtkWidget *said;
  GtkWidget *others_scroller;
  GtkWidget *others;
  GtkWidget *reject_popover;
  GtkWidget *comment_popover;

  RunetCase *item;
  gulong changed_id;
  char *author;
  RunetReviewState *shown; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (RunetReviewBar, runet_review_bar, GTK_TYPE_WIDGET)

static const RunetReading *
get_own (RunetReviewBar *self) {
  return self->shown && self->author
             ? runet_review_state_find_reading (self->shown, self->author)
             : NULL;
}

/* "Ada Lovelace · 25 Nov 2026, 15:42", under what she wrote, if anything. */
static char *
sign (const RunetEvent *event) {
  g_autofree char *time = runet_local_time_to_string (event->time);
  if (!event->text || !*event->text)
    return g_strdup_printf ("%s · %s", event->author, time);
  return g_strdup_printf (_ ("“%s”\n%s · %s"), event->text, event->author, time);
}

/* Drawn on, and neither accepted nor rejected: nothing is learned or exported of it yet. */
static gboolean
is_unfinished (const RunetReading *reading) {
  return reading != NULL && reading->status == RUNET_REVIEW_NONE &&
         reading->frames->len > 0;
}

static void
show_own (RunetReviewBar *self) {
  const RunetReading *own = get_own (self);
  RunetReviewStatus status = own ? own->status : RUNET_REVIEW_NONE;
  const RunetEvent *decision = own ? own->decision : NULL;
  const char *classes[] = {runet_review_status_css_class (status), NULL};
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                runet_review_status_icon (status));
  gtk_widget_set_css_classes (self->icon, classes);
  g_autofree char *words = is_unfinished (own)
                               ? g_strdup (_ ("Corrections not accepted yet"))
                               : runet_decision_to_string (status, decision);
  gtk_label_set_label (GTK_LABEL (self->status), words);
  g_autofree char *signature =
      decision       ? sign (decision)
      : self->author ? g_strdup_printf (_ ("You review as %s"), self->author)
                     : NULL;
  gtk_label_set_label (GTK_LABEL (self->detail), signature ? signature : "");
  gtk_widget_set_visible (self->detail, signature != NULL);
  /* A case that is accepted can but be reopened; one that is rejected can also be accepted. */
  gboolean locked = status == RUNET_REVIEW_ACCEPTED || status == RUNET_REVIEW_CORRECTED;
  gtk_widget_set_visible (self->accept, !locked);
  gtk_widget_set_visible (self->reject, status == RUNET_REVIEW_NONE);
  gtk_widget_set_visible (self->reopen, status != RUNET_REVIEW_NONE);
}

static GtkWidget *
line_new (const char *icon_name, const char *css_class, const char *text) {
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (icon, css_class);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0F);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
add_other (RunetReviewBar *self, const RunetReading *reading) {
  g_autofree char *decision =
      runet_decision_to_string (reading->status, reading->decision);
  g_autofree char *signature = sign (reading->decision);
  g_autofree char *text = g_strdup_printf ("%s\n%s", decision, signature);
  gtk_box_append (GTK_BOX (self->others),
                  line_new (runet_review_status_icon (reading->status),
                            runet_review_status_css_class (reading->status), text));
}

static void
show_others (RunetReviewBar *self) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->others)))
    gtk_box_remove (GTK_BOX (self->others), child);
  const RunetReading *own = get_own (self);
  guint count = 0;
  for (guint i = 0; self->shown && i < self->shown->readings->len; i++) {
    const RunetReading *reading = self->shown->readings->pdata[i];
    if (reading == own || !reading->decision)
      continue;
    if (count++ == 0) {
      GtkWidget *title = gtk_label_new (self->shown->disputed ? _ ("Readers disagree")
                                                              : _ ("Other readers"));
      gtk_label_set_xalign (GTK_LABEL (title), 0.0F);
      gtk_widget_add_css_class (title, "heading");
      gtk_box_append (GTK_BOX (self->others), title);
    }
    add_other (self, reading);
  }
  gtk_widget_set_visible (self->others_scroller, count > 0);
}

/* The flag and the last comment, in words and with their author. */
static void
show_notes (RunetReviewBar *self) {
  const RunetEvent *flag = self->shown ? self->shown->flag : NULL;
  const RunetEvent *comment = self->shown ? self->shown->comment : NULL;
  g_autofree char *who = flag ? sign (flag) : NULL;
  g_autofree char *flagged = who ? g_strdup_printf (_ ("Flagged: %s"), who) : NULL;
  gtk_label_set_label (GTK_LABEL (self->flagged), flagged ? flagged : "");
  gtk_widget_set_visible (gtk_widget_get_parent (self->flagged), flag != NULL);
  g_autofree char *said = comment ? sign (comment) : NULL;
  gtk_label_set_label (GTK_LABEL (self->said), said ? said : "");
  gtk_widget_set_visible (gtk_widget_get_parent (self->said), comment != NULL);
}

static guint
count_comments (const RunetReviewState *state) {
  return state ? state->comments->len : 0;
}

/* What was typed is kept until it is written: then the case has one comment more, or is rejected. */
static void
clear_written (RunetReviewBar *self, const RunetReviewState *before) {
  if (count_comments (self->shown) > count_comments (before) &&
      !gtk_widget_get_visible (self->comment_popover))
    runet_comment_popover_clear (RUNET_COMMENT_POPOVER (self->comment_popover));
  if (runet_review_state_get_status_of (self->shown, self->author) ==
          RUNET_REVIEW_REJECTED &&
      !gtk_widget_get_visible (self->reject_popover))
    runet_reject_popover_clear (RUNET_REJECT_POPOVER (self->reject_popover));
}

static void
update (RunetReviewBar *self) {
  RunetReviewState *now = self->item ? runet_case_get_review (self->item) : NULL;
  g_autoptr (RunetReviewState) before = g_steal_pointer (&self->shown);
  self->shown = now ? runet_review_state_ref (now) : NULL;
  runet_comment_popover_set_review (RUNET_COMMENT_POPOVER (self->comment_popover), now);
  clear_written (self, before);
  show_own (self);
  show_others (self);
  show_notes (self);
}

static void
changed_cb (RunetReviewBar *self) {
  /* A case changes with every frame that is analysed. */
  if (runet_case_get_review (self->item) != self->shown)
    update (self);
}

void
runet_review_bar_set_case (RunetReviewBar *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_REVIEW_BAR (self));
  if (item == self->item)
    return;
  g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  /* What is open or half written is about the case before. */
  gtk_popover_popdown (GTK_POPOVER (self->reject_popover));
  gtk_popover_popdown (GTK_POPOVER (self->comment_popover));
  runet_reject_popover_clear (RUNET_REJECT_POPOVER (self->reject_popover));
  runet_comment_popover_clear (RUNET_COMMENT_POPOVER (self->comment_popover));
  if (item)
    self->changed_id =
        g_signal_connect_swapped (item, "changed", G_CALLBACK (changed_cb), self);
  update (self);
}

RunetCase *
runet_review_bar_get_case (RunetReviewBar *self) {
  g_return_val_if_fail (RUNET_IS_REVIEW_BAR (self), NULL);
  return self->item;
}

void
runet_review_bar_set_author (RunetReviewBar *self, const char *author) {
  g_return_if_fail (RUNET_IS_REVIEW_BAR (self));
  g_free (self->author);
  self->author = g_strdup (author);
  update (self);
}

void
runet_review_bar_set_trouble (RunetReviewBar *self, const char *message) {
  g_return_if_fail (RUNET_IS_REVIEW_BAR (self));
  gtk_widget_set_visible (self->trouble, message != NULL);
  gtk_widget_set_tooltip_text (self->trouble, message);
}

static void
point_to (RunetReviewBar *self, GtkWidget *popover, GtkWidget *button) {
  graphene_rect_t bounds;
  /* A button that is not there at the moment leaves the whole bar. */
  if (!gtk_widget_get_mapped (button) ||
      !gtk_widget_compute_bounds (button, GTK_WIDGET (self), &bounds)) {
    gtk_popover_set_pointing_to (GTK_POPOVER (popover), NULL);
    return;
  }
  GdkRectangle place = {(int)bounds.origin.x, (int)bounds.origin.y,
                        (int)bounds.size.width, (int)bounds.size.height};
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &place);
}

void
runet_review_bar_ask_reason (RunetReviewBar *self) {
  g_return_if_fail (RUNET_IS_REVIEW_BAR (self));
  point_to (self, self->reject_popover, self->reject);
  runet_reject_popover_ask (RUNET_REJECT_POPOVER (self->reject_popover));
}

void
runet_review_bar_ask_comment (RunetReviewBar *self) {
  g_return_if_fail (RUNET_IS_REVIEW_BAR (self));
  point_to (self, self->comment_popover, self->comment);
  runet_comment_popover_ask (RUNET_COMMENT_POPOVER (self->comment_popover));
}

static void
runet_review_bar_dispose (GObject *object) {
  RunetReviewBar *self = RUNET_REVIEW_BAR (object);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->shown, runet_review_state_unref);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->reject_popover, gtk_widget_unparent);
  g_clear_pointer (&self->comment_popover, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_review_bar_parent_class)->dispose (object);
}

static void
runet_review_bar_class_init (RunetReviewBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_review_bar_dispose;
  g_type_ensure (RUNET_TYPE_REJECT_POPOVER);
  g_type_ensure (RUNET_TYPE_COMMENT_POPOVER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "reviewbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/review-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, content);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, icon);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, status);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, detail);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, trouble);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, accept);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, reject);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, reopen);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, flag);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, comment);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, flagged);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, said);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, others_scroller);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, others);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, reject_popover);
  gtk_widget_class_bind_template_child (widget_class, RunetReviewBar, comment_popover);
}

static void
runet_review_bar_init (RunetReviewBar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

GtkWidget *
runet_review_bar_new (void) {
  return g_object_new (RUNET_TYPE_REVIEW_BAR, NULL);
}
