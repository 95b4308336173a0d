/* The window: a study, its worklist, the viewer and the inspector, and the model that runs over it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_WINDOW (runet_window_get_type ())
G_DECLARE_FINAL_TYPE (RunetWindow, runet_window, RUNET, WINDOW, GtkApplicationWindow)

RunetWindow *
runet_window_new (GtkApplication *application);
/* Lists the data set at @path on another thread, then shows it. */
void
runet_window_open (RunetWindow *self, const char *path);
/* Runs @path from now on; at once when a study is open. */
void
runet_window_set_model (RunetWindow *self, const char *path);
/* Neither shows a study nor is opening one. */
gboolean
runet_window_is_empty (RunetWindow *self);

G_END_DECLS
