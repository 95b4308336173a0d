/* Two stages on one canvas: each in its half, by turns, and where they disagree; maps in false colours. */
#include <math.h>
#include "canvas-fixture.h"
#include "ui/color-scale.h"

/* Stage 2 is the map of the fixture, stage 1 the same @shift pixels to the right. */
static void
show_stages (CanvasFixture *fixture, gsize shift) {
  const RunetGrid *grid = fixture->image->grid;
  g_autoptr (RunetLabelMap) last = canvas_test_labels_new (fixture->image, 0);
  g_autoptr (RunetLabelMap) first = runet_label_map_new (fixture->image->grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = shift; x < grid->width; x++)
      first->labels[y * grid->width + x] = last->labels[y * grid->width + x - shift];
  runet_canvas_set_labels (fixture->canvas, RUNET_OVERLAY_STAGE1, first, 0);
  runet_canvas_set_labels (fixture->canvas, RUNET_OVERLAY_STAGE2, last, 0);
}

/* m is 1 in columns @first … @end - 1, 0.25 elsewhere. */
static void
show_region (CanvasFixture *fixture, int first, int end) {
  g_autofree float *region = g_new (float, 100 * 100);
  for (int i = 0; i < 100 * 100; i++)
    region[i] = i % 100 >= first && i % 100 < end ? 1 : 0.25f;
  canvas_test_set_region (fixture->canvas, region);
}

static guint
count_in (const RunetShot *shot, double left, double right, RunetOverlay overlay) {
  graphene_rect_t area =
      GRAPHENE_RECT_INIT ((float)left, 40, (float)(right - left), HEIGHT - 80);
  return runet_shot_count (shot, &area, canvas_style_color (overlay), 30);
}

static void
test_swipe (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  show_stages (&fixture, 0);
  show_region (&fixture, 0, 90);
  g_autoptr (RunetShot) single = canvas_fixture_shoot (&fixture);
  g_object_set (fixture.canvas, "swipe", TRUE, NULL);
  g_assert_cmpint (runet_canvas_get_layout (fixture.canvas), ==, RUNET_LAYOUT_SWIPE);
  g_autoptr (RunetShot) half = canvas_fixture_shoot (&fixture);
  g_assert_cmpuint (count_in (half, 0, 145, RUNET_OVERLAY_STAGE1), >, 60);
  g_assert_cmpuint (count_in (half, 0, 145, RUNET_OVERLAY_STAGE2), ==, 0);
  g_assert_cmpuint (count_in (half, 175, WIDTH, RUNET_OVERLAY_STAGE1), ==, 0);
  g_assert_cmpuint (count_in (half, 175, WIDTH, RUNET_OVERLAY_STAGE2), >, 100);
  /* On the right what the stage was given: a quarter of the grey outside, no blue tint. */
  g_assert_cmphex (canvas_fixture_color_at (&fixture, half, 5, 40), ==, GREY_COLOR);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, half, 80, 40), ==, GREY_COLOR);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, half, 97, 40), ==, 0x171717);

  /* Far to the right all is stage 1 and the plain image. */
  g_object_set (fixture.canvas, "swipe-position", 1.0, NULL);
  g_autoptr (RunetShot) first = canvas_fixture_shoot (&fixture);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, first, 94, 40), ==, GREY_COLOR);
  g_assert_cmpuint (count_in (first, 0, WIDTH, RUNET_OVERLAY_STAGE2), ==, 0);

  g_object_set (fixture.canvas, "swipe", FALSE, NULL);
  g_autoptr (RunetShot) again = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (single, again, 0), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

static void
test_divider (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  GtkWidget *divider = fixture.canvas->divider;
  g_assert_false (gtk_widget_get_child_visible (divider));
  g_object_set (fixture.canvas, "swipe", TRUE, NULL);
  runet_test_settle (divider);
  g_assert_true (gtk_widget_get_mapped (divider));
  g_assert_true (gtk_widget_grab_focus (divider));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (divider),
                                   GTK_ACCESSIBLE_ROLE_SLIDER);
  GtkEventController *keys =
      runet_test_find_controller (divider, GTK_TYPE_EVENT_CONTROLLER_KEY);
  static const struct {
    guint key;
    GdkModifierType state;
    double position;
  } presses[] = {
      {GDK_KEY_Right, 0, 0.52},
      {GDK_KEY_Left, 0, 0.5},
      {GDK_KEY_Left, GDK_SHIFT_MASK, 0.4},
      {GDK_KEY_Home, 0, 0},
      {GDK_KEY_Left, 0, 0},
      {GDK_KEY_End, 0, 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS (presses); i++) {
    gboolean handled = FALSE;
    double position;
    g_signal_emit_by_name (keys, "key-pressed", presses[i].key, 0, presses[i].state,
                           &handled);
    g_assert_true (handled);
    g_object_get (fixture.canvas, "swipe-position", &position, NULL);
    g_assert_cmpfloat_with_epsilon (position, presses[i].position, 1e-9);
  }
  /* It stands where it says. */
  g_object_set (fixture.canvas, "swipe-position", 0.25, NULL);
  runet_test_settle (divider);
  double x, y;
  gtk_widget_translate_coordinates (divider, GTK_WIDGET (fixture.canvas),
                                    RUNET_SWIPE_DIVIDER_WIDTH / 2, 0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, WIDTH / 4, 1);
  canvas_fixture_tear_down (&fixture);
}

