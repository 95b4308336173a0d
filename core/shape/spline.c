/* Open cardinal splines of tension 0.5, evaluated as cubic Hermite segments. */
#include "spline.h"

#include <math.h>

/* Chords per segment when a length is measured: a segment that turns by a right angle is 1e-4 too short. */
#define STEPS 32
/* Places per segment where the search for the nearest point begins. */
#define PLACES 8
/* Golden sections of one such place: to 1e-7 of a segment. */
#define SECTIONS 32

/* The tangent at point @i times 2: of the chord between its neighbours, at an end twice that to its neighbour. */
static RunetPoint
get_chord (const RunetPoint *points, gsize count, gsize i) {
  const RunetPoint before = points[i > 0 ? i - 1 : 0];
  const RunetPoint after = points[MIN (i + 1, count - 1)];
  const double factor = i == 0 || i == count - 1 ? 2 : 1;
  return (RunetPoint){factor * (after.x - before.x), factor * (after.y - before.y)};
}

RunetPoint
runet_spline_at (const RunetPoint *points, gsize count, double t) {
  g_return_val_if_fail (points != NULL && count > 0, ((RunetPoint){NAN, NAN}));
  if (count == 1 || !(t > 0))
    return points[0];
  if (t >= (double)(count - 1))
    return points[count - 1];
  const gsize i = (gsize)t;
  const double u = t - (double)i;
  if (u == 0)
    return points[i];
  const RunetPoint a = points[i], b = points[i + 1];
  const RunetPoint from = get_chord (points, count, i);
  const RunetPoint to = get_chord (points, count, i + 1);
  const double end = u * u * (3 - 2 * u);
  const double leaving = 0.5 * u * (1 - u) * (1 - u), arriving = 0.5 * u * u * (u - 1);
  return (RunetPoint){a.x + end * (b.x - a.x) + leaving * from.x + arriving * to.x,
                      a.y + end * (b.y - a.y) + leaving * from.y + arriving * to.y};
}

GArray *
runet_spline_sample (const RunetPoint *points, gsize count, guint per_segment) {
  g_return_val_if_fail (points != NULL && count > 0 && per_segment > 0, NULL);
  const gsize length = (count - 1) * per_segment + 1;
  GArray *samples =
      g_array_sized_new (FALSE, FALSE, sizeof (RunetPoint), (guint)length);
  for (gsize i = 0; i < length; i++) {
    const double t =
        (double)(i / per_segment) + (double)(i % per_segment) / (double)per_segment;
    const RunetPoint point = runet_spline_at (points, count, t);
    g_array_append_val (samples, point);
  }
  return samples;
}

/* The curve between two parameters as chords: @along is the length up to each of their @count ends. */
typedef struct {
  gsize count;
  double t0, step;
  double *along;
} Chords;

static void
chords_clear (Chords *chords) {
  g_free (chords->along);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chords, chords_clear)

static double
clamp_parameter (gsize count, double t) {
  return t > 0 ? MIN (t, (double)(count - 1)) : 0;
}

static void
chords_init (Chords *chords,
             const RunetPoint *points,
             gsize count,
             double t0,
             double t1,
             double spacing_x_mm,
             double spacing_y_mm) {
  t0 = clamp_parameter (count, t0);
  t1 = clamp_parameter (count, t1);
  chords->count = (gsize)ceil (STEPS * fabs (t1 - t0)) + 1;
  chords->t0 = t0;
  chords->step = chords->count > 1 ? (t1 - t0) / (double)(chords->count - 1) : 0;
  chords->along = g_new0 (double, chords->count);
  RunetPoint last = runet_spline_at (points, count, t0);
  for (gsize i = 1; i < chords->count; i++) {
    const RunetPoint next =
        runet_spline_at (points, count, t0 + (double)i * chords->step);
    chords->along[i] = chords->along[i - 1] + hypot ((next.x - last.x) * spacing_x_mm,
                                                     (next.y - last.y) * spacing_y_mm);
    last = next;
  }
}

/* @from: a chord that begins at or before @length; advanced to the one that holds it. */
static double
chords_find (const Chords *chords, double length, gsize *from) {
  while (*from + 2 < chords->count && chords->along[*from + 1] < length)
    (*from)++;
  if (chords->count < 2)
    return chords->t0;
  const double begin = chords->along[*from], end = chords->along[*from + 1];
  const double part = end > begin ? CLAMP ((length - begin) / (end - begin), 0, 1) : 0;
  return chords->t0 + ((double)*from + part) * chords->step;
}

