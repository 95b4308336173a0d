/* Where the parts of a chart are: measured with Pango, so that nothing overlaps in any language or size.
 * Shared by what draws a chart and what finds its points. */
#pragma once

#include "chart.h"

G_BEGIN_DECLS

/* Parts of the size of the font. */
#define RUNET_TITLE_SCALE 1.12
#define RUNET_NOTE_SCALE 0.9
#define RUNET_SWATCH_WIDTH 2.2
#define RUNET_LEGEND_GAP 1.2

/**
 * RunetChartLayout:
 * @left … @height: of the plot; no larger than 0 when there is no room
 * @legend_y, @names_y[], @x_title_y, @note_y: tops of those lines
 * @line: how high one line of text is
 * @note_width: where the note wraps
 */
typedef struct {
  double left, top, width, height;
  RunetScale x, y;
  double x_low, x_high, y_low, y_high;
  double legend_y, ticks_y, names_y[2], x_title_y, note_y;
  double line;
  double note_width;
} RunetChartLayout;

RunetChartLayout
runet_chart_lay_out (const RunetChart *chart,
                     PangoContext *context,
                     double width,
                     double height,
                     const RunetChartTheme *theme);
double
runet_chart_layout_get_x (const RunetChartLayout *layout, double value);
double
runet_chart_layout_get_y (const RunetChartLayout *layout, double value);

/* Measures alike at every scale: nothing is rounded to pixels. (transfer full) */
PangoContext *
runet_chart_context_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_chart_context_prepare (PangoContext *context);
/* @scale: of the font of @theme. (transfer full) */
PangoLayout *
runet_chart_text_new (PangoContext *context,
                      const RunetChartTheme *theme,
                      const char *text,
                      double scale,
                      gboolean bold) G_GNUC_WARN_UNUSED_RESULT;
/* The title of @chart, which has one, wrapped in the @width of the chart. (transfer full) */
PangoLayout *
runet_chart_title_new (const RunetChart *chart,
                       PangoContext *context,
                       const RunetChartTheme *theme,
                       double width) G_GNUC_WARN_UNUSED_RESULT;
void
runet_chart_text_measure (PangoLayout *text, double *width, double *height);

/* Goes on to the next place in the legend, which wraps. */
typedef struct {
  double x, y;
} RunetLegendPlace;
RunetLegendPlace
runet_legend_place_next (RunetLegendPlace *at,
                         double item_width,
                         double right,
                         double left,
                         double line);

G_END_DECLS