static void
test_side_by_side (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  show_stages (&fixture, 0);
  g_object_set (fixture.canvas, "swipe", TRUE, NULL);
  g_object_set (fixture.canvas, "side-by-side", TRUE, NULL);
  gboolean swipe;
  g_object_get (fixture.canvas, "swipe", &swipe, NULL);
  g_assert_false (swipe);
  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  const double half = (WIDTH - RUNET_PANE_GAP) / 2;
  g_assert_cmpfloat (fixture.canvas->viewport.width, ==, half);
  guint first = count_in (shot, 0, half, RUNET_OVERLAY_STAGE1);
  guint last = count_in (shot, half, WIDTH, RUNET_OVERLAY_STAGE2);
  g_assert_cmpuint (first, >, 60);
  g_assert_cmpuint (last, >, first);
  g_assert_cmpuint (count_in (shot, half, WIDTH, RUNET_OVERLAY_STAGE1), ==, 0);
  g_assert_cmpuint (count_in (shot, 0, half, RUNET_OVERLAY_STAGE2), ==, 0);

  /* A point of the image is under the pointer in both halves, and stays there when one zooms. */
  GtkEventController *motion = runet_test_find_controller (
      GTK_WIDGET (fixture.canvas), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_signal_emit_by_name (motion, "motion", 60.0, 200.0);
  double left = fixture.canvas->pointer_x;
  g_signal_emit_by_name (motion, "motion", 60 + half + RUNET_PANE_GAP, 200.0);
  g_assert_cmpfloat_with_epsilon (fixture.canvas->pointer_x, left, 1e-9);
  double x, y, now_x, now_y;
  runet_viewport_to_image (&fixture.canvas->viewport, left, 200, &x, &y);
  GtkEventController *scroll = runet_test_find_controller (
      GTK_WIDGET (fixture.canvas), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  gboolean handled;
  g_signal_emit_by_name (scroll, "scroll", 0.0, -3.0, &handled);
  runet_viewport_to_image (&fixture.canvas->viewport, left, 200, &now_x, &now_y);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, >, 1.4);
  g_assert_cmpfloat_with_epsilon (now_x, x, 1e-9);

  g_object_set (fixture.canvas, "side-by-side", FALSE, NULL);
  runet_test_settle (GTK_WIDGET (fixture.canvas));
  g_assert_cmpfloat (fixture.canvas->viewport.width, ==, WIDTH);
  canvas_fixture_tear_down (&fixture);
}

/* Without animations each press shows the other stage alone; with them a clock does it. Afterwards all is as
 * before, whatever was visible. */
static void
test_flicker (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  show_stages (&fixture, 12);
  g_object_set (fixture.canvas, "show-stage1", FALSE, NULL);
  GtkSettings *settings = gtk_settings_get_default ();
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  g_autoptr (RunetShot) before = canvas_fixture_shoot (&fixture);
  for (int press = 0; press < 4; press++) {
    RunetOverlay on = press % 2 == 0 ? RUNET_OVERLAY_STAGE1 : RUNET_OVERLAY_STAGE2;
    RunetOverlay off = press % 2 == 0 ? RUNET_OVERLAY_STAGE2 : RUNET_OVERLAY_STAGE1;
    g_object_set (fixture.canvas, "flicker", TRUE, NULL);
    g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
    g_assert_cmpuint (count_in (shot, 0, WIDTH, on), >, 100);
    g_assert_cmpuint (count_in (shot, 0, WIDTH, off), ==, 0);
    g_assert_cmpuint (fixture.canvas->flicker_id, ==, 0);
    g_object_set (fixture.canvas, "flicker", FALSE, NULL);
    g_autoptr (RunetShot) after = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (before, after, 0), ==, 0);
  }
  g_assert_false (
      runet_canvas_get_overlay_visible (fixture.canvas, RUNET_OVERLAY_STAGE1));

  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  g_object_set (fixture.canvas, "flicker", TRUE, NULL);
  guint switches = 0;
  RunetOverlay stage = fixture.canvas->flicker_stage;
  gint64 start = g_get_monotonic_time ();
  while (switches < 3) {
    g_main_context_iteration (NULL, TRUE);
    switches += fixture.canvas->flicker_stage != stage;
    stage = fixture.canvas->flicker_stage;
  }
  double seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_assert_cmpfloat (seconds, >, 0.9);
  canvas_fixture_tear_down (&fixture);
}

