/* Brush and eraser, and the stretches that somebody is not sure of. */
#include "tests/core/editing-fixture.h"

/* Rules by a naive painter: what a pixel within the disc becomes. */
static guint8
paint_pixel (guint8 old, RunetStructure structure, gboolean erases, gboolean inside) {
  if (!erases)
    switch (structure) {
    case RUNET_STRUCTURE_ENDO:
      return RUNET_LABEL_LV;
    case RUNET_STRUCTURE_EPI:
      return old == RUNET_LABEL_LV ? old : RUNET_LABEL_MYOCARDIUM;
    default:
      return old == RUNET_LABEL_LV ? old : RUNET_LABEL_LA;
    }
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return old != RUNET_LABEL_LV ? old
           : inside              ? RUNET_LABEL_MYOCARDIUM
                                 : RUNET_LABEL_BACKGROUND;
  case RUNET_STRUCTURE_EPI:
    return old == RUNET_LABEL_MYOCARDIUM ? RUNET_LABEL_BACKGROUND : old;
  default:
    return old == RUNET_LABEL_LA ? RUNET_LABEL_BACKGROUND : old;
  }
}

static double
get_distance_mm (RunetPoint p, RunetPoint a, RunetPoint b) {
  double nearest = G_MAXDOUBLE;
  for (int i = 0; i <= 1000; i++)
    nearest = fmin (nearest, hypot ((a.x + (b.x - a.x) * i / 1000 - p.x) * 0.4,
                                    (a.y + (b.y - a.y) * i / 1000 - p.y) * 0.4));
  return nearest;
}

typedef struct {
  const char *name;
  RunetStructure structure;
  gboolean erases;
  RunetPoint from, to;
} Stroke;

static const Stroke strokes[] = {
    {"endo-into-wall", RUNET_STRUCTURE_ENDO, FALSE, {105, 150}, {95, 180}},
    {"endo-out", RUNET_STRUCTURE_ENDO, FALSE, {150, 150}, {20, 150}},
    {"endo-into-la", RUNET_STRUCTURE_ENDO, FALSE, {150, 200}, {150, 250}},
    {"endo-erased", RUNET_STRUCTURE_ENDO, TRUE, {105, 150}, {110, 190}},
    {"epi", RUNET_STRUCTURE_EPI, FALSE, {150, 60}, {60, 100}},
    {"epi-erased", RUNET_STRUCTURE_EPI, TRUE, {230, 150}, {200, 200}},
    {"la", RUNET_STRUCTURE_LA, FALSE, {150, 250}, {220, 230}},
    {"la-over-endo", RUNET_STRUCTURE_LA, FALSE, {200, 230}, {170, 190}},
    {"la-erased", RUNET_STRUCTURE_LA, TRUE, {100, 280}, {150, 330}},
};

static void
test_stroke (gconstpointer data) {
  const Stroke *stroke = data;
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, stroke->erases ? RUNET_TOOL_ERASER : RUNET_TOOL_BRUSH);
  runet_editor_set_structure (editor, stroke->structure);
  runet_editor_set_radius_mm (editor, 3);
  g_assert_true (drag (editor, stroke->from, stroke->to, 7, RUNET_EDIT_PLAIN));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==,
                   stroke->erases ? "eraser" : "brush");
  const RunetCorrection *now = runet_editor_get_correction (editor);
  const gsize count = count_pixels (now), width = now->grid->width;
  g_autofree guint8 *before = draw (correction), *after = draw (now);
  gsize changes = 0;
  for (gsize i = 0; i < count; i++) {
    const RunetPoint p = {(double)(i % width) + 0.5, (double)(i / width) + 0.5};
    const double distance = get_distance_mm (p, stroke->from, stroke->to);
    changes += before[i] != after[i];
    if (distance > 3.001)
      g_assert_cmpuint (after[i], ==, before[i]);
    else if (distance < 2.999)
      g_assert_cmpuint (
          after[i], ==,
          paint_pixel (before[i], stroke->structure, stroke->erases, TRUE));
  }
  g_assert_cmpuint (changes, >, 50);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    g_assert_cmpint (now->source[s], ==,
                     count_changes (before, after, count, s) > 0
                         ? RUNET_SOURCE_PAINTED
                         : RUNET_SOURCE_ORIGINAL);
  assert_model (&now->model, FALSE);
  assert_round_trip (now);
}

