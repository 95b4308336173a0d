/* Images through every format and type, the failures all readers share, and atomic writing. */
#include "core/echo/image.h"
#include "core/echo/pixel.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "echo-fixture.h"

static RunetImage *
image_new (RunetFormat format, RunetPixelType type, gsize frames) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (13, 7, frames, 0.308, 0.154, format, type);
  RunetImage *image = runet_image_new (grid, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 13 * 7 * frames; i++)
    image->pixels[i] = (float)(i * 37 % 256);
  return image;
}

static void
test_round_trip (void) {
  g_auto (Folder) folder = folder_new ();
  for (RunetFormat format = 0; format < RUNET_FORMAT_PNG; format++)
    for (RunetPixelType type = 0; type <= RUNET_PIXEL_FLOAT64; type++)
      for (gsize frames = 1; frames <= 3; frames += 2) {
        g_autoptr (GError) error = NULL;
        g_autofree char *path = g_strdup_printf ("%s/i%d.%s", folder.path, type,
                                                 runet_format_extension (format));
        g_autoptr (RunetImage) image = image_new (format, type, frames);
        g_assert_true (runet_image_write (image, path, &error));
        g_autoptr (RunetImage) back = runet_image_read (path, NULL, &error);
        g_assert_no_error (error);
        g_autoptr (RunetGrid) grid = runet_grid_read (path, &error);
        g_assert_no_error (error);
        g_assert_true (runet_grid_equal (back->grid, image->grid));
        g_assert_true (runet_grid_equal (grid, image->grid));
        g_assert_cmpfloat_with_epsilon (back->grid->spacing_y_mm, 0.154, 1e-7);
        g_assert_cmpint (back->grid->type, ==, type);
        g_assert_cmpint (back->grid->format, ==, format);
        g_assert_cmpint (back->grid->has_time_axis, ==, frames > 1);
        g_assert_cmpmem (back->pixels, 13 * 7 * frames * sizeof (float), image->pixels,
                         13 * 7 * frames * sizeof (float));
      }
}

/* An ending decides the format; the header of another format does not get in the way. */
static void
test_convert (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetImage) image =
      image_new (RUNET_FORMAT_METAIMAGE, RUNET_PIXEL_INT16, 2);
  const char *const names[] = {"a.mhd", "b.nii", "c.mha", "d.nii.gz", "e.mhd"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder.path, names[i], NULL);
    g_assert_true (runet_image_write (image, path, &error));
    RunetImage *back = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (runet_grid_equal (back->grid, image->grid));
    g_assert_cmpmem (back->pixels, 13 * 7 * 2 * 4, image->pixels, 13 * 7 * 2 * 4);
    runet_image_unref (image);
    image = back;
  }
}

static void
test_pixel_limits (void) {
  const float values[] = {-1e9f, -1.5f, 2.5f, 254.4f, 1e9f};
  guint8 bytes[sizeof values * 2];
  float back[5];
  runet_pixels_encode (values, RUNET_PIXEL_UINT8, 1, 0, 5, bytes);
  g_assert_cmpmem (bytes, 5, "\0\0\2\376\377", 5);
  runet_pixels_encode (values, RUNET_PIXEL_INT16, 1, 0, 5, bytes);
  runet_pixels_decode (bytes, RUNET_PIXEL_INT16, 1, 0, 5, back);
  g_assert_cmpfloat (back[0], ==, -32768);
  g_assert_cmpfloat (back[1], ==, -2);
  g_assert_cmpfloat (back[4], ==, 32767);
  runet_pixels_encode (&(float){NAN}, RUNET_PIXEL_UINT16, 1, 0, 1, bytes);
  g_assert_cmpmem (bytes, 2, "\0\0", 2);
  /* Halves go to the even neighbour. */
  runet_pixels_encode ((const float[]){0.5f, 1.5f, 3.5f, 0.49999997f, 4.5f},
                       RUNET_PIXEL_UINT8, 1, 0, 5, bytes);
  g_assert_cmpmem (bytes, 5, "\0\2\4\0\4", 5);
  /* 7 = 2 × 1 + 5 */
  runet_pixels_encode (&(float){7}, RUNET_PIXEL_UINT8, 2, 5, 1, bytes);
  g_assert_cmpint (bytes[0], ==, 1);
}

static void
test_not_files (void) {
  g_auto (Folder) folder = folder_new ();
  const char *const endings[] = {"mhd", "mha", "nii", "nii.gz", "png"};
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *none = g_strdup_printf ("%s/none.%s", folder.path, endings[i]);
    g_autofree char *name = g_strdup_printf ("empty.%s", endings[i]);
    g_autofree char *empty = put_text (folder.path, name, "");
    g_autofree char *noise_name = g_strdup_printf ("noise.%s", endings[i]);
    g_autofree char *noise = put_text (folder.path, noise_name, "What is this?\n");
    g_autofree char *directory = g_strdup_printf ("%s/dir.%s", folder.path, endings[i]);
    g_assert_cmpint (g_mkdir (directory, 0755), ==, 0);
    const struct {
      const char *path;
      int code;
      const char *words;
    } cases[] = {
        {none, RUNET_ERROR_MISSING, "expected a file, found none"},
        {empty, RUNET_ERROR_FORMAT, "empty"},
        {noise, RUNET_ERROR_FORMAT, "expected"},
        {directory, RUNET_ERROR_FORMAT, "found a folder"},
    };
    for (gsize c = 0; c < G_N_ELEMENTS (cases); c++) {
      g_autoptr (GError) error = NULL, grid_error = NULL;
      g_assert_null (runet_image_read (cases[c].path, NULL, &error));
      assert_failure (error, cases[c].code, cases[c].path, cases[c].words);
      g_assert_null (runet_grid_read (cases[c].path, &grid_error));
      assert_failure (grid_error, cases[c].code, cases[c].path, cases[c].words);
    }
  }
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_image_read ("heart.jpg", NULL, &error));
  assert_failure (error, RUNET_ERROR_UNSUPPORTED, "heart.jpg", "another ending");
}

