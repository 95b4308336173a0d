/* The report: its figures worked out by hand, tables, files, and the window that follows the results. */
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/models/model-patients.h"
#include "study.h"
#include "offscreen.h"
#include "ui/chart-layout.h"
#include "ui/chart-view.h"
#include "ui/problem-bar.h"
#include "ui/report-experts.h"
#include "ui/report-page.h"
#include "ui/report-window.h"

static void
write_cfg (const char *folder, const char *id, const char *quality, const char *ef) {
  g_autofree char *path = g_build_filename (folder, id, "Info_4CH.cfg", NULL);
  g_autofree char *text =
      g_strdup_printf ("ED: 1\nES: %d\nNbFrame: %d\nImageQuality: %s\n%s",
                       FIXTURE_FRAMES, FIXTURE_FRAMES, quality, ef);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Three patients: good quality and an EF in the cfg; poor quality without one; one that is never run. */
static void
set_up (Study *study, gconstpointer data) {
  study->folder = fixture_folder ();
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  fixture_write_patient (study->folder, "patient0002", FIXTURE_SHIFTED, FALSE);
  fixture_write_patient (study->folder, "patient0003", FIXTURE_PLAIN, FALSE);
  write_cfg (study->folder, "patient0001", "Good", "EF: 50\nFrameRate: 50\n");
  write_cfg (study->folder, "patient0002", "Poor", "");
  write_cfg (study->folder, "patient0003", "Good", "EF: 60\n");
  study_open (study);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (study->cases)), ==, 3);
}

/* A smaller ventricle in a thicker wall: end-systole. */
static void
shrink (guint8 *labels) {
  for (gsize i = 0; i < FIXTURE_WIDTH * FIXTURE_HEIGHT; i++) {
    const double dx = ((double)(i % FIXTURE_WIDTH) + 0.5 - 64) / 15;
    const double dy = ((double)(i / FIXTURE_WIDTH) + 0.5 - 60) / 28;
    if (labels[i] == RUNET_LABEL_LV && dx * dx + dy * dy > 1)
      labels[i] = RUNET_LABEL_MYOCARDIUM;
  }
}

/* The wall of the fixture goes all round: opened below, the ventricle has a base. */
static void
open_base (guint8 *labels) {
  for (gsize y = 84; y < FIXTURE_HEIGHT; y++)
    for (gsize x = 0; x < FIXTURE_WIDTH; x++)
      if (labels[y * FIXTURE_WIDTH + x] == RUNET_LABEL_MYOCARDIUM ||
          labels[y * FIXTURE_WIDTH + x] == RUNET_LABEL_LV)
        labels[y * FIXTURE_WIDTH + x] = RUNET_LABEL_BACKGROUND;
}

static RunetFrameResult *
make_result (FixtureKind kind,
             gboolean small,
             FixtureKind expert,
             RunetInstant instant) {
  const gsize count = FIXTURE_WIDTH * FIXTURE_HEIGHT;
  g_autofree guint8 *labels = g_malloc (count);
  g_autofree guint8 *reference = g_malloc (count);
  fixture_draw (kind, labels);
  fixture_draw (expert, reference);
  open_base (labels);
  open_base (reference);
  if (small) {
    shrink (labels);
    shrink (reference);
  }
  if (expert == FIXTURE_SHIFTED)
    for (gsize y = 0; y < FIXTURE_HEIGHT; y++) {
      guint8 *row = reference + y * FIXTURE_WIDTH;
      memmove (row + 20, row, FIXTURE_WIDTH - 20);
      memset (row, 0, 20);
    }
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  return runet_frame_result_new (found, reference, instant);
}

static void
set_results (Study *study, guint index, FixtureKind kind, FixtureKind expert) {
  for (guint i = 0; i < RUNET_INSTANTS; i++) {
    g_autoptr (RunetFrameResult) result =
        make_result (kind, i == RUNET_INSTANT_ES, expert, i);
    runet_case_set_instant_result (study_get_case (study, index), i, result);
  }
}

