/* The divider between the two stages on the canvas. */
#include "swipe-divider.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the parent's width, one press of an arrow; with Shift. */
#define STEP 0.02
#define LARGE_STEP 0.1
#define GRIP_WIDTH 16.0
#define GRIP_HEIGHT 36.0

struct _RunetSwipeDivider {
  GtkWidget parent_instance;
  double position;
  double drag_position; /* when the drag began */
};

G_DEFINE_FINAL_TYPE (RunetSwipeDivider, runet_swipe_divider, GTK_TYPE_WIDGET)

enum { PROP_POSITION = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void
update_accessible (RunetSwipeDivider *self) {
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), 100 * self->position);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->position,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
set_position (RunetSwipeDivider *self, double position) {
  position = CLAMP (position, 0.0, 1.0);
  if (position == self->position)
    return;
  self->position = position;
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, RunetSwipeDivider *self) {
  self->drag_position = self->position;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* The offset is measured on the divider, which moves along with the pointer. */
static void
drag_update_cb (GtkGestureDrag *gesture,
                double dx,
                double dy,
                RunetSwipeDivider *self) {
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  double start_x, start_y, x, y;
  gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);
  gtk_widget_translate_coordinates (GTK_WIDGET (self), parent, start_x + dx,
                                    start_y + dy, &x, &y);
  set_position (self, (x - start_x + RUNET_SWIPE_DIVIDER_WIDTH / 2.0) /
                          MAX (1, gtk_widget_get_width (parent)));
}

static void
drag_cancel_cb (GtkGesture *gesture,
                GdkEventSequence *sequence,
                RunetSwipeDivider *self) {
  set_position (self, self->drag_position);
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint key,
        guint code,
        GdkModifierType state,
        RunetSwipeDivider *self) {
  double step = (state & GDK_SHIFT_MASK) != 0 ? LARGE_STEP : STEP;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    set_position (self, self->position - step);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    set_position (self, self->position + step);
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
    set_position (self, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
    set_position (self, 1);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static void
append_grip (GtkSnapshot *snapshot, const GdkRGBA *color, double x, double y) {
  static const GdkRGBA dark = {0.1f, 0.1f, 0.11f, 1};
  graphene_rect_t grip =
      GRAPHENE_RECT_INIT ((float)(x - GRIP_WIDTH / 2), (float)(y - GRIP_HEIGHT / 2),
                          (float)GRIP_WIDTH, (float)GRIP_HEIGHT);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &grip, (float)GRIP_WIDTH / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, &grip);
  gtk_snapshot_pop (snapshot);
  for (int side = -1; side <= 1; side += 2)
    gtk_snapshot_append_color (
        snapshot, &dark,
        &GRAPHENE_RECT_INIT ((float)(x + 2 * side - 0.5), (float)y - 7, 1, 14));
}

static void
runet_swipe_divider_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  static const GdkRGBA chalk = {0.90f, 0.90f, 0.88f, 1};
  static const GdkRGBA shade = {0, 0, 0, 0.6f};
  static const GdkRGBA focused = {0.36f, 0.66f, 1, 1};
  float height = (float)gtk_widget_get_height (widget);
  float x = (float)gtk_widget_get_width (widget) / 2;
  gboolean focus =
      (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_VISIBLE) != 0;
  const GdkRGBA *color = focus ? &focused : &chalk;
  gtk_snapshot_append_color (snapshot, &shade,
                             &GRAPHENE_RECT_INIT (x - 2, 0, 4, height));
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT (x - 1, 0, 2, height));
  append_grip (snapshot, color, x, round (height / 2));
}

static void
runet_swipe_divider_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? RUNET_SWIPE_DIVIDER_WIDTH
                            : (int)GRIP_HEIGHT;
}

static void
runet_swipe_divider_state_flags_changed (GtkWidget *widget, GtkStateFlags previous) {
  GTK_WIDGET_CLASS (runet_swipe_divider_parent_class)
      ->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static void
runet_swipe_divider_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec) {
  if (id == PROP_POSITION)
    g_value_set_double (value, RUNET_SWIPE_DIVIDER (object)->position);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_swipe_divider_set_property (GObject *object,
                                  guint id,
                                  const GValue *value,
                                  GParamSpec *pspec) {
  if (id == PROP_POSITION)
    set_position (RUNET_SWIPE_DIVIDER (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_swipe_divider_class_init (RunetSwipeDividerClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->get_property = runet_swipe_divider_get_property;
  object_class->set_property = runet_swipe_divider_set_property;
  widget_class->measure = runet_swipe_divider_measure;
  widget_class->snapshot = runet_swipe_divider_snapshot;
  widget_class->state_flags_changed = runet_swipe_divider_state_flags_changed;
  properties[PROP_POSITION] = g_param_spec_double (
      "position", NULL, NULL, 0, 1, 0.5,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_css_name (widget_class, "swipe-divider");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
runet_swipe_divider_init (RunetSwipeDivider *self) {
  GtkWidget *widget = GTK_WIDGET (self);
  self->position = 0.5;
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_cursor_from_name (widget, "ew-resize");
  gtk_widget_set_tooltip_text (
      widget, _ ("Stage 1 on the left, stage 2 on the right: drag, or move with the "
                 "arrow keys"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Divider between stage 1 and stage 2"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
  update_accessible (self);
}

GtkWidget *
runet_swipe_divider_new (void) {
  return g_object_new (RUNET_TYPE_SWIPE_DIVIDER, NULL);
}

double
runet_swipe_divider_get_position (RunetSwipeDivider *self) {
  g_return_val_if_fail (RUNET_IS_SWIPE_DIVIDER (self), 0.5);
  return self->position;
}
