/* The track of the timeline: a cell a frame with its mark, ED and ES flags, and the playhead. */
#include "timeline-track.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "chart-theme.h"
#include "pill.h"
#include "timeline-curves.h"

#define HEIGHT 52
#define MINIMUM_WIDTH 120
#define NATURAL_WIDTH 480
/* Room at both ends for half a flag. */
#define MARGIN 16.0
/* A cell is never wider, so that two stills do not become two slabs. */
#define CELL_WIDEST 64.0
#define FLAG_TOP 1.0
#define FLAG_WIDTH 24.0
#define FLAG_HEIGHT 17.0
/* Of the cells, where there are no curves above them. */
#define CELL_TOP 24.0
#define CELL_HEIGHT 16.0
#define CURVES_TOP 20.0
/* Below this width of a cell the gap between cells goes, then the ticks. */
#define GAP_FROM 5.0
#define TICK_FROM 3.0
/* Of the dot on a frame that somebody drew on. */
#define TOUCH_RADIUS 3.5

struct _RunetTimelineTrack {
  GtkWidget parent_instance;
  guint frames;
  guint frame;
  int ed, es;
  double rate_hz;
  guint8 *marks; /* frames of RunetFrameMark */
  guint8 *touches; /* frames of RunetFrameTouch */
  RunetTimelineCurves *curves; /* (nullable): before there is a sequence */
  gboolean plain; /* they are not shown */
  int hovered; /* the frame under the pointer; -1 when it is elsewhere */
  GtkGesture *drag; /* borrowed */
};

G_DEFINE_TYPE (RunetTimelineTrack, runet_timeline_track, GTK_TYPE_WIDGET)

static guint picked_signal;

static gboolean
has_curves (RunetTimelineTrack *track) {
  return track->curves != NULL && !track->plain &&
         runet_timeline_curves_are_known (track->curves);
}

void
runet_timeline_track_set_plain (RunetTimelineTrack *track, gboolean plain) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track));
  if (track->plain == plain)
    return;
  track->plain = plain;
  gtk_widget_queue_resize (GTK_WIDGET (track));
}

static double
get_cell_top (RunetTimelineTrack *track) {
  return CELL_TOP + (has_curves (track) ? RUNET_CURVES_HEIGHT : 0);
}

static double
get_height (RunetTimelineTrack *track) {
  return HEIGHT + (has_curves (track) ? RUNET_CURVES_HEIGHT : 0);
}

static double
cell_width (RunetTimelineTrack *track) {
  double margin = has_curves (track) ? RUNET_CURVES_MARGIN : MARGIN;
  double room = gtk_widget_get_width (GTK_WIDGET (track)) - 2 * margin;
  return track->frames == 0 ? 0 : CLAMP (room / track->frames, 0, CELL_WIDEST);
}

double
runet_timeline_track_get_x (RunetTimelineTrack *track, guint frame) {
  double width = cell_width (track);
  double left =
      gtk_widget_get_width (GTK_WIDGET (track)) / 2.0 - width * track->frames / 2;
  return left + width * (frame + 0.5);
}

guint
runet_timeline_track_get_frame_at (RunetTimelineTrack *track, double x) {
  double width = cell_width (track);
  if (track->frames == 0 || width <= 0)
    return 0;
  double cell = floor ((x - runet_timeline_track_get_x (track, 0)) / width + 0.5);
  return (guint)CLAMP (cell, 0, track->frames - 1.0);
}

/* "frame 7 · 120 ms · ED · outlier", then what was measured, @separator before each. */
static char *
describe_frame (RunetTimelineTrack *track, guint frame, const char *separator) {
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("frame %u"), frame + 1);
  if (isfinite (track->rate_hz))
    g_string_append_printf (text, _ (" · %.0f ms"), frame * 1000 / track->rate_hz);
  if ((int)frame == track->ed)
    g_string_append (text, _ (" · end-diastole"));
  if ((int)frame == track->es)
    g_string_append (text, _ (" · end-systole"));
  if (track->marks[frame] == RUNET_FRAME_SEGMENTED)
    g_string_append (text, _ (" · segmented"));
  if (track->marks[frame] == RUNET_FRAME_OUTLIER)
    g_string_append (text, _ (" · outlier"));
  if (track->touches[frame] == RUNET_FRAME_EDITED)
    g_string_append (text, _ (" · corrected"));
  if (track->touches[frame] == RUNET_FRAME_DERIVED)
    g_string_append (text, _ (" · derived from other frames"));
  if (track->curves != NULL)
    runet_timeline_curves_describe (track->curves, frame, separator, text);
  return g_string_free (text, FALSE);
}

