/* Two views of one patient: found, shown side by side, linked in time; and their volumes in the table. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "offscreen.h"
#include "ui/companion.h"
#include "ui/case-measures.h"
#include "ui/volume-notes.h"
#include "ui/volume-table.h"

typedef struct {
  char *folder;
  RunetDataset *dataset;
  GListStore *cases;
  RunetCase *four, *two, *alone;
} Study;

/* The files of a four-chamber view again as those of a two-chamber view. */
static void
copy_view (const char *folder, const char *id) {
  g_autofree char *path = g_build_filename (folder, id, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  g_assert_no_error (error);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    if (!strstr (name, "4CH"))
      continue;
    g_autoptr (GString) other = g_string_new (name);
    g_string_replace (other, "4CH", "2CH", 1);
    g_autofree char *from = g_build_filename (path, name, NULL);
    g_autofree char *to = g_build_filename (path, other->str, NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
    g_assert_true (g_file_set_contents (to, bytes, (gssize)length, NULL));
  }
}

static RunetCase *
find_case (Study *study, const char *name, RunetView view) {
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (study->cases)); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (G_LIST_MODEL (study->cases), i);
    if (g_str_equal (runet_case_get_name (item), name) &&
        runet_case_get_view (item) == view)
      return item;
  }
  g_assert_not_reached ();
}

static void
set_up (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  study->folder = fixture_folder ();
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  copy_view (study->folder, "patient0001");
  fixture_write_patient (study->folder, "patient0002", FIXTURE_PLAIN, FALSE);
  fixture_write_patient (study->folder, "patient0003", FIXTURE_PLAIN, FALSE);
  copy_view (study->folder, "patient0003");
  g_autofree char *still = g_build_filename (study->folder, "patient0003",
                                             "patient0003_2CH_ES.nii.gz", NULL);
  g_assert_cmpint (g_remove (still), ==, 0);
  study->dataset = runet_dataset_open (study->folder, NULL, &error);
  g_assert_no_error (error);
  study->cases = runet_cases_of_dataset (study->dataset);
  study->four = find_case (study, "patient0001", RUNET_VIEW_A4C);
  study->two = find_case (study, "patient0001", RUNET_VIEW_A2C);
  study->alone = find_case (study, "patient0002", RUNET_VIEW_A4C);
}

static void
tear_down (Study *study, gconstpointer data) {
  g_object_unref (study->cases);
  runet_dataset_unref (study->dataset);
  fixture_remove (study->folder);
}

static void
test_other (Study *study, gconstpointer data) {
  GListModel *cases = G_LIST_MODEL (study->cases);
  g_assert_true (runet_cases_find_other_view (cases, study->four) == study->two);
  g_assert_true (runet_cases_find_other_view (cases, study->two) == study->four);
  g_assert_null (runet_cases_find_other_view (cases, study->alone));
}

static RunetFrameResult *
make_result (FixtureKind kind) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (kind, labels);
  /* The ventricle of the fixture is closed: its base is cut open. */
  for (gsize y = 85; y < FIXTURE_HEIGHT; y++)
    for (gsize x = 0; x < FIXTURE_WIDTH; x++)
      if (labels[y * FIXTURE_WIDTH + x] != RUNET_LABEL_LA)
        labels[y * FIXTURE_WIDTH + x] = RUNET_LABEL_BACKGROUND;
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  return runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
}

static void
set_results (RunetCase *item) {
  g_autoptr (RunetFrameResult) result = make_result (FIXTURE_PLAIN);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    runet_case_set_instant_result (item, i, result);
}

static void
test_curve (Study *study, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetClip) clip =
      runet_clip_new (runet_case_get_files (study->four), NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetFrameResult) result = make_result (FIXTURE_PLAIN);
  const RunetDiscs *discs = &result->stage[RUNET_SHOWN_LAST].discs;
  g_assert_cmpint (discs->state, ==, RUNET_DISCS_FOUND);
  runet_case_set_instant_result (study->four, RUNET_INSTANT_ED, result);
  runet_case_set_frame_result (study->four, 2, result);
  g_autofree double *areas = runet_case_get_curve (study->four, clip, RUNET_CURVE_AREA);
  g_autofree double *lengths =
      runet_case_get_curve (study->four, clip, RUNET_CURVE_LENGTH);
  g_autofree double *experts =
      runet_case_get_curve (study->four, clip, RUNET_CURVE_EXPERT_AREA);
  for (guint frame = 0; frame < clip->frames; frame++) {
    gboolean known = frame == 0 || frame == 2;
    g_assert_true (known ? areas[frame] == discs->area_mm2 / 100
                         : isnan (areas[frame]));
    g_assert_true (known ? lengths[frame] == discs->length_mm : isnan (lengths[frame]));
    /* The expert's masks are of ED and ES alone. */
    gboolean instant = frame == 0 || frame == clip->frames - 1;
    g_assert_cmpint (isfinite (experts[frame]), ==, instant);
    g_assert_cmpint (clip->expert_discs[frame] != NULL, ==, instant);
  }
}

