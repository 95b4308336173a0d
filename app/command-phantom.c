/* `runet phantom`: synthetic studies in the CAMUS layout. */
#include "command.h"

#include "core/phantom/phantom.h"

#define MAX_PATIENTS 9999

int
runet_command_phantom (int argc, char *argv[]) {
  int patients = 10, seed = 1;
  const GOptionEntry entries[] = {
      {"patients", 'n', 0, G_OPTION_ARG_INT, &patients, "How many (10)", "N"},
      {"seed", 's', 0, G_OPTION_ARG_INT, &seed,
       "The same seed gives the same studies (1)", "S"},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries, "OUT",
          "Writes synthetic apical studies (both views, ED, ES, half sequences, "
          "expert masks) into the folder OUT.",
          &common, &rest, 1, 1))
    return RUNET_EXIT_USAGE;
  if (patients < 1 || patients > MAX_PATIENTS) {
    runet_command_warn (argv[0], "--patients: expected 1 … %d, found %d", MAX_PATIENTS,
                        patients);
    return RUNET_EXIT_USAGE;
  }

  g_autoptr (GError) error = NULL;
  gboolean ok = runet_phantom_write (rest[0], (guint)patients, (guint32)seed,
                                     runet_command_progress_cb, argv[0],
                                     runet_command_cancellable (), &error);
  runet_command_progress_end ();
  if (!ok)
    return runet_command_fail (argv[0], error);
  if (common.json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    runet_json_add_string (builder, "folder", rest[0]);
    runet_json_add_int (builder, "patients", patients);
    runet_json_add_int (builder, "seed", seed);
    json_builder_end_object (builder);
    runet_command_print_json (builder);
  } else
    g_print ("%d synthetic studies in %s\n", patients, rest[0]);
  runet_common_options_clear (&common);
  return RUNET_EXIT_DONE;
}
