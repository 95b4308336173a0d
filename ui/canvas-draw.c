/* What the canvas draws, from back to front: image, tint, outlines, scale, reasons, tags, text. */
#include "canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "callout.h"
#include "color-scale.h"
#include "frame-picture.h"
#include "pill.h"

#define EDGE 10.0
/* What a line of text at the top takes, with some room under it. */
#define CAPTION_ROOM 32.0
/* The scale bar is 10 mm as long as that gives a length between these, in logical pixels. */
#define BAR_SHORTEST 24.0
#define BAR_LONGEST 240.0
#define TICK_MM 10
#define TICK_LABEL_MM 50
/* Depth ticks get a number each from this distance on, in logical pixels. */
#define TICK_ROOM 72.0
/* Of the last stage under contours that are edited. */
#define FAINT 0.5

const GdkRGBA runet_canvas_surround = {0.090f, 0.098f, 0.106f, 1};
static const GdkRGBA chalk = {0.90f, 0.90f, 0.88f, 0.95f};
static const GdkRGBA shade = {0, 0, 0, 0.6f};
static const GdkRGBA focus_color = {0.36f, 0.66f, 1, 1};

static void
append_rect (GtkSnapshot *snapshot,
             const GdkRGBA *color,
             double x,
             double y,
             double width,
             double height) {
  gtk_snapshot_append_color (
      snapshot, color,
      &GRAPHENE_RECT_INIT ((float)x, (float)y, (float)width, (float)height));
}

/* A light bar on a dark one that is a pixel larger all round. */
static void
append_cased_rect (GtkSnapshot *snapshot,
                   double x,
                   double y,
                   double width,
                   double height) {
  append_rect (snapshot, &shade, x - 1, y - 1, width + 2, height + 2);
  append_rect (snapshot, &chalk, x, y, width, height);
}

gboolean
runet_canvas_has_spacing (RunetCanvas *canvas) {
  const RunetGrid *grid = canvas->image->grid;
  return grid->spacing_x_mm > 0 && grid->spacing_y_mm > 0 &&
         isfinite (grid->spacing_x_mm) && isfinite (grid->spacing_y_mm);
}

static void
snapshot_picture (RunetCanvas *canvas,
                  RunetPicture kind,
                  double opacity,
                  GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  cairo_surface_t *picture = runet_canvas_get_picture (canvas, kind, &bounds);
  if (picture != NULL)
    runet_picture_snapshot (picture, opacity, &bounds, snapshot);
}

static void
snapshot_image (RunetCanvas *canvas, const RunetPane *pane, GtkSnapshot *snapshot) {
  snapshot_picture (canvas, runet_canvas_choose_picture (canvas, pane), 1, snapshot);
  if (runet_canvas_has_map (canvas) && !canvas->bare)
    snapshot_picture (canvas, RUNET_PICTURE_MAP, canvas->map_opacity, snapshot);
}

static double
choose_bar_mm (double scale) {
  static const double lengths[] = {10, 5, 2, 1, 0.5, 20, 50, 100};
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    if (lengths[i] * scale >= BAR_SHORTEST && lengths[i] * scale <= BAR_LONGEST)
      return lengths[i];
  return 10;
}

static void
snapshot_scale_bar (RunetCanvas *canvas,
                    const graphene_rect_t *shown,
                    RunetPlacement *placement,
                    GtkSnapshot *snapshot) {
  double scale_x, scale_y;
  runet_viewport_get_scale (&canvas->viewport, &scale_x, &scale_y);
  double scale = scale_x / canvas->image->grid->spacing_x_mm;
  double bar_mm = choose_bar_mm (scale);
  double length = round (bar_mm * scale);
  double x = round (shown->origin.x) + EDGE + 4;
  double y = round (shown->origin.y + shown->size.height) - EDGE - 6;
  append_cased_rect (snapshot, x, y, length, 2);
  append_cased_rect (snapshot, x, y - 4, 1, 8);
  append_cased_rect (snapshot, x + length - 1, y - 4, 1, 8);

  g_autofree char *text = g_strdup_printf (_ ("%g mm"), bar_mm);
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  double width, height;
  runet_pill_get_size (layout, &width, &height);
  double text_x = x + length + 6;
  runet_pill_append (snapshot, layout, text_x, round (y + 1 - height / 2), NULL);
  graphene_rect_t taken =
      GRAPHENE_RECT_INIT ((float)x - 4, (float)(y - height),
                          (float)(text_x + width - x) + 4, (float)height * 2);
  runet_placement_occupy (placement, &taken);
}

