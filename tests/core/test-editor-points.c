/* The tool that drags points, by press, move and release alone. */
#include "tests/core/editing-fixture.h"

typedef struct {
  RunetCorrection *correction;
  RunetEditor *editor;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data) {
  self->correction = make_usual ();
  self->editor = runet_editor_new (self->correction);
}

static void
tear_down (Fixture *self, gconstpointer data) {
  runet_editor_free (self->editor);
  runet_correction_unref (self->correction);
}

/* Of the endo, half way up its left side. */
static guint
get_side_point (RunetEditor *editor) {
  return runet_editor_get_correction (editor)->model.apex / 2;
}

static void
assert_same_structure (RunetEditor *editor,
                       const RunetCorrection *before,
                       RunetStructure structure) {
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_autofree guint8 *one = draw (before), *other = draw (now);
  g_assert_cmpuint (count_changes (one, other, count_pixels (now), structure), ==, 0);
  g_assert_cmpint (now->source[structure], ==, before->source[structure]);
}

static void
test_drag (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const guint side = get_side_point (editor);
  const RunetContourModel before = self->correction->model;
  const RunetPoint from = before.points[RUNET_STRUCTURE_ENDO][side];
  g_assert_true (drag (editor, from, shift (from, 10, 2), 5, RUNET_EDIT_PLAIN));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "points");
  const RunetContourModel *now = &runet_editor_get_correction (editor)->model;
  const RunetPoint to = now->points[RUNET_STRUCTURE_ENDO][side];
  g_assert_cmpfloat_with_epsilon (to.x, from.x + 10, 1e-9);
  g_assert_cmpfloat_with_epsilon (to.y, from.y + 2, 1e-9);
  for (guint i = 0; i < before.count[RUNET_STRUCTURE_ENDO]; i++) {
    const RunetPoint a = before.points[RUNET_STRUCTURE_ENDO][i];
    const double moved = now->points[RUNET_STRUCTURE_ENDO][i].x - a.x;
    g_assert_cmpfloat (moved, >=, 0);
    g_assert_cmpfloat (moved, <=, 10 + 1e-9);
    if (hypot (a.x - from.x, a.y - from.y) * 0.4 > runet_editor_get_falloff_mm (editor))
      g_assert_cmpfloat (moved, ==, 0);
  }
  assert_model (now, TRUE);
  assert_same_structure (editor, self->correction, RUNET_STRUCTURE_LA);
  g_assert_cmpint (runet_editor_get_correction (editor)->source[RUNET_STRUCTURE_EPI],
                   ==, RUNET_SOURCE_ORIGINAL);
  g_assert_true (runet_editor_get_before (editor) == self->correction);
  assert_round_trip (runet_editor_get_correction (editor));
}

/* What the pointer did on the way does not matter, nor a falloff that was changed and changed back. */
static void
test_no_memory (Fixture *self, gconstpointer data) {
  g_autoptr (RunetEditor) other = runet_editor_new (self->correction);
  RunetEditor *editor = self->editor;
  const RunetPoint from =
      get_point (editor, RUNET_STRUCTURE_ENDO, get_side_point (editor));
  drag (other, from, shift (from, 6, -3), 1, RUNET_EDIT_PLAIN);
  g_assert_true (runet_editor_press (editor, from, REACH, RUNET_EDIT_PLAIN));
  for (int i = 0; i < 200; i++) {
    runet_editor_move (editor, shift (from, 8 * sin (i), 5 * cos (3 * i)),
                       i % 2 ? RUNET_EDIT_PLAIN : RUNET_EDIT_ALONE);
    runet_editor_set_falloff_mm (editor, 10 + i % 30);
  }
  runet_editor_set_falloff_mm (editor, runet_editor_get_falloff_mm (other));
  g_assert_true (runet_editor_release (editor, shift (from, 6, -3), RUNET_EDIT_PLAIN));
  assert_equal (runet_editor_get_correction (editor),
                runet_editor_get_correction (other));
}

static void
test_falloff (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const guint side = get_side_point (editor);
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  const RunetPoint next = get_point (editor, RUNET_STRUCTURE_ENDO, side + 1);
  runet_editor_press (editor, from, REACH, RUNET_EDIT_PLAIN);
  runet_editor_move (editor, shift (from, 8, 0), RUNET_EDIT_PLAIN);
  double last = -1;
  for (double falloff = 5; falloff <= 80; falloff += 5) {
    runet_editor_set_falloff_mm (editor, falloff);
    const double moved = get_point (editor, RUNET_STRUCTURE_ENDO, side + 1).x - next.x;
    g_assert_cmpfloat (moved, >=, last);
    last = moved;
  }
  g_assert_cmpfloat (last, >, 2);
  runet_editor_cancel (editor);
  g_assert_true (runet_editor_get_correction (editor) == self->correction);
}

