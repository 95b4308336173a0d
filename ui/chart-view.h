/* A chart on the screen: pointed at, clicked, walked with keys, and read aloud. */
#pragma once

#include "chart.h"

G_BEGIN_DECLS

#define RUNET_TYPE_CHART_VIEW (runet_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (RunetChartView, runet_chart_view, RUNET, CHART_VIEW, GtkWidget)

/* Signal "point-activated" (guint item): the number of the point that was clicked, or chosen with Enter or the
 * space bar. The keys: Left and Right walk the points, Home and End go to the first and last. */
GtkWidget *
runet_chart_view_new (void);
/* @chart: (nullable) (transfer none). A point that was chosen stays so when the new chart has one of the same
 * item and series. */
void
runet_chart_view_set_chart (RunetChartView *self, RunetChart *chart);
/* (transfer none) (nullable). */
RunetChart *
runet_chart_view_get_chart (RunetChartView *self);
/* Index of the point near (@x, @y) of the widget; -1: none. */
int
runet_chart_view_find_point (RunetChartView *self, double x, double y);
/* Where that point is. FALSE when there is none. */
gboolean
runet_chart_view_locate_point (RunetChartView *self, guint point, double *x, double *y);

G_END_DECLS
