/* The actions of the window: everything that can be done has one, with a menu entry and a key. */
#include "window-private.h"

#include <glib/gi18n.h>
#include "models.h"
#include "settings.h"
#include "window-exchange.h"
#include "window-phantom.h"
#include "window-tour.h"
#include "window-report.h"

static RunetViewer *
viewer_of (gpointer user_data) {
  return RUNET_VIEWER (RUNET_WINDOW (user_data)->viewer);
}

/* ---- Files ---- */

static void
choose (RunetWindow *self,
        const char *title,
        GtkFileChooserAction kind,
        const char *folder,
        GCallback response_cb) {
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), kind,
                                               _ ("_Open"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (folder && *folder) {
    g_autoptr (GFile) file = g_file_new_for_path (folder);
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), file, NULL);
  }
  g_signal_connect (self->chooser, "response", response_cb, self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* (transfer full) (nullable): what was chosen. */
static GFile *
take_choice (RunetWindow *self, int response) {
  GFile *file = response == GTK_RESPONSE_ACCEPT
                    ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                    : NULL;
  g_clear_object (&self->chooser);
  return file;
}

static void
open_response_cb (GtkNativeDialog *dialog, int response, RunetWindow *self) {
  g_autoptr (GFile) file = take_choice (self, response);
  if (file)
    runet_window_open (self, g_file_peek_path (file));
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  g_autofree char *last = runet_settings_get_string ("last-folder", "");
  choose (user_data, _ ("Open a Folder of Studies"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, last, G_CALLBACK (open_response_cb));
}

static void
open_path_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_open (user_data, g_variant_get_string (parameter, NULL));
}

static void
model_response_cb (GtkNativeDialog *dialog, int response, RunetWindow *self) {
  g_autoptr (GFile) file = take_choice (self, response);
  if (file && g_file_peek_path (file))
    runet_window_set_model (self, g_file_peek_path (file));
}

static void
choose_model_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *self = user_data;
  g_autofree char *folder = self->model ? g_path_get_dirname (self->model) : NULL;
  choose (self, _ ("Choose a Model"), GTK_FILE_CHOOSER_ACTION_OPEN, folder,
          G_CALLBACK (model_response_cb));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _ ("Models (*.safetensors)"));
  gtk_file_filter_add_suffix (filter, "safetensors");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
}

static void
phantom_response_cb (GtkNativeDialog *dialog, int response, RunetWindow *self) {
  g_autoptr (GFile) file = take_choice (self, response);
  if (file && g_file_peek_path (file))
    runet_window_make_phantoms (self, g_file_peek_path (file));
}

static void
make_phantoms_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  choose (user_data, _ ("Where to Put the Synthetic Studies"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL,
          G_CALLBACK (phantom_response_cb));
}

/* ---- Model ---- */

static void
run_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetAnalysis *analysis = RUNET_WINDOW (user_data)->analysis;
  /* Who asks for it again when everything is done wants it run, not recalled. */
  if (runet_analysis_get_state (analysis) == RUNET_ANALYSIS_DONE)
    runet_analysis_start_anew (analysis);
  runet_window_run (user_data);
}

static void
cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_analysis_cancel (RUNET_WINDOW (user_data)->analysis);
}

static void
model_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  runet_window_set_model (user_data, g_variant_get_string (state, NULL));
}

static void
run_when_opened_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  g_simple_action_set_state (action, state);
  GSettings *settings = runet_settings_get ();
  if (settings)
    g_settings_set_boolean (settings, "run-when-opened", g_variant_get_boolean (state));
}

static void
report_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_show_report (user_data);
}

static void
retrain_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_retrain_show (RUNET_WINDOW (user_data)->retrain);
}

static void
models_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_retrain_show_models (RUNET_WINDOW (user_data)->retrain);
}

/* ---- List ---- */

static void
next_case_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_worklist_step (RUNET_WORKLIST (RUNET_WINDOW (user_data)->worklist), 1);
}

static void
previous_case_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_worklist_step (RUNET_WORKLIST (RUNET_WINDOW (user_data)->worklist), -1);
}

static void
next_outlier_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *self = user_data;
  if (!runet_worklist_next_outlier (RUNET_WORKLIST (self->worklist)))
    gtk_widget_error_bell (GTK_WIDGET (self));
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  gtk_widget_set_visible (RUNET_WINDOW (user_data)->worklist, TRUE);
  runet_worklist_start_search (RUNET_WORKLIST (RUNET_WINDOW (user_data)->worklist));
}

/* ---- Frames and canvas ---- */

static void
next_frame_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_step (viewer_of (user_data), 1);
}

static void
previous_frame_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_step (viewer_of (user_data), -1);
}

static void
first_frame_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_go_to_end (viewer_of (user_data), FALSE);
}

