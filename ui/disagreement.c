/* Where two stages disagree: the contour of the later one, coloured by how far the earlier one lies away,
 * and where it touches the border of its region. */
#include "disagreement.h"

#include <math.h>
#include "color-scale.h"
#include "core/shape/separation.h"
#include "core/shape/touch.h"

/* Logical pixels at no distance and at the largest one. */
#define LEAST_WIDTH 2.5
#define MOST_WIDTH 6.5
#define CASING 1.25
/* Colours along a line; neighbours of one colour are one stroke. */
#define BINS 16
/* Points closer to each other than this on the screen are left out; colours follow distances, not bends. */
#define NEAREST 1.5

/* Ticks: their length across the line, and how often they come. */
#define TICK_LENGTH 13.0
#define TICK_DASH 2.0
#define TICK_GAP 4.0

typedef struct {
  const RunetContour *contour; /* of the outline */
  double *distances; /* one a point */
} Line;

struct _RunetDisagreement {
  const RunetOutline *first, *last;
  GArray *lines; /* Line */
  double largest;
};

static void
line_clear (gpointer data) {
  g_free (((Line *)data)->distances);
}

RunetDisagreement *
runet_disagreement_new (const RunetOutline *first,
                        const RunetOutline *last,
                        double spacing_x_mm,
                        double spacing_y_mm) {
  g_return_val_if_fail (first != NULL && last != NULL, NULL);
  RunetDisagreement *self = g_new0 (RunetDisagreement, 1);
  self->first = first;
  self->last = last;
  self->largest = NAN;
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (self->lines, line_clear);
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s < RUNET_STRUCTURES; s++) {
    const GPtrArray *from = runet_outline_get_lines (last, s);
    const GPtrArray *to = runet_outline_get_lines (first, s);
    for (guint i = 0; from != NULL && to != NULL && i < from->len; i++) {
      Line line = {g_ptr_array_index (from, i), NULL};
      line.distances =
          runet_contour_separation (line.contour, to, spacing_x_mm, spacing_y_mm);
      g_array_append_val (self->lines, line);
      for (guint k = 0; k < line.contour->points->len; k++)
        self->largest = fmax (self->largest, line.distances[k]);
    }
  }
  return self;
}

void
runet_disagreement_free (RunetDisagreement *self) {
  if (self == NULL)
    return;
  g_array_unref (self->lines);
  g_free (self);
}

gboolean
runet_disagreement_is_of (const RunetDisagreement *self,
                          const RunetOutline *first,
                          const RunetOutline *last) {
  return self->first == first && self->last == last;
}

double
runet_disagreement_get_largest (const RunetDisagreement *self) {
  return self->largest;
}

/* The bin of the colour of a point, 0 … BINS - 1. */
static guint
get_bin (const Line *line, guint i) {
  double position = line->distances[i] / RUNET_DISAGREEMENT_MOST;
  return (guint)lrint ((position > 0 ? MIN (position, 1) : 0) * (BINS - 1));
}

static double
get_bin_width (guint bin) {
  return LEAST_WIDTH + (MOST_WIDTH - LEAST_WIDTH) * bin / (BINS - 1);
}

/* The points of a contour on the screen, thinned, in the order they are joined: a closed one returns to
 * its first. @indices: which points of the contour they are. */
static GArray *
project (const RunetContour *contour,
         const RunetViewport *viewport,
         GArray **indices,
         graphene_rect_t *bounds) {
  GArray *points = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  *indices = g_array_new (FALSE, FALSE, sizeof (guint));
  RunetPoint last = {INFINITY, INFINITY};
  RunetPoint low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
  guint n = contour->points->len, count = contour->closed && n > 0 ? n + 1 : n;
  for (guint k = 0; k < count; k++) {
    guint i = k % n;
    RunetPoint point = g_array_index (contour->points, RunetPoint, i);
    runet_viewport_to_widget (viewport, point.x, point.y, &point.x, &point.y);
    if (k < n && fabs (point.x - last.x) + fabs (point.y - last.y) < NEAREST)
      continue;
    last = point;
    low = (RunetPoint){MIN (low.x, point.x), MIN (low.y, point.y)};
    high = (RunetPoint){MAX (high.x, point.x), MAX (high.y, point.y)};
    g_array_append_val (points, point);
    g_array_append_val (*indices, i);
  }
  *bounds = GRAPHENE_RECT_INIT ((float)low.x, (float)low.y, (float)(high.x - low.x),
                                (float)(high.y - low.y));
  return points;
}

