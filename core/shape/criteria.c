/* The anatomical criteria of Painchaud et al., "Cardiac Segmentation with Strong Anatomical
 * Guarantees", TMI 39(11), 2020, for the apical views, with the limits of their CAMUS models.
 *
 * Dimension legend: H rows, W columns. The limits are for counts of pixels, so a grid with pixels
 * that are not square is first resampled (nearest) to squares of its coarser spacing, and all is cut
 * to the box of the labels with one pixel around, where the image has one. */
#include "criteria.h"

#include <math.h>
#include <string.h>

#define LIMIT_LV_BACKGROUND 0.40
#define LIMIT_MYOCARDIUM_LA 0.11
#define LIMIT_WIDTH_RATIO 4.15
#define LIMIT_THICKNESS 0.12

/* Pixels of a gap that are put down to how the mask was drawn or sampled. */
#define LIMIT_GAP 10

/* What falls off the myocardium when it is eroded counts as a part of it from this share of its area
 * on; less is fray. */
#define SMALLEST_PART 0.01

typedef struct {
  gsize width, height;
  guint8 *labels; /* H × W, square pixels */
  guint8 *mask; /* H × W, scratch */
  guint32 *component; /* H × W, scratch */
  double x0, y0; /* where pixel (0, 0) begins on the native grid … */
  double step_x, step_y; /* … and its size there */
  GArray *reasons;
} Check;

/* @x, @y: pixel coordinates on the check's own grid; NaN when there is no spot. */
static void
note (Check *self,
      RunetReasonKind kind,
      RunetStructure structure,
      double value,
      double limit,
      double x,
      double y) {
  RunetReason reason = {.kind = kind,
                        .severity = RUNET_SEVERITY_NOTE,
                        .structure = structure,
                        .value = value,
                        .limit = limit,
                        .x = self->x0 + x * self->step_x,
                        .y = self->y0 + y * self->step_y};
  g_array_append_val (self->reasons, reason);
}

static void
note_component (Check *self,
                RunetReasonKind kind,
                RunetStructure structure,
                double value,
                double limit,
                guint32 which) {
  double x, y;
  runet_mask_component_middle (self->component, self->width, self->height, which, &x,
                               &y);
  note (self, kind, structure, value, limit, x, y);
}

/* @labels to square pixels, cut to what is labelled. FALSE when nothing is. */
static gboolean
check_init (Check *self,
            const guint8 *labels,
            gsize width,
            gsize height,
            double spacing_x,
            double spacing_y) {
  gboolean known = spacing_x > 0 && spacing_y > 0;
  double ratio = known ? spacing_x / spacing_y : 1;
  gsize w = MAX (1, (gsize)lround ((double)width * MIN (1, ratio)));
  gsize h = MAX (1, (gsize)lround ((double)height * MIN (1, 1 / ratio)));
  g_autofree guint8 *square = g_new (guint8, w * h);
  g_autofree guint8 *labelled = g_new (guint8, w * h);
  for (gsize y = 0; y < h; y++) {
    const guint8 *row = labels + (2 * y + 1) * height / (2 * h) * width;
    if (w == width)
      memcpy (square + y * w, row, w);
    for (gsize x = 0; w != width && x < w; x++)
      square[y * w + x] = row[(2 * x + 1) * width / (2 * w)];
  }
  for (gsize i = 0; i < w * h; i++)
    labelled[i] = square[i] != RUNET_LABEL_BACKGROUND;
  RunetBounds box;
  if (!runet_mask_bounds (labelled, w, h, &box))
    return FALSE;
  box = (RunetBounds){box.x0 - (box.x0 > 0), box.y0 - (box.y0 > 0), MIN (box.x1 + 1, w),
                      MIN (box.y1 + 1, h)};
  self->step_x = (double)width / (double)w;
  self->step_y = (double)height / (double)h;
  self->x0 = (double)box.x0 * self->step_x;
  self->y0 = (double)box.y0 * self->step_y;
  self->width = box.x1 - box.x0;
  self->height = box.y1 - box.y0;
  gsize pixels = self->width * self->height;
  self->labels = g_new (guint8, pixels);
  self->mask = g_new (guint8, pixels);
  self->component = g_new (guint32, pixels);
  runet_mask_crop (square, w, box, self->labels);
  return TRUE;
}