static void
last_frame_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_go_to_end (viewer_of (user_data), TRUE);
}

static void
go_ed_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_go_to_instant (viewer_of (user_data), RUNET_INSTANT_ED);
}

static void
go_es_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_viewer_go_to_instant (viewer_of (user_data), RUNET_INSTANT_ES);
}

static void
play_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  /* The state follows the timeline, which also stops by itself. */
  runet_timeline_set_playing (runet_viewer_get_timeline (viewer_of (user_data)),
                              g_variant_get_boolean (state));
}

static void
playing_cb (RunetWindow *self) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "play");
  gboolean playing =
      runet_timeline_get_playing (runet_viewer_get_timeline (viewer_of (self)));
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (playing));
}

/* The view named by the parameter alone: the one shown, or the one beside it. */
static void
enlarge_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *self = user_data;
  RunetViewer *viewer = viewer_of (user_data);
  RunetCase *other = runet_viewer_get_other_view (viewer);
  const char *view = g_variant_get_string (parameter, NULL);
  if (other && g_str_equal (view, runet_view_to_string (runet_case_get_view (other))) &&
      !runet_worklist_select (RUNET_WORKLIST (self->worklist), other))
    runet_window_show_case (self, other);
  g_object_set (viewer, "both-views", FALSE, NULL);
}

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_canvas_zoom_in (runet_viewer_get_focused_canvas (viewer_of (user_data)));
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_canvas_zoom_out (runet_viewer_get_focused_canvas (viewer_of (user_data)));
}

static void
zoom_fit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_canvas_zoom_to_fit (runet_viewer_get_focused_canvas (viewer_of (user_data)));
}

static void
reset_window_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_canvas_reset_window (runet_viewer_get_focused_canvas (viewer_of (user_data)));
}

/* ---- Window ---- */

static void
fullscreen_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  GtkWindow *window = user_data;
  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  gtk_window_close (GTK_WINDOW (user_data));
}

static void
tour_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_start_tour (user_data);
}

static const GActionEntry actions[] = {
    {.name = "open", .activate = open_cb},
    {.name = "open-path", .activate = open_path_cb, .parameter_type = "s"},
    {.name = "make-phantoms", .activate = make_phantoms_cb},
    {.name = "close", .activate = close_cb},
    {.name = "choose-model", .activate = choose_model_cb},
    {.name = "model", .parameter_type = "s", .state = "''", .change_state = model_cb},
    {.name = "run", .activate = run_cb},
    {.name = "cancel", .activate = cancel_cb},
    {.name = "run-when-opened", .state = "true", .change_state = run_when_opened_cb},
    {.name = "report", .activate = report_cb},
    {.name = "retrain", .activate = retrain_cb},
    {.name = "models", .activate = models_cb},
    {.name = "next-case", .activate = next_case_cb},
    {.name = "previous-case", .activate = previous_case_cb},
    {.name = "next-outlier", .activate = next_outlier_cb},
    {.name = "search", .activate = search_cb},
    {.name = "next-frame", .activate = next_frame_cb},
    {.name = "previous-frame", .activate = previous_frame_cb},
    {.name = "first-frame", .activate = first_frame_cb},
    {.name = "last-frame", .activate = last_frame_cb},
    {.name = "enlarge", .activate = enlarge_cb, .parameter_type = "s"},
    {.name = "go-ed", .activate = go_ed_cb},
    {.name = "go-es", .activate = go_es_cb},
    {.name = "play", .state = "false", .change_state = play_cb},
    {.name = "zoom-in", .activate = zoom_in_cb},
    {.name = "zoom-out", .activate = zoom_out_cb},
    {.name = "zoom-fit", .activate = zoom_fit_cb},
    {.name = "reset-window", .activate = reset_window_cb},
    {.name = "fullscreen", .activate = fullscreen_cb},
    {.name = "tour", .activate = tour_cb},
};

/* ---- Menus ---- */

void
runet_window_fill_recent (RunetWindow *self) {
  g_menu_remove_all (self->recent_menu);
  g_auto (GStrv) recent = runet_settings_list_recent ();
  g_autoptr (GMenu) section = g_menu_new ();
  for (guint i = 0; recent[i]; i++) {
    g_autofree char *name = g_filename_display_name (recent[i]);
    /* Underlines of a path are no mnemonics. */
    g_auto (GStrv) parts = g_strsplit (name, "_", -1);
    g_autofree char *label = g_strjoinv ("__", parts);
    g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
    g_menu_item_set_action_and_target (item, "win.open-path", "s", recent[i]);
    g_menu_append_item (section, item);
  }
  if (!recent[0])
    g_menu_append (section, _ ("No folder was opened yet"), "win.none");
  g_menu_append_section (self->recent_menu, _ ("Opened Lately"),
                         G_MENU_MODEL (section));
}

