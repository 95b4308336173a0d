/* `runet train`: trains a network on data sets. */
#include "command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/models/model-patients.h"
#include "core/training/trainer.h"
#include "train-data.h"
#include "train-processes.h"
#include "train-report.h"

#define COMMAND "train"

/* A checkpoint inside an epoch when the last is older. */
#define CHECKPOINT_SECONDS 180

/* A number that is not on the command line. */
#define NOT_GIVEN G_MININT

/* As given on the command line; what is not given is NULL, NaN or NOT_GIVEN. */
typedef struct {
  char *output, *checkpoint, *resume, *init;
  char *patients, *validation;
  char *architecture, *stage_weights;
  int stages, dilation, input_size;
  double shift, learning_rate;
  int batch, epochs, patience, stop_after, seed;
  gboolean augment, init_every_stage, half, mpi;
} TrainOptions;

static void
train_options_clear (TrainOptions *options) {
  g_free (options->output);
  g_free (options->checkpoint);
  g_free (options->resume);
  g_free (options->init);
  g_free (options->patients);
  g_free (options->validation);
  g_free (options->architecture);
  g_free (options->stage_weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TrainOptions, train_options_clear)

static const char summary[] =
    "Trains a network on the ED and ES images of one or several data sets and writes "
    "the "
    "weights of its best epoch. --patients and --validation choose among the patients "
    "of "
    "the first DATASET; the others are used whole, for training. Without --patients "
    "all "
    "patients but those for validation are learned from; without --validation the "
    "training loss decides which epoch is best.\n\n"
    "A checkpoint is kept beside the output, after every epoch and every three "
    "minutes. "
    "Ctrl-C writes one and ends. To go on: the same DATASETs and lists, and --resume; "
    "all other settings are in the checkpoint, only --epochs may be changed. With the "
    "same --threads the result is the same, bit by bit, as without the "
    "interruption.\n\n"
    "--init begins with the weights of a model. With the same architecture (the "
    "default "
    "with --init) that is fine-tuning; with --architecture, a unet1 pre-trains the "
    "first "
    "stage of a ru-net, or all of them with --init-every-stage.\n\n"
    "The last batch of an epoch is filled up with images from the epoch's "
    "beginning.\n\n"
    "Started as several processes by mpirun or srun, they are one training: each takes "
    "its part of every batch, whose size has to be a multiple of their number, and the "
    "result is that of one process but for rounding. The first one writes.";

static gboolean
parse (TrainOptions *o,
       RunetCommonOptions *common,
       char ***datasets,
       int argc,
       char *argv[]) {
  *o = (TrainOptions){.stages = NOT_GIVEN,
                      .dilation = NOT_GIVEN,
                      .input_size = NOT_GIVEN,
                      .batch = NOT_GIVEN,
                      .epochs = NOT_GIVEN,
                      .patience = NOT_GIVEN,
                      .stop_after = NOT_GIVEN,
                      .seed = NOT_GIVEN,
                      .shift = NAN,
                      .learning_rate = NAN};
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "Model to write", "FILE"},
      {"half", 0, 0, G_OPTION_ARG_NONE, &o->half, "Write it as float16", NULL},
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &o->patients,
       "Patients to learn from, one id a line", "LIST"},
      {"validation", 0, 0, G_OPTION_ARG_FILENAME, &o->validation,
       "Patients to validate with", "LIST"},
      {"architecture", 'a', 0, G_OPTION_ARG_STRING, &o->architecture,
       "unet1, shg, ru-net (default), ru-net-inception, ru-net-cascade, ru-net-light",
       "NAME"},
      {"stages", 0, 0, G_OPTION_ARG_INT, &o->stages, "Stages of a ru-net (2)", "N"},
      {"dilation", 0, 0, G_OPTION_ARG_INT, &o->dilation,
       "Of the region of interest, pixels (11)", "N"},
      {"shift", 0, 0, G_OPTION_ARG_DOUBLE, &o->shift,
       "Probability where the region begins (0.5)", "P"},
      {"input-size", 0, 0, G_OPTION_ARG_INT, &o->input_size,
       "Side of the network's image, a multiple of 32 (256)", "N"},
      {"init", 0, 0, G_OPTION_ARG_FILENAME, &o->init, "Begin with these weights",
       "MODEL"},
      {"init-every-stage", 0, 0, G_OPTION_ARG_NONE, &o->init_every_stage,
       "Copy them to every stage", NULL},
      {"resume", 0, 0, G_OPTION_ARG_FILENAME, &o->resume,
       "Go on where this checkpoint ends", "FILE"},
      {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
       "Where to keep it (OUTPUT.checkpoint; the one of --resume)", "FILE"},
      {"learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &o->learning_rate,
       "Of Adam, at the start (0.001)", "R"},
      {"batch", 'b', 0, G_OPTION_ARG_INT, &o->batch, "Images a step (8)", "N"},
      {"epochs", 'e', 0, G_OPTION_ARG_INT, &o->epochs, "At most (100)", "N"},
      {"patience", 0, 0, G_OPTION_ARG_INT, &o->patience,
       "Epochs without progress before the rate is divided by ten (5); 0 for never",
       "N"},
      {"stop-after", 0, 0, G_OPTION_ARG_INT, &o->stop_after,
       "Epochs without progress before the end (20); 0 for never", "N"},
      {"stage-weights", 0, 0, G_OPTION_ARG_STRING, &o->stage_weights,
       "Weight of each stage's loss (1,1,…)", "A,B,…"},
      {"seed", 's', 0, G_OPTION_ARG_INT, &o->seed,
       "Of weights, order and augmentation (1)", "N"},
      {"augment", 0, 0, G_OPTION_ARG_NONE, &o->augment,
       "Shift, turn, scale, and change gain and gamma at random", NULL},
      {"mpi", 0, 0, G_OPTION_ARG_NONE, &o->mpi,
       "Join the launcher's other processes; needed only where it sets neither "
       "OMPI_COMM_WORLD_SIZE nor PMI_SIZE",
       NULL},
      G_OPTION_ENTRY_NULL,
  };
  return runet_command_parse (argc, argv, entries, "DATASET... --output MODEL", summary,
                              common, datasets, 1, -1);
}

