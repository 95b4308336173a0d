/* Draws a chart: the one function for screens, printers and files. */
#include <math.h>
#include <glib/gi18n-lib.h>

#include "chart-layout.h"
#include "chart-marks.h"

/* In sizes of the font. */
#define TICK 0.35
#define GAP 0.5
/* A plot smaller than this says nothing. */
#define SMALLEST_PLOT 3.0
#define SMALL_MARKER 0.5

typedef struct {
  const RunetChart *chart;
  const RunetChartLayout *layout;
  const RunetChartTheme *theme;
  PangoContext *context;
  cairo_t *cr;
} Drawing;

static void
set_color (const Drawing *self, const GdkRGBA *color) {
  gdk_cairo_set_source_rgba (self->cr, color);
}

static double
to_x (const Drawing *self, double value) {
  return isinf (value) ? self->layout->left + (value > 0 ? self->layout->width : 0)
                       : runet_chart_layout_get_x (self->layout, value);
}

static double
to_y (const Drawing *self, double value) {
  return isinf (value) ? self->layout->top + (value > 0 ? 0 : self->layout->height)
                       : runet_chart_layout_get_y (self->layout, value);
}

/* Text with its left, middle or right (@xalign 0, 0.5, 1) at @x and its top at @y. */
static void
show_text (const Drawing *self,
           const char *text,
           double x,
           double y,
           double xalign,
           double scale,
           gboolean bold) {
  g_autoptr (PangoLayout) layout =
      runet_chart_text_new (self->context, self->theme, text, scale, bold);
  double width;
  runet_chart_text_measure (layout, &width, NULL);
  cairo_move_to (self->cr, x - xalign * width, y);
  pango_cairo_show_layout (self->cr, layout);
}

/* ---- Grid and axes ---- */

static void
draw_grid (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  set_color (self, &self->theme->grid);
  cairo_set_dash (self->cr, NULL, 0, 0);
  cairo_set_line_width (self->cr, self->theme->line_width * 0.7);
  for (guint i = 0; i < runet_scale_count (&layout->y); i++) {
    const double y = to_y (self, runet_scale_get (&layout->y, i));
    cairo_move_to (self->cr, layout->left, y);
    cairo_line_to (self->cr, layout->left + layout->width, y);
  }
  for (guint i = 0; !self->chart->x.named && i < runet_scale_count (&layout->x); i++) {
    const double x = to_x (self, runet_scale_get (&layout->x, i));
    cairo_move_to (self->cr, x, layout->top);
    cairo_line_to (self->cr, x, layout->top + layout->height);
  }
  cairo_stroke (self->cr);
}

static void
draw_y_axis (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  const double em = self->theme->font_size;
  for (guint i = 0; i < runet_scale_count (&layout->y); i++) {
    const double value = runet_scale_get (&layout->y, i), y = to_y (self, value);
    g_autofree char *text = runet_scale_format (value, layout->y.decimals);
    set_color (self, &self->theme->dim);
    show_text (self, text, layout->left - 0.55 * em, y - layout->line / 2, 1, 1, FALSE);
    cairo_move_to (self->cr, layout->left - TICK * em, y);
    cairo_line_to (self->cr, layout->left, y);
    cairo_stroke (self->cr);
  }
  if (!self->chart->y.title)
    return;
  cairo_save (self->cr);
  cairo_translate (self->cr, 0, layout->top + layout->height / 2);
  cairo_rotate (self->cr, -G_PI / 2);
  pango_cairo_update_context (self->cr, self->context);
  set_color (self, &self->theme->ink);
  show_text (self, self->chart->y.title, 0, 0, 0.5, 1, FALSE);
  cairo_restore (self->cr);
  pango_cairo_update_context (self->cr, self->context);
}

