/* Room for the image while contours are corrected. */
#include "edit-room.h"

/* Of the window, in logical pixels: below these the image would be the least of what is shown. */
#define LOW 860
#define NARROW 1200

struct _RunetEditRoom {
  GtkWidget *viewer;
  RunetLegend *legend;
  RunetTimeline *timeline;
  GdkSurface *surface; /* (nullable): of the window, while there is one */
  gboolean editing;
};

static void
update (RunetEditRoom *self) {
  const gboolean known = self->surface != NULL && self->editing;
  runet_timeline_set_plain (self->timeline,
                            known && gdk_surface_get_height (self->surface) < LOW);
  runet_legend_set_terse (self->legend,
                          known && gdk_surface_get_width (self->surface) < NARROW);
}

static void
unrealize_cb (RunetEditRoom *self) {
  if (self->surface)
    g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->surface);
}

static void
realize_cb (RunetEditRoom *self) {
  unrealize_cb (self);
  g_set_object (&self->surface,
                gtk_native_get_surface (gtk_widget_get_native (self->viewer)));
  g_signal_connect_swapped (self->surface, "notify::width", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->surface, "notify::height", G_CALLBACK (update), self);
  update (self);
}

RunetEditRoom *
runet_edit_room_new (GtkWidget *viewer, RunetLegend *legend, RunetTimeline *timeline) {
  g_return_val_if_fail (GTK_IS_WIDGET (viewer), NULL);
  RunetEditRoom *self = g_new0 (RunetEditRoom, 1);
  self->viewer = viewer;
  self->legend = legend;
  self->timeline = timeline;
  g_signal_connect_swapped (viewer, "realize", G_CALLBACK (realize_cb), self);
  g_signal_connect_swapped (viewer, "unrealize", G_CALLBACK (unrealize_cb), self);
  return self;
}

void
runet_edit_room_free (RunetEditRoom *self) {
  unrealize_cb (self);
  g_signal_handlers_disconnect_by_data (self->viewer, self);
  g_free (self);
}

void
runet_edit_room_set_editing (RunetEditRoom *self, gboolean editing) {
  g_return_if_fail (self != NULL);
  self->editing = editing;
  update (self);
}
