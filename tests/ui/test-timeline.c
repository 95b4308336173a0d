/* The timeline: which frame at which time, what is said of it, and what hands do to it. */
#include "ui/timeline.h"

#include <math.h>
#include "offscreen.h"
#include "ui/cine.h"
#include "ui/timeline-curves.h"
#include "ui/timeline-track.h"

/* On a light ground. */
#define SEGMENTED_COLOR 0x0072b2u
#define OUTLIER_COLOR 0xc74a00u
#define EXPERT_COLOR 0x806e00u

typedef struct {
  RunetTimeline *timeline;
  GtkWindow *window;
  GtkWidget *play, *track, *status, *rate, *speed, *loop;
} Fixture;

static void
set_up (Fixture *fixture) {
  GtkWidget *widget = runet_timeline_new ();
  fixture->timeline = RUNET_TIMELINE (widget);
  fixture->play = gtk_widget_get_first_child (widget);
  fixture->track = gtk_widget_get_next_sibling (fixture->play);
  GtkWidget *words = gtk_widget_get_next_sibling (fixture->track);
  fixture->status = gtk_widget_get_first_child (words);
  fixture->rate = gtk_widget_get_next_sibling (fixture->status);
  fixture->speed = gtk_widget_get_first_child (gtk_widget_get_next_sibling (words));
  fixture->loop = gtk_widget_get_next_sibling (fixture->speed);
  fixture->window = runet_test_window_new (widget, 800, 60);
}

static void
tear_down (Fixture *fixture) {
  gtk_window_destroy (fixture->window);
}

static void
assert_status (const Fixture *fixture, const char *text) {
  const char *found = gtk_label_get_text (GTK_LABEL (fixture->status));
  /* Filled up to the width of the longest. */
  while (g_utf8_get_char (found) == 0x2007)
    found = g_utf8_next_char (found);
  g_assert_cmpstr (found, ==, text);
}

static void
assert_rate (const Fixture *fixture, const char *text) {
  g_assert_true (gtk_widget_get_visible (fixture->rate));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (fixture->rate)), ==, text);
}

static void
test_cine (void) {
  static const guint to_and_fro[] = {0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0};
  const RunetCine half = {4, TRUE}, whole = {4, FALSE}, one = {1, TRUE};
  for (guint i = 0; i < G_N_ELEMENTS (to_and_fro); i++) {
    g_assert_cmpuint (runet_cine_get_frame (&half, i), ==, to_and_fro[i]);
    g_assert_cmpuint (runet_cine_get_frame (&half, i + 0.99), ==, to_and_fro[i]);
    g_assert_cmpuint (runet_cine_get_frame (&whole, i + 0.5), ==, i % 4);
    g_assert_cmpuint (runet_cine_get_frame (&one, i), ==, 0);
  }
  g_assert_cmpuint (runet_cine_get_frame (&half, -1), ==, 1);
  g_assert_cmpuint (runet_cine_get_frame (&whole, -1), ==, 3);
  g_assert_cmpuint (runet_cine_get_frame (&whole, NAN), ==, 0);
  g_assert_cmpuint (runet_cine_get_frame (&half, 6e9 + 2), ==, 2);
}

static void
test_half_sequence (void) {
  g_assert_true (runet_cine_is_half_sequence (18, 0, 17));
  g_assert_true (runet_cine_is_half_sequence (18, 17, 0));
  g_assert_true (runet_cine_is_half_sequence (18, -1, -1));
  g_assert_false (runet_cine_is_half_sequence (50, 0, 19));
  g_assert_true (runet_cine_is_half_sequence (1, 0, 0));
}

static void
test_status (void) {
  Fixture fixture;
  set_up (&fixture);
  assert_status (&fixture, "no frames");
  g_assert_false (gtk_widget_get_sensitive (fixture.play));

  runet_timeline_set_sequence (fixture.timeline, 18, 0, 17, NAN);
  assert_status (&fixture, "frame 1 / 18 · 0 ms");
  assert_rate (&fixture, "50 Hz assumed");
  runet_timeline_set_frame (fixture.timeline, 6);
  assert_status (&fixture, "frame 7 / 18 · 120 ms");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.track),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "frame 7 · 120 ms");
  g_object_set (fixture.timeline, "frame", 99u, NULL);
  g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, 17);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.track),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "frame 18 · 340 ms · end-systole");

  runet_timeline_set_sequence (fixture.timeline, 20, 0, 19, 62.5);
  assert_status (&fixture, "frame 1 / 20 · 0 ms");
  assert_rate (&fixture, "62.5 Hz");
  g_assert_true (gtk_widget_get_sensitive (fixture.play));
  tear_down (&fixture);
}

