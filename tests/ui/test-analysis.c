/* The background runner on a small study with a model whose answers are known. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/time.h>

#include "fixture.h"
#include "ui/analysis.h"

typedef struct {
  char *folder;
  char *model;
  RunetDataset *dataset;
  GListStore *cases;
  RunetAnalysis *analysis;
  GPtrArray *finished; /* RunetCase, in order */
} Fixture;

static void
finished_cb (RunetAnalysis *analysis, RunetCase *item, Fixture *fixture) {
  /* What is known from before says of which model it is, though that is not read yet. */
  if (runet_case_get_instant_result (item, RUNET_INSTANT_ES))
    g_assert_nonnull (runet_analysis_get_model_hash (analysis));
  g_ptr_array_add (fixture->finished, item);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = fixture_folder ();
  fixture_write_patient (fixture->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  fixture_write_patient (fixture->folder, "patient0002", FIXTURE_SHIFTED, FALSE);
  fixture_write_patient (fixture->folder, "patient0003", FIXTURE_DENTED, TRUE);
  fixture_write_patient (fixture->folder, "patient0004", FIXTURE_BROKEN, FALSE);
  fixture->model = g_build_filename (fixture->folder, "model.safetensors", NULL);
  fixture_write_model (fixture->model);
  fixture->dataset = runet_dataset_open (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  fixture->cases = runet_cases_of_dataset (fixture->dataset);
  fixture->analysis = runet_analysis_new ();
  fixture->finished = g_ptr_array_new ();
  g_signal_connect (fixture->analysis, "case-finished", G_CALLBACK (finished_cb),
                    fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  if (fixture->analysis)
    g_assert_finalize_object (fixture->analysis);
  g_ptr_array_unref (fixture->finished);
  g_object_unref (fixture->cases);
  runet_dataset_unref (fixture->dataset);
  g_free (fixture->model);
  fixture_remove (fixture->folder);
}

static gboolean
late_cb (gpointer data) {
  g_error ("the analysis did not come to its end in time");
  return G_SOURCE_REMOVE;
}

static void
wait_for (Fixture *fixture, RunetAnalysisState state) {
  guint late = g_timeout_add_seconds (60, late_cb, NULL);
  while (runet_analysis_get_state (fixture->analysis) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
assert_hash (Fixture *fixture) {
  g_autofree char *bytes = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (fixture->model, &bytes, &length, NULL));
  g_autofree char *hash =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)bytes, length);
  g_assert_cmpstr (runet_analysis_get_model_hash (fixture->analysis), ==, hash);
}

static RunetCase *
get_case (Fixture *fixture, guint index) {
  g_autoptr (RunetCase) item =
      g_list_model_get_item (G_LIST_MODEL (fixture->cases), index);
  return item;
}

static void
start (Fixture *fixture) {
  runet_analysis_start (fixture->analysis, fixture->model,
                        (RunetEngineChoice){RUNET_ENGINE_AUTO},
                        G_LIST_MODEL (fixture->cases));
}

static void
test_study (Fixture *fixture, gconstpointer data) {
  runet_analysis_prefer (fixture->analysis, get_case (fixture, 0));
  start (fixture);
  g_assert_cmpint (runet_analysis_get_state (fixture->analysis), ==,
                   RUNET_ANALYSIS_LOADING);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_nonnull (runet_analysis_get_engine_description (fixture->analysis));
  assert_hash (fixture);

  RunetCase *plain = get_case (fixture, 0), *shifted = get_case (fixture, 1);
  RunetCase *dented = get_case (fixture, 2), *broken = get_case (fixture, 3);
  g_assert_cmpint (runet_case_get_state (plain), ==, RUNET_CASE_DONE);
  g_assert_false (runet_case_is_anatomical_outlier (plain));
  g_assert_false (runet_case_is_geometrical_outlier (plain));
  g_assert_false (runet_case_is_anatomical_outlier (shifted));
  g_assert_true (runet_case_is_geometrical_outlier (shifted));
  g_assert_true (runet_case_is_anatomical_outlier (dented));
  g_assert_false (runet_case_is_geometrical_outlier (dented));
  g_assert_cmpint (runet_case_get_state (broken), ==, RUNET_CASE_FAILED);
  g_assert_nonnull (strstr (runet_case_get_message (broken), "patient0004_4CH_ED"));
  g_assert_nonnull (runet_case_get_instant_result (broken, RUNET_INSTANT_ES));

  RunetFrameResult *result = runet_case_get_instant_result (plain, RUNET_INSTANT_ED);
  for (int stage = 0; stage < RUNET_SHOWN_STAGES; stage++)
    for (int s = 0; s < RUNET_STRUCTURES; s++)
      g_assert_cmpfloat (result->stage[stage].comparison->agreement[s].dice, >, 0.95);
  guint done, total;
  double seconds;
  runet_analysis_get_progress (fixture->analysis, &done, &total, &seconds);
  g_assert_cmpuint (done, ==, total);
  g_assert_cmpuint (total, ==, 8 + FIXTURE_FRAMES);
}

/* All frames of the sequence that is shown are run, and of no other. */
static void
test_sequence (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetCase *shown = get_case (fixture, 0), *other = get_case (fixture, 2);
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (shown), NULL, &error);
  g_autoptr (RunetClip) second =
      runet_clip_new (runet_case_get_files (other), NULL, &error);
  g_assert_no_error (error);
  runet_analysis_prefer (fixture->analysis, shown);
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  for (guint frame = 0; frame < clip->frames; frame++)
    g_assert_nonnull (runet_case_get_result (shown, clip, frame));
  g_assert_null (runet_case_get_result (other, second, 1));

  /* Chosen later, when everything else is done. */
  runet_analysis_prefer (fixture->analysis, other);
  guint late = g_timeout_add_seconds (60, late_cb, NULL);
  while (!runet_case_get_result (other, second, second->frames - 2))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_cmpint (runet_case_get_state (other), ==, RUNET_CASE_DONE);
}

static void
test_preferred (Fixture *fixture, gconstpointer data) {
  RunetCase *last = get_case (fixture, 2);
  runet_analysis_prefer (fixture->analysis, last);
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_cmpuint (fixture->finished->len, ==, 4);
  g_assert_true (fixture->finished->pdata[0] == last);
  g_assert_true (fixture->finished->pdata[1] == get_case (fixture, 0));
}

/* What stands beside the case that is shown comes second, with its sequence. */
static void
test_next (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetCase *shown = get_case (fixture, 2), *beside = get_case (fixture, 0);
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (beside), NULL, &error);
  g_assert_no_error (error);
  runet_analysis_prefer (fixture->analysis, shown);
  runet_analysis_prefer_next (fixture->analysis, beside);
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_true (fixture->finished->pdata[0] == shown);
  g_assert_true (fixture->finished->pdata[1] == beside);
  for (guint frame = 0; frame < clip->frames; frame++)
    g_assert_nonnull (runet_case_get_result (beside, clip, frame));
  guint done, total;
  double seconds;
  runet_analysis_get_progress (fixture->analysis, &done, &total, &seconds);
  g_assert_cmpuint (done, ==, total);
  g_assert_cmpuint (total, ==, 8 + 2 * FIXTURE_FRAMES);
}

