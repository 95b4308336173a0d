/* Label maps, regions and contours brought to the grid of another image of the same view. */
#include "fit.h"

#include <math.h>
#include <string.h>
#include "core/segmentation/resample.h"

#define TOLERANCE 0.02

static gboolean
close_to (double a, double b) {
  return fabs (a - b) <= TOLERANCE * fmax (a, b);
}

static gboolean
same_size (const RunetGrid *a, const RunetGrid *b) {
  return a->width == b->width && a->height == b->height;
}

gboolean
runet_grid_same_extent (const RunetGrid *a, const RunetGrid *b) {
  return same_size (a, b) || (close_to ((double)a->width * a->spacing_x_mm,
                                        (double)b->width * b->spacing_x_mm) &&
                              close_to ((double)a->height * a->spacing_y_mm,
                                        (double)b->height * b->spacing_y_mm));
}

RunetLabelMap *
runet_label_map_fit (RunetLabelMap *map, gsize frame, const RunetGrid *grid) {
  g_return_val_if_fail (map != NULL && grid != NULL && frame < map->grid->frames, NULL);
  if (!runet_grid_same_extent (map->grid, grid))
    return NULL;
  if (same_size (map->grid, grid))
    return map->grid->frames == 1 ? runet_label_map_ref (map)
                                  : runet_label_map_extract (map, frame, NULL);
  g_autoptr (RunetGrid) still = runet_grid_with_frames (grid, 1);
  RunetLabelMap *fitted = runet_label_map_new (still, NULL);
  if (fitted)
    runet_resample_nearest (runet_label_map_frame (map, frame), map->grid->width,
                            map->grid->height, fitted->labels, grid->width,
                            grid->height);
  return fitted;
}

float *
runet_region_fit (const float *region, const RunetGrid *from, const RunetGrid *grid) {
  g_return_val_if_fail (region != NULL && from != NULL && grid != NULL, NULL);
  if (!runet_grid_same_extent (from, grid))
    return NULL;
  float *fitted = g_new (float, grid->width * grid->height);
  runet_resample_bilinear (region, from->width, from->height, fitted, grid->width,
                           grid->height, 1.0F);
  return fitted;
}

static void
scale_point (RunetPoint *point, double scale_x, double scale_y) {
  point->x *= scale_x;
  point->y *= scale_y;
}

RunetDiscs
runet_discs_fit (const RunetDiscs *discs,
                 const RunetGrid *from,
                 const RunetGrid *grid) {
  RunetDiscs fitted = *discs;
  const double scale_x = (double)grid->width / (double)from->width;
  const double scale_y = (double)grid->height / (double)from->height;
  scale_point (&fitted.base, scale_x, scale_y);
  scale_point (&fitted.apex, scale_x, scale_y);
  for (int side = 0; side < 2; side++) {
    scale_point (&fitted.annulus[side], scale_x, scale_y);
    for (int k = 0; k < RUNET_DISCS; k++)
      scale_point (&fitted.ends[k][side], scale_x, scale_y);
  }
  return fitted;
}

void
runet_contours_fit (const RunetContourModel *model,
                    const RunetGrid *from,
                    const RunetGrid *grid,
                    RunetContourModel *fitted) {
  const double scale_x = (double)grid->width / (double)from->width;
  const double scale_y = (double)grid->height / (double)from->height;
  *fitted = *model;
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < fitted->count[s]; i++)
      scale_point (&fitted->points[s][i], scale_x, scale_y);
}

/* H × W labels on @from. */
static guint8 *
fit_labels (GBytes *labels, const RunetGrid *from, const RunetGrid *grid) {
  guint8 *fitted = g_malloc (grid->width * grid->height);
  runet_resample_nearest (g_bytes_get_data (labels, NULL), from->width, from->height,
                          fitted, grid->width, grid->height);
  return fitted;
}

RunetCorrection *
runet_correction_fit_grid (RunetCorrection *correction, const RunetGrid *grid) {
  g_return_val_if_fail (correction != NULL && grid != NULL, NULL);
  const RunetGrid *from = correction->grid;
  if (!runet_grid_same_extent (from, grid))
    return NULL;
  if (same_size (from, grid))
    return runet_correction_ref (correction);
  g_autofree guint8 *original = fit_labels (correction->original, from, grid);
  RunetCorrection *fitted = runet_correction_new (grid, original);
  runet_contours_fit (&correction->model, from, grid, &fitted->model);
  memcpy (fitted->source, correction->source, sizeof fitted->source);
  if (correction->painted)
    fitted->painted = g_bytes_new_take (fit_labels (correction->painted, from, grid),
                                        grid->width * grid->height);
  g_array_append_vals (fitted->uncertain, correction->uncertain->data,
                       correction->uncertain->len);
  fitted->derived = correction->derived;
  return fitted;
}
