/* Corrections of several frames at once. */
#include "window-edit-frames.h"

#include <glib/gi18n.h>
#include "ui/fit.h"
#include "window-private.h"

static RunetViewer *
viewer_of (RunetWindow *window) {
  return RUNET_VIEWER (window->viewer);
}

static void
say (RunetWindow *window, const char *message) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (window->problems), message);
}

/* Where the tools are: nothing went wrong. */
static void
tell (RunetWindow *window, const char *message) {
  runet_edit_bar_set_message (runet_viewer_get_edit_bar (viewer_of (window)), message,
                              NULL, NULL);
}

/* Makes the contours of @other those of @frame, as a gesture called @tool. */
static gboolean
adopt (RunetWindow *window,
       guint frame,
       RunetCorrection *other,
       const char *tool,
       gboolean derived,
       const char *group) {
  g_autoptr (RunetCorrection) present =
      runet_window_edit_read_frame (window->edit, frame, NULL);
  g_autoptr (RunetCorrection) fitted =
      present ? runet_correction_fit_grid (other, present->grid) : NULL;
  if (!fitted)
    return FALSE;
  g_autoptr (RunetEditor) editor = runet_editor_new (present);
  if (!runet_editor_adopt (editor, fitted, tool, derived))
    return FALSE;
  g_autoptr (RunetCorrection) after =
      runet_correction_copy (runet_editor_get_correction (editor));
  runet_window_edit_record (window->edit, frame, tool, present, after, group);
  return TRUE;
}

/* ---- Copy ---- */

static void
copy_next_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *window = user_data;
  RunetEditor *editor = runet_window_edit_get_editor (window->edit);
  RunetClip *clip = runet_viewer_get_clip (viewer_of (window));
  const guint next = runet_viewer_get_frame (viewer_of (window)) + 1;
  if (!editor || !clip || next >= clip->frames)
    return;
  g_autoptr (RunetCorrection) present =
      runet_correction_copy (runet_editor_get_correction (editor));
  if (!adopt (window, next, present, "copy", TRUE, NULL)) {
    gtk_widget_error_bell (GTK_WIDGET (window));
    return;
  }
  runet_viewer_set_frame (viewer_of (window), next);
}

/* ---- Interpolate ---- */

/* An edited frame, and what its contours were before. */
typedef struct {
  guint frame;
  RunetCorrection *correction;
  RunetContourModel original;
} Keyframe;

