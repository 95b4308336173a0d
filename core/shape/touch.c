/* Where the contours of a stage touch the border of the region of interest that it was given.
 *
 * Dimension legend: H rows, W columns; labels and region are H × W. */
#include "touch.h"

#include <math.h>

/* The border of the region, where m crosses it. */
#define BORDER 0.5
/* Pixels. */
#define REACH 1.0
#define DIRECTIONS 8

/* m at pixel coordinates (@x, @y), linear between the centres of pixels; beyond the image as at its edge. */
static double
get_region (const float *region, gsize width, gsize height, double x, double y) {
  x = CLAMP (x - 0.5, 0, (double)(width - 1));
  y = CLAMP (y - 0.5, 0, (double)(height - 1));
  gsize left = (gsize)x, top = (gsize)y;
  gsize right = MIN (left + 1, width - 1), bottom = MIN (top + 1, height - 1);
  double across = x - (double)left, down = y - (double)top;
  const float *above = region + top * width, *below = region + bottom * width;
  return (1 - down) *
             ((1 - across) * (double)above[left] + across * (double)above[right]) +
         down * ((1 - across) * (double)below[left] + across * (double)below[right]);
}

static gboolean
is_touching (const float *region, gsize width, gsize height, const RunetPoint *point) {
  if (get_region (region, width, height, point->x, point->y) < BORDER)
    return TRUE;
  for (int k = 0; k < DIRECTIONS; k++) {
    double angle_rad = 2 * G_PI * k / DIRECTIONS;
    if (get_region (region, width, height, point->x + REACH * cos (angle_rad),
                    point->y + REACH * sin (angle_rad)) < BORDER)
      return TRUE;
  }
  return FALSE;
}

guint
runet_contour_find_touching (const RunetContour *contour,
                             const float *region,
                             gsize width,
                             gsize height,
                             guint8 *touching) {
  g_return_val_if_fail (contour != NULL && region != NULL && touching != NULL, 0);
  g_return_val_if_fail (width > 0 && height > 0, 0);
  guint count = 0;
  for (guint i = 0; i < contour->points->len; i++) {
    touching[i] = is_touching (region, width, height,
                               &g_array_index (contour->points, RunetPoint, i));
    count += touching[i];
  }
  return count;
}

/* Points in the longest run of a closed line, @middle in it. */
static guint
find_longest_run (const guint8 *touching, guint n, guint *middle) {
  guint start = 0, longest = 0, run = 0;
  while (start < n && touching[start])
    start++;
  if (start == n) {
    *middle = 0;
    return n;
  }
  for (guint i = 1; i <= n; i++) {
    guint at = (start + i) % n;
    run = touching[at] ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      *middle = (at + n - (run - 1) / 2) % n;
    }
  }
  return longest;
}

static void
add_contour (RunetTouch *self,
             const RunetContour *contour,
             RunetStructure structure,
             const float *region,
             gsize width,
             gsize height,
             guint *longest) {
  guint n = contour->points->len, middle = 0;
  g_autofree guint8 *touching = g_malloc (n);
  self->points += n;
  guint count = runet_contour_find_touching (contour, region, width, height, touching);
  if (count == 0)
    return;
  self->touching += count;
  guint run = find_longest_run (touching, n, &middle);
  if (run <= *longest)
    return;
  *longest = run;
  const RunetPoint *spot = &g_array_index (contour->points, RunetPoint, middle);
  self->structure = structure;
  self->x = spot->x;
  self->y = spot->y;
}

RunetTouch
runet_touch_measure (const guint8 *labels,
                     const float *region,
                     gsize width,
                     gsize height) {
  RunetTouch touch = {.x = NAN, .y = NAN};
  g_return_val_if_fail (labels != NULL && region != NULL, touch);
  g_autofree guint8 *mask = g_malloc (width * height);
  guint longest = 0;
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s < RUNET_STRUCTURES; s++) {
    if (runet_mask_from_labels (labels, width, height, s, mask) == 0)
      continue;
    g_autoptr (GPtrArray) contours = runet_contours_of_mask (mask, width, height);
    for (guint i = 0; i < contours->len; i++)
      add_contour (&touch, g_ptr_array_index (contours, i), s, region, width, height,
                   &longest);
  }
  return touch;
}
