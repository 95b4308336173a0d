/* Contours edited on the canvas by real events of the pointer, in every layout, and what is told of it. */
#include <math.h>
#include <string.h>
#include "edit-fixture.h"
#ifdef HAVE_XTEST
#include "pointer.h"
#endif

#ifdef HAVE_XTEST
static void
pull (EditFixture *fixture, RunetPoint from, int dx, int dy) {
  pointer_move (fixture->widget, (int)from.x, (int)from.y);
  pointer_button (fixture->widget, 1, TRUE);
  for (int i = 1; i <= 4; i++)
    pointer_move (fixture->widget, (int)from.x + dx * i / 4, (int)from.y + dy * i / 4);
}

/* A point of the wall moves by as much of the image as the pointer does, and is told of once. */
static void
check_drag (EditFixture *fixture, double offset_x) {
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture->canvas->viewport, &scale_x, &scale_y);
  const RunetPoint before = edit_fixture_get_point (fixture, RUNET_STRUCTURE_ENDO, 2);
  const guint done = fixture->told[RUNET_EDIT_DONE];
  fixture->told[RUNET_EDIT_CHANGED] = 0;
  pull (fixture, edit_fixture_to_widget (fixture, before, offset_x), 12, 4);
  g_assert_cmpint (fixture->canvas->drag, ==, RUNET_DRAG_EDIT);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_CHANGED], >=, 2);
  edit_fixture_assert_told (fixture, done, 0, 0);
  pointer_button (fixture->widget, 1, FALSE);
  const RunetPoint after = edit_fixture_get_point (fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (after.x - before.x, 12 / scale_x * fixture->factor.x,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (after.y - before.y, 4 / scale_y * fixture->factor.y,
                                  1e-6);
  g_assert_cmpint (fixture->canvas->drag, ==, RUNET_DRAG_NONE);
  g_assert_cmpstr (runet_editor_get_gesture (fixture->editor), ==, "points");
  edit_fixture_assert_told (fixture, done + 1, 0, 0);
  g_assert_cmpint (runet_editor_get_correction (fixture->editor)->source[0], ==,
                   RUNET_SOURCE_SPLINE);
}

static void
test_drag (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  check_drag (&fixture, 0);
  runet_canvas_set_zoom_at (fixture.canvas, 2, EDIT_WIDTH / 2.0, EDIT_HEIGHT / 2.0);
  check_drag (&fixture, 0);
  edit_fixture_tear_down (&fixture);

  edit_fixture_set_up (&fixture, 0.5, 0.8);
  check_drag (&fixture, 0);
  edit_fixture_tear_down (&fixture);
}

/* Contours that are on a finer or coarser grid than the image are taken where they are seen. */
static void
test_drag_fitted (void) {
  static const RunetPoint factors[] = {{2, 2}, {0.5, 0.5}, {2, 1}};
  for (guint i = 0; i < G_N_ELEMENTS (factors); i++) {
    EditFixture fixture;
    edit_fixture_set_up_fitted (&fixture, 0.5, 1, factors[i]);
    check_drag (&fixture, 0);
    runet_canvas_set_zoom_at (fixture.canvas, 2, EDIT_WIDTH / 2.0, EDIT_HEIGHT / 2.0);
    check_drag (&fixture, 0);
    runet_canvas_zoom_to_fit (fixture.canvas);
    runet_canvas_set_layout (fixture.canvas, RUNET_LAYOUT_SIDE_BY_SIDE);
    runet_test_settle (fixture.widget);
    RunetPane panes[2];
    g_assert_cmpuint (runet_canvas_list_panes (fixture.canvas, panes), ==, 2);
    check_drag (&fixture, panes[1].offset_x);
    runet_pane_clear (&panes[0]);
    runet_pane_clear (&panes[1]);
    edit_fixture_tear_down (&fixture);
  }
}

/* In both panes, and while one pulls across the line between them. */
static void
test_panes (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_layout (fixture.canvas, RUNET_LAYOUT_SIDE_BY_SIDE);
  runet_test_settle (fixture.widget);
  RunetPane panes[2];
  g_assert_cmpuint (runet_canvas_list_panes (fixture.canvas, panes), ==, 2);
  check_drag (&fixture, panes[0].offset_x);
  check_drag (&fixture, panes[1].offset_x);

  const RunetPoint before = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 3);
  const RunetPoint at = edit_fixture_to_widget (&fixture, before, panes[1].offset_x);
  runet_editor_set_allow_faults (fixture.editor, TRUE);
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture.canvas->viewport, &scale_x, &scale_y);
  const int across = (int)(at.x - panes[1].offset_x) + 20;
  pull (&fixture, at, -across, 0);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 3);
  g_assert_cmpfloat (after.x, <, before.x);
  g_assert_cmpfloat (before.x - after.x, >, across / scale_x - 1);
  runet_pane_clear (&panes[0]);
  runet_pane_clear (&panes[1]);

  runet_canvas_set_layout (fixture.canvas, RUNET_LAYOUT_SWIPE);
  runet_test_settle (fixture.widget);
  edit_fixture_tear_down (&fixture);
}

