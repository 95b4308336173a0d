/* Two stages on one canvas: swipe, side by side, flicker; and the maps of an experiment. */
#include "canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Three times a second: fast enough to see what jumps, and no flash that harms. */
#define FLICKER_MS 333

/* ---- Panes ---- */

static char *
stage_title (guint stage) {
  return g_strdup_printf (_ ("Stage %u"), stage);
}

void
runet_pane_clear (RunetPane *pane) {
  g_clear_pointer (&pane->title, g_free);
}

static RunetPane
pane_init (double offset_x, double left, double right, double height, char *title) {
  return (RunetPane){
      .offset_x = offset_x,
      .clip = GRAPHENE_RECT_INIT ((float)left, 0, (float)(right - left), (float)height),
      .title = title,
  };
}

/* Of the left pane and the right one. */
static void
divide_stages (RunetPane panes[2]) {
  panes[0].hidden = 1U << RUNET_OVERLAY_STAGE2 | 1U << RUNET_OVERLAY_REGION;
  panes[1].hidden = 1U << RUNET_OVERLAY_STAGE1;
}

/* A model of one stage has nothing to compare, and who flickers sees one stage at a time. */
static RunetLayout
get_layout_shown (RunetCanvas *canvas) {
  return canvas->stages < 2 || canvas->flickering ? RUNET_LAYOUT_SINGLE
                                                  : canvas->layout;
}

static void
list_single (RunetCanvas *canvas, double width, double height, RunetPane *pane) {
  *pane = pane_init (0, 0, width, height, NULL);
  if (!canvas->flickering || canvas->stages < 2)
    return;
  gboolean last = canvas->flicker_stage == RUNET_OVERLAY_STAGE2;
  pane->title = stage_title (last ? canvas->stages : 1);
  pane->hidden = 1U << (last ? RUNET_OVERLAY_STAGE1 : RUNET_OVERLAY_STAGE2);
  pane->forced = 1U << canvas->flicker_stage;
}

static void
list_swipe (RunetCanvas *canvas, double width, double height, RunetPane panes[2]) {
  RunetSwipeDivider *divider = RUNET_SWIPE_DIVIDER (canvas->divider);
  double at = round (width * runet_swipe_divider_get_position (divider));
  gboolean given = runet_canvas_get_region (canvas) != NULL;
  char *last = given ? g_strdup_printf (_ ("Stage %u: image × region"), canvas->stages)
                     : stage_title (canvas->stages);
  panes[0] = pane_init (0, 0, at, height, g_strdup (_ ("Stage 1: the image")));
  panes[1] = pane_init (0, at, width, height, last);
  panes[1].masked = TRUE;
}

guint
runet_canvas_list_panes (RunetCanvas *canvas, RunetPane panes[2]) {
  double width = gtk_widget_get_width (GTK_WIDGET (canvas));
  double height = canvas->viewport.height;
  switch (get_layout_shown (canvas)) {
  case RUNET_LAYOUT_SIDE_BY_SIDE: {
    double half = canvas->viewport.width;
    panes[0] = pane_init (0, 0, half, height, stage_title (1));
    panes[1] = pane_init (width - half, 0, half, height, stage_title (canvas->stages));
    break;
  }
  case RUNET_LAYOUT_SWIPE:
    list_swipe (canvas, width, height, panes);
    break;
  case RUNET_LAYOUT_SINGLE:
  default:
    list_single (canvas, width, height, panes);
    return 1;
  }
  divide_stages (panes);
  return 2;
}

gboolean
runet_canvas_shows (RunetCanvas *canvas, const RunetPane *pane, RunetOverlay overlay) {
  guint bit = 1U << overlay;
  return (pane->forced & bit) != 0 ||
         (canvas->visible[overlay] && (pane->hidden & bit) == 0);
}

static gboolean
is_side_by_side (RunetCanvas *canvas) {
  return get_layout_shown (canvas) == RUNET_LAYOUT_SIDE_BY_SIDE;
}

double
runet_canvas_to_pane (RunetCanvas *canvas, double x) {
  double right = gtk_widget_get_width (GTK_WIDGET (canvas)) - canvas->viewport.width;
  return is_side_by_side (canvas) && x >= right ? x - right : x;
}

/* Side by side each pane is half the widget, less a line between them. */
void
runet_canvas_update_viewport (RunetCanvas *canvas) {
  double width = gtk_widget_get_width (GTK_WIDGET (canvas));
  canvas->viewport.width =
      is_side_by_side (canvas) ? floor (MAX (0, width - RUNET_PANE_GAP) / 2) : width;
  canvas->viewport.height = gtk_widget_get_height (GTK_WIDGET (canvas));
  gtk_widget_set_child_visible (canvas->divider,
                                get_layout_shown (canvas) == RUNET_LAYOUT_SWIPE &&
                                    canvas->image != NULL);
}

/* ---- Layout ---- */

void
runet_canvas_set_layout (RunetCanvas *canvas, RunetLayout layout) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (canvas->layout == layout)
    return;
  RunetLayout before = canvas->layout;
  canvas->layout = layout;
  gtk_widget_queue_allocate (GTK_WIDGET (canvas));
  runet_canvas_update_viewport (canvas);
  runet_canvas_invalidate (canvas);
  /* The actions of the window are these two properties. */
  if (before == RUNET_LAYOUT_SWIPE || layout == RUNET_LAYOUT_SWIPE)
    g_object_notify (G_OBJECT (canvas), "swipe");
  if (before == RUNET_LAYOUT_SIDE_BY_SIDE || layout == RUNET_LAYOUT_SIDE_BY_SIDE)
    g_object_notify (G_OBJECT (canvas), "side-by-side");
}

