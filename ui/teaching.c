/* How much each case of a list would teach the network. */
#include "teaching.h"

#include <math.h>
#include "core/segmentation/lesson.h"

/* After the first of several new results. */
#define DELAY_MS 1500

/* A case and what its lesson was made from: results never change, so the same ones make the same lesson. */
typedef struct {
  RunetCase *item;
  RunetFrameResult *results[RUNET_INSTANTS]; /* each (nullable) */
  gboolean learned; /* accepted or corrected */
  RunetLesson *lesson; /* (nullable): not made yet */
  double gain; /* NaN where there is none */
} Pupil;

/* What one run on another thread works on, and nobody else meanwhile. */
typedef struct {
  gatomicrefcount references;
  GArray *pupils; /* (element-type Pupil) */
} Class;

struct _RunetTeaching {
  GListModel *cases;
  void (*done) (gpointer user_data);
  gpointer user_data;
  Class *last; /* (nullable): its lessons are used again */
  GCancellable *running; /* (nullable) */
  gboolean wanted, stale;
  guint delay_id;
};

/* ---- What is known of all cases ---- */

static void
pupil_clear (gpointer data) {
  Pupil *pupil = data;
  g_clear_object (&pupil->item);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&pupil->results[i], runet_frame_result_unref);
  g_clear_pointer (&pupil->lesson, g_free);
}

static void
class_unref (Class *class) {
  if (!g_atomic_ref_count_dec (&class->references))
    return;
  g_array_unref (class->pupils);
  g_free (class);
}

static gboolean
has_taught (RunetCase *item) {
  const RunetReviewState *review = runet_case_get_review (item);
  return review && (review->status == RUNET_REVIEW_ACCEPTED ||
                    review->status == RUNET_REVIEW_CORRECTED);
}

/* @before: (nullable): of the same case, an earlier time. */
static Pupil
pupil_make (RunetCase *item, const Pupil *before) {
  Pupil pupil = {
      .item = g_object_ref (item), .learned = has_taught (item), .gain = NAN};
  gboolean same = before && before->lesson;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    RunetFrameResult *result = runet_case_get_instant_result (item, i);
    pupil.results[i] = result ? runet_frame_result_ref (result) : NULL;
    same = same && before->results[i] == result;
  }
  if (same)
    pupil.lesson = g_memdup2 (before->lesson, sizeof *before->lesson);
  return pupil;
}

/* The list of cases stays the same for as long as this lives. */
static Class *
class_new (GListModel *cases, const Class *before) {
  Class *class = g_new0 (Class, 1);
  g_atomic_ref_count_init (&class->references);
  class->pupils = g_array_new (FALSE, TRUE, sizeof (Pupil));
  g_array_set_clear_func (class->pupils, pupil_clear);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    const Pupil *earlier = before ? &g_array_index (before->pupils, Pupil, i) : NULL;
    Pupil pupil = pupil_make (item, earlier);
    g_array_append_val (class->pupils, pupil);
  }
  return class;
}

/* ---- On another thread ---- */

static gboolean
make_lessons (Class *class, GCancellable *cancellable) {
  for (guint i = 0; i < class->pupils->len; i++) {
    Pupil *pupil = &g_array_index (class->pupils, Pupil, i);
    if (pupil->lesson)
      continue;
    if (g_cancellable_is_cancelled (cancellable))
      return FALSE;
    pupil->lesson = g_new (RunetLesson, 1);
    runet_lesson_init (pupil->lesson, pupil->results);
  }
  return TRUE;
}

static void
weigh_gains (Class *class) {
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (RunetLesson));
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (RunetLesson));
  g_autoptr (GPtrArray) pupils = g_ptr_array_new ();
  for (guint i = 0; i < class->pupils->len; i++) {
    Pupil *pupil = &g_array_index (class->pupils, Pupil, i);
    if (!pupil->results[RUNET_INSTANT_ED] && !pupil->results[RUNET_INSTANT_ES])
      continue;
    g_array_append_vals (pupil->learned ? known : open, pupil->lesson, 1);
    if (!pupil->learned)
      g_ptr_array_add (pupils, pupil);
  }
  g_autofree guint *order = g_new0 (guint, open->len + 1);
  g_autofree double *gains = g_new0 (double, open->len + 1);
  runet_lessons_order ((const RunetLesson *)open->data, open->len,
                       (const RunetLesson *)known->data, known->len, order, gains);
  for (guint i = 0; i < open->len; i++)
    ((Pupil *)pupils->pdata[order[i]])->gain = gains[i];
}

static void
work_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Class *class = data;
  if (make_lessons (class, cancellable))
    weigh_gains (class);
  g_task_return_boolean (task, TRUE);
}

/* ---- On the main thread ---- */

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  if (g_cancellable_is_cancelled (cancellable))
    return;
  RunetTeaching *self = user_data;
  Class *class = g_task_get_task_data (G_TASK (result));
  g_clear_object (&self->running);
  for (guint i = 0; i < class->pupils->len; i++) {
    const Pupil *pupil = &g_array_index (class->pupils, Pupil, i);
    runet_case_set_teaching (pupil->item, pupil->gain);
  }
  g_clear_pointer (&self->last, class_unref);
  g_atomic_ref_count_inc (&class->references);
  self->last = class;
  self->done (self->user_data);
  if (self->stale)
    runet_teaching_results_changed (self);
}

static void
start (RunetTeaching *self) {
  self->stale = FALSE;
  self->running = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->running, finished_cb, self);
  g_task_set_task_data (task, class_new (self->cases, self->last),
                        (GDestroyNotify)class_unref);
  g_task_run_in_thread (task, work_cb);
}

static gboolean
delay_cb (gpointer user_data) {
  RunetTeaching *self = user_data;
  self->delay_id = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

RunetTeaching *
runet_teaching_new (GListModel *cases,
                    void (*done) (gpointer user_data),
                    gpointer user_data) {
  g_return_val_if_fail (G_IS_LIST_MODEL (cases) && done, NULL);
  RunetTeaching *self = g_new0 (RunetTeaching, 1);
  self->cases = g_object_ref (cases);
  self->done = done;
  self->user_data = user_data;
  self->stale = TRUE;
  return self;
}

void
runet_teaching_free (RunetTeaching *self) {
  if (self->running)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_pointer (&self->last, class_unref);
  g_object_unref (self->cases);
  g_free (self);
}

void
runet_teaching_set_wanted (RunetTeaching *self, gboolean wanted) {
  g_return_if_fail (self);
  self->wanted = wanted;
  if (wanted && self->stale && !self->running && self->delay_id == 0)
    start (self);
}

void
runet_teaching_results_changed (RunetTeaching *self) {
  g_return_if_fail (self);
  self->stale = TRUE;
  if (self->wanted && !self->running && self->delay_id == 0)
    self->delay_id = g_timeout_add (DELAY_MS, delay_cb, self);
}