/* Ctrl and Shift together are Alt, which some window managers keep to themselves. */
static void
test_coupled (void) {
  static const GdkModifierType states[] = {GDK_ALT_MASK,
                                           GDK_CONTROL_MASK | GDK_SHIFT_MASK};
  RunetContourModel drawn[G_N_ELEMENTS (states)];
  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    EditFixture fixture;
    edit_fixture_set_up (&fixture, 0.5, 0.5);
    const RunetContourModel before = *edit_fixture_get_model (&fixture);
    const RunetPoint at = edit_fixture_to_widget (
        &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
    g_assert_true (
        runet_canvas_edit_press (fixture.canvas, at.x, at.y, states[i], FALSE));
    runet_canvas_edit_move (fixture.canvas, at.x + 6, at.y, states[i]);
    runet_canvas_edit_release (fixture.canvas);
    drawn[i] = *edit_fixture_get_model (&fixture);
    g_assert_cmpint (memcmp (before.points[RUNET_STRUCTURE_EPI],
                             drawn[i].points[RUNET_STRUCTURE_EPI],
                             sizeof before.points[RUNET_STRUCTURE_EPI]),
                     !=, 0);
    edit_fixture_tear_down (&fixture);
  }
  g_assert_true (runet_contour_model_equal (&drawn[0], &drawn[1]));
}

/* While a point is held the wheel is its falloff; else it zooms. */
static void
test_wheel (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetPoint before = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint neighbour =
      edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  pull (&fixture, edit_fixture_to_widget (&fixture, before, 0), 12, 0);
  const double falloff_mm = runet_editor_get_falloff_mm (fixture.editor);
  const RunetPoint little = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  for (int i = 0; i < 6; i++) {
    pointer_button (fixture.widget, 4, TRUE);
    pointer_button (fixture.widget, 4, FALSE);
  }
  const RunetPoint more = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  g_assert_cmpfloat_with_epsilon (runet_editor_get_falloff_mm (fixture.editor),
                                  falloff_mm * pow (1.15, 6), 1e-6);
  g_assert_cmpfloat (more.x - neighbour.x, >, little.x - neighbour.x + 0.1);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, 1);
  edit_fixture_assert_told (&fixture, 0, 0, 6);
  pointer_button (fixture.widget, 1, FALSE);
  edit_fixture_assert_told (&fixture, 1, 0, 6);
  pointer_button (fixture.widget, 4, TRUE);
  pointer_button (fixture.widget, 4, FALSE);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, >, 1);

  runet_editor_set_tool (fixture.editor, RUNET_TOOL_PUSH);
  runet_canvas_refresh_editor (fixture.canvas);
  const double radius_mm = runet_editor_get_radius_mm (fixture.editor);
  const double zoom = fixture.canvas->viewport.zoom;
  pointer_hold (fixture.widget, GDK_KEY_Control_L, TRUE);
  pointer_button (fixture.widget, 5, TRUE);
  pointer_button (fixture.widget, 5, FALSE);
  pointer_hold (fixture.widget, GDK_KEY_Control_L, FALSE);
  g_assert_cmpfloat_with_epsilon (runet_editor_get_radius_mm (fixture.editor),
                                  radius_mm / 1.15, 1e-6);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, zoom);
  edit_fixture_tear_down (&fixture);
}

/* Escape leaves no trace, and what the hand does after it neither. */
static void
test_escape (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetPoint before = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint at = edit_fixture_to_widget (&fixture, before, 0);
  pull (&fixture, at, 12, 4);
  g_assert_true (
      runet_correction_is_edited (runet_editor_get_correction (fixture.editor)));
  const guint changed = fixture.told[RUNET_EDIT_CHANGED];
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Escape, 0));
  g_assert_cmpuint (fixture.told[RUNET_EDIT_CHANGED], ==, changed + 1);
  pointer_move (fixture.widget, (int)at.x + 30, (int)at.y);
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_false (
      runet_correction_is_edited (runet_editor_get_correction (fixture.editor)));
  edit_fixture_assert_told (&fixture, 0, 0, 0);

  /* A click on a point selects it and changes nothing. */
  pull (&fixture, at, 0, 0);
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, ==,
                   RUNET_HIT_POINT);
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 2);
  edit_fixture_assert_told (&fixture, 0, 0, 0);
  edit_fixture_tear_down (&fixture);
}

