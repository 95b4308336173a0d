/* A canvas in a window on which a heart of ellipses is edited, and how often it told what. */
#pragma once

#include "canvas-fixture.h"

G_BEGIN_DECLS

#define EDIT_WIDTH 640
#define EDIT_HEIGHT 480

/* @told: how often each signal came. @factor: pixels of the correction a pixel of the image. */
typedef struct {
  RunetCanvas *canvas;
  GtkWidget *widget;
  GtkWindow *window;
  RunetImage *image;
  RunetLabelMap *labels;
  RunetEditor *editor;
  RunetPoint factor;
  guint told[RUNET_EDIT_SIGNALS];
} EditFixture;

/* @spacing_x, @spacing_y: mm; the image is 100 mm wide and high. */
void
edit_fixture_set_up (EditFixture *fixture, double spacing_x, double spacing_y);
/* The same heart on a grid of its own, finer than the image by @factor. */
void
edit_fixture_set_up_fitted (EditFixture *fixture,
                            double spacing_x,
                            double spacing_y,
                            RunetPoint factor);
void
edit_fixture_tear_down (EditFixture *fixture);
const RunetContourModel *
edit_fixture_get_model (EditFixture *fixture);
RunetPoint
edit_fixture_get_point (EditFixture *fixture, RunetStructure structure, guint index);
/* @point: of the correction. Of the widget, in whole pixels, in the pane that begins at @offset_x. */
RunetPoint
edit_fixture_to_widget (EditFixture *fixture, RunetPoint point, double offset_x);
void
edit_fixture_assert_told (EditFixture *fixture,
                          guint done,
                          guint refused,
                          guint adjusted);
/* Returns whether the canvas took it. */
gboolean
edit_fixture_press_key (EditFixture *fixture, guint value, GdkModifierType state);

G_END_DECLS
