/* What the timeline draws over its frames: area and long axis of the left ventricle. */
#include "timeline-curves.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "core/shape/temporal.h"
#include "chart-theme.h"
#include "pill.h"

/* The area is the curve one looks at; the long axis stands below it, lower. */
#define AREA_HEIGHT 32.0
#define LENGTH_HEIGHT 22.0
#define GAP 6.0
/* Room within a strip for half a point. */
#define INSET 4.0
/* Of the largest value: a strip never shows less than this, so that noise stays small. */
#define LEAST_RANGE 0.15
#define POINT_RADIUS 2.0
#define JUMP_RADIUS 5.0
/* Points nearer than this touch: the line alone is drawn. */
#define POINTS_FROM 6.0

struct _RunetTimelineCurves {
  guint frames;
  double *values[RUNET_CURVES]; /* (nullable) */
  double *deviations; /* of the model's area; NaN where unknown */
};

/* The two curves of a strip, and what it is called. */
typedef struct {
  RunetCineCurve model, expert;
  const char *name, *format;
  double top, height;
} Strip;

static const Strip strips[] = {
    {RUNET_CURVE_AREA, RUNET_CURVE_EXPERT_AREA, N_ ("LV area"), N_ ("%.1f cm²"), 0,
     AREA_HEIGHT},
    {RUNET_CURVE_LENGTH, RUNET_CURVE_EXPERT_LENGTH, N_ ("Long axis"), N_ ("%.1f mm"),
     AREA_HEIGHT + GAP, LENGTH_HEIGHT},
};

RunetTimelineCurves *
runet_timeline_curves_new (guint frames) {
  RunetTimelineCurves *curves = g_new0 (RunetTimelineCurves, 1);
  curves->frames = frames;
  curves->deviations = g_new (double, frames);
  for (guint i = 0; i < frames; i++)
    curves->deviations[i] = NAN;
  return curves;
}

void
runet_timeline_curves_free (RunetTimelineCurves *curves) {
  if (curves == NULL)
    return;
  for (int c = 0; c < RUNET_CURVES; c++)
    g_free (curves->values[c]);
  g_free (curves->deviations);
  g_free (curves);
}

static gboolean
has_value (const double *values, guint frames) {
  for (guint i = 0; values != NULL && i < frames; i++)
    if (isfinite (values[i]))
      return TRUE;
  return FALSE;
}

gboolean
runet_timeline_curves_set (RunetTimelineCurves *curves,
                           RunetCineCurve curve,
                           const double *values) {
  g_return_val_if_fail (curves != NULL && (guint)curve < RUNET_CURVES, FALSE);
  const gsize size = curves->frames * sizeof *values;
  if (!has_value (values, curves->frames))
    values = NULL;
  double *before = curves->values[curve];
  if (values == NULL ? before == NULL
                     : before != NULL && memcmp (before, values, size) == 0)
    return FALSE;
  g_free (before);
  curves->values[curve] = g_memdup2 (values, size);
  if (curve != RUNET_CURVE_AREA)
    return TRUE;
  for (guint i = 0; i < curves->frames; i++)
    curves->deviations[i] = NAN;
  if (values != NULL)
    runet_temporal_deviations (values, curves->frames, curves->deviations);
  return TRUE;
}

gboolean
runet_timeline_curves_are_known (const RunetTimelineCurves *curves) {
  for (int c = 0; c < RUNET_CURVES; c++)
    if (curves->values[c] != NULL)
      return TRUE;
  return FALSE;
}

gboolean
runet_timeline_curves_is_jump (const RunetTimelineCurves *curves, guint frame) {
  g_return_val_if_fail (frame < curves->frames, FALSE);
  return curves->deviations[frame] > RUNET_TEMPORAL_LIMIT;
}

static double
get_value (const RunetTimelineCurves *curves, RunetCineCurve curve, guint frame) {
  return curves->values[curve] != NULL ? curves->values[curve][frame] : NAN;
}

