/* A grey image or sequence, in memory; read from and written to MetaImage, NIfTI and PNG. */
#pragma once

#include <gio/gio.h>
#include "grid.h"

G_BEGIN_DECLS

/* @pixels: F × H × W, display order, in the file's units (CAMUS: 0 … 255) after scl_slope and
 * scl_inter. Immutable after construction, so it may be shared between threads. */
typedef struct {
  gatomicrefcount references;
  RunetGrid *grid;
  float *pixels;
} RunetImage;

/* @grid: (transfer none); pixels are zero; NULL with @error when memory is short. */
RunetImage *
runet_image_new (RunetGrid *grid, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetImage *
runet_image_ref (RunetImage *image);
void
runet_image_unref (RunetImage *image);
/* H × W floats of frame @frame (0-based). */
const float *
runet_image_frame (const RunetImage *image, gsize frame);
/* SHA-256 of the size and the pixels of frame @frame (0-based), in hexadecimal: says whether a file still holds the image
 * that somebody saw, whatever its format. */
char *
runet_image_hash_frame (const RunetImage *image, gsize frame) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_image_read:
 * @path: .mhd, .mha, .nii, .nii.gz or .png
 *
 * Errors: %RUNET_ERROR_MISSING, _FORMAT (truncated, lying header, non-finite pixels),
 * _UNSUPPORTED, _MEMORY, and %G_IO_ERROR_CANCELLED. No header makes it allocate more than the
 * file can fill.
 */
RunetImage *
runet_image_read (const char *path,
                  GCancellable *cancellable,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The header alone; pixels are not read. */
RunetGrid *
runet_grid_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (nullable): the second file of a MetaImage whose pixels are not in @path itself;
 * %NULL also when @path cannot be read. */
char *
runet_image_find_data_file (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_image_write:
 * @path: its ending decides the format, which need not be the grid's own
 *
 * Written under a temporary name in the same folder, then renamed: a half-written file never
 * appears under @path. For MetaImage with a separate data file the data file comes first.
 */
gboolean
runet_image_write (const RunetImage *image, const char *path, GError **error);

/* float32 values of @planes planes (class probabilities, region of interest) on the grid of an
 * image, as .nii.gz: dim W × H × planes. @values: planes × H × W. */
gboolean
runet_planes_write (const RunetGrid *grid,
                    const float *values,
                    gsize planes,
                    const char *path,
                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetImage, runet_image_unref)

G_END_DECLS