static void
append_model (GMenu *section, const char *path) {
  g_autofree char *title = runet_model_title (path);
  g_auto (GStrv) parts = g_strsplit (title, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "win.model", "s", path);
  g_menu_append_item (section, item);
}

void
runet_window_fill_models (RunetWindow *self) {
  g_autoptr (GPtrArray) models = runet_models_list ();
  g_autoptr (GMenu) section = g_menu_new ();
  g_menu_remove_all (self->model_menu);
  for (guint i = 0; i < models->len; i++)
    append_model (section, models->pdata[i]);
  if (self->model &&
      !g_ptr_array_find_with_equal_func (models, self->model, g_str_equal, NULL))
    append_model (section, self->model);
  g_menu_append (section, _ ("Choose Model File…"), "win.choose-model");
  g_menu_append (section, _ ("Models…"), "win.models");
  g_menu_append (section, _ ("Retrain…"), "win.retrain");
  g_menu_append_section (self->model_menu, _ ("Model"), G_MENU_MODEL (section));
  runet_window_engine_fill (self->engine, self->model_menu);

  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "model");
  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_string (self->model ? self->model : ""));
}

/* ---- State ---- */

static void
enable (RunetWindow *self, const char *name, gboolean enabled) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
runet_window_update_actions (RunetWindow *self) {
  RunetAnalysisState state = runet_analysis_get_state (self->analysis);
  const RunetClip *clip = runet_viewer_get_clip (viewer_of (self));
  gboolean study = self->cases != NULL;
  gboolean several = clip && clip->frames > 1;
  enable (self, "run", study && self->model);
  enable (self, "cancel",
          state == RUNET_ANALYSIS_LOADING || state == RUNET_ANALYSIS_RUNNING);
  enable (self, "report", study);
  enable (self, "retrain", study);
  enable (self, "next-case", study);
  enable (self, "previous-case", study);
  enable (self, "next-outlier", study);
  enable (self, "search", study);
  enable (self, "next-frame", several);
  enable (self, "previous-frame", several);
  enable (self, "first-frame", several);
  enable (self, "last-frame", several);
  enable (self, "play", clip && clip->sequence);
  enable (self, "go-ed", clip && clip->instant_frame[RUNET_INSTANT_ED] >= 0);
  enable (self, "go-es", clip && clip->instant_frame[RUNET_INSTANT_ES] >= 0);
  enable (self, "zoom-in", clip != NULL);
  enable (self, "zoom-out", clip != NULL);
  enable (self, "zoom-fit", clip != NULL);
  enable (self, "reset-window", clip != NULL);
  runet_window_review_update (self->review);
  runet_window_exchange_update (self);
  runet_window_edit_update (self->edit);
}

static void
add_property_action (RunetWindow *self, gpointer object, const char *name) {
  g_autoptr (GPropertyAction) action = g_property_action_new (name, object, name);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

/* More room for the images. */
static void
add_pane_action (RunetWindow *self, GtkWidget *pane, const char *name) {
  g_autoptr (GPropertyAction) action = g_property_action_new (name, pane, "visible");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
runet_window_add_actions (RunetWindow *self) {
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions),
                                   self);
  runet_window_exchange_add (self);
  RunetCanvas *canvas = runet_viewer_get_canvas (viewer_of (self));
  static const char *const toggles[] = {
      "show-stage1",    "show-region",       "show-stage2", "show-expert",
      "show-corrected", "show-disagreement", "swipe",       "side-by-side",
      "flicker",        "show-measures",     "show-reasons"};
  for (guint i = 0; i < G_N_ELEMENTS (toggles); i++)
    add_property_action (self, canvas, toggles[i]);
  g_autoptr (GPropertyAction) refinement =
      g_property_action_new ("refinement", self->refinement, "active");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (refinement));
  g_autoptr (GPropertyAction) order =
      g_property_action_new ("order", self->worklist, "order");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (order));
  add_pane_action (self, self->worklist, "show-list");
  add_pane_action (self, self->side, "show-inspector");
  add_property_action (self, self->viewer, "both-views");
  add_property_action (self, runet_viewer_get_timeline (viewer_of (self)),
                       "to-and-fro");
  add_property_action (self, self->inspector, "simpson-mode");
  g_signal_connect_object (runet_viewer_get_timeline (viewer_of (self)),
                           "notify::playing", G_CALLBACK (playing_cb), self,
                           G_CONNECT_SWAPPED);
  runet_window_add_keys (self);

  g_action_group_change_action_state (
      G_ACTION_GROUP (self), "run-when-opened",
      g_variant_new_boolean (runet_settings_get_boolean ("run-when-opened", TRUE)));
}
