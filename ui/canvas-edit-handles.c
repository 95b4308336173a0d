/* Handles of the points that can be pulled, and what lies under the pointer. */
#include "canvas-edit-private.h"

#include <math.h>
#include "wording.h"

/* Half the size of a handle; the tip of a triangle is farther. */
#define HANDLE 3.5
#define HANDLE_HOVERED 5.5
#define HANDLE_CASING 1.5
#define HALO 10.0
#define TRIANGLE 1.5
/* A ring around the point that the keys move. */
#define RING 9.0
#define RING_WIDTH 2.0
#define PLUS 4.0
#define PLUS_WIDTH 1.5

/* Annulus points are square, the apex is a triangle, all others are round. */
static void
add_shape (cairo_t *cr, RunetHitKind kind, RunetPoint at, double size) {
  switch (kind) {
  case RUNET_HIT_ANNULUS:
    cairo_rectangle (cr, at.x - size, at.y - size, 2 * size, 2 * size);
    break;
  case RUNET_HIT_APEX:
    cairo_move_to (cr, at.x, at.y - TRIANGLE * size);
    cairo_line_to (cr, at.x + TRIANGLE * size, at.y + size);
    cairo_line_to (cr, at.x - TRIANGLE * size, at.y + size);
    cairo_close_path (cr);
    break;
  default:
    runet_edit_add_circle (cr, at, size);
  }
}

static void
snapshot_handle (RunetCanvas *canvas,
                 RunetHitKind kind,
                 RunetPoint point,
                 gboolean hovered,
                 gboolean selected,
                 GtkSnapshot *snapshot) {
  const RunetPoint at = runet_canvas_edit_project (canvas, point);
  const double size = hovered ? HANDLE_HOVERED : HANDLE;
  graphene_rect_t bounds;
  const double reach = selected  ? RING + RING_WIDTH + HANDLE_CASING
                       : hovered ? HALO + 1
                                 : TRIANGLE * size + HANDLE_CASING + 1;
  if (!runet_edit_find_bounds (&canvas->viewport, &at, 1, reach, &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  if (hovered) {
    runet_edit_add_circle (cr, at, HALO);
    gdk_cairo_set_source_rgba (cr, &runet_edit_halo);
    cairo_fill (cr);
  }
  if (selected) {
    runet_edit_add_circle (cr, at, RING);
    runet_edit_stroke (cr, &runet_edit_selected, RING_WIDTH);
  }
  add_shape (cr, kind, at, size);
  gdk_cairo_set_source_rgba (cr, &runet_edit_shade);
  cairo_set_line_width (cr, 2 * HANDLE_CASING);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, selected ? &runet_edit_selected : &runet_edit_chalk);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static RunetHitKind
get_kind (const RunetContourModel *model, RunetStructure structure, guint index) {
  /* The ends of epi lie beside the annulus, not on it. */
  if (structure != RUNET_STRUCTURE_EPI &&
      (index == 0 || index + 1 == model->count[structure]))
    return RUNET_HIT_ANNULUS;
  return structure == RUNET_STRUCTURE_ENDO && index == model->apex ? RUNET_HIT_APEX
                                                                   : RUNET_HIT_POINT;
}

gboolean
runet_edit_is_point (RunetHit hit) {
  return hit.kind == RUNET_HIT_POINT || hit.kind == RUNET_HIT_ANNULUS ||
         hit.kind == RUNET_HIT_APEX;
}

static gboolean
is_at (RunetHit hit, RunetStructure structure, guint index) {
  return runet_edit_is_point (hit) && hit.structure == structure && hit.index == index;
}

/* Other tools take the contour anywhere: there only the point that the keys move is shown. */
void
runet_canvas_snapshot_handles (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  const RunetCanvasEdit *edit = &canvas->edit;
  const RunetContourModel *model = &runet_editor_get_correction (edit->editor)->model;
  const RunetHit selected = runet_editor_get_selected (edit->editor);
  const gboolean points = runet_editor_get_tool (edit->editor) == RUNET_TOOL_POINTS;
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    for (guint i = 0; i < model->count[s]; i++) {
      const gboolean hovered =
          points && canvas->drag != RUNET_DRAG_EDIT && is_at (edit->hover, s, i);
      const gboolean chosen = is_at (selected, s, i);
      if (points || hovered || chosen)
        snapshot_handle (canvas, get_kind (model, s, i), model->points[s][i], hovered,
                         chosen, snapshot);
    }
  }
}

/* ---- What lies under the pointer ---- */

/* Where a stretch would begin, or a new point be. */
static void
snapshot_ghost (RunetCanvas *canvas,
                RunetPoint at,
                gboolean inserts,
                GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  if (!runet_edit_find_bounds (&canvas->viewport, &at, 1, HALO + 1, &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  runet_edit_add_circle (cr, at, HALO);
  gdk_cairo_set_source_rgba (cr, &runet_edit_halo);
  cairo_fill (cr);
  if (inserts) {
    cairo_move_to (cr, at.x - PLUS, at.y);
    cairo_line_to (cr, at.x + PLUS, at.y);
    cairo_move_to (cr, at.x, at.y - PLUS);
    cairo_line_to (cr, at.x, at.y + PLUS);
  } else {
    runet_edit_add_circle (cr, at, 1);
  }
  runet_edit_stroke (cr, &runet_edit_chalk, PLUS_WIDTH);
  cairo_destroy (cr);
}

void
runet_canvas_snapshot_hover (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  const RunetHit hit = canvas->edit.hover;
  const RunetContourModel *model =
      &runet_editor_get_correction (canvas->edit.editor)->model;
  if (canvas->drag != RUNET_DRAG_NONE || hit.kind == RUNET_HIT_NOTHING ||
      runet_canvas_edit_get_radius (canvas) > 0)
    return;
  const guint count = model->count[hit.structure];
  const RunetPoint *points = model->points[hit.structure];
  const char *name = runet_structure_short_name (hit.structure);
  const gboolean takes =
      runet_editor_get_tool (canvas->edit.editor) == RUNET_TOOL_POINTS;
  if (count == 0 || hit.index >= count)
    return;
  const RunetPoint at =
      runet_canvas_edit_project (canvas, runet_spline_at (points, count, hit.t));
  if (!takes || hit.kind == RUNET_HIT_CURVE) {
    snapshot_ghost (canvas, at, takes, snapshot);
    runet_edit_snapshot_text (canvas, name, at, NULL, snapshot);
  } else {
    g_autofree char *text = g_strdup_printf ("%s %u/%u", name, hit.index + 1, count);
    runet_edit_snapshot_text (canvas, text, at, NULL, snapshot);
  }
}
