/* Least squares over the points of a spline, and points added where it deviates most.
 *
 * Works in mm on samples that are evenly spaced along the line. Legend: S samples, K points. */
#include "spline-fit.h"

#include <math.h>
#include <string.h>

/* Of a line: a heart's outline is 200 to 300 mm long. */
#define SAMPLES 256
/* A point moves four segments of the curve. */
#define BAND 3
#define POINTS_MAX 256
/* Rounds of moving the points and then the samples' feet on the curve. */
#define ROUNDS 3
/* Pulls each point to its place on the line as this part of a sample would, so that what no sample says is
 * determined too. */
#define PULL 0.02
/* A foot moves by no more than this part of a segment a round. */
#define FOOT_STEP 0.25
/* Samples of a segment that can be divided. */
#define DIVISIBLE 6
/* Chords per segment when a deviation is measured. */
#define CHORDS 12

typedef struct {
  RunetPoint sample[SAMPLES]; /* mm */
  double t[SAMPLES]; /* the foot of each sample on the curve */
  guint count; /* K */
  guint knot[POINTS_MAX]; /* the sample that each point was put on */
  gboolean fixed[POINTS_MAX];
  RunetPoint point[POINTS_MAX]; /* mm */
} Fit;

/* Evenly spaced along @line from @first to @last, both included, in mm. */
static void
space_evenly (const RunetPoint *line,
              gsize first,
              gsize last,
              RunetPoint spacing,
              RunetPoint *out,
              guint wanted) {
  const gsize chords = last - first;
  g_autofree double *along = g_new0 (double, chords + 1);
  for (gsize i = 0; i < chords; i++) {
    const RunetPoint a = line[first + i], b = line[first + i + 1];
    along[i + 1] = along[i] + hypot ((b.x - a.x) * spacing.x, (b.y - a.y) * spacing.y);
  }
  gsize at = 0;
  for (guint i = 0; i < wanted; i++) {
    const double length = along[chords] * i / (wanted - 1);
    while (at + 1 < chords && along[at + 1] < length)
      at++;
    const RunetPoint a = line[first + at], b = line[first + MIN (at + 1, chords)];
    const double gap = along[MIN (at + 1, chords)] - along[at];
    const double part = gap > 0 ? CLAMP ((length - along[at]) / gap, 0, 1) : 0;
    out[i] = (RunetPoint){(a.x + part * (b.x - a.x)) * spacing.x,
                          (a.y + part * (b.y - a.y)) * spacing.y};
  }
}

static double
get_length (const RunetPoint *line, gsize first, gsize last, RunetPoint spacing) {
  double length = 0;
  for (gsize i = first; i < last; i++)
    length += hypot ((line[i + 1].x - line[i].x) * spacing.x,
                     (line[i + 1].y - line[i].y) * spacing.y);
  return length;
}

/* Knots @from … @to evenly over samples @first … @last. */
static void
space_knots (Fit *fit, guint from, guint to, guint first, guint last) {
  for (guint k = from; k <= to; k++)
    fit->knot[k] = first + (last - first) * (k - from) / (to - from);
}

/* Returns the index of the corner's point; 0 when there is none. */
static guint
begin (Fit *fit, const RunetPoint *line, gsize count, const RunetSplineWish *wish) {
  const RunetPoint spacing = {wish->spacing_x_mm, wish->spacing_y_mm};
  const gsize corner = wish->corner;
  fit->count = CLAMP (wish->least, 3, POINTS_MAX);
  guint middle = 0;
  if (corner == 0 || corner + 1 >= count) {
    space_evenly (line, 0, count - 1, spacing, fit->sample, SAMPLES);
    space_knots (fit, 0, fit->count - 1, 0, SAMPLES - 1);
  } else {
    const double before = get_length (line, 0, corner, spacing);
    const double after = get_length (line, corner, count - 1, spacing);
    const double part = before + after > 0 ? before / (before + after) : 0.5;
    const guint at = (guint)CLAMP (part * SAMPLES, SAMPLES / 4, SAMPLES * 3 / 4);
    space_evenly (line, 0, corner, spacing, fit->sample, at + 1);
    space_evenly (line, corner, count - 1, spacing, fit->sample + at, SAMPLES - at);
    middle = fit->count / 2;
    space_knots (fit, 0, middle, 0, at);
    space_knots (fit, middle, fit->count - 1, at, SAMPLES - 1);
    fit->fixed[middle] = TRUE;
  }
  fit->fixed[0] = fit->fixed[fit->count - 1] = TRUE;
  return middle;
}

