/* A tour: a few words beside one part of the window after the other. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_TOUR (runet_tour_get_type ())
G_DECLARE_FINAL_TYPE (RunetTour, runet_tour, RUNET, TOUR, GtkPopover)

/* @window: (transfer none): whose parts are shown; the tour is its child until it is closed.
 * Signal "ended": closed, after the last step or before. */
RunetTour *
runet_tour_new (GtkWidget *window);
/* @target: (transfer none): passed over when it is not shown. @side: of it, where the words stand. */
void
runet_tour_add_step (RunetTour *self,
                     GtkWidget *target,
                     GtkPositionType side,
                     const char *title,
                     const char *text);
/* From the first step. Enter goes on, Shift+Enter back, Escape ends it. */
void
runet_tour_start (RunetTour *self);
/* 0-based; -1 before the start and after the end. */
int
runet_tour_get_step (RunetTour *self);
/* By @by steps; past the last one it ends. */
void
runet_tour_move (RunetTour *self, int by);
void
runet_tour_end (RunetTour *self);

G_END_DECLS
