/* A cell of the worklist: what one column shows of one case. */
#include "worklist-cell.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "case-words.h"
#include "chips.h"
#include "wording.h"

/* "patient0001" whole; longer names lose their beginning, which is the same for many. Where the list is narrow
 * the others do as well, so that the reasons keep some room. */
#define NAME_CHARS 11
#define LEAST_NAME_CHARS 6

struct _RunetWorklistCell {
  GtkWidget parent;

  RunetColumn column;
  GtkWidget *content; /* an image, a label or chips */
  GtkWidget *spinner; /* (nullable): of the state, made when it is first needed */
  GtkWidget *flag; /* (nullable): beside the state, made when it is first needed */
  RunetPlace *place;
  gulong moved_id;
  RunetCase *item; /* (nullable): the one in @place */
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (RunetWorklistCell, runet_worklist_cell, GTK_TYPE_WIDGET)

static gboolean
is_outlier (RunetCase *item) {
  return runet_case_is_anatomical_outlier (item) ||
         runet_case_is_geometrical_outlier (item);
}

static gboolean
is_finished (RunetCase *item) {
  RunetCaseState state = runet_case_get_state (item);
  return state == RUNET_CASE_DONE || state == RUNET_CASE_FAILED;
}

/* (transfer none) (nullable): what is said in the place of the state of the run. */
static const RunetReviewState *
get_verdict (RunetCase *item) {
  const RunetReviewState *review = runet_case_get_review (item);
  return review && review->status != RUNET_REVIEW_NONE && is_finished (item) ? review
                                                                             : NULL;
}

static const char *
state_icon (RunetCase *item) {
  const RunetReviewState *verdict = get_verdict (item);
  if (verdict)
    return verdict->disputed ? "runet-disagreement-symbolic"
                             : runet_review_status_icon (verdict->status);
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
  const RunetReviewState *verdict = get_verdict (item);
  if (verdict)
    return verdict->disputed ? "outlier"
                             : runet_review_status_css_class (verdict->status);
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
    gtk_widget_insert_after (self->spinner, GTK_WIDGET (self), self->content);
  }
  if (self->spinner) {
    gtk_widget_set_visible (self->spinner, running);
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), running);
  }
  gtk_widget_set_visible (self->content, !running);
}

static void
show_flag (RunetWorklistCell *self, gboolean flagged) {
  if (flagged && !self->flag) {
    self->flag = gtk_image_new_from_icon_name ("runet-flag-symbolic");
    gtk_widget_add_css_class (self->flag, "outlier");
    gtk_widget_add_css_class (self->flag, "flag");
    gtk_widget_set_parent (self->flag, GTK_WIDGET (self));
  }
  if (self->flag)
    gtk_widget_set_visible (self->flag, flagged);
}

/* The name of the cell for who cannot see the icons, with who decided and when after it. */
static void
say_state (RunetWorklistCell *self) {
  const RunetReviewState *review = runet_case_get_review (self->item);
  const char *state = runet_case_state_words (self->item);
  const char *verdict =
      review && review->disputed
          ? _ ("Readers disagree")
          : runet_review_status_name (review ? review->status : RUNET_REVIEW_NONE);
  gboolean flagged = review && review->flagged;
  g_autofree char *label =
      g_strdup_printf ("%s, %s%s%s", state, verdict, flagged ? ", " : "",
                       flagged ? C_ ("review", "Flagged") : "");
  g_autofree char *signatures = runet_case_describe_review (self->item);
  g_autofree char *description = g_strdup_printf ("%s\n%s", state, signatures);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

static void
update_state (RunetWorklistCell *self) {
  const RunetReviewState *review = runet_case_get_review (self->item);
  const char *classes[] = {state_class (self->item), NULL};
  show_spinner (self, runet_case_get_state (self->item) == RUNET_CASE_RUNNING);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->content), state_icon (self->item));
  gtk_widget_set_css_classes (self->content, classes);
  show_flag (self, review && review->flagged);
  say_state (self);
}

