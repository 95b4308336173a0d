/* What is shared by the files that draw contours while they are edited. All coordinates are those of the viewport of a pane,
 * in logical pixels, unless they are said to be of the correction. */
#pragma once

#include "canvas-private.h"

G_BEGIN_DECLS

/* A line is this much wider on either side where it is dark. */
#define RUNET_EDIT_CASING 1.25

/* Of handles and signs; of what is selected; of a casing; of a refusal; under what the pointer is on; of what moves with
 * a point. */
extern const GdkRGBA runet_edit_chalk, runet_edit_selected, runet_edit_shade,
    runet_edit_refused, runet_edit_halo, runet_edit_glow;

/* canvas-edit-grid.c */

/* From pixels of the correction. */
RunetPoint
runet_canvas_edit_project (RunetCanvas *canvas, RunetPoint point);

/* canvas-edit-pen.c */

/* From pixels of the correction. @viewport: of runet_canvas_edit_get_viewport(). */
RunetPoint
runet_edit_project (const RunetViewport *viewport, RunetPoint point);
/* What @points take of the viewport, and @reach more, in whole pixels. FALSE when they are out of sight. */
gboolean
runet_edit_find_bounds (const RunetViewport *viewport,
                        const RunetPoint *points,
                        guint count,
                        double reach,
                        graphene_rect_t *bounds);
/* A node within @bounds, for round lines. To be given to cairo_destroy(). */
cairo_t *
runet_edit_begin (GtkSnapshot *snapshot, const graphene_rect_t *bounds);
void
runet_edit_add_path (cairo_t *cr, const RunetPoint *points, guint count);
void
runet_edit_add_circle (cairo_t *cr, RunetPoint at, double radius);
/* The path of @cr, which is used up, in @color on a dark one: seen on black and on bright speckle. */
void
runet_edit_stroke (cairo_t *cr, const GdkRGBA *color, double width);
/* A word or a sign on the ground of the contours' colour. */
void
runet_edit_snapshot_tag (RunetCanvas *canvas,
                         const char *text,
                         RunetPoint at,
                         GtkSnapshot *snapshot);
/* A place beside the line, at its point @at: @outside is away from the middle of @points. */
RunetPoint
runet_edit_find_beside (const GArray *points, guint at, gboolean outside);
/* Beside @at, inside the viewport. @edge: (nullable): colour of a thin border. */
void
runet_edit_snapshot_text (RunetCanvas *canvas,
                          const char *text,
                          RunetPoint at,
                          const GdkRGBA *edge,
                          GtkSnapshot *snapshot);

/* canvas-edit-lines.c */

/* Of the spline of a structure, on the screen. @viewport: of runet_canvas_edit_get_viewport(). @chords: (out): per segment. */
GArray *
runet_edit_sample (const RunetViewport *viewport,
                   const RunetContourModel *model,
                   RunetStructure structure,
                   guint *chords) G_GNUC_WARN_UNUSED_RESULT;
void
runet_canvas_snapshot_edit_line (RunetCanvas *canvas,
                                 RunetStructure structure,
                                 GtkSnapshot *snapshot);

/* canvas-edit-stretch.c */

/* Ticks across the contour, and a question mark. */
void
runet_canvas_snapshot_uncertain (RunetCanvas *canvas,
                                 const RunetCorrection *correction,
                                 const RunetUncertainStretch *stretch,
                                 GtkSnapshot *snapshot);
/* What moves with the point that is held, brightened. */
void
runet_canvas_snapshot_edit_reach (RunetCanvas *canvas, GtkSnapshot *snapshot);

/* canvas-edit-handles.c */

gboolean
runet_edit_is_point (RunetHit hit);
void
runet_canvas_snapshot_handles (RunetCanvas *canvas, GtkSnapshot *snapshot);
/* What lies under the pointer, and what a press would make of it. */
void
runet_canvas_snapshot_hover (RunetCanvas *canvas, GtkSnapshot *snapshot);

G_END_DECLS
