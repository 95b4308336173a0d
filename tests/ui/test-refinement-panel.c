/* Experiments: run beside the model's result and never instead of it; the newest wins; the panel. */
#include <math.h>
#include "fixture.h"
#include "offscreen.h"
#include "ui/canvas-private.h"
#include "ui/refinement-panel.h"

typedef struct {
  char *folder;
  char *model;
  RunetDataset *dataset;
  GListStore *cases;
} Study;

static void
set_up (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  study->folder = fixture_folder ();
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  fixture_write_patient (study->folder, "patient0002", FIXTURE_DENTED, FALSE);
  study->model = g_build_filename (study->folder, "model.safetensors", NULL);
  fixture_write_model (study->model);
  study->dataset = runet_dataset_open (study->folder, NULL, &error);
  g_assert_no_error (error);
  study->cases = runet_cases_of_dataset (study->dataset);
}

static void
tear_down (Study *study, gconstpointer data) {
  g_object_unref (study->cases);
  runet_dataset_unref (study->dataset);
  g_free (study->model);
  fixture_remove (study->folder);
}

static gboolean
late_cb (gpointer data) {
  g_error ("nothing came in time");
  return G_SOURCE_REMOVE;
}

#define WAIT_UNTIL(condition)                               \
  G_STMT_START {                                            \
    guint late = g_timeout_add_seconds (60, late_cb, NULL); \
    while (!(condition))                                    \
      g_main_context_iteration (NULL, TRUE);                \
    g_source_remove (late);                                 \
  }                                                         \
  G_STMT_END

/* ---- Experiment ---- */

typedef struct {
  guint called;
  RunetTrial *trial;
  GError *error;
} Answer;

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  Answer *answer = user_data;
  answer->called++;
  answer->trial =
      runet_experiment_run_finish (RUNET_EXPERIMENT (source), result, &answer->error);
}

static void
answer_clear (Answer *answer) {
  runet_trial_free (answer->trial);
  g_clear_error (&answer->error);
}

static RunetImage *
read_still (Study *study) {
  g_autoptr (RunetCase) item = g_list_model_get_item (G_LIST_MODEL (study->cases), 0);
  return runet_view_read_still (runet_case_get_files (item), RUNET_INSTANT_ED, NULL,
                                NULL);
}

/* How many pixels a region covers. */
static guint
count_region (const RunetTrial *trial) {
  guint count = 0;
  for (gsize i = 0; i < FIXTURE_WIDTH * FIXTURE_HEIGHT; i++)
    count += trial->found->regions[0][i] > 0.5f;
  return count;
}

/* A larger dilation makes a larger region; the model's own values come back with each answer. */
static void
test_dilation (Study *study, gconstpointer data) {
  g_autoptr (RunetExperiment) experiment =
      runet_experiment_new (study->model, (RunetEngineChoice){RUNET_ENGINE_BLAS});
  g_autoptr (RunetImage) image = read_still (study);
  const RunetRefinement wide = {31, 0.5f, 100};
  Answer own = {0}, wider = {0}, again = {0};
  runet_experiment_run (experiment, image, 0, NULL, NULL, answer_cb, &own);
  runet_experiment_run (experiment, image, 0, &wide, NULL, answer_cb, &wider);
  WAIT_UNTIL (own.called && wider.called);
  runet_experiment_run (experiment, image, 0, NULL, NULL, answer_cb, &again);
  WAIT_UNTIL (again.called);
  g_assert_no_error (own.error);
  g_assert_no_error (wider.error);
  g_assert_cmpuint (own.trial->own.dilation, ==, 11);
  g_assert_cmpuint (wider.trial->own.dilation, ==, 11);
  g_assert_true (own.trial->refines && own.trial->dilates);
  g_assert_nonnull (own.trial->found->probabilities[1]);
  g_assert_cmpuint (count_region (wider.trial), >, count_region (own.trial) * 5 / 4);
  g_assert_cmpuint (count_region (again.trial), ==, count_region (own.trial));
  answer_clear (&own);
  answer_clear (&wider);
  answer_clear (&again);
}

