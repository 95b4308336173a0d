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

typedef struct {
  GCancellable *cancellable;
  gint runs;
} Cancelled;

static void
cancel_cb (gsize task, guint worker, gpointer user_data) {
  Cancelled *state = user_data;
  if (g_atomic_int_add (&state->runs, 1) == 10)
    g_cancellable_cancel (state->cancellable);
}

/* Once cancelled no task is begun, and the pool works again when the cancellable is gone. */
static void
test_cancelled (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  g_autoptr (RunetPool) other = runet_pool_share (pool);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancelled state = {cancellable, 0};
  runet_pool_set_cancellable (pool, cancellable);
  g_assert_false (runet_pool_run (pool, 1000, cancel_cb, &state));
  g_assert_cmpint (state.runs, <, 20);
  g_assert_false (runet_pool_run (pool, 1, cancel_cb, &state));

  state.runs = 100;
  g_assert_true (runet_pool_run (other, 1000, cancel_cb, &state));
  g_assert_cmpint (state.runs, ==, 1100);
  runet_pool_set_cancellable (pool, NULL);
  g_assert_true (runet_pool_run (pool, 1000, cancel_cb, &state));
}

static gint running, most_running;

static void
note_running_cb (gsize task, guint worker, gpointer user_data) {
  const gint now = g_atomic_int_add (&running, 1) + 1;
  gint most = g_atomic_int_get (&most_running);
  while (now > most && !g_atomic_int_compare_and_exchange (&most_running, most, now))
    most = g_atomic_int_get (&most_running);
  g_usleep (100);
  g_atomic_int_add (&running, -1);
}

static gpointer
run_in_common (gpointer data) {
  g_autoptr (RunetPool) pool = runet_pool_get (2);
  for (int i = 0; i < 50; i++)
    runet_pool_run (pool, 6, note_running_cb, NULL);
  return NULL;
}

/* However many ask for two workers, no more than two work at a time. */
static void
test_common (void) {
  GThread *threads[4];
  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("caller", run_in_common, NULL);
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (most_running, >, 0);
  g_assert_cmpint (most_running, <=, 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/every-task-once", test_every_task_once);
  g_test_add_func ("/pool/many-short-loops", test_many_short_loops);
  g_test_add_func ("/pool/callers-take-turns", test_callers_take_turns);
  g_test_add_func ("/pool/cancelled", test_cancelled);
  g_test_add_func ("/pool/common", test_common);
  return g_test_run ();
}
