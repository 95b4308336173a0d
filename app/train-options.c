/* The command line of `runet train`, and the settings that it asks for. */
#include "train-options.h"

#include <math.h>

void
runet_train_options_clear (RunetTrainOptions *options) {
  g_free (options->output);
  g_free (options->checkpoint);
  g_free (options->resume);
  g_free (options->init);
  g_free (options->patients);
  g_free (options->validation);
  g_free (options->architecture);
  g_free (options->stage_weights);
}

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

gboolean
runet_train_options_parse (RunetTrainOptions *o,
                           RunetCommonOptions *common,
                           char ***datasets,
                           int argc,
                           char *argv[]) {
  *o = (RunetTrainOptions){.stages = RUNET_NOT_GIVEN,
                           .dilation = RUNET_NOT_GIVEN,
                           .shift = NAN,
                           .learning = RUNET_LEARNING_OPTIONS_INIT};
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
      {"init", 0, 0, G_OPTION_ARG_FILENAME, &o->init, "Begin with these weights",
       "MODEL"},
      {"init-every-stage", 0, 0, G_OPTION_ARG_NONE, &o->init_every_stage,
       "Copy them to every stage", NULL},
      {"resume", 0, 0, G_OPTION_ARG_FILENAME, &o->resume,
       "Go on where this checkpoint ends", "FILE"},
      {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
       "Where to keep it (OUTPUT.checkpoint; the one of --resume)", "FILE"},
      {"stage-weights", 0, 0, G_OPTION_ARG_STRING, &o->stage_weights,
       "Weight of each stage's loss (1,1,…)", "A,B,…"},
      RUNET_LEARNING_OPTION_ENTRIES (&o->learning),
      {"mpi", 0, 0, G_OPTION_ARG_NONE, &o->mpi,
       "Join the launcher's other processes; needed only where it sets neither "
       "OMPI_COMM_WORLD_SIZE nor PMI_SIZE",
       NULL},
      G_OPTION_ENTRY_NULL,
  };
  return runet_command_parse (argc, argv, RUNET_SHARED_ENGINE, entries,
                              "DATASET... --output MODEL", summary, common, datasets, 1,
                              -1);
}

static gboolean
refuse_usage (GError **error, const char *message) {
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

gboolean
runet_train_options_check (const RunetTrainOptions *o, GError **error) {
  if (!runet_learning_options_check_number ("stages", o->stages, error) ||
      !runet_learning_options_check_number ("dilation", o->dilation, error) ||
      !runet_learning_options_check (&o->learning, error))
    return FALSE;
  if (o->output == NULL)
    return refuse_usage (error, "--output: expected the model to write, found none");
  if (o->init_every_stage && o->init == NULL)
    return refuse_usage (error, "--init-every-stage: expected --init with it");
  gboolean settings_given = o->init != NULL || o->architecture != NULL ||
                            o->stage_weights != NULL || o->stages != RUNET_NOT_GIVEN ||
                            o->dilation != RUNET_NOT_GIVEN || !isnan (o->shift) ||
                            runet_learning_options_are_given (&o->learning);
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
check_region (const RunetTrainOptions *o,
              RunetArchitecture architecture,
              GError **error) {
  gboolean region = architecture != RUNET_ARCHITECTURE_UNET1 &&
                    architecture != RUNET_ARCHITECTURE_SHG;
  if (!region && (o->dilation != RUNET_NOT_GIVEN || !isnan (o->shift)))
    return refuse_usage (error, "--dilation, --shift: this architecture has no region "
                                "of interest");
  if (architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION &&
      o->dilation != RUNET_NOT_GIVEN)
    return refuse_usage (error, "--dilation: ru-net-inception has three of its own");
  return TRUE;
}

gboolean
runet_train_options_make_settings (const RunetTrainOptions *o,
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
  if (o->stages != RUNET_NOT_GIVEN)
    net->stages = (guint)o->stages;
  if (o->dilation != RUNET_NOT_GIVEN)
    net->dilation = (guint)o->dilation;
  if (!isnan (o->shift))
    net->shift = (float)o->shift;
  runet_learning_options_apply (&o->learning, settings);
  return o->stage_weights == NULL ||
         set_stage_weights (settings, o->stage_weights, error);
}
