/* The canvas: the widget itself, its properties, its layout, zoom and window. */
#include "canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "wording.h"

#define ZOOM_STEP 1.25
#define MESSAGE_MARGIN 24
#define MESSAGE_WIDTH 460
#define BANNER_TOP 12
#define MINIMUM_SIZE 96
#define NATURAL_SIZE 480

enum {
  PROP_ZOOM = 1,
  PROP_WINDOW_CENTER,
  PROP_WINDOW_WIDTH,
  PROP_SHOW_REGION, /* the five in the order of RunetOverlay */
  PROP_SHOW_STAGE1,
  PROP_SHOW_STAGE2,
  PROP_SHOW_EXPERT,
  PROP_SHOW_CORRECTED,
  PROP_SHOW_MEASURES,
  PROP_SHOW_REASONS,
  PROP_BARE,
  PROP_SHOW_DISAGREEMENT,
  PROP_SWIPE,
  PROP_SIDE_BY_SIDE,
  PROP_FLICKER,
  PROP_SWIPE_POSITION,
  PROP_MAP_OPACITY,
  PROPS
};
static GParamSpec *properties[PROPS];
static guint edit_signals[RUNET_EDIT_SIGNALS];

G_DEFINE_TYPE (RunetCanvas, runet_canvas, GTK_TYPE_WIDGET)

void
runet_canvas_forget_scene (RunetCanvas *canvas) {
  g_clear_pointer (&canvas->scene, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

void
runet_canvas_invalidate (RunetCanvas *canvas) {
  runet_canvas_cache_clear (canvas->cache);
  runet_canvas_forget_scene (canvas);
}

void
runet_canvas_update_accessible (RunetCanvas *canvas) {
  g_autoptr (GString) label = g_string_new (NULL);
  g_autoptr (GString) description =
      g_string_new (gtk_label_get_text (GTK_LABEL (canvas->message)));
  if (canvas->image == NULL)
    g_string_assign (label, _ ("No image"));
  else if (canvas->image->grid->frames == 1)
    g_string_assign (label, _ ("Echocardiogram"));
  else
    g_string_printf (label, _ ("Echocardiogram, frame %u of %u"),
                     (guint)canvas->frame + 1, (guint)canvas->image->grid->frames);
  if (canvas->tag != NULL)
    g_string_append_printf (description, "%s%s", description->len > 0 ? "; " : "",
                            canvas->tag);
  for (guint i = 0;
       runet_canvas_shows_reasons (canvas, NULL) && i < canvas->reasons->len; i++) {
    g_autofree char *text =
        runet_reason_to_brief (&g_array_index (canvas->reasons, RunetReason, i));
    g_string_append_printf (description, "%s%s", description->len > 0 ? "; " : "",
                            text);
  }
  g_autofree char *measures = runet_canvas_describe_measures (canvas);
  if (measures != NULL)
    g_string_append_printf (description, "%s%s", description->len > 0 ? "; " : "",
                            measures);
  /* Whoever walks the points wants to hear this first. */
  g_autofree char *selected = runet_canvas_describe_selected (canvas);
  if (selected != NULL)
    g_string_prepend (description, description->len > 0 ? "; " : "");
  if (selected != NULL)
    g_string_prepend (description, selected);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description->str, -1);
}

void
runet_canvas_style_message (RunetCanvas *canvas) {
  gboolean banner = canvas->image != NULL;
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (banner ? 1.0 : 1.35));
  pango_attr_list_insert (attributes,
                          pango_attr_foreground_new (banner ? 0xf000 : 0xc400,
                                                     banner ? 0xf000 : 0xc800,
                                                     banner ? 0xec00 : 0xcc00));
  gtk_label_set_attributes (GTK_LABEL (canvas->message), attributes);
  pango_attr_list_unref (attributes);
  const char *text = gtk_label_get_text (GTK_LABEL (canvas->message));
  gtk_widget_set_visible (canvas->message, text[0] != '\0');
}

void
runet_canvas_set_overlay_visible (RunetCanvas *canvas,
                                  RunetOverlay overlay,
                                  gboolean visible) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  g_return_if_fail (overlay < RUNET_OVERLAYS);
  visible = !!visible;
  if (canvas->visible[overlay] == visible)
    return;
  canvas->visible[overlay] = visible;
  runet_canvas_update_accessible (canvas);
  runet_canvas_invalidate (canvas);
  g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_SHOW_REGION + overlay]);
}