static void
update_accessible (RunetTimelineTrack *track) {
  g_autofree char *text =
      track->frames > 0 ? describe_frame (track, track->frame, " · ") : g_strdup ("");
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (track), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 1.0,
      GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double)MAX (track->frames, 1),
      GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)track->frame + 1,
      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

void
runet_timeline_track_set_sequence (RunetTimelineTrack *track,
                                   guint frames,
                                   int ed,
                                   int es,
                                   double rate_hz) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track));
  g_free (track->marks);
  track->marks = g_new0 (guint8, frames);
  g_free (track->touches);
  track->touches = g_new0 (guint8, frames);
  gboolean had_curves = has_curves (track);
  g_clear_pointer (&track->curves, runet_timeline_curves_free);
  track->curves = runet_timeline_curves_new (frames);
  track->hovered = -1;
  if (had_curves)
    gtk_widget_queue_resize (GTK_WIDGET (track));
  track->frames = frames;
  track->frame = 0;
  track->ed = ed;
  track->es = es;
  track->rate_hz = rate_hz;
  update_accessible (track);
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

void
runet_timeline_track_set_frame (RunetTimelineTrack *track, guint frame) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track));
  if (track->frame == frame || frame >= track->frames)
    return;
  track->frame = frame;
  update_accessible (track);
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

void
runet_timeline_track_set_mark (RunetTimelineTrack *track,
                               guint frame,
                               RunetFrameMark mark) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track));
  g_return_if_fail (frame < track->frames);
  track->marks[frame] = (guint8)mark;
  update_accessible (track);
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

void
runet_timeline_track_set_touch (RunetTimelineTrack *track,
                                guint frame,
                                RunetFrameTouch touch) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track));
  g_return_if_fail (frame < track->frames);
  if (track->touches[frame] == (guint8)touch)
    return;
  track->touches[frame] = (guint8)touch;
  update_accessible (track);
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

void
runet_timeline_track_set_curve (RunetTimelineTrack *track,
                                RunetCineCurve curve,
                                const double *values) {
  g_return_if_fail (RUNET_IS_TIMELINE_TRACK (track) && track->curves != NULL);
  gboolean had_curves = has_curves (track);
  if (!runet_timeline_curves_set (track->curves, curve, values))
    return;
  update_accessible (track);
  if (has_curves (track) != had_curves)
    gtk_widget_queue_resize (GTK_WIDGET (track));
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

static void
append_rounded (GtkSnapshot *snapshot,
                const GdkRGBA *color,
                const graphene_rect_t *rect,
                float radius) {
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, rect, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, rect);
  gtk_snapshot_pop (snapshot);
}

/* A triangle above the cell: an outlier is told by its shape as well. */
static void
snapshot_triangle (RunetTimelineTrack *track,
                   const RunetChartTheme *theme,
                   GtkSnapshot *snapshot,
                   double x) {
  const double reach = 5, top = get_cell_top (track) + CELL_HEIGHT + 2;
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float)(x - reach), (float)top, (float)(2 * reach),
                          (float)(get_height (track) - top));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x + reach, top + 8);
  cairo_line_to (cr, x - reach, top + 8);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, &theme->colors[RUNET_CHART_VERMILLION]);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* Plain frames are hollow and low, segmented ones filled, outliers filled and taller. */
