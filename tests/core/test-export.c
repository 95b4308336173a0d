/* Exports: what comes out is what was accepted, byte for byte where nobody touched it. */
#include "core/base/error.h"
#include "echo-fixture.h"
#include "export-fixture.h"

static void
test_masks (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autofree char *before = exchange_hash (study.study);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->views, ==, 1);
  g_assert_cmpuint (done->frames, ==, 2);
  g_assert_cmpuint (done->problems->len, ==, 0);
  /* Nothing was written into the data set. */
  g_autofree char *after = exchange_hash (study.study);
  g_assert_cmpstr (before, ==, after);

  /* ES was accepted as it was: the very bytes of the expert's file, which it began with. */
  g_autofree char *es = g_strdup_printf ("%s_4CH_ES_gt.nii.gz", patient->id);
  g_autofree char *es_path =
      g_build_filename (study.output, "masks", patient->id, es, NULL);
  g_autoptr (RunetLabelMap) expert =
      read_labels (patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ES]);
  g_autoptr (RunetLabelMap) untouched = read_labels (es_path);
  const gsize area = expert->grid->width * expert->grid->height;
  g_assert_true (runet_grid_equal (expert->grid, untouched->grid));
  g_assert_cmpint (untouched->grid->type, ==, expert->grid->type);
  g_assert_cmpmem (untouched->labels, area, expert->labels, area);

  /* Of ED the endo was drawn in: the LA, which nobody touched, is as it was. */
  g_autofree char *ed = g_strdup_printf ("%s_4CH_ED_gt.nii.gz", patient->id);
  g_autofree char *ed_path =
      g_build_filename (study.output, "masks", patient->id, ed, NULL);
  g_autoptr (RunetLabelMap) corrected = read_labels (ed_path);
  g_autoptr (RunetLabelMap) began =
      read_labels (patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED]);
  gsize lost = 0, gained = 0;
  for (gsize i = 0; i < area; i++) {
    const guint8 was = began->labels[i], is = corrected->labels[i];
    g_assert_cmpint (was == RUNET_LABEL_LA, ==, is == RUNET_LABEL_LA);
    lost += was == RUNET_LABEL_LV && is != RUNET_LABEL_LV;
    gained += was != RUNET_LABEL_LV && is == RUNET_LABEL_LV;
  }
  g_assert_cmpuint (lost, >, 200);
  g_assert_cmpuint (gained, <, lost / 4);
}

/* ---- Whose version ---- */

static const char *
find_why (const RunetExport *done, const RunetPatient *patient, RunetView view) {
  for (guint i = 0; i < done->versions->left_out->len; i++) {
    const RunetLeftOut *one = done->versions->left_out->pdata[i];
    if (one->subject.view == view && g_str_equal (one->subject.patient, patient->id))
      return one->why;
  }
  return NULL;
}