static void
keyframe_clear (Keyframe *self) {
  g_clear_pointer (&self->correction, runet_correction_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keyframe, keyframe_clear)

/* FALSE when the frame of @instant was not corrected. */
static gboolean
read_keyframe (RunetWindow *window, RunetInstant instant, Keyframe *keyframe) {
  const RunetClip *clip = runet_viewer_get_clip (viewer_of (window));
  gboolean own;
  keyframe->frame = (guint)clip->instant_frame[instant];
  keyframe->correction =
      runet_window_edit_read_frame (window->edit, keyframe->frame, &own);
  if (!own)
    return FALSE;
  const RunetGrid *grid = keyframe->correction->grid;
  g_autoptr (RunetCorrection) original = runet_correction_new (
      grid, g_bytes_get_data (keyframe->correction->original, NULL));
  keyframe->original = original->model;
  return TRUE;
}

gboolean
runet_window_edit_may_interpolate (RunetWindow *window) {
  const RunetClip *clip = runet_viewer_get_clip (viewer_of (window));
  RunetCase *item = runet_viewer_get_case (viewer_of (window));
  const char *author = runet_window_review_get_author (window->review);
  const RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  const RunetReading *own =
      state && author ? runet_review_state_find_reading (state, author) : NULL;
  if (!own || !clip || !clip->sequence)
    return FALSE;
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (clip->instant_frame[i] < 0 || !runet_reading_find_edit (own, i, 0))
      return FALSE;
  return ABS (clip->instant_frame[RUNET_INSTANT_ED] -
              clip->instant_frame[RUNET_INSTANT_ES]) > 1;
}

static gboolean
is_structure_equal (const RunetContourModel *a,
                    const RunetContourModel *b,
                    RunetStructure structure) {
  if (a->count[structure] != b->count[structure])
    return FALSE;
  for (guint i = 0; i < a->count[structure]; i++)
    if (a->points[structure][i].x != b->points[structure][i].x ||
        a->points[structure][i].y != b->points[structure][i].y)
      return FALSE;
  return TRUE;
}

/* As it is on the grid of the frame that it is spread to. */
static void
fit_keyframe (const Keyframe *keyframe,
              const RunetGrid *grid,
              RunetContourModel *now,
              RunetContourModel *original) {
  const RunetGrid *from = keyframe->correction->grid;
  runet_contours_fit (&keyframe->correction->model, from, grid, now);
  runet_contours_fit (&keyframe->original, from, grid, original);
}

/* (transfer full): the contours of a frame between. */
static RunetCorrection *
spread (const Keyframe *first,
        const Keyframe *last,
        guint frame,
        const RunetCorrection *before) {
  const RunetGrid *grid = before->grid;
  RunetCorrection *after =
      runet_correction_new (grid, g_bytes_get_data (before->original, NULL));
  const RunetContourModel original = after->model;
  const double weight =
      (double)(frame - first->frame) / (double)(last->frame - first->frame);
  RunetContourModel now[2], was[2];
  fit_keyframe (first, grid, &now[0], &was[0]);
  fit_keyframe (last, grid, &now[1], &was[1]);
  runet_contour_model_interpolate (&now[0], &was[0], &now[1], &was[1], &original,
                                   weight, grid->spacing_x_mm, grid->spacing_y_mm,
                                   &after->model);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    if (!is_structure_equal (&original, &after->model, s))
      after->source[s] = RUNET_SOURCE_SPLINE;
  after->derived = TRUE;
  return after;
}

static gboolean
fits (const Keyframe *keyframe, const RunetGrid *grid) {
  return runet_grid_same_extent (keyframe->correction->grid, grid);
}

/* (transfer full) (nullable): NULL where nothing would change, the frame was corrected by hand, or it shows another part
 * of the body. */
static RunetCorrection *
interpolate (RunetWindow *window,
             const Keyframe *first,
             const Keyframe *last,
             guint frame,
             RunetCorrection **before) {
  gboolean own;
  *before = runet_window_edit_read_frame (window->edit, frame, &own);
  if (!*before || (own && !(*before)->derived) || !fits (first, (*before)->grid) ||
      !fits (last, (*before)->grid))
    return NULL;
  g_autoptr (RunetCorrection) after = spread (first, last, frame, *before);
  return runet_correction_is_edited (after) ? g_steal_pointer (&after) : NULL;
}

static gboolean
interpolate_frame (RunetWindow *window,
                   const Keyframe *first,
                   const Keyframe *last,
                   guint frame,
                   const char *group) {
  g_autoptr (RunetCorrection) before = NULL;
  g_autoptr (RunetCorrection) after = interpolate (window, first, last, frame, &before);
  if (after)
    runet_window_edit_record (window->edit, frame, "interpolate", before, after, group);
  return after != NULL;
}

static void
interpolate_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *window = user_data;
  g_auto (Keyframe) ed = {0}, es = {0};
  if (!runet_window_edit_may_interpolate (window))
    return;
  if (!read_keyframe (window, RUNET_INSTANT_ED, &ed) ||
      !read_keyframe (window, RUNET_INSTANT_ES, &es)) {
    tell (window, _ ("Correct end-diastole and end-systole first: what was changed "
                     "there is spread "
                     "over the frames between."));
    return;
  }
  const Keyframe *first = ed.frame < es.frame ? &ed : &es;
  const Keyframe *last = ed.frame < es.frame ? &es : &ed;
  g_autofree char *group = g_uuid_string_random ();
  guint made = 0;
  for (guint frame = first->frame + 1; frame < last->frame; frame++)
    made += interpolate_frame (window, first, last, frame, group);
  const guint between = last->frame - first->frame - 1;
  g_autofree char *text = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "%u of %u frame between end-diastole and end-systole was made from "
          "the two; those corrected by hand stay.",
          "%u of %u frames between end-diastole and end-systole were made from "
          "the two; those corrected by hand stay.",
          between),
      made, between);
  tell (window, text);
}

/* ---- Another author's ---- */

/* The frame of the clip that @edit is of; -1 when it has none. */
static int
find_frame (const RunetClip *clip, const RunetFrameEdit *edit) {
  if (edit->instant >= 0)
    return clip->instant_frame[edit->instant];
  return clip->sequence && edit->frame >= 1 && edit->frame <= (int)clip->frames
             ? edit->frame - 1
             : -1;
}

void
runet_window_edit_adopt (RunetWindow *window, const RunetReading *reading) {
  const RunetClip *clip = runet_viewer_get_clip (viewer_of (window));
  g_autofree char *group = g_uuid_string_random ();
  for (guint i = 0; clip && i < reading->frames->len; i++) {
    const RunetFrameEdit *edit = reading->frames->pdata[i];
    const int frame = find_frame (clip, edit);
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetCorrection) other =
        runet_window_corrections_read (window->corrections, edit->event, &error);
    if (error)
      say (window, error->message);
    if (other && frame >= 0)
      adopt (window, (guint)frame, other, "adopt", other->derived, group);
  }
}

static void
adopt_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetWindow *window = user_data;
  RunetCase *item = runet_window_review_get_case (window->review);
  RunetReviewState *state = item ? runet_case_get_review (item) : NULL;
  if (!state || !runet_window_review_check_author (window->review, action, parameter))
    return;
  /* What is adopted makes a new state. */
  g_autoptr (RunetReviewState) kept = runet_review_state_ref (state);
  const RunetReading *reading =
      runet_review_state_find_reading (kept, g_variant_get_string (parameter, NULL));
  if (reading)
    runet_window_edit_adopt (window, reading);
  runet_window_edit_record_changed (window->edit);
}

void
runet_window_add_edit_frames (RunetWindow *window) {
  static const GActionEntry actions[] = {
      {.name = "copy-next", .activate = copy_next_cb},
      {.name = "interpolate", .activate = interpolate_cb},
      {.name = "adopt", .activate = adopt_cb, .parameter_type = "s"},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions,
                                   G_N_ELEMENTS (actions), window);
}