static void
snapshot_cell (RunetTimelineTrack *track,
               guint frame,
               const GdkRGBA *ink,
               const RunetChartTheme *theme,
               GtkSnapshot *snapshot) {
  double width = cell_width (track);
  double x = runet_timeline_track_get_x (track, frame);
  double gap = width >= GAP_FROM ? 1.5 : 0;
  GdkRGBA faint = {ink->red, ink->green, ink->blue, ink->alpha * 0.22f};
  const GdkRGBA *color = &faint;
  if (track->marks[frame] == RUNET_FRAME_SEGMENTED)
    color = &theme->colors[RUNET_CHART_BLUE];
  else if (track->marks[frame] == RUNET_FRAME_OUTLIER)
    color = &theme->colors[RUNET_CHART_VERMILLION];
  double inset = track->marks[frame] == RUNET_FRAME_PLAIN ? 4 : 1;
  if (track->marks[frame] == RUNET_FRAME_OUTLIER)
    inset = 0;
  graphene_rect_t cell = GRAPHENE_RECT_INIT (
      (float)(x - width / 2 + gap / 2), (float)(get_cell_top (track) + inset),
      (float)MAX (1, width - gap), (float)(CELL_HEIGHT - 2 * inset));
  append_rounded (snapshot, color, &cell, width >= GAP_FROM ? 2 : 0);
  if (track->marks[frame] == RUNET_FRAME_OUTLIER && width >= TICK_FROM)
    snapshot_triangle (track, theme, snapshot, x);
}

/* A frame that somebody drew on has a dot in its cell, one that was derived from others a ring. */
static void
snapshot_touch (RunetTimelineTrack *track, guint frame, GtkSnapshot *snapshot) {
  static const GdkRGBA light = {1, 1, 1, 1}, dark = {0.08f, 0.08f, 0.08f, 1};
  const double width = cell_width (track);
  if (track->touches[frame] == RUNET_FRAME_UNTOUCHED || width < TICK_FROM)
    return;
  const float radius = (float)CLAMP (width / 2 - 1.5, 1, TOUCH_RADIUS);
  const float x = (float)runet_timeline_track_get_x (track, frame);
  const float y = (float)(get_cell_top (track) + CELL_HEIGHT / 2);
  const graphene_rect_t outer = GRAPHENE_RECT_INIT (x - radius - 1, y - radius - 1,
                                                    2 * radius + 2, 2 * radius + 2);
  const graphene_rect_t dot =
      GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius);
  append_rounded (snapshot, &dark, &outer, radius + 1);
  append_rounded (snapshot, &light, &dot, radius);
  if (track->touches[frame] == RUNET_FRAME_EDITED || radius < 2.5f)
    return;
  const float hole = radius - 1.5f;
  append_rounded (snapshot, &dark,
                  &GRAPHENE_RECT_INIT (x - hole, y - hole, 2 * hole, 2 * hole), hole);
}

/* "ED" or "ES" on a flag whose pole stands on the frame. */
static void
snapshot_flag (RunetTimelineTrack *track,
               int frame,
               const char *letters,
               const RunetChartTheme *theme,
               GtkSnapshot *snapshot) {
  if (frame < 0 || frame >= (int)track->frames)
    return;
  double x = round (runet_timeline_track_get_x (track, (guint)frame));
  graphene_rect_t flag = GRAPHENE_RECT_INIT ((float)(x - FLAG_WIDTH / 2), FLAG_TOP,
                                             FLAG_WIDTH, FLAG_HEIGHT);
  const float cell_top = (float)get_cell_top (track), left = (float)x - 1;
  const graphene_rect_t pole = GRAPHENE_RECT_INIT (left, FLAG_TOP + FLAG_HEIGHT, 2,
                                                   cell_top - FLAG_TOP - FLAG_HEIGHT);
  const graphene_rect_t foot = GRAPHENE_RECT_INIT (left, cell_top, 2, CELL_HEIGHT);
  const GdkRGBA *color = &theme->colors[RUNET_CHART_YELLOW];
  const gboolean light = color->red + color->green > 1;
  const GdkRGBA letters_ink =
      light ? (GdkRGBA){0.08f, 0.08f, 0.08f, 1} : (GdkRGBA){1, 1, 1, 1};
  gtk_snapshot_append_color (snapshot, color, &pole);
  /* On a cell the flag's colour may be as dark as the cell's. */
  gtk_snapshot_append_color (snapshot, &letters_ink, &foot);
  append_rounded (snapshot, color, &flag, 4);

  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (track), letters);
  PangoRectangle extents;
  pango_layout_get_pixel_extents (layout, &extents, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT (
          (float)x - extents.x - extents.width / 2.0f,
          (float)(FLAG_TOP + (FLAG_HEIGHT - extents.height) / 2 - extents.y)));
  gtk_snapshot_append_layout (snapshot, layout, &letters_ink);
  gtk_snapshot_restore (snapshot);
}

