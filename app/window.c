/* The window: opens studies, hands them to the worklist, the viewer and the model. */
#include "window-private.h"

#include <glib/gi18n.h>
#include <string.h>
#include "models.h"
#include "settings.h"
#include "window-go.h"
#include "window-tour.h"
#include "window-versions.h"
#include "window-report.h"

/* The inspector follows a cine at a rate one can read, not at every frame. */
#define INSPECTOR_DELAY_MS 100

G_DEFINE_FINAL_TYPE (RunetWindow, runet_window, GTK_TYPE_APPLICATION_WINDOW)

/* ---- Study ---- */

static void
show_title (RunetWindow *self, const RunetDataset *dataset) {
  gtk_label_set_label (GTK_LABEL (self->title), dataset->name);
  g_autofree char *title = g_strdup_printf (_ ("%s – RU-Net Review"), dataset->name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  guint patients = dataset->patients->len;
  guint views = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  g_autoptr (GString) subtitle = g_string_new (NULL);
  g_string_append_printf (
      subtitle, g_dngettext (GETTEXT_PACKAGE, "%u patient", "%u patients", patients),
      patients);
  g_string_append (subtitle, ", ");
  g_string_append_printf (
      subtitle, g_dngettext (GETTEXT_PACKAGE, "%u view", "%u views", views), views);
  gtk_label_set_label (GTK_LABEL (self->subtitle), subtitle->str);
  gtk_widget_set_tooltip_text (self->title, dataset->path);
  gtk_widget_set_tooltip_text (self->subtitle, dataset->path);
  gtk_widget_set_visible (self->subtitle, TRUE);
}

static void
set_listing (RunetWindow *self, gboolean listing) {
  gtk_widget_set_visible (self->spinner, listing);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), listing);
}

static void
adopt_dataset (RunetWindow *self, RunetDataset *dataset) {
  g_autoptr (GListStore) cases = runet_cases_of_dataset (dataset);
  RunetProblemBar *problems = RUNET_PROBLEM_BAR (self->problems);
  /* A gesture since the folder was asked for: it belongs into the record of the study that it was made on. */
  if (!runet_window_edit_write (self->edit))
    return;
  if (g_list_model_get_n_items (G_LIST_MODEL (cases)) == 0) {
    g_autofree char *message =
        g_strdup_printf (_ ("%s: expected patients with images of a two- or "
                            "four-chamber view, found none"),
                         dataset->path);
    runet_problem_bar_say (problems, message);
    return;
  }
  runet_problem_bar_clear (problems);
  for (guint i = 0; i < dataset->problems->len; i++)
    runet_problem_bar_add (problems,
                           ((RunetProblem *)dataset->problems->pdata[i])->message);
  runet_window_retrain_tell_lost (self);

  runet_analysis_reset (self->analysis);
  g_set_object (&self->cases, cases);
  self->touched = FALSE;
  g_free (self->path);
  self->path = g_strdup (dataset->path);
  show_title (self, dataset);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "study");
  runet_window_review_open (self->review, dataset);
  runet_worklist_set_cases (RUNET_WORKLIST (self->worklist), G_LIST_MODEL (cases));
  runet_settings_add_recent (dataset->path);
  runet_settings_set_string ("last-folder", dataset->path);
  runet_window_fill_recent (self);
  gtk_widget_grab_focus (
      GTK_WIDGET (runet_viewer_get_canvas (RUNET_VIEWER (self->viewer))));
  if (runet_settings_get_boolean ("run-when-opened", TRUE))
    runet_window_run (self);
  runet_window_update_actions (self);
  runet_window_go_on_with_tour (self);
  runet_window_update_report (self);
  runet_window_retrain_update (self->retrain);
}

static void
list_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  g_autoptr (GError) error = NULL;
  RunetDataset *dataset = runet_dataset_open (data, cancellable, &error);
  if (dataset)
    g_task_return_pointer (task, dataset, (GDestroyNotify)runet_dataset_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetWindow *self = RUNET_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = g_task_propagate_pointer (G_TASK (result), &error);
  /* Another folder was chosen meanwhile, or the window is closed. */
  if (g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;
  g_clear_object (&self->listing);
  set_listing (self, FALSE);
  if (dataset)
    adopt_dataset (self, dataset);
  else
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), error->message);
}

