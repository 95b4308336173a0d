/* The gate: what it lets through, what it stops, and what it says. */
#include "core/retraining/gate.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/cli/small-model.h"
#include "tests/core/small-dataset.h"

static void
free_image (gpointer data) {
  RunetImageEvaluation *image = data;
  runet_comparison_free (image->comparison[0]);
  runet_anatomy_free (image->anatomy[0]);
  g_free (image->comparison);
  g_free (image->anatomy);
  g_free (image->name);
  g_free (image);
}

/* Discs of an axis of 80 mm and of diameters of 40 mm, and of what else gives a volume @ml. */
static RunetDiscs
make_discs (double ml) {
  RunetDiscs discs = {.state = RUNET_DISCS_FOUND, .length_mm = 80};
  double diameter = sqrt (ml * 1000 / (G_PI / 4 * 80));
  for (guint k = 0; k < RUNET_DISCS; k++)
    discs.diameter_mm[k] = diameter;
  return discs;
}

/* Four images of each of @patients patients, all with these figures. @esv_ml: by the model; the expert says 120 and
 * 60 ml. */
static RunetEvaluation *
make_evaluation (guint patients, double dice, double mad, double hd, double esv_ml) {
  RunetEvaluation *evaluation = g_new0 (RunetEvaluation, 1);
  evaluation->stages = 1;
  evaluation->images = g_ptr_array_new_with_free_func (free_image);
  evaluation->skipped = g_ptr_array_new ();
  for (guint i = 0; i < patients * 4; i++) {
    RunetImageEvaluation *image = g_new0 (RunetImageEvaluation, 1);
    image->patient = i / 4;
    image->view = i / 2 % 2;
    image->instant = i % 2;
    image->name =
        g_strdup_printf ("patient%02u_%s_%s", i / 4, runet_view_to_string (image->view),
                         runet_instant_to_string (image->instant));
    image->stages = 1;
    image->comparison = g_new0 (RunetComparison *, 1);
    image->comparison[0] = g_new0 (RunetComparison, 1);
    image->comparison[0]->reasons = g_array_new (FALSE, FALSE, sizeof (RunetReason));
    image->anatomy = g_new0 (RunetAnatomy *, 1);
    image->anatomy[0] = g_new0 (RunetAnatomy, 1);
    image->anatomy[0]->reasons = g_array_new (FALSE, FALSE, sizeof (RunetReason));
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      image->comparison[0]->agreement[s] =
          (RunetAgreement){.dice = dice, .mad_mm = mad, .hd_mm = hd};
    image->expert = make_discs (image->instant == RUNET_INSTANT_ED ? 120 : 60);
    image->found = make_discs (image->instant == RUNET_INSTANT_ED ? 120 : esv_ml);
    g_ptr_array_add (evaluation->images, image);
  }
  return evaluation;
}

static RunetImageEvaluation *
get_image (RunetEvaluation *evaluation, guint i) {
  return evaluation->images->pdata[i];
}

static RunetGate *
compare (RunetEvaluation *candidate) {
  g_autoptr (RunetEvaluation) parent = make_evaluation (10, 0.9, 1.5, 5, 60);
  return runet_gate_new (parent, candidate);
}

static void
assert_verdict (RunetEvaluation *candidate, RunetGateMeasure failed) {
  g_autoptr (RunetGate) gate = compare (candidate);
  g_assert_cmpint (gate->passed, ==, failed == RUNET_GATE_MEASURES);
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++)
    g_assert_cmpint (gate->figures[m].failed, ==, m == failed);
  g_assert_cmpuint (gate->reasons->len, ==, failed == RUNET_GATE_MEASURES ? 0 : 1);
  if (failed == RUNET_GATE_MEASURES)
    return;
  g_test_message ("%s", (char *)gate->reasons->pdata[0]);
  g_assert_true (
      g_str_has_prefix (gate->reasons->pdata[0], runet_gate_limits[failed].name));
}

