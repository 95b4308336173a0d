/* The outlines that are drawn over an image: their paths, and the style of each overlay. */
#include "outline.h"

#include <math.h>

/* The casing is wider than the line by this much on either side. */
#define CASING 1.25
/* Points are left out while the line stays this near to them on the screen: nobody sees them, and cairo pays for
 * them. */
#define NEAREST 0.2
#define TAG_RADIUS 7.0
#define LETTER_SIZE 10.0
/* Places along a line that are tried for its tag. */
#define TAG_PLACES 48

static const RunetOverlayStyle styles[RUNET_OVERLAYS] = {
    [RUNET_OVERLAY_REGION] =
        {
            .color = {0.80f, 0.475f, 0.655f, 1}, /* reddish purple */
            .dash = {12, 4, 2, 4},
            .dashes = 4,
            .line_width = 1.5,
            .letter = "R",
            .tag_x = -0.2,
            .tag_y = -1,
        },
    [RUNET_OVERLAY_STAGE1] =
        {
            .color = {0.90f, 0.624f, 0, 1}, /* orange */
            .dash = {7, 6},
            .dashes = 2,
            .line_width = 2,
            .letter = "1",
            .tag_x = -1,
            .tag_y = 0.1,
        },
    [RUNET_OVERLAY_STAGE2] =
        {
            .color = {0.337f, 0.706f, 0.914f, 1}, /* sky blue */
            .dashes = 0,
            .line_width = 2,
            .letter = "2",
            .tag_x = 1,
            .tag_y = -0.1,
        },
    [RUNET_OVERLAY_EXPERT] =
        {
            .color = {0.941f, 0.894f, 0.259f, 1}, /* yellow */
            .dash = {0.01, 5},
            .dashes = 2,
            .line_width = 2.8,
            .letter = "E",
            .tag_x = 1,
            .tag_y = 0.7,
        },
    [RUNET_OVERLAY_CORRECTED] =
        {
            .color = {0.30f, 0.86f, 0.62f,
                      1}, /* bluish green, brighter than the palette's */
            .dash = {16, 4},
            .dashes = 2,
            .line_width = 2,
            .letter = "C",
            .tag_x = -1,
            .tag_y = -0.5,
        },
};

struct _RunetOutline {
  GPtrArray *lines[RUNET_STRUCTURES]; /* (nullable) (element-type RunetContour) */
};

const RunetOverlayStyle *
runet_overlay_get_style (RunetOverlay overlay) {
  g_return_val_if_fail (overlay < RUNET_OVERLAYS, NULL);
  return &styles[overlay];
}