/* (nullable): a cairo node as large as what is drawn and seen. */
static cairo_t *
begin_node (graphene_rect_t *bounds,
            double reach,
            const RunetViewport *viewport,
            GtkSnapshot *snapshot) {
  graphene_rect_t widget =
      GRAPHENE_RECT_INIT (0, 0, (float)viewport->width, (float)viewport->height);
  graphene_rect_inset (bounds, (float)-reach, (float)-reach);
  if (!graphene_rect_intersection (bounds, &widget, bounds))
    return NULL;
  graphene_rect_round_extents (bounds, bounds);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  return cr;
}

/* Strokes runs of segments of one bin; the later point of a segment gives its bin. */
static void
stroke_runs (const Line *line,
             const GArray *points,
             const GArray *indices,
             gboolean casing,
             cairo_t *cr) {
  for (guint from = 1; from < points->len;) {
    guint bin = get_bin (line, g_array_index (indices, guint, from)), to = from;
    while (to + 1 < points->len &&
           get_bin (line, g_array_index (indices, guint, to + 1)) == bin)
      to++;
    for (guint i = from - 1; i <= to; i++) {
      const RunetPoint *point = &g_array_index (points, RunetPoint, i);
      cairo_line_to (cr, point->x, point->y);
    }
    GdkRGBA color = casing ? (GdkRGBA){0, 0, 0, 0.7f}
                           : runet_color_scale_get ((double)bin / (BINS - 1));
    gdk_cairo_set_source_rgba (cr, &color);
    cairo_set_line_width (cr, get_bin_width (bin) + (casing ? 2 * CASING : 0));
    cairo_stroke (cr);
    from = to + 1;
  }
}

void
runet_disagreement_snapshot (const RunetDisagreement *self,
                             const RunetViewport *viewport,
                             GtkSnapshot *snapshot) {
  for (guint k = 0; k < self->lines->len; k++) {
    const Line *line = &g_array_index (self->lines, Line, k);
    graphene_rect_t bounds;
    g_autoptr (GArray) indices = NULL;
    g_autoptr (GArray) points = project (line->contour, viewport, &indices, &bounds);
    if (points->len < 2)
      continue;
    cairo_t *cr = begin_node (&bounds, MOST_WIDTH / 2 + CASING + 1, viewport, snapshot);
    if (cr == NULL)
      continue;
    cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
    stroke_runs (line, points, indices, TRUE, cr);
    stroke_runs (line, points, indices, FALSE, cr);
    cairo_destroy (cr);
  }
}

/* Wide and short dashes along the line look like ticks across it. */
static void
stroke_ticks (cairo_t *cr) {
  static const GdkRGBA warning = {1.0f, 0.45f, 0.16f, 1};
  const double dash[] = {TICK_DASH, TICK_GAP};
  const double casing[] = {TICK_DASH + 2, TICK_GAP - 2};
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_dash (cr, casing, 2, 1);
  cairo_set_line_width (cr, TICK_LENGTH + 2);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &warning);
  cairo_set_dash (cr, dash, 2, 0);
  cairo_set_line_width (cr, TICK_LENGTH);
  cairo_stroke (cr);
}

static void
snapshot_touching (const RunetContour *contour,
                   const guint8 *touching,
                   const RunetViewport *viewport,
                   GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  g_autoptr (GArray) indices = NULL;
  g_autoptr (GArray) points = project (contour, viewport, &indices, &bounds);
  if (points->len < 2)
    return;
  cairo_t *cr = begin_node (&bounds, TICK_LENGTH / 2 + 2, viewport, snapshot);
  if (cr == NULL)
    return;
  for (guint from = 0; from < points->len; from++) {
    guint to = from;
    while (to < points->len && touching[g_array_index (indices, guint, to)])
      to++;
    if (to == from)
      continue;
    /* From the neighbour before to the one after: a single point has a tick as well. */
    for (guint i = from > 0 ? from - 1 : 0; i <= MIN (to, points->len - 1); i++) {
      const RunetPoint *point = &g_array_index (points, RunetPoint, i);
      cairo_line_to (cr, point->x, point->y);
    }
    stroke_ticks (cr);
    from = to;
  }
  cairo_destroy (cr);
}

void
runet_touch_snapshot (const RunetOutline *outline,
                      const float *region,
                      gsize width,
                      gsize height,
                      const RunetViewport *viewport,
                      GtkSnapshot *snapshot) {
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s < RUNET_STRUCTURES; s++) {
    const GPtrArray *lines = runet_outline_get_lines (outline, s);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
      const RunetContour *contour = g_ptr_array_index (lines, i);
      g_autofree guint8 *touching = g_malloc (contour->points->len);
      if (runet_contour_find_touching (contour, region, width, height, touching) > 0)
        snapshot_touching (contour, touching, viewport, snapshot);
    }
  }
}