static void
snapshot_depth_label (RunetCanvas *canvas,
                      RunetPlacement *placement,
                      int depth_mm,
                      double x,
                      double y,
                      GtkSnapshot *snapshot) {
  g_autofree char *text = g_strdup_printf (_ ("%d mm"), depth_mm);
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  double width, height;
  runet_pill_get_size (layout, &width, &height);
  /* Left of the image where there is room, else inside it. */
  double left = x - width - 12 >= 0 ? x - width - 12 : x + 12;
  graphene_rect_t place = GRAPHENE_RECT_INIT (
      (float)round (left), (float)round (y - height / 2), (float)width, (float)height);
  runet_placement_occupy (placement, &place);
  runet_pill_append (snapshot, layout, place.origin.x, place.origin.y, NULL);
}

/* Along the left edge of the image: depth below the probe every 10 mm, longer every 50 mm. */
static void
snapshot_depth (RunetCanvas *canvas,
                const graphene_rect_t *shown,
                RunetPlacement *placement,
                GtkSnapshot *snapshot) {
  double scale_x, scale_y, x, top;
  runet_viewport_get_scale (&canvas->viewport, &scale_x, &scale_y);
  runet_viewport_to_widget (&canvas->viewport, 0, 0, &x, &top);
  double scale = scale_y / canvas->image->grid->spacing_y_mm;
  double bottom = shown->origin.y + shown->size.height;
  int step_mm = scale * TICK_MM >= 5 ? TICK_MM : TICK_LABEL_MM;
  int label_mm = scale * TICK_MM >= TICK_ROOM ? TICK_MM : TICK_LABEL_MM;
  double edge = MAX (round (x), 11);
  if (scale * step_mm < 3)
    return;
  for (int depth_mm = 0; top + depth_mm * scale <= bottom; depth_mm += step_mm) {
    double y = round (top + depth_mm * scale);
    gboolean major = depth_mm % label_mm == 0;
    if (y < shown->origin.y)
      continue;
    append_cased_rect (snapshot, edge - (major ? 10 : 7), y, major ? 8 : 5, 1);
    if (major && depth_mm > 0 && y > shown->origin.y + 12 && y < bottom - 40)
      snapshot_depth_label (canvas, placement, depth_mm, edge, y, snapshot);
  }
}

/* What labels must keep clear of: the banner and the read-outs at the edges. */
static void
occupy_edges (RunetCanvas *canvas, const RunetPane *pane, RunetPlacement *placement) {
  float width = (float)canvas->viewport.width, height = (float)canvas->viewport.height;
  graphene_rect_t rect = GRAPHENE_RECT_INIT (0, height - 36, width, 36);
  runet_placement_occupy (placement, &rect);
  if (gtk_widget_get_visible (canvas->message) &&
      gtk_widget_compute_bounds (canvas->message, GTK_WIDGET (canvas), &rect)) {
    graphene_rect_offset (&rect, (float)-pane->offset_x, 0);
    graphene_rect_inset (&rect, -14, -10);
    runet_placement_occupy (placement, &rect);
  }
}

/* A line of text at the top: @align 0 at the left of the pane, 0.5 in its middle. */
static void
snapshot_caption (RunetCanvas *canvas,
                  const RunetPane *pane,
                  const char *text,
                  double align,
                  const GdkRGBA *edge,
                  RunetPlacement *placement,
                  GtkSnapshot *snapshot) {
  double width, height;
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  runet_pill_wrap (layout, pane->clip.size.width - 2 * EDGE);
  runet_pill_get_size (layout, &width, &height);
  double room = pane->clip.size.width - 2 * EDGE - width;
  graphene_rect_t place = GRAPHENE_RECT_INIT (
      (float)round (pane->clip.origin.x + EDGE + align * MAX (0, room)), (float)EDGE,
      (float)width, (float)height);
  /* Under what stands there already. */
  while (!runet_placement_is_free (placement, &place) &&
         place.origin.y < canvas->viewport.height / 2)
    place.origin.y += 4;
  runet_placement_occupy (placement, &place);
  runet_pill_append (snapshot, layout, place.origin.x, place.origin.y, edge);
}

