/* The keys of the window that have no entry among the accelerators of the application, and who they belong to. */
#include "window-private.h"

static const struct {
  const char *key;
  const char *action;
} keys[] = {
    {"1", "win.show-stage1"},
    {"r", "win.show-region"},
    {"2", "win.show-stage2"},
    {"e", "win.show-expert"},
    {"m", "win.show-measures"},
    {"a", "win.show-reasons"},
    {"t", "win.both-views"},
    {"l", "win.to-and-fro"},
    {"d", "win.go-ed"},
    {"s", "win.go-es"},
    {"comma", "win.previous-frame"},
    {"period", "win.next-frame"},
    {"space", "win.play"},
    {"n", "win.next-outlier"},
    {"w", "win.swipe"},
    {"b", "win.side-by-side"},
    {"c", "win.show-disagreement"},
    {"<Shift>w", "win.reset-window"},
    {"<Control>period", "win.cancel"},
    {"Return", "win.accept"},
    {"KP_Enter", "win.accept"},
    {"x", "win.reject"},
    {"o", "win.reopen"},
    {"g", "win.flag"},
    {"<Shift>c", "win.comment"},
    {"<Control>z", "win.undo"},
    {"<Control><Shift>z", "win.redo"},
    {"i", "win.edit"},
    {"v", "win.cycle-versions"},
    {"q", "win.tool::points"},
    {"p", "win.tool::push"},
    {"<Shift>r", "win.tool::redraw"},
    {"k", "win.tool::brush"},
    {"j", "win.tool::eraser"},
    {"u", "win.tool::uncertain"},
    {"y", "win.tool::take-stage1"},
    {"<Alt>0", "win.edit-structure::nearest"},
    {"<Alt>1", "win.edit-structure::endo"},
    {"<Alt>2", "win.edit-structure::epi"},
    {"<Alt>3", "win.edit-structure::la"},
    {"<Shift>a", "win.allow-faults"},
    {"<Control>BackSpace", "win.revert"},
    {"<Control>d", "win.copy-next"},
    {"<Control>i", "win.interpolate"},
};

/* Letters belong to whoever is being typed into; the space bar presses the button that has the
 * focus. */
static void
focus_cb (GtkWindow *window, GParamSpec *pspec, GtkEventController *controller) {
  GtkWidget *focus = gtk_window_get_focus (window);
  gboolean typing = focus && (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus));
  gboolean popover = focus && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER);
  gboolean button = focus && (GTK_IS_BUTTON (focus) || GTK_IS_DROP_DOWN (focus) ||
                              GTK_IS_LIST_BOX_ROW (focus) || GTK_IS_LABEL (focus));
  GtkPropagationPhase phase = typing || popover ? GTK_PHASE_NONE
                              : button          ? GTK_PHASE_BUBBLE
                                                : GTK_PHASE_CAPTURE;
  gtk_event_controller_set_propagation_phase (controller, phase);
}

/* Home and End are the list's and the text's first: they come here when nobody took them. */
static void
add_end_keys (RunetWindow *self) {
  GtkEventController *controller = gtk_shortcut_controller_new ();
  static const char *const ends[][2] = {{"Home", "win.first-frame"},
                                        {"End", "win.last-frame"}};
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (ends[i][0]),
                          gtk_named_action_new (ends[i][1])));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* Keys that act as long as they are held, on a property of the canvas. */
static const struct {
  guint key;
  const char *property;
} held_keys[] = {
    {GDK_KEY_f, "flicker"},
    {GDK_KEY_h, "bare"},
};

static gboolean
hold (RunetWindow *self, guint key, gboolean on) {
  RunetCanvas *canvas = runet_viewer_get_canvas (RUNET_VIEWER (self->viewer));
  for (guint i = 0; i < G_N_ELEMENTS (held_keys); i++)
    if (gdk_keyval_to_lower (key) == held_keys[i].key) {
      g_object_set (canvas, held_keys[i].property, on, NULL);
      return TRUE;
    }
  return FALSE;
}

static gboolean
hold_cb (GtkEventControllerKey *controller,
         guint key,
         guint code,
         GdkModifierType state,
         RunetWindow *self) {
  const GdkModifierType modifiers = GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean typing = focus && (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus));
  if ((state & modifiers) != 0 || typing)
    return GDK_EVENT_PROPAGATE;
  return hold (self, key, TRUE) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
