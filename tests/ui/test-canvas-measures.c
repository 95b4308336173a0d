/* The long axis and the discs on the canvas: whose are drawn and where, what is said when there is no axis,
 * and that a kept scene is never an old one. */
#include "canvas-fixture.h"

#include <math.h>
#include <string.h>

/* A level axis from (20, 50) to (80, 50), discs of 20 pixels across it. */
static RunetDiscs
make_discs (void) {
  RunetDiscs discs = {.state = RUNET_DISCS_FOUND,
                      .annulus = {{20, 40}, {20, 60}},
                      .base = {20, 50},
                      .apex = {80, 50},
                      .length_mm = 60,
                      .area_mm2 = 1234};
  for (int k = 0; k < RUNET_DISCS; k++)
    for (int side = 0; side < 2; side++)
      discs.ends[k][side] = (RunetPoint){20 + 3 * (k + 0.5), side == 0 ? 40 : 60};
  return discs;
}

static void
set_up (CanvasFixture *fixture) {
  canvas_fixture_set_up (fixture, NAN);
  g_object_set (fixture->canvas, "show-measures", TRUE, NULL);
}

/* Pixels of the overlay's colour along the axis, its points left out. */
static guint
count_axis (const CanvasFixture *fixture, const RunetShot *shot, RunetOverlay overlay) {
  double left, top, right, bottom;
  const RunetViewport *viewport = &fixture->canvas->viewport;
  runet_viewport_to_widget (viewport, 25, 50, &left, &top);
  runet_viewport_to_widget (viewport, 75, 50, &right, &bottom);
  const graphene_rect_t area =
      GRAPHENE_RECT_INIT ((float)left, (float)top - 2, (float)(right - left), 4);
  return runet_shot_count (shot, &area, canvas_style_color (overlay), 60);
}

static void
test_drawn (void) {
  CanvasFixture fixture;
  set_up (&fixture);
  const RunetDiscs discs = make_discs ();
  g_autoptr (RunetShot) empty = canvas_fixture_shoot (&fixture);
  runet_canvas_set_measures (fixture.canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  g_autoptr (RunetShot) shown = canvas_fixture_shoot (&fixture);
  const guint32 color = canvas_style_color (RUNET_OVERLAY_STAGE2);
  g_assert_cmpuint (count_axis (&fixture, empty, RUNET_OVERLAY_STAGE2), ==, 0);
  g_assert_cmpuint (count_axis (&fixture, shown, RUNET_OVERLAY_STAGE2), >, 100);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, shown, 80, 50), ==, color);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, shown, 20, 60), ==, color);
  /* Every disc crosses a line half way to the wall. */
  double x, y;
  for (int k = 0; k < RUNET_DISCS; k++) {
    runet_viewport_to_widget (&fixture.canvas->viewport, discs.ends[k][0].x, 55, &x,
                              &y);
    const graphene_rect_t area = GRAPHENE_RECT_INIT ((float)x - 2, (float)y - 1, 4, 2);
    g_assert_cmpuint (runet_shot_count (shown, &area, color, 110), >, 0);
  }

  /* They belong to this frame and to this toggle. */
  g_object_set (fixture.canvas, "show-measures", FALSE, NULL);
  g_autoptr (RunetShot) hidden = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (empty, hidden, 0), ==, 0);
  g_object_set (fixture.canvas, "show-measures", TRUE, NULL);
  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other = canvas_fixture_shoot (&fixture);
  g_assert_cmpuint (count_axis (&fixture, other, RUNET_OVERLAY_STAGE2), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

static void
assert_said (const CanvasFixture *fixture, const char *start) {
  g_autofree char *text = runet_canvas_describe_measures (fixture->canvas);
  if (!start)
    g_assert_null (text);
  else
    g_assert_true (text && g_str_has_prefix (text, start));
}

static void
test_whose (void) {
  CanvasFixture fixture;
  set_up (&fixture);
  const RunetDiscs discs = make_discs ();
  RunetCanvas *canvas = fixture.canvas;
  assert_said (&fixture, NULL);
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_EXPERT, &discs, 0);
  assert_said (&fixture, "E: long axis 60.0 mm, area 12.3 cm²");
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_STAGE1, &discs, 0);
  assert_said (&fixture, "1: ");
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  assert_said (&fixture, "2: ");
  /* Whose contours are hidden yields to those that are shown. */
  runet_canvas_set_overlay_visible (canvas, RUNET_OVERLAY_STAGE2, FALSE);
  assert_said (&fixture, "1: ");
  runet_canvas_set_overlay_visible (canvas, RUNET_OVERLAY_STAGE1, FALSE);
  assert_said (&fixture, "E: ");
  /* With no contour at all it is the result's again. */
  runet_canvas_set_overlay_visible (canvas, RUNET_OVERLAY_EXPERT, FALSE);
  assert_said (&fixture, "2: ");
  g_autoptr (RunetShot) shown = canvas_fixture_shoot (&fixture);
  g_assert_cmpuint (count_axis (&fixture, shown, RUNET_OVERLAY_STAGE2), >, 100);
  canvas_fixture_tear_down (&fixture);
}

