/* What is drawn while contours are edited, above all that is kept of the frame: lines, handles, what the gesture in hand
 * does, and where a move was refused. */
#include "canvas-edit-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MARK_RADIUS 9.0
#define MARK_WIDTH 2.0
#define STROKE_WIDTH 2.0
#define CIRCLE_WIDTH 1.5
#define SIGN 4.0

/* ---- What the gesture in hand does ---- */

static gboolean
leaves_stroke (RunetTool tool) {
  return tool == RUNET_TOOL_REDRAW || tool == RUNET_TOOL_UNCERTAIN ||
         tool == RUNET_TOOL_TAKE_STAGE1;
}

/* The way of the pointer since the press. */
static void
snapshot_stroke (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  static const double dash[] = {6, 5};
  RunetEditor *editor = canvas->edit.editor;
  guint count;
  const RunetPoint *stroke = runet_editor_get_stroke (editor, &count);
  if (canvas->drag != RUNET_DRAG_EDIT || count < 2 ||
      !leaves_stroke (runet_editor_get_tool (editor)))
    return;
  g_autofree RunetPoint *points = g_new (RunetPoint, count);
  graphene_rect_t bounds;
  for (guint i = 0; i < count; i++)
    points[i] = runet_canvas_edit_project (canvas, stroke[i]);
  if (!runet_edit_find_bounds (&canvas->viewport, points, count, STROKE_WIDTH + 2,
                               &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  runet_edit_add_path (cr, points, count);
  cairo_set_dash (cr, dash, G_N_ELEMENTS (dash), 0);
  runet_edit_stroke (cr, &runet_edit_chalk, STROKE_WIDTH);
  cairo_destroy (cr);
}

/* Its true size; a plus or a minus in the middle says whether it paints or takes away. */
static void
snapshot_circle (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  const double radius = runet_canvas_edit_get_radius (canvas);
  graphene_rect_t bounds;
  const RunetPoint at = runet_canvas_edit_project (canvas, canvas->edit.at);
  if (radius <= 0 || !canvas->edit.known ||
      !runet_edit_find_bounds (&canvas->viewport, &at, 1, radius + 2 * CIRCLE_WIDTH,
                               &bounds))
    return;
  const RunetTool tool = runet_editor_get_tool (canvas->edit.editor);
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  runet_edit_add_circle (cr, at, radius);
  if (tool == RUNET_TOOL_PUSH) {
    runet_edit_add_circle (cr, at, 1);
  } else {
    cairo_move_to (cr, at.x - SIGN, at.y);
    cairo_line_to (cr, at.x + SIGN, at.y);
  }
  if (tool == RUNET_TOOL_BRUSH) {
    cairo_move_to (cr, at.x, at.y - SIGN);
    cairo_line_to (cr, at.x, at.y + SIGN);
  }
  runet_edit_stroke (cr, &runet_edit_chalk, CIRCLE_WIDTH);
  cairo_destroy (cr);
}

char *
runet_canvas_describe_gesture (RunetCanvas *canvas) {
  const RunetCanvasEdit *edit = &canvas->edit;
  if (!runet_canvas_is_edited (canvas) || canvas->drag != RUNET_DRAG_EDIT)
    return NULL;
  if (runet_canvas_edit_get_radius (canvas) > 0)
    return g_strdup_printf (_ ("radius %.1f mm"),
                            runet_editor_get_radius_mm (edit->editor));
  if (runet_editor_get_tool (edit->editor) != RUNET_TOOL_POINTS)
    return NULL;
  const RunetPoint spacing = runet_canvas_edit_get_spacing_mm (canvas);
  const double moved_mm = hypot ((edit->at.x - edit->from.x) * spacing.x,
                                 (edit->at.y - edit->from.y) * spacing.y);
  return g_strdup_printf (_ ("moved %.1f mm  ·  falloff %.0f mm"), moved_mm,
                          runet_editor_get_falloff_mm (edit->editor));
}

/* ---- What was refused ---- */

static const char *
fault_words (RunetContourFaults faults) {
  if ((faults & RUNET_CONTOUR_CROSSES_ITSELF) != 0)
    return _ ("Contours would cross");
  if ((faults & RUNET_CONTOUR_THIN) != 0)
    return _ ("Myocardium would be thinner than 2 mm");
  if ((faults & RUNET_CONTOUR_EMPTY) != 0)
    return _ ("Nothing would be left");
  return _ ("It would lie outside the image");
}

static void
snapshot_refused (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  const RunetCanvasEdit *edit = &canvas->edit;
  if (edit->refused == RUNET_CONTOUR_SOUND)
    return;
  const gboolean spotted = isfinite (edit->spot.x) && isfinite (edit->spot.y);
  const RunetPoint at =
      runet_canvas_edit_project (canvas, spotted ? edit->spot : edit->at);
  graphene_rect_t bounds;
  const double arm = MARK_RADIUS * G_SQRT2 / 2;
  if (runet_edit_find_bounds (&canvas->viewport, &at, 1, MARK_RADIUS + 2 * MARK_WIDTH,
                              &bounds)) {
    cairo_t *cr = runet_edit_begin (snapshot, &bounds);
    runet_edit_add_circle (cr, at, MARK_RADIUS);
    cairo_move_to (cr, at.x - arm, at.y - arm);
    cairo_line_to (cr, at.x + arm, at.y + arm);
    runet_edit_stroke (cr, &runet_edit_refused, MARK_WIDTH);
    cairo_destroy (cr);
  }
  g_autofree char *text =
      g_strdup_printf (_ ("%s – Shift+A allows it"), fault_words (edit->refused));
  runet_edit_snapshot_text (canvas, text, at, &runet_edit_refused, snapshot);
}

/* ---- All of it ---- */

/* (transfer full) (nullable) */
static GskRenderNode *
draw_layer (RunetCanvas *canvas, const RunetPane *pane) {
  static const RunetStructure order[] = {RUNET_STRUCTURE_EPI, RUNET_STRUCTURE_LA,
                                         RUNET_STRUCTURE_ENDO};
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (RunetPlacement) placement = runet_placement_new (&pane->clip);
  runet_canvas_snapshot_measures (canvas, pane, placement, snapshot);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    runet_canvas_snapshot_edit_line (canvas, order[i], snapshot);
  runet_canvas_snapshot_edit_reach (canvas, snapshot);
  snapshot_stroke (canvas, snapshot);
  runet_canvas_snapshot_handles (canvas, snapshot);
  runet_canvas_snapshot_hover (canvas, snapshot);
  snapshot_circle (canvas, snapshot);
  snapshot_refused (canvas, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

/* Nothing is drawn by this, but all of @bounds counts as changed. What many small nodes leave to be drawn anew is no
 * rectangle, and for anything else cairo fetches the screen's pixels to memory and brings them back: where endo and epi
 * move, that takes twice as long as all the rest. */
static void
join_damage (const graphene_rect_t *bounds, GtkSnapshot *snapshot) {
  cairo_destroy (gtk_snapshot_append_cairo (snapshot, bounds));
}

static void
snapshot_pane (RunetCanvas *canvas, const RunetPane *pane, GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  g_autoptr (GskRenderNode) layer = draw_layer (canvas, pane);
  if (layer == NULL)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)pane->offset_x, 0));
  gtk_snapshot_push_clip (snapshot, &pane->clip);
  gtk_snapshot_append_node (snapshot, layer);
  gsk_render_node_get_bounds (layer, &bounds);
  if (canvas->drag == RUNET_DRAG_EDIT)
    join_damage (&bounds, snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

void
runet_canvas_snapshot_edit (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  RunetPane panes[2];
  const guint count = runet_canvas_list_panes (canvas, panes);
  for (guint i = 0; i < count; i++) {
    if (panes[i].clip.size.width > 0)
      snapshot_pane (canvas, &panes[i], snapshot);
    runet_pane_clear (&panes[i]);
  }
}
