/* Retraining, in a window of its own. */
#include "retrain-window.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include "problem-bar.h"
#include "retrain-course.h"
#include "retrain-intake.h"
#include "retrain-place.h"
#include "retrain-verdict.h"

struct _RunetRetrainWindow {
  GtkWindow parent;

  GtkWidget *problems;
  GtkWidget *stack;
  GtkWidget *intake;
  GtkWidget *course;
  GtkWidget *verdict;

  RunetRetrainRun *run;
  RunetRetrainState shown; /* the state that the page was chosen for */
  char *output; /* (nullable): that it writes */
  RunetDataset *dataset; /* (nullable) */
  char *record; /* (nullable) */
  char *model, *title; /* (nullable): of the parent */
  char *author; /* (nullable) */
  RunetEngineChoice engine;
  RunetRetrainPlan *plan; /* (nullable) */
  GCancellable *counting;
  char *paced; /* (nullable): path of the model whose speed is known */
  double seconds_per_image;
};

G_DEFINE_FINAL_TYPE (RunetRetrainWindow, runet_retrain_window, GTK_TYPE_WINDOW)

enum { CASE_ACTIVATED, MODEL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
get_author (RunetRetrainWindow *self) {
  return self->author && *self->author ? self->author : g_get_user_name ();
}

static void
say (RunetRetrainWindow *self, const char *message) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), message);
}