/* The outer wall of stage 2 is 3 mm from that of stage 1: three quarters up the scale. */
static void
test_disagreement (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  show_stages (&fixture, 6);
  g_autoptr (RunetShot) plain = canvas_fixture_shoot (&fixture);
  g_object_set (fixture.canvas, "show-disagreement", TRUE, NULL);
  g_autoptr (RunetShot) colored = canvas_fixture_shoot (&fixture);
  const RunetDisagreement *found = runet_canvas_get_disagreement (fixture.canvas);
  g_assert_cmpfloat_with_epsilon (runet_disagreement_get_largest (found), 3, 0.05);
  guint32 far = canvas_fixture_color_at (&fixture, colored, 30, 40);
  GdkRGBA wanted = runet_color_scale_get (0.75);
  g_assert_cmpint (abs ((int)(far >> 16) - (int)(wanted.red * 255)), <, 16);
  g_assert_cmpint (abs ((int)(far & 255) - (int)(wanted.blue * 255)), <, 16);
  /* Along the upper wall, which both share, it is the lower end: another colour, and narrower. */
  guint32 near = canvas_fixture_color_at (&fixture, colored, 55, 20);
  g_assert_cmpint ((int)(near & 255), >, (int)(near >> 16) + 60);
  g_assert_cmpfloat (runet_shot_compare (plain, colored, 8), >, 0.01);
  g_object_set (fixture.canvas, "show-disagreement", FALSE, NULL);
  g_autoptr (RunetShot) again = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (plain, again, 0), ==, 0);

  /* With one stage alone there is nothing to compare and nothing is drawn for it. */
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE1, NULL, 0);
  g_autoptr (RunetShot) without = canvas_fixture_shoot (&fixture);
  g_object_set (fixture.canvas, "show-disagreement", TRUE, NULL);
  g_assert_null (runet_canvas_get_disagreement (fixture.canvas));
  g_autoptr (RunetShot) with = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (without, with, 0), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

/* The region ends at the left wall of stage 2 (column 30): ticks there, none at the right wall. */
static void
test_touch (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  show_stages (&fixture, 0);
  show_region (&fixture, 30, 90);
  g_object_set (fixture.canvas, "show-stage1", FALSE, "show-region", FALSE, NULL);
  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  guint ticks[2];
  for (int side = 0; side < 2; side++) {
    double x, y0, y1;
    double wall = side == 0 ? 30 : 70;
    runet_viewport_to_widget (&fixture.canvas->viewport, wall, 25, &x, &y0);
    runet_viewport_to_widget (&fixture.canvas->viewport, wall, 55, &x, &y1);
    graphene_rect_t area =
        GRAPHENE_RECT_INIT ((float)x - 9, (float)y0, 18, (float)(y1 - y0));
    ticks[side] = runet_shot_count (shot, &area, 0xff7329, 50);
  }
  g_assert_cmpuint (ticks[0], >, 100);
  g_assert_cmpuint (ticks[1], ==, 0);
  canvas_fixture_tear_down (&fixture);
}

static void
test_map (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  g_autoptr (RunetShot) bare = canvas_fixture_shoot (&fixture);
  g_autofree float *map = g_new (float, 100 * 100);
  for (int i = 0; i < 100 * 100; i++)
    map[i] = i % 100 < 50 ? 0 : 1;
  g_object_set (fixture.canvas, "map-opacity", 1.0, NULL);
  runet_canvas_set_map (fixture.canvas, map, 0, "Map");
  g_autoptr (RunetShot) opaque = canvas_fixture_shoot (&fixture);
  guint32 low = canvas_fixture_color_at (&fixture, opaque, 20, 50);
  guint32 high = canvas_fixture_color_at (&fixture, opaque, 80, 50);
  GdkRGBA first = runet_color_scale_get (0), last = runet_color_scale_get (1);
  g_assert_cmpint (abs ((int)(low >> 16) - (int)(first.red * 255)), <=, 1);
  g_assert_cmpint (abs ((int)(high >> 16) - (int)(last.red * 255)), <=, 1);
  g_object_set (fixture.canvas, "map-opacity", 0.5, NULL);
  g_autoptr (RunetShot) half = canvas_fixture_shoot (&fixture);
  int mixed = (int)(canvas_fixture_color_at (&fixture, half, 80, 50) >> 16);
  g_assert_cmpint (abs (mixed - (GREY + (int)(high >> 16)) / 2), <=, 2);

  /* It is of its frame. */
  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, other, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 0);
  runet_canvas_set_map (fixture.canvas, NULL, 0, NULL);
  g_autoptr (RunetShot) cleared = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, cleared, 0), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

