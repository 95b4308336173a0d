/* Draws the contour model as a label map. */
#include "contour-model.h"

#include <math.h>
#include <string.h>

/* Points are taken to be no farther away, in pixels, so that no product overflows. */
#define FARTHEST 1e7
/* Bit of a pixel that stays as it was, beside those of the structures that cover it. */
#define STAYS (1u << RUNET_STRUCTURES)

typedef struct {
  gsize width, height;
  guint8 *cover; /* H × W: bits */
} Canvas;

/* Where an edge goes through the middle of a row. */
typedef struct {
  double x;
  int turn; /* +1 downward, -1 upward */
} Crossing;

static int
compare_crossings (gconstpointer a, gconstpointer b) {
  const double x = ((const Crossing *)a)->x, y = ((const Crossing *)b)->x;
  return (x > y) - (x < y);
}

/* The first pixel whose middle is at or after @at, between 0 and @count. */
static gsize
get_first (double at, gsize count) {
  const double first = ceil (at - 0.5);
  return first <= 0 ? 0 : first >= (double)count ? count : (gsize)first;
}

/* Of the edges of a closed polygon with rows @y0 … @y1 - 1. */
static void
add_crossings (const RunetPoint *points,
               guint count,
               gsize y0,
               gsize y1,
               GArray *const *rows) {
  for (guint i = 0; i < count; i++) {
    const RunetPoint from = points[i], to = points[(i + 1) % count];
    /* Always from the upper end, so that two polygons agree on an edge that they share. */
    const gboolean down = from.y < to.y || (from.y == to.y && from.x < to.x);
    const RunetPoint a = down ? from : to, b = down ? to : from;
    const gsize first = MAX (get_first (a.y, y1), y0), last = get_first (b.y, y1);
    for (gsize y = first; y < last; y++) {
      const double t = ((double)y + 0.5 - a.y) / (b.y - a.y);
      const Crossing crossing = {a.x + t * (b.x - a.x), down ? 1 : -1};
      g_array_append_val (rows[y - y0], crossing);
    }
  }
}

static void
fill_row (Canvas *canvas, gsize y, GArray *row, guint8 bit) {
  const Crossing *crossings = (const Crossing *)(gconstpointer)row->data;
  guint8 *cover = canvas->cover + y * canvas->width;
  int winding = 0;
  g_array_sort (row, compare_crossings);
  for (guint i = 0; i + 1 < row->len; i++) {
    winding += crossings[i].turn;
    if (winding == 0)
      continue;
    const gsize end = get_first (crossings[i + 1].x, canvas->width);
    for (gsize x = get_first (crossings[i].x, canvas->width); x < end; x++)
      cover[x] |= bit;
  }
}

static gboolean
is_finite (const RunetContourModel *model, RunetStructure structure) {
  for (guint i = 0; i < model->count[structure]; i++)
    if (!isfinite (model->points[structure][i].x) ||
        !isfinite (model->points[structure][i].y))
      return FALSE;
  return TRUE;
}

static RunetPoint
limit (RunetPoint p) {
  return (RunetPoint){CLAMP (p.x, -FARTHEST, FARTHEST),
                      CLAMP (p.y, -FARTHEST, FARTHEST)};
}

static void
free_rows (GArray **rows, gsize count) {
  for (gsize i = 0; i < count; i++)
    g_array_unref (rows[i]);
  g_free (rows);
}

/* Everything that the line winds around. */
static void
fill (Canvas *canvas, const RunetContourModel *model, RunetStructure structure) {
  g_autoptr (GArray) outline = runet_contour_model_outline (model, structure);
  if (outline == NULL)
    return;
  RunetPoint *points = (RunetPoint *)(gpointer)outline->data;
  double top = G_MAXDOUBLE, bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < outline->len; i++) {
    /* Between points that are finite but huge the curve need not be. */
    if (!isfinite (points[i].x) || !isfinite (points[i].y))
      return;
    points[i] = limit (points[i]);
    top = MIN (top, points[i].y);
    bottom = MAX (bottom, points[i].y);
  }
  const gsize y0 = get_first (top, canvas->height);
  const gsize y1 = MAX (get_first (bottom, canvas->height), y0);
  GArray **rows = g_new (GArray *, y1 - y0 + 1);
  for (gsize y = y0; y < y1; y++)
    rows[y - y0] = g_array_sized_new (FALSE, FALSE, sizeof (Crossing), 4);
  add_crossings (points, outline->len, y0, y1, rows);
  for (gsize y = y0; y < y1; y++)
    fill_row (canvas, y, rows[y - y0], (guint8)RUNET_STRUCTURE_BIT (structure));
  free_rows (rows, y1 - y0);
}