/* A name that is wider than what it is under is cut short. */
static void
draw_names (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  for (guint i = 0; i < self->chart->names->len; i++) {
    const RunetChartName *name = &g_array_index (self->chart->names, RunetChartName, i);
    const double left = to_x (self, name->low), right = to_x (self, name->high);
    g_autoptr (PangoLayout) text =
        runet_chart_text_new (self->context, self->theme, name->text, 1, FALSE);
    pango_layout_set_width (text, (int)((right - left) * PANGO_SCALE));
    pango_layout_set_ellipsize (text, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment (text, PANGO_ALIGN_CENTER);
    set_color (self, name->level == 0 ? &self->theme->dim : &self->theme->ink);
    cairo_move_to (self->cr, left, layout->names_y[name->level]);
    pango_cairo_show_layout (self->cr, text);
  }
}

static void
draw_x_axis (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  const double em = self->theme->font_size, bottom = layout->top + layout->height;
  if (self->chart->x.named)
    draw_names (self);
  for (guint i = 0; !self->chart->x.named && i < runet_scale_count (&layout->x); i++) {
    const double value = runet_scale_get (&layout->x, i), x = to_x (self, value);
    g_autofree char *text = runet_scale_format (value, layout->x.decimals);
    set_color (self, &self->theme->dim);
    show_text (self, text, x, layout->ticks_y, 0.5, 1, FALSE);
    cairo_move_to (self->cr, x, bottom);
    cairo_line_to (self->cr, x, bottom + TICK * em);
    cairo_stroke (self->cr);
  }
  set_color (self, &self->theme->ink);
  if (self->chart->x.title)
    show_text (self, self->chart->x.title, layout->left + layout->width / 2,
               layout->x_title_y, 0.5, 1, FALSE);
}

static void
draw_axes (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  cairo_set_dash (self->cr, NULL, 0, 0);
  cairo_set_line_width (self->cr, self->theme->line_width * 0.8);
  draw_y_axis (self);
  draw_x_axis (self);
  set_color (self, &self->theme->dim);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_MITER);
  cairo_move_to (self->cr, layout->left, layout->top);
  cairo_rel_line_to (self->cr, 0, layout->height);
  cairo_rel_line_to (self->cr, layout->width, 0);
  cairo_stroke (self->cr);
}

/* ---- What is shown ---- */

static const RunetSeries *
series_of (const Drawing *self, guint series) {
  return &g_array_index (self->chart->series, RunetSeries, series);
}

static void
draw_bars (const Drawing *self) {
  for (guint i = 0; i < self->chart->bars->len; i++) {
    const RunetChartBar *bar = &g_array_index (self->chart->bars, RunetChartBar, i);
    const double left = to_x (self, bar->x - bar->half_width);
    const double right = to_x (self, bar->x + bar->half_width);
    const double top = to_y (self, bar->y), bottom = to_y (self, 0);
    runet_chart_draw_area (self->cr, series_of (self, bar->series), left, top,
                           right - left, bottom - top, self->theme);
    set_color (self, &self->theme->ink);
    if (bar->label)
      show_text (self, bar->label, (left + right) / 2,
                 top - self->layout->line - 0.2 * self->theme->font_size, 0.5, 1,
                 FALSE);
  }
}

static void
draw_box (const Drawing *self, const RunetChartBox *one) {
  cairo_t *cr = self->cr;
  const RunetBox *box = one->box;
  if (box->count == 0)
    return;
  const RunetSeries *series = series_of (self, one->series);
  RunetSeries line = *series;
  const double left = to_x (self, one->x - one->half_width);
  const double right = to_x (self, one->x + one->half_width);
  const double x = (left + right) / 2, cap = (right - left) / 4;
  line.dash = RUNET_DASH_SOLID;
  runet_chart_set_stroke (cr, &line, self->theme);
  for (guint end = 0; end < 2; end++) {
    const double y = to_y (self, box->whisker[end]);
    cairo_move_to (cr, x, to_y (self, end == 0 ? box->q1 : box->q3));
    cairo_line_to (cr, x, y);
    cairo_move_to (cr, x - cap, y);
    cairo_line_to (cr, x + cap, y);
  }
  cairo_stroke (cr);
  runet_chart_draw_area (cr, series, left, to_y (self, box->q3), right - left,
                         to_y (self, box->q1) - to_y (self, box->q3), self->theme);
  cairo_set_line_width (cr, self->theme->line_width * 2.2);
  cairo_move_to (cr, left, to_y (self, box->median));
  cairo_line_to (cr, right, to_y (self, box->median));
  cairo_stroke (cr);
}

static void
draw_rules (const Drawing *self) {
  for (guint i = 0; i < self->chart->rules->len; i++) {
    const RunetChartRule *rule = &g_array_index (self->chart->rules, RunetChartRule, i);
    runet_chart_set_stroke (self->cr, series_of (self, rule->series), self->theme);
    cairo_move_to (self->cr, to_x (self, rule->x[0]), to_y (self, rule->y[0]));
    cairo_line_to (self->cr, to_x (self, rule->x[1]), to_y (self, rule->y[1]));
    cairo_stroke (self->cr);
  }
}

