/* Gets contours out of the record of a study, or masks into it. */
#include "exchange-dialog.h"

#include <glib/gi18n-lib.h>
#include "exchange-job.h"

#define SHOW_MS 100
#define FORMATS 6

struct _RunetExchangeDialog {
  GtkWindow parent;

  GtkWidget *explanation, *form, *export_form, *import_form;
  GtkWidget *masks, *png, *coco, *csv, *contours, *pdf;
  GtkWidget *own, *unfinished, *author, *accept;
  GtkWidget *folder, *progress, *message;
  GtkWidget *open, *cancel, *start;

  RunetExchangeKind kind;
  char *record, *dataset, *reader;
  char *path; /* (nullable): the folder */
  RunetExportReport report;
  GtkFileChooserNative *chooser;
  GCancellable *cancellable; /* (nullable): while it runs */
  RunetExchangeJob *job; /* (nullable): of the task that runs */
  guint show_id;
  gboolean closing;
  gboolean gone; /* its parts are */
};

G_DEFINE_FINAL_TYPE (RunetExchangeDialog, runet_exchange_dialog, GTK_TYPE_WINDOW)

/* ---- Beside the main thread ---- */

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  RunetExchangeJob *job = data;
  GError *error = NULL;
  char *text = runet_exchange_job_run (job, cancellable, &error);
  if (text)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

/* ---- What is shown ---- */

static RunetExportFormats
get_formats (RunetExchangeDialog *self) {
  GtkWidget *const checks[FORMATS] = {self->masks, self->png,      self->coco,
                                      self->csv,   self->contours, self->pdf};
  RunetExportFormats formats = 0;
  for (guint i = 0; i < FORMATS; i++)
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (checks[i])))
      formats |= 1u << i;
  return formats;
}

static char *
get_author (RunetExchangeDialog *self) {
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->author))));
}

static void
update_cb (RunetExchangeDialog *self) {
  g_autofree char *author = get_author (self);
  const gboolean ready =
      self->kind == RUNET_EXCHANGE_EXPORT ? get_formats (self) != 0 : *author != 0;
  gtk_widget_set_sensitive (self->form, !self->job);
  gtk_widget_set_sensitive (self->start, ready && self->path && !self->job);
  gtk_widget_set_visible (self->progress, self->job != NULL);
}

static void
say (RunetExchangeDialog *self, const char *text) {
  gtk_label_set_text (GTK_LABEL (self->message), text);
  gtk_widget_set_visible (self->message, *text != 0);
}

static gboolean
show_cb (gpointer user_data) {
  RunetExchangeDialog *self = user_data;
  const gint total = g_atomic_int_get (&self->job->total);
  const gint done = g_atomic_int_get (&self->job->done);
  g_autofree char *text = g_strdup_printf ("%d / %d", done, total);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 total > 0 ? (double)done / total : 0);
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->progress), total > 0 ? text : "");
  return G_SOURCE_CONTINUE;
}

static void
finish (RunetExchangeDialog *self, const char *text, const GError *error) {
  self->job = NULL;
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->show_id, g_source_remove);
  update_cb (self);
  if (error)
    say (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                   ? _ ("Cancelled")
                   : error->message);
  else {
    say (self, text);
    gtk_widget_hide (self->form);
    gtk_widget_hide (self->start);
    gtk_button_set_label (GTK_BUTTON (self->cancel), _ ("_Close"));
    gtk_widget_set_visible (self->open, self->kind == RUNET_EXCHANGE_EXPORT);
  }
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetExchangeDialog *self = RUNET_EXCHANGE_DIALOG (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->gone)
    return;
  finish (self, text, error);
  if (self->closing)
    gtk_window_destroy (GTK_WINDOW (self));
}