static void
test_nothing (Study *study, gconstpointer data) {
  g_autoptr (RunetReport) none = runet_report_new (NULL, NULL);
  g_assert_cmpuint (none->images->len + none->patients->len + none->cases, ==, 0);
  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  g_assert_cmpuint (report->images->len, ==, 0);
  g_assert_cmpuint (report->waiting, ==, 6);
  g_assert_cmpuint (runet_report_count_ef (report, RUNET_EF_NO_RESULT), ==, 3);
  g_autofree char *text = runet_report_describe (report);
  g_assert_cmpstr (text, ==, "0 images with a result, of 3 patients. Not run yet: 6.");
  for (RunetReportChart kind = 0; kind < RUNET_REPORT_CHARTS; kind++) {
    g_autoptr (RunetChart) chart = runet_report_make_chart (report, NULL, NULL, kind);
    g_assert_cmpuint (chart->points->len, ==, 0);
    g_assert_nonnull (chart->summary);
  }
  for (RunetReportTable kind = 0; kind < RUNET_TABLES; kind++) {
    g_autoptr (RunetTable) table = runet_report_make_table (report, NULL, kind);
    g_assert_cmpuint (table->cells->len % table->columns->len, ==, 0);
  }
}

static void
test_outliers (Study *study, gconstpointer data) {
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  set_results (study, 1, FIXTURE_PLAIN, FIXTURE_SHIFTED);
  runet_case_set_state (study_get_case (study, 2), RUNET_CASE_FAILED, "cut short");
  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  g_assert_cmpuint (report->stages, ==, 2);
  g_assert_cmpuint (report->images->len, ==, 4);
  g_assert_cmpuint (report->failed, ==, 2);
  g_assert_cmpuint (report->waiting, ==, 0);
  for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++) {
    const RunetOutlierCount far =
        runet_report_count_outliers (report, k, RUNET_SEVERITY_GEOMETRICAL);
    g_assert_cmpuint (far.count, ==, 2);
    g_assert_cmpuint (far.whole, ==, 4);
  }
  const RunetReportImage *image = &g_array_index (report->images, RunetReportImage, 2);
  g_assert_cmpfloat (runet_report_image_measure (image, RUNET_SHOWN_LAST,
                                                 RUNET_STRUCTURE_ENDO,
                                                 RUNET_MEASURE_HD),
                     >, 8.8);

  g_autoptr (RunetTable) table =
      runet_report_make_table (report, NULL, RUNET_TABLE_OUTLIERS);
  g_assert_cmpuint (runet_table_count_rows (table), ==, 2);
  g_autofree char *count = runet_table_get_text (table, 1, 1);
  g_autofree char *share = runet_table_get_text (table, 1, 2);
  g_assert_cmpstr (count, ==, "2");
  g_assert_cmpstr (share, ==, "50.0");
  g_autoptr (RunetChart) boxes =
      runet_report_make_chart (report, NULL, NULL, RUNET_REPORT_DICE);
  g_assert_nonnull (strstr (boxes->summary, "Poor, Endo, Stage 2: median "));
  g_assert_null (strstr (boxes->summary, "Medium"));
  /* Stages and borders are of the same images. */
  g_assert_true (g_str_has_prefix (boxes->note, "n = 4 images; left out of a box: 0."));
  g_autofree char *text = runet_report_describe (report);
  g_assert_nonnull (strstr (text, "could not be run: 2."));
}

/* A result without an expert's mask is counted among the anatomical ones alone. */
static void
test_uncompared (Study *study, gconstpointer data) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (FIXTURE_DENTED, labels);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  g_autoptr (RunetFrameResult) result =
      runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  runet_case_set_instant_result (study_get_case (study, 0), RUNET_INSTANT_ED, result);
  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  g_assert_cmpuint (report->uncompared, ==, 1);
  const RunetOutlierCount far = runet_report_count_outliers (
      report, RUNET_SHOWN_LAST, RUNET_SEVERITY_GEOMETRICAL);
  const RunetOutlierCount odd =
      runet_report_count_outliers (report, RUNET_SHOWN_LAST, RUNET_SEVERITY_ANATOMICAL);
  g_assert_cmpuint (far.whole, ==, 0);
  g_assert_cmpuint (odd.count, ==, 1);
  g_assert_cmpuint (odd.whole, ==, 1);
  /* No share of nothing. */
  g_autoptr (RunetChart) bars =
      runet_report_make_chart (report, NULL, NULL, RUNET_REPORT_OUTLIERS);
  g_assert_cmpuint (bars->bars->len, ==, 2);
  g_autoptr (RunetTable) table =
      runet_report_make_table (report, NULL, RUNET_TABLE_OUTLIERS);
  g_autofree char *share = runet_table_get_text (table, 1, 2);
  g_assert_cmpstr (share, ==, "–");
}