/* What the samples between knots have by their distance along the line. */
static void
begin_feet (Fit *fit) {
  for (guint k = 0; k + 1 < fit->count; k++)
    for (guint i = fit->knot[k]; i <= fit->knot[k + 1]; i++)
      fit->t[i] = k + (double)(i - fit->knot[k]) /
                          (double)MAX (fit->knot[k + 1] - fit->knot[k], 1);
}

/* What points @first … @first + 3 weigh at @t: the points beyond the ends are the mirrored neighbours. */
static guint
weigh (guint count, double t, double weight[4]) {
  const guint i = MIN ((guint)t, count - 2);
  const double u = t - i;
  const double w[4] = {
      0.5 * u * (-1 + u * (2 - u)),
      1 + 0.5 * u * u * (3 * u - 5),
      0.5 * u * (1 + u * (4 - 3 * u)),
      0.5 * u * u * (u - 1),
  };
  memset (weight, 0, 4 * sizeof *weight);
  const guint first = i > 0 ? i - 1 : 0;
  for (guint k = 0; k < 4; k++) {
    if (i + k == 0) {
      weight[0] += 2 * w[k];
      weight[1] -= w[k];
    } else if (i + k - 1 >= count) {
      weight[count - 1 - first] += 2 * w[k];
      weight[count - 2 - first] -= w[k];
    } else {
      weight[i + k - 1 - first] += w[k];
    }
  }
  return first;
}

/* The normal equations, banded and symmetric: the lower half. */
typedef struct {
  double a[POINTS_MAX][BAND + 1]; /* a[i][BAND - (i - j)] is row i, column j */
  RunetPoint b[POINTS_MAX];
} Normal;

static void
add_sample (const Fit *fit, guint i, Normal *normal) {
  double weight[4];
  const guint first = weigh (fit->count, fit->t[i], weight);
  const guint count = MIN (4, fit->count - first);
  RunetPoint rest = fit->sample[i];
  for (guint k = 0; k < count; k++)
    if (fit->fixed[first + k]) {
      rest.x -= weight[k] * fit->point[first + k].x;
      rest.y -= weight[k] * fit->point[first + k].y;
    }
  for (guint k = 0; k < count; k++) {
    if (fit->fixed[first + k])
      continue;
    normal->b[first + k].x += weight[k] * rest.x;
    normal->b[first + k].y += weight[k] * rest.y;
    for (guint l = 0; l <= k; l++)
      if (!fit->fixed[first + l])
        normal->a[first + k][BAND - (k - l)] += weight[k] * weight[l];
  }
}

/* By Cholesky's decomposition; the solution replaces b. */
static void
solve (Normal *normal, guint count) {
  double (*a)[BAND + 1] = normal->a;
  for (guint i = 0; i < count; i++) {
    const guint first = i > BAND ? i - BAND : 0;
    for (guint j = first; j <= i; j++) {
      double sum = a[i][BAND - (i - j)];
      for (guint k = first; k < j; k++)
        sum -= a[i][BAND - (i - k)] * a[j][BAND - (j - k)];
      a[i][BAND - (i - j)] = i == j ? sqrt (MAX (sum, 1e-12)) : sum / a[j][BAND];
    }
    for (guint k = first; k < i; k++) {
      normal->b[i].x -= a[i][BAND - (i - k)] * normal->b[k].x;
      normal->b[i].y -= a[i][BAND - (i - k)] * normal->b[k].y;
    }
    normal->b[i].x /= a[i][BAND];
    normal->b[i].y /= a[i][BAND];
  }
  for (guint i = count; i-- > 0;) {
    for (guint k = i + 1; k < MIN (count, i + BAND + 1); k++) {
      normal->b[i].x -= a[k][BAND - (k - i)] * normal->b[k].x;
      normal->b[i].y -= a[k][BAND - (k - i)] * normal->b[k].y;
    }
    normal->b[i].x /= a[i][BAND];
    normal->b[i].y /= a[i][BAND];
  }
}

