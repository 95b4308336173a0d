/* Contours edited by keyboard: points are walked, nudged, inserted and deleted, and nobody is held on the canvas. */
#include "edit-fixture.h"

static void
test_walk (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  const RunetContourModel *model = edit_fixture_get_model (&fixture);
  guint steps = 0;
  while (edit_fixture_press_key (&fixture, GDK_KEY_Tab, 0)) {
    g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, !=,
                     RUNET_HIT_NOTHING);
    g_autofree char *words = runet_canvas_describe_selected (fixture.canvas);
    g_assert_nonnull (words);
    g_assert_cmpuint (++steps, <, 200);
    g_assert_cmpuint (fixture.told[RUNET_EDIT_SELECTED], ==, steps);
  }
  /* The annulus points are told of once or twice. */
  const guint points = model->count[0] + model->count[1] + model->count[2];
  g_assert_cmpuint (steps, <=, points);
  g_assert_cmpuint (steps, >=, points - 2);
  /* Past the last one the focus goes on. */
  g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, ==,
                   RUNET_HIT_NOTHING);
  g_assert_null (runet_canvas_describe_selected (fixture.canvas));

  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 3);
  g_assert_true (
      edit_fixture_press_key (&fixture, GDK_KEY_ISO_Left_Tab, GDK_SHIFT_MASK));
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 2);
  g_autofree char *words = runet_canvas_describe_selected (fixture.canvas);
  g_autofree char *expected =
      g_strdup_printf ("Endocardium, point 3 of %u, ", model->count[0]);
  g_assert_true (g_str_has_prefix (words, expected));
  g_assert_true (g_str_has_suffix (words, " mm from the base"));
  /* It is what a screen reader says of the canvas. */
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words);

  /* Escape lets go of the point, and Tab then of the canvas. */
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Escape, 0));
  g_assert_false (edit_fixture_press_key (&fixture, GDK_KEY_Escape, 0));
  g_assert_false (edit_fixture_press_key (&fixture, GDK_KEY_Tab, 0));
  edit_fixture_assert_told (&fixture, 0, 0, 0);
  edit_fixture_tear_down (&fixture);
}

static void
test_nudge (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.8);
  /* Without a point the arrows are the timeline's. */
  g_assert_false (edit_fixture_press_key (&fixture, GDK_KEY_Right, 0));
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint start = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Right, 0));
  const RunetPoint near = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (near.x - start.x, 0.25 / 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (near.y, start.y, 1e-6);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Down, GDK_SHIFT_MASK));
  const RunetPoint far = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (far.y - near.y, 1 / 0.8, 1e-6);
  edit_fixture_assert_told (&fixture, 2, 0, 0);
  g_assert_cmpuint (fixture.told[RUNET_EDIT_CHANGED], ==, 0);

  /* Ctrl takes all along. */
  const RunetPoint roof = edit_fixture_get_point (&fixture, RUNET_STRUCTURE_LA, 3);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Left, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (
      edit_fixture_get_point (&fixture, RUNET_STRUCTURE_LA, 3).x - roof.x, -0.25 / 0.5,
      1e-6);
  edit_fixture_assert_told (&fixture, 3, 0, 0);
  edit_fixture_tear_down (&fixture);
}

static void
test_insert_and_delete (void) {
  EditFixture fixture;
  edit_fixture_set_up (&fixture, 0.5, 0.5);
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  const guint count = edit_fixture_get_model (&fixture)->count[RUNET_STRUCTURE_ENDO];
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Insert, 0));
  g_assert_cmpuint (edit_fixture_get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==,
                    count + 1);
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 3);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Delete, 0));
  g_assert_cmpuint (edit_fixture_get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==,
                    count);
  edit_fixture_assert_told (&fixture, 2, 0, 0);
  /* Not the annulus. */
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 0);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_Delete, 0));
  g_assert_cmpuint (edit_fixture_get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==,
                    count);
  edit_fixture_assert_told (&fixture, 2, 0, 0);

  runet_editor_set_tool (fixture.editor, RUNET_TOOL_BRUSH);
  const double radius_mm = runet_editor_get_radius_mm (fixture.editor);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_bracketright, 0));
  g_assert_cmpfloat (runet_editor_get_radius_mm (fixture.editor), >, radius_mm);
  g_assert_true (edit_fixture_press_key (&fixture, GDK_KEY_bracketleft, 0));
  g_assert_cmpfloat_with_epsilon (runet_editor_get_radius_mm (fixture.editor),
                                  radius_mm, 1e-9);
  edit_fixture_assert_told (&fixture, 2, 0, 2);
  edit_fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas-edit-keys/walk", test_walk);
  g_test_add_func ("/ui/canvas-edit-keys/nudge", test_nudge);
  g_test_add_func ("/ui/canvas-edit-keys/insert-and-delete", test_insert_and_delete);
  return g_test_run ();
}
