/* The width that somebody gave one side of two panes. */
#include "pane-width.h"

struct _RunetPaneWidth {
  GtkPaned *paned; /* borrowed */
  GtkPackType side;
  int chosen;
  int position; /* of the divider, as it was put or found last */
  int least, most; /* that the divider can have; @most is 0 before there is any room */
};

/* What the side at the end has when the divider is as far to it as it goes. */
static int
get_least_end (RunetPaneWidth *self) {
  int least = 0;
  gtk_widget_measure (gtk_paned_get_end_child (self->paned), GTK_ORIENTATION_HORIZONTAL,
                      -1, &least, NULL, NULL, NULL);
  return least;
}

/* From the width of the side to the position of the divider, and back. */
static int
turn_round (RunetPaneWidth *self, int length) {
  return self->side == GTK_PACK_START ? length
                                      : self->most + get_least_end (self) - length;
}

/* A divider that moves while its bounds stay was moved by somebody. Where its bounds move, the room did. */
static void
changed_cb (RunetPaneWidth *self) {
  int least, most, position;
  g_object_get (self->paned, "min-position", &least, "max-position", &most, "position",
                &position, NULL);
  if (most <= 0 || most == G_MAXINT)
    return;
  if (least == self->least && most == self->most) {
    if (position == self->position)
      return;
    self->position = position;
    self->chosen = turn_round (self, position);
    return;
  }
  self->least = least;
  self->most = most;
  self->position = MAX (least, MIN (turn_round (self, self->chosen), most));
  gtk_paned_set_position (self->paned, self->position);
}

RunetPaneWidth *
runet_pane_width_new (GtkPaned *paned, GtkPackType side, int width) {
  g_return_val_if_fail (GTK_IS_PANED (paned), NULL);
  RunetPaneWidth *self = g_new0 (RunetPaneWidth, 1);
  self->paned = paned;
  self->side = side;
  self->chosen = width;
  static const char *const signals[] = {"notify::position", "notify::min-position",
                                        "notify::max-position"};
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_swapped (paned, signals[i], G_CALLBACK (changed_cb), self);
  changed_cb (self);
  return self;
}

void
runet_pane_width_free (RunetPaneWidth *self) {
  g_signal_handlers_disconnect_by_data (self->paned, self);
  g_free (self);
}

int
runet_pane_width_get (RunetPaneWidth *self) {
  g_return_val_if_fail (self != NULL, 0);
  return self->chosen;
}
