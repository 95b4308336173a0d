/* The canvas drawn offscreen: every pixel that counts, and what hands do to it. */
#include "ui/canvas-private.h"

#include <math.h>
#include "offscreen.h"
#include "ui/frame-texture.h"
#include "ui/placement.h"
#ifdef HAVE_XTEST
#include <X11/extensions/XTest.h>
#include <gdk/x11/gdkx.h>
#endif

#define WIDTH 320
#define HEIGHT 400
#define GREY 90
#define GREY_COLOR 0x5a5a5au

static RunetImage *
make_image (gsize width,
            gsize height,
            gsize frames,
            double spacing_x,
            double spacing_y) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (width, height, frames, spacing_x, spacing_y, RUNET_FORMAT_NIFTI,
                      RUNET_PIXEL_UINT8);
  RunetImage *image = runet_image_new (grid, NULL);
  for (gsize i = 0; i < width * height * frames; i++)
    image->pixels[i] = GREY;
  return image;
}

static void
fill (RunetLabelMap *map,
      gsize frame,
      gsize x0,
      gsize y0,
      gsize x1,
      gsize y1,
      guint8 label) {
  const RunetGrid *grid = map->grid;
  for (gsize y = y0; y < y1; y++)
    for (gsize x = x0; x < x1; x++)
      map->labels[(frame * grid->height + y) * grid->width + x] = label;
}

/* Boxes on a 100 × 100 grid: myocardium around the LV, open below, and an LA under it. */
static RunetLabelMap *
make_labels (const RunetImage *image, gsize frame) {
  RunetLabelMap *map = runet_label_map_new (image->grid, NULL);
  fill (map, frame, 30, 20, 70, 60, RUNET_LABEL_MYOCARDIUM);
  fill (map, frame, 40, 30, 60, 60, RUNET_LABEL_LV);
  fill (map, frame, 40, 60, 60, 80, RUNET_LABEL_LA);
  return map;
}

typedef struct {
  RunetCanvas *canvas;
  GtkWindow *window;
  RunetImage *image;
} Fixture;

/* @spacing: the image is 100 × 100 pixels of it; NaN leaves out the scale and the ticks. */
static void
set_up (Fixture *fixture, double spacing) {
  fixture->canvas = RUNET_CANVAS (runet_canvas_new ());
  fixture->image = make_image (100, 100, 2, spacing, spacing);
  runet_canvas_set_image (fixture->canvas, fixture->image);
  fixture->window = runet_test_window_new (GTK_WIDGET (fixture->canvas), WIDTH, HEIGHT);
}

static void
tear_down (Fixture *fixture) {
  gtk_window_destroy (fixture->window);
  runet_image_unref (fixture->image);
}

static RunetShot *
shoot (const Fixture *fixture) {
  return runet_shot_new (GTK_WIDGET (fixture->canvas));
}

/* The colour on the screen at a point of the image. */
static guint32
color_at (const Fixture *fixture, const RunetShot *shot, double x, double y) {
  double widget_x, widget_y;
  runet_viewport_to_widget (&fixture->canvas->viewport, x, y, &widget_x, &widget_y);
  return runet_shot_at (shot, widget_x, widget_y);
}

static GtkEventController *
find_controller (GtkWidget *widget, GType type) {
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
    if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
      return controller;
  }
  g_assert_not_reached ();
}

static void
test_aspect (void) {
  /* Pixels half as wide as they are high: the image is twice as high as it is wide. */
  static const struct {
    double spacing_x, spacing_y, width, height;
  } cases[] = {
      {0.5, 1.0, 188, 376},
      {1.0, 0.5, 296, 148},
      {1.0, 1.0, 296, 296},
      {NAN, NAN, 296, 296},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Fixture fixture;
    set_up (&fixture, 1);
    g_autoptr (RunetImage) image =
        make_image (64, 64, 1, cases[i].spacing_x, cases[i].spacing_y);
    runet_canvas_set_image (fixture.canvas, image);
    g_autoptr (RunetShot) shot = shoot (&fixture);
    graphene_rect_t row = GRAPHENE_RECT_INIT (0, HEIGHT / 2, WIDTH, 1);
    graphene_rect_t column = GRAPHENE_RECT_INIT (WIDTH / 2 + 80, 0, 1, HEIGHT);
    g_assert_cmpuint (runet_shot_count (shot, &row, GREY_COLOR, 0), ==, cases[i].width);
    g_assert_cmpuint (runet_shot_count (shot, &column, GREY_COLOR, 0), ==,
                      cases[i].height);
    tear_down (&fixture);
  }
}

