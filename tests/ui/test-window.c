/* The program itself under an X server: opens a folder from the command line, runs the model, draws
 * the overlays, obeys keys, and quits without a warning. */
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "program.h"

#ifdef HAVE_XTEST
#include <X11/Xutil.h>
#endif

#define WIDTH 1280
#define HEIGHT 800

typedef struct {
  char *folder;
  char *model;
  char *title; /* of the window */
  GSubprocess *program;
  char *window; /* as xdotool names it */
} Fixture;

/* Pixels that differ between two screenshots within the middle third, where the canvas is. */
static guint
count_differences (GBytes *a, GBytes *b) {
  gsize size_a, size_b;
  const guint8 *first = g_bytes_get_data (a, &size_a);
  const guint8 *second = g_bytes_get_data (b, &size_b);
  g_assert_cmpuint (size_a, ==, 3 * WIDTH * HEIGHT);
  g_assert_cmpuint (size_a, ==, size_b);
  guint count = 0;
  for (gsize y = HEIGHT / 6; y < HEIGHT * 2 / 3; y++)
    for (gsize x = WIDTH * 3 / 10; x < WIDTH * 6 / 10; x++) {
      gsize at = 3 * (y * WIDTH + x);
      count += memcmp (first + at, second + at, 3) != 0;
    }
  return count;
}

/* Presses @key; what the canvas looks like once it shows it. */
static GBytes *
press_and_wait (Fixture *fixture, const char *key, GBytes *before) {
  gint64 start = g_get_monotonic_time ();
  program_press (key);
  for (;;) {
    g_autoptr (GBytes) now = program_wait_for_rest ();
    if (count_differences (before, now) > 0)
      return g_steal_pointer (&now);
    g_test_message ("key %s: nothing changed on the canvas yet", key);
    program_pause (start);
  }
}

static void
launch (Fixture *fixture) {
  fixture->program = program_launch (fixture->folder, fixture->model, NULL);
  program_focus (fixture->title, &fixture->window);
  g_autofree char *placed = program_xdotool (
      "windowmove", fixture->window, "0", "0", "windowsize", fixture->window, "1280",
      "800", "windowfocus", fixture->window, NULL);
  g_assert_nonnull (placed);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->folder = fixture_folder ();
  fixture->model = g_build_filename (fixture->folder, "model.safetensors", NULL);
  g_autofree char *name = g_path_get_basename (fixture->folder);
  fixture->title = g_strdup_printf ("%s – RU-Net Review", name);
  fixture_write_model (fixture->model);
  fixture_write_patient (fixture->folder, "patient0001", FIXTURE_PLAIN, TRUE);
  fixture_write_patient (fixture->folder, "patient0002", FIXTURE_DENTED, FALSE);
  launch (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_object_unref (fixture->program);
  g_free (fixture->window);
  g_free (fixture->title);
  g_free (fixture->model);
  fixture_remove (fixture->folder);
}

/* Each overlay is drawn, goes with its key and comes back exactly as it was. */
static void
test_overlays (Fixture *fixture, gconstpointer data) {
  static const char *const keys[] = {"1", "r", "2", "e"};
  g_autoptr (GBytes) all = program_wait_for_rest ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GBytes) without = press_and_wait (fixture, keys[i], all);
    g_test_message ("%s: %u pixels", keys[i], count_differences (all, without));
    g_assert_cmpuint (count_differences (all, without), >, 200);
    g_autoptr (GBytes) again = press_and_wait (fixture, keys[i], without);
    g_assert_cmpuint (count_differences (all, again), ==, 0);
  }
  program_quit (fixture->program);
}

/* Swipe, side by side and disagreement are switched by their keys; flicker lasts as long as its key
 * is held and leaves nothing behind. */
static void
test_stages (Fixture *fixture, gconstpointer data) {
  static const char *const keys[] = {"w", "b", "c"};
  g_autoptr (GBytes) all = program_wait_for_rest ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GBytes) with = press_and_wait (fixture, keys[i], all);
    g_test_message ("%s: %u pixels", keys[i], count_differences (all, with));
    g_assert_cmpuint (count_differences (all, with), >, 200);
    g_autoptr (GBytes) again = press_and_wait (fixture, keys[i], with);
    g_assert_cmpuint (count_differences (all, again), ==, 0);
  }
  g_autofree char *held = program_xdotool ("keydown", "f", NULL);
  g_assert_nonnull (held);
  gint64 start = g_get_monotonic_time ();
  for (guint different = 0; different == 0;) {
    g_autoptr (GBytes) now = program_take_screenshot ();
    different = count_differences (all, now);
    program_pause (start);
  }
  g_autofree char *released = program_xdotool ("keyup", "f", NULL);
  g_assert_nonnull (released);
  g_autoptr (GBytes) after = program_wait_for_rest ();
  g_assert_cmpuint (count_differences (all, after), ==, 0);
  program_quit (fixture->program);
}

