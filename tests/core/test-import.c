/* Imports: masks made elsewhere become another author's version, once, and what is wrong with one stops none of the
 * others. */
#include <math.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/exchange/export.h"
#include "core/exchange/import.h"
#include "core/review/moved-record.h"
#include "core/segmentation/result-cache.h"
#include "exchange-fixture.h"

#define ELSEWHERE "Grace Hopper"

static RunetImport *
try_import (const Exchange *study,
            const char *masks,
            gboolean accept,
            const char *cache,
            GError **error) {
  const RunetImportOptions options = {.record = study->record,
                                      .dataset = study->study,
                                      .masks = masks,
                                      .author = ELSEWHERE,
                                      .accept = accept,
                                      .cache = cache};
  return runet_import_run (&options, NULL, NULL, NULL, error);
}

static RunetImport *
import (const Exchange *study, const char *masks, gboolean accept) {
  g_autoptr (GError) error = NULL;
  RunetImport *done = try_import (study, masks, accept, NULL, &error);
  g_assert_no_error (error);
  return done;
}

static guint
count_events (Exchange *study) {
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_review_refresh (study->review, &error));
  g_assert_no_error (error);
  return runet_review_count_events (study->review);
}

/* (transfer full): the expert's mask of ED in 4CH with its LV one column to the right, under @name. */
static RunetLabelMap *
write_mask (const Exchange *study,
            const RunetPatient *patient,
            const char *folder,
            const char *name) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map = runet_view_read_still_mask (
      &patient->views[RUNET_VIEW_A4C], RUNET_INSTANT_ED, NULL, &error);
  g_assert_no_error (error);
  const gsize width = map->grid->width, area = width * map->grid->height;
  RunetLabelMap *moved = runet_label_map_new (map->grid, &error);
  for (gsize i = 1; i < area; i++)
    moved->labels[i] = map->labels[i - 1];
  g_autofree char *path = g_build_filename (study->root, folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (runet_label_map_write (moved, path, &error));
  g_assert_no_error (error);
  return moved;
}

static const RunetReading *
find_reading (Exchange *study, const RunetPatient *patient) {
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, patient->subset, patient->id, RUNET_VIEW_A4C);
  count_events (study);
  const RunetReviewState *state = runet_review_get_state (study->review, &subject);
  g_assert_nonnull (state);
  return runet_review_state_find_reading (state, ELSEWHERE);
}

static RunetCorrection *
read_version (Exchange *study, const RunetPatient *patient, int instant, int frame) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = NULL, after = NULL;
  const RunetEvent *edit =
      runet_reading_find_edit (find_reading (study, patient), instant, frame);
  g_assert_nonnull (edit);
  g_assert_cmpstr (edit->tool, ==, "import");
  g_autofree char *content = exchange_content (patient, RUNET_VIEW_A4C, instant, frame);
  g_assert_nonnull (content);
  g_assert_cmpstr (edit->subject.content, ==, content);
  g_assert_true (runet_journal_read_edit (runet_review_get_journal (study->review),
                                          edit->number, &before, &after, &error));
  RunetCorrection *correction = runet_correction_parse (after, &error);
  g_assert_no_error (error);
  return correction;
}

static void
assert_draws (const RunetCorrection *correction, const RunetLabelMap *map) {
  const gsize area = map->grid->width * map->grid->height;
  g_autofree guint8 *labels = g_malloc (area);
  runet_correction_draw (correction, labels);
  g_assert_cmpmem (labels, area, map->labels, area);
}

