/* Why a segmentation is suspicious, written beside the spot: a marker, a leader line, a label. */
#include "callout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "pill.h"

#define RING_RADIUS 9.0
#define CROSS_ARM 4.0
#define LINE_WIDTH 2.0
#define CASING_WIDTH 4.5
/* Reaches of one marker that nothing else may cover. */
#define MARKER_REACH (RING_RADIUS + CASING_WIDTH / 2 + 1)
/* Where labels without a spot begin, and the step to the next line tried. */
#define STACK_X 12.0
#define STACK_Y 44.0
#define STACK_STEP 4.0

/* Vermillion of Okabe and Ito's palette for what makes an outlier, and a quiet grey for notes. The
 * cross inside the ring says the same without colour. */
static const GdkRGBA warning_color = {1.0f, 0.45f, 0.16f, 1};
static const GdkRGBA note_color = {0.82f, 0.84f, 0.86f, 1};

static const GdkRGBA *
color_of (const RunetReason *reason) {
  return reason->severity == RUNET_SEVERITY_NOTE ? &note_color : &warning_color;
}

static const char *
name_of (RunetStructure structure) {
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return _ ("Endo");
  case RUNET_STRUCTURE_EPI:
    return _ ("Epi");
  case RUNET_STRUCTURE_LA:
    return _ ("LA");
  default:
    return "";
  }
}

char *
runet_callout_text_new (const RunetReason *reason) {
  const char *name = name_of (reason->structure);
  double value = reason->value, limit = reason->limit;
  switch (reason->kind) {
  case RUNET_REASON_MISSING:
    return g_strdup_printf (_ ("%s: missing"), name);
  case RUNET_REASON_CONVEXITY:
    return g_strdup_printf (_ ("%s: convexity %.3f < %.3f"), name, value, limit);
  case RUNET_REASON_SIMPLICITY:
    return g_strdup_printf (_ ("%s: simplicity %.3f < %.3f"), name, value, limit);
  case RUNET_REASON_MAD:
    return g_strdup_printf (_ ("%s: mean distance %.1f > %.1f mm"), name, value, limit);
  case RUNET_REASON_HD:
    return g_strdup_printf (_ ("%s: Hausdorff %.1f > %.1f mm"), name, value, limit);
  case RUNET_REASON_HOLES:
    return g_strdup_printf (_ ("%s: %.0f holes"), name, value);
  case RUNET_REASON_COMPONENTS:
    return g_strdup_printf (_ ("%s: %.0f pieces"), name, value);
  case RUNET_REASON_GAP:
    return g_strdup_printf (_ ("%s: gap to its neighbour"), name);
  case RUNET_REASON_LV_BACKGROUND:
    return g_strdup (_ ("LV touches the background"));
  case RUNET_REASON_MYOCARDIUM_LA:
    return g_strdup (_ ("Myocardium touches the LA"));
  case RUNET_REASON_WIDTH_RATIO:
    return g_strdup_printf (_ ("LV / myocardium width %.2f (limit %.2f)"), value,
                            limit);
  case RUNET_REASON_THICKNESS:
    return g_strdup_printf (_ ("Thinnest / thickest wall %.2f (limit %.2f)"), value,
                            limit);
  case RUNET_REASON_REGION_BORDER:
    return g_strdup_printf (_ ("%s: touches the region’s border"), name);
  default:
    return g_strdup (name);
  }
}

static gboolean
find_spot (const RunetReason *reason,
           const RunetViewport *viewport,
           double *x,
           double *y) {
  if (!isfinite (reason->x) || !isfinite (reason->y))
    return FALSE;
  runet_viewport_to_widget (viewport, reason->x, reason->y, x, y);
  return *x >= 0 && *y >= 0 && *x < viewport->width && *y < viewport->height;
}

static graphene_rect_t
marker_bounds (double x, double y) {
  return GRAPHENE_RECT_INIT (
      (float)floor (x - MARKER_REACH), (float)floor (y - MARKER_REACH),
      (float)ceil (2 * MARKER_REACH) + 1, (float)ceil (2 * MARKER_REACH) + 1);
}

