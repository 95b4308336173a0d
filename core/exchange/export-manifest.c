/* What an export consists of: its files with their hashes, what is not in it, and why. */
#include "export-private.h"

static void
add_files (RunetJsonWriter *json, const GPtrArray *files) {
  runet_json_writer_begin_array (json, "files");
  for (guint i = 0; i < files->len; i++) {
    const RunetExportedFile *file = files->pdata[i];
    runet_json_writer_break (json);
    runet_json_writer_begin_object (json, NULL);
    runet_json_writer_add_string (json, "name", file->name);
    runet_json_writer_add_int (json, "bytes", (gint64)file->bytes);
    runet_json_writer_add_string (json, "sha256", file->sha256);
    runet_json_writer_end_object (json);
  }
  runet_json_writer_end_array (json);
  runet_json_writer_break (json);
}

static void
add_left_out (RunetJsonWriter *json, const GPtrArray *left_out) {
  runet_json_writer_begin_array (json, "left_out");
  for (guint i = 0; i < left_out->len; i++) {
    const RunetLeftOut *one = left_out->pdata[i];
    runet_json_writer_break (json);
    runet_json_writer_begin_object (json, NULL);
    runet_json_writer_add_string (json, "subset", one->subject.subset);
    runet_json_writer_add_string (json, "patient", one->subject.patient);
    runet_json_writer_add_string (json, "view",
                                  runet_view_to_string (one->subject.view));
    runet_json_writer_add_string (json, "why", one->why);
    runet_json_writer_end_object (json);
  }
  runet_json_writer_end_array (json);
  runet_json_writer_break (json);
}

static void
add_problems (RunetJsonWriter *json, const GPtrArray *problems) {
  runet_json_writer_begin_array (json, "problems");
  for (guint i = 0; i < problems->len; i++)
    runet_json_writer_add_string (json, NULL, problems->pdata[i]);
  runet_json_writer_end_array (json);
}

gboolean
runet_export_manifest_write (RunetExportFolder *folder,
                             const RunetExportOptions *options,
                             RunetExport *result,
                             GCancellable *cancellable,
                             GError **error) {
  g_autoptr (GPtrArray) files = runet_export_folder_list (folder, cancellable, error);
  if (files == NULL)
    return FALSE;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = runet_time_to_string (now);
  RunetJsonWriter json = {text, FALSE};
  runet_json_writer_begin_object (&json, NULL);
  runet_json_writer_add_string (&json, "program", "RU-Net Review " RUNET_VERSION);
  runet_json_writer_add_string (&json, "purpose",
                                "research only; not for diagnosis or treatment");
  runet_json_writer_add_string (&json, "time", time);
  runet_json_writer_add_string (&json, "dataset", options->dataset);
  runet_json_writer_add_string (&json, "record", options->record);
  runet_json_writer_add_int (&json, "record_events", result->versions->events);
  runet_json_writer_add_string (&json, "author", options->author);
  runet_json_writer_add_boolean (&json, "unfinished", options->unfinished);
  runet_json_writer_add_int (&json, "views", result->views);
  runet_json_writer_add_int (&json, "frames", result->frames);
  runet_json_writer_break (&json);
  add_files (&json, files);
  add_left_out (&json, result->versions->left_out);
  add_problems (&json, result->problems);
  runet_json_writer_end_object (&json);
  g_string_append_c (text, '\n');
  result->files = files->len;
  return runet_export_folder_write (folder, RUNET_EXPORT_MANIFEST, text->str, text->len,
                                    error);
}
