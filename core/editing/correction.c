/* A correction: what one frame's label map is after somebody worked on it, and all that is needed to go on. */
#include "correction-private.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"

/* What a pixel is taken to measure when the image does not say. */
#define UNKNOWN_SPACING_MM 1.0

static double
get_known (double spacing_mm) {
  return isfinite (spacing_mm) && spacing_mm > 0 ? spacing_mm : UNKNOWN_SPACING_MM;
}

RunetPoint
runet_correction_get_spacing (const RunetCorrection *self) {
  return (RunetPoint){get_known (self->grid->spacing_x_mm),
                      get_known (self->grid->spacing_y_mm)};
}

gsize
runet_correction_count_pixels (const RunetCorrection *self) {
  return self->grid->width * self->grid->height;
}

RunetCorrection *
runet_correction_new_empty (RunetGrid *grid, GBytes *original) {
  RunetCorrection *self = g_new0 (RunetCorrection, 1);
  g_atomic_ref_count_init (&self->references);
  self->grid = runet_grid_with_frames (grid, 1);
  self->original = g_bytes_ref (original);
  self->uncertain = g_array_new (FALSE, FALSE, sizeof (RunetUncertainStretch));
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    self->residual_mm[i] = NAN;
  return self;
}

void
runet_correction_fit (const RunetCorrection *self,
                      const guint8 *labels,
                      RunetContourModel *model,
                      double *residual_mm) {
  const RunetPoint spacing = runet_correction_get_spacing (self);
  RunetContourFit fit;
  runet_contour_model_fit (labels, self->grid->width, self->grid->height, spacing.x,
                           spacing.y, model, &fit);
  if (residual_mm != NULL)
    memcpy (residual_mm, fit.residual_mm, sizeof fit.residual_mm);
}

RunetCorrection *
runet_correction_new (const RunetGrid *grid, const guint8 *labels) {
  g_return_val_if_fail (grid != NULL && labels != NULL, NULL);
  g_autoptr (GBytes) original = g_bytes_new (labels, grid->width * grid->height);
  g_autoptr (RunetGrid) still = runet_grid_with_frames (grid, 1);
  RunetCorrection *self = runet_correction_new_empty (still, original);
  runet_correction_fit (self, labels, &self->model, self->residual_mm);
  return self;
}

RunetCorrection *
runet_correction_copy (const RunetCorrection *self) {
  g_return_val_if_fail (self != NULL, NULL);
  RunetCorrection *copy = g_new (RunetCorrection, 1);
  *copy = *self;
  g_atomic_ref_count_init (&copy->references);
  runet_grid_ref (copy->grid);
  g_bytes_ref (copy->original);
  if (copy->painted != NULL)
    g_bytes_ref (copy->painted);
  copy->uncertain = g_array_copy (self->uncertain);
  return copy;
}

RunetCorrection *
runet_correction_ref (RunetCorrection *self) {
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
runet_correction_unref (RunetCorrection *self) {
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  runet_grid_unref (self->grid);
  g_bytes_unref (self->original);
  g_clear_pointer (&self->painted, g_bytes_unref);
  g_array_unref (self->uncertain);
  g_free (self);
}

gboolean
runet_correction_is_edited (const RunetCorrection *self) {
  g_return_val_if_fail (self != NULL, FALSE);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (self->source[i] != RUNET_SOURCE_ORIGINAL)
      return TRUE;
  return self->uncertain->len > 0;
}

static gboolean
bytes_equal (GBytes *a, GBytes *b) {
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

static gboolean
stretches_equal (const GArray *a, const GArray *b) {
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++) {
    const RunetUncertainStretch *one = &g_array_index (a, RunetUncertainStretch, i);
    const RunetUncertainStretch *other = &g_array_index (b, RunetUncertainStretch, i);
    if (one->structure != other->structure || one->from != other->from ||
        one->to != other->to)
      return FALSE;
  }
  return TRUE;
}

gboolean
runet_correction_equal (const RunetCorrection *a, const RunetCorrection *b) {
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  if (a == b)
    return TRUE;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    const double one = a->residual_mm[i], other = b->residual_mm[i];
    if (a->source[i] != b->source[i] ||
        !(one == other || (isnan (one) && isnan (other))))
      return FALSE;
  }
  return runet_grid_equal (a->grid, b->grid) && a->derived == b->derived &&
         bytes_equal (a->original, b->original) &&
         bytes_equal (a->painted, b->painted) &&
         runet_contour_model_equal (&a->model, &b->model) &&
         stretches_equal (a->uncertain, b->uncertain);
}

gboolean
runet_correction_has_source (const RunetCorrection *self, RunetSource source) {
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (self->source[i] == source)
      return TRUE;
  return FALSE;
}

/* The label map that splines are drawn on: each structure's pixels from where they come, endo over LA over
 * epi. A structure that comes from its spline is here as it was, so that what it leaves can be filled. */
static void
lay (const RunetCorrection *self, guint8 *labels) {
  const gsize count = runet_correction_count_pixels (self);
  const guint8 *from[RUNET_STRUCTURES];
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    from[i] = g_bytes_get_data (
        self->source[i] == RUNET_SOURCE_PAINTED ? self->painted : self->original, NULL);
  for (gsize i = 0; i < count; i++) {
    const guint8 epi = from[RUNET_STRUCTURE_EPI][i];
    guint8 label = epi == RUNET_LABEL_LV || epi == RUNET_LABEL_MYOCARDIUM
                       ? RUNET_LABEL_MYOCARDIUM
                       : RUNET_LABEL_BACKGROUND;
    label = from[RUNET_STRUCTURE_LA][i] == RUNET_LABEL_LA ? RUNET_LABEL_LA : label;
    labels[i] =
        from[RUNET_STRUCTURE_ENDO][i] == RUNET_LABEL_LV ? RUNET_LABEL_LV : label;
  }
}

void
runet_correction_draw (const RunetCorrection *self, guint8 *labels) {
  g_return_if_fail (self != NULL && labels != NULL);
  if (runet_correction_has_source (self, RUNET_SOURCE_PAINTED))
    lay (self, labels);
  else
    memcpy (labels, g_bytes_get_data (self->original, NULL),
            runet_correction_count_pixels (self));
  RunetStructureSet drawn = 0;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (self->source[i] == RUNET_SOURCE_SPLINE)
      drawn |= RUNET_STRUCTURE_BIT (i);
  if (drawn != 0)
    runet_contour_model_rasterise (&self->model, drawn, labels, self->grid->width,
                                   self->grid->height, labels);
}

RunetLabelMap *
runet_correction_to_label_map (const RunetCorrection *self,
                               const RunetGrid *grid,
                               GError **error) {
  g_return_val_if_fail (self != NULL && grid != NULL, NULL);
  if (grid->width != self->grid->width || grid->height != self->grid->height) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "expected an image of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " pixels for this correction, found %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT,
                 self->grid->width, self->grid->height, grid->width, grid->height);
    return NULL;
  }
  g_autoptr (RunetGrid) still = runet_grid_with_frames (grid, 1);
  RunetLabelMap *map = runet_label_map_new (still, error);
  if (map != NULL)
    runet_correction_draw (self, map->labels);
  return map;
}
