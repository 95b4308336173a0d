/* Correcting contours in the window: the frame that is edited. */
#include "window-edit-private.h"

#include <glib/gi18n.h>
#include "ui/fit.h"
#include "window-edit-frames.h"

#define PAINT_RADIUS_MM 4.0
/* A smaller circle leaves a bulge in the wall of a ventricle rather than moving it. */
#define PUSH_RADIUS_MM 8.0

RunetViewer *
runet_window_edit_get_viewer (RunetWindowEdit *self) {
  return RUNET_VIEWER (self->window->viewer);
}

RunetCanvas *
runet_window_edit_get_canvas (RunetWindowEdit *self) {
  return runet_viewer_get_canvas (runet_window_edit_get_viewer (self));
}

RunetEditBar *
runet_window_edit_get_bar (RunetWindowEdit *self) {
  return runet_viewer_get_edit_bar (runet_window_edit_get_viewer (self));
}

RunetEditor *
runet_window_edit_get_editor (RunetWindowEdit *self) {
  return self->editor;
}

/* ---- The editor ---- */

gboolean
runet_window_edit_is_locked (RunetWindowEdit *self, RunetCase *item) {
  return item && runet_review_state_is_locked (
                     runet_case_get_review (item),
                     runet_window_review_get_author (self->window->review));
}

void
runet_window_edit_show_editor (RunetWindowEdit *self) {
  runet_edit_bar_show_editor (runet_window_edit_get_bar (self), self->editor);
  runet_inspector_set_editor (RUNET_INSPECTOR (self->window->inspector), self->editor);
  if (self->editor)
    runet_window_edit_queue_figures (self);
}

static void
detach (RunetWindowEdit *self) {
  runet_window_edit_cancel_figures (self);
  self->began_us = 0;
  if (self->editor) {
    runet_canvas_set_editor (runet_window_edit_get_canvas (self), NULL, 0);
    runet_viewer_set_edited (runet_window_edit_get_viewer (self), FALSE);
  }
  runet_inspector_set_editor (RUNET_INSPECTOR (self->window->inspector), NULL);
  g_clear_pointer (&self->editor, runet_editor_free);
  g_clear_pointer (&self->model, runet_frame_result_unref);
  self->item = NULL;
}

void
runet_window_edit_take_tool (RunetWindowEdit *self) {
  runet_editor_set_tool (self->editor, self->tool);
  runet_editor_set_radius_mm (self->editor,
                              self->radius_mm[self->tool == RUNET_TOOL_PUSH]);
}

/* What stage 1 says may be on another grid than a correction that was made before. */
static void
set_up_stage1 (RunetWindowEdit *self) {
  g_autoptr (RunetLabelMap) stage1 =
      self->model && self->model->stages > 1
          ? runet_frame_result_unpack_labels (self->model, RUNET_SHOWN_FIRST)
          : NULL;
  g_autoptr (RunetLabelMap) fitted =
      stage1 ? runet_label_map_fit (stage1, 0,
                                    runet_editor_get_correction (self->editor)->grid)
             : NULL;
  runet_editor_set_stage1 (self->editor, fitted ? fitted->labels : NULL);
}

static void
set_up_tools (RunetWindowEdit *self) {
  runet_window_edit_take_tool (self);
  runet_editor_set_structure (self->editor, self->structure);
  runet_editor_set_allow_faults (self->editor, self->allow);
  if (self->falloff_mm > 0)
    runet_editor_set_falloff_mm (self->editor, self->falloff_mm);
  set_up_stage1 (self);
}

/* Why the frame in view cannot be edited, with what can be done about it; NULL when it can. */
static const char *
find_obstacle (RunetWindowEdit *self, const char **button, const char **action) {
  RunetCase *item = runet_window_review_get_case (self->window->review);
  if (!runet_window_review_get_record (self->window->review))
    return _ ("The record of these studies cannot be used: nothing can be corrected.");
  if (!item || !runet_viewer_get_clip (runet_window_edit_get_viewer (self)))
    return "";
  if (runet_window_edit_is_locked (self, item)) {
    *button = _ ("Reopen");
    *action = "win.reopen";
    return _ ("You accepted this view, so it is locked. Reopen it to change it.");
  }
  if (runet_timeline_get_playing (
          runet_viewer_get_timeline (runet_window_edit_get_viewer (self))))
    return _ ("Pause on the frame that you want to correct (space).");
  gboolean tried;
  g_object_get (runet_window_edit_get_viewer (self), "experiment", &tried, NULL);
  if (tried)
    return _ ("An experiment is shown. Leave it to correct the model’s contours.");
  return NULL;
}