RunetLayout
runet_canvas_get_layout (RunetCanvas *canvas) {
  g_return_val_if_fail (RUNET_IS_CANVAS (canvas), RUNET_LAYOUT_SINGLE);
  return canvas->layout;
}

void
runet_canvas_set_stages (RunetCanvas *canvas, guint stages) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas) && stages > 0);
  if (canvas->stages == stages)
    return;
  canvas->stages = stages;
  gtk_widget_queue_allocate (GTK_WIDGET (canvas));
  runet_canvas_update_viewport (canvas);
  runet_canvas_invalidate (canvas);
}

/* ---- Flicker ---- */

static void
switch_stage (RunetCanvas *canvas) {
  canvas->flicker_stage = canvas->flicker_stage == RUNET_OVERLAY_STAGE1
                              ? RUNET_OVERLAY_STAGE2
                              : RUNET_OVERLAY_STAGE1;
}

static gboolean
flicker_cb (gpointer user_data) {
  RunetCanvas *canvas = user_data;
  switch_stage (canvas);
  runet_canvas_invalidate (canvas);
  return G_SOURCE_CONTINUE;
}

/* Who wants no animations sees one stage as long as the key is held, and the other at the next press. */
void
runet_canvas_set_flicker (RunetCanvas *canvas, gboolean flicker) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  flicker = !!flicker;
  if (canvas->flickering == flicker)
    return;
  gboolean animated;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (canvas)), "gtk-enable-animations",
                &animated, NULL);
  canvas->flickering = flicker;
  g_clear_handle_id (&canvas->flicker_id, g_source_remove);
  if (flicker && animated) {
    canvas->flicker_stage = RUNET_OVERLAY_STAGE1;
    canvas->flicker_id = g_timeout_add (FLICKER_MS, flicker_cb, canvas);
  } else if (flicker)
    switch_stage (canvas);
  gtk_widget_queue_allocate (GTK_WIDGET (canvas));
  runet_canvas_update_viewport (canvas);
  runet_canvas_invalidate (canvas);
  g_object_notify (G_OBJECT (canvas), "flicker");
}

/* ---- Disagreement ---- */

void
runet_canvas_set_disagreement_shown (RunetCanvas *canvas, gboolean shown) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  shown = !!shown;
  if (canvas->disagreement_shown == shown)
    return;
  canvas->disagreement_shown = shown;
  runet_canvas_invalidate (canvas);
  g_object_notify (G_OBJECT (canvas), "show-disagreement");
}

const RunetDisagreement *
runet_canvas_get_disagreement (RunetCanvas *canvas) {
  const RunetOutline *first = runet_canvas_get_outline (canvas, RUNET_OVERLAY_STAGE1);
  const RunetOutline *last = runet_canvas_get_outline (canvas, RUNET_OVERLAY_STAGE2);
  if (first == NULL || last == NULL)
    return NULL;
  if (canvas->disagreement != NULL &&
      runet_disagreement_is_of (canvas->disagreement, first, last))
    return canvas->disagreement;
  g_clear_pointer (&canvas->disagreement, runet_disagreement_free);
  const RunetGrid *grid = canvas->image->grid;
  gboolean spaced = runet_canvas_has_spacing (canvas);
  canvas->disagreement = runet_disagreement_new (
      first, last, spaced ? grid->spacing_x_mm : 1, spaced ? grid->spacing_y_mm : 1);
  return canvas->disagreement;
}

/* ---- Map and tag ---- */

void
runet_canvas_set_map (RunetCanvas *canvas,
                      const float *map,
                      gsize frame,
                      const char *title) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  g_return_if_fail (map == NULL || (canvas->image != NULL && title != NULL));
  runet_canvas_clear_map (canvas);
  if (map != NULL) {
    const RunetGrid *grid = canvas->image->grid;
    canvas->map = g_memdup2 (map, grid->width * grid->height * sizeof *map);
    canvas->map_title = g_strdup (title);
    canvas->map_frame = frame;
  }
  runet_canvas_invalidate (canvas);
}

void
runet_canvas_clear_map (RunetCanvas *canvas) {
  g_clear_pointer (&canvas->map, g_free);
  g_clear_pointer (&canvas->map_title, g_free);
  g_clear_pointer (&canvas->pictures[RUNET_PICTURE_MAP], cairo_surface_destroy);
}

void
runet_canvas_set_map_opacity (RunetCanvas *canvas, double opacity) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  opacity = CLAMP (opacity, 0.0, 1.0);
  if (canvas->map_opacity == opacity)
    return;
  canvas->map_opacity = opacity;
  runet_canvas_invalidate (canvas);
  g_object_notify (G_OBJECT (canvas), "map-opacity");
}

void
runet_canvas_set_tag (RunetCanvas *canvas, const char *tag) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  if (g_strcmp0 (canvas->tag, tag) == 0)
    return;
  g_free (canvas->tag);
  canvas->tag = g_strdup (tag);
  runet_canvas_update_accessible (canvas);
  runet_canvas_invalidate (canvas);
}
