/* The long axis of the left ventricle and the discs across it.
 *
 * The mitral base is the longest stretch of the endocardium that has no myocardium beside it. The work is
 * done in mm, since pixels need not be square. */
#include "discs.h"

#include <math.h>
#include <string.h>

/* Myocardium this near, in pixels, is beside the endocardium: the line is smoothed by up to half a pixel,
 * and networks leave a pixel between. */
#define REACH 2
/* Shares of the endocardium's length that a base has: in all 1800 masks of CAMUS' experts, 0.049 to 0.214. */
#define SHORTEST_BASE 0.04
#define LONGEST_BASE 0.5
/* A stretch with myocardium shorter than this is a speck on the base. */
#define SHORTEST_WALL 0.03

const char *
runet_discs_state_to_string (RunetDiscsState state) {
  switch (state) {
  case RUNET_DISCS_FOUND:
    return "found";
  case RUNET_DISCS_NO_SPACING:
    return "no long axis found: the image does not say how large its pixels are";
  case RUNET_DISCS_NO_CAVITY:
    return "no long axis found: there is no left-ventricular cavity";
  case RUNET_DISCS_NO_BASE:
    return "no long axis found: the cavity has no base that is free of myocardium";
  }
  g_return_val_if_reached ("");
}

/* The endocardium as a closed line, and what is beside each of its points. */
typedef struct {
  guint count;
  RunetPoint *mm;
  gboolean *wall; /* myocardium is near the point */
  double *along; /* count + 1: length of the line up to the point; last the whole */
} Endocardium;

static void
endocardium_clear (Endocardium *endo) {
  g_free (endo->mm);
  g_free (endo->wall);
  g_free (endo->along);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Endocardium, endocardium_clear)

static gboolean
is_near_myocardium (const guint8 *labels, gsize width, gsize height, RunetPoint p) {
  const gint64 column = (gint64)floor (p.x), row = (gint64)floor (p.y);
  for (gint64 y = row - REACH; y <= row + REACH; y++)
    for (gint64 x = column - REACH; x <= column + REACH; x++)
      if (x >= 0 && y >= 0 && x < (gint64)width && y < (gint64)height &&
          labels[y * (gint64)width + x] == RUNET_LABEL_MYOCARDIUM &&
          hypot ((double)x + 0.5 - p.x, (double)y + 0.5 - p.y) <= REACH)
        return TRUE;
  return FALSE;
}

static double
get_distance (RunetPoint a, RunetPoint b) {
  return hypot (a.x - b.x, a.y - b.y);
}

static void
endocardium_init (Endocardium *endo,
                  const RunetContour *line,
                  const guint8 *labels,
                  gsize width,
                  gsize height,
                  RunetPoint spacing) {
  const RunetPoint *points = (const RunetPoint *)(gconstpointer)line->points->data;
  endo->count = line->points->len;
  endo->mm = g_new (RunetPoint, endo->count);
  endo->wall = g_new (gboolean, endo->count);
  endo->along = g_new0 (double, endo->count + 1);
  for (guint i = 0; i < endo->count; i++) {
    endo->mm[i] = (RunetPoint){points[i].x * spacing.x, points[i].y * spacing.y};
    endo->wall[i] = is_near_myocardium (labels, width, height, points[i]);
  }
  for (guint i = 0; i < endo->count; i++)
    endo->along[i + 1] =
        endo->along[i] + get_distance (endo->mm[i], endo->mm[(i + 1) % endo->count]);
}

/* Length from point @first to point @last, going forward. */
static double
get_stretch (const Endocardium *endo, guint first, guint last) {
  const double length = endo->along[last] - endo->along[first];
  return last >= first ? length : length + endo->along[endo->count];
}

/* The stretch of equal @wall that begins at @first, whose predecessor differs: its last point. */
static guint
find_end (const Endocardium *endo, guint first) {
  guint last = first;
  for (guint n = 1; n < endo->count; n++) {
    const guint next = (last + 1) % endo->count;
    if (endo->wall[next] != endo->wall[first])
      break;
    last = next;
  }
  return last;
}

static gboolean
begins_stretch (const Endocardium *endo, guint i, gboolean wall) {
  return endo->wall[i] == wall &&
         endo->wall[(i + endo->count - 1) % endo->count] != wall;
}

static void
forget_specks (Endocardium *endo) {
  const double shortest = SHORTEST_WALL * endo->along[endo->count];
  for (guint i = 0; i < endo->count; i++) {
    if (!begins_stretch (endo, i, TRUE))
      continue;
    const guint last = find_end (endo, i);
    if (get_stretch (endo, i, last) >= shortest)
      continue;
    for (guint p = i;; p = (p + 1) % endo->count) {
      endo->wall[p] = FALSE;
      if (p == last)
        break;
    }
  }
}

/* The ends of the longest stretch without myocardium. */
static gboolean
find_base (Endocardium *endo, guint *first, guint *last) {
  const double whole = endo->along[endo->count];
  double longest = 0;
  forget_specks (endo);
  for (guint i = 0; i < endo->count; i++) {
    if (!begins_stretch (endo, i, FALSE))
      continue;
    const guint end = find_end (endo, i);
    const double length = get_stretch (endo, i, end);
    if (length > longest) {
      longest = length;
      *first = i;
      *last = end;
    }
  }
  return longest >= SHORTEST_BASE * whole && longest <= LONGEST_BASE * whole;
}

static guint
find_farthest (const Endocardium *endo, RunetPoint from) {
  guint farthest = 0;
  for (guint i = 1; i < endo->count; i++)
    if (get_distance (endo->mm[i], from) > get_distance (endo->mm[farthest], from))
      farthest = i;
  return farthest;
}