static gboolean
refuse_usage (GError **error, const char *message) {
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

/* The library's settings are unsigned: what is below zero is told here. */
static gboolean
check_numbers (const TrainOptions *o, GError **error) {
  const struct {
    const char *name;
    int value;
  } numbers[] = {
      {"stages", o->stages},         {"dilation", o->dilation},
      {"input-size", o->input_size}, {"batch", o->batch},
      {"epochs", o->epochs},         {"patience", o->patience},
      {"stop-after", o->stop_after}, {"seed", o->seed},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i].value < 0 && numbers[i].value != NOT_GIVEN) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--%s: expected 0 or more, found %d", numbers[i].name,
                   numbers[i].value);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_options (const TrainOptions *o, GError **error) {
  if (o->output == NULL)
    return refuse_usage (error, "--output: expected the model to write, found none");
  if (o->init_every_stage && o->init == NULL)
    return refuse_usage (error, "--init-every-stage: expected --init with it");
  gboolean settings_given =
      o->init != NULL || o->architecture != NULL || o->stage_weights != NULL ||
      o->stages != NOT_GIVEN || o->dilation != NOT_GIVEN ||
      o->input_size != NOT_GIVEN || o->batch != NOT_GIVEN || o->patience != NOT_GIVEN ||
      o->stop_after != NOT_GIVEN || o->seed != NOT_GIVEN || o->augment ||
      !isnan (o->shift) || !isnan (o->learning_rate);
  if (o->resume != NULL && settings_given)
    return refuse_usage (error, "--resume: the settings are in the checkpoint, only "
                                "--epochs may be given beside it");
  return TRUE;
}