void
runet_window_open (RunetWindow *self, const char *path) {
  g_return_if_fail (RUNET_IS_WINDOW (self));
  if (!path) {
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems),
                           _ ("Only folders of this computer can be opened."));
    return;
  }
  /* What could not be written belongs to the record of the studies that are open. */
  if (!runet_window_edit_may_leave (self->edit, runet_window_open, path))
    return;
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  self->listing = g_cancellable_new ();
  set_listing (self, TRUE);
  g_autoptr (GTask) task = g_task_new (self, self->listing, list_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

gboolean
runet_window_is_empty (RunetWindow *self) {
  g_return_val_if_fail (RUNET_IS_WINDOW (self), FALSE);
  return !self->cases && !self->listing;
}

/* ---- Model ---- */

static void
show_model (RunetWindow *self) {
  g_autofree char *title = self->model ? runet_model_title (self->model) : NULL;
  const char *model = runet_analysis_get_model_description (self->analysis);
  const char *engine = runet_analysis_get_engine_description (self->analysis);
  gtk_label_set_label (GTK_LABEL (self->model_name), title ? title : _ ("No Model"));
  /* The header has room for "NVIDIA H200"; the rest, and why it was chosen, is in the tooltip and the inspector. */
  g_autofree char *brief =
      g_strndup (engine ? engine : "", strcspn (engine ? engine : "", ",;("));
  gtk_label_set_label (GTK_LABEL (self->engine_name), g_strchomp (brief));
  gtk_widget_set_visible (self->engine_name, engine != NULL);
  g_autofree char *tooltip =
      self->model ? g_strdup_printf ("%s%s%s%s%s", self->model, model ? "\n" : "",
                                     model ? model : "", engine ? "\n" : "",
                                     engine ? engine : "")
                  : g_strdup (_ ("Choose a model"));
  gtk_widget_set_tooltip_text (self->model_button, tooltip);
  g_autofree char *source = model ? g_strdup_printf ("%s (%s)", title, model) : NULL;
  runet_inspector_set_source (RUNET_INSPECTOR (self->inspector), source, engine);
}

static void
analysis_changed_cb (RunetAnalysis *analysis, RunetWindow *self) {
  show_model (self);
  runet_window_update_report (self);
  runet_window_update_actions (self);
  const char *message = runet_analysis_get_message (analysis);
  if (runet_analysis_get_state (analysis) == RUNET_ANALYSIS_FAILED && message)
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), message);
  if (runet_analysis_get_state (analysis) != RUNET_ANALYSIS_DONE)
    return;
  runet_worklist_results_changed (RUNET_WORKLIST (self->worklist));
  if (self->touched)
    return;
  /* Whoever waited for it begins with the first row, the riskiest as a rule, once. */
  self->touched = TRUE;
  runet_worklist_begin_at_top (RUNET_WORKLIST (self->worklist));
}

static void
case_finished_cb (RunetAnalysis *analysis, RunetCase *item, RunetWindow *self) {
  runet_worklist_results_changed (RUNET_WORKLIST (self->worklist));
  if (runet_case_get_state (item) == RUNET_CASE_FAILED && runet_case_get_message (item))
    runet_problem_bar_add (RUNET_PROBLEM_BAR (self->problems),
                           runet_case_get_message (item));
}

static void
notice_cb (RunetAnalysis *analysis, const char *message, RunetWindow *self) {
  runet_problem_bar_add (RUNET_PROBLEM_BAR (self->problems), message);
}

static void
gpu_replaced_cb (RunetAnalysis *analysis, const char *message, RunetWindow *self) {
  g_free (self->replaced);
  self->replaced = g_strdup (message);
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), message);
}

void
runet_window_update_refinement (RunetWindow *self) {
  runet_refinement_panel_set_model (
      RUNET_REFINEMENT_PANEL (self->refinement), self->model,
      runet_window_engine_get_lenient_choice (self->engine));
}

