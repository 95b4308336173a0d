/* The worklist by what teaches the network: worked out on another thread, only when somebody looks at it. */
#include <gtk/gtk.h>
#include <math.h>

#include "fixture.h"
#include "worklist-fixture.h"

/* Waits, for ten seconds at most, until it is known what @item teaches, or that it teaches nothing any more. */
static void
wait_for (RunetCase *item, gboolean known) {
  for (guint i = 0; i < 200 && isfinite (runet_case_get_teaching (item)) != known; i++)
    fixture_wait_ms (50);
  g_assert_true (isfinite (runet_case_get_teaching (item)) == known);
}

/* All cases look the same but the last, which is an outlier too. */
static void
analyse (WorklistFixture *fixture) {
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (fixture->cases));
  for (guint i = 0; i + 1 < count; i++)
    worklist_give_result (worklist_get_case (fixture, i), FIXTURE_PLAIN);
  worklist_make_outlier (worklist_get_case (fixture, count - 1));
  runet_worklist_results_changed (fixture->list);
}

static void
test_order (WorklistFixture *fixture, gconstpointer data) {
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (fixture->cases));
  RunetCase *last = worklist_get_case (fixture, count - 1);
  analyse (fixture);
  runet_worklist_set_order (fixture->list, RUNET_ORDER_TEACHING);
  wait_for (last, TRUE);
  fixture_wait_ms (1500);
  g_assert_true (runet_worklist_get_shown (fixture->list, 0) == last);
  /* One of those that look the same teaches something, the others then nothing that is new. */
  for (guint i = 1; i < count; i++)
    g_assert_cmpfloat (
        runet_case_get_teaching (runet_worklist_get_shown (fixture->list, i)), <=,
        runet_case_get_teaching (runet_worklist_get_shown (fixture->list, i - 1)));
}

/* What was accepted has taught already, and goes to the end. */
static void
test_learned (WorklistFixture *fixture, gconstpointer data) {
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (fixture->cases));
  RunetCase *last = worklist_get_case (fixture, count - 1);
  analyse (fixture);
  runet_worklist_set_order (fixture->list, RUNET_ORDER_TEACHING);
  wait_for (last, TRUE);
  worklist_review (last, (const char *const[]){"~Ada", "+Ada", NULL});
  wait_for (last, FALSE);
  g_assert_true (isfinite (runet_case_get_teaching (worklist_get_case (fixture, 0))));
}

static void
test_unwanted (WorklistFixture *fixture, gconstpointer data) {
  analyse (fixture);
  fixture_wait_ms (2500);
  g_assert_true (isnan (runet_case_get_teaching (worklist_get_case (fixture, 0))));
}

/* Another list comes while the first is being worked out. */
static void
test_exchange (WorklistFixture *fixture, gconstpointer data) {
  analyse (fixture);
  runet_worklist_set_order (fixture->list, RUNET_ORDER_TEACHING);
  runet_worklist_set_cases (fixture->list, NULL);
  fixture_wait_ms (300);
  g_assert_cmpuint (runet_worklist_count_shown (fixture->list), ==, 0);
}

#define ADD(path, function)                                           \
  g_test_add (path, WorklistFixture, NULL, worklist_set_up, function, \
              worklist_tear_down)

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/ui/teaching/order", test_order);
  ADD ("/ui/teaching/learned", test_learned);
  ADD ("/ui/teaching/unwanted", test_unwanted);
  ADD ("/ui/teaching/exchange", test_exchange);
  return g_test_run ();
}