static const char *
make_editor (RunetWindowEdit *self) {
  RunetClip *clip = runet_viewer_get_clip (runet_window_edit_get_viewer (self));
  RunetCase *item = runet_viewer_get_case (runet_window_edit_get_viewer (self));
  const guint frame = runet_viewer_get_frame (runet_window_edit_get_viewer (self));
  gsize image_frame;
  const RunetImage *image = runet_clip_get_image (clip, frame, &image_frame);
  g_autoptr (RunetCorrection) correction =
      runet_window_edit_read_frame (self, frame, NULL);
  if (!correction)
    return _ ("There are no contours of this frame yet.");
  if (!runet_grid_same_extent (correction->grid, image->grid))
    return _ ("The contours of this frame were made on an image of another size: they "
              "cannot be corrected on this one.");
  RunetFrameResult *model = runet_case_get_result (item, clip, frame);
  const RunetEvent *edit = runet_window_edit_find_edit (self, item, frame);
  self->item = item;
  self->frame = frame;
  self->number = edit ? edit->number : 0;
  self->model = model ? runet_frame_result_ref (model) : NULL;
  self->editor = runet_editor_new (correction);
  set_up_tools (self);
  runet_canvas_set_editor (runet_window_edit_get_canvas (self), self->editor,
                           image_frame);
  runet_viewer_set_edited (runet_window_edit_get_viewer (self), TRUE);
  return NULL;
}

void
runet_window_edit_attach (RunetWindowEdit *self) {
  const char *button = NULL, *action = NULL;
  detach (self);
  if (self->active) {
    const char *obstacle = find_obstacle (self, &button, &action);
    self->locked = runet_window_edit_is_locked (
        self, runet_viewer_get_case (runet_window_edit_get_viewer (self)));
    if (!obstacle)
      obstacle = make_editor (self);
    if (self->unsaved->len == 0)
      runet_edit_bar_set_message (runet_window_edit_get_bar (self),
                                  obstacle && *obstacle ? obstacle : NULL, button,
                                  action);
  }
  runet_window_edit_show_editor (self);
  runet_window_edit_update (self);
}

/* What is shown is what the record says, also when it was written elsewhere or taken back. */
void
runet_window_edit_record_changed (RunetWindowEdit *self) {
  runet_window_edit_update (self);
  if (self->writing || !self->active)
    return;
  RunetCase *item = runet_viewer_get_case (runet_window_edit_get_viewer (self));
  const gboolean locked = self->locked;
  if (!self->editor || locked != runet_window_edit_is_locked (self, item)) {
    runet_window_edit_attach (self);
    /* Who reopens it goes on at the points. */
    if (locked && self->editor)
      gtk_widget_grab_focus (GTK_WIDGET (runet_window_edit_get_canvas (self)));
    return;
  }
  const RunetEvent *edit = runet_window_edit_find_edit (self, self->item, self->frame);
  if (runet_editor_is_active (self->editor) || self->unsaved->len > 0 ||
      self->number == (edit ? edit->number : 0))
    return;
  g_autoptr (RunetCorrection) correction =
      runet_window_edit_read_frame (self, self->frame, NULL);
  const RunetGrid *grid = runet_editor_get_correction (self->editor)->grid;
  if (!correction || correction->grid->width != grid->width ||
      correction->grid->height != grid->height) {
    runet_window_edit_attach (self);
    return;
  }
  self->number = edit ? edit->number : 0;
  runet_editor_set_correction (self->editor, correction);
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_window_edit_show_editor (self);
  runet_window_edit_update (self);
}

/* ---- What the canvas tells ---- */

static void
changed_cb (RunetWindowEdit *self) {
  if (self->began_us == 0)
    self->began_us = g_get_monotonic_time ();
  runet_window_edit_queue_figures (self);
}

static void
done_cb (RunetWindowEdit *self) {
  if (self->editor)
    runet_window_edit_commit (self);
}

static void
refused_cb (RunetWindowEdit *self) {
  gtk_widget_error_bell (GTK_WIDGET (self->window));
}

static void
selected_cb (RunetWindowEdit *self) {
  runet_inspector_refresh_editor (RUNET_INSPECTOR (self->window->inspector));
  if (self->editor)
    runet_window_edit_queue_figures (self);
}

/* In the list: it is shown on the image. */
static void
chosen_cb (RunetWindowEdit *self) {
  if (!self->editor)
    return;
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
  runet_window_edit_queue_figures (self);
}

static void
remember_reach (RunetWindowEdit *self) {
  if (!self->editor)
    return;
  self->radius_mm[self->tool == RUNET_TOOL_PUSH] =
      runet_editor_get_radius_mm (self->editor);
  self->falloff_mm = runet_editor_get_falloff_mm (self->editor);
  runet_edit_bar_show_editor (runet_window_edit_get_bar (self), self->editor);
}

static void
reach_cb (RunetWindowEdit *self, double mm) {
  if (!self->editor)
    return;
  if (self->tool == RUNET_TOOL_POINTS)
    runet_editor_set_falloff_mm (self->editor, mm);
  else
    runet_editor_set_radius_mm (self->editor, mm);
  remember_reach (self);
  runet_canvas_refresh_editor (runet_window_edit_get_canvas (self));
}

/* ---- Going there ---- */

