/* A frame's result as bytes and back, for the cache of results. */
#include "frame-result-store.h"

#include <math.h>
#include <string.h>
#include <zlib.h>
#include "core/base/error.h"

/* Of the layout below. */
#define LAYOUT 1

#define GRID \
  "(ttdduubay)" /* width, height, spacings, format, type, time axis, header */
#define REASONS "a(yyydddd)" /* kind, severity, structure, value, limit, x, y */
#define ANATOMY "(a(dd)ad" REASONS "b)"
#define COMPARISON "(a(ddddd)" REASONS "b)"
#define DISCS "(yad)"
#define STAGE "(ay" ANATOMY "m" COMPARISON DISCS ")"
#define RESULT "(" GRID "uddayam" STAGE ")"
#define BLOB "(uu" RESULT ")" /* layout, checksum of the rest */

/* annulus, base, apex, length, diameters, ends, area */
#define DISCS_VALUES (4 + 2 + 2 + 1 + RUNET_DISCS + 4 * RUNET_DISCS + 1)

/* More than any model has, and few enough for a line of text. */
#define STAGES_MAX 64
/* deflate makes at most 1032 bytes of one [zlib, "Maximum Expansion Factor"]; a stream has some bytes of its
 * own besides. */
#define EXPANSION 1032
/* A NIfTI-1 header; those of MetaImage are text of some hundred bytes. */
#define NIFTI_HEADER 348
#define HEADER_MAX 65536
/* No measure of a heart is as large: what is printed as a whole number must fit in one. */
#define VALUE_MAX 1e9

/* ---- Out ---- */

static GVariant *
from_bytes (GBytes *bytes) {
  gsize size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

static GVariant *
from_grid (const RunetGrid *grid) {
  return g_variant_new ("(ttdduub@ay)", (guint64)grid->width, (guint64)grid->height,
                        grid->spacing_x_mm, grid->spacing_y_mm, (guint32)grid->format,
                        (guint32)grid->type, grid->has_time_axis,
                        from_bytes (grid->header));
}

static GVariant *
from_reasons (const GArray *reasons) {
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (REASONS));
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *one = &g_array_index (reasons, RunetReason, i);
    g_variant_builder_add (&builder, "(yyydddd)", (guchar)one->kind,
                           (guchar)one->severity, (guchar)one->structure, one->value,
                           one->limit, one->x, one->y);
  }
  return g_variant_builder_end (&builder);
}

static GVariant *
from_anatomy (const RunetAnatomy *anatomy) {
  GVariantBuilder regularity;
  g_variant_builder_init (&regularity, G_VARIANT_TYPE ("a(dd)"));
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    g_variant_builder_add (&regularity, "(dd)", anatomy->regularity[s].convexity,
                           anatomy->regularity[s].simplicity);
  GVariant *areas = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, anatomy->area_mm2,
                                               RUNET_STRUCTURES, sizeof (double));
  return g_variant_new ("(@a(dd)@ad@" REASONS "b)", g_variant_builder_end (&regularity),
                        areas, from_reasons (anatomy->reasons), anatomy->outlier);
}

static GVariant *
from_comparison (const RunetComparison *comparison) {
  if (comparison == NULL)
    return g_variant_new_maybe (G_VARIANT_TYPE (COMPARISON), NULL);
  GVariantBuilder agreement;
  g_variant_builder_init (&agreement, G_VARIANT_TYPE ("a(ddddd)"));
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    const RunetAgreement *one = &comparison->agreement[s];
    g_variant_builder_add (&agreement, "(ddddd)", one->dice, one->mad_mm, one->hd_mm,
                           one->hd_x, one->hd_y);
  }
  GVariant *whole =
      g_variant_new ("(@a(ddddd)@" REASONS "b)", g_variant_builder_end (&agreement),
                     from_reasons (comparison->reasons), comparison->outlier);
  return g_variant_new_maybe (NULL, whole);
}

static void
put_point (double **values, const RunetPoint *point) {
  *(*values)++ = point->x;
  *(*values)++ = point->y;
}