static void
test_window (void) {
  static const float values[] = {0, 50, 75, 110, 150, 255};
  static const guint32 windowed[] = {0, 0, 64, 153, 255, 255};
  Fixture fixture;
  set_up (&fixture, NAN);
  for (gsize i = 0; i < 100 * 100; i++)
    fixture.image->pixels[i] = values[MIN (i % 100 / 16, 5)];
  runet_canvas_set_image (fixture.canvas, fixture.image);

  for (int round = 0; round < 3; round++) {
    if (round == 1)
      g_object_set (fixture.canvas, "window-center", 100.0, "window-width", 100.0,
                    NULL);
    if (round == 2)
      runet_canvas_reset_window (fixture.canvas);
    g_autoptr (RunetShot) shot = shoot (&fixture);
    for (guint i = 0; i < 6; i++) {
      guint32 grey = round == 1 ? windowed[i] : (guint32)values[i];
      g_assert_cmphex (color_at (&fixture, shot, 16 * i + 8, 50), ==, grey * 0x10101);
    }
  }
  tear_down (&fixture);
}

static void
test_window_of_other_ranges (void) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (4, 4, 1, 1, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_FLOAT32);
  g_autoptr (RunetImage) image = runet_image_new (grid, NULL);
  RunetCanvas *canvas = RUNET_CANVAS (g_object_ref_sink (runet_canvas_new ()));
  double center, width;

  image->pixels[3] = 1000;
  image->pixels[5] = -200;
  runet_canvas_set_image (canvas, image);
  g_object_get (canvas, "window-center", &center, "window-width", &width, NULL);
  g_assert_cmpfloat (center, ==, 400);
  g_assert_cmpfloat (width, ==, 1200);

  /* Another size, and eight bits in a wider type. */
  g_autoptr (RunetGrid) wide =
      runet_grid_new (5, 4, 1, 1, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_INT16);
  g_autoptr (RunetImage) eight = runet_image_new (wide, NULL);
  eight->pixels[3] = 200;
  runet_canvas_set_image (canvas, eight);
  g_object_get (canvas, "window-center", &center, "window-width", &width, NULL);
  g_assert_cmpfloat (center, ==, 127.5);
  g_assert_cmpfloat (width, ==, 255);
  g_assert_finalize_object (canvas);
}

/* A texture is the same whether the image is shown whole or in part, and shrinking averages. */
static void
test_resampling (void) {
  const RunetSamples whole = {0.5, 1, 8};
  const RunetSamples half = {4, 8, 1};
  float pixels[64];
  guint32 words[64], one;
  for (int i = 0; i < 64; i++)
    pixels[i] = (float)(i % 8 % 2 == 0 ? 255 : 0);

  g_autoptr (GdkTexture) same =
      runet_frame_texture_new (pixels, 8, 8, &whole, &whole, 127.5, 255);
  gdk_texture_download (same, (guchar *)words, 32);
  for (int i = 0; i < 64; i++)
    g_assert_cmphex (words[i], ==, i % 8 % 2 == 0 ? 0xffffffff : 0xff000000);

  g_autoptr (GdkTexture) shrunk =
      runet_frame_texture_new (pixels, 8, 8, &half, &half, 127.5, 255);
  gdk_texture_download (shrunk, (guchar *)&one, 4);
  g_assert_cmpint ((int)(one & 255), >=, 120);
  g_assert_cmpint ((int)(one & 255), <=, 135);
}

static guint notified;

static void
notify_cb (void) {
  notified++;
}

