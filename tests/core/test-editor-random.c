/* Thousands of gestures and commands by a seed, on drawn, phantom and real frames: whatever is done, what is left is sound,
 * is read again as it was written, and can be undone to the bit. And the commands of the keyboard. */
#include "tests/core/editing-fixture.h"

#define GESTURES 300

/* Often on a contour, at times anywhere, seldom nowhere. */
static RunetPoint
choose_place (RunetEditor *editor, GRand *random) {
  const RunetCorrection *now = runet_editor_get_correction (editor);
  const double width = (double)now->grid->width, height = (double)now->grid->height;
  const int structure = g_rand_int_range (random, 0, RUNET_STRUCTURES);
  const guint count = now->model.count[structure];
  if (count > 0 && g_rand_int_range (random, 0, 10) < 7)
    return shift (runet_spline_at (now->model.points[structure], count,
                                   g_rand_double_range (random, 0, count - 1)),
                  g_rand_double_range (random, -3, 3),
                  g_rand_double_range (random, -3, 3));
  const RunetPoint strange[] = {{NAN, 1}, {-1e9, 1e9}, {INFINITY, -INFINITY}};
  if (g_rand_int_range (random, 0, 20) == 0)
    return strange[g_rand_int_range (random, 0, G_N_ELEMENTS (strange))];
  return (RunetPoint){g_rand_double_range (random, 0, width),
                      g_rand_double_range (random, 0, height)};
}

static void
choose_settings (RunetEditor *editor, GRand *random) {
  runet_editor_set_tool (editor, g_rand_int_range (random, 0, RUNET_TOOLS));
  runet_editor_set_structure (editor,
                              g_rand_int_range (random, 0, RUNET_STRUCTURES + 1));
  runet_editor_set_radius_mm (editor, g_rand_double_range (random, 0, 12));
  runet_editor_set_falloff_mm (editor, g_rand_double_range (random, 0, 50));
  runet_editor_set_allow_faults (editor, g_rand_int_range (random, 0, 10) == 0);
}

static gboolean
make_gesture (RunetEditor *editor, GRand *random) {
  const RunetEditModifiers modifiers[] = {RUNET_EDIT_PLAIN, RUNET_EDIT_PLAIN,
                                          RUNET_EDIT_ALONE, RUNET_EDIT_COUPLED,
                                          RUNET_EDIT_RIGID, 7};
  const RunetEditModifiers held = modifiers[g_rand_int_range (random, 0, 6)];
  RunetPoint at = choose_place (editor, random);
  if (!runet_editor_press (editor, at, REACH, held))
    return FALSE;
  const double speed = g_rand_double_range (random, 0.2, 6);
  const double dx = g_rand_double_range (random, -speed, speed);
  const double dy = g_rand_double_range (random, -speed, speed);
  const int moves = g_rand_int_range (random, 0, 12);
  for (int i = 0; i < moves; i++) {
    at = shift (at, dx + g_rand_double_range (random, -1, 1), dy);
    runet_editor_move (editor, at, held);
    assert_model (&runet_editor_get_correction (editor)->model, FALSE);
  }
  if (g_rand_int_range (random, 0, 8) == 0) {
    runet_editor_cancel (editor);
    return FALSE;
  }
  return runet_editor_release (editor, at, held);
}

static gboolean
give_command (RunetEditor *editor, const RunetCorrection *other, GRand *random) {
  const RunetStructure structure = g_rand_int_range (random, 0, RUNET_STRUCTURES + 1);
  runet_editor_walk (editor, g_rand_boolean (random) ? 1 : -1);
  switch (g_rand_int_range (random, 0, 9)) {
  case 0:
    return runet_editor_delete (editor);
  case 1:
    return runet_editor_insert (editor);
  case 2:
    return g_rand_int_range (random, 0, 5) == 0 &&
           runet_editor_revert (editor, structure);
  case 3:
    return runet_editor_take_stage1 (editor, structure);
  case 4:
    return g_rand_int_range (random, 0, 5) == 0 &&
           runet_editor_adopt (editor, other, "copy", TRUE);
  default:
    return runet_editor_nudge (editor, g_rand_double_range (random, -2, 2),
                               g_rand_double_range (random, -2, 2),
                               g_rand_int_range (random, 0, 8));
  }
}

