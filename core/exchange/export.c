/* Getting corrected contours out. */
#include "export.h"

#include <string.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "core/review/moved-record.h"
#include "export-private.h"

/* What is written to while the views go by. */
typedef struct {
  const RunetExportOptions *options;
  RunetExport *result;
  RunetExportFolder *folder;
  RunetExportCoco *coco;
  RunetJsonWriter contours;
  RunetFrameReader reader;
} Work;

gboolean
runet_export_formats_from_string (const char *list,
                                  RunetExportFormats *formats,
                                  GError **error) {
  static const char *const names[] = {"masks", "png", "coco", "csv", "contours", "pdf"};
  g_return_val_if_fail (list != NULL && formats != NULL, FALSE);
  /* Of an empty text g_strsplit() makes no words at all. */
  g_auto (GStrv) words = g_strsplit (*list != '\0' ? list : " ", ",", -1);
  *formats = 0;
  for (guint w = 0; words[w] != NULL; w++) {
    guint found = G_N_ELEMENTS (names);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      if (g_str_equal (g_strstrip (words[w]), names[i]))
        found = i;
    if (found == G_N_ELEMENTS (names)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--format: expected masks, png, coco, csv, contours or pdf with "
                   "commas between, found '%s'",
                   words[w]);
      return FALSE;
    }
    *formats |= 1u << found;
  }
  return TRUE;
}

/* ---- One view ---- */

static void
add_problem (Work *work, const RunetSubject *subject, const char *message) {
  g_autofree char *name = runet_subject_display_name (subject);
  g_ptr_array_add (work->result->problems,
                   g_strdup_printf ("%s %s: %s", name,
                                    runet_view_to_string (subject->view), message));
}

static gboolean
write_frame (Work *work,
             RunetVersion *version,
             const RunetExportFrame *frame,
             GError **error) {
  const RunetExportFormats formats = work->options->formats;
  if ((formats & RUNET_EXPORT_MASKS) &&
      !runet_export_masks_add (work->folder, frame, error))
    return FALSE;
  if ((formats & RUNET_EXPORT_PNG) &&
      !runet_export_png_add (work->folder, frame, error))
    return FALSE;
  if (formats & RUNET_EXPORT_COCO)
    runet_export_coco_add (work->coco, frame);
  if (formats & RUNET_EXPORT_CONTOURS)
    runet_export_contours_add (&work->contours, frame);
  if (formats & (RUNET_EXPORT_CSV | RUNET_EXPORT_PDF))
    runet_version_measure (version, frame->frame, frame->labels->grid);
  work->result->frames++;
  return TRUE;
}

/* What cannot be read is a problem of this frame; what cannot be written is the end. */
static gboolean
export_frame (Work *work,
              RunetVersion *version,
              const RunetCorrectedFrame *frame,
              GCancellable *cancellable,
              GError **error) {
  g_autoptr (GError) local = NULL;
  g_auto (RunetExportFrame) one = {0};
  if (runet_export_frame_init (&one, work->result->versions, version, frame,
                               &work->reader, cancellable, &local))
    return write_frame (work, version, &one, error);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  add_problem (work, &version->subject, local->message);
  return TRUE;
}

static gboolean
export_version (Work *work,
                RunetVersion *version,
                const GPtrArray *frames,
                GCancellable *cancellable,
                GError **error) {
  const guint before = work->result->frames;
  if (work->options->dataset != NULL && version->patient == NULL)
    add_problem (work, &version->subject,
                 "not in the data set: exported as the record knows it");
  if (work->options->formats & RUNET_EXPORT_CONTOURS)
    runet_export_contours_begin_version (&work->contours, version);
  for (guint i = 0; i < frames->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !export_frame (work, version, frames->pdata[i], cancellable, error))
      return FALSE;
  if (work->options->formats & RUNET_EXPORT_CONTOURS)
    runet_export_contours_end_version (&work->contours);
  work->result->views += work->result->frames > before;
  return TRUE;
}