static void
test_zoom_at_pointer (void) {
  Fixture fixture;
  set_up (&fixture, 0.5);
  RunetViewport *viewport = &fixture.canvas->viewport;
  GtkWidget *widget = GTK_WIDGET (fixture.canvas);
  GtkEventController *motion =
      find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *scroll =
      find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  notified = 0;
  g_signal_connect (fixture.canvas, "notify::zoom", notify_cb, NULL);

  const double px = 71, py = 300;
  double x, y, zoom, last_zoom = 1;
  runet_viewport_to_image (viewport, px, py, &x, &y);
  g_signal_emit_by_name (motion, "motion", px, py);
  for (int i = 0; i < 8; i++) {
    gboolean handled = FALSE;
    g_signal_emit_by_name (scroll, "scroll", 0.0, i < 5 ? -1.0 : 1.0, &handled);
    g_assert_true (handled);
    g_object_get (fixture.canvas, "zoom", &zoom, NULL);
    g_assert_true (i < 5 ? zoom > last_zoom : zoom < last_zoom);
    last_zoom = zoom;
    double now_x, now_y;
    runet_viewport_to_image (viewport, px, py, &now_x, &now_y);
    g_assert_cmpfloat_with_epsilon (now_x, x, 1e-9);
    g_assert_cmpfloat_with_epsilon (now_y, y, 1e-9);
  }
  g_assert_cmpuint (notified, ==, 8);

  runet_canvas_zoom_to_fit (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  runet_canvas_zoom_out (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  for (int i = 0; i < 40; i++)
    runet_canvas_zoom_in (fixture.canvas);
  g_assert_cmpfloat (viewport->zoom, ==, RUNET_ZOOM_MAX);
  tear_down (&fixture);
}

/* However it is pushed, some of the image stays in sight. */
static void
test_pan (void) {
  Fixture fixture;
  set_up (&fixture, 0.5);
  RunetViewport *viewport = &fixture.canvas->viewport;
  GtkEventController *keys =
      find_controller (GTK_WIDGET (fixture.canvas), GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = TRUE;

  /* An image that fits leaves the arrows to the timeline. */
  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Left, 0, 0, &handled);
  g_assert_false (handled);

  g_object_set (fixture.canvas, "zoom", 4.0, NULL);
  double before_x, before_y, x, y;
  runet_viewport_to_widget (viewport, 10, 10, &before_x, &before_y);
  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Left, 0, 0, &handled);
  g_assert_true (handled);
  runet_viewport_to_widget (viewport, 10, 10, &x, &y);
  g_assert_cmpfloat_with_epsilon (x - before_x, 40, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, before_y, 1e-9);
  for (int i = 0; i < 200; i++)
    g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Down, 0, 0, &handled);
  graphene_rect_t bounds = runet_viewport_get_image_bounds (viewport);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, >=, HEIGHT / 2 - 1);
  tear_down (&fixture);
}

