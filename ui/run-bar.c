/* In the header: run the model, how far it is, cancel. */
#include "run-bar.h"

#include <glib/gi18n-lib.h>
#include "wording.h"

struct _RunetRunBar {
  GtkWidget parent;

  GtkWidget *stack;
  GtkWidget *run;
  GtkWidget *text;
  GtkWidget *progress;

  RunetAnalysis *analysis;
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (RunetRunBar, runet_run_bar, GTK_TYPE_WIDGET)

static void
show_progress (RunetRunBar *self) {
  guint done, total;
  double seconds;
  runet_analysis_get_progress (self->analysis, &done, &total, &seconds);
  g_autofree char *left = runet_time_left_to_string (seconds);
  g_autofree char *text =
      g_strdup_printf (_ ("%u of %u frames · %s"), done, total, left);
  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 total > 0 ? (double)done / total : 0.0);
}

/* What was run before it was stopped is not run again. */
static const char *
name_run (RunetAnalysis *analysis, RunetAnalysisState state) {
  guint done, total;
  double left;
  runet_analysis_get_progress (analysis, &done, &total, &left);
  if (state == RUNET_ANALYSIS_DONE)
    return _ ("Run Again");
  return state == RUNET_ANALYSIS_IDLE && done > 0 ? _ ("Go On") : _ ("Run Model");
}

static void
changed_cb (RunetAnalysis *analysis, RunetRunBar *self) {
  RunetAnalysisState state = runet_analysis_get_state (analysis);
  gboolean busy = state == RUNET_ANALYSIS_LOADING || state == RUNET_ANALYSIS_RUNNING;
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), busy ? "progress" : "run");
  gtk_button_set_label (GTK_BUTTON (self->run), name_run (analysis, state));
  if (state == RUNET_ANALYSIS_LOADING) {
    gtk_label_set_label (GTK_LABEL (self->text), _ ("Reading the model …"));
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), 0.0);
  } else if (state == RUNET_ANALYSIS_RUNNING)
    show_progress (self);
}

void
runet_run_bar_set_analysis (RunetRunBar *self, RunetAnalysis *analysis) {
  g_return_if_fail (RUNET_IS_RUN_BAR (self));
  g_clear_signal_handler (&self->changed_id, self->analysis);
  if (!g_set_object (&self->analysis, analysis) || !analysis)
    return;
  self->changed_id =
      g_signal_connect (analysis, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (analysis, self);
}

static void
runet_run_bar_dispose (GObject *object) {
  RunetRunBar *self = RUNET_RUN_BAR (object);
  g_clear_signal_handler (&self->changed_id, self->analysis);
  g_clear_object (&self->analysis);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_run_bar_parent_class)->dispose (object);
}

static void
runet_run_bar_class_init (RunetRunBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_run_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "runbar");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/run-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetRunBar, stack);
  gtk_widget_class_bind_template_child (widget_class, RunetRunBar, run);
  gtk_widget_class_bind_template_child (widget_class, RunetRunBar, text);
  gtk_widget_class_bind_template_child (widget_class, RunetRunBar, progress);
}

static void
runet_run_bar_init (RunetRunBar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
runet_run_bar_new (void) {
  return g_object_new (RUNET_TYPE_RUN_BAR, NULL);
}
