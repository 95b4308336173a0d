/* The tour: from step to step, past what is not shown, and gone when it is over. */
#include "ui/tour.h"

typedef struct {
  GtkWidget *window, *shown[2], *hidden;
  RunetTour *tour;
  guint ended;
} Fixture;

static void
ended_cb (RunetTour *tour, Fixture *fixture) {
  fixture->ended++;
}

static void
run_main_loop (void) {
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* GTK lets go of a popover a few frames after it was closed. */
static void
wait_until_gone (gpointer *object) {
  const gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  while (*object && g_get_monotonic_time () < end) {
    run_main_loop ();
    g_usleep (1000);
  }
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  fixture->window = gtk_window_new ();
  fixture->hidden = gtk_label_new ("hidden");
  gtk_widget_set_visible (fixture->hidden, FALSE);
  for (guint i = 0; i < 2; i++)
    fixture->shown[i] = gtk_label_new ("shown");
  gtk_box_append (GTK_BOX (box), fixture->shown[0]);
  gtk_box_append (GTK_BOX (box), fixture->hidden);
  gtk_box_append (GTK_BOX (box), fixture->shown[1]);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 600, 400);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);

  fixture->tour = runet_tour_new (fixture->window);
  runet_tour_add_step (fixture->tour, fixture->shown[0], GTK_POS_BOTTOM, "One",
                       "First.");
  runet_tour_add_step (fixture->tour, fixture->hidden, GTK_POS_BOTTOM, "No", "Never.");
  runet_tour_add_step (fixture->tour, fixture->shown[1], GTK_POS_TOP, "Two", "Last.");
  g_signal_connect (fixture->tour, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  run_main_loop ();
}

static gboolean
is_marked (GtkWidget *widget) {
  return gtk_widget_has_css_class (widget, "tour-target");
}

static void
test_steps (Fixture *fixture, gconstpointer data) {
  g_assert_cmpint (runet_tour_get_step (fixture->tour), ==, -1);
  runet_tour_start (fixture->tour);
  g_assert_cmpint (runet_tour_get_step (fixture->tour), ==, 0);
  g_assert_true (is_marked (fixture->shown[0]));
  runet_tour_move (fixture->tour, -1);
  g_assert_cmpint (runet_tour_get_step (fixture->tour), ==, 0);
  runet_tour_move (fixture->tour, 1);
  g_assert_cmpint (runet_tour_get_step (fixture->tour), ==, 2);
  g_assert_false (is_marked (fixture->shown[0]));
  g_assert_true (is_marked (fixture->shown[1]));
  runet_tour_move (fixture->tour, -1);
  g_assert_cmpint (runet_tour_get_step (fixture->tour), ==, 0);
}

/* After the last step, or before it, nothing of it is left. */
static void
test_end (Fixture *fixture, gconstpointer data) {
  gpointer tour = fixture->tour;
  g_object_add_weak_pointer (G_OBJECT (tour), &tour);
  runet_tour_start (fixture->tour);
  runet_tour_move (fixture->tour, 1);
  if (GPOINTER_TO_INT (data))
    runet_tour_end (fixture->tour);
  else
    runet_tour_move (fixture->tour, 1);
  wait_until_gone (&tour);
  g_assert_cmpuint (fixture->ended, ==, 1);
  g_assert_false (is_marked (fixture->shown[1]));
  g_assert_null (tour);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/tour/steps", Fixture, NULL, set_up, test_steps, tear_down);
  g_test_add ("/ui/tour/end/last", Fixture, GINT_TO_POINTER (FALSE), set_up, test_end,
              tear_down);
  g_test_add ("/ui/tour/end/early", Fixture, GINT_TO_POINTER (TRUE), set_up, test_end,
              tear_down);
  return g_test_run ();
}