void
runet_overlay_stroke (RunetOverlay overlay, cairo_t *cr) {
  const RunetOverlayStyle *style = &styles[overlay];
  /* Half the time of cairo's default, and on lines this thin the same to the eye. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_dash (cr, style->dash, style->dashes, 0);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, style->line_width + 2 * CASING);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &style->color);
  cairo_set_line_width (cr, style->line_width);
  cairo_stroke (cr);
}

PangoLayout *
runet_overlay_letter_layout_new (const char *letter, GtkWidget *widget) {
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, letter);
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (
      pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, LETTER_SIZE * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  return layout;
}

void
runet_overlay_append_letter (const char *letter,
                             const GdkRGBA *ink,
                             double x,
                             double y,
                             GtkWidget *widget,
                             GtkSnapshot *snapshot) {
  g_autoptr (PangoLayout) layout = runet_overlay_letter_layout_new (letter, widget);
  PangoRectangle extents;
  pango_layout_get_pixel_extents (layout, &extents, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float)x - extents.x - extents.width / 2.0f,
                                      (float)y - extents.y - extents.height / 2.0f));
  gtk_snapshot_append_layout (snapshot, layout, ink);
  gtk_snapshot_restore (snapshot);
}

RunetOutline *
runet_outline_new_for_labels (const guint8 *labels, gsize width, gsize height) {
  RunetOutline *outline = g_new0 (RunetOutline, 1);
  g_autofree guint8 *mask = g_malloc (width * height);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    if (runet_mask_from_labels (labels, width, height, s, mask) > 0)
      outline->lines[s] = runet_contours_of_mask (mask, width, height);
  return outline;
}

RunetOutline *
runet_outline_new_for_region (const float *region, gsize width, gsize height) {
  RunetOutline *outline = g_new0 (RunetOutline, 1);
  outline->lines[0] = runet_contours_of_field (region, width, height, 0.5f);
  return outline;
}

void
runet_outline_free (RunetOutline *outline) {
  if (outline == NULL)
    return;
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    g_clear_pointer (&outline->lines[s], g_ptr_array_unref);
  g_free (outline);
}

const GPtrArray *
runet_outline_get_lines (const RunetOutline *outline, RunetStructure structure) {
  g_return_val_if_fail (outline != NULL && structure < RUNET_STRUCTURES, NULL);
  return outline->lines[structure];
}

/* Directions in which a straight line from a point passes all that came after it at less than NEAREST: from
 * @middle - @below to @middle + @above, in radians. */
typedef struct {
  double middle, below, above;
} Sleeve;

/* Whether a line to @to, @dx and @dy away, is in the sleeve, which is narrowed so that it passes @to as well. */
static gboolean
narrow (Sleeve *sleeve, double dx, double dy) {
  const double distance = hypot (dx, dy);
  if (distance <= NEAREST)
    return TRUE;
  const double direction = atan2 (dy, dx), width = asin (NEAREST / distance);
  if (!isfinite (sleeve->below)) {
    *sleeve = (Sleeve){direction, width, width};
    return TRUE;
  }
  const double turn = remainder (direction - sleeve->middle, 2 * G_PI);
  const gboolean inside = turn >= -sleeve->below && turn <= sleeve->above;
  sleeve->below = MIN (sleeve->below, width - turn);
  sleeve->above = MIN (sleeve->above, width + turn);
  return inside;
}

/* The points of @contour on the screen; their bounding box in @bounds. */
static GArray *
project (const RunetContour *contour,
         const RunetViewport *viewport,
         graphene_rect_t *bounds) {
  const guint count = contour->points->len;
  GArray *points = g_array_sized_new (FALSE, FALSE, sizeof (RunetPoint), count);
  double scale_x, scale_y, left, top;
  runet_viewport_get_scale (viewport, &scale_x, &scale_y);
  runet_viewport_to_widget (viewport, 0, 0, &left, &top);
  RunetPoint low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
  for (guint i = 0; i < count; i++) {
    RunetPoint point = g_array_index (contour->points, RunetPoint, i);
    point.x = left + point.x * scale_x;
    point.y = top + point.y * scale_y;
    low = (RunetPoint){MIN (low.x, point.x), MIN (low.y, point.y)};
    high = (RunetPoint){MAX (high.x, point.x), MAX (high.y, point.y)};
    g_array_append_val (points, point);
  }
  *bounds = GRAPHENE_RECT_INIT ((float)low.x, (float)low.y, (float)(high.x - low.x),
                                (float)(high.y - low.y));
  return points;
}

/* Adds the line through @points to the path of @cr, without those that nobody would miss. */
static void
add_line (cairo_t *cr, const GArray *points) {
  static const Sleeve open = {0, INFINITY, INFINITY};
  const RunetPoint *all = (const RunetPoint *)(void *)points->data;
  Sleeve sleeve = open;
  guint from = 0;
  cairo_move_to (cr, all[0].x, all[0].y);
  for (guint i = 1; i < points->len; i++) {
    if (narrow (&sleeve, all[i].x - all[from].x, all[i].y - all[from].y))
      continue;
    from = i - 1;
    cairo_line_to (cr, all[from].x, all[from].y);
    sleeve = open;
    narrow (&sleeve, all[i].x - all[from].x, all[i].y - all[from].y);
  }
  cairo_line_to (cr, all[points->len - 1].x, all[points->len - 1].y);
}

gboolean
runet_outline_get_bounds (const RunetOutline *outline,
                          const RunetViewport *viewport,
                          graphene_rect_t *bounds) {
  gboolean any = FALSE;
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; outline->lines[s] != NULL && i < outline->lines[s]->len; i++) {
      graphene_rect_t one;
      g_autoptr (GArray) points =
          project (g_ptr_array_index (outline->lines[s], i), viewport, &one);
      if (any)
        graphene_rect_union (bounds, &one, bounds);
      else
        *bounds = one;
      any = TRUE;
    }
  return any;
}