gboolean
runet_canvas_get_overlay_visible (RunetCanvas *canvas, RunetOverlay overlay) {
  g_return_val_if_fail (RUNET_IS_CANVAS (canvas), FALSE);
  g_return_val_if_fail (overlay < RUNET_OVERLAYS, FALSE);
  return canvas->visible[overlay];
}

void
runet_canvas_set_message (RunetCanvas *canvas, const char *message) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  gtk_label_set_text (GTK_LABEL (canvas->message), message != NULL ? message : "");
  runet_canvas_style_message (canvas);
  runet_canvas_update_accessible (canvas);
  runet_canvas_invalidate (canvas);
}

void
runet_canvas_set_zoom_at (RunetCanvas *canvas, double zoom, double x, double y) {
  double before = canvas->viewport.zoom;
  runet_viewport_zoom_at (&canvas->viewport, zoom, x, y);
  runet_canvas_invalidate (canvas);
  if (canvas->viewport.zoom != before)
    g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_ZOOM]);
}

static void
zoom_at_middle (RunetCanvas *canvas, double zoom) {
  runet_canvas_set_zoom_at (canvas, zoom, canvas->viewport.width / 2,
                            canvas->viewport.height / 2);
}

void
runet_canvas_zoom_in (RunetCanvas *canvas) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  zoom_at_middle (canvas, canvas->viewport.zoom * ZOOM_STEP);
}

void
runet_canvas_zoom_out (RunetCanvas *canvas) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  zoom_at_middle (canvas, canvas->viewport.zoom / ZOOM_STEP);
}

void
runet_canvas_zoom_to_fit (RunetCanvas *canvas) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  double before = canvas->viewport.zoom;
  runet_viewport_fit (&canvas->viewport);
  runet_canvas_invalidate (canvas);
  if (canvas->viewport.zoom != before)
    g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_ZOOM]);
}

void
runet_canvas_set_window (RunetCanvas *canvas, double center, double width) {
  double range = canvas->grey_high - canvas->grey_low;
  center = CLAMP (center, canvas->grey_low - range / 2, canvas->grey_high + range / 2);
  width = CLAMP (width, range / 256, 4 * range);
  if (center == canvas->window_center && width == canvas->window_width)
    return;
  canvas->window_center = center;
  canvas->window_width = width;
  runet_canvas_clear_pictures (canvas);
  runet_canvas_invalidate (canvas);
  g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_WINDOW_CENTER]);
  g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_WINDOW_WIDTH]);
}

void
runet_canvas_emit_edit (RunetCanvas *canvas, RunetEditSignal signal) {
  g_signal_emit (canvas, edit_signals[signal], 0);
}

void
runet_canvas_reset_window (RunetCanvas *canvas) {
  g_return_if_fail (RUNET_IS_CANVAS (canvas));
  runet_canvas_set_window (canvas, (canvas->grey_low + canvas->grey_high) / 2,
                           canvas->grey_high - canvas->grey_low);
}

/* Switching one layout off leaves the other as it is. */
static void
toggle_layout (RunetCanvas *canvas, RunetLayout layout, gboolean on) {
  if (on)
    runet_canvas_set_layout (canvas, layout);
  else if (canvas->layout == layout)
    runet_canvas_set_layout (canvas, RUNET_LAYOUT_SINGLE);
}

static void
set_flag (RunetCanvas *canvas, gboolean *flag, guint id, gboolean on) {
  if (*flag == on)
    return;
  *flag = on;
  runet_canvas_update_accessible (canvas);
  runet_canvas_invalidate (canvas);
  g_object_notify_by_pspec (G_OBJECT (canvas), properties[id]);
}

