/* What the legend shows beside a toggle: a sample of the overlay's line, with its letter. */
#include "canvas.h"

#include "outline.h"

#define WIDTH 44
#define HEIGHT 18

#define RUNET_TYPE_OVERLAY_SWATCH (runet_overlay_swatch_get_type ())
G_DECLARE_FINAL_TYPE (RunetOverlaySwatch,
                      runet_overlay_swatch,
                      RUNET,
                      OVERLAY_SWATCH,
                      GtkWidget)

struct _RunetOverlaySwatch {
  GtkWidget parent_instance;
  RunetOverlay overlay;
};

G_DEFINE_TYPE (RunetOverlaySwatch, runet_overlay_swatch, GTK_TYPE_WIDGET)

static void
runet_overlay_swatch_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
runet_overlay_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  RunetOverlaySwatch *self = RUNET_OVERLAY_SWATCH (widget);
  static const GdkRGBA ground = {0.18f, 0.185f, 0.195f, 1};
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      (float)(gtk_widget_get_width (widget) - WIDTH) / 2,
      (float)(gtk_widget_get_height (widget) - HEIGHT) / 2, WIDTH, HEIGHT);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &bounds, 4);

  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  gtk_snapshot_translate (snapshot, &bounds.origin);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT));
  cairo_move_to (cr, 17, HEIGHT / 2.0);
  cairo_line_to (cr, WIDTH - 4, HEIGHT / 2.0);
  runet_overlay_stroke (self->overlay, cr);
  cairo_destroy (cr);
  const RunetOverlayStyle *style = runet_overlay_get_style (self->overlay);
  runet_overlay_append_letter (style->letter, &style->color, 9, HEIGHT / 2.0, widget,
                               snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
runet_overlay_swatch_class_init (RunetOverlaySwatchClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  widget_class->measure = runet_overlay_swatch_measure;
  widget_class->snapshot = runet_overlay_swatch_snapshot;
  /* The toggle beside it says the same in words. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
runet_overlay_swatch_init (RunetOverlaySwatch *self) {
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
runet_overlay_swatch_new (RunetOverlay overlay) {
  g_return_val_if_fail (overlay < RUNET_OVERLAYS, NULL);
  RunetOverlaySwatch *self = g_object_new (RUNET_TYPE_OVERLAY_SWATCH, NULL);
  self->overlay = overlay;
  return GTK_WIDGET (self);
}
