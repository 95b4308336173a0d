/* The scale of false colours: from blue by rose to yellow, ever lighter, in steps that look equal. Who
 * tells no red from green still sees blue turn to yellow and dark to light. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_COLOR_STEPS 256

/* @position: 0 … 1 from end to end; what is outside is taken to its end, NaN to the lower one. */
GdkRGBA
runet_color_scale_get (double position);

/**
 * runet_color_scale_snapshot:
 * @title: what is measured, with its unit
 * @low, @high: what stands at the ends
 * @right, @top: the corner that the legend hangs from
 * @widget: whose font is used
 *
 * A bar of the scale on a dark ground. Returns the room that it takes.
 */
graphene_rect_t
runet_color_scale_snapshot (const char *title,
                            const char *low,
                            const char *high,
                            double right,
                            double top,
                            GtkWidget *widget,
                            GtkSnapshot *snapshot);

G_END_DECLS
