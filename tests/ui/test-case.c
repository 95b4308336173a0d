/* Cases: what a data set becomes in the list, results kept small, risk, search. */
#include <math.h>
#include <string.h>

#include "study.h"
#include "ui/case-words.h"
#include "ui/case.h"
#include "ui/fit.h"

static void
set_up (Study *study, gconstpointer data) {
  study->folder = fixture_folder ();
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  fixture_write_patient (study->folder, "patient0002", FIXTURE_SHIFTED, FALSE);
  fixture_write_patient (study->folder, "patient0003", FIXTURE_DENTED, FALSE);
  study_open (study);
}

static RunetFrameResult *
make_result (FixtureKind kind, FixtureKind expert) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  g_autofree guint8 *reference = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (kind, labels);
  fixture_draw (expert, reference);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  return runet_frame_result_new (found, reference, RUNET_INSTANT_ED);
}

static void
test_list (Study *study, gconstpointer data) {
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (study->cases)), ==, 3);
  RunetCase *item = study_get_case (study, 0);
  g_assert_cmpstr (runet_case_get_name (item), ==, "patient0001");
  g_assert_cmpint (runet_case_get_view (item), ==, RUNET_VIEW_A4C);
  g_assert_cmpint (runet_case_get_state (item), ==, RUNET_CASE_PENDING);
  g_assert_cmpint (runet_case_get_files (item)->quality, ==, RUNET_QUALITY_GOOD);
}

static void
test_search (Study *study, gconstpointer data) {
  RunetCase *item = study_get_case (study, 1);
  g_assert_true (runet_case_matches (item, NULL));
  g_assert_true (runet_case_matches (item, "  "));
  g_assert_true (runet_case_matches (item, "PATIENT0002"));
  g_assert_true (runet_case_matches (item, "good 4ch"));
  g_assert_true (runet_case_matches (item, "four-chamber"));
  g_assert_false (runet_case_matches (item, "2ch"));
  g_assert_false (runet_case_matches (item, "0002 poor"));
}

static void
count_cb (RunetCase *item, guint *count) {
  (*count)++;
}

static void
test_corrected (Study *study, gconstpointer data) {
  RunetCase *item = study_get_case (study, 2);
  guint changes = 0;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    g_autoptr (RunetFrameResult) dented = make_result (FIXTURE_DENTED, FIXTURE_PLAIN);
    runet_case_set_instant_result (item, i, dented);
  }
  const guint limits = runet_case_count_model_limits (item);
  const double score = runet_case_get_score (item);
  g_assert_true (runet_case_is_anatomical_outlier (item));
  g_assert_cmpuint (limits, >, 0);
  g_signal_connect (item, "changed", G_CALLBACK (count_cb), &changes);

  g_autoptr (RunetFrameResult) drawn = make_result (FIXTURE_PLAIN, FIXTURE_PLAIN);
  g_autoptr (GPtrArray) corrections =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_case_correction_unref);
  g_ptr_array_add (corrections, runet_case_correction_new (RUNET_INSTANT_ED, 0, 1,
                                                           "Ada", FALSE, drawn));
  runet_case_set_corrections (item, corrections);
  /* End-systole is as bad as before. */
  g_assert_cmpuint (changes, ==, 1);
  g_assert_true (runet_case_get_instant_shown (item, RUNET_INSTANT_ED) == drawn);
  g_assert_true (runet_case_is_anatomical_outlier (item));
  g_ptr_array_add (corrections, runet_case_correction_new (RUNET_INSTANT_ES, 0, 2,
                                                           "Ada", TRUE, drawn));
  runet_case_set_corrections (item, corrections);
  g_assert_false (runet_case_is_outlier (item));
  g_assert_cmpfloat (runet_case_get_score (item), <, score);
  g_assert_cmpuint (runet_case_count_model_limits (item), ==, limits);
  g_autoptr (GArray) reasons = runet_case_list_reasons (item);
  g_assert_cmpuint (reasons->len, ==, 0);

  /* Taken back. */
  runet_case_set_corrections (item, NULL);
  g_assert_cmpfloat (runet_case_get_score (item), ==, score);
  g_assert_true (runet_case_is_anatomical_outlier (item));
}

