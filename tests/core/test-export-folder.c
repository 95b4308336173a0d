/* The folder of an export: all of it or nothing, where it may be, and what is in it. */
#include <unistd.h>

#include "core/base/error.h"
#include "core/review/moved-record.h"
#include "export-fixture.h"

static void
test_manifest (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autoptr (JsonNode) node = read_json (&study, "manifest.json");
  JsonObject *root = json_node_get_object (node);
  JsonArray *files = json_object_get_array_member (root, "files");
  g_assert_cmpuint (json_array_get_length (files), ==, done->files);
  g_assert_cmpuint (done->files, ==, 8);
  for (guint i = 0; i < done->files; i++) {
    JsonObject *file = json_array_get_object_element (files, i);
    g_autofree char *path =
        output_path (&study, json_object_get_string_member (file, "name"));
    g_autofree char *content = NULL;
    gsize length;
    g_assert_true (g_file_get_contents (path, &content, &length, NULL));
    g_autofree char *sum = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guint8 *)content, length);
    g_assert_cmpstr (json_object_get_string_member (file, "sha256"), ==, sum);
    g_assert_cmpint (json_object_get_int_member (file, "bytes"), ==, (gint64)length);
  }
}

static void
test_existing (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_assert_cmpint (g_mkdir (study.output, 0755), ==, 0);
  g_autofree char *own = output_path (&study, "mine.txt");
  g_assert_true (g_file_set_contents (own, "mine", -1, NULL));
  g_autoptr (RunetExport) refused =
      try_export (&study, RUNET_EXPORT_CSV, NULL, FALSE, &error);
  g_assert_null (refused);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_clear_error (&error);
  RunetExportOptions options = {.record = study.record,
                                .dataset = study.study,
                                .output = study.output,
                                .formats = RUNET_EXPORT_CSV | RUNET_EXPORT_MASKS,
                                .replace = TRUE};
  for (int round = 0; round < 2; round++) {
    g_autoptr (RunetExport) done =
        runet_export_run (&options, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_nonnull (done);
  }
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));
  g_autofree char *manifest = output_path (&study, "manifest.json");
  g_assert_true (g_file_test (manifest, G_FILE_TEST_EXISTS));
}

/* Into the data set, or around it. */
static void
test_refused_places (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_autofree char *link = g_build_filename (study.root, "link", NULL);
  g_assert_cmpint (symlink (study.study, link), ==, 0);
  g_autofree char *inside = g_build_filename (study.study, "out", NULL);
  g_autofree char *by_link = g_build_filename (link, "a", "b", NULL);
  g_autofree char *file = g_build_filename (study.root, "file", NULL);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_autofree char *below_file = g_build_filename (file, "out", NULL);
  const char *const places[] = {inside, by_link,    study.study,
                                file,   study.root, below_file};
  g_autofree char *before = exchange_hash (study.study);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;
    const RunetExportOptions options = {.record = study.record,
                                        .dataset = study.study,
                                        .output = places[i],
                                        .formats = RUNET_EXPORT_CSV,
                                        .replace = TRUE};
    g_autoptr (RunetExport) done =
        runet_export_run (&options, NULL, NULL, NULL, &error);
    g_assert_null (done);
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
    g_test_message ("%s", error->message);
  }
  /* Whose data set it is, the record knows as well. */
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_journal_note_dataset (runet_review_get_journal (study.review),
                                             study.study, study.dataset, &error));
  const RunetExportOptions unnamed = {
      .record = study.record, .output = inside, .formats = RUNET_EXPORT_CSV};
  g_autoptr (RunetExport) refused =
      runet_export_run (&unnamed, NULL, NULL, NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_autofree char *after = exchange_hash (study.study);
  g_assert_cmpstr (before, ==, after);
}

static void
test_cancel (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, FALSE);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A2C, FALSE);
  const guint before = count_entries (study.root);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const RunetExportOptions options = {.record = study.record,
                                      .dataset = study.study,
                                      .output = study.output,
                                      .formats = RUNET_EXPORT_MASKS};
  g_autoptr (RunetExport) done =
      runet_export_run (&options, exchange_cancel_cb, cancellable, cancellable, &error);
  g_assert_null (done);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_entries (study.root), ==, before);
}

static void
test_no_report (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetExport) done =
      try_export (&study, RUNET_EXPORT_PDF, NULL, FALSE, &error);
  g_assert_null (done);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/export/manifest", test_manifest);
  g_test_add_func ("/exchange/export/existing", test_existing);
  g_test_add_func ("/exchange/export/refused-places", test_refused_places);
  g_test_add_func ("/exchange/export/cancel", test_cancel);
  g_test_add_func ("/exchange/export/no-report", test_no_report);
  return g_test_run ();
}
