/* `runet crossval`: Tables II and III of [RU], Leclerc et al., RU-Net, IUS 2019, on the folds of a data set. */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/training/crossval.h"
#include "crossval-progress.h"
#include "crossval-report.h"
#include "learning-options.h"

#define COMMAND "crossval"

/* A checkpoint inside an epoch when the last is older. */
#define CHECKPOINT_SECONDS 180

/* As given on the command line; what is not given is NULL. */
typedef struct {
  char *folds, *output, *report, *markdown;
  char *methods, *fold;
  RunetLearningOptions learning;
} CrossvalOptions;

static void
crossval_options_clear (CrossvalOptions *options) {
  g_free (options->folds);
  g_free (options->output);
  g_free (options->report);
  g_free (options->markdown);
  g_free (options->methods);
  g_free (options->fold);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CrossvalOptions, crossval_options_clear)

static const char summary[] =
    "Trains every method on every fold of DATASET, measures the tested patients on "
    "their own grids, and prints the tables of the paper beside the paper's figures. "
    "Patients that are listed but absent are left out, with their number.\n\n"
    "A job is one method on one fold. Its result, its model and, while it is trained, "
    "its checkpoint are in OUTPUT/METHOD. What has a result is not done again, so the "
    "same command goes on where it was stopped, by whatever; several processes, on one "
    "machine or on many, may be given the same OUTPUT. --fold takes some of the folds. "
    "--report prints the tables of what is there.\n\n"
    "Methods: unet1, shg, ru-net (dilation 11, shift 0.5), ru-net-30 (30, 0.7), "
    "ru-net-inception, ru-net-weighted (the second loss counts twice), ru-net-cascade, "
    "ru-net-pretrained (stage 1 begins with the unet1 of the same fold), ru-net-light. "
    "The regions' sizes are of 256 pixels; with another --input-size they cover the "
    "same part of the image.";

static gboolean
parse (CrossvalOptions *o,
       RunetCommonOptions *common,
       char ***rest,
       int argc,
       char *argv[]) {
  *o = (CrossvalOptions){.learning = RUNET_LEARNING_OPTIONS_INIT};
  const GOptionEntry entries[] = {
      {"folds", 0, 0, G_OPTION_ARG_FILENAME, &o->folds,
       "Holds subGroupK_training.txt, _validation.txt and _testing.txt", "FOLDER"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "Of the results", "FOLDER"},
      {"methods", 'm', 0, G_OPTION_ARG_STRING, &o->methods, "Which (all)", "A,B,…"},
      {"fold", 'f', 0, G_OPTION_ARG_STRING, &o->fold, "Which folds (all)", "K,…"},
      {"report", 0, 0, G_OPTION_ARG_FILENAME, &o->report,
       "Print the tables of these results and do nothing else", "FOLDER"},
      {"markdown", 0, 0, G_OPTION_ARG_FILENAME, &o->markdown,
       "Also write the tables as Markdown", "FILE"},
      RUNET_LEARNING_OPTION_ENTRIES (&o->learning),
      G_OPTION_ENTRY_NULL,
  };
  return runet_command_parse (argc, argv, RUNET_SHARED_ENGINE, entries, "[DATASET]",
                              summary, common, rest, 0, 1);
}

static gboolean
refuse_usage (GError **error, const char *message) {
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
check_options (const CrossvalOptions *o, char *const *rest, GError **error) {
  const gboolean settings = runet_learning_options_are_given (&o->learning) ||
                            o->learning.epochs != RUNET_NOT_GIVEN;
  if (!runet_learning_options_check (&o->learning, error))
    return FALSE;
  if (o->report != NULL)
    return !settings && rest[0] == NULL && o->folds == NULL && o->output == NULL &&
                   o->methods == NULL && o->fold == NULL
               ? TRUE
               : refuse_usage (error, "--report: expected --markdown and --json beside "
                                      "it and nothing else");
  if (rest[0] == NULL)
    return refuse_usage (error, "expected a DATASET, found none");
  if (o->folds == NULL)
    return refuse_usage (error,
                         "--folds: expected the folder of the folds, found none");
  if (o->output == NULL)
    return refuse_usage (error, "--output: expected the folder of the results, found "
                                "none");
  return TRUE;
}

static void
make_settings (const CrossvalOptions *o, RunetTrainingSettings *settings) {
  runet_training_settings_init (settings, RUNET_ARCHITECTURE_RU_NET);
  runet_learning_options_apply (&o->learning, settings);
}

/* (transfer container) (element-type RunetMethod) */
static GPtrArray *
select_methods (const char *names, GError **error) {
  g_autoptr (GPtrArray) methods = g_ptr_array_new ();
  guint count;
  const RunetMethod *all = runet_methods_list (&count);
  for (guint i = 0; names == NULL && i < count; i++)
    g_ptr_array_add (methods, (gpointer)&all[i]);
  g_auto (GStrv) parts = g_strsplit (names != NULL ? names : "", ",", -1);
  for (guint i = 0; names != NULL && parts[i] != NULL; i++) {
    const RunetMethod *method = runet_method_find (parts[i]);
    if (method == NULL) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--methods: expected names with commas between them (see --help), "
                   "found '%s'",
                   parts[i]);
      return NULL;
    }
    if (!g_ptr_array_find (methods, method, NULL))
      g_ptr_array_add (methods, (gpointer)method);
  }
  if (methods->len == 0) {
    refuse_usage (error, "--methods: expected at least one");
    return NULL;
  }
  return g_steal_pointer (&methods);
}