void
runet_window_run (RunetWindow *self) {
  runet_window_update_refinement (self);
  if (!self->model || !self->cases)
    return;
  if (self->replaced)
    runet_problem_bar_take_back (RUNET_PROBLEM_BAR (self->problems), self->replaced);
  g_clear_pointer (&self->replaced, g_free);
  runet_analysis_start (self->analysis, self->model,
                        runet_window_engine_get_choice (self->engine),
                        G_LIST_MODEL (self->cases));
}

void
runet_window_set_model (RunetWindow *self, const char *path) {
  g_return_if_fail (RUNET_IS_WINDOW (self) && path != NULL);
  g_free (self->model);
  self->model = g_strdup (path);
  runet_settings_set_string ("model", path);
  runet_window_fill_models (self);
  show_model (self);
  runet_window_run (self);
  runet_window_update_actions (self);
  runet_window_update_report (self);
  runet_window_retrain_update (self->retrain);
}

/* The one used last when it is still there, else the first that came with the program. Who did not choose a file, or
 * chose a registered one, goes along with the registry. */
static void
find_model (RunetWindow *self) {
  g_autofree char *last = runet_settings_get_string ("model", "");
  if (!*last || runet_model_is_registered (last))
    self->model = runet_models_get_current ();
  if (self->model)
    return;
  if (*last && g_file_test (last, G_FILE_TEST_IS_REGULAR)) {
    self->model = g_steal_pointer (&last);
    return;
  }
  g_autoptr (GPtrArray) models = runet_models_list ();
  if (models->len > 0)
    self->model = g_strdup (models->pdata[0]);
}

/* ---- From widget to widget ---- */

void
runet_window_show_case (RunetWindow *self, RunetCase *item) {
  RunetCase *other = runet_cases_find_other_view (G_LIST_MODEL (self->cases), item);
  runet_analysis_prefer (self->analysis, item);
  runet_analysis_prefer_next (self->analysis, other);
  runet_viewer_set_case (RUNET_VIEWER (self->viewer), item);
  runet_viewer_set_other_view (RUNET_VIEWER (self->viewer), other);
  runet_inspector_set_other_view (RUNET_INSPECTOR (self->inspector), other);
}

static void
selected_cb (RunetWindow *self) {
  RunetCase *item = runet_worklist_get_selected (RUNET_WORKLIST (self->worklist));
  /* A search that hides the chosen row does not take the images away. */
  if (item)
    runet_window_show_case (self, item);
}

static void
activated_cb (RunetWindow *self) {
  gtk_widget_grab_focus (
      GTK_WIDGET (runet_viewer_get_canvas (RUNET_VIEWER (self->viewer))));
}

static gboolean
show_frame_cb (gpointer user_data) {
  RunetWindow *self = user_data;
  self->frame_id = 0;
  runet_inspector_set_frame (RUNET_INSPECTOR (self->inspector),
                             runet_viewer_get_frame (RUNET_VIEWER (self->viewer)));
  return G_SOURCE_REMOVE;
}

static void
frame_cb (RunetWindow *self) {
  RunetTimeline *timeline = runet_viewer_get_timeline (RUNET_VIEWER (self->viewer));
  if (self->frame_id == 0 && runet_timeline_get_playing (timeline))
    self->frame_id = g_timeout_add (INSPECTOR_DELAY_MS, show_frame_cb, self);
  else if (self->frame_id == 0)
    show_frame_cb (self);
}

static void
clip_changed_cb (RunetWindow *self) {
  RunetViewer *viewer = RUNET_VIEWER (self->viewer);
  RunetInspector *inspector = RUNET_INSPECTOR (self->inspector);
  runet_inspector_set_frame (inspector, runet_viewer_get_frame (viewer));
  runet_inspector_set_case (inspector, runet_viewer_get_case (viewer),
                            runet_viewer_get_clip (viewer));
  runet_window_update_actions (self);
  if (runet_viewer_get_clip (viewer))
    runet_window_arrive (self);
}

