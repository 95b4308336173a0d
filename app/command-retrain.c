/* `runet retrain`: fine-tunes a model on what people corrected. */
#include "command.h"

#include <math.h>
#include <stdio.h>

#include "core/base/error.h"
#include "retrain-progress.h"

#define COMMAND "retrain"

/* A number that is not on the command line. */
#define NOT_GIVEN G_MININT
#define NO_NUMBER (-G_MAXDOUBLE)

typedef struct {
  char *review, *parent, *output, *original, *locked, *author;
  int epochs, batch, seed;
  double learning_rate, replay;
  gboolean resume, enter, progress_json;
} Options;

static void
options_clear (Options *options) {
  g_free (options->review);
  g_free (options->parent);
  g_free (options->output);
  g_free (options->original);
  g_free (options->locked);
  g_free (options->author);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char summary[] =
    "Fine-tunes a model on the frames that people accepted or corrected in the "
    "application, on their version where they changed something; stretches marked as "
    "uncertain weigh nothing. Every epoch also replays original cases of the DATASET, "
    "those with experts' masks, so that nothing is unlearned. What is disputed, "
    "contradictory, rejected or of another image is left out, with a line each.\n\n"
    "Then the candidate is compared with its parent on locked patients, whom nothing "
    "is "
    "learned from: those of --locked; else those that were locked for this data set "
    "before; else the patients who chose the parent's epoch, or a tenth of those with "
    "experts' masks, five where that is no more than a quarter, who stay locked from "
    "then on. The gate lets it pass when nothing got worse beyond its limit. Nothing "
    "is put in use: see runet models.\n\n"
    "How well it does on another tenth of the patients, neither locked nor corrected, "
    "decides which epoch is kept and when training ends. Ctrl-C saves in "
    "OUTPUT.retraining; the same command with --resume goes on to the same weights as "
    "if "
    "it had never stopped.";

static gboolean
parse (Options *o, RunetCommonOptions *common, char ***rest, int argc, char *argv[]) {
  *o = (Options){.epochs = NOT_GIVEN,
                 .batch = NOT_GIVEN,
                 .seed = NOT_GIVEN,
                 .learning_rate = NO_NUMBER,
                 .replay = NO_NUMBER};
  const GOptionEntry entries[] = {
      {"review", 0, 0, G_OPTION_ARG_FILENAME, &o->review,
       "The record of reviews, or the data set that it is of (DATASET)",
       "RECORD|DATASET"},
      {"parent", 0, 0, G_OPTION_ARG_FILENAME, &o->parent,
       "Model to begin with (the one in use, see runet models)", "MODEL"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "Model to write", "FILE"},
      {"original", 0, 0, G_OPTION_ARG_FILENAME, &o->original,
       "More cases to replay and to judge by, where DATASET has few with experts' "
       "masks",
       "DATASET"},
      {"locked", 0, 0, G_OPTION_ARG_FILENAME, &o->locked,
       "Patients to judge by, one id a line", "LIST"},
      {"epochs", 'e', 0, G_OPTION_ARG_INT, &o->epochs, "At most (20)", "N"},
      {"batch", 'b', 0, G_OPTION_ARG_INT, &o->batch, "Images a step (8)", "N"},
      {"replay", 0, 0, G_OPTION_ARG_DOUBLE, &o->replay,
       "Original images for each corrected one (2)", "N"},
      {"learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &o->learning_rate,
       "Of Adam, at the start (0.0001)", "R"},
      {"seed", 's', 0, G_OPTION_ARG_INT, &o->seed,
       "Of order, augmentation and validation (1)", "N"},
      {"resume", 0, 0, G_OPTION_ARG_NONE, &o->resume,
       "Go on with what was stopped; only --epochs may be changed", NULL},
      {"register", 0, 0, G_OPTION_ARG_NONE, &o->enter,
       "Enter the candidate in the registry", NULL},
      {"author", 0, 0, G_OPTION_ARG_STRING, &o->author,
       "Who registers it (the user's name)", "NAME"},
      {"progress-json", 0, 0, G_OPTION_ARG_NONE, &o->progress_json,
       "Progress as lines of JSON on the standard output", NULL},
      G_OPTION_ENTRY_NULL,
  };
  return runet_command_parse (argc, argv, RUNET_SHARED_ENGINE, entries,
                              "DATASET --output MODEL", summary, common, rest, 1, 1);
}

static gboolean
refuse_usage (GError **error, const char *message) {
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
check_number (const char *name,
              double value,
              double least,
              const char *expected,
              GError **error) {
  if (value == NO_NUMBER || (isfinite (value) && value >= least))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s: expected a number %s, found %g", name, expected, value);
  return FALSE;
}

static gboolean
check_options (const Options *o, const RunetCommonOptions *common, GError **error) {
  const struct {
    const char *name;
    int value, least;
  } numbers[] = {
      {"epochs", o->epochs, 1}, {"batch", o->batch, 1}, {"seed", o->seed, 0}};
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i].value != NOT_GIVEN && numbers[i].value < numbers[i].least) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--%s: expected %d or more, found %d", numbers[i].name,
                   numbers[i].least, numbers[i].value);
      return FALSE;
    }
  if (!check_number ("learning-rate", o->learning_rate, G_MINDOUBLE, "above 0",
                     error) ||
      !check_number ("replay", o->replay, 0, "0 or more", error))
    return FALSE;
  if (o->output == NULL || *o->output == '\0')
    return refuse_usage (error, "--output: expected the model to write, found none");
  if (common->json && o->progress_json)
    return refuse_usage (error, "--json, --progress-json: expected one of them; the "
                                "last line of progress is the result");
  if (o->author != NULL && !o->enter)
    return refuse_usage (error, "--author: expected --register with it");
  gboolean settings = o->batch != NOT_GIVEN || o->seed != NOT_GIVEN ||
                      o->learning_rate != NO_NUMBER || o->replay != NO_NUMBER ||
                      o->locked != NULL;
  if (o->resume && settings)
    return refuse_usage (error,
                         "--resume: the settings are with what was stopped, only "
                         "--epochs may be given beside it");
  return TRUE;
}