/* Contours that the annulus does not belong to keep their pixels. */
static void
assert_result (RunetEditor *editor,
               const RunetCorrection *before,
               GBytes *before_json,
               gboolean changed) {
  const RunetCorrection *now = runet_editor_get_correction (editor);
  g_autoptr (GBytes) json = runet_correction_serialise (before);
  g_assert_true (g_bytes_equal (json, before_json));
  assert_model (&now->model, FALSE);
  g_assert_true ((now->painted != NULL) == (now->source[0] == RUNET_SOURCE_PAINTED ||
                                            now->source[1] == RUNET_SOURCE_PAINTED ||
                                            now->source[2] == RUNET_SOURCE_PAINTED));
  if (!changed)
    g_assert_true (now == before);
  else {
    g_assert_true (runet_editor_get_before (editor) == before);
    g_assert_false (runet_correction_equal (now, before));
  }
}

static void
run (RunetCorrection *correction, const RunetCorrection *other, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_autoptr (GPtrArray) past =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_correction_unref);
  g_autofree guint8 *stage1 = draw (other);
  if (count_pixels (other) == count_pixels (correction))
    runet_editor_set_stage1 (editor, stage1);
  guint changes = 0;
  for (int i = 0; i < GESTURES; i++) {
    RunetCorrection *before =
        runet_correction_ref ((RunetCorrection *)runet_editor_get_correction (editor));
    g_ptr_array_add (past, before);
    g_autoptr (GBytes) json = runet_correction_serialise (before);
    choose_settings (editor, random);
    const gboolean changed = g_rand_int_range (random, 0, 4) == 0
                                 ? give_command (editor, other, random)
                                 : make_gesture (editor, random);
    changes += changed;
    g_assert_false (runet_editor_is_active (editor));
    assert_result (editor, before, json, changed);
    if (i % 10 == 0)
      assert_round_trip (runet_editor_get_correction (editor));
    if (i % 25 == 24) {
      /* Undone by some steps. */
      const guint back = (guint)g_rand_int_range (random, 0, 5);
      runet_editor_set_correction (editor, past->pdata[past->len - 1 - back]);
    }
  }
  g_test_message ("%u of %d changed something", changes, GESTURES);
  g_assert_cmpuint (changes, >, GESTURES / 8);
  runet_editor_revert (editor, RUNET_STRUCTURES);
  g_assert_false (runet_correction_is_edited (runet_editor_get_correction (editor)));
}

static void
test_drawn (void) {
  for (guint32 seed = 0; seed < 4; seed++) {
    g_autoptr (RunetCorrection) correction =
        seed % 2 ? make_drawn (0.6, 0.7, 0.5) : make_usual ();
    g_autoptr (RunetEditor) editor = runet_editor_new (correction);
    runet_editor_select (editor, RUNET_STRUCTURE_ENDO, 2);
    g_assert_true (runet_editor_nudge (editor, 3, 1, RUNET_EDIT_PLAIN));
    g_autofree guint8 *labels = draw (runet_editor_get_correction (editor));
    g_autoptr (RunetCorrection) other = runet_correction_new (correction->grid, labels);
    run (correction, other, seed);
  }
}

static void
test_phantoms (void) {
  for (guint number = 0; number < 4; number++) {
    const RunetView view = number % 2 ? RUNET_VIEW_A2C : RUNET_VIEW_A4C;
    g_autoptr (RunetCorrection) correction = make_phantom (number, view, 0.2);
    g_autoptr (RunetCorrection) other = make_phantom (number, view, 0.4);
    run (correction, other, 100 + number);
  }
}

