/* Charts: scales, what is in them, where things are, what they look like, hands and keys, files. */
#include <math.h>
#include <glib/gstdio.h>

#include "core/base/error.h"
#include "offscreen.h"
#include "tests/remove-tree.h"
#include "ui/chart-export.h"
#include "ui/chart-kinds.h"
#include "ui/chart-layout.h"
#include "ui/chart-view.h"

#define WIDTH 420
#define HEIGHT 330
#define PAIRS 24

/* ---- Scales ---- */

static void
assert_scale (double low,
              double high,
              guint most,
              double first,
              double last,
              double step) {
  const RunetScale scale = runet_scale_fit (low, high, most);
  g_assert_cmpfloat_with_epsilon (scale.low, first, 1e-9 * step);
  g_assert_cmpfloat_with_epsilon (scale.high, last, 1e-9 * step);
  g_assert_cmpfloat_with_epsilon (scale.step, step, 1e-9 * step);
}

static void
test_scale (void) {
  assert_scale (0, 100, 5, 0, 100, 20);
  assert_scale (0, 100, 10, 0, 100, 10);
  assert_scale (3, 97, 5, 0, 100, 20);
  assert_scale (-7.2, 12.9, 5, -10, 15, 5);
  assert_scale (0.82, 0.97, 4, 0.8, 1, 0.05);
  assert_scale (0.1 + 0.2, 0.9, 4, 0.2, 1, 0.2);
  assert_scale (0.3, 0.9, 3, 0, 1, 0.5);
  assert_scale (1e-6, 5e-6, 4, 1e-6, 5e-6, 1e-6);
  assert_scale (5, 0, 5, 0, 5, 1);
}

/* What has no extent, or is no number, still gets an axis. */
static void
test_scale_odd (void) {
  const RunetScale same = runet_scale_fit (50, 50, 5);
  g_assert_cmpfloat (same.low, <, 50);
  g_assert_cmpfloat (same.high, >, 50);
  assert_scale (0, 0, 4, -1, 1, 0.5);
  assert_scale (NAN, NAN, 5, 0, 1, 0.2);
  assert_scale (-INFINITY, INFINITY, 5, 0, 1, 0.2);
  for (guint most = 0; most < 12; most++)
    for (double high = 0.013; high < 1e6; high *= 3.7) {
      const RunetScale scale = runet_scale_fit (-high / 3, high, most);
      g_assert_cmpfloat (scale.low, <=, -high / 3 + 1e-9 * scale.step);
      g_assert_cmpfloat (scale.high, >=, high - 1e-9 * scale.step);
      g_assert_cmpuint (runet_scale_count (&scale), <=, MAX (most, 2) + 1);
    }
}

static void
assert_text (double value, int decimals, const char *expected) {
  g_autofree char *text = runet_scale_format (value, decimals);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_scale_text (void) {
  const RunetScale scale = runet_scale_fit (0.82, 0.97, 4);
  g_assert_cmpint (scale.decimals, ==, 2);
  assert_text (runet_scale_get (&scale, 1), scale.decimals, "0.85");
  assert_text (-12.34, 1, "−12.3");
  assert_text (-0.04, 1, "0.0");
  assert_text (1500, 0, "1500");
  assert_text (NAN, 1, "–");
}

/* ---- Charts of figures made up ---- */

static const RunetSeries stages[] = {
    {(char *)"Stage 1", RUNET_SERIES_AREA, RUNET_CHART_ORANGE, RUNET_MARKER_SQUARE,
     RUNET_DASH_DASHED, FALSE},
    {(char *)"Stage 2", RUNET_SERIES_AREA, RUNET_CHART_BLUE, RUNET_MARKER_CIRCLE,
     RUNET_DASH_SOLID, TRUE},
};

typedef struct {
  double values[PAIRS], references[PAIRS];
  char *names[PAIRS];
  RunetChartSubject subjects[PAIRS];
} Figures;

static void
figures_init (Figures *self) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (guint i = 0; i < PAIRS; i++) {
    self->references[i] = 30 + 1.6 * i;
    self->values[i] =
        2 + self->references[i] * 0.97 + g_rand_double_range (rand, -6, 6);
    self->names[i] = g_strdup_printf ("phantom%04u", i + 1);
    self->subjects[i] = (RunetChartSubject){self->names[i], 100 + i};
  }
  self->values[7] = NAN;
}

