/* Children one beside the other, in as many rows as it takes. */
#include "wrap-layout.h"

struct _RunetWrapLayout {
  GtkLayoutManager parent;

  int spacing;
  guint rows; /* 0: as many as it takes */
};

G_DEFINE_FINAL_TYPE (RunetWrapLayout, runet_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Children that stand beside each other. */
typedef struct {
  GtkWidget *first, *end; /* @end: the first of the next row, or NULL */
  int width; /* natural, with the spacing between them */
  int expanding; /* how many take what is left */
} Row;

static GtkWidget *
skip_hidden (GtkWidget *child) {
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
get_next (GtkWidget *child) {
  return skip_hidden (gtk_widget_get_next_sibling (child));
}

/* The natural width, or less where there is less. */
static int
get_width (GtkWidget *child, int width) {
  int least, natural;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL,
                      NULL);
  return MAX (least, MIN (natural, width));
}

static int
get_height (GtkWidget *child, int width) {
  int least;
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &least, NULL, NULL, NULL);
  return least;
}

static Row
take_row (RunetWrapLayout *self, GtkWidget *first, int width) {
  Row row = {.first = first, .width = -self->spacing};
  GtkWidget *child = first;
  for (; child; child = get_next (child)) {
    int wider = row.width + self->spacing + get_width (child, width);
    if (child != first && wider > width)
      break;
    row.width = wider;
    row.expanding += gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
  }
  row.end = child;
  return row;
}

/* What is left of @width is shared among those that expand. */
static int
get_share (const Row *row, GtkWidget *child, int width) {
  gboolean expands = gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
  return get_width (child, width) +
         (expands ? MAX (0, width - row->width) / row->expanding : 0);
}

static int
get_row_height (const Row *row, int width) {
  int height = 0;
  for (GtkWidget *child = row->first; child != row->end; child = get_next (child))
    height = MAX (height, get_height (child, get_share (row, child, width)));
  return height;
}

static int
get_total_height (RunetWrapLayout *self, GtkWidget *widget, int width) {
  int height = 0;
  guint rows = 0;
  Row row;
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget));
       child && (self->rows == 0 || rows < self->rows); child = row.end) {
    row = take_row (self, child, width);
    height += get_row_height (&row, width) + (rows++ > 0 ? self->spacing : 0);
  }
  return height;
}

static void
measure_width (RunetWrapLayout *self, GtkWidget *widget, int *minimum, int *natural) {
  *minimum = 0;
  *natural =
      take_row (self, skip_hidden (gtk_widget_get_first_child (widget)), G_MAXINT)
          .width;
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child;
       child = get_next (child))
    *minimum = MAX (*minimum, get_width (child, 0));
  *natural = MAX (*natural, *minimum);
}

static void
runet_wrap_layout_measure (GtkLayoutManager *manager,
                           GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline) {
  RunetWrapLayout *self = RUNET_WRAP_LAYOUT (manager);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, widget, minimum, natural);
  else
    *minimum = *natural =
        get_total_height (self, widget, for_size < 0 ? G_MAXINT / 2 : for_size);
}

static void
runet_wrap_layout_allocate (GtkLayoutManager *manager,
                            GtkWidget *widget,
                            int width,
                            int height,
                            int baseline) {
  RunetWrapLayout *self = RUNET_WRAP_LAYOUT (manager);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = 0;
  guint rows = 0;
  Row row;
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child;
       child = row.end) {
    row = take_row (self, child, width);
    int row_height = get_row_height (&row, width), x = 0;
    const gboolean shown = self->rows == 0 || rows++ < self->rows;
    for (; child != row.end; child = get_next (child)) {
      int share = get_share (&row, child, width);
      gtk_widget_set_child_visible (child, shown);
      gtk_widget_size_allocate (
          child,
          &(GtkAllocation){mirrored ? width - x - share : x, y, share, row_height}, -1);
      x += share + self->spacing;
    }
    y += row_height + self->spacing;
  }
}

static GtkSizeRequestMode
runet_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
runet_wrap_layout_class_init (RunetWrapLayoutClass *class) {
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (class);
  layout_class->measure = runet_wrap_layout_measure;
  layout_class->allocate = runet_wrap_layout_allocate;
  layout_class->get_request_mode = runet_wrap_layout_get_request_mode;
}

static void
runet_wrap_layout_init (RunetWrapLayout *self) {
}

GtkLayoutManager *
runet_wrap_layout_new (int spacing) {
  RunetWrapLayout *self = g_object_new (RUNET_TYPE_WRAP_LAYOUT, NULL);
  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}

void
runet_wrap_layout_set_rows (RunetWrapLayout *self, guint rows) {
  g_return_if_fail (RUNET_IS_WRAP_LAYOUT (self));
  self->rows = rows;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}