void
runet_exchange_dialog_start (RunetExchangeDialog *self) {
  g_return_if_fail (RUNET_IS_EXCHANGE_DIALOG (self));
  if (self->job || !self->path)
    return;
  RunetExchangeJob *job = g_new0 (RunetExchangeJob, 1);
  const gboolean own = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->own));
  job->kind = self->kind;
  job->record = g_strdup (self->record);
  job->dataset = g_strdup (self->dataset);
  job->folder = g_strdup (self->path);
  job->formats = get_formats (self);
  job->report = self->report;
  job->unfinished = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->unfinished));
  job->accept = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->accept));
  if (self->kind == RUNET_EXCHANGE_IMPORT)
    job->author = get_author (self);
  else if (own)
    job->author = g_strdup (self->reader);
  self->job = job;
  self->cancellable = g_cancellable_new ();
  self->show_id = g_timeout_add (SHOW_MS, show_cb, self);
  say (self, "");
  /* Before the entry that may have the focus becomes insensitive, which GTK 4.8 takes badly. */
  gtk_widget_grab_focus (self->cancel);
  update_cb (self);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, finished_cb, NULL);
  /* What was done before the cancellation came is told of. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, runet_exchange_job_free);
  g_task_run_in_thread (task, run_in_thread);
}

/* ---- Where ---- */

static void
chosen_cb (GtkNativeDialog *chooser, int response, RunetExchangeDialog *self) {
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
          : NULL;
  g_clear_object (&self->chooser);
  if (file && g_file_peek_path (file))
    runet_exchange_dialog_set_folder (self, g_file_peek_path (file));
}

static void
choose_cb (RunetExchangeDialog *self) {
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      self->kind == RUNET_EXCHANGE_EXPORT ? _ ("Where the Contours Go")
                                          : _ ("Where the Masks Are"),
      GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"),
      _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* A name below @parent that is not taken: nothing of somebody's is written over. */
static char *
free_name (RunetExchangeDialog *self, const char *parent) {
  g_autofree char *study = g_path_get_basename (self->dataset);
  g_autofree char *stem = g_strconcat (study, "-contours", NULL);
  char *path = g_build_filename (parent, stem, NULL);
  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *name = g_strdup_printf ("%s-%u", stem, i);
    g_free (path);
    path = g_build_filename (parent, name, NULL);
  }
  return path;
}

void
runet_exchange_dialog_set_folder (RunetExchangeDialog *self, const char *folder) {
  g_return_if_fail (RUNET_IS_EXCHANGE_DIALOG (self) && folder != NULL);
  g_free (self->path);
  self->path = self->kind == RUNET_EXCHANGE_EXPORT ? free_name (self, folder)
                                                   : g_strdup (folder);
  g_autofree char *name = g_filename_display_name (self->path);
  gtk_label_set_text (GTK_LABEL (self->folder), name);
  gtk_widget_set_tooltip_text (self->folder, name);
  update_cb (self);
}

static void
open_cb (RunetExchangeDialog *self) {
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);
  if (uri)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* ---- The whole ---- */

/* While it runs, to close is to cancel: the window goes when the worker has let go. */
static gboolean
close_request_cb (RunetExchangeDialog *self) {
  if (!self->job)
    return FALSE;
  self->closing = TRUE;
  g_cancellable_cancel (self->cancellable);
  return TRUE;
}

gboolean
runet_exchange_dialog_is_running (RunetExchangeDialog *self) {
  g_return_val_if_fail (RUNET_IS_EXCHANGE_DIALOG (self), FALSE);
  return self->job != NULL;
}

const char *
runet_exchange_dialog_get_message (RunetExchangeDialog *self) {
  g_return_val_if_fail (RUNET_IS_EXCHANGE_DIALOG (self), NULL);
  return gtk_label_get_text (GTK_LABEL (self->message));
}

static void
runet_exchange_dialog_dispose (GObject *object) {
  RunetExchangeDialog *self = RUNET_EXCHANGE_DIALOG (object);
  self->gone = TRUE;
  g_clear_handle_id (&self->show_id, g_source_remove);
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (runet_exchange_dialog_parent_class)->dispose (object);
}

