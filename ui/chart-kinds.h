/* The kinds of chart there are: each makes a chart of columns of figures. */
#pragma once

#include "chart.h"

G_BEGIN_DECLS

/* One thing that was measured: what pointing at it says and answers. */
typedef struct {
  const char *name; /* "patient0001" */
  guint item;
} RunetChartSubject;

/**
 * RunetPairs: a method against a reference
 * @what, @unit: "Ejection fraction", "%"
 * @method, @reference: names of the two
 * @values, @references: @count of each; pairs that are not both finite are left out
 */
typedef struct {
  const char *what, *unit;
  const char *method, *reference;
  const double *values, *references;
  const RunetChartSubject *subjects;
  gsize count;
  double floor, ceiling; /* no value lies beyond; infinite: none known */
} RunetPairs;

/* Both against each other, on a square, with the line of identity and that of least squares. */
RunetChart *
runet_chart_scatter_new (const RunetPairs *pairs) G_GNUC_WARN_UNUSED_RESULT;
/* Difference against mean, with bias and limits of agreement. */
RunetChart *
runet_chart_bland_altman_new (const RunetPairs *pairs) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RunetBoxCell: the values of one box
 * @group: under which several boxes are, 0 …
 * @place: in the group
 * @series: 0 …
 */
typedef struct {
  guint group, place, series;
  const double *values;
  const RunetChartSubject *subjects;
  gsize count;
} RunetBoxCell;

/**
 * RunetBoxPlan:
 * @groups, @places: their names, %NULL-terminated
 * @series: looks and names
 * @decimals: of a value
 */
typedef struct {
  const char *title, *y_title;
  const char *const *groups;
  const char *const *places;
  const RunetSeries *series;
  guint n_series;
  const RunetBoxCell *cells;
  gsize n_cells;
  double floor, ceiling;
  int decimals;
} RunetBoxPlan;

/* A box for each cell, groups beside each other. Where the values are few all are drawn, else those
 * beyond the whiskers. */
RunetChart *
runet_chart_box_plot_new (const RunetBoxPlan *plan) G_GNUC_WARN_UNUSED_RESULT;

/* Part of a whole. */
typedef struct {
  guint group, series;
  gsize count, whole;
} RunetShare;

/* Bars of percentages, labelled with the counts; a share of nothing has no bar. */
RunetChart *
runet_chart_bars_new (const char *title,
                      const char *const *groups,
                      const RunetSeries *series,
                      guint n_series,
                      const RunetShare *shares,
                      gsize n_shares) G_GNUC_WARN_UNUSED_RESULT;

/* A moment that is marked: "ED". @x: NaN when it is not known. */
typedef struct {
  double x;
  const char *label;
} RunetMoment;

/**
 * RunetChartCurve:
 * @x, @y: @count of each; a value that is not finite is a gap
 */
typedef struct {
  const RunetSeries *series;
  const double *x, *y;
  gsize count;
} RunetChartCurve;

/* Curves over time, from zero up; the item of a point is its place in the column. */
RunetChart *
runet_chart_curves_new (const char *title,
                        const char *x_title,
                        const char *y_title,
                        const char *unit,
                        const RunetChartCurve *curves,
                        gsize n_curves,
                        const RunetMoment *moments,
                        gsize n_moments) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
