/* MetaImage: keys in any order, both byte orders, compression, headers that lie, CAMUS itself. */
#include "core/echo/deflate.h"
#include "core/echo/image.h"
#include "core/echo/label-map.h"
#include "core/echo/pixel.h"

#include <math.h>

#include "echo-fixture.h"

static const guint8 pixels[6] = {1, 2, 3, 4, 5, 6};

/* "header" and then @data, as one file. */
static char *
put_local (const Folder *folder, const char *header, const void *data, gsize length) {
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_byte_array_append (file, (const guint8 *)header, (guint)strlen (header));
  g_byte_array_append (file, data, (guint)length);
  return put_bytes (folder->path, "i.mha", file->data, file->len);
}

static void
assert_pixels (const RunetImage *image) {
  g_assert_cmpuint (image->grid->width, ==, 3);
  g_assert_cmpuint (image->grid->height, ==, 2);
  g_assert_cmpuint (image->grid->frames, ==, 1);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (image->pixels[i], ==, i + 1);
}

static void
test_any_order (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *raw = put_bytes (folder.path, "some data.raw", pixels, 6);
  g_autofree char *path =
      put_text (folder.path, "i.mhd",
                "ElementDataFile = some data.raw\r\nElementType=MET_UCHAR\r\n\r\n"
                "DimSize = 3   2\t1 \r\n  Comment = a = b\r\n"
                "ElementSpacing =  0.308       0.154        1.54\r\nNDims = 3");
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  assert_pixels (image);
  g_assert_cmpfloat (image->grid->spacing_x_mm, ==, 0.308);
  g_assert_cmpfloat (image->grid->spacing_y_mm, ==, 0.154);
  g_assert_false (image->grid->has_time_axis);
}

static void
test_local (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      put_local (&folder,
                 "NDims = 2\nDimSize = 3 2\nElementSize = 0.5 0.25\n"
                 "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
                 pixels, 6);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  assert_pixels (image);
  g_assert_cmpfloat (image->grid->spacing_y_mm, ==, 0.25);
}

static void
test_byte_order (void) {
  static const char *const keys[] = {"BinaryDataByteOrderMSB = True",
                                     "ElementByteOrderMSB = True"};
  static const guint8 big[12] = {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
  g_auto (Folder) folder = folder_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *header =
        g_strdup_printf ("%s\nNDims = 2\nDimSize = 3 2\n"
                         "ElementType = MET_USHORT\nElementDataFile = LOCAL\n",
                         keys[i]);
    g_autofree char *path = put_local (&folder, header, big, sizeof big);
    g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    assert_pixels (image);
    g_assert_true (isnan (image->grid->spacing_x_mm));
    /* Written in the other order, and says so. */
    g_autofree char *back_path = g_build_filename (folder.path, "back.mha", NULL);
    g_assert_true (runet_image_write (image, back_path, &error));
    g_autoptr (RunetImage) back = runet_image_read (back_path, NULL, &error);
    g_assert_no_error (error);
    assert_pixels (back);
  }
}

static void
test_compressed (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) stream = runet_deflate (pixels, 6, RUNET_DEFLATE_ZLIB);
  g_autofree char *header = g_strdup_printf (
      "NDims = 2\nDimSize = 3 2\nElementType = MET_UCHAR\nOffset = 4 5\n"
      "CompressedData = True\nCompressedDataSize = %u\nElementDataFile = LOCAL\n",
      stream->len);
  g_autofree char *path = put_local (&folder, header, stream->data, stream->len);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  assert_pixels (image);
  g_autofree char *back_path = g_build_filename (folder.path, "back.mhd", NULL);
  g_assert_true (runet_image_write (image, back_path, &error));
  g_autofree char *text = NULL, *data = NULL;
  g_autofree char *data_path = g_build_filename (folder.path, "back.zraw", NULL);
  gsize length;
  g_assert_true (g_file_get_contents (back_path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Offset = 4 5\n"));
  g_assert_nonnull (strstr (text, "ElementDataFile = back.zraw\n"));
  g_assert_true (g_file_get_contents (data_path, &data, &length, NULL));
  g_assert_cmpmem (data, length, stream->data, stream->len);
  g_autoptr (RunetImage) back = runet_image_read (back_path, NULL, &error);
  g_assert_no_error (error);
  assert_pixels (back);
}

static void
test_header_size (void) {
  g_auto (Folder) folder = folder_new ();
  static const char *const sizes[] = {"4", "-1"};
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *raw = put_bytes (folder.path, "i.raw", "skip\1\2\3\4\5\6", 10);
    g_autofree char *text =
        g_strdup_printf ("NDims = 2\nDimSize = 3 2\nElementType = MET_UCHAR\n"
                         "HeaderSize = %s\nElementDataFile = i.raw\n",
                         sizes[i]);
    g_autofree char *path = put_text (folder.path, "i.mhd", text);
    g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
    g_assert_no_error (error);
    assert_pixels (image);
  }
}