/* ---- Volumes ---- */

static void
test_measures (Study *study, gconstpointer data) {
  RunetPatientMeasures measures;
  RunetCase *views[RUNET_VIEWS] = {
      [RUNET_VIEW_A2C] = study->two, [RUNET_VIEW_A4C] = study->four};
  measures = runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  g_assert_false (runet_patient_measures_any (&measures));
  set_results (study->four);
  measures = runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  RunetVolumes volumes = runet_patient_measures_compute (&measures, RUNET_SIMPSON_ASE);
  g_assert_cmpstr (runet_volumes_planes (&volumes), ==, "4CH only");
  g_assert_cmpfloat_with_epsilon (volumes.ef_percent, 0, 1e-9);
  g_assert_true (
      isnan (runet_patient_measures_get_foreshortening (&measures, RUNET_INSTANT_ED)));

  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  runet_patient_measures_list_notes (&measures, views, FALSE, "Stage 2", notes);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_cmpstr (notes->pdata[0], ==, "Stage 2, Two-chamber: not analysed yet");

  set_results (study->two);
  measures = runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  volumes = runet_patient_measures_compute (&measures, RUNET_SIMPSON_ASE);
  g_assert_cmpstr (runet_volumes_planes (&volumes), ==, "biplane");
  g_ptr_array_set_size (notes, 0);
  runet_patient_measures_list_notes (&measures, views, FALSE, "Stage 2", notes);
  g_assert_cmpuint (notes->len, ==, 0);

  /* One view cut short, and one without a base. */
  measures.discs[RUNET_VIEW_A2C][RUNET_INSTANT_ES].length_mm *= 0.88;
  measures.discs[RUNET_VIEW_A4C][RUNET_INSTANT_ED].state = RUNET_DISCS_NO_BASE;
  g_assert_cmpfloat_with_epsilon (
      runet_patient_measures_get_foreshortening (&measures, RUNET_INSTANT_ES), 0.12,
      1e-9);
  runet_patient_measures_list_notes (&measures, views, FALSE, "Stage 2", notes);
  g_assert_cmpuint (notes->len, ==, 2);
  g_assert_cmpstr (
      notes->pdata[0], ==,
      "Stage 2, Four-chamber, End-diastole: No long axis: no base of the LV "
      "found");
  g_assert_true (g_str_has_prefix (
      notes->pdata[1], "Stage 2, End-systole: the long axes differ by 12.0 %"));
  g_assert_true (
      g_str_has_suffix (notes->pdata[1], "the two-chamber view may be foreshortened"));
  runet_case_clear (study->four);
  runet_case_clear (study->two);
}

static void
test_grades (void) {
  const RunetVolumes volumes = {.volume_ml = {110, 60}, .ef_percent = 45.5};
  g_autofree char *women = runet_volumes_describe_grades (&volumes, "Stage 2", 'F');
  g_assert_true (g_str_has_suffix (
      women, "Stage 2: EDV above normal, ESV above normal, EF mildly abnormal"));
  g_assert_nonnull (strstr (women, "EF 54–74 %"));
  g_autofree char *men = runet_volumes_describe_grades (&volumes, "Stage 2", 'M');
  g_assert_true (
      g_str_has_suffix (men, "Stage 2: EDV normal, ESV normal, EF mildly abnormal"));
  g_autofree char *unknown = runet_volumes_describe_grades (&volumes, "Stage 2", 0);
  g_assert_nonnull (strstr (unknown, "sex of the patient is not known"));
  const RunetVolumes none = {.volume_ml = {NAN, NAN}, .ef_percent = NAN};
  g_autofree char *ranges = runet_volumes_describe_grades (&none, "Stage 2", 'M');
  g_assert_null (strstr (ranges, "Stage 2"));
}

