/* Label maps: values, places of wrong ones, extraction, and writing on real grids. */
#include "core/echo/label-map.h"
#include "core/echo/image.h"

#include "echo-fixture.h"

static RunetLabelMap *
map_new (RunetFormat format, RunetPixelType type, gsize frames) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (11, 6, frames, 0.308, 0.154, format, type);
  RunetLabelMap *map = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 66 * frames; i++)
    map->labels[i] = (guint8)(i * 7 / 3 % 4);
  return map;
}

static void
test_round_trip (void) {
  g_auto (Folder) folder = folder_new ();
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++)
    for (RunetPixelType type = 0; type <= RUNET_PIXEL_FLOAT64; type++) {
      g_autoptr (GError) error = NULL;
      gsize frames = format == RUNET_FORMAT_PNG ? 1 : 3;
      g_autofree char *path =
          g_strdup_printf ("%s/m.%s", folder.path, runet_format_extension (format));
      g_autoptr (RunetLabelMap) map = map_new (format, type, frames);
      g_assert_true (runet_label_map_write (map, path, &error));
      g_autoptr (RunetLabelMap) back = runet_label_map_read (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (back->labels, 66 * frames, map->labels, 66 * frames);
      g_assert_cmpint (back->grid->type, ==,
                       format == RUNET_FORMAT_PNG ? RUNET_PIXEL_UINT8 : type);
    }
}

static void
test_wrong_values (void) {
  g_auto (Folder) folder = folder_new ();
  static const struct {
    float value;
    const char *words;
  } cases[] = {
      {7, "found 7 at column 4, row 2, frame 2"},
      {-1, "found -1 at"},
      {1.5f, "found 1.5 at"},
      {255, "found 255 at"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_build_filename (folder.path, "m.nii.gz", NULL);
    g_autoptr (RunetGrid) grid =
        runet_grid_new (11, 6, 3, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_FLOAT32);
    g_autoptr (RunetImage) image = runet_image_new (grid, NULL);
    image->pixels[66 + 2 * 11 + 4] = cases[i].value;
    g_assert_true (runet_image_write (image, path, NULL));
    g_assert_null (runet_label_map_read (path, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, path, cases[i].words);
  }
}

static void
test_extract (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map = map_new (RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8, 3);
  g_autoptr (RunetLabelMap) still = runet_label_map_extract (map, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (still->grid->frames, ==, 1);
  g_assert_false (still->grid->has_time_axis);
  g_assert_cmpmem (still->labels, 66, runet_label_map_frame (map, 2), 66);
}

static void
test_png_is_still (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder.path, "m.png", NULL);
  g_autoptr (RunetLabelMap) map = map_new (RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8, 3);
  g_assert_false (runet_label_map_write (map, path, &error));
  assert_failure (error, RUNET_ERROR_UNSUPPORTED, path, "found 3");
  g_assert_cmpuint (count_files (folder.path), ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/label-map/round-trip", test_round_trip);
  g_test_add_func ("/echo/label-map/wrong-values", test_wrong_values);
  g_test_add_func ("/echo/label-map/extract", test_extract);
  g_test_add_func ("/echo/label-map/png-is-still", test_png_is_still);
  return g_test_run ();
}
