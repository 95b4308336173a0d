/* The commands of `runet` from end to end, on a synthetic study and a small random model. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/echo/image.h"
#include "core/echo/label-map.h"
#include "json.h"
#include "run.h"
#include "small-model.h"
#include "tests/remove-tree.h"

/* Small enough for every test to take a moment; the layout is the real one. */
#define INPUT_SIZE 64

typedef struct {
  char *folder;
  char *studies; /* two synthetic patients */
  char *model; /* untrained */
} Fixture;

static Fixture fixture;

static char *
in_studies (const char *patient, const char *suffix) {
  return g_strdup_printf ("%s/%s/%s_%s", fixture.studies, patient, patient, suffix);
}

static guint
count_files (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_usage (void) {
  g_auto (Run) nothing = runet (NULL, NULL);
  g_assert_cmpint (nothing.status, ==, 2);
  g_auto (Run) unknown = runet ("unknown", NULL);
  g_assert_cmpint (unknown.status, ==, 2);
  assert_one_line (&unknown, "unknown");
  g_auto (Run) option = runet ("info", "--no-such-option", NULL);
  g_assert_cmpint (option.status, ==, 2);
  assert_one_line (&option, "--no-such-option");
  g_auto (Run) few = runet ("compare", "one", NULL);
  g_assert_cmpint (few.status, ==, 2);
  g_auto (Run) engine = runet ("bench", "--engine", "abacus", NULL);
  g_assert_cmpint (engine.status, ==, 2);
  assert_one_line (&engine, "abacus");
  g_auto (Run) help = runet ("--help", NULL);
  g_assert_cmpint (help.status, ==, 0);
  g_assert_nonnull (strstr (help.out, "segment"));
}

static void
test_info (void) {
  g_autofree char *image = in_studies ("patient9001", "4CH_ED.nii.gz");
  g_auto (Run) run =
      runet ("info", "--json", fixture.studies, image, fixture.model, NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonObject) root = parse (run.out);
  JsonArray *files = json_object_get_array_member (root, "files");
  JsonObject *dataset = json_array_get_object_element (files, 0);
  g_assert_cmpint (json_object_get_int_member (dataset, "patients"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (dataset, "stills"), ==, 8);
  g_assert_cmpint (json_object_get_int_member (dataset, "masks"), ==, 8);
  g_assert_cmpint (json_object_get_int_member (dataset, "sequences"), ==, 4);
  JsonObject *still = json_array_get_object_element (files, 1);
  g_assert_cmpint (json_object_get_int_member (still, "frames"), ==, 1);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (still, "spacing_x_mm"),
                                  0.308, 1e-6);
  JsonObject *model = json_array_get_object_element (files, 2);
  g_assert_cmpstr (json_object_get_string_member (model, "architecture"), ==, "ru-net");
}

static void
test_info_of_nothing (void) {
  g_auto (Run) run = runet ("info", "/nonexistent/image.nii.gz", NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "/nonexistent/image.nii.gz");
}

static void
test_compare (void) {
  g_autofree char *ed = in_studies ("patient9001", "4CH_ED_gt.nii.gz");
  g_autofree char *es = in_studies ("patient9001", "4CH_ES_gt.nii.gz");
  g_auto (Run) same = runet ("compare", "--json", ed, ed, NULL);
  g_assert_cmpint (same.status, ==, 0);
  g_autoptr (JsonObject) root = parse (same.out);
  JsonObject *endo = json_object_get_object_member (root, "endo");
  g_assert_cmpfloat (json_object_get_double_member (endo, "dice"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (endo, "hd_mm"), ==, 0);
  JsonObject *outlier = json_object_get_object_member (root, "outlier");
  g_assert_false (json_object_get_boolean_member (outlier, "geometrical"));
  g_assert_false (json_object_get_boolean_member (outlier, "anatomical"));

  g_auto (Run) other = runet ("compare", "--json", ed, es, NULL);
  g_assert_cmpint (other.status, ==, 0);
  g_autoptr (JsonObject) different = parse (other.out);
  double dice = json_object_get_double_member (
      json_object_get_object_member (different, "endo"), "dice");
  g_assert_cmpfloat (dice, >, 0.4);
  g_assert_cmpfloat (dice, <, 0.99);
}

static void
test_compare_sizes (void) {
  g_autofree char *still = in_studies ("patient9001", "4CH_ED_gt.nii.gz");
  g_autofree char *sequence = in_studies ("patient9001", "4CH_half_sequence_gt.nii.gz");
  g_auto (Run) run = runet ("compare", still, sequence, NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "half_sequence_gt");
}

static void
test_compare_spacing (void) {
  g_autofree char *path = in_studies ("patient9001", "4CH_ED_gt.nii.gz");
  g_autofree char *other = g_build_filename (fixture.folder, "other.mha", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (map->grid->width, map->grid->height, 1, 7, 7,
                      RUNET_FORMAT_METAIMAGE_LOCAL, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) empty = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  g_assert_true (runet_label_map_write (empty, other, &error));
  g_auto (Run) run = runet ("compare", path, other, NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "found 7 × 7 mm");
}

/* A phantom's own cfg says its EF: the discs on its masks come near it. */
static void
test_measure (void) {
  g_autofree char *patient = g_build_filename (fixture.studies, "patient9001", NULL);
  g_auto (Run) run = runet ("measure", "--json", patient, NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonObject) root = parse (run.out);
  g_assert_cmpstr (json_object_get_string_member (root, "mode"), ==, "ase");
  const double edv = json_object_get_double_member (root, "edv_ml");
  const double esv = json_object_get_double_member (root, "esv_ml");
  const double ef = json_object_get_double_member (root, "ef_percent");
  JsonObject *reference = json_object_get_object_member (root, "reference");
  g_assert_cmpfloat_with_epsilon (ef, 100 * (edv - esv) / edv, 1e-6);
  g_assert_cmpfloat_with_epsilon (
      ef, json_object_get_double_member (reference, "ef_percent"), 5);
  JsonObject *views = json_object_get_object_member (root, "views");
  JsonObject *ed = json_object_get_object_member (
      json_object_get_object_member (views, "4CH"), "ED");
  g_assert_cmpfloat (json_object_get_double_member (ed, "length_mm"), >, 40);
  g_assert_cmpfloat (json_object_get_double_member (ed, "area_cm2"), >, 10);
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (root, "notes")),
                   ==, 0);
}

/* A folder without masks: every one is said to be missing, and no number is made up. */
static void
test_measure_nothing (void) {
  g_auto (Run) run =
      runet ("measure", "--json", fixture.studies, "--masks", fixture.folder, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonObject) root = parse (run.out);
  JsonArray *patients = json_object_get_array_member (root, "patients");
  g_assert_cmpint (json_array_get_length (patients), ==, 2);
  JsonObject *first = json_array_get_object_element (patients, 0);
  g_assert_true (json_object_get_null_member (first, "ef_percent"));
  g_assert_cmpint (
      json_array_get_length (json_object_get_array_member (first, "notes")), ==, 4);

  g_auto (Run) wrong = runet ("measure", "--mode", "best", fixture.studies, NULL);
  g_assert_cmpint (wrong.status, ==, 2);
  assert_one_line (&wrong, "expected ase or camus, found 'best'");
}

static void
test_segment_patient (void) {
  g_autofree char *patient = g_build_filename (fixture.studies, "patient9001", NULL);
  g_autofree char *out = g_build_filename (fixture.folder, "segmented", NULL);
  g_auto (Run) run =
      runet ("segment", patient, "--model", fixture.model, "--output", out, "--roi",
             "--stages", "--probabilities", "--json", NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  /* Four stills, each: final map, two stages, one region, two sets of probabilities. */
  g_assert_cmpuint (count_files (out), ==, 4 * 6);
  g_autoptr (JsonObject) root = parse (run.out);
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (root, "images")), ==, 4);

  g_autoptr (GError) error = NULL;
  g_autofree char *image_path = in_studies ("patient9001", "2CH_ES.nii.gz");
  g_autofree char *map_path =
      g_build_filename (out, "patient9001_2CH_ES_pred.nii.gz", NULL);
  g_autoptr (RunetGrid) grid = runet_grid_read (image_path, &error);
  g_assert_no_error (error);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (map_path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (runet_grid_equal (grid, map->grid));
  g_assert_cmpint (map->grid->type, ==, grid->type);

  g_autofree char *prob_path =
      g_build_filename (out, "patient9001_2CH_ES_stage2_prob.nii.gz", NULL);
  g_autoptr (RunetImage) prob = runet_image_read (prob_path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (prob->grid->frames, ==, RUNET_LABELS);
  gsize area = grid->width * grid->height;
  for (gsize i = 0; i < area; i += 997) {
    float sum = 0;
    for (gsize c = 0; c < RUNET_LABELS; c++)
      sum += prob->pixels[c * area + i];
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-4);
  }
}

static void
test_segment_sequence (void) {
  g_autofree char *sequence = in_studies ("patient9002", "2CH_half_sequence.nii.gz");
  g_autofree char *out = g_build_filename (fixture.folder, "sequence", NULL);
  g_auto (Run) run =
      runet ("segment", sequence, "--model", fixture.model, "--output", out, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (out, "patient9002_2CH_half_sequence_pred.nii.gz", NULL);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetGrid) grid = runet_grid_read (sequence, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (map->grid->frames, ==, grid->frames);
}

static void
test_segment_goes_on (void) {
  g_autofree char *good = in_studies ("patient9001", "2CH_ED.nii.gz");
  g_autofree char *bad = g_build_filename (fixture.folder, "bad.nii.gz", NULL);
  g_autofree char *out = g_build_filename (fixture.folder, "goes-on", NULL);
  g_assert_true (g_file_set_contents (bad, "no image", -1, NULL));
  g_auto (Run) run =
      runet ("segment", bad, good, "--model", fixture.model, "--output", out, NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "bad.nii.gz");
  g_assert_cmpuint (count_files (out), ==, 1);
}

static char *
get_checksum (const char *folder, const char *name) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length;
  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)text, length);
  g_free (text);
  return sum;
}

