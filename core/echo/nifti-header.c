/* The header of a NIfTI-1 file: checked when read, derived when written. */
#include "nifti-header.h"

#include <math.h>
#include <string.h>

#include "file.h"
#include "pixel.h"

/* The struct is the file's own layout. */
G_STATIC_ASSERT (sizeof (nifti_1_header) == 348);

/* Of a NIfTI-2 header. */
#define SIZE_OF_SECOND 540

static const short datatypes[] = {
    [RUNET_PIXEL_UINT8] = DT_UINT8,     [RUNET_PIXEL_INT16] = DT_INT16,
    [RUNET_PIXEL_UINT16] = DT_UINT16,   [RUNET_PIXEL_FLOAT32] = DT_FLOAT32,
    [RUNET_PIXEL_FLOAT64] = DT_FLOAT64,
};

static gboolean
is_swapped (const nifti_1_header *header, guint32 size) {
  return header->sizeof_hdr == (int)GUINT32_SWAP_LE_BE (size);
}

/* sizeof_hdr tells the byte order; niftilib would go by dim[0], which is easier to get wrong. */
static gboolean
check_kind (const char *path,
            nifti_1_header *header,
            gboolean *swapped,
            GError **error) {
  *swapped = is_swapped (header, sizeof *header);
  if (*swapped)
    swap_nifti_header (header, TRUE);
  gboolean first =
      header->sizeof_hdr == (int)sizeof *header && NIFTI_VERSION (*header) == 1;
  if (first && NIFTI_ONEFILE (*header))
    return TRUE;
  const char *other = NULL;
  if (first)
    other = "a header whose pixels are in an .img file";
  else if (header->sizeof_hdr == SIZE_OF_SECOND || is_swapped (header, SIZE_OF_SECOND))
    other = "NIfTI-2";
  runet_file_error (error, other != NULL ? RUNET_ERROR_UNSUPPORTED : RUNET_ERROR_FORMAT,
                    path, "expected NIfTI-1 in one file (magic n+1), found %s",
                    other != NULL ? other : "something else");
  return FALSE;
}

/* F is the one dimension beyond the second that is more than one. */
static gboolean
read_frames (const char *path,
             const nifti_1_header *header,
             gsize *frames,
             GError **error) {
  const short *dim = header->dim;
  gboolean ok = dim[0] >= 2 && dim[0] <= 7;
  for (int i = 1; ok && i <= dim[0]; i++)
    ok = dim[i] > 0;
  if (!ok) {
    runet_file_error (
        error, RUNET_ERROR_FORMAT, path,
        "expected 2 to 7 dimensions above zero, found dim = %d: %d %d %d %d", dim[0],
        dim[1], dim[2], dim[3], dim[4]);
    return FALSE;
  }
  *frames = 1;
  for (int i = 3; i <= dim[0]; i++) {
    if (dim[i] > 1 && *frames > 1) {
      runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                        "expected an image or a sequence, found dimensions 3 and above "
                        "of %" G_GSIZE_FORMAT " and %d",
                        *frames, dim[i]);
      return FALSE;
    }
    *frames *= (gsize)dim[i];
  }
  return TRUE;
}

static gboolean
read_type (const char *path,
           const nifti_1_header *header,
           RunetPixelType *type,
           GError **error) {
  gsize i = 0;
  while (i < G_N_ELEMENTS (datatypes) && datatypes[i] != header->datatype)
    i++;
  if (i == G_N_ELEMENTS (datatypes)) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected uint8, int16, uint16, float32 or float64 pixels, found "
                      "datatype %d, %s",
                      header->datatype, nifti_datatype_to_string (header->datatype));
    return FALSE;
  }
  *type = (RunetPixelType)i;
  int bits = 8 * (int)runet_pixel_size (*type);
  if (header->bitpix == bits)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected bitpix %d for datatype %d, found %d", bits,
                    header->datatype, header->bitpix);
  return FALSE;
}

/* NaN when the header does not say. */
static double
read_spacing (const nifti_1_header *header, int axis) {
  int unit = XYZT_TO_SPACE (header->xyzt_units);
  /* Many writers leave the unit out and mean millimetres. */
  double millimetres = unit == NIFTI_UNITS_METER    ? 1e3
                       : unit == NIFTI_UNITS_MICRON ? 1e-3
                                                    : 1;
  double spacing = fabs ((double)header->pixdim[axis]) * millimetres;
  return isfinite (spacing) && spacing > 0 ? spacing : NAN;
}

