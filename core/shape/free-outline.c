/* Cuts the outlines of the structures at the mitral base.
 *
 * Where the myocardium does not say where the base is, it is the end of the structure that looks at its neighbour, or
 * the flatter of its two ends. Directions and distances are in mm, since pixels need not be square. */
#include "free-outline.h"

#include <math.h>

#include "discs.h"
#include "outline-corner.h"

/* A structure of fewer pixels has no shape. */
#define LEAST_PIXELS 9
/* In pixels: how far the end of a base may be from the corner: as far as runet_long_axis_find() feels the wall. */
#define CORNER_REACH 2
/* A line of more points says no more: 300 mm in steps of half a millimetre. */
#define MOST_POINTS 600

/* The part of a label map that holds the heart. */
typedef struct {
  RunetBounds box;
  gsize width, height;
  guint8 *labels; /* H × W of the box */
  RunetPoint spacing;
  RunetContour *outline[RUNET_STRUCTURES]; /* closed; NULL when it is not there */
} Heart;

static void
heart_clear (Heart *heart) {
  g_free (heart->labels);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_clear_pointer (&heart->outline[s], runet_contour_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heart, heart_clear)

static const RunetPoint *
get_points (const RunetContour *outline) {
  return (const RunetPoint *)(gconstpointer)outline->points->data;
}

/* Twice, and positive for the outer outline. */
static double
get_area (const RunetContour *outline) {
  const RunetPoint *p = get_points (outline);
  const guint n = outline->points->len;
  double area = 0;
  for (guint i = 0; i < n; i++)
    area += p[i].x * p[(i + 1) % n].y - p[(i + 1) % n].x * p[i].y;
  return area;
}

/* Of the largest component, without its holes. */
static RunetContour *
trace (const Heart *heart, RunetStructure structure) {
  const gsize w = heart->width, h = heart->height;
  g_autofree guint8 *mask = g_new (guint8, w * h);
  if (runet_mask_from_labels (heart->labels, w, h, structure, mask) < LEAST_PIXELS)
    return NULL;
  runet_mask_keep_largest (mask, w, h);
  if (runet_mask_area (mask, w * h) < LEAST_PIXELS)
    return NULL;
  g_autoptr (GPtrArray) lines = runet_contours_of_mask (mask, w, h);
  guint largest = 0;
  for (guint i = 1; i < lines->len; i++)
    if (get_area (lines->pdata[i]) > get_area (lines->pdata[largest]))
      largest = i;
  return g_ptr_array_steal_index (lines, largest);
}

static gboolean
heart_init (Heart *heart, const guint8 *labels, gsize width, gsize height) {
  g_autofree guint8 *mask = g_new (guint8, width * height);
  for (gsize i = 0; i < width * height; i++)
    mask[i] = labels[i] >= RUNET_LABEL_LV && labels[i] <= RUNET_LABEL_LA;
  if (!runet_mask_bounds (mask, width, height, &heart->box))
    return FALSE;
  heart->width = heart->box.x1 - heart->box.x0;
  heart->height = heart->box.y1 - heart->box.y0;
  heart->labels = g_new (guint8, heart->width * heart->height);
  runet_mask_crop (labels, width, heart->box, heart->labels);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    heart->outline[s] = trace (heart, s);
  return TRUE;
}

static RunetPoint
get_direction (RunetPoint from, RunetPoint to, RunetPoint spacing) {
  const double x = (to.x - from.x) * spacing.x, y = (to.y - from.y) * spacing.y;
  const double length = hypot (x, y);
  return length > 0 ? (RunetPoint){x / length, y / length} : (RunetPoint){0, 1};
}

static double
get_distance (RunetPoint a, RunetPoint b, RunetPoint spacing) {
  return hypot ((b.x - a.x) * spacing.x, (b.y - a.y) * spacing.y);
}

/* The corner near point @end: the one that lies farthest outward along the base and away from the apex, which may be
 * some pixels from where the wall is first felt. */
static guint
find_corner (const Heart *heart,
             const RunetContour *outline,
             guint end,
             guint other,
             guint apex) {
  const RunetPoint *p = get_points (outline);
  const guint n = outline->points->len;
  const RunetPoint middle = {(p[end].x + p[other].x) / 2, (p[end].y + p[other].y) / 2};
  const RunetPoint outward = get_direction (p[other], p[end], heart->spacing);
  const RunetPoint away = get_direction (p[apex], middle, heart->spacing);
  const RunetPoint diagonal = {outward.x + away.x, outward.y + away.y};
  guint corner = end;
  double most = -G_MAXDOUBLE;
  for (guint k = 0; k < n; k++) {
    const double x = p[k].x - p[end].x, y = p[k].y - p[end].y;
    const double reach =
        x * heart->spacing.x * diagonal.x + y * heart->spacing.y * diagonal.y;
    if (hypot (x, y) <= CORNER_REACH && reach > most) {
      most = reach;
      corner = k;
    }
  }
  return corner;
}

/* The ends of the base on @of, which is looked for on the side of @towards where there is that. */
static RunetCorners
find_base (const Heart *heart, RunetStructure of, RunetStructure towards) {
  const RunetContour *outline = heart->outline[of], *other = heart->outline[towards];
  RunetLongAxis axis = {0};
  if (of == RUNET_STRUCTURE_ENDO &&
      runet_long_axis_find (outline, heart->labels, heart->width, heart->height,
                            heart->spacing.x, heart->spacing.y, &axis))
    return (RunetCorners){
        find_corner (heart, outline, axis.first, axis.last, axis.apex),
        find_corner (heart, outline, axis.last, axis.first, axis.apex)};
  if (other != NULL && other != outline)
    return runet_outline_find_corners (
        outline,
        get_direction (runet_outline_get_centroid (outline),
                       runet_outline_get_centroid (other), heart->spacing),
        heart->spacing);
  if (of == RUNET_STRUCTURE_LA)
    return runet_outline_find_corners (outline, (RunetPoint){0, -1}, heart->spacing);
  return runet_outline_find_flatter_end (outline, heart->spacing);
}

/* The base in pixel coordinates: from the annulus point on the left of the screen to the other. */
typedef struct {
  RunetPoint annulus[2], middle;
} Base;

static Base
order_base (RunetPoint a, RunetPoint b) {
  const RunetPoint middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
  return a.x <= b.x ? (Base){{a, b}, middle} : (Base){{b, a}, middle};
}

static double
get_farthest (const GArray *line, RunetPoint from, RunetPoint spacing, guint *at) {
  double farthest = 0;
  for (guint i = 0; i < line->len; i++) {
    const double distance =
        get_distance (g_array_index (line, RunetPoint, i), from, spacing);
    if (distance > farthest) {
      farthest = distance;
      *at = i;
    }
  }
  return farthest;
}

/* The points from @from to @to, forward or backward around the outline. */
static GArray *
cut (const RunetContour *outline, guint from, guint to, gboolean forward) {
  const guint n = outline->points->len;
  const RunetPoint *p = get_points (outline);
  GArray *line = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  for (guint i = from;; i = (i + (forward ? 1 : n - 1)) % n) {
    g_array_append_val (line, p[i]);
    if (i == to)
      return line;
  }
}

/* The largest distance of the points of @line from the straight way from @a to @b, in mm. */
static double
get_bulge (const GArray *line, RunetPoint a, RunetPoint b, RunetPoint spacing) {
  const double x = (b.x - a.x) * spacing.x, y = (b.y - a.y) * spacing.y;
  const double square = x * x + y * y;
  double bulge = 0;
  for (guint i = 0; i < line->len; i++) {
    const RunetPoint p = g_array_index (line, RunetPoint, i);
    const double px = (p.x - a.x) * spacing.x, py = (p.y - a.y) * spacing.y;
    const double part = square > 0 ? CLAMP ((px * x + py * y) / square, 0, 1) : 0;
    bulge = MAX (bulge, hypot (px - part * x, py - part * y));
  }
  return bulge;
}

/* The way from @from to @to that goes farther away from the base, between the points @first and @last. @bulge_mm: how far the
 * other way leaves the straight one. */
static GArray *
cut_free (const Heart *heart,
          const RunetContour *outline,
          RunetCorners ends,
          RunetPoint first,
          RunetPoint last,
          double *bulge_mm) {
  const RunetPoint base = {(first.x + last.x) / 2, (first.y + last.y) / 2};
  GArray *line = cut (outline, ends.a, ends.b, TRUE);
  GArray *other = cut (outline, ends.a, ends.b, FALSE);
  guint at;
  if (get_farthest (line, base, heart->spacing, &at) <
      get_farthest (other, base, heart->spacing, &at)) {
    GArray *swap = line;
    line = other;
    other = swap;
  }
  *bulge_mm = get_bulge (other, first, last, heart->spacing);
  g_array_unref (other);
  g_array_prepend_val (line, first);
  g_array_append_val (line, last);
  return line;
}

static guint
find_nearest (const RunetContour *outline, RunetPoint to, RunetPoint spacing) {
  const RunetPoint *p = get_points (outline);
  guint nearest = 0;
  for (guint i = 1; i < outline->points->len; i++)
    if (get_distance (p[i], to, spacing) < get_distance (p[nearest], to, spacing))
      nearest = i;
  return nearest;
}

/* With the annulus points as its ends. */
static GArray *
cut_at_annulus (const Heart *heart,
                const RunetContour *outline,
                const Base *base,
                double *bulge_mm) {
  const RunetPoint a = base->annulus[0], b = base->annulus[1];
  RunetCorners ends = {find_nearest (outline, a, heart->spacing),
                       find_nearest (outline, b, heart->spacing)};
  if (ends.a == ends.b)
    ends.b = (ends.a + outline->points->len / 2) % outline->points->len;
  return cut_free (heart, outline, ends, a, b, bulge_mm);
}

/* An end of epi: where on the line through the annulus, and the outline's point that it goes on with. */
typedef struct {
  RunetPoint point;
  guint next;
} EpiEnd;

/* Where the outline crosses the line through the annulus farthest outward, @outward of @from (a unit vector in pixels). */
static gboolean
find_crossing (const RunetContour *outline,
               RunetPoint from,
               RunetPoint outward,
               EpiEnd *end) {
  const RunetPoint *p = get_points (outline);
  const guint n = outline->points->len;
  double farthest = 0;
  for (guint i = 0; i < n; i++) {
    const RunetPoint a = {p[i].x - from.x, p[i].y - from.y};
    const RunetPoint b = {p[(i + 1) % n].x - from.x, p[(i + 1) % n].y - from.y};
    const double side_a = a.y * outward.x - a.x * outward.y;
    const double side_b = b.y * outward.x - b.x * outward.y;
    if ((side_a < 0) == (side_b < 0))
      continue;
    const double t = side_a / (side_a - side_b);
    const double s =
        (a.x + t * (b.x - a.x)) * outward.x + (a.y + t * (b.y - a.y)) * outward.y;
    if (s > farthest) {
      farthest = s;
      *end = (EpiEnd){{from.x + s * outward.x, from.y + s * outward.y}, i};
    }
  }
  return farthest > 0;
}

/* The wall's lower outer corner lies beyond the line, where epi then crosses it, or before it, and the line is
 * extended to it. @away: from the apex, unit vector in pixels. */
static EpiEnd
find_epi_end (const RunetContour *outline,
              RunetPoint annulus,
              RunetPoint outward,
              RunetPoint away) {
  const RunetPoint diagonal = {outward.x + away.x, outward.y + away.y};
  const guint corner =
      runet_outline_find_farthest (outline, diagonal, (RunetPoint){1, 1});
  const RunetPoint p = get_points (outline)[corner];
  const RunetPoint offset = {p.x - annulus.x, p.y - annulus.y};
  EpiEnd end;
  if (offset.x * away.x + offset.y * away.y > 0 &&
      find_crossing (outline, annulus, outward, &end))
    return end;
  const double s = MAX (offset.x * outward.x + offset.y * outward.y, 0);
  return (EpiEnd){{annulus.x + s * outward.x, annulus.y + s * outward.y}, corner};
}

static GArray *
cut_epi (const Heart *heart,
         const RunetContour *outline,
         const Base *base,
         double *bulge_mm) {
  const RunetPoint square = {1, 1};
  const RunetPoint right = get_direction (base->annulus[0], base->annulus[1], square);
  const RunetPoint center = runet_outline_get_centroid (outline);
  RunetPoint away = {-right.y, right.x};
  if ((center.x - base->middle.x) * away.x + (center.y - base->middle.y) * away.y > 0)
    away = (RunetPoint){right.y, -right.x};
  const EpiEnd first =
      find_epi_end (outline, base->annulus[0], (RunetPoint){-right.x, -right.y}, away);
  const EpiEnd last = find_epi_end (outline, base->annulus[1], right, away);
  RunetCorners ends = {first.next, last.next};
  if (ends.a == ends.b)
    ends.b = (ends.a + outline->points->len / 2) % outline->points->len;
  return cut_free (heart, outline, ends, first.point, last.point, bulge_mm);
}

/* Fewer points, in the coordinates of the whole image. */
static void
finish (GArray *line, RunetBounds box) {
  const guint step = (line->len + MOST_POINTS - 1) / MOST_POINTS;
  RunetPoint *p = (RunetPoint *)(gpointer)line->data;
  const guint last = line->len - 1, count = last / MAX (step, 1);
  for (guint i = 0; i <= count; i++)
    p[i] = i < count ? p[i * step] : p[last];
  g_array_set_size (line, count + 1);
  for (guint i = 0; i <= count; i++) {
    p[i].x += (double)box.x0;
    p[i].y += (double)box.y0;
  }
}

static void
cut_all (const Heart *heart, RunetFreeOutlines *outlines, Base *base) {
  RunetContour *const *outline = heart->outline;
  static const RunetStructure order[] = {RUNET_STRUCTURE_ENDO, RUNET_STRUCTURE_LA,
                                         RUNET_STRUCTURE_EPI};
  static const RunetStructure towards[] = {RUNET_STRUCTURE_LA, RUNET_STRUCTURE_EPI,
                                           RUNET_STRUCTURE_EPI};
  guint k = 0;
  while (outline[order[k]] == NULL)
    k++;
  const RunetContour *leader = outline[order[k]];
  const RunetCorners ends = find_base (heart, order[k], towards[k]);
  *base = order_base (get_points (leader)[ends.a], get_points (leader)[ends.b]);
  const gboolean epi_alone = order[k] == RUNET_STRUCTURE_EPI;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    double *bulge_mm = &outlines->bulge_mm[s];
    if (outline[s] == NULL)
      continue;
    outlines->line[s] = s == RUNET_STRUCTURE_EPI && !epi_alone
                            ? cut_epi (heart, outline[s], base, bulge_mm)
                            : cut_at_annulus (heart, outline[s], base, bulge_mm);
  }
}

