/* MetaImage: .mhd with a data file, .mha with the data inside. */
#include "metaimage-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "deflate.h"
#include "file.h"
#include "image-private.h"
#include "metaimage-header.h"
#include "pixel.h"

/* Headers have some hundred bytes; comments may make them longer. */
#define LONGEST_HEADER ((gsize)1 << 16)

/* Where the pixels are. */
typedef struct {
  char *path;
  gsize offset;
  gsize length; /* of what is stored, compressed or not */
} Data;

static void
data_clear (Data *data) {
  g_free (data->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Data, data_clear)

static char *
resolve (const char *path, const char *data_file) {
  if (data_file == NULL)
    return g_strdup (path);
  if (g_path_is_absolute (data_file))
    return g_strdup (data_file);
  g_autofree char *folder = g_path_get_dirname (path);
  return g_build_filename (folder, data_file, NULL);
}

/* Compares what the header promises with what the data file has. */
static gboolean
find_data (const char *path,
           const RunetMetaimageHeader *header,
           Data *data,
           GError **error) {
  const RunetGrid *grid = header->grid;
  gsize count, size;
  data->path = resolve (path, header->data_file);
  if (!runet_file_check (data->path, &size, error))
    return FALSE;
  data->offset = header->data_file != NULL ? header->skip : header->header_length;
  gboolean fits = runet_grid_count_pixels (grid, &count);
  gsize expected = fits ? count * runet_pixel_size (grid->type) : G_MAXSIZE;
  if (header->at_end && !header->compressed && expected <= size)
    data->offset = size - expected;
  data->length = data->offset < size ? size - data->offset : 0;
  if (header->compressed)
    fits = fits && expected <= runet_inflate_bound (data->length);
  /* A data file of its own holds nothing but pixels; more of them means another width. */
  else if (header->data_file != NULL)
    fits = fits && expected == data->length;
  else
    fits = fits && expected <= data->length;
  if (fits && !header->compressed)
    data->length = expected;
  if (!fits)
    runet_file_error (
        error, RUNET_ERROR_FORMAT, data->path,
        "expected %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
        " pixels of %" G_GSIZE_FORMAT " bytes, found %" G_GSIZE_FORMAT " %sbytes",
        grid->width, grid->height, grid->frames, runet_pixel_size (grid->type),
        data->length, header->compressed ? "compressed " : "");
  return fits;
}

static guint8 *
inflate_data (const Data *data, const guint8 *stored, gsize length, GError **error) {
  g_autofree guint8 *bytes = g_try_malloc (length);
  if (bytes == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, data->path,
                      "memory for %" G_GSIZE_FORMAT " bytes is not to be had", length);
    return NULL;
  }
  gsize found = runet_inflate (stored, data->length, bytes, length);
  if (found == length)
    return g_steal_pointer (&bytes);
  runet_file_error (error, RUNET_ERROR_FORMAT, data->path,
                    "expected an intact zlib stream of %" G_GSIZE_FORMAT
                    " bytes, found %s after %" G_GSIZE_FORMAT,
                    length, found > length ? "more" : "its end or damage",
                    MIN (found, length));
  return NULL;
}

static gboolean
read_pixels (const RunetMetaimageHeader *header,
             const Data *data,
             RunetImage *image,
             GCancellable *cancellable,
             GError **error) {
  const RunetGrid *grid = image->grid;
  gsize size = runet_pixel_size (grid->type);
  gsize count = grid->width * grid->height * grid->frames;
  g_autofree guint8 *bytes =
      runet_file_read (data->path, data->offset, data->length, cancellable, error);
  if (bytes != NULL && header->compressed) {
    guint8 *inflated = inflate_data (data, bytes, count * size, error);
    g_free (bytes);
    bytes = inflated;
  }
  if (bytes == NULL)
    return FALSE;
  image->pixels = g_try_new (float, count);
  if (image->pixels == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, data->path,
                      "memory for %" G_GSIZE_FORMAT " pixels is not to be had", count);
    return FALSE;
  }
  if (header->swapped)
    runet_pixels_swap (bytes, size, count);
  runet_pixels_decode (bytes, grid->type, 1, 0, count, image->pixels);
  return TRUE;
}

