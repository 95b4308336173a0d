/* Data sets in every layout, what is missing in them, lists of patients, and CAMUS. */
#include "core/echo/dataset.h"

#include "echo-fixture.h"

static RunetDataset *
open_dataset (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetDataset *dataset = runet_dataset_open (path, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < dataset->problems->len; i++)
    g_test_message ("%s", ((RunetProblem *)dataset->problems->pdata[i])->message);
  return dataset;
}

static void
put_empty (const char *folder, const char *patient, const char *ending) {
  g_autofree char *name = g_strdup_printf ("%s/%s%s", patient, patient, ending);
  g_free (put_text (folder, name, ""));
}

/* All files of one view, none with content. */
static void
put_view (const char *folder,
          const char *patient,
          const char *view,
          const char *extension) {
  static const char *const parts[] = {"ED", "ED_gt", "ES", "ES_gt"};
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *ending = g_strdup_printf ("_%s_%s.%s", view, parts[i], extension);
    put_empty (folder, patient, ending);
    if (strcmp (extension, "mhd") != 0)
      continue;
    g_autofree char *raw = g_strdup_printf ("_%s_%s.raw", view, parts[i]);
    put_empty (folder, patient, raw);
  }
  g_autofree char *cfg = g_strdup_printf ("%s/Info_%s.cfg", patient, view);
  g_free (put_text (folder, cfg, "ED: 1\nES: 18\nNbFrame: 18\nImageQuality: Medium\n"));
}

/* An image of @frames frames whose pixels hold the frame's number, 1-based. */
static void
put_image (const char *folder, const char *patient, const char *ending, gsize frames) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_strdup_printf ("%s/%s/%s%s", folder, patient, patient, ending);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (4, 3, frames, 0.3, 0.2, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) image = runet_image_new (grid, &error);
  for (gsize i = 0; i < 12 * frames; i++)
    image->pixels[i] = (float)(i / 12 + 1);
  g_assert_true (runet_image_write (image, path, &error));
}

