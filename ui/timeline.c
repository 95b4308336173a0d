/* The timeline: play button, track of frames, where one is in words, and the speed of the cine. */
#include "timeline.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "cine.h"
#include "timeline-layout.h"
#include "timeline-track.h"

/* Between the speed and the loop. */
#define SPACING 5
/* Fewer frames are stills: at the rate of a cine they would only flicker. */
#define FEWEST_FRAMES 3
/* As wide as a digit. */
#define FIGURE_SPACE "\u2007"

static const double speeds[] = {0.25, 0.5, 1, 2};
static const char *speed_names[] = {"¼×", "½×", "1×", "2×", NULL};
#define FULL_SPEED 2

struct _RunetTimeline {
  GtkWidget parent_instance;
  GtkWidget *play;
  GtkWidget *track;
  GtkWidget *status; /* where one is */
  GtkWidget *rate; /* below it */
  GtkWidget *speed;
  GtkWidget *loop;

  RunetCine cine;
  gboolean loop_chosen; /* by somebody, not after the sequence */
  guint frame;
  int ed, es;
  double rate_hz; /* NaN when unknown */

  gboolean playing;
  guint tick; /* 0 when no cine runs */
  gint64
      start_us; /* time of the frame clock at @start_position; 0 before the first tick */
  double start_position; /* in frames, see runet_cine_get_frame() */
  double position; /* the latest */
};

enum { PROP_FRAME = 1, PROP_PLAYING, PROP_TO_AND_FRO, PROPS };
static GParamSpec *properties[PROPS];
static guint moved_signal;

G_DEFINE_TYPE (RunetTimeline, runet_timeline, GTK_TYPE_WIDGET)

static double
get_rate (RunetTimeline *timeline) {
  return isfinite (timeline->rate_hz) && timeline->rate_hz > 0 ? timeline->rate_hz
                                                               : RUNET_ASSUMED_RATE_HZ;
}

static gboolean
is_sequence (RunetTimeline *timeline) {
  return timeline->cine.frames >= FEWEST_FRAMES;
}

/* "frame 7 / 18 · 120 ms"; stills have no time. */
static char *
describe (RunetTimeline *timeline, guint frame) {
  guint frames = timeline->cine.frames;
  if (frames == 0)
    return g_strdup (_ ("no frames"));
  if (!is_sequence (timeline)) {
    const char *instant = (int)frame == timeline->ed   ? _ ("ED · ")
                          : (int)frame == timeline->es ? _ ("ES · ")
                                                       : "";
    if (frames == 1)
      return g_strdup_printf (_ ("%sstill"), instant);
    return g_strdup_printf (_ ("%sstill %u / %u"), instant, frame + 1, frames);
  }
  return g_strdup_printf (_ ("frame %u / %u · %.0f ms"), frame + 1, frames,
                          frame * 1000 / get_rate (timeline));
}

/* As wide at every frame: what is missing of the last one's digits is filled up, so that the track beside it
 * keeps its width while the cine plays. */
static void
update_status (RunetTimeline *timeline) {
  g_autofree char *text = describe (timeline, timeline->frame);
  g_autofree char *longest = describe (timeline, MAX (timeline->cine.frames, 1) - 1);
  g_autoptr (GString) padded = g_string_new (NULL);
  for (glong missing = g_utf8_strlen (longest, -1) - g_utf8_strlen (text, -1);
       missing > 0; missing--)
    g_string_append (padded, FIGURE_SPACE);
  g_string_append (padded, text);
  gtk_label_set_text (GTK_LABEL (timeline->status), padded->str);
  gtk_widget_set_tooltip_text (timeline->status, text);
}

/* Stills have none. */
static void
update_rate (RunetTimeline *timeline) {
  double rate_hz = get_rate (timeline);
  g_autofree char *text = rate_hz == timeline->rate_hz
                              ? g_strdup_printf (_ ("%.4g Hz"), rate_hz)
                              : g_strdup_printf (_ ("%.0f Hz assumed"), rate_hz);
  gtk_label_set_text (GTK_LABEL (timeline->rate), text);
  gtk_widget_set_tooltip_text (timeline->rate, text);
  gtk_widget_set_visible (timeline->rate, is_sequence (timeline));
}

