/* What charts look like: inks, fonts and strokes, for screens light and dark and for paper. */
#include "chart-theme.h"

#include <string.h>

/* A line is this part of the size of the font. */
#define LINE_PART 0.115

/* All have a contrast of 3 to 1 at least with the ground of their style, and words in the ground's colour are
 * read on yellow. */
static const GdkRGBA light_colors[RUNET_CHART_COLORS] = {
    [RUNET_CHART_INK] = {0.13f, 0.13f, 0.14f, 1},
    [RUNET_CHART_ORANGE] = {0.72f, 0.40f, 0, 1},
    [RUNET_CHART_BLUE] = {0, 0.447f, 0.698f, 1},
    [RUNET_CHART_GREEN] = {0, 0.54f, 0.40f, 1},
    [RUNET_CHART_PURPLE] = {0.66f, 0.33f, 0.53f, 1},
    [RUNET_CHART_YELLOW] = {0.50f, 0.43f, 0, 1},
    [RUNET_CHART_VERMILLION] = {0.78f, 0.29f, 0, 1},
};
static const GdkRGBA dark_colors[RUNET_CHART_COLORS] = {
    [RUNET_CHART_INK] = {0.93f, 0.93f, 0.92f, 1},
    [RUNET_CHART_ORANGE] = {0.90f, 0.624f, 0, 1},
    [RUNET_CHART_BLUE] = {0.337f, 0.706f, 0.914f, 1},
    [RUNET_CHART_GREEN] = {0.10f, 0.73f, 0.56f, 1},
    [RUNET_CHART_PURPLE] = {0.88f, 0.58f, 0.75f, 1},
    [RUNET_CHART_YELLOW] = {0.941f, 0.894f, 0.259f, 1},
    [RUNET_CHART_VERMILLION] = {0.95f, 0.45f, 0.12f, 1},
};

static GdkRGBA
fade (const GdkRGBA *color, float alpha) {
  return (GdkRGBA){color->red, color->green, color->blue, color->alpha * alpha};
}

RunetChartTheme
runet_chart_theme_make (RunetChartStyle style, const char *family, double font_size) {
  const gboolean strong = (style & RUNET_CHART_CONTRAST) != 0;
  RunetChartTheme theme = {
      .family = g_intern_string (family ? family : "Sans"),
      .font_size = font_size,
      .line_width = font_size * LINE_PART * (strong ? 1.6 : 1),
  };
  memcpy (theme.colors, style & RUNET_CHART_DARK ? dark_colors : light_colors,
          sizeof theme.colors);
  if (strong)
    theme.colors[RUNET_CHART_INK] =
        style & RUNET_CHART_DARK ? (GdkRGBA){1, 1, 1, 1} : (GdkRGBA){0, 0, 0, 1};
  theme.ink = theme.colors[RUNET_CHART_INK];
  theme.dim = fade (&theme.ink, strong ? 1.0f : 0.72f);
  theme.grid = fade (&theme.ink, strong ? 0.45f : 0.13f);
  return theme;
}

RunetChartTheme
runet_chart_theme_for_paper (double font_size) {
  RunetChartTheme theme = runet_chart_theme_make (RUNET_CHART_LIGHT, NULL, font_size);
  theme.ground = (GdkRGBA){1, 1, 1, 1};
  return theme;
}

static gboolean
names_high_contrast (const char *name) {
  return name != NULL && (strstr (name, "HighContrast") || strstr (name, "-hc"));
}

/* GTK_THEME overrides the settings, which do not say so. */
static gboolean
has_high_contrast (GtkWidget *widget) {
  g_autofree char *name = NULL;
  g_object_get (gtk_widget_get_settings (widget), "gtk-theme-name", &name, NULL);
  return names_high_contrast (name) || names_high_contrast (g_getenv ("GTK_THEME"));
}

RunetChartTheme
runet_chart_theme_of_widget (GtkWidget *widget) {
  GdkRGBA ink;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  const double light = 0.299 * ink.red + 0.587 * ink.green + 0.114 * ink.blue;
  RunetChartStyle style = light > 0.5 ? RUNET_CHART_DARK : RUNET_CHART_LIGHT;
  if (has_high_contrast (widget))
    style |= RUNET_CHART_CONTRAST;
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double)pango_font_description_get_size (font) / PANGO_SCALE;
  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;
  /* Figures are a little smaller than the text around them. */
  return runet_chart_theme_make (style, pango_font_description_get_family (font),
                                 size * 0.92);
}
