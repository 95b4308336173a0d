/* Every control has a name that a screen reader can say: text on it, or an accessible label. A tooltip
 * alone is not enough for an icon. */
#include "ui/canvas.h"
#include "ui/chart-view.h"
#include "ui/comment-popover.h"
#include "ui/edit-bar.h"
#include "ui/inspector.h"
#include "ui/model-list.h"
#include "ui/problem-bar.h"
#include "ui/promote-dialog.h"
#include "ui/refinement-panel.h"
#include "ui/reject-popover.h"
#include "ui/report-window.h"
#include "ui/retrain-window.h"
#include "ui/review-bar.h"
#include "ui/run-bar.h"
#include "ui/swipe-divider.h"
#include "ui/table-view.h"
#include "ui/timeline.h"
#include "ui/tour.h"
#include "ui/viewer.h"
#include "ui/volume-table.h"
#include "ui/worklist.h"

static gboolean
has_text (GtkWidget *widget) {
  if (GTK_IS_LABEL (widget) && *gtk_label_get_label (GTK_LABEL (widget)))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child) && has_text (child))
      return TRUE;
  return FALSE;
}

static gboolean
has_name (GtkWidget *widget) {
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (accessible,
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
         has_text (widget);
}

/* What people press, pull, look at and type into; the parts of such a widget are its own business. */
static gboolean
is_control (GtkWidget *widget) {
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) ||
         GTK_IS_DROP_DOWN (widget) || GTK_IS_EDITABLE (widget) ||
         GTK_IS_RANGE (widget) || GTK_IS_SWITCH (widget) || RUNET_IS_CANVAS (widget) ||
         GTK_IS_TEXT_VIEW (widget) || gtk_widget_get_focusable (widget);
}

/* A list or a scrolled area takes the focus for its rows. */
static gboolean
is_container (GtkWidget *widget) {
  return GTK_IS_LIST_BASE (widget) || GTK_IS_SCROLLED_WINDOW (widget) ||
         GTK_IS_LIST_BOX (widget) || GTK_IS_COLUMN_VIEW (widget) ||
         GTK_IS_LABEL (widget) || GTK_IS_PANED (widget);
}

static guint
count_unnamed (GtkWidget *widget, guint *controls) {
  /* GTK says itself what it scrolls. */
  if (GTK_IS_SCROLLBAR (widget))
    return 0;
  if (is_control (widget) && !is_container (widget)) {
    (*controls)++;
    if (has_name (widget))
      return 0;
    g_test_message ("%s in %s has no name", G_OBJECT_TYPE_NAME (widget),
                    G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
    return 1;
  }
  guint unnamed = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    unnamed += count_unnamed (child, controls);
  return unnamed;
}

static void
test_names (gconstpointer data) {
  GtkWidget *(*construct) (void) = (GtkWidget * (*)(void)) data;
  GtkWidget *widget = construct ();
  GtkWidget *window = GTK_IS_WINDOW (widget) ? widget : gtk_window_new ();
  guint controls = 0;
  if (GTK_IS_POPOVER (widget)) {
    GtkWidget *button = gtk_menu_button_new ();
    gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), widget);
    gtk_window_set_child (GTK_WINDOW (window), button);
  } else if (widget != window) {
    gtk_window_set_child (GTK_WINDOW (window), widget);
  }
  g_assert_cmpuint (count_unnamed (widget, &controls), ==, 0);
  g_assert_cmpuint (controls, >, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
report_window_new (void) {
  return GTK_WIDGET (runet_report_window_new ());
}

static GtkWidget *
model_list_new (void) {
  return GTK_WIDGET (runet_model_list_new ());
}

static GtkWidget *
promote_dialog_new (void) {
  return runet_promote_dialog_new (NULL, "ru-net", NULL);
}

static GtkWidget *
retrain_window_new (void) {
  g_autoptr (RunetRetrainRun) run = runet_retrain_run_new ();
  return GTK_WIDGET (runet_retrain_window_new (run));
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  const struct {
    const char *path;
    GtkWidget *(*construct) (void);
  } widgets[] = {
      {"/ui/accessibility/chart-view", runet_chart_view_new},
      {"/ui/accessibility/comment-popover", runet_comment_popover_new},
      {"/ui/accessibility/edit-bar", runet_edit_bar_new},
      {"/ui/accessibility/inspector", runet_inspector_new},
      {"/ui/accessibility/model-list", model_list_new},
      {"/ui/accessibility/problem-bar", runet_problem_bar_new},
      {"/ui/accessibility/promote-dialog", promote_dialog_new},
      {"/ui/accessibility/refinement-panel", runet_refinement_panel_new},
      {"/ui/accessibility/reject-popover", runet_reject_popover_new},
      {"/ui/accessibility/report-window", report_window_new},
      {"/ui/accessibility/retrain-window", retrain_window_new},
      {"/ui/accessibility/review-bar", runet_review_bar_new},
      {"/ui/accessibility/run-bar", runet_run_bar_new},
      {"/ui/accessibility/swipe-divider", runet_swipe_divider_new},
      {"/ui/accessibility/table-view", runet_table_view_new},
      {"/ui/accessibility/timeline", runet_timeline_new},
      {"/ui/accessibility/viewer", runet_viewer_new},
      {"/ui/accessibility/volume-table", runet_volume_table_new},
      {"/ui/accessibility/worklist", runet_worklist_new},
  };
  for (guint i = 0; i < G_N_ELEMENTS (widgets); i++)
    g_test_add_data_func (widgets[i].path, (gconstpointer)widgets[i].construct,
                          test_names);
  return g_test_run ();
}