/* Stills have no time: nothing is played, and no rate is made up for them. */
static void
test_stills (void) {
  Fixture fixture;
  set_up (&fixture);
  runet_timeline_set_sequence (fixture.timeline, 2, 0, 1, NAN);
  assert_status (&fixture, "ED · still 1 / 2");
  g_assert_false (gtk_widget_get_visible (fixture.rate));
  runet_timeline_set_frame (fixture.timeline, 1);
  assert_status (&fixture, "ES · still 2 / 2");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.track),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "frame 2 · end-systole");
  runet_timeline_set_playing (fixture.timeline, TRUE);
  g_assert_false (runet_timeline_get_playing (fixture.timeline));
  g_assert_false (gtk_widget_get_sensitive (fixture.play));
  g_assert_false (gtk_widget_get_sensitive (fixture.speed));

  runet_timeline_set_sequence (fixture.timeline, 1, -1, -1, NAN);
  assert_status (&fixture, "still");
  g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, 0);
  tear_down (&fixture);
}

typedef struct {
  gint64 start_us;
  double speed;
  RunetCine cine;
  guint seen;
} Playing;

static gboolean
start_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data) {
  Playing *playing = user_data;
  playing->start_us = gdk_frame_clock_get_frame_time (clock);
  return G_SOURCE_REMOVE;
}

/* However slow the machine: what is shown is what belongs to the time of the frame clock. */
static void
frame_cb (RunetTimeline *timeline, GParamSpec *pspec, Playing *playing) {
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (timeline));
  double seconds =
      (double)(gdk_frame_clock_get_frame_time (clock) - playing->start_us) / 1e6;
  g_assert_cmpuint (
      runet_timeline_get_frame (timeline), ==,
      runet_cine_get_frame (&playing->cine, seconds * playing->speed * 40));
  playing->seen++;
}

static void
test_playing (void) {
  static const double speeds[] = {0.25, 0.5, 1, 2};
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++) {
    Fixture fixture;
    Playing playing = {0, speeds[i], {6, TRUE}, 0};
    set_up (&fixture);
    runet_timeline_set_sequence (fixture.timeline, 6, 0, 5, 40);
    gtk_drop_down_set_selected (GTK_DROP_DOWN (fixture.speed), i);
    gtk_widget_add_tick_callback (GTK_WIDGET (fixture.timeline), start_cb, &playing,
                                  NULL);
    g_signal_emit_by_name (fixture.play, "clicked");
    g_assert_true (runet_timeline_get_playing (fixture.timeline));
    gulong handler = g_signal_connect (fixture.timeline, "notify::frame",
                                       G_CALLBACK (frame_cb), &playing);
    while (playing.seen < 8)
      g_main_context_iteration (NULL, TRUE);
    g_signal_handler_disconnect (fixture.timeline, handler);

    g_signal_emit_by_name (fixture.play, "clicked");
    guint frame = runet_timeline_get_frame (fixture.timeline);
    g_assert_false (runet_timeline_get_playing (fixture.timeline));
    for (int k = 0; k < 10; k++)
      runet_test_settle (GTK_WIDGET (fixture.timeline));
    g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, frame);
    tear_down (&fixture);
  }
}

static void
press_key (const Fixture *fixture, guint key, guint expected) {
  gboolean handled = FALSE;
  g_signal_emit_by_name (
      runet_test_find_controller (fixture->track, GTK_TYPE_EVENT_CONTROLLER_KEY),
      "key-pressed", key, 0, 0, &handled);
  g_assert_true (handled);
  g_assert_cmpuint (runet_timeline_get_frame (fixture->timeline), ==, expected);
}

