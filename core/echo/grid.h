/* The grid of an image: its size, spacing, and all that is needed to write on the same grid again.
 *
 * Dimension legend of this folder: F frames, H rows (top to bottom, probe on top), W columns
 * (left to right). Voxel order is display order; no affine is ever applied. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_FORMAT_METAIMAGE, /* .mhd + .raw / .zraw */
  RUNET_FORMAT_METAIMAGE_LOCAL, /* .mha */
  RUNET_FORMAT_NIFTI, /* .nii */
  RUNET_FORMAT_NIFTI_GZ, /* .nii.gz */
  RUNET_FORMAT_PNG,
} RunetFormat;

typedef enum {
  RUNET_PIXEL_UINT8,
  RUNET_PIXEL_INT16,
  RUNET_PIXEL_UINT16,
  RUNET_PIXEL_FLOAT32,
  RUNET_PIXEL_FLOAT64,
} RunetPixelType;

/**
 * RunetGrid:
 * @width, @height: pixels; @frames: 1 for a still
 * @spacing_x_mm, @spacing_y_mm: distance of pixel centres; may differ; NaN where the format has none
 * @has_time_axis: a sequence, also when it has one frame
 * @format, @type: how the file stores it
 * @header: (nullable): the file's own header, kept so that what is written on this grid carries
 *   the same origin and orientation; private to the readers
 */
typedef struct {
  gatomicrefcount references;
  gsize width, height, frames;
  double spacing_x_mm, spacing_y_mm;
  gboolean has_time_axis;
  RunetFormat format;
  RunetPixelType type;
  GBytes *header;
} RunetGrid;

/* A grid that comes from no file. Written in @format with a plain header. */
RunetGrid *
runet_grid_new (gsize width,
                gsize height,
                gsize frames,
                double spacing_x_mm,
                double spacing_y_mm,
                RunetFormat format,
                RunetPixelType type) G_GNUC_WARN_UNUSED_RESULT;
RunetGrid *
runet_grid_ref (RunetGrid *grid);
void
runet_grid_unref (RunetGrid *grid);
/* The same grid with @frames frames (a still of a sequence, or the reverse). (transfer full) */
RunetGrid *
runet_grid_with_frames (const RunetGrid *grid, gsize frames) G_GNUC_WARN_UNUSED_RESULT;
/* Same width, height, frames, and spacing to 1e-3 relative. */
gboolean
runet_grid_equal (const RunetGrid *a, const RunetGrid *b);
/* F × H × W; FALSE when 8 bytes a pixel would not fit into the address space. */
gboolean
runet_grid_count_pixels (const RunetGrid *grid, gsize *count);
/* "mhd", "mha", "nii", "nii.gz" or "png", without the dot. */
const char *
runet_format_extension (RunetFormat format);
/* By the end of the file's name; FALSE when it is none of ours. */
gboolean
runet_format_from_path (const char *path, RunetFormat *format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetGrid, runet_grid_unref)

G_END_DECLS
