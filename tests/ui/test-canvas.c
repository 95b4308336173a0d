/* The canvas drawn offscreen: every pixel of the image itself, and what it keeps. */
#include <math.h>
#include "canvas-fixture.h"
#include "ui/frame-picture.h"

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
    CanvasFixture fixture;
    canvas_fixture_set_up (&fixture, 1);
    g_autoptr (RunetImage) image =
        canvas_test_image_new (64, 64, 1, cases[i].spacing_x, cases[i].spacing_y);
    runet_canvas_set_image (fixture.canvas, image);
    g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
    graphene_rect_t row = GRAPHENE_RECT_INIT (0, HEIGHT / 2, WIDTH, 1);
    graphene_rect_t column = GRAPHENE_RECT_INIT (WIDTH / 2 + 80, 0, 1, HEIGHT);
    g_assert_cmpuint (runet_shot_count (shot, &row, GREY_COLOR, 0), ==, cases[i].width);
    g_assert_cmpuint (runet_shot_count (shot, &column, GREY_COLOR, 0), ==,
                      cases[i].height);
    canvas_fixture_tear_down (&fixture);
  }
}

static void
test_window (void) {
  static const float values[] = {0, 50, 75, 110, 150, 255};
  static const guint32 windowed[] = {0, 0, 64, 153, 255, 255};
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
  for (gsize i = 0; i < 100 * 100; i++)
    fixture.image->pixels[i] = values[MIN (i % 100 / 16, 5)];
  runet_canvas_set_image (fixture.canvas, fixture.image);

  for (int round = 0; round < 3; round++) {
    if (round == 1)
      g_object_set (fixture.canvas, "window-center", 100.0, "window-width", 100.0,
                    NULL);
    if (round == 2)
      runet_canvas_reset_window (fixture.canvas);
    g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
    for (guint i = 0; i < 6; i++) {
      guint32 grey = round == 1 ? windowed[i] : (guint32)values[i];
      g_assert_cmphex (canvas_fixture_color_at (&fixture, shot, 16 * i + 8, 50), ==,
                       grey * 0x10101);
    }
  }
  canvas_fixture_tear_down (&fixture);
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

static guint32
get_word (cairo_surface_t *picture, int x, int y) {
  const guint8 *data = cairo_image_surface_get_data (picture);
  const int stride = cairo_image_surface_get_stride (picture);
  return ((const guint32 *)(const void *)(data + y * stride))[x] & 0xffffff;
}

/* A picture is the same whether the image is shown whole or in part, and shrinking averages. */
static void
test_resampling (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  const RunetSamples whole = {0.5, 1, 8}, half = {4, 8, 1};
  float pixels[64];
  for (int i = 0; i < 64; i++)
    pixels[i] = (float)(i % 8 % 2 == 0 ? 255 : 0);

  cairo_surface_t *same =
      runet_frame_picture_new (pixels, NULL, 8, 8, &whole, &whole, 127.5, 255, pool);
  g_assert_cmpint (cairo_image_surface_get_width (same), ==, 8);
  for (int i = 0; i < 64; i++)
    g_assert_cmphex (get_word (same, i % 8, i / 8), ==, i % 2 == 0 ? 0xffffff : 0);
  cairo_surface_destroy (same);

  cairo_surface_t *shrunk =
      runet_frame_picture_new (pixels, NULL, 8, 8, &half, &half, 127.5, 255, pool);
  g_assert_cmpint ((int)(get_word (shrunk, 0, 0) & 255), >=, 120);
  g_assert_cmpint ((int)(get_word (shrunk, 0, 0) & 255), <=, 135);
  cairo_surface_destroy (shrunk);
}

/* Enlarging goes through the pixels and is monotonous between two of them; an image narrower than the filter
 * is sampled as well. */
static void
test_enlarging (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  for (gsize width = 1; width <= 9; width++) {
    const RunetSamples columns = {0.5, 0.25, 4 * (width - 1) + 1}, row = {0.5, 1, 1};
    float pixels[9];
    for (gsize i = 0; i < width; i++)
      pixels[i] = (float)(i * 20);
    cairo_surface_t *picture = runet_frame_picture_new (
        pixels, NULL, width, 1, &columns, &row, 127.5, 255, pool);
    for (gsize x = 0; x < columns.count; x++)
      g_assert_cmpint (abs ((int)(get_word (picture, (int)x, 0) & 255) - (int)x * 5),
                       <=, 3);
    for (gsize i = 0; i < width; i++)
      g_assert_cmpint (get_word (picture, (int)i * 4, 0) & 255, ==, (int)i * 20);
    cairo_surface_destroy (picture);
  }
}

/* Inside the region a picture is as it is without; outside it is dark and blue. */
static void
test_tint (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  const RunetSamples samples = {0.5, 1, 8};
  float pixels[64], region[64];
  for (int i = 0; i < 64; i++) {
    pixels[i] = 200;
    region[i] = i % 8 < 4 ? 1 : 0;
  }
  cairo_surface_t *picture = runet_frame_picture_new (pixels, region, 8, 8, &samples,
                                                      &samples, 127.5, 255, pool);
  for (int y = 0; y < 8; y++) {
    g_assert_cmphex (get_word (picture, 0, y), ==, 0xc8c8c8);
    const guint32 outside = get_word (picture, 7, y);
    g_assert_cmpuint (outside >> 16, ==, 114); /* 200 + 0.45 (8 - 200) */
    g_assert_cmpuint (outside >> 8 & 255, ==, 118);
    g_assert_cmpuint (outside & 255, ==, 126);
  }
  cairo_surface_destroy (picture);
}

static void
test_kept_from_image_to_image (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 0.5);
  g_object_set (fixture.canvas, "zoom", 3.0, "window-center", 60.0, NULL);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  double zoom, center;

  g_autoptr (RunetImage) same = canvas_test_image_new (100, 100, 1, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, same);
  g_object_get (fixture.canvas, "zoom", &zoom, "window-center", &center, NULL);
  g_assert_cmpfloat (zoom, ==, 3);
  g_assert_cmpfloat (center, ==, 60);
  g_assert_null (runet_canvas_get_outline (fixture.canvas, RUNET_OVERLAY_STAGE2));

  g_autoptr (RunetImage) other = canvas_test_image_new (90, 100, 1, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, other);
  g_object_get (fixture.canvas, "zoom", &zoom, "window-center", &center, NULL);
  g_assert_cmpfloat (zoom, ==, 1);
  g_assert_cmpfloat (center, ==, 127.5);
  canvas_fixture_tear_down (&fixture);
}

