/* Short text on a dark rounded ground: readable on black and on bright speckle alike. */
#include "pill.h"

#define PAD_X 7.0
#define PAD_Y 3.0
#define RADIUS 5.0
#define TEXT_SCALE 0.88

static const GdkRGBA ground = {0.06f, 0.065f, 0.075f, 0.82f};
static const GdkRGBA ink = {0.94f, 0.94f, 0.92f, 1};

PangoLayout *
runet_pill_layout_new (GtkWidget *widget, const char *text) {
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (TEXT_SCALE));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

void
runet_pill_wrap (PangoLayout *layout, double width) {
  int text_width;
  const int most = MAX (1, (int)(width - 2 * PAD_X));
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  if (text_width > most)
    pango_layout_set_width (layout, most * PANGO_SCALE);
}

void
runet_pill_get_size (PangoLayout *layout, double *width, double *height) {
  int text_width, text_height;
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  *width = text_width + 2 * PAD_X;
  *height = text_height + 2 * PAD_Y;
}

void
runet_pill_append (GtkSnapshot *snapshot,
                   PangoLayout *layout,
                   double x,
                   double y,
                   const GdkRGBA *edge) {
  double width, height;
  runet_pill_get_size (layout, &width, &height);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, width, height);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &bounds, RADIUS);

  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  gtk_snapshot_pop (snapshot);
  if (edge != NULL) {
    const float widths[] = {1, 1, 1, 1};
    const GdkRGBA colors[] = {*edge, *edge, *edge, *edge};
    gtk_snapshot_append_border (snapshot, &shape, widths, colors);
  }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + PAD_X, y + PAD_Y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}
