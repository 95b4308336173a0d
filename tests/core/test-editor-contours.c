/* The tools that push, redraw, and take a contour from the first stage, by press, move and release alone. */
#include "tests/core/editing-fixture.h"

static void
assert_kept (const RunetCorrection *before,
             const RunetCorrection *now,
             RunetStructure structure) {
  g_autofree guint8 *one = draw (before), *other = draw (now);
  g_assert_cmpuint (count_changes (one, other, count_pixels (now), structure), ==, 0);
  g_assert_cmpint (now->source[structure], ==, before->source[structure]);
}

static double
get_distance_mm (const RunetCorrection *correction,
                 RunetStructure structure,
                 RunetPoint p) {
  double distance;
  runet_spline_nearest (
      correction->model.points[structure], correction->model.count[structure], p,
      correction->grid->spacing_x_mm, correction->grid->spacing_y_mm, &distance);
  return distance;
}

static RunetPoint
get_curve (const RunetCorrection *correction,
           RunetStructure structure,
           double fraction) {
  return runet_contour_model_at (&correction->model, structure, fraction,
                                 correction->grid->spacing_x_mm,
                                 correction->grid->spacing_y_mm);
}

/* No two control points on top of each other, none lonely. */
static void
assert_spread (const RunetCorrection *correction, RunetStructure structure) {
  const RunetPoint *p = correction->model.points[structure];
  for (guint i = 0; i + 1 < correction->model.count[structure]; i++) {
    const double gap = hypot ((p[i + 1].x - p[i].x) * correction->grid->spacing_x_mm,
                              (p[i + 1].y - p[i].y) * correction->grid->spacing_y_mm);
    g_assert_cmpfloat (gap, >, 0.7);
    g_assert_cmpfloat (gap, <, 30);
  }
}

/* ---- Push ---- */

/* From inside, outwards: the circle is inside afterwards and touches the contour. */
static void
test_push (void) {
  for (int wide = 0; wide < 2; wide++) {
    g_autoptr (RunetCorrection) correction =
        wide ? make_drawn (1, 0.55, 0.35) : make_usual ();
    g_autoptr (RunetEditor) editor = runet_editor_new (correction);
    const RunetPoint side = get_curve (correction, RUNET_STRUCTURE_ENDO, 0.25);
    runet_editor_set_tool (editor, RUNET_TOOL_PUSH);
    runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
    runet_editor_set_radius_mm (editor, 5);
    const RunetPoint to = shift (side, -1, 0);
    g_assert_true (drag (editor, shift (side, 24, 0), to, 12, RUNET_EDIT_PLAIN));
    g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "push");
    const RunetCorrection *now = runet_editor_get_correction (editor);
    const double distance = get_distance_mm (now, RUNET_STRUCTURE_ENDO, to);
    g_assert_cmpfloat (distance, >, 4);
    g_assert_cmpfloat (distance, <, 6);
    assert_model (&now->model, TRUE);
    assert_spread (now, RUNET_STRUCTURE_ENDO);
    g_assert_cmpuint (now->model.count[RUNET_STRUCTURE_ENDO], <=, 30);
    assert_kept (correction, now, RUNET_STRUCTURE_LA);
    g_assert_cmpint (now->source[RUNET_STRUCTURE_EPI], ==, RUNET_SOURCE_ORIGINAL);
    /* Far from the circle the contour is as it was. */
    const RunetPoint far = get_curve (correction, RUNET_STRUCTURE_ENDO, 0.8);
    g_assert_cmpfloat (get_distance_mm (now, RUNET_STRUCTURE_ENDO, far), <, 0.3);
    assert_round_trip (now);
  }
}

/* A circle that touches nothing does nothing; the way back does not pull. */
static void
test_push_nothing (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_PUSH);
  runet_editor_set_radius_mm (editor, 3);
  g_assert_false (drag (editor, (RunetPoint){150, 150}, (RunetPoint){160, 170}, 5,
                        RUNET_EDIT_PLAIN));
  g_assert_true (runet_editor_get_correction (editor) == correction);
  const RunetPoint side = get_curve (correction, RUNET_STRUCTURE_LA, 0.3);
  runet_editor_press (editor, shift (side, 15, 0), REACH, RUNET_EDIT_PLAIN);
  for (int i = 0; i < 20; i++)
    runet_editor_move (editor, shift (side, 15 - i, 0), RUNET_EDIT_PLAIN);
  g_autoptr (RunetCorrection) pushed =
      runet_correction_copy (runet_editor_get_correction (editor));
  for (int i = 0; i < 20; i++)
    runet_editor_move (editor, shift (side, -4 + i, 0), RUNET_EDIT_PLAIN);
  g_assert_true (runet_editor_release (editor, shift (side, 15, 0), RUNET_EDIT_PLAIN));
  for (double fraction = 0; fraction <= 1; fraction += 0.02)
    g_assert_cmpfloat (
        get_distance_mm (runet_editor_get_correction (editor), RUNET_STRUCTURE_LA,
                         get_curve (pushed, RUNET_STRUCTURE_LA, fraction)),
        <, 0.2);
  assert_kept (correction, runet_editor_get_correction (editor), RUNET_STRUCTURE_ENDO);
  assert_kept (correction, runet_editor_get_correction (editor), RUNET_STRUCTURE_EPI);
}

