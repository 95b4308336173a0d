/* What is drawn while contours are edited: handles, what lies under the pointer, and the scene below that stays. */
#include <math.h>
#include "edit-fixture.h"
#ifdef HAVE_XTEST
#include "pointer.h"
#endif

static guint32
color_at (const RunetShot *shot, RunetPoint at, int dx, int dy) {
  return runet_shot_at (shot, at.x + dx, at.y + dy);
}

#ifdef HAVE_XTEST
static const char *
get_cursor (EditFixture *fixture) {
  GdkCursor *cursor = gtk_widget_get_cursor (fixture->widget);
  return cursor != NULL ? gdk_cursor_get_name (cursor) : NULL;
}

/* What a press would do is seen before it: by the cursor, and at the place. */
static void
test_hover (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetContourModel *model = edit_fixture_get_model (&fixture);
  const RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  const RunetPoint between = edit_fixture_to_widget (
      &fixture, runet_spline_at (model->points[0], model->count[0], 2.5), 0);
  pointer_move (fixture.widget, 5, 5);
  g_assert_cmpstr (get_cursor (&fixture), ==, "crosshair");
  g_autoptr (RunetShot) rest = runet_shot_new (fixture.widget);
  pointer_move (fixture.widget, (int)at.x + 4, (int)at.y);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grab");
  g_autoptr (RunetShot) over = runet_shot_new (fixture.widget);
  g_assert_true (color_at (rest, at, 4, 0) != 0xffffff);
  g_assert_cmphex (color_at (over, at, 4, 0), ==, 0xffffff);
  pointer_button (fixture.widget, 1, TRUE);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grabbing");
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grab");
  pointer_move (fixture.widget, (int)between.x, (int)between.y);
  g_assert_cmpstr (get_cursor (&fixture), ==, "copy");

  /* A circle of its true size takes the cursor's place. */
  runet_editor_set_tool (fixture.editor, RUNET_TOOL_PUSH);
  runet_editor_set_radius_mm (fixture.editor, 10);
  runet_canvas_refresh_editor (fixture.canvas);
  g_assert_cmpstr (get_cursor (&fixture), ==, "none");
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture.canvas->viewport, &scale_x, &scale_y);
  const int radius = (int)lround (10 / 0.5 * scale_x);
  const RunetPoint inside = {EDIT_WIDTH / 2, floor (EDIT_HEIGHT * 0.4)};
  pointer_move (fixture.widget, (int)inside.x, (int)inside.y);
  g_autoptr (RunetShot) circle = runet_shot_new (fixture.widget);
  guint white = 0;
  for (int i = -2; i <= 2; i++)
    white += (color_at (circle, inside, 0, radius + i) & 0xff) > 0xd0;
  g_assert_cmpuint (white, >=, 1);
  g_assert_cmphex (color_at (circle, inside, 0, radius / 2), ==, GREY_COLOR);
  edit_fixture_tear_down (&fixture);
}
#endif

/* Round ones are dark in the corners of their square. */
static void
test_handles (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetShot) shot = runet_shot_new (fixture.widget);
  const RunetContourModel *model = edit_fixture_get_model (&fixture);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < model->count[s]; i++) {
      const RunetPoint at = edit_fixture_to_widget (&fixture, model->points[s][i], 0);
      g_assert_cmphex (color_at (shot, at, 0, 0), ==, 0xffffff);
    }
  const RunetPoint annulus = edit_fixture_to_widget (&fixture, model->points[0][0], 0);
  const RunetPoint wall = edit_fixture_to_widget (&fixture, model->points[0][2], 0);
  g_assert_cmphex (color_at (shot, annulus, 2, 2), ==, 0xffffff);
  g_assert_cmphex (color_at (shot, annulus, -2, -2), ==, 0xffffff);
  g_assert_true (color_at (shot, wall, 3, 3) != 0xffffff &&
                 color_at (shot, wall, -3, -3) != 0xffffff);

  /* A point that is selected has another colour, and a ring. */
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  runet_canvas_refresh_editor (fixture.canvas);
  g_autoptr (RunetShot) selected = runet_shot_new (fixture.widget);
  g_assert_true (color_at (selected, wall, 0, 0) != 0xffffff);
  g_assert_true (color_at (selected, wall, 9, 0) != color_at (shot, wall, 9, 0));

  /* Other tools leave only the point that the keys move. */
  runet_editor_set_tool (fixture.editor, RUNET_TOOL_PUSH);
  runet_canvas_refresh_editor (fixture.canvas);
  g_autoptr (RunetShot) hidden = runet_shot_new (fixture.widget);
  const RunetPoint other = edit_fixture_to_widget (&fixture, model->points[0][3], 0);
  g_assert_true (color_at (hidden, other, 0, 0) != 0xffffff);
  g_assert_true (color_at (hidden, wall, 0, 0) == color_at (selected, wall, 0, 0));
  g_object_set (fixture.canvas, "bare", TRUE, NULL);
  g_autoptr (RunetShot) bare = runet_shot_new (fixture.widget);
  g_assert_cmphex (color_at (bare, wall, 0, 0), ==, GREY_COLOR);
  edit_fixture_tear_down (&fixture);
}

