/* The 348 bytes of a NIfTI-1 header: checked when read, derived when written. Private to core/echo. */
#pragma once

#include "content.h"
#include "grid.h"

G_BEGIN_DECLS

/* Where pixels begin in the files we write: header and an empty extension flag. */
#define RUNET_NIFTI_OFFSET 352

/* https://nifti.nimh.nih.gov/nifti-1/documentation/nifti1fields ; every field is naturally
 * aligned, so that the struct is the file's own layout. */
typedef struct {
  gint32 sizeof_hdr;
  char analyze_names[28]; /* data_type, db_name: unused by NIfTI */
  gint32 extents;
  gint16 session_error;
  char regular, dim_info;
  gint16 dim[8];
  float intent_p[3];
  gint16 intent_code, datatype, bitpix, slice_start;
  float pixdim[8];
  float vox_offset, scl_slope, scl_inter;
  gint16 slice_end;
  char slice_code, xyzt_units;
  float cal_max, cal_min, slice_duration, toffset;
  gint32 glmax, glmin;
  char descrip[80], aux_file[24];
  gint16 qform_code, sform_code;
  float quatern_b, quatern_c, quatern_d, qoffset_x, qoffset_y, qoffset_z;
  float srow_x[4], srow_y[4], srow_z[4];
  char intent_name[16], magic[4];
} RunetNiftiHeader;

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
                   RunetNiftiHeader *header,
                   RunetNiftiLayout *layout,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The header to write @grid with: the one it was read with where that was NIfTI, else one with
 * the orientation that CAMUS has. FALSE when a side is more than NIfTI can say (32767). */
gboolean
runet_nifti_derive (const RunetGrid *grid,
                    RunetContent content,
                    RunetNiftiHeader *header);

/* Intensity = slope × stored + intercept; a slope of zero or NaN means that there is no scale. */
void
runet_nifti_scale (const RunetNiftiHeader *header, double *slope, double *intercept);

G_END_DECLS
