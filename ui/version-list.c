/* Whose contours there are of a case. */
#include "version-list.h"

#include <glib/gi18n-lib.h>
#include "wording.h"

struct _RunetVersionList {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *rows;
  GtkWidget *adjudicate;
  RunetReviewState *state; /* (nullable): what is listed */
  char *author;
};

G_DEFINE_FINAL_TYPE (RunetVersionList, runet_version_list, GTK_TYPE_WIDGET)

/* The last thing that a reader did to the contours or decided. */
static const RunetEvent *
find_last (const RunetReading *reading) {
  const RunetEvent *last = reading->decision;
  for (guint i = 0; i < reading->frames->len; i++) {
    const RunetFrameEdit *edit = reading->frames->pdata[i];
    if (!last || edit->event->number > last->number)
      last = edit->event;
  }
  return last;
}

static char *
describe (const RunetReading *reading) {
  const RunetEvent *last = find_last (reading);
  g_autofree char *time =
      last ? runet_local_time_to_string (last->time) : g_strdup ("");
  g_autofree char *frames =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u frame corrected",
                                    "%u frames corrected", reading->frames->len),
                       reading->frames->len);
  return g_strdup_printf ("%s%s · %s · %s",
                          reading->adjudicator ? _ ("Adjudicator · ") : "",
                          runet_review_status_name (reading->status), frames, time);
}

static GtkWidget *
text_new (const char *title, const char *detail) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *more = gtk_label_new (detail);
  gtk_label_set_xalign (GTK_LABEL (name), 0.0F);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (more), 0.0F);
  gtk_label_set_wrap (GTK_LABEL (more), TRUE);
  gtk_widget_add_css_class (more, "caption");
  gtk_widget_add_css_class (more, "dim-label");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), more);
  return box;
}

/* @group: (nullable): the first row's button. Returns the button of the new row. */
static GtkWidget *
add_row (RunetVersionList *self,
         GtkWidget *group,
         const char *title,
         const char *detail,
         const char *target,
         gboolean adoptable) {
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *check = gtk_check_button_new ();
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), (GtkCheckButton *)group);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (check), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (check), "win.show-version");
  gtk_widget_set_focus_on_click (check, FALSE);
  gtk_widget_set_valign (check, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (check, _ ("Show these contours on the image"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_box_append (GTK_BOX (row), check);
  gtk_box_append (GTK_BOX (row), text_new (title, detail));
  if (adoptable) {
    GtkWidget *adopt = gtk_button_new_with_label (_ ("Adopt"));
    gtk_widget_set_valign (adopt, GTK_ALIGN_CENTER);
    gtk_widget_set_focus_on_click (adopt, FALSE);
    gtk_widget_set_tooltip_text (
        adopt,
        _ ("Make all of these contours your own, as corrections that you can undo"));
    gtk_actionable_set_action_target (GTK_ACTIONABLE (adopt), "s", target);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (adopt), "win.adopt");
    gtk_box_append (GTK_BOX (row), adopt);
  }
  gtk_box_append (GTK_BOX (self->rows), row);
  return check;
}

void
runet_version_list_show (RunetVersionList *self, RunetCase *item, const char *author) {
  g_return_if_fail (RUNET_IS_VERSION_LIST (self));
  RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  /* A case changes with every frame that is analysed. */
  if (state == self->state && g_strcmp0 (author, self->author) == 0)
    return;
  g_clear_pointer (&self->state, runet_review_state_unref);
  self->state = state ? runet_review_state_ref (state) : NULL;
  g_free (self->author);
  self->author = g_strdup (author);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->rows)))
    gtk_box_remove (GTK_BOX (self->rows), child);
  GtkWidget *group = add_row (self, NULL, _ ("What counts"),
                              _ ("Yours once you corrected or decided, else the final "
                                 "reading’s; the model’s where nobody corrected"),
                              "", FALSE);
  guint others = 0;
  gboolean adjudicated = state && state->disputed;
  for (guint i = 0; state && i < state->readings->len; i++) {
    const RunetReading *reading = state->readings->pdata[i];
    adjudicated |= reading->adjudicator;
    if (reading->frames->len == 0)
      continue;
    gboolean own = g_strcmp0 (reading->author, author) == 0;
    g_autofree char *title =
        own ? g_strdup_printf (_ ("%s (you)"), reading->author) : NULL;
    g_autofree char *detail = describe (reading);
    add_row (self, group, own ? title : reading->author, detail, reading->author, !own);
    others += !own;
  }
  gtk_widget_set_visible (self->rows, others > 0);
  gtk_widget_set_visible (self->adjudicate, adjudicated);
  gtk_widget_set_visible (GTK_WIDGET (self), others > 0 || adjudicated);
}

static void
runet_version_list_dispose (GObject *object) {
  RunetVersionList *self = RUNET_VERSION_LIST (object);
  g_clear_pointer (&self->state, runet_review_state_unref);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_version_list_parent_class)->dispose (object);
}

static void
runet_version_list_class_init (RunetVersionListClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_version_list_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
runet_version_list_init (RunetVersionList *self) {
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  GtkWidget *title = gtk_label_new (_ ("Versions of the contours"));
  gtk_label_set_xalign (GTK_LABEL (title), 0.0F);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (self->content), title);
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append (GTK_BOX (self->content), self->rows);
  self->adjudicate = gtk_check_button_new_with_label (_ ("Decide as adjudicator"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->adjudicate), "win.adjudicate");
  gtk_widget_set_tooltip_text (self->adjudicate,
                               _ ("Your decision is the last word where readers "
                                  "disagree; correct or adopt first "
                                  "what you accept"));
  gtk_box_append (GTK_BOX (self->content), self->adjudicate);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Versions of the contours"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
runet_version_list_new (void) {
  return g_object_new (RUNET_TYPE_VERSION_LIST, NULL);
}