static void
test_keys_and_wheel (void) {
  Fixture fixture;
  set_up (&fixture);
  runet_timeline_set_sequence (fixture.timeline, 10, 0, 9, 50);
  press_key (&fixture, GDK_KEY_Right, 1);
  press_key (&fixture, GDK_KEY_End, 9);
  press_key (&fixture, GDK_KEY_Right, 9);
  press_key (&fixture, GDK_KEY_Left, 8);
  press_key (&fixture, GDK_KEY_Home, 0);
  press_key (&fixture, GDK_KEY_Left, 0);

  gboolean handled = FALSE;
  GtkEventController *scroll =
      runet_test_find_controller (fixture.track, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  g_signal_emit_by_name (scroll, "scroll", 0.0, 1.0, &handled);
  g_assert_true (handled);
  g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, 1);

  /* Taking hold of the playhead stops the cine. */
  runet_timeline_set_playing (fixture.timeline, TRUE);
  press_key (&fixture, GDK_KEY_End, 9);
  g_assert_false (runet_timeline_get_playing (fixture.timeline));
  tear_down (&fixture);
}

static void
test_scrubbing (void) {
  Fixture fixture;
  set_up (&fixture);
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (fixture.track);
  GtkEventController *drag =
      runet_test_find_controller (fixture.track, GTK_TYPE_GESTURE_DRAG);
  static const guint lengths[] = {1, 2, 18, 400};
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    runet_timeline_set_sequence (fixture.timeline, lengths[i], 0, (int)lengths[i] - 1,
                                 50);
    for (guint frame = 0; frame < lengths[i]; frame++) {
      double x = runet_timeline_track_get_x (track, frame);
      g_assert_cmpfloat (x, >, 0);
      g_assert_cmpfloat (x, <, gtk_widget_get_width (fixture.track));
      g_signal_emit_by_name (drag, "drag-begin", x, 20.0);
      g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, frame);
    }
    g_assert_cmpuint (runet_timeline_track_get_frame_at (track, -50), ==, 0);
    g_assert_cmpuint (runet_timeline_track_get_frame_at (track, 5000), ==,
                      lengths[i] - 1);
  }
  tear_down (&fixture);
}

static void
test_marks (void) {
  Fixture fixture;
  set_up (&fixture);
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (fixture.track);
  runet_timeline_set_sequence (fixture.timeline, 9, 0, 8, 50);
  g_autoptr (RunetShot) plain = runet_shot_new (fixture.track);
  runet_timeline_set_mark (fixture.timeline, 3, RUNET_FRAME_SEGMENTED);
  runet_timeline_set_mark (fixture.timeline, 5, RUNET_FRAME_OUTLIER);
  g_autoptr (RunetShot) marked = runet_shot_new (fixture.track);
  double middle = gtk_widget_get_height (fixture.track) / 2.0 + 6;
  for (guint frame = 0; frame < 9; frame++) {
    double x = runet_timeline_track_get_x (track, frame) + 4;
    guint32 color = runet_shot_at (marked, x, middle);
    if (frame == 3)
      g_assert_cmphex (color, ==, SEGMENTED_COLOR);
    else if (frame == 5)
      g_assert_cmphex (color, ==, OUTLIER_COLOR);
    else
      g_assert_cmphex (color, ==, runet_shot_at (plain, x, middle));
  }
  /* The outlier has a triangle below its cell as well. */
  double x = runet_timeline_track_get_x (track, 5);
  graphene_rect_t below = GRAPHENE_RECT_INIT ((float)x - 6, 42, 12, 10);
  g_assert_cmpuint (runet_shot_count (plain, &below, OUTLIER_COLOR, 30), ==, 0);
  g_assert_cmpuint (runet_shot_count (marked, &below, OUTLIER_COLOR, 30), >, 20);

  /* Another sequence has marks of its own. */
  runet_timeline_set_sequence (fixture.timeline, 9, 0, 8, 50);
  g_autoptr (RunetShot) cleared = runet_shot_new (fixture.track);
  g_assert_cmpfloat (runet_shot_compare (plain, cleared, 0), ==, 0);
  tear_down (&fixture);
}