static void
runet_canvas_set_property (GObject *object,
                           guint id,
                           const GValue *value,
                           GParamSpec *pspec) {
  RunetCanvas *canvas = RUNET_CANVAS (object);
  switch (id) {
  case PROP_ZOOM:
    zoom_at_middle (canvas, g_value_get_double (value));
    break;
  case PROP_WINDOW_CENTER:
    runet_canvas_set_window (canvas, g_value_get_double (value), canvas->window_width);
    break;
  case PROP_WINDOW_WIDTH:
    runet_canvas_set_window (canvas, canvas->window_center, g_value_get_double (value));
    break;
  case PROP_SHOW_REGION:
  case PROP_SHOW_STAGE1:
  case PROP_SHOW_STAGE2:
  case PROP_SHOW_EXPERT:
  case PROP_SHOW_CORRECTED:
    runet_canvas_set_overlay_visible (canvas, (RunetOverlay)(id - PROP_SHOW_REGION),
                                      g_value_get_boolean (value));
    break;
  case PROP_SHOW_MEASURES:
    set_flag (canvas, &canvas->show_measures, id, g_value_get_boolean (value));
    break;
  case PROP_SHOW_REASONS:
    set_flag (canvas, &canvas->show_reasons, id, g_value_get_boolean (value));
    break;
  case PROP_BARE:
    if (canvas->bare == g_value_get_boolean (value))
      break;
    canvas->bare = g_value_get_boolean (value);
    runet_canvas_update_accessible (canvas);
    /* Held for a moment: what is kept of all frames is wanted again. */
    runet_canvas_forget_scene (canvas);
    g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_SHOW_DISAGREEMENT:
    runet_canvas_set_disagreement_shown (canvas, g_value_get_boolean (value));
    break;
  case PROP_SWIPE:
    toggle_layout (canvas, RUNET_LAYOUT_SWIPE, g_value_get_boolean (value));
    break;
  case PROP_SIDE_BY_SIDE:
    toggle_layout (canvas, RUNET_LAYOUT_SIDE_BY_SIDE, g_value_get_boolean (value));
    break;
  case PROP_FLICKER:
    runet_canvas_set_flicker (canvas, g_value_get_boolean (value));
    break;
  case PROP_SWIPE_POSITION:
    g_object_set_property (G_OBJECT (canvas->divider), "position", value);
    break;
  case PROP_MAP_OPACITY:
    runet_canvas_set_map_opacity (canvas, g_value_get_double (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_canvas_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec) {
  RunetCanvas *canvas = RUNET_CANVAS (object);
  switch (id) {
  case PROP_ZOOM:
    g_value_set_double (value, canvas->viewport.zoom);
    break;
  case PROP_WINDOW_CENTER:
    g_value_set_double (value, canvas->window_center);
    break;
  case PROP_WINDOW_WIDTH:
    g_value_set_double (value, canvas->window_width);
    break;
  case PROP_SHOW_REGION:
  case PROP_SHOW_STAGE1:
  case PROP_SHOW_STAGE2:
  case PROP_SHOW_EXPERT:
  case PROP_SHOW_CORRECTED:
    g_value_set_boolean (value, canvas->visible[id - PROP_SHOW_REGION]);
    break;
  case PROP_SHOW_MEASURES:
    g_value_set_boolean (value, canvas->show_measures);
    break;
  case PROP_SHOW_REASONS:
    g_value_set_boolean (value, canvas->show_reasons);
    break;
  case PROP_BARE:
    g_value_set_boolean (value, canvas->bare);
    break;
  case PROP_SHOW_DISAGREEMENT:
    g_value_set_boolean (value, canvas->disagreement_shown);
    break;
  case PROP_SWIPE:
    g_value_set_boolean (value, canvas->layout == RUNET_LAYOUT_SWIPE);
    break;
  case PROP_SIDE_BY_SIDE:
    g_value_set_boolean (value, canvas->layout == RUNET_LAYOUT_SIDE_BY_SIDE);
    break;
  case PROP_FLICKER:
    g_value_set_boolean (value, canvas->flickering);
    break;
  case PROP_SWIPE_POSITION:
    g_object_get_property (G_OBJECT (canvas->divider), "position", value);
    break;
  case PROP_MAP_OPACITY:
    g_value_set_double (value, canvas->map_opacity);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_canvas_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline) {
  RunetCanvas *canvas = RUNET_CANVAS (widget);
  int least = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    gtk_widget_measure (canvas->message, orientation, -1, &least, NULL, NULL, NULL);
  *minimum = MAX (MINIMUM_SIZE, least + 2 * MESSAGE_MARGIN);
  *natural = MAX (NATURAL_SIZE, *minimum);
}

static void
allocate_message (RunetCanvas *canvas, int width, int height) {
  if (!gtk_widget_should_layout (canvas->message))
    return;
  int least, wanted, tall;
  gtk_widget_measure (canvas->message, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wanted,
                      NULL, NULL);
  int label_width =
      MAX (least, MIN (MIN (wanted, MESSAGE_WIDTH), width - 2 * MESSAGE_MARGIN));
  gtk_widget_measure (canvas->message, GTK_ORIENTATION_VERTICAL, label_width, &tall,
                      NULL, NULL, NULL);
  int top = canvas->image != NULL ? BANNER_TOP : MAX (0, (height - tall) / 2);
  gtk_widget_size_allocate (
      canvas->message,
      &(GtkAllocation){(width - label_width) / 2, top, label_width, tall}, -1);
}

static void
allocate_divider (RunetCanvas *canvas, int width, int height) {
  if (!gtk_widget_should_layout (canvas->divider))
    return;
  gtk_widget_measure (canvas->divider, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL,
                      NULL);
  double at =
      width * runet_swipe_divider_get_position (RUNET_SWIPE_DIVIDER (canvas->divider));
  gtk_widget_size_allocate (
      canvas->divider,
      &(GtkAllocation){(int)lrint (at) - RUNET_SWIPE_DIVIDER_WIDTH / 2, 0,
                       RUNET_SWIPE_DIVIDER_WIDTH, height},
      -1);
}

static void
divider_cb (RunetCanvas *canvas) {
  gtk_widget_queue_allocate (GTK_WIDGET (canvas));
  runet_canvas_invalidate (canvas);
  g_object_notify_by_pspec (G_OBJECT (canvas), properties[PROP_SWIPE_POSITION]);
}

static void
runet_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline) {
  RunetCanvas *canvas = RUNET_CANVAS (widget);
  runet_canvas_update_viewport (canvas);
  allocate_message (canvas, width, height);
  allocate_divider (canvas, width, height);
  runet_canvas_invalidate (canvas);
}

/* Fonts and the focus ring follow the theme and the state. */
static void
runet_canvas_css_changed (GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS (runet_canvas_parent_class)->css_changed (widget, change);
  runet_canvas_invalidate (RUNET_CANVAS (widget));
}

static void
runet_canvas_state_flags_changed (GtkWidget *widget, GtkStateFlags previous) {
  const GtkStateFlags now = gtk_widget_get_state_flags (widget);
  RunetCanvas *canvas = RUNET_CANVAS (widget);
  GTK_WIDGET_CLASS (runet_canvas_parent_class)->state_flags_changed (widget, previous);
  if ((now & ~previous & GTK_STATE_FLAG_BACKDROP) != 0)
    runet_canvas_edit_release (canvas);
  if ((now & GTK_STATE_FLAG_FOCUSED) == 0)
    canvas->edit.leaves = FALSE;
  gtk_widget_queue_draw (widget);
}

static void
runet_canvas_dispose (GObject *object) {
  RunetCanvas *canvas = RUNET_CANVAS (object);
  runet_canvas_edit_clear (canvas);
  runet_canvas_clear_pictures (canvas);
  runet_canvas_clear_overlays (canvas);
  g_clear_pointer (&canvas->image, runet_image_unref);
  g_clear_pointer (&canvas->scene, gsk_render_node_unref);
  runet_canvas_cache_clear (canvas->cache);
  g_clear_handle_id (&canvas->flicker_id, g_source_remove);
  g_clear_pointer (&canvas->tag, g_free);
  g_clear_pointer (&canvas->message, gtk_widget_unparent);
  g_clear_pointer (&canvas->divider, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_canvas_parent_class)->dispose (object);
}

static void
runet_canvas_finalize (GObject *object) {
  g_hash_table_unref (RUNET_CANVAS (object)->outlines);
  runet_canvas_cache_free (RUNET_CANVAS (object)->cache);
  G_OBJECT_CLASS (runet_canvas_parent_class)->finalize (object);
}

static void
runet_canvas_class_init (RunetCanvasClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  object_class->set_property = runet_canvas_set_property;
  object_class->get_property = runet_canvas_get_property;
  object_class->dispose = runet_canvas_dispose;
  object_class->finalize = runet_canvas_finalize;
  widget_class->measure = runet_canvas_measure;
  widget_class->size_allocate = runet_canvas_size_allocate;
  widget_class->snapshot = runet_canvas_snapshot;
  widget_class->css_changed = runet_canvas_css_changed;
  widget_class->state_flags_changed = runet_canvas_state_flags_changed;

  properties[PROP_ZOOM] =
      g_param_spec_double ("zoom", NULL, NULL, 1, RUNET_ZOOM_MAX, 1, flags);
  properties[PROP_WINDOW_CENTER] = g_param_spec_double (
      "window-center", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 127.5, flags);
  properties[PROP_WINDOW_WIDTH] = g_param_spec_double (
      "window-width", NULL, NULL, G_MINDOUBLE, G_MAXDOUBLE, 255, flags);
  const char *names[] = {"show-region", "show-stage1", "show-stage2", "show-expert",
                         "show-corrected"};
  for (int i = 0; i < RUNET_OVERLAYS; i++)
    properties[PROP_SHOW_REGION + i] =
        g_param_spec_boolean (names[i], NULL, NULL, TRUE, flags);
  properties[PROP_SHOW_MEASURES] =
      g_param_spec_boolean ("show-measures", NULL, NULL, FALSE, flags);
  properties[PROP_SHOW_REASONS] =
      g_param_spec_boolean ("show-reasons", NULL, NULL, TRUE, flags);
  properties[PROP_BARE] = g_param_spec_boolean ("bare", NULL, NULL, FALSE, flags);
  const char *modes[] = {"show-disagreement", "swipe", "side-by-side", "flicker"};
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    properties[PROP_SHOW_DISAGREEMENT + i] =
        g_param_spec_boolean (modes[i], NULL, NULL, FALSE, flags);
  properties[PROP_SWIPE_POSITION] =
      g_param_spec_double ("swipe-position", NULL, NULL, 0, 1, 0.5, flags);
  properties[PROP_MAP_OPACITY] =
      g_param_spec_double ("map-opacity", NULL, NULL, 0, 1, 0.6, flags);
  g_object_class_install_properties (object_class, PROPS, properties);
  const char *edit_names[RUNET_EDIT_SIGNALS] = {
      "edit-changed", "edit-done", "edit-refused", "edit-selected", "edit-adjusted"};
  for (int i = 0; i < RUNET_EDIT_SIGNALS; i++)
    edit_signals[i] = g_signal_new (edit_names[i], RUNET_TYPE_CANVAS, G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "runet-canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
runet_canvas_init (RunetCanvas *canvas) {
  canvas->outlines = runet_canvas_outlines_new ();
  runet_canvas_edit_init (canvas);
  canvas->cache = runet_canvas_cache_new ();
  canvas->grey_high = 255;
  canvas->window_center = 127.5;
  canvas->window_width = 255;
  canvas->viewport.pixel_width = canvas->viewport.pixel_height = 1;
  runet_viewport_fit (&canvas->viewport);
  for (int i = 0; i < RUNET_OVERLAYS; i++)
    canvas->visible[i] = TRUE;

  canvas->message = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (canvas->message), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (canvas->message), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (canvas->message), GTK_JUSTIFY_CENTER);
  gtk_widget_set_can_target (canvas->message, FALSE);
  gtk_widget_set_parent (canvas->message, GTK_WIDGET (canvas));
  runet_canvas_style_message (canvas);

  canvas->stages = 2;
  canvas->flicker_stage = RUNET_OVERLAY_STAGE2;
  canvas->map_opacity = 0.6;
  canvas->show_reasons = TRUE;
  canvas->divider = runet_swipe_divider_new ();
  gtk_widget_set_child_visible (canvas->divider, FALSE);
  gtk_widget_set_parent (canvas->divider, GTK_WIDGET (canvas));
  g_signal_connect_swapped (canvas->divider, "notify::position",
                            G_CALLBACK (divider_cb), canvas);

  g_signal_connect (canvas, "notify::scale-factor",
                    G_CALLBACK (runet_canvas_invalidate), NULL);
  gtk_widget_set_focusable (GTK_WIDGET (canvas), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (canvas), GTK_OVERFLOW_HIDDEN);
  runet_canvas_add_controllers (canvas);
  runet_canvas_update_accessible (canvas);
}

GtkWidget *
runet_canvas_new (void) {
  return g_object_new (RUNET_TYPE_CANVAS, NULL);
}
