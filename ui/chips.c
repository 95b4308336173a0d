/* A row of chips: as many whole ones as there is room for. */
#include "chips.h"

#define PAD_X 6
#define PAD_Y 1
#define GAP 3
#define RADIUS 8
/* The ground is the colour of the text, this thin. */
#define GROUND_ALPHA 0.16F

struct _RunetChips {
  GtkWidget parent;

  GStrv words;
  GPtrArray
      *layouts; /* (nullable): PangoLayout, one a word; made when they are needed */
};

G_DEFINE_FINAL_TYPE (RunetChips, runet_chips, GTK_TYPE_WIDGET)

static void
make_layouts (RunetChips *self) {
  if (self->layouts)
    return;
  self->layouts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; self->words && self->words[i]; i++)
    g_ptr_array_add (self->layouts, gtk_widget_create_pango_layout (GTK_WIDGET (self),
                                                                    self->words[i]));
}

static int
get_width (PangoLayout *layout) {
  int width;
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width + 2 * PAD_X;
}

/* "+2"; NULL when nothing is left out. */
static PangoLayout *
make_rest (RunetChips *self, guint shown) {
  if (shown >= self->layouts->len)
    return NULL;
  g_autofree char *text = g_strdup_printf ("+%u", self->layouts->len - shown);
  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

/* The width that the first @shown and the count of the others take. */
static int
add_up (RunetChips *self, guint shown) {
  g_autoptr (PangoLayout) rest = make_rest (self, shown);
  int width = rest ? get_width (rest) + GAP : 0;
  for (guint i = 0; i < shown; i++)
    width += get_width (self->layouts->pdata[i]) + GAP;
  return MAX (0, width - GAP);
}

guint
runet_chips_count_shown (RunetChips *self, int width) {
  g_return_val_if_fail (RUNET_IS_CHIPS (self), 0);
  make_layouts (self);
  guint shown = self->layouts->len;
  while (shown > 0 && add_up (self, shown) > width)
    shown--;
  return shown;
}

gboolean
runet_chips_is_cut (RunetChips *self) {
  g_return_val_if_fail (RUNET_IS_CHIPS (self), FALSE);
  make_layouts (self);
  return runet_chips_count_shown (self, gtk_widget_get_width (GTK_WIDGET (self))) <
         self->layouts->len;
}

static void
runet_chips_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline) {
  RunetChips *self = RUNET_CHIPS (widget);
  make_layouts (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *natural = add_up (self, self->layouts->len);
    *minimum = MIN (add_up (self, 0), *natural);
    return;
  }
  g_autoptr (PangoLayout) any = gtk_widget_create_pango_layout (widget, "X");
  int height;
  pango_layout_get_pixel_size (any, NULL, &height);
  *minimum = *natural = height + 2 * PAD_Y;
}

/* Returns the width taken. */
static int
append_chip (RunetChips *self, GtkSnapshot *snapshot, PangoLayout *layout, int x) {
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA color, ground;
  int text_height;
  int width = get_width (layout);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  int height = text_height + 2 * PAD_Y;
  int y = (gtk_widget_get_height (widget) - height) / 2;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - x - width;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  ground = color;
  ground.alpha *= GROUND_ALPHA;

  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float)x, (float)y, (float)width, (float)height);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect (&shape, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float)(x + PAD_X), (float)(y + PAD_Y)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
  return width;
}

static void
runet_chips_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  RunetChips *self = RUNET_CHIPS (widget);
  int width = gtk_widget_get_width (widget), x = 0;
  guint shown = runet_chips_count_shown (self, width);
  g_autoptr (PangoLayout) rest = make_rest (self, shown);
  for (guint i = 0; i < shown; i++)
    x += GAP + append_chip (self, snapshot, self->layouts->pdata[i], x);
  if (rest)
    append_chip (self, snapshot, rest, x);
}

static void
runet_chips_css_changed (GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS (runet_chips_parent_class)->css_changed (widget, change);
  g_clear_pointer (&RUNET_CHIPS (widget)->layouts, g_ptr_array_unref);
}

static void
runet_chips_finalize (GObject *object) {
  RunetChips *self = RUNET_CHIPS (object);
  g_clear_pointer (&self->layouts, g_ptr_array_unref);
  g_strfreev (self->words);
  G_OBJECT_CLASS (runet_chips_parent_class)->finalize (object);
}

static void
runet_chips_class_init (RunetChipsClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = runet_chips_finalize;
  widget_class->measure = runet_chips_measure;
  widget_class->snapshot = runet_chips_snapshot;
  widget_class->css_changed = runet_chips_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chips");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
runet_chips_init (RunetChips *self) {
}

GtkWidget *
runet_chips_new (void) {
  return g_object_new (RUNET_TYPE_CHIPS, NULL);
}

void
runet_chips_set_words (RunetChips *self, const char *const *words) {
  g_return_if_fail (RUNET_IS_CHIPS (self));
  const char *const none[] = {NULL};
  words = words ? words : none;
  if (self->words && g_strv_equal ((const char *const *)self->words, words))
    return;
  g_strfreev (self->words);
  self->words = g_strdupv ((GStrv)words);
  g_clear_pointer (&self->layouts, g_ptr_array_unref);
  g_autofree char *label = g_strjoinv (", ", self->words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
