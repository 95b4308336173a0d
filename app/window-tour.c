/* The tour through the window, on synthetic studies when none is open. */
#include "window-tour.h"

#include <glib/gi18n.h>
#include "settings.h"
#include "window-phantom.h"
#include "window-private.h"

static void
ended_cb (RunetTour *tour, RunetWindow *self) {
  self->tour = NULL;
  gtk_widget_grab_focus (
      GTK_WIDGET (runet_viewer_get_canvas (RUNET_VIEWER (self->viewer))));
}

static void
add_steps (RunetWindow *self, RunetTour *tour) {
  RunetViewer *viewer = RUNET_VIEWER (self->viewer);
  runet_tour_add_step (tour, self->worklist, GTK_POS_RIGHT, _ ("The riskiest first"),
                       _ ("Each row is one view of a patient. Those whose contours "
                          "cannot be those of a heart come "
                          "first, with the reason. Ctrl+↓ goes to the next view, N to "
                          "the next outlier."));
  runet_tour_add_step (tour, GTK_WIDGET (runet_viewer_get_canvas (viewer)),
                       GTK_POS_BOTTOM, _ ("The image"),
                       _ ("Contours are drawn in millimetres on the image as it was "
                          "recorded. Turn the wheel to zoom at "
                          "the pointer, drag to move, drag with the right button for "
                          "brightness and contrast."));
  runet_tour_add_step (tour, runet_viewer_get_legend (viewer), GTK_POS_TOP,
                       _ ("Two stages in the open"),
                       _ ("Stage 1 (dashed) looks at the whole image. Around what it "
                          "found lies the region of interest "
                          "(R), in which stage 2 (solid) looks again: that is the "
                          "result. The expert’s contours "
                          "are dotted. Click, or press the letter, to hide one."));
  runet_tour_add_step (tour, GTK_WIDGET (runet_viewer_get_timeline (viewer)),
                       GTK_POS_TOP, _ ("The heart beats"),
                       _ ("Space plays the sequence at its true rate, comma and full "
                          "stop go from frame to frame, "
                          "D and S to end-diastole and end-systole. Frames with an "
                          "outlier are marked."));
  runet_tour_add_step (
      tour, self->inspector, GTK_POS_LEFT, _ ("What is wrong, and by how much"),
      _ ("The reasons, each a click away from the spot on the image, and the measures "
         "of the frame "
         "that is shown: of both stages, and of the expert where there is one."));
  runet_tour_add_step (
      tour, runet_viewer_get_edit_button (viewer), GTK_POS_TOP, _ ("Correct it"),
      _ ("I takes out the tools: pull a point of a contour and its neighbours follow, "
         "push with a circle (P), draw a stretch anew (Shift+R), paint (K). Volumes "
         "and "
         "ejection fraction follow at once, and every step is kept without being "
         "saved; "
         "Ctrl+Z takes it back."));
  runet_tour_add_step (
      tour,
      GTK_WIDGET (runet_inspector_get_review_bar (RUNET_INSPECTOR (self->inspector))),
      GTK_POS_LEFT, _ ("You decide"),
      _ ("Accept and go on (Enter), reject with a reason (X), flag (G) or comment "
         "(Shift+C). It is written down at "
         "once, with your name and the time; Ctrl+Z takes it back."));
  runet_tour_add_step (
      tour, self->model_button, GTK_POS_BOTTOM, _ ("The model"),
      _ ("It runs by itself over all that is opened, the view that is shown first. "
         "Another model or "
         "another engine is chosen here. No image leaves this computer."));
  runet_tour_add_step (tour, self->menu_button, GTK_POS_BOTTOM, _ ("Everything else"),
                       _ ("All that can be done is in this menu, and nearly all has a "
                          "key: Ctrl+? lists them. This tour "
                          "is here too."));
}

static void
begin (RunetWindow *self) {
  if (self->tour) {
    runet_tour_start (self->tour);
    return;
  }
  GSettings *settings = runet_settings_get ();
  if (settings)
    g_settings_set_boolean (settings, "tour-taken", TRUE);
  self->tour = runet_tour_new (GTK_WIDGET (self));
  add_steps (self, self->tour);
  g_signal_connect_object (self->tour, "ended", G_CALLBACK (ended_cb), self, 0);
  runet_tour_start (self->tour);
}

static gboolean
begin_cb (gpointer user_data) {
  RunetWindow *self = user_data;
  begin (self);
  return G_SOURCE_REMOVE;
}

/* Those that an earlier tour made, when they are still there. */
static void
open_synthetic (RunetWindow *self) {
  g_autofree char *parent =
      g_build_filename (g_get_user_data_dir (), "runet-review", NULL);
  g_autofree char *studies = g_build_filename (parent, "synthetic-studies", NULL);
  if (g_file_test (studies, G_FILE_TEST_IS_DIR))
    runet_window_open (self, studies);
  else if (g_mkdir_with_parents (parent, 0700) == 0)
    runet_window_make_phantoms (self, parent);
  else {
    self->tour_waits = FALSE;
    g_autofree char *message = g_strdup_printf (
        _ ("%s: expected to make this folder for synthetic studies, could not"),
        parent);
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->problems), message);
  }
}

void
runet_window_start_tour (RunetWindow *self) {
  g_return_if_fail (RUNET_IS_WINDOW (self));
  /* It points at both. */
  gtk_widget_set_visible (self->worklist, TRUE);
  gtk_widget_set_visible (self->side, TRUE);
  if (self->cases) {
    begin (self);
    return;
  }
  self->tour_waits = TRUE;
  if (runet_window_is_empty (self))
    open_synthetic (self);
}

void
runet_window_offer_tour (RunetWindow *self) {
  g_return_if_fail (RUNET_IS_WINDOW (self));
  if (!runet_settings_get_boolean ("tour-taken", FALSE))
    runet_window_start_tour (self);
}

void
runet_window_go_on_with_tour (RunetWindow *self) {
  if (!self->tour_waits)
    return;
  self->tour_waits = FALSE;
  /* When everything has its place. */
  g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, 300, begin_cb, g_object_ref (self),
                      g_object_unref);
}
