/* Binary masks of the structures of a label map, and the clean-up after the network.
 *
 * Dimension legend: H rows, W columns; masks are H × W bytes, 0 or 1. */
#include "mask.h"

#include <math.h>
#include <string.h>

const char *
runet_structure_to_string (RunetStructure structure) {
  static const char *const names[RUNET_STRUCTURES] = {"endo", "epi", "la"};
  g_return_val_if_fail (structure >= 0 && structure < RUNET_STRUCTURES, "");
  return names[structure];
}

gsize
runet_mask_area (const guint8 *mask, gsize pixels) {
  /* Sums of 16 bits keep a vector of eight going; a block is short enough for them. */
  enum { BLOCK = 1 << 15 };
  gsize area = 0;
  for (gsize first = 0; first < pixels; first += BLOCK) {
    gsize end = MIN (first + BLOCK, pixels);
    guint16 sum = 0;
    for (gsize i = first; i < end; i++)
      sum = (guint16)(sum + mask[i]);
    area += sum;
  }
  return area;
}

/* In blocks that sums of 16 bits can hold, as runet_mask_area(). */
static gsize
count_common (const guint8 *a, const guint8 *b, gsize pixels) {
  enum { BLOCK = 1 << 15 };
  gsize common = 0;
  for (gsize first = 0; first < pixels; first += BLOCK) {
    gsize end = MIN (first + BLOCK, pixels);
    guint16 sum = 0;
    for (gsize i = first; i < end; i++)
      sum = (guint16)(sum + (a[i] & b[i]));
    common += sum;
  }
  return common;
}

double
runet_mask_dice (const guint8 *a, const guint8 *b, gsize pixels) {
  const gsize sum = runet_mask_area (a, pixels) + runet_mask_area (b, pixels);
  return sum > 0 ? 2.0 * (double)count_common (a, b, pixels) / (double)sum : 1.0;
}

/* The labels from @first to @last. */
static void
select_labels (const guint8 *restrict labels,
               gsize pixels,
               guint8 first,
               guint8 last,
               guint8 *restrict mask) {
  guint8 range = (guint8)(last - first);
  for (gsize i = 0; i < pixels; i++)
    mask[i] = (guint8)(labels[i] - first) <= range;
}

gsize
runet_mask_from_labels (const guint8 *labels,
                        gsize width,
                        gsize height,
                        RunetStructure structure,
                        guint8 *mask) {
  static const struct {
    guint8 first, last;
  } members[RUNET_STRUCTURES] = {
      [RUNET_STRUCTURE_ENDO] = {RUNET_LABEL_LV, RUNET_LABEL_LV},
      [RUNET_STRUCTURE_EPI] = {RUNET_LABEL_LV, RUNET_LABEL_MYOCARDIUM},
      [RUNET_STRUCTURE_LA] = {RUNET_LABEL_LA, RUNET_LABEL_LA},
  };
  select_labels (labels, width * height, members[structure].first,
                 members[structure].last, mask);
  return runet_mask_area (mask, width * height);
}

double
runet_labels_dice (const guint8 *a,
                   const guint8 *b,
                   gsize width,
                   gsize height,
                   RunetStructure structure) {
  const gsize pixels = width * height;
  g_autofree guint8 *mask_a = g_malloc (pixels), *mask_b = g_malloc (pixels);
  runet_mask_from_labels (a, width, height, structure, mask_a);
  runet_mask_from_labels (b, width, height, structure, mask_b);
  return runet_mask_dice (mask_a, mask_b, pixels);
}

/* Pixels @x0 … @x1 - 1 of a row, all of the wanted value, none beside them. */
typedef struct {
  gsize x0, x1, y;
} Run;

static GArray *
find_runs (const guint8 *mask, gsize width, gsize height, guint8 value) {
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (Run));
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = mask + y * width, *end = row + width, *from = row;
    while (from < end && (from = memchr (from, value, (gsize)(end - from))) != NULL) {
      const guint8 *to = memchr (from, !value, (gsize)(end - from));
      to = to != NULL ? to : end;
      Run run = {(gsize)(from - row), (gsize)(to - row), y};
      g_array_append_val (runs, run);
      from = to;
    }
  }
  return runs;
}

/* Union-find over runs; every root is the first of its set, so that the order of first appearance
 * survives. */
