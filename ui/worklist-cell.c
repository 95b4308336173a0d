/* A cell of the worklist: what one column shows of one case. */
#include "worklist-cell.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "case-words.h"
#include "chips.h"
#include "wording.h"

/* "patient0001" whole; longer names lose their beginning, which is the same for many. */
#define NAME_CHARS 11

struct _RunetWorklistCell {
  GtkWidget parent;

  RunetColumn column;
  GtkWidget *content; /* an image, a label or chips */
  GtkWidget *spinner; /* (nullable): of the state, made when it is first needed */
  RunetCase *item;
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (RunetWorklistCell, runet_worklist_cell, GTK_TYPE_WIDGET)

static gboolean
is_outlier (RunetCase *item) {
  return runet_case_is_anatomical_outlier (item) ||
         runet_case_is_geometrical_outlier (item);
}

static const char *
state_icon (RunetCase *item) {
  if (is_outlier (item))
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
state_class (RunetCase *item) {
  if (is_outlier (item))
    return "outlier";
  switch (runet_case_get_state (item)) {
  case RUNET_CASE_DONE:
    return "done";
  case RUNET_CASE_FAILED:
    return "failed";
  default:
    return "pending";
  }
}

static void
show_spinner (RunetWorklistCell *self, gboolean running) {
  if (running && !self->spinner) {
    self->spinner = gtk_spinner_new ();
    gtk_widget_set_parent (self->spinner, GTK_WIDGET (self));
  }
  if (self->spinner) {
    gtk_widget_set_visible (self->spinner, running);
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), running);
  }
  gtk_widget_set_visible (self->content, !running);
}

static void
update_state (RunetWorklistCell *self) {
  const char *classes[] = {state_class (self->item), NULL};
  show_spinner (self, runet_case_get_state (self->item) == RUNET_CASE_RUNNING);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->content), state_icon (self->item));
  gtk_widget_set_css_classes (self->content, classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  runet_case_state_words (self->item), -1);
}

static void
update_reasons (RunetWorklistCell *self) {
  g_auto (GStrv) chips = runet_case_list_chips (self->item);
  runet_chips_set_words (RUNET_CHIPS (self->content), (const char *const *)chips);
}

static void
update_number (RunetWorklistCell *self, double value, double limit) {
  g_autofree char *text =
      isnan (value) ? g_strdup ("–") : g_strdup_printf (_ ("%.0f %%"), 100.0 * value);
  gtk_label_set_label (GTK_LABEL (self->content), text);
  if (value > limit)
    gtk_widget_add_css_class (self->content, "crossed");
  else
    gtk_widget_remove_css_class (self->content, "crossed");
}

static void
update (RunetWorklistCell *self) {
  const RunetRisk *risk = runet_case_get_risk (self->item);
  switch (self->column) {
  case RUNET_COLUMN_STATE:
    update_state (self);
    break;
  case RUNET_COLUMN_REASONS:
    update_reasons (self);
    break;
  case RUNET_COLUMN_DISAGREEMENT:
    update_number (self, risk->disagreement, RUNET_DISAGREEMENT_LIMIT);
    break;
  case RUNET_COLUMN_UNCERTAINTY:
    update_number (self, risk->uncertainty, RUNET_UNCERTAINTY_LIMIT);
    break;
  case RUNET_COLUMN_JUMP:
    update_number (self, risk->jump, RUNET_TEMPORAL_LIMIT);
    break;
  default:
    break;
  }
}

/* What never changes of a case. */
static void
show_names (RunetWorklistCell *self) {
  RunetView view = runet_case_get_view (self->item);
  RunetQuality quality = runet_case_get_files (self->item)->quality;
  switch (self->column) {
  case RUNET_COLUMN_NAME:
    gtk_label_set_label (GTK_LABEL (self->content), runet_case_get_name (self->item));
    break;
  case RUNET_COLUMN_VIEW:
    gtk_label_set_label (GTK_LABEL (self->content), runet_view_to_string (view));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->content),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    runet_view_name (view), -1);
    break;
  case RUNET_COLUMN_QUALITY:
    gtk_label_set_label (GTK_LABEL (self->content), runet_quality_name (quality));
    break;
  default:
    break;
  }
}

/* Whether what a column shows follows the results. */
static gboolean
is_lively (RunetColumn column) {
  return column != RUNET_COLUMN_NAME && column != RUNET_COLUMN_VIEW &&
         column != RUNET_COLUMN_QUALITY;
}

void
runet_worklist_cell_set_case (RunetWorklistCell *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_WORKLIST_CELL (self));
  g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  if (!item) {
    if (self->spinner)
      gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
    return;
  }
  show_names (self);
  update (self);
  if (is_lively (self->column))
    self->changed_id =
        g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
}

/* Sentences are put together when somebody wants to read them. */
static gboolean
runet_worklist_cell_query_tooltip (GtkWidget *widget,
                                   int x,
                                   int y,
                                   gboolean keyboard,
                                   GtkTooltip *tooltip) {
  RunetWorklistCell *self = RUNET_WORKLIST_CELL (widget);
  if (!self->item)
    return FALSE;
  RunetQuality quality = runet_case_get_files (self->item)->quality;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s, %s", runet_case_get_name (self->item),
                          runet_view_name (runet_case_get_view (self->item)));
  if (quality != RUNET_QUALITY_UNKNOWN)
    g_string_append_printf (text, _ (", quality %s"), runet_quality_name (quality));
  g_string_append_printf (text, "\n%s", runet_case_state_words (self->item));
  g_autofree char *reasons = runet_case_describe (self->item);
  if (reasons)
    g_string_append_printf (text, "\n%s", reasons);
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
runet_worklist_cell_dispose (GObject *object) {
  RunetWorklistCell *self = RUNET_WORKLIST_CELL (object);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->spinner, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_worklist_cell_parent_class)->dispose (object);
}

static void
runet_worklist_cell_class_init (RunetWorklistCellClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_worklist_cell_dispose;
  widget_class->query_tooltip = runet_worklist_cell_query_tooltip;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "worklistcell");
}

static void
runet_worklist_cell_init (RunetWorklistCell *self) {
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

static GtkWidget *
make_label (float xalign, const char *class) {
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (class)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
make_content (RunetColumn column) {
  GtkWidget *widget;
  switch (column) {
  case RUNET_COLUMN_STATE:
    widget = gtk_image_new ();
    return widget;
  case RUNET_COLUMN_NAME:
    widget = make_label (0, NULL);
    gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_START);
    gtk_label_set_width_chars (GTK_LABEL (widget), NAME_CHARS);
    return widget;
  case RUNET_COLUMN_VIEW:
    widget = make_label (0.5F, "view-tag");
    gtk_widget_add_css_class (widget, "caption");
    gtk_widget_set_halign (widget, GTK_ALIGN_START);
    gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
    return widget;
  case RUNET_COLUMN_QUALITY:
    return make_label (0, "caption");
  case RUNET_COLUMN_REASONS:
    widget = runet_chips_new ();
    gtk_widget_add_css_class (widget, "caption");
    return widget;
  default:
    widget = make_label (1, "numeric");
    gtk_widget_add_css_class (widget, "caption");
    return widget;
  }
}

GtkWidget *
runet_worklist_cell_new (RunetColumn column) {
  RunetWorklistCell *self = g_object_new (RUNET_TYPE_WORKLIST_CELL, NULL);
  self->column = column;
  self->content = make_content (column);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
