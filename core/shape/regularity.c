/* Convexity and simplicity of [RU], Eq. (2) and (3), and the closed epicardium they are taken of.
 *
 * Dimension legend: H rows, W columns. */
#include "anatomy.h"
#include "hull.h"

#include <math.h>
#include <string.h>

/* Simplicity depends on how finely a mask is sampled; the limits were read off masks of the
 * network's size. */
#define SIMPLICITY_SIZE 256

double
runet_convexity (const guint8 *mask, gsize width, gsize height) {
  RunetHull hull;
  if (!runet_hull_init (&hull, mask, width, height))
    return NAN;
  gsize area = runet_mask_area (mask, width * height);
  double convexity = (double)area / runet_hull_get_area (&hull);
  runet_hull_clear (&hull);
  return convexity;
}

double
runet_simplicity (const guint8 *mask, gsize width, gsize height) {
  if (width == 0 || height == 0)
    return NAN;
  /* One pixel of background around saves the special case of the image's edge. */
  enum { SIDE = SIMPLICITY_SIZE + 2 };
  g_autofree guint8 *small = g_new0 (guint8, SIDE * SIDE);
  gsize column[SIMPLICITY_SIZE];
  for (gsize x = 0; x < SIMPLICITY_SIZE; x++)
    column[x] = (2 * x + 1) * width / (2 * SIMPLICITY_SIZE);
  for (gsize y = 0; y < SIMPLICITY_SIZE; y++) {
    const guint8 *row = mask + (2 * y + 1) * height / (2 * SIMPLICITY_SIZE) * width;
    for (gsize x = 0; x < SIMPLICITY_SIZE; x++)
      small[(y + 1) * SIDE + x + 1] = row[column[x]];
  }
  gsize area = runet_mask_area (small, SIDE * SIDE), exposed = 0;
  for (gsize y = 1; y < SIDE; y++) {
    const guint8 *row = small + y * SIDE, *above = row - SIDE;
    guint16 edges = 0;
    for (gsize x = 1; x < SIDE; x++)
      edges = (guint16)(edges + (row[x] ^ row[x - 1]) + (row[x] ^ above[x]));
    exposed += edges;
  }
  return area > 0 ? sqrt (4 * G_PI * (double)area) / (double)exposed : NAN;
}

/* hull(mask) \ mask: what its hull adds to a mask that is not empty. */
static void
find_concavities (const guint8 *mask, gsize width, gsize height, guint8 *concavity) {
  RunetHull hull;
  if (!runet_hull_init (&hull, mask, width, height)) {
    memset (concavity, 0, width * height);
    return;
  }
  runet_hull_fill (&hull, width, height, concavity);
  runet_hull_clear (&hull);
  for (gsize i = 0; i < width * height; i++)
    concavity[i] &= !mask[i];
}

/* The component of the concavities of epi under which most of the cavity's lower edge lies; 0 when
 * the cavity is closed below. The probe is on top, so the base of the LV looks down. */
static guint32
find_notch (const guint8 *labels,
            gsize width,
            RunetBounds box,
            const guint32 *component,
            guint components) {
  gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree gsize *contact = g_new0 (gsize, components + 1);
  for (gsize y = 1; y < h; y++)
    for (gsize x = 0; x < w; x++)
      if (labels[(box.y0 + y - 1) * width + box.x0 + x] == RUNET_LABEL_LV)
        contact[component[y * w + x]]++;
  contact[0] = 0;
  guint32 notch = 0;
  for (guint32 i = 1; i <= components; i++)
    if (contact[i] > contact[notch])
      notch = i;
  return notch;
}

void
runet_close_epi (const guint8 *labels, gsize width, gsize height, guint8 *closed) {
  runet_mask_from_labels (labels, width, height, RUNET_STRUCTURE_EPI, closed);
  RunetBounds box;
  if (!runet_mask_bounds (closed, width, height, &box))
    return;
  gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree guint8 *epi = g_new (guint8, w * h);
  g_autofree guint8 *concavity = g_new (guint8, w * h);
  g_autofree guint32 *component = g_new (guint32, w * h);
  runet_mask_crop (closed, width, box, epi);
  find_concavities (epi, w, h, concavity);
  guint count =
      runet_mask_components (concavity, w, h, 1, RUNET_CONNECTIVITY_4, component);
  guint32 notch = find_notch (labels, width, box, component, count);
  if (notch == 0)
    return;
  for (gsize i = 0; i < w * h; i++)
    if (component[i] == notch)
      closed[(box.y0 + i / w) * width + box.x0 + i % w] = 1;
}

void
runet_find_concavity (const guint8 *mask,
                      gsize width,
                      gsize height,
                      double *x,
                      double *y) {
  g_autofree guint8 *concavity = g_new (guint8, width * height);
  g_autofree guint32 *component = g_new (guint32, width * height);
  find_concavities (mask, width, height, concavity);
  guint count = runet_mask_components (concavity, width, height, 1,
                                       RUNET_CONNECTIVITY_4, component);
  guint32 largest = runet_mask_largest_component (component, width * height, count);
  runet_mask_component_middle (component, width, height, largest, x, y);
}
