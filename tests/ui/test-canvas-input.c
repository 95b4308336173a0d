/* What hands do to the canvas: wheel, drag, keys, and what is read out under the pointer. */
#include <math.h>
#include "canvas-fixture.h"
#ifdef HAVE_XTEST
#include "pointer.h"
#endif

static guint notified;

static void
notify_cb (void) {
  notified++;
}

static void
test_zoom_at_pointer (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  RunetViewport *viewport = &fixture.canvas->viewport;
  GtkWidget *widget = GTK_WIDGET (fixture.canvas);
  GtkEventController *motion =
      runet_test_find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *scroll =
      runet_test_find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  notified = 0;
  g_signal_connect (fixture.canvas, "notify::zoom", notify_cb, NULL);

  const double px = 71, py = 300;
  double x, y, zoom, last_zoom = 1;
  runet_viewport_to_image (viewport, px, py, &x, &y);
  g_signal_emit_by_name (motion, "motion", px, py);
  for (int i = 0; i < 8; i++) {
    gboolean handled = FALSE;
    g_signal_emit_by_name (scroll, "scroll", 0.0, i < 5 ? -1.0 : 1.0, &handled);
    g_assert_true (handled);
    g_object_get (fixture.canvas, "zoom", &zoom, NULL);
    g_assert_true (i < 5 ? zoom > last_zoom : zoom < last_zoom);
    last_zoom = zoom;
    double now_x, now_y;
    runet_viewport_to_image (viewport, px, py, &now_x, &now_y);
    g_assert_cmpfloat_with_epsilon (now_x, x, 1e-9);
    g_assert_cmpfloat_with_epsilon (now_y, y, 1e-9);
  }
  g_assert_cmpuint (notified, ==, 8);

  runet_canvas_zoom_to_fit (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  runet_canvas_zoom_out (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  for (int i = 0; i < 40; i++)
    runet_canvas_zoom_in (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, RUNET_ZOOM_MAX);
  canvas_fixture_tear_down (&fixture);
}

/* However it is pushed, some of the image stays in sight. */
static void
test_pan (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  RunetViewport *viewport = &fixture.canvas->viewport;
  GtkEventController *keys = runet_test_find_controller (GTK_WIDGET (fixture.canvas),
                                                         GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = TRUE;

  /* An image that fits leaves the arrows to the timeline. */
  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Left, 0, 0, &handled);
  g_assert_false (handled);

  g_object_set (fixture.canvas, "zoom", 4.0, NULL);
  double before_x, before_y, x, y;
  runet_viewport_to_widget (viewport, 10, 10, &before_x, &before_y);
  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Left, 0, 0, &handled);
  g_assert_true (handled);
  runet_viewport_to_widget (viewport, 10, 10, &x, &y);
  g_assert_cmpfloat_with_epsilon (x - before_x, 40, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, before_y, 1e-9);
  for (int i = 0; i < 200; i++)
    g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Down, 0, 0, &handled);
  graphene_rect_t bounds = runet_viewport_get_image_bounds (viewport);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, >=, HEIGHT / 2 - 1);
  canvas_fixture_tear_down (&fixture);
}

static void
test_readout (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  g_autoptr (RunetLabelMap) nothing = runet_label_map_new (fixture.image->grid, NULL);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50.5, 40.5, &x, &y);

  g_autofree char *one = runet_canvas_describe_point (fixture.canvas, x, y);
  g_assert_cmpstr (one, ==, "x 25.2  y 20.2 mm  ·  value 90  ·  2: LV cavity");
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_EXPERT, map, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE1, nothing, 0);
  g_autofree char *three = runet_canvas_describe_point (fixture.canvas, x, y);
  g_assert_cmpstr (
      three, ==,
      "x 25.2  y 20.2 mm  ·  value 90  ·  2, E: LV cavity  ·  1: background");
  g_assert_null (runet_canvas_describe_point (fixture.canvas, 1, 1));

  /* It stands at the bottom right while the pointer is over the image. */
  g_autoptr (RunetShot) before = canvas_fixture_shoot (&fixture);
  GtkEventController *motion = runet_test_find_controller (
      GTK_WIDGET (fixture.canvas), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_signal_emit_by_name (motion, "motion", x, y);
  g_autoptr (RunetShot) after = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (before, after, 8), >, 0.005);
  g_signal_emit_by_name (motion, "leave");
  g_autoptr (RunetShot) left = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (before, left, 0), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

#ifdef HAVE_XTEST
/* Real events of an X server: the wheel, the three buttons, a double click. */
static void
test_mouse (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  GtkWidget *widget = GTK_WIDGET (fixture.canvas);
  RunetViewport *viewport = &fixture.canvas->viewport;
  double x, y, now_x, now_y, center, width;

  pointer_move (widget, 100, 150);
  runet_viewport_to_image (viewport, fixture.canvas->pointer_x,
                           fixture.canvas->pointer_y, &x, &y);
  for (int i = 0; i < 4; i++) {
    pointer_button (widget, 4, TRUE);
    pointer_button (widget, 4, FALSE);
  }
  g_assert_cmpfloat_with_epsilon (viewport->zoom, pow (1.15, 4), 1e-6);
  runet_viewport_to_image (viewport, fixture.canvas->pointer_x,
                           fixture.canvas->pointer_y, &now_x, &now_y);
  g_assert_cmpfloat_with_epsilon (now_x, x, 1e-6);
  g_assert_cmpfloat_with_epsilon (now_y, y, 1e-6);

  const guint pan_buttons[] = {1, 2};
  for (guint i = 0; i < G_N_ELEMENTS (pan_buttons); i++) {
    double before_x, before_y;
    runet_viewport_to_widget (viewport, 50, 50, &before_x, &before_y);
    pointer_move (widget, 100, 150);
    pointer_button (widget, pan_buttons[i], TRUE);
    pointer_move (widget, 120, 160);
    pointer_move (widget, 130, 170);
    pointer_button (widget, pan_buttons[i], FALSE);
    runet_viewport_to_widget (viewport, 50, 50, &now_x, &now_y);
    g_assert_cmpfloat_with_epsilon (now_x - before_x, 30, 1e-6);
    g_assert_cmpfloat_with_epsilon (now_y - before_y, 20, 1e-6);
  }

  pointer_move (widget, 100, 150);
  pointer_button (widget, 3, TRUE);
  pointer_move (widget, 140, 130);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_WINDOW);
  pointer_button (widget, 3, FALSE);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_NONE);
  g_object_get (fixture.canvas, "window-center", &center, "window-width", &width, NULL);
  g_assert_cmpfloat_with_epsilon (width, 255 + 40 * 255 / 400.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (center, 127.5 - 20 * 255 / 400.0, 1e-6);

  for (int i = 0; i < 2; i++) {
    pointer_button (widget, 1, TRUE);
    pointer_button (widget, 1, FALSE);
  }
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  g_assert_true (gtk_widget_has_focus (widget));
  canvas_fixture_tear_down (&fixture);
}
#endif

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas-input/zoom-at-pointer", test_zoom_at_pointer);
  g_test_add_func ("/ui/canvas-input/pan", test_pan);
  g_test_add_func ("/ui/canvas-input/readout", test_readout);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/canvas-input/mouse", test_mouse);
#endif
  return g_test_run ();
}
