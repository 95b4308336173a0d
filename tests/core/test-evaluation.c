/* Evaluation on hand-made masks whose figures are known, and the calibration of the limits. */
#include "core/training/evaluation.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/training/calibration.h"
#include "small-dataset.h"

typedef struct {
  char *root;
  char *predictions;
  RunetDataset *dataset;
  RunetPool *pool;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->root = small_dataset_new ();
  fixture->predictions = g_dir_make_tmp ("runet-predictions-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->dataset = runet_dataset_open (fixture->root, NULL, &error);
  g_assert_no_error (error);
  fixture->pool = runet_pool_new (2);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  remove_tree (fixture->root);
  remove_tree (fixture->predictions);
  g_free (fixture->root);
  g_free (fixture->predictions);
  runet_dataset_unref (fixture->dataset);
  runet_pool_free (fixture->pool);
}

static RunetEvaluation *
evaluate (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  RunetEvaluation *evaluation =
      runet_evaluation_of_predictions (fixture->dataset->patients, fixture->predictions,
                                       fixture->pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return evaluation;
}

/* Perfect at ED, two columns (1 mm) off at ES: Dice of the LV 1 and 18/20. */
static void
test_known_figures (Fixture *fixture, gconstpointer data) {
  static const char *const names[] = {
      "patient0001_2CH_ED_pred.nii.gz", "patient0001_2CH_ES_pred.nii.gz",
      "patient0001_4CH_ED_pred.nii.gz", "patient0001_4CH_ES_pred.nii.gz"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    small_write_labels (fixture->predictions, names[i], SMALL_WIDTH, SMALL_HEIGHT,
                        i % 2 == 0 ? 20 : 22);
  g_autoptr (RunetEvaluation) evaluation = evaluate (fixture);
  g_assert_cmpuint (evaluation->stages, ==, 1);
  g_assert_cmpuint (evaluation->images->len, ==, 4);
  const RunetImageEvaluation *image = g_ptr_array_index (evaluation->images, 1);
  g_assert_cmpstr (image->name, ==, "patient0001_2CH_ES");
  const RunetAgreement *endo = &image->comparison[0]->agreement[RUNET_STRUCTURE_ENDO];
  g_assert_cmpfloat_with_epsilon (endo->dice, 0.9, 1e-12);
  g_assert_cmpfloat_with_epsilon (endo->hd_mm, 1.0, 1e-6);

  RunetStageSummary all = runet_evaluation_summarize (evaluation, 0, RUNET_INSTANTS);
  RunetStageSummary es = runet_evaluation_summarize (evaluation, 0, RUNET_INSTANT_ES);
  g_assert_cmpuint (all.images, ==, 4);
  g_assert_cmpfloat_with_epsilon (all.dice[RUNET_STRUCTURE_ENDO].mean, 0.95, 1e-12);
  g_assert_cmpfloat_with_epsilon (all.dice[RUNET_STRUCTURE_ENDO].sd,
                                  0.05 * sqrt (4.0 / 3), 1e-12);
  /* 28 columns of which 26 are shared. */
  g_assert_cmpfloat_with_epsilon (es.dice[RUNET_STRUCTURE_EPI].mean, 26.0 / 28, 1e-12);
  g_assert_cmpfloat_with_epsilon (all.hd_mm[RUNET_STRUCTURE_ENDO].mean, 0.5, 1e-6);
  g_assert_cmpuint (es.images, ==, 2);
  g_assert_cmpfloat_with_epsilon (es.hd_mm[RUNET_STRUCTURE_LA].mean, 1.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (es.hd_mm[RUNET_STRUCTURE_LA].sd, 0, 1e-6);
  g_assert_cmpuint (all.geometrical, ==, 0);
}

/* Stages are taken where all are there; the final label map is not needed then. 20 columns are
 * 10 mm: a geometrical outlier. */
static void
test_stages (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder =
      g_build_filename (fixture->predictions, "patient0001", NULL);
  g_mkdir (folder, 0777);
  static const char *const stems[] = {"2CH_ED", "2CH_ES", "4CH_ED", "4CH_ES"};
  for (gsize i = 0; i < G_N_ELEMENTS (stems); i++) {
    g_autofree char *first = g_strdup_printf ("patient0001_%s_stage1.nii", stems[i]);
    g_autofree char *second = g_strdup_printf ("patient0001_%s_stage2.mha", stems[i]);
    small_write_labels (folder, first, SMALL_WIDTH, SMALL_HEIGHT, 40);
    small_write_labels (folder, second, SMALL_WIDTH, SMALL_HEIGHT, 20);
  }
  g_autoptr (RunetEvaluation) evaluation = evaluate (fixture);
  g_assert_cmpuint (evaluation->stages, ==, 2);
  RunetStageSummary first = runet_evaluation_summarize (evaluation, 0, RUNET_INSTANTS);
  RunetStageSummary second = runet_evaluation_summarize (evaluation, 1, RUNET_INSTANTS);
  g_assert_cmpfloat (first.dice[RUNET_STRUCTURE_ENDO].mean, ==, 0);
  g_assert_cmpuint (first.geometrical, ==, 4);
  g_assert_cmpfloat (second.dice[RUNET_STRUCTURE_ENDO].mean, ==, 1);
  g_assert_cmpfloat (second.mad_mm[RUNET_STRUCTURE_EPI].mean, ==, 0);
  g_assert_cmpuint (second.geometrical, ==, 0);
}

static void
write_other_spacing (const char *folder, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RunetGrid) grid = runet_grid_new (
      SMALL_WIDTH, SMALL_HEIGHT, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  g_assert_true (runet_label_map_write (map, path, &error));
  g_assert_no_error (error);
}

/* Nothing, something of another size or spacing, and something that is no image: said, and the rest goes on. */
static void
test_skipped (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  small_write_labels (fixture->predictions, "patient0001_2CH_ED_pred.nii.gz",
                      SMALL_WIDTH, SMALL_HEIGHT, 20);
  small_write_labels (fixture->predictions, "patient0001_2CH_ES_pred.nii.gz",
                      SMALL_WIDTH + 1, SMALL_HEIGHT, 20);
  write_other_spacing (fixture->predictions, "patient0001_4CH_ES_pred.nii.gz");
  g_autofree char *bad =
      g_build_filename (fixture->predictions, "patient0001_4CH_ED_pred.nii.gz", NULL);
  g_assert_true (g_file_set_contents (bad, "no image", -1, &error));
  g_autoptr (RunetEvaluation) evaluation = evaluate (fixture);
  g_assert_cmpuint (evaluation->images->len, ==, 1);
  static const struct {
    const char *image, *why;
  } expected[] = {
      {"patient0001_2CH_ES", "65 × 48"},
      {"patient0001_4CH_ED", "patient0001_4CH_ED_pred.nii.gz"},
      {"patient0001_4CH_ES", "0.5 × 0.25 mm as the expert's mask has"},
      {"patient0002_4CH_ED", "mask"},
      {"patient0002_4CH_ES", "expected patient0002_4CH_ES_pred.*"},
  };
  g_assert_cmpuint (evaluation->skipped->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    const RunetProblem *problem = g_ptr_array_index (evaluation->skipped, i);
    g_test_message ("%s: %s", problem->path, problem->message);
    g_assert_cmpstr (problem->path, ==, expected[i].image);
    g_assert_nonnull (strstr (problem->message, expected[i].why));
  }
  g_assert_null (runet_evaluation_of_predictions (fixture->dataset->patients,
                                                  "/nowhere/at/all", fixture->pool,
                                                  NULL, NULL, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
}

/* A structure that was not found: an outlier of both kinds, and not in the mean distance. */
static void
test_missing_structure (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (SMALL_WIDTH, SMALL_HEIGHT, 1, SMALL_SPACING_X_MM,
                      SMALL_SPACING_Y_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) empty = runet_label_map_new (grid, &error);
  g_autofree char *path =
      g_build_filename (fixture->predictions, "patient0001_2CH_ED_pred.nii.gz", NULL);
  g_assert_true (runet_label_map_write (empty, path, &error));
  small_write_labels (fixture->predictions, "patient0001_2CH_ES_pred.nii.gz",
                      SMALL_WIDTH, SMALL_HEIGHT, 22);
  g_autoptr (RunetEvaluation) evaluation = evaluate (fixture);
  RunetStageSummary all = runet_evaluation_summarize (evaluation, 0, RUNET_INSTANTS);
  g_assert_cmpuint (all.images, ==, 2);
  g_assert_cmpfloat_with_epsilon (all.dice[RUNET_STRUCTURE_ENDO].mean, 0.45, 1e-12);
  g_assert_cmpuint (all.hd_mm[RUNET_STRUCTURE_ENDO].count, ==, 1);
  g_assert_cmpfloat_with_epsilon (all.hd_mm[RUNET_STRUCTURE_ENDO].mean, 1, 1e-6);
  g_assert_true (isnan (all.hd_mm[RUNET_STRUCTURE_ENDO].sd));
  RunetStageSummary ed = runet_evaluation_summarize (evaluation, 0, RUNET_INSTANT_ED);
  g_assert_cmpuint (ed.geometrical, ==, 1);
  g_assert_cmpuint (ed.anatomical, ==, 1);
  g_assert_true (isnan (ed.mad_mm[RUNET_STRUCTURE_ENDO].mean));
}

/* A model's own label maps, every stage, are what is compared. */
static void
test_model (Fixture *fixture, gconstpointer data) {
  static const gsize down[] = {4, 4, 4, 4, 4, 4}, up[] = {4, 4, 4, 4, 4};
  g_autoptr (GError) error = NULL;
  RunetHyperparameters net;
  runet_hyperparameters_init (&net, RUNET_ARCHITECTURE_RU_NET);
  net.input_size = 32;
  memcpy (net.down, down, sizeof down);
  memcpy (net.up, up, sizeof up);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (RunetModel) model = runet_model_new (&net, random);
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 2, &error);
  g_autoptr (RunetSegmenter) segmenter = runet_segmenter_new (model, engine, 1, &error);
  g_assert_no_error (error);
  g_autoptr (RunetEvaluation) evaluation = runet_evaluation_of_model (
      fixture->dataset->patients, segmenter, RUNET_SEGMENT_RAW, fixture->pool, NULL,
      NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (evaluation->stages, ==, 2);
  g_assert_cmpuint (evaluation->images->len, ==, 4);
  g_assert_cmpuint (evaluation->skipped->len, ==, 2);

  const RunetPatient *patient = g_ptr_array_index (fixture->dataset->patients, 0);
  const RunetViewFiles *files = &patient->views[RUNET_VIEW_A4C];
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, RUNET_INSTANT_ED, NULL, &error);
  g_autoptr (RunetLabelMap) mask =
      runet_view_read_still_mask (files, RUNET_INSTANT_ED, NULL, &error);
  g_autoptr (RunetSegmentation) segmentation =
      runet_segmenter_run (segmenter, image, 0, RUNET_SEGMENT_RAW, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < evaluation->images->len; i++) {
    const RunetImageEvaluation *one = g_ptr_array_index (evaluation->images, i);
    if (strcmp (one->name, "patient0001_4CH_ED") != 0)
      continue;
    for (guint k = 0; k < 2; k++) {
      g_autoptr (RunetComparison) comparison = runet_comparison_new (
          mask->labels, segmentation->labels[k]->labels, SMALL_WIDTH, SMALL_HEIGHT,
          SMALL_SPACING_X_MM, SMALL_SPACING_Y_MM, RUNET_INSTANT_ED);
      for (guint s = 0; s < RUNET_STRUCTURES; s++)
        g_assert_cmpfloat (one->comparison[k]->agreement[s].dice, ==,
                           comparison->agreement[s].dice);
    }
    return;
  }
  g_assert_not_reached ();
}

static void
test_calibration (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetCalibration) calibration = runet_calibration_new (
      fixture->dataset->patients, fixture->pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  /* The mask of another size is a mask all the same. */
  g_assert_cmpuint (calibration->masks, ==, 5);
  g_assert_cmpuint (calibration->skipped->len, ==, 1);
  guint8 labels[SMALL_WIDTH * SMALL_HEIGHT], mask[SMALL_WIDTH * SMALL_HEIGHT];
  small_draw (labels, SMALL_WIDTH, SMALL_HEIGHT, 20);
  runet_mask_from_labels (labels, SMALL_WIDTH, SMALL_HEIGHT, RUNET_STRUCTURE_ENDO,
                          mask);
  g_assert_cmpfloat (calibration->convexity[RUNET_STRUCTURE_ENDO].value, ==, 1);
  g_assert_cmpfloat (calibration->simplicity[RUNET_STRUCTURE_ENDO].value, <=,
                     runet_simplicity (mask, SMALL_WIDTH, SMALL_HEIGHT));
  g_assert_nonnull (calibration->simplicity[RUNET_STRUCTURE_ENDO].name);
  /* Only a disc comes near the simplicity that Table I prints for convexity's column. */
  g_assert_cmpuint (calibration->outliers_as_printed, ==, 5);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/training/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("evaluation/known-figures", test_known_figures);
  ADD ("evaluation/stages", test_stages);
  ADD ("evaluation/skipped", test_skipped);
  ADD ("evaluation/missing-structure", test_missing_structure);
  ADD ("evaluation/model", test_model);
  ADD ("calibration", test_calibration);
  return g_test_run ();
}