static gboolean
set_stage_weights (RunetTrainingSettings *settings, const char *text, GError **error) {
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  guint count = g_strv_length (parts);
  if (count > RUNET_TRAINING_STAGES)
    return refuse_usage (error, "--stage-weights: expected at most 8 numbers");
  for (guint k = 0; k < count; k++) {
    char *end = NULL;
    settings->stage_weights[k] = g_ascii_strtod (parts[k], &end);
    if (end == parts[k] || *end != '\0')
      return refuse_usage (error, "--stage-weights: expected numbers and commas");
  }
  return TRUE;
}

/* An option that this network would not look at is a mistake. */
static gboolean
check_region (const TrainOptions *o, RunetArchitecture architecture, GError **error) {
  gboolean region = architecture != RUNET_ARCHITECTURE_UNET1 &&
                    architecture != RUNET_ARCHITECTURE_SHG;
  if (!region && (o->dilation != NOT_GIVEN || !isnan (o->shift)))
    return refuse_usage (error, "--dilation, --shift: this architecture has no region "
                                "of interest");
  if (architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION && o->dilation != NOT_GIVEN)
    return refuse_usage (error, "--dilation: ru-net-inception has three of its own");
  return TRUE;
}

/* The command line over the paper's values, or over those of the model to begin with. */
static gboolean
make_settings (const TrainOptions *o,
               const RunetModel *parent,
               RunetTrainingSettings *settings,
               GError **error) {
  RunetArchitecture architecture = RUNET_ARCHITECTURE_RU_NET;
  if (o->architecture != NULL &&
      !runet_architecture_from_string (o->architecture, &architecture))
    return refuse_usage (error, "--architecture: expected unet1, shg, ru-net, "
                                "ru-net-inception, ru-net-cascade or ru-net-light");
  runet_training_settings_init (settings, architecture);
  RunetHyperparameters *net = &settings->hyperparameters;
  if (parent != NULL && o->architecture == NULL)
    *net = parent->hyperparameters;
  if (!check_region (o, net->architecture, error))
    return FALSE;
  if (o->stages != NOT_GIVEN)
    net->stages = (guint)o->stages;
  if (o->dilation != NOT_GIVEN)
    net->dilation = (guint)o->dilation;
  if (o->input_size != NOT_GIVEN)
    net->input_size = (gsize)o->input_size;
  if (!isnan (o->shift))
    net->shift = (float)o->shift;
  if (!isnan (o->learning_rate))
    settings->learning_rate = o->learning_rate;
  if (o->batch != NOT_GIVEN)
    settings->batch = (guint)o->batch;
  if (o->patience != NOT_GIVEN)
    settings->patience = (guint)o->patience;
  if (o->stop_after != NOT_GIVEN)
    settings->stop_after = (guint)o->stop_after;
  if (o->seed != NOT_GIVEN)
    settings->seed = (guint32)o->seed;
  settings->augment = o->augment;
  return o->stage_weights == NULL ||
         set_stage_weights (settings, o->stage_weights, error);
}

/* What would only be noticed after hours of training. */
static gboolean
check_files (const TrainOptions *o, const char *checkpoint, GError **error) {
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
tell_how_to_resume (const TrainOptions *o,
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
make_model (const TrainOptions *o,
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
find_settings (Training *training, const TrainOptions *o, GError **error) {
  gboolean set =
      o->resume != NULL
          ? runet_checkpoint_read_settings (o->resume, &training->settings, error)
          : make_settings (o, training->parent, &training->settings, error);
  if (!set)
    return FALSE;
  if (o->epochs != NOT_GIVEN)
    training->settings.epochs = (guint)o->epochs;
  return runet_training_settings_check (&training->settings, error);
}

/* What this process can do for itself: the settings, if it is the first, and the engine. */
static gboolean
prepare_alone (Training *training,
               const TrainOptions *o,
               const RunetCommonOptions *common,
               GError **error) {
  if (!check_numbers (o, error) || !check_options (o, error))
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
         const TrainOptions *o,
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
      const TrainOptions *o,
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
        const TrainOptions *o,
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
       const TrainOptions *o,
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
  g_auto (TrainOptions) options;
  RunetCommonOptions common;
  g_auto (GStrv) datasets = NULL;
  if (!parse (&options, &common, &datasets, argc, argv))
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