static gboolean
goes_to_and_fro (const Fixture *fixture) {
  gboolean to_and_fro;
  g_object_get (fixture->timeline, "to-and-fro", &to_and_fro, NULL);
  return to_and_fro;
}

/* Half sequences go to and fro, whole cycles round, until somebody says otherwise. */
static void
test_loop (void) {
  Fixture fixture;
  set_up (&fixture);
  runet_timeline_set_sequence (fixture.timeline, 18, 0, 17, 50);
  g_assert_true (goes_to_and_fro (&fixture));
  runet_timeline_set_sequence (fixture.timeline, 50, 0, 19, 50);
  g_assert_false (goes_to_and_fro (&fixture));
  runet_timeline_set_frame (fixture.timeline, 7);
  g_signal_emit_by_name (fixture.loop, "clicked");
  g_assert_true (goes_to_and_fro (&fixture));
  g_assert_cmpuint (runet_timeline_get_frame (fixture.timeline), ==, 7);
  runet_timeline_set_sequence (fixture.timeline, 40, 0, 15, 50);
  g_assert_true (goes_to_and_fro (&fixture));
  g_object_set (fixture.timeline, "to-and-fro", FALSE, NULL);
  runet_timeline_set_sequence (fixture.timeline, 18, 0, 17, 50);
  g_assert_false (goes_to_and_fro (&fixture));
  runet_timeline_set_sequence (fixture.timeline, 2, 0, 1, NAN);
  g_assert_false (gtk_widget_get_sensitive (fixture.loop));
  tear_down (&fixture);
}

/* The track does not grow and shrink with the digits beside it. */
static void
test_width (void) {
  Fixture fixture;
  set_up (&fixture);
  runet_timeline_set_sequence (fixture.timeline, 120, 0, 119, 50);
  runet_test_settle (fixture.track);
  const int width = gtk_widget_get_width (fixture.track);
  for (guint frame = 0; frame < 120; frame += 17) {
    runet_timeline_set_frame (fixture.timeline, frame);
    runet_test_settle (fixture.track);
    g_assert_cmpint (gtk_widget_get_width (fixture.track), ==, width);
  }
  tear_down (&fixture);
}

/* Where there is no room beside the track, words and controls go below it; nothing of them is cut. */
static void
test_narrow (void) {
  static const int widths[] = {900, 480, 330};
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    Fixture fixture;
    set_up (&fixture);
    gtk_window_set_default_size (fixture.window, widths[i], 200);
    runet_timeline_set_sequence (fixture.timeline, 21, 0, 20, NAN);
    runet_test_settle (fixture.track);
    gboolean wide = widths[i] == 900;
    g_assert_cmpint (gtk_widget_get_width (fixture.track), >=,
                     wide ? widths[i] / 2 : widths[i]);
    g_assert_false (
        pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (fixture.status))));
    g_assert_false (
        pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (fixture.rate))));
    tear_down (&fixture);
  }
}

static gboolean
has_tooltip (GtkWidget *track, int y) {
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  return GTK_WIDGET_GET_CLASS (track)->query_tooltip (
      track, (int)runet_timeline_track_get_x (RUNET_TIMELINE_TRACK (track), 3), y,
      FALSE, tooltip);
}

static void
count_cb (RunetTimeline *timeline, guint *count) {
  (*count)++;
}

/* What is linked to the timeline hears of every move, and where it is. */
static void
test_moved (void) {
  Fixture fixture;
  set_up (&fixture);
  guint count = 0;
  RunetLinkRounding rounding;
  runet_timeline_set_sequence (fixture.timeline, 18, 2, 17, 40);
  g_signal_connect (fixture.timeline, "moved", G_CALLBACK (count_cb), &count);
  runet_timeline_set_frame (fixture.timeline, 5);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpfloat (runet_timeline_get_moment (fixture.timeline, &rounding), ==, 5);
  g_assert_cmpint (rounding, ==, RUNET_LINK_NEAREST);
  const RunetLink link = runet_timeline_get_link (fixture.timeline);
  g_assert_cmpuint (link.frames, ==, 18);
  g_assert_cmpint (link.ed, ==, 2);
  g_assert_cmpint (link.es, ==, 17);
  g_assert_cmpfloat (link.rate_hz, ==, 40);

  runet_timeline_set_playing (fixture.timeline, TRUE);
  while (runet_timeline_get_frame (fixture.timeline) < 8)
    g_main_context_iteration (NULL, TRUE);
  double moment = runet_timeline_get_moment (fixture.timeline, &rounding);
  g_assert_cmpint (rounding, ==, RUNET_LINK_FORWARD);
  g_assert_cmpuint ((guint)moment, ==, runet_timeline_get_frame (fixture.timeline));
  g_assert_cmpuint (count, >, 3);
  g_signal_handlers_disconnect_by_data (fixture.timeline, &count);
  tear_down (&fixture);
}