static void
test_risk (Study *study, gconstpointer data) {
  RunetCase *plain = study_get_case (study, 0), *dented = study_get_case (study, 2);
  guint changes = 0;
  g_signal_connect (dented, "changed", G_CALLBACK (count_cb), &changes);
  g_assert_cmpint (runet_case_compare_by_risk (plain, dented), <, 0);

  g_autoptr (RunetFrameResult) bad = make_result (FIXTURE_DENTED, FIXTURE_DENTED);
  runet_case_set_instant_result (dented, RUNET_INSTANT_ES, bad);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_true (runet_case_is_anatomical_outlier (dented));
  g_assert_false (runet_case_is_geometrical_outlier (dented));
  g_assert_cmpint (runet_case_compare_by_risk (plain, dented), >, 0);
  g_assert_cmpint (runet_case_compare_by_name (plain, dented), <, 0);

  g_autoptr (GArray) reasons = runet_case_list_reasons (dented);
  g_assert_cmpuint (reasons->len, >, 0);
  const RunetCaseReason *first = &g_array_index (reasons, RunetCaseReason, 0);
  g_assert_cmpint (first->instant, ==, RUNET_INSTANT_ES);
  g_assert_cmpint (first->reason.severity, ==, RUNET_SEVERITY_ANATOMICAL);
  g_assert_cmpint (first->reason.structure, ==, RUNET_STRUCTURE_ENDO);
  g_assert_cmpfloat (first->reason.value, <, first->reason.limit);

  /* Every chip of the list is a reason of the inspector; a jump has a frame of its own. */
  for (guint frame = 0; frame < 4; frame++) {
    g_autoptr (RunetFrameResult) still = make_result (FIXTURE_PLAIN, FIXTURE_PLAIN);
    still->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[RUNET_STRUCTURE_ENDO] *=
        frame == 2 ? 0.5 : 1;
    runet_case_set_frame_result (plain, frame, still);
  }
  g_autoptr (GArray) jumps = runet_case_list_reasons (plain);
  const RunetCaseReason *last = &g_array_index (jumps, RunetCaseReason, jumps->len - 1);
  g_assert_cmpint (last->reason.kind, ==, RUNET_REASON_JUMP);
  g_assert_cmpint (last->frame, ==, 2);
  g_autofree char *place = runet_case_describe_place (last);
  g_assert_cmpstr (place, ==, "Frame 3");
  g_assert_cmpuint (runet_case_get_reason_kinds (plain) & 1U << RUNET_REASON_JUMP, !=,
                    0);

  runet_case_clear (dented);
  g_assert_false (runet_case_is_anatomical_outlier (dented));
  g_signal_handlers_disconnect_by_data (dented, &changes);
}

static void
test_result (Study *study, gconstpointer data) {
  g_autoptr (RunetFrameResult) result = make_result (FIXTURE_PLAIN, FIXTURE_PLAIN);
  const gsize count = FIXTURE_WIDTH * FIXTURE_HEIGHT;
  g_autofree guint8 *labels = g_malloc (count);
  fixture_draw (FIXTURE_PLAIN, labels);
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++) {
    g_autoptr (RunetLabelMap) map = runet_frame_result_unpack_labels (result, i);
    g_assert_cmpmem (map->labels, count, labels, count);
    g_assert_cmpuint (g_bytes_get_size (result->stage[i].packed), <, count / 10);
  }
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  g_autofree float *region = runet_frame_result_unpack_region (result);
  g_assert_cmpmem (region, count * sizeof *region, found->regions[0],
                   count * sizeof *region);
  g_assert_cmpuint (result->touch.touching, ==, 0);
  g_assert_cmpfloat (result->disagreement, ==, 0);
  g_assert_false (runet_frame_result_is_outlier (result));
  const RunetComparison *comparison = result->stage[RUNET_SHOWN_LAST].comparison;
  g_assert_cmpfloat (comparison->agreement[RUNET_STRUCTURE_ENDO].dice, ==, 1);
}

