/* `runet export`: what people decided, as a table, and what they made of the contours, as files. */
#include "command.h"

#include <stdio.h>
#include "core/exchange/export.h"
#include "export-decisions.h"
#ifdef RUNET_HAVE_CAIRO
#include "study-report.h"
#endif

/* A PDF is for people, and takes the longest: it is made when it is asked for. */
#define DEFAULT_FORMATS "masks,csv,contours"

typedef struct {
  char *where; /* record or data set */
  char *output, *formats, *author; /* (nullable) */
  gboolean unfinished, force;
  const char *dataset; /* (nullable) */
  gboolean json;
} Options;

/* ---- Telling ---- */

static char *
describe (const RunetLeftOut *one) {
  g_autofree char *name = runet_subject_display_name (&one->subject);
  return g_strdup_printf ("%s %s: %s", name, runet_view_to_string (one->subject.view),
                          one->why);
}

/* Of a large study most views may not have been looked at: these are counted. */
static void
print_text (const RunetExport *done, const Options *options) {
  const GPtrArray *left_out = done->versions->left_out;
  guint unseen = 0;
  g_print ("%u views, %u frames, %u files in %s\n", done->views, done->frames,
           done->files, options->output);
  for (guint i = 0; i < left_out->len; i++) {
    const RunetLeftOut *one = left_out->pdata[i];
    g_autofree char *text = describe (one);
    if (one->state == NULL)
      unseen++;
    else
      g_print ("left out: %s\n", text);
  }
  if (unseen > 0)
    g_print ("left out: %u views that nobody reviewed\n", unseen);
}

static void
add_left_out (JsonBuilder *json, const GPtrArray *left_out) {
  json_builder_set_member_name (json, "left_out");
  json_builder_begin_array (json);
  for (guint i = 0; i < left_out->len; i++) {
    const RunetLeftOut *one = left_out->pdata[i];
    json_builder_begin_object (json);
    runet_json_add_string (json, "subset", one->subject.subset);
    runet_json_add_string (json, "patient", one->subject.patient);
    runet_json_add_string (json, "view", runet_view_to_string (one->subject.view));
    runet_json_add_string (json, "why", one->why);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static void
print_json (const RunetExport *done, const Options *options) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "output", options->output);
  runet_json_add_int (json, "views", done->views);
  runet_json_add_int (json, "frames", done->frames);
  runet_json_add_int (json, "files", done->files);
  add_left_out (json, done->versions->left_out);
  runet_json_add_elements (json, "problems", done->problems);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

/* ---- Doing ---- */

static int
write_files (const char *command, const Options *options, const char *record) {
  g_autoptr (GError) error = NULL;
  RunetExportOptions export = {.record = record,
                               .dataset = options->dataset,
                               .output = options->output,
                               .author = options->author,
                               .unfinished = options->unfinished,
                               .replace = options->force};
#ifdef RUNET_HAVE_CAIRO
  export.report = runet_study_report_write;
#endif
  if (!runet_export_formats_from_string (options->formats != NULL ? options->formats
                                                                  : DEFAULT_FORMATS,
                                         &export.formats, &error))
    return runet_command_fail (command, error);
  g_autoptr (RunetExport) done =
      runet_export_run (&export, runet_command_progress_cb, (gpointer)command,
                        runet_command_cancellable (), &error);
  if (done == NULL)
    return runet_command_fail (command, error);
  runet_command_progress_end ();
  for (guint i = 0; i < done->problems->len; i++)
    runet_command_warn (command, "%s", (const char *)done->problems->pdata[i]);
  if (options->json)
    print_json (done, options);
  else
    print_text (done, options);
  return done->problems->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

/* @where is a record, or the data set that it is of. */
static int
run (const char *command, Options *options) {
  const gboolean folder = g_file_test (options->where, G_FILE_TEST_IS_DIR);
  /* Nobody remembers the name of the record of a data set. */
  g_autofree char *record =
      folder ? runet_journal_default_path (options->where) : g_strdup (options->where);
  if (options->output == NULL)
    return runet_export_decisions (command, record, options->json);
  if (folder && options->dataset == NULL)
    options->dataset = options->where;
  return write_files (command, options, record);
}

/* FALSE after one line. */
static gboolean
check (const char *command, const Options *options) {
  if (options->where == NULL) {
    runet_command_warn (command, "expected --review RECORD or --review DATASET");
    return FALSE;
  }
  if (options->output != NULL && *options->output != '\0')
    return TRUE;
  if (options->output == NULL && options->formats == NULL && options->author == NULL &&
      !options->unfinished && !options->force && options->dataset == NULL)
    return TRUE;
  runet_command_warn (command, "expected --output FOLDER with a data set, --format, "
                               "--author, --unfinished and --force");
  return FALSE;
}

static void
options_clear (Options *options) {
  g_free (options->where);
  g_free (options->output);
  g_free (options->formats);
  g_free (options->author);
}

int
runet_command_export (int argc, char *argv[]) {
  RunetCommonOptions common;
  Options options = {0};
  const GOptionEntry entries[] = {
      {"review", 0, 0, G_OPTION_ARG_FILENAME, &options.where,
       "The record of reviews, or the data set that it is of", "RECORD|DATASET"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       "Write contours to files in this new folder", "FOLDER"},
      {"format", 'f', 0, G_OPTION_ARG_STRING, &options.formats,
       "Some of masks,png,coco,csv,contours,pdf (" DEFAULT_FORMATS ")", "LIST"},
      {"author", 0, 0, G_OPTION_ARG_STRING, &options.author,
       "This reader's version instead of the one that counts", "NAME"},
      {"unfinished", 0, 0, G_OPTION_ARG_NONE, &options.unfinished,
       "Also edits that were not accepted yet", NULL},
      {"force", 0, 0, G_OPTION_ARG_NONE, &options.force,
       "Replace files of a folder that is already there", NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries, "[DATASET]",
          "Without --output: what people decided in the application, a line of CSV for "
          "each view and reader, or with --json one object with all comments. With "
          "--output: the contours that were accepted, corrected or not, as files; "
          "views "
          "that were rejected, are disputed or not reviewed are left out and told of. "
          "Works while the application has the record open.",
          &common, &rest, 0, 1)) {
    options_clear (&options);
    return RUNET_EXIT_USAGE;
  }
  options.dataset = rest[0];
  options.json = common.json;
  int code = RUNET_EXIT_USAGE;
  if (check (argv[0], &options))
    code = run (argv[0], &options);
  options_clear (&options);
  runet_common_options_clear (&common);
  return code;
}