static void
draw_curves (const Drawing *self) {
  for (guint s = 0; s < self->chart->series->len; s++) {
    const RunetSeries *series = series_of (self, s);
    if (series->kind != RUNET_SERIES_CURVE)
      continue;
    gboolean first = TRUE;
    runet_chart_set_stroke (self->cr, series, self->theme);
    cairo_set_line_width (self->cr, self->theme->line_width * 1.35);
    for (guint i = 0; i < self->chart->points->len; i++) {
      const RunetChartPoint *point =
          &g_array_index (self->chart->points, RunetChartPoint, i);
      if (point->series != s)
        continue;
      if (first || point->apart)
        cairo_move_to (self->cr, to_x (self, point->x), to_y (self, point->y));
      else
        cairo_line_to (self->cr, to_x (self, point->x), to_y (self, point->y));
      first = FALSE;
    }
    cairo_stroke (self->cr);
  }
}

static void
draw_points (const Drawing *self) {
  for (guint i = 0; i < self->chart->points->len; i++) {
    const RunetChartPoint *point =
        &g_array_index (self->chart->points, RunetChartPoint, i);
    const RunetSeries *series = series_of (self, point->series);
    const gboolean small = point->small || series->kind == RUNET_SERIES_CURVE;
    runet_chart_draw_marker (self->cr, series, to_x (self, point->x),
                             to_y (self, point->y), small ? SMALL_MARKER : 1,
                             self->theme);
  }
}

/* On top of upright lines, inside the width of the plot. */
static void
draw_upright_label (const Drawing *self, const RunetChartRule *rule) {
  const RunetChartLayout *layout = self->layout;
  g_autoptr (PangoLayout) text =
      runet_chart_text_new (self->context, self->theme, rule->label, 1, FALSE);
  double width;
  runet_chart_text_measure (text, &width, NULL);
  const double x = to_x (self, rule->x[0]) - width / 2;
  const double right = layout->left + layout->width - width;
  cairo_move_to (self->cr, CLAMP (x, layout->left, MAX (right, layout->left)),
                 layout->top - layout->line);
  pango_cairo_show_layout (self->cr, text);
}

typedef struct {
  const char *text;
  double y;
} LevelLabel;

static int
compare_levels (gconstpointer a, gconstpointer b) {
  const LevelLabel *first = a, *second = b;
  return (first->y > second->y) - (first->y < second->y);
}

/* Right of level lines. Labels of lines that are close move down, out of each other's way. */
static void
draw_level_labels (const Drawing *self, GArray *levels) {
  const double x =
      self->layout->left + self->layout->width + GAP * self->theme->font_size;
  double free_from = -INFINITY;
  g_array_sort (levels, compare_levels);
  for (guint i = 0; i < levels->len; i++) {
    const LevelLabel *level = &g_array_index (levels, LevelLabel, i);
    g_autoptr (PangoLayout) text =
        runet_chart_text_new (self->context, self->theme, level->text, 1, FALSE);
    double height;
    runet_chart_text_measure (text, NULL, &height);
    const double y = fmax (level->y - height / 2, free_from);
    cairo_move_to (self->cr, x, y);
    pango_cairo_show_layout (self->cr, text);
    free_from = y + height;
  }
}

static void
draw_labels (const Drawing *self) {
  g_autoptr (GArray) levels = g_array_new (FALSE, FALSE, sizeof (LevelLabel));
  set_color (self, &self->theme->ink);
  for (guint i = 0; i < self->chart->rules->len; i++) {
    const RunetChartRule *rule = &g_array_index (self->chart->rules, RunetChartRule, i);
    const LevelLabel level = {rule->label, to_y (self, rule->y[1])};
    if (rule->label && rule->x[0] == rule->x[1])
      draw_upright_label (self, rule);
    else if (rule->label)
      g_array_append_val (levels, level);
  }
  draw_level_labels (self, levels);
}

/* ---- Around the plot ---- */

