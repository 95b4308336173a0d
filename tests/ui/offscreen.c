/* Widgets as tests see them: shown in a plain window, drawn into memory, compared by pixels. */
#include "offscreen.h"

GtkWindow *
runet_test_window_new (GtkWidget *child, int width, int height) {
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_decorated (window, FALSE);
  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  runet_test_settle (child);
  return window;
}

/* The wait of GTK ends at the beginning of a frame: at the second one, the first is drawn. */
void
runet_test_settle (GtkWidget *widget) {
  gtk_test_widget_wait_for_draw (widget);
  gtk_test_widget_wait_for_draw (widget);
}

GtkEventController *
runet_test_find_controller (GtkWidget *widget, GType type) {
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
    if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
      return controller;
  }
  g_assert_not_reached ();
}

static RunetShot *
shot_alloc (int width, int height) {
  RunetShot *shot = g_new0 (RunetShot, 1);
  shot->width = width;
  shot->height = height;
  shot->words = g_new0 (guint32, (gsize)width * (gsize)height);
  return shot;
}

RunetShot *
runet_shot_new (GtkWidget *widget) {
  runet_test_settle (widget);
  RunetShot *shot =
      shot_alloc (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, shot->width, shot->height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_to_node (snapshot);
  g_assert_nonnull (node);
  g_autoptr (GskRenderer) renderer = gsk_cairo_renderer_new ();
  g_assert_true (gsk_renderer_realize (renderer, NULL, NULL));
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (0, 0, (float)shot->width, (float)shot->height);
  g_autoptr (GdkTexture) texture =
      gsk_renderer_render_texture (renderer, node, &bounds);
  gdk_texture_download (texture, (guchar *)shot->words, (gsize)shot->width * 4);
  gsk_renderer_unrealize (renderer);
  return shot;
}

RunetShot *
runet_shot_read (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  RunetShot *shot =
      shot_alloc (gdk_texture_get_width (texture), gdk_texture_get_height (texture));
  gdk_texture_download (texture, (guchar *)shot->words, (gsize)shot->width * 4);
  return shot;
}

void
runet_shot_write (const RunetShot *shot, const char *path) {
  gsize size = (gsize)shot->width * (gsize)shot->height * 4;
  g_autoptr (GBytes) bytes = g_bytes_new (shot->words, size);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
      shot->width, shot->height, GDK_MEMORY_DEFAULT, bytes, (gsize)shot->width * 4);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

void
runet_shot_free (RunetShot *shot) {
  if (shot == NULL)
    return;
  g_free (shot->words);
  g_free (shot);
}

guint32
runet_shot_at (const RunetShot *shot, double x, double y) {
  g_assert_true (x >= 0 && y >= 0 && x < shot->width && y < shot->height);
  return shot->words[(gsize)y * (gsize)shot->width + (gsize)x] & 0xffffff;
}

static gboolean
differs (guint32 a, guint32 b, int tolerance) {
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS ((int)(a >> shift & 255) - (int)(b >> shift & 255)) > tolerance)
      return TRUE;
  return FALSE;
}

guint
runet_shot_count (const RunetShot *shot,
                  const graphene_rect_t *area,
                  guint32 color,
                  int tolerance) {
  guint count = 0;
  int right = (int)(area->origin.x + area->size.width);
  int bottom = (int)(area->origin.y + area->size.height);
  for (int y = MAX (0, (int)area->origin.y); y < MIN (bottom, shot->height); y++)
    for (int x = MAX (0, (int)area->origin.x); x < MIN (right, shot->width); x++)
      count += !differs (shot->words[y * shot->width + x], color, tolerance);
  return count;
}

double
runet_shot_compare (const RunetShot *a, const RunetShot *b, int tolerance) {
  if (a->width != b->width || a->height != b->height)
    return 1;
  gsize count = (gsize)a->width * (gsize)a->height, different = 0;
  for (gsize i = 0; i < count; i++)
    different += differs (a->words[i], b->words[i], tolerance);
  return (double)different / (double)count;
}

void
runet_test_list_widgets (GtkWidget *widget, GType type, GPtrArray *found) {
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    runet_test_list_widgets (child, type, found);
}
