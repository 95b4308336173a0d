/* Widgets as tests see them: shown in a plain window, drawn into memory, compared by pixels. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @words: height × width, 0xAARRGGBB. */
typedef struct {
  int width, height;
  guint32 *words;
} RunetShot;

/* An undecorated window with @child alone in it, on screen. */
GtkWindow *
runet_test_window_new (GtkWidget *child, int width, int height);
/* Until what is pending has been laid out and drawn. */
void
runet_test_settle (GtkWidget *widget);

/* (transfer none): the first controller of @widget that is a @type. */
GtkEventController *
runet_test_find_controller (GtkWidget *widget, GType type);

/* Adds @widget and all below it that are a @type to @found, which borrows them. */
void
runet_test_list_widgets (GtkWidget *widget, GType type, GPtrArray *found);

/* What @widget looks like now, drawn by the cairo renderer at scale 1. */
RunetShot *
runet_shot_new (GtkWidget *widget);
RunetShot *
runet_shot_read (const char *path);
void
runet_shot_write (const RunetShot *shot, const char *path);
void
runet_shot_free (RunetShot *shot);
/* 0xRRGGBB */
guint32
runet_shot_at (const RunetShot *shot, double x, double y);
/* How many pixels of the rectangle have a channel farther than @tolerance from @color. */
guint
runet_shot_count (const RunetShot *shot,
                  const graphene_rect_t *area,
                  guint32 color,
                  int tolerance);
/* The part of all pixels that differ by more than @tolerance in a channel; 1 when the sizes do. */
double
runet_shot_compare (const RunetShot *a, const RunetShot *b, int tolerance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetShot, runet_shot_free)

G_END_DECLS
