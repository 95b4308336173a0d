/* The marks of a chart: dashes, markers, hatching. Private to the charts. */
#pragma once

#include "chart.h"

G_BEGIN_DECLS

/* In the size of the font: from the middle of a marker to its edge. */
#define RUNET_MARKER_REACH 0.32

/* Sets colour, width and dash of what is stroked next. */
void
runet_chart_set_stroke (cairo_t *cr,
                        const RunetSeries *series,
                        const RunetChartTheme *theme);
/* @scale: 1 is the usual size. */
void
runet_chart_draw_marker (cairo_t *cr,
                         const RunetSeries *series,
                         double x,
                         double y,
                         double scale,
                         const RunetChartTheme *theme);
/* A rectangle in the colour of the series: tinted when filled, hatched when not, and outlined. */
void
runet_chart_draw_area (cairo_t *cr,
                       const RunetSeries *series,
                       double x,
                       double y,
                       double width,
                       double height,
                       const RunetChartTheme *theme);
/* What stands for the series in the legend; @y is its middle. */
void
runet_chart_draw_swatch (cairo_t *cr,
                         const RunetSeries *series,
                         double x,
                         double y,
                         double width,
                         const RunetChartTheme *theme);

G_END_DECLS