static void
test_kept_from_image_to_image (void) {
  Fixture fixture;
  set_up (&fixture, 0.5);
  g_object_set (fixture.canvas, "zoom", 3.0, "window-center", 60.0, NULL);
  g_autoptr (RunetLabelMap) map = make_labels (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  double zoom, center;

  g_autoptr (RunetImage) same = make_image (100, 100, 1, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, same);
  g_object_get (fixture.canvas, "zoom", &zoom, "window-center", &center, NULL);
  g_assert_cmpfloat (zoom, ==, 3);
  g_assert_cmpfloat (center, ==, 60);
  g_assert_null (runet_canvas_get_outline (fixture.canvas, RUNET_OVERLAY_STAGE2));

  g_autoptr (RunetImage) other = make_image (90, 100, 1, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, other);
  g_object_get (fixture.canvas, "zoom", &zoom, "window-center", &center, NULL);
  g_assert_cmpfloat (zoom, ==, 1);
  g_assert_cmpfloat (center, ==, 127.5);
  tear_down (&fixture);
}

static guint32
style_color (RunetOverlay overlay) {
  const GdkRGBA *color = &runet_overlay_get_style (overlay)->color;
  return (guint32)(color->red * 255 + 0.5f) << 16 |
         (guint32)(color->green * 255 + 0.5f) << 8 |
         (guint32)(color->blue * 255 + 0.5f);
}

/* A strip of the screen along the upper wall of the epi box, clear of corners and tags. */
static graphene_rect_t
strip_on_wall (const Fixture *fixture) {
  double x0, y0, x1, y1;
  runet_viewport_to_widget (&fixture->canvas->viewport, 34, 19, &x0, &y0);
  runet_viewport_to_widget (&fixture->canvas->viewport, 66, 21, &x1, &y1);
  return GRAPHENE_RECT_INIT ((float)floor (x0), (float)floor (y0),
                             (float)ceil (x1 - x0), (float)ceil (y1 - y0));
}

static void
test_outlines (void) {
  static const char *properties[] = {NULL, "show-stage1", "show-stage2", "show-expert"};
  guint counts[RUNET_OVERLAYS];
  for (RunetOverlay overlay = RUNET_OVERLAY_STAGE1; overlay < RUNET_OVERLAYS;
       overlay++) {
    Fixture fixture;
    set_up (&fixture, NAN);
    g_autoptr (RunetShot) bare = shoot (&fixture);
    g_autoptr (RunetLabelMap) map = make_labels (fixture.image, 0);
    runet_canvas_set_labels (fixture.canvas, overlay, map, 0);
    g_autoptr (RunetShot) drawn = shoot (&fixture);
    graphene_rect_t strip = strip_on_wall (&fixture);
    counts[overlay] = runet_shot_count (drawn, &strip, style_color (overlay), 24);
    g_assert_cmpuint (counts[overlay], >, 20);

    /* Nothing inside a structure or far from all of them changes. */
    g_assert_cmphex (color_at (&fixture, drawn, 50, 45), ==, GREY_COLOR);
    g_assert_cmphex (color_at (&fixture, drawn, 35, 57), ==, GREY_COLOR);
    g_assert_cmphex (color_at (&fixture, drawn, 10, 90), ==, GREY_COLOR);
    g_assert_cmpfloat (runet_shot_compare (bare, drawn, 0), <, 0.2);

    g_object_set (fixture.canvas, properties[overlay], FALSE, NULL);
    g_assert_false (runet_canvas_get_overlay_visible (fixture.canvas, overlay));
    g_autoptr (RunetShot) hidden = shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (bare, hidden, 0), ==, 0);
    tear_down (&fixture);
  }
  /* A solid line has more ink than a dashed one. */
  g_assert_cmpuint (counts[RUNET_OVERLAY_STAGE2], >,
                    counts[RUNET_OVERLAY_STAGE1] * 5 / 4);
}

/* Each of endo, epi and LA has a line: in the middle of a side of each, on the pixel's edge. */
static void
test_three_structures (void) {
  static const double places[][2] = {{40, 40}, {70, 40}, {50, 80}, {50, 60}};
  Fixture fixture;
  set_up (&fixture, NAN);
  g_autoptr (RunetLabelMap) map = make_labels (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  g_autoptr (RunetShot) shot = shoot (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    double x, y;
    runet_viewport_to_widget (&fixture.canvas->viewport, places[i][0], places[i][1], &x,
                              &y);
    graphene_rect_t area = GRAPHENE_RECT_INIT ((float)x - 2, (float)y - 2, 5, 5);
    g_assert_cmpuint (
        runet_shot_count (shot, &area, style_color (RUNET_OVERLAY_STAGE2), 40), >=, 3);
  }
  tear_down (&fixture);
}

static void
test_frames (void) {
  Fixture fixture;
  set_up (&fixture, NAN);
  g_autoptr (RunetShot) bare = shoot (&fixture);

  /* A still that belongs to the second frame. */
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (fixture.image->grid, 1);
  g_autoptr (RunetImage) still_image = runet_image_new (grid, NULL);
  g_autoptr (RunetLabelMap) still = make_labels (still_image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, still, 1);
  g_autoptr (RunetShot) first = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, first, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 1);
  g_assert_cmpuint (runet_canvas_get_frame (fixture.canvas), ==, 1);
  g_autoptr (RunetShot) second = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, second, 0), >, 0.01);

  /* A sequence whose first frame is empty looks the same on the second. */
  g_autoptr (RunetLabelMap) sequence = make_labels (fixture.image, 1);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, sequence, 0);
  g_autoptr (RunetShot) again = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (second, again, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 0);
  g_autoptr (RunetShot) empty = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, empty, 0), ==, 0);

  /* Beyond the end is the last one. */
  runet_canvas_set_frame (fixture.canvas, 99);
  g_assert_cmpuint (runet_canvas_get_frame (fixture.canvas), ==, 1);
  tear_down (&fixture);
}

