/* The 348 bytes of a NIfTI-1 header: checked when read, derived when written. */
#include "nifti-header.h"

#include <math.h>
#include <string.h>

#include "file.h"
#include "pixel.h"

G_STATIC_ASSERT (sizeof (RunetNiftiHeader) == 348);
G_STATIC_ASSERT (G_STRUCT_OFFSET (RunetNiftiHeader, magic) == 344);

/* Codes of the fields xyzt_units (its lower three bits) and qform_code. */
#define UNITS_MASK 7
#define UNITS_METRE 1
#define UNITS_MILLIMETRE 2
#define UNITS_MICRON 3
#define ORIENTATION_SCANNER 1

/* NIfTI's datatype codes. */
static const struct {
  gint16 datatype;
  RunetPixelType type;
} types[] = {
    {2, RUNET_PIXEL_UINT8},    {4, RUNET_PIXEL_INT16},    {512, RUNET_PIXEL_UINT16},
    {16, RUNET_PIXEL_FLOAT32}, {64, RUNET_PIXEL_FLOAT64},
};

static void
swap_header (RunetNiftiHeader *header) {
  /* Runs of fields of the same width, in the order of the struct. */
  static const struct {
    gsize offset, size, count;
  } runs[] = {
      {G_STRUCT_OFFSET (RunetNiftiHeader, sizeof_hdr), 4, 1},
      {G_STRUCT_OFFSET (RunetNiftiHeader, extents), 4, 1},
      {G_STRUCT_OFFSET (RunetNiftiHeader, session_error), 2, 1},
      {G_STRUCT_OFFSET (RunetNiftiHeader, dim), 2, 8},
      {G_STRUCT_OFFSET (RunetNiftiHeader, intent_p), 4, 3},
      {G_STRUCT_OFFSET (RunetNiftiHeader, intent_code), 2, 4},
      {G_STRUCT_OFFSET (RunetNiftiHeader, pixdim), 4, 8 + 3},
      {G_STRUCT_OFFSET (RunetNiftiHeader, slice_end), 2, 1},
      {G_STRUCT_OFFSET (RunetNiftiHeader, cal_max), 4, 4 + 2},
      {G_STRUCT_OFFSET (RunetNiftiHeader, qform_code), 2, 2},
      {G_STRUCT_OFFSET (RunetNiftiHeader, quatern_b), 4, 6 + 12},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    runet_pixels_swap ((guint8 *)header + runs[i].offset, runs[i].size, runs[i].count);
}

/* sizeof_hdr tells the byte order, magic the kind. */
static gboolean
check_kind (const char *path,
            RunetNiftiHeader *header,
            gboolean *swapped,
            GError **error) {
  *swapped = header->sizeof_hdr == (int)GUINT32_SWAP_LE_BE ((guint32)sizeof *header);
  if (*swapped)
    swap_header (header);
  if (header->sizeof_hdr != (int)sizeof *header) {
    gboolean second = header->sizeof_hdr == 540 ||
                      header->sizeof_hdr == (int)GUINT32_SWAP_LE_BE (540u);
    runet_file_error (error, second ? RUNET_ERROR_UNSUPPORTED : RUNET_ERROR_FORMAT,
                      path, "expected a NIfTI-1 header, found %s",
                      second ? "NIfTI-2" : "something else");
    return FALSE;
  }
  if (memcmp (header->magic, "n+1", 4) == 0)
    return TRUE;
  gboolean pair = memcmp (header->magic, "ni1", 4) == 0;
  runet_file_error (error, pair ? RUNET_ERROR_UNSUPPORTED : RUNET_ERROR_FORMAT, path,
                    "expected NIfTI in one file (magic n+1), found %s",
                    pair ? "a header whose pixels are in an .img file"
                         : "another magic");
  return FALSE;
}

/* W, H and F; F is the one dimension beyond the second that is more than one. */
static gboolean
read_size (const char *path,
           const RunetNiftiHeader *header,
           gsize size[3],
           GError **error) {
  const gint16 *dim = header->dim;
  gboolean ok = dim[0] >= 2 && dim[0] <= 7;
  size[2] = 1;
  for (int i = 1; ok && i <= dim[0]; i++) {
    ok = dim[i] > 0;
    if (i <= 2)
      size[i - 1] = (gsize)dim[i];
    else if (ok && dim[i] > 1 && size[2] > 1) {
      runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                        "expected an image or a sequence, found dimensions 3 and above "
                        "of %" G_GSIZE_FORMAT " and %d",
                        size[2], dim[i]);
      return FALSE;
    } else if (dim[i] > 1)
      size[2] = (gsize)dim[i];
  }
  if (!ok)
    runet_file_error (
        error, RUNET_ERROR_FORMAT, path,
        "expected 2 to 7 dimensions above zero, found dim = %d: %d %d %d %d", dim[0],
        dim[1], dim[2], dim[3], dim[4]);
  return ok;
}

static gboolean
read_type (const char *path,
           const RunetNiftiHeader *header,
           RunetPixelType *type,
           GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    if (header->datatype != types[i].datatype)
      continue;
    *type = types[i].type;
    int bits = 8 * (int)runet_pixel_size (*type);
    if (header->bitpix == bits)
      return TRUE;
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected bitpix %d for datatype %d, found %d", bits,
                      header->datatype, header->bitpix);
    return FALSE;
  }
  runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                    "expected uint8, int16, uint16, float32 or float64 pixels, found "
                    "datatype %d",
                    header->datatype);
  return FALSE;
}