/* GTK leaves the focus in a submenu that is closed; the keys of the window are there all the same, and Escape
 * stopped nothing. */
static void
test_keys_after_menu (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) all = program_wait_for_rest ();
  program_press ("F10");
  g_autoptr (GBytes) menu = program_wait_for_rest ();
  program_press ("Down");
  program_press ("Down");
  program_press ("Right");
  g_autoptr (GBytes) submenu = program_wait_for_rest ();
  g_assert_false (g_bytes_equal (all, menu));
  g_assert_false (g_bytes_equal (menu, submenu));
  for (guint i = 0; i < 3; i++) {
    program_press ("Escape");
    g_autoptr (GBytes) rest = program_wait_for_rest ();
  }
  g_autoptr (GBytes) closed = program_wait_for_rest ();
  g_autoptr (GBytes) without = press_and_wait (fixture, "2", closed);
  g_assert_cmpuint (count_differences (closed, without), >, 200);
  program_quit (fixture->program);
}

/* Without the list and the inspector there is more room for the images; both come back as they were. */
static void
test_panes (Fixture *fixture, gconstpointer data) {
  static const char *const keys[] = {"F9", "shift+F9"};
  g_autoptr (GBytes) all = program_wait_for_rest ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GBytes) without = press_and_wait (fixture, keys[i], all);
    g_autoptr (GBytes) again = press_and_wait (fixture, keys[i], without);
    g_assert_cmpuint (count_differences (all, again), ==, 0);
  }
  program_quit (fixture->program);
}

/* Typing into the search shows no overlay and plays no cine. */
static void
test_search (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) before = program_wait_for_rest ();
  program_press ("ctrl+f");
  program_press ("1");
  program_press ("e");
  program_press ("w");
  program_press ("space");
  g_autoptr (GBytes) after = program_wait_for_rest ();
  g_assert_cmpuint (count_differences (before, after), ==, 0);
  program_quit (fixture->program);
}

/* The program ends from within a dialog too; quit () waits until it has. Without a window manager
 * the keys go where they are sent: to the other window of the program. */
static void
test_quit_from_dialog (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) before = program_wait_for_rest ();
  g_autoptr (GBytes) with = press_and_wait (fixture, "ctrl+question", before);
  g_autofree char *found =
      program_xdotool ("search", "--onlyvisible", "--class", "runet-review", NULL);
  g_assert_nonnull (found);
  g_auto (GStrv) windows = g_strsplit (found, "\n", -1);
  const char *dialog = NULL;
  for (guint i = 0; windows[i]; i++)
    if (!g_str_equal (windows[i], fixture->window))
      dialog = windows[i];
  g_assert_nonnull (dialog);
  g_autofree char *focused = program_xdotool ("windowfocus", dialog, NULL);
  g_assert_nonnull (focused);
  program_quit (fixture->program);
}

#ifdef HAVE_XTEST
/* The smallest window that one is to work in. */
#define LEAST_WIDTH 1000
#define LEAST_HEIGHT 650

static void
test_least_size (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) rest = program_wait_for_rest ();
  Display *display = XOpenDisplay (NULL);
  g_assert_nonnull (display);
  XSizeHints hints = {0};
  long supplied;
  g_assert_true (
      XGetWMNormalHints (display, (Window)g_ascii_strtoull (fixture->window, NULL, 10),
                         &hints, &supplied));
  g_test_message ("at least %d × %d", hints.min_width, hints.min_height);
  g_assert_true (hints.flags & PMinSize);
  g_assert_cmpint (hints.min_width, <=, LEAST_WIDTH);
  g_assert_cmpint (hints.min_height, <=, LEAST_HEIGHT);
  XCloseDisplay (display);
  program_quit (fixture->program);
}
#endif

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!program_can_drive ())
    return 0;
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/window/overlays", test_overlays);
  ADD ("/ui/window/stages", test_stages);
  ADD ("/ui/window/search-types", test_search);
  ADD ("/ui/window/keys-after-menu", test_keys_after_menu);
  ADD ("/ui/window/panes", test_panes);
  ADD ("/ui/window/quit-from-dialog", test_quit_from_dialog);
#ifdef HAVE_XTEST
  ADD ("/ui/window/least-size", test_least_size);
#endif
#undef ADD
  return g_test_run ();
}
