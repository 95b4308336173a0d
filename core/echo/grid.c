/* The grid of an image: its size, spacing, and all that is needed to write on the same grid again. */
#include "grid.h"

#include <math.h>
#include <string.h>

/* Spacings that differ by less are the same: float32 headers and decimals in text. */
#define SPACING_TOLERANCE 1e-3

/* In the order in which they are tried: ".nii.gz" before any shorter ending. */
static const struct {
  const char *extension;
  RunetFormat format;
} formats[] = {
    {"nii.gz", RUNET_FORMAT_NIFTI_GZ}, {"nii", RUNET_FORMAT_NIFTI},
    {"mhd", RUNET_FORMAT_METAIMAGE},   {"mha", RUNET_FORMAT_METAIMAGE_LOCAL},
    {"png", RUNET_FORMAT_PNG},
};

RunetGrid *
runet_grid_new (gsize width,
                gsize height,
                gsize frames,
                double spacing_x_mm,
                double spacing_y_mm,
                RunetFormat format,
                RunetPixelType type) {
  g_return_val_if_fail (width > 0 && height > 0 && frames > 0, NULL);
  RunetGrid *grid = g_new0 (RunetGrid, 1);
  g_atomic_ref_count_init (&grid->references);
  grid->width = width;
  grid->height = height;
  grid->frames = frames;
  grid->spacing_x_mm = spacing_x_mm;
  grid->spacing_y_mm = spacing_y_mm;
  grid->has_time_axis = frames > 1;
  grid->format = format;
  grid->type = type;
  return grid;
}

RunetGrid *
runet_grid_ref (RunetGrid *grid) {
  g_return_val_if_fail (grid != NULL, NULL);
  g_atomic_ref_count_inc (&grid->references);
  return grid;
}

void
runet_grid_unref (RunetGrid *grid) {
  if (grid == NULL || !g_atomic_ref_count_dec (&grid->references))
    return;
  g_clear_pointer (&grid->header, g_bytes_unref);
  g_free (grid);
}

RunetGrid *
runet_grid_with_frames (const RunetGrid *grid, gsize frames) {
  g_return_val_if_fail (grid != NULL && frames > 0, NULL);
  RunetGrid *other =
      runet_grid_new (grid->width, grid->height, frames, grid->spacing_x_mm,
                      grid->spacing_y_mm, grid->format, grid->type);
  if (grid->header != NULL)
    other->header = g_bytes_ref (grid->header);
  return other;
}

gboolean
runet_grid_count_pixels (const RunetGrid *grid, gsize *count) {
  gsize plane, pixels, bytes;
  if (!g_size_checked_mul (&plane, grid->width, grid->height) ||
      !g_size_checked_mul (&pixels, plane, grid->frames) ||
      !g_size_checked_mul (&bytes, pixels, sizeof (double)) || bytes > G_MAXSSIZE)
    return FALSE;
  *count = pixels;
  return TRUE;
}

static gboolean
spacing_equal (double a, double b) {
  if (isnan (a) || isnan (b))
    return isnan (a) && isnan (b);
  return fabs (a - b) <= SPACING_TOLERANCE * fmax (fabs (a), fabs (b));
}

gboolean
runet_grid_equal (const RunetGrid *a, const RunetGrid *b) {
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  return a->width == b->width && a->height == b->height && a->frames == b->frames &&
         spacing_equal (a->spacing_x_mm, b->spacing_x_mm) &&
         spacing_equal (a->spacing_y_mm, b->spacing_y_mm);
}

const char *
runet_format_extension (RunetFormat format) {
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format)
      return formats[i].extension;
  g_return_val_if_reached (NULL);
}

gboolean
runet_format_from_path (const char *path, RunetFormat *format) {
  g_return_val_if_fail (path != NULL && format != NULL, FALSE);
  gsize length = strlen (path);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    gsize ending = strlen (formats[i].extension);
    if (length > ending && path[length - ending - 1] == '.' &&
        g_ascii_strcasecmp (path + length - ending, formats[i].extension) == 0) {
      *format = formats[i].format;
      return TRUE;
    }
  }
  return FALSE;
}