static guint32
find_root (guint32 *parent, guint32 i) {
  while (parent[i] != i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

static void
unite (guint32 *parent, guint32 a, guint32 b) {
  a = find_root (parent, a);
  b = find_root (parent, b);
  parent[MAX (a, b)] = MIN (a, b);
}

/* Unites each run with those that it touches in the row above. @reach: 1 when a corner is enough. */
static void
unite_runs (const Run *runs, guint32 count, gsize reach, guint32 *parent) {
  guint32 above = 0;
  for (guint32 i = 0; i < count; i++) {
    const Run *run = &runs[i];
    parent[i] = i;
    /* What ends before this run begins, or lies higher, touches no later run either. */
    while (above < i && (runs[above].y + 1 < run->y ||
                         (runs[above].y < run->y && runs[above].x1 + reach <= run->x0)))
      above++;
    for (guint32 k = above; k < i && runs[k].y < run->y && runs[k].x0 < run->x1 + reach;
         k++)
      unite (parent, i, k);
  }
}

guint
runet_mask_components (const guint8 *mask,
                       gsize width,
                       gsize height,
                       guint8 value,
                       RunetConnectivity connectivity,
                       guint32 *component) {
  g_autoptr (GArray) array = find_runs (mask, width, height, value);
  const Run *runs = (const Run *)(void *)array->data;
  g_autofree guint32 *parent = g_new (guint32, array->len);
  g_autofree guint32 *number = g_new (guint32, array->len);
  unite_runs (runs, array->len, connectivity == RUNET_CONNECTIVITY_8, parent);

  memset (component, 0, width * height * sizeof *component);
  guint count = 0;
  for (guint32 i = 0; i < array->len; i++) {
    guint32 root = find_root (parent, i);
    number[i] = root == i ? ++count : number[root];
    guint32 *row = component + runs[i].y * width;
    for (gsize x = runs[i].x0; x < runs[i].x1; x++)
      row[x] = number[i];
  }
  return count;
}

guint32
runet_mask_largest_component (const guint32 *component,
                              gsize pixels,
                              guint components) {
  g_autofree gsize *area = g_new0 (gsize, components + 1);
  for (gsize i = 0; i < pixels; i++)
    area[component[i]]++;
  guint32 largest = components > 0 ? 1 : 0;
  for (guint32 i = 2; i <= components; i++)
    if (area[i] > area[largest])
      largest = i;
  return largest;
}

void
runet_mask_component_middle (const guint32 *component,
                             gsize width,
                             gsize height,
                             guint32 which,
                             double *x,
                             double *y) {
  double sum_x = 0, sum_y = 0, nearest = INFINITY;
  gsize count = 0;
  *x = *y = NAN;
  for (gsize i = 0; which > 0 && i < width * height; i++)
    if (component[i] == which) {
      sum_x += (double)(i % width);
      sum_y += (double)(i / width);
      count++;
    }
  for (gsize i = 0; count > 0 && i < width * height; i++) {
    if (component[i] != which)
      continue;
    double px = (double)(i % width), py = (double)(i / width);
    double distance = hypot (px - sum_x / (double)count, py - sum_y / (double)count);
    if (distance >= nearest)
      continue;
    nearest = distance;
    *x = px + 0.5;
    *y = py + 0.5;
  }
}

guint
runet_mask_keep_largest (guint8 *mask, gsize width, gsize height) {
  g_autofree guint32 *component = g_new (guint32, width * height);
  guint count =
      runet_mask_components (mask, width, height, 1, RUNET_CONNECTIVITY_4, component);
  if (count < 2)
    return count;
  guint32 largest = runet_mask_largest_component (component, width * height, count);
  for (gsize i = 0; i < width * height; i++)
    mask[i] = component[i] == largest;
  return count;
}

guint
runet_mask_holes (const guint8 *mask, gsize width, gsize height, guint32 *hole) {
  guint count =
      runet_mask_components (mask, width, height, 0, RUNET_CONNECTIVITY_4, hole);
  g_autofree guint32 *number = g_new (guint32, count + 1);
  for (guint32 i = 0; i <= count; i++)
    number[i] = i;
  for (gsize x = 0; height > 0 && x < width; x++)
    number[hole[x]] = number[hole[(height - 1) * width + x]] = 0;
  for (gsize y = 0; width > 0 && y < height; y++)
    number[hole[y * width]] = number[hole[y * width + width - 1]] = 0;
  guint holes = 0;
  for (guint32 i = 1; i <= count; i++)
    if (number[i] != 0)
      number[i] = ++holes;
  if (holes == 0)
    memset (hole, 0, width * height * sizeof *hole);
  for (gsize i = 0; holes > 0 && i < width * height; i++)
    hole[i] = number[hole[i]];
  return holes;
}

guint
runet_mask_fill_holes (guint8 *mask, gsize width, gsize height) {
  g_autofree guint32 *hole = g_new (guint32, width * height);
  guint holes = runet_mask_holes (mask, width, height, hole);
  for (gsize i = 0; holes > 0 && i < width * height; i++)
    mask[i] |= hole[i] != 0;
  return holes;
}

/* The border's pixels of one row that has rows above and below it. */
static void
find_border_row (const guint8 *restrict row,
                 const guint8 *restrict above,
                 const guint8 *restrict below,
                 gsize width,
                 guint8 *restrict border) {
  for (gsize x = 1; x + 1 < width; x++)
    border[x] = row[x] & ~(row[x - 1] & row[x + 1] & above[x] & below[x]);
  border[0] = row[0];
  border[width - 1] = row[width - 1];
}

void
runet_mask_border (const guint8 *mask, gsize width, gsize height, guint8 *border) {
  if (width == 0 || height == 0)
    return;
  memcpy (border, mask, width);
  for (gsize y = 1; y + 1 < height; y++) {
    const guint8 *row = mask + y * width;
    find_border_row (row, row - width, row + width, width, border + y * width);
  }
  memcpy (border + (height - 1) * width, mask + (height - 1) * width, width);
}

/* Minimum of each pixel of a row and its two neighbours, which are background beyond the ends. */
static void
erode_row (const guint8 *restrict row, gsize width, guint8 *restrict to) {
  to[0] = to[width - 1] = 0;
  for (gsize x = 1; x + 1 < width; x++)
    to[x] = row[x - 1] & row[x] & row[x + 1];
}

/* The square is a row of three of columns of three. */
void
runet_mask_erode (guint8 *mask, gsize width, gsize height) {
  if (width == 0 || height == 0)
    return;
  g_autofree guint8 *rows = g_new (guint8, width * height);
  for (gsize y = 0; y < height; y++)
    erode_row (mask + y * width, width, rows + y * width);
  memset (mask, 0, width);
  memset (mask + (height - 1) * width, 0, width);
  for (gsize y = 1; y + 1 < height; y++) {
    const guint8 *row = rows + y * width;
    guint8 *to = mask + y * width;
    for (gsize x = 0; x < width; x++)
      to[x] = row[x - width] & row[x] & row[x + width];
  }
}

gboolean
runet_mask_bounds (const guint8 *mask, gsize width, gsize height, RunetBounds *bounds) {
  *bounds = (RunetBounds){width, height, 0, 0};
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = mask + y * width;
    const guint8 *first = memchr (row, 1, width);
    if (first == NULL)
      continue;
    const guint8 *last = memrchr (row, 1, width);
    bounds->x0 = MIN (bounds->x0, (gsize)(first - row));
    bounds->x1 = MAX (bounds->x1, (gsize)(last - row) + 1);
    bounds->y0 = MIN (bounds->y0, y);
    bounds->y1 = y + 1;
  }
  return bounds->y1 > 0;
}

void
runet_mask_crop (const guint8 *from, gsize width, RunetBounds bounds, guint8 *to) {
  gsize w = bounds.x1 - bounds.x0;
  for (gsize y = bounds.y0; y < bounds.y1; y++)
    memcpy (to + (y - bounds.y0) * w, from + y * width + bounds.x0, w);
}

static void
paint_row (const guint8 *restrict mask,
           gsize width,
           guint8 label,
           guint8 *restrict to) {
  for (gsize x = 0; x < width; x++)
    to[x] = mask[x] ? label : to[x];
}

/* Cleans one structure inside its bounding box and paints it with @label into @to. */
static void
paint_structure (const guint8 *labels,
                 gsize width,
                 gsize height,
                 RunetStructure structure,
                 guint8 label,
                 guint8 *mask,
                 guint8 *to) {
  RunetBounds box;
  if (runet_mask_from_labels (labels, width, height, structure, mask) == 0 ||
      !runet_mask_bounds (mask, width, height, &box))
    return;
  gsize w = box.x1 - box.x0, h = box.y1 - box.y0;
  g_autofree guint8 *part = g_new (guint8, w * h);
  runet_mask_crop (mask, width, box, part);
  runet_mask_keep_largest (part, w, h);
  runet_mask_fill_holes (part, w, h);
  for (gsize y = 0; y < h; y++)
    paint_row (part + y * w, w, label, to + (box.y0 + y) * width + box.x0);
}

void
runet_labels_clean (guint8 *labels, gsize width, gsize height) {
  g_autofree guint8 *mask = g_new (guint8, width * height);
  g_autofree guint8 *clean = g_new0 (guint8, width * height);
  /* The cavity last: what the outer border encloses is myocardium where it is not cavity. */
  paint_structure (labels, width, height, RUNET_STRUCTURE_LA, RUNET_LABEL_LA, mask,
                   clean);
  paint_structure (labels, width, height, RUNET_STRUCTURE_EPI, RUNET_LABEL_MYOCARDIUM,
                   mask, clean);
  paint_structure (labels, width, height, RUNET_STRUCTURE_ENDO, RUNET_LABEL_LV, mask,
                   clean);
  memcpy (labels, clean, width * height);
}