static void
test_same (void) {
  g_autoptr (RunetEvaluation) same = make_evaluation (10, 0.9, 1.5, 5, 60);
  g_autoptr (RunetGate) gate = compare (same);
  g_assert_true (gate->passed);
  g_assert_cmpuint (gate->patients, ==, 10);
  g_assert_cmpuint (gate->images, ==, 40);
  g_assert_cmpuint (gate->cases->len, ==, 0);
  g_assert_cmpfloat (gate->figures[RUNET_GATE_DICE_ENDO].parent, ==,
                     gate->figures[RUNET_GATE_DICE_ENDO].candidate);
  g_assert_true (isnan (gate->figures[RUNET_GATE_DICE_ENDO].p));
  g_assert_cmpuint (gate->figures[RUNET_GATE_EF_BIAS].count, ==, 10);
  g_assert_cmpfloat_with_epsilon (gate->figures[RUNET_GATE_EF_BIAS].parent, 0, 1e-9);
}

/* Each measure alone, on either side of its limit. */
static void
test_limits (void) {
  for (guint m = 0; m < RUNET_GATE_EF_BIAS; m++)
    for (int beyond = 0; beyond < 2; beyond++) {
      g_autoptr (RunetEvaluation) candidate = make_evaluation (10, 0.9, 1.5, 5, 60);
      double step = runet_gate_limits[m].worsening * (beyond ? 1.02 : 0.98);
      for (guint i = 0; i < candidate->images->len; i++) {
        RunetAgreement *agreement = get_image (candidate, i)->comparison[0]->agreement;
        if (m < RUNET_GATE_MAD_ENDO)
          agreement[m - RUNET_GATE_DICE_ENDO].dice -= step;
        else if (m < RUNET_GATE_HD_ENDO)
          agreement[m - RUNET_GATE_MAD_ENDO].mad_mm += step;
        else
          agreement[m - RUNET_GATE_HD_ENDO].hd_mm += step;
      }
      assert_verdict (candidate, beyond ? m : RUNET_GATE_MEASURES);
    }
}

/* ESV of 61.5 for 60 ml is an EF of 48.75 for 50 %; of 62 one of 48.3. */
static void
test_ef (void) {
  g_autoptr (RunetEvaluation) near = make_evaluation (10, 0.9, 1.5, 5, 61.5);
  g_autoptr (RunetEvaluation) far = make_evaluation (10, 0.9, 1.5, 5, 62);
  g_autoptr (RunetGate) gate = compare (near);
  g_assert_cmpfloat_with_epsilon (gate->figures[RUNET_GATE_EF_BIAS].candidate, 1.25,
                                  1e-6);
  assert_verdict (near, RUNET_GATE_MEASURES);
  assert_verdict (far, RUNET_GATE_EF_BIAS);
}

static void
test_outliers (void) {
  g_autoptr (RunetEvaluation) candidate = make_evaluation (10, 0.9, 1.5, 5, 60);
  /* One of 40 images is 2.5 %, and lets through; two are not. */
  get_image (candidate, 7)->comparison[0]->outlier = TRUE;
  assert_verdict (candidate, RUNET_GATE_MEASURES);
  get_image (candidate, 9)->comparison[0]->outlier = TRUE;
  assert_verdict (candidate, RUNET_GATE_GEOMETRICAL);
  get_image (candidate, 7)->comparison[0]->outlier = FALSE;
  get_image (candidate, 9)->comparison[0]->outlier = FALSE;
  get_image (candidate, 3)->anatomy[0]->outlier = TRUE;
  assert_verdict (candidate, RUNET_GATE_ANATOMICAL);
  g_autoptr (RunetGate) gate = compare (candidate);
  const RunetGateCase *one = gate->cases->pdata[0];
  g_assert_cmpuint (gate->cases->len, ==, 1);
  g_assert_cmpstr (one->name, ==, "patient00_4CH_ES");
  g_assert_true (one->candidate_outlier && !one->parent_outlier);
}