static void
figures_clear (Figures *self) {
  for (guint i = 0; i < PAIRS; i++)
    g_free (self->names[i]);
}

static RunetPairs
make_pairs (const Figures *figures) {
  return (RunetPairs){"Ejection fraction",
                      "%",
                      "model",
                      "reference",
                      figures->values,
                      figures->references,
                      figures->subjects,
                      PAIRS,
                      0,
                      100};
}

static RunetChart *
make_box_plot (const Figures *figures) {
  static const char *const groups[] = {"Good", "Medium", "Poor", NULL};
  static const char *const places[] = {"Endo", "Epi", NULL};
  static const guint sizes[] = {PAIRS, PAIRS, PAIRS / 2};
  RunetBoxCell cells[12];
  double values[12][PAIRS];
  for (guint i = 0; i < 12; i++) {
    for (guint k = 0; k < PAIRS; k++)
      values[i][k] = 0.99 - 0.03 * (i / 4) - 0.02 * !(i % 2) -
                     0.06 * fmod (k * 0.37 + i * 0.11, 1) - (k == 3 ? 0.12 : 0);
    cells[i] = (RunetBoxCell){i / 4,     i / 2 % 2,         i % 2,
                              values[i], figures->subjects, i < 10 ? PAIRS : 0};
  }
  const RunetBoxPlan plan = {"Dice by image quality",
                             "Dice",
                             groups,
                             places,
                             sizes,
                             stages,
                             2,
                             cells,
                             12,
                             -INFINITY,
                             1,
                             3};
  return runet_chart_box_plot_new (&plan);
}

static RunetChart *
make_bars (void) {
  static const char *const groups[] = {"Geometrical", "Anatomical", NULL};
  static const RunetShare shares[] = {
      {0, 0, 40, 200}, {0, 1, 31, 200}, {1, 0, 12, 200}, {1, 1, 3, 200}};
  return runet_chart_bars_new ("Outliers", groups, stages, 2, shares, 4);
}

static RunetChart *
make_curves (void) {
  double x[20], y[20], first[20];
  for (guint i = 0; i < 20; i++) {
    x[i] = i * 20;
    y[i] = 90 + 30 * cos (i * 0.33);
    first[i] = y[i] + 4 * sin (i * 1.7);
  }
  y[12] = NAN;
  RunetSeries looks[] = {stages[0], stages[1]};
  looks[0].kind = looks[1].kind = RUNET_SERIES_CURVE;
  const RunetChartCurve curves[] = {{&looks[0], x, first, 20}, {&looks[1], x, y, 20}};
  const RunetMoment moments[] = {{0, "ED"}, {190, "ES"}, {NAN, "never"}};
  return runet_chart_curves_new ("LV volume over time", "Time, ms", "Volume, ml", "ml",
                                 curves, 2, moments, 3);
}

/* 0 … 4, in the order of the picture. */
static RunetChart *
make_chart (const Figures *figures, guint kind) {
  const RunetPairs pairs = make_pairs (figures);
  switch (kind) {
  case 0:
    return runet_chart_scatter_new (&pairs);
  case 1:
    return runet_chart_bland_altman_new (&pairs);
  case 2:
    return make_box_plot (figures);
  case 3:
    return make_bars ();
  default:
    return make_curves ();
  }
}

static void
test_contents (void) {
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) scatter = make_chart (&figures, 0);
  g_assert_cmpuint (scatter->points->len, ==, PAIRS - 1);
  g_assert_true (g_str_has_prefix (scatter->note, "n = 23; left out: 1; r = 0.9"));
  const RunetChartPoint *eighth = &g_array_index (scatter->points, RunetChartPoint, 7);
  g_assert_cmpuint (eighth->item, ==, 108);
  g_assert_true (g_str_has_prefix (eighth->text, "phantom0009: model "));

  g_autoptr (RunetChart) agreement = make_chart (&figures, 1);
  const RunetBlandAltman found =
      runet_bland_altman_compute (figures.values, figures.references, PAIRS);
  g_assert_cmpuint (agreement->rules->len, ==, 4);
  const RunetChartRule *bias = &g_array_index (agreement->rules, RunetChartRule, 1);
  g_assert_cmpfloat (bias->y[0], ==, found.bias);
  g_assert_cmpfloat (agreement->y.high, >, found.upper);

  g_autoptr (RunetChart) boxes = make_chart (&figures, 2);
  g_assert_cmpuint (boxes->boxes->len, ==, 12);
  g_assert_cmpuint (boxes->points->len, ==, 10 * PAIRS);
  g_assert_nonnull (strstr (boxes->note, "n = 72 images; left out of a box: 0"));

  g_autoptr (RunetChart) bars = make_chart (&figures, 3);
  const RunetChartBar *bar = &g_array_index (bars->bars, RunetChartBar, 1);
  g_assert_cmpfloat_with_epsilon (bar->y, 15.5, 1e-9);
  g_assert_cmpstr (bar->label, ==, "31 (15.5 %)");

  g_autoptr (RunetChart) curves = make_chart (&figures, 4);
  g_assert_cmpuint (curves->points->len, ==, 39);
  g_assert_cmpuint (curves->rules->len, ==, 2);
  guint gaps = 0;
  for (guint i = 0; i < curves->points->len; i++)
    gaps += g_array_index (curves->points, RunetChartPoint, i).apart;
  g_assert_cmpuint (gaps, ==, 1);
  g_assert_nonnull (strstr (curves->note, "Stage 2: n = 19 of 20 frames"));
  figures_clear (&figures);
}

