/* What the stretches that somebody was not sure of weigh in training: nothing. */
#include "correction-private.h"

#include <math.h>
#include <string.h>

/* A stretch is measured by straight pieces of this part of its contour. */
#define PIECES_PER_CONTOUR 200

/* A straight piece of a stretch, and how far around it nothing weighs anything. */
typedef struct {
  RunetPoint a, b; /* mm */
  RunetPoint spacing;
  double margin_mm;
} Piece;

static double
get_distance (const Piece *piece, double x, double y) {
  const double dx = piece->b.x - piece->a.x, dy = piece->b.y - piece->a.y;
  const double length2 = dx * dx + dy * dy;
  double t = 0;
  if (length2 > 0)
    t = CLAMP (((x - piece->a.x) * dx + (y - piece->a.y) * dy) / length2, 0.0, 1.0);
  return hypot (x - piece->a.x - t * dx, y - piece->a.y - t * dy);
}

/* The first pixel between two places, in mm, on an axis of @size pixels, and the one after the last. */
static void
find_range (double low,
            double high,
            double spacing,
            gsize size,
            gsize *from,
            gsize *to) {
  *from = (gsize)CLAMP (floor (low / spacing), 0.0, (double)size);
  *to = (gsize)CLAMP (ceil (high / spacing), 0.0, (double)size);
}

static gboolean
clear_piece (const Piece *piece, gsize width, gsize height, guint8 *weights) {
  gsize x0, x1, y0, y1;
  find_range (fmin (piece->a.x, piece->b.x) - piece->margin_mm,
              fmax (piece->a.x, piece->b.x) + piece->margin_mm, piece->spacing.x, width,
              &x0, &x1);
  find_range (fmin (piece->a.y, piece->b.y) - piece->margin_mm,
              fmax (piece->a.y, piece->b.y) + piece->margin_mm, piece->spacing.y,
              height, &y0, &y1);
  gboolean any = FALSE;
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++)
      if (get_distance (piece, ((double)x + 0.5) * piece->spacing.x,
                        ((double)y + 0.5) * piece->spacing.y) <= piece->margin_mm) {
        weights[y * width + x] = 0;
        any = TRUE;
      }
  return any;
}

static RunetPoint
get_place_mm (const RunetCorrection *self, RunetStructure structure, double fraction) {
  const RunetPoint spacing = runet_correction_get_spacing (self);
  const RunetPoint p =
      runet_contour_model_at (&self->model, structure, fraction, spacing.x, spacing.y);
  return (RunetPoint){p.x * spacing.x, p.y * spacing.y};
}

static gboolean
clear_stretch (const RunetCorrection *self,
               const RunetUncertainStretch *stretch,
               double margin_mm,
               guint8 *weights) {
  if (self->model.count[stretch->structure] == 0)
    return FALSE;
  const guint pieces =
      (guint)ceil ((stretch->to - stretch->from) * PIECES_PER_CONTOUR) + 1;
  Piece piece = {.b = get_place_mm (self, stretch->structure, stretch->from),
                 .spacing = runet_correction_get_spacing (self),
                 .margin_mm = margin_mm};
  gboolean any = FALSE;
  for (guint i = 1; i <= pieces; i++) {
    const double part = (double)i / pieces;
    piece.a = piece.b;
    piece.b = get_place_mm (self, stretch->structure,
                            stretch->from + part * (stretch->to - stretch->from));
    any |= clear_piece (&piece, self->grid->width, self->grid->height, weights);
  }
  return any;
}

gboolean
runet_correction_weigh (const RunetCorrection *self,
                        double margin_mm,
                        guint8 *weights) {
  g_return_val_if_fail (self != NULL && weights != NULL, FALSE);
  g_return_val_if_fail (isfinite (margin_mm) && margin_mm >= 0, FALSE);
  memset (weights, 1, runet_correction_count_pixels (self));
  gboolean any = FALSE;
  for (guint i = 0; i < self->uncertain->len; i++)
    any |=
        clear_stretch (self, &g_array_index (self->uncertain, RunetUncertainStretch, i),
                       margin_mm, weights);
  return any;
}
