/* When a list is put in order: its first results at once, later ones when nobody is at work in it. */
#include <glib.h>

#include "fixture.h"
#include "ui/resort.h"

typedef struct {
  gboolean busy;
  guint updates, sorts;
  RunetResort *resort;
} Fixture;

static void
resort_cb (gboolean sort, gpointer user_data) {
  Fixture *fixture = user_data;
  fixture->updates++;
  if (!sort)
    return;
  fixture->sorts++;
  runet_resort_done (fixture->resort);
}

static gboolean
busy_cb (gpointer user_data) {
  return ((Fixture *)user_data)->busy;
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->resort = runet_resort_new (resort_cb, busy_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  runet_resort_free (fixture->resort);
}

/* A pointer that rests on the list does not keep its first results out of order. */
static void
test_first_results (Fixture *fixture, gconstpointer data) {
  fixture->busy = TRUE;
  runet_resort_begin (fixture->resort);
  runet_resort_results_changed (fixture->resort, TRUE);
  fixture_wait_ms (500);
  g_assert_cmpuint (fixture->sorts, ==, 1);
  /* Later ones wait for as long as it rests there. */
  runet_resort_results_changed (fixture->resort, TRUE);
  fixture_wait_ms (6500);
  g_assert_cmpuint (fixture->sorts, ==, 1);
  g_assert_cmpuint (fixture->updates, >, 2);
  fixture->busy = FALSE;
  fixture_wait_ms (1500);
  g_assert_cmpuint (fixture->sorts, ==, 2);
}

static void
test_touched (Fixture *fixture, gconstpointer data) {
  runet_resort_begin (fixture->resort);
  runet_resort_touched (fixture->resort);
  runet_resort_results_changed (fixture->resort, TRUE);
  fixture_wait_ms (1500);
  g_assert_cmpuint (fixture->updates, >, 0);
  g_assert_cmpuint (fixture->sorts, ==, 0);
  fixture_wait_ms (4500);
  g_assert_cmpuint (fixture->sorts, ==, 1);
}

static void
test_order_that_does_not_follow (Fixture *fixture, gconstpointer data) {
  runet_resort_begin (fixture->resort);
  runet_resort_results_changed (fixture->resort, FALSE);
  fixture_wait_ms (1500);
  g_assert_cmpuint (fixture->updates, ==, 1);
  g_assert_cmpuint (fixture->sorts, ==, 0);
}

/* What was awaited of one list says nothing of the next. */
static void
test_another_list (Fixture *fixture, gconstpointer data) {
  fixture->busy = TRUE;
  runet_resort_begin (fixture->resort);
  runet_resort_results_changed (fixture->resort, TRUE);
  runet_resort_begin (fixture->resort);
  fixture_wait_ms (600);
  g_assert_cmpuint (fixture->updates, ==, 0);
  runet_resort_results_changed (fixture->resort, TRUE);
  fixture_wait_ms (500);
  g_assert_cmpuint (fixture->sorts, ==, 1);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/resort/first-results", test_first_results);
  ADD ("/ui/resort/touched", test_touched);
  ADD ("/ui/resort/another-list", test_another_list);
  ADD ("/ui/resort/order-that-does-not-follow", test_order_that_does_not_follow);
#undef ADD
  return g_test_run ();
}