/* (nullable): a label below @widget with exactly this text that is visible. */
static GtkWidget *
find_label (GtkWidget *widget, const char *start) {
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (GTK_IS_LABEL (widget) &&
      g_str_has_prefix (gtk_label_get_label (GTK_LABEL (widget)), start))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_label (child, start);
    if (found)
      return found;
  }
  return NULL;
}

static void
test_table (Study *study, gconstpointer data) {
  GtkWidget *table = runet_volume_table_new ();
  GtkWindow *window = runet_test_window_new (table, 400, 600);
  set_results (study->four);
  RunetPatientMeasures measures;
  RunetCase *views[RUNET_VIEWS] = {[RUNET_VIEW_A4C] = study->four};
  measures = runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  const double edv = runet_patient_measures_compute (&measures, RUNET_SIMPSON_ASE)
                         .volume_ml[RUNET_INSTANT_ED];
  g_autofree char *volume = g_strdup_printf ("%.1f", edv);
  g_autofree char *whole = g_strdup_printf ("%.1f", round (edv));
  /* Small as it is, it lies below what is normal. */
  g_autofree char *low = g_strconcat ("↓ ", volume, NULL);
  g_autofree char *low_whole = g_strconcat ("↓ ", whole, NULL);

  runet_volume_table_set_cases (RUNET_VOLUME_TABLE (table), study->four, NULL);
  g_assert_nonnull (find_label (table, low));
  g_assert_nonnull (find_label (table, "4CH only"));
  g_assert_nonnull (find_label (table, "There is no two-chamber view"));
  g_assert_nonnull (find_label (table, "Four-chamber"));
  g_assert_null (find_label (table, "Two-chamber"));
  g_assert_nonnull (find_label (table, "Normal in women"));
  /* The cfg of the fixture gives an EF. */
  g_assert_nonnull (find_label (table, "Given"));
  g_assert_nonnull (find_label (table, "55.0"));
  /* The expert's masks are read on a thread. */
  while (!find_label (table, "Expert"))
    g_main_context_iteration (NULL, TRUE);

  runet_volume_table_set_cases (RUNET_VOLUME_TABLE (table), study->four, study->two);
  g_assert_nonnull (find_label (table, "Two-chamber"));
  g_assert_nonnull (find_label (table, "• Stage 2, Two-chamber: not analysed yet"));
  set_results (study->two);
  g_assert_nonnull (find_label (table, "biplane"));
  g_object_set (table, "mode", "camus", NULL);
  g_assert_nonnull (find_label (table, low_whole));
  g_object_set (table, "mode", "ase", NULL);
  g_assert_nonnull (find_label (table, low));

  /* A view of another patient is not taken for one of this. */
  runet_volume_table_set_cases (RUNET_VOLUME_TABLE (table), study->alone, study->two);
  g_assert_null (find_label (table, "Two-chamber"));
  /* The thread holds on to the table until it has read them. */
  while (!find_label (table, "Expert"))
    g_main_context_iteration (NULL, TRUE);
  runet_volume_table_set_cases (RUNET_VOLUME_TABLE (table), NULL, NULL);
  g_object_ref (table);
  gtk_window_destroy (window);
  g_assert_finalize_object (table);
  runet_case_clear (study->four);
  runet_case_clear (study->two);
}

/* ---- Side by side ---- */

static RunetViewer *
find_companion (GtkWidget *widget, RunetViewer *leader) {
  if (RUNET_IS_VIEWER (widget) && RUNET_VIEWER (widget) != leader)
    return RUNET_VIEWER (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    RunetViewer *found = find_companion (child, leader);
    if (found)
      return found;
  }
  return NULL;
}

static void
wait_for_clip (RunetViewer *viewer) {
  while (!runet_viewer_get_clip (viewer))
    g_main_context_iteration (NULL, TRUE);
}

static double
get_left (RunetViewer *viewer, GtkWidget *root) {
  graphene_rect_t bounds;
  GtkWidget *canvas = GTK_WIDGET (runet_viewer_get_canvas (viewer));
  runet_test_settle (canvas);
  g_assert_true (gtk_widget_compute_bounds (canvas, root, &bounds));
  return bounds.origin.x;
}

