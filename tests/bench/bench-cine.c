/* How many frames of a cine the canvas draws in a second with everything on: a 600 × 800 sequence, contours of
 * both stages and the expert, the region, the discs, a reason; by the cairo renderer, into memory.
 *
 *   xvfb-run -a bench-cine [WIDTH HEIGHT]      of the canvas in logical pixels, 800 × 1000 as a rule
 *
 * What is timed is all that a frame costs the thread that draws: handing it to the canvas as the viewer does,
 * the render nodes, and the pixels. The first round makes outlines and textures, the later ones may keep them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sequence.h"
#include "ui/canvas-private.h"

#define IMAGE_WIDTH 600
#define IMAGE_HEIGHT 800
#define FRAMES 20
#define ROUNDS 5

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
      const SequenceFrame *frames,
      GskRenderer *renderer,
      guint rounds,
      int width,
      int height) {
  const gint64 start_us = g_get_monotonic_time ();
  const clock_t start = clock ();
  for (guint round = 0; round < rounds; round++)
    for (gsize at = 0; at < FRAMES; at++) {
      sequence_frame_show (&frames[at], canvas, at);
      draw (canvas, renderer, width, height);
    }
  const double seconds = (double)(g_get_monotonic_time () - start_us) / 1e6;
  const double processor = (double)(clock () - start) / CLOCKS_PER_SEC;
  printf ("%-34s %7.1f %18.1f\n", what, rounds * FRAMES / seconds,
          rounds * FRAMES / processor);
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
  g_autoptr (RunetImage) image = sequence_image_new (IMAGE_WIDTH, IMAGE_HEIGHT, FRAMES);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (IMAGE_WIDTH, IMAGE_HEIGHT, 1, SEQUENCE_SPACING_MM,
                      SEQUENCE_SPACING_MM, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  SequenceFrame frames[FRAMES];
  for (guint at = 0; at < FRAMES; at++)
    sequence_frame_init (&frames[at], grid, (double)at / (FRAMES - 1));

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
  sequence_show_all (canvas, TRUE);
  play ("everything shown, first round", canvas, frames, renderer, 1, width, height);
  play ("everything shown, later rounds", canvas, frames, renderer, ROUNDS, width,
        height);
  sequence_show_all (canvas, FALSE);
  play ("image alone, first round", canvas, frames, renderer, 1, width, height);

  gsk_renderer_unrealize (renderer);
  g_object_unref (renderer);
  g_object_unref (canvas);
  for (guint at = 0; at < FRAMES; at++)
    sequence_frame_clear (&frames[at]);
  return 0;
}
