/* The actions of a correction: its tools and commands. */
#include "window-edit-private.h"

#include "window-edit-frames.h"

static void
edit_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  gboolean active = g_variant_get_boolean (state);
  if (active == self->active)
    return;
  if (active && !runet_window_review_check_author (self->window->review, action, NULL))
    return;
  self->active = active;
  g_simple_action_set_state (action, state);
  runet_viewer_set_editing (runet_window_edit_get_viewer (self), active);
  runet_window_edit_attach (self);
  if (active)
    gtk_widget_grab_focus (GTK_WIDGET (runet_window_edit_get_canvas (self)));
}

static void
tool_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  const char *name = g_variant_get_string (state, NULL);
  for (int tool = 0; tool < RUNET_TOOLS; tool++)
    if (g_str_equal (name, runet_tool_to_string (tool))) {
      self->tool = tool;
      g_simple_action_set_state (action, state);
    }
  if (!self->editor)
    return;
  runet_window_edit_take_tool (self);
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_edit_bar_show_editor (runet_window_edit_get_bar (self), self->editor);
}

static void
structure_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  static const struct {
    const char *name;
    RunetStructure structure;
  } names[] = {
      {"nearest", RUNET_STRUCTURES},
      {"endo", RUNET_STRUCTURE_ENDO},
      {"epi", RUNET_STRUCTURE_EPI},
      {"la", RUNET_STRUCTURE_LA},
  };
  RunetWindowEdit *self = user_data;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (g_variant_get_string (state, NULL), names[i].name)) {
      self->structure = names[i].structure;
      g_simple_action_set_state (action, state);
    }
  if (!self->editor)
    return;
  runet_editor_set_structure (self->editor, self->structure);
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_window_edit_queue_figures (self);
}

static void
allow_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  self->allow = g_variant_get_boolean (state);
  g_simple_action_set_state (action, state);
  if (self->editor)
    runet_editor_set_allow_faults (self->editor, self->allow);
}

static void
revert_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  if (!self->editor || !runet_editor_revert (self->editor, self->structure))
    return;
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_window_edit_commit (self);
}

static void
take_stage1_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  if (!self->editor || !runet_editor_take_stage1 (
                           self->editor, runet_window_edit_get_structure (self))) {
    gtk_widget_error_bell (GTK_WIDGET (self->window));
    return;
  }
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_window_edit_commit (self);
}

static void
save_again_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  runet_window_edit_write (user_data);
}

static void
enable (RunetWindowEdit *self, const char *name, gboolean enabled) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->window), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
runet_window_edit_update (RunetWindowEdit *self) {
  RunetCase *item = runet_viewer_get_case (runet_window_edit_get_viewer (self));
  const RunetClip *clip = runet_viewer_get_clip (runet_window_edit_get_viewer (self));
  /* Between one case and the next the editor is still that of the one before. */
  gboolean editing = self->editor != NULL && clip != NULL;
  const RunetCorrection *correction =
      editing ? runet_editor_get_correction (self->editor) : NULL;
  enable (self, "edit",
          self->active ||
              (item && runet_window_review_get_record (self->window->review)));
  static const char *const tools[] = {"tool", "edit-structure", "allow-faults"};
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    enable (self, tools[i], editing);
  enable (self, "revert", editing && runet_correction_is_edited (correction));
  enable (self, "take-stage1", editing && self->model && self->model->stages > 1);
  enable (self, "copy-next", editing && self->frame + 1 < clip->frames);
  enable (self, "adopt", item && !runet_window_edit_is_locked (self, item));
  enable (self, "interpolate",
          editing && runet_window_edit_may_interpolate (self->window));
}

void
runet_window_edit_add_actions (RunetWindowEdit *self) {
  static const GActionEntry actions[] = {
      {.name = "edit", .state = "false", .change_state = edit_cb},
      {.name = "tool",
       .parameter_type = "s",
       .state = "'points'",
       .change_state = tool_cb},
      {.name = "edit-structure",
       .parameter_type = "s",
       .state = "'nearest'",
       .change_state = structure_cb},
      {.name = "allow-faults", .state = "false", .change_state = allow_cb},
      {.name = "revert", .activate = revert_cb},
      {.name = "take-stage1", .activate = take_stage1_cb},
      {.name = "save-again", .activate = save_again_cb},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (self->window), actions,
                                   G_N_ELEMENTS (actions), self);
}