static void
snapshot_line (const RunetContour *contour,
               RunetOverlay overlay,
               const RunetViewport *viewport,
               GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  g_autoptr (GArray) points = project (contour, viewport, &bounds);
  if (points->len < 2)
    return;
  float reach = (float)(styles[overlay].line_width / 2 + CASING + 1);
  graphene_rect_t widget = GRAPHENE_RECT_INIT (0, 0, viewport->width, viewport->height);
  graphene_rect_inset (&bounds, -reach, -reach);
  if (!graphene_rect_intersection (&bounds, &widget, &bounds))
    return;

  graphene_rect_round_extents (&bounds, &bounds);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  add_line (cr, points);
  if (contour->closed)
    cairo_close_path (cr);
  runet_overlay_stroke (overlay, cr);
  cairo_destroy (cr);
}

void
runet_outline_snapshot (const RunetOutline *outline,
                        RunetOverlay overlay,
                        const RunetViewport *viewport,
                        GtkSnapshot *snapshot) {
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; outline->lines[s] != NULL && i < outline->lines[s]->len; i++)
      snapshot_line (g_ptr_array_index (outline->lines[s], i), overlay, viewport,
                     snapshot);
}

static void
snapshot_tag (const RunetOverlayStyle *style,
              const graphene_rect_t *place,
              GtkWidget *widget,
              GtkSnapshot *snapshot) {
  static const GdkRGBA dark = {0.05f, 0.05f, 0.06f, 1};
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, place, (float)TAG_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &style->color, place);
  gtk_snapshot_pop (snapshot);
  const float widths[] = {1, 1, 1, 1};
  const GdkRGBA edges[] = {dark, dark, dark, dark};
  gtk_snapshot_append_border (snapshot, &shape, widths, edges);

  graphene_point_t middle;
  graphene_rect_get_center (place, &middle);
  runet_overlay_append_letter (style->letter, &dark, middle.x, middle.y, widget,
                               snapshot);
}

typedef struct {
  RunetPoint point;
  double score; /* how far it lies in the wanted direction */
} TagPlace;

static int
compare_places (const void *a, const void *b) {
  const TagPlace *p = a, *q = b;
  return (p->score < q->score) - (p->score > q->score);
}

/* Places along the line, best direction first; returns how many. */
static guint
rank_places (const GArray *points,
             const graphene_rect_t *bounds,
             const RunetOverlayStyle *style,
             TagPlace *places) {
  double middle_x = bounds->origin.x + bounds->size.width / 2;
  double middle_y = bounds->origin.y + bounds->size.height / 2;
  guint count = MIN (points->len, TAG_PLACES);
  for (guint i = 0; i < count; i++) {
    RunetPoint point = g_array_index (points, RunetPoint, i * points->len / count);
    double dx = (point.x - middle_x) / MAX (bounds->size.width, 1);
    double dy = (point.y - middle_y) / MAX (bounds->size.height, 1);
    double turn = atan2 (dy, dx) - atan2 (style->tag_y, style->tag_x);
    places[i] = (TagPlace){point, cos (turn)};
  }
  qsort (places, count, sizeof *places, compare_places);
  return count;
}

void
runet_outline_snapshot_tags (const RunetOutline *outline,
                             RunetOverlay overlay,
                             const RunetViewport *viewport,
                             RunetPlacement *placement,
                             GtkWidget *widget,
                             GtkSnapshot *snapshot) {
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    if (outline->lines[s] == NULL || outline->lines[s]->len == 0)
      continue;
    graphene_rect_t bounds;
    TagPlace places[TAG_PLACES];
    g_autoptr (GArray) points =
        project (g_ptr_array_index (outline->lines[s], 0), viewport, &bounds);
    guint count = rank_places (points, &bounds, &styles[overlay], places);
    for (guint i = 0; i < count; i++) {
      graphene_rect_t place = GRAPHENE_RECT_INIT (
          round (places[i].point.x - TAG_RADIUS),
          round (places[i].point.y - TAG_RADIUS), 2 * TAG_RADIUS, 2 * TAG_RADIUS);
      if (!runet_placement_claim (placement, &place))
        continue;
      snapshot_tag (&styles[overlay], &place, widget, snapshot);
      break;
    }
  }
}
