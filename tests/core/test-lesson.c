/* The order of active learning: what is wrong comes first, and what is like it later. */
#include "core/segmentation/lesson.h"

#include <math.h>

#include "result-fixture.h"

static RunetLesson *
lesson_new (RunetFrameResult *ed, RunetFrameResult *es) {
  RunetFrameResult *results[RUNET_INSTANTS] = {ed, es};
  RunetLesson *lesson = g_new (RunetLesson, 1);
  runet_lesson_init (lesson, results);
  return lesson;
}

static void
test_error (void) {
  g_autoptr (RunetFrameResult) plain = result_new (2, 0, FALSE);
  g_autoptr (RunetFrameResult) dented = result_new (2, 22, FALSE);
  g_autoptr (RunetFrameResult) single = result_new (1, 0, FALSE);
  g_autofree RunetLesson *nothing = lesson_new (NULL, NULL);
  g_autofree RunetLesson *right = lesson_new (plain, NULL);
  g_autofree RunetLesson *wrong = lesson_new (plain, dented);
  g_autofree RunetLesson *alone = lesson_new (single, NULL);
  g_assert_cmpfloat (nothing->error, ==, 0);
  g_assert_cmpfloat (right->error, >, 0);
  g_assert_cmpfloat (wrong->error, >, right->error + 0.5);
  g_assert_cmpfloat (wrong->error, <=, 1);
  /* A network of one stage is not taken to be sure of itself for having nobody to disagree with. */
  g_assert_cmpfloat (alone->error, >, right->error);
}

/* An expert's mask is not at hand for what is still to be reviewed, so it must not count. */
static void
test_blind (void) {
  g_autoptr (RunetFrameResult) alone = result_new (2, 22, FALSE);
  g_autoptr (RunetFrameResult) compared = result_new (2, 22, TRUE);
  g_autofree RunetLesson *a = lesson_new (alone, NULL);
  g_autofree RunetLesson *b = lesson_new (compared, NULL);
  g_assert_cmpmem (a, sizeof *a, b, sizeof *b);
}

/* The shares of all cells together are those of the image. */
static void
test_shape (void) {
  g_autoptr (RunetFrameResult) plain = result_new (2, 0, FALSE);
  g_autoptr (RunetLabelMap) map =
      runet_frame_result_unpack_labels (plain, RUNET_SHOWN_LAST);
  g_autofree RunetLesson *lesson = lesson_new (NULL, plain);
  const gsize cells = RUNET_LESSON_SIDE * RUNET_LESSON_SIDE;
  const gsize pixels = RESULT_WIDTH * RESULT_HEIGHT;
  for (gsize i = 0; i < RUNET_LESSON_CELLS / RUNET_INSTANTS; i++)
    g_assert_cmpfloat (lesson->shape[i], ==, 0);
  for (guint label = 1; label < RUNET_LABELS; label++) {
    const float *share = lesson->shape + RUNET_LESSON_CELLS / RUNET_INSTANTS;
    double sum = 0, expected = 0;
    for (gsize i = 0; i < cells; i++) {
      g_assert_cmpfloat (share[(label - 1) * cells + i], <=, 1.0001);
      sum += share[(label - 1) * cells + i];
    }
    for (gsize i = 0; i < pixels; i++)
      expected += map->labels[i] == label;
    g_assert_cmpfloat_with_epsilon (sum / (double)cells, expected / (double)pixels,
                                    1e-5);
  }
}

/* Three kinds of shape, two of each: the first three taught are one of each, whatever kind errs more. */
static void
test_diversity (void) {
  g_autofree RunetLesson *lessons = g_new0 (RunetLesson, 6);
  for (guint i = 0; i < 6; i++) {
    lessons[i].error = 0.5 + 0.01 * i;
    lessons[i].shape[i / 2 * 10] = 1.0F;
  }
  guint order[6];
  double gains[6];
  runet_lessons_order (lessons, 6, NULL, 0, order, gains);
  g_assert_cmpuint (order[0], ==, 5);
  g_assert_cmpuint (order[1], ==, 3);
  g_assert_cmpuint (order[2], ==, 1);
  guint seen = 0;
  for (guint i = 0; i < 6; i++) {
    seen |= 1u << order[i];
    if (i > 0)
      g_assert_cmpfloat (gains[i], <=, gains[i - 1]);
  }
  g_assert_cmpuint (seen, ==, 63);
}

