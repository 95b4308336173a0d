/* `runet export`: what a record holds comes out as CSV and JSON, and nothing breaks either. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/review/review.h"
#include "run.h"
#include "tests/core/exchange-fixture.h"
#include "tests/remove-tree.h"

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
add (RunetReview *review,
     const RunetSubject *subject,
     RunetEventKind kind,
     const char *author,
     const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, subject);
  event->text = g_strdup (text);
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_BEYOND_REPAIR;
  g_assert_true (runet_review_append (review, event, &error));
  g_assert_no_error (error);
}

static RunetReview *
fill (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (path, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  g_auto (RunetSubject) first = {0}, second = {0};
  runet_subject_init (&first, NULL, "patient0001", RUNET_VIEW_A4C);
  runet_subject_init (&second, "testing", "patient0002", RUNET_VIEW_A2C);
  add (review, &second, RUNET_EVENT_ACCEPT, "Ada Lovelace", NULL);
  add (review, &first, RUNET_EVENT_ACCEPT, "Ada Lovelace", NULL);
  add (review, &first, RUNET_EVENT_REJECT, "Casey, Ben \"B\"", "too\ndark");
  add (review, &first, RUNET_EVENT_COMMENT, "Ada Lovelace", "éh, ❤");
  add (review, &first, RUNET_EVENT_FLAG, "Ada Lovelace", NULL);
  return review;
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("runet-export-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "record.sqlite", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* Times differ from run to run: those of @text become "TIME". */
static char *
without_times (const char *text) {
  g_autoptr (GRegex) times =
      g_regex_new ("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", 0, 0, NULL);
  return g_regex_replace_literal (times, text, -1, 0, "TIME", 0, NULL);
}

static void
test_csv (Fixture *fixture, gconstpointer data) {
  /* Still open: the program may be at work on it. */
  g_autoptr (RunetReview) review = fill (fixture->path);
  g_auto (Run) run = runet ("export", "--review", fixture->path, NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_autofree char *found = without_times (run.out);
  g_assert_cmpstr (
      found, ==,
      "subset,patient,view,author,status,reason,explanation,time,model,edits,flagged,"
      "comment\n"
      ",patient0001,4CH,Ada Lovelace,accepted,,,TIME,,0,yes,\"éh, ❤\"\n"
      ",patient0001,4CH,\"Casey, Ben \"\"B\"\"\",rejected,beyond-repair,\"too\ndark\","
      "TIME,,0,yes,\n"
      "testing,patient0002,2CH,Ada Lovelace,accepted,,,TIME,,0,no,\n");
}

static void
test_json (Fixture *fixture, gconstpointer data) {
  runet_review_close (fill (fixture->path));
  g_auto (Run) run = runet ("export", "--json", "--review", fixture->path, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (run.out, &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (root, "events"), ==, 5);
  JsonArray *cases = json_object_get_array_member (root, "cases");
  g_assert_cmpuint (json_array_get_length (cases), ==, 2);
  JsonObject *first = json_array_get_object_element (cases, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "patient"), ==, "patient0001");
  g_assert_cmpstr (json_object_get_string_member (first, "status"), ==, "rejected");
  g_assert_true (json_object_get_null_member (first, "subset"));
  g_assert_true (json_object_get_boolean_member (first, "disputed"));
  g_assert_true (json_object_get_boolean_member (first, "flagged"));
  JsonArray *readers = json_object_get_array_member (first, "readers");
  g_assert_cmpuint (json_array_get_length (readers), ==, 2);
  JsonObject *ben = json_array_get_object_element (readers, 1);
  g_assert_cmpstr (json_object_get_string_member (ben, "reason"), ==, "beyond-repair");
  g_assert_cmpstr (json_object_get_string_member (ben, "explanation"), ==, "too\ndark");
  JsonArray *comments = json_object_get_array_member (first, "comments");
  g_assert_cmpstr (json_object_get_string_member (
                       json_array_get_object_element (comments, 0), "text"),
                   ==, "éh, ❤");
}

/* The data set's own name stands for its record. */
static void
test_dataset (Fixture *fixture, gconstpointer data) {
  g_autofree char *path = runet_journal_default_path (fixture->folder);
  runet_review_close (fill (path));
  g_auto (Run) run = runet ("export", "--review", fixture->folder, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.out, "patient0002"));
}

