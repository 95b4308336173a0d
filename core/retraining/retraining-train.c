/* The training itself: the parent's weights go on, on the snapshot's frames and the replayed ones. */
#include <math.h>

#include "core/models/model-patients.h"
#include "retraining-private.h"

/* A checkpoint inside an epoch when the last is older. */
#define CHECKPOINT_SECONDS 60

typedef RunetRetrainingWork Work;

void
runet_retraining_tell (const RunetRetrainingWork *work,
                       const RunetRetrainingProgress *progress) {
  if (work->listener.func != NULL)
    work->listener.func (progress, work->listener.user_data);
}

static void
training_cb (const RunetTrainingProgress *training, gpointer user_data) {
  Work *work = user_data;
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_TRAINING,
                                      .training = training};
  runet_retraining_tell (work, &progress);
}

static RunetTrainingSettings
make_settings (const Work *work, const RunetSamples *training) {
  const RunetRetrainingSettings *from = &work->plan->settings;
  const RunetHyperparameters *net = &work->job->parent->hyperparameters;
  RunetTrainingSettings settings;
  runet_training_settings_init (&settings, net->architecture);
  settings.hyperparameters = *net;
  settings.learning_rate = from->learning_rate;
  /* A batch larger than an epoch would show images twice. */
  settings.batch = (guint)MIN (from->batch, runet_samples_count_epoch (training));
  settings.epochs = from->epochs;
  settings.patience = from->patience;
  settings.stop_after = from->stop_after;
  settings.seed = from->seed;
  settings.augment = from->augment;
  return settings;
}

/* The parent's weights, under a name of their own. */
static RunetModel *
make_model (const RunetModel *parent, guint32 seed, GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (RunetModel) model = runet_model_new (&parent->hyperparameters, random);
  if (runet_model_copy_weights (model, parent, FALSE, error) == 0)
    return NULL;
  runet_model_set_metadata (model, "parent", parent->hash);
  runet_model_inherit_patients (model, parent);
  return g_steal_pointer (&model);
}

/* Its lineage, in the file itself. */
static void
describe (Work *work,
          const RunetRetrainingImages *images,
          const RunetTrainingSettings *settings,
          const RunetTrainer *trainer) {
  RunetModel *model = work->result->model;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *created = g_date_time_format_iso8601 (now);
  g_autofree char *trained_on =
      g_strdup_printf ("%s, %u corrected frames and %u replayed images, sha256:%s",
                       work->job->dataset->name, images->data.corrected,
                       images->data.replay, runet_trainer_get_training_hash (trainer));
  g_autoptr (JsonNode) node = runet_training_settings_to_json (settings);
  g_autofree char *training = json_to_string (node, FALSE);
  g_autofree char *seed = g_strdup_printf ("%u", settings->seed);
  runet_model_set_metadata (model, "created", created);
  runet_model_set_metadata (model, "trained_on", trained_on);
  runet_model_set_metadata (model, "training", training);
  runet_model_set_metadata (model, "retraining", work->result->settings);
  runet_model_set_metadata (model, "snapshot", work->snapshot->hash);
  runet_model_set_metadata (model, "seed", seed);
  runet_model_record_patients (model, images->taught, work->plan->validation);
}

gboolean
runet_retraining_train (Work *work, GError **error) {
  g_autoptr (RunetPool) pool = runet_pool_get (runet_engine_get_threads (work->engine));
  g_autoptr (RunetRetrainingImages) images =
      runet_retraining_load (work->job, work->plan, work->snapshot, pool,
                             &work->listener, work->cancellable, error);
  if (images == NULL)
    return FALSE;
  work->result->data = images->data;
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_DATA,
                                      .data = &images->data};
  runet_retraining_tell (work, &progress);
  const RunetTrainingSettings settings = make_settings (work, images->training);
  work->result->model = make_model (work->job->parent, settings.seed, error);
  if (work->result->model == NULL)
    return FALSE;
  g_autoptr (RunetTrainer) trainer =
      runet_trainer_new (work->result->model, work->engine, &settings, images->training,
                         images->validation, error);
  if (trainer == NULL)
    return FALSE;
  g_autofree char *checkpoint = runet_retraining_checkpoint_path (work->folder);
  /* Stopped before the first checkpoint, it begins anew. */
  if (work->job->resume && g_file_test (checkpoint, G_FILE_TEST_EXISTS) &&
      !runet_trainer_resume (trainer, checkpoint, error))
    return FALSE;
  runet_trainer_set_checkpoint (trainer, checkpoint, CHECKPOINT_SECONDS);
  if (!runet_trainer_run (trainer, training_cb, work, work->cancellable, error))
    return FALSE;
  const GArray *history = runet_trainer_get_history (trainer);
  work->result->history = g_array_sized_new (FALSE, FALSE, sizeof (RunetEpoch), 0);
  g_array_append_vals (work->result->history, history->data, history->len);
  work->result->best = runet_trainer_get_best (trainer)->number;
  describe (work, images, &settings, trainer);
  return TRUE;
}
