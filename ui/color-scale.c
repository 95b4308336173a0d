/* The scale of false colours.
 *
 * Ottosson, "A perceptual color space for image processing" (2020): distances in OKLab are what the eye
 * makes of two colours. The scale is a curve through it, walked in equal steps. */
#include "color-scale.h"

#include <math.h>

/* Points on the curve from which the equal steps are read. */
#define FINE 2048

#define BAR_WIDTH 128.0
#define BAR_HEIGHT 8.0
#define PAD 8.0
#define GAP 4.0
#define RADIUS 5.0
#define TEXT_SCALE 0.88

typedef struct {
  double l, a, b;
} Lab;

/* The ends of the curve, and the point that bends it: all inside what a screen can show. */
static const Lab first = {0.50, -0.02, -0.16};
static const Lab bend = {0.67, 0.18, 0.02};
static const Lab last = {0.94, -0.04, 0.16};

/* Light to the value of sRGB, IEC 61966-2-1. */
static float
encode (double light) {
  light = CLAMP (light, 0.0, 1.0);
  return (float)(light <= 0.0031308 ? 12.92 * light
                                    : 1.055 * pow (light, 1 / 2.4) - 0.055);
}

static GdkRGBA
to_rgb (Lab c) {
  double l = c.l + 0.3963377774 * c.a + 0.2158037573 * c.b;
  double m = c.l - 0.1055613458 * c.a - 0.0638541728 * c.b;
  double s = c.l - 0.0894841775 * c.a - 1.2914855480 * c.b;
  l = l * l * l;
  m = m * m * m;
  s = s * s * s;
  return (GdkRGBA){
      encode (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      encode (-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      encode (-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
      1,
  };
}

static Lab
get_curve (double t) {
  double p = (1 - t) * (1 - t), q = 2 * t * (1 - t), r = t * t;
  return (Lab){
      p * first.l + q * bend.l + r * last.l,
      p * first.a + q * bend.a + r * last.a,
      p * first.b + q * bend.b + r * last.b,
  };
}

static void
fill_colors (GdkRGBA colors[RUNET_COLOR_STEPS]) {
  g_autofree double *length = g_new0 (double, FINE + 1);
  for (int i = 1; i <= FINE; i++) {
    Lab a = get_curve ((double)(i - 1) / FINE), b = get_curve ((double)i / FINE);
    length[i] =
        length[i - 1] + sqrt ((b.l - a.l) * (b.l - a.l) + (b.a - a.a) * (b.a - a.a) +
                              (b.b - a.b) * (b.b - a.b));
  }
  int at = 0;
  for (int i = 0; i < RUNET_COLOR_STEPS; i++) {
    double wanted = length[FINE] * i / (RUNET_COLOR_STEPS - 1);
    while (at < FINE - 1 && length[at + 1] < wanted)
      at++;
    double part = (wanted - length[at]) / (length[at + 1] - length[at]);
    colors[i] = to_rgb (get_curve ((at + part) / FINE));
  }
}

GdkRGBA
runet_color_scale_get (double position) {
  static GdkRGBA colors[RUNET_COLOR_STEPS];
  static gsize filled;
  if (g_once_init_enter (&filled)) {
    fill_colors (colors);
    g_once_init_leave (&filled, 1);
  }
  /* A NaN fails the comparison. */
  double clamped = position > 0 ? MIN (position, 1) : 0;
  return colors[lrint (clamped * (RUNET_COLOR_STEPS - 1))];
}

static PangoLayout *
make_layout (GtkWidget *widget, const char *text, int *width, int *height) {
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (TEXT_SCALE));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, width, height);
  return layout;
}

static void
append_text (PangoLayout *layout, double x, double y, GtkSnapshot *snapshot) {
  static const GdkRGBA ink = {0.94f, 0.94f, 0.92f, 1};
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
append_bar (double x, double y, double width, GtkSnapshot *snapshot) {
  enum { STOPS = 17 };
  GskColorStop stops[STOPS];
  for (int i = 0; i < STOPS; i++) {
    stops[i].offset = (float)i / (STOPS - 1);
    stops[i].color = runet_color_scale_get (stops[i].offset);
  }
  float left = (float)x, middle = (float)(y + BAR_HEIGHT / 2);
  gtk_snapshot_append_linear_gradient (
      snapshot, &GRAPHENE_RECT_INIT (left, (float)y, (float)width, (float)BAR_HEIGHT),
      &GRAPHENE_POINT_INIT (left, middle),
      &GRAPHENE_POINT_INIT (left + (float)width, middle), stops, STOPS);
}

graphene_rect_t
runet_color_scale_snapshot (const char *title,
                            const char *low,
                            const char *high,
                            double right,
                            double top,
                            GtkWidget *widget,
                            GtkSnapshot *snapshot) {
  static const GdkRGBA ground = {0.06f, 0.065f, 0.075f, 0.82f};
  int title_width, low_width, high_width, line;
  g_autoptr (PangoLayout) name = make_layout (widget, title, &title_width, &line);
  g_autoptr (PangoLayout) least = make_layout (widget, low, &low_width, &line);
  g_autoptr (PangoLayout) most = make_layout (widget, high, &high_width, &line);
  double width = MAX (BAR_WIDTH, title_width),
         left = MAX (0, round (right - width - 2 * PAD));
  graphene_rect_t room =
      GRAPHENE_RECT_INIT ((float)left, (float)top, (float)(width + 2 * PAD),
                          (float)(2 * PAD + 2 * line + 2 * GAP + BAR_HEIGHT));
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &room, (float)RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &ground, &room);
  gtk_snapshot_pop (snapshot);

  double x = left + PAD, y = top + PAD;
  append_text (name, x, y, snapshot);
  append_bar (x, y + line + GAP, width, snapshot);
  append_text (least, x, y + line + 2 * GAP + BAR_HEIGHT, snapshot);
  append_text (most, x + width - high_width, y + line + 2 * GAP + BAR_HEIGHT, snapshot);
  return room;
}