static void
test_region (void) {
  Fixture fixture;
  set_up (&fixture, NAN);
  float *region = g_new (float, 100 * 100);
  for (int i = 0; i < 100 * 100; i++)
    region[i] = i % 100 < 50 ? 1 : 0;
  runet_canvas_set_region (fixture.canvas, region, 0);
  g_free (region);

  g_autoptr (RunetShot) shot = shoot (&fixture);
  g_assert_cmphex (color_at (&fixture, shot, 20, 40), ==, GREY_COLOR);
  guint32 outside = color_at (&fixture, shot, 80, 40);
  g_assert_cmpint ((int)(outside >> 16), <, GREY / 2);
  /* Darkened towards blue, not towards black. */
  g_assert_cmpint ((int)(outside & 255), >, (int)(outside >> 16) + 10);
  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50, 50, &x, &y);
  graphene_rect_t border = GRAPHENE_RECT_INIT ((float)x - 3, (float)y - 60, 7, 120);
  g_assert_cmpuint (
      runet_shot_count (shot, &border, style_color (RUNET_OVERLAY_REGION), 70), >, 50);

  g_object_set (fixture.canvas, "show-region", FALSE, NULL);
  g_autoptr (RunetShot) hidden = shoot (&fixture);
  g_assert_cmphex (color_at (&fixture, hidden, 80, 40), ==, GREY_COLOR);
  g_object_set (fixture.canvas, "show-region", TRUE, NULL);
  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other_frame = shoot (&fixture);
  g_assert_cmphex (color_at (&fixture, other_frame, 80, 40), ==, GREY_COLOR);
  tear_down (&fixture);
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
  Fixture fixture;
  set_up (&fixture, NAN);
  g_autoptr (RunetShot) bare = shoot (&fixture);
  runet_canvas_set_reasons (fixture.canvas, array, 0);
  g_autoptr (RunetShot) marked = shoot (&fixture);

  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50, 50, &x, &y);
  graphene_rect_t ring = GRAPHENE_RECT_INIT ((float)x - 12, (float)y - 12, 24, 24);
  g_assert_cmpuint (runet_shot_count (marked, &ring, 0xff7329, 40), >, 60);
  g_assert_cmphex (color_at (&fixture, marked, 5, 95), ==, GREY_COLOR);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Endo: convexity 0.700 < 0.741; LA: missing");

  runet_canvas_set_frame (fixture.canvas, 1);
  g_autoptr (RunetShot) other = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, other, 0), ==, 0);
  runet_canvas_set_frame (fixture.canvas, 0);
  runet_canvas_set_reasons (fixture.canvas, NULL, 0);
  g_autoptr (RunetShot) cleared = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (bare, cleared, 0), ==, 0);
  tear_down (&fixture);
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

static void
test_readout (void) {
  Fixture fixture;
  set_up (&fixture, 0.5);
  g_autoptr (RunetLabelMap) map = make_labels (fixture.image, 0);
  g_autoptr (RunetLabelMap) nothing = runet_label_map_new (fixture.image->grid, NULL);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  double x, y;
  runet_viewport_to_widget (&fixture.canvas->viewport, 50.5, 40.5, &x, &y);

  g_autofree char *one = runet_canvas_describe_point (fixture.canvas, x, y);
  g_assert_cmpstr (one, ==, "x 25.2  y 20.2 mm  ·  value 90  ·  2: LV cavity");
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_EXPERT, map, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE1, nothing, 0);
  g_autofree char *three = runet_canvas_describe_point (fixture.canvas, x, y);
  g_assert_cmpstr (
      three, ==,
      "x 25.2  y 20.2 mm  ·  value 90  ·  2, E: LV cavity  ·  1: background");
  g_assert_null (runet_canvas_describe_point (fixture.canvas, 1, 1));

  /* It stands at the bottom right while the pointer is over the image. */
  g_autoptr (RunetShot) before = shoot (&fixture);
  GtkEventController *motion =
      find_controller (GTK_WIDGET (fixture.canvas), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_signal_emit_by_name (motion, "motion", x, y);
  g_autoptr (RunetShot) after = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (before, after, 8), >, 0.005);
  g_signal_emit_by_name (motion, "leave");
  g_autoptr (RunetShot) left = shoot (&fixture);
  g_assert_cmpfloat (runet_shot_compare (before, left, 0), ==, 0);
  tear_down (&fixture);
}