release_cb (GtkEventControllerKey *controller,
            guint key,
            guint code,
            GdkModifierType state,
            RunetWindow *self) {
  hold (self, key, FALSE);
}

/* The release of a key goes to the window that has the focus then. */
static void
active_cb (RunetWindow *self) {
  if (gtk_window_is_active (GTK_WINDOW (self)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (held_keys); i++)
    hold (self, held_keys[i].key, FALSE);
}

static void
add_held_key (RunetWindow *self) {
  GtkEventController *controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (hold_cb), self);
  g_signal_connect (controller, "key-released", G_CALLBACK (release_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}

/* ---- Where the focus goes when a menu closes ---- */

static GtkWidget *
get_popover (GtkWidget *focus) {
  return focus ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;
}

/* Where GTK 4.8 puts the focus when it has to be somewhere, and nobody means to type. */
static gboolean
is_makeshift (GtkWidget *focus) {
  GtkWidget *popover = get_popover (focus);
  return !focus || GTK_IS_PANED (focus) ||
         gtk_widget_get_ancestor (focus, GTK_TYPE_MENU_BUTTON) ||
         (popover && !gtk_widget_get_mapped (popover));
}

/* GTK leaves it in a submenu that is no longer there, and with it every key; or on the button of the menu, on the line
 * between two panes, or nowhere. */
static gboolean
return_focus_cb (gpointer user_data) {
  RunetWindow *self = user_data;
  self->focus_id = 0;
  if (!is_makeshift (gtk_window_get_focus (GTK_WINDOW (self))))
    return G_SOURCE_REMOVE;
  gtk_window_set_focus (GTK_WINDOW (self), self->focus_before);
  /* It may take no focus any more. */
  if (get_popover (gtk_window_get_focus (GTK_WINDOW (self))))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkPopover *popover, RunetWindow *self) {
  g_signal_handlers_disconnect_by_func (popover, closed_cb, self);
  if (self->focus_id == 0)
    self->focus_id =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, return_focus_cb, self, NULL);
}

static void
remember_focus_cb (RunetWindow *self) {
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *popover = get_popover (focus);
  if (!popover) {
    if (!is_makeshift (focus))
      g_set_weak_pointer (&self->focus_before, focus);
    return;
  }
  g_signal_handlers_disconnect_by_func (popover, closed_cb, self);
  g_signal_connect_object (popover, "closed", G_CALLBACK (closed_cb), self, 0);
}

void
runet_window_forget_focus (RunetWindow *self) {
  g_signal_handlers_disconnect_by_func (self, remember_focus_cb, NULL);
  g_clear_handle_id (&self->focus_id, g_source_remove);
  g_clear_weak_pointer (&self->focus_before);
}

/* ---- Keys ---- */

static void
add_shortcuts (RunetWindow *self) {
  GtkEventController *controller = gtk_shortcut_controller_new ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *name = NULL;
    g_autoptr (GVariant) target = NULL;
    g_action_parse_detailed_name (keys[i].action, &name, &target, NULL);
    GtkShortcut *shortcut = gtk_shortcut_new (
        gtk_shortcut_trigger_parse_string (keys[i].key), gtk_named_action_new (name));
    gtk_shortcut_set_arguments (shortcut, target);
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          shortcut);
  }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  add_end_keys (self);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_cb), controller);
  focus_cb (GTK_WINDOW (self), NULL, controller);
}

/* A button that is clicked does not take the focus: Enter accepts then as before. */
static void
leave_focus (GtkWidget *widget) {
  if (GTK_IS_BUTTON (widget))
    gtk_widget_set_focus_on_click (widget, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    leave_focus (child);
}

static gboolean
touch_cb (GtkEventControllerLegacy *controller, GdkEvent *event, RunetWindow *self) {
  switch (gdk_event_get_event_type (event)) {
  case GDK_KEY_PRESS:
  case GDK_BUTTON_PRESS:
  case GDK_TOUCH_BEGIN:
  case GDK_SCROLL:
    self->touched = TRUE;
    break;
  default:
    break;
  }
  return GDK_EVENT_PROPAGATE;
}

static void
watch_touches (RunetWindow *self) {
  GtkEventController *controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "event", G_CALLBACK (touch_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
runet_window_add_keys (RunetWindow *self) {
  watch_touches (self);
  leave_focus (GTK_WIDGET (self));
  add_shortcuts (self);
  add_held_key (self);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (remember_focus_cb), NULL);
}