RunetImage *
runet_metaimage_read (const char *path,
                      gboolean header_only,
                      GCancellable *cancellable,
                      GError **error) {
  g_auto (RunetMetaimageHeader) header = {0};
  g_auto (Data) data = {0};
  RunetFormat format = RUNET_FORMAT_METAIMAGE;
  gsize size;
  runet_format_from_path (path, &format);
  if (!runet_file_check (path, &size, error))
    return NULL;
  gsize length = MIN (size, LONGEST_HEADER);
  g_autofree guint8 *text = runet_file_read (path, 0, length, cancellable, error);
  if (text == NULL ||
      !runet_metaimage_parse (path, format, (const char *)text, length, &header,
                              error) ||
      !find_data (path, &header, &data, error))
    return NULL;
  g_autoptr (RunetImage) image = runet_image_new_bare (header.grid);
  if (!header_only && !read_pixels (&header, &data, image, cancellable, error))
    return NULL;
  return g_steal_pointer (&image);
}

char *
runet_metaimage_find_data_file (const char *path) {
  g_auto (RunetMetaimageHeader) header = {0};
  gsize size;
  if (!runet_file_check (path, &size, NULL))
    return NULL;
  gsize length = MIN (size, LONGEST_HEADER);
  g_autofree guint8 *text = runet_file_read (path, 0, length, NULL, NULL);
  gboolean parsed =
      text != NULL && runet_metaimage_parse (path, RUNET_FORMAT_METAIMAGE,
                                             (const char *)text, length, &header, NULL);
  return parsed && header.data_file != NULL ? resolve (path, header.data_file) : NULL;
}

/* Little-endian pixels, compressed where @compress. NULL when memory is short. */
static GByteArray *
store_pixels (const RunetGrid *grid, const float *pixels, gboolean compress) {
  gsize count, size = runet_pixel_size (grid->type);
  if (!runet_grid_count_pixels (grid, &count) || count * size > G_MAXUINT)
    return NULL;
  guint8 *bytes = g_try_malloc (count * size);
  if (bytes == NULL)
    return NULL;
  runet_pixels_encode (pixels, grid->type, 1, 0, count, bytes);
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    runet_pixels_swap (bytes, size, count);
  if (!compress)
    return g_byte_array_new_take (bytes, count * size);
  GByteArray *stream = runet_deflate (bytes, count * size, RUNET_DEFLATE_ZLIB);
  g_free (bytes);
  return stream;
}

static gboolean
write_together (const RunetGrid *grid,
                const GByteArray *stored,
                gsize compressed_size,
                const char *path,
                GError **error) {
  g_autofree char *header = runet_metaimage_compose (grid, "LOCAL", compressed_size);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_byte_array_append (file, (const guint8 *)header, (guint)strlen (header));
  g_byte_array_append (file, stored->data, stored->len);
  return runet_file_replace (path, file->data, file->len, error);
}

/* Data first, so that a header never points at nothing. */
static gboolean
write_apart (const RunetGrid *grid,
             const GByteArray *stored,
             gsize compressed_size,
             const char *path,
             GError **error) {
  const char *dot = strrchr (path, '.');
  g_autofree char *stem = g_strndup (path, (gsize)(dot - path));
  g_autofree char *data_path =
      g_strconcat (stem, compressed_size > 0 ? ".zraw" : ".raw", NULL);
  g_autofree char *name = g_path_get_basename (data_path);
  g_autofree char *header = runet_metaimage_compose (grid, name, compressed_size);
  gboolean existed = g_file_test (data_path, G_FILE_TEST_EXISTS);
  if (!runet_file_replace (data_path, stored->data, stored->len, error))
    return FALSE;
  if (runet_file_replace (path, (const guint8 *)header, strlen (header), error))
    return TRUE;
  if (!existed)
    g_unlink (data_path);
  return FALSE;
}

gboolean
runet_metaimage_write (const RunetGrid *grid,
                       const float *pixels,
                       const char *path,
                       GError **error) {
  RunetFormat format = RUNET_FORMAT_METAIMAGE;
  runet_format_from_path (path, &format);
  gboolean compress = runet_metaimage_is_compressed (grid);
  g_autoptr (GByteArray) stored = store_pixels (grid, pixels, compress);
  if (stored == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                      " × %" G_GSIZE_FORMAT " pixels is not to be had",
                      grid->width, grid->height, grid->frames);
    return FALSE;
  }
  gsize compressed_size = compress ? stored->len : 0;
  return format == RUNET_FORMAT_METAIMAGE_LOCAL
             ? write_together (grid, stored, compressed_size, path, error)
             : write_apart (grid, stored, compressed_size, path, error);
}