static void
test_cancel (Fixture *fixture, gconstpointer data) {
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_RUNNING);
  runet_analysis_cancel (fixture->analysis);
  g_assert_cmpint (runet_analysis_get_state (fixture->analysis), ==,
                   RUNET_ANALYSIS_IDLE);
  guint finished = fixture->finished->len;
  g_usleep (G_USEC_PER_SEC / 5);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (fixture->finished->len, ==, finished);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (runet_case_get_state (get_case (fixture, i)), !=,
                     RUNET_CASE_RUNNING);
  /* And again from the start. */
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_cmpint (runet_case_get_state (get_case (fixture, 0)), ==, RUNET_CASE_DONE);
}

static void
test_bad_model (Fixture *fixture, gconstpointer data) {
  g_assert_true (g_file_set_contents (fixture->model, "not a model", -1, NULL));
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_FAILED);
  g_assert_nonnull (
      strstr (runet_analysis_get_message (fixture->analysis), "model.safetensors"));
  g_assert_cmpint (runet_case_get_state (get_case (fixture, 0)), ==,
                   RUNET_CASE_PENDING);
}

/* A window closed in the middle of the work: the thread ends with the object. */
static void
test_finalize (Fixture *fixture, gconstpointer data) {
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_RUNNING);
  g_assert_finalize_object (g_steal_pointer (&fixture->analysis));
}

