/* NIfTI: golden bytes in both orders, scales, dimensions, headers that lie, CAMUS byte by byte. */
#include "core/echo/deflate.h"
#include "core/echo/label-map.h"
#include "core/echo/image.h"
#include "core/echo/nifti-header.h"
#include "core/echo/pixel.h"

#include <math.h>

#include "echo-fixture.h"

#define PIXELS RUNET_NIFTI_OFFSET

/* 3 × 2 int16 pixels -2 … 3; everything else that CAMUS has. */
static void
make_golden (guint8 bytes[PIXELS + 12]) {
  static const gint16 dim[8] = {2, 3, 2, 1, 1, 1, 1, 1};
  static const gint16 type[2] = {4, 16};
  static const float pixdim[8] = {1, 0.5f, 0.25f, 1, 0, 0, 0, 0};
  memset (bytes, 0, PIXELS);
  memcpy (bytes, &(gint32){348}, 4);
  memcpy (bytes + 40, dim, 16);
  memcpy (bytes + 70, type, 4);
  memcpy (bytes + 76, pixdim, 32);
  memcpy (bytes + 108, &(float){352}, 4);
  memcpy (bytes + 112, &(float){1}, 4);
  bytes[123] = 2;
  memcpy (bytes + 252, (gint16[2]){1, 1}, 4);
  memcpy (bytes + 280, (float[4]){-0.5f, 0, 0, 9}, 16);
  memcpy (bytes + 344, "n+1", 4);
  for (gint16 i = 0; i < 6; i++)
    memcpy (bytes + PIXELS + 2 * i, &(gint16){(gint16)(i - 2)}, 2);
}

/* The same in the other byte order; offsets as the standard's table has them. */
static void
swap_golden (guint8 bytes[PIXELS + 12]) {
  runet_pixels_swap (bytes, 4, 1);
  runet_pixels_swap (bytes + 40, 2, 8);
  runet_pixels_swap (bytes + 68, 2, 4);
  runet_pixels_swap (bytes + 76, 4, 11);
  runet_pixels_swap (bytes + 252, 2, 2);
  runet_pixels_swap (bytes + 256, 4, 18);
  runet_pixels_swap (bytes + PIXELS, 2, 6);
}

static RunetImage *
read_bytes (const Folder *folder,
            const char *name,
            const guint8 *bytes,
            gsize length,
            GError **error) {
  g_autofree char *path = NULL;
  g_autoptr (GByteArray) stream = NULL;
  if (g_str_has_suffix (name, ".gz")) {
    stream = runet_deflate (bytes, length, RUNET_DEFLATE_GZIP);
    path = put_bytes (folder->path, name, stream->data, stream->len);
  } else
    path = put_bytes (folder->path, name, bytes, length);
  return runet_image_read (path, NULL, error);
}

