/* Synthetic studies: layout, determinism, masks that look like a heart, errors, cancelling. */
#include "core/phantom/phantom.h"
#include "core/phantom/patient.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "core/base/error.h"
#include "core/echo/dataset.h"
#include "core/shape/anatomy.h"
#include "tests/remove-tree.h"

#define SEED 11
#define HEARTS 25
/* More than a speckle is wide. */
#define STEP 12

static char *
temporary_folder (void) {
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("runet-phantom-XXXXXX", &error);
  g_assert_no_error (error);
  return path;
}

typedef struct {
  GCancellable *cancellable;
  gsize cancel_at;
  gsize calls, last_done;
} Watch;

static void
watch_cb (const RunetProgress *progress, gpointer user_data) {
  Watch *watch = user_data;
  watch->calls++;
  watch->last_done = progress->done;
  g_assert_cmpuint (progress->done, <=, progress->total);
  if (watch->cancellable != NULL && progress->done == watch->cancel_at)
    g_cancellable_cancel (watch->cancellable);
}

static gsize
count_label (const guint8 *labels, gsize pixels, RunetLabel label) {
  gsize count = 0;
  for (gsize i = 0; i < pixels; i++)
    count += labels[i] == label;
  return count;
}

static void
check_view (const RunetViewFiles *files) {
  gsize areas[RUNET_INSTANTS];
  g_autoptr (GError) error = NULL;
  g_assert_true (files->present);
  g_assert_cmpint (files->quality, !=, RUNET_QUALITY_UNKNOWN);
  g_assert_true (files->sex == 'F' || files->sex == 'M');
  g_assert_cmpfloat (files->age_years, >=, 18);
  g_assert_cmpfloat (files->frame_rate_hz, >, 20);
  g_assert_cmpfloat (files->ejection_fraction_percent, >, 15);
  g_assert_cmpfloat (files->ejection_fraction_percent, <, 80);

  g_autoptr (RunetImage) sequence = runet_image_read (files->sequence, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetLabelMap) masks =
      runet_label_map_read (files->sequence_mask, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (runet_grid_equal (sequence->grid, masks->grid));
  g_assert_cmpint (sequence->grid->type, ==, RUNET_PIXEL_FLOAT32);
  g_assert_cmpint (masks->grid->type, ==, RUNET_PIXEL_FLOAT32);
  g_assert_cmpfloat_with_epsilon (sequence->grid->spacing_x_mm, 0.308, 1e-5);
  g_assert_cmpint ((int)sequence->grid->frames, ==, files->frames);
  for (int k = 0; k < RUNET_INSTANTS; k++) {
    gsize frame = (gsize)files->frame[k] - 1;
    gsize pixels = sequence->grid->width * sequence->grid->height;
    g_autoptr (RunetImage) still = runet_image_read (files->still[k], NULL, &error);
    g_assert_no_error (error);
    g_autoptr (RunetLabelMap) mask =
        runet_label_map_read (files->still_mask[k], NULL, &error);
    g_assert_no_error (error);
    g_assert_false (still->grid->has_time_axis);
    g_assert_cmpmem (still->pixels, pixels * sizeof (float),
                     runet_image_frame (sequence, frame), pixels * sizeof (float));
    g_assert_cmpmem (mask->labels, pixels, runet_label_map_frame (masks, frame),
                     pixels);
    for (int label = RUNET_LABEL_LV; label < RUNET_LABELS; label++)
      g_assert_cmpuint (count_label (mask->labels, pixels, label), >, 500);
    areas[k] = count_label (mask->labels, pixels, RUNET_LABEL_LV);
  }
  g_assert_cmpuint (areas[RUNET_INSTANT_ES], <, areas[RUNET_INSTANT_ED]);
}

/* Every file of @a is in @b with the same bytes. Returns how many there are. */
static guint
compare_folders (const char *a, const char *b) {
  g_autoptr (GDir) dir = g_dir_open (a, 0, NULL);
  const char *name;
  guint files = 0;
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *here = g_build_filename (a, name, NULL);
    g_autofree char *there = g_build_filename (b, name, NULL);
    g_autofree char *first = NULL, *second = NULL;
    gsize sizes[2];
    g_assert_true (g_file_get_contents (here, &first, &sizes[0], NULL));
    g_assert_true (g_file_get_contents (there, &second, &sizes[1], NULL));
    g_assert_cmpmem (first, sizes[0], second, sizes[1]);
    files++;
  }
  return files;
}

/* The layout is that of CAMUS; patient 0 is the same whether one or two are asked for; what is
 * cancelled leaves whole patients only. */