/* Many values: only those beyond the whiskers are drawn. */
static void
test_many_values (void) {
  static const char *const one[] = {"All", NULL};
  double values[200];
  RunetChartSubject subjects[200];
  for (guint i = 0; i < 200; i++) {
    values[i] = i % 100;
    subjects[i] = (RunetChartSubject){"p", i};
  }
  values[77] = 900;
  const RunetBoxCell cell = {0, 0, 0, values, subjects, 200};
  const RunetBoxPlan plan = {"Many", "mm",  one, one, NULL,     stages,
                             1,      &cell, 1,   0,   INFINITY, 1};
  g_autoptr (RunetChart) chart = runet_chart_box_plot_new (&plan);
  g_assert_cmpuint (chart->points->len, ==, 1);
  g_assert_cmpuint (g_array_index (chart->points, RunetChartPoint, 0).item, ==, 77);
}

/* Nothing to show: axes and the word that there is nothing, no crash, no made-up number. */
static void
test_empty (void) {
  Figures figures;
  figures_init (&figures);
  RunetPairs pairs = make_pairs (&figures);
  pairs.count = 0;
  g_autoptr (RunetChart) scatter = runet_chart_scatter_new (&pairs);
  g_autoptr (RunetChart) agreement = runet_chart_bland_altman_new (&pairs);
  g_autoptr (RunetChart) curves =
      runet_chart_curves_new ("t", "x", "y", "ml", NULL, 0, NULL, 0);
  const RunetChartTheme theme = runet_chart_theme_for_paper (10);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 300, 200);
  cairo_t *cr = cairo_create (surface);
  runet_chart_draw (scatter, cr, 300, 200, &theme);
  runet_chart_draw (agreement, cr, 300, 200, &theme);
  runet_chart_draw (curves, cr, 300, 200, &theme);
  /* Too small for anything. */
  runet_chart_draw (scatter, cr, 12, 9, &theme);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_assert_true (g_str_has_prefix (scatter->note, "n = 0; left out: 0"));
  g_assert_cmpuint (agreement->points->len, ==, 0);
  figures_clear (&figures);
}

/* ---- Where things are ---- */

