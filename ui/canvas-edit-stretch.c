/* Stretches of a contour that are marked: where somebody is not sure, and what moves with a point that is held. */
#include "canvas-edit-private.h"

#include <math.h>

/* Ticks across the line. */
#define BAND_WIDTH 11.0
#define BAND_TICK 1.5
#define BAND_GAP 6.5
#define BAND_POINTS 48
#define REACH_WIDTH 9.0
#define REACH_TICK 7.0
#define LINE_WIDTH 1.0

void
runet_canvas_snapshot_uncertain (RunetCanvas *canvas,
                                 const RunetCorrection *correction,
                                 const RunetUncertainStretch *stretch,
                                 GtkSnapshot *snapshot) {
  /* The dark ones are wider by a pixel on either side. */
  static const double ticks[] = {BAND_TICK, BAND_GAP};
  static const double dark[] = {BAND_TICK + 2, BAND_GAP - 2};
  const RunetPoint spacing = runet_canvas_edit_get_spacing_mm (canvas);
  g_autoptr (GArray) line = g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  graphene_rect_t bounds;
  for (guint i = 0; i <= BAND_POINTS; i++) {
    const double fraction =
        stretch->from + (stretch->to - stretch->from) * i / BAND_POINTS;
    const RunetPoint point = runet_canvas_edit_project (
        canvas, runet_contour_model_at (&correction->model, stretch->structure,
                                        fraction, spacing.x, spacing.y));
    if (isfinite (point.x) && isfinite (point.y))
      g_array_append_val (line, point);
  }
  const RunetPoint *points = (const RunetPoint *)(void *)line->data;
  if (!runet_edit_find_bounds (&canvas->viewport, points, line->len, BAND_WIDTH,
                               &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  runet_edit_add_path (cr, points, line->len);
  gdk_cairo_set_source_rgba (cr, &runet_edit_shade);
  cairo_set_dash (cr, dark, G_N_ELEMENTS (dark), 1);
  cairo_set_line_width (cr, BAND_WIDTH + 2);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &runet_edit_chalk);
  cairo_set_dash (cr, ticks, G_N_ELEMENTS (ticks), 0);
  cairo_set_line_width (cr, BAND_WIDTH);
  cairo_stroke (cr);
  cairo_destroy (cr);
  const gboolean outside = stretch->structure != RUNET_STRUCTURE_ENDO;
  runet_edit_snapshot_tag (
      canvas, "?", runet_edit_find_beside (line, line->len / 2, outside), snapshot);
}

/* ---- What moves with a point ---- */

static void
add_tick (cairo_t *cr, const GArray *points, guint at) {
  const RunetPoint here = g_array_index (points, RunetPoint, at);
  const RunetPoint before = g_array_index (points, RunetPoint, at > 0 ? at - 1 : 0);
  const RunetPoint after =
      g_array_index (points, RunetPoint, MIN (at + 1, points->len - 1));
  const double length = fmax (hypot (after.x - before.x, after.y - before.y), 1e-9);
  const double x = (after.y - before.y) / length * REACH_TICK;
  const double y = (before.x - after.x) / length * REACH_TICK;
  cairo_move_to (cr, here.x - x, here.y - y);
  cairo_line_to (cr, here.x + x, here.y + y);
}

/* How many points of @line, from @at on in steps of @step, lie within @reach of it along the line. */
static guint
count_within (const GArray *line, guint at, int step, double reach) {
  double way = 0;
  guint count = 0;
  for (gint64 i = at; i + step >= 0 && i + step < line->len; i += step) {
    const RunetPoint a = g_array_index (line, RunetPoint, i),
                     b = g_array_index (line, RunetPoint, i + step);
    way += hypot (b.x - a.x, b.y - a.y);
    if (way > reach)
      break;
    count++;
  }
  return count;
}

/* Around parameter @t. */
static void
snapshot_glow (RunetCanvas *canvas,
               RunetStructure structure,
               double t,
               GtkSnapshot *snapshot) {
  RunetEditor *editor = canvas->edit.editor;
  guint chords;
  graphene_rect_t bounds;
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  g_autoptr (GArray) line = runet_edit_sample (
      &viewport, &runet_editor_get_correction (editor)->model, structure, &chords);
  if (line->len == 0)
    return;
  /* On the screen a millimetre is as long in every direction. */
  const double reach =
      runet_editor_get_falloff_mm (editor) * runet_canvas_edit_get_mm (canvas);
  const guint at = (guint)CLAMP (round (t * chords), 0, line->len - 1);
  const guint before = count_within (line, at, -1, reach);
  const guint count = before + 1 + count_within (line, at, 1, reach);
  const RunetPoint *points = &g_array_index (line, RunetPoint, at - before);
  if (!runet_edit_find_bounds (&canvas->viewport, points, count,
                               REACH_TICK + 2 * RUNET_EDIT_CASING, &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  runet_edit_add_path (cr, points, count);
  gdk_cairo_set_source_rgba (cr, &runet_edit_glow);
  cairo_set_line_width (cr, REACH_WIDTH);
  cairo_stroke (cr);
  add_tick (cr, line, at - before);
  add_tick (cr, line, at - before + count - 1);
  runet_edit_stroke (cr, &runet_edit_chalk, LINE_WIDTH);
  cairo_destroy (cr);
}

/* The other contour that moves with the point that is held, and where on it; RUNET_STRUCTURES when none does. */
static RunetStructure
find_twin (RunetCanvas *canvas, RunetHit held, double *t) {
  const RunetContourModel *model =
      &runet_editor_get_correction (canvas->edit.editor)->model;
  const gboolean coupled = (canvas->edit.modifiers & RUNET_EDIT_COUPLED) != 0;
  const RunetPoint spacing = runet_canvas_edit_get_spacing_mm (canvas);
  RunetStructure twin = RUNET_STRUCTURES;
  if (held.kind == RUNET_HIT_ANNULUS)
    twin = held.structure == RUNET_STRUCTURE_ENDO ? RUNET_STRUCTURE_LA
                                                  : RUNET_STRUCTURE_ENDO;
  else if (coupled && held.structure != RUNET_STRUCTURE_LA)
    twin = held.structure == RUNET_STRUCTURE_ENDO ? RUNET_STRUCTURE_EPI
                                                  : RUNET_STRUCTURE_ENDO;
  if (twin == RUNET_STRUCTURES || model->count[twin] == 0)
    return RUNET_STRUCTURES;
  *t = runet_spline_nearest (model->points[twin], model->count[twin],
                             model->points[held.structure][held.index], spacing.x,
                             spacing.y, NULL);
  return twin;
}

/* Alone, nothing but the point moves; the apex takes all of the contour along. */
void
runet_canvas_snapshot_edit_reach (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  const RunetCanvasEdit *edit = &canvas->edit;
  const RunetHit held = runet_editor_get_selected (edit->editor);
  const RunetEditModifiers other = RUNET_EDIT_ALONE | RUNET_EDIT_RIGID;
  if (canvas->drag != RUNET_DRAG_EDIT || !runet_edit_is_point (held) ||
      held.kind == RUNET_HIT_APEX || (edit->modifiers & other) != 0 ||
      runet_editor_get_tool (edit->editor) != RUNET_TOOL_POINTS)
    return;
  double t;
  const RunetStructure twin = find_twin (canvas, held, &t);
  snapshot_glow (canvas, held.structure, held.index, snapshot);
  if (twin != RUNET_STRUCTURES)
    snapshot_glow (canvas, twin, t, snapshot);
}
