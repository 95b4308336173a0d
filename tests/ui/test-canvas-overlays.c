/* What is drawn over the image: outlines, region, reasons, each where it belongs and only there. */
#include <math.h>
#include "canvas-fixture.h"
#include "ui/placement.h"

/* A strip of the screen along the upper wall of the epi box, clear of corners and tags. */
static graphene_rect_t
strip_on_wall (const CanvasFixture *fixture) {
  double x0, y0, x1, y1;
  runet_viewport_to_widget (&fixture->canvas->viewport, 34, 19, &x0, &y0);
  runet_viewport_to_widget (&fixture->canvas->viewport, 66, 21, &x1, &y1);
  return GRAPHENE_RECT_INIT ((float)floor (x0), (float)floor (y0),
                             (float)ceil (x1 - x0), (float)ceil (y1 - y0));
}

static void
test_outlines (void) {
  static const char *properties[] = {NULL, "show-stage1", "show-stage2", "show-expert",
                                     "show-corrected"};
  guint counts[RUNET_OVERLAYS];
  for (RunetOverlay overlay = RUNET_OVERLAY_STAGE1; overlay < RUNET_OVERLAYS;
       overlay++) {
    CanvasFixture fixture;
    canvas_fixture_set_up (&fixture, NAN);
    g_autoptr (RunetShot) bare = canvas_fixture_shoot (&fixture);
    g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
    runet_canvas_set_labels (fixture.canvas, overlay, map, 0);
    g_autoptr (RunetShot) drawn = canvas_fixture_shoot (&fixture);
    graphene_rect_t strip = strip_on_wall (&fixture);
    counts[overlay] =
        runet_shot_count (drawn, &strip, canvas_style_color (overlay), 64);
    g_assert_cmpuint (counts[overlay], >, 20);

    /* Nothing inside a structure or far from all of them changes. */
    g_assert_cmphex (canvas_fixture_color_at (&fixture, drawn, 50, 45), ==, GREY_COLOR);
    g_assert_cmphex (canvas_fixture_color_at (&fixture, drawn, 35, 57), ==, GREY_COLOR);
    g_assert_cmphex (canvas_fixture_color_at (&fixture, drawn, 10, 90), ==, GREY_COLOR);
    g_assert_cmpfloat (runet_shot_compare (bare, drawn, 0), <, 0.2);

    g_object_set (fixture.canvas, properties[overlay], FALSE, NULL);
    g_assert_false (runet_canvas_get_overlay_visible (fixture.canvas, overlay));
    g_autoptr (RunetShot) hidden = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (bare, hidden, 0), ==, 0);
    canvas_fixture_tear_down (&fixture);
  }
  /* A solid line has more ink than a dashed one. */
  g_assert_cmpuint (counts[RUNET_OVERLAY_STAGE2], >,
                    counts[RUNET_OVERLAY_STAGE1] * 5 / 4);
}

/* Each of endo, epi and LA has a line: in the middle of a side of each, on the pixel's edge. */
static void
test_three_structures (void) {
  static const double places[][2] = {{40, 40}, {70, 40}, {50, 80}, {50, 60}};
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    double x, y;
    runet_viewport_to_widget (&fixture.canvas->viewport, places[i][0], places[i][1], &x,
                              &y);
    graphene_rect_t area = GRAPHENE_RECT_INIT ((float)x - 2, (float)y - 2, 5, 5);
    g_assert_cmpuint (
        runet_shot_count (shot, &area, canvas_style_color (RUNET_OVERLAY_STAGE2), 40),
        >=, 3);
  }
  canvas_fixture_tear_down (&fixture);
}

static void
test_frames (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  g_autoptr (RunetShot) bare = canvas_fixture_shoot (&fixture);

  /* A still that belongs to the second frame. */
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (fixture.image->grid, 1);
  g_autoptr (RunetImage) still_image = runet_image_new (grid, NULL);
  g_autoptr (RunetLabelMap) still = canvas_test_labels_new (still_image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, still, 1);
  g_autoptr (RunetShot) first = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, first, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 1);
  g_assert_cmpuint (runet_canvas_get_frame (fixture.canvas), ==, 1);
  g_autoptr (RunetShot) second = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, second, 0), >, 0.01);

  /* A sequence whose first frame is empty looks the same on the second. */
  g_autoptr (RunetLabelMap) sequence = canvas_test_labels_new (fixture.image, 1);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, sequence, 0);
  g_autoptr (RunetShot) again = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (second, again, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 0);
  g_autoptr (RunetShot) empty = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, empty, 0), ==, 0);

  /* Beyond the end is the last one. */
  runet_canvas_set_frame (fixture.canvas, 99);
  g_assert_cmpuint (runet_canvas_get_frame (fixture.canvas), ==, 1);
  canvas_fixture_tear_down (&fixture);
}

static void
test_region (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  float *region = g_new (float, 100 * 100);
  for (int i = 0; i < 100 * 100; i++)
    region[i] = i % 100 < 50 ? 1 : 0;
  canvas_test_set_region (fixture.canvas, region);
  g_free (region);

  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, shot, 20, 40), ==, GREY_COLOR);
  guint32 outside = canvas_fixture_color_at (&fixture, shot, 80, 40);
  g_assert_cmpint ((int)(outside >> 16), <, GREY * 2 / 3);
  /* Darkened towards blue, not towards black. */
  g_assert_cmpint ((int)(outside & 255), >, (int)(outside >> 16) + 10);
  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50, 50, &x, &y);
  graphene_rect_t border = GRAPHENE_RECT_INIT ((float)x - 3, (float)y - 60, 7, 120);
  g_assert_cmpuint (
      runet_shot_count (shot, &border, canvas_style_color (RUNET_OVERLAY_REGION), 70),
      >, 50);

  g_object_set (fixture.canvas, "show-region", FALSE, NULL);
  g_autoptr (RunetShot) hidden = canvas_fixture_shoot (&fixture);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, hidden, 80, 40), ==, GREY_COLOR);
  g_object_set (fixture.canvas, "show-region", TRUE, NULL);
  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other_frame = canvas_fixture_shoot (&fixture);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, other_frame, 80, 40), ==,
                   GREY_COLOR);
  canvas_fixture_tear_down (&fixture);
}