/* All that a retraining needs, opened. */
typedef struct {
  RunetDataset *dataset;
  RunetDataset *original; /* (nullable) */
  RunetReview *review;
  RunetModel *parent;
  RunetRegistry *registry;
  RunetEngine *engine;
  GPtrArray *locked;
} Inputs;

static void
inputs_clear (Inputs *inputs) {
  g_clear_pointer (&inputs->dataset, runet_dataset_unref);
  g_clear_pointer (&inputs->original, runet_dataset_unref);
  g_clear_pointer (&inputs->review, runet_review_close);
  g_clear_pointer (&inputs->parent, runet_model_unref);
  g_clear_pointer (&inputs->registry, runet_registry_close);
  g_clear_pointer (&inputs->engine, runet_engine_unref);
  g_clear_pointer (&inputs->locked, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inputs, inputs_clear)

static RunetModel *
open_parent (const Options *o, RunetRegistry *registry, GError **error) {
  if (o->parent != NULL)
    return runet_model_read (o->parent, error);
  g_autoptr (GError) failure = NULL;
  g_autoptr (RunetRegisteredModel) current =
      runet_registry_get_current (registry, NULL, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  if (current == NULL) {
    refuse_usage (error, "--parent: expected a model, found none, and none is in use");
    return NULL;
  }
  return runet_registered_model_check (current, error)
             ? runet_model_read (current->path, error)
             : NULL;
}

/* (transfer full) (element-type utf8): ids of the patients of the list that are in one of the data sets. */
static GPtrArray *
read_locked (const Options *o, const Inputs *inputs, GError **error) {
  const RunetDataset *const datasets[] = {inputs->dataset, inputs->original};
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  for (guint d = 0; d < G_N_ELEMENTS (datasets) && datasets[d] != NULL; d++) {
    guint absent = 0;
    g_autoptr (GPtrArray) patients =
        runet_dataset_select (datasets[d], o->locked, &absent, error);
    if (patients == NULL)
      return NULL;
    if (absent > 0 && inputs->original == NULL)
      runet_command_warn (COMMAND, "%s: %u listed patients are not in %s", o->locked,
                          absent, datasets[d]->path);
    for (guint i = 0; i < patients->len; i++)
      g_ptr_array_add (ids, g_strdup (((RunetPatient *)patients->pdata[i])->id));
  }
  if (ids->len > 0)
    return g_steal_pointer (&ids);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
               "%s: expected patients of %s, found none", o->locked,
               inputs->dataset->path);
  return NULL;
}

static gboolean
open_inputs (Inputs *inputs,
             const Options *o,
             const RunetCommonOptions *common,
             const char *folder,
             GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  const char *where = o->review != NULL ? o->review : folder;
  g_autofree char *record = g_file_test (where, G_FILE_TEST_IS_DIR)
                                ? runet_journal_default_path (where)
                                : g_strdup (where);
  inputs->dataset = runet_dataset_open (folder, cancellable, error);
  if (inputs->dataset == NULL)
    return FALSE;
  if (o->original != NULL) {
    inputs->original = runet_dataset_open (o->original, cancellable, error);
    if (inputs->original == NULL)
      return FALSE;
  }
  inputs->review = runet_review_open (record, RUNET_JOURNAL_READ, error);
  if (inputs->review == NULL)
    return FALSE;
  inputs->registry = runet_registry_open (NULL, error);
  if (inputs->registry == NULL)
    return FALSE;
  inputs->parent = open_parent (o, inputs->registry, error);
  if (inputs->parent == NULL)
    return FALSE;
  if (o->locked != NULL) {
    inputs->locked = read_locked (o, inputs, error);
    if (inputs->locked == NULL)
      return FALSE;
  }
  inputs->engine = runet_command_engine (common, error);
  return inputs->engine != NULL;
}

static RunetRetrainingSettings
make_settings (const Options *o) {
  RunetRetrainingSettings settings;
  runet_retraining_settings_init (&settings);
  if (o->learning_rate != NO_NUMBER)
    settings.learning_rate = o->learning_rate;
  if (o->replay != NO_NUMBER)
    settings.replay = o->replay;
  if (o->batch != NOT_GIVEN)
    settings.batch = (guint)o->batch;
  if (o->seed != NOT_GIVEN)
    settings.seed = (guint32)o->seed;
  if (o->epochs != NOT_GIVEN)
    settings.epochs = (guint)o->epochs;
  else if (o->resume)
    settings.epochs = 0;
  return settings;
}

/* The command line that goes on. */
static char *
make_resume_line (const Options *o, const char *folder) {
  g_autofree char *dataset = g_shell_quote (folder);
  g_autoptr (GString) line = g_string_new ("runet retrain ");
  g_string_append (line, dataset);
  const char *const options[][2] = {
      {"review", o->review},
      {"parent", o->parent},
      {"original", o->original},
      {"output", o->output},
  };
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i][1] != NULL) {
      g_autofree char *quoted = g_shell_quote (options[i][1]);
      g_string_append_printf (line, " --%s %s", options[i][0], quoted);
    }
  g_string_append (line, o->enter ? " --register --resume" : " --resume");
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static int
fail (const Options *o, const char *folder, const GError *error) {
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *work =
      o->output != NULL ? runet_retraining_get_work_folder (o->output) : NULL;
  g_autofree char *line =
      cancelled && work != NULL && g_file_test (work, G_FILE_TEST_IS_DIR)
          ? make_resume_line (o, folder)
          : NULL;
  if (o->progress_json)
    runet_retrain_print_failed (error->message, line);
  if (line == NULL)
    return runet_command_fail (COMMAND, error);
  runet_command_warn (COMMAND, "stopped; to go on: %s", line);
  return RUNET_EXIT_FAILED;
}