static gboolean
shows_disagreement (RunetCanvas *canvas, const RunetPane *pane) {
  return canvas->disagreement_shown && !canvas->flickering &&
         (pane->hidden & 1U << RUNET_OVERLAY_STAGE2) == 0 &&
         runet_canvas_get_disagreement (canvas) != NULL;
}

/* Legends hang at the top right, one under the other. */
static void
snapshot_legends (RunetCanvas *canvas,
                  const RunetPane *pane,
                  RunetPlacement *placement,
                  GtkSnapshot *snapshot) {
  double right = pane->clip.origin.x + pane->clip.size.width - EDGE;
  double top = pane->title != NULL ? EDGE + CAPTION_ROOM : EDGE;
  if (shows_disagreement (canvas, pane)) {
    gboolean spaced = runet_canvas_has_spacing (canvas);
    g_autofree char *most = g_strdup_printf (spaced ? _ ("≥ %g mm") : _ ("≥ %g px"),
                                             RUNET_DISAGREEMENT_MOST);
    double largest =
        runet_disagreement_get_largest (runet_canvas_get_disagreement (canvas));
    g_autofree char *title =
        isnan (largest) ? g_strdup (_ ("From stage 1 to the last"))
                        : g_strdup_printf (spaced ? _ ("Between stages: up to %.1f mm")
                                                  : _ ("Between stages: up to %.1f px"),
                                           largest);
    graphene_rect_t room =
        runet_color_scale_snapshot (title, spaced ? _ ("0 mm") : _ ("0 px"), most,
                                    right, top, GTK_WIDGET (canvas), snapshot);
    runet_placement_occupy (placement, &room);
    top += room.size.height + EDGE;
  }
  if (runet_canvas_has_map (canvas)) {
    graphene_rect_t room = runet_color_scale_snapshot (
        canvas->map_title, "0", "1", right, top, GTK_WIDGET (canvas), snapshot);
    runet_placement_occupy (placement, &room);
  }
}

/* While contours are edited those of the last stage, and another reader's, are there to be compared with, no more. */
static void
snapshot_outline (RunetCanvas *canvas, RunetOverlay overlay, GtkSnapshot *snapshot) {
  const RunetOutline *outline = runet_canvas_get_outline (canvas, overlay);
  const gboolean edited = runet_canvas_is_edited (canvas);
  if (outline == NULL)
    return;
  const gboolean faint =
      edited && (overlay == RUNET_OVERLAY_STAGE2 || overlay == RUNET_OVERLAY_CORRECTED);
  if (faint)
    gtk_snapshot_push_opacity (snapshot, FAINT);
  runet_outline_snapshot (outline, overlay, &canvas->viewport, snapshot);
  if (faint)
    gtk_snapshot_pop (snapshot);
}

/* The coloured contour is what is looked at then: it lies on top of the others. */
static void
snapshot_outlines (RunetCanvas *canvas, const RunetPane *pane, GtkSnapshot *snapshot) {
  const RunetGrid *grid = canvas->image->grid;
  gboolean colored = shows_disagreement (canvas, pane);
  gboolean last = colored || runet_canvas_shows (canvas, pane, RUNET_OVERLAY_STAGE2);
  RunetOutline *outline =
      last ? runet_canvas_get_outline (canvas, RUNET_OVERLAY_STAGE2) : NULL;
  const float *region = runet_canvas_get_region (canvas);
  if (outline != NULL && region != NULL)
    runet_touch_snapshot (outline, region, grid->width, grid->height, &canvas->viewport,
                          snapshot);
  for (RunetOverlay i = RUNET_OVERLAY_REGION; i < RUNET_OVERLAYS; i++) {
    if ((colored && i == RUNET_OVERLAY_STAGE2) || !runet_canvas_shows (canvas, pane, i))
      continue;
    snapshot_outline (canvas, i, snapshot);
  }
  if (colored)
    runet_disagreement_snapshot (runet_canvas_get_disagreement (canvas),
                                 &canvas->viewport, snapshot);
}