static void
update_reasons (RunetWorklistCell *self) {
  g_auto (GStrv) chips = runet_case_list_chips (self->item);
  runet_chips_set_words (RUNET_CHIPS (self->content), (const char *const *)chips);
}

/* Parts of a whole of hundreds of views are small, and their order is what one looks for. */
static void
update_teaching (RunetWorklistCell *self) {
  const double value = runet_case_get_teaching (self->item);
  g_autofree char *text =
      isnan (value) ? g_strdup ("–") : g_strdup_printf (_ ("%.2f %%"), 100.0 * value);
  gtk_label_set_label (GTK_LABEL (self->content), text);
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
  case RUNET_COLUMN_TEACHING:
    update_teaching (self);
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

static void
set_case (RunetWorklistCell *self, RunetCase *item) {
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

static void
moved_cb (RunetWorklistCell *self) {
  set_case (self, runet_place_get_case (self->place));
}

void
runet_worklist_cell_set_place (RunetWorklistCell *self, RunetPlace *place) {
  g_return_if_fail (RUNET_IS_WORKLIST_CELL (self));
  g_clear_signal_handler (&self->moved_id, self->place);
  g_set_object (&self->place, place);
  if (place)
    self->moved_id =
        g_signal_connect_swapped (place, "changed", G_CALLBACK (moved_cb), self);
  set_case (self, place ? runet_place_get_case (place) : NULL);
}

RunetPlace *
runet_worklist_cell_get_place (RunetWorklistCell *self) {
  return self->place;
}

/* A tooltip covers rows below: there is one only where a cell does not say it all. */
static gboolean
needs_tooltip (RunetWorklistCell *self) {
  switch (self->column) {
  case RUNET_COLUMN_STATE:
    return TRUE;
  case RUNET_COLUMN_NAME:
    return pango_layout_is_ellipsized (
        gtk_label_get_layout (GTK_LABEL (self->content)));
  case RUNET_COLUMN_REASONS:
    return runet_chips_is_cut (RUNET_CHIPS (self->content));
  default:
    return FALSE;
  }
}

/* Sentences are put together when somebody wants to read them. */
static gboolean
runet_worklist_cell_query_tooltip (GtkWidget *widget,
                                   int x,
                                   int y,
                                   gboolean keyboard,
                                   GtkTooltip *tooltip) {
  RunetWorklistCell *self = RUNET_WORKLIST_CELL (widget);
  if (!self->item || !needs_tooltip (self))
    return FALSE;
  RunetQuality quality = runet_case_get_files (self->item)->quality;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s, %s", runet_case_get_name (self->item),
                          runet_view_name (runet_case_get_view (self->item)));
  if (quality != RUNET_QUALITY_UNKNOWN)
    g_string_append_printf (text, _ (", quality %s"), runet_quality_name (quality));
  g_autofree char *review = runet_case_describe_review (self->item);
  g_string_append_printf (text, "\n%s\n%s", runet_case_state_words (self->item),
                          review);
  g_autofree char *reasons = runet_case_describe (self->item);
  if (reasons)
    g_string_append_printf (text, "\n%s", reasons);
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
runet_worklist_cell_dispose (GObject *object) {
  RunetWorklistCell *self = RUNET_WORKLIST_CELL (object);
  g_clear_signal_handler (&self->moved_id, self->place);
  g_clear_object (&self->place);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->spinner, gtk_widget_unparent);
  g_clear_pointer (&self->flag, gtk_widget_unparent);
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
    gtk_widget_set_halign (widget, GTK_ALIGN_START);
    return widget;
  case RUNET_COLUMN_NAME:
    widget = make_label (0, NULL);
    gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_START);
    gtk_label_set_width_chars (GTK_LABEL (widget), LEAST_NAME_CHARS);
    gtk_label_set_max_width_chars (GTK_LABEL (widget), NAME_CHARS);
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
  /* Two icons are beside each other. */
  if (column == RUNET_COLUMN_STATE)
    gtk_widget_set_layout_manager (GTK_WIDGET (self),
                                   gtk_box_layout_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
