/* Every task runs once, no worker runs twice at a time, and pools end. */
#include "core/base/pool.h"

#define TASKS 10000

typedef struct {
  gint runs[TASKS];
  gint busy[16];
  gint clashes;
} Tally;

static void
count_cb (gsize task, guint worker, gpointer user_data) {
  Tally *tally = user_data;
  if (g_atomic_int_add (&tally->busy[worker], 1) != 0)
    g_atomic_int_inc (&tally->clashes);
  g_atomic_int_inc (&tally->runs[task]);
  g_atomic_int_add (&tally->busy[worker], -1);
}

static void
test_every_task_once (void) {
  for (guint workers = 1; workers <= 8; workers++) {
    g_autoptr (RunetPool) pool = runet_pool_new (workers);
    g_assert_cmpuint (runet_pool_get_workers (pool), ==, workers);
    for (gsize tasks = 0; tasks <= TASKS; tasks = tasks * 7 + 1) {
      g_autofree Tally *tally = g_new0 (Tally, 1);
      runet_pool_run (pool, tasks, count_cb, tally);
      for (gsize i = 0; i < TASKS; i++)
        g_assert_cmpint (tally->runs[i], ==, i < tasks ? 1 : 0);
      g_assert_cmpint (tally->clashes, ==, 0);
    }
  }
}

static void
test_many_short_loops (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (3);
  g_autofree Tally *tally = g_new0 (Tally, 1);
  for (int i = 0; i < 20000; i++)
    runet_pool_run (pool, 5, count_cb, tally);
  for (gsize i = 0; i < 5; i++)
    g_assert_cmpint (tally->runs[i], ==, 20000);
  g_assert_cmpint (tally->clashes, ==, 0);
}

static gpointer
run_loops (gpointer data) {
  g_autofree Tally *tally = g_new0 (Tally, 1);
  for (int i = 0; i < 500; i++)
    runet_pool_run (data, 7, count_cb, tally);
  for (gsize i = 0; i < 7; i++)
    g_assert_cmpint (tally->runs[i], ==, 500);
  return NULL;
}

static void
test_callers_take_turns (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  GThread *threads[4];
  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("caller", run_loops, pool);
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/every-task-once", test_every_task_once);
  g_test_add_func ("/pool/many-short-loops", test_many_short_loops);
  g_test_add_func ("/pool/callers-take-turns", test_callers_take_turns);
  return g_test_run ();
}