/* What many views have wrong is worth more than what one has, though that be a little worse. */
static void
test_common_fault (void) {
  g_autofree RunetLesson *lessons = g_new0 (RunetLesson, 5);
  double gains[5];
  guint order[5];
  lessons[0].error = 0.6;
  lessons[0].shape[0] = 1.0F;
  for (guint i = 1; i < 5; i++) {
    lessons[i].error = 0.5;
    lessons[i].shape[1] = 1.0F;
  }
  runet_lessons_order (lessons, 5, NULL, 0, order, gains);
  g_assert_cmpuint (order[0], !=, 0);
  g_assert_cmpuint (order[1], ==, 0);
  g_assert_cmpfloat_with_epsilon (gains[0], 2.0 / 2.6, 1e-6);
  g_assert_cmpfloat_with_epsilon (gains[1], 0.6 / 2.6, 1e-6);
  /* Then all is learned. */
  g_assert_cmpfloat (gains[2], ==, 0);
}

/* More than are put in order one by one, or stand for all: each is there once. */
static void
test_many (void) {
  const guint count = 1500;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree RunetLesson *lessons = g_new0 (RunetLesson, count);
  g_autofree guint *order = g_new (guint, count);
  g_autofree gboolean *seen = g_new0 (gboolean, count);
  g_autofree double *gains = g_new (double, count);
  for (guint i = 0; i < count; i++) {
    lessons[i].error = g_rand_double (random);
    for (guint c = 0; c < 20; c++)
      lessons[i].shape[c] = (float)g_rand_double (random);
  }
  runet_lessons_order (lessons, count, NULL, 0, order, gains);
  for (guint i = 0; i < count; i++) {
    g_assert_cmpuint (order[i], <, count);
    g_assert_false (seen[order[i]]);
    seen[order[i]] = TRUE;
    g_assert_true (gains[i] >= 0 && gains[i] <= 1);
    if (i > 0)
      g_assert_cmpfloat (gains[i], <=, gains[i - 1] + 1e-6);
  }
}

/* What was learned from already comes last. */
static void
test_known (void) {
  g_autofree RunetLesson *lessons = g_new0 (RunetLesson, 3);
  for (guint i = 0; i < 3; i++) {
    lessons[i].error = 0.5;
    lessons[i].shape[i] = 1.0F;
  }
  g_autofree RunetLesson *known = g_memdup2 (&lessons[0], sizeof *known);
  guint order[3];
  runet_lessons_order (lessons, 3, known, 1, order, NULL);
  g_assert_cmpuint (order[2], ==, 0);
}

static void
test_degenerate (void) {
  guint order[2] = {7, 7};
  double gains[2];
  runet_lessons_order (NULL, 0, NULL, 0, order, gains);
  g_autofree RunetLesson *same = g_new0 (RunetLesson, 2);
  runet_lessons_order (same, 2, NULL, 0, order, gains);
  g_assert_cmpuint (order[0] + order[1], ==, 1);
  g_assert_true (isfinite (gains[0]) && isfinite (gains[1]));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segmentation/lesson/error", test_error);
  g_test_add_func ("/segmentation/lesson/blind", test_blind);
  g_test_add_func ("/segmentation/lesson/shape", test_shape);
  g_test_add_func ("/segmentation/lesson/diversity", test_diversity);
  g_test_add_func ("/segmentation/lesson/common-fault", test_common_fault);
  g_test_add_func ("/segmentation/lesson/many", test_many);
  g_test_add_func ("/segmentation/lesson/known", test_known);
  g_test_add_func ("/segmentation/lesson/degenerate", test_degenerate);
  return g_test_run ();
}