static GVariant *
from_discs (const RunetDiscs *discs) {
  double values[DISCS_VALUES], *next = values;
  put_point (&next, &discs->annulus[0]);
  put_point (&next, &discs->annulus[1]);
  put_point (&next, &discs->base);
  put_point (&next, &discs->apex);
  *next++ = discs->length_mm;
  for (guint k = 0; k < RUNET_DISCS; k++)
    *next++ = discs->diameter_mm[k];
  for (guint k = 0; k < RUNET_DISCS; k++) {
    put_point (&next, &discs->ends[k][0]);
    put_point (&next, &discs->ends[k][1]);
  }
  *next++ = discs->area_mm2;
  return g_variant_new ("(y@ad)", (guchar)discs->state,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values,
                                                   DISCS_VALUES, sizeof (double)));
}

static GVariant *
from_stage (const RunetStageResult *stage) {
  if (stage->packed == NULL)
    return g_variant_new_maybe (G_VARIANT_TYPE (STAGE), NULL);
  GVariant *whole =
      g_variant_new ("(@ay@" ANATOMY "@m" COMPARISON "@" DISCS ")",
                     from_bytes (stage->packed), from_anatomy (stage->anatomy),
                     from_comparison (stage->comparison), from_discs (&stage->discs));
  return g_variant_new_maybe (NULL, whole);
}

static guint32
sum_up (GVariant *value) {
  return (guint32)crc32_z (0, g_variant_get_data (value), g_variant_get_size (value));
}

GBytes *
runet_frame_result_store (const RunetFrameResult *result) {
  g_return_val_if_fail (result != NULL, NULL);
  GVariantBuilder stages;
  g_variant_builder_init (&stages, G_VARIANT_TYPE ("am" STAGE));
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++)
    g_variant_builder_add_value (&stages, from_stage (&result->stage[i]));
  g_autoptr (GVariant) whole = g_variant_ref_sink (g_variant_new (
      "(@" GRID "udd@ay@am" STAGE ")", from_grid (result->grid),
      (guint32)result->stages, result->disagreement, result->uncertainty,
      from_bytes (result->packed_region), g_variant_builder_end (&stages)));
  g_autoptr (GVariant) blob = g_variant_ref_sink (
      g_variant_new ("(uu@" RESULT ")", (guint32)LAYOUT, sum_up (whole), whole));
  return g_variant_get_data_as_bytes (blob);
}

/* ---- In: FALSE or NULL when no result can hold what is there ---- */

static gboolean
is_measure (double value) {
  return isnan (value) || fabs (value) < VALUE_MAX;
}

static gboolean
is_fraction (double value) {
  return value >= 0.0 && value <= 1.0;
}

/* NULL when there are none. */
static GBytes *
take_bytes (GVariant *parent, gsize index) {
  g_autoptr (GVariant) value = g_variant_get_child_value (parent, index);
  return g_variant_get_size (value) > 0 ? g_variant_get_data_as_bytes (value) : NULL;
}

static const double *
get_doubles (GVariant *value, gsize count) {
  gsize found;
  const double *values = g_variant_get_fixed_array (value, &found, sizeof (double));
  for (gsize i = 0; found == count && i < count; i++)
    if (!is_measure (values[i]))
      return NULL;
  return found == count ? values : NULL;
}

static gboolean
is_spacing (double value) {
  return isnan (value) || (value > 0.0 && value < VALUE_MAX);
}

static gboolean
is_header (GBytes *header, guint32 format) {
  if (header == NULL)
    return TRUE;
  gsize size = g_bytes_get_size (header);
  return format == RUNET_FORMAT_NIFTI || format == RUNET_FORMAT_NIFTI_GZ
             ? size == NIFTI_HEADER
             : size <= HEADER_MAX;
}

static RunetGrid *
to_grid (GVariant *value) {
  guint64 width, height;
  guint32 format, type;
  double spacing_x_mm, spacing_y_mm;
  gboolean has_time_axis;
  g_variant_get (value, "(ttdduub@ay)", &width, &height, &spacing_x_mm, &spacing_y_mm,
                 &format, &type, &has_time_axis, NULL);
  g_autoptr (GBytes) header = take_bytes (value, 7);
  if (width == 0 || height == 0 || width > G_MAXINT32 || height > G_MAXINT32 ||
      format > RUNET_FORMAT_PNG || type > RUNET_PIXEL_FLOAT64 ||
      !is_spacing (spacing_x_mm) || !is_spacing (spacing_y_mm) ||
      !is_header (header, format))
    return NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new ((gsize)width, (gsize)height, 1, spacing_x_mm, spacing_y_mm,
                      (RunetFormat)format, (RunetPixelType)type);
  gsize count;
  if (!runet_grid_count_pixels (grid, &count))
    return NULL;
  grid->has_time_axis = has_time_axis;
  grid->header = g_steal_pointer (&header);
  return g_steal_pointer (&grid);
}

