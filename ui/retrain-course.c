/* A retraining on its way. */
#include "retrain-course.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "chart-view.h"
#include "retrain-charts.h"
#include "retrain-words.h"
#include "wording.h"

struct _RunetRetrainCourse {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *banner;
  GtkWidget *banner_icon;
  GtkWidget *banner_text;
  GtkWidget *phase;
  GtkWidget *left;
  GtkWidget *progress;
  GtkWidget *detail;
  GtkWidget *loss;
  GtkWidget *dice;
  GtkWidget *warnings;
  GtkWidget *warnings_text;
  GtkWidget *hint;
  GtkWidget *back;
  GtkWidget *stop;
  GtkWidget *resume;

  RunetRetrainRun *run; /* (nullable) */
  gulong changed_id;
  RunetRetrainState shown; /* the state that the buttons are for */
  guint drawn; /* epochs that are in the charts; G_MAXUINT: none are drawn */
};

G_DEFINE_FINAL_TYPE (RunetRetrainCourse, runet_retrain_course, GTK_TYPE_WIDGET)

enum { RESUME, BACK, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- In words ---- */

/* What an epoch is made of, and what is counted now. */
static char *
describe_detail (const RunetRetrainProgress *progress) {
  if (progress->phase == RUNET_RETRAIN_LEARNING && progress->corrected > 0) {
    g_autofree char *own =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image of yours",
                                      "%u images of yours", progress->corrected),
                         progress->corrected);
    g_autofree char *original =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u original one",
                                      "%u original ones", progress->drawn),
                         progress->drawn);
    return progress->repeat > 1
               ? g_strdup_printf (_ ("Each epoch has %s, %u times each, and %s."), own,
                                  progress->repeat, original)
               : g_strdup_printf (_ ("Each epoch has %s and %s."), own, original);
  }
  if (progress->total > 0)
    return g_strdup_printf (_ ("%zu of %zu"), progress->done, progress->total);
  return g_strdup ("");
}

static void
show_words (RunetRetrainCourse *self, const RunetRetrainProgress *progress) {
  g_autofree char *phase = runet_retrain_describe_run (self->run);
  g_autofree char *detail = describe_detail (progress);
  const gboolean running =
      runet_retrain_run_get_state (self->run) == RUNET_RETRAIN_RUNNING;
  g_autofree char *left =
      runet_time_left_to_string (running ? progress->seconds_left : -1);
  const gboolean at_most = progress->phase == RUNET_RETRAIN_LEARNING && *left;
  g_autofree char *shown =
      at_most ? g_strdup_printf (_ ("At most %s"), left) : g_strdup (left);
  gtk_label_set_label (GTK_LABEL (self->phase), phase);
  gtk_label_set_label (GTK_LABEL (self->left), shown);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 runet_retrain_progress_get_fraction (progress));
}

static void
show_warnings (RunetRetrainCourse *self, const RunetRetrainProgress *progress) {
  const guint count = progress->warnings->len;
  gtk_widget_set_visible (self->warnings, count > 0);
  if (count == 0)
    return;
  g_autofree char *title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u warning", "%u warnings", count), count);
  gtk_expander_set_label (GTK_EXPANDER (self->warnings), title);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *)progress->warnings->pdata[i]);
  gtk_label_set_label (GTK_LABEL (self->warnings_text), text->str);
}

/* ---- Curves ---- */

static void
show_curves (RunetRetrainCourse *self, const RunetRetrainProgress *progress) {
  if (self->drawn == progress->history->len)
    return;
  self->drawn = progress->history->len;
  g_autoptr (RunetChart) loss = runet_retrain_chart_loss (progress);
  g_autoptr (RunetChart) dice = runet_retrain_chart_dice (progress);
  runet_chart_view_set_chart (RUNET_CHART_VIEW (self->loss), loss);
  runet_chart_view_set_chart (RUNET_CHART_VIEW (self->dice), dice);
}

/* ---- State ---- */

static void
show_banner (RunetRetrainCourse *self, RunetRetrainState state) {
  const gboolean failed = state == RUNET_RETRAIN_FAILED;
  const gboolean kept = runet_retrain_run_get_progress (self->run)->kept;
  const char *text =
      failed ? runet_retrain_run_get_message (self->run)
      : !kept
          ? _ ("Stopped, before anything was learned. The model in use is as it was.")
          : _ ("Stopped. What it learned is kept: go on whenever you like, also after "
               "the program was closed. The model in use is as it was.");
  gtk_widget_set_visible (self->banner, failed || state == RUNET_RETRAIN_STOPPED);
  gtk_label_set_label (GTK_LABEL (self->banner_text), text ? text : "");
  gtk_image_set_from_icon_name (GTK_IMAGE (self->banner_icon),
                                failed ? "runet-failed-symbolic"
                                       : "runet-within-symbolic");
  if (failed)
    gtk_widget_add_css_class (self->banner, "failed");
  else
    gtk_widget_remove_css_class (self->banner, "failed");
}