/* On nothing the hand pans; two clicks on a point are no wish to see all of the image. */
static void
test_beside (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_zoom_at (fixture.canvas, 2, EDIT_WIDTH / 2.0, EDIT_HEIGHT / 2.0);
  const RunetPoint middle = {fixture.canvas->viewport.image_width / 2,
                             fixture.canvas->viewport.image_height * 0.4};
  const RunetPoint before = edit_fixture_to_widget (&fixture, middle, 0);
  pull (&fixture, before, 16, 8);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_PAN);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = edit_fixture_to_widget (&fixture, middle, 0);
  g_assert_cmpfloat (after.x - before.x, ==, 16);
  g_assert_cmpfloat (after.y - before.y, ==, 8);

  const RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  pointer_move (fixture.widget, (int)at.x, (int)at.y);
  for (int i = 0; i < 2; i++) {
    pointer_button (fixture.widget, 1, TRUE);
    pointer_button (fixture.widget, 1, FALSE);
  }
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, 2);
  edit_fixture_assert_told (&fixture, 0, 0, 0);
  edit_fixture_tear_down (&fixture);
}

/* What no heart looks like is refused once, said on the image, and the sound part of the way is kept. */
static void
test_refused (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  g_autoptr (RunetShot) before = runet_shot_new (fixture.widget);
  pull (&fixture, at, -120, 0);
  edit_fixture_assert_told (&fixture, 0, 1, 0);
  g_assert_cmpint (fixture.canvas->edit.refused, !=, RUNET_CONTOUR_SOUND);
  pointer_button (fixture.widget, 1, FALSE);
  edit_fixture_assert_told (&fixture, 1, 1, 0);
  /* Still to be read. */
  static const guint32 vermillion = 0xff7329;
  g_autoptr (RunetShot) after = runet_shot_new (fixture.widget);
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, EDIT_WIDTH, EDIT_HEIGHT);
  g_assert_cmpuint (runet_shot_count (before, &all, vermillion, 40), ==, 0);
  g_assert_cmpuint (runet_shot_count (after, &all, vermillion, 40), >, 40);
  edit_fixture_tear_down (&fixture);
}

/* A grab that breaks ends the gesture where it is; another frame takes it back. */
static void
test_lost (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  GtkEventController *drag =
      runet_test_find_controller (fixture.widget, GTK_TYPE_GESTURE_DRAG);
  RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  pull (&fixture, at, 12, 4);
  gtk_event_controller_reset (drag);
  edit_fixture_assert_told (&fixture, 1, 0, 0);
  pointer_button (fixture.widget, 1, FALSE);
  edit_fixture_assert_told (&fixture, 1, 0, 0);

  at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  const RunetPoint before = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  pull (&fixture, at, 12, 4);
  runet_canvas_set_frame (fixture.canvas, 1);
  pointer_move (fixture.widget, (int)at.x + 40, (int)at.y);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat (after.x, ==, before.x);
  edit_fixture_assert_told (&fixture, 1, 0, 0);
  g_assert_false (runet_canvas_is_edited (fixture.canvas));

  /* There is nothing to take on that frame. */
  pull (&fixture, at, 12, 4);
  g_assert_cmpint (fixture.canvas->drag, !=, RUNET_DRAG_EDIT);
  pointer_button (fixture.widget, 1, FALSE);
  edit_fixture_tear_down (&fixture);
}

/* Every tool goes through the same hand. */
static void
test_tools (void) {
  static const char *const names[] = {"push", "brush", "eraser"};
  static const RunetTool tools[] = {RUNET_TOOL_PUSH, RUNET_TOOL_BRUSH,
                                    RUNET_TOOL_ERASER};
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    EditFixture fixture;
    edit_fixture_set_up (&fixture, 0.5, 0.5);
    runet_editor_set_tool (fixture.editor, tools[i]);
    runet_editor_set_structure (fixture.editor, RUNET_STRUCTURE_ENDO);
    runet_canvas_refresh_editor (fixture.canvas);
    RunetPoint at = edit_fixture_to_widget (
        &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
    /* From the inside for all but the eraser, which is on the wall's side. */
    pull (&fixture, at, tools[i] == RUNET_TOOL_PUSH ? 14 : 6, 2);
    g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_EDIT);
    pointer_button (fixture.widget, 1, FALSE);
    edit_fixture_assert_told (&fixture, 1, 0, 0);
    g_assert_cmpstr (runet_editor_get_gesture (fixture.editor), ==, names[i]);
    edit_fixture_tear_down (&fixture);
  }
}
#endif