static void
test_layout (void) {
  Figures figures;
  figures_init (&figures);
  PangoContext *context = runet_chart_context_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (10);
  for (guint kind = 0; kind < 5; kind++) {
    g_autoptr (RunetChart) chart = make_chart (&figures, kind);
    const RunetChartLayout at =
        runet_chart_lay_out (chart, context, WIDTH, HEIGHT, &theme);
    g_assert_cmpfloat (at.left, >, 10);
    g_assert_cmpfloat (at.left + at.width, <, WIDTH);
    g_assert_cmpfloat (at.top, >=, at.legend_y);
    g_assert_cmpfloat (at.top + at.height, <, at.note_y);
    g_assert_cmpfloat (at.height, >, HEIGHT / 3.0);
    for (guint i = 0; i < chart->points->len; i++) {
      const RunetChartPoint *point = &g_array_index (chart->points, RunetChartPoint, i);
      const double x = runet_chart_layout_get_x (&at, point->x);
      const double y = runet_chart_layout_get_y (&at, point->y);
      g_assert_cmpfloat (x, >=, at.left - 1e-6);
      g_assert_cmpfloat (x, <=, at.left + at.width + 1e-6);
      g_assert_cmpfloat (y, >=, at.top - 1e-6);
      g_assert_cmpfloat (y, <=, at.top + at.height + 1e-6);
    }
    for (guint i = 0; !chart->x.named && i < runet_scale_count (&at.x); i++) {
      const double tick = runet_scale_get (&at.x, i);
      g_autofree char *text = runet_scale_format (tick, at.x.decimals);
      g_autoptr (PangoLayout) label =
          runet_chart_text_new (context, &theme, text, 1, FALSE);
      double label_width;
      runet_chart_text_measure (label, &label_width, NULL);
      if (tick <= at.x_high)
        g_assert_cmpfloat (runet_chart_layout_get_x (&at, tick) + label_width / 2, <=,
                           WIDTH + 1e-6);
    }
    if (chart->square) {
      g_assert_cmpfloat (at.width, ==, at.height);
      g_assert_cmpfloat (at.x_low, ==, at.y_low);
      g_assert_cmpfloat (at.x_high, ==, at.y_high);
    }
  }
  g_object_unref (context);
  figures_clear (&figures);
}

/* However narrow a chart is: no tick runs into the next, and there are enough of them. */
static void
test_ticks (void) {
  Figures figures;
  figures_init (&figures);
  figures.references[0] = 1;
  figures.values[0] = 1.5;
  g_autoptr (RunetChart) chart = make_chart (&figures, 0);
  PangoContext *context = runet_chart_context_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (10);
  for (double width = 240; width < 900; width += 60) {
    const RunetChartLayout at =
        runet_chart_lay_out (chart, context, width, 0.9 * width, &theme);
    g_assert_cmpfloat (at.x_low, ==, 0);
    g_assert_cmpuint (runet_scale_count (&at.x), >=, 5);
    g_autoptr (PangoLayout) label =
        runet_chart_text_new (context, &theme, "80", 1, FALSE);
    double label_width;
    runet_chart_text_measure (label, &label_width, NULL);
    g_assert_cmpfloat (runet_chart_layout_get_x (&at, at.x.step) -
                           runet_chart_layout_get_x (&at, 0),
                       >, label_width + 0.9 * theme.font_size);
  }
  g_object_unref (context);
  figures_clear (&figures);
}

/* A title is told whole, and what is below it makes room. */
static void
test_title (void) {
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) chart = make_chart (&figures, 1);
  g_free (chart->title);
  chart->title = g_strdup ("Ejection fraction: agreement (Bland–Altman)");
  PangoContext *context = runet_chart_context_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (8);
  const RunetChartLayout wide = runet_chart_lay_out (chart, context, 500, 300, &theme);
  const RunetChartLayout narrow =
      runet_chart_lay_out (chart, context, 242, 300, &theme);
  g_assert_cmpfloat (narrow.top, >, wide.top + 0.8 * narrow.line);
  g_autoptr (PangoLayout) title = runet_chart_title_new (chart, context, &theme, 242);
  double height;
  runet_chart_text_measure (title, NULL, &height);
  g_assert_false (pango_layout_is_ellipsized (title));
  g_assert_cmpfloat (height, <, narrow.top);
  g_object_unref (context);
  figures_clear (&figures);
}

/* ---- What they look like ---- */

