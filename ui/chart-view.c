/* A chart on the screen. */
#include "chart-view.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "chart-layout.h"
#include "pill.h"

/* Pixels from the middle of a point within which it is meant. */
#define REACH 14.0
#define RING_RADIUS 7.5
#define MINIMUM_WIDTH 260
#define MINIMUM_HEIGHT 220
#define NATURAL_WIDTH 420
#define NATURAL_HEIGHT 320

struct _RunetChartView {
  GtkWidget parent;

  RunetChart *chart;
  PangoContext *context;
  guint *order; /* indices of the points from left to right */
  int hovered, chosen; /* indices; -1: none */
};

G_DEFINE_FINAL_TYPE (RunetChartView, runet_chart_view, GTK_TYPE_WIDGET)

static guint point_activated_signal, point_opened_signal;

static const RunetChartPoint *
get_point (RunetChartView *self, int index) {
  if (!self->chart || index < 0 || (guint)index >= self->chart->points->len)
    return NULL;
  return &g_array_index (self->chart->points, RunetChartPoint, (guint)index);
}

static RunetChartLayout
lay_out (RunetChartView *self) {
  const RunetChartTheme theme = runet_chart_theme_of_widget (GTK_WIDGET (self));
  return runet_chart_lay_out (self->chart, self->context,
                              gtk_widget_get_width (GTK_WIDGET (self)),
                              gtk_widget_get_height (GTK_WIDGET (self)), &theme);
}

gboolean
runet_chart_view_locate_point (RunetChartView *self,
                               guint point,
                               double *x,
                               double *y) {
  g_return_val_if_fail (RUNET_IS_CHART_VIEW (self), FALSE);
  const RunetChartPoint *found = get_point (self, (int)point);
  if (!found)
    return FALSE;
  const RunetChartLayout layout = lay_out (self);
  *x = runet_chart_layout_get_x (&layout, found->x);
  *y = runet_chart_layout_get_y (&layout, found->y);
  return TRUE;
}

int
runet_chart_view_find_point (RunetChartView *self, double x, double y) {
  g_return_val_if_fail (RUNET_IS_CHART_VIEW (self), -1);
  if (!self->chart || self->chart->points->len == 0)
    return -1;
  const RunetChartLayout layout = lay_out (self);
  double nearest = REACH;
  int found = -1;
  for (guint i = 0; i < self->chart->points->len; i++) {
    const RunetChartPoint *point =
        &g_array_index (self->chart->points, RunetChartPoint, i);
    const double distance = hypot (runet_chart_layout_get_x (&layout, point->x) - x,
                                   runet_chart_layout_get_y (&layout, point->y) - y);
    /* Of two in one place the one drawn last, which lies on top. */
    if (distance <= nearest) {
      nearest = distance;
      found = (int)i;
    }
  }
  return found;
}

/* ---- For who does not see it ---- */

static void
update_accessible (RunetChartView *self) {
  const RunetChartPoint *point = get_point (self, self->chosen);
  const char *summary =
      self->chart && self->chart->summary ? self->chart->summary : _ ("No chart");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  summary, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  point ? point->text : "", -1);
}

static void
choose (RunetChartView *self, int index) {
  if (self->chosen == index)
    return;
  self->chosen = index;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
}

static void
hover (RunetChartView *self, int index) {
  if (self->hovered == index)
    return;
  self->hovered = index;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), index >= 0 ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- The chart ---- */

static int
compare_places (gconstpointer a, gconstpointer b, gpointer user_data) {
  const GArray *points = user_data;
  const RunetChartPoint *first =
      &g_array_index (points, RunetChartPoint, *(const guint *)a);
  const RunetChartPoint *second =
      &g_array_index (points, RunetChartPoint, *(const guint *)b);
  if (first->x != second->x)
    return first->x < second->x ? -1 : 1;
  return (first->y > second->y) - (first->y < second->y);
}

static void
sort_points (RunetChartView *self) {
  g_clear_pointer (&self->order, g_free);
  if (!self->chart)
    return;
  const guint count = self->chart->points->len;
  self->order = g_new (guint, MAX (count, 1));
  for (guint i = 0; i < count; i++)
    self->order[i] = i;
  g_qsort_with_data (self->order, (int)count, sizeof (guint), compare_places,
                     self->chart->points);
}

