/* Lines, signs and words that can be seen on an image, be it black or bright. */
#include "canvas-edit-private.h"

#include <math.h>
#include "pill.h"

#define TAG_DISTANCE 15.0
#define TAG_PAD 5.0
#define TAG_HEIGHT 14.0
#define TEXT_DISTANCE 14.0
#define TEXT_MARGIN 4.0

const GdkRGBA runet_edit_chalk = {1, 1, 1, 1};
/* As of the ring around what has the focus. */
const GdkRGBA runet_edit_selected = {0.36f, 0.66f, 1, 1};
const GdkRGBA runet_edit_shade = {0, 0, 0, 0.65f};
/* Vermillion, as of every warning on the image. */
const GdkRGBA runet_edit_refused = {1.0f, 0.45f, 0.16f, 1};
const GdkRGBA runet_edit_halo = {1, 1, 1, 0.35f};
const GdkRGBA runet_edit_glow = {1, 1, 1, 0.4f};
static const GdkRGBA ink = {0.05f, 0.05f, 0.06f, 1};

RunetPoint
runet_edit_project (const RunetViewport *viewport, RunetPoint point) {
  runet_viewport_to_widget (viewport, point.x, point.y, &point.x, &point.y);
  return point;
}

gboolean
runet_edit_find_bounds (const RunetViewport *viewport,
                        const RunetPoint *points,
                        guint count,
                        double reach,
                        graphene_rect_t *bounds) {
  RunetPoint low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
  for (guint i = 0; i < count; i++) {
    low = (RunetPoint){fmin (low.x, points[i].x), fmin (low.y, points[i].y)};
    high = (RunetPoint){fmax (high.x, points[i].x), fmax (high.y, points[i].y)};
  }
  if (!isfinite (low.x + low.y + high.x + high.y))
    return FALSE;
  const graphene_rect_t widget =
      GRAPHENE_RECT_INIT (0, 0, (float)viewport->width, (float)viewport->height);
  *bounds = GRAPHENE_RECT_INIT ((float)low.x, (float)low.y, (float)(high.x - low.x),
                                (float)(high.y - low.y));
  graphene_rect_inset (bounds, (float)-reach, (float)-reach);
  if (!graphene_rect_intersection (bounds, &widget, bounds))
    return FALSE;
  graphene_rect_round_extents (bounds, bounds);
  return TRUE;
}

cairo_t *
runet_edit_begin (GtkSnapshot *snapshot, const graphene_rect_t *bounds) {
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);
  /* Half the time of cairo's default, and on lines this thin the same to the eye. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  return cr;
}

void
runet_edit_add_path (cairo_t *cr, const RunetPoint *points, guint count) {
  cairo_new_sub_path (cr);
  for (guint i = 0; i < count; i++)
    cairo_line_to (cr, points[i].x, points[i].y);
}

void
runet_edit_add_circle (cairo_t *cr, RunetPoint at, double radius) {
  cairo_new_sub_path (cr);
  cairo_arc (cr, at.x, at.y, radius, 0, 2 * G_PI);
}

void
runet_edit_stroke (cairo_t *cr, const GdkRGBA *color, double width) {
  gdk_cairo_set_source_rgba (cr, &runet_edit_shade);
  cairo_set_line_width (cr, width + 2 * RUNET_EDIT_CASING);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

void
runet_edit_snapshot_tag (RunetCanvas *canvas,
                         const char *text,
                         RunetPoint at,
                         GtkSnapshot *snapshot) {
  const GdkRGBA *ground = &runet_overlay_get_style (RUNET_OVERLAY_CORRECTED)->color;
  g_autoptr (PangoLayout) layout =
      runet_overlay_letter_layout_new (text, GTK_WIDGET (canvas));
  PangoRectangle extents;
  pango_layout_get_pixel_extents (layout, &extents, NULL);
  const double width = MAX (extents.width + 2 * TAG_PAD, TAG_HEIGHT);
  const graphene_rect_t place = GRAPHENE_RECT_INIT (
      (float)round (at.x - width / 2), (float)round (at.y - TAG_HEIGHT / 2),
      (float)ceil (width), (float)TAG_HEIGHT);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &place, (float)TAG_HEIGHT / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, ground, &place);
  gtk_snapshot_pop (snapshot);
  const float widths[] = {1, 1, 1, 1};
  const GdkRGBA edges[] = {ink, ink, ink, ink};
  gtk_snapshot_append_border (snapshot, &shape, widths, edges);
  runet_overlay_append_letter (text, &ink, place.origin.x + place.size.width / 2,
                               place.origin.y + place.size.height / 2,
                               GTK_WIDGET (canvas), snapshot);
}

RunetPoint
runet_edit_find_beside (const GArray *points, guint at, gboolean outside) {
  RunetPoint middle = {0, 0};
  for (guint i = 0; i < points->len; i++) {
    middle.x += g_array_index (points, RunetPoint, i).x / points->len;
    middle.y += g_array_index (points, RunetPoint, i).y / points->len;
  }
  const RunetPoint here = g_array_index (points, RunetPoint, at);
  const RunetPoint before = g_array_index (points, RunetPoint, at > 0 ? at - 1 : 0);
  const RunetPoint after =
      g_array_index (points, RunetPoint, MIN (at + 1, points->len - 1));
  const double x = after.y - before.y, y = before.x - after.x;
  const double length = fmax (hypot (x, y), 1e-9);
  const gboolean outwards = x * (here.x - middle.x) + y * (here.y - middle.y) > 0;
  const double distance = (outwards == outside ? TAG_DISTANCE : -TAG_DISTANCE) / length;
  return (RunetPoint){here.x + distance * x, here.y + distance * y};
}

void
runet_edit_snapshot_text (RunetCanvas *canvas,
                          const char *text,
                          RunetPoint at,
                          const GdkRGBA *edge,
                          GtkSnapshot *snapshot) {
  const double room = canvas->viewport.width - TEXT_MARGIN;
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  double width, height;
  runet_pill_wrap (layout, room - TEXT_MARGIN);
  runet_pill_get_size (layout, &width, &height);
  double x = at.x + TEXT_DISTANCE, y = at.y - TEXT_DISTANCE - height;
  if (x + width > room)
    x = at.x - TEXT_DISTANCE - width;
  if (y < TEXT_MARGIN)
    y = at.y + TEXT_DISTANCE;
  runet_pill_append (snapshot, layout, round (MAX (x, TEXT_MARGIN)), round (y), edge);
}