static void
test_versions (void) {
  g_auto (Exchange) study = exchange_new (2);
  const RunetPatient *first = exchange_patient (&study, 0);
  const RunetPatient *second = exchange_patient (&study, 1);
  exchange_accept (&study, EXCHANGE_AUTHOR, first, RUNET_VIEW_A4C, TRUE);
  exchange_append (&study, RUNET_EVENT_REJECT, "Ben", first, RUNET_VIEW_A4C, -1, 0,
                   NULL);
  exchange_append (&study, RUNET_EVENT_REJECT, "Ben", first, RUNET_VIEW_A2C, -1, 0,
                   NULL);
  g_autoptr (RunetCorrection) original =
      exchange_original (second, RUNET_VIEW_A4C, RUNET_INSTANT_ES);
  g_autoptr (RunetCorrection) corrected = exchange_correct (original);
  exchange_edit (&study, "Ben", second, RUNET_VIEW_A4C, RUNET_INSTANT_ES, 0, corrected);
  exchange_edit (&study, "Ben", second, RUNET_VIEW_A4C, -1, 3, corrected);

  g_autoptr (GError) none = NULL, error = NULL;
  g_autoptr (RunetExport) nothing =
      try_export (&study, RUNET_EXPORT_CSV, NULL, FALSE, &none);
  g_assert_null (nothing);
  g_assert_error (none, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_assert_false (g_file_test (study.output, G_FILE_TEST_EXISTS));

  g_autoptr (RunetExport) ada =
      try_export (&study, RUNET_EXPORT_CSV, EXCHANGE_AUTHOR, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ada->views, ==, 1);
  g_assert_nonnull (
      strstr (find_why (ada, second, RUNET_VIEW_A4C), "not reviewed by Ada"));
  remove_tree (study.output);

  g_autoptr (RunetExport) edits =
      try_export (&study, RUNET_EXPORT_MASKS, NULL, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (edits->views, ==, 1);
  g_assert_cmpuint (edits->frames, ==, 2);
  g_assert_nonnull (strstr (find_why (edits, first, RUNET_VIEW_A4C), "disputed"));
  g_assert_nonnull (
      strstr (find_why (edits, first, RUNET_VIEW_A2C), "rejected by Ben: poor-image"));
  g_assert_cmpstr (find_why (edits, second, RUNET_VIEW_A2C), ==, "not reviewed");
  g_autofree char *frame =
      g_strdup_printf ("masks/%s/%s_4CH_frame03_gt.nii.gz", second->id, second->id);
  g_autofree char *path = output_path (&study, frame);
  g_autoptr (RunetLabelMap) map = read_labels (path);
  g_assert_cmpuint (map->grid->frames, ==, 1);
}

/* ---- What a record may say ---- */

static void
test_hostile (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, "=cmd|' /C calc'!A0 \"\n\xff", patient, RUNET_VIEW_A4C,
                   TRUE);
  /* Contours that are none, a name that leads out of the folder, contours of another image. */
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", patient, RUNET_VIEW_A2C, -1, 0,
                   g_bytes_new_static ("{\"frames\":[[[[", 14));
  RunetPatient other = *patient;
  other.id = (char *)"../../evil";
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  const guint8 tiny[4] = {0, 1, 2, 3};
  g_autoptr (RunetGrid) grid =
      runet_grid_new (2, 2, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetCorrection) small = runet_correction_new (grid, tiny);
  g_ptr_array_add (frames, runet_corrected_frame_new (0, 0, FALSE, small));
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", &other, RUNET_VIEW_A4C, -1, 0,
                   runet_corrected_frames_serialise (frames));
  other.id = (char *)"patient9999";
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", &other, RUNET_VIEW_A4C, -1, 0,
                   runet_corrected_frames_serialise (frames));
  const guint before = count_entries (study.root);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (count_entries (study.root), ==, before + 1);
  for (guint i = 0; i < done->problems->len; i++)
    g_test_message ("%s", (const char *)done->problems->pdata[i]);
  /* The unreadable one, the name twice (not in the data set, no folder's name), and the one that is not there. */
  g_assert_cmpuint (done->problems->len, ==, 4);
  g_assert_cmpuint (done->views, ==, 2);
  g_autoptr (JsonNode) coco = read_json (&study, "coco.json");
  g_autoptr (JsonNode) contours = read_json (&study, "contours.json");
  g_autofree char *mask =
      output_path (&study, "masks/patient9999/patient9999_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) map = read_labels (mask);
  g_assert_cmpmem (map->labels, 4, tiny, 4);
}

/* An image that is not the one that was corrected. */
static void
test_other_image (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (20, 10, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) image = runet_image_new (grid, &error);
  runet_image_write (image, patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED],
                     &error);
  g_assert_no_error (error);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->frames, ==, 1);
  g_assert_cmpuint (done->problems->len, ==, 1);
  g_assert_nonnull (strstr (done->problems->pdata[0], "found 20 × 10"));
}