static void
problem_cb (RunetViewer *viewer, const char *message, RunetWindow *self) {
  runet_problem_bar_add (RUNET_PROBLEM_BAR (self->problems), message);
}

static void
reason_cb (RunetInspector *inspector, const RunetCaseReason *one, RunetWindow *self) {
  runet_viewer_point_out (RUNET_VIEWER (self->viewer), one);
}

/* Where it is, is seen. */
static void
refinement_cb (RunetWindow *self) {
  gboolean active;
  g_object_get (self->refinement, "active", &active, NULL);
  if (active)
    gtk_widget_set_visible (self->side, TRUE);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         RunetWindow *self) {
  GSList *files = g_value_get_boxed (value);
  if (!files)
    return FALSE;
  runet_window_open (self, g_file_peek_path (files->data));
  return TRUE;
}

/* ---- Size ---- */

static void
remember_size (RunetWindow *self) {
  if (!runet_settings_get ())
    return;
  int width, height;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  runet_settings_set_int ("window-width", width);
  runet_settings_set_int ("window-height", height);
  g_settings_set_boolean (runet_settings_get (), "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  runet_settings_set_int ("inspector-width",
                          runet_pane_width_get (self->inspector_width));
  runet_settings_set_int ("worklist-width",
                          runet_pane_width_get (self->worklist_width));
}

static void
close_anyway (RunetWindow *self, const char *unused) {
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
runet_window_close_request (GtkWindow *window) {
  RunetWindow *self = RUNET_WINDOW (window);
  if (!runet_window_edit_may_leave (self->edit, close_anyway, NULL) ||
      !runet_window_retrain_allow_close (self->retrain))
    return TRUE;
  remember_size (self);
  runet_timeline_set_playing (runet_viewer_get_timeline (RUNET_VIEWER (self->viewer)),
                              FALSE);
  return GTK_WINDOW_CLASS (runet_window_parent_class)->close_request (window);
}

static void
restore (RunetWindow *self) {
  gtk_window_set_default_size (GTK_WINDOW (self),
                               runet_settings_get_int ("window-width", 1440),
                               runet_settings_get_int ("window-height", 900));
  if (runet_settings_get_boolean ("window-maximized", FALSE))
    gtk_window_maximize (GTK_WINDOW (self));
  self->worklist_width =
      runet_pane_width_new (GTK_PANED (self->outer), GTK_PACK_START,
                            runet_settings_get_int ("worklist-width", 340));
  self->inspector_width =
      runet_pane_width_new (GTK_PANED (self->inner), GTK_PACK_END,
                            runet_settings_get_int ("inspector-width", 370));
  GSettings *settings = runet_settings_get ();
  RunetCanvas *canvas = runet_viewer_get_canvas (RUNET_VIEWER (self->viewer));
  static const char *const kept[] = {
      "show-stage1",    "show-region",       "show-stage2",   "show-expert",
      "show-corrected", "show-disagreement", "swipe",         "side-by-side",
      "swipe-position", "map-opacity",       "show-measures", "show-reasons"};
  for (guint i = 0; settings && i < G_N_ELEMENTS (kept); i++)
    g_settings_bind (settings, kept[i], canvas, kept[i], G_SETTINGS_BIND_DEFAULT);
  static const char *const list[][2] = {{"order", "order"},
                                        {"worklist-columns", "columns"},
                                        {"worklist-filters", "filters"}};
  for (guint i = 0; settings && i < G_N_ELEMENTS (list); i++)
    g_settings_bind (settings, list[i][0], self->worklist, list[i][1],
                     G_SETTINGS_BIND_DEFAULT);
  if (!settings)
    return;
  g_settings_bind (settings, "show-list", self->worklist, "visible",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "show-inspector", self->side, "visible",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "both-views", self->viewer, "both-views",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "simpson-mode", self->inspector, "simpson-mode",
                   G_SETTINGS_BIND_DEFAULT);
}

/* ---- Object ---- */

static void
runet_window_dispose (GObject *object) {
  RunetWindow *self = RUNET_WINDOW (object);
  g_clear_handle_id (&self->frame_id, g_source_remove);
  runet_window_forget_focus (self);
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->engine, runet_window_engine_free);
  g_clear_pointer (&self->retrain, runet_window_retrain_free);
  g_clear_pointer (&self->edit, runet_window_edit_free);
  g_clear_pointer (&self->review, runet_window_review_free);
  g_clear_pointer (&self->corrections, runet_window_corrections_free);
  g_clear_pointer (&self->worklist_width, runet_pane_width_free);
  g_clear_pointer (&self->inspector_width, runet_pane_width_free);
  if (self->analysis)
    g_signal_handlers_disconnect_by_data (self->analysis, self);
  g_clear_object (&self->analysis);
  g_clear_object (&self->cases);
  g_clear_weak_pointer (&self->report);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->replaced, g_free);
  G_OBJECT_CLASS (runet_window_parent_class)->dispose (object);
}

