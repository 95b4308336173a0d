/* Synthetic studies made from within the window. */
#include "window-phantom.h"

#include <glib/gi18n.h>
#include "core/phantom/phantom.h"
#include "window-private.h"

/* Enough to see easy and hard ones (every fifth). */
#define PATIENTS 10
#define SEED 2019

static void
make_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  GError *error = NULL;
  if (runet_phantom_write (data, PATIENTS, SEED, NULL, NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetWindow *self = RUNET_WINDOW (source);
  g_autoptr (GError) error = NULL;
  gboolean made = g_task_propagate_boolean (G_TASK (result), &error);
  if (g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;
  gtk_widget_set_visible (self->spinner, FALSE);
  g_clear_object (&self->listing);
  if (made)
    runet_window_open (self, g_task_get_task_data (G_TASK (result)));
  else
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), error->message);
}

/* A name that is not taken: nothing of somebody's is written over. */
static char *
free_name (const char *parent) {
  char *path = g_build_filename (parent, "synthetic-studies", NULL);
  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *name = g_strdup_printf ("synthetic-studies-%u", i);
    g_free (path);
    path = g_build_filename (parent, name, NULL);
  }
  return path;
}

void
runet_window_make_phantoms (RunetWindow *self, const char *parent) {
  g_return_if_fail (RUNET_IS_WINDOW (self) && parent != NULL);

  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  self->listing = g_cancellable_new ();
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), TRUE);
  runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems),
                         _ ("Making ten synthetic studies …"));
  g_autoptr (GTask) task = g_task_new (self, self->listing, made_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, free_name (parent), g_free);
  g_task_run_in_thread (task, make_in_thread);
}
