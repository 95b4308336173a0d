/* A grey image or sequence, in memory; the choice of its reader and writer. */
#include "image.h"

#include "core/base/finite.h"
#include "file.h"
#include "image-private.h"
#include "metaimage-file.h"
#include "nifti-file.h"
#include "png-file.h"

RunetImage *
runet_image_new (RunetGrid *grid, GError **error) {
  g_return_val_if_fail (grid != NULL, NULL);
  gsize count;
  float *pixels = NULL;
  if (runet_grid_count_pixels (grid, &count))
    pixels = g_try_malloc0_n (count, sizeof (float));
  if (pixels == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "memory for %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT " pixels is not to be had",
                 grid->width, grid->height, grid->frames);
    return NULL;
  }
  RunetImage *image = runet_image_new_bare (grid);
  image->pixels = pixels;
  return image;
}

RunetImage *
runet_image_new_bare (RunetGrid *grid) {
  RunetImage *image = g_new0 (RunetImage, 1);
  g_atomic_ref_count_init (&image->references);
  image->grid = runet_grid_ref (grid);
  return image;
}

RunetImage *
runet_image_ref (RunetImage *image) {
  g_return_val_if_fail (image != NULL, NULL);
  g_atomic_ref_count_inc (&image->references);
  return image;
}

void
runet_image_unref (RunetImage *image) {
  if (image == NULL || !g_atomic_ref_count_dec (&image->references))
    return;
  runet_grid_unref (image->grid);
  g_free (image->pixels);
  g_free (image);
}

const float *
runet_image_frame (const RunetImage *image, gsize frame) {
  g_return_val_if_fail (image != NULL && frame < image->grid->frames, NULL);
  return image->pixels + frame * image->grid->height * image->grid->width;
}

/* Header and, unless @header_only, pixels. */
char *
runet_image_hash_frame (const RunetImage *image, gsize frame) {
  g_return_val_if_fail (image != NULL && frame < image->grid->frames, NULL);
  const gsize width = image->grid->width, height = image->grid->height;
  const guint64 size[] = {GUINT64_TO_LE (width), GUINT64_TO_LE (height)};
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *)size, sizeof size);
  /* float32, little-endian on every machine that this is built for. */
  g_checksum_update (checksum, (const guchar *)runet_image_frame (image, frame),
                     (gssize)(width * height * sizeof (float)));
  return g_strdup (g_checksum_get_string (checksum));
}

static RunetImage *
read_file (const char *path,
           gboolean header_only,
           RunetContent content,
           GCancellable *cancellable,
           GError **error) {
  RunetFormat format;
  if (!runet_format_from_path (path, &format)) {
    runet_file_error (
        error, RUNET_ERROR_UNSUPPORTED, path,
        "expected .mhd, .mha, .nii, .nii.gz or .png, found another ending");
    return NULL;
  }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  switch (format) {
  case RUNET_FORMAT_METAIMAGE:
  case RUNET_FORMAT_METAIMAGE_LOCAL:
    return runet_metaimage_read (path, header_only, cancellable, error);
  case RUNET_FORMAT_NIFTI:
  case RUNET_FORMAT_NIFTI_GZ:
    return runet_nifti_read (path, header_only, cancellable, error);
  case RUNET_FORMAT_PNG:
    return runet_png_read (path, header_only, content, cancellable, error);
  default:
    g_return_val_if_reached (NULL);
  }
}

static gboolean
check_finite (const RunetImage *image, const char *path, GError **error) {
  const RunetGrid *grid = image->grid;
  gsize count = grid->frames * grid->height * grid->width;
  gsize i = runet_find_not_finite (image->pixels, count);
  if (i == count)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected finite pixels, found %g at column %" G_GSIZE_FORMAT
                    ", row %" G_GSIZE_FORMAT ", frame %" G_GSIZE_FORMAT,
                    (double)image->pixels[i], i % grid->width,
                    i / grid->width % grid->height, i / grid->width / grid->height + 1);
  return FALSE;
}

RunetImage *
runet_pixels_read (const char *path,
                   RunetContent content,
                   GCancellable *cancellable,
                   GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (RunetImage) image = read_file (path, FALSE, content, cancellable, error);
  if (image == NULL || !check_finite (image, path, error))
    return NULL;
  return g_steal_pointer (&image);
}

RunetImage *
runet_image_read (const char *path, GCancellable *cancellable, GError **error) {
  return runet_pixels_read (path, RUNET_CONTENT_IMAGE, cancellable, error);
}

RunetGrid *
runet_grid_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (RunetImage) image =
      read_file (path, TRUE, RUNET_CONTENT_IMAGE, NULL, error);
  return image != NULL ? runet_grid_ref (image->grid) : NULL;
}

gboolean
runet_pixels_write (const RunetGrid *grid,
                    const float *pixels,
                    RunetContent content,
                    const char *path,
                    GError **error) {
  RunetFormat format;
  if (!runet_format_from_path (path, &format)) {
    runet_file_error (
        error, RUNET_ERROR_UNSUPPORTED, path,
        "expected .mhd, .mha, .nii, .nii.gz or .png, found another ending");
    return FALSE;
  }
  switch (format) {
  case RUNET_FORMAT_METAIMAGE:
  case RUNET_FORMAT_METAIMAGE_LOCAL:
    return runet_metaimage_write (grid, pixels, path, error);
  case RUNET_FORMAT_NIFTI:
  case RUNET_FORMAT_NIFTI_GZ:
    return runet_nifti_write (grid, pixels, content, path, error);
  case RUNET_FORMAT_PNG:
    return runet_png_write (grid, pixels, content, path, error);
  default:
    g_return_val_if_reached (FALSE);
  }
}

char *
runet_image_find_data_file (const char *path) {
  g_return_val_if_fail (path != NULL, NULL);
  RunetFormat format;
  return runet_format_from_path (path, &format) && format == RUNET_FORMAT_METAIMAGE
             ? runet_metaimage_find_data_file (path)
             : NULL;
}

gboolean
runet_image_write (const RunetImage *image, const char *path, GError **error) {
  g_return_val_if_fail (image != NULL && path != NULL, FALSE);
  return runet_pixels_write (image->grid, image->pixels, RUNET_CONTENT_IMAGE, path,
                             error);
}

gboolean
runet_planes_write (const RunetGrid *grid,
                    const float *values,
                    gsize planes,
                    const char *path,
                    GError **error) {
  g_return_val_if_fail (grid != NULL && values != NULL && planes > 0, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_autoptr (RunetGrid) stack = runet_grid_with_frames (grid, planes);
  stack->type = RUNET_PIXEL_FLOAT32;
  /* Planes of one class still have their own axis, so that readers find three dimensions. */
  stack->has_time_axis = TRUE;
  /* Probabilities are not intensities: the image's scale does not apply to them. */
  return runet_nifti_write (stack, values, RUNET_CONTENT_LABELS, path, error);
}
