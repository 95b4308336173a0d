/* Lays children out one beside the other, and goes on in a row below where there is no room left. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_WRAP_LAYOUT (runet_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (RunetWrapLayout,
                      runet_wrap_layout,
                      RUNET,
                      WRAP_LAYOUT,
                      GtkLayoutManager)

/* @spacing: between children and between rows, in pixels. */
GtkLayoutManager *
runet_wrap_layout_new (int spacing) G_GNUC_WARN_UNUSED_RESULT;
/* Children that would stand in a row below the last of @rows are not shown; 0, at first: there is no last one. */
void
runet_wrap_layout_set_rows (RunetWrapLayout *self, guint rows);

G_END_DECLS