static void
update_play_button (RunetTimeline *timeline) {
  const char *text = timeline->playing ? _ ("Pause") : _ ("Play");
  gtk_button_set_icon_name (GTK_BUTTON (timeline->play),
                            timeline->playing ? "media-playback-pause-symbolic"
                                              : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (timeline->play, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (timeline->play),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_sensitive (timeline->play, is_sequence (timeline));
  gtk_widget_set_sensitive (timeline->speed, is_sequence (timeline));
  gtk_widget_set_sensitive (timeline->loop, is_sequence (timeline));
}

static void
update_loop_button (RunetTimeline *timeline) {
  gboolean to_and_fro = timeline->cine.to_and_fro;
  const char *text = to_and_fro ? _ ("Plays to and fro; click to play in a circle (L)")
                                : _ ("Plays in a circle; click to play to and fro (L)");
  gtk_button_set_icon_name (GTK_BUTTON (timeline->loop),
                            to_and_fro ? "runet-to-and-fro-symbolic"
                                       : "runet-circle-symbolic");
  gtk_widget_set_tooltip_text (timeline->loop, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (timeline->loop),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
show_frame (RunetTimeline *timeline, guint frame) {
  if (timeline->frame == frame)
    return;
  timeline->frame = frame;
  runet_timeline_track_set_frame (RUNET_TIMELINE_TRACK (timeline->track), frame);
  update_status (timeline);
  g_object_notify_by_pspec (G_OBJECT (timeline), properties[PROP_FRAME]);
}

/* Time goes on from @position: after a jump, or at another speed. */
static void
restart_at (RunetTimeline *timeline, double position) {
  timeline->start_position = timeline->position = position;
  timeline->start_us = 0;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data) {
  RunetTimeline *timeline = RUNET_TIMELINE (widget);
  gint64 now_us = gdk_frame_clock_get_frame_time (clock);
  if (timeline->start_us == 0)
    timeline->start_us = now_us;
  guint speed = gtk_drop_down_get_selected (GTK_DROP_DOWN (timeline->speed));
  double factor = speed < G_N_ELEMENTS (speeds) ? speeds[speed] : 1;
  double seconds = (double)(now_us - timeline->start_us) / G_USEC_PER_SEC;
  timeline->position =
      timeline->start_position + seconds * factor * get_rate (timeline);
  show_frame (timeline, runet_cine_get_frame (&timeline->cine, timeline->position));
  g_signal_emit (timeline, moved_signal, 0);
  return G_SOURCE_CONTINUE;
}

/* The frame stays, wherever in its round the cine was. */
static void
set_to_and_fro (RunetTimeline *timeline, gboolean to_and_fro) {
  if (timeline->cine.to_and_fro == to_and_fro)
    return;
  timeline->cine.to_and_fro = to_and_fro;
  restart_at (timeline, timeline->frame);
  update_loop_button (timeline);
  g_object_notify_by_pspec (G_OBJECT (timeline), properties[PROP_TO_AND_FRO]);
}

void
runet_timeline_set_sequence (RunetTimeline *timeline,
                             guint frames,
                             int ed,
                             int es,
                             double frame_rate_hz) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  runet_timeline_set_playing (timeline, FALSE);
  gboolean moved = timeline->frame != 0;
  timeline->cine.frames = frames;
  if (!timeline->loop_chosen)
    set_to_and_fro (timeline, runet_cine_is_half_sequence (frames, ed, es));
  timeline->frame = 0;
  timeline->ed = ed;
  timeline->es = es;
  timeline->rate_hz = frame_rate_hz;
  runet_timeline_track_set_sequence (
      RUNET_TIMELINE_TRACK (timeline->track), frames, ed, es,
      is_sequence (timeline) ? get_rate (timeline) : NAN);
  update_status (timeline);
  update_rate (timeline);
  update_play_button (timeline);
  if (moved)
    g_object_notify_by_pspec (G_OBJECT (timeline), properties[PROP_FRAME]);
}

void
runet_timeline_set_frame (RunetTimeline *timeline, guint frame) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  if (timeline->cine.frames == 0)
    return;
  frame = MIN (frame, timeline->cine.frames - 1);
  if (frame == timeline->frame)
    return;
  restart_at (timeline, frame);
  show_frame (timeline, frame);
  g_signal_emit (timeline, moved_signal, 0);
}

guint
runet_timeline_get_frame (RunetTimeline *timeline) {
  g_return_val_if_fail (RUNET_IS_TIMELINE (timeline), 0);
  return timeline->frame;
}

void
runet_timeline_set_playing (RunetTimeline *timeline, gboolean playing) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  playing = playing && is_sequence (timeline);
  if (timeline->playing == playing)
    return;
  timeline->playing = playing;
  if (playing) {
    restart_at (timeline, timeline->frame);
    timeline->tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (timeline), tick_cb, NULL, NULL);
  } else {
    gtk_widget_remove_tick_callback (GTK_WIDGET (timeline), timeline->tick);
    timeline->tick = 0;
  }
  update_play_button (timeline);
  g_signal_emit (timeline, moved_signal, 0);
  g_object_notify_by_pspec (G_OBJECT (timeline), properties[PROP_PLAYING]);
}

