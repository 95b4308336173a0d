/* The report on a printer: the dialog, and the pages as they are asked for. */
#include "report-print.h"

#include <glib/gi18n-lib.h>

typedef struct {
  GtkWindow *window; /* (nullable): a weak pointer */
  RunetReportSource source;
  RunetReportComplain complain;
} Job;

static void
job_free (gpointer data) {
  Job *job = data;
  g_clear_weak_pointer (&job->window);
  g_free (job);
}

/* The window may have been closed while its pages are on their way. */
static gboolean
get_document (Job *job, RunetReportDocument *document) {
  return job->window && job->source (job->window, document);
}

static void
begin_print_cb (GtkPrintOperation *print, GtkPrintContext *context, Job *job) {
  RunetReportDocument document;
  if (get_document (job, &document))
    gtk_print_operation_set_n_pages (print, (int)runet_report_count_pages (&document));
}

static void
draw_page_cb (GtkPrintOperation *print, GtkPrintContext *context, int page, Job *job) {
  RunetReportDocument document;
  if (get_document (job, &document))
    runet_report_draw_page (&document, gtk_print_context_get_cairo_context (context),
                            gtk_print_context_get_width (context),
                            gtk_print_context_get_height (context), (guint)page);
}

static void
done_cb (GtkPrintOperation *print, GtkPrintOperationResult result, Job *job) {
  g_autoptr (GError) error = NULL;
  if (result != GTK_PRINT_OPERATION_RESULT_ERROR || !job->window)
    return;
  gtk_print_operation_get_error (print, &error);
  g_autofree char *message =
      g_strdup_printf (_ ("Printer: expected to print the report, found: %s"),
                       error ? error->message : "");
  job->complain (job->window, message);
}

void
runet_report_print (GtkWindow *window,
                    RunetReportSource source,
                    RunetReportComplain complain) {
  g_return_if_fail (GTK_IS_WINDOW (window) && source && complain);
  g_autoptr (GtkPrintOperation) print = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  Job *job = g_new0 (Job, 1);
  g_set_weak_pointer (&job->window, window);
  job->source = source;
  job->complain = complain;
  g_object_set_data_full (G_OBJECT (print), "runet-job", job, job_free);
  gtk_page_setup_set_paper_size (setup, paper);
  gtk_print_operation_set_default_page_setup (print, setup);
  gtk_print_operation_set_job_name (print, gtk_window_get_title (window));
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  /* The pages have margins of their own. */
  gtk_print_operation_set_use_full_page (print, TRUE);
  gtk_print_operation_set_allow_async (print, TRUE);
  g_signal_connect (print, "begin-print", G_CALLBACK (begin_print_cb), job);
  g_signal_connect (print, "draw-page", G_CALLBACK (draw_page_cb), job);
  g_signal_connect (print, "done", G_CALLBACK (done_cb), job);
  gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, window,
                           NULL);
}