void
runet_timeline_curves_describe (const RunetTimelineCurves *curves,
                                guint frame,
                                const char *separator,
                                GString *text) {
  g_return_if_fail (frame < curves->frames);
  static const char *const formats[RUNET_CURVES] = {
      N_ ("LV area %.1f cm²"),
      N_ ("long axis %.1f mm"),
      N_ ("expert’s LV area %.1f cm²"),
      N_ ("expert’s long axis %.1f mm"),
  };
  for (int c = 0; c < RUNET_CURVES; c++) {
    const double value = get_value (curves, c, frame);
    if (!isfinite (value))
      continue;
    g_string_append (text, separator);
    g_string_append_printf (text, _ (formats[c]), value);
  }
  if (!runet_timeline_curves_is_jump (curves, frame))
    return;
  g_string_append (text, separator);
  g_string_append_printf (
      text, _ ("LV area departs from the frames around it by %.0f %% (limit %.0f %%)"),
      100 * curves->deviations[frame], 100 * RUNET_TEMPORAL_LIMIT);
}

/* Of both curves together, so that they can be compared. FALSE when there is no value. */
static gboolean
find_range (const RunetTimelineCurves *curves,
            const Strip *strip,
            double *low,
            double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  const RunetCineCurve both[] = {strip->model, strip->expert};
  for (guint c = 0; c < G_N_ELEMENTS (both); c++)
    for (guint i = 0; i < curves->frames; i++) {
      const double value = get_value (curves, both[c], i);
      if (!isfinite (value))
        continue;
      *low = fmin (*low, value);
      *high = fmax (*high, value);
    }
  if (!(*high > 0))
    return FALSE;
  const double missing = LEAST_RANGE * *high - (*high - *low);
  if (missing > 0) {
    *low -= missing / 2;
    *high += missing / 2;
  }
  return TRUE;
}

/* Where the curves of a strip lie. */
typedef struct {
  double first_x, step;
  double top, height;
  double low, high;
} Scale;

static double
get_y (const Scale *scale, double value) {
  const double part = (value - scale->low) / (scale->high - scale->low);
  return scale->top + INSET + (1 - part) * (scale->height - 2 * INSET);
}

static void
stroke_curve (const double *values, guint frames, const Scale *scale, cairo_t *cr) {
  gboolean open = FALSE;
  for (guint i = 0; i < frames; i++) {
    if (!isfinite (values[i])) {
      open = FALSE;
      continue;
    }
    const double x = scale->first_x + i * scale->step, y = get_y (scale, values[i]);
    if (open)
      cairo_line_to (cr, x, y);
    else
      cairo_move_to (cr, x, y);
    open = TRUE;
    /* A value alone is a dot. */
    if (i + 1 == frames || !isfinite (values[i + 1]))
      cairo_line_to (cr, x, y);
  }
  cairo_stroke (cr);
}

static void
draw_points (const double *values, guint frames, const Scale *scale, cairo_t *cr) {
  for (guint i = 0; scale->step >= POINTS_FROM && i < frames; i++) {
    if (!isfinite (values[i]))
      continue;
    cairo_new_sub_path (cr);
    cairo_arc (cr, scale->first_x + i * scale->step, get_y (scale, values[i]),
               POINT_RADIUS, 0, 2 * G_PI);
  }
  cairo_fill (cr);
}

/* A diamond round the point: told by its shape as well. */
static void
draw_jumps (const RunetTimelineCurves *curves,
            const Scale *scale,
            const RunetChartTheme *theme,
            cairo_t *cr) {
  gdk_cairo_set_source_rgba (cr, &theme->colors[RUNET_CHART_VERMILLION]);
  cairo_set_line_width (cr, 2);
  for (guint i = 0; i < curves->frames; i++) {
    if (!runet_timeline_curves_is_jump (curves, i))
      continue;
    const double x = scale->first_x + i * scale->step;
    const double y = get_y (scale, curves->values[RUNET_CURVE_AREA][i]);
    cairo_move_to (cr, x, y - JUMP_RADIUS);
    cairo_line_to (cr, x + JUMP_RADIUS, y);
    cairo_line_to (cr, x, y + JUMP_RADIUS);
    cairo_line_to (cr, x - JUMP_RADIUS, y);
    cairo_close_path (cr);
    cairo_stroke (cr);
  }
}

