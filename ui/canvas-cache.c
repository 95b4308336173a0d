/* Scenes of a sequence's frames, drawn once and kept: a cine shows each of them many times a second.
 *
 * A scene is kept as the pixels it became, with what it was made from. Whoever shows a frame again gives the
 * canvas the same label maps and equal values, which is how the kept pixels are known to be right. Everything
 * else that changes the look of a frame clears all that is kept: see runet_canvas_invalidate(). */
#include "canvas-private.h"

#include <string.h>
#include "frame-picture.h"

/* Of one canvas: some 50 frames of 800 × 1000 pixels with their regions. When it is full the frames kept stay and no more are: to
 * drop the oldest would, in a sequence that is played round and round, drop each before it is shown again. */
#define MOST_BYTES ((gsize)256 << 20)
#define PIXEL_BYTES 4

typedef struct {
  GskRenderNode *scene;
  RunetLabelMap *labels[RUNET_OVERLAYS]; /* (nullable): of this frame, as below */
  RunetDiscs *measures[RUNET_OVERLAYS];
  GBytes *region;
  GArray *reasons;
  gboolean edited;
  gsize bytes;
} Kept;

struct _RunetCanvasCache {
  GHashTable *frames; /* frame → Kept */
  gsize bytes;
};

static void
kept_free (gpointer data) {
  Kept *kept = data;
  g_clear_pointer (&kept->scene, gsk_render_node_unref);
  for (int i = 0; i < RUNET_OVERLAYS; i++) {
    g_clear_pointer (&kept->labels[i], runet_label_map_unref);
    g_free (kept->measures[i]);
  }
  g_clear_pointer (&kept->region, g_bytes_unref);
  g_clear_pointer (&kept->reasons, g_array_unref);
  g_free (kept);
}

RunetCanvasCache *
runet_canvas_cache_new (void) {
  RunetCanvasCache *cache = g_new0 (RunetCanvasCache, 1);
  cache->frames = g_hash_table_new_full (NULL, NULL, NULL, kept_free);
  return cache;
}

void
runet_canvas_cache_free (RunetCanvasCache *cache) {
  g_hash_table_unref (cache->frames);
  g_free (cache);
}

void
runet_canvas_cache_clear (RunetCanvasCache *cache) {
  g_hash_table_remove_all (cache->frames);
  cache->bytes = 0;
}

/* ---- What a scene is made from ---- */

/* (nullable): what of @overlay is drawn on the frame that is shown. */
static RunetLabelMap *
get_labels (RunetCanvas *canvas, RunetOverlay overlay) {
  return runet_canvas_get_labels_shown (canvas, overlay) != NULL
             ? canvas->labels[overlay]
             : NULL;
}

/* Those of what is edited change all the time, and lie above the scene. */
static const RunetDiscs *
get_measures (RunetCanvas *canvas, RunetOverlay overlay) {
  return canvas->measures_frame == canvas->frame && !runet_canvas_is_edited (canvas)
             ? canvas->measures[overlay]
             : NULL;
}

static GBytes *
get_region (RunetCanvas *canvas) {
  return canvas->region_frame == canvas->frame ? canvas->region : NULL;
}

static const GArray *
get_reasons (RunetCanvas *canvas) {
  return canvas->reasons_frame == canvas->frame ? canvas->reasons : NULL;
}

static gboolean
is_equal (const void *a, const void *b, gsize bytes) {
  return a == NULL || b == NULL ? a == b : memcmp (a, b, bytes) == 0;
}

