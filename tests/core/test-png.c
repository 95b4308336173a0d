/* PNG: every kind of it that libpng writes, truncation at every byte, sizes that lie. */
#include "core/echo/image.h"
#include "core/echo/label-map.h"

#include <math.h>
#include <png.h>
#include <zlib.h>

#include "echo-fixture.h"

typedef struct {
  int color, bits, interlace;
} Kind;

/* 4 × 3, with @rows as PNG has them: packed, big-endian. */
static char *
put_png (const Folder *folder, const Kind *kind, const guint8 *rows, gsize row_bytes) {
  char *path = g_build_filename (folder->path, "k.png", NULL);
  static const png_color palette[4] = {
      {10, 10, 10}, {20, 20, 20}, {255, 0, 0}, {0, 0, 255}};
  FILE *file = g_fopen (path, "wb");
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  png_init_io (png, file);
  png_set_IHDR (png, info, 4, 3, kind->bits, kind->color, kind->interlace,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (kind->color == PNG_COLOR_TYPE_PALETTE)
    png_set_PLTE (png, info, palette, 4);
  /* What paper would want is not the heart's spacing. */
  png_set_pHYs (png, info, 2835, 2835, PNG_RESOLUTION_METER);
  png_bytep pointers[3];
  for (gsize y = 0; y < 3; y++)
    pointers[y] = (png_bytep)rows + y * row_bytes;
  png_write_info (png, info);
  png_write_image (png, pointers);
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  fclose (file);
  return path;
}

static void
test_kinds (void) {
  static const guint8 grey[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255};
  static const guint8 wide[24] = {0, 1, 1, 0, 255, 255};
  static const guint8 two[3] = {0x1b, 0xe4, 0}; /* 0 1 2 3, 3 2 1 0, 0 0 0 0 */
  static const guint8 one[3] = {0xa0, 0, 0}; /* 1 0 1 0 */
  static const guint8 alpha[24] = {7, 0, 8, 255};
  static const guint8 rgb[36] = {9, 9, 9, 255, 0, 0, 0, 255, 0, 0, 0, 255};
  static const struct {
    Kind kind;
    const guint8 *rows;
    gsize row_bytes;
    float values[4];
    RunetPixelType type;
  } cases[] = {
      {{PNG_COLOR_TYPE_GRAY, 8, 0}, grey, 4, {0, 1, 2, 3}, RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_GRAY, 8, 1}, grey, 4, {0, 1, 2, 3}, RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_GRAY, 16, 0}, wide, 8, {1, 256, 65535, 0}, RUNET_PIXEL_UINT16},
      {{PNG_COLOR_TYPE_GRAY, 2, 0}, two, 1, {0, 1, 2, 3}, RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_GRAY, 1, 0}, one, 1, {1, 0, 1, 0}, RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0}, alpha, 8, {7, 8, 0, 0}, RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_RGB, 8, 0},
       rgb,
       12,
       {9, 76.245f, 149.685f, 29.07f},
       RUNET_PIXEL_UINT8},
      {{PNG_COLOR_TYPE_PALETTE, 2, 0},
       two,
       1,
       {10, 20, 76.245f, 29.07f},
       RUNET_PIXEL_UINT8},
  };
  g_auto (Folder) folder = folder_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path =
        put_png (&folder, &cases[i].kind, cases[i].rows, cases[i].row_bytes);
    g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (image->grid->width, ==, 4);
    g_assert_cmpuint (image->grid->height, ==, 3);
    g_assert_cmpint (image->grid->type, ==, cases[i].type);
    g_assert_true (isnan (image->grid->spacing_x_mm));
    for (int x = 0; x < 4; x++)
      g_assert_cmpfloat (image->pixels[x], ==, cases[i].values[x]);
  }
}

static void
test_depth (void) {
  static const struct {
    RunetPixelType type;
    float value;
    RunetPixelType stored;
  } cases[] = {
      {RUNET_PIXEL_UINT8, 200, RUNET_PIXEL_UINT8},
      {RUNET_PIXEL_UINT16, 200, RUNET_PIXEL_UINT16},
      {RUNET_PIXEL_INT16, 30000, RUNET_PIXEL_UINT16},
      {RUNET_PIXEL_FLOAT32, 255, RUNET_PIXEL_UINT8},
      {RUNET_PIXEL_FLOAT64, 4095, RUNET_PIXEL_UINT16},
  };
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = g_build_filename (folder.path, "d.png", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetGrid) grid =
        runet_grid_new (5, 3, 1, 1, 1, RUNET_FORMAT_NIFTI, cases[i].type);
    g_autoptr (RunetImage) image = runet_image_new (grid, &error);
    image->pixels[7] = cases[i].value;
    g_assert_true (runet_image_write (image, path, &error));
    g_autoptr (RunetImage) back = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (back->grid->type, ==, cases[i].stored);
    g_assert_cmpmem (back->pixels, 60, image->pixels, 60);
  }
}

static void
test_truncated (void) {
  g_auto (Folder) folder = folder_new ();
  static const guint8 rows[12] = {1, 2, 3, 0, 3, 1, 2, 2, 0, 0, 1, 3};
  static const Kind kind = {PNG_COLOR_TYPE_GRAY, 8, 0};
  g_autofree char *path = put_png (&folder, &kind, rows, 4);
  g_autofree char *bytes = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize cut = 1; cut < length; cut++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *again = put_bytes (folder.path, "k.png", bytes, cut);
    g_assert_null (runet_image_read (again, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, again, "expected");
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = put_bytes (folder.path, "k.png", bytes, length);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (whole, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (map->labels, 12, rows, 12);
}

/* IHDR with sizes that the file cannot hold, its checksum right. */
static void
test_lies (void) {
  static const struct {
    guint32 width, height;
  } cases[] = {
      {1000000, 1000000}, {0x7fffffff, 0x7fffffff}, {4, 900000}, {4, 4}, {0, 3},
  };
  g_auto (Folder) folder = folder_new ();
  static const guint8 rows[12] = {0};
  static const Kind kind = {PNG_COLOR_TYPE_GRAY, 8, 0};
  g_autofree char *path = put_png (&folder, &kind, rows, 4);
  g_autofree char *bytes = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    guint32 size[2] = {GUINT32_TO_BE (cases[i].width), GUINT32_TO_BE (cases[i].height)};
    memcpy (bytes + 16, size, 8);
    guint32 check = GUINT32_TO_BE ((guint32)crc32 (0, (const Bytef *)bytes + 12, 17));
    memcpy (bytes + 29, &check, 4);
    g_autofree char *again = put_bytes (folder.path, "k.png", bytes, length);
    g_assert_null (runet_image_read (again, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, again, "expected");
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/png/kinds", test_kinds);
  g_test_add_func ("/echo/png/depth", test_depth);
  g_test_add_func ("/echo/png/truncated", test_truncated);
  g_test_add_func ("/echo/png/lies", test_lies);
  return g_test_run ();
}
