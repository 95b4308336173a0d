/* `runet evaluate`: a model or predictions against the experts, as in Tables II and III of [RU],
 * Leclerc et al., RU-Net, IUS 2019. */
#include "command.h"

#include <math.h>

#include "comparison-json.h"
#include "core/base/error.h"
#include "core/training/evaluation.h"

typedef struct {
  char *model, *predictions, *patients;
  gboolean raw;
} EvaluateOptions;

static void
evaluate_options_clear (EvaluateOptions *options) {
  g_free (options->model);
  g_free (options->predictions);
  g_free (options->patients);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EvaluateOptions, evaluate_options_clear)

static RunetEvaluation *
evaluate_model (const char *command,
                const EvaluateOptions *options,
                RunetEngine *engine,
                GPtrArray *patients,
                GError **error) {
  g_autoptr (RunetModel) model = runet_model_read (options->model, error);
  g_autoptr (RunetSegmenter) segmenter =
      model != NULL ? runet_segmenter_new (model, engine, 1, error) : NULL;
  if (segmenter == NULL)
    return NULL;
  runet_command_tell_engine (command, engine, runet_segmenter_get_engine (segmenter));
  RunetSegmentFlags flags = options->raw ? RUNET_SEGMENT_RAW : RUNET_SEGMENT_DEFAULT;
  return runet_evaluation_of_model (patients, segmenter, flags,
                                    runet_segmenter_get_pool (segmenter),
                                    runet_command_progress_cb, (gpointer)command,
                                    runet_command_cancellable (), error);
}

static RunetEvaluation *
evaluate_predictions (const char *command,
                      const EvaluateOptions *options,
                      const RunetEngine *engine,
                      GPtrArray *patients,
                      GError **error) {
  g_autoptr (RunetPool) pool = runet_pool_new (runet_engine_get_threads (engine));
  return runet_evaluation_of_predictions (patients, options->predictions, pool,
                                          runet_command_progress_cb, (gpointer)command,
                                          runet_command_cancellable (), error);
}

static RunetEvaluation *
evaluate (const char *command,
          const EvaluateOptions *options,
          const RunetCommonOptions *common,
          const char *folder,
          GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, cancellable, error);
  if (dataset == NULL)
    return NULL;
  g_autoptr (GPtrArray) patients =
      runet_command_select_patients (command, dataset, options->patients, error);
  g_autoptr (RunetEngine) engine =
      patients != NULL ? runet_command_engine (common, error) : NULL;
  if (engine == NULL)
    return NULL;
  RunetEvaluation *evaluation =
      options->model != NULL
          ? evaluate_model (command, options, engine, patients, error)
          : evaluate_predictions (command, options, engine, patients, error);
  runet_command_progress_end ();
  return evaluation;
}

/* Right-aligned; a dash where there is none. */
static void
print_value (int width, int decimals, double value) {
  if (isfinite (value))
    g_print (" %*.*f", width, decimals, value);
  else
    g_print (" %*s", width, "-");
}

static void
print_row (const char *name, const RunetStageSummary *row) {
  g_print ("%-12s", name);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    print_value (6, 3, row->dice[s].mean);
    print_value (5, 2, row->mad_mm[s].mean);
    print_value (6, 2, row->hd_mm[s].mean);
    g_print (" ");
  }
  g_print (" %5u %4.1f%%  %5u %4.1f%%\n", row->geometrical,
           100.0 * row->geometrical / row->images, row->anatomical,
           100.0 * row->anatomical / row->images);
  /* Padded by hand, for "%-12s" would count the bytes of the sign. */
  g_print ("  ±         ");
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    print_value (6, 3, row->dice[s].sd);
    print_value (5, 2, row->mad_mm[s].sd);
    print_value (6, 2, row->hd_mm[s].sd);
    g_print (" ");
  }
  g_print ("\n");
}

static void
print_table (const RunetEvaluation *evaluation) {
  g_print ("%u images, %u skipped; MAD and HD in mm\n\n", evaluation->images->len,
           evaluation->skipped->len);
  g_print ("%-12s LV-endo%14s LV-epi%15s LA%19s Outliers\n", "", "", "", "");
  g_print ("%-12s", "");
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_print (" %6s %5s %6s ", "Dice", "MAD", "HD");
  g_print (" %11s  %11s\n", "geometrical", "anatomical");
  for (guint k = 0; k < evaluation->stages; k++)
    for (guint rows = 0; rows <= RUNET_INSTANTS; rows++) {
      /* All images first, then each instant. */
      RunetInstant instant = rows == 0 ? RUNET_INSTANTS : rows - 1;
      RunetStageSummary row = runet_evaluation_summarize (evaluation, k, instant);
      g_autofree char *name =
          rows == 0 ? g_strdup_printf ("stage %u", k + 1)
                    : g_strdup_printf ("  %s", runet_instant_to_string (instant));
      if (row.images > 0)
        print_row (name, &row);
    }
}

static void
add_mean_sd (JsonBuilder *json, const char *name, const RunetMeanSd *value) {
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  runet_json_add_number (json, "mean", value->mean);
  runet_json_add_number (json, "sd", value->sd);
  json_builder_end_object (json);
}