static void
test_message (void) {
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, 1);
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
  canvas_fixture_tear_down (&fixture);
}

static void
test_finalize (void) {
  RunetCanvas *canvas = RUNET_CANVAS (g_object_ref_sink (runet_canvas_new ()));
  RunetImage *image = canvas_test_image_new (100, 100, 1, 1, 1);
  RunetLabelMap *map = canvas_test_labels_new (image, 0);
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (canvas), WIDTH, HEIGHT);
  runet_canvas_set_image (canvas, image);
  runet_canvas_set_labels (canvas, RUNET_OVERLAY_STAGE1, map, 0);
  canvas_test_set_region (canvas, image->pixels);
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
  CanvasFixture fixture;
  canvas_fixture_set_up (&fixture, NAN);
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
  canvas_test_set_region (fixture.canvas, region);

  g_autoptr (RunetShot) shot = canvas_fixture_shoot (&fixture);
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
    g_autoptr (RunetShot) less = canvas_fixture_shoot (&fixture);
    g_assert_cmpfloat (runet_shot_compare (expected, less, 32), >, tolerated);
    runet_canvas_set_overlay_visible (fixture.canvas, overlay, TRUE);
  }
  canvas_fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/canvas/aspect", test_aspect);
  g_test_add_func ("/ui/canvas/window", test_window);
  g_test_add_func ("/ui/canvas/window-of-other-ranges", test_window_of_other_ranges);
  g_test_add_func ("/ui/canvas/resampling", test_resampling);
  g_test_add_func ("/ui/canvas/enlarging", test_enlarging);
  g_test_add_func ("/ui/canvas/tint", test_tint);
  g_test_add_func ("/ui/canvas/kept-from-image-to-image",
                   test_kept_from_image_to_image);
  g_test_add_func ("/ui/canvas/message", test_message);
  g_test_add_func ("/ui/canvas/finalize", test_finalize);
  g_test_add_func ("/ui/canvas/picture", test_picture);
  return g_test_run ();
}
