/* What a move of each tool takes, and what is measured live of one frame, on 600 × 800 pixels.
 *
 * Of each: median and worst in ms, over the moves of several gestures; a frame of the screen has 16 ms. */
#include <math.h>
#include <stdio.h>

#include "core/editing/editor.h"
#include "core/editing/live.h"

#define WIDTH 600
#define HEIGHT 800
#define SPACING_MM 0.2
#define GESTURES 12
#define MOVES 40
#define REACH 12.0

static gboolean
is_inside (double x, double y, double cx, double cy, double rx, double ry) {
  const double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

static RunetCorrection *
make_frame (void) {
  g_autofree guint8 *labels = g_new0 (guint8, WIDTH * HEIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      const double ripple = 1 + 0.02 * sin (x / 9.0) * cos (y / 7.0);
      guint8 *label = &labels[y * WIDTH + x];
      if (y < 420 && is_inside (x, y, 300, 300, 105 * ripple, 190))
        *label = RUNET_LABEL_LV;
      else if (y < 420 && is_inside (x, y, 300, 300, 150 * ripple, 235))
        *label = RUNET_LABEL_MYOCARDIUM;
      else if (y >= 420 && is_inside (x, y, 300, 560, 95, 125))
        *label = RUNET_LABEL_LA;
    }
  g_autoptr (RunetGrid) grid = runet_grid_new (WIDTH, HEIGHT, 1, SPACING_MM, SPACING_MM,
                                               RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  return runet_correction_new (grid, labels);
}

static int
compare (gconstpointer a, gconstpointer b) {
  const double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static void
print_times (const char *what, GArray *times) {
  if (times->len == 0)
    return;
  g_array_sort (times, compare);
  printf ("%-34s %8.3f %8.3f\n", what, g_array_index (times, double, times->len / 2),
          g_array_index (times, double, times->len - 1));
  g_array_set_size (times, 0);
}

static void
add_time (GArray *times, gint64 start_us) {
  const double ms = (double)(g_get_monotonic_time () - start_us) / 1e3;
  g_array_append_val (times, ms);
}

static void
time_tool (RunetCorrection *frame,
           const char *what,
           RunetTool tool,
           RunetEditModifiers modifiers) {
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree guint8 *labels = g_malloc (WIDTH * HEIGHT);
  runet_correction_draw (frame, labels);
  for (int gesture = 0; gesture < GESTURES; gesture++) {
    g_autoptr (RunetEditor) editor = runet_editor_new (frame);
    runet_editor_set_stage1 (editor, labels);
    runet_editor_set_tool (editor, tool);
    runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
    const double from = 0.1 + 0.06 * gesture;
    RunetPoint at = runet_contour_model_at (&frame->model, RUNET_STRUCTURE_ENDO, from,
                                            SPACING_MM, SPACING_MM);
    if (!runet_editor_press (editor, at, REACH, modifiers))
      continue;
    for (int i = 0; i < MOVES; i++) {
      at.x += i % 20 < 10 ? 1.5 : -1.5;
      at.y -= 1;
      const gint64 start_us = g_get_monotonic_time ();
      runet_editor_move (editor, at, modifiers);
      add_time (times, start_us);
    }
    runet_editor_cancel (editor);
  }
  print_times (what, times);
}

static void
time_hover (RunetCorrection *frame) {
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (RunetEditor) editor = runet_editor_new (frame);
  for (int i = 0; i < 400; i++) {
    const gint64 start_us = g_get_monotonic_time ();
    runet_editor_hit (editor, (RunetPoint){150 + i % 300, 100 + i}, REACH);
    add_time (times, start_us);
  }
  print_times ("hover", times);
}

static void
time_live (RunetCorrection *frame) {
  g_autoptr (GArray) draws = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) lives = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) wholes = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (RunetCorrection) edited = runet_correction_copy (frame);
  g_autofree guint8 *labels = g_malloc (WIDTH * HEIGHT);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    edited->source[s] = RUNET_SOURCE_SPLINE;
  for (int i = 0; i < 60; i++) {
    gint64 start_us = g_get_monotonic_time ();
    runet_correction_draw (edited, labels);
    add_time (draws, start_us);
    RunetLive live;
    start_us = g_get_monotonic_time ();
    runet_live_measure (labels, WIDTH, HEIGHT, SPACING_MM, SPACING_MM, &live);
    add_time (lives, start_us);
    start_us = g_get_monotonic_time ();
    g_autoptr (RunetAnatomy) anatomy =
        runet_anatomy_new (labels, WIDTH, HEIGHT, SPACING_MM, SPACING_MM);
    const RunetDiscs discs =
        runet_discs_measure (labels, WIDTH, HEIGHT, SPACING_MM, SPACING_MM);
    add_time (wholes, start_us);
    g_assert (discs.state == live.discs.state);
  }
  print_times ("drawing the label map", draws);
  print_times ("live figures", lives);
  print_times ("(all of anatomy, and discs)", wholes);
}

int
main (void) {
  g_autoptr (RunetCorrection) frame = make_frame ();
  printf ("%-34s %8s %8s\n", "ms", "median", "worst");
  time_hover (frame);
  time_tool (frame, "points", RUNET_TOOL_POINTS, RUNET_EDIT_PLAIN);
  time_tool (frame, "points, coupled", RUNET_TOOL_POINTS, RUNET_EDIT_COUPLED);
  time_tool (frame, "points, rigid", RUNET_TOOL_POINTS, RUNET_EDIT_RIGID);
  time_tool (frame, "push", RUNET_TOOL_PUSH, RUNET_EDIT_PLAIN);
  time_tool (frame, "redraw", RUNET_TOOL_REDRAW, RUNET_EDIT_PLAIN);
  time_tool (frame, "brush", RUNET_TOOL_BRUSH, RUNET_EDIT_PLAIN);
  time_tool (frame, "eraser", RUNET_TOOL_ERASER, RUNET_EDIT_PLAIN);
  time_tool (frame, "uncertain", RUNET_TOOL_UNCERTAIN, RUNET_EDIT_PLAIN);
  time_tool (frame, "take stage 1", RUNET_TOOL_TAKE_STAGE1, RUNET_EDIT_PLAIN);
  time_live (frame);
  return 0;
}