enum { GROUPED = 15, DAMAGED = 6 };

/* Runs them all with @threads, and looks at what is told of each. */
static void
segment_group (char *const images[GROUPED], const char *out, const char *threads) {
  g_auto (Run) run = runet ("segment", images[0], images[1], images[2], images[3],
                            images[4], images[5], images[6], images[7], images[8],
                            images[9], images[10], images[11], images[12], images[13],
                            images[14], "--model", fixture.model, "--output", out,
                            "--stages", "--roi", "--json", "--threads", threads, NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "image06.nii.gz");
  g_assert_cmpuint (count_files (out), ==, (GROUPED - 1) * 4);
  g_autoptr (JsonObject) root = parse (run.out);
  JsonArray *told = json_object_get_array_member (root, "images");
  g_assert_cmpuint (json_array_get_length (told), ==, GROUPED);
  for (guint i = 0; i < GROUPED; i++) {
    JsonObject *one = json_array_get_object_element (told, i);
    g_assert_cmpstr (json_object_get_string_member (one, "image"), ==, images[i]);
    g_assert_cmpint (json_object_has_member (one, "error"), ==, i == DAMAGED);
    g_assert_cmpint (json_object_has_member (one, "outputs"), ==, i != DAMAGED);
  }
}

/* More images than are worked on together, a damaged one in the middle: the same files and the same
 * order whatever the number of workers. */