static void
test_cases (void) {
  g_autoptr (RunetEvaluation) candidate = make_evaluation (10, 0.9, 1.5, 5, 60);
  for (guint i = 0; i < 20; i++)
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      get_image (candidate, i)->comparison[0]->agreement[s].dice +=
          i == 4 ? -0.05 : 0.002 * (i + 1);
  g_autoptr (RunetGate) gate = compare (candidate);
  g_assert_true (gate->passed);
  g_assert_cmpuint (gate->cases->len, ==, 20);
  const RunetGateCase *worst = gate->cases->pdata[0], *best = gate->cases->pdata[19];
  g_assert_cmpstr (worst->name, ==, "patient01_2CH_ED");
  g_assert_cmpfloat_with_epsilon (worst->candidate - worst->parent, -0.05, 1e-9);
  g_assert_cmpstr (best->name, ==, "patient04_4CH_ES");
  /* Nineteen better, and the largest change worse: 2 · 190 of 210 ranks. */
  g_assert_cmpfloat (gate->figures[RUNET_GATE_DICE_ENDO].p, <, 0.01);
  g_assert_cmpfloat (gate->figures[RUNET_GATE_DICE_ENDO].p, >, 0.0001);
}

/* An image that one of the two could not do is in neither mean. */
static void
test_missing (void) {
  g_autoptr (RunetEvaluation) candidate = make_evaluation (10, 0.9, 1.5, 5, 60);
  g_ptr_array_remove_index (candidate->images, 5);
  get_image (candidate, 6)->comparison[0]->agreement[RUNET_STRUCTURE_LA].hd_mm = NAN;
  g_autoptr (RunetGate) gate = compare (candidate);
  g_assert_cmpuint (gate->images, ==, 39);
  g_assert_cmpuint (gate->figures[RUNET_GATE_HD_LA].count, ==, 38);
  g_assert_cmpuint (gate->figures[RUNET_GATE_EF_BIAS].count, ==, 9);
  g_autoptr (RunetEvaluation) nobody = make_evaluation (0, 0, 0, 0, 0);
  g_autoptr (RunetGate) empty = compare (nobody);
  g_assert_false (empty->passed);
  g_assert_cmpuint (empty->reasons->len, ==, 1);
}

static void
test_json (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvaluation) candidate = make_evaluation (10, 0.85, 1.5, 5, 60);
  g_autoptr (RunetGate) gate = compare (candidate);
  g_ptr_array_add (gate->skipped, g_strdup ("patient77: expected a mask"));
  g_autoptr (JsonNode) node = runet_gate_to_json (gate);
  g_autoptr (RunetGate) back = runet_gate_from_json (node, &error);
  g_assert_no_error (error);
  g_autoptr (JsonNode) again = runet_gate_to_json (back);
  g_autofree char *a = json_to_string (node, FALSE), *b = json_to_string (again, FALSE);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpuint (back->cases->len, ==, 40);
  g_assert_false (back->passed);

  static const char *const others[] = {"[]", "{}", "3", "{\"passed\":true}",
                                       "{\"passed\":true,\"patients\":-1}"};
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (JsonNode) other = json_from_string (others[i], NULL);
    g_assert_null (runet_gate_from_json (other, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_clear_error (&error);
  }
}

static void
count_cb (const RunetProgress *progress, gpointer user_data) {
  gsize *last = user_data;
  g_assert_cmpuint (progress->done, >, *last);
  g_assert_cmpuint (progress->done, <=, progress->total);
  *last = progress->done;
}

/* Two models over real files: a model and itself are equal. */
static void
test_compare (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *root = small_dataset_new ();
  g_autofree char *path = g_build_filename (root, "model.safetensors", NULL);
  write_small_model (path, 32);
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_autoptr (RunetDataset) dataset = runet_dataset_open (root, NULL, &error);
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 2, &error);
  g_assert_no_error (error);
  gsize done = 0;
  g_autoptr (RunetGate) gate = runet_gate_compare (
      model, model, dataset->patients, engine, count_cb, &done, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done, ==, 12);
  g_assert_true (gate->passed);
  g_assert_cmpuint (gate->images, ==, 4);
  g_assert_cmpuint (gate->skipped->len, ==, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_null (runet_gate_compare (model, model, dataset->patients, engine, NULL,
                                     NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_tree (root);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retraining/gate/same", test_same);
  g_test_add_func ("/retraining/gate/limits", test_limits);
  g_test_add_func ("/retraining/gate/ef", test_ef);
  g_test_add_func ("/retraining/gate/outliers", test_outliers);
  g_test_add_func ("/retraining/gate/cases", test_cases);
  g_test_add_func ("/retraining/gate/missing", test_missing);
  g_test_add_func ("/retraining/gate/json", test_json);
  g_test_add_func ("/retraining/gate/compare", test_compare);
  return g_test_run ();
}
