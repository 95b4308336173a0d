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

/* In pixels. */
gsize
runet_mask_area (const guint8 *mask, gsize pixels);

/* Twice what two masks have in common by the sum of their areas; 1 when both are empty. */
double
runet_mask_dice (const guint8 *a, const guint8 *b, gsize pixels);
/* Of a structure in two label maps of one size. */
double
runet_labels_dice (const guint8 *a,
                   const guint8 *b,
                   gsize width,
                   gsize height,
                   RunetStructure structure);

typedef enum {
  RUNET_CONNECTIVITY_4,
  RUNET_CONNECTIVITY_8,
} RunetConnectivity;

/* Components of the pixels that are @value (0 or 1). @component: H × W, overwritten: 0 elsewhere,
 * else 1 … n in the raster order of their first pixels. Returns n. */
guint
runet_mask_components (const guint8 *mask,
                       gsize width,
                       gsize height,
                       guint8 value,
                       RunetConnectivity connectivity,
                       guint32 *component);
/* The one with most pixels, the first when equal; 0 when there is none. */
guint32
runet_mask_largest_component (const guint32 *component, gsize pixels, guint components);
/* The centre (pixel coordinates) of that pixel of component @which which is nearest to its
 * centroid; NaN when @which is 0. */
void
runet_mask_component_middle (const guint32 *component,
                             gsize width,
                             gsize height,
                             guint32 which,
                             double *x,
                             double *y);
/* As runet_mask_components() for the holes: background not 4-connected to the image's edge. */
guint
runet_mask_holes (const guint8 *mask, gsize width, gsize height, guint32 *hole);

/* Columns @x0 … @x1 - 1, rows @y0 … @y1 - 1. */
typedef struct {
  gsize x0, y0, x1, y1;
} RunetBounds;

/* FALSE when the mask is empty. */
gboolean
runet_mask_bounds (const guint8 *mask, gsize width, gsize height, RunetBounds *bounds);
/* @to: (y1 - y0) × (x1 - x0). */
void
runet_mask_crop (const guint8 *from, gsize width, RunetBounds bounds, guint8 *to);

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

/* One step of erosion with the 3 × 3 square, in place; outside the image counts as background. */
void
runet_mask_erode (guint8 *mask, gsize width, gsize height);

/* After the network, [TMI]: the largest component of each structure, holes filled; in place. A
 * structure is endo, epi or LA; pixels are given to endo before epi before LA. */
void
runet_labels_clean (guint8 *labels, gsize width, gsize height);

G_END_DECLS