static void
check_clear (Check *self) {
  g_free (self->labels);
  g_free (self->mask);
  g_free (self->component);
}

/* Puts the pixels with @label into the mask; returns how many. */
static gsize
select_label (Check *self, RunetLabel label) {
  gsize count = 0;
  for (gsize i = 0; i < self->width * self->height; i++)
    count += self->mask[i] = self->labels[i] == label;
  return count;
}

static void
check_components (Check *self, RunetStructure structure) {
  gsize pixels = self->width * self->height;
  runet_mask_from_labels (self->labels, self->width, self->height, structure,
                          self->mask);
  guint count = runet_mask_components (self->mask, self->width, self->height, 1,
                                       RUNET_CONNECTIVITY_4, self->component);
  if (count < 2)
    return;
  /* The spot is in the largest of those that should not be there. */
  guint32 largest = runet_mask_largest_component (self->component, pixels, count);
  for (gsize i = 0; i < pixels; i++)
    if (self->component[i] == largest)
      self->component[i] = 0;
  guint32 second = runet_mask_largest_component (self->component, pixels, count);
  note_component (self, RUNET_REASON_COMPONENTS, structure, count, 1, second);
}

/* Which labels each hole has as 4-neighbours: bit l for label l. */
static guint8 *
find_neighbours (const Check *self, guint holes) {
  guint8 *neighbours = g_new0 (guint8, holes + 1);
  gsize w = self->width, h = self->height;
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++) {
      gsize i = y * w + x;
      guint32 hole = self->component[i];
      if (hole == 0)
        continue;
      /* A hole does not reach the edge of the image, so all four are there. */
      const gsize around[4] = {i - 1, i + 1, i - w, i + w};
      for (int k = 0; k < 4; k++)
        if (self->component[around[k]] != hole)
          neighbours[hole] |= (guint8)(1 << self->labels[around[k]]);
    }
  return neighbours;
}

#define BIT(label) (1 << (label))

static void
check_holes (Check *self, RunetStructure structure) {
  runet_mask_from_labels (self->labels, self->width, self->height, structure,
                          self->mask);
  guint holes =
      runet_mask_holes (self->mask, self->width, self->height, self->component);
  if (holes == 0)
    return;
  g_autofree guint8 *neighbours = find_neighbours (self, holes);
  guint count = 0;
  for (guint32 i = 1; i <= holes; i++) {
    /* Of epi's holes those inside the cavity are endo's, those beside it are gaps. */
    gboolean counts =
        structure != RUNET_STRUCTURE_EPI || !(neighbours[i] & BIT (RUNET_LABEL_LV));
    count += counts;
    neighbours[i] = counts;
  }
  if (count == 0)
    return;
  for (gsize i = 0; i < self->width * self->height; i++)
    if (!neighbours[self->component[i]])
      self->component[i] = 0;
  neighbours[0] = 0;
  guint32 largest =
      runet_mask_largest_component (self->component, self->width * self->height, holes);
  note_component (self, RUNET_REASON_HOLES, structure, count, 0, largest);
}

/* Background enclosed by two structures together. @structure names the pair: epi for LV and
 * myocardium, LA for the LA and one of these. */
static void
check_gaps (Check *self, RunetStructure structure) {
  gboolean atrium = structure == RUNET_STRUCTURE_LA;
  for (gsize i = 0; i < self->width * self->height; i++)
    self->mask[i] = self->labels[i] != RUNET_LABEL_BACKGROUND;
  guint holes =
      runet_mask_holes (self->mask, self->width, self->height, self->component);
  if (holes == 0)
    return;
  g_autofree guint8 *neighbours = find_neighbours (self, holes);
  g_autofree gsize *area = g_new0 (gsize, holes + 1);
  for (gsize i = 0; i < self->width * self->height; i++)
    area[self->component[i]]++;
  area[0] = 0;
  gsize pixels = 0;
  guint32 largest = 0;
  for (guint32 i = 1; i <= holes; i++) {
    gboolean touches_lv = neighbours[i] & BIT (RUNET_LABEL_LV);
    gboolean touches_myocardium = neighbours[i] & BIT (RUNET_LABEL_MYOCARDIUM);
    gboolean touches_la = neighbours[i] & BIT (RUNET_LABEL_LA);
    gboolean counts = atrium ? touches_la && touches_lv
                             : touches_lv && touches_myocardium && !touches_la;
    if (!counts)
      continue;
    pixels += area[i];
    if (area[i] > area[largest])
      largest = i;
  }
  if (pixels > LIMIT_GAP)
    note_component (self, RUNET_REASON_GAP, structure, (double)pixels, LIMIT_GAP,
                    largest);
}

