/* The control points of what is edited, as a list: for the keyboard and for who cannot see the image. */
#pragma once

#include <gtk/gtk.h>
#include "core/editing/editor.h"

G_BEGIN_DECLS

#define RUNET_TYPE_POINT_LIST (runet_point_list_get_type ())
G_DECLARE_FINAL_TYPE (RunetPointList, runet_point_list, RUNET, POINT_LIST, GtkWidget)

/* Signal "selected": a row was chosen, and its point is selected in the editor. */
GtkWidget *
runet_point_list_new (void);
/* @editor: (nullable): borrowed until it is exchanged. */
void
runet_point_list_set_editor (RunetPointList *self, RunetEditor *editor);
/* Its points, or which of them is selected, are new. */
void
runet_point_list_refresh (RunetPointList *self);

G_END_DECLS
