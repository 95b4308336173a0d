/* What is said and asked of the record of a study. */
#include "window-record.h"

#include <glib/gi18n.h>
#include "core/review/journal-salvage.h"
#include "core/review/moved-record.h"
#include "window-private.h"

/* What a question is about, kept with its dialog. */
typedef struct {
  RunetWindow *window; /* which outlives its dialogs */
  RunetDataset *dataset;
  char *path; /* of the record of the study */
  char *other; /* (nullable): of the one to take over */
} Question;

static void
question_free (gpointer data) {
  Question *question = data;
  g_clear_pointer (&question->dataset, runet_dataset_unref);
  g_free (question->path);
  g_free (question->other);
  g_free (question);
}

static void
say (RunetWindow *window, const char *message) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (window->problems), message);
}

void
runet_window_record_say_notice (RunetWindow *window, RunetReview *record) {
  g_autofree char *notice =
      runet_journal_take_notice (runet_review_get_journal (record));
  if (notice)
    say (window, notice);
}

/* @answer_cb: of the dialog's "response"; GTK_RESPONSE_ACCEPT for @yes. Takes @question. */
static void
ask (Question *question,
     const char *title,
     const char *text,
     const char *no,
     const char *yes,
     GCallback answer_cb) {
  GtkWidget *dialog = gtk_message_dialog_new (
      GTK_WINDOW (question->window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", title);
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", text);
  gtk_window_set_title (GTK_WINDOW (dialog), _ ("Record of the Review"));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), no, GTK_RESPONSE_REJECT, yes,
                          GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_object_set_data_full (G_OBJECT (dialog), "question", question, question_free);
  g_signal_connect (dialog, "response", answer_cb, question);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- The data set was moved ---- */

static void
moved_answer_cb (GtkDialog *dialog, int response, Question *question) {
  g_autoptr (GError) error = NULL;
  /* The window looks for what is new in the record by itself. */
  g_autoptr (RunetJournal) journal =
      response == GTK_RESPONSE_ACCEPT
          ? runet_journal_open (question->path, RUNET_JOURNAL_WRITE, &error)
          : NULL;
  if (journal)
    runet_journal_adopt (journal, question->other, &error);
  if (error)
    say (question->window, error->message);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
ask_moved (RunetWindow *window, const char *path, const RunetMovedRecord *moved) {
  Question *question = g_new0 (Question, 1);
  question->window = window;
  question->path = g_strdup (path);
  question->other = g_strdup (moved->path);
  g_autofree char *place = g_filename_display_name (moved->dataset);
  g_autofree char *day = moved->last ? g_date_time_format (moved->last, "%x") : NULL;
  const guint count = (guint)moved->events;
  g_autofree char *text = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "When they were in %s, %u entry was made in their record, on %s. That "
          "record stays as it is.",
          "When they were in %s, %u entries were made in their record, the last "
          "on %s. That record stays as it is.",
          count),
      place, count, day ? day : "?");
  ask (question,
       _ ("These studies were reviewed before, in another folder. Take their record "
          "over?"),
       text, _ ("_Start Anew"), _ ("_Take Over"), G_CALLBACK (moved_answer_cb));
}

void
runet_window_record_know_dataset (RunetWindow *window,
                                  RunetReview *record,
                                  const RunetDataset *dataset) {
  g_autoptr (GError) error = NULL;
  RunetJournal *journal = runet_review_get_journal (record);
  if (!runet_journal_note_dataset (journal, dataset->path, dataset, &error))
    say (window, error->message);
  if (runet_review_count_events (record) > 0)
    return;
  g_autoptr (GPtrArray) moved = runet_moved_records_find (dataset->path, dataset);
  if (moved->len > 0)
    ask_moved (window, runet_journal_get_path (journal), moved->pdata[0]);
}

/* ---- The record is damaged ---- */

static void
repair (Question *question) {
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  guint saved, lost;
  RunetWindow *window = question->window;
  if (!runet_journal_repair (question->path, &kept, &saved, &lost, &error)) {
    say (window, error->message);
    return;
  }
  runet_window_review_open (window->review, question->dataset);
  g_autofree char *message =
      g_strdup_printf (_ ("Entries saved: %u, lost: at least %u. The damaged "
                          "record is kept as %s"),
                       saved, lost, kept);
  say (window, message);
}

static void
repair_answer_cb (GtkDialog *dialog, int response, Question *question) {
  /* The study may be another one by now. */
  if (response == GTK_RESPONSE_ACCEPT &&
      g_strcmp0 (question->window->path, question->dataset->path) == 0)
    repair (question);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

void
runet_window_record_offer_repair (RunetWindow *window,
                                  const char *path,
                                  RunetDataset *dataset) {
  Question *question = g_new0 (Question, 1);
  question->window = window;
  question->dataset = runet_dataset_ref (dataset);
  question->path = g_strdup (path);
  ask (question,
       _ ("The record of these studies is damaged. Go on with what can be read of it?"),
       _ ("The damaged record is kept. Without it nothing can be decided on these "
          "studies."),
       _ ("_Leave It"), _ ("_Save What Can Be Read"), G_CALLBACK (repair_answer_cb));
}
