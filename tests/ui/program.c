/* The program itself under an X server, driven as a person would. */
#include "program.h"

#include <string.h>
#ifdef HAVE_XTEST
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#endif

#define PATIENCE_S 60

gboolean
program_can_drive (void) {
#ifdef HAVE_XTEST
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  if (xdotool)
    return TRUE;
#endif
  g_print ("1..0 # SKIP xdotool and the library of X are needed to drive the window\n");
  return FALSE;
}

void
program_pause (gint64 start) {
  g_assert_cmpint (g_get_monotonic_time () - start, <, PATIENCE_S * G_USEC_PER_SEC);
  g_usleep (G_USEC_PER_SEC / 20);
}

char *
program_xdotool (const char *first, ...) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) "xdotool");
  va_list arguments;
  va_start (arguments, first);
  for (const char *a = first; a; a = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (gpointer)a);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      (const char *const *)argv->pdata,
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  char *out = NULL;
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_clear_pointer (&out, g_free);
  return out ? g_strchomp (out) : NULL;
}

void
program_press (const char *key) {
  g_autofree char *out = program_xdotool ("key", key, NULL);
  g_assert_nonnull (out);
}

void
program_type (const char *text) {
  g_autofree char *out = program_xdotool ("type", "--delay", "20", text, NULL);
  g_assert_nonnull (out);
}

void
program_focus (const char *title, char **window) {
  gint64 start = g_get_monotonic_time ();
  for (;; program_pause (start)) {
    g_autofree char *found =
        program_xdotool ("search", "--onlyvisible", "--name", title, NULL);
    if (!found || !*found)
      continue;
    const char *last = strrchr (found, '\n');
    g_free (*window);
    *window = g_strdup (last ? last + 1 : found);
    g_autofree char *focused = program_xdotool ("windowfocus", "--sync", *window, NULL);
    if (focused)
      return;
  }
}

#ifdef HAVE_XTEST

/* By the library: a process for each of the hundreds that a test takes would cost more than all the rest. */
GBytes *
program_take_screenshot (void) {
  static Display *display;
  if (!display)
    display = XOpenDisplay (NULL);
  g_assert_nonnull (display);
  const guint width = (guint)DisplayWidth (display, DefaultScreen (display));
  const guint height = (guint)DisplayHeight (display, DefaultScreen (display));
  XImage *image = XGetImage (display, DefaultRootWindow (display), 0, 0, width, height,
                             AllPlanes, ZPixmap);
  g_assert_nonnull (image);
  g_assert_cmpint (image->bits_per_pixel, ==, 32);
  g_assert_cmpint (image->byte_order, ==, LSBFirst);
  const gsize size = (gsize)3 * width * height;
  guint8 *rgb = g_malloc (size), *to = rgb;
  for (guint y = 0; y < height; y++) {
    const guint8 *from =
        (const guint8 *)image->data + (gsize)y * (gsize)image->bytes_per_line;
    for (guint x = 0; x < width; x++, from += 4) {
      *to++ = from[2];
      *to++ = from[1];
      *to++ = from[0];
    }
  }
  XDestroyImage (image);
  return g_bytes_new_take (rgb, size);
}

#else

GBytes *
program_take_screenshot (void) {
  g_assert_not_reached ();
}

#endif

GBytes *
program_wait_for_rest (void) {
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GBytes) before = program_take_screenshot ();
  for (guint equal = 0;;) {
    g_usleep (G_USEC_PER_SEC / 10);
    g_autoptr (GBytes) now = program_take_screenshot ();
    equal = g_bytes_equal (before, now) ? equal + 1 : 0;
    if (equal == 4)
      return g_steal_pointer (&now);
    program_pause (start);
    g_bytes_unref (before);
    before = g_steal_pointer (&now);
  }
}

void
program_press_and_see (const char *key) {
  g_autoptr (GBytes) before = program_wait_for_rest ();
  program_press (key);
  const gint64 start = g_get_monotonic_time ();
  for (gboolean seen = FALSE; !seen; program_pause (start)) {
    g_autoptr (GBytes) now = program_take_screenshot ();
    seen = !g_bytes_equal (before, now);
  }
  g_autoptr (GBytes) after = program_wait_for_rest ();
}

GSubprocess *
program_launch (const char *folder, const char *model, const char *const *environment) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-warnings", TRUE);
  for (guint i = 0; environment && environment[i]; i += 2)
    g_subprocess_launcher_setenv (launcher, environment[i], environment[i + 1], TRUE);
  GSubprocess *program = g_subprocess_launcher_spawn (
      launcher, &error, g_getenv ("RUNET_REVIEW"), folder, "--model", model, NULL);
  g_assert_no_error (error);
  return program;
}

void
program_quit (GSubprocess *program) {
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  /* What is pressed while a popover is being closed is for nobody. */
  for (guint i = 0; g_subprocess_get_identifier (program); i++, program_pause (start))
    if (i % 100 == 0)
      g_free (program_xdotool ("key", "ctrl+q", NULL));
  g_subprocess_wait (program, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  g_assert_cmpint (g_subprocess_get_exit_status (program), ==, 0);
}