/* Areas that close from 30 to 20 cm², one frame of which is 6 cm² too large. */
static void
set_areas (const Fixture *fixture, guint frames, guint jump) {
  g_autofree double *areas = g_new (double, frames);
  for (guint i = 0; i < frames; i++)
    areas[i] = 30 - 10.0 * i / (frames - 1) + (i == jump ? 6 : 0);
  runet_timeline_set_curve (fixture->timeline, RUNET_CURVE_AREA, areas);
}

/* In words, for tooltips and screen readers. */
static void
test_jump (void) {
  g_autoptr (RunetTimelineCurves) curves = runet_timeline_curves_new (9);
  g_autoptr (GString) text = g_string_new (NULL);
  double areas[9] = {30, 29, 28, 27, 20, 25, NAN, NAN, 22};
  g_assert_false (runet_timeline_curves_are_known (curves));
  g_assert_true (runet_timeline_curves_set (curves, RUNET_CURVE_AREA, areas));
  g_assert_false (runet_timeline_curves_set (curves, RUNET_CURVE_AREA, areas));
  g_assert_true (runet_timeline_curves_are_known (curves));
  for (guint frame = 0; frame < 9; frame++)
    g_assert_cmpint (runet_timeline_curves_is_jump (curves, frame), ==, frame == 4);
  runet_timeline_curves_describe (curves, 4, "; ", text);
  g_assert_cmpstr (
      text->str, ==,
      "; LV area 20.0 cm²; LV area departs from the frames around it by 23 "
      "% (limit 5 %)");
  g_string_truncate (text, 0);
  runet_timeline_curves_describe (curves, 6, "; ", text);
  g_assert_cmpstr (text->str, ==, "");
  g_assert_true (runet_timeline_curves_set (curves, RUNET_CURVE_AREA, NULL));
  g_assert_false (runet_timeline_curves_is_jump (curves, 4));
}

/* Yellow is no ink for a light ground. */
static void
test_expert_color (void) {
  Fixture fixture;
  set_up (&fixture);
  double experts[21];
  for (guint i = 0; i < 21; i++)
    experts[i] = 30 - i / 2.0;
  runet_timeline_set_sequence (fixture.timeline, 21, 0, 20, 50);
  runet_timeline_set_curve (fixture.timeline, RUNET_CURVE_EXPERT_AREA, experts);
  runet_test_settle (fixture.track);
  g_autoptr (RunetShot) shot = runet_shot_new (fixture.track);
  const float left =
      (float)runet_timeline_track_get_x (RUNET_TIMELINE_TRACK (fixture.track), 2);
  const graphene_rect_t strip = GRAPHENE_RECT_INIT (left, 20, 60, 34);
  g_assert_cmpuint (runet_shot_count (shot, &strip, EXPERT_COLOR, 60), >, 10);
  tear_down (&fixture);
}