/* The header of the original, whatever it holds, with the name of the new data file. */
static void
test_keeps_header (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  const char *before = "ObjectType = Image\nNDims = 3\nBinaryDataByteOrderMSB = False\n"
                       "TransformMatrix = 0 1  0 1 0 0 0 0 1\nOffset = 1  2 3\n"
                       "ElementSpacing = 0.30800  0.154 9\nDimSize = 3  1   2\n"
                       "Scanner = Vivid E95\nElementType = MET_UCHAR\n"
                       "ElementDataFile = i.raw\n";
  g_autofree char *raw = put_bytes (folder.path, "i.raw", pixels, 6);
  g_autofree char *path = put_text (folder.path, "i.mhd", before);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->grid->frames, ==, 2);
  g_assert_true (image->grid->has_time_axis);
  g_autofree char *back = g_build_filename (folder.path, "j.mhd", NULL);
  g_autofree char *text = NULL;
  g_assert_true (runet_image_write (image, back, &error));
  g_assert_true (g_file_get_contents (back, &text, NULL, NULL));
  g_autofree char *renamed = g_strdup (before);
  *strstr (renamed, "i.raw") = 'j';
  g_assert_cmpstr (text, ==, renamed);
  /* A still of the sequence: only the size differs. */
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (image->grid, 1);
  g_autoptr (RunetLabelMap) still = runet_label_map_new (grid, &error);
  g_clear_pointer (&text, g_free);
  g_assert_true (runet_label_map_write (still, back, &error));
  g_assert_true (g_file_get_contents (back, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\nDimSize = 3 1 1\n"));
  g_assert_nonnull (strstr (text, "\nTransformMatrix = 0 1  0 1 0 0 0 0 1\n"));
}

/* Lines that replace those of a good header. */
static void
test_lies (void) {
  static const struct {
    const char *lines;
    int code;
    const char *words;
  } cases[] = {
      {"DimSize = 1048576 1048576 1", RUNET_ERROR_FORMAT, "1048576 × 1048576 × 1"},
      {"DimSize = 4294967296 4294967296 4294967296", RUNET_ERROR_FORMAT, "4294967296"},
      {"DimSize = 1e300 2 1", RUNET_ERROR_FORMAT, "DimSize"},
      {"DimSize = 4 2 1", RUNET_ERROR_FORMAT, "found 6 bytes"},
      {"DimSize = 2 2 1", RUNET_ERROR_FORMAT, "found 6 bytes"},
      {"DimSize = 3 2", RUNET_ERROR_FORMAT, "NDims = 3"},
      {"DimSize = 3 x 1", RUNET_ERROR_FORMAT, "DimSize = 3 x 1"},
      {"DimSize = 3 -2 1", RUNET_ERROR_FORMAT, "DimSize"},
      {"DimSize = 3 0 1", RUNET_ERROR_FORMAT, "DimSize"},
      {"DimSize = 3.5 2 1", RUNET_ERROR_FORMAT, "DimSize"},
      {"DimSize =", RUNET_ERROR_FORMAT, "DimSize"},
      {"NDims = 4\nDimSize = 3 1 2 2", RUNET_ERROR_UNSUPPORTED, "3 1 2 2"},
      {"NDims = 1\nDimSize = 6", RUNET_ERROR_FORMAT, "NDims"},
      {"ElementType = MET_LONG", RUNET_ERROR_UNSUPPORTED, "MET_LONG"},
      {"ElementType =", RUNET_ERROR_FORMAT, "found none"},
      {"ElementType = MET_DOUBLE", RUNET_ERROR_FORMAT, "8 bytes"},
      {"ElementNumberOfChannels = 3", RUNET_ERROR_UNSUPPORTED, "= 3"},
      {"ElementSpacing = 0 1 1", RUNET_ERROR_FORMAT, "ElementSpacing"},
      {"ElementSpacing = -1 1 1", RUNET_ERROR_FORMAT, "ElementSpacing"},
      {"ElementSpacing = nan nan nan", RUNET_ERROR_FORMAT, "ElementSpacing"},
      {"ElementDataFile = none.raw", RUNET_ERROR_MISSING, "none.raw"},
      {"ElementDataFile = .", RUNET_ERROR_FORMAT, "a folder"},
      {"ElementDataFile =", RUNET_ERROR_FORMAT, "ElementDataFile"},
      {"ElementDataFile = i%03d.raw", RUNET_ERROR_UNSUPPORTED, "one file"},
      {"ElementDataFile = LIST", RUNET_ERROR_UNSUPPORTED, "LIST"},
      {"BinaryData = False", RUNET_ERROR_UNSUPPORTED, "BinaryData"},
      {"CompressedData = True", RUNET_ERROR_FORMAT, "zlib"},
      {"HeaderSize = 99", RUNET_ERROR_FORMAT, "found 0 bytes"},
      {"What is this", RUNET_ERROR_FORMAT, "key = value"},
  };
  g_auto (Folder) folder = folder_new ();
  g_autofree char *raw = put_bytes (folder.path, "i.raw", pixels, 6);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text =
        g_strconcat ("NDims = 3\nDimSize = 3 2 1\nElementType = MET_UCHAR\n"
                     "ElementDataFile = i.raw\n",
                     cases[i].lines, "\n", NULL);
    g_autofree char *path = put_text (folder.path, "i.mhd", text);
    g_assert_null (runet_image_read (path, NULL, &error));
    assert_failure (error, cases[i].code, folder.path, cases[i].words);
  }
}