/* Solid with points is the model, dotted the expert, as in the image. */
static void
draw_strip (const RunetTimelineCurves *curves,
            const Strip *strip,
            const Scale *scale,
            const RunetChartTheme *theme,
            cairo_t *cr) {
  const double *model = curves->values[strip->model];
  const double *expert = curves->values[strip->expert];
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  if (model != NULL) {
    gdk_cairo_set_source_rgba (cr, &theme->colors[RUNET_CHART_BLUE]);
    cairo_set_line_width (cr, 1.5);
    stroke_curve (model, curves->frames, scale, cr);
    draw_points (model, curves->frames, scale, cr);
  }
  if (expert != NULL) {
    const double dots[] = {0.01, 4};
    gdk_cairo_set_source_rgba (cr, &theme->colors[RUNET_CHART_YELLOW]);
    cairo_set_line_width (cr, 2.2);
    cairo_set_dash (cr, dots, 2, 0);
    stroke_curve (expert, curves->frames, scale, cr);
    cairo_set_dash (cr, NULL, 0, 0);
  }
  if (strip->model == RUNET_CURVE_AREA)
    draw_jumps (curves, scale, theme, cr);
}

static void
append_text (const char *text,
             double x,
             double middle_y,
             gboolean right_aligned,
             const GdkRGBA *ink,
             GtkWidget *widget,
             GtkSnapshot *snapshot) {
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (widget, text);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float)round (right_aligned ? x - width : x),
                                      (float)round (middle_y - height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, ink);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_strip (const RunetTimelineCurves *curves,
                const Strip *strip,
                Scale *scale,
                guint frame,
                const GdkRGBA *ink,
                GtkWidget *widget,
                GtkSnapshot *snapshot) {
  const double left = scale->first_x - scale->step / 2;
  const double right = left + scale->step * curves->frames;
  const GdkRGBA ground = {ink->red, ink->green, ink->blue, ink->alpha * 0.06f};
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      (float)left, (float)scale->top, (float)(right - left), (float)scale->height);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  const double middle = scale->top + scale->height / 2;
  append_text (_ (strip->name), left - 8, middle, TRUE, ink, widget, snapshot);

  const double value = get_value (curves, strip->model, frame);
  g_autofree char *text =
      isfinite (value) ? g_strdup_printf (_ (strip->format), value) : g_strdup ("–");
  append_text (text, right + 8, middle, FALSE, ink, widget, snapshot);

  if (!find_range (curves, strip, &scale->low, &scale->high))
    return;
  graphene_rect_t wider;
  graphene_rect_inset_r (&bounds, (float)-JUMP_RADIUS - 1, (float)-JUMP_RADIUS, &wider);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &wider);
  const RunetChartTheme theme = runet_chart_theme_of_widget (widget);
  draw_strip (curves, strip, scale, &theme, cr);
  cairo_destroy (cr);
}

void
runet_timeline_curves_snapshot (const RunetTimelineCurves *curves,
                                double first_x,
                                double step,
                                double top,
                                guint frame,
                                const GdkRGBA *ink,
                                GtkWidget *widget,
                                GtkSnapshot *snapshot) {
  g_return_if_fail (frame < curves->frames);
  for (guint i = 0; i < G_N_ELEMENTS (strips); i++) {
    Scale scale = {.first_x = first_x,
                   .step = step,
                   .top = top + strips[i].top,
                   .height = strips[i].height};
    snapshot_strip (curves, &strips[i], &scale, frame, ink, widget, snapshot);
  }
}
