/* Where an image lies in a widget: aspect, zoom, pan, and the way between pixels and the screen.
 *
 * Image points are in pixels (pixel (0, 0) covers [0, 1] × [0, 1]); widget points are in logical
 * pixels of the screen. */
#pragma once

#include <glib.h>
#include <graphene.h>

G_BEGIN_DECLS

#define RUNET_ZOOM_MAX 32.0

/**
 * RunetViewport:
 * @image_width, @image_height: pixels; 0 when there is no image
 * @pixel_width, @pixel_height: size of a pixel; only their ratio counts
 * @width, @height: of the widget
 * @zoom: 1 when the image fits
 * @center_x, @center_y: the point of the image in the middle of the widget, as fractions of its
 *   size, so that they survive another size of the widget
 */
typedef struct {
  double image_width, image_height;
  double pixel_width, pixel_height;
  double width, height;
  double zoom;
  double center_x, center_y;
} RunetViewport;

/**
 * RunetSamples: where the pixels of the screen lie along one axis of the image
 * @first: image coordinate of the middle of the first one
 * @step: from one to the next
 * @count: how many show the image
 */
typedef struct {
  double first, step;
  gsize count;
} RunetSamples;

void
runet_viewport_fit (RunetViewport *viewport);
/* Logical pixels of the screen a pixel of the image takes. */
void
runet_viewport_get_scale (const RunetViewport *viewport,
                          double *scale_x,
                          double *scale_y);
void
runet_viewport_to_widget (const RunetViewport *viewport,
                          double x,
                          double y,
                          double *widget_x,
                          double *widget_y);
void
runet_viewport_to_image (const RunetViewport *viewport,
                         double widget_x,
                         double widget_y,
                         double *x,
                         double *y);
graphene_rect_t
runet_viewport_get_image_bounds (const RunetViewport *viewport);
/**
 * runet_viewport_get_samples:
 * @scale_factor: device pixels a logical pixel
 * @bounds: (out): the device pixels whose middle shows the image, in logical pixels
 *
 * Returns: %FALSE when none of the image is seen.
 */
gboolean
runet_viewport_get_samples (const RunetViewport *viewport,
                            int scale_factor,
                            RunetSamples *columns,
                            RunetSamples *rows,
                            graphene_rect_t *bounds);
/* The image point under (@widget_x, @widget_y) stays there, unless that would push the image out
 * of sight. */
void
runet_viewport_zoom_at (RunetViewport *viewport,
                        double zoom,
                        double widget_x,
                        double widget_y);
void
runet_viewport_pan (RunetViewport *viewport, double dx, double dy);

G_END_DECLS
