/* One job of a cross-validation: a method is trained on a fold and tested. */
#include "crossval-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "core/models/model-patients.h"

/* ---- Before ---- */

static RunetModel *
make_model (const RunetJob *job, GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (job->settings.seed);
  g_autoptr (RunetModel) model =
      runet_model_new (&job->settings.hyperparameters, random);
  if (job->init == NULL)
    return g_steal_pointer (&model);
  g_autoptr (RunetModel) parent = runet_model_read (job->init->model_path, error);
  if (parent == NULL || runet_model_copy_weights (model, parent, FALSE, error) == 0)
    return NULL;
  runet_model_set_metadata (model, "parent", parent->hash);
  runet_model_inherit_patients (model, parent);
  return g_steal_pointer (&model);
}

static void
announce (RunetCrossval *self,
          const RunetJob *job,
          const RunetSamples *training,
          const RunetSamples *validation) {
  const RunetHyperparameters *net = &job->settings.hyperparameters;
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (line, "%s, %u stages, %zu parameters, %zu × %zu pixels",
                          runet_architecture_to_string (net->architecture), net->stages,
                          job->parameters, net->input_size, net->input_size);
  if (net->architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION)
    g_string_append_printf (line, ", dilations %u, %u, %u", net->dilations[0],
                            net->dilations[1], net->dilations[2]);
  else if (net->architecture != RUNET_ARCHITECTURE_UNET1 &&
           net->architecture != RUNET_ARCHITECTURE_SHG)
    g_string_append_printf (line, ", dilation %u, shift %g", net->dilation,
                            (double)net->shift);
  g_string_append_printf (line, "; %u images to learn from, %u choose the epoch",
                          training->samples->len, validation->samples->len);
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++)
    if (job->fold->absent[p] > 0)
      g_string_append_printf (line, "; %u patients for %s are absent",
                              job->fold->absent[p], runet_fold_part_to_string (p));
  if (job->fold->borrowed > 0)
    g_string_append_printf (line,
                            "; %u of those to learn from choose the epoch instead",
                            job->fold->borrowed);
  runet_crossval_report (self, RUNET_CROSSVAL_BEGIN, NULL, NULL, NULL, line->str);
}

/* ---- Training ---- */

static void
training_cb (const RunetTrainingProgress *training, gpointer user_data) {
  RunetCrossval *self = user_data;
  double part = training->phase == RUNET_TRAINING_STEP
                    ? (double)training->done / (double)training->total
                    : 1;
  part = (training->epoch - 1 + part) / training->epochs;
  if (self->job_begun < 0)
    self->job_begun = part;
  self->job_done = part;
  runet_crossval_report (self, RUNET_CROSSVAL_TRAINING, NULL, training, NULL, NULL);
}

static gboolean
train (RunetCrossval *self, RunetJob *job, RunetTrainer *trainer, GError **error) {
  if (g_file_test (job->checkpoint_path, G_FILE_TEST_EXISTS) &&
      !runet_trainer_resume (trainer, job->checkpoint_path, error)) {
    g_prefix_error (error, "remove this checkpoint to begin the job anew: ");
    return FALSE;
  }
  /* A trainer may go on with fewer epochs; a result would claim them. */
  guint epochs = runet_trainer_get_history (trainer)->len;
  if (epochs > job->settings.epochs) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, job->checkpoint_path,
                      "expected at most %u epochs, found %u; remove this checkpoint to "
                      "begin the job anew",
                      job->settings.epochs, epochs);
    return FALSE;
  }
  runet_trainer_set_checkpoint (trainer, job->checkpoint_path,
                                self->options.checkpoint_seconds);
  return runet_trainer_run (trainer, training_cb, self, self->cancellable, error);
}

/* ---- After ---- */

static double
mean_dice (const RunetTrainer *trainer, const RunetJob *job) {
  const RunetEpoch *best = runet_trainer_get_best (trainer);
  if (best == NULL || !best->validated)
    return NAN;
  return runet_epoch_mean_dice (best, job->settings.hyperparameters.stages - 1,
                                job->settings.hyperparameters.classes);
}

static GPtrArray *
list_ids (const GPtrArray *patients) {
  GPtrArray *ids = g_ptr_array_new ();
  for (guint i = 0; i < patients->len; i++)
    g_ptr_array_add (ids, ((RunetPatient *)patients->pdata[i])->id);
  return ids;
}

static char *
format_now (void) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  return g_date_time_format_iso8601 (now);
}

/* What the model's file says of itself. */
static void
describe_model (const RunetCrossval *self,
                const RunetJob *job,
                RunetModel *model,
                const RunetTrainer *trainer,
                guint images) {
  g_autofree char *created = format_now ();
  g_autofree char *trained_on = g_strdup_printf (
      "%s, fold %u, %u images, sha256:%s", self->options.dataset->name,
      job->fold->number, images, runet_trainer_get_training_hash (trainer));
  g_autoptr (JsonNode) node = runet_training_settings_to_json (&job->settings);
  g_autofree char *training = json_to_string (node, FALSE);
  g_autofree char *seed = g_strdup_printf ("%u", job->settings.seed);
  runet_model_set_metadata (model, "created", created);
  runet_model_set_metadata (model, "trained_on", trained_on);
  runet_model_set_metadata (model, "training", training);
  runet_model_set_metadata (model, "seed", seed);
  g_autoptr (GPtrArray) learned = list_ids (job->fold->patients[RUNET_FOLD_TRAINING]);
  g_autoptr (GPtrArray) judged = list_ids (job->fold->patients[RUNET_FOLD_VALIDATION]);
  runet_model_record_patients (model, learned, judged);
}