static void
add_outliers (JsonBuilder *json, const char *name, guint count, guint images) {
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  runet_json_add_int (json, "count", count);
  runet_json_add_number (json, "percent", images > 0 ? 100.0 * count / images : NAN);
  json_builder_end_object (json);
}

static void
add_summary (JsonBuilder *json, const RunetStageSummary *summary) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    add_mean_sd (json, "dice", &summary->dice[s]);
    add_mean_sd (json, "mad_mm", &summary->mad_mm[s]);
    add_mean_sd (json, "hd_mm", &summary->hd_mm[s]);
    json_builder_end_object (json);
  }
  json_builder_set_member_name (json, "outliers");
  json_builder_begin_object (json);
  add_outliers (json, "geometrical", summary->geometrical, summary->images);
  add_outliers (json, "anatomical", summary->anatomical, summary->images);
  json_builder_end_object (json);
}

static void
add_stage (JsonBuilder *json, const RunetEvaluation *evaluation, guint stage) {
  RunetStageSummary all =
      runet_evaluation_summarize (evaluation, stage, RUNET_INSTANTS);
  json_builder_begin_object (json);
  runet_json_add_int (json, "stage", stage + 1);
  add_summary (json, &all);
  json_builder_set_member_name (json, "instants");
  json_builder_begin_object (json);
  for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
    RunetStageSummary summary = runet_evaluation_summarize (evaluation, stage, instant);
    json_builder_set_member_name (json, runet_instant_to_string (instant));
    json_builder_begin_object (json);
    runet_json_add_int (json, "images", summary.images);
    add_summary (json, &summary);
    json_builder_end_object (json);
  }
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static void
add_images (JsonBuilder *json, const RunetEvaluation *evaluation) {
  json_builder_set_member_name (json, "per_image");
  json_builder_begin_array (json);
  for (guint i = 0; i < evaluation->images->len; i++) {
    const RunetImageEvaluation *image = g_ptr_array_index (evaluation->images, i);
    json_builder_begin_object (json);
    runet_json_add_string (json, "image", image->name);
    runet_json_add_string (json, "view", runet_view_to_string (image->view));
    runet_json_add_string (json, "instant", runet_instant_to_string (image->instant));
    json_builder_set_member_name (json, "stages");
    json_builder_begin_array (json);
    for (guint k = 0; k < image->stages; k++) {
      json_builder_begin_object (json);
      runet_json_add_int (json, "stage", k + 1);
      runet_json_add_comparison (json, image->comparison[k], image->anatomy[k]);
      json_builder_end_object (json);
    }
    json_builder_end_array (json);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static void
print_json (const RunetEvaluation *evaluation) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_int (json, "images", evaluation->images->len);
  json_builder_set_member_name (json, "skipped");
  json_builder_begin_array (json);
  for (guint i = 0; i < evaluation->skipped->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (evaluation->skipped, i);
    json_builder_begin_object (json);
    runet_json_add_string (json, "image", problem->path);
    runet_json_add_string (json, "why", problem->message);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_builder_set_member_name (json, "stages");
  json_builder_begin_array (json);
  for (guint k = 0; k < evaluation->stages; k++)
    add_stage (json, evaluation, k);
  json_builder_end_array (json);
  add_images (json, evaluation);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

static int
run (const char *command,
     const EvaluateOptions *options,
     const RunetCommonOptions *common,
     const char *folder) {
  if ((options->model == NULL) == (options->predictions == NULL)) {
    runet_command_warn (command, "expected either --model FILE or --predictions "
                                 "FOLDER");
    return RUNET_EXIT_USAGE;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvaluation) evaluation =
      evaluate (command, options, common, folder, &error);
  if (evaluation == NULL)
    return runet_command_fail (command, error);
  runet_command_warn_skipped (command, evaluation->skipped);
  if (evaluation->images->len == 0) {
    runet_command_warn (command,
                        "%s: expected images with expert masks, found none "
                        "that can be used",
                        folder);
    return RUNET_EXIT_FAILED;
  }
  if (common->json)
    print_json (evaluation);
  else
    print_table (evaluation);
  return evaluation->skipped->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

int
runet_command_evaluate (int argc, char *argv[]) {
  g_auto (EvaluateOptions) options = {0};
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "The model to evaluate",
       "FILE"},
      {"predictions", 0, 0, G_OPTION_ARG_FILENAME, &options.predictions,
       "Label maps instead, as runet segment writes them", "FOLDER"},
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &options.patients,
       "These patients alone, one id a line", "LIST"},
      {"raw", 0, 0, G_OPTION_ARG_NONE, &options.raw,
       "Keep stray components and holes as the network left them", NULL},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_ENGINE, entries, "DATASET",
          "Compares every stage with the experts' masks of the ED and ES images, on "
          "the native grid: Dice, mean absolute (MAD) and Hausdorff (HD) distances, "
          "and the outliers of the RU-Net paper. Ends with 1 when images were skipped.",
          &common, &rest, 1, 1))
    return RUNET_EXIT_USAGE;
  int code = run (argv[0], &options, &common, rest[0]);
  runet_common_options_clear (&common);
  return code;
}