static void
go_to_goal (RunetWindowEdit *self) {
  RunetClip *clip = runet_viewer_get_clip (runet_window_edit_get_viewer (self));
  if (!self->goal || !clip ||
      self->goal != runet_viewer_get_case (runet_window_edit_get_viewer (self)))
    return;
  self->goal = NULL;
  if (self->goal_instant >= 0)
    runet_viewer_go_to_instant (runet_window_edit_get_viewer (self),
                                (RunetInstant)self->goal_instant);
  else if (self->goal_frame > 0 && clip->sequence)
    runet_viewer_set_frame (runet_window_edit_get_viewer (self),
                            (guint)self->goal_frame - 1);
}

void
runet_window_edit_go_to (RunetWindowEdit *self,
                         RunetCase *item,
                         int instant,
                         int frame) {
  RunetWindow *window = self->window;
  self->goal = item;
  self->goal_instant = instant;
  self->goal_frame = frame;
  if (!runet_worklist_select (RUNET_WORKLIST (window->worklist), item))
    runet_window_show_case (window, item);
  go_to_goal (self);
}

double
runet_window_edit_get_seconds (RunetWindowEdit *self) {
  return self->opened_us > 0
             ? (double)(g_get_monotonic_time () - self->opened_us) / G_USEC_PER_SEC
             : 0;
}

static void
clip_cb (RunetWindowEdit *self) {
  /* The file may have been replaced since it was read last. */
  g_clear_pointer (&self->hash, g_free);
  if (runet_viewer_get_clip (runet_window_edit_get_viewer (self)))
    self->opened_us = g_get_monotonic_time ();
  go_to_goal (self);
  runet_window_edit_attach (self);
}

/* The model was run, for the first time or again: what it no longer says is not corrected any further. */
static void
results_cb (RunetWindowEdit *self) {
  RunetClip *clip = runet_viewer_get_clip (runet_window_edit_get_viewer (self));
  if (!self->active || !clip || self->unsaved->len > 0 ||
      (self->editor && runet_editor_is_active (self->editor)))
    return;
  if (!self->editor ||
      runet_case_get_result (self->item, clip, self->frame) != self->model)
    runet_window_edit_attach (self);
}

static void
frame_cb (RunetWindowEdit *self) {
  if (self->active)
    runet_window_edit_attach (self);
}

/* ---- The whole ---- */

static void
connect (RunetWindowEdit *self) {
  RunetCanvas *canvas = runet_window_edit_get_canvas (self);
  RunetViewer *viewer = runet_window_edit_get_viewer (self);
  const struct {
    gpointer instance;
    const char *signal;
    GCallback callback;
  } signals[] = {
      {canvas, "edit-changed", G_CALLBACK (changed_cb)},
      {canvas, "edit-done", G_CALLBACK (done_cb)},
      {canvas, "edit-refused", G_CALLBACK (refused_cb)},
      {canvas, "edit-selected", G_CALLBACK (selected_cb)},
      {canvas, "edit-adjusted", G_CALLBACK (remember_reach)},
      {runet_window_edit_get_bar (self), "reach-changed", G_CALLBACK (reach_cb)},
      {viewer, "notify::frame", G_CALLBACK (frame_cb)},
      {viewer, "notify::experiment", G_CALLBACK (frame_cb)},
      {viewer, "clip-changed", G_CALLBACK (clip_cb)},
      {runet_viewer_get_timeline (viewer), "notify::playing", G_CALLBACK (frame_cb)},
      {self->window->analysis, "changed", G_CALLBACK (results_cb)},
      {self->window->inspector, "point-selected", G_CALLBACK (chosen_cb)},
  };
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_swapped (signals[i].instance, signals[i].signal,
                              signals[i].callback, self);
}

RunetWindowEdit *
runet_window_edit_new (RunetWindow *window) {
  RunetWindowEdit *self = g_new0 (RunetWindowEdit, 1);
  self->window = window;
  self->structure = RUNET_STRUCTURES;
  self->radius_mm[FALSE] = PAINT_RADIUS_MM;
  self->radius_mm[TRUE] = PUSH_RADIUS_MM;
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  runet_window_edit_add_actions (self);
  runet_window_add_edit_frames (window);
  connect (self);
  return self;
}

void
runet_window_edit_free (RunetWindowEdit *self) {
  g_signal_handlers_disconnect_by_data (runet_window_edit_get_canvas (self), self);
  g_signal_handlers_disconnect_by_data (runet_window_edit_get_bar (self), self);
  g_signal_handlers_disconnect_by_data (runet_window_edit_get_viewer (self), self);
  g_signal_handlers_disconnect_by_data (
      runet_viewer_get_timeline (runet_window_edit_get_viewer (self)), self);
  g_signal_handlers_disconnect_by_data (self->window->analysis, self);
  g_signal_handlers_disconnect_by_data (self->window->inspector, self);
  self->active = FALSE;
  detach (self);
  g_ptr_array_unref (self->unsaved);
  g_clear_object (&self->hashed);
  g_free (self->hash);
  g_free (self->leave_argument);
  g_free (self->trouble);
  g_free (self);
}
