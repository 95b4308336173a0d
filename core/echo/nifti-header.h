/* The header of a NIfTI-1 file: checked when read, derived when written. Private to core/echo.
 *
 * Of niftilib come the header's struct, its codes, its byte order and its type names: what neither
 * prints nor keeps state, so that files may be read in parallel. Its reader is not used, since it
 * allocates what a header promises, prints at every debug level and cannot be cancelled; neither
 * is its nifti_image, which loses fields that must be written back as they were. */
#pragma once

#include "content.h"
#include "grid.h"

/* After GLib, whose dirent.h has names that nifti1.h makes macros of. */
#include <nifti1_io.h>

G_BEGIN_DECLS

/* Where pixels begin in the files we write: header and an empty extension flag. */
#define RUNET_NIFTI_OFFSET (sizeof (nifti_1_header) + sizeof (nifti1_extender))

typedef struct {
  gboolean swapped; /* pixels are in the other byte order than this machine's */
  gsize offset; /* of the first pixel in the (decompressed) file */
  double slope, intercept;
} RunetNiftiLayout;

/**
 * runet_nifti_parse:
 * @header: as in the file; left in the machine's byte order
 * @layout: (out): how the pixels are stored
 *
 * Returns: (transfer full): the grid, which carries the header. Errors: %RUNET_ERROR_FORMAT when
 * fields contradict themselves, %RUNET_ERROR_UNSUPPORTED for types and dimensions we do not show.
 */
RunetGrid *
runet_nifti_parse (const char *path,
                   RunetFormat format,
                   nifti_1_header *header,
                   RunetNiftiLayout *layout,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The header to write @grid with: the one it was read with where that was NIfTI, else one with
 * the orientation that CAMUS has. FALSE when a side is more than NIfTI can say (32767). */
gboolean
runet_nifti_derive (const RunetGrid *grid,
                    RunetContent content,
                    nifti_1_header *header);

/* Intensity = slope × stored + intercept; a slope of zero or NaN means that there is no scale. */
void
runet_nifti_scale (const nifti_1_header *header, double *slope, double *intercept);

G_END_DECLS