static void
runet_exchange_dialog_finalize (GObject *object) {
  RunetExchangeDialog *self = RUNET_EXCHANGE_DIALOG (object);
  g_clear_object (&self->cancellable);
  g_free (self->record);
  g_free (self->dataset);
  g_free (self->reader);
  g_free (self->path);
  G_OBJECT_CLASS (runet_exchange_dialog_parent_class)->finalize (object);
}

static void
runet_exchange_dialog_class_init (RunetExchangeDialogClass *class) {
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_exchange_dialog_dispose;
  G_OBJECT_CLASS (class)->finalize = runet_exchange_dialog_finalize;
  gtk_widget_class_set_template_from_resource (
      widget, "/org/runet/Review/ui/exchange-dialog.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget, RunetExchangeDialog, name)
  BIND (explanation);
  BIND (form);
  BIND (export_form);
  BIND (import_form);
  BIND (masks);
  BIND (png);
  BIND (coco);
  BIND (csv);
  BIND (contours);
  BIND (pdf);
  BIND (own);
  BIND (unfinished);
  BIND (author);
  BIND (accept);
  BIND (folder);
  BIND (progress);
  BIND (message);
  BIND (open);
  BIND (cancel);
  BIND (start);
#undef BIND
  gtk_widget_class_bind_template_callback (widget, update_cb);
  gtk_widget_class_bind_template_callback (widget, choose_cb);
  gtk_widget_class_bind_template_callback (widget, open_cb);
  gtk_widget_class_bind_template_callback (widget, close_request_cb);
  gtk_widget_class_bind_template_callback (widget, runet_exchange_dialog_start);
  gtk_widget_class_add_binding_action (widget, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
runet_exchange_dialog_init (RunetExchangeDialog *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkWidget *const checks[FORMATS] = {self->masks, self->png,      self->coco,
                                      self->csv,   self->contours, self->pdf};
  for (guint i = 0; i < FORMATS; i++)
    g_signal_connect_object (checks[i], "toggled", G_CALLBACK (update_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
set_words (RunetExchangeDialog *self) {
  const gboolean out = self->kind == RUNET_EXCHANGE_EXPORT;
  gtk_window_set_title (GTK_WINDOW (self),
                        out ? _ ("Export Contours") : _ ("Import Masks"));
  gtk_label_set_text (
      GTK_LABEL (self->explanation),
      out ? _ ("Contours that were accepted, corrected or not, go into a new folder. "
               "Views that were rejected, are disputed or not reviewed are left out.")
          : _ ("Masks made elsewhere become another author’s version of these views, "
               "beside the model’s and yours. Their names are like "
               "patient0001_4CH_ED_gt.nii.gz."));
  gtk_label_set_text (GTK_LABEL (self->folder), _ ("No folder chosen"));
  gtk_button_set_label (GTK_BUTTON (self->start), out ? _ ("_Export") : _ ("_Import"));
  gtk_widget_set_visible (self->export_form, out);
  gtk_widget_set_visible (self->import_form, !out);
}

GtkWidget *
runet_exchange_dialog_new (GtkWindow *parent,
                           RunetExchangeKind kind,
                           const char *record,
                           const char *dataset,
                           const char *author,
                           RunetExportReport report) {
  g_return_val_if_fail (record != NULL && dataset != NULL, NULL);
  RunetExchangeDialog *self =
      g_object_new (RUNET_TYPE_EXCHANGE_DIALOG, "transient-for", parent, NULL);
  self->kind = kind;
  self->record = g_strdup (record);
  self->dataset = g_strdup (dataset);
  self->reader = g_strdup (author);
  self->report = report;
  set_words (self);
  gtk_widget_set_visible (self->own, author != NULL);
  gtk_widget_set_visible (self->pdf, report != NULL);
  if (!report)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->pdf), FALSE);
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  if (kind == RUNET_EXCHANGE_EXPORT)
    runet_exchange_dialog_set_folder (self, documents ? documents : g_get_home_dir ());
  update_cb (self);
  return GTK_WIDGET (self);
}