static void
test_ef (Study *study, gconstpointer data) {
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  set_results (study, 1, FIXTURE_PLAIN, FIXTURE_PLAIN);
  RunetFrameResult *ed = runet_case_get_instant_result (study_get_case (study, 0), 0);
  RunetFrameResult *es = runet_case_get_instant_result (study_get_case (study, 0), 1);
  const RunetDiscs *discs[RUNET_VIEWS][RUNET_INSTANTS] = {0};
  discs[RUNET_VIEW_A4C][RUNET_INSTANT_ED] = &ed->stage[RUNET_SHOWN_LAST].discs;
  discs[RUNET_VIEW_A4C][RUNET_INSTANT_ES] = &es->stage[RUNET_SHOWN_LAST].discs;
  const RunetVolumes expected = runet_volumes_compute (discs, RUNET_SIMPSON_ASE);
  g_assert_true (isfinite (expected.ef_percent));

  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  const RunetReportPatient *first =
      &g_array_index (report->patients, RunetReportPatient, 0);
  g_assert_cmpfloat (first->model.ef_percent, ==, expected.ef_percent);
  g_assert_cmpfloat (first->reference_percent, ==, 50);
  g_assert_false (first->biplane);
  g_assert_cmpuint (runet_report_count_ef (report, RUNET_EF_COMPARED), ==, 1);
  g_assert_cmpuint (runet_report_count_ef (report, RUNET_EF_NO_REFERENCE), ==, 1);
  g_assert_cmpuint (runet_report_count_ef (report, RUNET_EF_NO_RESULT), ==, 1);

  /* The experts' masks take the place of a reference that the data set lacks. */
  const RunetVolumes experts = {.ef_percent = 47};
  g_autoptr (GHashTable) table = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < 3; i++)
    g_hash_table_insert (table,
                         (gpointer)runet_case_get_patient (study_get_case (study, i)),
                         (gpointer)&experts);
  g_autoptr (RunetReport) both = runet_report_new (G_LIST_MODEL (study->cases), table);
  g_assert_cmpuint (runet_report_count_sources (both, RUNET_EF_FROM_CFG), ==, 1);
  g_assert_cmpuint (runet_report_count_sources (both, RUNET_EF_FROM_EXPERT), ==, 1);
  g_autoptr (RunetChart) chart =
      runet_report_make_chart (both, NULL, NULL, RUNET_REPORT_EF_AGREEMENT);
  g_assert_cmpuint (chart->points->len, ==, 2);
  g_assert_true (g_str_has_prefix (chart->note, "n = 2; left out: 1; bias "));
  int instant;
  g_assert_true (runet_report_get_case (both, RUNET_REPORT_EF_AGREEMENT, 1, &instant) ==
                 study_get_case (study, 1));
  g_assert_cmpint (instant, ==, -1);
  g_assert_null (runet_report_get_case (both, RUNET_REPORT_EF_AGREEMENT, 3, &instant));
  g_autofree char *text = runet_report_describe_ef (both);
  g_assert_nonnull (strstr (text, "Patients compared: 2, of which single-plane: 2."));
  g_assert_nonnull (strstr (text, "No result: 1."));
}

/* No EF is negative, and neither are the axes, however small the chart. */
static void
test_ef_axes (Study *study, gconstpointer data) {
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  set_results (study, 1, FIXTURE_PLAIN, FIXTURE_PLAIN);
  RunetVolumes experts = {.ef_percent = 1};
  g_autoptr (GHashTable) table = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (
      table, (gpointer)runet_case_get_patient (study_get_case (study, 1)), &experts);
  g_autoptr (RunetReport) report =
      runet_report_new (G_LIST_MODEL (study->cases), table);
  PangoContext *context = runet_chart_context_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (12);
  for (RunetReportChart kind = RUNET_REPORT_EF_SCATTER;
       kind <= RUNET_REPORT_EF_AGREEMENT; kind++) {
    g_autoptr (RunetChart) chart = runet_report_make_chart (report, NULL, NULL, kind);
    const RunetChartLayout at = runet_chart_lay_out (chart, context, 400, 330, &theme);
    g_assert_cmpuint (chart->points->len, ==, 2);
    g_assert_cmpfloat (at.x_low, >=, 0);
    g_assert_cmpuint (runet_scale_count (&at.x), >=, 4);
  }

  /* One that is has its place. */
  experts.ef_percent = -7;
  g_autoptr (RunetReport) odd = runet_report_new (G_LIST_MODEL (study->cases), table);
  g_autoptr (RunetChart) scatter =
      runet_report_make_chart (odd, NULL, NULL, RUNET_REPORT_EF_SCATTER);
  const RunetChartLayout at = runet_chart_lay_out (scatter, context, 400, 330, &theme);
  g_assert_cmpfloat (at.x_low, <=, -7);
  g_assert_cmpfloat (at.x_low, ==, at.y_low);
  g_object_unref (context);
}

