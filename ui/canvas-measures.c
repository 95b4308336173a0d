/* What Simpson's method measures of the frame that is shown, drawn on it: the annulus, the long axis, the
 * apex and the discs. */
#include "canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "pill.h"
#include "wording.h"

/* Thin, so that the speckle under twenty lines is still read. */
#define LINE_WIDTH 1.0
#define AXIS_WIDTH 1.6
#define CASING 0.75
#define POINT_RADIUS 3.5
/* The text stands this far beyond the apex, clear of the discs. */
#define TEXT_DISTANCE 16.0
/* Where it stands when there is no axis to put it beside. */
#define TEXT_LEFT 16.0
#define TEXT_TOP 16.0

static const GdkRGBA shade = {0, 0, 0, 0.5f};

void
runet_canvas_set_measures (RunetCanvas *canvas,
                           RunetOverlay overlay,
                           const RunetDiscs *discs,
                           gsize frame) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  g_return_if_fail (overlay < RUNET_OVERLAYS && overlay != RUNET_OVERLAY_REGION);
  g_clear_pointer (&canvas->measures[overlay], g_free);
  if (discs != NULL)
    canvas->measures[overlay] = g_memdup2 (discs, sizeof *discs);
  canvas->measures_frame = frame;
  if (!canvas->show_measures)
    return;
  if (runet_canvas_is_edited (canvas))
    gtk_widget_queue_draw (GTK_WIDGET (canvas));
  else
    runet_canvas_forget_scene (canvas);
}

/* @pane: (nullable): the whole canvas. */
static gboolean
may_show (RunetCanvas *canvas,
          const RunetPane *pane,
          RunetOverlay overlay,
          gboolean all) {
  if (pane == NULL)
    return all || canvas->visible[overlay];
  return runet_canvas_shows (canvas, pane, overlay) ||
         (all && (pane->hidden & 1U << overlay) == 0);
}

/* The correction's; else the last stage's; stage 1's or the expert's when of the contours only those are shown; with no
 * contour at all the last stage's again. */
static gboolean
choose_overlay (RunetCanvas *canvas, const RunetPane *pane, RunetOverlay *chosen) {
  static const RunetOverlay order[] = {RUNET_OVERLAY_CORRECTED, RUNET_OVERLAY_STAGE2,
                                       RUNET_OVERLAY_STAGE1, RUNET_OVERLAY_EXPERT};
  gboolean none = TRUE;
  /* Most frames have no correction that could be shown. */
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    none &= !canvas->visible[order[i]] ||
            (order[i] == RUNET_OVERLAY_CORRECTED && canvas->measures[order[i]] == NULL);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (may_show (canvas, pane, order[i], none) && canvas->measures[order[i]] != NULL) {
      *chosen = order[i];
      return TRUE;
    }
  return FALSE;
}

static RunetPoint
project (const RunetViewport *viewport, RunetPoint point) {
  RunetPoint on_screen;
  runet_viewport_to_widget (viewport, point.x, point.y, &on_screen.x, &on_screen.y);
  return on_screen;
}

static RunetDiscs
project_discs (const RunetViewport *viewport, const RunetDiscs *discs) {
  RunetDiscs projected = *discs;
  projected.base = project (viewport, discs->base);
  projected.apex = project (viewport, discs->apex);
  for (int side = 0; side < 2; side++) {
    projected.annulus[side] = project (viewport, discs->annulus[side]);
    for (int k = 0; k < RUNET_DISCS; k++)
      projected.ends[k][side] = project (viewport, discs->ends[k][side]);
  }
  return projected;
}

static void
widen (graphene_rect_t *bounds, RunetPoint point) {
  graphene_rect_expand (bounds, &GRAPHENE_POINT_INIT ((float)point.x, (float)point.y),
                        bounds);
}

/* The part of the widget that the lines take. FALSE when they are out of sight. */
static gboolean
find_bounds (const RunetDiscs *discs,
             const RunetViewport *viewport,
             graphene_rect_t *bounds) {
  *bounds = GRAPHENE_RECT_INIT ((float)discs->base.x, (float)discs->base.y, 0, 0);
  widen (bounds, discs->apex);
  for (int side = 0; side < 2; side++) {
    widen (bounds, discs->annulus[side]);
    for (int k = 0; k < RUNET_DISCS; k++)
      widen (bounds, discs->ends[k][side]);
  }
  const float reach = POINT_RADIUS + CASING + 1;
  const graphene_rect_t widget =
      GRAPHENE_RECT_INIT (0, 0, (float)viewport->width, (float)viewport->height);
  graphene_rect_inset (bounds, -reach, -reach);
  if (!graphene_rect_intersection (bounds, &widget, bounds))
    return FALSE;
  graphene_rect_round_extents (bounds, bounds);
  return TRUE;
}