static void
test_once (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  g_autofree char *before = exchange_hash (study.study);
  g_autofree char *folder = g_build_filename (study.root, "masks", NULL);
  g_autoptr (RunetLabelMap) map =
      write_mask (&study, patient, "masks/patient9001", "patient9001_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) other =
      write_mask (&study, patient, "masks", "patient9001_4CH_frame03_pred.nii.gz");
  g_autoptr (RunetImport) done = import (&study, folder, FALSE);
  g_assert_cmpuint (done->imported, ==, 2);
  g_assert_cmpuint (done->problems->len, ==, 0);
  g_assert_cmpuint (count_events (&study), ==, 2);
  g_autoptr (RunetCorrection) ed = read_version (&study, patient, RUNET_INSTANT_ED, 0);
  g_autoptr (RunetCorrection) third = read_version (&study, patient, -1, 3);
  assert_draws (ed, map);
  assert_draws (third, other);
  g_assert_true (runet_correction_is_edited (ed));
  /* The same again adds nothing; accepting is one event, and that only once. */
  g_autoptr (RunetImport) again = import (&study, folder, FALSE);
  g_assert_cmpuint (again->unchanged, ==, 2);
  g_assert_cmpuint (count_events (&study), ==, 2);
  for (int round = 0; round < 2; round++) {
    g_autoptr (RunetImport) accepted = import (&study, folder, TRUE);
    g_assert_cmpuint (accepted->accepted, ==, round == 0);
    g_assert_cmpuint (accepted->unchanged, ==, 2);
    g_assert_cmpuint (accepted->problems->len, ==, 0);
    g_assert_cmpuint (count_events (&study), ==, 3);
  }
  const RunetReading *reading = find_reading (&study, patient);
  g_assert_cmpint (reading->status, ==, RUNET_REVIEW_CORRECTED);
  g_autofree char *content =
      exchange_content (patient, RUNET_VIEW_A4C, RUNET_INSTANT_ED, 0);
  g_assert_cmpstr (reading->decision->subject.content, ==, content);
  g_autofree char *after = exchange_hash (study.study);
  g_assert_cmpstr (before, ==, after);
}

/* What was exported comes in again as it was, as PNG too. */
static void
test_round_trip (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  const RunetExportOptions options = {.record = study.record,
                                      .dataset = study.study,
                                      .output = study.output,
                                      .formats = RUNET_EXPORT_MASKS | RUNET_EXPORT_PNG};
  g_autoptr (RunetExport) out = runet_export_run (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *masks = g_build_filename (study.output, "masks", NULL);
  g_autofree char *png = g_build_filename (study.output, "png", NULL);
  g_autoptr (RunetImport) in = import (&study, masks, TRUE);
  g_assert_cmpuint (in->imported, ==, 2);
  g_assert_cmpuint (in->accepted, ==, 1);
  g_autoptr (RunetImport) same = import (&study, png, TRUE);
  g_assert_cmpuint (same->unchanged, ==, 2);
  g_assert_cmpuint (same->problems->len, ==, 0);
}

/* What the model said is what the version began with, when it is at hand. */
static void
test_original (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_append (&study, RUNET_EVENT_COMMENT, "Ben", patient, RUNET_VIEW_A2C, -1, 0,
                   NULL);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_autofree char *cache_path = g_build_filename (study.root, "cache.sqlite", NULL);
  g_autoptr (RunetLabelMap) map =
      write_mask (&study, patient, "masks", "patient9001_4CH_ED.nii.gz");

  /* A result of the model that the record names: nothing but LA. */
  const RunetViewFiles *files = &patient->views[RUNET_VIEW_A4C];
  g_autoptr (RunetResultCache) cache =
      runet_result_cache_open (cache_path, RUNET_RESULT_CACHE_LIMIT, &error);
  g_assert_no_error (error);
  RunetResultKey key;
  memset (&key, 0, sizeof key);
  key.masked = TRUE;
  key.instant = RUNET_INSTANT_ED;
  for (gsize i = 0; i < sizeof key.model.bytes; i++)
    key.model.bytes[i] = (guint8)("\x01\x23\x45\x67\x89\xab\xcd\xef"[i % 8]);
  g_assert_true (runet_result_cache_find_digest (cache, files->still[0], NULL,
                                                 &key.image, &error));
  g_assert_true (runet_result_cache_find_digest (cache, files->still_mask[0], NULL,
                                                 &key.mask, &error));
  g_autoptr (RunetSegmentation) found = g_new0 (RunetSegmentation, 1);
  g_atomic_ref_count_init (&found->references);
  found->stages = 1;
  found->classes = RUNET_LABELS;
  found->labels = g_new0 (RunetLabelMap *, 1);
  found->regions = g_new0 (float *, 1);
  found->probabilities = g_new0 (float *, 1);
  found->labels[0] = runet_label_map_new (map->grid, &error);
  const gsize area = map->grid->width * map->grid->height;
  memset (found->labels[0]->labels + area / 2, RUNET_LABEL_LA, area / 4);
  g_autoptr (RunetFrameResult) result =
      runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  g_assert_true (runet_result_cache_add (cache, &key, 1, result, &error));
  g_assert_no_error (error);

  g_autoptr (RunetImport) done = try_import (&study, masks, FALSE, cache_path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->imported, ==, 1);
  g_autoptr (RunetCorrection) ed = read_version (&study, patient, RUNET_INSTANT_ED, 0);
  assert_draws (ed, map);
  gsize length;
  const guint8 *original = g_bytes_get_data (ed->original, &length);
  g_assert_cmpmem (original, length, found->labels[0]->labels, area);
  g_assert_cmpstr (
      runet_reading_find_edit (find_reading (&study, patient), 0, 0)->model, ==,
      EXCHANGE_MODEL);
}

static gboolean
has_problem (const RunetImport *done, const char *file, const char *words) {
  for (guint i = 0; i < done->problems->len; i++) {
    const char *text = done->problems->pdata[i];
    g_assert_null (strchr (text, '\n'));
    if (strstr (text, file) != NULL && strstr (text, words) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
test_problems (void) {
  g_auto (Exchange) study = exchange_new (2);
  g_autoptr (GError) error = NULL;
  const RunetPatient *patient = exchange_patient (&study, 0);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_autoptr (RunetLabelMap) good =
      write_mask (&study, patient, "masks", "patient9001_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) nobody =
      write_mask (&study, patient, "masks", "patient0123_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) late =
      write_mask (&study, patient, "masks", "patient9001_4CH_frame999_gt.nii.gz");
  g_autoptr (RunetLabelMap) unknown =
      write_mask (&study, patient, "masks", "patient9001_4CH_mid_gt.nii.gz");
  /* However many there are of them, one line. */
  g_autoptr (RunetLabelMap) half =
      write_mask (&study, patient, "masks", "patient9001_4CH_half_sequence_gt.nii.gz");
  g_autoptr (RunetLabelMap) whole =
      write_mask (&study, patient, "masks", "patient9001_2CH_sequence_gt.nii.gz");
  /* Not masks at all, which are passed over. */
  g_autofree char *notes = g_build_filename (masks, "notes.txt", NULL);
  g_autofree char *short_one =
      g_build_filename (masks, "patient9001_4CH_ES_gt.nii.gz", NULL);
  g_autofree char *values =
      g_build_filename (masks, "patient9001_2CH_ED_gt.nii.gz", NULL);
  g_autofree char *size =
      g_build_filename (masks, "patient9001_2CH_ES_gt.nii.gz", NULL);
  g_assert_true (g_file_set_contents (notes, "nothing", -1, NULL));
  g_assert_true (g_file_set_contents (short_one, "\x1f\x8b", 2, NULL));
  g_autoptr (RunetImage) image = runet_image_new (good->grid, &error);
  image->pixels[7] = 7;
  g_assert_true (runet_image_write (image, values, &error));
  g_autoptr (RunetGrid) small =
      runet_grid_new (9, 9, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) tiny = runet_label_map_new (small, &error);
  g_assert_true (runet_label_map_write (tiny, size, &error));

  g_autoptr (RunetImport) done = import (&study, masks, FALSE);
  g_assert_cmpuint (done->imported, ==, 1);
  g_assert_cmpuint (done->problems->len, ==, 7);
  g_assert_true (has_problem (done, "masks", "left out 2 of whole sequences"));
  g_assert_true (has_problem (done, "patient0123", "expected a patient"));
  g_assert_true (has_problem (done, "frame999", "found frame 999"));
  g_assert_true (has_problem (done, "_mid_gt", "expected a name like"));
  g_assert_true (has_problem (done, "4CH_ES_gt", "expected"));
  g_assert_true (has_problem (done, "2CH_ED_gt", "expected labels 0 to 3, found 7"));
  g_assert_true (has_problem (done, "2CH_ES_gt", "found 9 × 9"));
}

static void
test_locked (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, ELSEWHERE, patient, RUNET_VIEW_A4C, TRUE);
  const guint before = count_events (&study);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_autoptr (RunetLabelMap) map =
      write_mask (&study, patient, "masks", "patient9001_4CH_ED_gt.nii.gz");
  g_autoptr (RunetImport) done = import (&study, masks, TRUE);
  g_assert_cmpuint (done->imported, ==, 0);
  g_assert_true (has_problem (done, "4CH_ED_gt", "reopen it first"));
  g_assert_cmpuint (count_events (&study), ==, before);
}

static void
test_cancel (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_autoptr (RunetLabelMap) ed =
      write_mask (&study, patient, "masks", "patient9001_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) es =
      write_mask (&study, patient, "masks", "patient9001_4CH_ES_gt.nii.gz");
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const RunetImportOptions options = {.record = study.record,
                                      .dataset = study.study,
                                      .masks = masks,
                                      .author = ELSEWHERE};
  g_autoptr (RunetImport) half =
      runet_import_run (&options, exchange_cancel_cb, cancellable, cancellable, &error);
  g_assert_null (half);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_events (&study), ==, 1);
  g_autoptr (RunetImport) rest = import (&study, masks, FALSE);
  g_assert_cmpuint (rest->imported, ==, 1);
  g_assert_cmpuint (rest->unchanged, ==, 1);
}

static void
test_record_inside (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *record = g_build_filename (study.study, "record.sqlite", NULL);
  const RunetImportOptions options = {.record = record,
                                      .dataset = study.study,
                                      .masks = study.study,
                                      .author = ELSEWHERE};
  g_autoptr (RunetImport) done = runet_import_run (&options, NULL, NULL, NULL, &error);
  g_assert_null (done);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_true (g_str_has_prefix (error->message, record));
  g_assert_false (g_file_test (record, G_FILE_TEST_EXISTS));
}

/* The record of a data set that was never opened in the window is found when that has moved. */
static void
test_moved (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_autoptr (RunetLabelMap) map = write_mask (&study, exchange_patient (&study, 0),
                                              "masks", "patient9001_4CH_ED_gt.nii.gz");
  g_autoptr (RunetImport) done = import (&study, masks, FALSE);
  g_autofree char *known =
      runet_journal_read_dataset (runet_review_get_journal (study.review));
  g_assert_cmpstr (known, ==, study.study);
}

static void
test_nothing (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autofree char *absent = g_build_filename (study.root, "absent", NULL);
  g_autofree char *empty = g_build_filename (study.root, "empty", NULL);
  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  const char *const folders[] = {absent, empty};
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetImport) done = try_import (&study, folders[i], FALSE, NULL, &error);
    g_assert_null (done);
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
    g_assert_nonnull (strstr (error->message, folders[i]));
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/import/once", test_once);
  g_test_add_func ("/exchange/import/round-trip", test_round_trip);
  g_test_add_func ("/exchange/import/original", test_original);
  g_test_add_func ("/exchange/import/problems", test_problems);
  g_test_add_func ("/exchange/import/locked", test_locked);
  g_test_add_func ("/exchange/import/cancel", test_cancel);
  g_test_add_func ("/exchange/import/moved", test_moved);
  g_test_add_func ("/exchange/import/record-inside", test_record_inside);
  g_test_add_func ("/exchange/import/nothing", test_nothing);
  return g_test_run ();
}
