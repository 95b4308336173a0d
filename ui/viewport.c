/* Where an image lies in a widget: aspect, zoom, pan, and the way between pixels and the screen. */
#include "viewport.h"

#include <math.h>

/* Logical pixels left free around an image that fits: the depth ticks stand there. */
#define MARGIN 12.0

void
runet_viewport_fit (RunetViewport *viewport) {
  viewport->zoom = 1;
  viewport->center_x = viewport->center_y = 0.5;
}

void
runet_viewport_get_scale (const RunetViewport *viewport,
                          double *scale_x,
                          double *scale_y) {
  double width = viewport->image_width * viewport->pixel_width;
  double height = viewport->image_height * viewport->pixel_height;
  double fit = 1;
  if (width > 0 && height > 0)
    fit = MIN (MAX (1, viewport->width - 2 * MARGIN) / width,
               MAX (1, viewport->height - 2 * MARGIN) / height);
  *scale_x = fit * viewport->zoom * viewport->pixel_width;
  *scale_y = fit * viewport->zoom * viewport->pixel_height;
}

void
runet_viewport_to_widget (const RunetViewport *viewport,
                          double x,
                          double y,
                          double *widget_x,
                          double *widget_y) {
  double scale_x, scale_y;
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  *widget_x =
      viewport->width / 2 + (x - viewport->center_x * viewport->image_width) * scale_x;
  *widget_y = viewport->height / 2 +
              (y - viewport->center_y * viewport->image_height) * scale_y;
}

void
runet_viewport_to_image (const RunetViewport *viewport,
                         double widget_x,
                         double widget_y,
                         double *x,
                         double *y) {
  double scale_x, scale_y;
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  *x = (widget_x - viewport->width / 2) / scale_x +
       viewport->center_x * viewport->image_width;
  *y = (widget_y - viewport->height / 2) / scale_y +
       viewport->center_y * viewport->image_height;
}

graphene_rect_t
runet_viewport_get_image_bounds (const RunetViewport *viewport) {
  double left, top, right, bottom;
  runet_viewport_to_widget (viewport, 0, 0, &left, &top);
  runet_viewport_to_widget (viewport, viewport->image_width, viewport->image_height,
                            &right, &bottom);
  return GRAPHENE_RECT_INIT (left, top, right - left, bottom - top);
}

/* @start, @end: of the image in device pixels; @length: of the widget. Returns the first device
 * pixel whose middle is inside both. */
static double
sample_axis (double start,
             double end,
             double length,
             double step,
             RunetSamples *samples) {
  double first = MAX (0, ceil (start - 0.5));
  double last = MIN (length, ceil (end - 0.5));
  samples->step = step;
  samples->first = (first + 0.5 - start) * step;
  samples->count = last > first ? (gsize)(last - first) : 0;
  return first;
}

gboolean
runet_viewport_get_samples (const RunetViewport *viewport,
                            int scale_factor,
                            RunetSamples *columns,
                            RunetSamples *rows,
                            graphene_rect_t *bounds) {
  graphene_rect_t image = runet_viewport_get_image_bounds (viewport);
  double scale_x, scale_y, left, top, right, bottom;
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  runet_viewport_to_widget (viewport, 0, 0, &left, &top);
  right = left + image.size.width;
  bottom = top + image.size.height;
  double s = scale_factor;
  double x = sample_axis (left * s, right * s, viewport->width * s, 1 / (scale_x * s),
                          columns);
  double y =
      sample_axis (top * s, bottom * s, viewport->height * s, 1 / (scale_y * s), rows);
  *bounds = GRAPHENE_RECT_INIT ((float)(x / s), (float)(y / s),
                                (float)(columns->count / s), (float)(rows->count / s));
  return columns->count > 0 && rows->count > 0;
}

/* Some of the image is always in the middle of the widget. An image that fits stays centred. */
static void
keep_in_sight (RunetViewport *viewport) {
  if (viewport->zoom <= 1) {
    runet_viewport_fit (viewport);
    return;
  }
  viewport->center_x = CLAMP (viewport->center_x, 0, 1);
  viewport->center_y = CLAMP (viewport->center_y, 0, 1);
}

void
runet_viewport_zoom_at (RunetViewport *viewport,
                        double zoom,
                        double widget_x,
                        double widget_y) {
  if (!isfinite (zoom) || viewport->image_width <= 0 || viewport->image_height <= 0)
    return;
  double x, y, scale_x, scale_y;
  runet_viewport_to_image (viewport, widget_x, widget_y, &x, &y);
  viewport->zoom = CLAMP (zoom, 1, RUNET_ZOOM_MAX);
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  double center_x = x - (widget_x - viewport->width / 2) / scale_x;
  double center_y = y - (widget_y - viewport->height / 2) / scale_y;
  viewport->center_x = center_x / viewport->image_width;
  viewport->center_y = center_y / viewport->image_height;
  keep_in_sight (viewport);
}

void
runet_viewport_pan (RunetViewport *viewport, double dx, double dy) {
  if (viewport->image_width <= 0 || viewport->image_height <= 0)
    return;
  double scale_x, scale_y;
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  viewport->center_x -= dx / scale_x / viewport->image_width;
  viewport->center_y -= dy / scale_y / viewport->image_height;
  keep_in_sight (viewport);
}