static void
show_buttons (RunetRetrainCourse *self, RunetRetrainState state) {
  const gboolean ended =
      state == RUNET_RETRAIN_STOPPED || state == RUNET_RETRAIN_FAILED;
  const gboolean active =
      state == RUNET_RETRAIN_RUNNING || state == RUNET_RETRAIN_STOPPING;
  gtk_widget_set_visible (self->stop, active);
  gtk_widget_set_sensitive (self->stop, state == RUNET_RETRAIN_RUNNING);
  gtk_widget_set_visible (self->back, ended);
  gtk_widget_set_visible (
      self->resume, state == RUNET_RETRAIN_FAILED ||
                        (ended && runet_retrain_run_get_progress (self->run)->kept));
  gtk_button_set_label (GTK_BUTTON (self->resume), state == RUNET_RETRAIN_FAILED
                                                       ? _ ("_Try Again")
                                                       : _ ("_Go On"));
  /* Whoever works by keys finds the focus on what can be done now. A button that is hidden would take it too, and keep
   * it: of what is done another page tells. */
  GtkWidget *next = active                                  ? self->stop
                    : gtk_widget_get_visible (self->resume) ? self->resume
                                                            : self->back;
  if (state != self->shown && gtk_widget_get_visible (next))
    gtk_widget_grab_focus (next);
  self->shown = state;
  gtk_label_set_label (GTK_LABEL (self->hint),
                       active ? _ ("It runs by itself, with low priority: this window "
                                   "may be closed, and you may go on reviewing.")
                              : "");
}

static void
changed_cb (RunetRetrainCourse *self) {
  const RunetRetrainState state = runet_retrain_run_get_state (self->run);
  const RunetRetrainProgress *progress = runet_retrain_run_get_progress (self->run);
  show_words (self, progress);
  show_warnings (self, progress);
  show_curves (self, progress);
  show_banner (self, state);
  show_buttons (self, state);
}

void
runet_retrain_course_set_run (RunetRetrainCourse *self, RunetRetrainRun *run) {
  g_return_if_fail (RUNET_IS_RETRAIN_COURSE (self));
  g_clear_signal_handler (&self->changed_id, self->run);
  g_set_object (&self->run, run);
  self->drawn = G_MAXUINT;
  if (!run)
    return;
  self->changed_id =
      g_signal_connect_swapped (run, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (self);
}

/* ---- Widgets ---- */

static void
stop_cb (GtkButton *button, RunetRetrainCourse *self) {
  if (self->run)
    runet_retrain_run_stop (self->run);
}

static void
resume_cb (GtkButton *button, RunetRetrainCourse *self) {
  g_signal_emit (self, signals[RESUME], 0);
}

static void
back_cb (GtkButton *button, RunetRetrainCourse *self) {
  g_signal_emit (self, signals[BACK], 0);
}

static void
runet_retrain_course_dispose (GObject *object) {
  RunetRetrainCourse *self = RUNET_RETRAIN_COURSE (object);
  g_clear_signal_handler (&self->changed_id, self->run);
  g_clear_object (&self->run);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_retrain_course_parent_class)->dispose (object);
}

static void
runet_retrain_course_class_init (RunetRetrainCourseClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_retrain_course_dispose;
  g_type_ensure (RUNET_TYPE_CHART_VIEW);
  signals[RESUME] =
      g_signal_new ("resume", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  signals[BACK] = g_signal_new ("back", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/retrain-course.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, RunetRetrainCourse, name)
  BIND (content);
  BIND (banner);
  BIND (banner_icon);
  BIND (banner_text);
  BIND (phase);
  BIND (left);
  BIND (progress);
  BIND (detail);
  BIND (loss);
  BIND (dice);
  BIND (warnings);
  BIND (warnings_text);
  BIND (hint);
  BIND (back);
  BIND (stop);
  BIND (resume);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
runet_retrain_course_init (RunetRetrainCourse *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
runet_retrain_course_new (void) {
  return g_object_new (RUNET_TYPE_RETRAIN_COURSE, NULL);
}