/* The point of @chart that is the same thing as @point. */
static int
find_same (const RunetChart *chart, const RunetChartPoint *point) {
  for (guint i = 0; chart && point && i < chart->points->len; i++) {
    const RunetChartPoint *one = &g_array_index (chart->points, RunetChartPoint, i);
    if (one->item == point->item && one->series == point->series &&
        fabs (one->x - point->x) < 1)
      return (int)i;
  }
  return -1;
}

void
runet_chart_view_set_chart (RunetChartView *self, RunetChart *chart) {
  g_return_if_fail (RUNET_IS_CHART_VIEW (self));
  const int chosen = find_same (chart, get_point (self, self->chosen));
  g_autoptr (RunetChart) previous = g_steal_pointer (&self->chart);
  self->chart = chart ? runet_chart_ref (chart) : NULL;
  self->hovered = -1;
  self->chosen = chosen;
  sort_points (self);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

RunetChart *
runet_chart_view_get_chart (RunetChartView *self) {
  g_return_val_if_fail (RUNET_IS_CHART_VIEW (self), NULL);
  return self->chart;
}

/* ---- Drawing ---- */

static void
draw_ring (RunetChartView *self, cairo_t *cr, int index, const RunetChartTheme *theme) {
  double x, y;
  if (index < 0 || !runet_chart_view_locate_point (self, (guint)index, &x, &y))
    return;
  gdk_cairo_set_source_rgba (cr, &theme->ink);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, 2);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, RING_RADIUS, 0, 2 * G_PI);
  cairo_stroke (cr);
}