/* One pixel of ED is brighter than when it was corrected; ES is as it was. */
static void
test_changed_image (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autoptr (RunetExport) whole = export_all (&study);
  g_assert_cmpuint (whole->frames, ==, 2);
  g_assert_cmpuint (whole->problems->len, ==, 0);
  const char *path = patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED];
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  image->pixels[500] += image->pixels[500] > 100 ? -1 : 1;
  g_assert_true (runet_image_write (image, path, &error));
  remove_tree (study.output);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->frames, ==, 1);
  g_assert_cmpuint (done->problems->len, ==, 1);
  g_test_message ("%s", (const char *)done->problems->pdata[0]);
  g_assert_nonnull (strstr (done->problems->pdata[0], "it has changed"));
}

/* ---- Real images, in the format of each release ---- */

/* The first patient that has 4CH with a mask at ED. */
static const RunetPatient *
find_masked (const RunetDataset *dataset) {
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    if (patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED] != NULL &&
        patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED] != NULL)
      return patient;
  }
  return NULL;
}

/* (transfer full): the pixels as they are stored, without the header. */
static GBytes *
read_stored (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autofree char *data = runet_image_find_data_file (path);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  if (data == NULL)
    return g_bytes_new (image->pixels, image->grid->width * image->grid->height *
                                           sizeof *image->pixels);
  char *content;
  gsize length;
  g_assert_true (g_file_get_contents (data, &content, &length, &error));
  return g_bytes_new_take (content, length);
}

/* @data: of which release. What nobody touched comes out as the expert's file has it: type, format, every byte. */
static void
test_camus (gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = find_camus (data);
  if (folder == NULL)
    return;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  const RunetPatient *patient = find_masked (dataset);
  g_assert_nonnull (patient);
  g_auto (Folder) root = folder_new ();
  g_autofree char *record = g_build_filename (root.path, "record.sqlite", NULL);
  g_autofree char *output = g_build_filename (root.path, "output", NULL);
  g_autoptr (RunetReview) review =
      runet_review_open (record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  const Exchange study = {.review = review};
  g_autoptr (RunetCorrection) original =
      exchange_original (patient, RUNET_VIEW_A4C, RUNET_INSTANT_ED);
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  g_ptr_array_add (frames,
                   runet_corrected_frame_new (RUNET_INSTANT_ED, 0, FALSE, original));
  exchange_append (&study, RUNET_EVENT_ACCEPT, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C,
                   -1, 0, runet_corrected_frames_serialise (frames));
  const RunetExportOptions options = {.record = record,
                                      .dataset = folder,
                                      .output = output,
                                      .formats = RUNET_EXPORT_MASKS};
  g_autoptr (RunetExport) done = runet_export_run (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->problems->len, ==, 0);
  const char *expert = patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED];
  g_autofree char *name = g_path_get_basename (expert);
  g_autofree char *path =
      g_build_filename (output, "masks", patient->subset != NULL ? patient->subset : "",
                        patient->id, name, NULL);
  g_autoptr (RunetGrid) wanted =
      runet_grid_read (patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED], &error);
  g_autoptr (RunetGrid) found = runet_grid_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (runet_grid_equal (wanted, found));
  g_assert_cmpint (wanted->type, ==, found->type);
  g_assert_cmpint (wanted->format, ==, found->format);
  g_autoptr (GBytes) before = read_stored (expert);
  g_autoptr (GBytes) after = read_stored (path);
  g_assert_true (g_bytes_equal (before, after));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/export/masks", test_masks);
  g_test_add_func ("/exchange/export/versions", test_versions);
  g_test_add_func ("/exchange/export/hostile", test_hostile);
  g_test_add_func ("/exchange/export/other-image", test_other_image);
  g_test_add_func ("/exchange/export/changed-image", test_changed_image);
  g_test_add_data_func ("/exchange/export/camus/nifti", "database_nifti", test_camus);
  g_test_add_data_func ("/exchange/export/camus/mhd", "native_mhd", test_camus);
  return g_test_run ();
}
