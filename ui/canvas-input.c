/* What the pointer and the keys do on the canvas: zoom, pan, window/level, read out. */
#include "canvas-private.h"

#include <math.h>

/* Zoom of one notch of the wheel. */
#define WHEEL_STEP 1.15
/* Logical pixels of one press of an arrow. */
#define ARROW_STEP 40.0
/* A drag over this many logical pixels goes through the whole range of grey values. */
#define WINDOW_DRAG 400.0

static void
pan (RunetCanvas *canvas, double dx, double dy) {
  runet_viewport_pan (&canvas->viewport, dx, dy);
  runet_canvas_invalidate (canvas);
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, RunetCanvas *canvas) {
  canvas->hovered = TRUE;
  canvas->pointer_x = runet_canvas_to_pane (canvas, x);
  canvas->pointer_offset = x - canvas->pointer_x;
  canvas->pointer_y = y;
  runet_canvas_edit_hover (
      canvas, canvas->pointer_x, y,
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (motion)));
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

static void
leave_cb (GtkEventControllerMotion *motion, RunetCanvas *canvas) {
  canvas->hovered = FALSE;
  runet_canvas_edit_leave (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

/* A wheel zooms; two fingers on a touchpad pan, and zoom with Ctrl. */
static gboolean
scroll_cb (GtkEventControllerScroll *scroll,
           double dx,
           double dy,
           RunetCanvas *canvas) {
  if (canvas->image == NULL)
    return GDK_EVENT_PROPAGATE;
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  gboolean touchpad =
      gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE;
  if (runet_canvas_edit_scroll (canvas, touchpad ? dy / ARROW_STEP : dy, state))
    return GDK_EVENT_STOP;
  if (touchpad && (state & GDK_CONTROL_MASK) == 0)
    pan (canvas, -dx, -dy);
  else {
    double notches = touchpad ? dy / ARROW_STEP : dy;
    double x = canvas->hovered ? canvas->pointer_x : canvas->viewport.width / 2;
    double y = canvas->hovered ? canvas->pointer_y : canvas->viewport.height / 2;
    runet_canvas_set_zoom_at (canvas,
                              canvas->viewport.zoom * pow (WHEEL_STEP, -notches), x, y);
  }
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, RunetCanvas *canvas) {
  /* The first of two fingers did not mean to edit. */
  runet_canvas_edit_cancel (canvas);
  canvas->pinch_zoom = canvas->viewport.zoom;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, RunetCanvas *canvas) {
  double x, y;
  if (gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    runet_canvas_set_zoom_at (canvas, canvas->pinch_zoom * scale,
                              runet_canvas_to_pane (canvas, x), y);
}

static void
press_cb (GtkGestureClick *click,
          int presses,
          double x,
          double y,
          RunetCanvas *canvas) {
  gtk_widget_grab_focus (GTK_WIDGET (canvas));
  if (presses == 2 &&
      !runet_canvas_edit_hits (canvas, runet_canvas_to_pane (canvas, x), y))
    runet_canvas_zoom_to_fit (canvas);
}

static GdkModifierType
get_state (GtkGestureDrag *gesture) {
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
}

static gboolean
is_touch (GtkGestureDrag *gesture) {
  GdkDevice *device =
      gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));
  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

/* Where the pointer is, in the pane in which the gesture began. */
static void
drag_edit (RunetCanvas *canvas, GtkGestureDrag *gesture, double dx, double dy) {
  double x, y;
  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    runet_canvas_edit_move (canvas, x + dx - canvas->edit.offset_x, y + dy,
                            get_state (gesture));
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, RunetCanvas *canvas) {
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  canvas->drag = RUNET_DRAG_NONE;
  canvas->drag_x = canvas->drag_y = 0;
  if (canvas->image == NULL)
    return;
  const double pane_x = runet_canvas_to_pane (canvas, x);
  if (button == GDK_BUTTON_PRIMARY &&
      runet_canvas_edit_press (canvas, pane_x, y, get_state (gesture),
                               is_touch (gesture))) {
    canvas->edit.offset_x = x - pane_x;
    return;
  }
  if (button == GDK_BUTTON_SECONDARY)
    canvas->drag = RUNET_DRAG_WINDOW;
  else if (canvas->viewport.zoom > 1)
    canvas->drag = RUNET_DRAG_PAN;
  gtk_widget_set_cursor_from_name (
      GTK_WIDGET (canvas), canvas->drag == RUNET_DRAG_PAN ? "grabbing" : "crosshair");
}

/* Right: wider, less contrast. Up: a lower centre, brighter. */
static void
drag_window (RunetCanvas *canvas, double dx, double dy) {
  double step = (canvas->grey_high - canvas->grey_low) / WINDOW_DRAG;
  runet_canvas_set_window (canvas, canvas->window_center + dy * step,
                           canvas->window_width + dx * step);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double x, double y, RunetCanvas *canvas) {
  double dx = x - canvas->drag_x, dy = y - canvas->drag_y;
  canvas->drag_x = x;
  canvas->drag_y = y;
  if (canvas->drag == RUNET_DRAG_PAN)
    pan (canvas, dx, dy);
  else if (canvas->drag == RUNET_DRAG_WINDOW)
    drag_window (canvas, dx, dy);
  else if (canvas->drag == RUNET_DRAG_EDIT)
    drag_edit (canvas, gesture, x, y);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double x, double y, RunetCanvas *canvas) {
  if (canvas->drag == RUNET_DRAG_EDIT)
    runet_canvas_edit_release (canvas);
  canvas->drag = RUNET_DRAG_NONE;
  runet_canvas_edit_update_cursor (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

static void
drag_cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, RunetCanvas *canvas) {
  drag_end_cb (GTK_GESTURE_DRAG (gesture), 0, 0, canvas);
}

/* Arrows pan a zoomed image; otherwise they belong to the timeline. */
static gboolean
key_cb (GtkEventControllerKey *keys,
        guint key,
        guint code,
        GdkModifierType state,
        RunetCanvas *canvas) {
  const GdkModifierType modifiers = GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  if (runet_canvas_edit_key (canvas, key, state) == GDK_EVENT_STOP)
    return GDK_EVENT_STOP;
  if (canvas->image == NULL || canvas->viewport.zoom <= 1 || (state & modifiers) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    pan (canvas, ARROW_STEP, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    pan (canvas, -ARROW_STEP, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    pan (canvas, 0, ARROW_STEP);
    return GDK_EVENT_STOP;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    pan (canvas, 0, -ARROW_STEP);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static void
add_drag (RunetCanvas *canvas) {
  GtkGesture *drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), canvas);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), canvas);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), canvas);
  g_signal_connect (drag, "cancel", G_CALLBACK (drag_cancel_cb), canvas);
  gtk_widget_add_controller (GTK_WIDGET (canvas), GTK_EVENT_CONTROLLER (drag));
}

void
runet_canvas_add_controllers (RunetCanvas *canvas) {
  GtkWidget *widget = GTK_WIDGET (canvas);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), canvas);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), canvas);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), canvas);
  gtk_widget_add_controller (widget, motion);

  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), canvas);
  gtk_widget_add_controller (widget, scroll);

  GtkGesture *pinch = gtk_gesture_zoom_new ();
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), canvas);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), canvas);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));

  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "pressed", G_CALLBACK (press_cb), canvas);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  add_drag (canvas);
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), canvas);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_set_cursor_from_name (widget, "crosshair");
}