static void
draw_legend (const Drawing *self, double width) {
  const double em = self->theme->font_size, line = self->layout->line * 1.15;
  RunetLegendPlace at = {0, self->layout->legend_y};
  for (guint i = 0; i < self->chart->series->len; i++) {
    const RunetSeries *series = series_of (self, i);
    if (!series->name)
      continue;
    g_autoptr (PangoLayout) text =
        runet_chart_text_new (self->context, self->theme, series->name, 1, FALSE);
    double text_width;
    runet_chart_text_measure (text, &text_width, NULL);
    const double item = text_width + (RUNET_SWATCH_WIDTH + GAP + RUNET_LEGEND_GAP) * em;
    const RunetLegendPlace place = runet_legend_place_next (&at, item, width, 0, line);
    runet_chart_draw_swatch (self->cr, series, place.x,
                             place.y + self->layout->line / 2, RUNET_SWATCH_WIDTH * em,
                             self->theme);
    set_color (self, &self->theme->ink);
    cairo_move_to (self->cr, place.x + (RUNET_SWATCH_WIDTH + GAP) * em, place.y);
    pango_cairo_show_layout (self->cr, text);
  }
}

static void
draw_title (const Drawing *self, double width) {
  if (!self->chart->title)
    return;
  g_autoptr (PangoLayout) title =
      runet_chart_title_new (self->chart, self->context, self->theme, width);
  set_color (self, &self->theme->ink);
  cairo_move_to (self->cr, 0, 0);
  pango_cairo_show_layout (self->cr, title);
}

static void
draw_note (const Drawing *self) {
  if (!self->chart->note)
    return;
  g_autoptr (PangoLayout) note = runet_chart_text_new (
      self->context, self->theme, self->chart->note, RUNET_NOTE_SCALE, FALSE);
  pango_layout_set_width (note, (int)(self->layout->note_width * PANGO_SCALE));
  pango_layout_set_wrap (note, PANGO_WRAP_WORD_CHAR);
  set_color (self, &self->theme->dim);
  cairo_move_to (self->cr, 0, self->layout->note_y);
  pango_cairo_show_layout (self->cr, note);
}

static gboolean
is_blank (const RunetChart *chart) {
  gsize values = chart->points->len + chart->bars->len;
  for (guint i = 0; i < chart->boxes->len; i++)
    values += g_array_index (chart->boxes, RunetChartBox, i).box->count;
  return values == 0;
}

/* Axes of nothing would only be made up. */
static void
draw_blank (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  set_color (self, &self->theme->grid);
  cairo_set_line_width (self->cr, self->theme->line_width * 0.7);
  cairo_rectangle (self->cr, layout->left, layout->top, layout->width, layout->height);
  cairo_stroke (self->cr);
  set_color (self, &self->theme->dim);
  show_text (self, self->chart->blank ? self->chart->blank : _ ("Nothing to show yet"),
             layout->left + layout->width / 2,
             layout->top + (layout->height - layout->line) / 2, 0.5, 1, FALSE);
}

static void
draw_plot (const Drawing *self) {
  const RunetChartLayout *layout = self->layout;
  if (is_blank (self->chart)) {
    draw_blank (self);
    return;
  }
  draw_grid (self);
  cairo_save (self->cr);
  cairo_rectangle (self->cr, layout->left, layout->top, layout->width, layout->height);
  cairo_clip (self->cr);
  draw_rules (self);
  draw_curves (self);
  cairo_restore (self->cr);
  draw_bars (self);
  for (guint i = 0; i < self->chart->boxes->len; i++)
    draw_box (self, &g_array_index (self->chart->boxes, RunetChartBox, i));
  draw_axes (self);
  draw_points (self);
  draw_labels (self);
}

void
runet_chart_draw (const RunetChart *chart,
                  cairo_t *cr,
                  double width,
                  double height,
                  const RunetChartTheme *theme) {
  g_return_if_fail (chart != NULL && cr != NULL && theme != NULL);
  cairo_save (cr);
  gdk_cairo_set_source_rgba (cr, &theme->ground);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);

  PangoContext *context = runet_chart_context_new ();
  const RunetChartLayout layout =
      runet_chart_lay_out (chart, context, width, height, theme);
  pango_cairo_update_context (cr, context);
  const Drawing self = {chart, &layout, theme, context, cr};
  draw_title (&self, width);
  draw_legend (&self, width);
  draw_note (&self);
  if (layout.width > SMALLEST_PLOT * theme->font_size &&
      layout.height > SMALLEST_PLOT * theme->font_size)
    draw_plot (&self);
  g_object_unref (context);
  cairo_restore (cr);
}
