/* What a retraining would learn from. */
#include "retrain-plan.h"

#include <math.h>
#include "core/base/error.h"
#include "core/retraining/registry.h"
#include "retrain-pace.h"

/* Few frames are shown several times in an epoch, as RunetRetrainingData says. For an estimate. */
#define FRAMES_AN_EPOCH 16
#define MOST_REPEATS 8

typedef struct {
  RunetDataset *dataset;
  char *record;
  char *model; /* (nullable) */
  RunetEngineChoice engine;
  char *registry; /* (nullable) */
} Question;

static void
question_free (Question *question) {
  runet_dataset_unref (question->dataset);
  g_free (question->record);
  g_free (question->model);
  g_free (question->registry);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

void
runet_retrain_plan_free (RunetRetrainPlan *self) {
  if (!self)
    return;
  g_ptr_array_unref (self->exclusions);
  g_free (self);
}

guint
runet_retrain_plan_count_frames (const RunetRetrainPlan *self) {
  return self->corrected + self->accepted;
}

double
runet_retrain_plan_estimate_seconds (const RunetRetrainPlan *self,
                                     guint epochs,
                                     double replay) {
  const double frames = runet_retrain_plan_count_frames (self);
  const double shown = fmin (fmax (frames, FRAMES_AN_EPOCH), frames * MOST_REPEATS);
  const double replayed = fmin (shown * replay, self->originals);
  return (shown + replayed) * epochs * self->seconds_per_image;
}

/* ---- Counting ---- */

/* Ids restart in each subset. */
static char *
make_key (const char *subset, const char *id) {
  return g_strdup_printf ("%s/%s", subset ? subset : "", id);
}

static GHashTable *
make_set (void) {
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
count_frames (RunetRetrainPlan *plan, const RunetSnapshot *snapshot, GHashTable *used) {
  g_autoptr (GHashTable) readers = make_set ();
  for (guint i = 0; i < snapshot->frames->len; i++) {
    const RunetSnapshotFrame *frame = snapshot->frames->pdata[i];
    if (frame->edited)
      plan->corrected++;
    else
      plan->accepted++;
    g_hash_table_add (used, make_key (frame->subset, frame->patient));
    g_hash_table_add (readers, g_strdup (frame->author));
  }
  plan->patients = g_hash_table_size (used);
  plan->readers = g_hash_table_size (readers);
}

/* @used: patients that are learned from already. */
static void
count_originals (RunetRetrainPlan *plan,
                 const RunetDataset *dataset,
                 GHashTable *locked,
                 GHashTable *used) {
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    g_autofree char *key = make_key (patient->subset, patient->id);
    if (g_hash_table_contains (used, key) ||
        (locked && g_hash_table_contains (locked, patient->id)))
      continue;
    for (guint v = 0; v < RUNET_VIEWS; v++)
      for (guint instant = 0; instant < RUNET_INSTANTS; instant++)
        plan->originals += patient->views[v].present &&
                           runet_view_has_still (&patient->views[v], instant) &&
                           runet_view_has_still_mask (&patient->views[v], instant);
  }
}

/* (transfer full) (nullable): NULL without @error where none are locked yet. A registry is not made for the question. */
static GHashTable *
read_locked (const Question *question, GError **error) {
  g_autofree char *usual = runet_registry_get_default_folder ();
  const char *folder = question->registry ? question->registry : usual;
  g_autofree char *file = g_build_filename (folder, "registry.sqlite", NULL);
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return NULL;
  g_autoptr (RunetRegistry) registry = runet_registry_open (folder, error);
  if (!registry)
    return NULL;
  g_autoptr (GPtrArray) ids =
      runet_registry_get_locked (registry, question->dataset->path, error);
  if (!ids)
    return NULL;
  GHashTable *locked = make_set ();
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (locked, g_strdup (ids->pdata[i]));
  return locked;
}

/* (transfer full) (nullable): NULL without @error where nobody reviewed anything yet. */
static RunetSnapshot *
read_snapshot (const Question *question,
               GHashTable *locked,
               GCancellable *cancellable,
               GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autoptr (RunetReview) review =
      runet_review_open (question->record, RUNET_JOURNAL_READ, &reason);
  if (review)
    return runet_snapshot_new (review, question->dataset, locked, NULL, NULL,
                               cancellable, error);
  if (!g_error_matches (reason, RUNET_ERROR, RUNET_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

static RunetRetrainPlan *
make_plan (const Question *question, GCancellable *cancellable, GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autoptr (GHashTable) locked = read_locked (question, &reason);
  g_autoptr (RunetSnapshot) snapshot =
      reason ? NULL : read_snapshot (question, locked, cancellable, &reason);
  if (reason) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  RunetRetrainPlan *plan = g_new0 (RunetRetrainPlan, 1);
  g_autoptr (GHashTable) used = make_set ();
  if (snapshot)
    count_frames (plan, snapshot, used);
  plan->exclusions =
      snapshot ? g_ptr_array_ref (snapshot->exclusions) : g_ptr_array_new ();
  count_originals (plan, question->dataset, locked, used);
  plan->locked = locked ? g_hash_table_size (locked) : 0;
  plan->seconds_per_image =
      runet_retrain_plan_count_frames (plan) > 0
          ? runet_retrain_pace_measure (question->dataset, question->model,
                                        question->engine, cancellable)
          : NAN;
  return plan;
}

/* ---- On another thread ---- */

static void
plan_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  g_autoptr (GError) error = NULL;
  RunetRetrainPlan *plan = make_plan (data, cancellable, &error);
  if (plan)
    g_task_return_pointer (task, plan, (GDestroyNotify)runet_retrain_plan_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
runet_retrain_plan_async (RunetDataset *dataset,
                          const char *record,
                          const char *model,
                          RunetEngineChoice engine,
                          const char *registry,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data) {
  g_return_if_fail (dataset != NULL && record != NULL);
  g_autoptr (Question) question = g_new0 (Question, 1);
  question->dataset = runet_dataset_ref (dataset);
  question->record = g_strdup (record);
  question->model = g_strdup (model);
  question->engine = engine;
  question->registry = g_strdup (registry);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, g_steal_pointer (&question),
                        (GDestroyNotify)question_free);
  g_task_run_in_thread (task, plan_in_thread);
}

RunetRetrainPlan *
runet_retrain_plan_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}
