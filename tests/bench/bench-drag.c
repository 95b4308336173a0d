/* How long a motion of the pointer takes until what it moved is drawn: contours dragged, pushed, redrawn and painted on a canvas
 * with everything on, in a window, as somebody works there.
 *
 *   GSK_RENDERER=cairo xvfb-run -a -s '-screen 0 1700x1100x24' bench-drag [WIDTH HEIGHT]
 *
 * WIDTH and HEIGHT are of the image; without them 600 × 800 and 748 × 1167. What is timed is all that a motion costs the
 * thread that draws: the editor, the measures that are shown live, and the frame from its beginning until the X server has
 * it; not the wait for the frame to begin. By the clock, other programs take part; of the processor's time they do not.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/editing/live.h"
#include "sequence.h"
#include "ui/canvas-private.h"

#define CANVAS_WIDTH 1600
#define CANVAS_HEIGHT 1000
#define MOTIONS 300
/* Logical pixels that the pointer swings, and in how many motions. */
#define SWING 24.0
#define PERIOD 60.0
#define DRIFT 40.0

typedef struct {
  RunetCanvas *canvas;
  RunetEditor *editor;
  gboolean measured; /* live */
  gint64 began_us, drawn_us; /* of the frame, by the clock … */
  double began_ms, drawn_ms; /* … and of the thread's processor time */
  double moved_ms, moved_processor_ms; /* of what came before the frame */
} Bench;

/* Of this thread: other programs take nothing of it. */
static double
get_processor_ms (void) {
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *bench) {
  bench->began_us = g_get_monotonic_time ();
  bench->began_ms = get_processor_ms ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *bench) {
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (bench->canvas)));
  bench->drawn_us = g_get_monotonic_time ();
  bench->drawn_ms = get_processor_ms ();
}

/* What the window shows while one corrects. */
static void
measure (Bench *bench) {
  const RunetCorrection *correction = runet_editor_get_correction (bench->editor);
  const RunetGrid *grid = correction->grid;
  g_autofree guint8 *labels = g_malloc (grid->width * grid->height);
  runet_correction_draw (correction, labels);
  RunetLive live;
  runet_live_measure (labels, grid->width, grid->height, grid->spacing_x_mm,
                      grid->spacing_y_mm, &live);
  runet_canvas_set_measures (bench->canvas, RUNET_OVERLAY_CORRECTED, &live.discs, 0);
}

