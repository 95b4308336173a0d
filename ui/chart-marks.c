/* The marks of a chart: dashes, markers, hatching. */
#include "chart-marks.h"

#include <math.h>

#define TINT 0.30
#define HATCH_TINT 0.55
/* In sizes of the font. */
#define HATCH_STEP 0.42
#define SWATCH_HEIGHT 0.75

static void
set_color (cairo_t *cr, const GdkRGBA *color, double alpha) {
  cairo_set_source_rgba (cr, color->red, color->green, color->blue,
                         color->alpha * alpha);
}

static void
set_dash (cairo_t *cr, RunetDash dash, double unit) {
  const double dashed[] = {4 * unit, 2.6 * unit};
  const double dotted[] = {0.01, 2.6 * unit};
  switch (dash) {
  case RUNET_DASH_DASHED:
    cairo_set_dash (cr, dashed, 2, 0);
    break;
  case RUNET_DASH_DOTTED:
    cairo_set_dash (cr, dotted, 2, 0);
    break;
  default:
    cairo_set_dash (cr, NULL, 0, 0);
  }
  cairo_set_line_cap (cr, dash == RUNET_DASH_DOTTED ? CAIRO_LINE_CAP_ROUND
                                                    : CAIRO_LINE_CAP_BUTT);
}

void
runet_chart_set_stroke (cairo_t *cr,
                        const RunetSeries *series,
                        const RunetChartTheme *theme) {
  /* Dots of the width of a thin line are not seen. */
  const double width =
      theme->line_width * (series->dash == RUNET_DASH_DOTTED ? 1.35 : 1);
  set_color (cr, &theme->colors[series->color], 1);
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_dash (cr, series->dash, theme->line_width);
}

/* The areas of all shapes are about the same: none looks heavier. */
static void
trace_marker (cairo_t *cr, RunetMarker marker, double x, double y, double r) {
  cairo_new_path (cr);
  switch (marker) {
  case RUNET_MARKER_SQUARE:
    cairo_rectangle (cr, x - 0.86 * r, y - 0.86 * r, 1.72 * r, 1.72 * r);
    break;
  case RUNET_MARKER_TRIANGLE:
    cairo_move_to (cr, x, y - 1.2 * r);
    cairo_line_to (cr, x + 1.1 * r, y + 0.75 * r);
    cairo_line_to (cr, x - 1.1 * r, y + 0.75 * r);
    cairo_close_path (cr);
    break;
  case RUNET_MARKER_DIAMOND:
    cairo_move_to (cr, x, y - 1.25 * r);
    cairo_line_to (cr, x + 1.25 * r, y);
    cairo_line_to (cr, x, y + 1.25 * r);
    cairo_line_to (cr, x - 1.25 * r, y);
    cairo_close_path (cr);
    break;
  case RUNET_MARKER_CROSS:
    cairo_move_to (cr, x - r, y - r);
    cairo_line_to (cr, x + r, y + r);
    cairo_move_to (cr, x + r, y - r);
    cairo_line_to (cr, x - r, y + r);
    break;
  default:
    cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  }
}

void
runet_chart_draw_marker (cairo_t *cr,
                         const RunetSeries *series,
                         double x,
                         double y,
                         double scale,
                         const RunetChartTheme *theme) {
  if (series->marker == RUNET_MARKER_NONE)
    return;
  const GdkRGBA *color = &theme->colors[series->color];
  trace_marker (cr, series->marker, x, y,
                RUNET_MARKER_REACH * theme->font_size * scale);
  if (series->filled && series->marker != RUNET_MARKER_CROSS) {
    set_color (cr, color, 0.55);
    cairo_fill_preserve (cr);
  }
  set_color (cr, color, 1);
  set_dash (cr, RUNET_DASH_SOLID, 1);
  cairo_set_line_width (cr, theme->line_width * (scale < 1 ? 0.6 : 0.85));
  cairo_stroke (cr);
}

static void
hatch (cairo_t *cr,
       double x,
       double y,
       double width,
       double height,
       const RunetChartTheme *theme) {
  const double step = HATCH_STEP * theme->font_size;
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  cairo_set_line_width (cr, theme->line_width * 0.7);
  for (double at = x - height; at < x + width; at += step) {
    cairo_move_to (cr, at, y + height);
    cairo_line_to (cr, at + height, y);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
runet_chart_draw_area (cairo_t *cr,
                       const RunetSeries *series,
                       double x,
                       double y,
                       double width,
                       double height,
                       const RunetChartTheme *theme) {
  const GdkRGBA *color = &theme->colors[series->color];
  set_dash (cr, RUNET_DASH_SOLID, 1);
  if (series->filled) {
    set_color (cr, color, TINT);
    cairo_rectangle (cr, x, y, width, height);
    cairo_fill (cr);
  } else {
    set_color (cr, color, HATCH_TINT);
    hatch (cr, x, y, width, height, theme);
  }
  set_color (cr, color, 1);
  cairo_set_line_width (cr, theme->line_width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_rectangle (cr, x, y, width, height);
  cairo_stroke (cr);
}

void
runet_chart_draw_swatch (cairo_t *cr,
                         const RunetSeries *series,
                         double x,
                         double y,
                         double width,
                         const RunetChartTheme *theme) {
  if (series->kind == RUNET_SERIES_AREA) {
    const double height = SWATCH_HEIGHT * theme->font_size;
    const double area = fmin (width, 1.5 * theme->font_size);
    runet_chart_draw_area (cr, series, x + width - area, y - height / 2, area, height,
                           theme);
    return;
  }
  if (series->kind != RUNET_SERIES_POINTS) {
    runet_chart_set_stroke (cr, series, theme);
    cairo_move_to (cr, x, y);
    cairo_line_to (cr, x + width, y);
    cairo_stroke (cr);
  }
  const double middle = series->kind == RUNET_SERIES_POINTS
                            ? x + width - 0.5 * theme->font_size
                            : x + width / 2;
  runet_chart_draw_marker (cr, series, middle, y, 1, theme);
}