static void
snapshot_tags (RunetCanvas *canvas,
               const RunetPane *pane,
               RunetPlacement *placement,
               GtkSnapshot *snapshot) {
  for (RunetOverlay i = RUNET_OVERLAY_REGION; i < RUNET_OVERLAYS; i++) {
    /* Letters of what is edited, and of what is under it, would lie on its handles. */
    if (i >= RUNET_OVERLAY_STAGE2 && i != RUNET_OVERLAY_EXPERT &&
        runet_canvas_is_edited (canvas))
      continue;
    RunetOutline *outline = runet_canvas_shows (canvas, pane, i)
                                ? runet_canvas_get_outline (canvas, i)
                                : NULL;
    if (outline != NULL)
      runet_outline_snapshot_tags (outline, i, &canvas->viewport, placement,
                                   GTK_WIDGET (canvas), snapshot);
  }
}

gboolean
runet_canvas_shows_reasons (RunetCanvas *canvas, const RunetPane *pane) {
  const gboolean corrected = canvas->labels[RUNET_OVERLAY_CORRECTED] != NULL &&
                             canvas->visible[RUNET_OVERLAY_CORRECTED];
  const gboolean last = pane != NULL
                            ? runet_canvas_shows (canvas, pane, RUNET_OVERLAY_STAGE2) ||
                                  shows_disagreement (canvas, pane)
                            : canvas->visible[RUNET_OVERLAY_STAGE2];
  return (last || corrected) && canvas->show_reasons && !canvas->bare &&
         canvas->reasons != NULL && canvas->reasons_frame == canvas->frame;
}

/* While contours are corrected the wall has to be seen: words stand in the inspector alone. */
static void
snapshot_reasons (RunetCanvas *canvas,
                  RunetPlacement *placement,
                  GtkSnapshot *snapshot) {
  graphene_rect_t heart;
  RunetOutline *outline = runet_canvas_get_outline (canvas, RUNET_OVERLAY_STAGE2);
  gboolean any =
      outline != NULL && runet_outline_get_bounds (outline, &canvas->viewport, &heart);
  runet_callouts_snapshot (canvas->reasons, &canvas->viewport, any ? &heart : NULL,
                           !runet_canvas_is_edited (canvas), placement,
                           GTK_WIDGET (canvas), snapshot);
}

/* Scale and ticks stand in the first pane; reasons and legends, which speak of the last stage, in
 * the last one. */