/* What stands out of the wall becomes background again. */
static void
test_erase_outside (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_allow_faults (editor, TRUE);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  const guint side = correction->model.apex / 2;
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_ENDO, side);
  const RunetPoint to = shift (from, -60, 0);
  g_assert_true (drag (editor, from, to, 5, RUNET_EDIT_PLAIN));
  runet_editor_set_tool (editor, RUNET_TOOL_ERASER);
  g_assert_true (drag (editor, to, shift (to, 10, 0), 5, RUNET_EDIT_PLAIN));
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_autofree guint8 *after = draw (now);
  g_assert_cmpuint (after[(gsize)to.y * now->grid->width + (gsize)to.x + 6], ==,
                    RUNET_LABEL_BACKGROUND);
}

/* From pixels to a spline and back to pixels. */
static void
test_then_points (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_autofree guint8 *before = draw (correction);
  const gsize count = count_pixels (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_BRUSH);
  /* Nothing chosen: the pointer is in the atrium. */
  g_assert_true (drag (editor, (RunetPoint){110, 290}, (RunetPoint){90, 300}, 4,
                       RUNET_EDIT_PLAIN));
  const RunetCorrection *painted = runet_editor_get_correction (editor);
  g_assert_cmpint (painted->source[RUNET_STRUCTURE_LA], ==, RUNET_SOURCE_PAINTED);
  g_autofree guint8 *after = draw (painted);
  const gsize gained = count_changes (before, after, count, RUNET_STRUCTURE_LA);
  g_assert_cmpuint (gained, >, 100);
  runet_editor_set_tool (editor, RUNET_TOOL_POINTS);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_LA);
  const RunetPoint p = get_point (editor, RUNET_STRUCTURE_LA, 2);
  g_assert_true (drag (editor, p, shift (p, 1, 1), 1, RUNET_EDIT_ALONE));
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_assert_cmpint (now->source[RUNET_STRUCTURE_LA], ==, RUNET_SOURCE_SPLINE);
  g_assert_null (now->painted);
  /* The spline began with what was painted. */
  g_autofree guint8 *drawn = draw (now);
  g_assert_cmpuint (count_changes (after, drawn, count, RUNET_STRUCTURE_LA), <,
                    count_changes (before, drawn, count, RUNET_STRUCTURE_LA));
  for (int s = 0; s < RUNET_STRUCTURE_LA; s++)
    g_assert_cmpuint (count_changes (before, drawn, count, s), ==, 0);
  assert_model (&now->model, TRUE);
}

/* Erased down to the last pixel. */
static void
test_erase_all (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_ERASER);
  runet_editor_set_radius_mm (editor, 1000);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    runet_editor_set_structure (editor, s);
    for (int i = 0; i < 4; i++)
      drag (editor, (RunetPoint){40, 20.0 + 100 * i}, (RunetPoint){260, 20.0 + 100 * i},
            10, RUNET_EDIT_PLAIN);
  }
  runet_editor_set_structure (editor, RUNET_STRUCTURE_EPI);
  for (int i = 0; i < 4; i++)
    drag (editor, (RunetPoint){40, 20.0 + 100 * i}, (RunetPoint){260, 20.0 + 100 * i},
          10, RUNET_EDIT_PLAIN);
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_autofree guint8 *labels = draw (now);
  for (gsize i = 0; i < count_pixels (now); i++)
    g_assert_cmpuint (labels[i], ==, RUNET_LABEL_BACKGROUND);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    g_assert_cmpuint (now->model.count[s], ==, 0);
  assert_round_trip (now);
  /* And begun again. */
  runet_editor_set_tool (editor, RUNET_TOOL_BRUSH);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  g_assert_true (drag (editor, (RunetPoint){150, 100}, (RunetPoint){150, 200}, 10,
                       RUNET_EDIT_PLAIN));
  g_assert_cmpuint (get_count (editor, RUNET_STRUCTURE_ENDO), >, 0);
  assert_model (&runet_editor_get_correction (editor)->model, FALSE);
}

