/* A chart on the screen: hands and keys, the pixels of the screen and of paper, the style. */
#include "chart-figures.h"
#include "offscreen.h"
#include "ui/chart-export.h"
#include "ui/chart-layout.h"
#include "ui/chart-view.h"

#define WIDTH 420
#define HEIGHT 330

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
  g_autoptr (RunetChart) chart = figures_make_chart (&screen->figures, 0);
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
  g_autoptr (RunetChart) again = figures_make_chart (&screen.figures, 0);
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

static void
test_finalize (void) {
  RunetChartView *view = RUNET_CHART_VIEW (g_object_ref_sink (runet_chart_view_new ()));
  RunetChart *chart = figures_make_bars ();
  runet_chart_view_set_chart (view, chart);
  GtkWindow *window = runet_test_window_new (GTK_WIDGET (view), WIDTH, HEIGHT);
  gtk_window_destroy (window);
  g_assert_finalize_object (view);
  g_assert_true (g_atomic_ref_count_dec (&chart->references));
  g_atomic_ref_count_init (&chart->references);
  runet_chart_unref (chart);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/chart/pointing", test_pointing);
  g_test_add_func ("/ui/chart/keys", test_keys);
  g_test_add_func ("/ui/chart/screen-and-paper", test_screen_and_paper);
  g_test_add_func ("/ui/chart/theme", test_theme);
  g_test_add_func ("/ui/chart/finalize", test_finalize);
  return g_test_run ();
}
