/* Whether lines, marks and words are told from what is under them, in a light style and a dark one. */
#include <math.h>

#include "offscreen.h"
#include "ui/chart-theme.h"

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

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/contrast/charts", test_contrast);
  g_test_add_func ("/ui/contrast/warnings", test_warnings);
  return g_test_run ();
}
