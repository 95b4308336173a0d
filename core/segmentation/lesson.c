/* What a view would teach the network, were it corrected. */
#include "lesson.h"

#include <math.h>
#include <stdlib.h>

#include "risk.h"

/* An anatomical outlier is certainly wrong somewhere, though it need not be by much. */
#define OUTLIER_ERROR 0.5
/* Of the graded signs; with the outlier they are at most 1. Where a network has one stage, the other sign
 * speaks alone. */
#define DISAGREEMENT_ERROR 0.3
#define UNCERTAINTY_ERROR 0.2

/* So many are put in order one by one; and so many stand for all that is to be learned. */
#define TURNS 256
#define REFERENCES 512

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

/**
 * Course:
 * @distances: @count × @references: from each lesson to those that stand for all
 * @weights, @nearest: of each reference: its error, and how far what was learned is from it
 * @total: Σ @weights · @nearest before anything of this course was learned
 */
typedef struct {
  gsize count, references;
  float *distances;
  float *weights, *nearest;
  double total;
} Course;

static float
get_distance (const RunetLesson *a, const RunetLesson *b) {
  float sum = 0.0F;
  for (guint i = 0; i < RUNET_LESSON_CELLS; i++) {
    const float difference = a->shape[i] - b->shape[i];
    sum += difference * difference;
  }
  return sqrtf (sum);
}

static int
compare_errors (gconstpointer a, gconstpointer b) {
  const RunetLesson *x = *(const RunetLesson *const *)a;
  const RunetLesson *y = *(const RunetLesson *const *)b;
  if (x->error != y->error)
    return x->error < y->error ? 1 : -1;
  return (x > y) - (x < y);
}

/* How far from a reference is all that was learned: where nothing was, as far as the farthest lesson is. */
static float
find_nearest (const Course *course,
              gsize reference,
              const RunetLesson *lesson,
              const RunetLesson *known,
              gsize known_count) {
  float nearest = 0.0F;
  for (gsize i = 0; i < course->count; i++)
    nearest = fmaxf (nearest, course->distances[i * course->references + reference]);
  for (gsize k = 0; k < known_count; k++)
    nearest = fminf (nearest, get_distance (lesson, &known[k]));
  return nearest;
}

static void
course_init (Course *course,
             const RunetLesson *lessons,
             gsize count,
             const RunetLesson *known,
             gsize known_count) {
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  for (gsize i = 0; i < count; i++)
    g_ptr_array_add (sorted, (gpointer)&lessons[i]);
  qsort (sorted->pdata, count, sizeof (gpointer), compare_errors);
  course->count = count;
  course->references = MIN (count, REFERENCES);
  course->distances = g_new (float, count * course->references);
  course->weights = g_new (float, course->references);
  course->nearest = g_new (float, course->references);
  course->total = 0.0;
  for (gsize i = 0; i < count; i++)
    for (gsize r = 0; r < course->references; r++)
      course->distances[i * course->references + r] =
          get_distance (&lessons[i], sorted->pdata[r]);
  for (gsize r = 0; r < course->references; r++) {
    const RunetLesson *reference = sorted->pdata[r];
    course->weights[r] = (float)reference->error;
    course->nearest[r] = find_nearest (course, r, reference, known, known_count);
    course->total += (double)course->weights[r] * (double)course->nearest[r];
  }
}

static void
course_clear (Course *course) {
  g_free (course->distances);
  g_free (course->weights);
  g_free (course->nearest);
}

static double
get_gain (const Course *course, gsize lesson) {
  const float *distances = course->distances + lesson * course->references;
  float gain = 0.0F;
  for (gsize r = 0; r < course->references; r++)
    gain += course->weights[r] * fmaxf (course->nearest[r] - distances[r], 0.0F);
  return course->total > 0.0 ? (double)gain / course->total : 0.0;
}

static void
learn (Course *course, gsize lesson) {
  const float *distances = course->distances + lesson * course->references;
  for (gsize r = 0; r < course->references; r++)
    course->nearest[r] = fminf (course->nearest[r], distances[r]);
}

typedef struct {
  double gain, error;
  guint lesson;
} Turn;

/* What teaches the same is in the order of the errors. */
static int
compare_turns (gconstpointer a, gconstpointer b) {
  const Turn *x = a, *y = b;
  if (x->gain != y->gain)
    return x->gain < y->gain ? 1 : -1;
  if (x->error != y->error)
    return x->error < y->error ? 1 : -1;
  return (x->lesson > y->lesson) - (x->lesson < y->lesson);
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
  Course course;
  course_init (&course, lessons, count, known, known_count);
  g_autofree Turn *turns = g_new (Turn, count);
  for (gsize i = 0; i < count; i++)
    turns[i] = (Turn){.error = lessons[i].error, .lesson = (guint)i};
  for (gsize place = 0; place < MIN (count, TURNS); place++) {
    gsize best = place;
    for (gsize i = place; i < count; i++) {
      turns[i].gain = get_gain (&course, turns[i].lesson);
      if (compare_turns (&turns[i], &turns[best]) < 0)
        best = i;
    }
    const Turn taken = turns[best];
    turns[best] = turns[place];
    turns[place] = taken;
    learn (&course, taken.lesson);
  }
  if (count > TURNS)
    qsort (turns + TURNS, count - TURNS, sizeof *turns, compare_turns);
  for (gsize i = 0; i < count; i++) {
    order[i] = turns[i].lesson;
    if (gains != NULL)
      gains[i] = turns[i].gain;
  }
  course_clear (&course);
}