static void
move_points (Fit *fit) {
  Normal normal;
  memset (normal.a, 0, fit->count * sizeof normal.a[0]);
  memset (normal.b, 0, fit->count * sizeof normal.b[0]);
  for (guint i = 0; i < SAMPLES; i++)
    add_sample (fit, i, &normal);
  for (guint k = 0; k < fit->count; k++) {
    const double pull = fit->fixed[k] ? 1 : PULL * SAMPLES / fit->count;
    const RunetPoint place = fit->sample[fit->knot[k]];
    normal.a[k][BAND] += pull;
    normal.b[k].x += pull * place.x;
    normal.b[k].y += pull * place.y;
  }
  solve (&normal, fit->count);
  memcpy (fit->point, normal.b, fit->count * sizeof normal.b[0]);
}

/* One step of Gauss and Newton towards the nearest point of the curve. Returns the distance there. */
static double
move_foot (Fit *fit, guint i) {
  const double h = 1e-3, last = fit->count - 1, t = fit->t[i];
  const RunetPoint at = runet_spline_at (fit->point, fit->count, t);
  const double t1 = t + h > last ? t - h : t + h;
  const RunetPoint ahead = runet_spline_at (fit->point, fit->count, t1);
  const RunetPoint slope = {(ahead.x - at.x) / (t1 - t), (ahead.y - at.y) / (t1 - t)};
  const RunetPoint p = fit->sample[i];
  const double square = slope.x * slope.x + slope.y * slope.y;
  const double here = hypot (p.x - at.x, p.y - at.y);
  if (!(square > 0))
    return here;
  const double step = ((p.x - at.x) * slope.x + (p.y - at.y) * slope.y) / square;
  const double to = CLAMP (t + CLAMP (step, -FOOT_STEP, FOOT_STEP), 0, last);
  const RunetPoint there = runet_spline_at (fit->point, fit->count, to);
  const double distance = hypot (p.x - there.x, p.y - there.y);
  if (distance > here)
    return here;
  fit->t[i] = to;
  return distance;
}

/* Moves the feet. Returns the largest distance and the sample that has it. */
static double
move_feet (Fit *fit, guint *worst) {
  double largest = 0;
  guint k = 0;
  *worst = 0;
  for (guint i = 0; i < SAMPLES; i++) {
    while (k + 1 < fit->count && fit->knot[k] < i)
      k++;
    if (fit->fixed[k] && fit->knot[k] == i)
      continue;
    const double distance = move_foot (fit, i);
    if (distance > largest) {
      largest = distance;
      *worst = i;
    }
  }
  return largest;
}

static double
relax (Fit *fit, guint *worst) {
  double largest = 0;
  for (guint k = 0; k < fit->count; k++)
    fit->point[k] = fit->sample[fit->knot[k]];
  begin_feet (fit);
  for (int round = 0; round < ROUNDS; round++) {
    move_points (fit);
    largest = move_feet (fit, worst);
  }
  return largest;
}

/* Evens the knots out a little: where gaps differ much, a spline swings. */
static void
even_out (Fit *fit) {
  guint before = fit->knot[0];
  for (guint k = 1; k + 1 < fit->count; k++) {
    const guint knot = fit->knot[k];
    if (!fit->fixed[k])
      fit->knot[k] = (before + 2 * knot + fit->knot[k + 1]) / 4;
    before = knot;
  }
}

/* Another point in the segment of sample @worst, near it but not near an end of the segment. FALSE when it is too
 * short. */