/* Keeps the pixels of one row of the mask that have @other above, below, left or right. */
static void
keep_touching (const guint8 *row,
               const guint8 *above,
               const guint8 *below,
               gsize width,
               guint8 other,
               guint8 *restrict mask) {
  for (gsize x = 1; x + 1 < width; x++)
    mask[x] &= (above[x] == other) | (below[x] == other) | (row[x - 1] == other) |
               (row[x + 1] == other);
  gsize last = width - 1, second = MIN (1, last), second_last = last - MIN (1, last);
  mask[0] &= (above[0] == other) | (below[0] == other) | (row[second] == other);
  if (last > 0)
    mask[last] &=
        (above[last] == other) | (below[last] == other) | (row[second_last] == other);
}

/* Pixels of @label that share an edge with @other, over the width of the box of @label. Corners are
 * left out: where three structures meet they make contact out of nothing, the more the coarser the
 * grid. */
static void
check_frontier (Check *self,
                RunetReasonKind kind,
                RunetStructure structure,
                RunetLabel label,
                RunetLabel other,
                double limit) {
  gsize w = self->width, h = self->height;
  RunetBounds box;
  select_label (self, label);
  if (!runet_mask_bounds (self->mask, w, h, &box))
    return;
  /* At the edge of the image a row or a pixel is its own neighbour: it has @label, not @other. */
  for (gsize y = 0; y < h; y++) {
    const guint8 *row = self->labels + y * w;
    keep_touching (row, row - (y > 0 ? w : 0), row + (y + 1 < h ? w : 0), w,
                   (guint8)other, self->mask + y * w);
  }
  gsize count = runet_mask_area (self->mask, w * h);
  double value = (double)count / (double)(box.x1 - box.x0);
  if (value <= limit)
    return;
  guint runs = runet_mask_components (self->mask, self->width, self->height, 1,
                                      RUNET_CONNECTIVITY_8, self->component);
  guint32 longest =
      runet_mask_largest_component (self->component, self->width * self->height, runs);
  note_component (self, kind, structure, value, limit, longest);
}

/* Cavity over both walls, along the row through the centre of mass of both. */
static void
check_width_ratio (Check *self) {
  gsize w = self->width;
  double sum = 0;
  gsize area = runet_mask_from_labels (self->labels, w, self->height,
                                       RUNET_STRUCTURE_EPI, self->mask);
  if (area == 0)
    return;
  for (gsize row = 0; row < self->height; row++)
    for (gsize x = 0; x < w; x++)
      sum += (double)(self->mask[row * w + x] * row);
  gsize y = (gsize)(sum / (double)area);
  gsize cavity = 0, wall = 0, columns = 0;
  for (gsize x = 0; x < w; x++) {
    guint8 label = self->labels[y * w + x];
    cavity += label == RUNET_LABEL_LV;
    wall += label == RUNET_LABEL_MYOCARDIUM;
    columns += label == RUNET_LABEL_LV ? x : 0;
  }
  double ratio = wall > 0 ? (double)cavity / (double)wall : INFINITY;
  if (cavity > 0 && ratio > LIMIT_WIDTH_RATIO)
    note (self, RUNET_REASON_WIDTH_RATIO, RUNET_STRUCTURE_EPI, ratio, LIMIT_WIDTH_RATIO,
          (double)columns / (double)cavity + 0.5, (double)y + 0.5);
}

/* Splits the mask into parts of at least @smallest pixels. Returns how many there are, the two
 * largest in @part. */