static void
test_truncated (void) {
  g_auto (Folder) folder = folder_new ();
  const char *header = "NDims = 2\nDimSize = 3 2\nElementType = MET_UCHAR\n"
                       "CompressedData = True\nElementDataFile = LOCAL\n";
  g_autoptr (GByteArray) stream = runet_deflate (pixels, 6, RUNET_DEFLATE_ZLIB);
  for (gsize length = 0; length < stream->len; length++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = put_local (&folder, header, stream->data, length);
    g_assert_null (runet_image_read (path, NULL, &error));
    assert_failure (error, RUNET_ERROR_FORMAT, path, "expected");
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) longer =
      runet_deflate ((const guint8 *)"1234567", 7, RUNET_DEFLATE_ZLIB);
  g_autofree char *path = put_local (&folder, header, longer->data, longer->len);
  g_assert_null (runet_image_read (path, NULL, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, path, "more");
}

/* Text of @path with the name of its data file taken out. */
static char *
read_header (const char *path) {
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  char *name = strstr (text, "ElementDataFile = ");
  g_assert_nonnull (name);
  name[strlen ("ElementDataFile = ")] = '\0';
  return text;
}

static void
test_camus (void) {
  g_autofree char *camus = find_camus ("native_mhd/patient0001");
  if (camus == NULL)
    return;
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (camus, "patient0001_2CH_ED.mhd", NULL);
  g_autofree char *mask = g_build_filename (camus, "patient0001_2CH_ED_gt.mhd", NULL);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->grid->width, ==, 549);
  g_assert_cmpuint (image->grid->height, ==, 778);
  g_assert_cmpfloat (image->grid->spacing_x_mm, ==, 0.308);
  g_assert_cmpfloat (image->grid->spacing_y_mm, ==, 0.154);
  /* The expert's labels on the image's grid: the expert's file again. */
  g_autoptr (RunetLabelMap) expert = runet_label_map_read (mask, NULL, &error);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (image->grid, &error);
  g_assert_no_error (error);
  memcpy (map->labels, expert->labels, 549 * 778);
  g_autofree char *back = g_build_filename (folder.path, "m.mhd", NULL);
  g_autofree char *back_raw = g_build_filename (folder.path, "m.raw", NULL);
  g_assert_true (runet_label_map_write (map, back, &error));
  g_autofree char *text = read_header (back);
  g_autofree char *mask_text = read_header (mask);
  g_assert_cmpstr (text, ==, mask_text);
  g_autofree char *mask_raw =
      g_build_filename (camus, "patient0001_2CH_ED_gt.raw", NULL);
  g_autofree char *a = NULL, *b = NULL;
  gsize a_length, b_length;
  g_assert_true (g_file_get_contents (back_raw, &a, &a_length, NULL));
  g_assert_true (g_file_get_contents (mask_raw, &b, &b_length, NULL));
  g_assert_cmpmem (a, a_length, b, b_length);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/metaimage/any-order", test_any_order);
  g_test_add_func ("/echo/metaimage/local", test_local);
  g_test_add_func ("/echo/metaimage/byte-order", test_byte_order);
  g_test_add_func ("/echo/metaimage/compressed", test_compressed);
  g_test_add_func ("/echo/metaimage/header-size", test_header_size);
  g_test_add_func ("/echo/metaimage/keeps-header", test_keeps_header);
  g_test_add_func ("/echo/metaimage/lies", test_lies);
  g_test_add_func ("/echo/metaimage/truncated", test_truncated);
  g_test_add_func ("/echo/metaimage/camus", test_camus);
  return g_test_run ();
}