gboolean
runet_timeline_get_playing (RunetTimeline *timeline) {
  g_return_val_if_fail (RUNET_IS_TIMELINE (timeline), FALSE);
  return timeline->playing;
}

double
runet_timeline_get_moment (RunetTimeline *timeline, RunetLinkRounding *rounding) {
  g_return_val_if_fail (RUNET_IS_TIMELINE (timeline), 0);
  gboolean backward;
  *rounding = RUNET_LINK_NEAREST;
  if (!timeline->playing)
    return timeline->frame;
  double moment =
      runet_cine_get_moment (&timeline->cine, timeline->position, &backward);
  *rounding = backward ? RUNET_LINK_BACKWARD : RUNET_LINK_FORWARD;
  return moment;
}

RunetLink
runet_timeline_get_link (RunetTimeline *timeline) {
  g_return_val_if_fail (RUNET_IS_TIMELINE (timeline), (RunetLink){0});
  return (RunetLink){timeline->cine.frames, timeline->ed, timeline->es,
                     get_rate (timeline)};
}

void
runet_timeline_set_curve (RunetTimeline *timeline,
                          RunetCineCurve curve,
                          const double *values) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  if (is_sequence (timeline))
    runet_timeline_track_set_curve (RUNET_TIMELINE_TRACK (timeline->track), curve,
                                    values);
}

void
runet_timeline_set_plain (RunetTimeline *timeline, gboolean plain) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  runet_timeline_track_set_plain (RUNET_TIMELINE_TRACK (timeline->track), plain);
}

void
runet_timeline_set_mark (RunetTimeline *timeline, guint frame, RunetFrameMark mark) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  g_return_if_fail (frame < timeline->cine.frames);
  runet_timeline_track_set_mark (RUNET_TIMELINE_TRACK (timeline->track), frame, mark);
}

void
runet_timeline_set_touch (RunetTimeline *timeline, guint frame, RunetFrameTouch touch) {
  g_return_if_fail (RUNET_IS_TIMELINE (timeline));
  g_return_if_fail (frame < timeline->cine.frames);
  runet_timeline_track_set_touch (RUNET_TIMELINE_TRACK (timeline->track), frame, touch);
}

static void
play_clicked_cb (GtkButton *button, RunetTimeline *timeline) {
  runet_timeline_set_playing (timeline, !timeline->playing);
}

/* Who takes hold of the playhead wants to look at that frame. */
static void
picked_cb (RunetTimelineTrack *track, guint frame, RunetTimeline *timeline) {
  runet_timeline_set_playing (timeline, FALSE);
  runet_timeline_set_frame (timeline, frame);
}

static void
loop_clicked_cb (GtkButton *button, RunetTimeline *timeline) {
  timeline->loop_chosen = TRUE;
  set_to_and_fro (timeline, !timeline->cine.to_and_fro);
}

static void
speed_changed_cb (GtkDropDown *speed, GParamSpec *pspec, RunetTimeline *timeline) {
  restart_at (timeline, timeline->position);
}