static int
compare_numbers (gconstpointer a, gconstpointer b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Where the line through @center along the unit vector @across meets the endocardium, sorted: distances
 * from @center. An even number, since the line is closed. */
static GArray *
find_crossings (const Endocardium *endo, RunetPoint center, RunetPoint across) {
  GArray *crossings = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < endo->count; i++) {
    const RunetPoint a = endo->mm[i], b = endo->mm[(i + 1) % endo->count];
    const double from = (a.y - center.y) * across.x - (a.x - center.x) * across.y;
    const double to = (b.y - center.y) * across.x - (b.x - center.x) * across.y;
    if ((from < 0) == (to < 0))
      continue;
    const double t = from / (from - to);
    const double at = (a.x + t * (b.x - a.x) - center.x) * across.x +
                      (a.y + t * (b.y - a.y) - center.y) * across.y;
    g_array_append_val (crossings, at);
  }
  g_array_sort (crossings, compare_numbers);
  return crossings;
}

/* Disc @k of the axis from @base to @apex, both in mm. */
static void
measure_disc (const Endocardium *endo,
              guint k,
              RunetPoint base,
              RunetPoint apex,
              RunetPoint spacing,
              RunetDiscs *discs) {
  const double t = (k + 0.5) / RUNET_DISCS, length = get_distance (base, apex);
  const RunetPoint center = {base.x + t * (apex.x - base.x),
                             base.y + t * (apex.y - base.y)};
  const RunetPoint across = {(base.y - apex.y) / length, (apex.x - base.x) / length};
  g_autoptr (GArray) crossings = find_crossings (endo, center, across);
  const double *at = (const double *)(gconstpointer)crossings->data;
  discs->diameter_mm[k] = 0;
  for (guint i = 0; i + 1 < crossings->len; i += 2)
    discs->diameter_mm[k] += at[i + 1] - at[i];
  for (guint end = 0; end < 2; end++) {
    const double s = crossings->len == 0 ? 0 : at[end == 0 ? 0 : crossings->len - 1];
    discs->ends[k][end] = (RunetPoint){(center.x + s * across.x) / spacing.x,
                                       (center.y + s * across.y) / spacing.y};
  }
}

static RunetPoint
to_pixels (RunetPoint mm, RunetPoint spacing) {
  return (RunetPoint){mm.x / spacing.x, mm.y / spacing.y};
}

static RunetPoint
get_middle (RunetPoint a, RunetPoint b) {
  return (RunetPoint){(a.x + b.x) / 2, (a.y + b.y) / 2};
}

static gboolean
find_axis (Endocardium *endo, RunetLongAxis *axis) {
  if (!find_base (endo, &axis->first, &axis->last))
    return FALSE;
  const RunetPoint base = get_middle (endo->mm[axis->first], endo->mm[axis->last]);
  axis->apex = find_farthest (endo, base);
  return get_distance (base, endo->mm[axis->apex]) > 0;
}

gboolean
runet_long_axis_find (const RunetContour *outline,
                      const guint8 *labels,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      RunetLongAxis *axis) {
  g_auto (Endocardium) endo = {0};
  const RunetPoint spacing = {spacing_x_mm, spacing_y_mm};
  endocardium_init (&endo, outline, labels, width, height, spacing);
  return find_axis (&endo, axis);
}

static void
measure_axis (Endocardium *endo, RunetPoint spacing, RunetDiscs *discs) {
  RunetLongAxis axis = {0};
  if (!find_axis (endo, &axis)) {
    discs->state = RUNET_DISCS_NO_BASE;
    return;
  }
  const RunetPoint a = endo->mm[axis.first], b = endo->mm[axis.last];
  const RunetPoint base = get_middle (a, b), apex = endo->mm[axis.apex];
  discs->length_mm = get_distance (base, apex);
  discs->annulus[0] = to_pixels (a, spacing);
  discs->annulus[1] = to_pixels (b, spacing);
  discs->base = to_pixels (base, spacing);
  discs->apex = to_pixels (apex, spacing);
  for (guint k = 0; k < RUNET_DISCS; k++)
    measure_disc (endo, k, base, apex, spacing, discs);
}

RunetDiscs
runet_discs_measure (const guint8 *labels,
                     gsize width,
                     gsize height,
                     double spacing_x_mm,
                     double spacing_y_mm) {
  const RunetPoint spacing = {spacing_x_mm, spacing_y_mm};
  RunetDiscs discs = {.state = RUNET_DISCS_FOUND, .area_mm2 = NAN};
  if (!(spacing_x_mm > 0) || !(spacing_y_mm > 0)) {
    discs.state = RUNET_DISCS_NO_SPACING;
    return discs;
  }
  g_autofree guint8 *mask = g_new (guint8, width * height);
  runet_mask_from_labels (labels, width, height, RUNET_STRUCTURE_ENDO, mask);
  runet_mask_keep_largest (mask, width, height);
  discs.area_mm2 =
      (double)runet_mask_area (mask, width * height) * spacing_x_mm * spacing_y_mm;
  g_autoptr (GPtrArray) lines = runet_contours_of_mask (mask, width, height);
  if (lines->len == 0) {
    discs.state = RUNET_DISCS_NO_CAVITY;
    return discs;
  }
  g_auto (Endocardium) endo = {0};
  endocardium_init (&endo, lines->pdata[0], labels, width, height, spacing);
  measure_axis (&endo, spacing, &discs);
  return discs;
}