double
runet_spline_length_mm (const RunetPoint *points,
                        gsize count,
                        double t0,
                        double t1,
                        double spacing_x_mm,
                        double spacing_y_mm) {
  g_return_val_if_fail (points != NULL && count > 0, NAN);
  g_auto (Chords) chords = {0};
  chords_init (&chords, points, count, t0, t1, spacing_x_mm, spacing_y_mm);
  return chords.along[chords.count - 1];
}

double
runet_spline_find (const RunetPoint *points,
                   gsize count,
                   double t0,
                   double t1,
                   double part,
                   double spacing_x_mm,
                   double spacing_y_mm) {
  g_return_val_if_fail (points != NULL && count > 0, NAN);
  if (!(part > 0))
    return clamp_parameter (count, t0);
  if (part >= 1)
    return clamp_parameter (count, t1);
  g_auto (Chords) chords = {0};
  chords_init (&chords, points, count, t0, t1, spacing_x_mm, spacing_y_mm);
  gsize from = 0;
  return chords_find (&chords, part * chords.along[chords.count - 1], &from);
}

void
runet_spline_resample (const RunetPoint *points,
                       gsize count,
                       double t0,
                       double t1,
                       double spacing_x_mm,
                       double spacing_y_mm,
                       RunetPoint *out,
                       gsize wanted) {
  g_return_if_fail (points != NULL && count > 0 && (out != NULL || wanted == 0));
  g_auto (Chords) chords = {0};
  chords_init (&chords, points, count, t0, t1, spacing_x_mm, spacing_y_mm);
  const double length = chords.along[chords.count - 1];
  gsize from = 0;
  for (gsize i = 0; i < wanted; i++) {
    double t = clamp_parameter (count, t0);
    if (i > 0 && i == wanted - 1)
      t = clamp_parameter (count, t1);
    else if (i > 0)
      t = chords_find (&chords, length * (double)i / (double)(wanted - 1), &from);
    out[i] = runet_spline_at (points, count, t);
  }
}

typedef struct {
  const RunetPoint *points;
  gsize count;
  RunetPoint p;
  double spacing_x_mm, spacing_y_mm;
} Search;

static double
get_distance (const Search *search, double t) {
  const RunetPoint q = runet_spline_at (search->points, search->count, t);
  return hypot ((q.x - search->p.x) * search->spacing_x_mm,
                (q.y - search->p.y) * search->spacing_y_mm);
}

/* The least distance between @t0 and @t1, where it is taken to fall and then to rise. */
static double
find_least (const Search *search, double t0, double t1) {
  const double golden = (sqrt (5) - 1) / 2;
  double a = t1 - golden * (t1 - t0), b = t0 + golden * (t1 - t0);
  double at_a = get_distance (search, a), at_b = get_distance (search, b);
  for (int i = 0; i < SECTIONS; i++) {
    if (at_a <= at_b) {
      t1 = b;
      b = a;
      at_b = at_a;
      a = t1 - golden * (t1 - t0);
      at_a = get_distance (search, a);
    } else {
      t0 = a;
      a = b;
      at_a = at_b;
      b = t0 + golden * (t1 - t0);
      at_b = get_distance (search, b);
    }
  }
  return at_a <= at_b ? a : b;
}

double
runet_spline_nearest (const RunetPoint *points,
                      gsize count,
                      RunetPoint p,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      double *distance_mm) {
  g_return_val_if_fail (points != NULL && count > 0, NAN);
  const Search search = {points, count, p, spacing_x_mm, spacing_y_mm};
  const gsize places = (count - 1) * PLACES;
  double nearest = 0, least = get_distance (&search, 0);
  for (gsize i = 1; i <= places; i++) {
    const double t = (double)i / PLACES, distance = get_distance (&search, t);
    if (distance < least) {
      least = distance;
      nearest = t;
    }
  }
  if (count > 1) {
    const double last = (double)(count - 1);
    const double t = find_least (&search, MAX (nearest - 1.0 / PLACES, 0),
                                 MIN (nearest + 1.0 / PLACES, last));
    if (get_distance (&search, t) < least) {
      nearest = t;
      least = get_distance (&search, t);
    }
  }
  if (distance_mm != NULL)
    *distance_mm = least;
  return nearest;
}
