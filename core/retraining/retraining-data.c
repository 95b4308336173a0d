/* Which patients judge, validate and are replayed, and their images. */
#include <math.h>
#include <string.h>

#include "core/models/model-patients.h"
#include "retraining-private.h"

/* One of so many judges, or validates. */
#define TENTH 10
/* A verdict on one patient is none: of few patients a larger part judges. */
#define LEAST_JUDGING 5
#define QUARTER 4
/* Who judges is drawn once, whatever the seed of a retraining. */
#define LOCK_SEED 2019
/* More validate no better, only longer. */
#define MOST_VALIDATING 20
/* With fewer than so many to choose from, nobody is taken away from the replay to validate. */
#define LEAST_TO_VALIDATE 6
/* An epoch learns from corrected images so many times in all, or as near to it as showing each at most eight times
 * comes: below that the optimiser takes but a handful of steps. */
#define CORRECTED_AN_EPOCH 16
#define MOST_REPEATS 8
/* Where there is little to replay, it is not shown more often than this for it. */
#define MOST_ROUNDS 4

void
runet_retraining_warn (const RunetRetrainingListener *listener,
                       const char *format,
                       ...) {
  if (listener->func == NULL)
    return;
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_WARNING,
                                      .warning = text};
  listener->func (&progress, listener->user_data);
}

void
runet_retraining_reading_cb (const RunetProgress *progress, gpointer user_data) {
  const RunetRetrainingListener *listener = user_data;
  RunetRetrainingProgress now = {.phase = RUNET_RETRAINING_READING, .count = progress};
  if (listener->func != NULL)
    listener->func (&now, listener->user_data);
}

/* ---- Patients ---- */

static gboolean
contains (const GPtrArray *ids, const char *id) {
  return ids != NULL &&
         g_ptr_array_find_with_equal_func ((GPtrArray *)ids, id, g_str_equal, NULL);
}

static gboolean
has_masks (const RunetPatient *patient) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; i < RUNET_INSTANTS; i++)
      if (patient->views[v].present &&
          runet_view_has_still (&patient->views[v], (RunetInstant)i) &&
          runet_view_has_still_mask (&patient->views[v], (RunetInstant)i))
        return TRUE;
  return FALSE;
}

/* (transfer container) (element-type RunetPatient): of both data sets. */
static GPtrArray *
list_patients (const RunetRetrainingJob *job) {
  GPtrArray *patients = g_ptr_array_new ();
  g_ptr_array_extend (patients, job->dataset->patients, NULL, NULL);
  if (job->original != NULL)
    g_ptr_array_extend (patients, job->original->patients, NULL, NULL);
  return patients;
}

GPtrArray *
runet_retraining_find_patients (const RunetRetrainingJob *job, const GPtrArray *ids) {
  GPtrArray *found = g_ptr_array_new ();
  g_autoptr (GPtrArray) patients = list_patients (job);
  for (guint i = 0; i < patients->len; i++) {
    RunetPatient *patient = patients->pdata[i];
    if (contains (ids, patient->id) && has_masks (patient))
      g_ptr_array_add (found, patient);
  }
  return found;
}

/* (transfer full) (element-type utf8): ids of patients with experts' masks that are in none of the two lists. */
static GPtrArray *
list_free (const RunetRetrainingJob *job,
           const GPtrArray *first,
           const GPtrArray *second) {
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) patients = list_patients (job);
  for (guint i = 0; i < patients->len; i++) {
    const RunetPatient *patient = patients->pdata[i];
    if (has_masks (patient) && !contains (first, patient->id) &&
        !contains (second, patient->id) && !contains (ids, patient->id))
      g_ptr_array_add (ids, g_strdup (patient->id));
  }
  return ids;
}

/* @count of @ids, at random; @ids keeps the others. */
static GPtrArray *
draw (GPtrArray *ids, guint count, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GPtrArray *drawn = g_ptr_array_new_with_free_func (g_free);
  while (drawn->len < count && ids->len > 0) {
    guint place = (guint)g_rand_int_range (random, 0, (gint32)ids->len);
    g_ptr_array_add (drawn, g_ptr_array_steal_index (ids, place));
  }
  return drawn;
}

/* Those of @ids whom the parent has seen like this. */
static GPtrArray *
filter_seen (GPtrArray *ids, GHashTable *seen, RunetSeen how) {
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < ids->len; i++)
    if (runet_seen_find (seen, ids->pdata[i]) == how)
      g_ptr_array_add (chosen, g_strdup (ids->pdata[i]));
  return chosen;
}

static guint
count_judging (guint patients) {
  guint least = MIN (LEAST_JUDGING, patients / QUARTER);
  return MAX (MAX (patients / TENTH, least), 1);
}

/* Those who chose the parent's epoch; else a tenth, of whom did not teach it if there are enough of them. */
static GPtrArray *
choose_new (const RunetRetrainingJob *job, const GPtrArray *corrected) {
  g_autoptr (GPtrArray) ids = list_free (job, corrected, NULL);
  g_autoptr (GHashTable) seen = runet_model_get_seen (job->parent);
  if (ids->len == 0)
    return g_steal_pointer (&ids);
  guint count = count_judging (ids->len);
  if (seen == NULL)
    return draw (ids, count, LOCK_SEED);
  g_autoptr (GPtrArray) validated = filter_seen (ids, seen, RUNET_SEEN_IN_VALIDATION);
  if (validated->len > 0)
    return g_steal_pointer (&validated);
  g_autoptr (GPtrArray) unseen = filter_seen (ids, seen, RUNET_SEEN_NEVER);
  return draw (unseen->len >= count ? unseen : ids, count, LOCK_SEED);
}