static void
test_reasons (void) {
  const RunetReason reasons[] = {
      {RUNET_REASON_CONVEXITY, RUNET_SEVERITY_ANATOMICAL, RUNET_STRUCTURE_ENDO, 0.7,
       0.741, 50, 50},
      {RUNET_REASON_MISSING, RUNET_SEVERITY_ANATOMICAL, RUNET_STRUCTURE_LA, 0, 0, NAN,
       NAN},
  };
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  g_array_append_vals (array, reasons, G_N_ELEMENTS (reasons));
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  g_autoptr (RunetShot) bare = canvas_fixture_shoot (&fixture);
  runet_canvas_set_reasons (fixture.canvas, array, 0);
  g_autoptr (RunetShot) marked = canvas_fixture_shoot (&fixture);

  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50, 50, &x, &y);
  graphene_rect_t ring = GRAPHENE_RECT_INIT ((float)x - 12, (float)y - 12, 24, 24);
  g_assert_cmpuint (runet_shot_count (marked, &ring, 0xff7329, 40), >, 60);
  g_assert_cmphex (canvas_fixture_color_at (&fixture, marked, 5, 95), ==, GREY_COLOR);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Endo: convexity 0.700 < 0.741; LA: missing");

  /* They speak of the last stage: they go with it, with their own switch, and while the image alone is shown. */
  static const char *const switches[] = {"show-stage2", "show-reasons", "bare"};
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++) {
    gboolean on;
    g_object_get (fixture.canvas, switches[i], &on, NULL);
    g_object_set (fixture.canvas, switches[i], !on, NULL);
    gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                         GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
    g_autoptr (RunetShot) without = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (bare, without, 0), ==, 0);
    g_object_set (fixture.canvas, switches[i], on, NULL);
    g_autoptr (RunetShot) again = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (marked, again, 0), ==, 0);
  }

  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, other, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 0);
  runet_canvas_set_reasons (fixture.canvas, NULL, 0);
  g_autoptr (RunetShot) cleared = canvas_fixture_shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, cleared, 0), ==, 0);
  canvas_fixture_tear_down (&fixture);
}

static void
test_placement (void) {
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (4, 4, 500, 400);
  g_autoptr (RunetPlacement) placement = runet_placement_new (&bounds);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  graphene_rect_t placed[60];
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS (placed); i++) {
    double x = g_rand_double_range (rand, 0, 508),
           y = g_rand_double_range (rand, 0, 408);
    if (runet_placement_find (placement, x, y, 110, 22, &placed[count]))
      count++;
  }
  g_assert_cmpuint (count, >=, 25);
  g_assert_cmpuint (count, <, G_N_ELEMENTS (placed)); /* they cannot all fit */
  for (guint i = 0; i < count; i++) {
    g_assert_true (graphene_rect_contains_rect (&bounds, &placed[i]));
    for (guint j = 0; j < i; j++)
      g_assert_false (graphene_rect_intersection (&placed[i], &placed[j], NULL));
  }
}

/* What is avoided is used only when nothing else is left. */
static void
test_avoidance (void) {
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 500, 400), place;
  graphene_rect_t heart = GRAPHENE_RECT_INIT (120, 80, 260, 240);
  g_autoptr (RunetPlacement) placement = runet_placement_new (&bounds);
  runet_placement_avoid (placement, &heart);
  for (guint i = 0; i < 4; i++) {
    g_assert_true (
        runet_placement_find (placement, 200 + 30 * i, 200, 100, 22, &place));
    g_assert_false (graphene_rect_intersection (&heart, &place, NULL));
  }
  runet_placement_avoid (placement, &bounds);
  g_assert_true (runet_placement_find (placement, 250, 200, 100, 22, &place));
  runet_placement_avoid (placement, NULL);
  g_assert_true (runet_placement_find (placement, 250, 200, 100, 22, &place));
  g_assert_true (graphene_rect_intersection (&heart, &place, NULL));
}

static void
test_swatches (void) {
  for (RunetOverlay overlay = 0; overlay < RUNET_OVERLAYS; overlay++) {
    GtkWidget *swatch = runet_overlay_swatch_new (overlay);
    GtkWindow *window = runet_test_window_new (swatch, 100, 60);
    g_autoptr (RunetShot) shot = runet_shot_new (swatch);
    graphene_rect_t all =
        GRAPHENE_RECT_INIT (0, 0, (float)shot->width, (float)shot->height);
    g_assert_cmpuint (runet_shot_count (shot, &all, canvas_style_color (overlay), 40),
                      >, 15);
    gtk_window_destroy (window);
  }
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas-overlays/outlines", test_outlines);
  g_test_add_func ("/ui/canvas-overlays/three-structures", test_three_structures);
  g_test_add_func ("/ui/canvas-overlays/frames", test_frames);
  g_test_add_func ("/ui/canvas-overlays/region", test_region);
  g_test_add_func ("/ui/canvas-overlays/reasons", test_reasons);
  g_test_add_func ("/ui/canvas-overlays/placement", test_placement);
  g_test_add_func ("/ui/canvas-overlays/avoidance", test_avoidance);
  g_test_add_func ("/ui/canvas-overlays/swatches", test_swatches);
  return g_test_run ();
}