static RunetShot *
draw_all (const Figures *figures, RunetChartStyle style, int scale) {
  RunetShot *shot = g_new0 (RunetShot, 1);
  shot->width = 2 * WIDTH * scale;
  shot->height = 3 * HEIGHT * scale;
  shot->words = g_new0 (guint32, (gsize)shot->width * (gsize)shot->height);
  cairo_surface_t *surface =
      cairo_image_surface_create_for_data ((guchar *)shot->words, CAIRO_FORMAT_RGB24,
                                           shot->width, shot->height, 4 * shot->width);
  cairo_t *cr = cairo_create (surface);
  RunetChartTheme theme = runet_chart_theme_make (style, "DejaVu Sans", 11);
  const gboolean dark = (style & RUNET_CHART_DARK) != 0;
  theme.ground = dark ? (GdkRGBA){0.15f, 0.15f, 0.16f, 1} : (GdkRGBA){1, 1, 1, 1};
  cairo_scale (cr, scale, scale);
  gdk_cairo_set_source_rgba (cr, &theme.ground);
  cairo_paint (cr);
  for (guint kind = 0; kind < 5; kind++) {
    g_autoptr (RunetChart) chart = make_chart (figures, kind);
    cairo_save (cr);
    cairo_translate (cr, kind % 2 * WIDTH + 10, kind / 2 * HEIGHT + 8);
    runet_chart_draw (chart, cr, WIDTH - 20, HEIGHT - 16, &theme);
    cairo_restore (cr);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  for (gsize i = 0; i < (gsize)shot->width * (gsize)shot->height; i++)
    shot->words[i] |= 0xff000000;
  return shot;
}

/* RUNET_WRITE_PICTURES=1 makes the picture anew, to be looked at before it is committed, and beside the test
 * the ones in other styles. */
static void
test_picture (void) {
  const double tolerated = 0.004;
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetShot) shot = draw_all (&figures, RUNET_CHART_LIGHT, 1);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "chart.png", NULL);
  if (g_getenv ("RUNET_WRITE_PICTURES") != NULL) {
    runet_shot_write (shot, path);
    static const RunetChartStyle styles[] = {RUNET_CHART_LIGHT, RUNET_CHART_DARK,
                                             RUNET_CHART_CONTRAST,
                                             RUNET_CHART_DARK | RUNET_CHART_CONTRAST};
    for (guint i = 0; i < G_N_ELEMENTS (styles); i++) {
      g_autoptr (RunetShot) other = draw_all (&figures, styles[i], 2);
      g_autofree char *name = g_strdup_printf ("chart-style%u.png", i);
      g_autofree char *beside = g_test_build_filename (G_TEST_BUILT, name, NULL);
      runet_shot_write (other, beside);
    }
  }
  g_autoptr (RunetShot) expected = runet_shot_read (path);
  const double difference = runet_shot_compare (expected, shot, 48);
  if (difference > tolerated) {
    g_autofree char *seen =
        g_test_build_filename (G_TEST_BUILT, "chart-seen.png", NULL);
    runet_shot_write (shot, seen);
    g_test_message ("%g differ; the picture that was drawn is %s", difference, seen);
  }
  g_assert_cmpfloat (difference, <=, tolerated);

  /* Other figures would have been noticed. */
  figures.values[0] += 9;
  figures.values[20] -= 15;
  g_autoptr (RunetShot) other = draw_all (&figures, RUNET_CHART_LIGHT, 1);
  g_assert_cmpfloat (runet_shot_compare (expected, other, 48), >, tolerated);
  figures_clear (&figures);
}

/* ---- On the screen ---- */

typedef struct {
  Figures figures;
  RunetChartView *view;
  GtkWindow *window;
  guint activated, activations;
} Screen;

static void
activated_cb (RunetChartView *view, guint item, Screen *screen) {
  screen->activated = item;
  screen->activations++;
}

static void
screen_set_up (Screen *screen) {
  *screen = (Screen){.activated = G_MAXUINT};
  figures_init (&screen->figures);
  GtkWidget *widget = runet_chart_view_new ();
  screen->view = RUNET_CHART_VIEW (widget);
  g_autoptr (RunetChart) chart = make_chart (&screen->figures, 0);
  runet_chart_view_set_chart (screen->view, chart);
  g_signal_connect (widget, "point-activated", G_CALLBACK (activated_cb), screen);
  screen->window = runet_test_window_new (widget, WIDTH, HEIGHT);
}

static void
screen_tear_down (Screen *screen) {
  gtk_window_destroy (screen->window);
  figures_clear (&screen->figures);
}

static void
test_pointing (void) {
  Screen screen;
  screen_set_up (&screen);
  double x, y;
  g_assert_true (runet_chart_view_locate_point (screen.view, 5, &x, &y));
  g_assert_cmpint (runet_chart_view_find_point (screen.view, x + 1, y - 1), ==, 5);
  g_assert_cmpint (runet_chart_view_find_point (screen.view, 2, 2), ==, -1);
  g_assert_false (runet_chart_view_locate_point (screen.view, 500, &x, &y));

  GtkEventController *click =
      runet_test_find_controller (GTK_WIDGET (screen.view), GTK_TYPE_GESTURE_CLICK);
  g_signal_emit_by_name (click, "pressed", 1, 2.0, 2.0);
  g_assert_cmpuint (screen.activations, ==, 0);
  g_signal_emit_by_name (click, "pressed", 1, x, y);
  g_assert_cmpuint (screen.activations, ==, 1);
  g_assert_cmpuint (screen.activated, ==, 105);
  screen_tear_down (&screen);
}

