/* `runet train`: trains a network on data sets. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/models/model-patients.h"
#include "core/training/trainer.h"
#include "train-data.h"
#include "train-options.h"
#include "train-processes.h"
#include "train-report.h"

#define COMMAND "train"

/* A checkpoint inside an epoch when the last is older. */
#define CHECKPOINT_SECONDS 180

/* What would only be noticed after hours of training. */
static gboolean
check_files (const RunetTrainOptions *o, const char *checkpoint, GError **error) {
  const char *const paths[] = {o->output, checkpoint};
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *folder = g_path_get_dirname (paths[i]);
    if (access (folder, W_OK) != 0) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                   "%s: expected a folder that can be written to: %s", folder,
                   g_strerror (errno));
      return FALSE;
    }
    if (g_file_test (paths[i], G_FILE_TEST_IS_DIR)) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                   "%s: expected a file to write, found a folder", paths[i]);
      return FALSE;
    }
  }
  if (g_strcmp0 (checkpoint, o->resume) != 0 &&
      g_file_test (checkpoint, G_FILE_TEST_EXISTS)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: a checkpoint is there already; go on with --resume, choose "
                 "another --checkpoint, or remove it",
                 checkpoint);
    return FALSE;
  }
  return TRUE;
}

/* Ctrl-C: the error becomes the command line that goes on. */
static void
tell_how_to_resume (const RunetTrainOptions *o,
                    char **datasets,
                    const char *checkpoint,
                    guint processes,
                    GError **error) {
  g_autoptr (GString) line = g_string_new (NULL);
  if (processes > 1)
    g_string_append_printf (line, "mpirun -n %u ", processes);
  g_string_append (line, "runet train");
  for (guint i = 0; datasets[i] != NULL; i++) {
    g_autofree char *quoted = g_shell_quote (datasets[i]);
    g_string_append_printf (line, " %s", quoted);
  }
  const char *const options[][2] = {
      {"patients", o->patients},
      {"validation", o->validation},
      {"output", o->output},
      {"resume", checkpoint},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i][1] != NULL) {
      g_autofree char *quoted = g_shell_quote (options[i][1]);
      g_string_append_printf (line, " --%s %s", options[i][0], quoted);
    }
  if (o->half)
    g_string_append (line, " --half");
  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped; to go on: %s",
               line->str);
}

/* The model that training begins with. */
static RunetModel *
make_model (const RunetTrainOptions *o,
            const RunetTrainingSettings *settings,
            const RunetModel *parent,
            gboolean tell,
            GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (settings->seed);
  g_autoptr (RunetModel) model = runet_model_new (&settings->hyperparameters, random);
  if (parent == NULL)
    return g_steal_pointer (&model);
  guint copied = runet_model_copy_weights (model, parent, o->init_every_stage, error);
  if (copied == 0)
    return NULL;
  if (tell)
    fprintf (stderr, "%u of %u tensors from %s\n", copied,
             model->graph->parameters->len, o->init);
  runet_model_set_metadata (model, "parent", parent->hash);
  runet_model_inherit_patients (model, parent);
  return g_steal_pointer (&model);
}

typedef struct {
  RunetCommunicator *communicator; /* (nullable) */
  gboolean first; /* of the processes: speaks and writes */
  RunetTrainingSettings settings;
  RunetModel *parent; /* (nullable) */
  RunetEngine *engine;
  char *checkpoint;
} Training;