static void
test_real (void) {
  const char *const names[] = {"patient0285/patient0285_4CH_ED_gt.nii.gz",
                               "patient0438/patient0438_4CH_ES_gt.nii.gz"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = g_strconcat ("native_nifti/", names[i], NULL);
    g_autoptr (RunetCorrection) correction = make_real (name);
    if (correction == NULL)
      return;
    run (correction, correction, 200 + i);
  }
}

/* Where no faults are allowed, none come, and what a gesture does not work on stays. */
static void
test_sound (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  const RunetTool spline_tools[] = {RUNET_TOOL_POINTS, RUNET_TOOL_PUSH,
                                    RUNET_TOOL_REDRAW};
  for (int i = 0; i < 2 * GESTURES; i++) {
    const RunetCorrection *now;
    choose_settings (editor, random);
    runet_editor_set_tool (editor, spline_tools[g_rand_int_range (random, 0, 3)]);
    runet_editor_set_allow_faults (editor, FALSE);
    make_gesture (editor, random);
    now = runet_editor_get_correction (editor);
    assert_model (&now->model, TRUE);
    g_assert_cmpint (runet_contour_model_check (&now->model, now->grid->width,
                                                now->grid->height, 0.4, 0.4,
                                                RUNET_CONTOUR_THICKNESS_MM, NULL, NULL),
                     ==, RUNET_CONTOUR_SOUND);
    g_autofree guint8 *before = draw (runet_editor_get_before (editor));
    g_autofree guint8 *after = draw (now);
    for (int s = 0; s < RUNET_STRUCTURES; s++)
      if (s != RUNET_STRUCTURE_EPI && now->source[s] == RUNET_SOURCE_ORIGINAL)
        g_assert_cmpuint (count_changes (before, after, count_pixels (now), s), ==, 0);
  }
}

/* ---- By keyboard ---- */

static void
test_walk (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  guint all = 0;
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    all += get_count (editor, s);
  g_assert_true (runet_editor_walk (editor, 1));
  const RunetHit first = runet_editor_get_selected (editor);
  g_assert_cmpint (first.kind, ==, RUNET_HIT_ANNULUS);
  for (guint i = 0; i + 2 < all; i++)
    runet_editor_walk (editor, 1);
  g_assert_cmpuint (runet_editor_get_selected (editor).index, ==, first.index);
  g_assert_cmpint (runet_editor_get_selected (editor).structure, ==, first.structure);
  runet_editor_walk (editor, -1);
  g_assert_cmpint (runet_editor_get_selected (editor).structure, ==,
                   RUNET_STRUCTURE_LA);
  runet_editor_select (editor, RUNET_STRUCTURE_EPI, 99);
  g_assert_cmpint (runet_editor_get_selected (editor).kind, ==, RUNET_HIT_NOTHING);
  g_assert_false (runet_editor_nudge (editor, 1, 1, RUNET_EDIT_PLAIN));
}

static void
test_keys (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  runet_editor_select (editor, RUNET_STRUCTURE_ENDO, 0);
  g_assert_false (runet_editor_delete (editor));
  runet_editor_select (editor, RUNET_STRUCTURE_ENDO, correction->model.apex);
  g_assert_false (runet_editor_delete (editor));
  runet_editor_select (editor, RUNET_STRUCTURE_LA, 2);
  const RunetPoint from = get_point (editor, RUNET_STRUCTURE_LA, 2);
  g_assert_true (runet_editor_nudge (editor, 1, -0.4, RUNET_EDIT_ALONE));
  g_assert_cmpstr (runet_editor_get_gesture (editor), ==, "nudge");
  g_assert_cmpfloat_with_epsilon (get_point (editor, RUNET_STRUCTURE_LA, 2).x,
                                  from.x + 2.5, 1e-9);
  const guint count = get_count (editor, RUNET_STRUCTURE_LA);
  g_assert_true (runet_editor_insert (editor));
  g_assert_cmpuint (runet_editor_get_selected (editor).index, ==, 3);
  while (get_count (editor, RUNET_STRUCTURE_LA) > RUNET_CONTOUR_POINTS_MIN) {
    runet_editor_select (editor, RUNET_STRUCTURE_LA, 1);
    runet_editor_set_allow_faults (editor, TRUE);
    g_assert_true (runet_editor_delete (editor));
  }
  g_assert_cmpuint (count, >, RUNET_CONTOUR_POINTS_MIN);
  runet_editor_select (editor, RUNET_STRUCTURE_LA, 1);
  g_assert_false (runet_editor_delete (editor));
  for (guint i = 3; i < RUNET_CONTOUR_POINTS_MAX; i++)
    g_assert_true (runet_editor_insert (editor));
  g_assert_false (runet_editor_insert (editor));
  assert_round_trip (runet_editor_get_correction (editor));
  g_assert_true (runet_editor_revert (editor, RUNET_STRUCTURE_LA));
  assert_equal (runet_editor_get_correction (editor), correction);
  g_assert_false (runet_editor_revert (editor, RUNET_STRUCTURES));
}

