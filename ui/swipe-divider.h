/* The divider between the two stages on the canvas: dragged, or moved with the arrow keys. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_SWIPE_DIVIDER (runet_swipe_divider_get_type ())
G_DECLARE_FINAL_TYPE (RunetSwipeDivider,
                      runet_swipe_divider,
                      RUNET,
                      SWIPE_DIVIDER,
                      GtkWidget)

/* Logical pixels it takes across; the line is in the middle. */
#define RUNET_SWIPE_DIVIDER_WIDTH 24

/* Property "position" (double, 0 … 1): where it stands in its parent's width; the parent places it. */
GtkWidget *
runet_swipe_divider_new (void);
double
runet_swipe_divider_get_position (RunetSwipeDivider *self);

G_END_DECLS
