/* Short text on a dark rounded ground: readable on black and on bright speckle alike. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A line of small text in the font of @widget, with figures of one width. */
PangoLayout *
runet_pill_layout_new (GtkWidget *widget, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* In lines that are as wide as @width at most, with the padding. */
void
runet_pill_wrap (PangoLayout *layout, double width);
/* Logical pixels that the pill around @layout takes. */
void
runet_pill_get_size (PangoLayout *layout, double *width, double *height);
/* @edge: (nullable): colour of a thin border. */
void
runet_pill_append (GtkSnapshot *snapshot,
                   PangoLayout *layout,
                   double x,
                   double y,
                   const GdkRGBA *edge);

G_END_DECLS