static void
test_cancel (Study *study, gconstpointer data) {
  g_autoptr (RunetExperiment) experiment =
      runet_experiment_new (study->model, (RunetEngineChoice){RUNET_ENGINE_BLAS});
  g_autoptr (RunetImage) image = read_still (study);
  Answer answers[6] = {0};
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    const RunetRefinement values = {5 + 4 * i, 0.5f, 100};
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    runet_experiment_run (experiment, image, 0, &values, cancellable, answer_cb,
                          &answers[i]);
    if (i + 1 < G_N_ELEMENTS (answers))
      g_cancellable_cancel (cancellable);
  }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    WAIT_UNTIL (answers[i].called == 1);
  for (guint i = 0; i + 1 < G_N_ELEMENTS (answers); i++)
    g_assert_error (answers[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_no_error (answers[5].error);
  g_assert_nonnull (answers[5].trial);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    answer_clear (&answers[i]);
}

static void
test_errors (Study *study, gconstpointer data) {
  g_autofree char *nowhere = g_build_filename (study->folder, "nowhere", NULL);
  g_autoptr (RunetExperiment) missing =
      runet_experiment_new (nowhere, (RunetEngineChoice){RUNET_ENGINE_BLAS});
  g_autoptr (RunetExperiment) experiment =
      runet_experiment_new (study->model, (RunetEngineChoice){RUNET_ENGINE_BLAS});
  g_autoptr (RunetImage) image = read_still (study);
  const RunetRefinement impossible = {0, 0.5f, 100}, good = {9, 0.5f, 100};
  Answer a = {0}, b = {0}, c = {0};
  runet_experiment_run (missing, image, 0, NULL, NULL, answer_cb, &a);
  runet_experiment_run (experiment, image, 0, &impossible, NULL, answer_cb, &b);
  WAIT_UNTIL (a.called && b.called);
  g_assert_nonnull (a.error);
  g_assert_nonnull (b.error);
  /* It goes on working. */
  runet_experiment_run (experiment, image, 0, &good, NULL, answer_cb, &c);
  WAIT_UNTIL (c.called);
  g_assert_no_error (c.error);
  answer_clear (&a);
  answer_clear (&b);
  answer_clear (&c);
}

/* ---- Panel ---- */

typedef struct {
  RunetViewer *viewer;
  RunetRefinementPanel *panel;
  GtkWindow *window;
  RunetCase *item;
} Bench;

static void
bench_set_up (Bench *bench, Study *study) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  bench->viewer = RUNET_VIEWER (runet_viewer_new ());
  bench->panel = RUNET_REFINEMENT_PANEL (runet_refinement_panel_new ());
  runet_refinement_panel_set_viewer (bench->panel, bench->viewer);
  runet_refinement_panel_set_model (bench->panel, study->model,
                                    (RunetEngineChoice){RUNET_ENGINE_BLAS});
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bench->viewer));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bench->panel));
  bench->window = runet_test_window_new (box, 1000, 600);
  bench->item = g_list_model_get_item (G_LIST_MODEL (study->cases), 0);
  runet_viewer_set_case (bench->viewer, bench->item);
  WAIT_UNTIL (runet_viewer_get_clip (bench->viewer) != NULL);
}

static void
bench_tear_down (Bench *bench) {
  g_object_ref (bench->panel);
  g_object_unref (bench->item);
  gtk_window_destroy (bench->window);
  /* A run that was under way holds it until it is told. */
  WAIT_UNTIL (G_OBJECT (bench->panel)->ref_count == 1);
  g_assert_finalize_object (bench->panel);
}

static gpointer
find (Bench *bench, const char *name) {
  return gtk_widget_get_template_child (GTK_WIDGET (bench->panel),
                                        RUNET_TYPE_REFINEMENT_PANEL, name);
}

static const char *
get_tag (Bench *bench) {
  return runet_viewer_get_canvas (bench->viewer)->tag;
}

static gboolean
is_known (Bench *bench) {
  return gtk_widget_get_sensitive (find (bench, "values"));
}