static void
training_clear (Training *training) {
  g_clear_pointer (&training->communicator, runet_communicator_close);
  g_clear_pointer (&training->parent, runet_model_unref);
  g_clear_pointer (&training->engine, runet_engine_unref);
  g_clear_pointer (&training->checkpoint, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Training, training_clear)

static gboolean
find_settings (Training *training, const RunetTrainOptions *o, GError **error) {
  gboolean set =
      o->resume != NULL
          ? runet_checkpoint_read_settings (o->resume, &training->settings, error)
          : runet_train_options_make_settings (o, training->parent, &training->settings,
                                               error);
  if (!set)
    return FALSE;
  if (o->learning.epochs != RUNET_NOT_GIVEN)
    training->settings.epochs = (guint)o->learning.epochs;
  return runet_training_settings_check (&training->settings, error);
}

/* What this process can do for itself: the settings, if it is the first, and the engine. */
static gboolean
prepare_alone (Training *training,
               const RunetTrainOptions *o,
               const RunetCommonOptions *common,
               GError **error) {
  if (!runet_train_options_check (o, error))
    return FALSE;
  if (o->checkpoint != NULL || o->resume != NULL)
    training->checkpoint = g_strdup (o->checkpoint != NULL ? o->checkpoint : o->resume);
  else
    training->checkpoint = g_strconcat (o->output, ".checkpoint", NULL);
  if (training->first && !check_files (o, training->checkpoint, error))
    return FALSE;
  if (o->init != NULL) {
    training->parent = runet_model_read (o->init, error);
    if (training->parent == NULL)
      return FALSE;
  }
  if (training->first && !find_settings (training, o, error))
    return FALSE;
  training->engine = runet_command_engine (common, error);
  return training->engine != NULL;
}

static gboolean
prepare (Training *training,
         const RunetTrainOptions *o,
         RunetCommonOptions *common,
         GError **error) {
  if (!runet_train_join (o->mpi, &training->communicator, error))
    return FALSE;
  training->first = runet_train_is_first (training->communicator);
  common->threads = runet_train_share_threads (training->communicator, common->threads);
  gboolean prepared = prepare_alone (training, o, common, error);
  return runet_train_share_settings (training->communicator, prepared,
                                     &training->settings, error);
}

static void
announce (const Training *training,
          const RunetModel *model,
          const RunetTrainer *trainer,
          const RunetTrainData *data) {
  guint processes = runet_communicator_get_size (training->communicator);
  g_autofree char *shared =
      processes > 1 ? g_strdup_printf (" in %u processes", processes) : g_strdup ("");
  fprintf (stderr,
           "%s, %zu parameters, on %u images of %s, validated on %u; batch %u%s, %s\n",
           runet_architecture_to_string (model->hyperparameters.architecture),
           runet_graph_count_parameters (model->graph), data->training->samples->len,
           data->name, data->validation != NULL ? data->validation->samples->len : 0,
           training->settings.batch, shared, runet_trainer_get_engine (trainer));
}

static guint
count_skipped (const RunetTrainData *data) {
  guint validation = data->validation != NULL ? data->validation->problems->len : 0;
  return data->training->problems->len + validation;
}

/* What training needs, in this process. */
static gboolean
load (const Training *training,
      const RunetTrainOptions *o,
      char **datasets,
      RunetTrainData **data,
      RunetModel **model,
      GError **error) {
  const RunetHyperparameters *net = &training->settings.hyperparameters;
  *data = runet_train_data_load (
      training->first ? COMMAND : NULL, datasets, o->patients, o->validation,
      net->input_size, net->classes, runet_engine_get_threads (training->engine),
      runet_command_cancellable (), error);
  if (*data == NULL)
    return FALSE;
  *model =
      make_model (o, &training->settings, training->parent, training->first, error);
  return *model != NULL;
}

/* The result, by the process that writes. */
static gboolean
finish (const Training *training,
        const RunetTrainOptions *o,
        gboolean json,
        RunetModel *model,
        const RunetTrainer *trainer,
        const RunetTrainData *data,
        GError **error) {
  runet_train_describe_model (model, trainer, &training->settings, data);
  if (!runet_model_write (model, o->output, o->half ? RUNET_DTYPE_F16 : RUNET_DTYPE_F32,
                          error))
    return FALSE;
  if (json)
    runet_train_print_json (o->output, trainer, data);
  else
    runet_train_print (o->output, trainer);
  return TRUE;
}

/* From the images to the model's file. @skipped: (out): images that could not be used. */
static gboolean
train (const Training *training,
       const RunetTrainOptions *o,
       const RunetCommonOptions *common,
       char **datasets,
       guint *skipped,
       GError **error) {
  RunetCommunicator *communicator = training->communicator;
  g_autoptr (RunetTrainData) data = NULL;
  g_autoptr (RunetModel) model = NULL;
  gboolean loaded = load (training, o, datasets, &data, &model, error);
  if (!runet_communicator_agree (communicator, loaded, error))
    return FALSE;
  *skipped = count_skipped (data);
  g_autoptr (RunetTrainer) trainer =
      runet_trainer_new_shared (model, training->engine, &training->settings,
                                data->training, data->validation, communicator, error);
  if (trainer == NULL ||
      (o->resume != NULL && !runet_trainer_resume (trainer, o->resume, error)))
    return FALSE;
  if (training->first)
    announce (training, model, trainer, data);
  runet_trainer_set_checkpoint (trainer, training->checkpoint, CHECKPOINT_SECONDS);
  gboolean done =
      runet_trainer_run (trainer, training->first ? runet_train_progress_cb : NULL,
                         (gpointer)COMMAND, runet_command_cancellable (), error);
  runet_command_progress_end ();
  if (!done) {
    if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      tell_how_to_resume (o, datasets, training->checkpoint,
                          runet_communicator_get_size (communicator), error);
    return FALSE;
  }
  gboolean finished = !training->first ||
                      finish (training, o, common->json, model, trainer, data, error);
  return runet_communicator_agree (communicator, finished, error);
}

int
runet_command_train (int argc, char *argv[]) {
  g_auto (RunetTrainOptions) options;
  RunetCommonOptions common;
  g_auto (GStrv) datasets = NULL;
  if (!runet_train_options_parse (&options, &common, &datasets, argc, argv))
    return RUNET_EXIT_USAGE;
  g_auto (Training) training = {0};
  g_autoptr (GError) error = NULL;
  guint skipped = 0;
  int code = RUNET_EXIT_DONE;
  if (!prepare (&training, &options, &common, &error) ||
      !train (&training, &options, &common, datasets, &skipped, &error))
    code = runet_train_fail (training.communicator, COMMAND, error);
  else if (skipped > 0)
    code = RUNET_EXIT_FAILED;
  runet_common_options_clear (&common);
  return code;
}