static void
test_side_by_side (Study *study, gconstpointer data) {
  RunetViewer *viewer = RUNET_VIEWER (runet_viewer_new ());
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (viewer), 900, 600);
  runet_viewer_set_case (viewer, study->two);
  runet_viewer_set_other_view (viewer, study->four);
  wait_for_clip (viewer);
  g_assert_null (find_companion (GTK_WIDGET (viewer), viewer));

  g_object_set (viewer, "both-views", TRUE, NULL);
  RunetViewer *beside = find_companion (GTK_WIDGET (viewer), viewer);
  g_assert_nonnull (beside);
  wait_for_clip (beside);
  g_assert_true (runet_viewer_get_case (beside) == study->four);
  /* Four-chamber on the left, whichever is looked at. */
  g_assert_cmpfloat (get_left (beside, GTK_WIDGET (window)), <,
                     get_left (viewer, GTK_WIDGET (window)));

  /* Same frames, same overlays. */
  for (guint frame = 0; frame < FIXTURE_FRAMES; frame++) {
    runet_viewer_set_frame (viewer, frame);
    g_assert_cmpuint (runet_viewer_get_frame (beside), ==, frame);
  }
  runet_viewer_go_to_end (viewer, FALSE);
  g_assert_cmpuint (runet_viewer_get_frame (beside), ==, 0);
  runet_viewer_step (viewer, -1);
  g_assert_cmpuint (runet_viewer_get_frame (beside), ==, FIXTURE_FRAMES - 1);
  g_object_set (runet_viewer_get_canvas (viewer), "show-stage1", FALSE, "show-measures",
                TRUE, NULL);
  gboolean stage1, measures;
  g_object_get (runet_viewer_get_canvas (beside), "show-stage1", &stage1,
                "show-measures", &measures, NULL);
  g_assert_false (stage1);
  g_assert_true (measures);

  /* Zoom acts on the image that has the focus. */
  g_assert_true (runet_viewer_get_focused_canvas (viewer) ==
                 runet_viewer_get_canvas (viewer));
  gtk_widget_grab_focus (GTK_WIDGET (runet_viewer_get_canvas (beside)));
  g_assert_true (runet_viewer_get_focused_canvas (viewer) ==
                 runet_viewer_get_canvas (beside));
  gtk_widget_grab_focus (GTK_WIDGET (runet_viewer_get_canvas (viewer)));
  g_assert_true (runet_viewer_get_focused_canvas (viewer) ==
                 runet_viewer_get_canvas (viewer));

  /* The patient looked at next has one view. */
  runet_viewer_set_case (viewer, study->four);
  runet_viewer_set_other_view (viewer, study->two);
  wait_for_clip (viewer);
  wait_for_clip (beside);
  g_assert_cmpfloat (get_left (viewer, GTK_WIDGET (window)), <,
                     get_left (beside, GTK_WIDGET (window)));
  g_assert_nonnull (find_label (GTK_WIDGET (viewer), "Four-chamber · 52.5 Hz"));
  g_assert_nonnull (find_label (GTK_WIDGET (viewer), "Two-chamber · 52.5 Hz"));
  runet_viewer_set_case (viewer, study->alone);
  runet_viewer_set_other_view (viewer, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (beside)));
  wait_for_clip (viewer);

  /* A still of another instant than the one looked at is called by its name. */
  runet_viewer_set_case (viewer, find_case (study, "patient0003", RUNET_VIEW_A4C));
  runet_viewer_set_other_view (viewer,
                               find_case (study, "patient0003", RUNET_VIEW_A2C));
  wait_for_clip (viewer);
  wait_for_clip (beside);
  g_assert_true (runet_viewer_go_to_instant (viewer, RUNET_INSTANT_ES));
  g_assert_nonnull (find_label (GTK_WIDGET (viewer), "Four-chamber · End-systole"));
  g_assert_nonnull (find_label (GTK_WIDGET (viewer), "Two-chamber · End-diastole"));

  g_object_ref (viewer);
  gtk_window_destroy (window);
  g_assert_finalize_object (viewer);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Study, NULL, set_up, func, tear_down)
  ADD ("/ui/both-views/other", test_other);
  ADD ("/ui/both-views/curve", test_curve);
  ADD ("/ui/both-views/measures", test_measures);
  g_test_add_func ("/ui/both-views/grades", test_grades);
  ADD ("/ui/both-views/table", test_table);
  ADD ("/ui/both-views/side-by-side", test_side_by_side);
  return g_test_run ();
}