static void
add_line (cairo_t *cr, RunetPoint from, RunetPoint to) {
  cairo_move_to (cr, from.x, from.y);
  cairo_line_to (cr, to.x, to.y);
}

static void
stroke (cairo_t *cr, const GdkRGBA *color, double width) {
  gdk_cairo_set_source_rgba (cr, &shade);
  cairo_set_line_width (cr, width + 2 * CASING);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

/* The annulus has two round ends, the apex a square one. */
static void
draw_points (cairo_t *cr, const RunetDiscs *discs, const GdkRGBA *color) {
  for (int side = 0; side < 2; side++) {
    cairo_new_sub_path (cr);
    cairo_arc (cr, discs->annulus[side].x, discs->annulus[side].y, POINT_RADIUS, 0,
               2 * G_PI);
  }
  cairo_rectangle (cr, discs->apex.x - POINT_RADIUS, discs->apex.y - POINT_RADIUS,
                   2 * POINT_RADIUS, 2 * POINT_RADIUS);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.8);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
snapshot_lines (const RunetDiscs *discs,
                const GdkRGBA *color,
                const RunetViewport *viewport,
                GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  if (!find_bounds (discs, viewport, &bounds))
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int k = 0; k < RUNET_DISCS; k++)
    add_line (cr, discs->ends[k][0], discs->ends[k][1]);
  stroke (cr, color, LINE_WIDTH);
  add_line (cr, discs->base, discs->apex);
  add_line (cr, discs->annulus[0], discs->annulus[1]);
  stroke (cr, color, AXIS_WIDTH);
  draw_points (cr, discs, color);
  cairo_destroy (cr);
}

/* "2: long axis 82.1 mm, area 34.2 cm²", or why there is none. */
static char *
describe (RunetOverlay overlay, const RunetDiscs *discs) {
  const char *letter = runet_overlay_get_style (overlay)->letter;
  if (discs->state == RUNET_DISCS_FOUND)
    return g_strdup_printf (_ ("%s: long axis %.1f mm, area %.1f cm²"), letter,
                            discs->length_mm, discs->area_mm2 / 100);
  return g_strdup_printf ("%s: %s", letter, runet_discs_state_words (discs->state));
}

static gboolean
has_measures (RunetCanvas *canvas) {
  return canvas->show_measures && canvas->image != NULL &&
         canvas->measures_frame == canvas->frame;
}

char *
runet_canvas_describe_measures (RunetCanvas *canvas) {
  RunetOverlay overlay;
  if (!has_measures (canvas) || !choose_overlay (canvas, NULL, &overlay))
    return NULL;
  return describe (overlay, canvas->measures[overlay]);
}

static RunetPoint
find_text_place (const RunetDiscs *discs) {
  if (discs->state != RUNET_DISCS_FOUND)
    return (RunetPoint){TEXT_LEFT, TEXT_TOP};
  const double dx = discs->apex.x - discs->base.x, dy = discs->apex.y - discs->base.y;
  const double length = fmax (hypot (dx, dy), 1);
  return (RunetPoint){discs->apex.x + TEXT_DISTANCE * dx / length,
                      discs->apex.y + TEXT_DISTANCE * dy / length};
}

void
runet_canvas_snapshot_measures (RunetCanvas *canvas,
                                const RunetPane *pane,
                                RunetPlacement *placement,
                                GtkSnapshot *snapshot) {
  RunetOverlay overlay;
  if (!has_measures (canvas) || !choose_overlay (canvas, pane, &overlay))
    return;
  g_autofree char *text = describe (overlay, canvas->measures[overlay]);
  const RunetDiscs discs = project_discs (&canvas->viewport, canvas->measures[overlay]);
  const GdkRGBA *color = &runet_overlay_get_style (overlay)->color;
  if (discs.state == RUNET_DISCS_FOUND)
    snapshot_lines (&discs, color, &canvas->viewport, snapshot);

  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  double width, height;
  graphene_rect_t place;
  runet_pill_get_size (layout, &width, &height);
  const RunetPoint at = find_text_place (&discs);
  graphene_rect_init (&place, (float)round (at.x - width / 2),
                      (float)round (at.y - height / 2), (float)width, (float)height);
  if (runet_placement_claim (placement, &place) ||
      runet_placement_find (placement, at.x, at.y, width, height, &place))
    runet_pill_append (snapshot, layout, place.origin.x, place.origin.y, color);
}