static gboolean
add_point (Fit *fit, guint worst) {
  guint k = 0;
  while (k + 2 < fit->count && fit->knot[k + 1] < worst)
    k++;
  const guint first = fit->knot[k], gap = fit->knot[k + 1] - first;
  if (gap < DIVISIBLE)
    return FALSE;
  const guint rest = fit->count - k - 1;
  memmove (fit->knot + k + 2, fit->knot + k + 1, rest * sizeof fit->knot[0]);
  memmove (fit->fixed + k + 2, fit->fixed + k + 1, rest * sizeof fit->fixed[0]);
  fit->knot[k + 1] = CLAMP (worst, first + gap / 3, first + gap - gap / 3);
  fit->fixed[k + 1] = FALSE;
  fit->count++;
  even_out (fit);
  return TRUE;
}

guint
runet_spline_fit (const RunetPoint *line,
                  gsize count,
                  const RunetSplineWish *wish,
                  RunetPoint *points,
                  guint *corner) {
  g_return_val_if_fail (line != NULL && count >= 2, 0);
  g_return_val_if_fail (
      wish->least >= 3 && wish->most >= wish->least && wish->most <= POINTS_MAX, 0);
  g_autofree Fit *fit = g_new0 (Fit, 1);
  guint worst = 0;
  const guint corner_sample = fit->knot[begin (fit, line, count, wish)];
  while (relax (fit, &worst) >= wish->limit_mm && fit->count < wish->most)
    if (!add_point (fit, worst))
      break;
  for (guint k = 0; k < fit->count; k++) {
    points[k] = (RunetPoint){fit->point[k].x / wish->spacing_x_mm,
                             fit->point[k].y / wish->spacing_y_mm};
    if (corner != NULL && (k == 0 || fit->knot[k] == corner_sample))
      *corner = corner_sample > 0 ? k : 0;
  }
  points[0] = line[0];
  points[fit->count - 1] = line[count - 1];
  return fit->count;
}

static double
get_distance_to_chord (RunetPoint p, RunetPoint a, RunetPoint b) {
  const double x = b.x - a.x, y = b.y - a.y, square = x * x + y * y;
  const double part =
      square > 0 ? CLAMP (((p.x - a.x) * x + (p.y - a.y) * y) / square, 0, 1) : 0;
  return hypot (p.x - a.x - part * x, p.y - a.y - part * y);
}

/* The largest distance of the points of @from to the line @to, each looked for near where that of the one before was
 * found. Both in mm. */
static double
get_largest_distance (const RunetPoint *from,
                      gsize from_count,
                      const RunetPoint *to,
                      gsize to_count,
                      gsize reach) {
  double largest = 0;
  gsize at = 0;
  for (gsize i = 0; i < from_count; i++) {
    double least = G_MAXDOUBLE;
    const gsize end = MIN (at + reach, to_count - 2);
    for (gsize k = at > reach ? at - reach : 0; k <= end; k++) {
      const double distance = get_distance_to_chord (from[i], to[k], to[k + 1]);
      if (distance < least) {
        least = distance;
        at = k;
      }
    }
    largest = MAX (largest, least);
  }
  return largest;
}

double
runet_spline_deviation_mm (const RunetPoint *points,
                           gsize count,
                           const RunetPoint *line,
                           gsize line_count,
                           double spacing_x_mm,
                           double spacing_y_mm) {
  g_return_val_if_fail (count >= 2 && line_count >= 2, NAN);
  g_autoptr (GArray) curve = runet_spline_sample (points, count, CHORDS);
  RunetPoint *samples = (RunetPoint *)(gpointer)curve->data;
  g_autofree RunetPoint *mm = g_new (RunetPoint, line_count);
  for (gsize i = 0; i < curve->len; i++)
    samples[i] = (RunetPoint){samples[i].x * spacing_x_mm, samples[i].y * spacing_y_mm};
  for (gsize i = 0; i < line_count; i++)
    mm[i] = (RunetPoint){line[i].x * spacing_x_mm, line[i].y * spacing_y_mm};
  const double there =
      get_largest_distance (mm, line_count, samples, curve->len, 2 * CHORDS);
  const double back = get_largest_distance (samples, curve->len, mm, line_count,
                                            2 * line_count / (count - 1) + 1);
  return MAX (there, back);
}
