/* How well the contour model tells what the label maps of a data set say: for its tests and its benchmark. */
#pragma once

#include <math.h>

#include "core/echo/dataset.h"
#include "core/shape/contour-model.h"

/* Of many label maps. @residual, @bulge: parts of the LV's length. @dice: of the map drawn anew from the model; @alone: of a map of
 * which only that structure is. */
typedef struct {
  guint maps;
  GArray *residual[RUNET_STRUCTURES];
  GArray *bulge[RUNET_STRUCTURES];
  GArray *points[RUNET_STRUCTURES];
  GArray *dice[RUNET_STRUCTURES], *alone[RUNET_STRUCTURES];
  GArray *fit_ms, *draw_ms, *check_ms;
  guint faults[4]; /* maps whose fit has this bit of RunetContourFaults */
} ContourQuality;

static inline GArray *
numbers_new (void) {
  return g_array_new (FALSE, FALSE, sizeof (double));
}

static inline void
contour_quality_init (ContourQuality *quality) {
  *quality = (ContourQuality){0};
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    quality->residual[s] = numbers_new ();
    quality->bulge[s] = numbers_new ();
    quality->points[s] = numbers_new ();
    quality->dice[s] = numbers_new ();
    quality->alone[s] = numbers_new ();
  }
  quality->fit_ms = numbers_new ();
  quality->draw_ms = numbers_new ();
  quality->check_ms = numbers_new ();
}

static inline void
contour_quality_clear (ContourQuality *quality) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_array_unref (quality->residual[s]);
    g_array_unref (quality->bulge[s]);
    g_array_unref (quality->points[s]);
    g_array_unref (quality->dice[s]);
    g_array_unref (quality->alone[s]);
  }
  g_array_unref (quality->fit_ms);
  g_array_unref (quality->draw_ms);
  g_array_unref (quality->check_ms);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ContourQuality, contour_quality_clear)

static inline int
compare_numbers (gconstpointer a, gconstpointer b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The number below which @part of them lie; sorts them. */
static inline double
get_quantile (GArray *numbers, double part) {
  if (numbers->len == 0)
    return NAN;
  g_array_sort (numbers, compare_numbers);
  return g_array_index (numbers, double, (guint)(part * (numbers->len - 1) + 0.5));
}

static inline double
get_share_below (const GArray *numbers, double limit) {
  guint count = 0;
  for (guint i = 0; i < numbers->len; i++)
    count += g_array_index (numbers, double, i) <= limit;
  return numbers->len > 0 ? (double)count / numbers->len : NAN;
}

static inline double
get_dice (const guint8 *a,
          const guint8 *b,
          gsize width,
          gsize height,
          RunetStructure structure) {
  g_autofree guint8 *in_a = g_new (guint8, width * height);
  g_autofree guint8 *in_b = g_new (guint8, width * height);
  const gsize sum = runet_mask_from_labels (a, width, height, structure, in_a) +
                    runet_mask_from_labels (b, width, height, structure, in_b);
  gsize both = 0;
  for (gsize i = 0; i < width * height; i++)
    both += in_a[i] & in_b[i];
  return sum > 0 ? 2.0 * (double)both / (double)sum : 1;
}

static inline void
append_ms (GArray *numbers, gint64 since) {
  const double ms = (double)(g_get_monotonic_time () - since) / 1000;
  g_array_append_val (numbers, ms);
}

static inline void
contour_quality_add_alone (ContourQuality *quality,
                           const RunetContourModel *model,
                           const guint8 *labels,
                           gsize width,
                           gsize height) {
  g_autofree guint8 *drawn = g_new (guint8, width * height);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    if (model->count[s] == 0)
      continue;
    runet_contour_model_rasterise (model, RUNET_STRUCTURE_BIT (s), labels, width,
                                   height, drawn);
    const double dice = get_dice (labels, drawn, width, height, s);
    g_array_append_val (quality->alone[s], dice);
  }
}

static inline void
contour_quality_add (ContourQuality *quality,
                     const guint8 *labels,
                     gsize width,
                     gsize height,
                     double spacing_x_mm,
                     double spacing_y_mm) {
  RunetContourModel model;
  RunetContourFit fit;
  g_autofree guint8 *drawn = g_new (guint8, width * height);
  gint64 start = g_get_monotonic_time ();
  runet_contour_model_fit (labels, width, height, spacing_x_mm, spacing_y_mm, &model,
                           &fit);
  append_ms (quality->fit_ms, start);
  start = g_get_monotonic_time ();
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, width, height,
                                 drawn);
  append_ms (quality->draw_ms, start);
  start = g_get_monotonic_time ();
  const RunetContourFaults faults =
      runet_contour_model_check (&model, width, height, spacing_x_mm, spacing_y_mm,
                                 RUNET_CONTOUR_THICKNESS_MM, NULL, NULL);
  append_ms (quality->check_ms, start);
  for (guint i = 0; i < G_N_ELEMENTS (quality->faults); i++)
    quality->faults[i] += (faults & (1u << i)) != 0;
  quality->maps++;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    if (model.count[s] == 0)
      continue;
    const double residual = fit.residual_mm[s] / fit.length_mm;
    const double bulge = fit.bulge_mm[s] / fit.length_mm;
    const double points = model.count[s];
    const double dice = get_dice (labels, drawn, width, height, s);
    g_array_append_val (quality->residual[s], residual);
    g_array_append_val (quality->bulge[s], bulge);
    g_array_append_val (quality->points[s], points);
    g_array_append_val (quality->dice[s], dice);
  }
  contour_quality_add_alone (quality, &model, labels, width, height);
}

/* ED and ES of both views of every @step-th patient. */
static inline void
contour_quality_add_dataset (ContourQuality *quality,
                             const RunetDataset *dataset,
                             guint step) {
  for (guint p = 0; dataset != NULL && p < dataset->patients->len; p += step) {
    const RunetPatient *patient = g_ptr_array_index (dataset->patients, p);
    for (guint i = 0; i < RUNET_VIEWS * RUNET_INSTANTS; i++) {
      const RunetViewFiles *files = &patient->views[i / RUNET_INSTANTS];
      if (!runet_view_has_still_mask (files, i % RUNET_INSTANTS))
        continue;
      g_autoptr (RunetLabelMap) map =
          runet_view_read_still_mask (files, i % RUNET_INSTANTS, NULL, NULL);
      if (map != NULL)
        contour_quality_add (quality, map->labels, map->grid->width, map->grid->height,
                             map->grid->spacing_x_mm, map->grid->spacing_y_mm);
    }
  }
}