static gboolean
enter (const Options *o,
       const Inputs *inputs,
       const RunetRetrained *retrained,
       GError **error) {
  if (!o->enter)
    return TRUE;
  const char *author = o->author != NULL ? o->author : runet_command_author ();
  return runet_retrained_register (retrained, inputs->registry, inputs->parent, author,
                                   error);
}

static gboolean
run (const Options *o,
     const RunetCommonOptions *common,
     const char *folder,
     GError **error) {
  g_auto (Inputs) inputs = {0};
  if (!check_options (o, common, error) ||
      !open_inputs (&inputs, o, common, folder, error))
    return FALSE;
  const RunetRetrainingJob job = {
      .dataset = inputs.dataset,
      .original = inputs.original,
      .review = inputs.review,
      .parent = inputs.parent,
      .registry = inputs.registry,
      .locked = inputs.locked,
      .output = o->output,
      .settings = make_settings (o),
      .resume = o->resume,
  };
  RunetRetrainReport report = {COMMAND, o->progress_json, 0};
  g_autoptr (RunetRetrained) retrained =
      runet_retraining_run (&job, inputs.engine, runet_retrain_progress_cb, &report,
                            runet_command_cancellable (), error);
  runet_command_progress_end ();
  if (retrained == NULL || !enter (o, &inputs, retrained, error))
    return FALSE;
  if (o->progress_json)
    runet_retrain_print_done (retrained, o->enter);
  else if (common->json)
    runet_retrain_print_json (retrained, o->enter);
  else
    runet_retrain_print (retrained, o->enter);
  return TRUE;
}

int
runet_command_retrain (int argc, char *argv[]) {
  g_auto (Options) options;
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!parse (&options, &common, &rest, argc, argv))
    return RUNET_EXIT_USAGE;
  g_autoptr (GError) error = NULL;
  int code = run (&options, &common, rest[0], &error) ? RUNET_EXIT_DONE
                                                      : fail (&options, rest[0], error);
  runet_common_options_clear (&common);
  return code;
}
