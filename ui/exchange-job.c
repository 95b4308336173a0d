/* An export or an import, as a thread beside the main one does it. */
#include "exchange-job.h"

#include <glib/gi18n-lib.h>
#include "core/exchange/import.h"
#include "core/segmentation/result-cache.h"

/* Of problems; all of them are in the manifest of an export. */
#define MOST_LINES 6

void
runet_exchange_job_free (gpointer data) {
  RunetExchangeJob *job = data;
  g_free (job->record);
  g_free (job->dataset);
  g_free (job->folder);
  g_free (job->author);
  g_free (job);
}

static void
progress_cb (const RunetProgress *progress, gpointer user_data) {
  RunetExchangeJob *job = user_data;
  g_atomic_int_set (&job->total, (gint)progress->total);
  g_atomic_int_set (&job->done, (gint)progress->done);
}

static void
append_problems (GString *text, const GPtrArray *problems) {
  for (guint i = 0; i < MIN (problems->len, MOST_LINES); i++)
    g_string_append_printf (text, "\n%s", (const char *)problems->pdata[i]);
  if (problems->len > MOST_LINES) {
    const guint more = problems->len - MOST_LINES;
    g_autofree char *line = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "… and %u more", "… and %u more", more), more);
    g_string_append_printf (text, "\n%s", line);
  }
}

/* (transfer full) (nullable): what came of it. */
static char *
write_contours (RunetExchangeJob *job, GCancellable *cancellable, GError **error) {
  const RunetExportOptions options = {.record = job->record,
                                      .dataset = job->dataset,
                                      .output = job->folder,
                                      .formats = job->formats,
                                      .author = job->author,
                                      .unfinished = job->unfinished,
                                      .report = job->report};
  g_autoptr (RunetExport) done =
      runet_export_run (&options, progress_cb, job, cancellable, error);
  if (!done)
    return NULL;
  GString *text = g_string_new (NULL);
  g_string_printf (
      text,
      _ ("Views written: %u, frames: %u, files: %u. Views left out: %u; why "
         "is in manifest.json."),
      done->views, done->frames, done->files, done->versions->left_out->len);
  append_problems (text, done->problems);
  return g_string_free (text, FALSE);
}

static char *
read_masks (RunetExchangeJob *job, GCancellable *cancellable, GError **error) {
  g_autofree char *cache = runet_result_cache_get_default_path ();
  const RunetImportOptions options = {.record = job->record,
                                      .dataset = job->dataset,
                                      .masks = job->folder,
                                      .author = job->author,
                                      .accept = job->accept,
                                      .cache = cache};
  g_autoptr (RunetImport) done =
      runet_import_run (&options, progress_cb, job, cancellable, error);
  if (!done)
    return NULL;
  GString *text = g_string_new (NULL);
  g_string_printf (text,
                   _ ("Masks imported: %u, there already: %u. Views accepted: %u."),
                   done->imported, done->unchanged, done->accepted);
  append_problems (text, done->problems);
  return g_string_free (text, FALSE);
}

char *
runet_exchange_job_run (RunetExchangeJob *job,
                        GCancellable *cancellable,
                        GError **error) {
  return job->kind == RUNET_EXCHANGE_EXPORT ? write_contours (job, cancellable, error)
                                            : read_masks (job, cancellable, error);
}