static void
test_curves (void) {
  Fixture fixture;
  set_up (&fixture);
  RunetTimelineTrack *track = RUNET_TIMELINE_TRACK (fixture.track);
  runet_timeline_set_sequence (fixture.timeline, 21, 0, 20, 50);
  runet_test_settle (fixture.track);
  int least, least_without;
  gtk_widget_measure (fixture.track, GTK_ORIENTATION_VERTICAL, -1, &least_without, NULL,
                      NULL, NULL);
  set_areas (&fixture, 21, 12);
  double lengths[21], experts[21];
  for (guint i = 0; i < 21; i++) {
    lengths[i] = i == 4 ? NAN : 80.0 - i;
    experts[i] = i == 0 || i == 20 ? 29 - i / 2.0 : NAN;
  }
  runet_timeline_set_curve (fixture.timeline, RUNET_CURVE_LENGTH, lengths);
  runet_timeline_set_curve (fixture.timeline, RUNET_CURVE_EXPERT_AREA, experts);
  gtk_widget_measure (fixture.track, GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL,
                      NULL);
  g_assert_cmpint (least, >, least_without + 40);
  /* A tooltip does not hide them. */
  runet_test_settle (fixture.track);
  g_assert_false (has_tooltip (fixture.track, 40));
  g_assert_true (has_tooltip (fixture.track, least - 20));
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (fixture.track), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
      "frame 1 · 0 ms · end-diastole · LV area 30.0 cm² · long axis 80.0 mm · expert’s "
      "LV area 29.0 cm²");
  runet_timeline_set_frame (fixture.timeline, 4);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.track),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "frame 5 · 80 ms · LV area 28.0 cm²");
  /* The jump has its mark on its frame and nowhere else. */
  g_autoptr (RunetShot) shot = runet_shot_new (fixture.track);
  for (guint frame = 0; frame < 21; frame++) {
    graphene_rect_t column = GRAPHENE_RECT_INIT (
        (float)runet_timeline_track_get_x (track, frame) - 6, 16, 12, 44);
    guint marked = runet_shot_count (shot, &column, OUTLIER_COLOR, 60);
    if (frame == 12)
      g_assert_cmpuint (marked, >, 12);
    else
      g_assert_cmpuint (marked, ==, 0);
  }

  /* The pointer reads another frame than the one that is shown. */
  GtkEventController *motion =
      runet_test_find_controller (fixture.track, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_signal_emit_by_name (motion, "motion", runet_timeline_track_get_x (track, 20),
                         30.0);
  g_autoptr (RunetShot) hovered = runet_shot_new (fixture.track);
  g_assert_cmpfloat (runet_shot_compare (shot, hovered, 0), >, 0);
  g_signal_emit_by_name (motion, "leave");
  g_autoptr (RunetShot) left = runet_shot_new (fixture.track);
  g_assert_cmpfloat (runet_shot_compare (shot, left, 0), ==, 0);

  /* Another sequence has none, and stills never have. */
  runet_timeline_set_sequence (fixture.timeline, 2, 0, 1, NAN);
  runet_timeline_set_curve (fixture.timeline, RUNET_CURVE_LENGTH, lengths);
  gtk_widget_measure (fixture.track, GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL,
                      NULL);
  g_assert_cmpint (least, ==, least_without);
  tear_down (&fixture);
}

static void
test_finalize (void) {
  RunetTimeline *timeline = g_object_ref_sink (RUNET_TIMELINE (runet_timeline_new ()));
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (timeline), 600, 60);
  runet_timeline_set_sequence (timeline, 12, 0, 11, 50);
  runet_timeline_set_playing (timeline, TRUE);
  runet_test_settle (GTK_WIDGET (timeline));
  gtk_window_destroy (window);
  g_assert_finalize_object (timeline);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/timeline/cine", test_cine);
  g_test_add_func ("/ui/timeline/half-sequence", test_half_sequence);
  g_test_add_func ("/ui/timeline/status", test_status);
  g_test_add_func ("/ui/timeline/stills", test_stills);
  g_test_add_func ("/ui/timeline/playing", test_playing);
  g_test_add_func ("/ui/timeline/keys-and-wheel", test_keys_and_wheel);
  g_test_add_func ("/ui/timeline/scrubbing", test_scrubbing);
  g_test_add_func ("/ui/timeline/marks", test_marks);
  g_test_add_func ("/ui/timeline/loop", test_loop);
  g_test_add_func ("/ui/timeline/width", test_width);
  g_test_add_func ("/ui/timeline/narrow", test_narrow);
  g_test_add_func ("/ui/timeline/moved", test_moved);
  g_test_add_func ("/ui/timeline/jump", test_jump);
  g_test_add_func ("/ui/timeline/curves", test_curves);
  g_test_add_func ("/ui/timeline/curves/expert", test_expert_color);
  g_test_add_func ("/ui/timeline/finalize", test_finalize);
  return g_test_run ();
}