static void
runet_timeline_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec) {
  switch (id) {
  case PROP_FRAME:
    runet_timeline_set_frame (RUNET_TIMELINE (object), g_value_get_uint (value));
    break;
  case PROP_PLAYING:
    runet_timeline_set_playing (RUNET_TIMELINE (object), g_value_get_boolean (value));
    break;
  case PROP_TO_AND_FRO:
    RUNET_TIMELINE (object)->loop_chosen = TRUE;
    set_to_and_fro (RUNET_TIMELINE (object), g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_timeline_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec) {
  switch (id) {
  case PROP_FRAME:
    g_value_set_uint (value, RUNET_TIMELINE (object)->frame);
    break;
  case PROP_PLAYING:
    g_value_set_boolean (value, RUNET_TIMELINE (object)->playing);
    break;
  case PROP_TO_AND_FRO:
    g_value_set_boolean (value, RUNET_TIMELINE (object)->cine.to_and_fro);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_timeline_dispose (GObject *object) {
  RunetTimeline *timeline = RUNET_TIMELINE (object);
  GtkWidget *child;
  if (timeline->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (timeline), timeline->tick);
  timeline->tick = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (timeline))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (runet_timeline_parent_class)->dispose (object);
}

static void
runet_timeline_class_init (RunetTimelineClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  object_class->set_property = runet_timeline_set_property;
  object_class->get_property = runet_timeline_get_property;
  object_class->dispose = runet_timeline_dispose;
  properties[PROP_FRAME] =
      g_param_spec_uint ("frame", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  properties[PROP_TO_AND_FRO] =
      g_param_spec_boolean ("to-and-fro", NULL, NULL, FALSE, flags);
  moved_signal = g_signal_new ("moved", RUNET_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL,
                               NULL, NULL, G_TYPE_NONE, 0);
  g_object_class_install_properties (object_class, PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "runet-timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
words_new (void) {
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
make_words (RunetTimeline *timeline) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  timeline->status = words_new ();
  timeline->rate = words_new ();
  gtk_widget_add_css_class (timeline->rate, "dim-label");
  gtk_box_append (GTK_BOX (box), timeline->status);
  gtk_box_append (GTK_BOX (box), timeline->rate);
  return box;
}

static GtkWidget *
make_controls (RunetTimeline *timeline) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  timeline->speed = gtk_drop_down_new_from_strings (speed_names);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (timeline->speed), FULL_SPEED);
  gtk_widget_set_valign (timeline->speed, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (timeline->speed, _ ("Speed of the cine"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (timeline->speed),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Speed of the cine"), -1);
  g_signal_connect (timeline->speed, "notify::selected", G_CALLBACK (speed_changed_cb),
                    timeline);
  gtk_box_append (GTK_BOX (box), timeline->speed);

  timeline->loop = gtk_button_new ();
  gtk_widget_set_valign (timeline->loop, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (timeline->loop, "flat");
  g_signal_connect (timeline->loop, "clicked", G_CALLBACK (loop_clicked_cb), timeline);
  gtk_box_append (GTK_BOX (box), timeline->loop);
  return box;
}

/* The children in the order that the layout wants. */
static void
runet_timeline_init (RunetTimeline *timeline) {
  gtk_widget_set_layout_manager (GTK_WIDGET (timeline), runet_timeline_layout_new ());
  GtkWidget *widget = GTK_WIDGET (timeline);
  timeline->ed = timeline->es = -1;
  timeline->rate_hz = NAN;

  timeline->play = gtk_button_new ();
  gtk_widget_add_css_class (timeline->play, "circular");
  g_signal_connect (timeline->play, "clicked", G_CALLBACK (play_clicked_cb), timeline);
  gtk_widget_set_parent (timeline->play, widget);

  timeline->track = runet_timeline_track_new ();
  g_signal_connect (timeline->track, "picked", G_CALLBACK (picked_cb), timeline);
  gtk_widget_set_parent (timeline->track, widget);
  gtk_widget_set_parent (make_words (timeline), widget);
  gtk_widget_set_parent (make_controls (timeline), widget);

  update_loop_button (timeline);
  gtk_accessible_update_property (GTK_ACCESSIBLE (timeline),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Timeline"), -1);
  update_status (timeline);
  update_rate (timeline);
  update_play_button (timeline);
}

GtkWidget *
runet_timeline_new (void) {
  return g_object_new (RUNET_TYPE_TIMELINE, NULL);
}
