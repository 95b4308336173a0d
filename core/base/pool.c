/* A pool of workers for data-parallel loops.
 *
 * A loop is a counter that the workers increment until it passes the number of tasks; the calling
 * thread is worker 0. Workers spin a moment before they sleep, because a network is some hundred
 * short loops in a row and a wake-up costs as much as a small one. */
#include "pool.h"

#include <sched.h>

/* About 20 µs: longer than the serial part between two layers, far shorter than a time slice. */
#define SPINS 4000

struct _RunetPool {
  guint workers;
  GThread **threads; /* workers - 1 */

  GMutex run_lock; /* one loop at a time */

  GMutex lock;
  GCond wake;
  GCond finished;
  gint generation; /* atomic; grows by one a loop */
  gboolean quit;

  RunetPoolFunc func;
  gpointer user_data;
  gsize tasks;
  gsize next; /* atomic */
  gint active; /* atomic: workers that have not finished this loop */
};

typedef struct {
  RunetPool *pool;
  guint worker;
} Worker;

static inline void
relax (void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#endif
}

static guint
count_processors (void) {
  cpu_set_t set;
  if (sched_getaffinity (0, sizeof set, &set) == 0)
    return MAX (1, CPU_COUNT (&set));
  return MAX (1, g_get_num_processors ());
}

static void
take_tasks (RunetPool *pool, guint worker) {
  for (;;) {
    gsize task = __atomic_fetch_add (&pool->next, 1, __ATOMIC_RELAXED);
    if (task >= pool->tasks)
      return;
    pool->func (task, worker, pool->user_data);
  }
}

/* Returns FALSE when the pool is being freed. */
static gboolean
wait_for_loop (RunetPool *pool, gint seen) {
  for (int i = 0; i < SPINS; i++) {
    if (__atomic_load_n (&pool->generation, __ATOMIC_ACQUIRE) != seen)
      return !__atomic_load_n (&pool->quit, __ATOMIC_ACQUIRE);
    relax ();
  }
  g_mutex_lock (&pool->lock);
  while (pool->generation == seen)
    g_cond_wait (&pool->wake, &pool->lock);
  gboolean quit = pool->quit;
  g_mutex_unlock (&pool->lock);
  return !quit;
}

static gpointer
work (gpointer data) {
  Worker self = *(Worker *)data;
  g_free (data);
  RunetPool *pool = self.pool;
  gint seen = 0;

  while (wait_for_loop (pool, seen)) {
    seen++;
    take_tasks (pool, self.worker);
    if (__atomic_sub_fetch (&pool->active, 1, __ATOMIC_ACQ_REL) == 0) {
      g_mutex_lock (&pool->lock);
      g_cond_signal (&pool->finished);
      g_mutex_unlock (&pool->lock);
    }
  }
  return NULL;
}

static void
announce (RunetPool *pool) {
  g_mutex_lock (&pool->lock);
  __atomic_add_fetch (&pool->generation, 1, __ATOMIC_RELEASE);
  g_cond_broadcast (&pool->wake);
  g_mutex_unlock (&pool->lock);
}

RunetPool *
runet_pool_new (guint workers) {
  RunetPool *pool = g_new0 (RunetPool, 1);
  pool->workers = workers > 0 ? workers : count_processors ();
  g_mutex_init (&pool->run_lock);
  g_mutex_init (&pool->lock);
  g_cond_init (&pool->wake);
  g_cond_init (&pool->finished);
  pool->threads = g_new0 (GThread *, pool->workers);
  for (guint i = 1; i < pool->workers; i++) {
    Worker *worker = g_new (Worker, 1);
    *worker = (Worker){pool, i};
    pool->threads[i - 1] = g_thread_new ("runet-worker", work, worker);
  }
  return pool;
}

void
runet_pool_free (RunetPool *pool) {
  if (pool == NULL)
    return;
  __atomic_store_n (&pool->quit, TRUE, __ATOMIC_RELEASE);
  announce (pool);
  for (guint i = 1; i < pool->workers; i++)
    g_thread_join (pool->threads[i - 1]);
  g_free (pool->threads);
  g_mutex_clear (&pool->run_lock);
  g_mutex_clear (&pool->lock);
  g_cond_clear (&pool->wake);
  g_cond_clear (&pool->finished);
  g_free (pool);
}

guint
runet_pool_get_workers (const RunetPool *pool) {
  return pool->workers;
}

static void
wait_for_workers (RunetPool *pool) {
  for (int i = 0; i < SPINS; i++) {
    if (__atomic_load_n (&pool->active, __ATOMIC_ACQUIRE) == 0)
      return;
    relax ();
  }
  g_mutex_lock (&pool->lock);
  while (__atomic_load_n (&pool->active, __ATOMIC_ACQUIRE) != 0)
    g_cond_wait (&pool->finished, &pool->lock);
  g_mutex_unlock (&pool->lock);
}

void
runet_pool_run (RunetPool *pool, gsize tasks, RunetPoolFunc func, gpointer user_data) {
  g_return_if_fail (func != NULL);
  if (tasks == 0)
    return;

  g_mutex_lock (&pool->run_lock);
  pool->func = func;
  pool->user_data = user_data;
  pool->tasks = tasks;
  __atomic_store_n (&pool->next, 0, __ATOMIC_RELAXED);
  if (pool->workers > 1 && tasks > 1) {
    __atomic_store_n (&pool->active, (gint)pool->workers - 1, __ATOMIC_RELEASE);
    announce (pool);
    take_tasks (pool, 0);
    wait_for_workers (pool);
  } else
    take_tasks (pool, 0);
  g_mutex_unlock (&pool->run_lock);
}
