/* What charts look like: inks, fonts and strokes, for screens light and dark and for paper. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Of the palette of Okabe and Ito, which colour-blind people tell apart; some are darker or lighter than
 * theirs where the ground asks for it. */
typedef enum {
  RUNET_CHART_INK,
  RUNET_CHART_ORANGE, /* stage 1, as on the canvas */
  RUNET_CHART_BLUE, /* the last stage, as on the canvas */
  RUNET_CHART_GREEN,
  RUNET_CHART_PURPLE,
  RUNET_CHART_YELLOW, /* the expert, as on the canvas */
  RUNET_CHART_VERMILLION, /* what is beyond a limit */
  RUNET_CHART_COLORS
} RunetChartColor;

typedef enum {
  RUNET_CHART_LIGHT = 0,
  RUNET_CHART_DARK = 1 << 0,
  RUNET_CHART_CONTRAST = 1 << 1, /* stronger lines, nothing is faint */
} RunetChartStyle;

/**
 * RunetChartTheme:
 * @family: interned
 * @font_size, @line_width: in the units of the cairo context
 * @ground: under all; transparent on a screen
 * @ink, @dim, @grid: of titles, of ticks and notes, of the grid
 */
typedef struct {
  const char *family;
  double font_size, line_width;
  GdkRGBA ground, ink, dim, grid;
  GdkRGBA colors[RUNET_CHART_COLORS];
} RunetChartTheme;

/* @family: (nullable). On a screen: without a ground. */
RunetChartTheme
runet_chart_theme_make (RunetChartStyle style, const char *family, double font_size);
/* Black on white, for files and printers. */
RunetChartTheme
runet_chart_theme_for_paper (double font_size);
/* As the style of @widget asks for: its ink decides between light and dark, the name of the theme whether
 * the contrast is high. */
RunetChartTheme
runet_chart_theme_of_widget (GtkWidget *widget);

G_END_DECLS