static gboolean
export_views (Work *work,
              RunetProgressFunc progress,
              gpointer user_data,
              GCancellable *cancellable,
              GError **error) {
  RunetVersions *versions = work->result->versions;
  for (guint i = 0; i < versions->versions->len; i++) {
    RunetVersion *version = versions->versions->pdata[i];
    g_autofree char *name = runet_subject_display_name (&version->subject);
    const RunetProgress now = {i, versions->versions->len, -1, name};
    if (progress != NULL)
      progress (&now, user_data);
    g_autoptr (GError) local = NULL;
    g_autoptr (GPtrArray) frames =
        runet_versions_read_frames (versions, version, &local);
    if (frames == NULL)
      add_problem (work, &version->subject, local->message);
    else if (!export_version (work, version, frames, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- The whole ---- */

static gboolean
write_report (Work *work, GCancellable *cancellable, GError **error) {
  g_autofree char *path = runet_export_folder_place (work->folder, "report.pdf", error);
  return path != NULL &&
         work->options->report (work->result->versions, path, cancellable, error);
}

static gboolean
finish (Work *work, GCancellable *cancellable, GError **error) {
  const RunetExportFormats formats = work->options->formats;
  if ((formats & RUNET_EXPORT_COCO) &&
      !runet_export_coco_write (work->coco, work->folder, error))
    return FALSE;
  if ((formats & RUNET_EXPORT_CONTOURS) &&
      !runet_export_contours_write (&work->contours, work->folder, error))
    return FALSE;
  if ((formats & RUNET_EXPORT_CSV) &&
      !runet_export_csv_write (work->folder, work->result->versions, error))
    return FALSE;
  if ((formats & RUNET_EXPORT_PDF) && !write_report (work, cancellable, error))
    return FALSE;
  return runet_export_manifest_write (work->folder, work->options, work->result,
                                      cancellable, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         runet_export_folder_commit (work->folder, RUNET_EXPORT_MANIFEST, error);
}

/* @dataset: a folder that is never written to. */
static gboolean
check_place (const RunetExportOptions *options, const char *dataset, GError **error) {
  if (!runet_path_is_inside (options->output, dataset) &&
      !runet_path_is_inside (dataset, options->output))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, options->output,
                    "expected a folder neither inside nor around the data set %s, "
                    "which is never written to",
                    dataset);
  return FALSE;
}

static gboolean
check_options (const RunetExportOptions *options, GError **error) {
  if ((options->formats & RUNET_EXPORT_PDF) && options->report == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "expected a program that can draw for a PDF, found one that was built "
                 "without cairo");
    return FALSE;
  }
  return options->dataset == NULL || check_place (options, options->dataset, error);
}

static gboolean
check_found (const RunetVersions *versions, GError **error) {
  if (versions->versions->len > 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
               "%s: expected accepted or corrected views, found none (%u left out)",
               runet_journal_get_path (versions->journal), versions->left_out->len);
  return FALSE;
}

static RunetVersions *
open_versions (const RunetExportOptions *options,
               GCancellable *cancellable,
               GError **error) {
  g_autoptr (RunetDataset) dataset = NULL;
  if (options->dataset != NULL) {
    dataset = runet_dataset_open (options->dataset, cancellable, error);
    if (dataset == NULL)
      return NULL;
  }
  g_autoptr (RunetVersions) versions = runet_versions_new (
      options->record, dataset, options->author, options->unfinished, error);
  if (versions == NULL || !check_found (versions, error))
    return NULL;
  /* Whoever names no data set still has one, which the record remembers. */
  g_autofree char *known = runet_journal_read_dataset (versions->journal);
  if (known != NULL && g_file_test (known, G_FILE_TEST_IS_DIR) &&
      !check_place (options, known, error))
    return NULL;
  return g_steal_pointer (&versions);
}

RunetExport *
runet_export_run (const RunetExportOptions *options,
                  RunetProgressFunc progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error) {
  g_return_val_if_fail (options != NULL && options->record != NULL, NULL);
  g_return_val_if_fail (options->output != NULL && options->formats != 0, NULL);
  if (!check_options (options, error))
    return NULL;
  g_autoptr (RunetExport) self = g_new0 (RunetExport, 1);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->versions = open_versions (options, cancellable, error);
  g_autoptr (RunetExportFolder) folder =
      self->versions != NULL
          ? runet_export_folder_new (options->output, options->replace, error)
          : NULL;
  if (folder == NULL)
    return NULL;
  g_autoptr (GString) contours = g_string_new (NULL);
  g_auto (RunetExportCoco) coco;
  runet_export_coco_init (&coco);
  Work work = {options, self, folder, &coco, {contours, FALSE}, {0}};
  runet_export_contours_begin (&work.contours, self->versions);
  const gboolean done = export_views (&work, progress, user_data, cancellable, error) &&
                        finish (&work, cancellable, error);
  runet_frame_reader_clear (&work.reader);
  return done ? g_steal_pointer (&self) : NULL;
}

void
runet_export_free (RunetExport *self) {
  if (self == NULL)
    return;
  g_clear_pointer (&self->versions, runet_versions_free);
  g_ptr_array_unref (self->problems);
  g_free (self);
}