static void
test_no_axis (void) {
  CanvasFixture fixture;
  set_up (&fixture);
  const RunetDiscs none = {.state = RUNET_DISCS_NO_BASE, .area_mm2 = 500};
  g_autoptr (RunetShot) empty = canvas_fixture_shoot (&fixture);
  runet_canvas_set_measures (fixture.canvas, RUNET_OVERLAY_STAGE2, &none, 0);
  g_autoptr (RunetShot) shown = canvas_fixture_shoot (&fixture);
  assert_said (&fixture, "2: No long axis: no base");
  g_assert_cmpuint (count_axis (&fixture, shown, RUNET_OVERLAY_STAGE2), ==, 0);
  g_assert_cmpfloat (runet_shot_compare (empty, shown, 0), >, 0);
  canvas_fixture_tear_down (&fixture);
}

/* Shown again, a frame is what it was; with anything new it is drawn anew. */
static void
test_kept (void) {
  CanvasFixture fixture;
  set_up (&fixture);
  RunetCanvas *canvas = fixture.canvas;
  RunetDiscs discs = make_discs ();
  g_autofree float *region = g_new (float, 100 * 100);
  for (gsize i = 0; i < 100 * 100; i++)
    region[i] = i % 100 < 50 ? 1 : 0;
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  canvas_test_set_region (canvas, region);
  g_autoptr (RunetShot) first = canvas_fixture_shoot (&fixture);

  runet_canvas_set_frame (canvas, 1);
  g_autoptr (RunetShot) bare = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (first, bare, 0), >, 0.05);
  runet_canvas_set_frame (canvas, 0);
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  canvas_test_set_region (canvas, region);
  g_autoptr (GskRenderNode) kept = runet_canvas_recall_scene (canvas);
  g_assert_nonnull (kept);
  g_autoptr (RunetShot) again = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (first, again, 0), ==, 0);

  /* One value of the region, one of the measures, the window: each is seen. */
  region[99] = 0.5F;
  canvas_test_set_region (canvas, region);
  g_assert_null (runet_canvas_recall_scene (canvas));
  region[99] = 0;
  canvas_test_set_region (canvas, region);
  kept = (gsk_render_node_unref (kept), runet_canvas_recall_scene (canvas));
  g_assert_nonnull (kept);
  discs.apex.x = 70;
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  g_assert_null (runet_canvas_recall_scene (canvas));
  g_autoptr (RunetShot) moved = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (first, moved, 0), >, 0);
  runet_canvas_set_window (canvas, 60, 120);
  g_assert_null (runet_canvas_recall_scene (canvas));
  g_autoptr (RunetShot) brighter = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (moved, brighter, 0), >, 0.05);
  canvas_fixture_tear_down (&fixture);
}

/* The same pixels, kept or not: frames of one still are drawn without the cache. */
static void
test_same_pixels (void) {
  CanvasFixture fixture;
  set_up (&fixture);
  const RunetDiscs discs = make_discs ();
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  runet_canvas_set_measures (fixture.canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  g_autoptr (RunetShot) kept = canvas_fixture_shoot (&fixture);

  g_autoptr (RunetImage) still = canvas_test_image_new (100, 100, 1, NAN, NAN);
  runet_canvas_set_image (fixture.canvas, still);
  g_autoptr (RunetLabelMap) one = canvas_test_labels_new (still, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, one, 0);
  runet_canvas_set_measures (fixture.canvas, RUNET_OVERLAY_STAGE2, &discs, 0);
  g_autoptr (RunetShot) drawn = canvas_fixture_shoot (&fixture);
  g_assert_null (runet_canvas_recall_scene (fixture.canvas));
  g_assert_cmpfloat (runet_shot_compare (kept, drawn, 2), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas-measures/drawn", test_drawn);
  g_test_add_func ("/ui/canvas-measures/whose", test_whose);
  g_test_add_func ("/ui/canvas-measures/no-axis", test_no_axis);
  g_test_add_func ("/ui/canvas-measures/kept", test_kept);
  g_test_add_func ("/ui/canvas-measures/same-pixels", test_same_pixels);
  return g_test_run ();
}