static void
test_errors (Fixture *fixture, gconstpointer data) {
  g_auto (Run) nothing = runet ("export", NULL);
  g_assert_cmpint (nothing.status, ==, 2);
  g_auto (Run) missing = runet ("export", "--review", fixture->path, NULL);
  g_assert_cmpint (missing.status, ==, 1);
  g_assert_nonnull (strstr (missing.err, fixture->path));
  g_assert_cmpstr (missing.out, ==, "");
  /* To ask for a record makes none. */
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (fixture->path, "no record", -1, NULL));
  g_auto (Run) other = runet ("export", "--review", fixture->path, "--json", NULL);
  g_assert_cmpint (other.status, ==, 1);
  g_assert_cmpstr (other.out, ==, "");
}

/* ---- Files ---- */

static gboolean
has_file (const Exchange *study, const char *name) {
  g_autofree char *path = g_build_filename (study->output, name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* One corrected, one accepted, one rejected view, and one that nobody saw. */
static void
fill_study (Exchange *study) {
  exchange_accept (study, EXCHANGE_AUTHOR, exchange_patient (study, 0), RUNET_VIEW_A4C,
                   TRUE);
  exchange_accept (study, EXCHANGE_AUTHOR, exchange_patient (study, 0), RUNET_VIEW_A2C,
                   FALSE);
  exchange_append (study, RUNET_EVENT_REJECT, "Ben", exchange_patient (study, 1),
                   RUNET_VIEW_A4C, -1, 0, NULL);
}

static void
test_files (void) {
  g_auto (Exchange) study = exchange_new (2);
  fill_study (&study);
  g_auto (Run) run =
      runet ("export", "--review", study.record, study.study, "--output", study.output,
             "--format", "masks,png,coco,csv,contours", NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.out, "2 views, 4 frames, 12 files"));
  g_assert_nonnull (strstr (run.out, "patient9002 4CH: rejected by Ben: poor-image"));
  g_assert_nonnull (strstr (run.out, "1 views that nobody reviewed"));
  g_assert_true (has_file (&study, "masks/patient9001/patient9001_2CH_ES_gt.nii.gz"));
  g_assert_true (has_file (&study, "coco.json"));
  g_assert_true (has_file (&study, "volumes.csv"));
  g_auto (Run) again = runet ("export", "--review", study.record, study.study,
                              "--output", study.output, NULL);
  g_assert_cmpint (again.status, ==, 1);
  g_assert_nonnull (strstr (again.err, "found one with content"));
  g_auto (Run) forced = runet ("export", "--review", study.record, study.study,
                               "--output", study.output, "--force", "--json", NULL);
  g_assert_cmpint (forced.status, ==, 0);
  g_autoptr (JsonNode) node = json_from_string (forced.out, NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (root, "views"), ==, 2);
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (root, "left_out")), ==, 2);
}

static guint
count_words (const char *text, gsize length, const char *word) {
  guint count = 0;
  const gsize size = strlen (word);
  for (gsize i = 0; i + size <= length; i++)
    count += memcmp (text + i, word, size) == 0;
  return count;
}

static void
test_pdf (void) {
  g_auto (Exchange) study = exchange_new (2);
  fill_study (&study);
  g_auto (Run) run = runet ("export", "--review", study.record, study.study, "--output",
                            study.output, "--format", "pdf", NULL);
  if (run.status != 0 && strstr (run.err, "without cairo") != NULL) {
    g_test_skip ("built without cairo");
    return;
  }
  g_assert_cmpint (run.status, ==, 0);
  g_autofree char *path = g_build_filename (study.output, "report.pdf", NULL);
  g_autofree char *pdf = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &pdf, &length, NULL));
  g_assert_true (g_str_has_prefix (pdf, "%PDF"));
  g_assert_nonnull (g_strrstr_len (pdf + length - 16, 16, "%%EOF"));
  /* The corrected and the rejected view have two images each. */
  g_assert_cmpuint (count_words (pdf, length, "/Subtype /Image"), ==, 4);
}

