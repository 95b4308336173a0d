/* Outlines of masks and level lines of fields, by marching squares.
 *
 * Dimension legend: H rows, W columns. Nodes are pixel centres and a ring of virtual nodes around
 * the image, all below the level; cell (x, y) has node (x - 1, y - 1) at its top left, so that there
 * are (W + 1) × (H + 1) cells. */
#include "contour.h"

#include <math.h>

/* Smoothing of an outline: passes of (1 2 1) / 4 over its points, none moved by more than this.
 * A chamfered corner runs up to 1/4 pixel from the pixel edges already; together less than 1/2. */
#define SMOOTHING_PASSES 4
#define SMOOTHING_LIMIT 0.25

typedef enum { SIDE_TOP, SIDE_RIGHT, SIDE_BOTTOM, SIDE_LEFT, SIDES } Side;

typedef struct {
  const float *field; /* H × W */
  gsize width, height;
  float level;
  gsize x, y; /* the cell */
  guint8 *seen; /* (H + 1) × (W + 1): the line through the cell's left side is taken */
} Walker;

static void
free_contour (gpointer contour) {
  runet_contour_free (contour);
}

void
runet_contour_free (RunetContour *contour) {
  if (contour == NULL)
    return;
  g_array_unref (contour->points);
  g_free (contour);
}

/* Node (x, y) of the padded grid. */
static gboolean
get_node (const Walker *self, gsize x, gsize y, double *value) {
  if (x == 0 || y == 0 || x > self->width || y > self->height)
    return FALSE;
  *value = (double)self->field[(y - 1) * self->width + x - 1];
  return TRUE;
}

static gboolean
is_inside (const Walker *self, gsize x, gsize y) {
  double value;
  return get_node (self, x, y, &value) && value > (double)self->level;
}

/* How far from node a to node b the level is crossed. Towards a virtual node half-way, which is the
 * edge of the image. */
static double
find_crossing (const Walker *self, gsize ax, gsize ay, gsize bx, gsize by) {
  double a, b;
  if (!get_node (self, ax, ay, &a) || !get_node (self, bx, by, &b))
    return 0.5;
  double t = ((double)self->level - a) / (b - a);
  return isfinite (t) ? CLAMP (t, 0.0, 1.0) : 0.5;
}

static RunetPoint
get_point (const Walker *self, Side side) {
  gsize x = self->x, y = self->y;
  /* Node (x, y) lies at pixel coordinates x - 1/2, y - 1/2. */
  RunetPoint point = {(double)x - 0.5, (double)y - 0.5};
  switch (side) {
  case SIDE_TOP:
    point.x += find_crossing (self, x, y, x + 1, y);
    break;
  case SIDE_RIGHT:
    point.x += 1;
    point.y += find_crossing (self, x + 1, y, x + 1, y + 1);
    break;
  case SIDE_BOTTOM:
    point.x += find_crossing (self, x, y + 1, x + 1, y + 1);
    point.y += 1;
    break;
  case SIDE_LEFT:
  default:
    point.y += find_crossing (self, x, y, x, y + 1);
    break;
  }
  return point;
}

static Side
find_exit (const Walker *self, Side entry) {
  gsize x = self->x, y = self->y;
  gboolean corner[SIDES] = {is_inside (self, x, y), is_inside (self, x + 1, y),
                            is_inside (self, x + 1, y + 1), is_inside (self, x, y + 1)};
  gboolean crossed[SIDES];
  guint count = 0;
  for (guint i = 0; i < SIDES; i++)
    count += crossed[i] = corner[i] != corner[(i + 1) % SIDES];
  if (count == 4) {
    /* A saddle. All four nodes are real, or two neighbours would be outside. The mean says
       * whether the inside corners hang together. */
    double sum = 0, value = 0;
    for (guint i = 0; i < 4; i++)
      if (get_node (self, x + (i == 1 || i == 2), y + (i >= 2), &value))
        sum += value;
    gboolean joined = sum / 4 > (double)self->level;
    /* Top–right and bottom–left go around the top right and bottom left corners. */
    gboolean cut_top_right = corner[0] == joined;
    static const Side around[2][SIDES] = {
        {SIDE_LEFT, SIDE_BOTTOM, SIDE_RIGHT, SIDE_TOP},
        {SIDE_RIGHT, SIDE_TOP, SIDE_LEFT, SIDE_BOTTOM},
    };
    return around[cut_top_right][entry];
  }
  for (guint i = 0; i < SIDES; i++)
    if (crossed[i] && i != entry)
      return (Side)i;
  return entry;
}