static RunetCrossvalResult *
make_result (const RunetCrossval *self,
             const RunetJob *job,
             const RunetModel *model,
             const RunetTrainer *trainer) {
  RunetCrossvalResult *result = runet_crossval_result_new ();
  result->method = g_strdup (job->method->name);
  result->fold = job->fold->number;
  result->folds = self->options.fold_count;
  result->settings = job->settings;
  result->fold_hash = g_strdup (job->fold->hash);
  result->parent = g_strdup (runet_model_get_metadata (model, "parent"));
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++) {
    result->present[p] = job->fold->patients[p]->len;
    result->absent[p] = job->fold->absent[p];
  }
  result->borrowed = job->fold->borrowed;
  result->parameters = job->parameters;
  const GArray *history = runet_trainer_get_history (trainer);
  result->epochs = history->len;
  result->best_epoch = runet_trainer_get_best (trainer)->number;
  result->validation_dice = mean_dice (trainer, job);
  for (guint i = 0; i < history->len; i++)
    result->training_seconds += g_array_index (history, RunetEpoch, i).seconds;
  result->engine = g_strdup (runet_trainer_get_engine (trainer));
  return result;
}

static void
testing_cb (const RunetProgress *progress, gpointer user_data) {
  runet_crossval_report (user_data, RUNET_CROSSVAL_TESTING, progress, NULL, NULL, NULL);
}

static gboolean
test (RunetCrossval *self,
      const RunetJob *job,
      RunetModel *model,
      RunetCrossvalResult *result,
      GError **error) {
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RunetSegmenter) segmenter =
      runet_segmenter_new (model, self->options.engine, 1, error);
  if (segmenter == NULL)
    return FALSE;
  RunetEngine *works = runet_segmenter_get_engine (segmenter);
  if (works != self->options.engine) {
    g_autofree char *trained = g_steal_pointer (&result->engine);
    result->engine = g_strdup_printf ("%s; tested on %s", trained,
                                      runet_engine_get_description (works));
  }
  g_autoptr (RunetEvaluation) evaluation = runet_evaluation_of_model (
      job->fold->patients[RUNET_FOLD_TESTING], segmenter, RUNET_SEGMENT_DEFAULT,
      runet_segmenter_get_pool (segmenter), testing_cb, self, self->cancellable, error);
  if (evaluation == NULL)
    return FALSE;
  for (guint i = 0; i < evaluation->skipped->len; i++) {
    const RunetProblem *problem = evaluation->skipped->pdata[i];
    g_autofree char *line =
        g_strdup_printf ("not measured: %s: %s", problem->path, problem->message);
    runet_crossval_report (self, RUNET_CROSSVAL_WARNING, NULL, NULL, NULL, line);
  }
  runet_crossval_result_set_evaluation (result, evaluation);
  result->testing_seconds = (double)(g_get_monotonic_time () - start) * 1e-6;
  return TRUE;
}

gboolean
runet_crossval_run_job (RunetCrossval *self, RunetJob *job, GError **error) {
  g_autoptr (RunetSamples) training =
      runet_crossval_select (self, job->fold->patients[RUNET_FOLD_TRAINING]);
  g_autoptr (RunetSamples) validation =
      runet_crossval_select (self, job->fold->patients[RUNET_FOLD_VALIDATION]);
  g_autoptr (RunetModel) model = make_model (job, error);
  if (model == NULL)
    return FALSE;
  announce (self, job, training, validation);
  g_autoptr (RunetTrainer) trainer = runet_trainer_new (
      model, self->options.engine, &job->settings, training, validation, error);
  if (trainer == NULL || !train (self, job, trainer, error))
    return FALSE;
  describe_model (self, job, model, trainer, training->samples->len);
  if (!runet_model_write (model, job->model_path, RUNET_DTYPE_F32, error))
    return FALSE;
  g_autoptr (RunetCrossvalResult) result = make_result (self, job, model, trainer);
  result->training_images = training->samples->len;
  result->validation_images = validation->samples->len;
  result->model_hash = g_strdup (model->hash);
  g_clear_pointer (&trainer, runet_trainer_free);
  if (!test (self, job, model, result, error))
    return FALSE;
  result->finished = format_now ();
  if (!runet_crossval_result_write (result, job->result_path, error))
    return FALSE;
  /* One that stays costs room and nothing else: who has a result has no use for it. */
  g_unlink (job->checkpoint_path);
  runet_crossval_report (self, RUNET_CROSSVAL_RESULT, NULL, NULL, result, NULL);
  return TRUE;
}
