/* A synthetic sequence with all that the viewer shows of it, for the benchmarks of the canvas. */
#include "sequence.h"

#include <math.h>

/* The size that the heart below is told in; it fills other images alike. */
#define HEART_WIDTH 600.0
#define HEART_HEIGHT 800.0

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
      map->labels[y * grid->width + x] = (guint8)get_label (
          (double)x * HEART_WIDTH / (double)grid->width,
          (double)y * HEART_HEIGHT / (double)grid->height, closed, off);
  return map;
}

void
sequence_frame_init (SequenceFrame *frame, RunetGrid *grid, double closed) {
  *frame = (SequenceFrame){0};
  for (int overlay = RUNET_OVERLAY_STAGE1; overlay <= RUNET_OVERLAY_EXPERT; overlay++) {
    frame->labels[overlay] = make_labels (grid, closed, 3.0 * overlay);
    frame->discs[overlay] =
        runet_discs_measure (frame->labels[overlay]->labels, grid->width, grid->height,
                             SEQUENCE_SPACING_MM, SEQUENCE_SPACING_MM);
    g_assert (frame->discs[overlay].state == RUNET_DISCS_FOUND);
  }
  const gsize count = grid->width * grid->height;
  float *region = g_new (float, count);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      region[y * grid->width + x] =
          (float)(1 /
                  (1 + exp ((hypot ((double)x * HEART_WIDTH / (double)grid->width - 300,
                                    ((double)y * HEART_HEIGHT / (double)grid->height -
                                     380) *
                                        0.6) -
                             200 + 20 * closed) /
                            8)));
  frame->region = g_bytes_new_take (region, count * sizeof *region);
  const RunetReason reason = {.kind = RUNET_REASON_CONVEXITY,
                              .structure = RUNET_STRUCTURE_ENDO,
                              .value = 0.7,
                              .limit = 0.741,
                              .x = 380 * (double)grid->width / HEART_WIDTH,
                              .y = 300 * (double)grid->height / HEART_HEIGHT};
  frame->reasons = g_array_new (FALSE, FALSE, sizeof reason);
  g_array_append_val (frame->reasons, reason);
}

RunetImage *
sequence_image_new (gsize width, gsize height, gsize frames) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (width, height, frames, SEQUENCE_SPACING_MM, SEQUENCE_SPACING_MM,
                      RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  RunetImage *image = runet_image_new (grid, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  for (gsize i = 0; i < width * height * frames; i++)
    image->pixels[i] = (float)g_rand_int_range (random, 0, 256);
  return image;
}

void
sequence_frame_clear (SequenceFrame *frame) {
  for (int overlay = RUNET_OVERLAY_STAGE1; overlay <= RUNET_OVERLAY_EXPERT; overlay++)
    runet_label_map_unref (frame->labels[overlay]);
  g_bytes_unref (frame->region);
  g_array_unref (frame->reasons);
}

void
sequence_frame_show (const SequenceFrame *frame, RunetCanvas *canvas, gsize at) {
  runet_canvas_set_frame (canvas, at);
  for (int overlay = RUNET_OVERLAY_STAGE1; overlay <= RUNET_OVERLAY_EXPERT; overlay++) {
    runet_canvas_set_labels (canvas, overlay, frame->labels[overlay], at);
    runet_canvas_set_measures (canvas, overlay, &frame->discs[overlay], at);
  }
  runet_canvas_set_region (canvas, frame->region, at);
  runet_canvas_set_reasons (canvas, frame->reasons, at);
}

void
sequence_show_all (RunetCanvas *canvas, gboolean shown) {
  g_object_set (canvas, "show-region", shown, "show-stage1", shown, "show-stage2",
                shown, "show-expert", shown, "show-measures", shown, NULL);
}