static void
test_not_finite (void) {
  g_auto (Folder) folder = folder_new ();
  const char *const names[] = {"a.mha", "a.nii.gz"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_build_filename (folder.path, names[i], NULL);
    g_autoptr (RunetImage) image =
        image_new (RUNET_FORMAT_NIFTI, RUNET_PIXEL_FLOAT32, 2);
    image->pixels[13 * 7 + 13 * 4 + 5] = NAN;
    g_assert_true (runet_image_write (image, path, NULL));
    g_assert_null (runet_image_read (path, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, path, "nan at column 5, row 4, frame 2");
  }
}

static void
test_cancelled (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        g_strdup_printf ("%s/i.%s", folder.path, runet_format_extension (format));
    g_autoptr (RunetImage) image = image_new (format, RUNET_PIXEL_UINT8, 1);
    g_assert_true (runet_image_write (image, path, NULL));
    g_assert_null (runet_image_read (path, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}

static void
test_no_folder (void) {
  g_auto (Folder) folder = folder_new ();
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        g_strdup_printf ("%s/none/i.%s", folder.path, runet_format_extension (format));
    g_autoptr (RunetImage) image = image_new (format, RUNET_PIXEL_UINT8, 1);
    g_assert_false (runet_image_write (image, path, &error));
    assert_failure (error, RUNET_ERROR_WRITE, "none/i.", "expected to write it");
  }
  g_assert_cmpuint (count_files (folder.path), ==, 0);
}

/* The name is taken by a folder: data files written before are taken back. */
static void
test_name_taken (void) {
  g_auto (Folder) folder = folder_new ();
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        g_strdup_printf ("%s/i.%s", folder.path, runet_format_extension (format));
    g_autoptr (RunetImage) image = image_new (format, RUNET_PIXEL_UINT8, 1);
    g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
    g_assert_false (runet_image_write (image, path, &error));
    assert_failure (error, RUNET_ERROR_WRITE, path, "expected to write it");
    g_assert_cmpint (g_rmdir (path), ==, 0);
    g_assert_cmpuint (count_files (folder.path), ==, 0);
  }
}

/* A limit on the size of files stands for a full disk. */
static void
test_disk_full (void) {
  g_auto (Folder) folder = folder_new ();
  struct rlimit old;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  for (RunetFormat format = 0; format <= RUNET_FORMAT_PNG; format++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        g_strdup_printf ("%s/i.%s", folder.path, runet_format_extension (format));
    g_autoptr (RunetImage) image = image_new (format, RUNET_PIXEL_UINT8, 1);
    g_autofree char *before = NULL, *after = NULL;
    gsize before_length, after_length;
    g_assert_true (runet_image_write (image, path, NULL));
    g_assert_true (g_file_get_contents (path, &before, &before_length, NULL));
    guint files = count_files (folder.path);
    struct rlimit limit = {16, old.rlim_max};
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
    gboolean written = runet_image_write (image, path, &error);
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
    g_assert_false (written);
    assert_failure (error, RUNET_ERROR_WRITE, folder.path, "expected to write it");
    g_assert_cmpuint (count_files (folder.path), ==, files);
    g_assert_true (g_file_get_contents (path, &after, &after_length, NULL));
    g_assert_cmpmem (after, after_length, before, before_length);
  }
}

static void
test_planes (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (RunetGrid) grid =
      runet_grid_new (5, 4, 1, 0.3, 0.2, RUNET_FORMAT_METAIMAGE, RUNET_PIXEL_UINT8);
  float values[4 * 20];
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = (float)i / 79;
  for (gsize planes = 1; planes <= 4; planes += 3) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_build_filename (folder.path, "p.nii.gz", NULL);
    g_assert_true (runet_planes_write (grid, values, planes, path, &error));
    g_autoptr (RunetImage) back = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (back->grid->frames, ==, planes);
    g_assert_true (back->grid->has_time_axis);
    g_assert_cmpint (back->grid->type, ==, RUNET_PIXEL_FLOAT32);
    g_assert_cmpfloat_with_epsilon (back->grid->spacing_x_mm, 0.3, 1e-7);
    g_assert_cmpmem (back->pixels, planes * 80, values, planes * 80);
  }
}

static void
test_references (void) {
  g_autoptr (RunetImage) image = image_new (RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8, 2);
  RunetImage *again = runet_image_ref (image);
  g_assert_true (runet_image_frame (again, 1) == image->pixels + 13 * 7);
  runet_image_unref (again);
  g_assert_cmpfloat (image->pixels[1], ==, 37);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) vast = runet_grid_new (G_MAXSIZE / 8, G_MAXSIZE / 8, 1, 1, 1,
                                               RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8);
  g_assert_null (runet_image_new (vast, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/image/round-trip", test_round_trip);
  g_test_add_func ("/echo/image/convert", test_convert);
  g_test_add_func ("/echo/image/pixel-limits", test_pixel_limits);
  g_test_add_func ("/echo/image/not-files", test_not_files);
  g_test_add_func ("/echo/image/not-finite", test_not_finite);
  g_test_add_func ("/echo/image/cancelled", test_cancelled);
  g_test_add_func ("/echo/image/no-folder", test_no_folder);
  g_test_add_func ("/echo/image/name-taken", test_name_taken);
  g_test_add_func ("/echo/image/disk-full", test_disk_full);
  g_test_add_func ("/echo/image/planes", test_planes);
  g_test_add_func ("/echo/image/references", test_references);
  return g_test_run ();
}