/* Who walks with keys has no pointer to hold over a point: what it is stands beside it. */
static void
snapshot_callout (RunetChartView *self, GtkSnapshot *snapshot) {
  GtkWidget *widget = GTK_WIDGET (self);
  const RunetChartPoint *point = get_point (self, self->chosen);
  double x, y, text_width, text_height;
  if (!point ||
      (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0 ||
      !runet_chart_view_locate_point (self, (guint)self->chosen, &x, &y))
    return;
  const double width = gtk_widget_get_width (widget);
  g_autoptr (PangoLayout) text = runet_pill_layout_new (widget, point->text);
  pango_layout_set_wrap (text, PANGO_WRAP_WORD_CHAR);
  runet_pill_get_size (text, &text_width, &text_height);
  if (text_width > width) {
    pango_layout_set_width (text, (int)(0.8 * width * PANGO_SCALE));
    runet_pill_get_size (text, &text_width, &text_height);
  }
  const double above = y - RING_RADIUS - 4 - text_height;
  x = CLAMP (x - text_width / 2, 0, MAX (0, width - text_width));
  runet_pill_append (snapshot, text, round (x),
                     round (above >= 0 ? above : y + RING_RADIUS + 4), NULL);
}

static void
snapshot_focus (RunetChartView *self,
                const RunetChartTheme *theme,
                GtkSnapshot *snapshot) {
  GtkWidget *widget = GTK_WIDGET (self);
  if ((gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0)
    return;
  const GdkRGBA color = theme->colors[RUNET_CHART_BLUE];
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (
      &shape,
      &GRAPHENE_RECT_INIT (-4, -4, (float)gtk_widget_get_width (widget) + 8,
                           (float)gtk_widget_get_height (widget) + 8),
      6);
  const float widths[] = {2, 2, 2, 2};
  const GdkRGBA colors[] = {color, color, color, color};
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

static void
runet_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  RunetChartView *self = RUNET_CHART_VIEW (widget);
  const float width = (float)gtk_widget_get_width (widget);
  const float height = (float)gtk_widget_get_height (widget);
  if (!self->chart || width <= 0 || height <= 0)
    return;
  const RunetChartTheme theme = runet_chart_theme_of_widget (widget);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  runet_chart_draw (self->chart, cr, width, height, &theme);
  draw_ring (self, cr, self->hovered, &theme);
  if (gtk_widget_has_focus (widget))
    draw_ring (self, cr, self->chosen, &theme);
  cairo_destroy (cr);
  snapshot_focus (self, &theme, snapshot);
  snapshot_callout (self, snapshot);
}

static void
runet_chart_view_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline) {
  const gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;
  *minimum = horizontal ? MINIMUM_WIDTH : MINIMUM_HEIGHT;
  *natural = horizontal ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

/* ---- Pointer and keys ---- */

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, RunetChartView *self) {
  hover (self, runet_chart_view_find_point (self, x, y));
}

static void
leave_cb (GtkEventControllerMotion *motion, RunetChartView *self) {
  hover (self, -1);
}

static void
activate (RunetChartView *self, int index, gboolean open) {
  const RunetChartPoint *point = get_point (self, index);
  if (!point)
    return;
  g_signal_emit (self, point_activated_signal, 0, point->item);
  if (open)
    g_signal_emit (self, point_opened_signal, 0);
}

static void
pressed_cb (GtkGestureClick *click,
            int presses,
            double x,
            double y,
            RunetChartView *self) {
  gtk_widget_grab_focus (GTK_WIDGET (self));
  const int index = runet_chart_view_find_point (self, x, y);
  if (index < 0)
    return;
  choose (self, index);
  activate (self, index, presses > 1);
}

/* From the chosen point to a neighbour; from none to the first or the last. */
static void
walk (RunetChartView *self, int step) {
  const int count = (int)self->chart->points->len;
  int at = step > 0 ? -1 : count;
  for (int i = 0; i < count; i++)
    if ((int)self->order[i] == self->chosen)
      at = i;
  choose (self, (int)self->order[CLAMP (at + step, 0, count - 1)]);
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint key,
        guint code,
        GdkModifierType state,
        RunetChartView *self) {
  if (!self->chart || self->chart->points->len == 0 ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  const int count = (int)self->chart->points->len;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    walk (self, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    walk (self, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
  case GDK_KEY_KP_Home:
    walk (self, -count - 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
  case GDK_KEY_KP_End:
    walk (self, count + 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    activate (self, self->chosen, key != GDK_KEY_space);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static gboolean
runet_chart_view_query_tooltip (GtkWidget *widget,
                                int x,
                                int y,
                                gboolean keyboard,
                                GtkTooltip *tooltip) {
  RunetChartView *self = RUNET_CHART_VIEW (widget);
  const int index = keyboard ? self->chosen : runet_chart_view_find_point (self, x, y);
  const RunetChartPoint *point = get_point (self, index);
  double at_x, at_y;
  if (!point || !runet_chart_view_locate_point (self, (guint)index, &at_x, &at_y))
    return FALSE;
  gtk_tooltip_set_text (tooltip, point->text);
  gtk_tooltip_set_tip_area (tooltip,
                            &(GdkRectangle){(int)(at_x - REACH), (int)(at_y - REACH),
                                            (int)(2 * REACH), (int)(2 * REACH)});
  return TRUE;
}

static void
runet_chart_view_state_flags_changed (GtkWidget *widget, GtkStateFlags previous) {
  GTK_WIDGET_CLASS (runet_chart_view_parent_class)
      ->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static void
runet_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS (runet_chart_view_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

/* ---- Object ---- */

static void
runet_chart_view_finalize (GObject *object) {
  RunetChartView *self = RUNET_CHART_VIEW (object);
  g_clear_pointer (&self->chart, runet_chart_unref);
  g_clear_object (&self->context);
  g_free (self->order);
  G_OBJECT_CLASS (runet_chart_view_parent_class)->finalize (object);
}

static void
runet_chart_view_class_init (RunetChartViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = runet_chart_view_finalize;
  widget_class->measure = runet_chart_view_measure;
  widget_class->snapshot = runet_chart_view_snapshot;
  widget_class->query_tooltip = runet_chart_view_query_tooltip;
  widget_class->state_flags_changed = runet_chart_view_state_flags_changed;
  widget_class->css_changed = runet_chart_view_css_changed;
  point_activated_signal =
      g_signal_new ("point-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  point_opened_signal =
      g_signal_new ("point-opened", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
runet_chart_view_init (RunetChartView *self) {
  GtkWidget *widget = GTK_WIDGET (self);
  self->hovered = self->chosen = -1;
  self->context = runet_chart_context_new ();
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, keys);
  update_accessible (self);
}

GtkWidget *
runet_chart_view_new (void) {
  return g_object_new (RUNET_TYPE_CHART_VIEW, NULL);
}