static void
test_alone (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const guint side = get_side_point (editor);
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  g_assert_true (drag (editor, from, shift (from, 5, 0), 3, RUNET_EDIT_ALONE));
  for (guint i = 0; i < get_count (editor, RUNET_STRUCTURE_ENDO); i++)
    g_assert_cmpfloat_with_epsilon (
        get_point (editor, RUNET_STRUCTURE_ENDO, i).x,
        self->correction->model.points[RUNET_STRUCTURE_ENDO][i].x + (i == side ? 5 : 0),
        1e-9);
}

/* The wall stays about as thick where both of its contours are moved. */
static void
test_coupled (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetPoint from =
      get_point (editor, RUNET_STRUCTURE_ENDO, get_side_point (editor));
  const RunetCorrection *now;
  double before, after;
  runet_spline_nearest (self->correction->model.points[RUNET_STRUCTURE_EPI],
                        self->correction->model.count[RUNET_STRUCTURE_EPI], from, 0.4,
                        0.4, &before);
  g_assert_true (drag (editor, from, shift (from, -15, 0), 3, RUNET_EDIT_COUPLED));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "coupled");
  now = runet_editor_get_correction (editor);
  runet_spline_nearest (now->model.points[RUNET_STRUCTURE_EPI],
                        now->model.count[RUNET_STRUCTURE_EPI], shift (from, -15, 0),
                        0.4, 0.4, &after);
  g_assert_cmpfloat_with_epsilon (before, after, 0.15 * before);
  g_assert_cmpint (now->source[RUNET_STRUCTURE_EPI], ==, RUNET_SOURCE_SPLINE);
  assert_model (&now->model, TRUE);
  assert_same_structure (editor, self->correction, RUNET_STRUCTURE_LA);
}

static void
test_rigid (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_EPI, 3);
  g_assert_true (drag (editor, from, shift (from, 12, -7), 4, RUNET_EDIT_RIGID));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "rigid");
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < get_count (editor, s); i++) {
      const RunetPoint a = self->correction->model.points[s][i];
      g_assert_cmpfloat_with_epsilon (get_point (editor, s, i).x, a.x + 12, 1e-9);
      g_assert_cmpfloat_with_epsilon (get_point (editor, s, i).y, a.y - 7, 1e-9);
    }
  assert_model (&runet_editor_get_correction (editor)->model, TRUE);
}

/* With pixels that are not square, lengths in mm are what a turn keeps. */
static void
test_turn (void) {
  g_autoptr (RunetCorrection) correction = make_drawn (1, 0.5, 0.3);
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_assert_true (drag (editor, (RunetPoint){290, 100}, (RunetPoint){290, 160}, 6,
                       RUNET_EDIT_RIGID));
  const RunetContourModel *a = &correction->model;
  const RunetContourModel *b = &runet_editor_get_correction (editor)->model;
  double turned = 0;
  for (guint i = 1; i < a->count[RUNET_STRUCTURE_ENDO]; i++) {
    const RunetPoint p = a->points[RUNET_STRUCTURE_ENDO][0];
    const RunetPoint q = a->points[RUNET_STRUCTURE_ENDO][i];
    const RunetPoint r = b->points[RUNET_STRUCTURE_ENDO][0];
    const RunetPoint s = b->points[RUNET_STRUCTURE_ENDO][i];
    g_assert_cmpfloat_with_epsilon (hypot ((q.x - p.x) * 0.5, (q.y - p.y) * 0.3),
                                    hypot ((s.x - r.x) * 0.5, (s.y - r.y) * 0.3), 1e-9);
    turned = fmax (turned, hypot (s.x - q.x, s.y - q.y));
  }
  g_assert_cmpfloat (turned, >, 10);
  assert_model (b, TRUE);
}

static void
test_apex (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetContourModel *before = &self->correction->model;
  const RunetPoint from = before->points[RUNET_STRUCTURE_ENDO][before->apex];
  g_assert_cmpint (runet_editor_hit (editor, from, REACH).kind, ==, RUNET_HIT_APEX);
  g_assert_true (drag (editor, from, shift (from, 0, 14), 4, RUNET_EDIT_PLAIN));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "apex");
  const RunetPoint base = before->points[RUNET_STRUCTURE_ENDO][0];
  for (guint i = 0; i < get_count (editor, RUNET_STRUCTURE_ENDO); i++) {
    const RunetPoint a = before->points[RUNET_STRUCTURE_ENDO][i];
    const double share = CLAMP ((base.y - a.y) / (base.y - from.y), 0, 1);
    g_assert_cmpfloat_with_epsilon (get_point (editor, RUNET_STRUCTURE_ENDO, i).y,
                                    a.y + 14 * share, 1.0);
  }
  assert_same_structure (editor, self->correction, RUNET_STRUCTURE_LA);
}