static double
millimetres_per_unit (const RunetNiftiHeader *header) {
  switch (header->xyzt_units & UNITS_MASK) {
  case UNITS_METRE:
    return 1e3;
  case UNITS_MICRON:
    return 1e-3;
  default:
    return 1; /* Many writers leave the unit out and mean millimetres. */
  }
}

/* NaN when the header does not say. */
static double
read_spacing (const RunetNiftiHeader *header, int axis) {
  double spacing = fabs ((double)header->pixdim[axis]) * millimetres_per_unit (header);
  return isfinite (spacing) && spacing > 0 ? spacing : NAN;
}

void
runet_nifti_scale (const RunetNiftiHeader *header, double *slope, double *intercept) {
  gboolean scaled = isfinite (header->scl_slope) && header->scl_slope != 0;
  *slope = scaled ? (double)header->scl_slope : 1;
  *intercept = scaled && isfinite (header->scl_inter) ? (double)header->scl_inter : 0;
}

RunetGrid *
runet_nifti_parse (const char *path,
                   RunetFormat format,
                   RunetNiftiHeader *header,
                   RunetNiftiLayout *layout,
                   GError **error) {
  gsize size[3];
  RunetPixelType type;
  if (!check_kind (path, header, &layout->swapped, error) ||
      !read_size (path, header, size, error) || !read_type (path, header, &type, error))
    return NULL;
  if (!(header->vox_offset >= RUNET_NIFTI_OFFSET && header->vox_offset < 0x1p31f)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected vox_offset from %d to 2^31, found %g",
                      RUNET_NIFTI_OFFSET, (double)header->vox_offset);
    return NULL;
  }
  layout->offset = (gsize)header->vox_offset;
  runet_nifti_scale (header, &layout->slope, &layout->intercept);
  RunetGrid *grid = runet_grid_new (size[0], size[1], size[2], read_spacing (header, 1),
                                    read_spacing (header, 2), format, type);
  grid->has_time_axis = header->dim[0] > 2;
  grid->header = g_bytes_new (header, sizeof *header);
  return grid;
}

static gboolean
is_nifti (RunetFormat format) {
  return format == RUNET_FORMAT_NIFTI || format == RUNET_FORMAT_NIFTI_GZ;
}

/* As CAMUS is: millimetres, and x and y negated, because NIfTI counts to the right and to the
 * front where images count to the left and to the back. */
static void
start_plain (const RunetGrid *grid, RunetNiftiHeader *header) {
  gboolean known = !isnan (grid->spacing_x_mm) && !isnan (grid->spacing_y_mm);
  float x = known ? (float)grid->spacing_x_mm : 0;
  float y = known ? (float)grid->spacing_y_mm : 0;
  header->sizeof_hdr = sizeof *header;
  memcpy (header->magic, "n+1", 4);
  header->pixdim[0] = 1;
  header->pixdim[1] = x;
  header->pixdim[2] = y;
  for (int i = 3; i < 8; i++)
    header->pixdim[i] = 1;
  header->scl_slope = 1;
  header->xyzt_units = UNITS_MILLIMETRE;
  if (!known)
    return;
  header->qform_code = header->sform_code = ORIENTATION_SCANNER;
  header->quatern_d = 1;
  header->srow_x[0] = -x;
  header->srow_y[1] = -y;
  header->srow_z[2] = 1;
}

/* Leaves the dimensions of the header alone where they already say what @grid is. */
static gboolean
set_size (const RunetGrid *grid, RunetNiftiHeader *header) {
  if (grid->width > G_MAXINT16 || grid->height > G_MAXINT16 ||
      grid->frames > G_MAXINT16)
    return FALSE;
  gint16 *dim = header->dim;
  gsize frames = 1;
  for (int i = 3; i <= dim[0]; i++)
    frames *= (gsize)dim[i];
  gboolean same = dim[0] >= 2 && (gsize)dim[1] == grid->width &&
                  (gsize)dim[2] == grid->height && frames == grid->frames &&
                  (dim[0] > 2 || !grid->has_time_axis);
  if (same)
    return TRUE;
  dim[0] = grid->frames > 1 || grid->has_time_axis ? 3 : 2;
  dim[1] = (gint16)grid->width;
  dim[2] = (gint16)grid->height;
  dim[3] = (gint16)grid->frames;
  for (int i = 4; i < 8; i++)
    dim[i] = 1;
  return TRUE;
}

gboolean
runet_nifti_derive (const RunetGrid *grid,
                    RunetContent content,
                    RunetNiftiHeader *header) {
  memset (header, 0, sizeof *header);
  if (is_nifti (grid->format) && grid->header != NULL)
    memcpy (header, g_bytes_get_data (grid->header, NULL), sizeof *header);
  else
    start_plain (grid, header);
  if (!set_size (grid, header))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == grid->type)
      header->datatype = types[i].datatype;
  header->bitpix = (gint16)(8 * runet_pixel_size (grid->type));
  header->vox_offset = RUNET_NIFTI_OFFSET;
  double slope, intercept;
  runet_nifti_scale (header, &slope, &intercept);
  if (content == RUNET_CONTENT_LABELS && (slope != 1 || intercept != 0)) {
    header->scl_slope = 1;
    header->scl_inter = 0;
  }
  return TRUE;
}