/* A last stage at the border of its region is noted, with the spot, and is no outlier for that. */
static void
test_region_border (Study *study, gconstpointer data) {
  const gsize count = FIXTURE_WIDTH * FIXTURE_HEIGHT;
  g_autofree guint8 *labels = g_malloc (count);
  fixture_draw (FIXTURE_PLAIN, labels);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  /* The heart is 34 to 94 pixels from the left; the region begins at 50. */
  for (gsize i = 0; i < count; i++)
    if (i % FIXTURE_WIDTH < 50)
      found->regions[0][i] = 0;
  g_autoptr (RunetFrameResult) result =
      runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  g_assert_false (runet_frame_result_is_outlier (result));
  g_autoptr (GArray) reasons = runet_frame_result_list_reasons (result);
  const RunetReason *last = &g_array_index (reasons, RunetReason, reasons->len - 1);
  g_assert_cmpint (last->kind, ==, RUNET_REASON_REGION_BORDER);
  g_assert_cmpint (last->severity, ==, RUNET_SEVERITY_NOTE);
  g_assert_cmpint (last->structure, ==, RUNET_STRUCTURE_EPI);
  g_assert_cmpfloat (last->value, >, 0.1);
  g_assert_cmpfloat (last->value, <, 0.6);
  g_assert_cmpfloat_with_epsilon (last->x, 35, 3);
  g_assert_cmpfloat_with_epsilon (last->y, 60, 6);
}

static void
test_clip (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetClip) film =
      runet_clip_new (runet_case_get_files (study_get_case (study, 0)), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (film->sequence);
  g_assert_cmpuint (film->frames, ==, FIXTURE_FRAMES);
  g_assert_cmpint (film->instant_frame[RUNET_INSTANT_ES], ==, FIXTURE_FRAMES - 1);
  gsize frame;
  g_assert_nonnull (runet_clip_get_expert (film, 0, &frame));
  g_assert_null (runet_clip_get_expert (film, 1, &frame));
  g_assert_nonnull (film->experts[FIXTURE_FRAMES - 1]);
  g_assert_cmpint (runet_clip_nearest_instant (film, 1), ==, RUNET_INSTANT_ED);
  g_assert_cmpint (runet_clip_nearest_instant (film, 3), ==, RUNET_INSTANT_ES);

  g_autoptr (RunetClip) stills =
      runet_clip_new (runet_case_get_files (study_get_case (study, 1)), NULL, &error);
  g_assert_no_error (error);
  g_assert_false (stills->sequence);
  g_assert_cmpuint (stills->frames, ==, 2);
  g_assert_true (runet_clip_get_image (stills, 0, &frame) !=
                 runet_clip_get_image (stills, 1, &frame));
  g_assert_cmpuint (stills->problems->len, ==, 0);
}

