/* `runet calibrate`: the limits of the anatomical outliers, from the experts' own masks. */
#include "command.h"

#include "core/training/calibration.h"

static RunetCalibration *
calibrate (const char *command,
           const char *list_path,
           const RunetCommonOptions *common,
           const char *folder,
           GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, cancellable, error);
  if (dataset == NULL)
    return NULL;
  g_autoptr (GPtrArray) patients =
      runet_command_select_patients (command, dataset, list_path, error);
  if (patients == NULL)
    return NULL;
  g_autoptr (RunetPool) pool = runet_pool_new ((guint)common->threads);
  RunetCalibration *calibration = runet_calibration_new (
      patients, pool, runet_command_progress_cb, (gpointer)command, cancellable, error);
  runet_command_progress_end ();
  return calibration;
}

static double
get_limit (RunetStructure structure, gboolean convexity) {
  const RunetRegularity *limits = structure == RUNET_STRUCTURE_ENDO
                                      ? &runet_outlier_limits.endo
                                      : &runet_outlier_limits.epi;
  return convexity ? limits->convexity : limits->simplicity;
}

static void
print_lowest (RunetStructure structure,
              const char *what,
              const RunetLowest *lowest,
              double limit) {
  g_print ("%-11s %-10s  lowest %.4f (%s)  limit %.3f\n",
           structure == RUNET_STRUCTURE_ENDO ? "endo" : "closed epi", what,
           lowest->value, lowest->name != NULL ? lowest->name : "none", limit);
}

static void
print_text (const RunetCalibration *calibration) {
  for (guint s = 0; s < RUNET_STRUCTURE_LA; s++) {
    print_lowest (s, "convexity", &calibration->convexity[s], get_limit (s, TRUE));
    print_lowest (s, "simplicity", &calibration->simplicity[s], get_limit (s, FALSE));
  }
  g_print ("%u masks, %u skipped; beyond these limits: %u; beyond Table I with its "
           "columns as printed: %u\n",
           calibration->masks, calibration->skipped->len, calibration->outliers,
           calibration->outliers_as_printed);
}

static void
add_lowest (JsonBuilder *json,
            const char *name,
            const RunetLowest *lowest,
            double limit) {
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  runet_json_add_number (json, "lowest", lowest->value);
  runet_json_add_string (json, "image", lowest->name);
  runet_json_add_number (json, "limit", limit);
  json_builder_end_object (json);
}

static void
print_json (const RunetCalibration *calibration) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_int (json, "masks", calibration->masks);
  runet_json_add_int (json, "skipped", calibration->skipped->len);
  for (guint s = 0; s < RUNET_STRUCTURE_LA; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    add_lowest (json, "convexity", &calibration->convexity[s], get_limit (s, TRUE));
    add_lowest (json, "simplicity", &calibration->simplicity[s], get_limit (s, FALSE));
    json_builder_end_object (json);
  }
  runet_json_add_int (json, "outliers", calibration->outliers);
  runet_json_add_int (json, "outliers_as_printed", calibration->outliers_as_printed);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

static int
run (const char *command,
     const char *list_path,
     const RunetCommonOptions *common,
     const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetCalibration) calibration =
      calibrate (command, list_path, common, folder, &error);
  if (calibration == NULL)
    return runet_command_fail (command, error);
  runet_command_warn_skipped (command, calibration->skipped);
  if (calibration->masks == 0) {
    runet_command_warn (command, "%s: expected expert masks, found none", folder);
    return RUNET_EXIT_FAILED;
  }
  if (common->json)
    print_json (calibration);
  else
    print_text (calibration);
  return calibration->skipped->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

int
runet_command_calibrate (int argc, char *argv[]) {
  g_autofree char *list_path = NULL;
  const GOptionEntry entries[] = {
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &list_path,
       "These patients alone, one id a line", "LIST"},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_THREADS, entries, "DATASET",
          "The lowest convexity and simplicity of the experts' own masks, beside the "
          "limits of the anatomical outliers that are in use.",
          &common, &rest, 1, 1))
    return RUNET_EXIT_USAGE;
  int code = run (argv[0], list_path, &common, rest[0]);
  runet_common_options_clear (&common);
  return code;
}
