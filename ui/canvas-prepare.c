/* What a frame is drawn from: its pictures at the resolution of the screen, and the outlines of its overlays. What is
 * missing of them is made by all processors at once. */
#include "canvas-private.h"

#include <string.h>
#include "core/base/pool.h"
#include "frame-picture.h"

/* Not the one that networks use: to wait for their turn would cost a frame. */
static RunetPool *
get_pool (void) {
  static RunetPool *pool;
  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, runet_pool_new (0));
  return pool;
}

/* ---- Outlines ---- */

static void
free_outline (gpointer outline) {
  runet_outline_free (outline);
}

static void
unref_label_map (gpointer map) {
  runet_label_map_unref (map);
}

GHashTable *
runet_canvas_outlines_new (void) {
  return g_hash_table_new_full (NULL, NULL, unref_label_map,
                                (GDestroyNotify)g_ptr_array_unref);
}

/* (nullable): where the outline of @overlay on the frame that is shown belongs. */
static RunetOutline **
find_outline (RunetCanvas *canvas, RunetOverlay overlay) {
  if (overlay == RUNET_OVERLAY_REGION)
    return runet_canvas_get_region (canvas) != NULL ? &canvas->region_outline : NULL;
  if (runet_canvas_get_labels_shown (canvas, overlay) == NULL)
    return NULL;
  RunetLabelMap *map = canvas->labels[overlay];
  GPtrArray *frames = g_hash_table_lookup (canvas->outlines, map);
  if (frames == NULL) {
    frames = g_ptr_array_new_with_free_func (free_outline);
    g_ptr_array_set_size (frames, (int)map->grid->frames);
    g_hash_table_insert (canvas->outlines, runet_label_map_ref (map), frames);
  }
  const gsize frame = map->grid->frames > 1 ? canvas->frame : 0;
  return (RunetOutline **)&g_ptr_array_index (frames, frame);
}

static RunetOutline *
make_outline (RunetCanvas *canvas, RunetOverlay overlay) {
  const RunetGrid *grid = canvas->image->grid;
  return overlay == RUNET_OVERLAY_REGION
             ? runet_outline_new_for_region (runet_canvas_get_region (canvas),
                                             grid->width, grid->height)
             : runet_outline_new_for_labels (
                   runet_canvas_get_labels_shown (canvas, overlay), grid->width,
                   grid->height);
}

RunetOutline *
runet_canvas_get_outline (RunetCanvas *canvas, RunetOverlay overlay) {
  RunetOutline **outline = find_outline (canvas, overlay);
  if (outline == NULL)
    return NULL;
  if (*outline == NULL)
    *outline = make_outline (canvas, overlay);
  return *outline;
}

/* The outlines to be made, and where they belong. */
typedef struct {
  RunetCanvas *canvas;
  guint count;
  RunetOverlay overlays[RUNET_OVERLAYS];
  RunetOutline **places[RUNET_OVERLAYS];
} Outlines;

static void
add_outline (Outlines *self, RunetOverlay overlay) {
  RunetOutline **place = find_outline (self->canvas, overlay);
  /* Two overlays may show the same map. */
  for (guint i = 0; i < self->count; i++)
    if (self->places[i] == place)
      return;
  if (place == NULL || *place != NULL)
    return;
  self->overlays[self->count] = overlay;
  self->places[self->count++] = place;
}

static void
make_outline_task (gsize task, guint worker, gpointer user_data) {
  const Outlines *self = user_data;
  *self->places[task] = make_outline (self->canvas, self->overlays[task]);
}

void
runet_canvas_prepare_outlines (RunetCanvas *canvas,
                               const RunetPane *panes,
                               guint count) {
  Outlines outlines = {.canvas = canvas};
  for (RunetOverlay overlay = RUNET_OVERLAY_REGION; overlay < RUNET_OVERLAYS; overlay++)
    for (guint i = 0; i < count; i++)
      if (runet_canvas_shows (canvas, &panes[i], overlay))
        add_outline (&outlines, overlay);
  runet_pool_run (get_pool (), outlines.count, make_outline_task, &outlines);
}

/* ---- Pictures ---- */

gboolean
runet_canvas_has_map (RunetCanvas *canvas) {
  return canvas->map != NULL && canvas->map_frame == canvas->frame;
}

void
runet_canvas_clear_pictures (RunetCanvas *canvas) {
  for (int i = 0; i < RUNET_PICTURES; i++)
    g_clear_pointer (&canvas->pictures[i], cairo_surface_destroy);
}

RunetPicture
runet_canvas_choose_picture (RunetCanvas *canvas, const RunetPane *pane) {
  if (canvas->bare || runet_canvas_get_region (canvas) == NULL)
    return RUNET_PICTURE_PLAIN;
  if (pane->masked)
    return RUNET_PICTURE_MASKED;
  return !runet_canvas_has_map (canvas) &&
                 runet_canvas_shows (canvas, pane, RUNET_OVERLAY_REGION)
             ? RUNET_PICTURE_TINTED
             : RUNET_PICTURE_PLAIN;
}

/* What the last stage was given: every grey value times m. */
static float *
multiply (const float *pixels, const float *region, gsize count) {
  float *product = g_new (float, count);
  for (gsize i = 0; i < count; i++)
    product[i] = pixels[i] * region[i];
  return product;
}

static cairo_surface_t *
make_picture (RunetCanvas *canvas, RunetPicture kind) {
  const RunetGrid *grid = canvas->image->grid;
  if (kind == RUNET_PICTURE_MAP)
    return runet_map_picture_new (canvas->map, grid->width, grid->height,
                                  &canvas->columns, &canvas->rows, get_pool ());
  const float *pixels = runet_image_frame (canvas->image, canvas->frame);
  const float *region = runet_canvas_get_region (canvas);
  g_autofree float *product = NULL;
  if (kind == RUNET_PICTURE_MASKED)
    pixels = product = multiply (pixels, region, grid->width * grid->height);
  return runet_frame_picture_new (pixels, kind == RUNET_PICTURE_TINTED ? region : NULL,
                                  grid->width, grid->height, &canvas->columns,
                                  &canvas->rows, canvas->window_center,
                                  canvas->window_width, get_pool ());
}

/* Other pixels of the screen show other points of the image: the pictures are void. */
static void
adopt_samples (RunetCanvas *canvas,
               const RunetSamples *columns,
               const RunetSamples *rows) {
  if (memcmp (&canvas->columns, columns, sizeof *columns) == 0 &&
      memcmp (&canvas->rows, rows, sizeof *rows) == 0)
    return;
  canvas->columns = *columns;
  canvas->rows = *rows;
  runet_canvas_clear_pictures (canvas);
}

cairo_surface_t *
runet_canvas_get_picture (RunetCanvas *canvas,
                          RunetPicture kind,
                          graphene_rect_t *bounds) {
  RunetSamples columns, rows;
  const int scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (canvas));
  if (!runet_viewport_get_samples (&canvas->viewport, scale_factor, &columns, &rows,
                                   bounds))
    return NULL;
  adopt_samples (canvas, &columns, &rows);
  if (canvas->pictures[kind] == NULL) {
    canvas->pictures[kind] = make_picture (canvas, kind);
    cairo_surface_set_device_scale (canvas->pictures[kind], scale_factor, scale_factor);
  }
  return canvas->pictures[kind];
}
