/* Where the parts of the timeline stand. */
#include "timeline-layout.h"

#define SPACING 10
#define ROW_SPACING 5
/* A track narrower than this has the words below it rather than beside it. */
#define TRACK_WANTED 340

typedef enum { PART_PLAY, PART_TRACK, PART_WORDS, PART_CONTROLS, PARTS } Part;

/* Widths of the parts, in pixels. */
typedef struct {
  GtkWidget *part[PARTS];
  int least[PARTS], natural[PARTS];
} Parts;

static Parts
find_parts (GtkWidget *widget) {
  Parts parts = {0};
  GtkWidget *child = gtk_widget_get_first_child (widget);
  for (int i = 0; i < PARTS && child;
       i++, child = gtk_widget_get_next_sibling (child)) {
    parts.part[i] = child;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &parts.least[i],
                        &parts.natural[i], NULL, NULL);
  }
  return parts;
}

/* Of words and controls above each other. */
static int
get_side_width (const Parts *parts) {
  return MAX (parts->natural[PART_WORDS], parts->natural[PART_CONTROLS]);
}

static gboolean
is_wide (const Parts *parts, int width) {
  return width < 0 || width >= parts->natural[PART_PLAY] + SPACING + TRACK_WANTED +
                                   SPACING + get_side_width (parts);
}

static int
get_height (const Parts *parts, Part part) {
  int least = 0;
  if (parts->part[part])
    gtk_widget_measure (parts->part[part], GTK_ORIENTATION_VERTICAL, -1, &least, NULL,
                        NULL, NULL);
  return least;
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline) {
  const Parts parts = find_parts (widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MAX (parts.least[PART_TRACK], parts.natural[PART_PLAY] + SPACING +
                                                 parts.least[PART_WORDS] + SPACING +
                                                 parts.natural[PART_CONTROLS]);
    *natural = parts.natural[PART_PLAY] + SPACING +
               MAX (TRACK_WANTED, parts.natural[PART_TRACK]) + SPACING +
               get_side_width (&parts);
    return;
  }
  const int play = get_height (&parts, PART_PLAY),
            track = get_height (&parts, PART_TRACK),
            words = get_height (&parts, PART_WORDS),
            controls = get_height (&parts, PART_CONTROLS);
  *minimum = *natural = is_wide (&parts, for_size)
                            ? MAX (MAX (play, track), words + ROW_SPACING + controls)
                            : track + ROW_SPACING + MAX (play, MAX (words, controls));
}

/* In the middle of a height, mirrored where one reads from the right. */
static void
place (GtkWidget *widget,
       const Parts *parts,
       Part part,
       int x,
       int width,
       int y,
       int height) {
  const int own = get_height (parts, part);
  if (!parts->part[part])
    return;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - x - width;
  gtk_widget_size_allocate (
      parts->part[part], &(GtkAllocation){x, y + (height - own) / 2, width, own}, -1);
}

static void
allocate_wide (GtkWidget *widget, const Parts *parts, int width, int height) {
  const int words = get_height (parts, PART_WORDS),
            controls = get_height (parts, PART_CONTROLS);
  const int left = parts->natural[PART_PLAY] + SPACING;
  const int side = get_side_width (parts), x = width - side;
  const int top = (height - words - ROW_SPACING - controls) / 2;
  place (widget, parts, PART_PLAY, 0, parts->natural[PART_PLAY], 0, height);
  place (widget, parts, PART_TRACK, left, x - SPACING - left, 0, height);
  place (widget, parts, PART_WORDS, x, side, top, words);
  place (widget, parts, PART_CONTROLS, width - parts->natural[PART_CONTROLS],
         parts->natural[PART_CONTROLS], top + words + ROW_SPACING, controls);
}

/* The track has the whole width; all else stands in a row below it. */
static void
allocate_narrow (GtkWidget *widget, const Parts *parts, int width, int height) {
  const int track = get_height (parts, PART_TRACK);
  const int top = track + ROW_SPACING, rest = height - top;
  const int left = parts->natural[PART_PLAY] + SPACING;
  const int right = width - parts->natural[PART_CONTROLS];
  const int words = MIN (right - SPACING - left, parts->natural[PART_WORDS]);
  place (widget, parts, PART_TRACK, 0, width, 0, track);
  place (widget, parts, PART_PLAY, 0, parts->natural[PART_PLAY], top, rest);
  place (widget, parts, PART_WORDS, right - SPACING - words, words, top, rest);
  place (widget, parts, PART_CONTROLS, right, parts->natural[PART_CONTROLS], top, rest);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline) {
  const Parts parts = find_parts (widget);
  if (is_wide (&parts, width))
    allocate_wide (widget, &parts, width, height);
  else
    allocate_narrow (widget, &parts, width, height);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

GtkLayoutManager *
runet_timeline_layout_new (void) {
  return gtk_custom_layout_new (get_request_mode, measure, allocate);
}
