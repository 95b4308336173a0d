/* `runet import`: masks that were made elsewhere, as another author's version. */
#include "command.h"

#include "core/exchange/import.h"
#include "core/review/journal.h"
#include "core/segmentation/result-cache.h"

typedef struct {
  char *masks, *author, *record; /* (nullable) */
  gboolean accept;
} Options;

static void
print_json (const RunetImport *done) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_int (json, "imported", done->imported);
  runet_json_add_int (json, "unchanged", done->unchanged);
  runet_json_add_int (json, "accepted", done->accepted);
  runet_json_add_elements (json, "problems", done->problems);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

static int
run (const char *command, const Options *options, const char *dataset, gboolean json) {
  g_autoptr (GError) error = NULL;
  if (!g_file_test (dataset, G_FILE_TEST_IS_DIR)) {
    runet_command_warn (command, "%s: expected a data set's folder, found none",
                        dataset);
    return RUNET_EXIT_FAILED;
  }
  g_autofree char *record = options->record != NULL
                                ? g_strdup (options->record)
                                : runet_journal_default_path (dataset);
  g_autofree char *cache = runet_result_cache_get_default_path ();
  g_autofree char *author = g_strstrip (g_strdup (options->author));
  const RunetImportOptions import = {.record = record,
                                     .dataset = dataset,
                                     .masks = options->masks,
                                     .author = author,
                                     .accept = options->accept,
                                     .cache = cache};
  g_autoptr (RunetImport) done =
      runet_import_run (&import, runet_command_progress_cb, (gpointer)command,
                        runet_command_cancellable (), &error);
  if (done == NULL)
    return runet_command_fail (command, error);
  runet_command_progress_end ();
  for (guint i = 0; i < done->problems->len; i++)
    runet_command_warn (command, "%s", (const char *)done->problems->pdata[i]);
  if (json)
    print_json (done);
  else
    g_print ("%u masks imported, %u there already, %u views accepted, %u problems\n",
             done->imported, done->unchanged, done->accepted, done->problems->len);
  return done->problems->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

static gboolean
is_blank (const char *text) {
  g_autofree char *stripped = g_strstrip (g_strdup (text != NULL ? text : ""));
  return *stripped == '\0';
}

int
runet_command_import (int argc, char *argv[]) {
  RunetCommonOptions common;
  Options options = {0};
  const GOptionEntry entries[] = {
      {"masks", 0, 0, G_OPTION_ARG_FILENAME, &options.masks,
       "Where they are (needed), named like patient0001_4CH_ED_gt.nii.gz", "FOLDER"},
      {"author", 0, 0, G_OPTION_ARG_STRING, &options.author,
       "Whose version they become (needed)", "NAME"},
      {"review", 0, 0, G_OPTION_ARG_FILENAME, &options.record,
       "The record, when it is not that of the data set", "RECORD"},
      {"accept", 0, 0, G_OPTION_ARG_NONE, &options.accept,
       "Also accept the views, as this author", NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = NULL;
  int code = RUNET_EXIT_USAGE;
  if (runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries, "DATASET",
          "Takes masks that were made elsewhere into the record, as another author's "
          "version beside the model's. To import the same again adds nothing. The data "
          "set is not changed.",
          &common, &rest, 1, 1)) {
    if (options.masks == NULL || is_blank (options.author))
      runet_command_warn (argv[0], "expected --masks FOLDER and --author NAME");
    else
      code = run (argv[0], &options, rest[0], common.json);
    runet_common_options_clear (&common);
  }
  g_free (options.masks);
  g_free (options.author);
  g_free (options.record);
  return code;
}
