/* NIfTI-1 in one file, plain or gzip.
 *
 * zlib's gzread() passes plain files through, so that both are one path. niftilib's own znzlib is
 * not in between: it does not hand on what zlib found wrong with a stream. */
#include "nifti-file.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "deflate.h"
#include "file.h"
#include "image-private.h"
#include "nifti-header.h"
#include "pixel.h"

/* Between two looks at the cancellable: some milliseconds of inflating. */
#define CHUNK ((gsize)1 << 20)

/* What zlib says is wrong with the stream, without the path it begins with; NULL when nothing. */
static const char *
find_fault (gzFile file, const char *path) {
  int status;
  const char *message = gzerror (file, &status);
  if (status >= 0)
    return NULL;
  gsize length = strlen (path);
  if (strncmp (message, path, length) == 0 && g_str_has_prefix (message + length, ": "))
    message += length + 2;
  return message;
}

/* FALSE with "expected … bytes" when the file ends before. */
static gboolean
read_exactly (gzFile file,
              const char *path,
              const char *what,
              guint8 *bytes,
              gsize length,
              GCancellable *cancellable,
              GError **error) {
  for (gsize done = 0; done < length;) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    int found = gzread (file, bytes + done, (unsigned)MIN (CHUNK, length - done));
    if (found > 0) {
      done += (gsize)found;
      continue;
    }
    const char *fault = find_fault (file, path);
    runet_file_error (
        error, RUNET_ERROR_FORMAT, path,
        "expected %" G_GSIZE_FORMAT " bytes of %s, found %" G_GSIZE_FORMAT "%s%s",
        length, what, done, fault != NULL ? "; " : "", fault != NULL ? fault : "");
    return FALSE;
  }
  return TRUE;
}

/* Looks past the last pixel, which is where zlib compares the checksum of a gzip stream. */
static gboolean
check_end (gzFile file, const char *path, GError **error) {
  guint8 byte;
  int found = gzread (file, &byte, 1);
  const char *fault = find_fault (file, path);
  if (found >= 0 && fault == NULL)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected an intact gzip stream, found: %s",
                    fault != NULL ? fault : "damage");
  return FALSE;
}

/* The file's own size limits what may be allocated for it. */
static gboolean
check_promise (gzFile file,
               const char *path,
               gsize file_size,
               const RunetGrid *grid,
               gsize offset,
               GError **error) {
  gsize bound = gzdirect (file) ? file_size : runet_inflate_bound (file_size);
  gsize count;
  if (runet_grid_count_pixels (grid, &count) && offset <= bound &&
      count * runet_pixel_size (grid->type) <= bound - offset)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                    " × %" G_GSIZE_FORMAT " pixels of %" G_GSIZE_FORMAT
                    " bytes from byte %" G_GSIZE_FORMAT
                    ", found a file of %" G_GSIZE_FORMAT " bytes",
                    grid->width, grid->height, grid->frames,
                    runet_pixel_size (grid->type), offset, file_size);
  return FALSE;
}

static gboolean
read_pixels (gzFile file,
             const char *path,
             const RunetNiftiLayout *layout,
             RunetImage *image,
             GCancellable *cancellable,
             GError **error) {
  const RunetGrid *grid = image->grid;
  gsize size = runet_pixel_size (grid->type);
  gsize count = grid->width * grid->height * grid->frames;
  g_autofree guint8 *bytes = g_try_malloc (count * size);
  if (bytes != NULL)
    image->pixels = g_try_new (float, count);
  if (image->pixels == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " pixels is not to be had", count);
    return FALSE;
  }
  if (gzseek (file, (z_off_t)layout->offset, SEEK_SET) < 0) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected pixels from byte %" G_GSIZE_FORMAT ", found the end",
                      layout->offset);
    return FALSE;
  }
  if (!read_exactly (file, path, "pixels", bytes, count * size, cancellable, error) ||
      !check_end (file, path, error))
    return FALSE;
  if (layout->swapped)
    runet_pixels_swap (bytes, size, count);
  runet_pixels_decode (bytes, grid->type, layout->slope, layout->intercept, count,
                       image->pixels);
  return TRUE;
}

static RunetImage *
read_open (gzFile file,
           const char *path,
           gsize file_size,
           gboolean header_only,
           GCancellable *cancellable,
           GError **error) {
  nifti_1_header header;
  RunetNiftiLayout layout;
  RunetFormat format = RUNET_FORMAT_NIFTI;
  runet_format_from_path (path, &format);
  if (!read_exactly (file, path, "a NIfTI header", (guint8 *)&header, sizeof header,
                     cancellable, error))
    return NULL;
  g_autoptr (RunetGrid) grid =
      runet_nifti_parse (path, format, &header, &layout, error);
  if (grid == NULL ||
      !check_promise (file, path, file_size, grid, layout.offset, error))
    return NULL;
  g_autoptr (RunetImage) image = runet_image_new_bare (grid);
  if (!header_only && !read_pixels (file, path, &layout, image, cancellable, error))
    return NULL;
  return g_steal_pointer (&image);
}

RunetImage *
runet_nifti_read (const char *path,
                  gboolean header_only,
                  GCancellable *cancellable,
                  GError **error) {
  gsize size;
  if (!runet_file_check (path, &size, error))
    return NULL;
  gzFile file = gzopen (path, "rb");
  if (file == NULL) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a readable file, found: %s", g_strerror (errno));
    return NULL;
  }
  RunetImage *image = read_open (file, path, size, header_only, cancellable, error);
  gzclose_r (file);
  return image;
}

/* Header, the four bytes that say "no extension", and the pixels. NULL when memory is short. */
static guint8 *
lay_out (const nifti_1_header *header,
         const RunetGrid *grid,
         const float *pixels,
         gsize *length) {
  gsize count;
  if (!runet_grid_count_pixels (grid, &count))
    return NULL;
  *length = RUNET_NIFTI_OFFSET + count * runet_pixel_size (grid->type);
  guint8 *bytes = g_try_malloc (*length);
  if (bytes == NULL)
    return NULL;
  double slope, intercept;
  runet_nifti_scale (header, &slope, &intercept);
  memset (bytes, 0, RUNET_NIFTI_OFFSET);
  memcpy (bytes, header, sizeof *header);
  runet_pixels_encode (pixels, grid->type, slope, intercept, count,
                       bytes + RUNET_NIFTI_OFFSET);
  return bytes;
}

gboolean
runet_nifti_write (const RunetGrid *grid,
                   const float *pixels,
                   RunetContent content,
                   const char *path,
                   GError **error) {
  nifti_1_header header;
  if (!runet_nifti_derive (grid, content, &header)) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected sides of at most %d for NIfTI, found %" G_GSIZE_FORMAT
                      " × %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT,
                      G_MAXINT16, grid->width, grid->height, grid->frames);
    return FALSE;
  }
  gsize length = 0;
  g_autofree guint8 *bytes = lay_out (&header, grid, pixels, &length);
  gboolean compress = g_str_has_suffix (path, "z") || g_str_has_suffix (path, "Z");
  g_autoptr (GByteArray) stream = NULL;
  if (bytes != NULL && compress)
    stream = runet_deflate (bytes, length, RUNET_DEFLATE_GZIP);
  if (bytes == NULL || (compress && stream == NULL)) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " bytes is not to be had", length);
    return FALSE;
  }
  return compress ? runet_file_replace (path, stream->data, stream->len, error)
                  : runet_file_replace (path, bytes, length, error);
}