static void
experts_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  GHashTable **found = user_data;
  g_autoptr (GError) error = NULL;
  *found = runet_experts_measure_finish (result, &error);
  g_assert_no_error (error);
}

/* Only who has no EF in the cfg is read; the fixture's masks have no base: nothing is made up. */
static void
test_experts (Study *study, gconstpointer data) {
  g_autoptr (GHashTable) found = NULL;
  runet_experts_measure_async (G_LIST_MODEL (study->cases), NULL, experts_cb, &found);
  while (!found)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_hash_table_size (found), ==, 0);

  /* With a base it is measured. */
  const RunetPatient *patient = runet_case_get_patient (study_get_case (study, 1));
  for (guint i = 0; i < RUNET_INSTANTS; i++) {
    const char *path = patient->views[RUNET_VIEW_A4C].still_mask[i];
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
    g_assert_no_error (error);
    fixture_draw (FIXTURE_PLAIN, map->labels);
    open_base (map->labels);
    if (i == RUNET_INSTANT_ES)
      shrink (map->labels);
    g_assert_true (runet_label_map_write (map, path, &error));
  }
  g_clear_pointer (&found, g_hash_table_unref);
  runet_experts_measure_async (G_LIST_MODEL (study->cases), NULL, experts_cb, &found);
  while (!found)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_hash_table_size (found), ==, 1);
  const RunetVolumes *volumes = g_hash_table_lookup (found, patient);
  g_assert_cmpfloat (volumes->ef_percent, >, 20);
  g_assert_cmpfloat (volumes->ef_percent, <, 80);
}

static void
test_curve (Study *study, gconstpointer data) {
  RunetCase *item = study_get_case (study, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (item), NULL, &error);
  g_assert_no_error (error);
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  g_autoptr (RunetFrameResult) middle =
      make_result (FIXTURE_PLAIN, FALSE, FIXTURE_PLAIN, RUNET_INSTANT_ED);
  runet_case_set_frame_result (item, 2, middle);
  g_autoptr (RunetVolumeCurve) curve = runet_volume_curve_new (item, clip);
  g_assert_cmpuint (curve->frames, ==, FIXTURE_FRAMES);
  g_assert_false (curve->assumed_rate);
  g_assert_cmpfloat_with_epsilon (curve->time_ms[3], 60, 1e-9);
  const double *area = curve->area_cm2[RUNET_SHOWN_LAST];
  g_assert_cmpfloat (area[0], ==, middle->stage[RUNET_SHOWN_LAST].discs.area_mm2 / 100);
  g_assert_true (isnan (area[1]) && isnan (area[3]));
  g_assert_cmpfloat (area[FIXTURE_FRAMES - 1], <, area[0]);
  g_assert_cmpfloat (curve->volume_ml[RUNET_SHOWN_LAST][0], >, 1);

  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  g_autoptr (RunetChart) chart =
      runet_report_make_chart (report, curve, "patient0001 4CH", RUNET_REPORT_AREA);
  g_assert_cmpuint (chart->points->len, ==, 2 * 3);
  g_autoptr (RunetClip) stills =
      runet_clip_new (runet_case_get_files (study_get_case (study, 1)), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (runet_volume_curve_new (study_get_case (study, 1), stills));
}

static void
assert_learning (const RunetReport *report, const char *expected) {
  g_autofree char *text = runet_report_describe_learning (report);
  g_assert_cmpstr (text, ==, expected);
}

/* Of a model that has seen two of the three patients. (transfer full) */
static GHashTable *
make_seen (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, RUNET_ARCHITECTURE_UNET1);
  g_autoptr (RunetModel) model = runet_model_new (&hyperparameters, random);
  g_autoptr (GPtrArray) taught = g_ptr_array_new ();
  g_autoptr (GPtrArray) judged = g_ptr_array_new ();
  g_ptr_array_add (taught, (char *)"patient0001");
  g_ptr_array_add (taught, (char *)"patient0400");
  g_ptr_array_add (judged, (char *)"patient0003");
  runet_model_record_patients (model, taught, judged);
  return runet_model_get_seen (model);
}

