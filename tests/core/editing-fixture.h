/* Frames to correct: drawn, of phantoms, and of CAMUS' experts; and what holds of every correction. */
#pragma once

#include <math.h>
#include <string.h>

#include "core/editing/editor.h"
#include "core/phantom/patient.h"
#include "tests/core/echo-fixture.h"

#define REACH 8.0
/* How far the ends of epi may be off the line through the annulus points, pixels. */
#define ON_LINE 1e-6

static inline gboolean
is_in_ellipse (double x, double y, double cx, double cy, double rx, double ry) {
  const double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

/* A ventricle open at its base, its wall, an atrium below; @scale 1: 300 × 400. */
static inline RunetCorrection *
make_drawn (double scale, double spacing_x_mm, double spacing_y_mm) {
  const gsize width = (gsize)(300 * scale), height = (gsize)(400 * scale);
  g_autofree guint8 *labels = g_new0 (guint8, width * height);
  for (gsize row = 0; row < height; row++)
    for (gsize column = 0; column < width; column++) {
      const double x = ((double)column + 0.5) / scale, y = ((double)row + 0.5) / scale;
      guint8 *label = &labels[row * width + column];
      if (y < 220 && is_in_ellipse (x, y, 150, 160, 52, 95))
        *label = RUNET_LABEL_LV;
      else if (y < 220 && is_in_ellipse (x, y, 150, 160, 75, 120))
        *label = RUNET_LABEL_MYOCARDIUM;
      else if (y >= 220 && is_in_ellipse (x, y, 150, 270, 48, 65))
        *label = RUNET_LABEL_LA;
    }
  g_autoptr (RunetGrid) grid =
      runet_grid_new (width, height, 1, spacing_x_mm, spacing_y_mm, RUNET_FORMAT_NIFTI,
                      RUNET_PIXEL_UINT8);
  return runet_correction_new (grid, labels);
}

static inline RunetCorrection *
make_usual (void) {
  return make_drawn (1, 0.4, 0.4);
}

static inline RunetCorrection *
make_phantom (guint number, RunetView view, double contraction) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  runet_phantom_patient_init (patient, 77, number);
  const RunetPlaneGrid *plane = &patient->views[view].grid;
  g_autofree guint8 *labels = g_new0 (guint8, plane->width * plane->height);
  runet_heart_shape (&patient->heart, view, contraction, 0, shape);
  runet_heart_fill_labels (shape, plane, labels);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (plane->width, plane->height, 1, plane->spacing_mm,
                      plane->spacing_mm, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  return runet_correction_new (grid, labels);
}

/* (nullable): of an expert's mask; the test is skipped where CAMUS is not at hand. */
static inline RunetCorrection *
make_real (const char *name) {
  g_autofree char *path = find_camus (name);
  g_autoptr (GError) error = NULL;
  if (path == NULL)
    return NULL;
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  return runet_correction_new (map->grid, map->labels);
}

static inline gsize
count_pixels (const RunetCorrection *correction) {
  return correction->grid->width * correction->grid->height;
}

/* (transfer full): H × W. */
static inline guint8 *
draw (const RunetCorrection *correction) {
  guint8 *labels = g_new (guint8, count_pixels (correction));
  runet_correction_draw (correction, labels);
  return labels;
}

static inline gboolean
is_in_structure (guint8 label, RunetStructure structure) {
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return label == RUNET_LABEL_LV;
  case RUNET_STRUCTURE_EPI:
    return label == RUNET_LABEL_LV || label == RUNET_LABEL_MYOCARDIUM;
  default:
    return label == RUNET_LABEL_LA;
  }
}

/* Pixels that are of the structure in one and not in the other. */
static inline gsize
count_changes (const guint8 *a,
               const guint8 *b,
               gsize count,
               RunetStructure structure) {
  gsize changes = 0;
  for (gsize i = 0; i < count; i++)
    changes += is_in_structure (a[i], structure) != is_in_structure (b[i], structure);
  return changes;
}

static inline RunetPoint
get_point (RunetEditor *editor, RunetStructure structure, guint index) {
  return runet_editor_get_correction (editor)->model.points[structure][index];
}

static inline guint
get_count (RunetEditor *editor, RunetStructure structure) {
  return runet_editor_get_correction (editor)->model.count[structure];
}

/* A whole gesture, in @steps moves. Returns whether it changed anything. */
static inline gboolean
drag (RunetEditor *editor,
      RunetPoint from,
      RunetPoint to,
      int steps,
      RunetEditModifiers modifiers) {
  if (!runet_editor_press (editor, from, REACH, modifiers))
    return FALSE;
  for (int i = 1; i <= steps; i++) {
    const double part = (double)i / steps;
    runet_editor_move (
        editor,
        (RunetPoint){from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)},
        modifiers);
  }
  return runet_editor_release (editor, to, modifiers);
}

static inline RunetPoint
shift (RunetPoint p, double dx, double dy) {
  return (RunetPoint){p.x + dx, p.y + dy};
}

static inline double
get_off_line (RunetPoint p, RunetPoint a, RunetPoint b) {
  return fabs ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) /
         hypot (b.x - a.x, b.y - a.y);
}

/* @lined: also that the ends of epi are on the line of the annulus. */
static inline void
assert_model (const RunetContourModel *model, gboolean lined) {
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    g_assert_true (model->count[i] == 0 ||
                   (model->count[i] >= RUNET_CONTOUR_POINTS_MIN &&
                    model->count[i] <= RUNET_CONTOUR_POINTS_MAX));
    for (guint k = 0; k < model->count[i]; k++)
      g_assert_true (isfinite (model->points[i][k].x) &&
                     isfinite (model->points[i][k].y));
  }
  const guint endo = model->count[RUNET_STRUCTURE_ENDO];
  const guint epi = model->count[RUNET_STRUCTURE_EPI];
  const guint la = model->count[RUNET_STRUCTURE_LA];
  const RunetPoint *p = model->points[RUNET_STRUCTURE_ENDO];
  const RunetPoint *q = model->points[RUNET_STRUCTURE_LA];
  const RunetPoint *r = model->points[RUNET_STRUCTURE_EPI];
  if (endo > 0)
    g_assert_true (model->apex >= 1 && model->apex <= endo - 2);
  if (endo > 0 && la > 0) {
    g_assert_cmpmem (&p[0], sizeof *p, &q[0], sizeof *q);
    g_assert_cmpmem (&p[endo - 1], sizeof *p, &q[la - 1], sizeof *q);
  }
  if (lined && endo > 0 && epi > 0) {
    g_assert_cmpfloat (get_off_line (r[0], p[0], p[endo - 1]), <=, ON_LINE);
    g_assert_cmpfloat (get_off_line (r[epi - 1], p[0], p[endo - 1]), <=, ON_LINE);
  }
}

static inline void
assert_equal (const RunetCorrection *a, const RunetCorrection *b) {
  g_assert_true (runet_correction_equal (a, b));
}

/* What is written is read again as it was. */
static inline void
assert_round_trip (const RunetCorrection *correction) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = runet_correction_serialise (correction);
  g_autoptr (RunetCorrection) back = runet_correction_parse (json, &error);
  g_assert_no_error (error);
  assert_equal (correction, back);
  g_autoptr (GBytes) again = runet_correction_serialise (back);
  g_assert_true (g_bytes_equal (json, again));
  g_autofree guint8 *one = draw (correction), *other = draw (back);
  g_assert_cmpmem (one, count_pixels (correction), other, count_pixels (back));
}
