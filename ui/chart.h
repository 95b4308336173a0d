/* A chart: what it says, independent of where it is drawn. One function draws it on a screen, on paper and
 * into a file.
 *
 * Everything is in the units of the two axes. A chart is made by one of the functions of chart-kinds.h, or
 * piece by piece; once it is shown it does not change. */
#pragma once

#include "chart-scale.h"
#include "chart-theme.h"
#include "core/shape/statistics.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_MARKER_NONE,
  RUNET_MARKER_CIRCLE,
  RUNET_MARKER_SQUARE,
  RUNET_MARKER_TRIANGLE,
  RUNET_MARKER_DIAMOND,
  RUNET_MARKER_CROSS,
} RunetMarker;

typedef enum {
  RUNET_DASH_SOLID,
  RUNET_DASH_DASHED,
  RUNET_DASH_DOTTED,
} RunetDash;

/* What stands for a series in the legend. */
typedef enum {
  RUNET_SERIES_POINTS,
  RUNET_SERIES_CURVE, /* points that are joined */
  RUNET_SERIES_RULE,
  RUNET_SERIES_AREA, /* boxes or bars */
} RunetSeriesKind;

/**
 * RunetSeries: things that look alike
 * @name: (nullable): in the legend
 * @filled: markers, boxes and bars; the others are hollow or hatched
 */
typedef struct {
  char *name;
  RunetSeriesKind kind;
  RunetChartColor color;
  RunetMarker marker;
  RunetDash dash;
  gboolean filled;
} RunetSeries;

/**
 * RunetChartPoint: what can be pointed at
 * @text: one line for people: whose it is and the values
 * @item: the caller's own number for it
 * @apart: the curve has a gap before it
 */
typedef struct {
  double x, y;
  guint series;
  guint item;
  char *text;
  gboolean small, apart;
} RunetChartPoint;

/* A straight line; what lies outside the plot is cut off. Infinite ends reach the edges.
 * @label: (nullable): at its end; may have two lines. */
typedef struct {
  double x[2], y[2];
  guint series;
  char *label;
} RunetChartRule;

typedef struct {
  double x, half_width;
  guint series;
  RunetBox *box;
} RunetChartBox;

/* From 0 up; @label: above it. */
typedef struct {
  double x, half_width, y;
  guint series;
  char *label;
} RunetChartBar;

/* A name under the axis, at a place or (@level 1) under a stretch of places. */
typedef struct {
  double low, high;
  guint level;
  char *text;
} RunetChartName;

/**
 * RunetAxis:
 * @title: with the unit
 * @low, @high: what has to be seen; NaN: nothing yet
 * @floor, @ceiling: the scale does not go beyond, whatever the ticks; infinite: it may
 * @named: names instead of ticks
 * @whole: of things that are counted: no ticks between whole numbers
 */
typedef struct {
  char *title;
  double low, high;
  double floor, ceiling;
  gboolean named;
  gboolean whole;
} RunetAxis;

/**
 * RunetChart:
 * @title, @note: above; how many and what was left out, below
 * @summary: the same in words, for who does not see it
 * @blank: (nullable): what stands in the place of a plot that has nothing to show
 * @square: both axes have one scale, of the same length
 */
typedef struct {
  gatomicrefcount references;
  char *title, *note, *summary, *blank;
  RunetAxis x, y;
  gboolean square;
  GArray *series; /* RunetSeries */
  GArray *points; /* RunetChartPoint */
  GArray *rules; /* RunetChartRule */
  GArray *boxes; /* RunetChartBox */
  GArray *bars; /* RunetChartBar */
  GArray *names; /* RunetChartName */
} RunetChart;

/* All texts: (nullable). */
RunetChart *
runet_chart_new (const char *title,
                 const char *x_title,
                 const char *y_title) G_GNUC_WARN_UNUSED_RESULT;
RunetChart *
runet_chart_ref (RunetChart *chart);
void
runet_chart_unref (RunetChart *chart);

/* @series: its name is copied. Returns: its number. */
guint
runet_chart_add_series (RunetChart *chart, const RunetSeries *series);
/* Values that are not finite are no point: returns FALSE. @point: its text is copied. */
gboolean
runet_chart_add_point (RunetChart *chart, const RunetChartPoint *point);
/* Level at @y over the whole width; upright at @x over the whole height. NaN adds nothing. */
void
runet_chart_add_level (RunetChart *chart, double y, guint series, const char *label);
void
runet_chart_add_upright (RunetChart *chart, double x, guint series, const char *label);
/* y = intercept + slope · x, between @x0 and @x1. */
void
runet_chart_add_line (RunetChart *chart,
                      double slope,
                      double intercept,
                      double x0,
                      double x1,
                      guint series);
/* @box: (transfer full) */
void
runet_chart_add_box (RunetChart *chart,
                     double x,
                     double half_width,
                     guint series,
                     RunetBox *box);
void
runet_chart_add_bar (RunetChart *chart,
                     double x,
                     double half_width,
                     double y,
                     guint series,
                     const char *label);
void
runet_chart_add_name (RunetChart *chart,
                      double low,
                      double high,
                      guint level,
                      const char *text);
/* The axis has to show @value; NaN does nothing. */
void
runet_axis_include (RunetAxis *axis, double value);

/* Draws on 0 … @width, 0 … @height of @cr. */
void
runet_chart_draw (const RunetChart *chart,
                  cairo_t *cr,
                  double width,
                  double height,
                  const RunetChartTheme *theme);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetChart, runet_chart_unref)

G_END_DECLS