static void
show_page (RunetRetrainWindow *self, const char *page) {
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
  /* A button of a page that is gone would swallow the keys. */
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *shown = gtk_stack_get_visible_child (GTK_STACK (self->stack));
  if (focus && gtk_widget_is_ancestor (focus, self->stack) &&
      !gtk_widget_is_ancestor (focus, shown))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

/* ---- What it will learn from ---- */

static void
show_stopped (RunetRetrainWindow *self) {
  g_autoptr (RunetRetrainStopped) stopped =
      self->dataset && !runet_retrain_run_is_active (self->run)
          ? runet_retrain_place_find_stopped (self->dataset->path)
          : NULL;
  runet_retrain_intake_set_stopped (RUNET_RETRAIN_INTAKE (self->intake),
                                    stopped ? stopped->time : NULL);
}

static void
set_plan (RunetRetrainWindow *self, RunetRetrainPlan *plan, const char *message) {
  runet_retrain_intake_set_plan (RUNET_RETRAIN_INTAKE (self->intake), plan, message);
  g_clear_pointer (&self->plan, runet_retrain_plan_free);
  self->plan = plan;
}

/* It is measured once for each model and engine. */
static void
keep_pace (RunetRetrainWindow *self, RunetRetrainPlan *plan) {
  if (isfinite (plan->seconds_per_image)) {
    self->seconds_per_image = plan->seconds_per_image;
    g_free (self->paced);
    self->paced = g_strdup (self->model);
  } else if (self->paced && g_strcmp0 (self->paced, self->model) == 0)
    plan->seconds_per_image = self->seconds_per_image;
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetRetrainWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  RunetRetrainPlan *plan = runet_retrain_plan_finish (result, &error);
  /* Another study was opened, or the window is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (plan)
    keep_pace (self, plan);
  set_plan (self, plan, error ? error->message : NULL);
}

void
runet_retrain_window_refresh (RunetRetrainWindow *self) {
  g_return_if_fail (RUNET_IS_RETRAIN_WINDOW (self));
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  show_stopped (self);
  if (!self->dataset || !self->record) {
    set_plan (self, NULL, _ ("Open a folder of studies first."));
    return;
  }
  const gboolean paced = self->paced && g_strcmp0 (self->paced, self->model) == 0;
  self->counting = g_cancellable_new ();
  runet_retrain_plan_async (self->dataset, self->record, paced ? NULL : self->model,
                            self->engine, NULL, self->counting, counted_cb, self);
}

void
runet_retrain_window_set_study (RunetRetrainWindow *self,
                                RunetDataset *dataset,
                                const char *record) {
  g_return_if_fail (RUNET_IS_RETRAIN_WINDOW (self));
  g_clear_pointer (&self->dataset, runet_dataset_unref);
  self->dataset = dataset ? runet_dataset_ref (dataset) : NULL;
  g_free (self->record);
  self->record = g_strdup (record);
  set_plan (self, NULL, NULL);
  runet_retrain_window_refresh (self);
}

void
runet_retrain_window_set_model (RunetRetrainWindow *self,
                                const char *path,
                                const char *title) {
  g_return_if_fail (RUNET_IS_RETRAIN_WINDOW (self));
  g_free (self->model);
  g_free (self->title);
  self->model = g_strdup (path);
  self->title = g_strdup (title);
  runet_retrain_intake_set_parent (RUNET_RETRAIN_INTAKE (self->intake),
                                   path ? title : NULL);
}

void
runet_retrain_window_set_engine (RunetRetrainWindow *self, RunetEngineChoice engine) {
  g_return_if_fail (RUNET_IS_RETRAIN_WINDOW (self));
  if (self->engine.kind == engine.kind && self->engine.precision == engine.precision)
    return;
  self->engine = engine;
  g_clear_pointer (&self->paced, g_free);
}

void
runet_retrain_window_set_author (RunetRetrainWindow *self, const char *author) {
  g_return_if_fail (RUNET_IS_RETRAIN_WINDOW (self));
  g_free (self->author);
  self->author = g_strdup (author);
  runet_retrain_verdict_set_author (RUNET_RETRAIN_VERDICT (self->verdict),
                                    get_author (self));
}

/* Who comes back from reviewing finds the new decisions counted. */
static void
shown_cb (RunetRetrainWindow *self) {
  if (!runet_retrain_run_is_active (self->run))
    runet_retrain_window_refresh (self);
}

/* A window that was hidden counts as active all along, so that this alone would miss it. */
static void
active_cb (RunetRetrainWindow *self) {
  if (gtk_window_is_active (GTK_WINDOW (self)))
    shown_cb (self);
}

/* ---- Start ---- */

/* Whether it runs. */
static gboolean
launch (RunetRetrainWindow *self, const RunetRetrainOrder *order) {
  g_autofree char *program = runet_retrain_find_program ();
  g_autoptr (GError) error = NULL;
  if (!program)
    say (self, _ ("The program “runet”, which does the work, was found neither beside "
                  "this one nor in the search path."));
  else if (!runet_retrain_place_write (order, NULL, &error))
    say (self, error->message);
  else {
    runet_problem_bar_clear (RUNET_PROBLEM_BAR (self->problems));
    g_free (self->output);
    self->output = g_strdup (order->output);
    runet_retrain_verdict_show (RUNET_RETRAIN_VERDICT (self->verdict), NULL, NULL);
    runet_retrain_run_start (self->run, program, order);
    /* That it could not be written again is no reason to stop: only another window would not know of it. */
    runet_retrain_place_write (order, runet_retrain_run_get_process (self->run), NULL);
  }
  return runet_retrain_run_is_active (self->run);
}

static void
start_anew (RunetRetrainWindow *self) {
  RunetRetrainingSettings settings;
  runet_retrain_intake_get_settings (RUNET_RETRAIN_INTAKE (self->intake), &settings);
  g_autoptr (RunetRetrainStopped) stopped =
      runet_retrain_place_find_stopped (self->dataset->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *output =
      runet_retrain_place_make_output (self->dataset->path, self->title, &error);
  if (!output) {
    say (self, error->message);
    return;
  }
  const RunetRetrainOrder order = {
      .dataset = self->dataset->path,
      .record = self->record,
      .parent = self->model,
      .output = output,
      .author = get_author (self),
      .engine = self->engine,
      .epochs = settings.epochs,
      .learning_rate = settings.learning_rate,
      .replay = settings.replay,
  };
  if (launch (self, &order) && stopped)
    runet_retrain_place_forget (stopped);
}

/* With the parent that it was begun with, whatever model is in use now. */
static void
go_on (RunetRetrainWindow *self) {
  g_autoptr (RunetRetrainStopped) stopped =
      runet_retrain_place_find_stopped (self->dataset->path);
  if (!stopped) {
    say (self, _ ("Nothing is left of what was stopped: start a new retraining."));
    show_page (self, "intake");
    show_stopped (self);
    return;
  }
  const RunetRetrainOrder order = {
      .dataset = self->dataset->path,
      .record = self->record,
      .parent = stopped->parent,
      .output = stopped->output,
      .author = get_author (self),
      .engine = self->engine,
      .resume = TRUE,
  };
  launch (self, &order);
}

static void
back_cb (RunetRetrainWindow *self) {
  show_page (self, "intake");
  runet_retrain_window_refresh (self);
}

static void
start_cb (RunetRetrainIntake *intake, gboolean resume, RunetRetrainWindow *self) {
  if (!self->dataset || !self->record || runet_retrain_run_is_active (self->run))
    return;
  if (resume)
    go_on (self);
  else if (self->model)
    start_anew (self);
}

/* What failed before it had learned anything is begun anew. */
static void
resume_cb (RunetRetrainWindow *self) {
  g_autoptr (RunetRetrainStopped) stopped =
      self->dataset ? runet_retrain_place_find_stopped (self->dataset->path) : NULL;
  if (stopped)
    start_cb (NULL, TRUE, self);
  else
    back_cb (self);
}

/* ---- What came of it ---- */

static void
model_changed_cb (RunetRetrainWindow *self, const char *path) {
  runet_problem_bar_clear (RUNET_PROBLEM_BAR (self->problems));
  g_signal_emit (self, signals[MODEL_CHANGED], 0, path);
}

static void
keep_cb (RunetRetrainWindow *self) {
  show_page (self, "intake");
  runet_retrain_window_refresh (self);
  gtk_window_close (GTK_WINDOW (self));
}

static void
case_activated_cb (RunetRetrainWindow *self, const char *name) {
  g_signal_emit (self, signals[CASE_ACTIVATED], 0, name);
}

/* ---- The run ---- */

/* The registry has one of its own. */
static void
remove_copy (RunetRetrainWindow *self) {
  if (self->output && runet_retrain_run_get_progress (self->run)->candidate)
    g_remove (self->output);
  g_clear_pointer (&self->output, g_free);
}

static void
finish (RunetRetrainWindow *self) {
  const RunetRetrainProgress *progress = runet_retrain_run_get_progress (self->run);
  remove_copy (self);
  runet_retrain_verdict_show (RUNET_RETRAIN_VERDICT (self->verdict), progress->gate,
                              progress->candidate);
  show_page (self, "verdict");
}

static void
run_changed_cb (RunetRetrainWindow *self) {
  const RunetRetrainState state = runet_retrain_run_get_state (self->run);
  if (state == self->shown)
    return;
  self->shown = state;
  if (state == RUNET_RETRAIN_IDLE)
    show_page (self, "intake");
  else if (state == RUNET_RETRAIN_DONE)
    finish (self);
  else
    show_page (self, "course");
}

/* ---- Object ---- */

static void
runet_retrain_window_dispose (GObject *object) {
  RunetRetrainWindow *self = RUNET_RETRAIN_WINDOW (object);
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  if (self->run)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  g_clear_pointer (&self->dataset, runet_dataset_unref);
  g_clear_pointer (&self->record, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->paced, g_free);
  g_clear_pointer (&self->output, g_free);
  G_OBJECT_CLASS (runet_retrain_window_parent_class)->dispose (object);
  /* The page borrows it. */
  g_clear_pointer (&self->plan, runet_retrain_plan_free);
}

static void
bind_template (GtkWidgetClass *widget_class) {
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/retrain-window.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, RunetRetrainWindow, name)
  BIND (problems);
  BIND (stack);
  BIND (intake);
  BIND (course);
  BIND (verdict);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, say);
  gtk_widget_class_bind_template_callback (widget_class, case_activated_cb);
}

static void
runet_retrain_window_class_init (RunetRetrainWindowClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_retrain_window_dispose;
  g_type_ensure (RUNET_TYPE_PROBLEM_BAR);
  g_type_ensure (RUNET_TYPE_RETRAIN_INTAKE);
  g_type_ensure (RUNET_TYPE_RETRAIN_COURSE);
  g_type_ensure (RUNET_TYPE_RETRAIN_VERDICT);
  signals[CASE_ACTIVATED] =
      g_signal_new ("case-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[MODEL_CHANGED] =
      g_signal_new ("model-changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0,
                                       "window.close", NULL);
  bind_template (GTK_WIDGET_CLASS (class));
}

static void
runet_retrain_window_init (RunetRetrainWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (shown_cb), NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}

RunetRetrainWindow *
runet_retrain_window_new (RunetRetrainRun *run) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (run), NULL);
  RunetRetrainWindow *self = g_object_new (RUNET_TYPE_RETRAIN_WINDOW, NULL);
  self->run = g_object_ref (run);
  self->shown = RUNET_RETRAIN_IDLE;
  g_signal_connect_swapped (run, "changed", G_CALLBACK (run_changed_cb), self);
  runet_retrain_course_set_run (RUNET_RETRAIN_COURSE (self->course), run);
  run_changed_cb (self);
  return self;
}