static void
runet_window_class_init (RunetWindowClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = runet_window_close_request;
  g_type_ensure (RUNET_TYPE_WORKLIST);
  g_type_ensure (RUNET_TYPE_VIEWER);
  g_type_ensure (RUNET_TYPE_INSPECTOR);
  g_type_ensure (RUNET_TYPE_PROBLEM_BAR);
  g_type_ensure (RUNET_TYPE_REFINEMENT_PANEL);
  g_type_ensure (RUNET_TYPE_RUN_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/app/window.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, model_name);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, engine_name);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, model_button);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, run_bar);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, retrain_button);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, retrain_spinner);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, retrain_text);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, problems);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, outer);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, inner);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, worklist);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, viewer);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, side);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, inspector);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, refinement);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, recent_menu);
  gtk_widget_class_bind_template_child (widget_class, RunetWindow, model_menu);
}

static void
connect_widgets (RunetWindow *self) {
  g_signal_connect_object (self->worklist, "notify::selected", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->worklist, "activated", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->refinement, "notify::active",
                           G_CALLBACK (refinement_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "notify::experiment",
                           G_CALLBACK (runet_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "notify::frame", G_CALLBACK (frame_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "clip-changed", G_CALLBACK (clip_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "problem", G_CALLBACK (problem_cb), self, 0);
  g_signal_connect_object (self->inspector, "reason-activated", G_CALLBACK (reason_cb),
                           self, 0);
  g_signal_connect_object (self->analysis, "changed", G_CALLBACK (analysis_changed_cb),
                           self, 0);
  g_signal_connect_object (self->analysis, "case-finished",
                           G_CALLBACK (case_finished_cb), self, 0);
  g_signal_connect_object (self->analysis, "notice", G_CALLBACK (notice_cb), self, 0);
  g_signal_connect_object (self->analysis, "gpu-replaced", G_CALLBACK (gpu_replaced_cb),
                           self, 0);
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
runet_window_init (RunetWindow *self) {
  g_autofree char *cache = runet_result_cache_get_default_path ();
  self->analysis = runet_analysis_new ();
  runet_analysis_set_cache (self->analysis, cache);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->instant_due = -1;
  runet_run_bar_set_analysis (RUNET_RUN_BAR (self->run_bar), self->analysis);
  runet_refinement_panel_set_viewer (RUNET_REFINEMENT_PANEL (self->refinement),
                                     RUNET_VIEWER (self->viewer));
  restore (self);
  connect_widgets (self);
  find_model (self);
  self->engine = runet_window_engine_new (self);
  runet_window_update_refinement (self);
  self->corrections = runet_window_corrections_new (self);
  self->review = runet_window_review_new (self);
  self->retrain = runet_window_retrain_new (self);
  self->edit = runet_window_edit_new (self);
  runet_window_add_undo (self);
  runet_window_add_versions (self);
  runet_window_review_start (self->review);
  runet_window_add_actions (self);
  runet_window_fill_recent (self);
  runet_window_fill_models (self);
  show_model (self);
  runet_window_update_actions (self);
}

RunetWindow *
runet_window_new (GtkApplication *application) {
  return g_object_new (RUNET_TYPE_WINDOW, "application", application, NULL);
}