static void
test_message (void) {
  Fixture fixture;
  set_up (&fixture, 1);
  GtkWidget *label = gtk_widget_get_first_child (GTK_WIDGET (fixture.canvas));
  graphene_rect_t bounds;
  g_assert_false (gtk_widget_get_visible (label));

  runet_canvas_set_message (fixture.canvas, "Three files could not be read");
  runet_test_settle (GTK_WIDGET (fixture.canvas));
  g_assert_true (
      gtk_widget_compute_bounds (label, GTK_WIDGET (fixture.canvas), &bounds));
  g_assert_cmpfloat (bounds.origin.y, <, 30);

  runet_canvas_set_image (fixture.canvas, NULL);
  runet_canvas_set_message (fixture.canvas,
                            "Open a folder with studies, or drop one here: a long text "
                            "that has to be wrapped to stay inside the widget");
  runet_test_settle (GTK_WIDGET (fixture.canvas));
  g_assert_true (
      gtk_widget_compute_bounds (label, GTK_WIDGET (fixture.canvas), &bounds));
  g_assert_cmpfloat_with_epsilon (bounds.origin.x + bounds.size.width / 2, WIDTH / 2,
                                  2);
  g_assert_cmpfloat_with_epsilon (bounds.origin.y + bounds.size.height / 2, HEIGHT / 2,
                                  2);
  g_assert_cmpfloat (bounds.origin.x, >=, 0);
  g_assert_cmpfloat (bounds.size.height, >, 40);
  g_assert_null (runet_canvas_describe_point (fixture.canvas, 50, 50));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture.canvas),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "No image");
  runet_canvas_set_message (fixture.canvas, NULL);
  g_assert_false (gtk_widget_get_visible (label));
  tear_down (&fixture);
}

static void
test_swatches (void) {
  for (RunetOverlay overlay = 0; overlay < RUNET_OVERLAYS; overlay++) {
    GtkWidget *swatch = runet_overlay_swatch_new (overlay);
    GtkWindow *window = runet_test_window_new (swatch, 100, 60);
    g_autoptr (RunetShot) shot = runet_shot_new (swatch);
    graphene_rect_t all =
        GRAPHENE_RECT_INIT (0, 0, (float)shot->width, (float)shot->height);
    g_assert_cmpuint (runet_shot_count (shot, &all, style_color (overlay), 40), >, 15);
    gtk_window_destroy (window);
  }
}

static void
test_finalize (void) {
  RunetCanvas *canvas = RUNET_CANVAS (g_object_ref_sink (runet_canvas_new ()));
  RunetImage *image = make_image (100, 100, 1, 1, 1);
  RunetLabelMap *map = make_labels (image, 0);
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (canvas), WIDTH, HEIGHT);
  runet_canvas_set_image (canvas, image);
  runet_canvas_set_labels (canvas, RUNET_OVERLAY_STAGE1, map, 0);
  runet_canvas_set_region (canvas, image->pixels, 0);
  runet_canvas_set_message (canvas, "banner");
  runet_test_settle (GTK_WIDGET (canvas));
  gtk_window_destroy (window);
  g_assert_finalize_object (canvas);

  /* The canvas kept nothing. */
  g_assert_true (g_atomic_ref_count_dec (&map->references));
  g_atomic_ref_count_init (&map->references);
  runet_label_map_unref (map);
  g_assert_true (g_atomic_ref_count_dec (&image->references));
  g_atomic_ref_count_init (&image->references);
  runet_image_unref (image);
}

