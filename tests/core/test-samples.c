/* Training samples: what is read, what is skipped and said, and the hash of it all. */
#include "core/training/samples.h"

#include <string.h>

#include "core/segmentation/resample.h"
#include "small-dataset.h"

#define SIZE 32

static RunetSamples *
load (const char *folder, gsize size, gsize classes) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  RunetSamples *samples = runet_samples_new (size);
  g_assert_true (runet_samples_add (samples, dataset->patients, classes, pool, NULL,
                                    NULL, NULL, &error));
  g_assert_no_error (error);
  return samples;
}

static void
test_load (void) {
  g_autofree char *root = small_dataset_new ();
  g_autoptr (RunetSamples) samples = load (root, SIZE, 4);
  static const char *const names[] = {"patient0001_2CH_ED", "patient0001_2CH_ES",
                                      "patient0001_4CH_ED", "patient0001_4CH_ES"};
  g_assert_cmpuint (samples->samples->len, ==, G_N_ELEMENTS (names));
  guint8 native[SMALL_WIDTH * SMALL_HEIGHT], expected[SIZE * SIZE];
  float grey[SMALL_WIDTH * SMALL_HEIGHT], resized[SIZE * SIZE];
  small_draw (native, SMALL_WIDTH, SMALL_HEIGHT, 20);
  for (gsize i = 0; i < SMALL_WIDTH * SMALL_HEIGHT; i++)
    grey[i] = (float)(i * 7 % 256);
  runet_resample_nearest (native, SMALL_WIDTH, SMALL_HEIGHT, expected, SIZE, SIZE);
  runet_resample_bilinear (grey, SMALL_WIDTH, SMALL_HEIGHT, resized, SIZE, SIZE, 1);
  for (guint i = 0; i < samples->samples->len; i++) {
    const RunetSample *sample = g_ptr_array_index (samples->samples, i);
    g_assert_cmpstr (sample->name, ==, names[i]);
    g_assert_cmpmem (sample->labels, SIZE * SIZE, expected, SIZE * SIZE);
    for (gsize k = 0; k < SIZE * SIZE; k++)
      g_assert_cmpfloat_with_epsilon (sample->image[k], resized[k], 0.501f);
  }
  remove_tree (root);
}

static void
test_problems (void) {
  g_autofree char *root = small_dataset_new ();
  g_autoptr (RunetSamples) samples = load (root, SIZE, 4);
  g_assert_cmpuint (samples->problems->len, ==, 2);
  const RunetProblem *no_mask = g_ptr_array_index (samples->problems, 0);
  const RunetProblem *other_size = g_ptr_array_index (samples->problems, 1);
  g_assert_nonnull (strstr (no_mask->message, "patient0002_4CH_ED"));
  g_assert_nonnull (strstr (other_size->message, "patient0002_4CH_ES"));
  g_assert_nonnull (strstr (other_size->message, "64 × 48"));
  g_assert_nonnull (strstr (other_size->message, "32 × 48"));

  /* A model without the LA cannot learn from masks that have it. */
  g_autoptr (RunetSamples) three = load (root, SIZE, 3);
  g_assert_cmpuint (three->samples->len, ==, 0);
  g_assert_cmpuint (three->problems->len, ==, 6);
  remove_tree (root);
}

static void
test_hash (void) {
  guint8 image[SIZE * SIZE] = {0}, labels[SIZE * SIZE] = {0};
  char *hashes[5];
  for (int i = 0; i < 5; i++) {
    g_autoptr (RunetSamples) samples = runet_samples_new (SIZE);
    image[17] = i == 2 ? 1 : 0;
    labels[17] = i == 3 ? 1 : 0;
    runet_samples_add_pair (samples, i == 4 ? "b" : "a", image, labels, NULL);
    hashes[i] = runet_samples_hash (samples);
    g_assert_cmpuint (strlen (hashes[i]), ==, 64);
  }
  g_assert_cmpstr (hashes[0], ==, hashes[1]);
  for (int i = 2; i < 5; i++)
    g_assert_cmpstr (hashes[0], !=, hashes[i]);
  for (int i = 0; i < 5; i++)
    g_free (hashes[i]);
}

static void
test_cancel (void) {
  g_autofree char *root = small_dataset_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (root, NULL, &error);
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  g_autoptr (RunetSamples) samples = runet_samples_new (SIZE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_false (runet_samples_add (samples, dataset->patients, 4, pool, NULL, NULL,
                                     cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_tree (root);
}

/* Real pairs, one patient of each release. */
static void
test_camus (void) {
  static const char *const patients[] = {"camus/database_nifti/patient0001",
                                         "camus/native_mhd/patient0001"};
  for (gsize i = 0; i < G_N_ELEMENTS (patients); i++) {
    g_autofree char *path =
        g_build_filename (g_getenv ("RUNET_SHARED"), patients[i], NULL);
    if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
      g_test_skip ("CAMUS is not here");
      return;
    }
    g_autoptr (RunetSamples) samples = load (path, 256, 4);
    g_assert_cmpuint (samples->samples->len, ==, 4);
    g_assert_cmpuint (samples->problems->len, ==, 0);
    for (guint k = 0; k < 4; k++) {
      const RunetSample *sample = g_ptr_array_index (samples->samples, k);
      gsize count[RUNET_LABELS] = {0};
      double grey = 0;
      for (gsize p = 0; p < 256 * 256; p++) {
        count[sample->labels[p]]++;
        grey += sample->image[p] / 65536.0;
      }
      for (guint label = 0; label < RUNET_LABELS; label++)
        g_assert_cmpuint (count[label], >, 500);
      g_assert_true (grey > 5 && grey < 150);
    }
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/samples/load", test_load);
  g_test_add_func ("/training/samples/problems", test_problems);
  g_test_add_func ("/training/samples/hash", test_hash);
  g_test_add_func ("/training/samples/cancel", test_cancel);
  g_test_add_func ("/training/samples/camus", test_camus);
  return g_test_run ();
}