static void
test_files (void) {
  g_autofree char *one = temporary_folder (), *two = temporary_folder ();
  g_autofree char *first = g_build_filename (one, "patient9001", NULL);
  g_autofree char *again = g_build_filename (two, "patient9001", NULL);
  g_autofree char *absent = g_build_filename (two, "patient9002", NULL);
  g_autoptr (GError) error = NULL;
  Watch watch = {0};

  g_assert_true (runet_phantom_write (one, 1, SEED, watch_cb, &watch, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (watch.last_done, ==, 1);

  g_autoptr (RunetDataset) dataset = runet_dataset_open (one, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dataset->patients->len, ==, 1);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  const RunetPatient *patient = runet_dataset_find (dataset, "patient9001");
  g_assert_nonnull (patient);
  for (int view = 0; view < RUNET_VIEWS; view++)
    check_view (&patient->views[view]);

  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  watch = (Watch){.cancellable = cancellable, .cancel_at = 1};
  g_assert_false (
      runet_phantom_write (two, 2, SEED, watch_cb, &watch, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (compare_folders (first, again), ==, 14);
  g_assert_cmpuint (compare_folders (again, first), ==, 14);
  g_assert_false (g_file_test (absent, G_FILE_TEST_EXISTS));
  remove_tree (one);
  remove_tree (two);
}

static void
test_unwritable (void) {
  g_autofree char *folder = temporary_folder ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_false (runet_phantom_write (file, 1, SEED, NULL, NULL, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "patient9001"));
  remove_tree (folder);
}

/* An image of one frame, for the tests that need no file. */
static float *
image_frame (guint32 seed, guint number, RunetView view, guint frame, gsize *pixels) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  double contraction, opening;

  runet_phantom_patient_init (patient, seed, number);
  const RunetPhantomView *plan = &patient->views[view];
  runet_heart_shape (&patient->heart, view, 0, 0, shape);
  g_autoptr (GRand) still = runet_phantom_patient_rand (patient, 1);
  g_autoptr (GRand) moving = runet_phantom_patient_rand (patient, 2 + frame);
  g_autoptr (RunetScanner) scanner =
      runet_scanner_new (&plan->settings, shape, &plan->grid, still);
  runet_phantom_view_moment (plan, frame, &contraction, &opening);
  runet_heart_shape (&patient->heart, view, contraction, opening, shape);
  *pixels = plan->grid.width * plan->grid.height;
  float *image = g_new (float, *pixels);
  runet_scanner_image (scanner, shape, moving, image);
  return image;
}

static void
test_seed (void) {
  gsize sizes[3];
  g_autofree float *image = image_frame (SEED, 2, RUNET_VIEW_A4C, 3, &sizes[0]);
  g_autofree float *same = image_frame (SEED, 2, RUNET_VIEW_A4C, 3, &sizes[1]);
  g_autofree float *other = image_frame (SEED + 1, 2, RUNET_VIEW_A4C, 3, &sizes[2]);

  g_assert_cmpmem (image, sizes[0] * sizeof (float), same, sizes[1] * sizeof (float));
  g_assert_true (sizes[0] != sizes[2] ||
                 memcmp (image, other, sizes[0] * sizeof (float)) != 0);
  for (gsize i = 0; i < sizes[0]; i++)
    g_assert_true (image[i] >= 0 && image[i] <= 255 && image[i] == (int)image[i]);
}

/* Of what differs over STEP pixels, so that shading does not count as speckle. */
static double
correlate (const float *a, const float *b, const guint8 *where, gsize pixels) {
  double products[3] = {0};
  for (gsize i = 0; i + STEP < pixels; i++) {
    double x = a[i + STEP] - a[i], y = b[i + STEP] - b[i];
    if (!where[i] || !where[i + STEP])
      continue;
    products[0] += x * x;
    products[1] += y * y;
    products[2] += x * y;
  }
  return products[2] / sqrt (products[0] * products[1]);
}

/* Neighbouring frames: the speckle of the wall stays, that of the blood does not; and the wall
 * is brighter than the blood. */
static void
test_speckle (void) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  gsize pixels;
  g_autofree float *first = image_frame (SEED, 0, RUNET_VIEW_A4C, 0, &pixels);
  g_autofree float *next = image_frame (SEED, 0, RUNET_VIEW_A4C, 1, &pixels);
  g_autofree guint8 *labels = g_new0 (guint8, pixels);
  g_autofree guint8 *where = g_new (guint8, pixels);
  double means[2] = {0}, stays[2];

  runet_phantom_patient_init (patient, SEED, 0);
  runet_heart_shape (&patient->heart, RUNET_VIEW_A4C, 0, 0, shape);
  runet_heart_fill_labels (shape, &patient->views[RUNET_VIEW_A4C].grid, labels);
  for (int k = 0; k < 2; k++) {
    RunetLabel label = k == 0 ? RUNET_LABEL_LV : RUNET_LABEL_MYOCARDIUM;
    gsize count = 0;
    for (gsize i = 0; i < pixels; i++) {
      where[i] = labels[i] == label && first[i] > 0;
      means[k] += where[i] ? first[i] : 0;
      count += where[i];
    }
    means[k] /= count;
    stays[k] = correlate (first, next, where, pixels);
  }
  g_test_message ("mean %.1f and %.1f, correlation %.2f and %.2f", means[0], means[1],
                  stays[0], stays[1]);
  g_assert_cmpfloat (means[1], >, means[0] + 15);
  g_assert_cmpfloat (stays[1], >, 0.7);
  g_assert_cmpfloat (stays[0], <, stays[1] - 0.1);
}

/* The label map of one moment has no reason to be doubted beyond mere notes. */
static void
check_anatomy (const RunetPhantomPatient *patient, RunetView view, double contraction) {
  const RunetPlaneGrid *grid = &patient->views[view].grid;
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  g_autofree guint8 *labels = g_new0 (guint8, grid->width * grid->height);
  g_autoptr (RunetAnatomy) anatomy = NULL;

  runet_heart_shape (&patient->heart, view, contraction, 0, shape);
  runet_heart_fill_labels (shape, grid, labels);
  anatomy = runet_anatomy_new (labels, grid->width, grid->height, grid->spacing_mm,
                               grid->spacing_mm);
  for (guint i = 0; i < anatomy->reasons->len; i++) {
    const RunetReason *reason = &g_array_index (anatomy->reasons, RunetReason, i);
    g_autofree char *text = runet_reason_to_string (reason);
    g_test_message ("patient %u, view %d, contraction %.1f: %s", patient->number, view,
                    contraction, text);
    g_assert_cmpint (reason->severity, ==, RUNET_SEVERITY_NOTE);
    g_assert_cmpint (reason->kind, !=, RUNET_REASON_HOLES);
    g_assert_cmpint (reason->kind, !=, RUNET_REASON_COMPONENTS);
    g_assert_cmpint (reason->kind, !=, RUNET_REASON_GAP);
  }
  g_assert_false (anatomy->outlier);
}

/* The experts' masks of many hearts, hard ones among them, are those of possible hearts. */
static void
test_anatomy (void) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  for (guint number = 0; number < HEARTS; number++) {
    runet_phantom_patient_init (patient, SEED, number);
    for (int view = 0; view < RUNET_VIEWS; view++)
      for (double contraction = 0; contraction <= 1; contraction++)
        check_anatomy (patient, view, contraction);
  }
}

/* The volume falls steadily, the EF is that of the volumes, every fifth patient is hard. */
static void
test_hearts (void) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  double least = 100, most = 0;
  for (guint number = 0; number < HEARTS; number++) {
    runet_phantom_patient_init (patient, SEED, number);
    double before = runet_heart_volume_ml (&patient->heart, 0), edv = before;
    g_assert_cmpfloat (edv, >, 45);
    g_assert_cmpfloat (edv, <, 280);
    for (double contraction = 0.25; contraction <= 1; contraction += 0.25) {
      double volume = runet_heart_volume_ml (&patient->heart, contraction);
      g_assert_cmpfloat (volume, <, before);
      before = volume;
    }
    g_assert_cmpfloat_with_epsilon (patient->ejection_fraction_percent,
                                    100 * (edv - before) / edv, 1e-6);
    least = MIN (least, patient->ejection_fraction_percent);
    most = MAX (most, patient->ejection_fraction_percent);
    for (int view = 0; view < RUNET_VIEWS; view++)
      g_assert_true ((patient->views[view].quality == RUNET_QUALITY_POOR) ==
                     (number % 5 == 4));
  }
  g_assert_cmpfloat (least, <, 35);
  g_assert_cmpfloat (least, >, 18);
  g_assert_cmpfloat (most, >, 60);
  g_assert_cmpfloat (most, <, 75);
}