/* A bar through the track with a knob below: seen between, on and under the flags. */
static void
snapshot_playhead (RunetTimelineTrack *track,
                   const GdkRGBA *ink,
                   GtkSnapshot *snapshot) {
  double width = MAX (cell_width (track), 3);
  float x = (float)runet_timeline_track_get_x (track, track->frame);
  graphene_rect_t frame =
      GRAPHENE_RECT_INIT (x - (float)width / 2 - 1, (float)get_cell_top (track) - 3,
                          (float)width + 2, CELL_HEIGHT + 6);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &frame, 4);
  const float widths[] = {2, 2, 2, 2};
  const GdkRGBA colors[] = {*ink, *ink, *ink, *ink};
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

/* A hair line through the curves. */
static void
snapshot_hair (RunetTimelineTrack *track,
               guint frame,
               const GdkRGBA *ink,
               float alpha,
               GtkSnapshot *snapshot) {
  const GdkRGBA color = {ink->red, ink->green, ink->blue, ink->alpha * alpha};
  double x = round (runet_timeline_track_get_x (track, frame));
  gtk_snapshot_append_color (
      snapshot, &color,
      &GRAPHENE_RECT_INIT ((float)x - 0.5f, CURVES_TOP, 1, RUNET_CURVES_HEIGHT));
}

static void
snapshot_curves (RunetTimelineTrack *track, const GdkRGBA *ink, GtkSnapshot *snapshot) {
  if (track->frames == 0 || !has_curves (track))
    return;
  gboolean hovered = track->hovered >= 0 && track->hovered < (int)track->frames;
  snapshot_hair (track, track->frame, ink, 0.8f, snapshot);
  if (hovered)
    snapshot_hair (track, (guint)track->hovered, ink, 0.4f, snapshot);
  runet_timeline_curves_snapshot (track->curves, runet_timeline_track_get_x (track, 0),
                                  cell_width (track), CURVES_TOP,
                                  hovered ? (guint)track->hovered : track->frame, ink,
                                  GTK_WIDGET (track), snapshot);
}

static void
snapshot_focus (RunetTimelineTrack *track, GtkSnapshot *snapshot) {
  GtkWidget *widget = GTK_WIDGET (track);
  if ((gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0)
    return;
  static const GdkRGBA color = {0.36f, 0.66f, 1, 0.9f};
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (
      &shape,
      &GRAPHENE_RECT_INIT (0, 0, (float)gtk_widget_get_width (widget),
                           (float)gtk_widget_get_height (widget)),
      6);
  const float widths[] = {2, 2, 2, 2};
  const GdkRGBA colors[] = {color, color, color, color};
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

static void
runet_timeline_track_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (widget);
  GdkRGBA ink;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  const RunetChartTheme theme = runet_chart_theme_of_widget (widget);
  for (guint i = 0; i < track->frames; i++)
    snapshot_cell (track, i, &ink, &theme, snapshot);
  snapshot_flag (track, track->ed, _ ("ED"), &theme, snapshot);
  snapshot_flag (track, track->es, _ ("ES"), &theme, snapshot);
  snapshot_curves (track, &ink, snapshot);
  for (guint i = 0; i < track->frames; i++)
    snapshot_touch (track, i, snapshot);
  if (track->frames > 0)
    snapshot_playhead (track, &ink, snapshot);
  snapshot_focus (track, snapshot);
}

static void
runet_timeline_track_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline) {
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;
  int height = (int)get_height (RUNET_TIMELINE_TRACK (widget));
  *minimum = horizontal ? MINIMUM_WIDTH : height;
  *natural = horizontal ? NATURAL_WIDTH : height;
}

static void
pick (RunetTimelineTrack *track, double frame) {
  if (track->frames == 0)
    return;
  g_signal_emit (track, picked_signal, 0, (guint)CLAMP (frame, 0, track->frames - 1.0));
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, RunetTimelineTrack *track) {
  gtk_widget_grab_focus (GTK_WIDGET (track));
  pick (track, runet_timeline_track_get_frame_at (track, x));
}