static gboolean
has_problem (const RunetDataset *dataset, const char *file, const char *words) {
  for (guint i = 0; i < dataset->problems->len; i++) {
    const RunetProblem *problem = dataset->problems->pdata[i];
    g_assert_null (strchr (problem->message, '\n'));
    if (strstr (problem->message, file) != NULL &&
        strstr (problem->message, words) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
test_layouts (void) {
  static const struct {
    const char *below, *subset;
  } cases[] = {
      {".", NULL},
      {"database_nifti", NULL},
      {"training", "training"},
      {"testing", "testing"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Folder) folder = folder_new ();
    g_autofree char *below = g_build_filename (folder.path, cases[i].below, NULL);
    put_view (below, "patient0002", "2CH", "nii.gz");
    put_view (below, "patient0002", "4CH", "mhd");
    put_view (below, "patient0001", "4CH", "nii");
    g_free (put_text (below, "README.md", "no patient"));
    g_free (put_text (below, ".cache/x", "no patient"));
    g_free (put_text (below, "lists/fold1.txt", "patient0001"));
    g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
    g_assert_cmpuint (dataset->problems->len, ==, 0);
    g_assert_cmpuint (dataset->patients->len, ==, 2);
    const RunetPatient *first = dataset->patients->pdata[0];
    const RunetPatient *second = dataset->patients->pdata[1];
    g_assert_cmpstr (first->id, ==, "patient0001");
    g_assert_cmpstr (first->subset, ==, cases[i].subset);
    g_assert_false (first->views[RUNET_VIEW_A2C].present);
    g_assert_true (first->views[RUNET_VIEW_A4C].present);
    const RunetViewFiles *files = &second->views[RUNET_VIEW_A4C];
    g_assert_cmpint (files->view, ==, RUNET_VIEW_A4C);
    g_assert_true (
        g_str_has_suffix (files->still[RUNET_INSTANT_ES], "patient0002_4CH_ES.mhd"));
    g_assert_true (g_str_has_suffix (files->still_mask[RUNET_INSTANT_ED],
                                     "patient0002_4CH_ED_gt.mhd"));
    g_assert_null (files->sequence);
    g_assert_cmpint (files->frame[RUNET_INSTANT_ES], ==, 18);
    g_assert_cmpint (files->quality, ==, RUNET_QUALITY_MEDIUM);
    g_autofree char *stem =
        runet_patient_stem (second, RUNET_VIEW_A4C, RUNET_INSTANT_ED);
    g_assert_cmpstr (stem, ==, "patient0002_4CH_ED");
  }
}

static void
test_one_patient (void) {
  g_auto (Folder) folder = folder_new ();
  put_view (folder.path, "patient0007", "2CH", "nii.gz");
  g_autofree char *path = g_build_filename (folder.path, "patient0007", NULL);
  g_autofree char *slash = g_strconcat (path, "/", NULL);
  g_autoptr (RunetDataset) dataset = open_dataset (slash);
  g_assert_cmpuint (dataset->patients->len, ==, 1);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpstr (dataset->name, ==, "patient0007");
  /* Renamed, the files still say who it is. */
  g_autofree char *renamed = g_build_filename (folder.path, "a copy", NULL);
  g_assert_cmpint (g_rename (path, renamed), ==, 0);
  g_autoptr (RunetDataset) copy = open_dataset (folder.path);
  g_assert_nonnull (runet_dataset_find (copy, "patient0007"));
}

static void
test_subsets (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *training = g_build_filename (folder.path, "training", NULL);
  g_autofree char *testing = g_build_filename (folder.path, "testing", NULL);
  put_view (training, "patient0001", "4CH", "mhd");
  put_view (testing, "patient0001", "4CH", "mhd");
  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_assert_cmpuint (dataset->patients->len, ==, 2);
  const RunetPatient *found = runet_dataset_find (dataset, "training/patient0001");
  g_assert_cmpstr (found->subset, ==, "training");
  g_assert_cmpstr (found->id, ==, "patient0001");
  found = runet_dataset_find (dataset, "testing/patient0001");
  g_assert_cmpstr (found->subset, ==, "testing");
  g_assert_nonnull (runet_dataset_find (dataset, "patient0001"));
  g_assert_null (runet_dataset_find (dataset, "test/patient0001"));
  g_assert_null (runet_dataset_find (dataset, "patient0002"));
}

static void
test_not_a_dataset (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *file = put_text (folder.path, "file.txt", "x");
  g_autofree char *none = g_build_filename (folder.path, "none", NULL);
  const struct {
    const char *path, *words;
  } cases[] = {
      {folder.path, "expected folders of patients"},
      {file, "found a file"},
      {none, "found nothing"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (runet_dataset_open (cases[i].path, NULL, &error));
    assert_failure (error, RUNET_ERROR_MISSING, cases[i].path, cases[i].words);
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  put_view (folder.path, "patient0001", "4CH", "nii");
  g_assert_null (runet_dataset_open (folder.path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_missing_parts (void) {
  g_auto (Folder) folder = folder_new ();
  /* Whole, and whole without masks: nothing to say. */
  put_view (folder.path, "patient0001", "2CH", "nii.gz");
  put_empty (folder.path, "patient0002", "_2CH_ED.nii");
  put_empty (folder.path, "patient0002", "_2CH_ES.nii");
  /* A mask without its image; no ES; one mask of two; a sequence's masks alone. */
  put_empty (folder.path, "patient0003", "_2CH_ED.nii");
  put_empty (folder.path, "patient0003", "_2CH_ES_gt.nii");
  put_empty (folder.path, "patient0004", "_4CH_ED.nii");
  put_empty (folder.path, "patient0005", "_4CH_ED.nii");
  put_empty (folder.path, "patient0005", "_4CH_ES.nii");
  put_empty (folder.path, "patient0005", "_4CH_ES_gt.nii");
  put_empty (folder.path, "patient0006", "_2CH_half_sequence_gt.nii");
  /* A header whose data file is gone; another patient's file; an empty folder. */
  g_free (put_text (folder.path, "patient0007/patient0007_4CH_ED.mhd",
                    "NDims = 2\nDimSize = 3 2\nElementType = MET_UCHAR\n"
                    "ElementDataFile = patient0007_4CH_ED.raw\n"));
  put_empty (folder.path, "patient0007", "_4CH_ES.nii");
  g_free (put_text (folder.path, "patient0008/patient0001_4CH_ED.nii", ""));
  put_empty (folder.path, "patient0008", "_4CH_ED.nii");
  put_empty (folder.path, "patient0008", "_4CH_ES.nii");
  g_free (put_text (folder.path, "patient0009/readme", ""));

  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_assert_cmpuint (dataset->patients->len, ==, 8);
  g_assert_true (has_problem (dataset, "patient0003_2CH_ES_gt.nii",
                              "expected its image patient0003_2CH_ES"));
  g_assert_true (has_problem (dataset, "patient0004_4CH_ES", "beside that of ED"));
  g_assert_true (has_problem (dataset, "patient0005_4CH_ED", "as ES has one"));
  g_assert_true (
      has_problem (dataset, "patient0006_2CH_half_sequence_gt.nii", "its sequence"));
  g_assert_true (has_problem (dataset, "patient0007_4CH_ED.raw", "expected a file"));
  g_assert_true (
      has_problem (dataset, "patient0008/patient0001_4CH_ED.nii", "patient0008"));
  g_assert_true (has_problem (dataset, "patient0009", "found none"));
  g_assert_cmpuint (dataset->problems->len, ==, 7);
}

static void
test_sequence (void) {
  g_auto (Folder) folder = folder_new ();
  put_image (folder.path, "patient0001", "_4CH_half_sequence.nii.gz", 5);
  g_free (put_text (folder.path, "patient0001/Info_4CH.cfg", "ED: 4\nES: 1\n"));
  /* The cfg's count agrees with its ED, but the sequence is shorter. */
  put_image (folder.path, "patient0002", "_4CH_sequence.nii.gz", 5);
  g_free (
      put_text (folder.path, "patient0002/Info_4CH.cfg", "ED: 8\nES: 2\nNbFrame: 9\n"));
  put_image (folder.path, "patient0003", "_4CH_half_sequence.nii.gz", 5);
  put_empty (folder.path, "patient0004", "_4CH_half_sequence.nii.gz");
  g_free (
      put_text (folder.path, "patient0004/Info_4CH.cfg", "ED: 1\nES: 5\nNbFrame: 5\n"));
  put_image (folder.path, "patient0005", "_4CH_half_sequence.nii.gz", 5);
  g_free (put_text (folder.path, "patient0005/Info_4CH.cfg", "ED: 1\nSex: F\n"));

  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_assert_cmpuint (dataset->patients->len, ==, 5);
  g_assert_true (
      has_problem (dataset, "patient0002/Info_4CH.cfg", "among the 5 frames"));
  g_assert_true (has_problem (dataset, "patient0003/Info_4CH.cfg", "found none"));
  g_assert_true (has_problem (dataset, "patient0004_4CH_half_sequence", "empty"));
  g_assert_true (has_problem (dataset, "patient0005/Info_4CH.cfg", "frame of ES"));
  g_assert_cmpuint (dataset->problems->len, ==, 4);

  const RunetPatient *patient = dataset->patients->pdata[0];
  const RunetViewFiles *files = &patient->views[RUNET_VIEW_A4C];
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (files->frames, ==, 5);
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, RUNET_INSTANT_ED, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->grid->frames, ==, 1);
  g_assert_cmpfloat (image->pixels[0], ==, 4);
  g_assert_cmpfloat (image->pixels[11], ==, 4);
  g_assert_null (runet_view_read_still_mask (files, RUNET_INSTANT_ED, NULL, &error));
  assert_failure (error, RUNET_ERROR_MISSING, "4CH ED", "expected an expert mask");
  g_clear_error (&error);
  patient = dataset->patients->pdata[1];
  files = &patient->views[RUNET_VIEW_A4C];
  g_assert_cmpint (files->frame[RUNET_INSTANT_ED], ==, 0);
  g_assert_null (runet_view_read_still (files, RUNET_INSTANT_ED, NULL, &error));
  assert_failure (error, RUNET_ERROR_MISSING, "4CH ED", "expected an image");
}

static void
test_still_wins (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  put_image (folder.path, "patient0001", "_2CH_half_sequence.nii.gz", 3);
  put_image (folder.path, "patient0001", "_2CH_half_sequence_gt.nii.gz", 3);
  put_image (folder.path, "patient0001", "_2CH_ED.nii.gz", 1);
  put_image (folder.path, "patient0001", "_2CH_ED.mha", 2);
  put_image (folder.path, "patient0001", "_2CH_ES.mha", 2);
  g_free (put_text (folder.path, "patient0001/Info_2CH.cfg", "ED: 3\nES: 2\n"));
  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  const RunetPatient *patient = dataset->patients->pdata[0];
  const RunetViewFiles *files = &patient->views[RUNET_VIEW_A2C];
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, RUNET_INSTANT_ED, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (image->pixels[0], ==, 1);
  g_autoptr (RunetLabelMap) map =
      runet_view_read_still_mask (files, RUNET_INSTANT_ED, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (map->labels[0], ==, 3);
  g_assert_null (runet_view_read_still (files, RUNET_INSTANT_ES, NULL, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, "_2CH_ES.mha",
                  "expected one frame, found 2");
}

static void
test_select (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  guint absent = 0;
  put_view (folder.path, "patient0001", "4CH", "nii");
  put_view (folder.path, "patient0002", "4CH", "nii");
  g_autofree char *list = put_text (
      folder.path, "list.txt",
      "\npatient0002\r\n  patient0404 \n\npatient0001\npatient0002\npatient9");
  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_autoptr (GPtrArray) selected =
      runet_dataset_select (dataset, list, &absent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (selected->len, ==, 2);
  g_assert_true (selected->pdata[0] == dataset->patients->pdata[1]);
  g_assert_true (selected->pdata[1] == dataset->patients->pdata[0]);
  g_assert_cmpuint (absent, ==, 2);
  g_autofree char *binary = put_bytes (folder.path, "list.bin", "a\0b", 3);
  g_assert_null (runet_dataset_select (dataset, binary, &absent, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, binary, "patient ids");
  g_clear_error (&error);
  g_assert_null (runet_dataset_select (dataset, "/none.txt", &absent, &error));
  assert_failure (error, RUNET_ERROR_MISSING, "/none.txt", "expected a file");
}

/* Images without a single byte are listed: nothing looks into them. */
static void
test_five_hundred (void) {
  g_auto (Folder) folder = folder_new ();
  for (int i = 500; i > 0; i--) {
    g_autofree char *id = g_strdup_printf ("patient%04d", i);
    put_view (folder.path, id, "2CH", "nii.gz");
    put_view (folder.path, id, "4CH", "nii.gz");
  }
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RunetDataset) dataset = open_dataset (folder.path);
  g_test_message ("500 patients listed in %.1f ms",
                  (double)(g_get_monotonic_time () - start) / 1e3);
  g_assert_cmpuint (dataset->patients->len, ==, 500);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  for (int i = 0; i < 500; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    g_autofree char *id = g_strdup_printf ("patient%04d", i + 1);
    g_assert_cmpstr (patient->id, ==, id);
    g_assert_nonnull (patient->views[RUNET_VIEW_A2C].still_mask[RUNET_INSTANT_ES]);
  }
}

static void
test_camus (void) {
  g_autofree char *camus = find_camus ("");
  if (camus == NULL)
    return;
  g_autoptr (GError) error = NULL;
  guint absent;
  g_autoptr (RunetDataset) dataset = open_dataset (camus);
  g_assert_cmpuint (dataset->patients->len, ==, 450);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_autofree char *list =
      g_build_filename (camus, "database_split", "subgroup_training.txt", NULL);
  g_autoptr (GPtrArray) training =
      runet_dataset_select (dataset, list, &absent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (training->len, ==, 400);
  g_assert_cmpuint (absent, ==, 0);
  g_autofree char *test_list = g_build_filename (camus, "database_split", "folds",
                                                 "subGroup5_testing.txt", NULL);
  g_autoptr (GPtrArray) testing =
      runet_dataset_select (dataset, test_list, &absent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (testing->len + absent, ==, 50);
  g_assert_cmpuint (absent, ==, 50);
  /* ES comes first in 4CH of patient 6. */
  const RunetPatient *patient = runet_dataset_find (dataset, "patient0006");
  const int *frame = patient->views[RUNET_VIEW_A4C].frame;
  g_assert_cmpint (frame[RUNET_INSTANT_ES], <, frame[RUNET_INSTANT_ED]);
  for (int view = 0; view < RUNET_VIEWS; view++)
    for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
      const RunetViewFiles *files = &patient->views[view];
      g_autoptr (RunetImage) image =
          runet_view_read_still (files, instant, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (RunetLabelMap) map =
          runet_view_read_still_mask (files, instant, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (runet_grid_equal (image->grid, map->grid));
    }
}

static void
test_camus_releases (void) {
  static const struct {
    const char *name;
    guint patients;
    gboolean sequences;
  } cases[] = {
      {"native_mhd", 5, FALSE},
      {"native_nifti", 12, FALSE},
      {"cine", 1, TRUE},
      {"cine/patient0003", 1, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = find_camus (cases[i].name);
    if (path == NULL)
      return;
    g_autoptr (RunetDataset) dataset = open_dataset (path);
    g_assert_cmpuint (dataset->patients->len, ==, cases[i].patients);
    g_assert_cmpuint (dataset->problems->len, ==, 0);
    const RunetPatient *patient = dataset->patients->pdata[0];
    const RunetViewFiles *files = &patient->views[RUNET_VIEW_A4C];
    g_assert_true ((files->sequence != NULL) == cases[i].sequences);
    g_assert_null (files->sequence_mask);
    if (!cases[i].sequences)
      continue;
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetImage) sequence = runet_image_read (files->sequence, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (files->frames, ==, 21);
    g_assert_cmpuint (sequence->grid->frames, ==, 21);
    g_assert_true (sequence->grid->has_time_axis);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/dataset/layouts", test_layouts);
  g_test_add_func ("/echo/dataset/one-patient", test_one_patient);
  g_test_add_func ("/echo/dataset/subsets", test_subsets);
  g_test_add_func ("/echo/dataset/not-a-dataset", test_not_a_dataset);
  g_test_add_func ("/echo/dataset/missing-parts", test_missing_parts);
  g_test_add_func ("/echo/dataset/sequence", test_sequence);
  g_test_add_func ("/echo/dataset/still-wins", test_still_wins);
  g_test_add_func ("/echo/dataset/select", test_select);
  g_test_add_func ("/echo/dataset/five-hundred", test_five_hundred);
  g_test_add_func ("/echo/dataset/camus", test_camus);
  g_test_add_func ("/echo/dataset/camus-releases", test_camus_releases);
  return g_test_run ();
}