static void
test_segment_groups (void) {
  g_autofree char *input = g_build_filename (fixture.folder, "many", NULL);
  g_autofree char *alone = g_build_filename (fixture.folder, "many-1", NULL);
  g_autofree char *together = g_build_filename (fixture.folder, "many-3", NULL);
  g_autofree char *good = in_studies ("patient9001", "2CH_ED.nii.gz");
  g_autofree char *text = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (good, &text, &length, NULL));
  g_assert_cmpint (g_mkdir (input, 0700), ==, 0);
  char *images[GROUPED];
  for (guint i = 0; i < GROUPED; i++) {
    g_autofree char *name = g_strdup_printf ("image%02u.nii.gz", i);
    images[i] = g_build_filename (input, name, NULL);
    g_assert_true (g_file_set_contents (
        images[i], text, i == DAMAGED ? (gssize)length / 2 : (gssize)length, NULL));
  }
  segment_group (images, alone, "1");
  segment_group (images, together, "3");
  for (guint i = 0; i < GROUPED; i++) {
    g_autofree char *name = g_strdup_printf ("image%02u_pred.nii.gz", i);
    if (i != DAMAGED) {
      g_autofree char *a = get_checksum (alone, name);
      g_autofree char *b = get_checksum (together, name);
      g_assert_cmpstr (a, ==, b);
    }
    g_free (images[i]);
  }
}

