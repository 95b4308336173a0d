/* How many frames of a cine the canvas draws in a second with everything on: a 600 × 800 sequence, contours of
 * both stages and the expert, the region, the discs, a reason; by the cairo renderer, into memory.
 *
 *   xvfb-run -a bench-cine [WIDTH HEIGHT]      of the canvas in logical pixels, 800 × 1000 as a rule
 *
 * What is timed is all that a frame costs the thread that draws: handing it to the canvas as the viewer does,
 * the render nodes, and the pixels. The first round makes outlines and textures, the later ones may keep them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ui/canvas-private.h"

#define IMAGE_WIDTH 600
#define IMAGE_HEIGHT 800
#define SPACING_MM 0.2
#define FRAMES 20
#define ROUNDS 5

/* What the viewer holds of one frame. */
typedef struct {
  RunetLabelMap *labels[RUNET_OVERLAYS];
  RunetDiscs discs[RUNET_OVERLAYS];
  GBytes *region;
  GArray *reasons;
} Frame;

static gboolean
is_inside (double x, double y, double cx, double cy, double rx, double ry) {
  const double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

/* A ventricle open at its base, its wall, an atrium below; @closed: 0 … 1. */
static RunetLabel
get_label (double x, double y, double closed, double off) {
  const double radius = 105 - 35 * closed;
  /* Networks do not draw ellipses: a ripple makes as many points. */
  const double ripple = 1 + 0.02 * sin (x / 9) * cos (y / 7);
  if (y < 420 && is_inside (x, y, 300 + off, 300, radius * ripple, (190 - 20 * closed)))
    return RUNET_LABEL_LV;
  if (y < 420 && is_inside (x, y, 300 + off, 300, (radius + 45) * ripple, 235))
    return RUNET_LABEL_MYOCARDIUM;
  return y >= 420 && is_inside (x, y, 300 + off, 560, 85, 105) ? RUNET_LABEL_LA
                                                               : RUNET_LABEL_BACKGROUND;
}

static RunetLabelMap *
make_labels (RunetGrid *grid, double closed, double off) {
  RunetLabelMap *map = runet_label_map_new (grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      map->labels[y * grid->width + x] =
          (guint8)get_label ((double)x, (double)y, closed, off);
  return map;
}

static void
fill_frame (Frame *frame, RunetGrid *grid, double closed) {
  for (int overlay = RUNET_OVERLAY_STAGE1; overlay < RUNET_OVERLAYS; overlay++) {
    frame->labels[overlay] = make_labels (grid, closed, 3.0 * overlay);
    frame->discs[overlay] =
        runet_discs_measure (frame->labels[overlay]->labels, grid->width, grid->height,
                             SPACING_MM, SPACING_MM);
    g_assert (frame->discs[overlay].state == RUNET_DISCS_FOUND);
  }
  const gsize count = grid->width * grid->height;
  float *region = g_new (float, count);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      region[y * grid->width + x] =
          (float)(1 / (1 + exp ((hypot ((double)x - 300, ((double)y - 380) * 0.6) -
                                 200 + 20 * closed) /
                                8)));
  frame->region = g_bytes_new_take (region, count * sizeof *region);
  const RunetReason reason = {.kind = RUNET_REASON_CONVEXITY,
                              .structure = RUNET_STRUCTURE_ENDO,
                              .value = 0.7,
                              .limit = 0.741,
                              .x = 380,
                              .y = 300};
  frame->reasons = g_array_new (FALSE, FALSE, sizeof reason);
  g_array_append_val (frame->reasons, reason);
}

static RunetImage *
make_image (void) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (IMAGE_WIDTH, IMAGE_HEIGHT, FRAMES, SPACING_MM, SPACING_MM,
                      RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  RunetImage *image = runet_image_new (grid, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  for (gsize i = 0; i < (gsize)IMAGE_WIDTH * IMAGE_HEIGHT * FRAMES; i++)
    image->pixels[i] = (float)g_rand_int_range (random, 0, 256);
  return image;
}

/* As the viewer does it. */
static void
show_frame (RunetCanvas *canvas, const Frame *frames, gsize at) {
  const Frame *frame = &frames[at];
  runet_canvas_set_frame (canvas, at);
  for (int overlay = RUNET_OVERLAY_STAGE1; overlay < RUNET_OVERLAYS; overlay++) {
    runet_canvas_set_labels (canvas, overlay, frame->labels[overlay], at);
    runet_canvas_set_measures (canvas, overlay, &frame->discs[overlay], at);
  }
  runet_canvas_set_region (canvas, frame->region, at);
  runet_canvas_set_reasons (canvas, frame->reasons, at);
}

static void
draw (RunetCanvas *canvas, GskRenderer *renderer, int width, int height) {
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  runet_canvas_snapshot (GTK_WIDGET (canvas), snapshot);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height);
  g_autoptr (GdkTexture) texture =
      gsk_renderer_render_texture (renderer, node, &bounds);
  g_assert (gdk_texture_get_width (texture) == width);
}

/* Prints frames a second, by the clock and by the processor: other programs take of the first alone. */
static void
play (const char *what,
      RunetCanvas *canvas,
      const Frame *frames,
      GskRenderer *renderer,
      guint rounds,
      int width,
      int height) {
  const gint64 start_us = g_get_monotonic_time ();
  const clock_t start = clock ();
  for (guint round = 0; round < rounds; round++)
    for (gsize at = 0; at < FRAMES; at++) {
      show_frame (canvas, frames, at);
      draw (canvas, renderer, width, height);
    }
  const double seconds = (double)(g_get_monotonic_time () - start_us) / 1e6;
  const double processor = (double)(clock () - start) / CLOCKS_PER_SEC;
  printf ("%-34s %7.1f %18.1f\n", what, rounds * FRAMES / seconds,
          rounds * FRAMES / processor);
}

static void
show_all (RunetCanvas *canvas, gboolean shown) {
  g_object_set (canvas, "show-region", shown, "show-stage1", shown, "show-stage2",
                shown, "show-expert", shown, "show-measures", shown, NULL);
}

int
main (int argc, char *argv[]) {
  const int width = argc > 2 ? atoi (argv[1]) : 800;
  const int height = argc > 2 ? atoi (argv[2]) : 1000;
  if (width < 96 || height < 96) {
    fprintf (stderr, "%s: expected WIDTH HEIGHT of at least 96, found %s %s\n", argv[0],
             argv[1], argv[2]);
    return 2;
  }
  gtk_init ();
  g_autoptr (RunetImage) image = make_image ();
  g_autoptr (RunetGrid) grid =
      runet_grid_new (IMAGE_WIDTH, IMAGE_HEIGHT, 1, SPACING_MM, SPACING_MM,
                      RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  Frame frames[FRAMES] = {0};
  for (guint at = 0; at < FRAMES; at++)
    fill_frame (&frames[at], grid, (double)at / (FRAMES - 1));

  RunetCanvas *canvas = RUNET_CANVAS (runet_canvas_new ());
  g_object_ref_sink (canvas);
  gtk_widget_measure (GTK_WIDGET (canvas), GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL,
                      NULL, NULL);
  gtk_widget_allocate (GTK_WIDGET (canvas), width, height, -1, NULL);
  runet_canvas_set_image (canvas, image);
  gtk_widget_measure (GTK_WIDGET (canvas), GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL,
                      NULL, NULL);
  gtk_widget_allocate (GTK_WIDGET (canvas), width, height, -1, NULL);
  GskRenderer *renderer = gsk_cairo_renderer_new ();
  g_autoptr (GError) error = NULL;
  if (!gsk_renderer_realize (renderer, NULL, &error)) {
    fprintf (stderr, "%s: %s\n", argv[0], error->message);
    return 1;
  }

  printf ("%d x %d, %d frames of %d x %d, cairo renderer\n", width, height, FRAMES,
          IMAGE_WIDTH, IMAGE_HEIGHT);
  printf ("%-34s %7s %18s\n", "", "frames/s", "of processor time");
  show_all (canvas, TRUE);
  play ("everything shown, first round", canvas, frames, renderer, 1, width, height);
  play ("everything shown, later rounds", canvas, frames, renderer, ROUNDS, width,
        height);
  show_all (canvas, FALSE);
  play ("image alone, first round", canvas, frames, renderer, 1, width, height);

  gsk_renderer_unrealize (renderer);
  g_object_unref (renderer);
  g_object_unref (canvas);
  for (guint at = 0; at < FRAMES; at++) {
    for (int overlay = RUNET_OVERLAY_STAGE1; overlay < RUNET_OVERLAYS; overlay++)
      runet_label_map_unref (frames[at].labels[overlay]);
    g_bytes_unref (frames[at].region);
    g_array_unref (frames[at].reasons);
  }
  return 0;
}