/* The highest point of all. */
static RunetPoint
find_top (EditFixture *fixture) {
  const RunetContourModel *model = edit_fixture_get_model (fixture);
  RunetPoint top = model->points[RUNET_STRUCTURE_EPI][0];
  for (guint i = 0; i < model->count[RUNET_STRUCTURE_EPI]; i++)
    if (model->points[RUNET_STRUCTURE_EPI][i].y < top.y)
      top = model->points[RUNET_STRUCTURE_EPI][i];
  return top;
}

/* A finger takes what is twice as far away. */
static void
test_touch (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetPoint at = edit_fixture_to_widget (&fixture, find_top (&fixture), 0);
  g_assert_false (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 18, 0, FALSE));
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 18, 0, TRUE));
  runet_canvas_edit_release (fixture.canvas);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 8, 0, FALSE));
  runet_canvas_edit_release (fixture.canvas);
  g_assert_false (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 30, 0, TRUE));
  edit_fixture_tear_down (&fixture);
}

/* A circle is as large in millimetres, and a finger reaches as far, as on the image's own grid. */
static void
test_reach_fitted (void) {
  EditFixture fixture;
  edit_fixture_set_up_fitted (&fixture, 0.5, 0.5, (RunetPoint){2, 2});
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture.canvas->viewport, &scale_x, &scale_y);
  RunetPoint at = edit_fixture_to_widget (&fixture, find_top (&fixture), 0);
  g_assert_true (runet_canvas_edit_hits (fixture.canvas, at.x, at.y - 10));
  g_assert_false (runet_canvas_edit_hits (fixture.canvas, at.x, at.y - 14));

  runet_editor_set_tool (fixture.editor, RUNET_TOOL_BRUSH);
  runet_editor_set_structure (fixture.editor, RUNET_STRUCTURE_LA);
  runet_editor_set_radius_mm (fixture.editor, 6);
  g_assert_cmpfloat_with_epsilon (runet_canvas_edit_get_radius (fixture.canvas),
                                  6 / 0.5 * scale_x, 1e-6);
  /* 10 mm from the left edge and 90 from the upper one, far from the heart. */
  const RunetPoint spot = {10 / 0.25, 90 / 0.25};
  at = edit_fixture_to_widget (&fixture, spot, 0);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y, 0, FALSE));
  runet_canvas_edit_release (fixture.canvas);
  const RunetCorrection *now = runet_editor_get_correction (fixture.editor);
  const gsize width = now->grid->width;
  g_autofree guint8 *labels = g_malloc (width * now->grid->height);
  runet_correction_draw (now, labels);
  const guint8 *row = labels + (gsize)spot.y * width + (gsize)spot.x;
  g_assert_cmpuint (row[0], ==, RUNET_LABEL_LA);
  g_assert_cmpuint (row[20], ==, RUNET_LABEL_LA);
  g_assert_cmpuint (row[28], ==, RUNET_LABEL_BACKGROUND);
  edit_fixture_tear_down (&fixture);
}

/* Another image takes the editor away, and the canvas goes in the middle of a gesture. */
static void
test_end (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, NULL);
  g_assert_null (fixture.canvas->edit.editor);
  runet_canvas_set_image (fixture.canvas, fixture.image);
  runet_canvas_set_editor (fixture.canvas, fixture.editor, 0);
  runet_test_settle (fixture.widget);
  const RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 3), 0);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y, 0, FALSE));
  runet_canvas_edit_move (fixture.canvas, at.x + 10, at.y, 0);
  GObject *canvas = g_object_ref (G_OBJECT (fixture.canvas));
  gtk_window_destroy (fixture.window);
  g_assert_finalize_object (canvas);
  g_assert_false (runet_editor_is_active (fixture.editor));
  runet_editor_free (fixture.editor);
  runet_image_unref (fixture.image);
  runet_label_map_unref (fixture.labels);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/canvas-edit/drag", test_drag);
  g_test_add_func ("/ui/canvas-edit/drag/fitted", test_drag_fitted);
  g_test_add_func ("/ui/canvas-edit/panes", test_panes);
  g_test_add_func ("/ui/canvas-edit/coupled", test_coupled);
  g_test_add_func ("/ui/canvas-edit/wheel", test_wheel);
  g_test_add_func ("/ui/canvas-edit/escape", test_escape);
  g_test_add_func ("/ui/canvas-edit/beside", test_beside);
  g_test_add_func ("/ui/canvas-edit/refused", test_refused);
  g_test_add_func ("/ui/canvas-edit/lost", test_lost);
  g_test_add_func ("/ui/canvas-edit/tools", test_tools);
#endif
  g_test_add_func ("/ui/canvas-edit/touch", test_touch);
  g_test_add_func ("/ui/canvas-edit/reach/fitted", test_reach_fitted);
  g_test_add_func ("/ui/canvas-edit/end", test_end);
  return g_test_run ();
}