/* A sector of seeded speckle with ellipses for labels: no patient. */
static void
draw_phantom (RunetImage *image, RunetLabelMap *map, float *region, double shift) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (int y = 0; y < 100; y++)
    for (int x = 0; x < 100; x++) {
      double inner = hypot ((x - 50 - shift) / 14, (y - 45) / 26.0);
      double outer = hypot ((x - 50 - shift) / 21, (y - 43) / 34.0);
      double speckle = g_rand_double_range (rand, 0.4, 1.2);
      gboolean sector = fabs (x - 50.0) < 0.75 * y;
      double grey = !sector ? 0 : inner < 1 ? 40 : outer < 1 ? 150 : 80;
      image->pixels[y * 100 + x] = (float)MIN (255, grey * speckle);
      map->labels[y * 100 + x] = y >= 62 ? (inner < 1.3 && y < 85 ? RUNET_LABEL_LA : 0)
                                 : inner < 1 ? RUNET_LABEL_LV
                                 : outer < 1 ? RUNET_LABEL_MYOCARDIUM
                                             : 0;
      region[y * 100 + x] =
          (float)(1 / (1 + exp (8 * (hypot ((x - 50) / 33.0, (y - 48) / 44.0) - 1))));
    }
}

/* RUNET_WRITE_PICTURES=1 makes the picture anew, to be looked at before it is committed. */
static void
test_picture (void) {
  const double tolerated = 0.003;
  Fixture fixture;
  set_up (&fixture, NAN);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (100, 100, 1, NAN, NAN, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) image = runet_image_new (grid, NULL);
  runet_canvas_set_image (fixture.canvas, image);
  float region[100 * 100];
  const double shifts[] = {0, -5, 3, 0};
  for (RunetOverlay overlay = RUNET_OVERLAYS - 1; overlay > 0; overlay--) {
    g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, NULL);
    draw_phantom (image, map, region, shifts[overlay]);
    runet_canvas_set_labels (fixture.canvas, overlay, map, 0);
  }
  runet_canvas_set_region (fixture.canvas, region, 0);

  g_autoptr (RunetShot) shot = shoot (&fixture);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "canvas.png", NULL);
  if (g_getenv ("RUNET_WRITE_PICTURES") != NULL)
    runet_shot_write (shot, path);
  g_autoptr (RunetShot) expected = runet_shot_read (path);
  double difference = runet_shot_compare (expected, shot, 32);
  if (difference > tolerated) {
    g_autofree char *seen =
        g_test_build_filename (G_TEST_BUILT, "canvas-seen.png", NULL);
    runet_shot_write (shot, seen);
    g_test_message ("the picture that was drawn is %s", seen);
  }
  g_assert_cmpfloat (difference, <=, tolerated);

  /* One overlay less would have been noticed. */
  for (RunetOverlay overlay = 0; overlay < RUNET_OVERLAYS; overlay++) {
    runet_canvas_set_overlay_visible (fixture.canvas, overlay, FALSE);
    g_autoptr (RunetShot) less = shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (expected, less, 32), >, tolerated);
    runet_canvas_set_overlay_visible (fixture.canvas, overlay, TRUE);
  }
  tear_down (&fixture);
}

#ifdef HAVE_XTEST
static void
press (GtkWidget *widget, guint button, gboolean down) {
  Display *display = gdk_x11_display_get_xdisplay (gtk_widget_get_display (widget));
  XTestFakeButtonEvent (display, button, down, CurrentTime);
  XSync (display, FALSE);
  runet_test_settle (widget);
}

static void
move_to (GtkWidget *widget, int x, int y) {
  Display *display = gdk_x11_display_get_xdisplay (gtk_widget_get_display (widget));
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  Window child;
  int left, top;
  XTranslateCoordinates (display, gdk_x11_surface_get_xid (surface),
                         DefaultRootWindow (display), 0, 0, &left, &top, &child);
  double inset_x, inset_y;
  gtk_native_get_surface_transform (gtk_widget_get_native (widget), &inset_x, &inset_y);
  XTestFakeMotionEvent (display, -1, left + (int)inset_x + x, top + (int)inset_y + y,
                        CurrentTime);
  XSync (display, FALSE);
  runet_test_settle (widget);
}