static gboolean
is_sound (const RunetCorrection *now) {
  return runet_contour_model_check (&now->model, now->grid->width, now->grid->height,
                                    now->grid->spacing_x_mm, now->grid->spacing_y_mm,
                                    RUNET_CONTOUR_THICKNESS_MM, NULL,
                                    NULL) == RUNET_CONTOUR_SOUND;
}

/* Through the wall is refused, and after that the way back goes on from where it was. */
static void
test_push_refused (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  const RunetPoint side = get_curve (correction, RUNET_STRUCTURE_ENDO, 0.25);
  runet_editor_set_tool (editor, RUNET_TOOL_PUSH);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  runet_editor_press (editor, shift (side, 24, 0), REACH, RUNET_EDIT_PLAIN);
  for (int i = 0; i < 70; i++) {
    runet_editor_move (editor, shift (side, 24 - i, 0), RUNET_EDIT_PLAIN);
    g_assert_true (is_sound (runet_editor_get_correction (editor)));
  }
  g_assert_true (runet_editor_get_refused (editor, NULL) &
                 (RUNET_CONTOUR_THIN | RUNET_CONTOUR_CROSSES_ITSELF));
  runet_editor_move (editor, shift (side, 10, 0), RUNET_EDIT_PLAIN);
  g_assert_cmpint (runet_editor_get_refused (editor, NULL), ==, RUNET_CONTOUR_SOUND);
  g_assert_true (runet_editor_release (editor, shift (side, 20, 0), RUNET_EDIT_PLAIN));
  g_assert_true (is_sound (runet_editor_get_correction (editor)));
}

/* ---- Redraw ---- */

/* A stroke @out pixels outside of a contour between two fractions, with a hand's tremble. */
static gboolean
draw_stroke (RunetEditor *editor,
             const RunetCorrection *correction,
             RunetStructure structure,
             double from,
             double to,
             double out) {
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (int i = 0; i <= 60; i++) {
    const double part = i / 60.0;
    const RunetPoint p = get_curve (correction, structure, from + part * (to - from));
    const double shift_by = out * sin (G_PI * part);
    const double dx = p.x - 150, dy = p.y - 160, length = hypot (dx, dy);
    const RunetPoint at = {
        p.x + shift_by * dx / length + g_rand_double_range (random, -0.4, 0.4),
        p.y + shift_by * dy / length + g_rand_double_range (random, -0.4, 0.4)};
    if (i == 0)
      g_assert_true (runet_editor_press (editor, at, REACH, RUNET_EDIT_PLAIN));
    else if (i < 60)
      runet_editor_move (editor, at, RUNET_EDIT_PLAIN);
    else
      return runet_editor_release (editor, at, RUNET_EDIT_PLAIN);
  }
  g_assert_not_reached ();
}

/* The same in either direction; few points; the stroke's course. */
static void
test_redraw (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  for (int backwards = 0; backwards < 2; backwards++) {
    g_autoptr (RunetEditor) editor = runet_editor_new (correction);
    runet_editor_set_tool (editor, RUNET_TOOL_REDRAW);
    g_assert_true (draw_stroke (editor, correction, RUNET_STRUCTURE_EPI,
                                backwards ? 0.4 : 0.1, backwards ? 0.1 : 0.4, 10));
    g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "redraw");
    const RunetCorrection *now = runet_editor_get_correction (editor);
    const RunetPoint p = get_curve (correction, RUNET_STRUCTURE_EPI, 0.25);
    const double dx = p.x - 150, dy = p.y - 160, length = hypot (dx, dy);
    const RunetPoint q = {p.x + 10 * dx / length, p.y + 10 * dy / length};
    g_assert_cmpfloat (get_distance_mm (now, RUNET_STRUCTURE_EPI, q), <, 0.6);
    g_assert_cmpuint (now->model.count[RUNET_STRUCTURE_EPI], <=,
                      correction->model.count[RUNET_STRUCTURE_EPI] + 8);
    assert_model (&now->model, TRUE);
    assert_spread (now, RUNET_STRUCTURE_EPI);
    assert_kept (correction, now, RUNET_STRUCTURE_ENDO);
    assert_kept (correction, now, RUNET_STRUCTURE_LA);
    assert_round_trip (now);
  }
}

