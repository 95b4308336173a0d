/* A data set of a few small hand-made images, for the tests that read one. */
#pragma once

#include <glib/gstdio.h>

#include "core/echo/dataset.h"
#include "tests/remove-tree.h"

/* Native grid: pixels that are not square. */
#define SMALL_WIDTH 64
#define SMALL_HEIGHT 48
#define SMALL_SPACING_X_MM 0.5
#define SMALL_SPACING_Y_MM 0.25

/* An LV of 20 × 20 pixels whose left edge is at column @left, with a myocardium of four columns at
 * each side and an LA below. */
static inline void
small_draw (guint8 *labels, gsize width, gsize height, gsize left) {
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      guint8 label = RUNET_LABEL_BACKGROUND;
      if (y >= 8 && y < 28 && x + 4 >= left && x < left + 24)
        label = RUNET_LABEL_MYOCARDIUM;
      if (y >= 8 && y < 28 && x >= left && x < left + 20)
        label = RUNET_LABEL_LV;
      if (y >= 28 && y < 40 && x >= left && x < left + 20)
        label = RUNET_LABEL_LA;
      labels[y * width + x] = label;
    }
}

static inline void
small_write_labels (const char *folder,
                    const char *name,
                    gsize width,
                    gsize height,
                    gsize left) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (width, height, 1, SMALL_SPACING_X_MM, SMALL_SPACING_Y_MM,
                      RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  small_draw (map->labels, width, height, left);
  g_assert_true (runet_label_map_write (map, path, &error));
  g_assert_no_error (error);
}

static inline void
small_write_image (const char *folder, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (SMALL_WIDTH, SMALL_HEIGHT, 1, SMALL_SPACING_X_MM,
                      SMALL_SPACING_Y_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) image = runet_image_new (grid, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < SMALL_WIDTH * SMALL_HEIGHT; i++)
    image->pixels[i] = (float)(i * 7 % 256);
  g_assert_true (runet_image_write (image, path, &error));
  g_assert_no_error (error);
}

/* patient0001: four images with masks whose LV begins at column 20. patient0002: the 4CH view
 * alone; its ED has no mask, its ES one of another size. */
static inline char *
small_dataset_new (void) {
  g_autoptr (GError) error = NULL;
  char *root = g_dir_make_tmp ("runet-small-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *first = g_build_filename (root, "patient0001", NULL);
  g_autofree char *second = g_build_filename (root, "patient0002", NULL);
  g_mkdir (first, 0777);
  g_mkdir (second, 0777);
  static const char *const stems[] = {"2CH_ED", "2CH_ES", "4CH_ED", "4CH_ES"};
  for (gsize i = 0; i < G_N_ELEMENTS (stems); i++) {
    g_autofree char *image = g_strdup_printf ("patient0001_%s.nii.gz", stems[i]);
    g_autofree char *mask = g_strdup_printf ("patient0001_%s_gt.nii.gz", stems[i]);
    small_write_image (first, image);
    small_write_labels (first, mask, SMALL_WIDTH, SMALL_HEIGHT, 20);
  }
  small_write_image (second, "patient0002_4CH_ED.nii.gz");
  small_write_image (second, "patient0002_4CH_ES.nii.gz");
  small_write_labels (second, "patient0002_4CH_ES_gt.nii.gz", 32, 48, 5);
  return root;
}
