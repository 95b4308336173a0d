/* A pointer that presses, pulls and scrolls by real events of the X server. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* To (@x, @y) of @widget. */
void
pointer_move (GtkWidget *widget, int x, int y);
/* Buttons 4 and 5 are the wheel. */
void
pointer_button (GtkWidget *widget, guint button, gboolean down);
/* Holds or lets go of a key: GDK_KEY_Shift_L … */
void
pointer_hold (GtkWidget *widget, guint key, gboolean down);

G_END_DECLS
