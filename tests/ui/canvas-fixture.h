/* A canvas in a window of known size, on synthetic images whose pixels are known. */
#pragma once

#include "offscreen.h"
#include "ui/canvas-private.h"

G_BEGIN_DECLS

#define WIDTH 320
#define HEIGHT 400
/* Every pixel of the images, and what it looks like. */
#define GREY 90
#define GREY_COLOR 0x5a5a5au

typedef struct {
  RunetCanvas *canvas;
  GtkWindow *window;
  RunetImage *image;
} CanvasFixture;

RunetImage *
canvas_test_image_new (gsize width,
                       gsize height,
                       gsize frames,
                       double spacing_x,
                       double spacing_y);
/* Boxes on a 100 × 100 grid: myocardium around the LV, open below, and an LA under it. */
RunetLabelMap *
canvas_test_labels_new (const RunetImage *image, gsize frame);

/* @region: H × W of the image, copied: on frame 0. */
void
canvas_test_set_region (RunetCanvas *canvas, const float *region);

/* @spacing: the image is 100 × 100 pixels of it, 2 frames; NaN leaves out the scale and the ticks. */
void
canvas_fixture_set_up (CanvasFixture *fixture, double spacing);
void
canvas_fixture_tear_down (CanvasFixture *fixture);
RunetShot *
canvas_fixture_shoot (const CanvasFixture *fixture);
/* The colour on the screen at a point of the image. */
guint32
canvas_fixture_color_at (const CanvasFixture *fixture,
                         const RunetShot *shot,
                         double x,
                         double y);
/* 0xRRGGBB of the overlay's line. */
guint32
canvas_style_color (RunetOverlay overlay);

G_END_DECLS