static gpointer
find_fold (const GPtrArray *folds, guint64 number) {
  for (guint i = 0; i < folds->len; i++)
    if (((RunetFold *)folds->pdata[i])->number == number)
      return folds->pdata[i];
  return NULL;
}

/* Says so where nobody for testing is there. */
static gboolean
is_testable (const RunetFold *fold) {
  if (fold->patients[RUNET_FOLD_TESTING]->len > 0)
    return TRUE;
  runet_command_warn (
      COMMAND, "fold %u is left out: all of its %u patients for testing are absent",
      fold->number, fold->absent[RUNET_FOLD_TESTING]);
  return FALSE;
}

/* (transfer container) (element-type RunetFold): borrowed from @folds */
static GPtrArray *
select_folds (const GPtrArray *folds, const char *numbers, GError **error) {
  g_autoptr (GPtrArray) selected = g_ptr_array_new ();
  for (guint i = 0; numbers == NULL && i < folds->len; i++)
    if (is_testable (folds->pdata[i]))
      g_ptr_array_add (selected, folds->pdata[i]);
  g_auto (GStrv) parts = g_strsplit (numbers != NULL ? numbers : "", ",", -1);
  for (guint i = 0; numbers != NULL && parts[i] != NULL; i++) {
    guint64 number = 0;
    gpointer fold =
        g_ascii_string_to_unsigned (parts[i], 10, 0, G_MAXUINT, &number, NULL)
            ? find_fold (folds, number)
            : NULL;
    if (fold == NULL) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--fold: expected numbers of folds with commas between them, found "
                   "'%s'",
                   parts[i]);
      return NULL;
    }
    if (is_testable (fold) && !g_ptr_array_find (selected, fold, NULL))
      g_ptr_array_add (selected, fold);
  }
  if (selected->len == 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "--fold %s: expected a fold with patients for testing, found none",
                 numbers);
    return NULL;
  }
  return g_steal_pointer (&selected);
}

static void
tell_counts (const RunetCrossvalCounts *counts) {
  fprintf (stderr, "%u of %u jobs done", counts->done + counts->before, counts->jobs);
  if (counts->before > 0)
    fprintf (stderr, ", %u of them before", counts->before);
  if (counts->elsewhere > 0)
    fprintf (stderr, "; another process is at %u", counts->elsewhere);
  if (counts->failed > 0)
    fprintf (stderr, "; %u failed", counts->failed);
  fputs ("\n", stderr);
}

/* @failed: (out): jobs without a result for which nobody works */
static gboolean
run (const CrossvalOptions *o,
     const RunetCommonOptions *common,
     const char *folder,
     guint *failed,
     GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  g_autoptr (GPtrArray) methods = select_methods (o->methods, error);
  g_autoptr (RunetDataset) dataset =
      methods != NULL ? runet_dataset_open (folder, cancellable, error) : NULL;
  g_autoptr (GPtrArray) all =
      dataset != NULL ? runet_folds_read (dataset, o->folds, error) : NULL;
  g_autoptr (GPtrArray) folds = all != NULL ? select_folds (all, o->fold, error) : NULL;
  g_autoptr (RunetEngine) engine =
      folds != NULL ? runet_command_engine (common, error) : NULL;
  if (engine == NULL)
    return FALSE;
  RunetCrossvalOptions options = {.dataset = dataset,
                                  .folds = folds,
                                  .fold_count = all->len,
                                  .methods = methods,
                                  .folder = o->output,
                                  .engine = engine,
                                  .checkpoint_seconds = CHECKPOINT_SECONDS};
  make_settings (o, &options.settings);
  g_autoptr (RunetCrossval) crossval = runet_crossval_new (&options, error);
  if (crossval == NULL)
    return FALSE;
  fprintf (stderr, "%u folds, %u methods, %s\n", folds->len, methods->len,
           runet_engine_get_description (engine));
  RunetCrossvalCounts counts = {0};
  if (!runet_crossval_run (crossval, &counts, runet_crossval_progress_cb,
                           (gpointer)COMMAND, cancellable, error)) {
    runet_command_progress_end ();
    if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_clear_error (error);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                   "stopped; the same command goes on: what is done is in %s",
                   o->output);
    }
    return FALSE;
  }
  runet_command_progress_end ();
  tell_counts (&counts);
  *failed = counts.failed;
  return TRUE;
}

int
runet_command_crossval (int argc, char *argv[]) {
  g_auto (CrossvalOptions) options;
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!parse (&options, &common, &rest, argc, argv))
    return RUNET_EXIT_USAGE;
  g_autoptr (GError) error = NULL;
  guint failed = 0;
  int code = RUNET_EXIT_DONE;
  const char *results = options.report != NULL ? options.report : options.output;
  if (!check_options (&options, rest, &error) ||
      (options.report == NULL && !run (&options, &common, rest[0], &failed, &error)) ||
      !runet_crossval_report_print (COMMAND, results, options.markdown, common.json,
                                    &failed, &error))
    code = runet_command_fail (COMMAND, error);
  else if (failed > 0)
    code = RUNET_EXIT_FAILED;
  runet_common_options_clear (&common);
  return code;
}
