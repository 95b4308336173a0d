/* Convex hull of a mask, over the corners of its pixels, in whole numbers.
 *
 * Only the first and the last pixel of a row can be on the hull, so the corners come sorted by row and
 * one pass a chain suffices (Andrew's monotone chain), O(pixels) in all. */
#include "hull.h"

#include <string.h>

/* Twice the area of the triangle o, a, b with o.y ≤ a.y ≤ b.y; positive when a has a larger x than
 * the line from o to b. */
static gint64
turn (RunetCorner o, RunetCorner a, RunetCorner b) {
  return (a.y - o.y) * (o.x - b.x) + (a.x - o.x) * (b.y - o.y);
}

/* @side: 1 for the right chain, -1 for the left one. */
static void
extend (RunetCorner *chain, gsize *count, RunetCorner next, gint64 side) {
  /* A corner that is not outside the line between its neighbours is not on the hull. */
  while (*count >= 2 && side * turn (chain[*count - 2], chain[*count - 1], next) <= 0)
    (*count)--;
  /* Of corners at one height only the outermost counts. */
  if (*count > 0 && chain[*count - 1].y == next.y) {
    if (side * (next.x - chain[*count - 1].x) <= 0)
      return;
    (*count)--;
  }
  chain[(*count)++] = next;
}

gboolean
runet_hull_init (RunetHull *hull, const guint8 *mask, gsize width, gsize height) {
  hull->left = g_new (RunetCorner, 2 * height + 2);
  hull->right = g_new (RunetCorner, 2 * height + 2);
  hull->left_count = hull->right_count = 0;
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = mask + y * width;
    const guint8 *first = memchr (row, 1, width);
    if (first == NULL)
      continue;
    gint64 x0 = first - row;
    gint64 x1 = (const guint8 *)memrchr (row, 1, width) - row + 1;
    for (gint64 i = 0; i < 2; i++) {
      extend (hull->left, &hull->left_count, (RunetCorner){x0, (gint64)y + i}, -1);
      extend (hull->right, &hull->right_count, (RunetCorner){x1, (gint64)y + i}, 1);
    }
  }
  if (hull->left_count > 0)
    return TRUE;
  runet_hull_clear (hull);
  return FALSE;
}

void
runet_hull_clear (RunetHull *hull) {
  g_clear_pointer (&hull->left, g_free);
  g_clear_pointer (&hull->right, g_free);
}

/* Twice the area between a chain and the column x = 0. */
static gint64
integrate (const RunetCorner *chain, gsize count) {
  gint64 sum = 0;
  for (gsize i = 1; i < count; i++)
    sum += (chain[i].x + chain[i - 1].x) * (chain[i].y - chain[i - 1].y);
  return sum;
}

double
runet_hull_get_area (const RunetHull *hull) {
  return (double)(integrate (hull->right, hull->right_count) -
                  integrate (hull->left, hull->left_count)) /
         2;
}

/* Where a chain is at height @y; @segment remembers the place from one row to the next. */
static double
get_x (const RunetCorner *chain, double y, gsize *segment) {
  while ((double)chain[*segment + 1].y < y)
    (*segment)++;
  RunetCorner a = chain[*segment], b = chain[*segment + 1];
  return (double)a.x + (double)(b.x - a.x) * (y - (double)a.y) / (double)(b.y - a.y);
}

void
runet_hull_fill (const RunetHull *hull, gsize width, gsize height, guint8 *to) {
  memset (to, 0, width * height);
  gsize left = 0, right = 0;
  gsize last = (gsize)hull->left[hull->left_count - 1].y;
  for (gsize y = (gsize)hull->left[0].y; y < last; y++) {
    double centre = (double)y + 0.5;
    double x0 = get_x (hull->left, centre, &left);
    double x1 = get_x (hull->right, centre, &right);
    for (gsize x = (gsize)x0; x < width && (double)x + 0.5 <= x1; x++)
      to[y * width + x] = (double)x + 0.5 >= x0;
  }
}
