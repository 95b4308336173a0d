/* What the model says of one frame, kept small. */
#include "frame-result.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#include "uncertainty.h"

/* Label maps are long runs of one value: the fastest level already makes them 1 % of their size. */
#define LEVEL Z_BEST_SPEED

static GBytes *
pack (const guint8 *values, gsize count) {
  uLongf length = compressBound ((uLong)count);
  g_autofree guint8 *packed = g_malloc (length);
  if (compress2 (packed, &length, values, (uLong)count, LEVEL) != Z_OK)
    return NULL;
  return g_bytes_new (packed, length);
}

static gboolean
unpack (GBytes *packed, guint8 *values, gsize count) {
  gsize size;
  const guint8 *data = g_bytes_get_data (packed, &size);
  uLongf length = (uLongf)count;
  return uncompress (values, &length, data, (uLong)size) == Z_OK && length == count;
}

/* What was stored on disk may have been tampered with, and labels are used as indices. */
static gboolean
are_labels (const guint8 *values, gsize count) {
  guint8 largest = 0;
  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, values[i]);
  return largest < RUNET_LABELS;
}

/* One byte a pixel: the border at 0.5 moves by less than a hundredth of a pixel. */
static GBytes *
pack_region (const float *region, gsize count) {
  g_autofree guint8 *bytes = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    bytes[i] = (guint8)lrintf (255.0F * CLAMP (region[i], 0.0F, 1.0F));
  return pack (bytes, count);
}

static void
fill_stage (RunetStageResult *stage,
            const RunetGrid *grid,
            const guint8 *labels,
            const guint8 *expert,
            RunetInstant instant) {
  stage->packed = pack (labels, grid->width * grid->height);
  stage->anatomy = runet_anatomy_new (labels, grid->width, grid->height,
                                      grid->spacing_x_mm, grid->spacing_y_mm);
  stage->discs = runet_discs_measure (labels, grid->width, grid->height,
                                      grid->spacing_x_mm, grid->spacing_y_mm);
  if (expert)
    stage->comparison =
        runet_comparison_new (expert, labels, grid->width, grid->height,
                              grid->spacing_x_mm, grid->spacing_y_mm, instant);
}

static double
measure_disagreement (const RunetLabelMap *first, const RunetLabelMap *last) {
  double worst = 0.0;
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s <= RUNET_STRUCTURE_EPI; s++)
    worst = fmax (worst,
                  1.0 - runet_labels_dice (first->labels, last->labels,
                                           first->grid->width, first->grid->height, s));
  return worst;
}

RunetFrameResult *
runet_frame_result_new (const RunetSegmentation *segmentation,
                        const guint8 *expert,
                        RunetInstant instant) {
  g_return_val_if_fail (segmentation != NULL && segmentation->stages > 0, NULL);

  guint last = segmentation->stages - 1;
  const RunetLabelMap *map = segmentation->labels[last];
  RunetFrameResult *result = g_new0 (RunetFrameResult, 1);
  g_atomic_ref_count_init (&result->references);
  result->grid = runet_grid_with_frames (map->grid, 1);
  result->stages = segmentation->stages;
  fill_stage (&result->stage[RUNET_SHOWN_LAST], map->grid, map->labels, expert,
              instant);
  result->uncertainty =
      segmentation->probabilities != NULL && segmentation->probabilities[last] != NULL
          ? runet_uncertainty_of_contours (segmentation->probabilities[last],
                                           segmentation->classes, map->labels,
                                           map->grid->width, map->grid->height)
          : NAN;
  if (last == 0)
    return result;

  const RunetLabelMap *first = segmentation->labels[0];
  fill_stage (&result->stage[RUNET_SHOWN_FIRST], first->grid, first->labels, expert,
              instant);
  result->disagreement = measure_disagreement (first, map);
  const float *region = segmentation->regions ? segmentation->regions[last - 1] : NULL;
  if (region) {
    gsize width = map->grid->width, height = map->grid->height;
    result->packed_region = pack_region (region, width * height);
    result->touch = runet_touch_measure (map->labels, region, width, height);
  }
  return result;
}

