/* A pointer that presses, pulls and scrolls by real events of the X server. */
#include "pointer.h"

#include <X11/extensions/XTest.h>
#include <gdk/x11/gdkx.h>
#include "offscreen.h"

static Display *
get_display (GtkWidget *widget) {
  return gdk_x11_display_get_xdisplay (gtk_widget_get_display (widget));
}

void
pointer_move (GtkWidget *widget, int x, int y) {
  Display *display = get_display (widget);
  GtkNative *native = gtk_widget_get_native (widget);
  Window child;
  int left, top;
  double inset_x, inset_y;
  XTranslateCoordinates (display,
                         gdk_x11_surface_get_xid (gtk_native_get_surface (native)),
                         DefaultRootWindow (display), 0, 0, &left, &top, &child);
  gtk_native_get_surface_transform (native, &inset_x, &inset_y);
  XTestFakeMotionEvent (display, -1, left + (int)inset_x + x, top + (int)inset_y + y,
                        CurrentTime);
  XSync (display, FALSE);
  runet_test_settle (widget);
}

void
pointer_button (GtkWidget *widget, guint button, gboolean down) {
  XTestFakeButtonEvent (get_display (widget), button, down, CurrentTime);
  XSync (get_display (widget), FALSE);
  runet_test_settle (widget);
}

void
pointer_hold (GtkWidget *widget, guint key, gboolean down) {
  Display *display = get_display (widget);
  XTestFakeKeyEvent (display, XKeysymToKeycode (display, key), down, CurrentTime);
  XSync (display, FALSE);
  runet_test_settle (widget);
}