/* Waits for the next frame. */
static void
draw (Bench *bench) {
  bench->drawn_us = 0;
  gtk_widget_queue_draw (GTK_WIDGET (bench->canvas));
  while (bench->drawn_us == 0)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_times (const void *a, const void *b) {
  const double *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

/* The place of the pointer after @i motions: to and fro across the contour, and a little along it. */
static RunetPoint
swing (RunetPoint start, guint i) {
  const double turn = 2 * G_PI * i / PERIOD;
  return (RunetPoint){start.x + SWING * sin (turn), start.y + DRIFT * i / MOTIONS};
}

/* Whether that changed the correction. */
static gboolean
move (Bench *bench, RunetPoint to, GdkModifierType state) {
  g_autoptr (RunetCorrection) before =
      runet_correction_copy (runet_editor_get_correction (bench->editor));
  const gint64 start_us = g_get_monotonic_time ();
  const double start_ms = get_processor_ms ();
  runet_canvas_edit_move (bench->canvas, to.x, to.y, state);
  if (bench->measured)
    measure (bench);
  bench->moved_ms = (double)(g_get_monotonic_time () - start_us) / 1e3;
  bench->moved_processor_ms = get_processor_ms () - start_ms;
  return !runet_correction_equal (before, runet_editor_get_correction (bench->editor));
}

static void
print_times (const char *name, double *times, double *processor, guint changed) {
  qsort (times, MOTIONS, sizeof *times, compare_times);
  qsort (processor, MOTIONS, sizeof *processor, compare_times);
  printf ("  %-24s %7.1f %7.1f %7.1f   %7.1f %7.1f   %7u\n", name, times[MOTIONS / 2],
          times[MOTIONS * 95 / 100], times[MOTIONS - 1], processor[MOTIONS / 2],
          processor[MOTIONS * 95 / 100], changed);
  fflush (stdout);
}

static void
drag (Bench *bench,
      const char *name,
      RunetTool tool,
      RunetHit from,
      GdkModifierType state) {
  double times[MOTIONS], processor[MOTIONS];
  RunetEditor *editor = bench->editor;
  g_autoptr (RunetCorrection) before =
      runet_correction_copy (runet_editor_get_correction (editor));
  RunetPoint at;
  guint changed = 0;
  const RunetPoint start = before->model.points[from.structure][from.index];
  runet_editor_set_tool (editor, tool);
  runet_editor_set_structure (editor, from.structure);
  runet_canvas_refresh_editor (bench->canvas);
  runet_viewport_to_widget (&bench->canvas->viewport, start.x, start.y, &at.x, &at.y);
  draw (bench);
  if (!runet_canvas_edit_press (bench->canvas, at.x, at.y, state, FALSE))
    g_error ("%s: expected a gesture to begin", name);
  for (guint i = 0; i < MOTIONS; i++) {
    changed += move (bench, swing (at, i + 1), state);
    draw (bench);
    times[i] = bench->moved_ms + (double)(bench->drawn_us - bench->began_us) / 1e3;
    processor[i] = bench->moved_processor_ms + bench->drawn_ms - bench->began_ms;
  }
  runet_canvas_edit_cancel (bench->canvas);
  runet_editor_set_correction (editor, before);
  runet_canvas_refresh_editor (bench->canvas);
  print_times (name, times, processor, changed);
}

static void
drag_all (Bench *bench) {
  const RunetContourModel *model = &runet_editor_get_correction (bench->editor)->model;
  const RunetHit wall = {.structure = RUNET_STRUCTURE_ENDO, .index = 2};
  const RunetHit apex = {.structure = RUNET_STRUCTURE_ENDO, .index = model->apex};
  const RunetHit annulus = {.structure = RUNET_STRUCTURE_ENDO, .index = 0};
  const RunetHit epi = {.structure = RUNET_STRUCTURE_EPI, .index = 2};
  const RunetHit atrium = {.structure = RUNET_STRUCTURE_LA, .index = 2};
  drag (bench, "a point of endo", RUNET_TOOL_POINTS, wall, 0);
  drag (bench, "the apex", RUNET_TOOL_POINTS, apex, 0);
  drag (bench, "an annulus point", RUNET_TOOL_POINTS, annulus, 0);
  drag (bench, "endo and epi together", RUNET_TOOL_POINTS, wall, GDK_ALT_MASK);
  drag (bench, "everything", RUNET_TOOL_POINTS, epi, GDK_CONTROL_MASK);
  drag (bench, "push", RUNET_TOOL_PUSH, wall, 0);
  drag (bench, "redraw", RUNET_TOOL_REDRAW, atrium, 0);
  drag (bench, "brush", RUNET_TOOL_BRUSH, wall, 0);
  drag (bench, "eraser", RUNET_TOOL_ERASER, wall, 0);
  drag (bench, "uncertain", RUNET_TOOL_UNCERTAIN, wall, 0);
  drag (bench, "take stage 1", RUNET_TOOL_TAKE_STAGE1, wall, 0);
}

static void
run (gsize width, gsize height) {
  g_autoptr (RunetImage) image = sequence_image_new (width, height, 1);
  SequenceFrame frame;
  sequence_frame_init (&frame, image->grid, 0);
  const guint8 *labels = frame.labels[RUNET_OVERLAY_STAGE2]->labels;
  g_autoptr (RunetCorrection) correction = runet_correction_new (image->grid, labels);
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_stage1 (editor, frame.labels[RUNET_OVERLAY_STAGE1]->labels);
  Bench bench = {.canvas = RUNET_CANVAS (runet_canvas_new ()), .editor = editor};
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_decorated (window, FALSE);
  gtk_window_set_default_size (window, CANVAS_WIDTH, CANVAS_HEIGHT);
  gtk_window_set_child (window, GTK_WIDGET (bench.canvas));
  runet_canvas_set_image (bench.canvas, image);
  sequence_frame_show (&frame, bench.canvas, 0);
  sequence_show_all (bench.canvas, TRUE);
  runet_canvas_set_editor (bench.canvas, editor, 0);
  gtk_window_present (window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench.canvas));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), &bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &bench);
  draw (&bench);

  for (int measured = 0; measured < 2; measured++) {
    bench.measured = measured == 1;
    printf ("\nImage of %zu x %zu on a canvas of %d x %d%s\n", width, height,
            gtk_widget_get_width (GTK_WIDGET (bench.canvas)),
            gtk_widget_get_height (GTK_WIDGET (bench.canvas)),
            measured ? ", measured at every motion" : "");
    printf ("  %-24s %23s   %15s\n", "", "by the clock", "processor");
    printf ("  %-24s %7s %7s %7s   %7s %7s   %7s\n", "ms", "median", "95 %", "worst",
            "median", "95 %", "changes");
    drag_all (&bench);
  }
  g_signal_handlers_disconnect_by_data (clock, &bench);
  runet_canvas_set_editor (bench.canvas, NULL, 0);
  gtk_window_destroy (window);
  sequence_frame_clear (&frame);
}

int
main (int argc, char *argv[]) {
  const int width = argc > 2 ? atoi (argv[1]) : 0;
  const int height = argc > 2 ? atoi (argv[2]) : 0;
  if (argc > 1 && (width < 64 || height < 64)) {
    fprintf (stderr, "%s: expected WIDTH HEIGHT of at least 64\n", argv[0]);
    return 2;
  }
  gtk_init ();
  if (width > 0) {
    run ((gsize)width, (gsize)height);
    return 0;
  }
  run (600, 800);
  run (748, 1167);
  return 0;
}