RunetFrameResult *
runet_frame_result_new_of_labels (const RunetGrid *grid,
                                  const guint8 *labels,
                                  const guint8 *expert,
                                  RunetInstant instant) {
  g_return_val_if_fail (grid != NULL && labels != NULL, NULL);

  RunetFrameResult *result = g_new0 (RunetFrameResult, 1);
  g_atomic_ref_count_init (&result->references);
  result->grid = runet_grid_with_frames (grid, 1);
  result->stages = 1;
  result->uncertainty = NAN;
  fill_stage (&result->stage[RUNET_SHOWN_LAST], grid, labels, expert, instant);
  return result;
}

RunetFrameResult *
runet_frame_result_ref (RunetFrameResult *result) {
  g_return_val_if_fail (result != NULL, NULL);
  g_atomic_ref_count_inc (&result->references);
  return result;
}

void
runet_frame_result_unref (RunetFrameResult *result) {
  g_return_if_fail (result != NULL);
  if (!g_atomic_ref_count_dec (&result->references))
    return;
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++) {
    g_clear_pointer (&result->stage[i].packed, g_bytes_unref);
    g_clear_pointer (&result->stage[i].anatomy, runet_anatomy_free);
    g_clear_pointer (&result->stage[i].comparison, runet_comparison_free);
  }
  g_clear_pointer (&result->packed_region, g_bytes_unref);
  runet_grid_unref (result->grid);
  g_free (result);
}

RunetLabelMap *
runet_frame_result_unpack_labels (const RunetFrameResult *result,
                                  RunetShownStage stage) {
  g_return_val_if_fail (result != NULL && (guint)stage < RUNET_SHOWN_STAGES, NULL);
  GBytes *packed = result->stage[stage].packed;
  if (!packed)
    return NULL;
  g_autoptr (RunetLabelMap) map = runet_label_map_new (result->grid, NULL);
  gsize count = result->grid->width * result->grid->height;
  if (!map || !unpack (packed, map->labels, count) || !are_labels (map->labels, count))
    return NULL;
  return g_steal_pointer (&map);
}

float *
runet_frame_result_unpack_region (const RunetFrameResult *result) {
  g_return_val_if_fail (result != NULL, NULL);
  if (!result->packed_region)
    return NULL;
  gsize count = result->grid->width * result->grid->height;
  g_autofree guint8 *bytes = g_try_malloc (count);
  float *region = g_try_new (float, count);
  if (!bytes || !region || !unpack (result->packed_region, bytes, count)) {
    g_free (region);
    return NULL;
  }
  for (gsize i = 0; i < count; i++)
    region[i] = (float)bytes[i] / 255.0F;
  return region;
}

gboolean
runet_frame_result_is_outlier (const RunetFrameResult *result) {
  const RunetStageResult *last = &result->stage[RUNET_SHOWN_LAST];
  return last->anatomy->outlier || (last->comparison && last->comparison->outlier);
}

static gboolean
says_missing (const GArray *reasons, RunetStructure structure) {
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *reason = &g_array_index (reasons, RunetReason, i);
    if (reason->kind == RUNET_REASON_MISSING && reason->structure == structure)
      return TRUE;
  }
  return FALSE;
}

GArray *
runet_frame_result_list_reasons (const RunetFrameResult *result) {
  g_return_val_if_fail (result != NULL, NULL);

  const RunetStageResult *last = &result->stage[RUNET_SHOWN_LAST];
  const GArray *found = last->anatomy->reasons;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  g_array_append_vals (list, found->data, found->len);
  for (guint i = 0; last->comparison && i < last->comparison->reasons->len; i++) {
    const RunetReason *reason =
        &g_array_index (last->comparison->reasons, RunetReason, i);
    if (reason->kind != RUNET_REASON_MISSING ||
        !says_missing (found, reason->structure))
      g_array_append_vals (list, reason, 1);
  }
  const RunetTouch *touch = &result->touch;
  if (touch->touching > 0) {
    double share = (double)touch->touching / (double)touch->points;
    RunetReason reason = {RUNET_REASON_REGION_BORDER,
                          RUNET_SEVERITY_NOTE,
                          touch->structure,
                          share,
                          0,
                          touch->x,
                          touch->y};
    g_array_append_val (list, reason);
  }
  return list;
}
