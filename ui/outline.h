/* The outlines that are drawn over an image: their paths, and the style of each overlay. */
#pragma once

#include <gtk/gtk.h>
#include "canvas.h"
#include "placement.h"
#include "viewport.h"
#include "core/shape/contour.h"

G_BEGIN_DECLS

/**
 * RunetOverlayStyle:
 * @color: of Okabe and Ito's palette, which colour-blind people tell apart
 * @dash: on and off in logical pixels, @dashes of them; none is a solid line
 * @line_width: logical pixels
 * @letter: the tag that says the same without colour
 * @tag_x, @tag_y: direction from the middle of a structure where its tag stands, so that the
 *   tags of different overlays keep apart
 */
typedef struct {
  GdkRGBA color;
  double dash[4];
  int dashes;
  double line_width;
  const char *letter;
  double tag_x, tag_y;
} RunetOverlayStyle;

const RunetOverlayStyle *
runet_overlay_get_style (RunetOverlay overlay);

/* Strokes the current path of @cr: a dark casing, then the line. The path is used up. */
void
runet_overlay_stroke (RunetOverlay overlay, cairo_t *cr);

/* Of the letter, bold and small. */
PangoLayout *
runet_overlay_letter_layout_new (const char *letter,
                                 GtkWidget *widget) G_GNUC_WARN_UNUSED_RESULT;
/* The letter of an overlay, bold and small, its ink centred on (@x, @y). */
void
runet_overlay_append_letter (const char *letter,
                             const GdkRGBA *ink,
                             double x,
                             double y,
                             GtkWidget *widget,
                             GtkSnapshot *snapshot);

/* The lines of one frame in image coordinates; independent of zoom. */
typedef struct _RunetOutline RunetOutline;

/* Endo, epi (outer border of LV and myocardium) and LA of @labels: @height × @width. */
RunetOutline *
runet_outline_new_for_labels (const guint8 *labels,
                              gsize width,
                              gsize height) G_GNUC_WARN_UNUSED_RESULT;
/* m = 0.5 of @region: @height × @width. */
RunetOutline *
runet_outline_new_for_region (const float *region,
                              gsize width,
                              gsize height) G_GNUC_WARN_UNUSED_RESULT;
/* (out): what it takes of the widget; FALSE when there is no line. */
gboolean
runet_outline_get_bounds (const RunetOutline *outline,
                          const RunetViewport *viewport,
                          graphene_rect_t *bounds);
void
runet_outline_free (RunetOutline *outline);
/* (transfer none) (nullable) (element-type RunetContour): longest first. */
const GPtrArray *
runet_outline_get_lines (const RunetOutline *outline, RunetStructure structure);

/* One cairo node a line, each bounded by its shape. */
void
runet_outline_snapshot (const RunetOutline *outline,
                        RunetOverlay overlay,
                        const RunetViewport *viewport,
                        GtkSnapshot *snapshot);
/* The letter of the overlay on the longest line of each structure, where there is room. */
void
runet_outline_snapshot_tags (const RunetOutline *outline,
                             RunetOverlay overlay,
                             const RunetViewport *viewport,
                             RunetPlacement *placement,
                             GtkWidget *widget,
                             GtkSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetOutline, runet_outline_free)

G_END_DECLS