static void
test_learning (Study *study, gconstpointer data) {
  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  assert_learning (report, "");
  runet_report_set_seen (report, NULL);
  assert_learning (report, "This model does not say which patients it learned from: "
                           "agreement with the experts may be too good.");
  g_autoptr (GHashTable) seen = make_seen ();
  runet_report_set_seen (report, seen);
  assert_learning (
      report,
      "Going by their names, the model learned from 1 of the 3 patients shown, "
      "and 1 more decided when its training was best: expect less agreement with "
      "the experts for patients that are new to it.");
  g_hash_table_remove_all (seen);
  assert_learning (report, "Going by their names, the model learned from none of the "
                           "patients shown.");
}

/* ---- Files ---- */

static void
test_files (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  set_results (study, 1, FIXTURE_PLAIN, FIXTURE_SHIFTED);
  g_autoptr (RunetReport) report = runet_report_new (G_LIST_MODEL (study->cases), NULL);
  const RunetReportDocument document = {
      .report = report, .study = "phantoms, “first”", .model = "test", .date = "today"};
  g_assert_cmpuint (runet_report_count_pages (&document), ==, 3);
  g_autofree char *pdf = g_build_filename (study->folder, "report.pdf", NULL);
  g_autofree char *tables = g_build_filename (study->folder, "tables.csv", NULL);
  g_autofree char *images = g_build_filename (study->folder, "images.csv", NULL);
  g_autofree char *patients = g_build_filename (study->folder, "patients.csv", NULL);
  g_assert_true (runet_report_export_pdf (&document, pdf, &error));
  g_assert_true (runet_report_export_tables (&document, tables, &error));
  g_assert_true (
      runet_report_export_table (&document, RUNET_TABLE_IMAGES, images, &error));
  g_assert_true (
      runet_report_export_table (&document, RUNET_TABLE_PATIENTS, patients, &error));
  g_assert_no_error (error);

  g_autofree char *text = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (pdf, &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (images, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  /* 4 images × 2 stages × 2 borders, the heading and what follows the last line. */
  g_assert_cmpuint (g_strv_length (lines), ==, 18);
  g_assert_true (g_str_has_prefix (lines[1], "patient0001,4CH,ED,Good,1,endo,1.0000,"));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (patients, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "patient0003,,,,,60.00,cfg,no result\r\n"));

  g_assert_false (
      runet_report_export_pdf (&document, "/nonexistent/report.pdf", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
}

/* ---- The window ---- */

static RunetChartView *
get_view (RunetReportWindow *window, RunetReportChart kind) {
  g_autoptr (GPtrArray) views = g_ptr_array_new ();
  runet_test_list_widgets (GTK_WIDGET (window), RUNET_TYPE_CHART_VIEW, views);
  g_assert_cmpuint (views->len, ==, RUNET_REPORT_CHARTS);
  return views->pdata[kind];
}

static gboolean
shows_text (RunetReportWindow *window, const char *text) {
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  runet_test_list_widgets (GTK_WIDGET (window), GTK_TYPE_LABEL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (gtk_widget_is_visible (labels->pdata[i]) &&
        g_str_equal (gtk_label_get_label (labels->pdata[i]), text))
      return TRUE;
  return FALSE;
}

static void
activated_cb (RunetReportWindow *window,
              RunetCase *item,
              int instant,
              RunetCase **activated) {
  *activated = item;
  /* A patient's point is of no instant. */
  g_assert_cmpint (instant, ==, -1);
}

static void
opened_cb (RunetReportWindow *window, guint *opened) {
  (*opened)++;
}

static void
image_cb (RunetReportWindow *window, RunetCase *item, int instant, int *activated) {
  *activated = instant;
}

static void
frame_cb (RunetReportWindow *window, guint frame, guint *activated) {
  *activated = frame;
}

static void
test_window (Study *study, gconstpointer data) {
  RunetReportWindow *window = runet_report_window_new ();
  RunetCase *activated = NULL;
  const char *silent = "This model does not say which patients it learned from: "
                       "agreement with the experts may be too good.";
  guint frame = 99, opened = 0;
  g_signal_connect (window, "case-activated", G_CALLBACK (activated_cb), &activated);
  g_signal_connect (window, "frame-activated", G_CALLBACK (frame_cb), &frame);
  g_signal_connect (window, "opened", G_CALLBACK (opened_cb), &opened);
  runet_report_window_set_cases (window, G_LIST_MODEL (study->cases), "phantoms");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==,
                   "Report on phantoms");
  gtk_window_present (GTK_WINDOW (window));
  runet_test_settle (GTK_WIDGET (window));
  RunetChartView *scatter = get_view (window, RUNET_REPORT_EF_SCATTER);
  g_assert_cmpuint (runet_chart_view_get_chart (scatter)->points->len, ==, 0);

  /* Results are shown within a second, not at once. */
  set_results (study, 0, FIXTURE_PLAIN, FIXTURE_PLAIN);
  g_assert_cmpuint (runet_chart_view_get_chart (scatter)->points->len, ==, 0);
  fixture_wait_ms (1300);
  g_assert_cmpuint (runet_chart_view_get_chart (scatter)->points->len, ==, 1);
  g_signal_emit_by_name (scatter, "point-activated", 0);
  g_assert_true (activated == study_get_case (study, 0));
  g_assert_cmpuint (opened, ==, 0);
  g_signal_emit_by_name (scatter, "point-opened");
  g_assert_cmpuint (opened, ==, 1);
  /* One of an image is: that of ES. */
  int instant = -1;
  g_signal_handlers_disconnect_by_data (window, &activated);
  g_signal_connect (window, "case-activated", G_CALLBACK (image_cb), &instant);
  g_signal_emit_by_name (get_view (window, RUNET_REPORT_DICE), "point-activated", 1);
  g_assert_cmpint (instant, ==, RUNET_INSTANT_ES);

  /* Stills have no curves: words, no empty charts. */
  RunetChartView *volume = get_view (window, RUNET_REPORT_VOLUME);
  g_assert_true (shows_text (window, "No view is selected."));
  g_autoptr (RunetClip) stills =
      runet_clip_new (runet_case_get_files (study_get_case (study, 1)), NULL, NULL);
  runet_report_window_set_selected (window, study_get_case (study, 1), stills);
  g_assert_false (gtk_widget_is_visible (GTK_WIDGET (volume)));
  g_assert_true (shows_text (window, "patient0002 4CH has no sequence, only stills: "
                                     "there is nothing to draw over time."));
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (study_get_case (study, 0)), NULL, NULL);
  runet_report_window_set_selected (window, study_get_case (study, 0), clip);
  g_assert_true (gtk_widget_is_visible (GTK_WIDGET (volume)));
  g_assert_false (shows_text (window, "No view is selected."));
  const RunetChart *chart = runet_chart_view_get_chart (volume);
  g_assert_cmpuint (chart->points->len, ==, 4);
  g_assert_true (g_str_has_prefix (chart->title, "patient0001 4CH: "));
  g_signal_emit_by_name (volume, "point-activated", 4);
  g_assert_cmpuint (frame, ==, 4);

  /* Which model, and whether it knows these patients. */
  runet_report_window_set_model (window, "ru-net", FALSE, NULL);
  g_assert_true (shows_text (window, "Model: ru-net"));
  g_assert_false (shows_text (window, silent));
  runet_report_window_set_model (window, "ru-net", TRUE, NULL);
  g_assert_true (shows_text (window, silent));
  g_autoptr (GHashTable) seen = make_seen ();
  runet_report_window_set_model (window, "ru-net", TRUE, seen);
  g_assert_false (shows_text (window, silent));

  /* Another study: nothing of the first remains. */
  runet_report_window_set_cases (window, NULL, NULL);
  g_assert_cmpuint (runet_chart_view_get_chart (scatter)->points->len, ==, 0);
  g_assert_cmpuint (runet_chart_view_get_chart (volume)->points->len, ==, 0);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_wait_ms (300);
  g_assert_null (window);
}

#define ADD(path, test) g_test_add (path, Study, NULL, set_up, test, study_tear_down)

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/ui/report/nothing", test_nothing);
  ADD ("/ui/report/outliers", test_outliers);
  ADD ("/ui/report/uncompared", test_uncompared);
  ADD ("/ui/report/ef", test_ef);
  ADD ("/ui/report/ef/axes", test_ef_axes);
  ADD ("/ui/report/experts", test_experts);
  ADD ("/ui/report/curve", test_curve);
  ADD ("/ui/report/learning", test_learning);
  ADD ("/ui/report/files", test_files);
  ADD ("/ui/report/window", test_window);
  return g_test_run ();
}
