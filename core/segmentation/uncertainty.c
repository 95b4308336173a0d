/* How sure the network is of the contours that it drew. */
#include "uncertainty.h"

#include <math.h>

static double
compute_entropy (const float *probabilities, gsize classes, gsize pixels, gsize pixel) {
  double entropy = 0;
  for (gsize c = 0; c < classes; c++) {
    const double p = probabilities[c * pixels + pixel];
    if (p > 0)
      entropy -= p * log (p);
  }
  return entropy / log ((double)classes);
}

double
runet_uncertainty_of_contours (const float *probabilities,
                               gsize classes,
                               const guint8 *labels,
                               gsize width,
                               gsize height) {
  g_return_val_if_fail (probabilities != NULL && classes > 1, NAN);
  const gsize pixels = width * height;
  g_autofree guint8 *mask = g_new (guint8, pixels);
  g_autofree guint8 *border = g_new (guint8, pixels);
  double sum = 0;
  gsize count = 0;
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s <= RUNET_STRUCTURE_EPI; s++) {
    runet_mask_from_labels (labels, width, height, s, mask);
    runet_mask_border (mask, width, height, border);
    for (gsize i = 0; i < pixels; i++)
      if (border[i]) {
        sum += compute_entropy (probabilities, classes, pixels, i);
        count++;
      }
  }
  return count > 0 ? sum / (double)count : NAN;
}