/* On a grid of their own, contours are drawn where they are on the image: handles, and the outline of what is painted. */
static void
test_fitted (void) {
  EditFixture fixture, plain;
  edit_fixture_set_up_fitted (&fixture, 0.5, 0.5, (RunetPoint){2, 2});
  g_autoptr (RunetShot) shot = runet_shot_new (fixture.widget);
  const RunetContourModel *model = edit_fixture_get_model (&fixture);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < model->count[s]; i++) {
      const RunetPoint at = edit_fixture_to_widget (&fixture, model->points[s][i], 0);
      g_assert_cmphex (color_at (shot, at, 0, 0), ==, 0xffffff);
    }
  edit_fixture_set_up (&plain, 0.5, 0.5);
  EditFixture *both[] = {&fixture, &plain};
  RunetShot *painted[2];
  for (int i = 0; i < 2; i++) {
    runet_editor_set_tool (both[i]->editor, RUNET_TOOL_BRUSH);
    runet_editor_set_structure (both[i]->editor, RUNET_STRUCTURE_LA);
    runet_editor_set_radius_mm (both[i]->editor, 8);
    runet_canvas_edit_press (both[i]->canvas, EDIT_WIDTH / 2.0 - 60, EDIT_HEIGHT - 80,
                             0, FALSE);
    runet_canvas_edit_release (both[i]->canvas);
    runet_canvas_edit_leave (both[i]->canvas);
    g_assert_cmpint (
        runet_editor_get_correction (both[i]->editor)->source[RUNET_STRUCTURE_LA], ==,
        RUNET_SOURCE_PAINTED);
    painted[i] = runet_shot_new (both[i]->widget);
  }
  const graphene_rect_t place =
      GRAPHENE_RECT_INIT (EDIT_WIDTH / 2 - 110, EDIT_HEIGHT - 130, 100, 100);
  const guint32 color = canvas_style_color (RUNET_OVERLAY_CORRECTED);
  const guint fine = runet_shot_count (painted[0], &place, color, 60);
  const guint coarse = runet_shot_count (painted[1], &place, color, 60);
  g_test_message ("%u and %u pixels of the outline", fine, coarse);
  g_assert_cmpuint (coarse, >, 100);
  g_assert_cmpuint (fine, >, coarse * 8 / 10);
  g_assert_cmpuint (fine, <, coarse * 12 / 10);
  for (int i = 0; i < 2; i++) {
    runet_shot_free (painted[i]);
    edit_fixture_tear_down (both[i]);
  }
}

/* The model's own contour is fainter under what is edited, and back when nothing is. */
static void
test_faint (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, EDIT_WIDTH, EDIT_HEIGHT);
  const guint32 blue = canvas_style_color (RUNET_OVERLAY_STAGE2);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  g_autoptr (RunetShot) edited = runet_shot_new (fixture.widget);
  runet_canvas_set_editor (fixture.canvas, NULL, 0);
  g_autoptr (RunetShot) seen = runet_shot_new (fixture.widget);
  g_assert_cmpuint (runet_shot_count (seen, &all, blue, 24), >,
                    4 * runet_shot_count (edited, &all, blue, 24));
  runet_canvas_set_editor (fixture.canvas, fixture.editor, 0);
  g_autoptr (RunetShot) again = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (edited, again, 0), ==, 0);
  edit_fixture_tear_down (&fixture);
}

/* Another reader's contours can be compared with what one draws. */
static void
test_other_reader (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  g_autoptr (RunetShot) alone = runet_shot_new (fixture.widget);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_CORRECTED, map, 0);
  g_autoptr (RunetShot) beside = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (alone, beside, 8), >, 0.001);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_CORRECTED, NULL, 0);
  g_autoptr (RunetShot) again = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (alone, again, 0), ==, 0);
  edit_fixture_tear_down (&fixture);
}

/* Above what is kept of the frame: a contour that moves leaves the scene as it is. */
static void
test_kept (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetShot) before = runet_shot_new (fixture.widget);
  const GskRenderNode *scene = fixture.canvas->scene;
  const GskRenderNode *roof = fixture.canvas->edit.lines[RUNET_STRUCTURE_LA].node;
  const GskRenderNode *wall = fixture.canvas->edit.lines[RUNET_STRUCTURE_ENDO].node;
  const RunetPoint at = edit_fixture_to_widget (
      &fixture, edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 3), 0);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y, 0, FALSE));
  runet_canvas_edit_move (fixture.canvas, at.x + 10, at.y, 0);
  g_autoptr (RunetShot) pulled = runet_shot_new (fixture.widget);
  g_assert_true (fixture.canvas->scene == scene);
  g_assert_true (fixture.canvas->edit.lines[RUNET_STRUCTURE_LA].node == roof);
  g_assert_true (fixture.canvas->edit.lines[RUNET_STRUCTURE_ENDO].node != wall);
  g_assert_cmpfloat (runet_shot_compare (before, pulled, 8), >, 0.002);
  runet_canvas_edit_cancel (fixture.canvas);
  runet_canvas_edit_leave (fixture.canvas);
  runet_editor_clear_selection (fixture.editor);
  g_autoptr (RunetShot) after = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (before, after, 0), ==, 0);
  edit_fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/canvas-edit-drawn/hover", test_hover);
#endif
  g_test_add_func ("/ui/canvas-edit-drawn/handles", test_handles);
  g_test_add_func ("/ui/canvas-edit-drawn/fitted", test_fitted);
  g_test_add_func ("/ui/canvas-edit-drawn/faint", test_faint);
  g_test_add_func ("/ui/canvas-edit-drawn/other-reader", test_other_reader);
  g_test_add_func ("/ui/canvas-edit-drawn/kept", test_kept);
  return g_test_run ();
}
