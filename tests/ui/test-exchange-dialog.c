/* The dialog that gets contours out and masks in: beside the main thread, with a word at the end. */
#include <gtk/gtk.h>
#include <unistd.h>

#include "tests/core/exchange-fixture.h"
#include "ui/exchange-dialog.h"
#include "widget-search.h"

static RunetExchangeDialog *
show (const Exchange *study, RunetExchangeKind kind, const char *folder) {
  RunetExchangeDialog *dialog = RUNET_EXCHANGE_DIALOG (runet_exchange_dialog_new (
      NULL, kind, study->record, study->study, EXCHANGE_AUTHOR, NULL));
  gtk_window_present (GTK_WINDOW (dialog));
  runet_exchange_dialog_set_folder (dialog, folder);
  return dialog;
}

static void
wait (RunetExchangeDialog *dialog) {
  while (runet_exchange_dialog_is_running (dialog))
    g_main_context_iteration (NULL, TRUE);
}

static void
close_dialog (RunetExchangeDialog *dialog) {
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  while (dialog)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_export (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, TRUE);
  RunetExchangeDialog *dialog = show (&study, RUNET_EXCHANGE_EXPORT, study.root);
  GtkWidget *start = find_button (GTK_WIDGET (dialog), "Export");
  g_assert_true (gtk_widget_get_sensitive (start));
  g_signal_emit_by_name (start, "clicked");
  g_assert_true (runet_exchange_dialog_is_running (dialog));
  g_assert_false (gtk_widget_get_sensitive (start));
  wait (dialog);
  g_test_message ("%s", runet_exchange_dialog_get_message (dialog));
  g_assert_nonnull (strstr (runet_exchange_dialog_get_message (dialog),
                            "Views written: 1, frames: 2, files: 4."));
  g_autofree char *manifest =
      g_build_filename (study.root, "study-contours", "manifest.json", NULL);
  g_assert_true (g_file_test (manifest, G_FILE_TEST_EXISTS));
  close_dialog (dialog);
  /* The next one goes beside it. */
  RunetExchangeDialog *next = show (&study, RUNET_EXCHANGE_EXPORT, study.root);
  runet_exchange_dialog_start (next);
  wait (next);
  g_autofree char *second =
      g_build_filename (study.root, "study-contours-2", "manifest.json", NULL);
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  close_dialog (next);
}

static void
test_trouble (void) {
  g_auto (Exchange) study = exchange_new (1);
  RunetExchangeDialog *dialog = show (&study, RUNET_EXCHANGE_EXPORT, study.root);
  runet_exchange_dialog_start (dialog);
  wait (dialog);
  g_assert_nonnull (strstr (runet_exchange_dialog_get_message (dialog), "found none"));
  /* One may choose again. */
  g_assert_true (
      gtk_widget_get_sensitive (find_button (GTK_WIDGET (dialog), "Export")));
  close_dialog (dialog);
}

static void
test_import (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autofree char *masks = g_build_filename (study.root, "masks", NULL);
  g_assert_cmpint (g_mkdir (masks, 0755), ==, 0);
  const char *path =
      exchange_patient (&study, 0)->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED];
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *to = g_build_filename (masks, name, NULL);
  g_assert_cmpint (symlink (path, to), ==, 0);
  RunetExchangeDialog *dialog = show (&study, RUNET_EXCHANGE_IMPORT, masks);
  GtkWidget *start = find_button (GTK_WIDGET (dialog), "Import");
  /* Nobody's version it cannot be. */
  g_assert_false (gtk_widget_get_sensitive (start));
  gtk_editable_set_text (GTK_EDITABLE (find_type (GTK_WIDGET (dialog), GTK_TYPE_ENTRY)),
                         " Grace ");
  g_assert_true (gtk_widget_get_sensitive (start));
  g_signal_emit_by_name (start, "clicked");
  wait (dialog);
  g_assert_nonnull (
      strstr (runet_exchange_dialog_get_message (dialog), "Masks imported: 1, "));
  close_dialog (dialog);
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_review_refresh (study.review, &error));
  g_autoptr (GPtrArray) states = runet_review_list_states (study.review);
  g_assert_cmpuint (states->len, ==, 1);
  g_assert_nonnull (runet_review_state_find_reading (states->pdata[0], "Grace"));
}

/* Closed in the middle: it ends as soon as the worker lets go, and nothing is left. */
static void
test_close (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  RunetExchangeDialog *dialog = show (&study, RUNET_EXCHANGE_EXPORT, study.root);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  runet_exchange_dialog_start (dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  while (dialog)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GDir) dir = g_dir_open (study.root, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_null (strstr (name, "partial"));
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/exchange-dialog/export", test_export);
  g_test_add_func ("/ui/exchange-dialog/trouble", test_trouble);
  g_test_add_func ("/ui/exchange-dialog/import", test_import);
  g_test_add_func ("/ui/exchange-dialog/close", test_close);
  return g_test_run ();
}
