/* The fast engine against plain loops on real echocardiograms with the shipped model: probabilities,
 * regions of interest, and who wins at each pixel. Skipped where the images are not. */
#include "core/segmentation/segmenter.h"

#include <math.h>

/* In probability, */
#define TOLERANCE 1e-3
/* … and of all pixels, those whose label may differ. */
#define LABELS_TOLERANCE 1e-4

static const char *const images[] = {
    "native_nifti/patient0007/patient0007_4CH_ED.nii.gz",
    "database_nifti/patient0001/patient0001_2CH_ES.nii.gz",
};

/* (nullable): %NULL when it is not there. */
static char *
find_image (const char *name) {
  const char *shared = g_getenv ("RUNET_SHARED");
  if (shared == NULL)
    return NULL;
  char *path = g_build_filename (shared, "camus", name, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

static RunetSegmentation *
segment (RunetModel *model, RunetEngineKind kind, gboolean exact, RunetImage *image) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (kind, 0, NULL);
  runet_engine_set_exact (engine, exact);
  g_autoptr (RunetSegmenter) segmenter = runet_segmenter_new (model, engine, 1, &error);
  g_assert_no_error (error);
  RunetSegmentation *result = runet_segmenter_run (
      segmenter, image, 0, RUNET_SEGMENT_RAW | RUNET_SEGMENT_PROBABILITIES, NULL,
      &error);
  g_assert_no_error (error);
  return result;
}

static double
find_largest_difference (const float *a, const float *b, gsize count) {
  double largest = 0;
  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabs ((double)a[i] - (double)b[i]));
  return largest;
}

static void
compare (const RunetSegmentation *expected,
         const RunetSegmentation *found,
         gsize pixels,
         const char *what) {
  for (guint k = 0; k < expected->stages; k++) {
    gsize different = 0;
    for (gsize i = 0; i < pixels; i++)
      different += expected->labels[k]->labels[i] != found->labels[k]->labels[i];
    const double p =
        find_largest_difference (expected->probabilities[k], found->probabilities[k],
                                 pixels * expected->classes);
    g_test_message (
        "%s, stage %u: probabilities differ by %.2g, labels at %" G_GSIZE_FORMAT
        " of %" G_GSIZE_FORMAT " pixels",
        what, k + 1, p, different, pixels);
    g_assert_cmpfloat (p, <=, TOLERANCE);
    g_assert_cmpfloat ((double)different, <=, LABELS_TOLERANCE * (double)pixels);
    if (expected->regions[k] != NULL)
      g_assert_cmpfloat (
          find_largest_difference (expected->regions[k], found->regions[k], pixels), <=,
          TOLERANCE);
  }
}

static void
test_image (gconstpointer data) {
  g_autofree char *path = find_image (data);
  g_autoptr (GError) error = NULL;
  if (path == NULL) {
    g_test_skip ("RUNET_SHARED/camus does not have this image");
    return;
  }
  g_autofree char *model_path = g_test_build_filename (
      G_TEST_DIST, "..", "data", "models", "ru-net.safetensors", NULL);
  g_autoptr (RunetModel) model = runet_model_read (model_path, &error);
  g_assert_no_error (error);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  const gsize pixels = image->grid->width * image->grid->height;
  g_autoptr (RunetSegmentation) expected =
      segment (model, RUNET_ENGINE_REFERENCE, FALSE, image);
  g_autoptr (RunetSegmentation) fast = segment (model, RUNET_ENGINE_BLAS, FALSE, image);
  g_autoptr (RunetSegmentation) exact = segment (model, RUNET_ENGINE_BLAS, TRUE, image);
  compare (expected, fast, pixels, "blas");
  compare (expected, exact, pixels, "blas, exact");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (images); i++) {
    g_autofree char *path = g_strdup_printf ("/segmentation/accuracy/%s", images[i]);
    g_test_add_data_func (path, images[i], test_image);
  }
  return g_test_run ();
}