/* Strokes the path of @cr in @color on a dark casing. */
static void
stroke_cased (cairo_t *cr, const GdkRGBA *color, double width) {
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.75);
  cairo_set_line_width (cr, width + CASING_WIDTH - LINE_WIDTH);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

static void
snapshot_marker (const RunetReason *reason, double x, double y, GtkSnapshot *snapshot) {
  graphene_rect_t bounds = marker_bounds (x, y);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_arc (cr, x, y, RING_RADIUS, 0, 2 * G_PI);
  if (reason->severity != RUNET_SEVERITY_NOTE) {
    cairo_move_to (cr, x - CROSS_ARM, y - CROSS_ARM);
    cairo_line_to (cr, x + CROSS_ARM, y + CROSS_ARM);
    cairo_move_to (cr, x + CROSS_ARM, y - CROSS_ARM);
    cairo_line_to (cr, x - CROSS_ARM, y + CROSS_ARM);
  }
  stroke_cased (cr, color_of (reason), LINE_WIDTH);
  cairo_destroy (cr);
}

/* From the ring to the nearest point of the label. */
static void
snapshot_leader (const RunetReason *reason,
                 double x,
                 double y,
                 const graphene_rect_t *label,
                 GtkSnapshot *snapshot) {
  double end_x = CLAMP (x, label->origin.x, label->origin.x + label->size.width);
  double end_y = CLAMP (y, label->origin.y, label->origin.y + label->size.height);
  double length = hypot (end_x - x, end_y - y);
  if (length <= RING_RADIUS)
    return;
  double start_x = x + (end_x - x) * RING_RADIUS / length;
  double start_y = y + (end_y - y) * RING_RADIUS / length;
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float)MIN (start_x, end_x), (float)MIN (start_y, end_y),
                          (float)fabs (start_x - end_x), (float)fabs (start_y - end_y));
  graphene_rect_inset (&bounds, -(float)CASING_WIDTH, -(float)CASING_WIDTH);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_move_to (cr, start_x, start_y);
  cairo_line_to (cr, end_x, end_y);
  stroke_cased (cr, color_of (reason), 1.25);
  cairo_destroy (cr);
}

/* A free line at the top left. */
static gboolean
find_in_stack (RunetPlacement *placement,
               const RunetViewport *viewport,
               double width,
               double height,
               graphene_rect_t *place) {
  for (double y = STACK_Y; y + height < viewport->height; y += STACK_STEP) {
    *place = GRAPHENE_RECT_INIT ((float)STACK_X, (float)y, (float)width, (float)height);
    if (runet_placement_claim (placement, place))
      return TRUE;
  }
  return FALSE;
}

static void
snapshot_label (const RunetReason *reason,
                const RunetViewport *viewport,
                RunetPlacement *placement,
                GtkWidget *widget,
                GtkSnapshot *snapshot) {
  g_autofree char *text = runet_callout_text_new (reason);
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (widget, text);
  graphene_rect_t place;
  double x = 0, y = 0, width, height;
  runet_pill_get_size (layout, &width, &height);
  gboolean spot = find_spot (reason, viewport, &x, &y);
  if (!spot && isfinite (reason->x) && isfinite (reason->y))
    return; /* panned out of sight */
  if (!(spot && runet_placement_find (placement, x, y, width, height, &place)) &&
      !find_in_stack (placement, viewport, width, height, &place))
    return;
  if (spot)
    snapshot_leader (reason, x, y, &place, snapshot);
  runet_pill_append (snapshot, layout, place.origin.x, place.origin.y,
                     color_of (reason));
}

void
runet_callouts_snapshot (const GArray *reasons,
                         const RunetViewport *viewport,
                         RunetPlacement *placement,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot) {
  /* All markers first: no label may cover any of them. */
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *reason = &g_array_index (reasons, RunetReason, i);
    double x, y;
    if (!find_spot (reason, viewport, &x, &y))
      continue;
    graphene_rect_t bounds = marker_bounds (x, y);
    runet_placement_occupy (placement, &bounds);
    snapshot_marker (reason, x, y, snapshot);
  }
  for (guint i = 0; i < reasons->len; i++)
    snapshot_label (&g_array_index (reasons, RunetReason, i), viewport, placement,
                    widget, snapshot);
}