static void
test_clip_problems (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetViewFiles files = *runet_case_get_files (study_get_case (study, 0));
  files.frame[RUNET_INSTANT_ES] = FIXTURE_FRAMES + 3;
  g_autoptr (RunetClip) beyond = runet_clip_new (&files, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (beyond->sequence);
  g_assert_cmpuint (beyond->problems->len, ==, 1);
  g_assert_nonnull (strstr (beyond->problems->pdata[0], "found frame 8"));

  RunetViewFiles none = {.view = RUNET_VIEW_A2C};
  g_assert_null (runet_clip_new (&none, NULL, &error));
  g_assert_nonnull (error);
}

/* A still of twice the sequence's resolution belongs to it; one of another extent does not. */
static void
test_fit (Study *study, gconstpointer data) {
  g_autoptr (RunetGrid) fine =
      runet_grid_new (8, 6, 1, 0.5, 0.5, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autoptr (RunetGrid) coarse =
      runet_grid_new (4, 3, 7, 1, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autoptr (RunetGrid) other =
      runet_grid_new (4, 3, 1, 2, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (fine, NULL);
  for (gsize i = 0; i < 48; i++)
    map->labels[i] = i % 8 < 4 ? RUNET_LABEL_LV : RUNET_LABEL_LA;
  g_autoptr (RunetLabelMap) fitted = runet_label_map_fit (map, 0, coarse);
  g_assert_cmpuint (fitted->grid->frames, ==, 1);
  for (gsize i = 0; i < 12; i++)
    g_assert_cmpuint (fitted->labels[i], ==,
                      i % 4 < 2 ? RUNET_LABEL_LV : RUNET_LABEL_LA);
  g_assert_null (runet_label_map_fit (map, 0, other));
}

/* Contours go to another resolution with all that is said of them. */
static void
test_fit_correction (Study *study, gconstpointer data) {
  g_autoptr (RunetGrid) fine =
      runet_grid_new (FIXTURE_WIDTH, FIXTURE_HEIGHT, 1, 0.5, 0.5, RUNET_FORMAT_NIFTI,
                      RUNET_PIXEL_UINT8);
  g_autoptr (RunetGrid) coarse =
      runet_grid_new (FIXTURE_WIDTH / 2, FIXTURE_HEIGHT, 7, 1, 0.5, RUNET_FORMAT_NIFTI,
                      RUNET_PIXEL_UINT8);
  g_autoptr (RunetGrid) other =
      runet_grid_new (FIXTURE_WIDTH / 2, FIXTURE_HEIGHT, 1, 0.5, 0.5,
                      RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (FIXTURE_PLAIN, labels);
  g_autoptr (RunetCorrection) correction = runet_correction_new (fine, labels);
  const RunetUncertainStretch unsure = {RUNET_STRUCTURE_EPI, 0.2, 0.3};
  correction->source[RUNET_STRUCTURE_ENDO] = RUNET_SOURCE_SPLINE;
  correction->source[RUNET_STRUCTURE_LA] = RUNET_SOURCE_PAINTED;
  correction->painted = g_bytes_new (labels, FIXTURE_WIDTH * FIXTURE_HEIGHT);
  correction->derived = TRUE;
  g_array_append_val (correction->uncertain, unsure);

  g_autoptr (RunetCorrection) fitted = runet_correction_fit_grid (correction, coarse);
  g_assert_cmpuint (fitted->grid->width, ==, FIXTURE_WIDTH / 2);
  g_assert_cmpuint (fitted->grid->frames, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (fitted->original), ==,
                    FIXTURE_WIDTH / 2 * FIXTURE_HEIGHT);
  g_assert_true (g_bytes_equal (fitted->original, fitted->painted));
  g_assert_cmpint (fitted->source[RUNET_STRUCTURE_ENDO], ==, RUNET_SOURCE_SPLINE);
  g_assert_cmpint (fitted->source[RUNET_STRUCTURE_EPI], ==, RUNET_SOURCE_ORIGINAL);
  g_assert_cmpuint (fitted->uncertain->len, ==, 1);
  g_assert_true (fitted->derived);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpuint (fitted->model.count[s], ==, correction->model.count[s]);
    for (guint i = 0; i < fitted->model.count[s]; i++) {
      const RunetPoint was = correction->model.points[s][i];
      g_assert_cmpfloat (fitted->model.points[s][i].x, ==, was.x / 2);
      g_assert_cmpfloat (fitted->model.points[s][i].y, ==, was.y);
    }
  }
  g_assert_null (runet_correction_fit_grid (correction, other));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Study, NULL, set_up, test, study_tear_down)
  ADD ("/ui/case/list", test_list);
  ADD ("/ui/case/search", test_search);
  ADD ("/ui/case/risk", test_risk);
  ADD ("/ui/case/corrected", test_corrected);
  ADD ("/ui/frame-result/round-trip", test_result);
  ADD ("/ui/frame-result/region-border", test_region_border);
  ADD ("/ui/clip/frames", test_clip);
  ADD ("/ui/clip/problems", test_clip_problems);
  ADD ("/ui/fit/resolutions", test_fit);
  ADD ("/ui/fit/correction", test_fit_correction);
#undef ADD
  return g_test_run ();
}