static gboolean
has_equal_region (GBytes *a, GBytes *b) {
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

static gboolean
has_equal_reasons (const GArray *a, const GArray *b) {
  if (a == NULL || b == NULL)
    return a == b;
  return a->len == b->len && is_equal (a->data, b->data, a->len * sizeof (RunetReason));
}

static gboolean
is_current (RunetCanvas *canvas, const Kept *kept) {
  for (int i = 0; i < RUNET_OVERLAYS; i++)
    if (kept->labels[i] != get_labels (canvas, i) ||
        !is_equal (kept->measures[i], get_measures (canvas, i), sizeof (RunetDiscs)))
      return FALSE;
  return kept->edited == runet_canvas_is_edited (canvas) &&
         has_equal_reasons (kept->reasons, get_reasons (canvas)) &&
         has_equal_region (kept->region, get_region (canvas));
}

/* ---- Pixels ---- */

/* @node as pixels of the screen, on the surround, within @bounds. (nullable): no memory is left. */
static GskRenderNode *
flatten (GskRenderNode *node, const graphene_rect_t *bounds, int scale_factor) {
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int)bounds->size.width * scale_factor,
      (int)bounds->size.height * scale_factor);
  GskRenderNode *flat = NULL;
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS) {
    cairo_surface_set_device_scale (surface, scale_factor, scale_factor);
    cairo_t *cr = cairo_create (surface);
    gdk_cairo_set_source_rgba (cr, &runet_canvas_surround);
    cairo_paint (cr);
    cairo_translate (cr, -bounds->origin.x, -bounds->origin.y);
    gsk_render_node_draw (node, cr);
    cairo_destroy (cr);
    cairo_surface_flush (surface);
    GtkSnapshot *snapshot = gtk_snapshot_new ();
    runet_picture_snapshot (surface, 1, bounds, snapshot);
    flat = gtk_snapshot_free_to_node (snapshot);
  }
  cairo_surface_destroy (surface);
  return flat;
}

static Kept *
keep (RunetCanvas *canvas, GskRenderNode *scene, gsize bytes) {
  Kept *kept = g_new0 (Kept, 1);
  kept->scene = gsk_render_node_ref (scene);
  kept->bytes = bytes;
  kept->edited = runet_canvas_is_edited (canvas);
  for (int i = 0; i < RUNET_OVERLAYS; i++) {
    RunetLabelMap *labels = get_labels (canvas, i);
    kept->labels[i] = labels != NULL ? runet_label_map_ref (labels) : NULL;
    kept->measures[i] = g_memdup2 (get_measures (canvas, i), sizeof (RunetDiscs));
  }
  GBytes *region = get_region (canvas);
  kept->region = region != NULL ? g_bytes_ref (region) : NULL;
  const GArray *reasons = get_reasons (canvas);
  kept->reasons = reasons != NULL ? g_array_copy ((GArray *)reasons) : NULL;
  return kept;
}

GskRenderNode *
runet_canvas_recall_scene (RunetCanvas *canvas) {
  const Kept *kept =
      g_hash_table_lookup (canvas->cache->frames, GSIZE_TO_POINTER (canvas->frame));
  return !canvas->bare && kept != NULL && is_current (canvas, kept)
             ? gsk_render_node_ref (kept->scene)
             : NULL;
}

GskRenderNode *
runet_canvas_keep_scene (RunetCanvas *canvas, GskRenderNode *scene) {
  RunetCanvasCache *cache = canvas->cache;
  graphene_rect_t bounds, widget;
  const int scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (canvas));
  /* A still is shown once, unless it is what lies under a contour that is pulled. */
  if (scene == NULL || canvas->bare ||
      (canvas->image->grid->frames < 2 && !runet_canvas_is_edited (canvas)))
    return scene;
  graphene_rect_init (&widget, 0, 0, (float)gtk_widget_get_width (GTK_WIDGET (canvas)),
                      (float)gtk_widget_get_height (GTK_WIDGET (canvas)));
  gsk_render_node_get_bounds (scene, &bounds);
  graphene_rect_round_extents (&bounds, &bounds);
  if (!graphene_rect_intersection (&bounds, &widget, &bounds))
    return scene;

  gpointer key = GSIZE_TO_POINTER (canvas->frame);
  GBytes *region = get_region (canvas);
  const Kept *before = g_hash_table_lookup (cache->frames, key);
  const gsize bytes = (gsize)(bounds.size.width * bounds.size.height) * PIXEL_BYTES *
                          (gsize)(scale_factor * scale_factor) +
                      (region != NULL ? g_bytes_get_size (region) : 0);
  const gsize others = cache->bytes - (before != NULL ? before->bytes : 0);
  const gboolean fits = others + bytes <= MOST_BYTES;
  if (!fits && !runet_canvas_is_edited (canvas))
    return scene;
  GskRenderNode *flat = flatten (scene, &bounds, scale_factor);
  if (flat == NULL)
    return scene;
  gsk_render_node_unref (scene);
  scene = flat;
  if (!fits)
    return scene;
  g_hash_table_replace (cache->frames, key, keep (canvas, scene, bytes));
  cache->bytes = others + bytes;
  return scene;
}