static void
drag_update_cb (GtkGestureDrag *drag, double dx, double dy, RunetTimelineTrack *track) {
  double x, y;
  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    pick (track, runet_timeline_track_get_frame_at (track, x + dx));
}

static void
hover (RunetTimelineTrack *track, int frame) {
  if (track->hovered == frame)
    return;
  track->hovered = frame;
  gtk_widget_queue_draw (GTK_WIDGET (track));
}

static void
motion_cb (GtkEventControllerMotion *motion,
           double x,
           double y,
           RunetTimelineTrack *track) {
  hover (track,
         track->frames > 0 ? (int)runet_timeline_track_get_frame_at (track, x) : -1);
}

static void
leave_cb (GtkEventControllerMotion *motion, RunetTimelineTrack *track) {
  hover (track, -1);
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll,
           double dx,
           double dy,
           RunetTimelineTrack *track) {
  if (track->frames < 2 || (dx == 0 && dy == 0))
    return GDK_EVENT_PROPAGATE;
  pick (track, track->frame + (dx + dy > 0 ? 1.0 : -1.0));
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint key,
        guint code,
        GdkModifierType state,
        RunetTimelineTrack *track) {
  if (track->frames == 0 ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    pick (track, track->frame - 1.0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    pick (track, track->frame + 1.0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
  case GDK_KEY_KP_Home:
    pick (track, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
  case GDK_KEY_KP_End:
    pick (track, track->frames - 1.0);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static gboolean
runet_timeline_track_query_tooltip (GtkWidget *widget,
                                    int x,
                                    int y,
                                    gboolean keyboard,
                                    GtkTooltip *tooltip) {
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (widget);
  if (track->frames == 0)
    return FALSE;
  /* It would hide the curves that one reads, and what is dragged; the value stands beside them. */
  if (!keyboard && ((has_curves (track) && y < get_cell_top (track)) ||
                    gtk_gesture_is_active (track->drag)))
    return FALSE;
  guint frame = keyboard ? track->frame : runet_timeline_track_get_frame_at (track, x);
  g_autofree char *text = describe_frame (track, frame, "\n");
  gtk_tooltip_set_text (tooltip, text);
  if (!keyboard)
    gtk_tooltip_set_tip_area (
        tooltip,
        &(GdkRectangle){
            (int)(runet_timeline_track_get_x (track, frame) - cell_width (track) / 2),
            0, MAX (1, (int)cell_width (track)), (int)get_height (track)});
  return TRUE;
}

static void
runet_timeline_track_state_flags_changed (GtkWidget *widget, GtkStateFlags previous) {
  GTK_WIDGET_CLASS (runet_timeline_track_parent_class)
      ->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static void
runet_timeline_track_finalize (GObject *object) {
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (object);
  g_free (track->marks);
  g_free (track->touches);
  g_clear_pointer (&track->curves, runet_timeline_curves_free);
  G_OBJECT_CLASS (runet_timeline_track_parent_class)->finalize (object);
}

static void
runet_timeline_track_class_init (RunetTimelineTrackClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = runet_timeline_track_finalize;
  widget_class->measure = runet_timeline_track_measure;
  widget_class->snapshot = runet_timeline_track_snapshot;
  widget_class->query_tooltip = runet_timeline_track_query_tooltip;
  widget_class->state_flags_changed = runet_timeline_track_state_flags_changed;
  picked_signal = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "runet-track");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
runet_timeline_track_init (RunetTimelineTrack *track) {
  GtkWidget *widget = GTK_WIDGET (track);
  track->ed = track->es = -1;
  track->hovered = -1;
  track->rate_hz = NAN;

  track->drag = gtk_gesture_drag_new ();
  g_signal_connect (track->drag, "drag-begin", G_CALLBACK (drag_begin_cb), track);
  g_signal_connect (track->drag, "drag-update", G_CALLBACK (drag_update_cb), track);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (track->drag));
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), track);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), track);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), track);
  gtk_widget_add_controller (widget, motion);
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES | GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), track);
  gtk_widget_add_controller (widget, scroll);
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), track);
  gtk_widget_add_controller (widget, keys);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (track), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Frame"), -1);
  update_accessible (track);
}

GtkWidget *
runet_timeline_track_new (void) {
  return g_object_new (RUNET_TYPE_TIMELINE_TRACK, NULL);
}
