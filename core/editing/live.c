/* What is shown of a frame while somebody drags. */
#include "live.h"

#include <math.h>

/* The epicardium is there when there is myocardium. */
static gboolean
is_missing (const gsize counts[RUNET_LABELS], RunetStructure structure) {
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return counts[RUNET_LABEL_LV] == 0;
  case RUNET_STRUCTURE_EPI:
    return counts[RUNET_LABEL_MYOCARDIUM] == 0;
  default:
    return counts[RUNET_LABEL_LA] == 0;
  }
}

static gsize
get_pixels (const gsize counts[RUNET_LABELS], RunetStructure structure) {
  switch (structure) {
  case RUNET_STRUCTURE_ENDO:
    return counts[RUNET_LABEL_LV];
  case RUNET_STRUCTURE_EPI:
    return counts[RUNET_LABEL_LV] + counts[RUNET_LABEL_MYOCARDIUM];
  default:
    return counts[RUNET_LABEL_LA];
  }
}

/* Convexity of what is around the structure alone: it does not depend on the rest of the image. */
static double
get_convexity (const guint8 *mask, gsize width, gsize height) {
  RunetBounds box;
  if (!runet_mask_bounds (mask, width, height, &box))
    return NAN;
  const gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree guint8 *crop = g_new (guint8, w * h);
  runet_mask_crop (mask, width, box, crop);
  return runet_convexity (crop, w, h);
}

static gboolean
is_below (const RunetRegularity *regularity, const RunetRegularity *limits) {
  return !(regularity->convexity >= limits->convexity &&
           regularity->simplicity >= limits->simplicity);
}

void
runet_live_measure (const guint8 *labels,
                    gsize width,
                    gsize height,
                    double spacing_x_mm,
                    double spacing_y_mm,
                    RunetLive *live) {
  g_return_if_fail (labels != NULL && live != NULL);
  g_autofree guint8 *mask = g_new (guint8, width * height);
  gsize counts[RUNET_LABELS] = {0};
  for (guint label = 1; label < RUNET_LABELS; label++)
    for (gsize i = 0; i < width * height; i++)
      counts[label] += labels[i] == label;
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    live->area_mm2[s] = (double)get_pixels (counts, s) * spacing_x_mm * spacing_y_mm;
    live->regularity[s] = (RunetRegularity){NAN, NAN};
    if (is_missing (counts, s))
      continue;
    if (s == RUNET_STRUCTURE_EPI)
      runet_close_epi (labels, width, height, mask);
    else
      runet_mask_from_labels (labels, width, height, s, mask);
    live->regularity[s].convexity = get_convexity (mask, width, height);
    live->regularity[s].simplicity = runet_simplicity (mask, width, height);
  }
  live->outlier =
      is_below (&live->regularity[RUNET_STRUCTURE_ENDO], &runet_outlier_limits.endo) ||
      is_below (&live->regularity[RUNET_STRUCTURE_EPI], &runet_outlier_limits.epi);
  live->discs = runet_discs_measure (labels, width, height, spacing_x_mm, spacing_y_mm);
}