static void
snapshot_pane (RunetCanvas *canvas,
               const RunetPane *pane,
               gboolean first,
               gboolean last,
               GtkSnapshot *snapshot) {
  static const GdkRGBA warning = {1.0f, 0.45f, 0.16f, 1};
  graphene_rect_t area, shown = runet_viewport_get_image_bounds (&canvas->viewport);
  graphene_rect_inset_r (&pane->clip, 4, 4, &area);
  g_autoptr (RunetPlacement) placement = runet_placement_new (&area);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)pane->offset_x, 0));
  gtk_snapshot_push_clip (snapshot, &pane->clip);
  snapshot_image (canvas, pane, snapshot);
  if (canvas->bare) {
    gtk_snapshot_pop (snapshot);
    gtk_snapshot_restore (snapshot);
    return;
  }
  snapshot_outlines (canvas, pane, snapshot);
  occupy_edges (canvas, pane, placement);
  if (first && runet_canvas_has_spacing (canvas) &&
      graphene_rect_intersection (&shown, &pane->clip, &shown)) {
    snapshot_depth (canvas, &shown, placement, snapshot);
    snapshot_scale_bar (canvas, &shown, placement, snapshot);
  }
  if (last)
    snapshot_legends (canvas, pane, placement, snapshot);
  if (pane->title != NULL)
    snapshot_caption (canvas, pane, pane->title, 0.5, NULL, placement, snapshot);
  if (first && canvas->tag != NULL)
    snapshot_caption (canvas, pane, canvas->tag, 0, &warning, placement, snapshot);
  /* Text of the measures lies on the lines that lead to reasons, not under them. */
  if (last && runet_canvas_shows_reasons (canvas, pane))
    snapshot_reasons (canvas, placement, snapshot);
  if (!runet_canvas_is_edited (canvas))
    runet_canvas_snapshot_measures (canvas, pane, placement, snapshot);
  snapshot_tags (canvas, pane, placement, snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_scene (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  RunetPane panes[2];
  guint count = runet_canvas_list_panes (canvas, panes);
  if (!canvas->bare)
    runet_canvas_prepare_outlines (canvas, panes, count);
  for (guint i = 0; i < count; i++) {
    if (panes[i].clip.size.width > 0)
      snapshot_pane (canvas, &panes[i], i == 0, i == count - 1, snapshot);
    runet_pane_clear (&panes[i]);
  }
}

static const char *
label_name (guint8 label) {
  switch (label) {
  case RUNET_LABEL_LV:
    return _ ("LV cavity");
  case RUNET_LABEL_MYOCARDIUM:
    return _ ("myocardium");
  case RUNET_LABEL_LA:
    return _ ("left atrium");
  default:
    return _ ("background");
  }
}

/* What each overlay that is shown says of a pixel: "2, E: LV cavity" where they agree. */
static void
append_labels (RunetCanvas *canvas, gsize pixel, GString *text) {
  for (int label = RUNET_LABELS - 1; label >= 0; label--) {
    g_autoptr (GString) letters = g_string_new (NULL);
    for (int i = RUNET_OVERLAY_STAGE1; i < RUNET_OVERLAYS; i++) {
      const guint8 *labels =
          canvas->visible[i] ? runet_canvas_get_labels_shown (canvas, i) : NULL;
      if (labels != NULL && labels[pixel] == label)
        g_string_append_printf (letters, "%s%s", letters->len > 0 ? ", " : "",
                                runet_overlay_get_style (i)->letter);
    }
    if (letters->len > 0)
      g_string_append_printf (text, "  ·  %s: %s", letters->str,
                              label_name ((guint8)label));
  }
}

char *
runet_canvas_describe_point (RunetCanvas *canvas, double x, double y) {
  if (canvas->image == NULL)
    return NULL;
  const RunetGrid *grid = canvas->image->grid;
  double image_x, image_y;
  runet_viewport_to_image (&canvas->viewport, x, y, &image_x, &image_y);
  if (!(image_x >= 0 && image_y >= 0 && image_x < (double)grid->width &&
        image_y < (double)grid->height))
    return NULL;

  gsize pixel = (gsize)image_y * grid->width + (gsize)image_x;
  g_autoptr (GString) text = g_string_new (NULL);
  if (runet_canvas_has_spacing (canvas))
    g_string_printf (text, _ ("x %.1f  y %.1f mm"), image_x * grid->spacing_x_mm,
                     image_y * grid->spacing_y_mm);
  else
    g_string_printf (text, _ ("x %.0f  y %.0f px"), floor (image_x), floor (image_y));
  g_string_append_printf (
      text, _ ("  ·  value %g"),
      (double)runet_image_frame (canvas->image, canvas->frame)[pixel]);
  append_labels (canvas, pixel, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
snapshot_readouts (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  g_autofree char *text = NULL;
  if (canvas->drag == RUNET_DRAG_WINDOW)
    text = g_strdup_printf (_ ("centre %.0f  ·  width %.0f"), canvas->window_center,
                            canvas->window_width);
  else if (canvas->drag == RUNET_DRAG_EDIT)
    text = runet_canvas_describe_gesture (canvas);
  else if (canvas->hovered)
    text = runet_canvas_describe_point (canvas, canvas->pointer_x, canvas->pointer_y);
  if (text == NULL)
    return;
  g_autoptr (PangoLayout) layout = runet_pill_layout_new (GTK_WIDGET (canvas), text);
  double width, height;
  const double room = gtk_widget_get_width (GTK_WIDGET (canvas));
  runet_pill_wrap (layout, room - 2 * EDGE);
  runet_pill_get_size (layout, &width, &height);
  runet_pill_append (snapshot, layout, room - width - EDGE,
                     canvas->viewport.height - height - EDGE, NULL);
}

/* Where the pointer is in one pane, a cross stands in the other. */
static void
snapshot_twin_pointer (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  if (!canvas->hovered)
    return;
  RunetPane panes[2];
  guint count = runet_canvas_list_panes (canvas, panes);
  for (guint i = 0; i < count; i++) {
    double x = round (panes[i].offset_x + canvas->pointer_x);
    double y = round (canvas->pointer_y);
    if (panes[i].offset_x != canvas->pointer_offset &&
        graphene_rect_contains_point (
            &panes[i].clip,
            &GRAPHENE_POINT_INIT ((float)canvas->pointer_x, (float)y))) {
      append_cased_rect (snapshot, x - 8, y, 17, 1);
      append_cased_rect (snapshot, x, y - 8, 1, 17);
    }
    runet_pane_clear (&panes[i]);
  }
}

static void
snapshot_message (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  graphene_rect_t bounds;
  if (!gtk_widget_get_visible (canvas->message) ||
      !gtk_widget_compute_bounds (canvas->message, GTK_WIDGET (canvas), &bounds))
    return;
  if (canvas->image != NULL) {
    static const GdkRGBA ground = {0.06f, 0.065f, 0.075f, 0.88f};
    GskRoundedRect shape;
    graphene_rect_inset (&bounds, -12, -6);
    gsk_rounded_rect_init_from_rect (&shape, &bounds, 8);
    gtk_snapshot_push_rounded_clip (snapshot, &shape);
    gtk_snapshot_append_color (snapshot, &ground, &bounds);
    gtk_snapshot_pop (snapshot);
  }
  gtk_widget_snapshot_child (GTK_WIDGET (canvas), canvas->message, snapshot);
}

static void
snapshot_focus (RunetCanvas *canvas, GtkSnapshot *snapshot) {
  GtkStateFlags state = gtk_widget_get_state_flags (GTK_WIDGET (canvas));
  /* The divider inside has a sign of its own. */
  if ((state & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0 ||
      !gtk_widget_has_focus (GTK_WIDGET (canvas)))
    return;
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (
      &shape,
      &GRAPHENE_RECT_INIT (1, 1, (float)gtk_widget_get_width (GTK_WIDGET (canvas)) - 2,
                           (float)canvas->viewport.height - 2),
      4);
  const float widths[] = {2, 2, 2, 2};
  const GdkRGBA colors[] = {focus_color, focus_color, focus_color, focus_color};
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

void
runet_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  RunetCanvas *canvas = RUNET_CANVAS (widget);
  append_rect (snapshot, &runet_canvas_surround, 0, 0, gtk_widget_get_width (widget),
               canvas->viewport.height);
  if (canvas->image != NULL) {
    /* Kept until something of it changes: while the pointer moves only the text is redrawn. */
    if (canvas->scene == NULL)
      canvas->scene = runet_canvas_recall_scene (canvas);
    if (canvas->scene == NULL) {
      GtkSnapshot *scene = gtk_snapshot_new ();
      snapshot_scene (canvas, scene);
      canvas->scene =
          runet_canvas_keep_scene (canvas, gtk_snapshot_free_to_node (scene));
    }
    gtk_snapshot_append_node (snapshot, canvas->scene);
    if (canvas->bare)
      return;
    if (runet_canvas_is_edited (canvas))
      runet_canvas_snapshot_edit (canvas, snapshot);
    snapshot_twin_pointer (canvas, snapshot);
    snapshot_readouts (canvas, snapshot);
    if (gtk_widget_get_child_visible (canvas->divider))
      gtk_widget_snapshot_child (widget, canvas->divider, snapshot);
  }
  snapshot_message (canvas, snapshot);
  snapshot_focus (canvas, snapshot);
}
