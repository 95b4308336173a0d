/* A canvas in a window on which a heart of ellipses is edited, and how often it told what. */
#include "edit-fixture.h"

#include <math.h>

static gboolean
is_inside (double x, double y, double cx, double cy, double rx, double ry) {
  const double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

/* A heart of ellipses, in parts of the image. */
static RunetLabel
get_label (double x, double y) {
  if (y < 0.58 && is_inside (x, y, 0.5, 0.4, 0.14, 0.28))
    return RUNET_LABEL_LV;
  if (y < 0.58 && is_inside (x, y, 0.5, 0.4, 0.22, 0.36))
    return RUNET_LABEL_MYOCARDIUM;
  return y >= 0.58 && is_inside (x, y, 0.5, 0.7, 0.16, 0.16) ? RUNET_LABEL_LA
                                                             : RUNET_LABEL_BACKGROUND;
}

static void
count_cb (RunetCanvas *canvas, guint *told) {
  (*told)++;
}

/* The signals of the canvas, in the order of RunetEditSignal. */
static const char *const signals[RUNET_EDIT_SIGNALS] = {
    "edit-changed", "edit-done", "edit-refused", "edit-selected", "edit-adjusted"};

/* (transfer full): of the heart, finer than the image. */
static RunetGrid *
new_grid (EditFixture *fixture) {
  const RunetGrid *image = fixture->image->grid;
  RunetGrid *grid = runet_grid_with_frames (image, 1);
  grid->width = (gsize)((double)image->width * fixture->factor.x);
  grid->height = (gsize)((double)image->height * fixture->factor.y);
  grid->spacing_x_mm = image->spacing_x_mm / fixture->factor.x;
  grid->spacing_y_mm = image->spacing_y_mm / fixture->factor.y;
  return grid;
}

void
edit_fixture_set_up (EditFixture *fixture, double spacing_x, double spacing_y) {
  edit_fixture_set_up_fitted (fixture, spacing_x, spacing_y, (RunetPoint){1, 1});
}

void
edit_fixture_set_up_fitted (EditFixture *fixture,
                            double spacing_x,
                            double spacing_y,
                            RunetPoint factor) {
  *fixture =
      (EditFixture){.canvas = RUNET_CANVAS (runet_canvas_new ()), .factor = factor};
  fixture->widget = GTK_WIDGET (fixture->canvas);
  fixture->image = canvas_test_image_new (
      (gsize)(100 / spacing_x), (gsize)(100 / spacing_y), 2, spacing_x, spacing_y);
  g_autoptr (RunetGrid) grid = new_grid (fixture);
  fixture->labels = runet_label_map_new (grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      fixture->labels->labels[y * grid->width + x] =
          (guint8)get_label (((double)x + 0.5) / (double)grid->width,
                             ((double)y + 0.5) / (double)grid->height);
  g_autoptr (RunetCorrection) correction =
      runet_correction_new (grid, fixture->labels->labels);
  fixture->editor = runet_editor_new (correction);
  runet_canvas_set_image (fixture->canvas, fixture->image);
  runet_canvas_set_editor (fixture->canvas, fixture->editor, 0);
  for (int i = 0; i < RUNET_EDIT_SIGNALS; i++)
    g_signal_connect (fixture->canvas, signals[i], G_CALLBACK (count_cb),
                      &fixture->told[i]);
  fixture->window = runet_test_window_new (fixture->widget, EDIT_WIDTH, EDIT_HEIGHT);
}

void
edit_fixture_tear_down (EditFixture *fixture) {
  runet_canvas_set_editor (fixture->canvas, NULL, 0);
  gtk_window_destroy (fixture->window);
  runet_editor_free (fixture->editor);
  runet_image_unref (fixture->image);
  runet_label_map_unref (fixture->labels);
}

const RunetContourModel *
edit_fixture_get_model (EditFixture *fixture) {
  return &runet_editor_get_correction (fixture->editor)->model;
}

RunetPoint
edit_fixture_get_point (EditFixture *fixture, RunetStructure structure, guint index) {
  g_assert_cmpuint (index, <, edit_fixture_get_model (fixture)->count[structure]);
  return edit_fixture_get_model (fixture)->points[structure][index];
}

RunetPoint
edit_fixture_to_widget (EditFixture *fixture, RunetPoint point, double offset_x) {
  RunetPoint at;
  runet_viewport_to_widget (&fixture->canvas->viewport, point.x / fixture->factor.x,
                            point.y / fixture->factor.y, &at.x, &at.y);
  return (RunetPoint){floor (at.x + offset_x), floor (at.y)};
}

void
edit_fixture_assert_told (EditFixture *fixture,
                          guint done,
                          guint refused,
                          guint adjusted) {
  g_assert_cmpuint (fixture->told[RUNET_EDIT_DONE], ==, done);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_REFUSED], ==, refused);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_ADJUSTED], ==, adjusted);
}

gboolean
edit_fixture_press_key (EditFixture *fixture, guint value, GdkModifierType state) {
  GtkEventController *keys =
      runet_test_find_controller (fixture->widget, GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = FALSE;
  g_signal_emit_by_name (keys, "key-pressed", value, 0, state, &handled);
  return handled;
}
