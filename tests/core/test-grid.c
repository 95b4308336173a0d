/* Grids: formats by name, equality, sizes that do not fit. */
#include "core/echo/grid.h"

#include <math.h>

static RunetGrid *
grid_new (double x_mm, double y_mm, gsize frames) {
  return runet_grid_new (300, 200, frames, x_mm, y_mm, RUNET_FORMAT_NIFTI,
                         RUNET_PIXEL_UINT8);
}

static void
test_formats (void) {
  static const struct {
    const char *path;
    gboolean known;
    RunetFormat format;
  } cases[] = {
      {"/a/b.mhd", TRUE, RUNET_FORMAT_METAIMAGE},
      {"b.mha", TRUE, RUNET_FORMAT_METAIMAGE_LOCAL},
      {"b.NII", TRUE, RUNET_FORMAT_NIFTI},
      {"b.c.nii.gz", TRUE, RUNET_FORMAT_NIFTI_GZ},
      {"b.Png", TRUE, RUNET_FORMAT_PNG},
      {"b.gz", FALSE},
      {"png", FALSE},
      {"bnii", FALSE},
      {"b.raw", FALSE},
      {"", FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    RunetFormat format = RUNET_FORMAT_PNG;
    g_test_message ("%s", cases[i].path);
    g_assert_cmpint (runet_format_from_path (cases[i].path, &format), ==,
                     cases[i].known);
    if (cases[i].known)
      g_assert_cmpint (format, ==, cases[i].format);
  }
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++) {
    RunetFormat found;
    g_autofree char *path =
        g_strconcat ("name.", runet_format_extension (format), NULL);
    g_assert_true (runet_format_from_path (path, &found));
    g_assert_cmpint (found, ==, format);
  }
}

static void
test_equal (void) {
  g_autoptr (RunetGrid) a = grid_new (0.308, 0.154, 1);
  g_autoptr (RunetGrid) same = grid_new (0.3081, 0.154, 1);
  g_autoptr (RunetGrid) wider = grid_new (0.309, 0.154, 1);
  g_autoptr (RunetGrid) sequence = grid_new (0.308, 0.154, 2);
  g_autoptr (RunetGrid) unknown = grid_new (NAN, NAN, 1);
  g_autoptr (RunetGrid) unknown_too = grid_new (NAN, NAN, 1);
  g_assert_true (runet_grid_equal (a, same));
  g_assert_false (runet_grid_equal (a, wider));
  g_assert_false (runet_grid_equal (a, sequence));
  g_assert_false (runet_grid_equal (a, unknown));
  g_assert_true (runet_grid_equal (unknown, unknown_too));
}

static void
test_frames (void) {
  g_autoptr (RunetGrid) sequence = grid_new (0.308, 0.154, 12);
  sequence->header = g_bytes_new_static ("x", 1);
  g_autoptr (RunetGrid) still = runet_grid_with_frames (sequence, 1);
  g_assert_true (sequence->has_time_axis);
  g_assert_false (still->has_time_axis);
  g_assert_cmpuint (still->frames, ==, 1);
  g_assert_cmpuint (still->width, ==, 300);
  g_assert_cmpfloat (still->spacing_y_mm, ==, 0.154);
  g_assert_true (still->header == sequence->header);
}

static void
test_count (void) {
  gsize count;
  g_autoptr (RunetGrid) small = grid_new (1, 1, 7);
  g_assert_true (runet_grid_count_pixels (small, &count));
  g_assert_cmpuint (count, ==, 300 * 200 * 7);
  g_autoptr (RunetGrid) large =
      runet_grid_new (G_MAXSIZE / 2, 3, 1, 1, 1, RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8);
  g_assert_false (runet_grid_count_pixels (large, &count));
  g_autoptr (RunetGrid) wide =
      runet_grid_new (G_MAXSIZE / 9, 1, 1, 1, 1, RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8);
  g_assert_true (runet_grid_count_pixels (wide, &count) ==
                 (G_MAXSIZE / 9 * 8 <= G_MAXSSIZE));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/grid/formats", test_formats);
  g_test_add_func ("/echo/grid/equal", test_equal);
  g_test_add_func ("/echo/grid/frames", test_frames);
  g_test_add_func ("/echo/grid/count", test_count);
  return g_test_run ();
}