static gboolean
press (Screen *screen, guint key) {
  GtkEventController *keys = runet_test_find_controller (GTK_WIDGET (screen->view),
                                                         GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = FALSE;
  g_signal_emit_by_name (keys, "key-pressed", key, 0, 0, &handled);
  return handled;
}

static void
assert_description (Screen *screen, guint index) {
  const RunetChart *chart = runet_chart_view_get_chart (screen->view);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (screen->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      g_array_index (chart->points, RunetChartPoint, index).text);
}

static void
test_keys (void) {
  Screen screen;
  screen_set_up (&screen);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (screen.view), GTK_ACCESSIBLE_PROPERTY_LABEL,
      runet_chart_view_get_chart (screen.view)->summary);
  press (&screen, GDK_KEY_Return);
  g_assert_cmpuint (screen.activations, ==, 0);
  g_assert_true (press (&screen, GDK_KEY_Right));
  assert_description (&screen, 0);
  press (&screen, GDK_KEY_Right);
  assert_description (&screen, 1);
  press (&screen, GDK_KEY_End);
  assert_description (&screen, PAIRS - 2);
  press (&screen, GDK_KEY_Right);
  assert_description (&screen, PAIRS - 2);
  press (&screen, GDK_KEY_Left);
  press (&screen, GDK_KEY_Return);
  g_assert_cmpuint (screen.activated, ==, 100 + PAIRS - 2);
  press (&screen, GDK_KEY_Home);
  assert_description (&screen, 0);
  g_assert_false (press (&screen, GDK_KEY_a));

  /* New results come: the chosen point stays. */
  press (&screen, GDK_KEY_End);
  g_autoptr (RunetChart) again = make_chart (&screen.figures, 0);
  runet_chart_view_set_chart (screen.view, again);
  assert_description (&screen, PAIRS - 2);
  runet_chart_view_set_chart (screen.view, NULL);
  g_assert_false (press (&screen, GDK_KEY_Right));
  screen_tear_down (&screen);
}

/* What is on the screen is what the draw function draws. */
static void
test_screen_and_paper (void) {
  Screen screen;
  screen_set_up (&screen);
  g_autoptr (RunetShot) seen = runet_shot_new (GTK_WIDGET (screen.view));
  RunetShot *drawn = g_new0 (RunetShot, 1);
  drawn->width = seen->width;
  drawn->height = seen->height;
  drawn->words = g_new0 (guint32, (gsize)seen->width * (gsize)seen->height);
  cairo_surface_t *surface = cairo_image_surface_create_for_data (
      (guchar *)drawn->words, CAIRO_FORMAT_ARGB32, drawn->width, drawn->height,
      4 * drawn->width);
  cairo_t *cr = cairo_create (surface);
  const RunetChartTheme theme = runet_chart_theme_of_widget (GTK_WIDGET (screen.view));
  runet_chart_draw (runet_chart_view_get_chart (screen.view), cr, drawn->width,
                    drawn->height, &theme);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_assert_cmpfloat (runet_shot_compare (seen, drawn, 8), <=, 0.001);
  runet_shot_free (drawn);
  screen_tear_down (&screen);
}

/* The theme of the desktop decides. */
static void
test_theme (void) {
  Screen screen;
  screen_set_up (&screen);
  GtkWidget *widget = GTK_WIDGET (screen.view);
  GtkSettings *settings = gtk_widget_get_settings (widget);
  g_autofree char *name = NULL;
  g_object_get (settings, "gtk-theme-name", &name, NULL);
  const RunetChartTheme usual = runet_chart_theme_of_widget (widget);
  g_object_set (settings, "gtk-theme-name", "HighContrast", NULL);
  const RunetChartTheme strong = runet_chart_theme_of_widget (widget);
  g_object_set (settings, "gtk-theme-name", name, NULL);
  g_autofree char *forced = g_strdup (g_getenv ("GTK_THEME"));
  g_setenv ("GTK_THEME", "Default-hc", TRUE);
  const RunetChartTheme overridden = runet_chart_theme_of_widget (widget);
  if (forced)
    g_setenv ("GTK_THEME", forced, TRUE);
  else
    g_unsetenv ("GTK_THEME");
  g_assert_cmpfloat (overridden.line_width, ==, strong.line_width);
  g_assert_cmpfloat (strong.line_width, >, usual.line_width * 1.3);
  g_assert_cmpfloat (strong.grid.alpha, >, usual.grid.alpha * 2);
  g_assert_cmpfloat (usual.ink.red, <, 0.5);
  const RunetChartTheme dark = runet_chart_theme_make (RUNET_CHART_DARK, NULL, 11);
  g_assert_cmpfloat (dark.ink.red, >, 0.5);
  g_assert_cmpfloat (dark.ground.alpha, ==, 0);
  screen_tear_down (&screen);
}