static void
test_annulus (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetContourModel *before = &self->correction->model;
  const RunetPoint from = before->points[RUNET_STRUCTURE_ENDO][0];
  g_assert_cmpint (runet_editor_hit (editor, from, REACH).kind, ==, RUNET_HIT_ANNULUS);
  g_assert_true (drag (editor, from, shift (from, -3, 8), 4, RUNET_EDIT_PLAIN));
  const RunetCorrection *now = runet_editor_get_correction (editor);
  assert_model (&now->model, TRUE);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpint (now->source[s], ==, RUNET_SOURCE_SPLINE);
    g_assert_cmpuint (now->model.count[s], ==, before->count[s]);
  }
  const guint last = before->count[RUNET_STRUCTURE_ENDO] - 1;
  g_assert_cmpfloat (now->model.points[RUNET_STRUCTURE_ENDO][last].y, ==,
                     before->points[RUNET_STRUCTURE_ENDO][last].y);
}

static void
test_epi_end (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_EPI, 0);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_EPI);
  g_assert_true (drag (editor, from, shift (from, -6, 9), 4, RUNET_EDIT_PLAIN));
  assert_model (&runet_editor_get_correction (editor)->model, TRUE);
  g_assert_cmpfloat_with_epsilon (get_point (editor, RUNET_STRUCTURE_EPI, 0).x,
                                  from.x - 6, 0.2);
  assert_same_structure (editor, self->correction, RUNET_STRUCTURE_LA);
  assert_same_structure (editor, self->correction, RUNET_STRUCTURE_ENDO);
}

static RunetPoint
get_middle (RunetEditor *editor, RunetStructure structure, double t) {
  const RunetContourModel *model = &runet_editor_get_correction (editor)->model;
  return runet_spline_at (model->points[structure], model->count[structure], t);
}

static void
test_insert_and_delete (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const guint count = get_count (editor, RUNET_STRUCTURE_EPI);
  const RunetPoint at = get_middle (editor, RUNET_STRUCTURE_EPI, 2.5);
  g_assert_cmpint (runet_editor_hit (editor, at, 4).kind, ==, RUNET_HIT_CURVE);
  g_assert_true (runet_editor_press (editor, at, 4, RUNET_EDIT_PLAIN));
  runet_editor_move (editor, shift (at, -3, 0), RUNET_EDIT_PLAIN);
  g_assert_true (runet_editor_release (editor, shift (at, -3, 0), RUNET_EDIT_PLAIN));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "insert");
  g_assert_cmpuint (get_count (editor, RUNET_STRUCTURE_EPI), ==, count + 1);
  g_assert_cmpuint (runet_editor_get_selected (editor).index, ==, 3);
  g_assert_cmpfloat_with_epsilon (get_point (editor, RUNET_STRUCTURE_EPI, 3).x,
                                  at.x - 3, 1e-6);
  g_assert_true (runet_editor_delete (editor));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "delete");
  g_assert_cmpuint (get_count (editor, RUNET_STRUCTURE_EPI), ==, count);
}

/* A click on a point selects it and is no gesture; a click on the curve inserts. */
static void
test_click (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetPoint at = get_point (editor, RUNET_STRUCTURE_LA, 2);
  g_assert_true (runet_editor_press (editor, at, 4, RUNET_EDIT_PLAIN));
  g_assert_false (runet_editor_release (editor, at, RUNET_EDIT_PLAIN));
  g_assert_cmpuint (runet_editor_get_selected (editor).index, ==, 2);
  g_assert_cmpint (runet_editor_get_selected (editor).structure, ==,
                   RUNET_STRUCTURE_LA);
  g_assert_true (runet_editor_get_correction (editor) == self->correction);
  const RunetPoint curve = get_middle (editor, RUNET_STRUCTURE_LA, 1.5);
  g_assert_true (runet_editor_press (editor, curve, 3, RUNET_EDIT_PLAIN));
  g_assert_true (runet_editor_release (editor, curve, RUNET_EDIT_PLAIN));
  g_assert_false (
      runet_editor_press (editor, (RunetPoint){5, 5}, REACH, RUNET_EDIT_PLAIN));
  g_assert_cmpint (runet_editor_get_selected (editor).kind, ==, RUNET_HIT_NOTHING);
  /* What the last gesture was is still told. */
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "insert");
  g_assert_true (runet_editor_get_before (editor) == self->correction);
}

