/* The still of a view on the canvas while its sequence is being read. */
#include "first-look.h"

static void
read_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  const RunetViewFiles *files = runet_case_get_files (data);
  RunetInstant instant =
      files->still[RUNET_INSTANT_ED] ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
  g_autoptr (GError) error = NULL;
  RunetImage *image = runet_view_read_still (files, instant, cancellable, &error);
  if (image)
    g_task_return_pointer (task, image, (GDestroyNotify)runet_image_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
show_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr (RunetImage) image = g_task_propagate_pointer (G_TASK (result), NULL);
  if (image)
    runet_canvas_set_image (RUNET_CANVAS (source), image);
}

void
runet_first_look_start (RunetCase *item,
                        RunetCanvas *canvas,
                        GCancellable *cancellable) {
  g_return_if_fail (RUNET_IS_CASE (item) && RUNET_IS_CANVAS (canvas));
  const RunetViewFiles *files = runet_case_get_files (item);
  if (!files->sequence ||
      (!files->still[RUNET_INSTANT_ED] && !files->still[RUNET_INSTANT_ES]))
    return;
  g_autoptr (GTask) task = g_task_new (canvas, cancellable, show_cb, NULL);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);
  g_task_run_in_thread (task, read_in_thread);
}
