/* Why a segmentation is suspicious, written beside the spot: a marker, a leader line, a label. */
#include "callout.h"

#include <math.h>
#include "pill.h"
#include "wording.h"

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

/* Where a label stands, once that is decided. */
typedef struct {
  const RunetReason *reason;
  gboolean spot;
  double x, y; /* of the spot */
  graphene_rect_t place;
  PangoLayout *layout;
} Label;

/* FALSE when it has no room, or its spot is out of sight. */
static gboolean
place_label (Label *label,
             const RunetReason *reason,
             const RunetViewport *viewport,
             RunetPlacement *placement,
             GtkWidget *widget) {
  g_autofree char *text = runet_reason_to_brief (reason);
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (widget, text);
  double width, height;
  runet_pill_get_size (layout, &width, &height);
  label->reason = reason;
  label->spot = find_spot (reason, viewport, &label->x, &label->y);
  if (!label->spot && isfinite (reason->x) && isfinite (reason->y))
    return FALSE;
  if (!(label->spot && runet_placement_find (placement, label->x, label->y, width,
                                             height, &label->place)) &&
      !find_in_stack (placement, viewport, width, height, &label->place))
    return FALSE;
  label->layout = g_steal_pointer (&layout);
  return TRUE;
}

static void
snapshot_labels (Label *labels, guint count, GtkSnapshot *snapshot) {
  /* No line crosses a label. */
  for (guint i = 0; i < count; i++)
    if (labels[i].spot)
      snapshot_leader (labels[i].reason, labels[i].x, labels[i].y, &labels[i].place,
                       snapshot);
  for (guint i = 0; i < count; i++) {
    runet_pill_append (snapshot, labels[i].layout, labels[i].place.origin.x,
                       labels[i].place.origin.y, color_of (labels[i].reason));
    g_object_unref (labels[i].layout);
  }
}

void
runet_callouts_snapshot (const GArray *reasons,
                         const RunetViewport *viewport,
                         const graphene_rect_t *heart,
                         gboolean labelled,
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
  if (!labelled)
    return;
  g_autofree Label *labels = g_new0 (Label, reasons->len);
  guint count = 0;
  if (heart != NULL)
    runet_placement_avoid (placement, heart);
  for (guint i = 0; i < reasons->len; i++)
    count += place_label (&labels[count], &g_array_index (reasons, RunetReason, i),
                          viewport, placement, widget);
  if (heart != NULL)
    runet_placement_avoid (placement, NULL);
  snapshot_labels (labels, count, snapshot);
}