void
runet_nifti_scale (const nifti_1_header *header, double *slope, double *intercept) {
  gboolean scaled = isfinite (header->scl_slope) && header->scl_slope != 0;
  *slope = scaled ? (double)header->scl_slope : 1;
  *intercept = scaled && isfinite (header->scl_inter) ? (double)header->scl_inter : 0;
}

RunetGrid *
runet_nifti_parse (const char *path,
                   RunetFormat format,
                   nifti_1_header *header,
                   RunetNiftiLayout *layout,
                   GError **error) {
  gsize frames;
  RunetPixelType type;
  if (!check_kind (path, header, &layout->swapped, error) ||
      !read_frames (path, header, &frames, error) ||
      !read_type (path, header, &type, error))
    return NULL;
  if (!(header->vox_offset >= RUNET_NIFTI_OFFSET && header->vox_offset < 0x1p31f)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected vox_offset from %d to 2^31, found %g",
                      (int)RUNET_NIFTI_OFFSET, (double)header->vox_offset);
    return NULL;
  }
  layout->offset = (gsize)header->vox_offset;
  runet_nifti_scale (header, &layout->slope, &layout->intercept);
  RunetGrid *grid =
      runet_grid_new ((gsize)header->dim[1], (gsize)header->dim[2], frames,
                      read_spacing (header, 1), read_spacing (header, 2), format, type);
  grid->has_time_axis = header->dim[0] > 2;
  grid->header = g_bytes_new (header, sizeof *header);
  return grid;
}

/* As CAMUS is: millimetres, and x and y negated, because NIfTI counts to the right and to the
 * front where images count to the left and to the back. */
static void
start_plain (const RunetGrid *grid, nifti_1_header *header) {
  gboolean known = !isnan (grid->spacing_x_mm) && !isnan (grid->spacing_y_mm);
  float x = known ? (float)grid->spacing_x_mm : 0;
  float y = known ? (float)grid->spacing_y_mm : 0;
  *header = (nifti_1_header){
      .sizeof_hdr = sizeof *header,
      .magic = "n+1",
      .pixdim = {1, x, y, 1, 1, 1, 1, 1},
      .scl_slope = 1,
      .xyzt_units = NIFTI_UNITS_MM,
  };
  if (!known)
    return;
  header->qform_code = header->sform_code = NIFTI_XFORM_SCANNER_ANAT;
  header->quatern_d = 1;
  header->srow_x[0] = -x;
  header->srow_y[1] = -y;
  header->srow_z[2] = 1;
}

/* Leaves the dimensions of the header alone where they already say what @grid is. */
static void
set_size (const RunetGrid *grid, nifti_1_header *header) {
  short *dim = header->dim;
  gsize frames = 1;
  for (int i = 3; i <= dim[0]; i++)
    frames *= (gsize)dim[i];
  if (dim[0] >= 2 && (gsize)dim[1] == grid->width && (gsize)dim[2] == grid->height &&
      frames == grid->frames && (dim[0] > 2 || !grid->has_time_axis))
    return;
  gboolean sequence = grid->frames > 1 || grid->has_time_axis;
  dim[0] = sequence ? 3 : 2;
  dim[1] = (short)grid->width;
  dim[2] = (short)grid->height;
  dim[3] = (short)grid->frames;
  for (int i = 4; i < 8; i++)
    dim[i] = 1;
}

gboolean
runet_nifti_derive (const RunetGrid *grid,
                    RunetContent content,
                    nifti_1_header *header) {
  if (MAX (grid->width, MAX (grid->height, grid->frames)) > G_MAXINT16)
    return FALSE;
  gboolean is_nifti =
      grid->format == RUNET_FORMAT_NIFTI || grid->format == RUNET_FORMAT_NIFTI_GZ;
  if (is_nifti && grid->header != NULL)
    memcpy (header, g_bytes_get_data (grid->header, NULL), sizeof *header);
  else
    start_plain (grid, header);
  set_size (grid, header);
  header->datatype = datatypes[grid->type];
  header->bitpix = (short)(8 * runet_pixel_size (grid->type));
  header->vox_offset = RUNET_NIFTI_OFFSET;
  double slope, intercept;
  runet_nifti_scale (header, &slope, &intercept);
  if (content == RUNET_CONTENT_LABELS && (slope != 1 || intercept != 0)) {
    header->scl_slope = 1;
    header->scl_inter = 0;
  }
  return TRUE;
}