/* Relative luminance and contrast as in WCAG 2.1. */
static double
get_luminance (const GdkRGBA *color) {
  const double parts[] = {color->red, color->green, color->blue};
  const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (guint i = 0; i < 3; i++)
    sum += weights[i] * (parts[i] <= 0.03928 ? parts[i] / 12.92
                                             : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

static double
get_contrast (const GdkRGBA *a, const GdkRGBA *b) {
  const double first = get_luminance (a) + 0.05, second = get_luminance (b) + 0.05;
  return fmax (first / second, second / first);
}

static GdkRGBA
blend (const GdkRGBA *ground, const GdkRGBA *color, float alpha) {
  return (GdkRGBA){ground->red + (color->red - ground->red) * alpha,
                   ground->green + (color->green - ground->green) * alpha,
                   ground->blue + (color->blue - ground->blue) * alpha, 1};
}

/* Lines and marks are seen on windows, on the strips of the timeline and on paper. */
static void
test_contrast (void) {
  static const RunetChartStyle styles[] = {RUNET_CHART_LIGHT, RUNET_CHART_DARK};
  static const GdkRGBA grounds[] = {{0.965f, 0.961f, 0.957f, 1},
                                    {0.208f, 0.208f, 0.208f, 1}};
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++) {
    const RunetChartTheme theme = runet_chart_theme_make (styles[i], NULL, 11);
    const GdkRGBA strip = blend (&grounds[i], &theme.ink, 0.06f);
    for (guint c = 0; c < RUNET_CHART_COLORS; c++)
      g_assert_cmpfloat (get_contrast (&theme.colors[c], &strip), >=, 3);
    g_assert_cmpfloat (get_contrast (&theme.ink, &grounds[i]), >=, 4.5);
  }
}

/* The words and marks of warnings, in windows light and dark. */
static void
test_warnings (void) {
  static const struct {
    const char *name;
    float chip; /* how strongly it is under its own words */
    double least;
  } inks[] = {{"runet_warning_mark", 0, 3},
              {"runet_warning_text", 0, 4.5},
              {"runet_warning_chip", 0.16f, 4.5},
              {"runet_done_mark", 0, 3}};
  GtkWidget *label = gtk_label_new ("52");
  GtkWindow *window = runet_test_window_new (label, 80, 40);
  GdkDisplay *display = gtk_widget_get_display (label);
  g_autoptr (GtkCssProvider) own = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (own, "/org/runet/Review/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (own),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  for (guint dark = 0; dark < 2; dark++) {
    g_autoptr (GtkCssProvider) theme = gtk_css_provider_new ();
    gtk_css_provider_load_named (theme, "Adwaita", dark ? "dark" : NULL);
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (theme),
                                                GTK_STYLE_PROVIDER_PRIORITY_SETTINGS);
    GtkStyleContext *context = gtk_widget_get_style_context (label);
    GdkRGBA ground, ink;
    g_assert_true (gtk_style_context_lookup_color (context, "theme_bg_color", &ground));
    for (guint i = 0; i < G_N_ELEMENTS (inks); i++) {
      g_assert_true (gtk_style_context_lookup_color (context, inks[i].name, &ink));
      const GdkRGBA under = blend (&ground, &ink, inks[i].chip);
      g_test_message ("%s: %.2f", inks[i].name, get_contrast (&ink, &under));
      g_assert_cmpfloat (get_contrast (&ink, &under), >=, inks[i].least);
    }
    gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (theme));
  }
  gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (own));
  gtk_window_destroy (window);
}

static void
test_finalize (void) {
  RunetChartView *view = RUNET_CHART_VIEW (g_object_ref_sink (runet_chart_view_new ()));
  RunetChart *chart = make_bars ();
  runet_chart_view_set_chart (view, chart);
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (view), WIDTH, HEIGHT);
  gtk_window_destroy (window);
  g_assert_finalize_object (view);
  g_assert_true (g_atomic_ref_count_dec (&chart->references));
  g_atomic_ref_count_init (&chart->references);
  runet_chart_unref (chart);
}