/* A name of one data set twice, and one that is no UTF-8, which JSON cannot hold. */
static void
test_segment_names (void) {
  g_autofree char *image = in_studies ("patient9001", "2CH_ED.nii.gz");
  g_autofree char *odd = g_build_filename (fixture.folder, "odd-\xff.nii.gz", NULL);
  g_autofree char *out = g_build_filename (fixture.folder, "names", NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (image, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (odd, bytes, (gssize)length, NULL));
  g_auto (Run) run = runet ("segment", odd, image, fixture.studies, "--model",
                            fixture.model, "--output", out, "--json", NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "called patient9001_2CH_ED too");
  g_assert_nonnull (strstr (run.err, image));
  g_assert_true (g_utf8_validate (run.out, -1, NULL));
  g_autoptr (JsonObject) root = parse (run.out);
  JsonArray *images = json_object_get_array_member (root, "images");
  g_assert_cmpuint (json_array_get_length (images), ==, 9);
  g_assert_cmpuint (count_files (out), ==, 9);
}

/* The way into the data set may lead over a symbolic link, and over folders still to be made. */
static void
test_segment_link (void) {
  g_autofree char *link = g_build_filename (fixture.folder, "link", NULL);
  g_autofree char *out = g_build_filename (link, "patient9001", "new", "out", NULL);
  g_assert_cmpint (symlink (fixture.studies, link), ==, 0);
  g_auto (Run) run = runet ("segment", fixture.studies, "--model", fixture.model,
                            "--output", out, NULL);
  g_unlink (link);
  g_assert_cmpint (run.status, ==, 1);
  assert_one_line (&run, "never written to");
}

/* Standard output on a full disk, and closed. */
static void
test_output (void) {
  static const char *const redirections[] = {">/dev/full", ">&-"};
  for (gsize i = 0; i < G_N_ELEMENTS (redirections); i++) {
    g_autofree char *line = g_strdup_printf ("\"$RUNET\" info '%s' --json %s",
                                             fixture.studies, redirections[i]);
    const char *const argv[] = {"/bin/sh", "-c", line, NULL};
    g_auto (Run) run = {-1, NULL, NULL};
    int status;
    g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, &run.out,
                                 &run.err, &status, NULL));
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 1);
    assert_one_line (&run, "standard output");
  }
}