/* A square of known size, and a neighbour that shares an edge with it. */
static void
test_fill (void) {
  const RunetPlanePoint left[] = {{-3, 1}, {0, 1}, {0, 5}, {-3, 5}};
  const RunetPlanePoint right[] = {{0, 1}, {20, 1}, {20, 5}, {0, 5}};
  const RunetPlaneGrid grid = {10, 8, 1};
  guint8 pixels[80] = {0};

  runet_polygon_fill (left, 4, &grid, 1, pixels);
  g_assert_cmpuint (count_label (pixels, 80, 1), ==, 12);
  runet_polygon_fill (right, 4, &grid, 2, pixels);
  g_assert_cmpuint (count_label (pixels, 80, 1), ==, 12);
  g_assert_cmpuint (count_label (pixels, 80, 2), ==, 20);
  g_assert_cmpint (pixels[10 + 2], ==, 1);
  g_assert_cmpint (pixels[10 + 1], ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phantom/fill", test_fill);
  g_test_add_func ("/phantom/hearts", test_hearts);
  g_test_add_func ("/phantom/anatomy", test_anatomy);
  g_test_add_func ("/phantom/seed", test_seed);
  g_test_add_func ("/phantom/speckle", test_speckle);
  g_test_add_func ("/phantom/unwritable", test_unwritable);
  g_test_add_func ("/phantom/files", test_files);
  return g_test_run ();
}