/* The base as lines of pixels across it: columns where it is rather level, else rows. */
typedef struct {
  RunetPoint a, b;
  gboolean level;
  int apexward; /* the step of a pixel along a line, towards the apex */
} Base;

static gboolean
find_base (const RunetContourModel *model, Base *base) {
  const gboolean endo = model->count[RUNET_STRUCTURE_ENDO] > 0;
  const RunetStructure of = endo ? RUNET_STRUCTURE_ENDO : RUNET_STRUCTURE_LA;
  const guint count = model->count[of];
  if (count < RUNET_CONTOUR_POINTS_MIN || count > RUNET_CONTOUR_POINTS_MAX ||
      !is_finite (model, of))
    return FALSE;
  const RunetPoint *points = model->points[of];
  base->a = limit (points[0]);
  base->b = limit (points[count - 1]);
  const double dx = base->b.x - base->a.x, dy = base->b.y - base->a.y;
  base->level = fabs (dx) >= fabs (dy);
  if (dx == 0 && dy == 0)
    return FALSE;
  double side = 0;
  for (guint i = 1; i + 1 < count; i++) {
    const RunetPoint p = limit (points[i]);
    side += dx * (p.y - base->a.y) - dy * (p.x - base->a.x);
  }
  /* Below a base that runs to the right, beside one that runs down. */
  const gboolean ahead = base->level ? (side > 0) == (dx > 0) : (side > 0) != (dy > 0);
  base->apexward = ahead == endo ? 1 : -1;
  return TRUE;
}

/* What of the original lies between the base and a structure that is not drawn. */
typedef struct {
  const guint8 *original;
  RunetLabel label; /* of the structure */
  RunetLabel other; /* of the one on the other side of the base */
  gboolean
      alone; /* where the structure is not met, the other's run that begins at the base */
} Keep;

/* Along one line of pixels: @count of them from @first on in steps of @step. The two may be mixed up where the base
 * frays, so the way goes on as long as it is one of them. */
static void
keep_line (gconstpointer data, gsize first, gssize step, gsize count, guint8 *cover) {
  const Keep *keep = data;
  gsize length = 0, run = 0;
  gboolean met = FALSE;
  for (; length < count; length++) {
    const guint8 label = keep->original[(gssize)first + (gssize)length * step];
    const gboolean other = label == keep->other;
    if (met && !other && label != keep->label)
      break;
    met = met || label == keep->label;
    if (other && run == length)
      run++;
  }
  const gsize kept = met ? length : keep->alone ? run : 0;
  for (gsize i = 0; i < kept; i++)
    cover[(gssize)first + (gssize)i * step] |= STAYS;
}

/* Marks what stays along one line of pixels across the base: @count of them from @first on in steps of @step. */
typedef void (*MarkLine) (gconstpointer keep,
                          gsize first,
                          gssize step,
                          gsize count,
                          guint8 *cover);

/* On the side of the base in direction @towards, +1 or -1. */
static void
keep_side (Canvas *canvas,
           const Base *base,
           int towards,
           MarkLine mark_line,
           gconstpointer keep) {
  const gboolean level = base->level;
  const double a = level ? base->a.x : base->a.y, b = level ? base->b.x : base->b.y;
  const double at_a = level ? base->a.y : base->a.x;
  const double slope = ((level ? base->b.y : base->b.x) - at_a) / (b - a);
  const gsize lines = level ? canvas->width : canvas->height;
  const gsize depth = level ? canvas->height : canvas->width;
  const gsize line_step = level ? 1 : canvas->width;
  const gsize depth_step = level ? canvas->width : 1;
  const gsize end = get_first (MAX (a, b), lines);
  for (gsize i = get_first (MIN (a, b), lines); i < end; i++) {
    const gsize first = get_first (at_a + ((double)i + 0.5 - a) * slope, depth);
    if (towards > 0)
      mark_line (keep, i * line_step + first * depth_step, (gssize)depth_step,
                 depth - first, canvas->cover);
    else if (first > 0)
      mark_line (keep, i * line_step + (first - 1) * depth_step, -(gssize)depth_step,
                 first, canvas->cover);
  }
}

/* A run of one label that begins at the line of the base, if it is no longer than the limit. */
typedef struct {
  const guint8 *original;
  RunetLabel label;
  gsize limit;
} KeepRun;

static void
keep_run (gconstpointer data, gsize first, gssize step, gsize count, guint8 *cover) {
  const KeepRun *keep = data;
  gsize run = 0;
  while (run < count && run <= keep->limit &&
         keep->original[(gssize)first + (gssize)run * step] == keep->label)
    run++;
  for (gsize i = 0; i < run && run <= keep->limit; i++)
    cover[(gssize)first + (gssize)i * step] |= STAYS;
}