static void
test_segment_refuses (void) {
  g_autofree char *image = in_studies ("patient9001", "2CH_ED.nii.gz");
  g_autofree char *out = g_build_filename (fixture.folder, "refused", NULL);
  g_auto (Run) no_model = runet ("segment", image, "--output", out, NULL);
  g_assert_cmpint (no_model.status, ==, 2);
  g_auto (Run) not_a_model =
      runet ("segment", image, "--model", image, "--output", out, NULL);
  g_assert_cmpint (not_a_model.status, ==, 1);
  assert_one_line (&not_a_model, "2CH_ED.nii.gz");
  g_auto (Run) inside = runet ("segment", fixture.studies, "--model", fixture.model,
                               "--output", fixture.studies, NULL);
  g_assert_cmpint (inside.status, ==, 1);
  assert_one_line (&inside, "never written to");
  g_auto (Run) unwritable = runet ("segment", image, "--model", fixture.model,
                                   "--output", "/proc/runet", NULL);
  g_assert_cmpint (unwritable.status, ==, 1);
  assert_one_line (&unwritable, "/proc/runet");
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
}

static void
test_evaluate (void) {
  g_auto (Run) run =
      runet ("evaluate", fixture.studies, "--model", fixture.model, "--json", NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonObject) root = parse (run.out);
  g_assert_cmpint (json_object_get_int_member (root, "images"), ==, 8);
  JsonArray *stages = json_object_get_array_member (root, "stages");
  g_assert_cmpuint (json_array_get_length (stages), ==, 2);
  JsonObject *endo =
      json_object_get_object_member (json_array_get_object_element (stages, 1), "endo");
  double mean = json_object_get_double_member (
      json_object_get_object_member (endo, "dice"), "mean");
  g_assert_cmpfloat (mean, >=, 0);
  g_assert_cmpfloat (mean, <, 0.9);
}

static void
test_calibrate (void) {
  g_auto (Run) run = runet ("calibrate", fixture.studies, "--json", NULL);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonObject) root = parse (run.out);
  g_assert_cmpuint (json_object_get_size (root), >, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  fixture.folder = g_dir_make_tmp ("runet-cli-XXXXXX", NULL);
  fixture.studies = g_build_filename (fixture.folder, "studies", NULL);
  fixture.model = g_build_filename (fixture.folder, "model.safetensors", NULL);
  write_small_model (fixture.model, INPUT_SIZE);
  g_auto (Run) phantom = runet ("phantom", fixture.studies, "--patients", "2", NULL);
  g_assert_cmpstr (phantom.err, ==, "");
  g_assert_cmpint (phantom.status, ==, 0);

  g_test_add_func ("/runet/usage", test_usage);
  g_test_add_func ("/runet/info", test_info);
  g_test_add_func ("/runet/info/nothing", test_info_of_nothing);
  g_test_add_func ("/runet/compare", test_compare);
  g_test_add_func ("/runet/compare/sizes", test_compare_sizes);
  g_test_add_func ("/runet/compare/spacing", test_compare_spacing);
  g_test_add_func ("/runet/segment/patient", test_segment_patient);
  g_test_add_func ("/runet/segment/sequence", test_segment_sequence);
  g_test_add_func ("/runet/segment/goes-on", test_segment_goes_on);
  g_test_add_func ("/runet/segment/groups", test_segment_groups);
  g_test_add_func ("/runet/segment/names", test_segment_names);
  g_test_add_func ("/runet/segment/link", test_segment_link);
  g_test_add_func ("/runet/output", test_output);
  g_test_add_func ("/runet/segment/refuses", test_segment_refuses);
  g_test_add_func ("/runet/evaluate", test_evaluate);
  g_test_add_func ("/runet/calibrate", test_calibrate);
  g_test_add_func ("/runet/measure", test_measure);
  g_test_add_func ("/runet/measure/nothing", test_measure_nothing);
  int status = g_test_run ();

  remove_tree (fixture.folder);
  g_free (fixture.folder);
  g_free (fixture.studies);
  g_free (fixture.model);
  return status;
}