static void
test_tag (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  runet_canvas_set_tag (fixture.canvas, "Experiment: dilation 15");
  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  graphene_rect_t top = GRAPHENE_RECT_INIT (0, 0, WIDTH, 40);
  g_assert_cmpuint (runet_shot_count (shot, &top, 0xff7329, 40), >, 60);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Experiment: dilation 15");
  canvas_fixture_tear_down (&fixture);
}

static double
to_light (float value) {
  double v = (double)value;
  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

/* OKLab of sRGB, from Ottosson's other pair of matrices. @blind: as who has no green cones sees it: red and
 * green are one, by Viénot, Brettel and Mollon (1999). */
static void
to_lab (const GdkRGBA *color, gboolean blind, double lab[3]) {
  double r = to_light (color->red), g = to_light (color->green),
         b = to_light (color->blue);
  if (blind) {
    b = CLAMP (-0.02234 * r + 0.02234 * g + b, 0.0, 1.0);
    r = g = 0.29275 * r + 0.70725 * g;
  }
  double l = cbrt (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  double m = cbrt (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  double s = cbrt (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

/* Equal steps for all, nearly equal ones for the colour-blind, and ever lighter for both. */
static void
test_color_scale (void) {
  enum { STEPS = 24 };
  for (int blind = 0; blind < 2; blind++) {
    double before[3], steps[STEPS], mean = 0;
    GdkRGBA color = runet_color_scale_get (0);
    to_lab (&color, blind, before);
    for (int i = 0; i < STEPS; i++) {
      double lab[3];
      color = runet_color_scale_get ((i + 1.0) / STEPS);
      to_lab (&color, blind, lab);
      g_assert_cmpfloat (lab[0], >, before[0]);
      steps[i] = sqrt (pow (lab[0] - before[0], 2) + pow (lab[1] - before[1], 2) +
                       pow (lab[2] - before[2], 2));
      mean += steps[i] / STEPS;
      memcpy (before, lab, sizeof lab);
    }
    for (int i = 0; i < STEPS; i++)
      g_assert_cmpfloat (fabs (steps[i] / mean - 1), <, blind ? 0.45 : 0.15);
  }
  GdkRGBA nan = runet_color_scale_get (NAN), zero = runet_color_scale_get (-3);
  g_assert_true (gdk_rgba_equal (&nan, &zero));
}

/* A model of one stage has nothing to compare: whatever layout is on, it is shown whole. */
static void
test_one_stage (void) {
  static const char *const modes[] = {"swipe", "side-by-side", "flicker"};
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  runet_canvas_set_stages (fixture.canvas, 1);
  g_autoptr (RunetShot) plain = canvas_fixture_shoot (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    g_object_set (fixture.canvas, modes[i], TRUE, NULL);
    g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (plain, shot, 0), ==, 0);
    g_object_set (fixture.canvas, modes[i], FALSE, NULL);
  }
  canvas_fixture_tear_down (&fixture);
}

static void
test_finalized (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  show_stages (&fixture, 6);
  show_region (&fixture, 30, 90);
  g_object_set (fixture.canvas, "swipe", TRUE, "show-disagreement", TRUE, "flicker",
                TRUE, NULL);
  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  RunetCanvas *canvas = g_object_ref (fixture.canvas);
  GtkWidget *divider = g_object_ref (canvas->divider);
  canvas_fixture_tear_down (&fixture);
  g_assert_finalize_object (canvas);
  g_assert_finalize_object (divider);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas-compare/swipe", test_swipe);
  g_test_add_func ("/ui/canvas-compare/divider", test_divider);
  g_test_add_func ("/ui/canvas-compare/side-by-side", test_side_by_side);
  g_test_add_func ("/ui/canvas-compare/flicker", test_flicker);
  g_test_add_func ("/ui/canvas-compare/disagreement", test_disagreement);
  g_test_add_func ("/ui/canvas-compare/touch", test_touch);
  g_test_add_func ("/ui/canvas-compare/map", test_map);
  g_test_add_func ("/ui/canvas-compare/tag", test_tag);
  g_test_add_func ("/ui/canvas-compare/color-scale", test_color_scale);
  g_test_add_func ("/ui/canvas-compare/one-stage", test_one_stage);
  g_test_add_func ("/ui/canvas-compare/finalized", test_finalized);
  return g_test_run ();
}
