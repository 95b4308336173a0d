/* The contours that are edited: drawn from their splines, so that they are smooth at any zoom, and kept until they change. */
#include "canvas-edit-private.h"

#include <math.h>
#include <string.h>
#include "wording.h"

/* What somebody worked on is bold, what is as the model said is thin. */
#define LINE_EDITED 2.5
#define LINE_UNTOUCHED 1.5
#define LINE_BASE 1.0
/* Chords of a segment: their number grows with the root of its length on the screen, by which none is farther from the
 * curve than a tenth of a pixel. */
#define CHORDS_LEAST 4
#define CHORDS_MOST 64

static const GdkRGBA *
get_color (void) {
  return &runet_overlay_get_style (RUNET_OVERLAY_CORRECTED)->color;
}

static void
project_all (const RunetViewport *viewport, GArray *points) {
  for (guint i = 0; i < points->len; i++)
    g_array_index (points, RunetPoint, i) =
        runet_edit_project (viewport, g_array_index (points, RunetPoint, i));
}

static guint
count_chords (const RunetViewport *viewport, const RunetPoint *points, guint count) {
  double longest = 0;
  for (guint i = 1; i < count; i++) {
    const RunetPoint a = runet_edit_project (viewport, points[i - 1]),
                     b = runet_edit_project (viewport, points[i]);
    longest = fmax (longest, hypot (b.x - a.x, b.y - a.y));
  }
  return (guint)CLAMP (ceil (1.2 * sqrt (longest)), CHORDS_LEAST, CHORDS_MOST);
}

GArray *
runet_edit_sample (const RunetViewport *viewport,
                   const RunetContourModel *model,
                   RunetStructure structure,
                   guint *chords) {
  const guint count = model->count[structure];
  const RunetPoint *points = model->points[structure];
  *chords = count_chords (viewport, points, count);
  GArray *line = count > 0 ? runet_spline_sample (points, count, *chords)
                           : g_array_new (FALSE, FALSE, sizeof (RunetPoint));
  project_all (viewport, line);
  return line;
}

/* Of endo inside, where there is room; of the others outside. Each in the middle of a stretch, clear of handles. */
static void
snapshot_name (RunetCanvas *canvas,
               RunetStructure structure,
               const GArray *points,
               guint chords,
               GtkSnapshot *snapshot) {
  static const double places[RUNET_STRUCTURES] = {0.22, 0.3, 0.72};
  const guint segments = MAX (1, (points->len - 1) / chords);
  const guint segment = (guint)(places[structure] * segments);
  const guint at = MIN (segment * chords + chords / 2, points->len - 1);
  runet_edit_snapshot_tag (
      canvas, runet_structure_short_name (structure),
      runet_edit_find_beside (points, at, structure != RUNET_STRUCTURE_ENDO), snapshot);
}

