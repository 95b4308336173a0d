/* A segmentation: one label a pixel, on the grid of the image it belongs to. */
#include "label-map.h"

#include <string.h>

#include "file.h"
#include "image-private.h"

RunetLabelMap *
runet_label_map_new (RunetGrid *grid, GError **error) {
  g_return_val_if_fail (grid != NULL, NULL);
  gsize count;
  guint8 *labels = NULL;
  if (runet_grid_count_pixels (grid, &count))
    labels = g_try_malloc0 (count);
  if (labels == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "memory for %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT " labels is not to be had",
                 grid->width, grid->height, grid->frames);
    return NULL;
  }
  RunetLabelMap *map = g_new0 (RunetLabelMap, 1);
  g_atomic_ref_count_init (&map->references);
  map->grid = runet_grid_ref (grid);
  map->labels = labels;
  return map;
}

RunetLabelMap *
runet_label_map_ref (RunetLabelMap *map) {
  g_return_val_if_fail (map != NULL, NULL);
  g_atomic_ref_count_inc (&map->references);
  return map;
}

void
runet_label_map_unref (RunetLabelMap *map) {
  if (map == NULL || !g_atomic_ref_count_dec (&map->references))
    return;
  runet_grid_unref (map->grid);
  g_free (map->labels);
  g_free (map);
}

const guint8 *
runet_label_map_frame (const RunetLabelMap *map, gsize frame) {
  g_return_val_if_fail (map != NULL && frame < map->grid->frames, NULL);
  return map->labels + frame * map->grid->height * map->grid->width;
}

RunetLabelMap *
runet_label_map_extract (const RunetLabelMap *map, gsize frame, GError **error) {
  g_return_val_if_fail (map != NULL && frame < map->grid->frames, NULL);
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (map->grid, 1);
  RunetLabelMap *still = runet_label_map_new (grid, error);
  if (still != NULL)
    memcpy (still->labels, runet_label_map_frame (map, frame),
            grid->height * grid->width);
  return still;
}

/* FALSE when a value is not a label. It compares with all four and stops nowhere, so that several pixels
 * are converted at once. */
static gboolean
convert (const float *restrict pixels, gsize count, guint8 *restrict labels) {
  gint32 all = -1;
  for (gsize i = 0; i < count; i++) {
    gint32 is_lv = -(gint32)(pixels[i] == RUNET_LABEL_LV);
    gint32 is_myocardium = -(gint32)(pixels[i] == RUNET_LABEL_MYOCARDIUM);
    gint32 is_la = -(gint32)(pixels[i] == RUNET_LABEL_LA);
    gint32 is_background = -(gint32)(pixels[i] == RUNET_LABEL_BACKGROUND);
    labels[i] =
        (guint8)((is_lv & RUNET_LABEL_LV) | (is_myocardium & RUNET_LABEL_MYOCARDIUM) |
                 (is_la & RUNET_LABEL_LA));
    all &= is_background | is_lv | is_myocardium | is_la;
  }
  return all != 0;
}

RunetLabelMap *
runet_label_map_read (const char *path, GCancellable *cancellable, GError **error) {
  g_autoptr (RunetImage) image =
      runet_pixels_read (path, RUNET_CONTENT_LABELS, cancellable, error);
  if (image == NULL)
    return NULL;
  g_autoptr (RunetLabelMap) map = runet_label_map_new (image->grid, error);
  if (map == NULL)
    return NULL;
  const RunetGrid *grid = image->grid;
  gsize count = grid->frames * grid->height * grid->width;
  if (convert (image->pixels, count, map->labels))
    return g_steal_pointer (&map);
  gsize i = 0;
  while (image->pixels[i] == (float)map->labels[i])
    i++;
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected labels 0 to 3, found %g at column %" G_GSIZE_FORMAT
                    ", row %" G_GSIZE_FORMAT ", frame %" G_GSIZE_FORMAT,
                    (double)image->pixels[i], i % grid->width,
                    i / grid->width % grid->height, i / grid->width / grid->height + 1);
  return NULL;
}

gboolean
runet_label_map_write (const RunetLabelMap *map, const char *path, GError **error) {
  g_return_val_if_fail (map != NULL && path != NULL, FALSE);
  gsize count = map->grid->frames * map->grid->height * map->grid->width;
  g_autofree float *pixels = g_try_new (float, count);
  if (pixels == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " pixels is not to be had", count);
    return FALSE;
  }
  for (gsize i = 0; i < count; i++)
    pixels[i] = map->labels[i];
  return runet_pixels_write (map->grid, pixels, RUNET_CONTENT_LABELS, path, error);
}