/* The ends of the wall, which are seldom cut along the base: what they have beyond its line stays, and what they lack. */
static void
keep_wall_ends (Canvas *canvas,
                const RunetContourModel *model,
                const Base *base,
                const guint8 *original) {
  const guint count = model->count[RUNET_STRUCTURE_EPI];
  if (count < RUNET_CONTOUR_POINTS_MIN || count > RUNET_CONTOUR_POINTS_MAX ||
      !is_finite (model, RUNET_STRUCTURE_EPI))
    return;
  for (guint end = 0; end < 2; end++) {
    Base wall = *base;
    wall.a = end == 0 ? base->a : base->b;
    wall.b = limit (model->points[RUNET_STRUCTURE_EPI][end == 0 ? 0 : count - 1]);
    const double width = hypot (wall.b.x - wall.a.x, wall.b.y - wall.a.y);
    if (!(width >= 1) || (wall.level ? wall.a.x == wall.b.x : wall.a.y == wall.b.y))
      continue;
    const gsize most = (gsize)width;
    keep_side (canvas, &wall, -base->apexward, keep_run,
               &(KeepRun){original, RUNET_LABEL_MYOCARDIUM, most});
    keep_side (canvas, &wall, base->apexward, keep_run,
               &(KeepRun){original, RUNET_LABEL_BACKGROUND, most});
  }
}

/* An expert's base is not quite straight: what bulges over it stays with the structures that are not drawn. That one
 * of them is not drawn says that the base is where it was. */
static void
keep_base (Canvas *canvas,
           const RunetContourModel *model,
           RunetStructureSet drawn,
           const guint8 *original) {
  Base base;
  if (!find_base (model, &base))
    return;
  const gboolean endo = drawn & RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_ENDO);
  const gboolean epi = drawn & RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_EPI);
  const gboolean la = drawn & RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_LA);
  if (!endo)
    keep_side (canvas, &base, base.apexward, keep_line,
               &(Keep){original, RUNET_LABEL_LV, RUNET_LABEL_LA, FALSE});
  if (!la)
    keep_side (canvas, &base, -base.apexward, keep_line,
               &(Keep){original, RUNET_LABEL_LA, RUNET_LABEL_LV, !epi});
  if (epi)
    keep_wall_ends (canvas, model, &base, original);
}

/* The label of a pixel that had the label @was and has the bits @cover. */
static guint8
choose (RunetStructureSet drawn, guint8 was, guint cover) {
  const RunetStructureSet endo = RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_ENDO);
  const RunetStructureSet epi = RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_EPI);
  const RunetStructureSet la = RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_LA);
  if (cover & STAYS)
    return was;
  if (!(drawn & endo) && was == RUNET_LABEL_LV)
    return was;
  if (!(drawn & la) && was == RUNET_LABEL_LA)
    return was;
  if (cover & endo)
    return RUNET_LABEL_LV;
  if (cover & la)
    return RUNET_LABEL_LA;
  const gboolean wall = was == RUNET_LABEL_LV || was == RUNET_LABEL_MYOCARDIUM;
  if (drawn & epi ? (cover & epi) != 0 : wall)
    return RUNET_LABEL_MYOCARDIUM;
  return wall || was == RUNET_LABEL_LA ? RUNET_LABEL_BACKGROUND : was;
}

void
runet_contour_model_rasterise (const RunetContourModel *model,
                               RunetStructureSet drawn,
                               const guint8 *original,
                               gsize width,
                               gsize height,
                               guint8 *labels) {
  g_return_if_fail (model != NULL && labels != NULL);
  drawn &= RUNET_STRUCTURES_ALL;
  g_return_if_fail (original != NULL || drawn == RUNET_STRUCTURES_ALL);
  const gsize pixels = width * height;
  g_autofree guint8 *cover = g_new0 (guint8, pixels);
  Canvas canvas = {width, height, cover};
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    if (drawn & RUNET_STRUCTURE_BIT (s))
      fill (&canvas, model, s);
  if (drawn != 0 && drawn != RUNET_STRUCTURES_ALL)
    keep_base (&canvas, model, drawn, original);

  guint8 table[2 * STAYS][256];
  for (guint bits = 0; bits < 2 * STAYS; bits++)
    for (guint was = 0; was < 256; was++)
      table[bits][was] = drawn == 0 ? (guint8)was : choose (drawn, (guint8)was, bits);
  for (gsize i = 0; i < pixels; i++)
    labels[i] = table[cover[i]][original != NULL ? original[i] : 0];
}