/* Makes every file of a folder look as if it had been written an hour ago. */
static void
age (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    struct timeval times[2];
    gettimeofday (&times[0], NULL);
    times[0].tv_sec -= 3600;
    times[1] = times[0];
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      age (path);
    else
      g_assert_cmpint (utimes (path, times), ==, 0);
  }
}

static void
use_cache (Fixture *fixture) {
  g_autofree char *path =
      g_build_filename (fixture->folder, "cache", "results.sqlite", NULL);
  runet_analysis_set_cache (fixture->analysis, path);
}

/* Runs all; returns whether any frame went through the model: only those take time. */
static gboolean
run_all (Fixture *fixture) {
  guint done, total;
  double seconds;
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  runet_analysis_get_progress (fixture->analysis, &done, &total, &seconds);
  g_assert_cmpuint (done, ==, total);
  return seconds >= 0;
}

/* A second start runs nothing, and everything is as it was. */
static void
test_cache (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetCase *plain = get_case (fixture, 0), *dented = get_case (fixture, 2);
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (plain), NULL, &error);
  g_assert_no_error (error);
  age (fixture->folder);
  use_cache (fixture);
  runet_analysis_prefer (fixture->analysis, plain);
  g_assert_true (run_all (fixture));
  double disagreement = runet_case_get_risk (plain)->disagreement;
  double jump = runet_case_get_risk (plain)->jump;
  g_assert_cmpfloat (jump, >=, 0);

  for (int round = 0; round < 2; round++) {
    g_ptr_array_set_size (fixture->finished, 0);
    g_assert_false (run_all (fixture));
    g_assert_cmpint (runet_case_get_state (plain), ==, RUNET_CASE_DONE);
    g_assert_cmpint (runet_case_get_state (dented), ==, RUNET_CASE_DONE);
    g_assert_true (runet_case_is_anatomical_outlier (dented));
    g_assert_true (runet_case_is_geometrical_outlier (get_case (fixture, 1)));
    /* What failed is tried again. */
    g_assert_cmpint (runet_case_get_state (get_case (fixture, 3)), ==,
                     RUNET_CASE_FAILED);
    g_assert_cmpfloat (runet_case_get_risk (plain)->disagreement, ==, disagreement);
    g_assert_cmpfloat (runet_case_get_risk (plain)->jump, ==, jump);
    for (guint frame = 0; frame < clip->frames; frame++)
      g_assert_nonnull (runet_case_get_result (plain, clip, frame));
    for (guint i = 0; i < 4; i++)
      g_assert_true (g_ptr_array_find (fixture->finished, get_case (fixture, i), NULL));
  }

  /* With another case chosen, the jumps of the first one are known all the same, its frames are not. */
  runet_analysis_prefer (fixture->analysis, NULL);
  g_assert_false (run_all (fixture));
  g_assert_cmpfloat (runet_case_get_risk (plain)->jump, ==, jump);
  g_assert_null (runet_case_get_result (plain, clip, 1));
  g_assert_true (g_ptr_array_find (fixture->finished, plain, NULL));
}