static void
test_adopt (void) {
  g_autoptr (RunetCorrection) mine = make_phantom (1, RUNET_VIEW_A4C, 0.2);
  g_autoptr (RunetCorrection) next = make_phantom (1, RUNET_VIEW_A4C, 0.3);
  g_autoptr (RunetEditor) editor = runet_editor_new (mine);
  runet_editor_select (editor, RUNET_STRUCTURE_ENDO, 3);
  g_assert_true (runet_editor_nudge (editor, 2, 0, RUNET_EDIT_PLAIN));
  g_autoptr (RunetCorrection) edited =
      runet_correction_ref ((RunetCorrection *)runet_editor_get_correction (editor));
  /* To the next frame. */
  g_autoptr (RunetEditor) other = runet_editor_new (next);
  g_assert_true (runet_editor_adopt (other, edited, "copy", TRUE));
  const RunetCorrection *copied = runet_editor_get_correction (other);
  g_assert_cmpstr (runet_editor_get_gesture (other), ==, "copy");
  g_assert_true (copied->derived);
  g_assert_true (copied->original == next->original);
  g_assert_cmpint (copied->source[RUNET_STRUCTURE_ENDO], ==, RUNET_SOURCE_SPLINE);
  for (guint i = 0; i < edited->model.count[RUNET_STRUCTURE_ENDO]; i++)
    g_assert_cmpfloat (copied->model.points[RUNET_STRUCTURE_ENDO][i].x, ==,
                       edited->model.points[RUNET_STRUCTURE_ENDO][i].x);
  assert_model (&copied->model, TRUE);
  /* What is touched is no longer derived. */
  runet_editor_select (other, RUNET_STRUCTURE_ENDO, 2);
  g_assert_true (runet_editor_nudge (other, 0.5, 0, RUNET_EDIT_PLAIN));
  g_assert_false (runet_editor_get_correction (other)->derived);
  /* From another author of the same frame: all as it is. */
  g_autoptr (RunetEditor) second = runet_editor_new (mine);
  g_assert_true (runet_editor_adopt (second, edited, "adopt", FALSE));
  assert_equal (runet_editor_get_correction (second), edited);
  /* Of another size: nothing. */
  g_autoptr (RunetCorrection) large = make_drawn (2, 0.2, 0.2);
  g_assert_false (runet_editor_adopt (second, large, "adopt", FALSE));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/editing/editor/random/drawn", test_drawn);
  g_test_add_func ("/editing/editor/random/phantoms", test_phantoms);
  g_test_add_func ("/editing/editor/random/real", test_real);
  g_test_add_func ("/editing/editor/random/sound", test_sound);
  g_test_add_func ("/editing/editor/keys/walk", test_walk);
  g_test_add_func ("/editing/editor/keys/points", test_keys);
  g_test_add_func ("/editing/editor/keys/adopt", test_adopt);
  return g_test_run ();
}