/* Follows a line from the left side of the current cell back to it. */
static RunetContour *
walk (Walker *self) {
  RunetContour *contour = g_new (RunetContour, 1);
  contour->points = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  contour->closed = TRUE;
  gsize start_x = self->x, start_y = self->y;
  Side entry = SIDE_LEFT;
  do {
    if (entry == SIDE_LEFT)
      self->seen[self->y * (self->width + 1) + self->x] = 1;
    RunetPoint point = get_point (self, entry);
    guint n = contour->points->len;
    RunetPoint *last =
        n > 0 ? &g_array_index (contour->points, RunetPoint, n - 1) : NULL;
    if (last == NULL || last->x != point.x || last->y != point.y)
      g_array_append_val (contour->points, point);
    Side exit = find_exit (self, entry);
    self->x += exit == SIDE_RIGHT;
    self->x -= exit == SIDE_LEFT;
    self->y += exit == SIDE_BOTTOM;
    self->y -= exit == SIDE_TOP;
    entry = (exit + 2) % SIDES;
  } while (entry != SIDE_LEFT || self->x != start_x || self->y != start_y);
  return contour;
}

double
runet_contour_get_length (const RunetContour *contour) {
  double length = 0;
  guint n = contour->points->len;
  const RunetPoint *points = (const RunetPoint *)(void *)contour->points->data;
  for (guint i = contour->closed ? 0 : 1; i < n; i++) {
    const RunetPoint *a = &points[(i + n - 1) % n], *b = &points[i];
    length += hypot (b->x - a->x, b->y - a->y);
  }
  return length;
}

static int
compare_lengths (gconstpointer a, gconstpointer b) {
  double one = runet_contour_get_length (*(RunetContour *const *)a);
  double two = runet_contour_get_length (*(RunetContour *const *)b);
  return (one < two) - (one > two);
}

GPtrArray *
runet_contours_of_field (const float *field, gsize width, gsize height, float level) {
  GPtrArray *contours = g_ptr_array_new_with_free_func (free_contour);
  g_autofree guint8 *seen = g_new0 (guint8, (width + 1) * (height + 1));
  Walker walker = {field, width, height, level, 0, 0, seen};
  /* Every line goes at least once over a node that is inside from one that is not. Starting
   * there to the right keeps the inside on the right hand. */
  for (gsize y = 0; y < height; y++) {
    const float *row = field + y * width, *above = y > 0 ? row - width : NULL;
    for (gsize x = 0; x < width; x++) {
      if (!(row[x] > level) || (above != NULL && above[x] > level) ||
          seen[y * (width + 1) + x + 1])
        continue;
      walker.x = x + 1;
      walker.y = y;
      g_ptr_array_add (contours, walk (&walker));
    }
  }
  g_ptr_array_sort (contours, compare_lengths);
  return contours;
}

static void
smooth (RunetContour *contour) {
  guint n = contour->points->len;
  RunetPoint *points = (RunetPoint *)(void *)contour->points->data;
  g_autofree RunetPoint *from = g_new (RunetPoint, n);
  g_autofree RunetPoint *to = g_new (RunetPoint, n);
  for (guint i = 0; i < n; i++)
    from[i] = points[i];
  for (int pass = 0; pass < SMOOTHING_PASSES; pass++) {
    for (guint i = 0; i < n; i++) {
      const RunetPoint *a = &from[(i + n - 1) % n], *b = &from[i];
      const RunetPoint *c = &from[(i + 1) % n];
      to[i] = (RunetPoint){(a->x + 2 * b->x + c->x) / 4, (a->y + 2 * b->y + c->y) / 4};
    }
    RunetPoint *swap = from;
    from = to;
    to = swap;
  }
  for (guint i = 0; i < n; i++) {
    double x = from[i].x - points[i].x, y = from[i].y - points[i].y;
    double distance = hypot (x, y);
    double part = distance > SMOOTHING_LIMIT ? SMOOTHING_LIMIT / distance : 1;
    points[i].x += part * x;
    points[i].y += part * y;
  }
}

GPtrArray *
runet_contours_of_mask (const guint8 *mask, gsize width, gsize height) {
  RunetBounds box;
  if (!runet_mask_bounds (mask, width, height, &box))
    return g_ptr_array_new_with_free_func (free_contour);
  gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree float *field = g_new (float, w *h);
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++)
      field[y * w + x] = mask[(box.y0 + y) * width + box.x0 + x];

  GPtrArray *contours = runet_contours_of_field (field, w, h, 0.5f);
  for (guint k = 0; k < contours->len; k++) {
    RunetContour *contour = g_ptr_array_index (contours, k);
    for (guint i = 0; i < contour->points->len; i++) {
      RunetPoint *point = &g_array_index (contour->points, RunetPoint, i);
      point->x += (double)box.x0;
      point->y += (double)box.y0;
    }
    smooth (contour);
  }
  return contours;
}