/* An image under another name, or whose time alone changed, is not run again; one that changed is. */
static void
test_cache_by_content (Fixture *fixture, gconstpointer data) {
  use_cache (fixture);
  g_assert_true (run_all (fixture));
  g_assert_false (run_all (fixture));
  age (fixture->folder);
  g_assert_false (run_all (fixture));
  fixture_write_patient (fixture->folder, "patient0001", FIXTURE_DENTED, TRUE);
  g_assert_false (run_all (fixture)); /* as patient0003, whose content is the same */
  g_assert_true (runet_case_is_anatomical_outlier (get_case (fixture, 0)));
  RunetFrameResult *result =
      runet_case_get_instant_result (get_case (fixture, 0), RUNET_INSTANT_ED);
  g_assert_nonnull (result->stage[RUNET_SHOWN_LAST].comparison);
  /* Without its mask it is another result. */
  g_autofree char *mask = g_strdup (
      runet_case_get_files (get_case (fixture, 0))->still_mask[RUNET_INSTANT_ED]);
  g_assert_true (g_file_set_contents (mask, "no mask", -1, NULL));
  g_assert_true (run_all (fixture));
  result = runet_case_get_instant_result (get_case (fixture, 0), RUNET_INSTANT_ED);
  g_assert_null (result->stage[RUNET_SHOWN_LAST].comparison);
}

/* A new model starts from nothing and leaves what is known of the old one. */
static void
test_cache_by_model (Fixture *fixture, gconstpointer data) {
  g_autofree char *other = g_strconcat (fixture->model, ".old", NULL);
  g_autoptr (GError) error = NULL;
  use_cache (fixture);
  g_assert_true (run_all (fixture));
  g_assert_cmpint (g_rename (fixture->model, other), ==, 0);
  g_autoptr (RunetModel) model = runet_model_read (other, &error);
  g_assert_no_error (error);
  model->parameters[0][0] += 1e-6F;
  g_assert_true (runet_model_write (model, fixture->model, RUNET_DTYPE_F32, &error));
  g_assert_no_error (error);
  g_assert_true (run_all (fixture));
  g_assert_false (run_all (fixture));
  assert_hash (fixture);
  g_assert_cmpint (g_rename (other, fixture->model), ==, 0);
  g_assert_false (run_all (fixture));
  assert_hash (fixture);
  runet_analysis_start_anew (fixture->analysis);
  g_assert_true (run_all (fixture));
  g_assert_false (run_all (fixture));
}

static void
notice_cb (RunetAnalysis *analysis, const char *message, GPtrArray *notices) {
  g_ptr_array_add (notices, g_strdup (message));
}

/* Who chose a GPU and has none is told why, once, and the processor does the work. By itself nobody says a word. */
static void
test_no_gpu (Fixture *fixture, gconstpointer data) {
  const RunetEngineKind kinds[] = {RUNET_ENGINE_CUDNN, RUNET_ENGINE_AUTO,
                                   RUNET_ENGINE_BLAS};
  g_setenv ("RUNET_DEVICE_MODULE", "/nowhere/module.so", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    /* In half precision the engine is asked for before the cache. */
    const RunetEngineChoice choice = {kinds[i], RUNET_PRECISION_FLOAT16};
    g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
    gulong id = g_signal_connect (fixture->analysis, "gpu-replaced",
                                  G_CALLBACK (notice_cb), notices);
    runet_analysis_start (fixture->analysis, fixture->model, choice,
                          G_LIST_MODEL (fixture->cases));
    wait_for (fixture, RUNET_ANALYSIS_DONE);
    g_signal_handler_disconnect (fixture->analysis, id);
    g_assert_cmpint (runet_case_get_state (get_case (fixture, 0)), ==, RUNET_CASE_DONE);
    const char *engine = runet_analysis_get_engine_description (fixture->analysis);
    g_assert_nonnull (strstr (engine, "OpenBLAS"));
    g_assert_true ((strstr (engine, "/nowhere/module.so") != NULL) ==
                   (kinds[i] != RUNET_ENGINE_BLAS));
    g_assert_cmpuint (notices->len, ==, kinds[i] == RUNET_ENGINE_CUDNN ? 1 : 0);
    if (notices->len > 0)
      g_assert_nonnull (strstr (notices->pdata[0], "/nowhere/module.so"));
  }
  g_unsetenv ("RUNET_DEVICE_MODULE");
}