/* ---- Files ---- */

static void
test_export (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("runet-chart-XXXXXX", &error);
  g_assert_no_error (error);
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) chart = make_chart (&figures, 0);
  g_autofree char *pdf = g_build_filename (folder, "chart.pdf", NULL);
  g_autofree char *png = g_build_filename (folder, "chart.png", NULL);
  g_autofree char *csv = g_build_filename (folder, "chart.csv", NULL);
  g_assert_true (runet_chart_export_pdf (chart, pdf, WIDTH, HEIGHT, &error));
  g_assert_true (runet_chart_export_png (chart, png, WIDTH, HEIGHT, &error));
  g_assert_true (runet_chart_export_csv (chart, csv, &error));
  g_assert_no_error (error);

  g_autofree char *text = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (pdf, &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));
  g_assert_cmpuint (length, >, 4000);
  g_autoptr (RunetShot) picture = runet_shot_read (png);
  g_assert_cmpint (picture->width, ==, 2 * WIDTH);
  g_assert_cmpint (picture->height, ==, 2 * HEIGHT);
  g_assert_cmphex (runet_shot_at (picture, 2, 2 * HEIGHT - 3), ==, 0xffffff);
  g_autofree char *table = NULL;
  g_assert_true (g_file_get_contents (csv, &table, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (table, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, PAIRS + 1);
  g_assert_cmpstr (lines[0], ==, "series,point,x,y");
  g_assert_true (g_str_has_prefix (lines[1], ",\"phantom0001: model "));
  g_assert_true (g_strrstr (lines[1], "\",30.000000,") != NULL);
  figures_clear (&figures);
  remove_tree (folder);
}

/* A folder that is not there: what was expected and found is said, and nothing is left. */
static void
test_export_fails (void) {
  g_autoptr (RunetChart) chart = make_bars ();
  const char *path = "/nonexistent/folder/chart.pdf";
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    const gboolean written =
        i == 0   ? runet_chart_export_pdf (chart, path, WIDTH, HEIGHT, &error)
        : i == 1 ? runet_chart_export_png (chart, path, WIDTH, HEIGHT, &error)
                 : runet_chart_export_csv (chart, path, &error);
    g_assert_false (written);
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
    g_assert_true (g_str_has_prefix (error->message, path));
  }
}

static void
test_csv (void) {
  g_autoptr (GString) csv = g_string_new (NULL);
  runet_csv_append (csv, "plain", FALSE);
  runet_csv_append (csv, "a, \"b\"", FALSE);
  runet_csv_append_number (csv, -1.25, 2, FALSE);
  runet_csv_append_number (csv, NAN, 2, TRUE);
  g_assert_cmpstr (csv->str, ==, "plain,\"a, \"\"b\"\"\",-1.25,\r\n");
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/chart/scale", test_scale);
  g_test_add_func ("/ui/chart/scale/odd", test_scale_odd);
  g_test_add_func ("/ui/chart/scale/text", test_scale_text);
  g_test_add_func ("/ui/chart/contents", test_contents);
  g_test_add_func ("/ui/chart/many-values", test_many_values);
  g_test_add_func ("/ui/chart/empty", test_empty);
  g_test_add_func ("/ui/chart/layout", test_layout);
  g_test_add_func ("/ui/chart/layout/ticks", test_ticks);
  g_test_add_func ("/ui/chart/layout/title", test_title);
  g_test_add_func ("/ui/chart/picture", test_picture);
  g_test_add_func ("/ui/chart/pointing", test_pointing);
  g_test_add_func ("/ui/chart/keys", test_keys);
  g_test_add_func ("/ui/chart/screen-and-paper", test_screen_and_paper);
  g_test_add_func ("/ui/chart/theme", test_theme);
  g_test_add_func ("/ui/chart/theme/contrast", test_contrast);
  g_test_add_func ("/ui/chart/theme/warnings", test_warnings);
  g_test_add_func ("/ui/chart/finalize", test_finalize);
  g_test_add_func ("/ui/chart/export", test_export);
  g_test_add_func ("/ui/chart/export/fails", test_export_fails);
  g_test_add_func ("/ui/chart/csv", test_csv);
  return g_test_run ();
}