void
runet_free_outlines_init (RunetFreeOutlines *outlines,
                          const guint8 *labels,
                          gsize width,
                          gsize height,
                          double spacing_x_mm,
                          double spacing_y_mm) {
  *outlines = (RunetFreeOutlines){0};
  g_auto (Heart) heart = {.spacing = {spacing_x_mm, spacing_y_mm}};
  if (!heart_init (&heart, labels, width, height))
    return;
  outlines->length_mm =
      hypot ((double)heart.width * spacing_x_mm, (double)heart.height * spacing_y_mm);
  if (heart.outline[0] == NULL && heart.outline[1] == NULL && heart.outline[2] == NULL)
    return;
  Base base;
  cut_all (&heart, outlines, &base);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    if (outlines->line[s] != NULL)
      finish (outlines->line[s], heart.box);
  const GArray *endo = outlines->line[RUNET_STRUCTURE_ENDO];
  base.middle.x += (double)heart.box.x0;
  base.middle.y += (double)heart.box.y0;
  if (endo != NULL)
    outlines->length_mm =
        get_farthest (endo, base.middle, heart.spacing, &outlines->apex);
}

void
runet_free_outlines_clear (RunetFreeOutlines *outlines) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_clear_pointer (&outlines->line[s], g_array_unref);
}
