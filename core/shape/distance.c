/* Exact Euclidean distances and the three geometrical metrics of the paper.
 *
 * Dimension legend: H rows, W columns. The transform is that of Felzenszwalb & Huttenlocher,
 * "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012): counts down the
 * columns, then the lower envelope of one parabola a column along each row. */
#include "distance.h"

#include <math.h>

/* Rows to the nearest set pixel of the same column, infinite where the column is empty. */
static void
count_rows (const guint8 *mask, gsize width, gsize height, float *rows) {
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      float above = y > 0 ? rows[(y - 1) * width + x] + 1 : INFINITY;
      rows[y * width + x] = mask[y * width + x] ? 0 : above;
    }
  for (gsize y = height - 1; y-- > 0;)
    for (gsize x = 0; x < width; x++) {
      float below = rows[(y + 1) * width + x] + 1;
      rows[y * width + x] = MIN (rows[y * width + x], below);
    }
}

/* One row's lower envelope. */
typedef struct {
  gsize count;
  gsize *column; /* W: the columns whose parabola is lowest somewhere */
  double *start; /* W: from which x (pixels) it is */
  double *value; /* W: its smallest value (mm²) */
} Envelope;

static void
build_envelope (Envelope *self, const float *rows, gsize width, double dx2, double dy) {
  self->count = 0;
  for (gsize q = 0; q < width; q++) {
    if (isinf (rows[q]))
      continue;
    double f = (double)rows[q] * dy;
    f *= f;
    double start = -INFINITY;
    while (self->count > 0) {
      gsize top = self->count - 1;
      double p = (double)self->column[top], x = (double)q;
      start = ((f - self->value[top]) / dx2 + (x - p) * (x + p)) / (2 * (x - p));
      if (start > self->start[top])
        break;
      self->count--;
      start = -INFINITY;
    }
    self->column[self->count] = q;
    self->start[self->count] = start;
    self->value[self->count] = f;
    self->count++;
  }
}

static void
read_envelope (const Envelope *self, gsize width, double dx2, float *distance) {
  gsize k = 0;
  for (gsize x = 0; x < width; x++) {
    if (self->count == 0) {
      distance[x] = INFINITY;
      continue;
    }
    while (k + 1 < self->count && self->start[k + 1] < (double)x)
      k++;
    double d = (double)x - (double)self->column[k];
    distance[x] = (float)sqrt (dx2 * d * d + self->value[k]);
  }
}

void
runet_distance_transform (const guint8 *mask,
                          gsize width,
                          gsize height,
                          double spacing_x_mm,
                          double spacing_y_mm,
                          float *distance) {
  g_return_if_fail (spacing_x_mm > 0 && spacing_y_mm > 0);
  if (width == 0 || height == 0)
    return;
  count_rows (mask, width, height, distance);
  g_autofree gsize *column = g_new (gsize, width);
  g_autofree double *start = g_new (double, width);
  g_autofree double *value = g_new (double, width);
  Envelope envelope = {0, column, start, value};
  double dx2 = spacing_x_mm * spacing_x_mm;
  for (gsize y = 0; y < height; y++) {
    build_envelope (&envelope, distance + y * width, width, dx2, spacing_y_mm);
    read_envelope (&envelope, width, dx2, distance + y * width);
  }
}

/* From the border of one mask to that of the other. */
typedef struct {
  double mean_mm, largest_mm;
  gsize x, y; /* the pixel that is farthest */
} Directed;

static Directed
measure_directed (const guint8 *border,
                  const float *distance,
                  gsize width,
                  gsize height) {
  Directed result = {0, -1, 0, 0};
  double sum = 0;
  gsize count = 0;
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      gsize i = y * width + x;
      if (!border[i])
        continue;
      double d = (double)distance[i];
      sum += d;
      count++;
      if (d > result.largest_mm)
        result = (Directed){0, d, x, y};
    }
  result.mean_mm = sum / (double)count;
  return result;
}

/* Both masks are not empty. Borders and distances are the same inside the box of both masks as on
 * the whole grid: outside it is background either way. */
static void
measure_distances (const guint8 *reference,
                   const guint8 *prediction,
                   gsize width,
                   RunetBounds box,
                   double spacing_x_mm,
                   double spacing_y_mm,
                   RunetAgreement *agreement) {
  const guint8 *masks[2] = {reference, prediction};
  gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree guint8 *mask = g_new (guint8, w * h);
  g_autofree guint8 *borders = g_new (guint8, 2 * w * h);
  g_autofree float *distance = g_new (float, w *h);
  Directed directed[2];
  for (int i = 0; i < 2; i++) {
    runet_mask_crop (masks[i], width, box, mask);
    runet_mask_border (mask, w, h, borders + (gsize)i * w * h);
  }
  for (int i = 0; i < 2; i++) {
    runet_distance_transform (borders + (gsize)(1 - i) * w * h, w, h, spacing_x_mm,
                              spacing_y_mm, distance);
    directed[i] = measure_directed (borders + (gsize)i * w * h, distance, w, h);
  }
  Directed worst =
      directed[0].largest_mm > directed[1].largest_mm ? directed[0] : directed[1];
  agreement->mad_mm = (directed[0].mean_mm + directed[1].mean_mm) / 2;
  agreement->hd_mm = worst.largest_mm;
  agreement->hd_x = (double)(box.x0 + worst.x) + 0.5;
  agreement->hd_y = (double)(box.y0 + worst.y) + 0.5;
}

RunetAgreement
runet_agreement (const guint8 *reference,
                 const guint8 *prediction,
                 gsize width,
                 gsize height,
                 double spacing_x_mm,
                 double spacing_y_mm) {
  RunetAgreement agreement = {0, NAN, NAN, NAN, NAN};
  gsize a = 0, b = 0, both = 0;
  for (gsize i = 0; i < width * height; i++) {
    a += reference[i];
    b += prediction[i];
    both += reference[i] & prediction[i];
  }
  agreement.dice = a + b > 0 ? 2.0 * (double)both / (double)(a + b) : 1;
  if (a == 0 || b == 0 || !(spacing_x_mm > 0) || !(spacing_y_mm > 0))
    return agreement;

  RunetBounds box, other;
  runet_mask_bounds (reference, width, height, &box);
  runet_mask_bounds (prediction, width, height, &other);
  box = (RunetBounds){MIN (box.x0, other.x0), MIN (box.y0, other.y0),
                      MAX (box.x1, other.x1), MAX (box.y1, other.y1)};
  measure_distances (reference, prediction, width, box, spacing_x_mm, spacing_y_mm,
                     &agreement);
  return agreement;
}
