/* What a view would teach the network, were it corrected. */
#include "lesson.h"

#include <math.h>

#include "core/shape/statistics.h"
#include "risk.h"

/* An anatomical outlier is certainly wrong somewhere, though it need not be by much. */
#define OUTLIER_ERROR 0.5
/* Of the graded signs; with the outlier they are at most 1. Where a network has one stage, the other sign
 * speaks alone. */
#define DISAGREEMENT_ERROR 0.3
#define UNCERTAINTY_ERROR 0.2

/* ---- One view ---- */

static double
grade (double value, double limit) {
  return value > 0.0 ? value / (value + limit) : 0.0;
}

static double
estimate_error (const RunetFrameResult *result) {
  double disagreement = grade (result->disagreement, RUNET_DISAGREEMENT_LIMIT);
  double uncertainty = grade (result->uncertainty, RUNET_UNCERTAINTY_LIMIT);
  if (result->stages < 2)
    disagreement = uncertainty;
  return (result->stage[RUNET_SHOWN_LAST].anatomy->outlier ? OUTLIER_ERROR : 0.0) +
         DISAGREEMENT_ERROR * disagreement + UNCERTAINTY_ERROR * uncertainty;
}

/* @shape: (labels - 1) × side × side, zeros. */
static void
describe (const RunetLabelMap *map, float *shape) {
  const gsize width = map->grid->width, height = map->grid->height;
  const float part = RUNET_LESSON_SIDE * RUNET_LESSON_SIDE / (float)(width * height);
  for (gsize y = 0; y < height; y++) {
    float *row = shape + y * RUNET_LESSON_SIDE / height * RUNET_LESSON_SIDE;
    for (gsize x = 0; x < width; x++) {
      const guint8 label = map->labels[y * width + x];
      if (label != RUNET_LABEL_BACKGROUND)
        row[(label - 1) * RUNET_LESSON_SIDE * RUNET_LESSON_SIDE +
            x * RUNET_LESSON_SIDE / width] += part;
    }
  }
}

void
runet_lesson_init (RunetLesson *lesson,
                   RunetFrameResult *const results[RUNET_INSTANTS]) {
  g_return_if_fail (lesson != NULL && results != NULL);
  *lesson = (RunetLesson){0};
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    if (results[i] == NULL)
      continue;
    lesson->error = fmax (lesson->error, estimate_error (results[i]));
    g_autoptr (RunetLabelMap) map =
        runet_frame_result_unpack_labels (results[i], RUNET_SHOWN_LAST);
    if (map != NULL)
      describe (map, lesson->shape + i * (RUNET_LESSON_CELLS / RUNET_INSTANTS));
  }
}

/* ---- Their order ---- */

static double
get_distance (const RunetLesson *a, const RunetLesson *b) {
  float sum = 0.0F;
  for (guint i = 0; i < RUNET_LESSON_CELLS; i++) {
    const float difference = a->shape[i] - b->shape[i];
    sum += difference * difference;
  }
  return sqrt (sum);
}

/* @nearest: of each lesson, the distance to what comes before it. */
static void
bring_near (const RunetLesson *lessons,
            gsize count,
            const RunetLesson *to,
            double *nearest) {
  for (gsize i = 0; i < count; i++)
    nearest[i] = fmin (nearest[i], get_distance (&lessons[i], to));
}

/* The distance at which a view is half as new as one unlike all others: the median distance from the middle one of
 * them all. */
static double
find_scale (const RunetLesson *lessons, gsize count) {
  g_autofree RunetLesson *mean = g_new0 (RunetLesson, 1);
  g_autofree double *distances = g_new (double, count);
  for (gsize i = 0; i < count; i++)
    for (guint c = 0; c < RUNET_LESSON_CELLS; c++)
      mean->shape[c] += lessons[i].shape[c] / (float)count;
  for (gsize i = 0; i < count; i++)
    distances[i] = get_distance (&lessons[i], mean);
  g_autoptr (RunetBox) box = runet_box_new (distances, count);
  return box->median;
}

static double
get_gain (const RunetLesson *lesson, double nearest, double scale) {
  const double novelty =
      isinf (nearest) || scale <= 0.0 ? 1.0 : nearest / (nearest + scale);
  return lesson->error * novelty;
}

void
runet_lessons_order (const RunetLesson *lessons,
                     gsize count,
                     const RunetLesson *known,
                     gsize known_count,
                     guint *order,
                     double *gains) {
  g_return_if_fail (count == 0 || (lessons != NULL && order != NULL));
  if (count == 0)
    return;
  const double scale = find_scale (lessons, count);
  g_autofree double *nearest = g_new (double, count);
  g_autofree gboolean *taken = g_new0 (gboolean, count);
  for (gsize i = 0; i < count; i++)
    nearest[i] = INFINITY;
  for (gsize k = 0; k < known_count; k++)
    bring_near (lessons, count, &known[k], nearest);
  for (gsize place = 0; place < count; place++) {
    gsize best = count;
    double best_gain = -1.0;
    for (gsize i = 0; i < count; i++) {
      const double gain = taken[i] ? -1.0 : get_gain (&lessons[i], nearest[i], scale);
      if (gain > best_gain) {
        best = i;
        best_gain = gain;
      }
    }
    taken[best] = TRUE;
    order[place] = (guint)best;
    if (gains != NULL)
      gains[place] = best_gain;
    bring_near (lessons, count, &lessons[best], nearest);
  }
}