/* Whether @packed can hold @grid's pixels at all: what it is unpacked into is bounded by what is there. */
static gboolean
is_packed (GBytes *packed, const RunetGrid *grid) {
  gsize size = g_bytes_get_size (packed);
  return grid->width * grid->height / EXPANSION <= size;
}

static GArray *
to_reasons (GVariant *value) {
  g_autoptr (GArray) reasons = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  GVariantIter iter;
  guchar kind, severity, structure;
  RunetReason one;
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(yyydddd)", &kind, &severity, &structure,
                              &one.value, &one.limit, &one.x, &one.y)) {
    if (kind > RUNET_REASON_THICKNESS || severity > RUNET_SEVERITY_GEOMETRICAL ||
        structure >= RUNET_STRUCTURES || !is_measure (one.value) ||
        !is_measure (one.limit) || !is_measure (one.x) || !is_measure (one.y))
      return NULL;
    one.kind = (RunetReasonKind)kind;
    one.severity = (RunetSeverity)severity;
    one.structure = (RunetStructure)structure;
    g_array_append_val (reasons, one);
  }
  return g_steal_pointer (&reasons);
}

static RunetAnatomy *
to_anatomy (GVariant *value) {
  g_autoptr (GVariant) regularity = g_variant_get_child_value (value, 0);
  g_autoptr (GVariant) areas = g_variant_get_child_value (value, 1);
  g_autoptr (GVariant) list = g_variant_get_child_value (value, 2);
  const double *area_mm2 = get_doubles (areas, RUNET_STRUCTURES);
  g_autoptr (GArray) reasons = to_reasons (list);
  if (area_mm2 == NULL || reasons == NULL ||
      g_variant_n_children (regularity) != RUNET_STRUCTURES)
    return NULL;
  RunetAnatomy *anatomy = g_new0 (RunetAnatomy, 1);
  memcpy (anatomy->area_mm2, area_mm2, sizeof anatomy->area_mm2);
  for (gsize s = 0; s < RUNET_STRUCTURES; s++)
    g_variant_get_child (regularity, s, "(dd)", &anatomy->regularity[s].convexity,
                         &anatomy->regularity[s].simplicity);
  anatomy->reasons = g_steal_pointer (&reasons);
  g_variant_get_child (value, 3, "b", &anatomy->outlier);
  return anatomy;
}

static RunetComparison *
to_comparison (GVariant *value) {
  g_autoptr (GVariant) agreement = g_variant_get_child_value (value, 0);
  g_autoptr (GVariant) list = g_variant_get_child_value (value, 1);
  g_autoptr (GArray) reasons = to_reasons (list);
  if (reasons == NULL || g_variant_n_children (agreement) != RUNET_STRUCTURES)
    return NULL;
  RunetComparison *comparison = g_new0 (RunetComparison, 1);
  for (gsize s = 0; s < RUNET_STRUCTURES; s++) {
    RunetAgreement *one = &comparison->agreement[s];
    g_variant_get_child (agreement, s, "(ddddd)", &one->dice, &one->mad_mm, &one->hd_mm,
                         &one->hd_x, &one->hd_y);
  }
  comparison->reasons = g_steal_pointer (&reasons);
  g_variant_get_child (value, 2, "b", &comparison->outlier);
  return comparison;
}

static RunetPoint
take_point (const double **values) {
  RunetPoint point = {(*values)[0], (*values)[1]};
  *values += 2;
  return point;
}