static void
test_golden (void) {
  g_auto (Folder) folder = folder_new ();
  guint8 bytes[PIXELS + 12];
  for (int swapped = 0; swapped <= 1; swapped++)
    for (int compressed = 0; compressed <= 1; compressed++) {
      g_autoptr (GError) error = NULL;
      make_golden (bytes);
      if (swapped)
        swap_golden (bytes);
      g_autoptr (RunetImage) image = read_bytes (
          &folder, compressed ? "g.nii.gz" : "g.nii", bytes, sizeof bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (image->grid->width, ==, 3);
      g_assert_cmpuint (image->grid->height, ==, 2);
      g_assert_cmpuint (image->grid->frames, ==, 1);
      g_assert_false (image->grid->has_time_axis);
      g_assert_cmpfloat (image->grid->spacing_x_mm, ==, 0.5);
      g_assert_cmpfloat (image->grid->spacing_y_mm, ==, 0.25);
      g_assert_cmpint (image->grid->type, ==, RUNET_PIXEL_INT16);
      for (int i = 0; i < 6; i++)
        g_assert_cmpfloat (image->pixels[i], ==, i - 2);
      /* Written again, in this machine's order, every field is what it was. */
      g_autofree char *path = g_build_filename (folder.path, "back.nii", NULL);
      g_autofree char *back = NULL;
      gsize length;
      g_assert_true (runet_image_write (image, path, &error));
      g_assert_true (g_file_get_contents (path, &back, &length, NULL));
      make_golden (bytes);
      g_assert_cmpmem (back, length, bytes, sizeof bytes);
    }
}

static void
test_scale (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  guint8 bytes[PIXELS + 12];
  make_golden (bytes);
  memcpy (bytes + 112, (float[2]){0.5f, 10}, 8);
  g_autoptr (RunetImage) image =
      read_bytes (&folder, "s.nii", bytes, sizeof bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (image->pixels[0], ==, 9);
  g_assert_cmpfloat (image->pixels[5], ==, 11.5);
  /* The image keeps its scale … */
  g_autofree char *path = g_build_filename (folder.path, "t.nii", NULL);
  g_autofree char *back = NULL;
  gsize length;
  g_assert_true (runet_image_write (image, path, &error));
  g_assert_true (g_file_get_contents (path, &back, &length, NULL));
  g_assert_cmpmem (back, length, bytes, sizeof bytes);
  /* … and labels on its grid have none. */
  g_autoptr (RunetLabelMap) map = runet_label_map_new (image->grid, &error);
  map->labels[4] = 3;
  g_assert_true (runet_label_map_write (map, path, &error));
  g_autoptr (RunetLabelMap) labels = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (labels->labels, 6, map->labels, 6);
  g_assert_cmpint (labels->grid->type, ==, RUNET_PIXEL_INT16);
  /* A slope of NaN means none. */
  memcpy (bytes + 112, (float[2]){NAN, NAN}, 8);
  g_autoptr (RunetImage) plain =
      read_bytes (&folder, "s.nii", bytes, sizeof bytes, &error);
  g_assert_cmpfloat (plain->pixels[0], ==, -2);
}

static void
test_dimensions (void) {
  g_auto (Folder) folder = folder_new ();
  static const struct {
    gint16 dim[8];
    gsize width, height, frames;
    gboolean sequence;
  } cases[] = {
      {{2, 3, 2, 9, 9, 9, 9, 9}, 3, 2, 1, FALSE},
      {{3, 3, 1, 2, 0, 0, 0, 0}, 3, 1, 2, TRUE},
      {{3, 3, 2, 1, 0, 0, 0, 0}, 3, 2, 1, TRUE},
      {{4, 1, 2, 1, 3, 0, 0, 0}, 1, 2, 3, TRUE},
      {{7, 1, 1, 1, 1, 6, 1, 1}, 1, 1, 6, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    guint8 bytes[PIXELS + 12];
    make_golden (bytes);
    memcpy (bytes + 40, cases[i].dim, 16);
    g_autoptr (RunetImage) image =
        read_bytes (&folder, "d.nii", bytes, sizeof bytes, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (image->grid->width, ==, cases[i].width);
    g_assert_cmpuint (image->grid->height, ==, cases[i].height);
    g_assert_cmpuint (image->grid->frames, ==, cases[i].frames);
    g_assert_cmpint (image->grid->has_time_axis, ==, cases[i].sequence);
    g_autofree char *path = g_build_filename (folder.path, "back.nii", NULL);
    g_autofree char *back = NULL;
    gsize length;
    g_assert_true (runet_image_write (image, path, &error));
    g_assert_true (g_file_get_contents (path, &back, &length, NULL));
    g_assert_cmpmem (back, length, bytes, sizeof bytes);
  }
}

static void
test_units (void) {
  g_auto (Folder) folder = folder_new ();
  static const struct {
    guint8 units;
    float stored;
    double spacing_mm;
  } cases[] = {
      {0, 0.5f, 0.5},  {2, 0.5f, 0.5}, {1 | 8, 0.5f, 500}, {3, 500, 0.5},
      {2, -0.5f, 0.5}, {2, 0, NAN},    {2, NAN, NAN},      {2, INFINITY, NAN},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    guint8 bytes[PIXELS + 12];
    make_golden (bytes);
    memcpy (bytes + 80, &cases[i].stored, 4);
    bytes[123] = cases[i].units;
    g_autoptr (RunetImage) image =
        read_bytes (&folder, "u.nii", bytes, sizeof bytes, &error);
    g_assert_no_error (error);
    if (isnan (cases[i].spacing_mm))
      g_assert_true (isnan (image->grid->spacing_x_mm));
    else
      g_assert_cmpfloat_with_epsilon (image->grid->spacing_x_mm, cases[i].spacing_mm,
                                      1e-9);
  }
}

/* Each case overwrites a few bytes of the golden header. */
static void
test_lies (void) {
  static const gint16 vast[8] = {4, 32767, 32767, 1, 1024, 1, 1, 1};
  static const gint16 volume[8] = {4, 1, 1, 2, 3, 1, 1, 1};
  static const gint16 negative[8] = {2, -3, 2, 1, 1, 1, 1, 1};
  static const gint16 rgb[2] = {128, 24}, bits[2] = {4, 8}, integer[2] = {8, 32};
  const struct {
    gsize offset, length;
    const void *bytes;
    int code;
    const char *words;
  } cases[] = {
      {0, 4, &(gint32){540}, RUNET_ERROR_UNSUPPORTED, "NIfTI-2"},
      {0, 4, &(gint32){7}, RUNET_ERROR_FORMAT, "something else"},
      {40, 16, vast, RUNET_ERROR_FORMAT, "32767 × 32767 × 1024"},
      {40, 16, volume, RUNET_ERROR_UNSUPPORTED, "of 2 and 3"},
      {40, 16, negative, RUNET_ERROR_FORMAT, "dim = 2: -3"},
      {40, 2, &(gint16){0}, RUNET_ERROR_FORMAT, "dim = 0"},
      {40, 2, &(gint16){8}, RUNET_ERROR_FORMAT, "dim = 8"},
      {42, 2, &(gint16){30000}, RUNET_ERROR_FORMAT, "30000 × 2 × 1"},
      {70, 4, rgb, RUNET_ERROR_UNSUPPORTED, "datatype 128"},
      {70, 4, integer, RUNET_ERROR_UNSUPPORTED, "datatype 8"},
      {70, 4, bits, RUNET_ERROR_FORMAT, "bitpix 16"},
      {108, 4, &(float){NAN}, RUNET_ERROR_FORMAT, "vox_offset"},
      {108, 4, &(float){-352}, RUNET_ERROR_FORMAT, "vox_offset"},
      {108, 4, &(float){1e30f}, RUNET_ERROR_FORMAT, "vox_offset"},
      {108, 4, &(float){1e6f}, RUNET_ERROR_FORMAT, "from byte 1000000"},
      {344, 4, "ni1", RUNET_ERROR_UNSUPPORTED, ".img"},
      {344, 4, "abc", RUNET_ERROR_FORMAT, "magic"},
  };
  g_auto (Folder) folder = folder_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const names[] = {"lie.nii", "lie.nii.gz"};
    for (gsize n = 0; n < G_N_ELEMENTS (names); n++) {
      g_autoptr (GError) error = NULL;
      guint8 bytes[PIXELS + 12];
      make_golden (bytes);
      memcpy (bytes + cases[i].offset, cases[i].bytes, cases[i].length);
      g_assert_null (read_bytes (&folder, names[n], bytes, sizeof bytes, &error));
      /* What a gzip stream could hold is only known up to its best ratio. */
      gboolean cut_short = n == 1 && error->code == RUNET_ERROR_FORMAT &&
                           strstr (error->message, "bytes of pixels") != NULL;
      if (!cut_short)
        assert_failure (error, cases[i].code, names[n], cases[i].words);
    }
  }
}

static void
test_truncated (void) {
  g_auto (Folder) folder = folder_new ();
  guint8 bytes[PIXELS + 12];
  make_golden (bytes);
  g_autoptr (GByteArray) stream =
      runet_deflate (bytes, sizeof bytes, RUNET_DEFLATE_GZIP);
  for (gsize length = 1; length < sizeof bytes; length++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = put_bytes (folder.path, "t.nii", bytes, length);
    g_assert_null (runet_image_read (path, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, path, "expected");
  }
  for (gsize length = 1; length < stream->len; length++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = put_bytes (folder.path, "t.nii.gz", stream->data, length);
    g_assert_null (runet_image_read (path, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, path, "expected");
  }
  /* One wrong bit of the checksum. */
  g_autoptr (GError) error = NULL;
  stream->data[stream->len - 6] ^= 1;
  g_autofree char *path =
      put_bytes (folder.path, "t.nii.gz", stream->data, stream->len);
  g_assert_null (runet_image_read (path, NULL, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, path, "incorrect data check");
}

static void
test_too_wide (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (32768, 1, 1, 1, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
  g_autofree char *path = g_build_filename (folder.path, "w.nii", NULL);
  g_assert_false (runet_label_map_write (map, path, &error));
  assert_failure (error, RUNET_ERROR_UNSUPPORTED, path, "32768 × 1 × 1");
}

/* The content of a gzip file. */
static guint8 *
inflate_file (const char *path, gsize *length) {
  g_autofree char *stream = NULL;
  gsize stream_length;
  g_assert_true (g_file_get_contents (path, &stream, &stream_length, NULL));
  *length = 0;
  memcpy (length, stream + stream_length - 4, 4);
  guint8 *bytes = g_malloc (*length);
  g_assert_cmpuint (
      runet_inflate ((const guint8 *)stream, stream_length, bytes, *length), ==,
      *length);
  return bytes;
}

/* Read and written again, a real file is the same to the byte once it is inflated. */
static void
check_same (const char *camus, const char *name, gboolean labels) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (camus, name, NULL);
  g_autofree char *back = g_build_filename (folder.path, "back.nii.gz", NULL);
  if (labels) {
    g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (runet_label_map_write (map, back, &error));
  } else {
    g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (runet_image_write (image, back, &error));
  }
  gsize before_length, after_length;
  g_autofree guint8 *before = inflate_file (path, &before_length);
  g_autofree guint8 *after = inflate_file (back, &after_length);
  g_assert_cmpmem (after, after_length, before, before_length);
}

static void
test_camus (void) {
  g_autofree char *camus = find_camus ("");
  if (camus == NULL)
    return;
  check_same (camus, "native_nifti/patient0007/patient0007_4CH_ED.nii.gz", FALSE);
  check_same (camus, "native_nifti/patient0007/patient0007_4CH_ED_gt.nii.gz", TRUE);
  check_same (camus, "database_nifti/patient0022/patient0022_2CH_ES.nii.gz", FALSE);
  check_same (camus, "database_nifti/patient0022/patient0022_2CH_ES_gt.nii.gz", TRUE);
  check_same (camus, "cine/patient0003/patient0003_2CH_half_sequence.nii.gz", FALSE);
}

/* A mask written on the grid of an image is the expert's file, byte by byte. */
static void
test_camus_mask_on_image (void) {
  g_autofree char *camus = find_camus ("native_nifti/patient0042");
  if (camus == NULL)
    return;
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *image = g_build_filename (camus, "patient0042_4CH_ES.nii.gz", NULL);
  g_autofree char *mask =
      g_build_filename (camus, "patient0042_4CH_ES_gt.nii.gz", NULL);
  g_autofree char *back = g_build_filename (folder.path, "m.nii.gz", NULL);
  g_autoptr (RunetGrid) grid = runet_grid_read (image, &error);
  g_autoptr (RunetLabelMap) expert = runet_label_map_read (mask, NULL, &error);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  g_assert_true (runet_grid_equal (grid, expert->grid));
  memcpy (map->labels, expert->labels, grid->width * grid->height);
  g_assert_true (runet_label_map_write (map, back, &error));
  gsize before_length, after_length;
  g_autofree guint8 *before = inflate_file (mask, &before_length);
  g_autofree guint8 *after = inflate_file (back, &after_length);
  g_assert_cmpmem (after, after_length, before, before_length);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/nifti/golden", test_golden);
  g_test_add_func ("/echo/nifti/scale", test_scale);
  g_test_add_func ("/echo/nifti/dimensions", test_dimensions);
  g_test_add_func ("/echo/nifti/units", test_units);
  g_test_add_func ("/echo/nifti/lies", test_lies);
  g_test_add_func ("/echo/nifti/truncated", test_truncated);
  g_test_add_func ("/echo/nifti/too-wide", test_too_wide);
  g_test_add_func ("/echo/nifti/camus", test_camus);
  g_test_add_func ("/echo/nifti/camus-mask-on-image", test_camus_mask_on_image);
  return g_test_run ();
}
