/* Charts: what is in them, where things are, what they look like, files. */
#include <math.h>
#include <glib/gstdio.h>

#include "chart-figures.h"
#include "core/base/csv.h"
#include "core/base/error.h"
#include "offscreen.h"
#include "tests/remove-tree.h"
#include "ui/chart-export.h"
#include "ui/chart-kinds.h"
#include "ui/chart-layout.h"
#include "ui/chart-view.h"

#define WIDTH 420
#define HEIGHT 330

static void
test_contents (void) {
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) scatter = figures_make_chart (&figures, 0);
  g_assert_cmpuint (scatter->points->len, ==, PAIRS - 1);
  g_assert_true (g_str_has_prefix (scatter->note, "n = 23; left out: 1; r = 0.9"));
  const RunetChartPoint *eighth = &g_array_index (scatter->points, RunetChartPoint, 7);
  g_assert_cmpuint (eighth->item, ==, 108);
  g_assert_true (g_str_has_prefix (eighth->text, "phantom0009: model "));

  g_autoptr (RunetChart) agreement = figures_make_chart (&figures, 1);
  const RunetBlandAltman found =
      runet_bland_altman_compute (figures.values, figures.references, PAIRS);
  g_assert_cmpuint (agreement->rules->len, ==, 4);
  const RunetChartRule *bias = &g_array_index (agreement->rules, RunetChartRule, 1);
  g_assert_cmpfloat (bias->y[0], ==, found.bias);
  g_assert_cmpfloat (agreement->y.high, >, found.upper);

  g_autoptr (RunetChart) boxes = figures_make_chart (&figures, 2);
  g_assert_cmpuint (boxes->boxes->len, ==, 12);
  g_assert_cmpuint (boxes->points->len, ==, 10 * PAIRS);
  g_assert_nonnull (strstr (boxes->note, "n = 72 images; left out of a box: 0"));

  g_autoptr (RunetChart) bars = figures_make_chart (&figures, 3);
  const RunetChartBar *bar = &g_array_index (bars->bars, RunetChartBar, 1);
  g_assert_cmpfloat_with_epsilon (bar->y, 15.5, 1e-9);
  g_assert_cmpstr (bar->label, ==, "31 (15.5 %)");

  g_autoptr (RunetChart) curves = figures_make_chart (&figures, 4);
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
  const RunetBoxPlan plan = {"Many", "mm",  one, one, NULL,     figures_stages,
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
  RunetPairs pairs = figures_make_pairs (&figures);
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
    g_autoptr (RunetChart) chart = figures_make_chart (&figures, kind);
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
  g_autoptr (RunetChart) chart = figures_make_chart (&figures, 0);
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

/* Epochs are counted: there is no half of one. */
static void
test_whole (void) {
  g_autoptr (RunetChart) chart = runet_chart_new ("Loss", "Epoch", "Loss");
  const RunetSeries look = {.kind = RUNET_SERIES_CURVE};
  const guint series = runet_chart_add_series (chart, &look);
  chart->x.floor = 0;
  chart->x.whole = TRUE;
  PangoContext *context = runet_chart_context_new ();
  const RunetChartTheme theme = runet_chart_theme_for_paper (10);
  for (guint epoch = 1; epoch < 40; epoch++) {
    const RunetChartPoint point = {
        .x = epoch, .y = 1.0 / epoch, .series = series, .text = (char *)"loss"};
    runet_chart_add_point (chart, &point);
    const RunetChartLayout at =
        runet_chart_lay_out (chart, context, WIDTH, HEIGHT, &theme);
    g_assert_cmpfloat (at.x.step, >=, 1);
    g_assert_cmpint (at.x.decimals, ==, 0);
    g_assert_cmpfloat (at.x_low, <=, 1);
    g_assert_cmpfloat (at.x_high, >=, epoch);
  }
  g_object_unref (context);
}

/* A title is told whole, and what is below it makes room. */
static void
test_title (void) {
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) chart = figures_make_chart (&figures, 1);
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
    g_autoptr (RunetChart) chart = figures_make_chart (figures, kind);
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

/* ---- Files ---- */

static void
test_export (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("runet-chart-XXXXXX", &error);
  g_assert_no_error (error);
  Figures figures;
  figures_init (&figures);
  g_autoptr (RunetChart) chart = figures_make_chart (&figures, 0);
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
  g_autoptr (RunetChart) chart = figures_make_bars ();
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
  g_test_add_func ("/ui/chart/contents", test_contents);
  g_test_add_func ("/ui/chart/many-values", test_many_values);
  g_test_add_func ("/ui/chart/empty", test_empty);
  g_test_add_func ("/ui/chart/layout", test_layout);
  g_test_add_func ("/ui/chart/layout/ticks", test_ticks);
  g_test_add_func ("/ui/chart/layout/whole", test_whole);
  g_test_add_func ("/ui/chart/layout/title", test_title);
  g_test_add_func ("/ui/chart/picture", test_picture);
  g_test_add_func ("/ui/chart/export", test_export);
  g_test_add_func ("/ui/chart/export/fails", test_export_fails);
  g_test_add_func ("/ui/chart/csv", test_csv);
  return g_test_run ();
}