static void
test_refused (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const guint side = get_side_point (editor);
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  RunetPoint spot;
  runet_editor_press (editor, from, REACH, RUNET_EDIT_PLAIN);
  for (int i = 1; i <= 80; i++) {
    runet_editor_move (editor, shift (from, -i, 0), RUNET_EDIT_PLAIN);
    const RunetCorrection *now = runet_editor_get_correction (editor);
    g_assert_cmpint (runet_contour_model_check (&now->model, now->grid->width,
                                                now->grid->height, 0.4, 0.4,
                                                RUNET_CONTOUR_THICKNESS_MM, NULL, NULL),
                     ==, RUNET_CONTOUR_SOUND);
  }
  g_assert_true (runet_editor_get_refused (editor, &spot) &
                 (RUNET_CONTOUR_THIN | RUNET_CONTOUR_CROSSES_ITSELF));
  g_assert_cmpfloat (hypot (spot.x - from.x, spot.y - from.y) * 0.4, <,
                     runet_editor_get_falloff_mm (editor));
  g_assert_true (runet_editor_release (editor, shift (from, -80, 0), RUNET_EDIT_PLAIN));
  const RunetPoint stayed = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  g_assert_cmpfloat (stayed.x, <, from.x - 5);
  g_assert_cmpfloat (stayed.x, >, from.x - 40);
  /* With the override it goes on. */
  runet_editor_set_allow_faults (editor, TRUE);
  g_assert_true (drag (editor, stayed, shift (stayed, -20, 0), 5, RUNET_EDIT_PLAIN));
  g_assert_cmpint (runet_editor_get_refused (editor, NULL), ==, RUNET_CONTOUR_SOUND);
  /* And what has faults can be worked on without it, as long as they do not get worse. */
  runet_editor_set_allow_faults (editor, FALSE);
  const RunetPoint far = get_point (editor, RUNET_STRUCTURE_LA, 3);
  g_assert_true (drag (editor, far, shift (far, 2, 2), 2, RUNET_EDIT_PLAIN));
  const RunetPoint thin = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  g_assert_true (drag (editor, thin, shift (thin, 4, 0), 2, RUNET_EDIT_PLAIN));
}

static void
test_strange_places (Fixture *self, gconstpointer data) {
  RunetEditor *editor = self->editor;
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_ENDO, 2);
  g_assert_false (
      runet_editor_press (editor, (RunetPoint){NAN, 3}, 8, RUNET_EDIT_PLAIN));
  g_assert_false (
      runet_editor_press (editor, (RunetPoint){INFINITY, 3}, 8, RUNET_EDIT_RIGID));
  g_assert_false (runet_editor_press (editor, from, NAN, RUNET_EDIT_PLAIN));
  runet_editor_set_allow_faults (editor, TRUE);
  g_assert_true (runet_editor_press (editor, from, REACH, RUNET_EDIT_RIGID));
  g_assert_false (runet_editor_press (editor, from, REACH, RUNET_EDIT_RIGID));
  runet_editor_move (editor, (RunetPoint){-INFINITY, 1e300}, RUNET_EDIT_RIGID);
  runet_editor_move (editor, (RunetPoint){NAN, NAN}, RUNET_EDIT_RIGID);
  assert_model (&runet_editor_get_correction (editor)->model, FALSE);
  runet_editor_release (editor, (RunetPoint){1e300, -1e300}, RUNET_EDIT_PLAIN);
  assert_model (&runet_editor_get_correction (editor)->model, FALSE);
  assert_round_trip (runet_editor_get_correction (editor));
}

#define ADD(path, function)                                                    \
  g_test_add ("/editing/editor/points/" path, Fixture, NULL, set_up, function, \
              tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  ADD ("drag", test_drag);
  ADD ("no-memory", test_no_memory);
  ADD ("falloff", test_falloff);
  ADD ("alone", test_alone);
  ADD ("coupled", test_coupled);
  ADD ("rigid", test_rigid);
  g_test_add_func ("/editing/editor/points/turn", test_turn);
  ADD ("apex", test_apex);
  ADD ("annulus", test_annulus);
  ADD ("epi-end", test_epi_end);
  ADD ("insert-and-delete", test_insert_and_delete);
  ADD ("click", test_click);
  ADD ("refused", test_refused);
  ADD ("strange-places", test_strange_places);
  return g_test_run ();
}
