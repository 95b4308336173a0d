/* Exact Euclidean distances and the three geometrical metrics of the paper.
 *
 * Dimension legend: H rows, W columns. The transform is that of Felzenszwalb & Huttenlocher,
 * "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012): counts down the
 * columns, then the lower envelope of one parabola a column along each row. */
#include "distance.h"

#include <math.h>
#include <string.h>

/* Rows to the nearest set pixel of the same column, infinite where the column is empty. */
static void
count_rows (const guint8 *mask, gsize width, gsize height, float *rows) {
  for (gsize x = 0; x < width; x++)
    rows[x] = mask[x] ? 0 : INFINITY;
  for (gsize y = 1; y < height; y++) {
    const guint8 *set = mask + y * width;
    const float *above = rows + (y - 1) * width;
    float *restrict row = rows + y * width;
    for (gsize x = 0; x < width; x++) {
      float further = above[x] + 1;
      row[x] = set[x] ? 0 : further;
    }
  }
  for (gsize y = height - 1; y-- > 0;) {
    const float *below = rows + (y + 1) * width;
    float *restrict row = rows + y * width;
    for (gsize x = 0; x < width; x++)
      row[x] = MIN (row[x], below[x] + 1);
  }
}

/* A column whose parabola is lowest somewhere in a row. */
typedef struct {
  gsize column;
  double start; /* from which x (pixels) it is */
  double value; /* its smallest value (mm²) */
  double height; /* the same in units of dx² */
} Parabola;

/* The lower envelope of one row at a time. */
typedef struct {
  gsize width;
  double dx2, dy; /* mm², mm */
  gsize count;
  Parabola *parabolas; /* W */
  double *
      half; /* W: 1 / (2 k) at k: a division an intersection would take most of the time */
} Envelope;

static void
envelope_init (Envelope *self, gsize width, double spacing_x_mm, double spacing_y_mm) {
  self->width = width;
  self->dx2 = spacing_x_mm * spacing_x_mm;
  self->dy = spacing_y_mm;
  self->count = 0;
  self->parabolas = g_new (Parabola, width);
  self->half = g_new (double, width);
  self->half[0] = 0;
  for (gsize k = 1; k < width; k++)
    self->half[k] = 0.5 / (double)k;
}

static void
envelope_clear (Envelope *self) {
  g_free (self->parabolas);
  g_free (self->half);
}

static void
envelope_build (Envelope *self, const float *rows) {
  const double scale = 1 / self->dx2;
  gsize count = 0;
  for (gsize q = 0; q < self->width; q++) {
    if (isinf (rows[q]))
      continue;
    double value = (double)rows[q] * self->dy;
    value *= value;
    Parabola next = {q, -INFINITY, value, value * scale};
    for (; count > 0; count--) {
      const Parabola *top = &self->parabolas[count - 1];
      double sum = (double)(q + top->column), difference = (double)(q - top->column);
      next.start =
          (next.height - top->height + difference * sum) * self->half[q - top->column];
      if (next.start > top->start)
        break;
    }
    if (count == 0)
      next.start = -INFINITY;
    self->parabolas[count++] = next;
  }
  self->count = count;
}

/* At column @x, not before the @x of the last call for this row; @k remembers the place. */
static inline float
envelope_get (const Envelope *self, gsize x, gsize *k) {
  while (*k + 1 < self->count && self->parabolas[*k + 1].start < (double)x)
    (*k)++;
  const Parabola *lowest = &self->parabolas[*k];
  double d = (double)x - (double)lowest->column;
  return (float)sqrt (self->dx2 * d * d + lowest->value);
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
  Envelope envelope;
  count_rows (mask, width, height, distance);
  envelope_init (&envelope, width, spacing_x_mm, spacing_y_mm);
  for (gsize y = 0; y < height; y++) {
    float *row = distance + y * width;
    envelope_build (&envelope, row);
    gsize k = 0;
    for (gsize x = 0; x < width; x++)
      row[x] = envelope.count > 0 ? envelope_get (&envelope, x, &k) : INFINITY;
  }
  envelope_clear (&envelope);
}

/* From the border of one mask to that of the other. */
typedef struct {
  double mean_mm, largest_mm;
  gsize x, y; /* the pixel that is farthest */
} Directed;

/* @rows: as count_rows() leaves them for the other border, which is not empty. Distances are wanted at
 * border pixels alone, so that they are read off the envelopes and no map is drawn. */
static Directed
measure_directed (const guint8 *border, const float *rows, gsize height, Envelope *to) {
  Directed result = {0, -1, 0, 0};
  double sum = 0;
  gsize count = 0, width = to->width;
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = border + y * width, *end = row + width, *pixel = row;
    gsize k = 0;
    if ((pixel = memchr (row, 1, width)) == NULL)
      continue;
    envelope_build (to, rows + y * width);
    for (; pixel != NULL; pixel = memchr (pixel, 1, (gsize)(end - pixel))) {
      gsize x = (gsize)(pixel++ - row);
      double d = (double)envelope_get (to, x, &k);
      sum += d;
      count++;
      if (d > result.largest_mm)
        result = (Directed){0, d, x, y};
    }
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
  g_autofree float *rows = g_new (float, w *h);
  Directed directed[2];
  for (int i = 0; i < 2; i++) {
    runet_mask_crop (masks[i], width, box, mask);
    runet_mask_border (mask, w, h, borders + (gsize)i * w * h);
  }
  Envelope envelope;
  envelope_init (&envelope, w, spacing_x_mm, spacing_y_mm);
  for (int i = 0; i < 2; i++) {
    count_rows (borders + (gsize)(1 - i) * w * h, w, h, rows);
    directed[i] = measure_directed (borders + (gsize)i * w * h, rows, h, &envelope);
  }
  envelope_clear (&envelope);
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
  gsize pixels = width * height;
  gsize a = runet_mask_area (reference, pixels);
  gsize b = runet_mask_area (prediction, pixels);
  agreement.dice = runet_mask_dice (reference, prediction, pixels);
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