/* An author, and a record whose data set has moved away. */
static void
test_choices (void) {
  g_auto (Exchange) study = exchange_new (2);
  fill_study (&study);
  g_auto (Run) nobody = runet ("export", "--review", study.record, study.study,
                               "--output", study.output, "--author", "Nobody", NULL);
  g_assert_cmpint (nobody.status, ==, 1);
  g_assert_false (g_file_test (study.output, G_FILE_TEST_EXISTS));
  g_auto (Run) without =
      runet ("export", "--review", study.record, "--output", study.output, NULL);
  g_assert_cmpint (without.status, ==, 0);
  g_assert_true (has_file (&study, "masks/patient9001/patient9001_4CH_ED_gt.nii.gz"));
  g_auto (Run) usage =
      runet ("export", "--review", study.record, "--author", "Ben", NULL);
  g_assert_cmpint (usage.status, ==, 2);
  g_auto (Run) format = runet ("export", "--review", study.record, "--output",
                               study.output, "--format", "masks,dicom", NULL);
  g_assert_cmpint (format.status, ==, 2);
  g_assert_nonnull (strstr (format.err, "'dicom'"));
  g_auto (Run) none = runet ("export", "--review", study.record, "--output",
                             study.output, "--format", "", NULL);
  g_assert_cmpint (none.status, ==, 2);
  g_assert_nonnull (strstr (none.err, "--format: expected masks"));
  g_auto (Run) nowhere =
      runet ("export", "--review", study.record, "--output", "", NULL);
  g_assert_cmpint (nowhere.status, ==, 2);
  g_assert_nonnull (strstr (nowhere.err, "--output"));
}

/* A file may have no more than that; the kernel's signal is ignored, and so the write fails as on a full disk. */
static void
limit_cb (gpointer data) {
  const struct rlimit limit = {4096, 4096};
  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
test_full_disk (void) {
  g_auto (Exchange) study = exchange_new (2);
  fill_study (&study);
  signal (SIGXFSZ, SIG_IGN);
  static const char *const formats[] = {"masks", "coco", "pdf"};
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr (GError) error = NULL;
    int status;
    const char *const argv[] = {
        g_getenv ("RUNET"), "export",     "--review", study.record, study.study,
        "--output",         study.output, "--format", formats[i],   NULL};
    g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, 0, limit_cb, NULL, &out,
                                 &err, &status, &error));
    g_test_message ("%s", err);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 1);
    g_assert_nonnull (strchr (err, '\n'));
    g_assert_cmpstr (strchr (err, '\n'), ==, "\n");
    g_assert_false (g_file_test (study.output, G_FILE_TEST_EXISTS));
  }
  /* Nothing half-written is left beside it. */
  g_autoptr (GDir) dir = g_dir_open (study.root, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_null (strstr (name, "partial"));
}

static void
test_read_only (void) {
  if (getuid () == 0) {
    g_test_skip ("root may write everywhere");
    return;
  }
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_assert_cmpint (g_mkdir (study.output, 0555), ==, 0);
  g_autofree char *inside = g_build_filename (study.output, "a", NULL);
  g_auto (Run) run =
      runet ("export", "--review", study.record, study.study, "--output", inside, NULL);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.err, study.output));
}

int
main (int argc, char **argv) {
  /* Whoever runs the tests has records of their own. */
  g_autofree char *home = g_dir_make_tmp ("runet-export-home-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/cli/export/csv", test_csv);
  ADD ("/cli/export/json", test_json);
  ADD ("/cli/export/dataset", test_dataset);
  ADD ("/cli/export/errors", test_errors);
#undef ADD
  g_test_add_func ("/cli/export/files", test_files);
  g_test_add_func ("/cli/export/pdf", test_pdf);
  g_test_add_func ("/cli/export/choices", test_choices);
  g_test_add_func ("/cli/export/full-disk", test_full_disk);
  g_test_add_func ("/cli/export/read-only", test_read_only);
  const int result = g_test_run ();
  remove_tree (home);
  return result;
}
