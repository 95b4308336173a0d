/* The report of a reviewed study on paper. */
#include "study-report.h"

#include <cairo-pdf.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "study-report-page.h"

/* Accepted views without a change are told of in the table; the others have a page each. */
static gboolean
has_page (const RunetVersion *version) {
  return !version->finished || version->status == RUNET_REVIEW_CORRECTED;
}

static gboolean
draw (RunetPaper *paper,
      RunetVersions *versions,
      GCancellable *cancellable,
      GError **error) {
  runet_study_report_title (paper, versions);
  runet_study_report_patients (paper, versions);
  for (guint i = 0; i < versions->versions->len; i++) {
    const RunetVersion *version = versions->versions->pdata[i];
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (has_page (version))
      runet_study_report_version (paper, versions, version);
  }
  for (guint i = 0; i < versions->left_out->len; i++) {
    const RunetLeftOut *one = versions->left_out->pdata[i];
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (one->state != NULL && one->state->status == RUNET_REVIEW_REJECTED)
      runet_study_report_rejected (paper, one);
  }
  runet_paper_end (paper);
  return TRUE;
}

gboolean
runet_study_report_write (RunetVersions *versions,
                          const char *path,
                          GCancellable *cancellable,
                          GError **error) {
  g_return_val_if_fail (versions != NULL && path != NULL, FALSE);
  /* Page by page into the file: images of a large study would not fit into memory. */
  cairo_surface_t *surface =
      cairo_pdf_surface_create (path, RUNET_PAPER_WIDTH, RUNET_PAPER_HEIGHT);
  g_autofree char *name =
      versions->dataset != NULL
          ? g_filename_display_basename (versions->dataset->path)
          : g_filename_display_basename (runet_journal_get_path (versions->journal));
  RunetPaper paper = {.cr = cairo_create (surface), .title = name};
  const gboolean drawn = draw (&paper, versions, cancellable, error);
  cairo_status_t status = cairo_status (paper.cr);
  cairo_destroy (paper.cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (drawn && status != CAIRO_STATUS_SUCCESS)
    runet_file_error (error, RUNET_ERROR_WRITE, path,
                      "expected to write a PDF, found: %s",
                      cairo_status_to_string (status));
  return drawn && status == CAIRO_STATUS_SUCCESS;
}
