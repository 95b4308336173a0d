/* What the canvas shows: an image, which frame of it, and what is said of that frame. */
#include "canvas-private.h"

#include <math.h>

const guint8 *
runet_canvas_get_labels_shown (RunetCanvas *canvas, RunetOverlay overlay) {
  RunetLabelMap *map = canvas->labels[overlay];
  if (map == NULL)
    return NULL;
  if (map->grid->frames > 1)
    return canvas->frame < map->grid->frames
               ? runet_label_map_frame (map, canvas->frame)
               : NULL;
  return canvas->labels_frame[overlay] == canvas->frame ? runet_label_map_frame (map, 0)
                                                        : NULL;
}

static void
clear_region (RunetCanvas *canvas) {
  g_clear_pointer (&canvas->region, g_bytes_unref);
  g_clear_pointer (&canvas->region_outline, runet_outline_free);
  g_clear_pointer (&canvas->pictures[RUNET_PICTURE_TINTED], cairo_surface_destroy);
  g_clear_pointer (&canvas->pictures[RUNET_PICTURE_MASKED], cairo_surface_destroy);
}

void
runet_canvas_clear_overlays (RunetCanvas *canvas) {
  for (int i = 0; i < RUNET_OVERLAYS; i++) {
    g_clear_pointer (&canvas->labels[i], runet_label_map_unref);
    g_clear_pointer (&canvas->measures[i], g_free);
  }
  g_clear_pointer (&canvas->disagreement, runet_disagreement_free);
  g_hash_table_remove_all (canvas->outlines);
  clear_region (canvas);
  runet_canvas_clear_map (canvas);
  g_clear_pointer (&canvas->reasons, g_array_unref);
}

/* 8-bit images, whatever type holds them, are shown as they are; others from darkest to brightest. */
static void
find_grey_range (RunetCanvas *canvas) {
  const RunetGrid *grid = canvas->image->grid;
  float low = 0, high = 255;
  if (grid->type != RUNET_PIXEL_UINT8) {
    gsize count = grid->width * grid->height * grid->frames;
    float least = INFINITY, most = -INFINITY;
    for (gsize i = 0; i < count; i++) {
      least = MIN (least, canvas->image->pixels[i]);
      most = MAX (most, canvas->image->pixels[i]);
    }
    if (least < 0 || most > 255 || most <= 1) {
      low = least;
      high = most > least ? most : least + 1;
    }
  }
  canvas->grey_low = low;
  canvas->grey_high = high;
}

static void
adopt_image (RunetCanvas *canvas) {
  const RunetGrid *grid = canvas->image->grid;
  RunetViewport *viewport = &canvas->viewport;
  gboolean same_size = viewport->image_width == (double)grid->width &&
                       viewport->image_height == (double)grid->height;
  gboolean spaced = isfinite (grid->spacing_x_mm) && isfinite (grid->spacing_y_mm) &&
                    grid->spacing_x_mm > 0 && grid->spacing_y_mm > 0;
  viewport->image_width = (double)grid->width;
  viewport->image_height = (double)grid->height;
  viewport->pixel_width = spaced ? grid->spacing_x_mm : 1;
  viewport->pixel_height = spaced ? grid->spacing_y_mm : 1;
  find_grey_range (canvas);
  if (same_size)
    return;
  runet_canvas_zoom_to_fit (canvas);
  runet_canvas_reset_window (canvas);
}

void
runet_canvas_set_image (RunetCanvas *canvas, RunetImage *image) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (image != NULL)
    runet_image_ref (image);
  runet_canvas_edit_clear (canvas);
  g_clear_pointer (&canvas->image, runet_image_unref);
  canvas->image = image;
  canvas->frame = 0;
  runet_canvas_clear_overlays (canvas);
  runet_canvas_clear_pictures (canvas);
  runet_canvas_update_viewport (canvas);
  if (image != NULL)
    adopt_image (canvas);
  runet_canvas_style_message (canvas);
  runet_canvas_update_accessible (canvas);
  gtk_widget_queue_allocate (GTK_WIDGET (canvas));
  runet_canvas_invalidate (canvas);
}

void
runet_canvas_set_frame (RunetCanvas *canvas, gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (canvas->image == NULL)
    return;
  frame = MIN (frame, canvas->image->grid->frames - 1);
  if (frame == canvas->frame)
    return;
  /* What is pulled there is not seen any more. */
  runet_canvas_edit_cancel (canvas);
  canvas->frame = frame;
  runet_canvas_clear_pictures (canvas);
  runet_canvas_update_accessible (canvas);
  runet_canvas_forget_scene (canvas);
}

gsize
runet_canvas_get_frame (RunetCanvas *canvas) {
  g_return_val_if_fail (RUNET_IS_CANVAS (canvas), 0);
  return canvas->frame;
}

void
runet_canvas_set_labels (RunetCanvas *canvas,
                         RunetOverlay overlay,
                         RunetLabelMap *map,
                         gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  g_return_if_fail (overlay < RUNET_OVERLAYS && overlay != RUNET_OVERLAY_REGION);
  if (map != NULL) {
    g_return_if_fail (canvas->image != NULL);
    g_return_if_fail (map->grid->width == canvas->image->grid->width);
    g_return_if_fail (map->grid->height == canvas->image->grid->height);
    runet_label_map_ref (map);
  }
  g_clear_pointer (&canvas->labels[overlay], runet_label_map_unref);
  canvas->labels[overlay] = map;
  canvas->labels_frame[overlay] = frame;
  runet_canvas_forget_scene (canvas);
}

void
runet_canvas_forget_labels (RunetCanvas *canvas, RunetLabelMap *map) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas) && map != NULL);
  /* It may be of the outlines that go. */
  g_clear_pointer (&canvas->disagreement, runet_disagreement_free);
  g_hash_table_remove (canvas->outlines, map);
}

void
runet_canvas_set_region (RunetCanvas *canvas, GBytes *region, gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (region != NULL) {
    g_return_if_fail (canvas->image != NULL);
    const RunetGrid *grid = canvas->image->grid;
    g_return_if_fail (g_bytes_get_size (region) ==
                      grid->width * grid->height * sizeof (float));
    g_bytes_ref (region);
  }
  if (region == canvas->region && frame == canvas->region_frame) {
    g_clear_pointer (&region, g_bytes_unref);
    return;
  }
  clear_region (canvas);
  canvas->region = region;
  canvas->region_frame = frame;
  runet_canvas_forget_scene (canvas);
}

const float *
runet_canvas_get_region (RunetCanvas *canvas) {
  return canvas->region != NULL && canvas->region_frame == canvas->frame
             ? g_bytes_get_data (canvas->region, NULL)
             : NULL;
}

void
runet_canvas_set_reasons (RunetCanvas *canvas, const GArray *reasons, gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  g_clear_pointer (&canvas->reasons, g_array_unref);
  if (reasons != NULL) {
    canvas->reasons =
        g_array_sized_new (FALSE, FALSE, sizeof (RunetReason), reasons->len);
    if (reasons->len > 0)
      g_array_append_vals (canvas->reasons, reasons->data, reasons->len);
  }
  canvas->reasons_frame = frame;
  runet_canvas_update_accessible (canvas);
  runet_canvas_forget_scene (canvas);
}