GPtrArray *
runet_retraining_choose_locked (const RunetRetrainingJob *job,
                                const GPtrArray *corrected,
                                GError **error) {
  g_autoptr (GPtrArray) chosen = choose_new (job, corrected);
  if (chosen->len == 0)
    return g_steal_pointer (&chosen);
  if (!runet_registry_lock (job->registry, job->dataset->path, chosen, error))
    return NULL;
  /* Another process may have locked others just now: those are the ones. */
  return runet_registry_get_locked (job->registry, job->dataset->path, error);
}

GPtrArray *
runet_retraining_choose_validation (const RunetRetrainingJob *job,
                                    const GPtrArray *locked,
                                    const GPtrArray *corrected) {
  g_autoptr (GPtrArray) ids = list_free (job, locked, corrected);
  guint count =
      ids->len < LEAST_TO_VALIDATE ? 0 : CLAMP (ids->len / TENTH, 2, MOST_VALIDATING);
  return draw (ids, count, job->settings.seed);
}

/* ---- Images ---- */

void
runet_retraining_images_free (RunetRetrainingImages *images) {
  if (images == NULL)
    return;
  g_clear_pointer (&images->training, runet_samples_free);
  g_clear_pointer (&images->validation, runet_samples_free);
  g_clear_pointer (&images->taught, g_ptr_array_unref);
  g_free (images);
}

/* What an epoch is made of, see RunetRetrainingSettings. */
static void
set_mix (RunetRetrainingImages *images,
         const RunetRetrainingSettings *settings,
         guint corrected) {
  RunetRetrainingData *data = &images->data;
  guint all = images->training->samples->len;
  double replay = corrected == 1 ? 2 * settings->replay : settings->replay;
  data->corrected = corrected;
  data->repeat =
      CLAMP ((CORRECTED_AN_EPOCH + corrected - 1) / corrected, 1, MOST_REPEATS);
  data->replay = all - corrected;
  data->drawn = (guint)fmin (round (replay * corrected * data->repeat),
                             (double)MOST_ROUNDS * data->replay);
  data->validation = images->validation != NULL ? images->validation->samples->len : 0;
  images->training->mix =
      (RunetMix){.leading = corrected, .repeat = data->repeat, .drawn = data->drawn};
}

static void
warn_problems (const RunetSamples *samples, const RunetRetrainingListener *listener) {
  for (guint i = 0; i < samples->problems->len; i++) {
    const RunetProblem *problem = samples->problems->pdata[i];
    runet_retraining_warn (listener, "not replayed: %s", problem->message);
  }
}

static void
warn_of_data (const RunetRetrainingData *data,
              const RunetRetrainingListener *listener) {
  if (data->corrected == 1)
    runet_retraining_warn (
        listener, "one corrected frame: the model may learn it by heart; twice "
                  "as many original images are replayed beside it");
  if (data->replay == 0)
    runet_retraining_warn (listener,
                           "nothing to replay: no other patient has experts' masks, so "
                           "what the model knew may be unlearned");
}

/* (transfer full) (element-type utf8): those with experts' masks in none of the plan's lists. */
static GPtrArray *
list_replayed (const RunetRetrainingJob *job,
               const RunetRetrainingPlan *plan,
               const GPtrArray *corrected) {
  g_autoptr (GPtrArray) apart = g_ptr_array_new ();
  g_ptr_array_extend (apart, plan->locked, NULL, NULL);
  g_ptr_array_extend (apart, plan->validation, NULL, NULL);
  return list_free (job, apart, corrected);
}

static gboolean
add_patients (RunetSamples *samples,
              const RunetRetrainingJob *job,
              const GPtrArray *ids,
              RunetPool *pool,
              const RunetRetrainingListener *listener,
              GCancellable *cancellable,
              GError **error) {
  g_autoptr (GPtrArray) patients = runet_retraining_find_patients (job, ids);
  return runet_samples_add (samples, patients, job->parent->hyperparameters.classes,
                            pool, runet_retraining_reading_cb, (gpointer)listener,
                            cancellable, error);
}

RunetRetrainingImages *
runet_retraining_load (const RunetRetrainingJob *job,
                       const RunetRetrainingPlan *plan,
                       const RunetSnapshot *snapshot,
                       RunetPool *pool,
                       const RunetRetrainingListener *listener,
                       GCancellable *cancellable,
                       GError **error) {
  const RunetHyperparameters *net = &job->parent->hyperparameters;
  g_autoptr (RunetRetrainingImages) images = g_new0 (RunetRetrainingImages, 1);
  images->taught = runet_snapshot_list_patients (snapshot);
  g_autoptr (GPtrArray) replayed = list_replayed (job, plan, images->taught);
  images->training = runet_samples_new (net->input_size);
  if (!runet_snapshot_add_samples (snapshot, job->dataset, images->training,
                                   net->classes, cancellable, error))
    return NULL;
  guint corrected = images->training->samples->len;
  if (!add_patients (images->training, job, replayed, pool, listener, cancellable,
                     error))
    return NULL;
  if (plan->validation->len > 0) {
    images->validation = runet_samples_new (net->input_size);
    if (!add_patients (images->validation, job, plan->validation, pool, listener,
                       cancellable, error))
      return NULL;
    if (images->validation->samples->len == 0)
      g_clear_pointer (&images->validation, runet_samples_free);
  }
  warn_problems (images->training, listener);
  set_mix (images, &plan->settings, corrected);
  images->data.locked = plan->locked->len;
  warn_of_data (&images->data, listener);
  g_ptr_array_extend (images->taught, replayed, (GCopyFunc)(void (*) (void))g_strdup,
                      NULL);
  return g_steal_pointer (&images);
}