/* What was made from other frames, and not looked at since, is in long dashes. */
static void
snapshot_spline (RunetCanvas *canvas,
                 RunetStructure structure,
                 const RunetCorrection *correction,
                 GtkSnapshot *snapshot) {
  static const double dashes[] = {10, 5};
  const gboolean edited = correction->source[structure] != RUNET_SOURCE_ORIGINAL;
  const double width = edited ? LINE_EDITED : LINE_UNTOUCHED;
  graphene_rect_t bounds;
  guint chords;
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  g_autoptr (GArray) line =
      runet_edit_sample (&viewport, &correction->model, structure, &chords);
  const RunetPoint *points = (const RunetPoint *)(void *)line->data;
  if (!runet_edit_find_bounds (&viewport, points, line->len,
                               width / 2 + RUNET_EDIT_CASING + 1, &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  if (structure == RUNET_STRUCTURE_ENDO) {
    const RunetPoint base[] = {points[0], points[line->len - 1]};
    runet_edit_add_path (cr, base, G_N_ELEMENTS (base));
    runet_edit_stroke (cr, get_color (), LINE_BASE);
  }
  cairo_set_dash (cr, dashes, edited && correction->derived ? 2 : 0, 0);
  runet_edit_add_path (cr, points, line->len);
  runet_edit_stroke (cr, get_color (), width);
  cairo_destroy (cr);
  snapshot_name (canvas, structure, line, chords, snapshot);
}

static void
snapshot_contour (const RunetViewport *viewport,
                  const RunetContour *contour,
                  GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  g_autoptr (GArray) line = g_array_copy (contour->points);
  project_all (viewport, line);
  const RunetPoint *points = (const RunetPoint *)(void *)line->data;
  if (!runet_edit_find_bounds (viewport, points, line->len,
                               LINE_EDITED / 2 + RUNET_EDIT_CASING + 1, &bounds))
    return;
  cairo_t *cr = runet_edit_begin (snapshot, &bounds);
  runet_edit_add_path (cr, points, line->len);
  if (contour->closed)
    cairo_close_path (cr);
  runet_edit_stroke (cr, get_color (), LINE_EDITED);
  cairo_destroy (cr);
}

/* A painted structure is drawn as the outline of its pixels: no spline describes it. */
static void
snapshot_painted (RunetCanvas *canvas,
                  RunetStructure structure,
                  const RunetCorrection *correction,
                  GtkSnapshot *snapshot) {
  const RunetGrid *grid = correction->grid;
  const RunetViewport viewport = runet_canvas_edit_get_viewport (canvas);
  const gsize count = grid->width * grid->height;
  g_autofree guint8 *labels = g_malloc (count);
  g_autofree guint8 *mask = g_malloc (count);
  runet_correction_draw (correction, labels);
  if (runet_mask_from_labels (labels, grid->width, grid->height, structure, mask) == 0)
    return;
  g_autoptr (GPtrArray) contours =
      runet_contours_of_mask (mask, grid->width, grid->height);
  for (guint i = 0; i < contours->len; i++)
    snapshot_contour (&viewport, g_ptr_array_index (contours, i), snapshot);
  const RunetContour *longest = g_ptr_array_index (contours, 0);
  g_autoptr (GArray) line = g_array_copy (longest->points);
  project_all (&viewport, line);
  snapshot_name (canvas, structure, line, 1, snapshot);
}

/* ---- What is kept ---- */

static void
forget_line (RunetEditLine *kept) {
  g_clear_pointer (&kept->node, gsk_render_node_unref);
  g_clear_pointer (&kept->painted, g_bytes_unref);
  g_clear_pointer (&kept->uncertain, g_array_unref);
}

void
runet_canvas_forget_edit_lines (RunetCanvas *canvas) {
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    forget_line (&canvas->edit.lines[s]);
    canvas->edit.lines[s] = (RunetEditLine){0};
  }
}

static GArray *
list_uncertain (const RunetCorrection *correction, RunetStructure structure) {
  GArray *list = g_array_new (FALSE, FALSE, sizeof (RunetUncertainStretch));
  for (guint i = 0; correction->uncertain != NULL && i < correction->uncertain->len;
       i++) {
    const RunetUncertainStretch *stretch =
        &g_array_index (correction->uncertain, RunetUncertainStretch, i);
    if (stretch->structure == structure)
      g_array_append_val (list, *stretch);
  }
  return list;
}

/* Whether a line that was drawn from @kept looks as one from @now. Pixels and uncertain stretches depend on all
 * structures, a spline on its own points. */
static gboolean
is_current (const RunetEditLine *kept,
            const RunetEditLine *now,
            RunetStructure structure) {
  if (kept->uncertain == NULL || kept->uncertain->len != now->uncertain->len ||
      kept->source[structure] != now->source[structure] ||
      kept->derived != now->derived ||
      memcmp (&kept->viewport, &now->viewport, sizeof now->viewport) != 0)
    return FALSE;
  if (now->source[structure] == RUNET_SOURCE_PAINTED || now->uncertain->len > 0)
    return kept->painted == now->painted &&
           runet_contour_model_equal (&kept->model, &now->model) &&
           memcmp (kept->source, now->source, sizeof now->source) == 0 &&
           (now->uncertain->len == 0 ||
            memcmp (kept->uncertain->data, now->uncertain->data,
                    now->uncertain->len * sizeof (RunetUncertainStretch)) == 0);
  return kept->model.count[structure] == now->model.count[structure] &&
         memcmp (kept->model.points[structure], now->model.points[structure],
                 now->model.count[structure] * sizeof (RunetPoint)) == 0;
}

static GskRenderNode *
draw_line (RunetCanvas *canvas,
           RunetStructure structure,
           const RunetCorrection *correction,
           const GArray *uncertain) {
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  for (guint i = 0; i < uncertain->len; i++)
    runet_canvas_snapshot_uncertain (
        canvas, correction, &g_array_index (uncertain, RunetUncertainStretch, i),
        snapshot);
  if (correction->source[structure] == RUNET_SOURCE_PAINTED)
    snapshot_painted (canvas, structure, correction, snapshot);
  else if (correction->model.count[structure] > 0)
    snapshot_spline (canvas, structure, correction, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

void
runet_canvas_snapshot_edit_line (RunetCanvas *canvas,
                                 RunetStructure structure,
                                 GtkSnapshot *snapshot) {
  const RunetCorrection *correction = runet_editor_get_correction (canvas->edit.editor);
  RunetEditLine *kept = &canvas->edit.lines[structure];
  RunetEditLine now = {
      .model = correction->model,
      .derived = correction->derived,
      .painted = correction->painted,
      .uncertain = list_uncertain (correction, structure),
      .viewport = runet_canvas_edit_get_viewport (canvas),
  };
  memcpy (now.source, correction->source, sizeof now.source);
  if (is_current (kept, &now, structure)) {
    g_array_unref (now.uncertain);
  } else {
    forget_line (kept);
    *kept = now;
    if (kept->painted != NULL)
      g_bytes_ref (kept->painted);
    kept->node = draw_line (canvas, structure, correction, kept->uncertain);
  }
  if (kept->node != NULL)
    gtk_snapshot_append_node (snapshot, kept->node);
}