static gboolean
to_discs (GVariant *value, RunetDiscs *discs) {
  guchar state;
  g_variant_get_child (value, 0, "y", &state);
  g_autoptr (GVariant) list = g_variant_get_child_value (value, 1);
  const double *next = get_doubles (list, DISCS_VALUES);
  if (next == NULL || state > RUNET_DISCS_NO_BASE)
    return FALSE;
  discs->state = (RunetDiscsState)state;
  discs->annulus[0] = take_point (&next);
  discs->annulus[1] = take_point (&next);
  discs->base = take_point (&next);
  discs->apex = take_point (&next);
  discs->length_mm = *next++;
  for (guint k = 0; k < RUNET_DISCS; k++)
    discs->diameter_mm[k] = *next++;
  for (guint k = 0; k < RUNET_DISCS; k++) {
    discs->ends[k][0] = take_point (&next);
    discs->ends[k][1] = take_point (&next);
  }
  discs->area_mm2 = *next;
  return TRUE;
}

/* What was filled in is freed with the result, also on failure. */
static gboolean
to_stage (GVariant *value, const RunetGrid *grid, RunetStageResult *stage) {
  g_autoptr (GVariant) anatomy = g_variant_get_child_value (value, 1);
  g_autoptr (GVariant) maybe = g_variant_get_child_value (value, 2);
  g_autoptr (GVariant) comparison = g_variant_get_maybe (maybe);
  g_autoptr (GVariant) discs = g_variant_get_child_value (value, 3);
  stage->packed = take_bytes (value, 0);
  stage->anatomy = to_anatomy (anatomy);
  stage->comparison = comparison != NULL ? to_comparison (comparison) : NULL;
  return stage->packed != NULL && is_packed (stage->packed, grid) &&
         stage->anatomy != NULL && (comparison == NULL || stage->comparison != NULL) &&
         to_discs (discs, &stage->discs);
}

static gboolean
to_stages (GVariant *value, RunetFrameResult *result) {
  if (g_variant_n_children (value) != RUNET_SHOWN_STAGES)
    return FALSE;
  for (gsize i = 0; i < RUNET_SHOWN_STAGES; i++) {
    g_autoptr (GVariant) maybe = g_variant_get_child_value (value, i);
    g_autoptr (GVariant) stage = g_variant_get_maybe (maybe);
    gboolean wanted = i == RUNET_SHOWN_LAST || result->stages > 1;
    if ((stage != NULL) != wanted ||
        (stage != NULL && !to_stage (stage, result->grid, &result->stage[i])))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fill (RunetFrameResult *result, GVariant *value) {
  guint32 stages;
  g_variant_get (value, "(@" GRID "udd@ay@am" STAGE ")", NULL, &stages,
                 &result->disagreement, &result->uncertainty, NULL, NULL);
  g_autoptr (GVariant) list = g_variant_get_child_value (value, 5);
  result->stages = stages;
  result->packed_region = take_bytes (value, 4);
  return stages >= 1 && stages <= STAGES_MAX && is_fraction (result->disagreement) &&
         (isnan (result->uncertainty) || is_fraction (result->uncertainty)) &&
         (result->packed_region == NULL ||
          is_packed (result->packed_region, result->grid)) &&
         to_stages (list, result);
}

RunetFrameResult *
runet_frame_result_restore (GBytes *bytes, GError **error) {
  g_return_val_if_fail (bytes != NULL, NULL);
  guint32 layout, sum;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) blob = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (BLOB), bytes, FALSE));
  g_variant_get (blob, "(uu@" RESULT ")", &layout, &sum, &value);
  if (layout != LAYOUT) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "a stored result: expected layout %d, found %u", LAYOUT, layout);
    return NULL;
  }
  g_autoptr (GVariant) child = g_variant_get_child_value (value, 0);
  g_autoptr (RunetGrid) grid = NULL;
  if (g_variant_is_normal_form (blob) && sum == sum_up (value))
    grid = to_grid (child);
  g_autoptr (RunetFrameResult) result = NULL;
  if (grid != NULL) {
    result = g_new0 (RunetFrameResult, 1);
    g_atomic_ref_count_init (&result->references);
    result->grid = g_steal_pointer (&grid);
  }
  if (result == NULL || !fill (result, value)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "a stored result of %" G_GSIZE_FORMAT
                 " bytes: expected what a frame's result holds, found it damaged",
                 g_bytes_get_size (bytes));
    return NULL;
  }
  return g_steal_pointer (&result);
}