#ifdef STAND_IN_MODULE
/* Runs the study where something stands in for a GPU. Returns: (element-type utf8): what was said of its replacement. */
static GPtrArray *
run_on_stand_in (Fixture *fixture, const char *variable, const char *value) {
  GPtrArray *notices = g_ptr_array_new_with_free_func (g_free);
  gulong id = g_signal_connect (fixture->analysis, "gpu-replaced",
                                G_CALLBACK (notice_cb), notices);
  g_setenv ("RUNET_DEVICE_MODULE", STAND_IN_MODULE, TRUE);
  if (variable)
    g_setenv (variable, value, TRUE);
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  if (variable)
    g_unsetenv (variable);
  g_unsetenv ("RUNET_DEVICE_MODULE");
  g_signal_handler_disconnect (fixture->analysis, id);
  g_assert_cmpint (runet_case_get_state (get_case (fixture, 0)), ==, RUNET_CASE_DONE);
  g_assert_true (runet_case_is_anatomical_outlier (get_case (fixture, 2)));
  return notices;
}
#endif

/* The device does the study; too small or out of order, the processor does, and that is said once. */
static void
test_stand_in (Fixture *fixture, gconstpointer data) {
#ifdef STAND_IN_MODULE
  g_autoptr (GPtrArray) none = run_on_stand_in (fixture, NULL, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpstr (runet_analysis_get_engine_description (fixture->analysis), ==,
                   "Stand-in device, CUDA 13.0, cuDNN 9.19, TF32; chosen because a GPU "
                   "answers");
  const char *const troubles[][3] = {
      {"RUNET_STAND_IN_MEMORY", "100000", "the GPU's memory does not suffice"},
      {"RUNET_STAND_IN_FAIL_LATE", "200", "the GPU failed ("},
  };
  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++) {
    g_autoptr (GPtrArray) notices =
        run_on_stand_in (fixture, troubles[i][0], troubles[i][1]);
    g_assert_cmpuint (notices->len, ==, 1);
    g_test_message ("%s", (char *)notices->pdata[0]);
    g_assert_nonnull (strstr (notices->pdata[0], troubles[i][2]));
    g_assert_nonnull (strstr (runet_analysis_get_engine_description (fixture->analysis),
                              troubles[i][2]));
  }
#else
  g_test_skip ("The stand-in device was not built");
#endif
}

/* Without a cache the work is done all the same, and it is said once. */
static void
test_no_cache (Fixture *fixture, gconstpointer data) {
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (fixture->model, "results.sqlite", NULL);
  g_signal_connect (fixture->analysis, "notice", G_CALLBACK (notice_cb), notices);
  runet_analysis_set_cache (fixture->analysis, path);
  g_assert_true (run_all (fixture));
  g_assert_cmpuint (notices->len, ==, 1);
  g_assert_nonnull (strstr (notices->pdata[0], "model.safetensors"));
  g_assert_cmpint (runet_case_get_state (get_case (fixture, 0)), ==, RUNET_CASE_DONE);
}

