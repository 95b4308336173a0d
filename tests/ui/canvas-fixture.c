/* A canvas in a window of known size, on synthetic images whose pixels are known. */
#include "canvas-fixture.h"

RunetImage *
canvas_test_image_new (gsize width,
                       gsize height,
                       gsize frames,
                       double spacing_x,
                       double spacing_y) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (width, height, frames, spacing_x, spacing_y, RUNET_FORMAT_NIFTI,
                      RUNET_PIXEL_UINT8);
  RunetImage *image = runet_image_new (grid, NULL);
  for (gsize i = 0; i < width * height * frames; i++)
    image->pixels[i] = GREY;
  return image;
}

static void
fill (RunetLabelMap *map,
      gsize frame,
      gsize x0,
      gsize y0,
      gsize x1,
      gsize y1,
      guint8 label) {
  const RunetGrid *grid = map->grid;
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++)
      map->labels[(frame * grid->height + y) * grid->width + x] = label;
}

RunetLabelMap *
canvas_test_labels_new (const RunetImage *image, gsize frame) {
  RunetLabelMap *map = runet_label_map_new (image->grid, NULL);
  fill (map, frame, 30, 20, 70, 60, RUNET_LABEL_MYOCARDIUM);
  fill (map, frame, 40, 30, 60, 60, RUNET_LABEL_LV);
  fill (map, frame, 40, 60, 60, 80, RUNET_LABEL_LA);
  return map;
}

void
canvas_test_set_region (RunetCanvas *canvas, const float *region) {
  const RunetGrid *grid = canvas->image->grid;
  g_autoptr (GBytes) bytes =
      g_bytes_new (region, grid->width * grid->height * sizeof *region);
  runet_canvas_set_region (canvas, bytes, 0);
}

void
canvas_fixture_set_up (CanvasFixture *fixture, double spacing) {
  fixture->canvas = RUNET_CANVAS (runet_canvas_new ());
  fixture->image = canvas_test_image_new (100, 100, 2, spacing, spacing);
  runet_canvas_set_image (fixture->canvas, fixture->image);
  fixture->window = runet_test_window_new (GTK_WIDGET (fixture->canvas), WIDTH, HEIGHT);
}

void
canvas_fixture_tear_down (CanvasFixture *fixture) {
  gtk_window_destroy (fixture->window);
  runet_image_unref (fixture->image);
}

RunetShot *
canvas_fixture_shoot (const CanvasFixture *fixture) {
  return runet_shot_new (GTK_WIDGET (fixture->canvas));
}

guint32
canvas_fixture_color_at (const CanvasFixture *fixture,
                         const RunetShot *shot,
                         double x,
                         double y) {
  double widget_x, widget_y;
  runet_viewport_to_widget (&fixture->canvas->viewport, x, y, &widget_x, &widget_y);
  return runet_shot_at (shot, widget_x, widget_y);
}

guint32
canvas_style_color (RunetOverlay overlay) {
  const GdkRGBA *color = &runet_overlay_get_style (overlay)->color;
  return (guint32)(color->red * 255 + 0.5f) << 16 |
         (guint32)(color->green * 255 + 0.5f) << 8 |
         (guint32)(color->blue * 255 + 0.5f);
}