/* Real events of an X server: the wheel, the three buttons, a double click. */
static void
test_mouse (void) {
  Fixture fixture;
  set_up (&fixture, 0.5);
  GtkWidget *widget = GTK_WIDGET (fixture.canvas);
  RunetViewport *viewport = &fixture.canvas->viewport;
  double x, y, now_x, now_y, center, width;

  move_to (widget, 100, 150);
  runet_viewport_to_image (viewport, fixture.canvas->pointer_x,
                           fixture.canvas->pointer_y, &x, &y);
  for (int i = 0; i < 4; i++) {
    press (widget, 4, TRUE);
    press (widget, 4, FALSE);
  }
  g_assert_cmpfloat_with_epsilon (viewport->zoom, pow (1.15, 4), 1e-6);
  runet_viewport_to_image (viewport, fixture.canvas->pointer_x,
                           fixture.canvas->pointer_y, &now_x, &now_y);
  g_assert_cmpfloat_with_epsilon (now_x, x, 1e-6);
  g_assert_cmpfloat_with_epsilon (now_y, y, 1e-6);

  const guint pan_buttons[] = {1, 2};
  for (guint i = 0; i < G_N_ELEMENTS (pan_buttons); i++) {
    double before_x, before_y;
    runet_viewport_to_widget (viewport, 50, 50, &before_x, &before_y);
    move_to (widget, 100, 150);
    press (widget, pan_buttons[i], TRUE);
    move_to (widget, 120, 160);
    move_to (widget, 130, 170);
    press (widget, pan_buttons[i], FALSE);
    runet_viewport_to_widget (viewport, 50, 50, &now_x, &now_y);
    g_assert_cmpfloat_with_epsilon (now_x - before_x, 30, 1e-6);
    g_assert_cmpfloat_with_epsilon (now_y - before_y, 20, 1e-6);
  }

  move_to (widget, 100, 150);
  press (widget, 3, TRUE);
  move_to (widget, 140, 130);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_WINDOW);
  press (widget, 3, FALSE);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_NONE);
  g_object_get (fixture.canvas, "window-center", &center, "window-width", &width, NULL);
  g_assert_cmpfloat_with_epsilon (width, 255 + 40 * 255 / 400.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (center, 127.5 - 20 * 255 / 400.0, 1e-6);

  for (int i = 0; i < 2; i++) {
    press (widget, 1, TRUE);
    press (widget, 1, FALSE);
  }
  g_assert_cmpfloat (viewport->zoom, ==, 1);
  g_assert_true (gtk_widget_has_focus (widget));
  tear_down (&fixture);
}
#endif

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas/aspect", test_aspect);
  g_test_add_func ("/ui/canvas/window", test_window);
  g_test_add_func ("/ui/canvas/window/other-ranges", test_window_of_other_ranges);
  g_test_add_func ("/ui/canvas/resampling", test_resampling);
  g_test_add_func ("/ui/canvas/zoom-at-pointer", test_zoom_at_pointer);
  g_test_add_func ("/ui/canvas/pan", test_pan);
  g_test_add_func ("/ui/canvas/kept-from-image-to-image",
                   test_kept_from_image_to_image);
  g_test_add_func ("/ui/canvas/outlines", test_outlines);
  g_test_add_func ("/ui/canvas/three-structures", test_three_structures);
  g_test_add_func ("/ui/canvas/frames", test_frames);
  g_test_add_func ("/ui/canvas/region", test_region);
  g_test_add_func ("/ui/canvas/reasons", test_reasons);
  g_test_add_func ("/ui/canvas/placement", test_placement);
  g_test_add_func ("/ui/canvas/readout", test_readout);
  g_test_add_func ("/ui/canvas/message", test_message);
  g_test_add_func ("/ui/canvas/swatches", test_swatches);
  g_test_add_func ("/ui/canvas/finalize", test_finalize);
  g_test_add_func ("/ui/canvas/picture", test_picture);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/canvas/mouse", test_mouse);
#endif
  return g_test_run ();
}