static void
test_panel (Study *study, gconstpointer data) {
  Bench bench;
  bench_set_up (&bench, study);
  RunetCanvas *canvas = runet_viewer_get_canvas (bench.viewer);
  GtkAdjustment *dilation = find (&bench, "dilation");
  g_assert_false (is_known (&bench));
  g_object_set (bench.panel, "active", TRUE, NULL);
  WAIT_UNTIL (is_known (&bench));
  g_assert_cmpfloat (gtk_adjustment_get_value (dilation), ==, 11);
  g_assert_null (get_tag (&bench));
  g_assert_null (canvas->labels[RUNET_OVERLAY_STAGE2]);

  /* Many values in a row, as a slider gives them: the last is what is shown, under its name. */
  for (int value = 12; value <= 31; value++)
    gtk_adjustment_set_value (dilation, value);
  WAIT_UNTIL (get_tag (&bench) != NULL);
  g_assert_nonnull (strstr (get_tag (&bench), "31"));
  g_assert_nonnull (canvas->labels[RUNET_OVERLAY_STAGE2]);
  g_assert_nonnull (canvas->region);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_assert_null (runet_case_get_instant_result (bench.item, i));

  /* A map of it, and the map goes with the frame. */
  gtk_drop_down_set_selected (find (&bench, "map"), 2);
  g_assert_nonnull (canvas->map);
  g_assert_cmpstr (canvas->map_title, ==, "Stage 1: probability of LV cavity");
  const gsize middle = 60 * FIXTURE_WIDTH + 64, corner = 2 * FIXTURE_WIDTH + 2;
  g_assert_cmpfloat (canvas->map[middle], >, 0.9);
  g_assert_cmpfloat (canvas->map[corner], <, 0.1);
  runet_viewer_step (bench.viewer, 1);
  g_assert_null (get_tag (&bench));
  WAIT_UNTIL (get_tag (&bench) != NULL);

  /* However many are run, no more than the last one is kept. */
  for (int value = 20; value < 26; value++) {
    g_autofree char *wanted = g_strdup_printf ("dilation %d", value);
    gtk_adjustment_set_value (dilation, value);
    WAIT_UNTIL (get_tag (&bench) != NULL && strstr (get_tag (&bench), wanted) != NULL);
    runet_test_settle (GTK_WIDGET (canvas));
    /* Of both stages, and of the expert where his frame was drawn before. */
    g_assert_cmpuint (g_hash_table_size (canvas->outlines), >=, 2);
    g_assert_cmpuint (g_hash_table_size (canvas->outlines), <=, 3);
  }

  g_signal_emit_by_name (find (&bench, "reset"), "clicked");
  WAIT_UNTIL (get_tag (&bench) == NULL);
  g_assert_cmpfloat (gtk_adjustment_get_value (dilation), ==, 11);
  g_object_set (bench.panel, "active", FALSE, NULL);
  g_assert_null (canvas->map);
  bench_tear_down (&bench);
}

/* Closed or destroyed while it runs. */
static void
test_panel_ends (Study *study, gconstpointer data) {
  Bench bench;
  bench_set_up (&bench, study);
  g_object_set (bench.panel, "active", TRUE, NULL);
  WAIT_UNTIL (is_known (&bench));
  gtk_adjustment_set_value (find (&bench, "shift"), 0.9);
  g_object_set (bench.panel, "active", FALSE, NULL);
  g_assert_null (get_tag (&bench));
  g_object_set (bench.panel, "active", TRUE, NULL);
  runet_viewer_set_case (bench.viewer, NULL);
  g_assert_null (get_tag (&bench));
  bench_tear_down (&bench);
}

/* Another case takes the tag and the contours at once, although the image stays until the new one is read; then
 * the same values are tried there. */
static void
test_panel_next_case (Study *study, gconstpointer data) {
  Bench bench;
  bench_set_up (&bench, study);
  RunetCanvas *canvas = runet_viewer_get_canvas (bench.viewer);
  g_autoptr (RunetCase) other = g_list_model_get_item (G_LIST_MODEL (study->cases), 1);
  g_object_set (bench.panel, "active", TRUE, NULL);
  WAIT_UNTIL (is_known (&bench));
  gtk_adjustment_set_value (find (&bench, "dilation"), 21);
  WAIT_UNTIL (get_tag (&bench) != NULL);
  runet_viewer_set_case (bench.viewer, other);
  g_assert_null (get_tag (&bench));
  g_assert_null (canvas->labels[RUNET_OVERLAY_STAGE1]);
  g_assert_null (canvas->labels[RUNET_OVERLAY_STAGE2]);
  g_assert_null (canvas->region);
  WAIT_UNTIL (get_tag (&bench) != NULL);
  g_assert_nonnull (strstr (get_tag (&bench), "dilation 21"));
  g_assert_true (runet_viewer_get_case (bench.viewer) == other);
  bench_tear_down (&bench);
}

static void
test_panel_error (Study *study, gconstpointer data) {
  Bench bench;
  bench_set_up (&bench, study);
  g_autofree char *nowhere = g_build_filename (study->folder, "nowhere", NULL);
  runet_refinement_panel_set_model (bench.panel, nowhere,
                                    (RunetEngineChoice){RUNET_ENGINE_BLAS});
  g_object_set (bench.panel, "active", TRUE, NULL);
  WAIT_UNTIL (strstr (gtk_label_get_label (find (&bench, "note")), "nowhere") != NULL);
  g_assert_false (is_known (&bench));
  bench_tear_down (&bench);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Study, NULL, set_up, test, tear_down)
  ADD ("/ui/experiment/dilation", test_dilation);
  ADD ("/ui/experiment/cancel", test_cancel);
  ADD ("/ui/experiment/errors", test_errors);
  ADD ("/ui/refinement-panel/values", test_panel);
  ADD ("/ui/refinement-panel/ends", test_panel_ends);
  ADD ("/ui/refinement-panel/next-case", test_panel_next_case);
  ADD ("/ui/refinement-panel/error", test_panel_error);
#undef ADD
  return g_test_run ();
}
