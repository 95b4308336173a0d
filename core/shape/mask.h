/* Binary masks of the structures of a label map, and the clean-up after the network.
 *
 * Dimension legend of this folder: H rows, W columns; a mask is H × W bytes, 0 or 1. */
#pragma once

#include <glib.h>
#include "core/echo/study.h"

G_BEGIN_DECLS

/* The structures that the paper measures. */
typedef enum {
  RUNET_STRUCTURE_ENDO, /* label 1 */
  RUNET_STRUCTURE_EPI, /* labels 1 and 2 */
  RUNET_STRUCTURE_LA, /* label 3 */
  RUNET_STRUCTURES
} RunetStructure;

const char *
runet_structure_to_string (RunetStructure structure); /* "endo", "epi", "la" */

/* @mask: H × W, overwritten. Returns the area in pixels. */
gsize
runet_mask_from_labels (const guint8 *labels,
                        gsize width,
                        gsize height,
                        RunetStructure structure,
                        guint8 *mask);

/* 4-connected components; keeps the largest (the first in raster order when equal). Returns how
 * many there were. */
guint
runet_mask_keep_largest (guint8 *mask, gsize width, gsize height);
/* Background not 4-connected to the outside becomes 1. Returns how many holes there were. */
guint
runet_mask_fill_holes (guint8 *mask, gsize width, gsize height);
/* A minus its 4-neighbour erosion; outside the image counts as background. */
void
runet_mask_border (const guint8 *mask, gsize width, gsize height, guint8 *border);

/* After the network, [TMI]: the largest component of each structure, holes filled; in place. */
void
runet_labels_clean (guint8 *labels, gsize width, gsize height);

G_END_DECLS