/* A mask that is damaged is told by the run, not when its case happens to be shown, and told by the next run too. */
static void
test_damaged_mask (Fixture *fixture, gconstpointer data) {
  const RunetViewFiles *files = runet_case_get_files (get_case (fixture, 1));
  const char *path = files->still_mask[RUNET_INSTANT_ES];
  g_assert_nonnull (path);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  use_cache (fixture);
  for (guint run = 0; run < 2; run++) {
    g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
    gulong id =
        g_signal_connect (fixture->analysis, "notice", G_CALLBACK (notice_cb), notices);
    run_all (fixture);
    g_assert_cmpuint (notices->len, ==, 1);
    g_assert_nonnull (strstr (notices->pdata[0], path));
    g_signal_handler_disconnect (fixture->analysis, id);
    g_assert_nonnull (
        runet_case_get_instant_result (get_case (fixture, 1), RUNET_INSTANT_ES));
  }
}

/* A mask of another size is no damage: what was run is kept. */
static void
test_odd_mask (Fixture *fixture, gconstpointer data) {
  const RunetViewFiles *files = runet_case_get_files (get_case (fixture, 1));
  g_autoptr (RunetGrid) grid =
      runet_grid_new (7, 5, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (
      runet_label_map_write (map, files->still_mask[RUNET_INSTANT_ES], &error));
  g_assert_no_error (error);
  use_cache (fixture);
  g_assert_true (run_all (fixture));
  g_assert_false (run_all (fixture));
}

/* Other cases: nothing was done yet. */
static void
test_reset (Fixture *fixture, gconstpointer data) {
  guint done, total;
  double seconds;
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  runet_analysis_reset (fixture->analysis);
  runet_analysis_get_progress (fixture->analysis, &done, &total, &seconds);
  g_assert_cmpuint (done, ==, 0);
  g_assert_cmpuint (total, ==, 0);
  g_assert_cmpint (runet_analysis_get_state (fixture->analysis), ==,
                   RUNET_ANALYSIS_IDLE);
}

static void
progress_cb (RunetAnalysis *analysis, guint *totals) {
  guint done, total;
  double seconds;
  if (runet_analysis_get_state (analysis) != RUNET_ANALYSIS_RUNNING)
    return;
  runet_analysis_get_progress (analysis, &done, &total, &seconds);
  g_assert_cmpuint (done, <=, total);
  totals[0] = MIN (totals[0], total);
  totals[1] = MAX (totals[1], total);
}

/* "318 of 1800", not of 1799 at every other moment. */
static void
test_progress (Fixture *fixture, gconstpointer data) {
  guint totals[2] = {G_MAXUINT, 0};
  g_signal_connect (fixture->analysis, "changed", G_CALLBACK (progress_cb), totals);
  start (fixture);
  wait_for (fixture, RUNET_ANALYSIS_DONE);
  g_assert_cmpuint (totals[0], ==, totals[1]);
  g_signal_handlers_disconnect_by_data (fixture->analysis, totals);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/analysis/study", test_study);
  ADD ("/ui/analysis/sequence", test_sequence);
  ADD ("/ui/analysis/preferred-first", test_preferred);
  ADD ("/ui/analysis/next", test_next);
  ADD ("/ui/analysis/cancel", test_cancel);
  ADD ("/ui/analysis/bad-model", test_bad_model);
  ADD ("/ui/analysis/finalize", test_finalize);
  ADD ("/ui/analysis/cache", test_cache);
  ADD ("/ui/analysis/cache-by-content", test_cache_by_content);
  ADD ("/ui/analysis/cache-by-model", test_cache_by_model);
  ADD ("/ui/analysis/no-gpu", test_no_gpu);
  ADD ("/ui/analysis/stand-in", test_stand_in);
  ADD ("/ui/analysis/no-cache", test_no_cache);
  ADD ("/ui/analysis/damaged-mask", test_damaged_mask);
  ADD ("/ui/analysis/progress", test_progress);
  ADD ("/ui/analysis/odd-mask", test_odd_mask);
  ADD ("/ui/analysis/reset", test_reset);
#undef ADD
  return g_test_run ();
}
