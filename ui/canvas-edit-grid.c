/* Where the contours that are edited lie on the screen: they may be on another grid than the image, of the same extent. */
#include "canvas-edit-private.h"

#include <math.h>

/* Logical pixels that the pointer may be off a contour. */
#define REACH_MOUSE 12.0
#define REACH_TOUCH 24.0
/* As the editor takes it where the image does not say. */
#define UNKNOWN_SPACING_MM 1.0

static const RunetGrid *
get_grid (RunetCanvas *canvas) {
  return runet_editor_get_correction (canvas->edit.editor)->grid;
}

/* The same place on the screen, told in other pixels. */
RunetViewport
runet_canvas_edit_get_viewport (RunetCanvas *canvas) {
  const RunetGrid *grid = get_grid (canvas);
  RunetViewport viewport = canvas->viewport;
  const double width = (double)grid->width, height = (double)grid->height;
  viewport.pixel_width *= viewport.image_width / width;
  viewport.pixel_height *= viewport.image_height / height;
  viewport.image_width = width;
  viewport.image_height = height;
  return viewport;
}

RunetPoint
runet_canvas_edit_to_pixels (RunetCanvas *canvas, double x, double y) {
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  RunetPoint point;
  runet_viewport_to_image (&viewport, x, y, &point.x, &point.y);
  return point;
}

RunetPoint
runet_canvas_edit_project (RunetCanvas *canvas, RunetPoint point) {
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  return runet_edit_project (&viewport, point);
}

double
runet_canvas_edit_get_reach (RunetCanvas *canvas) {
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  double scale_x, scale_y;
  runet_viewport_get_scale (&viewport, &scale_x, &scale_y);
  return (canvas->edit.touched ? REACH_TOUCH : REACH_MOUSE) / scale_x;
}

static double
get_known (double spacing_mm) {
  return isfinite (spacing_mm) && spacing_mm > 0 ? spacing_mm : UNKNOWN_SPACING_MM;
}

RunetPoint
runet_canvas_edit_get_spacing_mm (RunetCanvas *canvas) {
  const RunetGrid *grid = get_grid (canvas);
  return (RunetPoint){get_known (grid->spacing_x_mm), get_known (grid->spacing_y_mm)};
}

double
runet_canvas_edit_get_mm (RunetCanvas *canvas) {
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  double scale_x, scale_y;
  runet_viewport_get_scale (&viewport, &scale_x, &scale_y);
  return scale_x / runet_canvas_edit_get_spacing_mm (canvas).x;
}