static guint
find_parts (Check *self, double smallest, guint32 part[2]) {
  guint count = runet_mask_components (self->mask, self->width, self->height, 1,
                                       RUNET_CONNECTIVITY_8, self->component);
  g_autofree gsize *area = g_new0 (gsize, count + 1);
  for (gsize i = 0; i < self->width * self->height; i++)
    area[self->component[i]]++;
  area[0] = 0;
  part[0] = part[1] = 0;
  guint large = 0;
  for (guint32 i = 1; i <= count; i++) {
    large += (double)area[i] >= smallest;
    if (area[i] > area[part[0]]) {
      part[1] = part[0];
      part[0] = i;
    } else if (area[i] > area[part[1]])
      part[1] = i;
  }
  return large;
}

static void
measure_from_part (const Check *self, guint32 part, guint8 *mask, float *distance) {
  for (gsize i = 0; i < self->width * self->height; i++)
    mask[i] = self->component[i] == part;
  runet_distance_transform (mask, self->width, self->height, 1, 1, distance);
}

/* The place of the split: the pixel of the wall that is nearest to both parts. */
static void
find_split (const Check *self, const guint32 part[2], double *x, double *y) {
  gsize pixels = self->width * self->height;
  g_autofree guint8 *mask = g_new (guint8, pixels);
  g_autofree float *one = g_new (float, pixels);
  g_autofree float *two = g_new (float, pixels);
  measure_from_part (self, part[0], mask, one);
  measure_from_part (self, part[1], mask, two);
  float nearest = INFINITY;
  for (gsize i = 0; i < pixels; i++) {
    float distance = MAX (one[i], two[i]);
    if (self->labels[i] != RUNET_LABEL_MYOCARDIUM || distance >= nearest)
      continue;
    nearest = distance;
    *x = (double)(i % self->width) + 0.5;
    *y = (double)(i / self->width) + 0.5;
  }
}

/* How many erosions it takes to break the myocardium, over its largest half thickness. */
static void
check_thickness (Check *self) {
  gsize pixels = self->width * self->height;
  gsize area = select_label (self, RUNET_LABEL_MYOCARDIUM);
  if (area == 0)
    return;
  g_autofree guint8 *outside = g_new (guint8, pixels);
  g_autofree float *depth = g_new (float, pixels);
  for (gsize i = 0; i < pixels; i++)
    outside[i] = !self->mask[i];
  runet_distance_transform (outside, self->width, self->height, 1, 1, depth);
  double thickest = 0;
  for (gsize i = 0; i < pixels; i++)
    thickest = MAX (thickest, (double)depth[i]);

  for (guint erosions = 0; erosions < LIMIT_THICKNESS * thickest; erosions++) {
    guint32 part[2];
    double x = NAN, y = NAN;
    if (find_parts (self, SMALLEST_PART * (double)area, part) > 1) {
      find_split (self, part, &x, &y);
      note (self, RUNET_REASON_THICKNESS, RUNET_STRUCTURE_EPI, erosions / thickest,
            LIMIT_THICKNESS, x, y);
      return;
    }
    runet_mask_erode (self->mask, self->width, self->height);
  }
}

void
runet_criteria_check (const guint8 *labels,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      GArray *reasons) {
  Check self = {.reasons = reasons};
  if (!check_init (&self, labels, width, height, spacing_x_mm, spacing_y_mm))
    return;
  for (guint i = 0; i < RUNET_STRUCTURES; i++) {
    check_holes (&self, (RunetStructure)i);
    check_components (&self, (RunetStructure)i);
  }
  check_gaps (&self, RUNET_STRUCTURE_EPI);
  check_gaps (&self, RUNET_STRUCTURE_LA);
  check_frontier (&self, RUNET_REASON_LV_BACKGROUND, RUNET_STRUCTURE_ENDO,
                  RUNET_LABEL_LV, RUNET_LABEL_BACKGROUND, LIMIT_LV_BACKGROUND);
  check_frontier (&self, RUNET_REASON_MYOCARDIUM_LA, RUNET_STRUCTURE_EPI,
                  RUNET_LABEL_MYOCARDIUM, RUNET_LABEL_LA, LIMIT_MYOCARDIUM_LA);
  check_width_ratio (&self);
  check_thickness (&self);
  check_clear (&self);
}
