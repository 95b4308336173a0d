/* A row of the worklist: state, patient, view, quality, and chips that say what is wrong. */
#include "worklist-row.h"

#include <glib/gi18n-lib.h>
#include "wording.h"

/* As many as fit beside each other; the last one counts the others. */
#define CHIPS 3

struct _RunetWorklistRow {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *state;
  GtkWidget *icon;
  GtkWidget *spinner;
  GtkWidget *name;
  GtkWidget *quality;
  GtkWidget *view;
  GtkWidget *chips;
  GtkWidget *chip[CHIPS];

  RunetCase *item;
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (RunetWorklistRow, runet_worklist_row, GTK_TYPE_WIDGET)

/* The words of a chip are the same at ED and ES: said once. */
static GPtrArray *
list_chips (RunetCase *item, GString *tooltip) {
  GPtrArray *chips = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) reasons = runet_case_list_reasons (item);
  for (guint i = 0; i < reasons->len; i++) {
    const RunetCaseReason *one = &g_array_index (reasons, RunetCaseReason, i);
    if (one->reason.severity == RUNET_SEVERITY_NOTE)
      continue;
    g_autofree char *sentence = runet_reason_to_sentence (&one->reason);
    g_string_append_printf (tooltip, "%s%s: %s", tooltip->len > 0 ? "\n" : "",
                            runet_instant_to_string (one->instant), sentence);
    g_autofree char *words = runet_reason_to_chip (&one->reason);
    if (!g_ptr_array_find_with_equal_func (chips, words, g_str_equal, NULL))
      g_ptr_array_add (chips, g_steal_pointer (&words));
  }
  return chips;
}

static void
show_chips (RunetWorklistRow *self, const GPtrArray *chips) {
  guint shown = chips->len <= CHIPS - 1 ? chips->len : CHIPS - 1;
  for (guint i = 0; i < CHIPS; i++) {
    g_autofree char *more = NULL;
    const char *text = i < shown ? chips->pdata[i] : NULL;
    if (i == CHIPS - 1 && chips->len > shown)
      text = more = g_strdup_printf ("+%u", chips->len - shown);
    gtk_label_set_label (GTK_LABEL (self->chip[i]), text ? text : "");
    gtk_widget_set_visible (self->chip[i], text != NULL);
  }
  gtk_widget_set_visible (self->chips, chips->len > 0);
}

static const char *
state_icon (RunetCase *item, gboolean outlier) {
  if (outlier)
    return "runet-outlier-symbolic";
  switch (runet_case_get_state (item)) {
  case RUNET_CASE_DONE:
    return "runet-done-symbolic";
  case RUNET_CASE_FAILED:
    return "runet-failed-symbolic";
  default:
    return "runet-pending-symbolic";
  }
}

static const char *
state_words (RunetCase *item, gboolean outlier) {
  switch (runet_case_get_state (item)) {
  case RUNET_CASE_RUNNING:
    return _ ("being analysed");
  case RUNET_CASE_DONE:
    return outlier ? _ ("outlier") : _ ("analysed");
  case RUNET_CASE_FAILED:
    return _ ("could not be analysed");
  default:
    return _ ("waiting");
  }
}

static void
update (RunetWorklistRow *self) {
  gboolean anatomical = runet_case_is_anatomical_outlier (self->item);
  gboolean outlier = anatomical || runet_case_is_geometrical_outlier (self->item);
  gboolean running = runet_case_get_state (self->item) == RUNET_CASE_RUNNING;
  gboolean failed = runet_case_get_state (self->item) == RUNET_CASE_FAILED;
  g_autoptr (GString) tooltip = g_string_new (NULL);
  g_autoptr (GPtrArray) chips = list_chips (self->item, tooltip);
  if (failed && runet_case_get_message (self->item))
    g_string_append (tooltip, runet_case_get_message (self->item));

  gtk_stack_set_visible_child_name (GTK_STACK (self->state),
                                    running ? "spinner" : "icon");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), running);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                state_icon (self->item, outlier));
  const char *classes[] = {outlier  ? "outlier"
                           : failed ? "failed"
                           : runet_case_get_state (self->item) == RUNET_CASE_DONE
                               ? "done"
                               : "pending",
                           NULL};
  gtk_widget_set_css_classes (self->icon, classes);
  show_chips (self, chips);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               tooltip->len > 0 ? tooltip->str : NULL);

  g_autofree char *label =
      g_strdup_printf ("%s, %s, %s", runet_case_get_name (self->item),
                       runet_view_name (runet_case_get_view (self->item)),
                       state_words (self->item, outlier));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
changed_cb (RunetCase *item, RunetWorklistRow *self) {
  update (self);
}

void
runet_worklist_row_set_case (RunetWorklistRow *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_WORKLIST_ROW (self));

  g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  if (!item) {
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
    return;
  }
  gtk_label_set_label (GTK_LABEL (self->name), runet_case_get_name (item));
  gtk_label_set_label (GTK_LABEL (self->view),
                       runet_view_to_string (runet_case_get_view (item)));
  RunetQuality quality = runet_case_get_files (item)->quality;
  gtk_label_set_label (GTK_LABEL (self->quality), quality == RUNET_QUALITY_UNKNOWN
                                                      ? ""
                                                      : runet_quality_name (quality));
  self->changed_id = g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  update (self);
}

static void
runet_worklist_row_dispose (GObject *object) {
  RunetWorklistRow *self = RUNET_WORKLIST_ROW (object);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_worklist_row_parent_class)->dispose (object);
}

static void
runet_worklist_row_class_init (RunetWorklistRowClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_worklist_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "worklistrow");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/worklist-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, content);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, state);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, icon);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, name);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, quality);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, view);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklistRow, chips);
}

static void
runet_worklist_row_init (RunetWorklistRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < CHIPS; i++) {
    self->chip[i] = gtk_label_new (NULL);
    gtk_label_set_ellipsize (GTK_LABEL (self->chip[i]), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class (self->chip[i], "chip");
    gtk_widget_add_css_class (self->chip[i], "caption");
    gtk_box_append (GTK_BOX (self->chips), self->chip[i]);
  }
}

GtkWidget *
runet_worklist_row_new (void) {
  return g_object_new (RUNET_TYPE_WORKLIST_ROW, NULL);
}