static void
test_paint_cancel (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_autofree guint8 *before = draw (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_BRUSH);
  runet_editor_set_structure (editor, RUNET_STRUCTURE_ENDO);
  runet_editor_press (editor, (RunetPoint){100, 150}, REACH, RUNET_EDIT_PLAIN);
  g_assert_true (runet_editor_move (editor, (RunetPoint){90, 100}, RUNET_EDIT_PLAIN));
  runet_editor_set_tool (editor, RUNET_TOOL_PUSH);
  g_assert_false (runet_editor_is_active (editor));
  g_assert_true (runet_editor_get_correction (editor) == correction);
  g_autofree guint8 *after = draw (correction);
  g_assert_cmpmem (before, count_pixels (correction), after, count_pixels (correction));
}

/* ---- Uncertain stretches ---- */

static RunetPoint
get_curve (const RunetCorrection *correction, double fraction) {
  return runet_contour_model_at (&correction->model, RUNET_STRUCTURE_EPI, fraction, 0.4,
                                 0.4);
}

static gboolean
mark (RunetEditor *editor, double from, double to) {
  const RunetCorrection *now = runet_editor_get_correction (editor);
  if (!runet_editor_press (editor, get_curve (now, from), REACH, RUNET_EDIT_PLAIN))
    return FALSE;
  for (int i = 1; i < 10; i++)
    runet_editor_move (editor, get_curve (now, from + (to - from) * i / 10),
                       RUNET_EDIT_PLAIN);
  return runet_editor_release (editor, get_curve (now, to), RUNET_EDIT_PLAIN);
}

static void
assert_stretches (RunetEditor *editor, guint count, const double *ends) {
  const GArray *stretches = runet_editor_get_correction (editor)->uncertain;
  g_assert_cmpuint (stretches->len, ==, count);
  for (guint i = 0; i < count; i++) {
    const RunetUncertainStretch *stretch =
        &g_array_index (stretches, RunetUncertainStretch, i);
    g_assert_cmpint (stretch->structure, ==, RUNET_STRUCTURE_EPI);
    g_assert_cmpfloat_with_epsilon (stretch->from, ends[2 * i], 0.01);
    g_assert_cmpfloat_with_epsilon (stretch->to, ends[2 * i + 1], 0.01);
  }
}

static void
test_uncertain (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_autofree guint8 *before = draw (correction);
  runet_editor_set_tool (editor, RUNET_TOOL_UNCERTAIN);
  g_assert_true (mark (editor, 0.2, 0.4));
  assert_stretches (editor, 1, (double[]){0.2, 0.4});
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "uncertain");
  g_assert_true (mark (editor, 0.9, 0.8));
  assert_stretches (editor, 2, (double[]){0.2, 0.4, 0.8, 0.9});
  /* From outside into a marked one: joined. */
  g_assert_true (mark (editor, 0.5, 0.3));
  assert_stretches (editor, 2, (double[]){0.8, 0.9, 0.2, 0.5});
  /* From inside: cleared, in the middle. */
  g_assert_true (mark (editor, 0.3, 0.4));
  assert_stretches (editor, 3, (double[]){0.8, 0.9, 0.2, 0.3, 0.4, 0.5});
  assert_round_trip (runet_editor_get_correction (editor));
  /* A click clears one; beside all it is nothing. */
  g_assert_true (mark (editor, 0.85, 0.85));
  assert_stretches (editor, 2, (double[]){0.2, 0.3, 0.4, 0.5});
  g_assert_false (mark (editor, 0.7, 0.7));
  g_autofree guint8 *after = draw (runet_editor_get_correction (editor));
  g_assert_cmpmem (before, count_pixels (correction), after, count_pixels (correction));
  g_assert_true (runet_editor_revert (editor, RUNET_STRUCTURES));
  assert_equal (runet_editor_get_correction (editor), correction);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (strokes); i++) {
    g_autofree char *path =
        g_strconcat ("/editing/editor/paint/stroke/", strokes[i].name, NULL);
    g_test_add_data_func (path, &strokes[i], test_stroke);
  }
  g_test_add_func ("/editing/editor/paint/erase-outside", test_erase_outside);
  g_test_add_func ("/editing/editor/paint/then-points", test_then_points);
  g_test_add_func ("/editing/editor/paint/erase-all", test_erase_all);
  g_test_add_func ("/editing/editor/paint/cancel", test_paint_cancel);
  g_test_add_func ("/editing/editor/uncertain", test_uncertain);
  return g_test_run ();
}
