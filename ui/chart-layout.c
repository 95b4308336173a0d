/* Where the parts of a chart are: measured with Pango. */
#include "chart-layout.h"

#include <math.h>

/* In sizes of the font. */
#define GAP 0.5
/* Left free beside the title, for the button that a screen has there. */
#define CORNER 3.0
/* Between the labels of the horizontal axis. */
#define X_TICK_GAP 1.0
#define Y_TICK_ROOM 2.6
/* More are no help, however large the chart. */
#define MOST_STEPS 8
#define FEWEST_STEPS 2
/* A title that takes more of a chart is cut short. */
#define TITLE_LINES 3
/* Part of its extent that is left free around what a numeric axis shows. */
#define AXIS_MARGIN 0.04

void
runet_chart_context_prepare (PangoContext *context) {
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
}

PangoContext *
runet_chart_context_new (void) {
  PangoContext *context =
      pango_font_map_create_context (pango_cairo_font_map_get_default ());
  runet_chart_context_prepare (context);
  return context;
}

PangoLayout *
runet_chart_text_new (PangoContext *context,
                      const RunetChartTheme *theme,
                      const char *text,
                      double scale,
                      gboolean bold) {
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_new ();
  pango_font_description_set_family (font, theme->family);
  pango_font_description_set_absolute_size (font,
                                            theme->font_size * scale * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

void
runet_chart_text_measure (PangoLayout *text, double *width, double *height) {
  PangoRectangle extents;
  pango_layout_get_extents (text, NULL, &extents);
  if (width)
    *width = (double)extents.width / PANGO_SCALE;
  if (height)
    *height = (double)extents.height / PANGO_SCALE;
}

static double
measure_width (PangoContext *context, const RunetChartTheme *theme, const char *text) {
  g_autoptr (PangoLayout) layout =
      runet_chart_text_new (context, theme, text, 1, FALSE);
  double width;
  runet_chart_text_measure (layout, &width, NULL);
  return width;
}

RunetLegendPlace
runet_legend_place_next (RunetLegendPlace *at,
                         double item_width,
                         double right,
                         double left,
                         double line) {
  if (at->x > left && at->x + item_width > right) {
    at->x = left;
    at->y += line;
  }
  const RunetLegendPlace place = *at;
  at->x += item_width;
  return place;
}

static guint
count_legend_lines (const RunetChart *chart,
                    PangoContext *context,
                    double width,
                    const RunetChartTheme *theme) {
  RunetLegendPlace at = {0, 0};
  gboolean any = FALSE;
  for (guint i = 0; i < chart->series->len; i++) {
    const RunetSeries *series = &g_array_index (chart->series, RunetSeries, i);
    if (!series->name)
      continue;
    any = TRUE;
    const double item =
        measure_width (context, theme, series->name) +
        (RUNET_SWATCH_WIDTH + GAP + RUNET_LEGEND_GAP) * theme->font_size;
    runet_legend_place_next (&at, item, width, 0, 1);
  }
  return any ? (guint)at.y + 1 : 0;
}

static double
measure_note (const RunetChart *chart,
              PangoContext *context,
              double width,
              const RunetChartTheme *theme) {
  if (!chart->note)
    return 0;
  g_autoptr (PangoLayout) note =
      runet_chart_text_new (context, theme, chart->note, RUNET_NOTE_SCALE, FALSE);
  double height;
  pango_layout_set_width (note, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (note, PANGO_WRAP_WORD_CHAR);
  runet_chart_text_measure (note, NULL, &height);
  return height + GAP * theme->font_size;
}

static gboolean
has_names (const RunetChart *chart, guint level) {
  for (guint i = 0; i < chart->names->len; i++)
    if (g_array_index (chart->names, RunetChartName, i).level == level)
      return TRUE;
  return FALSE;
}

/* Level lines have their labels to the right of the plot. */
static double
measure_labels (const RunetChart *chart,
                PangoContext *context,
                const RunetChartTheme *theme) {
  double widest = 0;
  for (guint i = 0; i < chart->rules->len; i++) {
    const RunetChartRule *rule = &g_array_index (chart->rules, RunetChartRule, i);
    if (rule->label && rule->y[0] == rule->y[1])
      widest = fmax (widest, measure_width (context, theme, rule->label));
  }
  return widest > 0 ? widest + GAP * theme->font_size : 0;
}

static double
measure_ticks (const RunetScale *scale,
               PangoContext *context,
               const RunetChartTheme *theme) {
  double widest = 0;
  for (guint i = 0; i < runet_scale_count (scale); i++) {
    g_autofree char *text =
        runet_scale_format (runet_scale_get (scale, i), scale->decimals);
    widest = fmax (widest, measure_width (context, theme, text));
  }
  return widest;
}

/* Scale, of at most @room steps, and visible ends of a numeric axis. */
static RunetScale
fit_axis (const RunetAxis *axis, double room, double *low, double *high) {
  const double margin = AXIS_MARGIN * (axis->high - axis->low);
  double from = axis->low == axis->floor ? axis->low : axis->low - margin;
  double to = axis->high == axis->ceiling ? axis->high : axis->high + margin;
  RunetScale scale =
      runet_scale_fit (fmax (from, axis->floor), fmin (to, axis->ceiling),
                       (guint)CLAMP (room, FEWEST_STEPS, MOST_STEPS));
  if (axis->whole && scale.step < 1)
    scale = (RunetScale){
        .low = floor (scale.low), .high = ceil (scale.high), .step = 1, .decimals = 0};
  *low = fmax (scale.low, axis->floor);
  *high = fmin (scale.high, axis->ceiling);
  /* Ticks beyond the ends are not drawn; the ends stay. */
  while (scale.low < *low - 1e-9 * scale.step)
    scale.low += scale.step;
  while (scale.high > *high + 1e-9 * scale.step)
    scale.high -= scale.step;
  return scale;
}

/* A horizontal axis has as many ticks as their labels leave room for. */
static RunetScale
fit_wide_axis (const RunetAxis *axis,
               double length,
               PangoContext *context,
               const RunetChartTheme *theme,
               double *low,
               double *high) {
  RunetScale scale;
  for (guint most = MOST_STEPS; most >= FEWEST_STEPS; most--) {
    scale = fit_axis (axis, most, low, high);
    const double needed =
        measure_ticks (&scale, context, theme) + X_TICK_GAP * theme->font_size;
    if (needed <= length * scale.step / (*high - *low))
      break;
  }
  return scale;
}

PangoLayout *
runet_chart_title_new (const RunetChart *chart,
                       PangoContext *context,
                       const RunetChartTheme *theme,
                       double width) {
  PangoLayout *title =
      runet_chart_text_new (context, theme, chart->title, RUNET_TITLE_SCALE, TRUE);
  pango_layout_set_width (title,
                          (int)((width - CORNER * theme->font_size) * PANGO_SCALE));
  pango_layout_set_wrap (title, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (title, -TITLE_LINES);
  pango_layout_set_ellipsize (title, PANGO_ELLIPSIZE_END);
  return title;
}

static double
lay_out_above (const RunetChart *chart,
               PangoContext *context,
               double width,
               const RunetChartTheme *theme,
               RunetChartLayout *self) {
  double y = 0;
  if (chart->title) {
    g_autoptr (PangoLayout) title =
        runet_chart_title_new (chart, context, theme, width);
    runet_chart_text_measure (title, NULL, &y);
    y += 0.35 * theme->font_size;
  }
  self->legend_y = y;
  const guint legend = count_legend_lines (chart, context, width, theme);
  y += legend * self->line * 1.15;
  /* Labels of upright lines stand above the plot. */
  gboolean uprights = FALSE;
  for (guint i = 0; i < chart->rules->len; i++) {
    const RunetChartRule *rule = &g_array_index (chart->rules, RunetChartRule, i);
    uprights |= rule->label && rule->x[0] == rule->x[1];
  }
  return y + (uprights ? self->line : 0) + 0.6 * theme->font_size;
}

/* From the bottom up. Returns where the plot ends. */
static double
lay_out_below (const RunetChart *chart,
               PangoContext *context,
               double width,
               double height,
               const RunetChartTheme *theme,
               RunetChartLayout *self) {
  double y = height - measure_note (chart, context, width, theme);
  self->note_y = y + GAP * theme->font_size;
  self->note_width = width;
  if (chart->x.title)
    y -= self->line + 0.3 * theme->font_size;
  self->x_title_y = y;
  if (chart->x.title)
    y -= 0.3 * theme->font_size;
  for (int level = 1; level >= 0; level--) {
    if (has_names (chart, (guint)level))
      y -= self->line;
    self->names_y[level] = y;
  }
  if (!chart->x.named)
    y -= self->line;
  self->ticks_y = y;
  return y - 0.5 * theme->font_size;
}

/* One scale for both axes, and what is below follows the plot up, so that nothing floats. */
static void
make_square (RunetChartLayout *self,
             const RunetChart *chart,
             PangoContext *context,
             const RunetChartTheme *theme) {
  const double side = fmin (self->width, self->height);
  const double up = self->height - side;
  self->width = self->height = side;
  self->ticks_y -= up;
  self->names_y[0] -= up;
  self->names_y[1] -= up;
  self->x_title_y -= up;
  self->note_y -= up;
  self->y =
      fit_wide_axis (&chart->y, side, context, theme, &self->y_low, &self->y_high);
  self->x = self->y;
  self->x_low = self->y_low;
  self->x_high = self->y_high;
}

/* How far the label of the last tick that is seen stands out on the right, when the plot is @width wide. */
static double
measure_overhang (const RunetChartLayout *self,
                  PangoContext *context,
                  double width,
                  const RunetChartTheme *theme) {
  double overhang = 0;
  for (guint i = 0; i < runet_scale_count (&self->x); i++) {
    const double tick = runet_scale_get (&self->x, i);
    if (tick > self->x_high)
      break;
    g_autofree char *text = runet_scale_format (tick, self->x.decimals);
    overhang = runet_chart_layout_get_x (self, tick) +
               measure_width (context, theme, text) / 2 - width;
  }
  return fmax (overhang, 0);
}

RunetChartLayout
runet_chart_lay_out (const RunetChart *chart,
                     PangoContext *context,
                     double width,
                     double height,
                     const RunetChartTheme *theme) {
  RunetChartLayout self = {0};
  const double em = theme->font_size;
  g_autoptr (PangoLayout) sample =
      runet_chart_text_new (context, theme, "Åg", 1, FALSE);
  runet_chart_text_measure (sample, NULL, &self.line);

  self.top = lay_out_above (chart, context, width, theme, &self);
  self.height = lay_out_below (chart, context, width, height, theme, &self) - self.top;
  self.y =
      fit_axis (&chart->y, self.height / (Y_TICK_ROOM * em), &self.y_low, &self.y_high);
  self.left = measure_ticks (&self.y, context, theme) + 0.7 * em;
  if (chart->y.title)
    self.left += self.line + 0.3 * em;
  const double right = fmax (measure_labels (chart, context, theme), 0.8 * em);
  self.width = width - self.left - right;
  if (chart->square)
    make_square (&self, chart, context, theme);
  else if (chart->x.named) {
    self.x_low = chart->x.low;
    self.x_high = chart->x.high;
    self.x = (RunetScale){self.x_low, self.x_high, 1, 0};
  } else {
    self.x = fit_wide_axis (&chart->x, self.width, context, theme, &self.x_low,
                            &self.x_high);
    self.width -= measure_overhang (&self, context, width, theme);
  }
  return self;
}

double
runet_chart_layout_get_x (const RunetChartLayout *layout, double value) {
  return layout->left +
         layout->width * (value - layout->x_low) / (layout->x_high - layout->x_low);
}

double
runet_chart_layout_get_y (const RunetChartLayout *layout, double value) {
  return layout->top + layout->height * (1 - (value - layout->y_low) /
                                                 (layout->y_high - layout->y_low));
}