/* Over the apex, which is found anew; and beyond the annulus, whose points stay. */
static void
test_redraw_ends (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_REDRAW);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  g_assert_true (draw_stroke (editor, correction, RUNET_STRUCTURE_ENDO, 0.3, 0.7, -12));
  const RunetCorrection *now = runet_editor_get_correction (editor);
  assert_model (&now->model, TRUE);
  const RunetPoint apex = now->model.points[RUNET_STRUCTURE_ENDO][now->model.apex];
  for (guint i = 0; i < now->model.count[RUNET_STRUCTURE_ENDO]; i++)
    g_assert_cmpfloat (now->model.points[RUNET_STRUCTURE_ENDO][i].y, >=, apex.y - 0.5);
  g_assert_true (draw_stroke (editor, correction, RUNET_STRUCTURE_ENDO, 0, 0.2, -6));
  now = runet_editor_get_correction (editor);
  assert_model (&now->model, TRUE);
  assert_kept (correction, now, RUNET_STRUCTURE_LA);
  g_assert_cmpmem (now->model.points[RUNET_STRUCTURE_ENDO], sizeof (RunetPoint),
                   correction->model.points[RUNET_STRUCTURE_ENDO], sizeof (RunetPoint));
}

/* What crosses is refused as a whole. */
static void
test_redraw_refused (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_REDRAW);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  g_assert_false (draw_stroke (editor, correction, RUNET_STRUCTURE_ENDO, 0.1, 0.4, 45));
  g_assert_true (runet_editor_get_refused (editor, NULL) &
                 (RUNET_CONTOUR_THIN | RUNET_CONTOUR_CROSSES_ITSELF));
  g_assert_true (runet_editor_get_correction (editor) == correction);
  /* A click draws nothing. */
  const RunetPoint at = get_curve (correction, RUNET_STRUCTURE_ENDO, 0.3);
  g_assert_false (drag (editor, at, at, 1, RUNET_EDIT_PLAIN));
}

/* ---- Taking from the first stage ---- */

static void
test_take_stage1 (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetCorrection) other = make_usual ();
  g_autoptr (RunetEditor) shaper = runet_editor_new (other);
  const RunetPoint side = get_curve (correction, RUNET_STRUCTURE_ENDO, 0.25);
  runet_editor_set_tool (shaper, RUNET_TOOL_PUSH);
  runet_editor_set_structure (shaper, RUNET_STRUCTURE_ENDO);
  g_assert_true (
      drag (shaper, shift (side, 24, 0), shift (side, 0, 0), 12, RUNET_EDIT_PLAIN));
  const RunetCorrection *first = runet_editor_get_correction (shaper);
  g_autofree guint8 *labels = draw (first);

  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_TAKE_STAGE1);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  /* Without a first stage there is nothing to take. */
  g_assert_false (runet_editor_press (editor, side, REACH, RUNET_EDIT_PLAIN));
  runet_editor_set_stage1 (editor, labels);
  g_assert_true (runet_editor_press (
      editor, get_curve (correction, RUNET_STRUCTURE_ENDO, 0.1), REACH, 0));
  for (int i = 11; i <= 40; i++)
    runet_editor_move (editor, get_curve (correction, RUNET_STRUCTURE_ENDO, i / 100.0),
                       RUNET_EDIT_PLAIN);
  g_assert_true (runet_editor_release (
      editor, get_curve (correction, RUNET_STRUCTURE_ENDO, 0.4), RUNET_EDIT_PLAIN));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "take-stage1");
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_assert_cmpfloat (get_distance_mm (now, RUNET_STRUCTURE_ENDO,
                                      get_curve (first, RUNET_STRUCTURE_ENDO, 0.25)),
                     <, 1);
  g_assert_cmpfloat (
      get_distance_mm (now, RUNET_STRUCTURE_ENDO,
                       get_curve (correction, RUNET_STRUCTURE_ENDO, 0.75)),
      <, 0.3);
  assert_kept (correction, now, RUNET_STRUCTURE_LA);
  assert_model (&now->model, TRUE);

  /* The whole of one structure, and of all. */
  g_assert_true (runet_editor_take_stage1 (editor, RUNET_STRUCTURE_ENDO));
  now = runet_editor_get_correction (editor);
  assert_kept (correction, now, RUNET_STRUCTURE_LA);
  assert_model (&now->model, TRUE);
  g_assert_true (runet_editor_take_stage1 (editor, RUNET_STRUCTURES));
  now = runet_editor_get_correction (editor);
  g_autofree guint8 *drawn = draw (now);
  g_assert_cmpuint (
      count_changes (drawn, labels, count_pixels (now), RUNET_STRUCTURE_ENDO), <, 900);
  assert_round_trip (now);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/editing/editor/push/outwards", test_push);
  g_test_add_func ("/editing/editor/push/nothing", test_push_nothing);
  g_test_add_func ("/editing/editor/push/refused", test_push_refused);
  g_test_add_func ("/editing/editor/redraw/stroke", test_redraw);
  g_test_add_func ("/editing/editor/redraw/ends", test_redraw_ends);
  g_test_add_func ("/editing/editor/redraw/refused", test_redraw_refused);
  g_test_add_func ("/editing/editor/take-stage1", test_take_stage1);
  return g_test_run ();
}
