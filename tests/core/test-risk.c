/* The order of the queue: which sign comes before which. */
#include "core/segmentation/risk.h"

#include <math.h>

#include "result-fixture.h"

static void
test_order (void) {
  /* From the riskiest down; each is above the next. */
  static const RunetRisk order[] = {
      {.anatomical = TRUE, .geometrical = TRUE, .disagreement = 0.3},
      {.anatomical = TRUE, .disagreement = 0.3, .uncertainty = NAN, .jump = NAN},
      {.anatomical = TRUE, .disagreement = 0.2, .uncertainty = NAN, .jump = NAN},
      {.anatomical = TRUE, .disagreement = NAN, .uncertainty = NAN, .jump = NAN},
      {.geometrical = TRUE, .failed = TRUE, .disagreement = 0.0},
      {.geometrical = TRUE, .disagreement = 0.0},
      {.failed = TRUE, .disagreement = NAN, .uncertainty = NAN, .jump = NAN},
      {.disagreement = 1.0, .uncertainty = 1.0, .jump = 1.0},
      {.disagreement = 0.2, .uncertainty = 0.4, .jump = 0.02},
      {.disagreement = 0.1, .uncertainty = 0.4, .jump = 0.02},
      {.disagreement = 0.1, .uncertainty = 0.3, .jump = 0.02},
      {.disagreement = 0.1, .uncertainty = 0.3, .jump = 0.01},
      {.disagreement = 0.1, .uncertainty = 0.3, .jump = NAN},
      {.disagreement = NAN, .uncertainty = NAN, .jump = NAN},
  };
  for (guint i = 0; i + 1 < G_N_ELEMENTS (order); i++)
    g_assert_cmpfloat (runet_risk_score (&order[i]), >,
                       runet_risk_score (&order[i + 1]));
  g_assert_cmpfloat (runet_risk_score (&order[G_N_ELEMENTS (order) - 1]), ==, 0);
}

/* However large the graded signs, they do not lift a view over a class. */
static void
test_classes (void) {
  for (guint bits = 0; bits < 7; bits++) {
    RunetRisk low = {(bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0, 1e6, 1e6, 1e6};
    guint next = bits + 1;
    RunetRisk high = {(next & 4) != 0, (next & 2) != 0, (next & 1) != 0, NAN, NAN, NAN};
    g_assert_cmpfloat (runet_risk_score (&low), <, runet_risk_score (&high));
  }
  RunetRisk most = {TRUE, TRUE, TRUE, INFINITY, 1, 1};
  g_assert_true (runet_risk_score (&most) < 15 || isnan (runet_risk_score (&most)));
}

static void
test_assess (void) {
  g_autoptr (RunetFrameResult) plain = result_new (2, 0, FALSE);
  g_autoptr (RunetFrameResult) dented = result_new (2, 22, TRUE);
  g_autoptr (RunetFrameResult) single = result_new (1, 0, FALSE);
  RunetFrameResult *none[RUNET_INSTANTS] = {NULL, NULL};
  RunetRisk risk = runet_risk_assess (none, TRUE, NULL, 0);
  g_assert_true (risk.failed && !risk.anatomical && !risk.geometrical);
  g_assert_true (isnan (risk.disagreement) && isnan (risk.uncertainty) &&
                 isnan (risk.jump));

  RunetFrameResult *both[RUNET_INSTANTS] = {plain, dented};
  risk = runet_risk_assess (both, FALSE, NULL, 0);
  g_assert_true (risk.anatomical);
  g_assert_false (risk.failed);
  g_assert_cmpint (risk.geometrical, ==,
                   dented->stage[RUNET_SHOWN_LAST].comparison->outlier);
  g_assert_cmpfloat (risk.disagreement, ==, dented->disagreement);
  g_assert_cmpfloat (risk.disagreement, >, 0);
  g_assert_cmpfloat (risk.uncertainty, >=, plain->uncertainty);

  /* A model of one stage cannot disagree with itself: nothing is known, rather than nothing wrong. */
  RunetFrameResult *alone[RUNET_INSTANTS] = {single, NULL};
  risk = runet_risk_assess (alone, FALSE, NULL, 0);
  g_assert_true (isnan (risk.disagreement));
}

static void
test_jump (void) {
  RunetFrameResult *none[RUNET_INSTANTS] = {NULL, NULL};
  const double smooth[] = {100, 98, 94, 88, 81, 74, 68, 64, 62};
  const double jumping[] = {100, 98, 94, 88, 51, 74, 68, 64, 62};
  const double sparse[] = {100, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 62};
  RunetRisk calm = runet_risk_assess (none, FALSE, smooth, G_N_ELEMENTS (smooth));
  RunetRisk wild = runet_risk_assess (none, FALSE, jumping, G_N_ELEMENTS (jumping));
  RunetRisk few = runet_risk_assess (none, FALSE, sparse, G_N_ELEMENTS (sparse));
  g_assert_cmpfloat (calm.jump, >, 0);
  g_assert_cmpfloat (wild.jump, >, 0.25);
  g_assert_cmpfloat (wild.jump, <, 0.35);
  g_assert_cmpuint (wild.jump_frame, ==, 4);
  RunetReason reason;
  g_assert_false (runet_risk_get_jump (&calm, &reason));
  g_assert_false (runet_risk_get_jump (&few, &reason));
  g_assert_true (runet_risk_get_jump (&wild, &reason));
  g_assert_cmpint (reason.kind, ==, RUNET_REASON_JUMP);
  g_assert_cmpfloat (reason.value, ==, wild.jump);
  g_assert_true (isnan (few.jump));
}

static void
test_signs (void) {
  g_autoptr (RunetFrameResult) plain = result_new (2, 0, FALSE);
  g_autoptr (GArray) signs = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  plain->uncertainty = 0.2;
  runet_risk_list_signs (plain, signs);
  g_assert_cmpuint (signs->len, ==, 0);
  plain->disagreement = 2 * RUNET_DISAGREEMENT_LIMIT;
  plain->uncertainty = 0.9;
  runet_risk_list_signs (plain, signs);
  g_assert_cmpuint (signs->len, ==, 2);
  const RunetReason *first = &g_array_index (signs, RunetReason, 0);
  g_assert_cmpint (first->kind, ==, RUNET_REASON_STAGES);
  g_assert_cmpint (first->severity, ==, RUNET_SEVERITY_NOTE);
  g_assert_cmpfloat (first->value, ==, plain->disagreement);
  g_assert_cmpint (g_array_index (signs, RunetReason, 1).kind, ==, RUNET_REASON_UNSURE);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segmentation/risk/order", test_order);
  g_test_add_func ("/segmentation/risk/classes", test_classes);
  g_test_add_func ("/segmentation/risk/assess", test_assess);
  g_test_add_func ("/segmentation/risk/jump", test_jump);
  g_test_add_func ("/segmentation/risk/signs", test_signs);
  return g_test_run ();
}
