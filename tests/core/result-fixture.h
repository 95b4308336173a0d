/* Results of frames whose labels are known: a heart of ellipses, plain or with a dent. */
#pragma once

#include <string.h>

#include "core/segmentation/frame-result.h"

#define RESULT_WIDTH ((gsize)96)
#define RESULT_HEIGHT ((gsize)120)

static inline gboolean
result_inside (double x, double y, double cx, double cy, double rx, double ry) {
  double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

/* @dent: how many pixels of the cavity are cut away from the right. */
static inline void
result_draw (guint8 *labels, double dent) {
  for (gsize y = 0; y < RESULT_HEIGHT; y++)
    for (gsize x = 0; x < RESULT_WIDTH; x++) {
      double px = (double)x + 0.5, py = (double)y + 0.5;
      gboolean cavity = result_inside (px, py, 48, 45, 16, 27) &&
                        !result_inside (px, py, 80 - dent, 45, 16, 20);
      guint8 *label = labels + y * RESULT_WIDTH + x;
      *label = result_inside (px, py, 48, 98, 15, 10)   ? RUNET_LABEL_LA
               : cavity                                 ? RUNET_LABEL_LV
               : result_inside (px, py, 48, 45, 23, 34) ? RUNET_LABEL_MYOCARDIUM
                                                        : RUNET_LABEL_BACKGROUND;
    }
}

/* @stages: 1 or 2; the first of two has no dent. @masked: an expert drew no dent. */
static inline RunetFrameResult *
result_new (guint stages, double dent, gboolean masked) {
  const gsize count = RESULT_WIDTH * RESULT_HEIGHT;
  g_autoptr (RunetSegmentation) found = g_new0 (RunetSegmentation, 1);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (RESULT_WIDTH, RESULT_HEIGHT, 1, 0.8, 0.7, RUNET_FORMAT_NIFTI_GZ,
                      RUNET_PIXEL_UINT8);
  g_autofree guint8 *expert = g_malloc (count);
  result_draw (expert, 0);
  g_atomic_ref_count_init (&found->references);
  found->stages = stages;
  found->classes = RUNET_LABELS;
  found->labels = g_new0 (RunetLabelMap *, stages);
  found->regions = g_new0 (float *, stages);
  found->probabilities = g_new0 (float *, stages);
  for (guint k = 0; k < stages; k++) {
    found->labels[k] = runet_label_map_new (grid, NULL);
    result_draw (found->labels[k]->labels, k + 1 == stages ? dent : 0);
  }
  if (stages > 1) {
    found->regions[0] = g_new (float, count);
    for (gsize i = 0; i < count; i++)
      found->regions[0][i] = (float)(i % 256) / 255.0F;
  }
  found->probabilities[stages - 1] = g_new (float, RUNET_LABELS *count);
  for (gsize i = 0; i < RUNET_LABELS * count; i++)
    found->probabilities[stages - 1][i] = i / count == 1 ? 0.7F : 0.1F;
  return runet_frame_result_new (found, masked ? expert : NULL, RUNET_INSTANT_ES);
}
